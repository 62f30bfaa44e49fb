import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { OFFICE_HOURS } from '../../src/domain/calendars/office-hours.js';
import { DEFAULT_POLICY } from '../../src/domain/policy.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { createWorld, type World } from '../support/world.js';
import { disagreements } from '../support/year/compare.js';
import { playNaive } from '../support/year/naive.js';
import { planYear } from '../support/year/plan.js';
import { playPure } from '../support/year/pure.js';
import { playReports } from '../support/year/pure-reports.js';
import { officesOf, playOnRecord } from '../support/year/record.js';

let database: TestDatabase;
let world: World;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url, DEFAULT_POLICY, undefined, { calendar: OFFICE_HOURS });
});
afterAll(async () => {
  await world.close();
  await database.drop();
});

/** The short form of `npm run year`, with a seed that has some of everything, deadlines that a new day off moves too. */
test('a generated year leaves the same late flags by the pure rules, on the real record and in a diary', async () => {
  const year = planYear(32, { units: 5, tasks: 12, general: 6, trouble: 3 });
  const rules = { offices: officesOf(world), policy: DEFAULT_POLICY, calendar: OFFICE_HOURS };
  const pure = playPure(year, rules);
  const reports = playReports(year, rules);
  const recorded = await playOnRecord(world, year);
  expect(recorded.accepted).toEqual(pure.accepted);
  expect(recorded.reports.accepted).toEqual(reports.accepted);
  expect(disagreements(year.checks, pure.classes, recorded.classes)).toEqual([]);
  // What was entered late has changed the past of the record as it changed that of the rules.
  expect(disagreements(year.checks, pure.afterwards, recorded.afterwards)).toEqual([]);
  expect(disagreements(year.checks, reports.states, recorded.reports.states)).toEqual([]);
  const naive = playNaive(year.lives, year.acts, recorded.accepted, year.checks);
  expect(disagreements(year.checks, recorded.classes, naive)).toEqual([]);
  expect(recorded.faults).toEqual([]);
  expect(recorded.steps).toBeGreaterThan(100);
  const moved = await world.sql<{ of: string }>(
    `select distinct subject_kind as of from event
      where type = 'calendar_changed' and data ->> 'dueAt' <> data #>> '{previous,dueAt}' order by 1`,
  );
  expect(moved.map((row) => row.of)).toEqual(['assignment', 'obligation']);
});
