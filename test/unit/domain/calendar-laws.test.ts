import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  addWorkingDays,
  addWorkingTime,
  type Calendar,
  type CalendarDay,
  closingOn,
  type Interval,
  isWorking,
  isWorkingDate,
  localDate,
  nextOpening,
  openingAfterWorkingDays,
  subtractWorkingTime,
  workingTimeBetween,
} from '../../../src/domain/calendar.js';
import { addCalendarDays } from '../../../src/domain/civil-date.js';
import { type IsoDate, MINUTE, SECOND } from '../../../src/domain/instant.js';

import { at } from './local-times.js';

const interval = fc
  .tuple(fc.integer({ min: 0, max: 1440 }), fc.integer({ min: 0, max: 1440 }))
  .map(([a, b]): Interval => ({ from: Math.min(a, b), to: Math.max(a, b) }));
const FIRST: IsoDate = '2025-01-20';
const day = fc.record({
  offset: fc.integer({ min: 0, max: 30 }),
  intervals: fc.array(interval, { maxLength: 2 }),
});
/** Odd weeks and many overrides in one month, with at least one real working stretch in each week. */
const calendar = fc
  .record({
    week: fc.array(fc.array(interval, { maxLength: 3 }), { minLength: 7, maxLength: 7 }),
    days: fc.uniqueArray(day, { maxLength: 12, selector: ({ offset }) => offset }),
    offset: fc.constantFrom(0, 420, -300),
  })
  .map(
    ({ week, days, offset }): Calendar => ({
      id: 'generated',
      version: 1,
      utcOffsetMinutes: offset,
      week: [[{ from: 480, to: 600 }, ...(week[0] ?? [])], ...week.slice(1)],
      days: days.map(
        ({ offset: add, intervals }): CalendarDay => ({
          date: addCalendarDays(FIRST, add),
          kind: 'custom',
          intervals,
          name: 'x',
          source: 'x',
        }),
      ),
    }),
  );
const instant = fc
  .integer({ min: 0, max: 45 * 24 * 60 * 60 })
  .map((seconds) => at('2025-01-15 00:00') + seconds * SECOND);
const budget = fc.integer({ min: 0, max: 200 * 3600 }).map((seconds) => seconds * SECOND);

describe('laws of working time', () => {
  test('adding is monotone in the start and in the amount', () => {
    fc.assert(
      fc.property(calendar, instant, instant, budget, budget, (c, a, b, x, y) => {
        const [early, late] = [Math.min(a, b), Math.max(a, b)];
        expect(addWorkingTime(c, early, x)).toBeLessThanOrEqual(addWorkingTime(c, late, x));
        expect(addWorkingTime(c, a, Math.min(x, y))).toBeLessThanOrEqual(
          addWorkingTime(c, a, Math.max(x, y)),
        );
      }),
    );
  });

  test('adding a and then b is adding a + b', () => {
    fc.assert(
      fc.property(calendar, instant, budget, budget, (c, from, x, y) => {
        expect(addWorkingTime(c, addWorkingTime(c, from, x), y)).toBe(addWorkingTime(c, from, x + y));
      }),
    );
  });

  test('what was added lies between, also after going back', () => {
    fc.assert(
      fc.property(calendar, instant, budget, (c, from, x) => {
        const later = addWorkingTime(c, from, x);
        expect(workingTimeBetween(c, from, later)).toBe(x);
        expect(workingTimeBetween(c, subtractWorkingTime(c, from, x), from)).toBe(x);
        // Back again: the same instant, or another end of the same closed stretch.
        const back = subtractWorkingTime(c, later, x);
        expect(workingTimeBetween(c, Math.min(back, from), Math.max(back, from))).toBe(0);
      }),
    );
  });

  test('it is additive over a middle instant', () => {
    fc.assert(
      fc.property(calendar, instant, instant, instant, (c, x, y, z) => {
        const [a, b, d] = [x, y, z].sort((p, q) => p - q) as [number, number, number];
        expect(workingTimeBetween(c, a, b) + workingTimeBetween(c, b, d)).toBe(workingTimeBetween(c, a, d));
      }),
    );
  });

  test('it never lands outside working time: in it, or at a closing', () => {
    fc.assert(
      fc.property(calendar, instant, budget, (c, from, x) => {
        const later = addWorkingTime(c, from, x);
        expect(isWorking(c, later) || isWorking(c, later - 1)).toBe(true);
        const earlier = subtractWorkingTime(c, from, x);
        expect(isWorking(c, earlier) || isWorking(c, earlier - 1)).toBe(true);
        const opening = nextOpening(c, from);
        expect(isWorking(c, opening)).toBe(true);
        expect(workingTimeBetween(c, from, opening)).toBe(0);
      }),
    );
  });

  test('pauses outside hours change nothing, inside they are taken off once', () => {
    fc.assert(
      fc.property(
        calendar,
        instant,
        instant,
        fc.array(fc.tuple(instant, instant), { maxLength: 4 }),
        (c, a, b, p) => {
          const [from, to] = [Math.min(a, b), Math.max(a, b)];
          const pauses = p.map(([x, y]) => ({ from: Math.min(x, y), to: Math.max(x, y) }));
          const paused = workingTimeBetween(c, from, to, pauses);
          expect(workingTimeBetween(c, from, to, [...pauses, ...pauses])).toBe(paused);
          const opening = nextOpening(c, from);
          const closed = { from, to: Math.min(opening, to) };
          expect(workingTimeBetween(c, from, to, [...pauses, closed])).toBe(paused);
        },
      ),
    );
  });

  test('pauses in any order, also overlapping ones, agree with counting the minutes outside them', () => {
    const minute = instant.map((x) => Math.floor(x / MINUTE) * MINUTE);
    const pause = fc
      .tuple(minute, fc.integer({ min: 0, max: 3000 }))
      .map(([from, length]) => ({ from, to: from + length * MINUTE }));
    fc.assert(
      fc.property(
        calendar,
        minute,
        fc.integer({ min: 0, max: 4000 }),
        fc.array(pause, { maxLength: 4 }),
        (c, from, length, pauses) => {
          let worked = 0;
          for (let i = from; i < from + length * MINUTE; i += MINUTE) {
            const paused = pauses.some((one) => i >= one.from && i < one.to);
            if (!paused && isWorking(c, i)) worked += MINUTE;
          }
          expect(workingTimeBetween(c, from, from + length * MINUTE, pauses)).toBe(worked);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('it agrees with counting every minute', () => {
    fc.assert(
      fc.property(
        calendar,
        instant.map((x) => Math.floor(x / MINUTE) * MINUTE),
        fc.integer({ min: 0, max: 6000 }),
        (c, from, length) => {
          let worked = 0;
          for (let i = 0; i < length; i += 1) if (isWorking(c, from + i * MINUTE)) worked += MINUTE;
          expect(workingTimeBetween(c, from, from + length * MINUTE)).toBe(worked);
          if (worked === 0) return;
          let until = from;
          for (let left = worked; left > 0; until += MINUTE) if (isWorking(c, until)) left -= MINUTE;
          expect(addWorkingTime(c, from, worked)).toBe(until);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('working days agree with walking the dates', () => {
    fc.assert(
      fc.property(calendar, instant, fc.integer({ min: -40, max: 40 }), (c, from, n) => {
        let date = localDate(c, from);
        let left = n === 0 ? (isWorkingDate(c, date) ? 0 : 1) : Math.abs(n);
        while (left > 0) {
          date = addCalendarDays(date, n < 0 ? -1 : 1);
          if (isWorkingDate(c, date)) left -= 1;
        }
        expect(localDate(c, addWorkingDays(c, from, n))).toBe(date);
        expect(addWorkingDays(c, from, n)).toBe(closingOn(c, date));
        expect(localDate(c, openingAfterWorkingDays(c, from, n))).toBe(date);
        expect(isWorking(c, openingAfterWorkingDays(c, from, n))).toBe(true);
      }),
    );
  });
});
