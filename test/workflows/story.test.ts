import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { directiveActivities } from '../../activities/directives.js';
import { referralActivities } from '../../activities/referrals.js';
import { reportingActivities } from '../../activities/reports.js';
import { executeReferral } from '../../src/engine/execute-referral.js';
import { Loop } from '../../src/engine/loop.js';
import { RecentlyTold, sendWakes } from '../../src/engine/wakes.js';
import { QUICK_PACE, type TestConductors, testConductors, typesOf, until } from '../support/conducting.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { brokenInvariants } from '../support/record.js';
import {
  assignmentOf,
  issue,
  referralOf,
  STORY_POLICY,
  settle,
  stateOf,
  stepsOf,
  stop,
  submitAndConfirm,
} from '../support/story.js';
import { createWorld, subjectOf, type World } from '../support/world.js';

let database: TestDatabase;
let world: World;
let conductors: TestConductors;
let waking: Loop;
let failNext = false;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url, STORY_POLICY);
  conductors = testConductors(QUICK_PACE);
  const real = {
    ...directiveActivities(world.engine),
    ...referralActivities(world.engine),
    ...reportingActivities(world.engine),
  };
  conductors.work({
    ...real,
    conductDirective: async (id: string, now: number) => {
      if (failNext) {
        failNext = false;
        throw Object.assign(new Error('column does not exist'), { code: '42703' });
      }
      return await real.conductDirective(id, now);
    },
  });
  const told = new RecentlyTold(200);
  const options = { batch: 100, leaseMs: 1_000, everyMs: 200, parallel: 4 };
  const work = async (): Promise<boolean> => await sendWakes(world.engine, conductors, told, options);
  waking = new Loop({ name: 'waking', everyMs: 50, log: world.engine.log, work });
  waking.start();
});
afterAll(async () => {
  await waking.stop();
  await conductors.close();
  await world.close();
  await database.drop();
});

test('a directive is issued, its silent unit urged and referred, the case goes its way, and both processes end', async () => {
  const id = await issue(world, ['health', 'finance']);
  await until('the assignments are made', async () => (await assignmentOf(world, id, 'health')) !== null);
  await submitAndConfirm(world, (await assignmentOf(world, id, 'health'))?.id ?? '', 'health');
  await until('a case is referred', async () => (await referralOf(world, id))?.state === 'referred');
  expect(await stepsOf(world, id, 'finance')).toEqual(['urge', 'refer']);
  const referral = await referralOf(world, id);
  await settle(world, referral?.id ?? '');
  await conductors.ended('referral', referral?.id ?? '');
  await conductors.store('referral', referral?.id ?? '', 'window-referred-outcome');
  await stop(world, (await assignmentOf(world, id, 'finance'))?.id ?? '');
  const progress = await conductors.ended('directive', id);
  expect(progress).toMatchObject({ phase: 'ended', assigned: 2, open: 0 });
  expect(await stateOf(world, id)).toBe('closed');
  await conductors.store('directive', id, 'issued-urged-referred-closed');
  const signals = typesOf(await conductors.history('directive', id)).filter((type) =>
    type.endsWith('_SIGNALED'),
  );
  // One to start it and one to close it; an ended assignment beside an open one is none, and a command none.
  expect(signals.length).toBeLessThanOrEqual(3);
  expect(await brokenInvariants(world)).toEqual([]);
});

test('a database error, of whatever kind, stalls a conductor and never ends it', async () => {
  const id = await issue(world, ['justice'], 'within 1 hour');
  await until(
    'it follows',
    async () => (await progressOf(id)) === 'following' && (await assignmentOf(world, id, 'justice')) !== null,
  );
  failNext = true;
  await submitAndConfirm(world, (await assignmentOf(world, id, 'justice'))?.id ?? '', 'justice');
  await conductors.ended('directive', id);
  expect(failNext).toBe(false);
  expect(await stateOf(world, id)).toBe('closed');
  await conductors.store('directive', id, 'failed-activity-closed');
});

test('a case that is withdrawn ends its process', async () => {
  const id = await issue(world, ['finance']);
  await until('a case is proposed', async () => (await referralOf(world, id)) !== null);
  const referral = await referralOf(world, id);
  const agency = world.request(world.as('standing_agency'));
  const withdraw = { action: 'withdraw' as const, input: { reason: 'thử' } };
  subjectOf(await executeReferral(world.engine, agency, referral?.id ?? '', withdraw));
  expect(await conductors.ended('referral', referral?.id ?? '')).toMatchObject({ phase: 'ended' });
  await conductors.store('referral', referral?.id ?? '', 'withdrawn');
  await stop(world, (await assignmentOf(world, id, 'finance'))?.id ?? '');
  await conductors.ended('directive', id);
});

async function progressOf(id: string): Promise<string> {
  return await conductors.progress('directive', id).then(
    ({ phase }) => phase,
    () => 'not there',
  );
}
