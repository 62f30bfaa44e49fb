import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { lockDirective } from '../../src/db/lock-store.js';
import { projectRoot } from '../../src/db/root.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  makeWorkingGroup,
  openTestEngine,
  type TestEngine,
  type WorkingGroupFixture,
} from '../support/fixtures.js';
import { freePorts } from '../support/ports.js';
import { type Answer, call } from './api-fixture.js';

let database: TestDatabase;
let engine: TestEngine;
let group: WorkingGroupFixture;
let child: ChildProcess | null = null;
let url = '';
beforeAll(async () => {
  database = await createTestDatabase();
  engine = openTestEngine(database);
  group = await makeWorkingGroup(engine.writer);
});
afterEach(async () => {
  await kill();
});
afterAll(async () => {
  await engine.close();
  await database.drop();
});

async function kill(): Promise<void> {
  if (child === null || child.exitCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
  child = null;
}

/** An API process of its own, so that it can be killed. */
async function start(): Promise<void> {
  const [httpPort = 0, adminPort = 0] = await freePorts(2);
  child = spawn(process.execPath, ['--import', './test/support/register-ts.mjs', 'src/api.ts'], {
    cwd: projectRoot(),
    env: {
      PATH: process.env.PATH ?? '',
      NODE_ENV: 'test',
      DATABASE_URL: database.url,
      HTTP_PORT: String(httpPort),
      ADMIN_PORT: String(adminPort),
      TEMPORAL_ADDRESS: '127.0.0.1:9',
      SMTP_URL: 'smtp://127.0.0.1:9',
    },
    stdio: 'ignore',
  });
  url = `http://127.0.0.1:${httpPort}`;
  const until = Date.now() + 50_000;
  while ((await call(url, 'GET', '/livez').catch(() => null))?.status !== 200) {
    if (Date.now() > until) throw new Error('The API does not start');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const send = async (path: string, body: object, key: string): Promise<Answer> =>
  await call(url, 'POST', path, {
    token: group.signIn('standing_agency').token,
    body,
    headers: { 'idempotency-key': key },
  });

test('a key outlives its process: kept answers are given again, and what was cut off happens once', async () => {
  await start();
  const draft = {
    number: '1/KH',
    title: 'Kế hoạch',
    documentDate: '2025-01-06',
    tasks: [
      {
        title: 'Báo cáo',
        leadUnitIds: [group.units.justice],
        deadline: { phrase: 'within 5 days' },
        result: { kind: 'deliverable', text: 'Báo cáo' },
      },
    ],
  };
  const made = await send('/v1/directives', draft, 'draft');
  expect(made.status).toBe(201);
  const issue = `/v1/directives/${made.body.id}/issue`;
  // Both wait for the directive; the one that has the key waits on, the other is refused at once.
  const holder = await engine.writer.connect();
  await holder.query('begin');
  await lockDirective(holder, made.body.id, 'exclusive');
  const both = [1, 2].map(async () => await send(issue, {}, 'issue').catch(() => null));
  expect((await Promise.race(both))?.body).toMatchObject({ status: 409, code: 'idempotency_in_flight' });
  await kill();
  expect((await Promise.all(both)).filter((answer) => answer === null)).toHaveLength(1);
  await holder.query('rollback');
  holder.release();

  await start();
  const again = await send('/v1/directives', draft, 'draft');
  expect([again.status, again.body.id, again.headers.get('location')]).toEqual([
    201,
    made.body.id,
    made.headers.get('location'),
  ]);
  expect((await send('/v1/directives', { ...draft, number: '2/KH' }, 'draft')).body).toMatchObject({
    status: 422,
    code: 'idempotency_key_reused',
  });
  const issued = await send(issue, {}, 'issue');
  expect([issued.status, issued.body.state]).toEqual([200, 'issued']);
  expect((await send(issue, {}, 'issue')).status).toBe(200);
  expect((await send(issue, {}, 'another')).body.code).toBe('transition_not_allowed');
  const { rows } = await engine.writer.query(
    "select count(*)::int as n from event where subject_id = $1 and type = 'issued'",
    [made.body.id],
  );
  expect(rows).toEqual([{ n: 1 }]);
});
