import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { directiveActivities } from '../../activities/directives.js';
import { referralActivities } from '../../activities/referrals.js';
import { reportingActivities } from '../../activities/reports.js';
import { executeAssignments } from '../../src/engine/execute.js';
import { issueBatch } from '../../src/engine/issue.js';
import type { ConductorKind, ConductorWaker } from '../../src/engine/ports.js';
import type { Pump } from '../../src/engine/pump.js';
import { reconcile } from '../../src/engine/reconcile.js';
import { RecentlyTold, sendWakes } from '../../src/engine/wakes.js';
import { type DevServer, startDevServer } from '../../src/temporal/dev-server.js';
import { QUICK_PACE, testConductors, until } from '../support/conducting.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { quickOptions, startPump } from '../support/outbox.js';
import { freePort } from '../support/ports.js';
import { testServers } from '../support/servers.js';
import {
  assignmentOf,
  issue,
  STORY_POLICY,
  stateOf,
  stepsOf,
  stop,
  submitAndConfirm,
} from '../support/story.js';
import { createWorld, subjectOf, type World } from '../support/world.js';

let database: TestDatabase;
let world: World;
const pumps: Pump[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url, STORY_POLICY);
});
afterEach(async () => {
  await Promise.all(pumps.splice(0).map(async (pump) => await pump.stop()));
  await world.sql('delete from wake');
});
afterAll(async () => {
  await world.close();
  await database.drop();
});

const options = quickOptions().waking;
const waiting = async (): Promise<number> => (await world.sql('select 1 from wake')).length;
const addWakes = async (
  id: string,
  reason: string,
  count = 1,
  kind: ConductorKind = 'directive',
): Promise<void> => {
  await world.sql(
    'insert into wake (conductor_kind, conductor_id, reason) select $1, $2, $3 from generate_series(1, $4)',
    [kind, id, reason, count],
  );
};

/** Notes who is told, and when. */
function listener(meanwhile: (id: string) => Promise<void> = async () => undefined) {
  const told: { kind: ConductorKind; id: string; at: number }[] = [];
  const waker: ConductorWaker = {
    wake: async (kind, id) => {
      told.push({ kind, id, at: performance.now() });
      await meanwhile(id);
    },
  };
  return { told, waker };
}

async function issued(units: readonly ('health' | 'justice')[]): Promise<string> {
  const id = await issue(world, units, 'within 10 days');
  await issueBatch(world.engine, id);
  await world.sql('delete from wake');
  return id;
}

describe('wakes', () => {
  test('of one conductor are one message, and exactly the rows that were claimed go', async () => {
    const id = await issued(['health']);
    await addWakes(id, 'earlier', 5);
    const { told, waker } = listener(async () => await addWakes(id, 'earlier'));
    await sendWakes(world.engine, waker, new RecentlyTold(0), options);
    expect(told).toHaveLength(1);
    expect(await waiting()).toBe(1);
  });

  test('of ended assignments are no message while another is open, and one when none is left', async () => {
    const id = await issued(['health', 'justice']);
    const [health, justice] = [
      await assignmentOf(world, id, 'health'),
      await assignmentOf(world, id, 'justice'),
    ];
    await submitAndConfirm(world, health?.id ?? '', 'health');
    await addWakes(id, 'ended', 1_000);
    const { told, waker } = listener();
    await sendWakes(world.engine, waker, new RecentlyTold(0), options);
    expect({ told: told.length, waiting: await waiting() }).toEqual({ told: 0, waiting: 0 });
    await stop(world, justice?.id ?? '');
    await sendWakes(world.engine, waker, new RecentlyTold(0), options);
    expect({ told: told.length, waiting: await waiting() }).toEqual({ told: 1, waiting: 0 });
  });

  test('reach a conductor at most once in a while, however many pumps of one process are told', async () => {
    const id = await issued(['health']);
    const { told, waker } = listener();
    pumps.push(startPump(world, { waker }));
    for (let round = 0; round < 6; round += 1) {
      await addWakes(id, 'earlier');
      pumps[0]?.nudge();
      await until('it was looked at', async () => (await waiting()) === 0 || told.length > 0);
    }
    await until('all are gone', async () => (await waiting()) === 0);
    const gaps = told.slice(1).map(({ at }, index) => at - (told[index]?.at ?? 0));
    expect(gaps.every((gap) => gap >= options.everyMs)).toBe(true);
    expect(told.length).toBeLessThan(6);
  });

  test('stay where the message did not arrive, and come again', async () => {
    const id = await issued(['health']);
    await addWakes(id, 'start');
    let away = true;
    const { told, waker } = listener(async () => {
      if (away) throw new Error('unavailable');
    });
    pumps.push(startPump(world, { waker }));
    await until('it has been tried twice', () => told.length >= 2);
    expect(await waiting()).toBe(1);
    away = false;
    await until('it was told', async () => (await waiting()) === 0);
  });

  test('that cannot be delivered do not keep others from theirs', async () => {
    const [stuck, fine] = [await issued(['health']), await issued(['justice'])];
    await addWakes(stuck, 'start');
    await addWakes(fine, 'start');
    const { waker } = listener(async (id) => {
      if (id === stuck) throw new Error('refused');
    });
    await expect(sendWakes(world.engine, waker, new RecentlyTold(0), options)).rejects.toThrow(
      '1 conductor(s)',
    );
    const left = await world.sql<{ conductor_id: string }>('select conductor_id from wake');
    expect(left).toEqual([{ conductor_id: stuck }]);
  });

  test('are claimed by one of two pumps', async () => {
    const id = await issued(['health']);
    await addWakes(id, 'earlier', 20);
    const { told, waker } = listener();
    await Promise.all(
      [1, 2, 3].map(async () => await sendWakes(world.engine, waker, new RecentlyTold(0), options)),
    );
    expect(told).toHaveLength(1);
  });
});

describe('with a Temporal server of its own', () => {
  let server: DevServer | null = null;
  const folder = mkdtempSync(join(tmpdir(), 'dondoc-wakes-'));
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  /** Without a file the server forgets everything when it stops: its data are thrown away. */
  const start = async (port: number): Promise<DevServer> =>
    await startDevServer({
      binary: testServers().temporalBinary,
      port,
      logFile: join(folder, 'temporal.log'),
      namespace: testServers().temporalNamespace,
    });

  test('commands are accepted while it is away; their wakes stay, and the story goes on when it is back without its data', async () => {
    const port = await freePort();
    server = await start(port);
    const conductors = testConductors(QUICK_PACE, server.address);
    pumps.push(startPump(world, { waker: conductors }));
    conductors.work({
      ...directiveActivities(world.engine),
      ...referralActivities(world.engine),
      ...reportingActivities(world.engine),
    });
    const id = await issue(world, ['health', 'justice'], 'within 10 days');
    await until('the assignments are made', async () => (await assignmentOf(world, id, 'justice')) !== null);

    await server.stop();
    for (const unit of ['health', 'justice'] as const) {
      await submitAndConfirm(world, (await assignmentOf(world, id, unit))?.id ?? '', unit);
    }
    const second = await issue(world, ['health'], 'within 10 days');
    await until('the pump has tried', async () => {
      const rows = await world.sql("select 1 from wake where leased_until > '-infinity'");
      return rows.length > 0;
    });
    expect(await stateOf(world, id)).toBe('issued');

    server = await start(port);
    await until('the first has closed', async () => (await stateOf(world, id)) === 'closed', 40_000);
    await until(
      'the second is made',
      async () => (await assignmentOf(world, second, 'health')) !== null,
      40_000,
    );
    await until('no wake waits', async () => (await waiting()) === 0);

    // Lost without any wake: only the record knows that it should run.
    await server.stop();
    server = await start(port);
    await until(
      'nobody runs',
      async () => !(await conductors.isRunning('directive', second).catch(() => true)),
    );
    const look = await reconcile(world.engine, conductors, { dryRun: true });
    expect(look.started).toContainEqual({ kind: 'directive', id: second });
    expect(await conductors.isRunning('directive', second)).toBe(false);
    const mended = await reconcile(world.engine, conductors);
    expect(mended).toMatchObject({ failed: [], due: look.due });
    expect(await conductors.isRunning('directive', second)).toBe(true);
    expect(await reconcile(world.engine, conductors)).toMatchObject({ started: [], running: look.due });

    // An older store: it runs, with the timer of then; of what was planned since, nobody tells it a second time.
    await Promise.all(pumps.splice(0).map(async (pump) => await pump.stop()));
    await until('it waits for a later day', async () => {
      const { nextAt } = await conductors.progress('directive', second);
      return (nextAt ?? 0) > Date.now() + 60_000;
    });
    const assignment = await assignmentOf(world, second, 'health');
    const sooner = {
      action: 'adjust_deadline' as const,
      input: { deadline: 'within 1 second', latenessStands: false, reason: 'gấp' },
    };
    const agency = world.request(world.as('standing_agency'));
    subjectOf(await executeAssignments(world.engine, agency, [assignment?.id ?? ''], sooner));
    await world.sql('delete from wake');
    await reconcile(world.engine, conductors);
    await until('the step is taken', async () => (await stepsOf(world, second, 'health')).includes('urge'));
    await conductors.close();
  });
});
