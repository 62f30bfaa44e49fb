import { daysInMonth, isoDate } from '../civil-date.js';
import type { IsoDate } from '../instant.js';
import type { NamedPeriod } from './rule.js';

const MONTHS = { month: 1, quarter: 3, half: 6, year: 12 } as const;

/** How many periods of the unit a year has. */
export function periodsInYear(unit: NamedPeriod['unit']): number {
  return 12 / MONTHS[unit];
}

/** The first date of a period. */
export function periodStart({ unit, year, index }: NamedPeriod): IsoDate {
  return isoDate(year, (index - 1) * MONTHS[unit] + 1, 1);
}

/** The last date of a period. */
export function periodEnd({ unit, year, index }: NamedPeriod): IsoDate {
  const month = index * MONTHS[unit];
  return isoDate(year, month, daysInMonth(year, month));
}

/** The period so many later, over the turn of the year. */
export function periodLater({ unit, year, index }: NamedPeriod, by: number): NamedPeriod {
  const count = periodsInYear(unit);
  const place = year * count + (index - 1) + by;
  return { unit, year: Math.floor(place / count), index: (place % count) + 1 };
}

/** The period of a unit that a month lies in. */
export function periodContaining(unit: NamedPeriod['unit'], year: number, month: number): NamedPeriod {
  return { unit, year, index: Math.ceil(month / MONTHS[unit]) };
}
