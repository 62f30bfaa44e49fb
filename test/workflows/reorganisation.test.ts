import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { reorganisationActivities } from '../../activities/reorganisations.js';
import { reconcile } from '../../src/engine/reconcile.js';
import { cancelReorganisation } from '../../src/engine/reorganisations.js';
import { QUICK_PACE, type TestConductors, testConductors, until } from '../support/conducting.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { dayFromNow, given, ledBy, newUnit, ORIGIN, plan } from '../support/reorganising.js';
import { createWorld, subjectOf, type World } from '../support/world.js';

let database: TestDatabase;
let world: World;
let conductors: TestConductors;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url);
});
afterAll(async () => {
  await world.close();
  await database.drop();
});
beforeEach(() => {
  conductors = testConductors(QUICK_PACE);
});
afterEach(async () => {
  await conductors.close();
});

test('on its day the work of a unit goes to its successor, over a record that was away, and the process ends', async () => {
  const [one, heir] = [await newUnit(world), await newUnit(world)];
  await given(world, [[one], [one]]);
  const id = subjectOf(await plan(world, { fromUnitIds: [one], toUnitIds: [heir] }));
  const { started } = await reconcile(world.engine, conductors);
  expect(started).toContainEqual({ kind: 'reorganisation', id });
  const real = reorganisationActivities(world.engine);
  let calls = 0;
  conductors.work({
    conductReorganisation: async (reorganisationId: string, now: number) => {
      calls += 1;
      if (calls <= 2) throw ApplicationFailure.nonRetryable('the record is away', 'test');
      return await real.conductReorganisation(reorganisationId, now);
    },
  });
  const progress = await conductors.ended('reorganisation', id);
  expect([progress.phase, progress.taken]).toEqual(['ended', 2]);
  expect((await ledBy(world, [heir])).map(({ state }) => state)).toEqual(['assigned', 'assigned']);
  await conductors.store('reorganisation', id, 'stalled-moved-ended');
});

test('one that waits for its day ends when it is cancelled, and changes nothing', async () => {
  const [one, heir] = [await newUnit(world), await newUnit(world)];
  await given(world, [[one]]);
  const effectiveOn = await dayFromNow(world, 40);
  const id = subjectOf(await plan(world, { fromUnitIds: [one], toUnitIds: [heir], effectiveOn }));
  conductors.work(reorganisationActivities(world.engine));
  await conductors.wake('reorganisation', id);
  await until('it waits', async () => (await conductors.progress('reorganisation', id)).nextAt !== null);
  const administrator = world.request(world.as('administrator'));
  subjectOf(await cancelReorganisation(world.engine, administrator, id, { ifMatch: 1, origin: ORIGIN }));
  await conductors.wake('reorganisation', id);
  expect((await conductors.ended('reorganisation', id)).phase).toBe('ended');
  expect((await ledBy(world, [one])).map(({ state }) => state)).toEqual(['assigned']);
  await conductors.store('reorganisation', id, 'waited-cancelled');
});
