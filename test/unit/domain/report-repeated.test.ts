import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import { addCalendarDays } from '../../../src/domain/civil-date.js';
import { DEFAULT_POLICY, DEFAULT_REPORTING_POLICY } from '../../../src/domain/policy.js';
import { asAskedAbout, sameFacts } from '../../../src/domain/referral/facts.js';
import type { ReportingFacts } from '../../../src/domain/referral/state.js';
import {
  type PeriodRecord,
  proposal,
  recordOf,
  reportingFacts,
  reportingGround,
  yearOf,
} from '../../../src/domain/report/repeated.js';
import { DUE_AT, Owing } from './owing.js';
import { at, GROUP } from './story.js';

const YEAR = { from: '2025-12-15', to: '2026-12-14' };
const NOW = at('2026-12-20 09:00');
const { continues: THRESHOLD } = DEFAULT_REPORTING_POLICY;

/** A period that fell due so many days after the year began; `late` as it is judged, null: not to be judged. */
function period(day: number, late: boolean | null, over: Partial<PeriodRecord> = {}): PeriodRecord {
  const on = addCalendarDays(YEAR.from, day);
  return {
    obligationId: `p${String(day).padStart(4, '0')}`,
    unitId: 'lead',
    period: on,
    opensOn: on,
    closesOn: on,
    dueAt: at(`${on} 17:30`),
    receivedAt: null,
    late,
    excuseAsked: false,
    lastRecordedAt: at(`${on} 17:30`),
    ...over,
  };
}

const facts = (
  records: readonly PeriodRecord[],
  over: { threshold?: typeof THRESHOLD; used?: ReadonlySet<string> } = {},
): ReportingFacts =>
  reportingFacts(
    records,
    { regimeId: 'regime', unitId: 'lead', year: YEAR, threshold: THRESHOLD, used: new Set(), ...over },
    OFFICE_HOURS,
    NOW,
  );
/** One period a month, `L` late, `.` in time, `-` not to be judged, from the month of a day on. */
const months = (text: string, from = 0): PeriodRecord[] =>
  [...text].map((letter, index) => period(from + index * 30, letter === '-' ? null : letter === 'L'));
const evidence = (found: ReportingFacts): string[] => found.periods.map(({ obligationId }) => obligationId);

describe('"continues to report late"', () => {
  test.each([
    ['L', false, 1, 1],
    ['LL', true, 2, 2],
    ['L.L', false, 1, 2],
    ['L.L.L', true, 1, 3],
    // Excused, lapsed or not judged yet: neither counts nor breaks a row.
    ['L-L', true, 2, 2],
    ['---', false, 0, 0],
    ['....', false, 0, 0],
    ['.LL.', true, 2, 2],
  ])('%s is %s: %i in a row, %i in the year', (text, late, inRow, inYear) => {
    const found = facts(months(text));
    expect([found.late, found.inRow, found.inYear]).toEqual([late, inRow, inYear]);
  });

  test('counts periods that fall due together once: the days of a weekend are one missed Monday', () => {
    const monday = { dueAt: at('2026-10-12 17:30') };
    const weekend = [300, 301, 302].map((day) => period(day, true, monday));
    expect(facts(weekend)).toMatchObject({ late: false, inRow: 1, inYear: 1 });
    expect(evidence(facts(weekend))).toHaveLength(3);
    const tuesday = period(303, true, { dueAt: at('2026-10-13 17:30') });
    expect(facts([...weekend, tuesday])).toMatchObject({ late: true, inRow: 2, inYear: 2 });
  });

  test('is asked about as far as it had come: what follows is evidence of a next case', () => {
    const asked = facts(months('LL'));
    const grown = facts(months('LLLL'));
    expect(sameFacts(asked, grown)).toBe(false);
    const kept = asAskedAbout(asked, grown);
    expect(sameFacts(asked, kept)).toBe(true);
    expect(kept).toMatchObject({ inRow: 2, inYear: 2, late: true });
    // A report that was handed in at last says nothing else; one that had been in time does.
    const [first, second] = months('LL');
    if (first === undefined || second === undefined) throw new Error('two periods');
    const handedIn = facts([{ ...first, receivedAt: NOW }, second]);
    expect(sameFacts(asked, asAskedAbout(asked, handedIn))).toBe(true);
    const other = facts(months('.LL'));
    expect(asAskedAbout(asked, other)).toBe(other);
  });

  test('is counted by the policy that the regime was set up under', () => {
    const strict = { inRow: 1, inYear: 9 };
    const mild = { inRow: 4, inYear: 4 };
    expect(facts(months('L'), { threshold: strict }).late).toBe(true);
    expect(facts(months('LLL'), { threshold: mild }).late).toBe(false);
    expect(facts(months('LL.LL'), { threshold: mild })).toMatchObject({ late: true, inRow: 2, inYear: 4 });
  });

  test('counts a row that began in the year before, and nothing that lies wholly in it', () => {
    // Due on 10 December and 10 January.
    const across = [period(-5, true), period(26, true)];
    expect(facts(across)).toMatchObject({ late: true, inRow: 2, inYear: 1 });
    expect(evidence(facts(across)).length).toBe(2);
    const before = [period(-40, true), period(-5, true), period(26, false), period(56, true)];
    expect(facts(before)).toMatchObject({ late: false, inRow: 1, inYear: 1 });
  });

  test('uses each period once: what an earlier case rests on ends a row', () => {
    const records = months('LLLL');
    const used = new Set(records.slice(0, 2).map(({ obligationId }) => obligationId));
    expect(evidence(facts(records, { used }))).toEqual(
      records.slice(2).map(({ obligationId }) => obligationId),
    );
    expect(facts(months('LLL'), { used: new Set(['p0000', 'p0030']) })).toMatchObject({
      late: false,
      inRow: 1,
    });
  });

  test('is held while a request to be excused waits, and proposes nothing below the threshold', () => {
    const records = months('LL').map((record, index) => ({ ...record, excuseAsked: index === 1 }));
    const repetition = {
      regimeId: 'r',
      unitId: 'lead',
      year: YEAR,
      threshold: THRESHOLD,
      used: new Set<string>(),
    };
    expect(reportingGround(records, repetition, OFFICE_HOURS).undecided).toBe(true);
    expect(reportingGround(months('LL'), repetition, OFFICE_HOURS).undecided).toBe(false);
    const ctx = {
      policy: DEFAULT_POLICY,
      reporting: DEFAULT_REPORTING_POLICY,
      calendar: OFFICE_HOURS,
      workingGroupId: GROUP,
      newId: () => 'case',
    };
    expect(proposal(facts(months('L')), ctx)).toBeNull();
    expect(proposal(facts(months('LL')), ctx)?.events[0]).toMatchObject({
      type: 'proposed',
      data: { unitId: 'lead', regimeId: 'regime', assignmentId: null, facts: { inRow: 2 } },
    });
  });

  test('takes its periods from what was judged: missing from the judging step on, never what lapsed or was excused', () => {
    const late = (owing: Owing): boolean | null => recordOf(owing.state, Number.POSITIVE_INFINITY).late;
    expect(late(new Owing().until(DUE_AT))).toBeNull();
    expect(late(new Owing().until(DUE_AT + 1000))).toBe(true);
    expect(late(new Owing().submit(DUE_AT))).toBe(false);
    expect(late(new Owing().submit(DUE_AT + 1000))).toBe(true);
    const grounds = [{ reason: 'unit_abolished' as const, since: DUE_AT - 1 }];
    expect(
      late(new Owing().until(DUE_AT + 1000).act({ action: 'lapse' }, DUE_AT + 2000, { grounds })),
    ).toBeNull();
    expect(yearOf(DUE_AT, { calendar: OFFICE_HOURS, reporting: DEFAULT_REPORTING_POLICY })).toEqual(YEAR);
  });
});

describe('over any periods', () => {
  const records = fc
    .uniqueArray(fc.integer({ min: -60, max: 420 }), { maxLength: 30 })
    .chain((days) =>
      fc
        .array(fc.constantFrom(true, true, false, null), { minLength: days.length, maxLength: days.length })
        .map((lates) => days.map((day, index) => period(day, lates[index] ?? null))),
    );
  const threshold = fc.record({
    inRow: fc.integer({ min: 1, max: 6 }),
    inYear: fc.integer({ min: 1, max: 8 }),
  });
  const isOfYear = ({ period: on }: PeriodRecord): boolean => on >= YEAR.from && on <= YEAR.to;

  /** By counting on paper: the judged periods in order; each run of late ones that touches the year. */
  function onPaper(all: readonly PeriodRecord[]): { inRow: number; inYear: number } {
    const judged = all.filter(({ late }) => late !== null).sort((one, other) => one.dueAt - other.dueAt);
    let inRow = 0;
    for (let first = 0; first < judged.length; first += 1) {
      let last = first;
      while (judged[last]?.late === true) last += 1;
      if (judged.slice(first, last).some(isOfYear)) inRow = Math.max(inRow, last - first);
    }
    return { inRow, inYear: judged.filter((one) => one.late === true && isOfYear(one)).length };
  }

  test('the numbers are those of counting on paper, in any order, and the evidence is late and holds them', () => {
    fc.assert(
      fc.property(records, threshold, fc.integer(), (all, limits, turn) => {
        const found = facts(all, { threshold: limits });
        const { inRow, inYear } = onPaper(all);
        expect([found.inRow, found.inYear]).toEqual([inRow, inYear]);
        expect(found.late).toBe(inRow >= limits.inRow || inYear >= limits.inYear);
        const shift = all.length === 0 ? 0 : Math.abs(turn) % all.length;
        expect(facts([...all.slice(shift), ...all.slice(0, shift)], { threshold: limits })).toEqual(found);
        const late = new Map(all.map((one) => [one.obligationId, one]));
        for (const id of evidence(found)) expect(late.get(id)?.late).toBe(true);
        expect(new Set(evidence(found)).size).toBe(found.periods.length);
        expect(found.periods.length).toBeGreaterThanOrEqual(inYear);
      }),
    );
  });

  test('a period that turns out in time, or not to be judged, never makes a unit repeat; one more late never frees it', () => {
    fc.assert(
      fc.property(records, threshold, fc.nat(), fc.constantFrom(false, null), (all, limits, pick, mild) => {
        const late = all.filter((one) => one.late === true && isOfYear(one));
        const chosen = late[pick % Math.max(1, late.length)];
        if (chosen === undefined) return;
        const better = all.map((one) => (one === chosen ? { ...one, late: mild } : one));
        if (!facts(all, { threshold: limits }).late)
          expect(facts(better, { threshold: limits }).late).toBe(false);
        const before = facts(all, { threshold: limits });
        const worse = facts([...all, period(500, null)], { threshold: limits });
        expect(worse).toEqual(before);
        expect(facts(better, { threshold: limits }).inYear).toBe(before.inYear - 1);
      }),
    );
  });
});
