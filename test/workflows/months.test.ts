import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { msToTs } from '@temporalio/common/lib/time.js';
import { directiveActivities } from '../../activities/directives.js';
import { referralActivities } from '../../activities/referrals.js';
import { reportingActivities } from '../../activities/reports.js';
import { rungInstant } from '../../src/domain/assignment/steps.js';
import { OFFICE_HOURS } from '../../src/domain/calendars/office-hours.js';
import { addDuration } from '../../src/domain/duration.js';
import { DAY } from '../../src/domain/instant.js';
import { DEFAULT_POLICY } from '../../src/domain/policy.js';
import { type ConductorKind, workflowIdOf } from '../../workflows/messages.js';
import { QUICK_PACE, type TestConductors, testConductors, until } from '../support/conducting.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { testServers } from '../support/servers.js';
import { issue, referralOf } from '../support/story.js';
import { createWorld, type World } from '../support/world.js';

/**
 * The default ladder over months of the real calendar, on the real server: its own time skipping moves the
 * processes, the row of test mode moves the record's clock by as much.
 */
let database: TestDatabase;
let world: World;
let conductors: TestConductors;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url, DEFAULT_POLICY, undefined, { calendar: OFFICE_HOURS });
  // One timer reaches the next rung: skipping ahead ends at the first timer that fires.
  conductors = testConductors({ ...QUICK_PACE, longestMs: 400 * DAY });
  conductors.work({
    ...directiveActivities(world.engine),
    ...referralActivities(world.engine),
    ...reportingActivities(world.engine),
  });
});
afterAll(async () => {
  await conductors.close();
  await world.close();
  await database.drop();
});

let forwards = 0;

/** Moves one process ahead; its timers fire on the way. */
async function forward(kind: ConductorKind, id: string, ms: number): Promise<void> {
  const { workflowService } = conductors.temporal.client;
  const { temporalNamespace: namespace } = testServers();
  const workflowExecution = { workflowId: workflowIdOf(kind, id) };
  const fastForwardId = `ff-${++forwards}`;
  await workflowService.updateWorkflowExecutionOptions({
    namespace,
    workflowExecution,
    workflowExecutionOptions: {
      timeSkippingConfig: {
        enabled: true,
        fastForwardConfig: { id: fastForwardId, duration: msToTs(Math.ceil(ms)) },
      },
    },
    updateMask: { paths: ['time_skipping_config'] },
  });
  // Another one while this is under way would replace it.
  await workflowService.pollWorkflowExecutionTimeSkipping({ namespace, workflowExecution, fastForwardId });
}

interface Armed {
  readonly armed: number;
  readonly now: number;
}

async function armedAt(kind: ConductorKind, id: string): Promise<Armed> {
  const table = kind === 'reportingCycle' ? 'reporting_regime' : kind;
  const [row] = await world.sql<{ armed: number; now: number }>(
    `select (extract(epoch from armed_at) * 1000)::float8 as armed, (extract(epoch from app_now()) * 1000)::float8 as now
       from ${table} where id = $1`,
    [id],
  );
  return row ?? { armed: Number.NaN, now: 0 };
}

/** Lets everything come that is armed: the record's clock and the process go to the armed instant together. */
async function hop(kind: ConductorKind, id: string): Promise<void> {
  await until('armed ahead', async () => {
    const { armed, now } = await armedAt(kind, id);
    return Number.isFinite(armed) && armed > now;
  });
  const { armed, now } = await armedAt(kind, id);
  const ahead = armed - now + 1_000;
  await world.skip(ahead);
  await forward(kind, id, ahead);
  await until('armed again', async () => (await armedAt(kind, id)).armed !== armed);
}

async function takenOf(directiveId: string): Promise<{ step: string; planned: number; taken: number }[]> {
  return await world.sql(
    `select step, (extract(epoch from planned_at) * 1000)::float8 as planned, (extract(epoch from taken_at) * 1000)::float8 as taken
       from step_taken where directive_id = $1 and subject_kind = 'assignment' and kind <> 'clock' order by planned_at`,
    [directiveId],
  );
}

test('over months of office days each rung comes on its day, and the case reaches Home Affairs after its window', async () => {
  const started = await world.now();
  const directiveId = await issue(world, ['finance'], 'within 60 working days');
  await conductors.wake('directive', directiveId);
  await until('assigned', async () => (await world.sql('select 1 from assignment')).length === 1);
  const [row] = await world.sql<{ due: number }>(
    'select (extract(epoch from due_at) * 1000)::float8 as due from assignment',
  );
  const dueAt = row?.due ?? 0;
  expect(dueAt - started).toBeGreaterThan(75 * DAY);

  while ((await referralOf(world, directiveId)) === null) await hop('directive', directiveId);
  const taken = await takenOf(directiveId);
  const expected = DEFAULT_POLICY.ladder.map((rung) => ({
    step: rung.step,
    planned: rungInstant(rung, dueAt, { calendar: OFFICE_HOURS }),
  }));
  expect(taken.map(({ step, planned }) => ({ step, planned }))).toEqual(expected);
  // Each was taken when it came, not at the end of a long sleep.
  for (const { planned, taken: at } of taken) expect(at - planned).toBeLessThan(60_000);

  const referral = await referralOf(world, directiveId);
  if (referral === null) throw new Error('no case');
  await conductors.wake('referral', referral.id);
  // A process that starts now begins at the real time; the months that the record has skipped come first.
  await until('armed', async () => Number.isFinite((await armedAt('referral', referral.id)).armed));
  await forward('referral', referral.id, (await world.now()) - Date.now());
  await hop('referral', referral.id);
  await until('referred', async () => (await referralOf(world, directiveId))?.state === 'referred');
  const [facts] = await world.sql<{ proposed: number; referred: number }>(
    'select (extract(epoch from proposed_at) * 1000)::float8 as proposed, (extract(epoch from referred_at) * 1000)::float8 as referred from referral',
  );
  const window = addDuration(OFFICE_HOURS, facts?.proposed ?? 0, DEFAULT_POLICY.referral.objectionWindow);
  expect(Math.abs((facts?.referred ?? 0) - window)).toBeLessThan(60_000);
});
