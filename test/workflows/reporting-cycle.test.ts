import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { reportingActivities } from '../../activities/reports.js';
import { reconcile } from '../../src/engine/reconcile.js';
import { QUICK_PACE, type TestConductors, testConductors, until } from '../support/conducting.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { askForReports, reportFor, STORY_POLICY } from '../support/story.js';
import { createWorld, type World } from '../support/world.js';

let database: TestDatabase;
let world: World;
let conductors: TestConductors;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url, STORY_POLICY);
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

test('a request for reports is opened, judged at its due instant, urged, and ends by itself', async () => {
  conductors.work(reportingActivities(world.engine));
  const id = await askForReports(world, ['health', 'justice'], 'within 8 seconds');
  await conductors.wake('reportingCycle', id);
  await until('the unit has reported', async () => {
    await reportFor(world, id, 'justice');
    const rows = await world.sql(
      'select 1 from report_obligation where regime_id = $1 and received_at is not null',
      [id],
    );
    return rows.length === 1;
  });
  const progress = await conductors.ended('reportingCycle', id);
  // The opening, the judgement, and both rungs of the ladder.
  expect([progress.phase, progress.taken]).toEqual(['ended', 4]);
  await conductors.store('reportingCycle', id, 'opened-judged-urged-ended');
});

test('a regime whose process is lost is found by reconcile, and goes on over a record that was away', async () => {
  const id = await askForReports(world, ['health'], 'within 2 seconds');
  const { started } = await reconcile(world.engine, conductors);
  expect(started).toContainEqual({ kind: 'reportingCycle', id });
  const real = reportingActivities(world.engine);
  let calls = 0;
  conductors.work({
    conductRegime: async (regimeId: string, now: number) => {
      calls += 1;
      if (calls <= 2) throw ApplicationFailure.nonRetryable('the record is away', 'test');
      return await real.conductRegime(regimeId, now);
    },
  });
  expect((await conductors.ended('reportingCycle', id)).phase).toBe('ended');
  await conductors.store('reportingCycle', id, 'stalled-and-back');
});
