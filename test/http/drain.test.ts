import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { z } from 'zod';
import { route } from '../../src/http/route.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { makeWorkingGroup, openTestEngine } from '../support/fixtures.js';
import { freePorts } from '../support/ports.js';
import { call, startTestApi } from './api-fixture.js';

describe('a server that drains', () => {
  test('finishes what it has begun, takes nothing new, and says so on its health', async () => {
    let begun = (): void => undefined;
    let finish = (): void => undefined;
    const started = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const api = await startTestApi({
      routes: [
        route({
          method: 'get',
          path: '/v1/slow',
          operationId: 'slow',
          tag: 'me',
          summary: { vi: 'Chậm', en: 'Slow' },
          access: 'anonymous',
          success: { status: 200, schema: z.strictObject({ done: z.boolean() }) },
          idempotency: 'none',
          ifMatch: 'none',
          async handler() {
            begun();
            await new Promise<void>((resolve) => {
              finish = resolve;
            });
            return { body: { done: true } };
          },
        }),
      ],
    });
    const slow = api.call('GET', '/v1/slow');
    await started;
    api.health.drain();
    const ready = await api.call('GET', '/readyz');
    expect([ready.status, ready.body.status]).toEqual([503, 'draining']);
    const late = await api.call('GET', '/v1/slow');
    expect([late.status, late.body.code, late.headers.get('retry-after')]).toEqual([
      503,
      'shutting_down',
      '2',
    ]);
    const closed = api.close(5_000);
    finish();
    expect(await slow).toMatchObject({ status: 200, body: { done: true } });
    await closed;
    await expect(api.call('GET', '/livez')).rejects.toThrow();
    await api.stop();
  });

  test('cuts what does not finish within its grace', async () => {
    const api = await startTestApi({
      routes: [
        route({
          method: 'get',
          path: '/v1/never',
          operationId: 'never',
          tag: 'me',
          summary: { vi: 'Không', en: 'Never' },
          access: 'anonymous',
          success: { status: 200 },
          idempotency: 'none',
          ifMatch: 'none',
          handler: async () => await new Promise<never>(() => undefined),
        }),
      ],
    });
    const never = api.call('GET', '/v1/never').catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await api.close(200);
    expect(await never).toMatchObject({ message: 'fetch failed' });
    await api.stop();
  });
});

describe('the API process', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  let database: TestDatabase;
  let token = '';
  let child: ChildProcess | null = null;
  let output = '';
  let httpPort = 0;
  let adminPort = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    const engine = openTestEngine(database);
    token = (await makeWorkingGroup(engine.writer)).signIn('supervisor').token;
    await engine.close();
  });
  afterEach(async () => {
    if (child !== null && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    child = null;
  });
  afterAll(async () => {
    await database.drop();
  });

  /** Without a Temporal server and without mail: it must work all the same. */
  async function start(env: Record<string, string> = {}): Promise<ChildProcess> {
    [httpPort = 0, adminPort = 0] = await freePorts(2);
    const started = spawn(process.execPath, ['--import', './test/support/register-ts.mjs', 'src/api.ts'], {
      cwd: root,
      env: {
        PATH: process.env.PATH ?? '',
        NODE_ENV: 'test',
        DATABASE_URL: database.url,
        HTTP_PORT: String(httpPort),
        ADMIN_PORT: String(adminPort),
        TEMPORAL_ADDRESS: '127.0.0.1:9',
        SMTP_URL: 'smtp://127.0.0.1:9',
        SHUTDOWN_GRACE_MS: '5000',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    output = '';
    for (const stream of [started.stdout, started.stderr]) {
      stream.on('data', (text: Buffer) => {
        output += text.toString();
      });
    }
    return started;
  }

  async function live(): Promise<void> {
    const until = Date.now() + 50_000;
    for (;;) {
      const answer = await call(`http://127.0.0.1:${adminPort}`, 'GET', '/livez').catch(() => null);
      if (answer?.status === 200) return;
      if (Date.now() > until) throw new Error(`It does not start:\n${output}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  test('works without Temporal, mail and worker and says so, keeps figures to its admin port, and ends in order', async () => {
    const process = await start();
    await live();
    const [http, admin] = [`http://127.0.0.1:${httpPort}`, `http://127.0.0.1:${adminPort}`];
    const ready = await call(admin, 'GET', '/readyz');
    expect([ready.status, ready.body.status]).toEqual([200, 'degraded']);
    expect(ready.body.components).toMatchObject({
      database: { state: 'up' },
      temporal: { state: 'down' },
      mail: { state: 'down' },
      worker: { state: 'down' },
    });
    expect((await call(http, 'GET', '/v1/me', { token })).status).toBe(200);
    expect((await call(http, 'GET', '/metrics')).status).toBe(404);
    const figures = (await call(admin, 'GET', '/metrics')).body;
    expect(figures).toContain(
      'dondoc_http_request_duration_seconds_count{route="GET /v1/me",status="200"} 1',
    );
    expect(figures).toContain('dondoc_database_connections{pool="writer"');
    const exited = once(process, 'exit');
    process.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(output).not.toContain(token);
    expect(output).toContain('"msg":"stopped"');
  });

  test('names the port that is taken', async () => {
    const blocker = await startTestApi();
    const process = await start({ HTTP_PORT: new URL(blocker.url).port });
    const [code] = await once(process, 'exit');
    expect(code).toBe(1);
    expect(output).toContain(`Port ${new URL(blocker.url).port} on 127.0.0.1 cannot be used: EADDRINUSE`);
    await blocker.stop();
  });

  test('is alive and not ready while the database is behind its migrations', async () => {
    const behind = await createTestDatabase();
    const client = new pg.Client({ connectionString: behind.url });
    await client.connect();
    await client.query('delete from migration');
    await client.end();
    await start({ DATABASE_URL: behind.url });
    await live();
    const ready = await call(`http://127.0.0.1:${adminPort}`, 'GET', '/readyz');
    expect([ready.status, ready.body.status]).toEqual([503, 'unavailable']);
    expect(ready.body.components.database.detail).toMatch(/^migration 0 of \d+$/);
    child?.kill('SIGKILL');
    await behind.drop();
  });
});
