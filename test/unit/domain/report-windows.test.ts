import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { closingOn, isWorkingDate, localDate, startOfDay } from '../../../src/domain/calendar.js';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import { addCalendarDays } from '../../../src/domain/civil-date.js';
import { SECOND } from '../../../src/domain/instant.js';
import {
  DECREE_CLOSING_DAY,
  evaluationYear,
  instantsOf,
  type Period,
  type Periodicity,
  periodAfter,
  periodClosingFrom,
} from '../../../src/domain/report/windows.js';

type Months = 'monthly' | 'quarterly' | 'half_yearly' | 'nine_month' | 'yearly';
const decree = (kind: Months): Periodicity => ({ kind, closingDay: DECREE_CLOSING_DAY });

function yearOf(periodicity: Periodicity, from: string, count: number): string[] {
  const found: string[] = [];
  let period: Period | null = periodClosingFrom(periodicity, from);
  for (; period !== null && found.length < count; period = periodAfter(periodicity, period)) {
    found.push(`${period.key} ${period.opensOn}..${period.closesOn}`);
  }
  return found;
}

describe('the windows of Decree 09/2019, article 12, for 2026', () => {
  test('a month runs from the 15th of the month before to the 14th', () => {
    expect(yearOf(decree('monthly'), '2025-12-15', 12)).toEqual([
      '2026-01 2025-12-15..2026-01-14',
      '2026-02 2026-01-15..2026-02-14',
      '2026-03 2026-02-15..2026-03-14',
      '2026-04 2026-03-15..2026-04-14',
      '2026-05 2026-04-15..2026-05-14',
      '2026-06 2026-05-15..2026-06-14',
      '2026-07 2026-06-15..2026-07-14',
      '2026-08 2026-07-15..2026-08-14',
      '2026-09 2026-08-15..2026-09-14',
      '2026-10 2026-09-15..2026-10-14',
      '2026-11 2026-10-15..2026-11-14',
      '2026-12 2026-11-15..2026-12-14',
    ]);
  });

  test('quarters, halves, nine months and the year begin on 15 December', () => {
    expect(yearOf(decree('quarterly'), '2025-12-15', 4)).toEqual([
      '2026-Q1 2025-12-15..2026-03-14',
      '2026-Q2 2026-03-15..2026-06-14',
      '2026-Q3 2026-06-15..2026-09-14',
      '2026-Q4 2026-09-15..2026-12-14',
    ]);
    expect(yearOf(decree('half_yearly'), '2025-12-15', 2)).toEqual([
      '2026-H1 2025-12-15..2026-06-14',
      '2026-H2 2026-06-15..2026-12-14',
    ]);
    expect(yearOf(decree('nine_month'), '2025-12-15', 2)).toEqual([
      '2026-9M 2025-12-15..2026-09-14',
      '2027-9M 2026-12-15..2027-09-14',
    ]);
    expect(yearOf(decree('yearly'), '2025-12-15', 2)).toEqual([
      '2026 2025-12-15..2026-12-14',
      '2027 2026-12-15..2027-12-14',
    ]);
  });

  test('the closing day itself still belongs to its period, the day after to the next', () => {
    expect(periodClosingFrom(decree('monthly'), '2026-03-14')?.key).toBe('2026-03');
    expect(periodClosingFrom(decree('monthly'), '2026-03-15')?.key).toBe('2026-04');
    expect(periodClosingFrom(decree('yearly'), '2026-12-14')?.key).toBe('2026');
    expect(periodClosingFrom(decree('yearly'), '2026-12-15')?.key).toBe('2027');
    expect(periodClosingFrom(decree('nine_month'), '2026-09-15')?.key).toBe('2027-9M');
  });

  test('the evaluation year is the same window', () => {
    const closes = { month: 12, day: 14 };
    expect(evaluationYear(closes, '2025-12-15')).toEqual({ from: '2025-12-15', to: '2026-12-14' });
    expect(evaluationYear(closes, '2026-12-14')).toEqual({ from: '2025-12-15', to: '2026-12-14' });
    expect(evaluationYear(closes, '2026-12-15')).toEqual({ from: '2026-12-15', to: '2027-12-14' });
  });
});

describe('other windows', () => {
  test('closing on the last day gives calendar months, also in February', () => {
    expect(yearOf({ kind: 'monthly', closingDay: 'last' }, '2028-01-01', 3)).toEqual([
      '2028-01 2028-01-01..2028-01-31',
      '2028-02 2028-02-01..2028-02-29',
      '2028-03 2028-03-01..2028-03-31',
    ]);
  });

  test('a week ends on its closing weekday, a day is its own', () => {
    // Friday 13 March 2026.
    expect(yearOf({ kind: 'weekly', closesOn: 5 }, '2026-03-09', 2)).toEqual([
      'w2026-03-13 2026-03-07..2026-03-13',
      'w2026-03-20 2026-03-14..2026-03-20',
    ]);
    expect(yearOf({ kind: 'weekly', closesOn: 5 }, '2026-03-13', 1)[0]).toContain('w2026-03-13');
    expect(yearOf({ kind: 'daily' }, '2026-02-28', 2)).toEqual([
      '2026-02-28 2026-02-28..2026-02-28',
      '2026-03-01 2026-03-01..2026-03-01',
    ]);
  });

  test('own windows come in their order and end', () => {
    const windows = [
      { key: 'đợt 1', opensOn: '2026-01-01', closesOn: '2026-02-10' },
      { key: 'đợt 2', opensOn: '2026-05-01', closesOn: '2026-05-20' },
    ];
    expect(yearOf({ kind: 'own', windows }, '2026-02-11', 9)).toEqual(['đợt 2 2026-05-01..2026-05-20']);
    expect(periodClosingFrom({ kind: 'own', windows }, '2026-05-21')).toBeNull();
  });
});

describe('due instants', () => {
  const due = (key: string, workingDays: number): string => {
    const [, year, month] = /^(\d+)-(\d+)$/.exec(key) ?? [];
    const period = periodClosingFrom(decree('monthly'), `${year}-${month}-14`);
    if (period === null) throw new Error('no period');
    const { dueAt } = instantsOf(period, workingDays, OFFICE_HOURS);
    return new Date(dueAt + 7 * 3_600_000).toISOString().slice(0, 16);
  };

  test('are the closing of the first working day after the figures closed: also behind Tết and weekends', () => {
    // 14 January 2026 is a Wednesday.
    expect(due('2026-01', 1)).toBe('2026-01-15T17:30');
    // 14 February is a Saturday, and Tết lasts until the 22nd.
    expect(due('2026-02', 1)).toBe('2026-02-23T17:30');
    // Saturday again.
    expect(due('2026-03', 1)).toBe('2026-03-16T17:30');
    // Thursday: the second working day after it is Monday.
    expect(due('2026-05', 2)).toBe('2026-05-18T17:30');
  });

  test('of each level come after those of the level below', () => {
    expect([1, 2, 3].map((days) => due('2026-02', days))).toEqual([
      '2026-02-23T17:30',
      '2026-02-24T17:30',
      '2026-02-25T17:30',
    ]);
  });

  const KINDS: readonly Periodicity[] = [
    { kind: 'daily' },
    ...[1, 2, 3, 4, 5, 6, 7].map((closesOn) => ({ kind: 'weekly' as const, closesOn })),
    ...(['monthly', 'quarterly', 'half_yearly', 'yearly'] as const).flatMap((kind) =>
      [1, 14, 28, 'last' as const].map((closingDay) => ({ kind, closingDay })),
    ),
  ];
  const date = fc.integer({ min: 0, max: 1_400 }).map((days) => addCalendarDays('2023-03-01', days));

  test('lie on a working day’s closing, as many working days after the figures closed', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), date, fc.integer({ min: 1, max: 10 }), (kind, from, days) => {
        const period = periodClosingFrom(kind, from);
        if (period === null) throw new Error('no period');
        const { opensAt, closesAt, dueAt } = instantsOf(period, days, OFFICE_HOURS);
        const on = localDate(OFFICE_HOURS, dueAt);
        let working = 0;
        for (let day = addCalendarDays(period.closesOn, 1); day <= on; day = addCalendarDays(day, 1)) {
          if (isWorkingDate(OFFICE_HOURS, day)) working += 1;
        }
        expect([working, closingOn(OFFICE_HOURS, on)]).toEqual([days, dueAt]);
        expect(opensAt).toBeLessThan(closesAt);
        expect(closesAt).toBe(startOfDay(OFFICE_HOURS, addCalendarDays(period.closesOn, 1)) - SECOND);
      }),
    );
  });

  test('windows follow one another without a gap or an overlap, and a date lies in the one it closes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), date, (kind, from) => {
        const period = periodClosingFrom(kind, from);
        const next = period === null ? null : periodAfter(kind, period);
        if (period === null || next === null) throw new Error('no period');
        expect(next.opensOn).toBe(addCalendarDays(period.closesOn, 1));
        expect(period.opensOn <= from && from <= period.closesOn).toBe(true);
        expect(next.key).not.toBe(period.key);
        expect(periodClosingFrom(kind, period.closesOn)).toEqual(period);
      }),
    );
  });
});
