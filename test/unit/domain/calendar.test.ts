import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  ALWAYS_OPEN,
  addWorkingDays,
  addWorkingTime,
  type Calendar,
  type CalendarDay,
  checkCalendar,
  endOfDay,
  endOfNextWorkingDay,
  entryOn,
  type Interval,
  isWorking,
  isWorkingDate,
  localDate,
  nextOpening,
  startOfDay,
  subtractWorkingTime,
  workingTimeBetween,
} from '../../../src/domain/calendar.js';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import { addCalendarMonths, dayNumberOf, isoDateOf } from '../../../src/domain/civil-date.js';
import { DAY, HOUR, type IsoDate, SECOND } from '../../../src/domain/instant.js';

import { at, shown } from './local-times.js';

describe('the week and its exceptions', () => {
  test.each([
    ['2025-06-20 07:59', false],
    ['2025-06-20 08:00', true],
    ['2025-06-20 12:00', false],
    ['2025-06-20 13:30', true],
    ['2025-06-20 17:29:59', true],
    ['2025-06-20 17:30', false],
    ['2025-06-21 09:00', false],
    ['2025-04-26 09:00', true],
    ['2025-05-02 09:00', false],
  ])('%s is working: %s', (text, expected) => {
    expect(isWorking(OFFICE_HOURS, at(text))).toBe(expected);
  });

  test('Monday first: a day off by one weekday would show here', () => {
    const weekdays = [
      '2025-06-16',
      '2025-06-17',
      '2025-06-18',
      '2025-06-19',
      '2025-06-20',
      '2025-06-21',
      '2025-06-22',
    ];
    expect(weekdays.map((date) => isWorkingDate(OFFICE_HOURS, date))).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  test.each([
    // Tết 2025 and 2026 are nine days off in a row.
    ['2025-01-24 10:00', 1, '2025-02-03 17:30:00'],
    ['2026-02-13 10:00', 1, '2026-02-23 17:30:00'],
    ['2025-02-03 10:00', -1, '2025-01-24 17:30:00'],
    // The made-up Saturday counts, the swapped Friday does not.
    ['2025-04-25 10:00', 1, '2025-04-26 17:30:00'],
    ['2025-04-29 10:00', 1, '2025-05-05 17:30:00'],
    ['2025-06-20 23:59:59', 5, '2025-06-27 17:30:00'],
    ['2025-06-21 00:00', 0, '2025-06-23 17:30:00'],
  ])('%s plus %i working days is %s', (from, days, expected) => {
    expect(shown(addWorkingDays(OFFICE_HOURS, at(from), days))).toBe(expected);
  });

  test('a budget that ends exactly at closing ends there, one second more on the next working day', () => {
    const from = at('2025-06-20 15:30');
    expect(shown(addWorkingTime(OFFICE_HOURS, from, 2 * HOUR))).toBe('2025-06-20 17:30:00');
    expect(shown(addWorkingTime(OFFICE_HOURS, from, 2 * HOUR + SECOND))).toBe('2025-06-23 08:00:01');
    expect(shown(subtractWorkingTime(OFFICE_HOURS, from, 6 * HOUR))).toBe('2025-06-20 08:00:00');
  });

  test('no budget at all leaves a closing where it is, and moves any other closed instant to the next opening', () => {
    const nothing = (from: string) => shown(addWorkingTime(OFFICE_HOURS, at(from), 0));
    expect(nothing('2025-06-20 17:30')).toBe('2025-06-20 17:30:00');
    expect(nothing('2025-06-20 17:31')).toBe('2025-06-23 08:00:00');
    expect(nothing('2025-06-23 07:00')).toBe('2025-06-23 08:00:00');
    expect(nothing('2025-06-23 08:00')).toBe('2025-06-23 08:00:00');
    expect(nothing('2025-06-23 09:00')).toBe('2025-06-23 09:00:00');
  });

  test('nothing taken off leaves an opening and a closing where they are, and moves any other closed instant to the last closing', () => {
    const nothing = (from: string) => shown(subtractWorkingTime(OFFICE_HOURS, at(from), 0));
    expect(nothing('2025-06-20 17:30')).toBe('2025-06-20 17:30:00');
    expect(nothing('2025-06-20 17:31')).toBe('2025-06-20 17:30:00');
    expect(nothing('2025-06-23 07:00')).toBe('2025-06-20 17:30:00');
    expect(nothing('2025-06-23 08:00')).toBe('2025-06-23 08:00:00');
    expect(nothing('2025-06-23 09:00')).toBe('2025-06-23 09:00:00');
  });

  test('the end of the next working day is never today', () => {
    expect(shown(endOfNextWorkingDay(OFFICE_HOURS, at('2025-06-19 03:00')))).toBe('2025-06-20 17:30:00');
    expect(shown(endOfNextWorkingDay(OFFICE_HOURS, at('2025-06-20 18:00')))).toBe('2025-06-23 17:30:00');
  });

  test('always open ends the day at 23:59:59 of the same date, and elapses like a clock', () => {
    const from = at('2025-06-20 10:00');
    expect(shown(addWorkingDays(ALWAYS_OPEN, from, 1))).toBe('2025-06-21 23:59:59');
    expect(addWorkingTime(ALWAYS_OPEN, from, 36 * HOUR)).toBe(from + 36 * HOUR);
    expect(isWorking(ALWAYS_OPEN, at('2025-06-20 00:00') - 1)).toBe(true);
  });

  test('local dates turn at local midnight', () => {
    expect(localDate(OFFICE_HOURS, Date.parse('2025-06-19T16:59:59Z'))).toBe('2025-06-19');
    expect(localDate(OFFICE_HOURS, Date.parse('2025-06-19T17:00:00Z'))).toBe('2025-06-20');
    expect(shown(startOfDay(OFFICE_HOURS, '2025-06-20'))).toBe('2025-06-20 00:00:00');
    expect(shown(endOfDay(OFFICE_HOURS, '2025-06-20'))).toBe('2025-06-20 23:59:59');
  });
});

describe('what is refused', () => {
  const week = OFFICE_HOURS.week;
  const make = (change: Partial<Calendar>): Calendar => ({ ...OFFICE_HOURS, ...change });
  const entry = (date: IsoDate, intervals: Interval[] = []): CalendarDay => ({
    date,
    kind: 'custom',
    intervals,
    name: 'x',
    source: 'x',
  });

  test.each([
    ['a week of six days', make({ week: week.slice(1) })],
    ['an interval beyond 24:00', make({ days: [entry('2025-06-20', [{ from: 0, to: 1441 }])] })],
    ['a reversed interval', make({ days: [entry('2025-06-20', [{ from: 60, to: 0 }])] })],
    ['two entries for a date', make({ days: [entry('2025-06-20'), entry('2025-06-20')] })],
    ['a date that does not exist', make({ days: [entry('2025-02-29')] })],
  ])('%s', (_what, broken) => {
    expect(() => isWorking(broken, 0)).toThrow(RangeError);
  });

  test('a swapped pair, a swapped pause, a negative budget, half a working day', () => {
    expect(() => workingTimeBetween(OFFICE_HOURS, 1, 0)).toThrow('The end lies before the start');
    expect(() => workingTimeBetween(OFFICE_HOURS, 0, 9, [{ from: 5, to: 4 }])).toThrow(
      'A pause ends before it starts',
    );
    expect(() => addWorkingTime(OFFICE_HOURS, 0, -1)).toThrow(RangeError);
    expect(() => subtractWorkingTime(OFFICE_HOURS, 0, Number.NaN)).toThrow(RangeError);
    expect(() => addWorkingDays(OFFICE_HOURS, 0, 0.5)).toThrow('Not a number of working days: 0.5');
  });

  test('a calendar that never opens again says so instead of searching for ever', () => {
    const never: Calendar = make({
      week: week.map(() => []),
      days: [entry('2025-06-20', [{ from: 480, to: 540 }])],
    });
    expect(shown(nextOpening(never, at('2025-06-01 00:00')))).toBe('2025-06-20 08:00:00');
    expect(shown(addWorkingTime(never, at('2025-06-01 00:00'), HOUR))).toBe('2025-06-20 09:00:00');
    expect(() => nextOpening(never, at('2025-06-20 09:00'))).toThrow('no working time');
    expect(() => addWorkingDays(never, at('2025-06-20 09:00'), 1)).toThrow('no working time');
    expect(() => subtractWorkingTime(never, at('2025-06-20 08:00'), 1)).toThrow('no working time');
  });
});

describe('a calendar that somebody typed', () => {
  const off = (kind: CalendarDay['kind'], intervals: readonly Interval[]): Calendar => ({
    ...OFFICE_HOURS,
    days: [{ date: '2025-06-20', kind, intervals, name: 'x', source: 'x' }],
  });
  const some: readonly Interval[] = [{ from: 480, to: 540 }];

  test.each([
    ['holiday', [], true],
    ['holiday', some, false],
    ['swap_off', [], true],
    ['swap_off', some, false],
    ['swap_work', some, true],
    ['swap_work', [], false],
    ['custom', [], true],
    ['custom', some, true],
  ] as const)('a %s with the hours %j: right is %s', (kind, hours, right) => {
    const wrong = checkCalendar(off(kind, hours));
    if (right) expect(wrong).toBeNull();
    else {
      expect(wrong?.vi).toContain('Ngày 2025-06-20: ');
      expect(wrong?.en).toContain('2025-06-20: a day off has no hours');
    }
  });

  test('needs a stretch of hours in its week, of some length, and intervals in their order', () => {
    const weekOf = (...hours: Interval[]): Calendar => ({
      ...OFFICE_HOURS,
      days: [],
      week: [hours, ...Array.from({ length: 6 }, () => [])],
    });
    expect(checkCalendar(weekOf({ from: 480, to: 481 }))).toBeNull();
    for (const empty of [weekOf(), weekOf({ from: 480, to: 480 })]) {
      expect(checkCalendar(empty)).toEqual({
        vi: 'Tuần làm việc phải có ít nhất một khoảng giờ.',
        en: 'A working week needs at least one stretch of hours.',
      });
    }
    const wrong = checkCalendar(weekOf({ from: 600, to: 480 }));
    expect(wrong?.vi).toBe(`Lịch không hợp lệ: ${wrong?.en}`);
    expect(wrong?.en).toMatch(/\w/);
  });
});

describe('civil dates', () => {
  test('day numbers go back and forth and agree with Date', () => {
    fc.assert(
      fc.property(fc.integer({ min: -200_000, max: 200_000 }), (number) => {
        const date = isoDateOf(number);
        expect(dayNumberOf(date)).toBe(number);
        expect(Date.parse(`${date}T00:00:00Z`)).toBe(number * DAY);
      }),
    );
  });

  test.each([
    ['2025-01-31', 1, '2025-02-28'],
    ['2024-01-31', 1, '2024-02-29'],
    ['2025-11-15', 3, '2026-02-15'],
    ['2025-03-31', -1, '2025-02-28'],
  ])('%s plus %i months is %s', (date, months, expected) => {
    expect(addCalendarMonths(date, months)).toBe(expected);
  });
});

describe('Vietnamese office hours 2023-2027', () => {
  const weekdaysOff = (year: number): string[] =>
    OFFICE_HOURS.days
      .filter(({ date, intervals }) => date.startsWith(`${year}-`) && intervals.length === 0)
      .map(({ date }) => date)
      .filter((date) => new Date(`${date}T00:00:00Z`).getUTCDay() % 6 !== 0)
      .map((date) => date.slice(5));

  test.each([
    [2023, '01-02 01-20 01-23 01-24 01-25 01-26 05-01 05-02 05-03 09-01 09-04'],
    [2024, '01-01 02-08 02-09 02-12 02-13 02-14 04-18 04-29 04-30 05-01 09-02 09-03'],
    [2025, '01-01 01-27 01-28 01-29 01-30 01-31 04-07 05-02 04-30 05-01 09-01 09-02'],
    [2026, '01-01 01-02 02-16 02-17 02-18 02-19 02-20 04-27 04-30 05-01 08-31 09-01 09-02 11-24'],
    [2027, '01-01 02-05 02-08 02-09 02-10 02-11 04-16 04-30 05-03 09-02 09-03 11-24'],
  ])('%i: the weekdays off', (year, expected) => {
    expect(weekdaysOff(year).sort()).toEqual(expected.split(' ').sort());
  });

  test('the make-up days are Saturdays that are worked', () => {
    const worked = OFFICE_HOURS.days.filter(({ kind }) => kind === 'swap_work').map(({ date }) => date);
    expect(worked).toEqual(['2024-05-04', '2025-04-26', '2026-01-10', '2026-08-22']);
    expect(worked.every((date) => new Date(`${date}T00:00:00Z`).getUTCDay() === 6)).toBe(true);
    expect(worked.every((date) => isWorkingDate(OFFICE_HOURS, date))).toBe(true);
  });

  test('every day names its source, and what is not certain is provisional', () => {
    expect(
      OFFICE_HOURS.days.every(({ source, name, nameEn }) => source !== '' && name !== '' && nameEn !== ''),
    ).toBe(true);
    expect(entryOn(OFFICE_HOURS, '2026-11-24')?.provisional).toBe(true);
    expect(entryOn(OFFICE_HOURS, '2027-02-08')?.provisional).toBe(true);
    expect(entryOn(OFFICE_HOURS, '2026-01-10')?.source).toContain('12729/VPCP-KGVX');
    expect(entryOn(OFFICE_HOURS, '2026-01-10')?.provisional).toBeUndefined();
    expect(entryOn(OFFICE_HOURS, '2026-03-10')).toBeNull();
  });
});
