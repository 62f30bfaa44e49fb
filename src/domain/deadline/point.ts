import { civilDate, dayNumber, dayNumberOf, isoDate, isRealDate, weekdayOf } from '../civil-date.js';
import type { IsoDate } from '../instant.js';
import { type DeadlineFinding, finding } from './findings.js';
import { periodContaining, periodEnd, periodLater, periodStart, periodsInYear } from './periods.js';
import type { NamedPeriod, ReadingNote } from './rule.js';
import type { Token, TokenOf } from './tokens.js';

/** A date or a period of the calendar that a phrase names, with its year. */
export type Point =
  | { readonly kind: 'date'; readonly date: IsoDate; readonly weekday: number }
  | { readonly kind: 'period'; readonly period: NamedPeriod };

/** What the reading of one phrase knows and has assumed so far. */
export interface Reading {
  readonly documentDate: IsoDate | null;
  readonly notes: Set<ReadingNote>;
  /** The end of a window: its start borrows year and month from it. */
  readonly before?: Point;
}

const UNIT_NAMES = {
  day: 'ngày (day)',
  week: 'tuần (week)',
  month: 'tháng (month)',
  quarter: 'quý (quarter)',
  half: 'nửa năm (half-year)',
  year: 'năm (year)',
} as const;

/** Years a directive can sensibly name; anything else is a slip of the keyboard. */
const FIRST_YEAR = 1945;
const LAST_YEAR = 2199;

/**
 * Joins a date or period without a year to the year that follows it (`quý II năm 2025`, `20/6, năm nay`),
 * a day to the month that follows it (`ngày 20 tháng này`), and drops commas.
 */
export function joinYears(tokens: readonly Token[], documentDate: IsoDate | null): readonly Token[] {
  const joined: Token[] = [];
  for (const token of tokens) {
    if (token.kind === 'word' && token.word === 'comma') continue;
    const last = joined.at(-1);
    const merged = last === undefined ? null : merge(last, token, documentDate);
    if (merged === null) joined.push(token);
    else joined[joined.length - 1] = merged;
  }
  return joined;
}

function merge(left: Token, right: Token, documentDate: IsoDate | null): Token | null {
  const yearless = (left.kind === 'date' || left.kind === 'period') && left.year === null;
  if (yearless && right.kind === 'period' && right.unit === 'year') return { ...left, year: right.year };
  if (yearless && right.kind === 'relative' && right.unit === 'year' && !right.bare) {
    // Without a document date the year stays missing, which is the finding it deserves.
    const year = documentDate === null ? null : Number(documentDate.slice(0, 4)) + right.shift;
    return { ...left, year, yearNote: 'relative_to_document' };
  }
  // `the month of August`: the bare unit only says what the name is.
  if (left.kind === 'relative' && left.bare && right.kind === 'period' && right.unit === left.unit)
    return right;
  if (left.kind === 'day' && right.kind === 'period' && right.unit === 'month') {
    const { year, yearNote, index } = right;
    return { kind: 'date', day: left.day, month: index, year, yearNote, figures: false };
  }
  if (left.kind === 'day' && right.kind === 'relative' && right.unit === 'month') {
    return { ...right, day: left.day };
  }
  // `thứ Sáu tuần sau`: weeks begin on Monday.
  if (left.kind === 'weekday' && right.kind === 'relative' && right.unit === 'week' && right.day === null)
    return { ...right, day: left.weekday };
  return null;
}

/** The date or period of a token, its year found where it is missing. */
export function pointOf(token: Token, reading: Reading): Point | DeadlineFinding {
  if (token.kind === 'date') return dateOf(token, reading);
  if (token.kind === 'period') return periodOf(token, reading);
  if (token.kind === 'relative') return relativeTo(token, reading);
  if (token.kind === 'day') return dayWithin(token, reading);
  return finding('not_understood');
}

function datePoint(year: number, month: number, day: number): Point | DeadlineFinding {
  const possible = year >= FIRST_YEAR && year <= LAST_YEAR && isRealDate(year, month, day);
  if (!possible) return finding('impossible_date', `${day}/${month}/${year}`);
  return {
    kind: 'date',
    date: isoDate(year, month, day),
    weekday: weekdayOf(dayNumber(year, month, day)) + 1,
  };
}

function dateOf(token: TokenOf<'date'>, reading: Reading): Point | DeadlineFinding {
  const { day, month, year, yearNote, figures } = token;
  if (yearNote !== null) reading.notes.add(yearNote);
  if (figures && day <= 12 && month <= 12 && day !== month) reading.notes.add('day_before_month');
  if (year !== null) return datePoint(year, month, day);
  // 2024 is a leap year: a 29 February without a year may exist in another one.
  if (!isRealDate(2024, month, day)) return finding('impossible_date', `${day}/${month}`);
  if (reading.before !== undefined) return lastBefore(reading.before, month, day);
  if (reading.documentDate === null) return finding('year_missing', `${day}/${month}`);
  reading.notes.add('year_resolved');
  const from = civilDate(dayNumberOf(reading.documentDate)).year;
  for (let candidate = from; ; candidate += 1) {
    if (isRealDate(candidate, month, day) && isoDate(candidate, month, day) >= reading.documentDate) {
      return datePoint(candidate, month, day);
    }
  }
}

/** The start of a window without a year: the last such date before the window's end. */
function lastBefore(end: Point, month: number, day: number): Point | DeadlineFinding {
  const limit = end.kind === 'date' ? end.date : periodEnd(end.period);
  const year = Number(limit.slice(0, 4));
  return datePoint(isoDate(year, month, day) <= limit ? year : year - 1, month, day);
}

function periodOf(token: TokenOf<'period'>, reading: Reading): Point | DeadlineFinding {
  const { unit, index, year, yearNote } = token;
  if (index < 1 || index > periodsInYear(unit))
    return finding('impossible_date', `${UNIT_NAMES[unit]} ${index}`);
  if (yearNote !== null) reading.notes.add(yearNote);
  if (year !== null) {
    if (year < FIRST_YEAR || year > LAST_YEAR) return finding('impossible_date', String(year));
    return { kind: 'period', period: { unit, year, index } };
  }
  const limit = reading.before === undefined ? null : endOfPoint(reading.before);
  if (limit !== null) {
    const same: NamedPeriod = { unit, year: Number(limit.slice(0, 4)), index };
    // `từ tháng 6 đến 15/6/2025` begins in the month in which it ends.
    return { kind: 'period', period: periodStart(same) <= limit ? same : { ...same, year: same.year - 1 } };
  }
  if (reading.documentDate === null) return finding('year_missing', `${UNIT_NAMES[unit]} ${index}`);
  reading.notes.add('year_resolved');
  const thisYear: NamedPeriod = { unit, year: Number(reading.documentDate.slice(0, 4)), index };
  const over = periodEnd(thisYear) < reading.documentDate;
  return { kind: 'period', period: over ? { ...thisYear, year: thisYear.year + 1 } : thisYear };
}

const endOfPoint = (point: Point): IsoDate => (point.kind === 'date' ? point.date : periodEnd(point.period));

/** `tháng này`, `next quarter`, `ngày mai`, and a bare `trong năm`: counted from the document's date. */
function relativeTo(token: TokenOf<'relative'>, reading: Reading): Point | DeadlineFinding {
  const { unit, shift } = token;
  // `ngày 20 của tháng` may be every month's: it is a report day, not a date.
  if (token.day !== null && token.bare) return finding('incomplete_date', `ngày ${token.day}`);
  // Offices differ on whether a week ends on Friday or Sunday.
  if (unit === 'week' && token.day === null) return finding('ambiguous', 'tuần / week');
  if (reading.documentDate === null) return finding('year_missing', UNIT_NAMES[unit]);
  reading.notes.add('relative_to_document');
  const today = dayNumberOf(reading.documentDate);
  const inWeek = 7 * shift - weekdayOf(today) + (token.day ?? 1) - 1;
  const days = unit === 'day' ? shift : unit === 'week' ? inWeek : 0;
  const { year, month, day } = civilDate(today + days);
  if (unit === 'day' || unit === 'week') return datePoint(year, month, day);
  const period = periodLater(periodContaining(unit, year, month), shift);
  return token.day === null ? { kind: 'period', period } : datePoint(period.year, period.index, token.day);
}

/** `từ ngày 20 đến 30/6/2025`: the day's month is the end's, or the month before. Alone a day is no date. */
function dayWithin({ day }: TokenOf<'day'>, { before }: Reading): Point | DeadlineFinding {
  if (before?.kind !== 'date') return finding('incomplete_date', `ngày ${day}`);
  const { year, month, day: last } = civilDate(dayNumberOf(before.date));
  if (day <= last) return datePoint(year, month, day);
  return month === 1 ? datePoint(year - 1, 12, day) : datePoint(year, month - 1, day);
}
