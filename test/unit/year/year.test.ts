import { expect, test } from '@jest/globals';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import { DEFAULT_POLICY } from '../../../src/domain/policy.js';
import { type Disagreement, disagreements, storyOf, tallied } from '../../support/year/compare.js';
import { playNaive } from '../../support/year/naive.js';
import { playNaiveReports } from '../../support/year/naive-reports.js';
import { planYear, type Year } from '../../support/year/plan.js';
import { playPure } from '../../support/year/pure.js';
import { playReports, reportKey } from '../../support/year/pure-reports.js';

const RULES = {
  offices: { workingGroupId: 'wg', standingAgencyId: 'agency', homeAffairsId: 'affairs' },
  policy: DEFAULT_POLICY,
  calendar: OFFICE_HOURS,
};

/** The first difference with all that led to it: what a failure has to show. */
function told(year: Year, accepted: readonly boolean[], found: readonly Disagreement[]): unknown {
  const [first] = found;
  if (first === undefined) return [];
  const own = year.acts.flatMap((act, index) =>
    first.key.startsWith(act.key) ? storyOf([act], [accepted[index] === true], () => true) : [],
  );
  return { seed: year.seed, differences: found.length, first, story: own };
}

test('by the pure rules those are late whom a diary and a pocket calculator find late, and nobody else', () => {
  for (const [seed, trouble] of [
    [11, 1],
    [12, 4],
    [13, 8],
  ] as const) {
    const year = planYear(seed, { units: 12, tasks: 20, general: 8, trouble });
    const pure = playPure(year, RULES);
    const naive = playNaive(year.lives, year.acts, pure.accepted, year.checks);
    const found = disagreements(year.checks, pure.classes, naive);
    expect(told(year, pure.accepted, found)).toEqual([]);
    const tally = tallied(pure.classes.at(-1) ?? new Map());
    for (const name of ['done_on_time', 'done_late', 'open_overdue', 'superseded'])
      expect([seed, name, (tally[name] ?? 0) > 3]).toEqual([seed, name, true]);
  }
});

test('those reports are late, missing or excused that the list on the wall says', () => {
  const year = planYear(21, { units: 60, tasks: 1, general: 0 });
  const pure = playReports(year, RULES);
  const naive = playNaiveReports(year, pure.accepted);
  const found = disagreements(year.checks, pure.states, naive.states);
  const [first] = found;
  const story = year.reports.flatMap((act, index) =>
    first?.key === reportKey(act.unitId, act.period)
      ? storyOf([act], [pure.accepted[index] === true], () => true)
      : [],
  );
  expect({ found: found.length, first, story }).toEqual({ found: 0, first: undefined, story: [] });
  const tally = tallied(pure.states.at(-1) ?? new Map());
  for (const name of ['received_on_time', 'received_late', 'missing', 'excused'])
    expect([name, (tally[name] ?? 0) > 5]).toEqual([name, true]);
});
