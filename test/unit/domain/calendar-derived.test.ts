import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Calendar, CalendarDay } from '../../../src/domain/calendar.js';
import { daysAlongWith, sameDay } from '../../../src/domain/calendars/derived.js';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';

const off = (date: string, source = 'QĐ 1'): CalendarDay => ({
  ...{ date, kind: 'holiday', intervals: [], name: 'Nghỉ', source },
});
const worked = (date: string, to = 690): CalendarDay => ({
  ...{ date, kind: 'swap_work', intervals: [{ from: 480, to }], name: 'Làm bù', source: 'QĐ 2' },
});
const having = (...days: readonly CalendarDay[]): Calendar => ({ ...OFFICE_HOURS, days });
const DATES = ['2026-03-02', '2026-03-03', '2026-03-04'];

const someDays = fc
  .tuple(...DATES.map((date) => fc.constantFrom(null, off(date), worked(date), worked(date, 600))))
  .map((days) => having(...days.filter((day) => day !== null)));

const on = (days: readonly CalendarDay[], date: string): CalendarDay | undefined =>
  days.find((day) => day.date === date);

describe('a calendar that began as a copy', () => {
  test('has a holiday that is announced later, and loses one that is taken back', () => {
    const [tet, storm] = [off('2026-02-17'), off('2026-09-01')];
    expect(daysAlongWith(having(tet), having(tet), having(tet, storm))).toEqual([tet, storm]);
    expect(daysAlongWith(having(tet, storm), having(tet, storm), having(tet))).toEqual([tet]);
  });

  test('keeps what it has decided otherwise, and has the source that confirms a day of both', () => {
    const own = worked('2026-09-01');
    expect(daysAlongWith(having(own), having(), having(off('2026-09-01')))).toEqual([own]);
    const [guessed, announced] = [off('2026-02-17', 'dự kiến'), off('2026-02-17', '9/TB')];
    expect(daysAlongWith(having(guessed), having(guessed), having(announced))).toEqual([announced]);
  });

  test('keeps its own source where the other was not edited', () => {
    const [own, national, other] = [off('2026-09-01', 'riêng'), off('2026-09-01'), off('2026-10-10')];
    expect(daysAlongWith(having(own), having(national), having(national, other))).toEqual([own, other]);
  });

  test('agrees with the other on what was edited wherever it did before, and is its own elsewhere', () => {
    fc.assert(
      fc.property(someDays, someDays, someDays, (own, before, after) => {
        const days = daysAlongWith(own, before, after);
        for (const date of DATES) {
          const [mine, was, is] = [own, before, after].map((calendar) => on(calendar.days, date));
          const edited = JSON.stringify(was) !== JSON.stringify(is);
          expect(on(days, date)).toEqual(edited && sameDay(mine, was) ? is : mine);
        }
        expect(days.map(({ date }) => date)).toEqual(DATES.filter((date) => on(days, date) !== undefined));
      }),
    );
  });
});
