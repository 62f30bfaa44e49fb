import { addWorkingDays, type Calendar, endOfDay, startOfDay } from '../calendar.js';
import {
  addCalendarDays,
  civilDate,
  dayNumberOf,
  daysInMonth,
  isoDate,
  isoDateOf,
  weekdayOf,
} from '../civil-date.js';
import { resolveDeadline } from '../deadline/resolve.js';
import type { DeadlinePolicy, DeadlineRule } from '../deadline/rule.js';
import type { Instant, IsoDate } from '../instant.js';

/** Months of the periods that are counted in months; nine months are reported once a year. */
const MONTHS = { monthly: 1, quarterly: 3, half_yearly: 6, nine_month: 9, yearly: 12 } as const;
type MonthlyKind = keyof typeof MONTHS;

/** One stretch of an own schedule. */
export interface OwnWindow {
  readonly key: string;
  readonly opensOn: IsoDate;
  readonly closesOn: IsoDate;
}

/**
 * How often is reported, and on which day the figures are closed. For periods of months the closing day is that
 * of the period's last month, and the window begins on the day after it in the month before the period: closing
 * day 14 gives the windows of Decree 09/2019/NĐ-CP, article 12 (month 15th to 14th, year 15/12 to 14/12).
 */
export type Periodicity =
  | { readonly kind: 'daily' }
  /** `closesOn`: Monday 1 … Sunday 7. */
  | { readonly kind: 'weekly'; readonly closesOn: number }
  | { readonly kind: MonthlyKind; readonly closingDay: number | 'last' }
  | { readonly kind: 'own'; readonly windows: readonly OwnWindow[] };

/** The closing day of Decree 09/2019/NĐ-CP, article 12. */
export const DECREE_CLOSING_DAY = 14;

export interface Period {
  /** `2026-03`, `2026-Q1`, `2026-H1`, `2026-9M`, `2026`, `w2026-03-13`, `2026-03-13`, or its own. */
  readonly key: string;
  readonly opensOn: IsoDate;
  readonly closesOn: IsoDate;
}

/** The first period whose window closes on or after a date; null where an own schedule has none left. */
export function periodClosingFrom(periodicity: Periodicity, date: IsoDate): Period | null {
  switch (periodicity.kind) {
    case 'daily':
      return { key: date, opensOn: date, closesOn: date };
    case 'weekly': {
      const day = dayNumberOf(date);
      const wait = (periodicity.closesOn - 1 - weekdayOf(day) + 7) % 7;
      const closesOn = isoDateOf(day + wait);
      return { key: `w${closesOn}`, opensOn: isoDateOf(day + wait - 6), closesOn };
    }
    case 'own':
      return periodicity.windows.find((window) => window.closesOn >= date) ?? null;
    default:
      return monthsClosingFrom(periodicity.kind, periodicity.closingDay, date);
  }
}

/** The period that follows: the first that closes later. */
export function periodAfter(periodicity: Periodicity, period: Period): Period | null {
  return periodClosingFrom(periodicity, addCalendarDays(period.closesOn, 1));
}

function monthsClosingFrom(kind: MonthlyKind, closingDay: number | 'last', date: IsoDate): Period {
  const months = MONTHS[kind];
  const { year, month } = civilDate(dayNumberOf(date));
  // The month in which the date counts: behind the closing day it is the next one.
  const at = year * 12 + (month - 1) + (date > closing(year, month, closingDay) ? 1 : 0);
  const last = Math.floor(12 / months) * months;
  const inYear = (at % 12) + 1;
  const reportYear = Math.floor(at / 12) + (inYear > last ? 1 : 0);
  const index = inYear > last ? 1 : Math.ceil(inYear / months);
  const end = index * months;
  const before = reportYear * 12 + end - months - 1;
  return {
    key: keyOf(kind, reportYear, index),
    opensOn: addCalendarDays(closing(Math.floor(before / 12), (before % 12) + 1, closingDay), 1),
    closesOn: closing(reportYear, end, closingDay),
  };
}

function closing(year: number, month: number, day: number | 'last'): IsoDate {
  const most = daysInMonth(year, month);
  return isoDate(year, month, day === 'last' ? most : Math.min(day, most));
}

function keyOf(kind: MonthlyKind, year: number, index: number): string {
  switch (kind) {
    case 'monthly':
      return isoDate(year, index, 1).slice(0, 7);
    case 'quarterly':
      return `${year}-Q${index}`;
    case 'half_yearly':
      return `${year}-H${index}`;
    case 'nine_month':
      return `${year}-9M`;
    case 'yearly':
      return String(year);
  }
}

/** How a due instant came about, so that it can be counted again under an edited calendar. */
export type DueRule =
  | { readonly kind: 'working_days'; readonly from: Instant; readonly days: number }
  | { readonly kind: 'phrase'; readonly from: Instant; readonly rule: DeadlineRule };

export interface PeriodInstants {
  readonly opensAt: Instant;
  readonly closesAt: Instant;
  readonly dueAt: Instant;
  readonly rule: DueRule;
}

/** A period in instants: due at the closing of the n-th working date after the day on which the figures closed. */
export function instantsOf(period: Period, workingDays: number, calendar: Calendar): PeriodInstants {
  const from = startOfDay(calendar, period.closesOn);
  return {
    opensAt: startOfDay(calendar, period.opensOn),
    closesAt: endOfDay(calendar, period.closesOn),
    dueAt: addWorkingDays(calendar, from, workingDays),
    rule: { kind: 'working_days', from, days: workingDays },
  };
}

/** Nobody sums up what those below have still time to send: a working day after the last of them, or later. */
export function afterThoseBelow(dueAt: Instant, below: Instant, calendar: Calendar): Instant {
  return dueAt > below ? dueAt : addWorkingDays(calendar, below, 1);
}

/** What the rule of a due instant gives under a calendar; null where it gives none. */
export function dueUnder(rule: DueRule, calendar: Calendar, policy: DeadlinePolicy): Instant | null {
  if (rule.kind === 'working_days') return addWorkingDays(calendar, rule.from, rule.days);
  return resolveDeadline(rule.rule, { issuedAt: rule.from, calendar, policy }).at;
}

/** The evaluation year that a date lies in, from the day after one closing to the next (15/12 to 14/12). */
export function evaluationYear(
  closingOn: { readonly month: number; readonly day: number },
  date: IsoDate,
): { from: IsoDate; to: IsoDate } {
  const { year } = civilDate(dayNumberOf(date));
  const of = (some: number): IsoDate => closing(some, closingOn.month, closingOn.day);
  const ends = date > of(year) ? year + 1 : year;
  return { from: addCalendarDays(of(ends - 1), 1), to: of(ends) };
}
