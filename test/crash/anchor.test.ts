import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { verifyRecord } from '../../src/engine/verify.js';
import { anchorScheduleId, createSchedules, type Schedules } from '../../src/temporal/schedules.js';
import {
  QUICK_PACE,
  storeHistory,
  type TestConductors,
  testConductors,
  until,
} from '../support/conducting.js';
import { type Activities, failing, type Interference, interfered } from '../support/crash-kit.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { issue, STORY_POLICY } from '../support/story.js';
import { Victims } from '../support/victims.js';
import { createWorld, type World } from '../support/world.js';

/** The five tests of the crash kit, for a process that a Schedule starts and that conducts nothing. */
let database: TestDatabase;
let world: World;
let conductors: TestConductors;
let schedules: Schedules;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url, STORY_POLICY);
});
afterEach(async () => {
  const { taskQueue, temporal } = conductors;
  await temporal.client.schedule
    .getHandle(anchorScheduleId(taskQueue))
    .delete()
    .catch(() => undefined);
  await conductors.close();
});
afterAll(async () => {
  await world.close();
  await database.drop();
});

const begin = (pace = QUICK_PACE): void => {
  conductors = testConductors(pace);
  const { temporal, taskQueue } = conductors;
  schedules = createSchedules(temporal, { taskQueue, pace, anchorEveryHours: 24, taskTimeoutMs: 1_500 });
};
const activities = (interfere: Interference): Activities => interfered(world, interfere);
const handle = () => conductors.temporal.client.schedule.getHandle(anchorScheduleId(conductors.taskQueue));
const anchors = async (): Promise<number> =>
  (await world.sql<{ n: number }>('select count(*)::int as n from anchor'))[0]?.n ?? -1;

/** Triggers the Schedule; the id of the process that it starts. */
async function triggered(): Promise<string> {
  const before = (await handle().describe()).info.numActionsTaken;
  await handle().trigger();
  await until('it has started', async () => (await handle().describe()).info.numActionsTaken > before);
  const { recentActions } = (await handle().describe()).info;
  return recentActions.at(-1)?.action.workflow.workflowId ?? '';
}

const ended = async (workflowId: string): Promise<unknown> =>
  await conductors.temporal.client.workflow.getHandle(workflowId).result();

/** One anchor more, which holds all that was written, in a record that is whole. */
async function oneMore(before: number): Promise<void> {
  expect(await anchors()).toBe(before + 1);
  const [last] = await world.sql<{ whole: boolean }>(
    'select up_to = (select max(number) from event) as whole from anchor order by number desc limit 1',
  );
  expect(last?.whole).toBe(true);
  const verified = await verifyRecord(world.engine.writer, { publicKey: null });
  expect([verified.faults, verified.anchors.made]).toEqual([[], before + 1]);
}

/** Something is written, and the Schedule starts. `what`: under which name its history is stored. */
async function live(what: string): Promise<void> {
  await issue(world, ['health']);
  const before = await anchors();
  await schedules.keep();
  const workflowId = await triggered();
  await ended(workflowId);
  await oneMore(before);
  await storeHistory(conductors.temporal, { workflowId, file: `anchor.${what}` });
}

describe('an anchor', () => {
  test('is made by its Schedule, and none where nothing was written since', async () => {
    begin();
    conductors.work(activities(async (_, run) => await run()));
    await live('made');
    const made = await anchors();
    expect(await ended(await triggered())).toEqual({ number: null, chains: 0, signed: false });
    expect(await anchors()).toBe(made);
  });

  test('is made once when the activity runs twice at once', async () => {
    begin();
    conductors.work(
      activities(async (_, run) => {
        const [first] = await Promise.all([run(), run()]);
        return first;
      }),
    );
    await live('made-twice');
  });

  test('is made after the activity failed before and after its effect', async () => {
    begin();
    conductors.work(activities(failing()));
    await live('failed-and-made');
  });

  test('is made after its worker was killed before and after the commit', async () => {
    begin({ ...QUICK_PACE, heartbeatMs: 700 });
    const victims = new Victims(database.url, conductors.taskQueue, (effect) =>
      effect.startsWith('makeAnchor:'),
    );
    try {
      await live('killed-and-made');
    } finally {
      await victims.end();
    }
    expect([victims.killedAt('before'), victims.killedAt('after')]).toEqual([
      ['makeAnchor: anchored'],
      ['makeAnchor: anchored'],
    ]);
  });

  test('is made again from nothing where Temporal has lost process and Schedule', async () => {
    begin();
    await issue(world, ['health']);
    const before = await anchors();
    await schedules.keep();
    // Nobody works yet, so that the process is lost before it has done anything.
    await conductors.temporal.client.workflow.getHandle(await triggered()).terminate('lost');
    await handle().delete();
    expect(await schedules.keep({ dryRun: true })).toMatchObject([{ was: 'missing' }]);
    expect(await schedules.keep()).toMatchObject([{ was: 'missing' }]);
    conductors.work(activities(async (_, run) => await run()));
    await ended(await triggered());
    await oneMore(before);
  });
});

describe('the Schedule of anchors', () => {
  test('is kept as the settings say, and stays paused where an operator has paused it', async () => {
    begin();
    const { temporal, taskQueue } = conductors;
    expect(await schedules.keep({ dryRun: true })).toEqual([
      { id: anchorScheduleId(taskQueue), was: 'missing' },
    ]);
    expect(await schedules.keep()).toMatchObject([{ was: 'missing' }]);
    expect(await schedules.keep()).toMatchObject([{ was: 'right' }]);
    await handle().pause('during the move');
    const oftener = createSchedules(temporal, { taskQueue, anchorEveryHours: 6 });
    expect(await oftener.keep()).toMatchObject([{ was: 'different' }]);
    const { spec, state, info } = await handle().describe();
    expect(spec.intervals).toEqual([{ every: 6 * 3_600_000, offset: 80 * 60_000 }]);
    expect(state.paused).toBe(true);
    for (const at of info.nextActionTimes)
      expect([at.getUTCHours() % 6, at.getUTCMinutes()]).toEqual([1, 20]);
  });

  test('starts by day in Hanoi never, where it starts once a day', async () => {
    begin();
    await schedules.keep();
    const { info } = await handle().describe();
    expect(info.nextActionTimes.length).toBeGreaterThan(0);
    for (const at of info.nextActionTimes) expect(at.toISOString()).toContain('T19:20:00');
  });
});
