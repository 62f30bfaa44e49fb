import { describe, expect, test } from '@jest/globals';
import { intervalsOn } from '../../../src/domain/calendar.js';
import { hungKings, solarDate, tet } from '../../../src/domain/calendars/lunar.js';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import { statutoryDays } from '../../../src/domain/calendars/statutory.js';
import { dayNumberOf, weekdayOf } from '../../../src/domain/civil-date.js';

describe('the lunar calendar of UTC+7', () => {
  test.each([
    [1968, '1968-01-29'],
    [1985, '1985-01-21'],
    [2000, '2000-02-05'],
    [2007, '2007-02-17'],
    [2018, '2018-02-16'],
    [2020, '2020-01-25'],
    [2021, '2021-02-12'],
    [2022, '2022-02-01'],
    [2023, '2023-01-22'],
    [2024, '2024-02-10'],
    [2025, '2025-01-29'],
    [2026, '2026-02-17'],
    [2027, '2027-02-06'],
    [2028, '2028-01-26'],
    [2030, '2030-02-02'],
  ])('has Tết of %i on %s', (year, date) => {
    expect(tet(year)).toBe(date);
  });

  test.each([
    [2007, '2007-04-26'],
    [2023, '2023-04-29'],
    [2024, '2024-04-18'],
    [2025, '2025-04-07'],
    [2026, '2026-04-26'],
    [2027, '2027-04-16'],
    [2030, '2030-04-12'],
  ])('has the Hùng Kings’ day of %i on %s', (year, date) => {
    expect(hungKings(year)).toBe(date);
  });

  test('puts Tết between 20 January and 21 February, 353 to 385 days after the last', () => {
    for (let year = 1976; year <= 2099; year += 1) {
      expect(tet(year) >= `${year}-01-20` && tet(year) <= `${year}-02-21`).toBe(true);
      const days = dayNumberOf(tet(year + 1)) - dayNumberOf(tet(year));
      expect([353, 354, 355, 383, 384, 385]).toContain(days);
    }
  });

  test('counts the months after a leap month one later', () => {
    // 2023 had a leap month 2, 2025 a leap month 6.
    expect(solarDate(2023, 3, 1)).toBe('2023-04-20');
    expect(solarDate(2025, 7, 1)).toBe('2025-08-23');
    expect(solarDate(2025, 11, 1)).toBe('2025-12-20');
  });
});

describe('the statutory days off of a year that is not announced', () => {
  test.each([2023, 2024, 2025, 2026, 2027])(
    'are days off in the calendar of %i, but for the choice that is announced',
    (year) => {
      const choice = [`${year}-09-01`, `${year}-09-03`];
      const eve = tet(year);
      const missing = statutoryDays(year)
        .filter(({ date }) => intervalsOn(OFFICE_HOURS, date).length > 0)
        .map(({ date }) => date)
        .filter((date) => !choice.includes(date) && Math.abs(dayNumberOf(date) - dayNumberOf(eve)) > 7);
      expect(missing).toEqual([]);
    },
  );

  test('are eleven, or twelve with the Culture Day, each with a working day off', () => {
    for (let year = 2020; year <= 2060; year += 1) {
      const days = statutoryDays(year);
      expect(new Set(days.map(({ date }) => date)).size).toBe(days.length);
      const working = days.filter(({ date }) => weekdayOf(dayNumberOf(date)) < 5);
      expect([year, working.length]).toEqual([year, year < 2026 ? 11 : 12]);
    }
  });

  test('are provisional where an announcement decides, and certain where the law alone does', () => {
    const certain = statutoryDays(2031)
      .filter(({ provisional }) => provisional !== true)
      .map(({ date }) => date);
    expect(certain).toEqual(['2031-01-01', '2031-04-30', '2031-05-01', '2031-09-02']);
  });

  test('give Saturday and Sunday holidays the next working days instead', () => {
    const inLieu = statutoryDays(2022).filter(({ name }) => name.startsWith('Nghỉ bù'));
    // 1/1/2022 was a Saturday, 30/4 a Saturday, 1/5 a Sunday, 10/4 (Hùng Kings) a Sunday.
    expect(inLieu.map(({ date }) => date)).toEqual(['2022-01-03', '2022-04-11', '2022-05-02', '2022-05-03']);
  });
});
