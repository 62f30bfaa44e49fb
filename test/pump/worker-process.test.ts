import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startMailCatcher } from '../../src/mail/catcher.js';
import { startDevServer } from '../../src/temporal/dev-server.js';
import { until } from '../support/conducting.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { freePorts } from '../support/ports.js';
import { testServers } from '../support/servers.js';
import { assignmentOf, issue, STORY_POLICY, stateOf, submitAndConfirm } from '../support/story.js';
import { createWorld, type World } from '../support/world.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'dondoc-worker-'));

let database: TestDatabase;
let world: World;
const children = new Set<ChildProcess>();
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url, STORY_POLICY);
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await world.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
}

function run(
  program: string,
  args: readonly string[],
  env: Record<string, string>,
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(
    process.execPath,
    ['--no-warnings', '--import', './test/support/register-ts.mjs', program, ...args],
    { cwd: ROOT, env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  children.add(child);
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (out += String(chunk)));
  const ended = new Promise<Ended>((settle) =>
    child.once('close', (code) => {
      children.delete(child);
      settle({ code, out });
    }),
  );
  return { child, ended };
}

describe('the worker process', () => {
  test('sends mail without Temporal, conducts as soon as it is there, and ends in order when it is told to', async () => {
    const [temporalPort = 0, adminPort = 0] = await freePorts(2);
    const catcher = await startMailCatcher({ smtpPort: 0 });
    const { child, ended } = run('src/worker.ts', [], {
      DATABASE_URL: database.url,
      TEST_CLOCK: 'true',
      TEMPORAL_ADDRESS: `127.0.0.1:${temporalPort}`,
      TEMPORAL_NAMESPACE: testServers().temporalNamespace,
      WORKFLOW_BUNDLE: testServers().workflowBundle,
      SMTP_URL: catcher.smtpUrl,
      WORKER_ADMIN_PORT: String(adminPort),
      PUMP_POLL_MS: '100',
      SHUTDOWN_GRACE_MS: '10000',
    });
    const admin = async (path: string) =>
      await fetch(`http://127.0.0.1:${adminPort}${path}`).catch(() => null);
    const ready = async (): Promise<Record<string, unknown>> =>
      ((await (await admin('/readyz'))?.json()) ?? {}) as Record<string, unknown>;
    await until('it answers', async () => (await admin('/livez'))?.status === 200);
    await world.sql(
      `insert into item (id, key, working_group_id, directive_id, recipient_kind, recipient_unit_id, template, rank, holds, params, created_at, open_at)
       values (gen_random_uuid(), 'k', $1, gen_random_uuid(), 'unit', $2, 'assigned', 5, 'always', '{}', now(), now())`,
      [world.groupId, world.units.health],
    );
    await catcher.waitFor((all) => all.length === 1, 20_000);
    await until('it knows its surroundings', async () => (await ready()).mail === true);
    expect(await ready()).toMatchObject({
      status: 'ready',
      database: true,
      temporal: false,
      mail: true,
      polling: false,
    });

    const server = await startDevServer({
      binary: testServers().temporalBinary,
      port: temporalPort,
      logFile: join(folder, 'temporal.log'),
      namespace: testServers().temporalNamespace,
    });
    try {
      const id = await issue(world, ['health'], 'within 10 days');
      await until(
        'the assignment is made',
        async () => (await assignmentOf(world, id, 'health')) !== null,
        40_000,
      );
      await submitAndConfirm(world, (await assignmentOf(world, id, 'health'))?.id ?? '', 'health');
      await until('the directive has closed', async () => (await stateOf(world, id)) === 'closed', 30_000);
      await until('its sign says so', async () => {
        const [row] = await world.sql<{ detail: Record<string, unknown> }>(
          "select detail from heartbeat where kind = 'worker'",
        );
        return row?.detail.temporal === true && row.detail.polling === true;
      });
      expect(await (await admin('/metrics'))?.text()).toMatch(/dondoc_late_steps \d/);
      child.kill('SIGTERM');
      const { code, out } = await ended;
      expect({ code, tail: code === 0 ? '' : out.slice(-2_000) }).toEqual({ code: 0, tail: '' });
      expect(await world.sql("select 1 from heartbeat where kind = 'worker'")).toEqual([]);
      const lines = out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      // A wake that was sent while the directive closed starts its process once more: that one finds it ended.
      const issuing = lines.filter(({ msg }) => msg === 'issue assignments');
      expect(issuing.filter(({ assigned }) => assigned !== 0)).toEqual([
        expect.objectContaining({ directiveId: id, workflowId: `directive:${id}`, assigned: 1, attempt: 1 }),
      ]);
      expect(issuing.slice(1).filter(({ ended }) => ended !== true)).toEqual([]);
    } finally {
      await server.stop();
      await catcher.stop();
    }
  });
});

describe('the command line', () => {
  const env = () => ({ DATABASE_URL: database.url, TEMPORAL_NAMESPACE: testServers().temporalNamespace });

  test('reconciles, and says what it did as text and as JSON', async () => {
    const queue = {
      TEMPORAL_ADDRESS: testServers().temporalAddress,
      TEMPORAL_TASK_QUEUE: `cli-${Date.now()}`,
    };
    const id = await issue(world, ['justice'], 'within 10 days');
    const dry = await run('src/cli.ts', ['reconcile', '--dry-run', '--json'], { ...env(), ...queue }).ended;
    expect(JSON.parse(dry.out)).toMatchObject({ started: [{ kind: 'directive', id }], failed: [] });
    const { code, out } = await run('src/cli.ts', ['reconcile'], { ...env(), ...queue }).ended;
    expect({ code, lines: out.trim().split('\n') }).toEqual({
      code: 0,
      lines: [
        `directive ${id}: not running; started`,
        expect.stringMatching(
          /^The projections and planned steps of \d+ subjects computed again from the events: they are the same\.$/,
        ),
        '1 processes looked at: 0 run, 1 started, 0 failed.',
        `Schedule anchor:${queue.TEMPORAL_TASK_QUEUE}: missing, made as it should be.`,
        '0 open subjects planned again.',
        expect.stringMatching(/^The figures of \d+ assignments computed again .* they are the same\.$/),
      ],
    });
  });

  test('says what to do where Temporal or the database cannot be reached', async () => {
    const [port = 0] = await freePorts(1);
    const away = `127.0.0.1:${port}`;
    const noTemporal = await run('src/cli.ts', ['reconcile'], { ...env(), TEMPORAL_ADDRESS: away }).ended;
    expect(noTemporal).toMatchObject({
      code: 1,
      out: expect.stringContaining(`Temporal cannot be reached at ${away}`),
    });
    const noDatabase = await run('src/cli.ts', ['migrate'], { DATABASE_URL: `postgres://u:secret@${away}/x` })
      .ended;
    expect(noDatabase).toMatchObject({
      code: 1,
      out: expect.stringContaining(`The database at ${away}/x cannot be reached`),
    });
    expect(noDatabase.out).not.toContain('secret');
    const unknown = await run('src/cli.ts', ['reconsile'], env()).ended;
    expect(unknown).toMatchObject({ code: 1, out: expect.stringContaining('Did you mean reconcile?') });
  });

  test('migrates, and a second time finds nothing to do', async () => {
    const { code, out } = await run('src/cli.ts', ['migrate', '--json'], env()).ended;
    expect({ code, applied: JSON.parse(out).applied }).toEqual({ code: 0, applied: [] });
  });
});
