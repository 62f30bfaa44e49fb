import type { Duration } from '../duration.js';
import type { IsoDate } from '../instant.js';

/** A period of the calendar that a phrase names: `quý II/2025` is `{ unit: 'quarter', year: 2025, index: 2 }`. */
export interface NamedPeriod {
  readonly unit: 'month' | 'quarter' | 'half' | 'year';
  readonly year: number;
  /** 1-based within the year; always 1 for a year. */
  readonly index: number;
}

/** When a regular task reports: on a day of each period; `last` is the period's last day. */
export interface ReportDay {
  readonly every: 'day' | 'week' | 'month' | 'quarter' | 'half' | 'year';
  /** Month and longer: day of the (last) month. Week: 1 Monday … 7 Sunday. `null`: not stated. */
  readonly day: number | 'last' | null;
}

/** What the parser assumed and a person should be shown. Stable codes; `explain.ts` has the words. */
export type ReadingNote =
  | 'year_resolved'
  | 'two_digit_year'
  | 'day_before_month'
  | 'before_counts_the_day'
  | 'weekday_differs'
  | 'from_receipt_is_issue'
  | 'approximate_words_dropped';

interface Read {
  readonly notes: readonly ReadingNote[];
}

/**
 * The rule behind a deadline phrase, JSON-safe, so that it can be kept with the phrase and resolved
 * again when the calendar changes.
 *
 * - `date`: a named date. `before` keeps the word, because a policy may read it as exclusive. `minute`
 *   is the local time of day in minutes after midnight, or null for the whole day.
 * - `end_of`: the end of a named month, quarter, half-year or year.
 * - `count`: so much time from the issue; "from receipt" counts from the delivery, which is the issue.
 * - `window`: work between two dates; its last date is the deadline.
 * - `regular`: no single date; judged by its reports, ends with the directive.
 */
export type DeadlineRule =
  | (Read & {
      readonly kind: 'date';
      readonly date: IsoDate;
      readonly minute: number | null;
      readonly before: boolean;
    })
  | (Read & { readonly kind: 'end_of'; readonly period: NamedPeriod })
  | (Read & { readonly kind: 'count'; readonly count: Duration; readonly from: 'issue' | 'receipt' })
  | (Read & { readonly kind: 'window'; readonly from: IsoDate; readonly to: IsoDate })
  | (Read & { readonly kind: 'regular'; readonly reportDays: readonly ReportDay[] });

/** The versioned settings of design §3 for where a phrase leaves room. */
export interface DeadlinePolicy {
  /** `before D`: true = D itself is already late; false = D counts as on time, as most offices read it. */
  readonly beforeIsExclusive: boolean;
  /** A named date without a time ends at 23:59:59 or at the closing of the office on that date. */
  readonly namedDateEndsAt: 'end_of_day' | 'closing';
  /** A counted rule that ends on a day off moves to the end of the next working day (Civil Code 2015, art. 148.5). */
  readonly countedOnDayOff: 'next_working_day' | 'stays';
  /** The same for a named month, quarter, half-year or year whose last day is a day off. */
  readonly periodOnDayOff: 'next_working_day' | 'stays';
  /** A bare `N ngày` counts calendar days or working days. */
  readonly bareDays: 'calendar' | 'working';
}

export const DEFAULT_DEADLINE_POLICY: DeadlinePolicy = {
  beforeIsExclusive: false,
  namedDateEndsAt: 'end_of_day',
  countedOnDayOff: 'next_working_day',
  periodOnDayOff: 'next_working_day',
  bareDays: 'calendar',
};
