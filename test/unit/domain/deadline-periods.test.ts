import { describe, expect, test } from '@jest/globals';
import {
  periodContaining,
  periodEnd,
  periodLater,
  periodStart,
  periodsInYear,
} from '../../../src/domain/deadline/periods.js';
import { type NamedPeriod, recurrenceOfMonths } from '../../../src/domain/deadline/rule.js';

type Unit = NamedPeriod['unit'];
const period = (unit: Unit, year: number, index: number): NamedPeriod => ({ unit, year, index });

describe('a named period', () => {
  test.each<[Unit, number, string, string]>([
    ['month', 1, '2024-01-01', '2024-01-31'],
    ['month', 2, '2024-02-01', '2024-02-29'],
    ['month', 12, '2024-12-01', '2024-12-31'],
    ['quarter', 1, '2024-01-01', '2024-03-31'],
    ['quarter', 4, '2024-10-01', '2024-12-31'],
    ['half', 1, '2024-01-01', '2024-06-30'],
    ['half', 2, '2024-07-01', '2024-12-31'],
    ['year', 1, '2024-01-01', '2024-12-31'],
  ])('%s %i begins on %s and ends on %s', (unit, index, start, end) => {
    const named = period(unit, 2024, index);
    expect([periodStart(named), periodEnd(named)]).toEqual([start, end]);
  });

  test.each<[Unit, number, number, number, number]>([
    ['month', 12, 1, 2026, 1],
    ['month', 11, 1, 2025, 12],
    ['month', 1, 24, 2027, 1],
    ['quarter', 4, 1, 2026, 1],
    ['half', 2, 1, 2026, 1],
    ['half', 1, 1, 2025, 2],
    ['year', 1, 2, 2027, 1],
    ['quarter', 3, 0, 2025, 3],
  ])('%s %i of 2025, %i later, is that of %i, the %i.', (unit, index, by, year, then) => {
    expect(periodLater(period(unit, 2025, index), by)).toEqual(period(unit, year, then));
  });

  test.each<[Unit, number, number]>([
    ['month', 7, 7],
    ['quarter', 3, 1],
    ['quarter', 4, 2],
    ['quarter', 12, 4],
    ['half', 6, 1],
    ['half', 7, 2],
    ['year', 12, 1],
  ])('the %s in which month %i lies is the %i.', (unit, month, index) => {
    expect(periodContaining(unit, 2025, month)).toEqual(period(unit, 2025, index));
  });

  test('is one of twelve, four, two or one a year', () => {
    const units: readonly Unit[] = ['month', 'quarter', 'half', 'year'];
    expect(units.map(periodsInYear)).toEqual([12, 4, 2, 1]);
  });
});

test('only one, three, six and twelve months are a rhythm of reports', () => {
  const found = Array.from({ length: 13 }, (_, months) => recurrenceOfMonths(months));
  expect(found.flatMap((every, months) => (every === undefined ? [] : `${months} ${every}`))).toEqual([
    '1 month',
    '3 quarter',
    '6 half',
    '12 year',
  ]);
});
