import type { Duration } from '../duration.js';
import type { IsoDate } from '../instant.js';

/** A period of the calendar that a phrase names: `quý II/2025` is `{ unit: 'quarter', year: 2025, index: 2 }`. */
export interface NamedPeriod {
  readonly unit: 'month' | 'quarter' | 'half' | 'year';
  readonly year: number;
  /** 1-based within the year; always 1 for a year. */
  readonly index: number;
}

export type Recurrence = 'day' | 'week' | 'month' | 'quarter' | 'half' | 'year';

const MONTHS_APART = new Map<number, Recurrence>([
  [1, 'month'],
  [3, 'quarter'],
  [6, 'half'],
  [12, 'year'],
]);

/** The recurrence whose periods are so many months long. */
export const recurrenceOfMonths = (months: number): Recurrence | undefined => MONTHS_APART.get(months);

/**
 * A day on which a regular task reports. `day` is the day of the month (week: 1 Monday … 7 Sunday), `last`
 * the period's last one, null when the phrase does not say; `month` only for a yearly one. `once` is a date
 * the phrase names beside its periodic word.
 */
export type ReportDay =
  | { readonly every: Recurrence; readonly month: number | null; readonly day: number | 'last' | null }
  | { readonly every: 'once'; readonly date: IsoDate };

/** What the reader of the phrase assumed and a person must be shown. Stable codes; `explain.ts` has the words. */
export type ReadingNote =
  | 'year_resolved'
  | 'two_digit_year'
  | 'day_before_month'
  | 'relative_to_document'
  /** A time of day beside a recurrence: report days have none, and it is said that it judges nobody. */
  | 'time_left_out';

interface Read {
  readonly notes: readonly ReadingNote[];
}

/** Where a count begins: at the issue, at the receipt (which is the delivery at issue), or on a stated date. */
export type CountFrom = 'issue' | 'receipt' | { readonly date: IsoDate };

/**
 * The rule behind a deadline phrase, JSON-safe, kept beside the phrase and resolved again when the
 * calendar changes.
 *
 * - `date`: a named date. `before` keeps the word, as a policy may read it as exclusive. `minute` is a local
 *   time of day in minutes after midnight, `closing` the end of office hours, null the whole day.
 * - `end_of`: the end of a named month, quarter, half-year or year.
 * - `part_of`: the beginning or the middle of a named month.
 * - `count`: so much time; `bare` marks `N ngày` that says neither working nor calendar days.
 * - `months`: whole months, which have no fixed length.
 * - `window`: work between two dates; the last one is the deadline. `toPeriod`: it is the end of a period.
 * - `regular`: no single date; judged by its reports, concluded with the directive, or on `until` where the
 *   phrase itself ends it (`hằng tháng trong năm 2025`).
 */
export type DeadlineRule =
  | (Read & {
      readonly kind: 'date';
      readonly date: IsoDate;
      readonly minute: number | 'closing' | null;
      readonly before: boolean;
    })
  | (Read & { readonly kind: 'end_of'; readonly period: NamedPeriod })
  | (Read & {
      readonly kind: 'part_of';
      readonly period: NamedPeriod;
      readonly part: 'beginning' | 'middle';
      readonly before: boolean;
    })
  | (Read & {
      readonly kind: 'count';
      readonly count: Duration;
      readonly bare: boolean;
      readonly from: CountFrom;
    })
  | (Read & { readonly kind: 'months'; readonly months: number; readonly from: CountFrom })
  | (Read & {
      readonly kind: 'window';
      readonly from: IsoDate;
      readonly to: IsoDate;
      readonly toPeriod: boolean;
    })
  | (Read & {
      readonly kind: 'regular';
      readonly reportDays: readonly ReportDay[];
      readonly until: IsoDate | null;
    });

/** The versioned settings of design §3 for where a phrase leaves room. */
export interface DeadlinePolicy {
  /** `before D`: true = D itself is already late; false = D counts as on time, as most offices read it. */
  readonly beforeIsExclusive: boolean;
  /** A named date without a time ends at 23:59:59, or at the closing of the office on that date. */
  readonly namedDateEndsAt: 'end_of_day' | 'closing';
  /** A count of days, weeks or months ends at the closing of its last day, or at 23:59:59 of it. */
  readonly countEndsAt: 'closing' | 'end_of_day';
  /** A count whose last day is a day off moves to the end of the next working day (Civil Code 2015, art. 148.5). */
  readonly countedOnDayOff: 'next_working_day' | 'stays';
  /** The same for a named month, quarter, half-year or year whose last day is a day off. */
  readonly periodOnDayOff: 'next_working_day' | 'stays';
  /** A bare `N ngày` counts calendar days or working days. */
  readonly bareDays: 'calendar' | 'working';
  /** The day of the month that its beginning and its middle mean. */
  readonly beginningOfMonth: number;
  readonly middleOfMonth: number;
}

export const DEFAULT_DEADLINE_POLICY: DeadlinePolicy = {
  beforeIsExclusive: false,
  namedDateEndsAt: 'end_of_day',
  countEndsAt: 'closing',
  countedOnDayOff: 'next_working_day',
  periodOnDayOff: 'next_working_day',
  bareDays: 'calendar',
  beginningOfMonth: 1,
  middleOfMonth: 15,
};
