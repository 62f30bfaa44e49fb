import {
  addWorkingDays,
  type Calendar,
  closingOn,
  endOfDay,
  intervalsOn,
  isWorkingDate,
  localDate,
  startOfDay,
} from '../calendar.js';
import { addCalendarDays, addCalendarMonths } from '../civil-date.js';
import { addDuration } from '../duration.js';
import { assertNever, type Bilingual } from '../errors.js';
import { type Instant, type IsoDate, MINUTE } from '../instant.js';
import { explain, isProvisional, whyOff } from './explain.js';
import { periodEnd, periodStart } from './periods.js';
import type { CountFrom, DeadlinePolicy, DeadlineRule } from './rule.js';

/** A day off that pushed the deadline on, with the reason in Vietnamese (`why`) and English (`whyEn`). */
export interface SkippedDay {
  readonly date: IsoDate;
  readonly why: string;
  readonly whyEn: string;
}

export interface ResolvedDeadline {
  /** The last instant that is on time. Null: a regular task whose end nobody has given yet. */
  readonly at: Instant | null;
  readonly explanation: Bilingual;
  /** The days off that a count passed over, or that the end was moved over; not those of a named date. */
  readonly skipped: readonly SkippedDay[];
  readonly calendarId: string;
  readonly calendarVersion: number;
  /** It rests on days that no document confirms, or on a year the calendar does not have yet. */
  readonly provisional: boolean;
}

export interface ResolveContext {
  /** When the directive was issued, which is also its delivery. */
  readonly issuedAt: Instant;
  readonly calendar: Calendar;
  readonly policy: DeadlinePolicy;
  /** The end of the directive, at which its regular tasks are concluded. */
  readonly regularEndsAt?: Instant | null;
}

/** Where a rule ends, and the stretch of the calendar that decided it. */
export interface Resolution {
  readonly at: Instant | null;
  /** The first and last date whose days off count for the result; null: no calendar was needed. */
  readonly decidedBy: { readonly from: IsoDate; readonly to: IsoDate } | null;
  /** The last day of the rule itself, when it was a day off and the end moved on. */
  readonly movedFrom: IsoDate | null;
}

/**
 * The instant a rule means under a calendar and a policy, with the explanation a person can read. The act
 * is on time at that instant and late after it.
 *
 * @throws RangeError when the calendar has too few working days to count.
 */
export function resolveDeadline(rule: DeadlineRule, context: ResolveContext): ResolvedDeadline {
  const resolution = resolve(rule, context);
  const { calendar } = context;
  const skipped = resolution.decidedBy === null ? [] : daysOff(calendar, resolution.decidedBy);
  return {
    at: resolution.at,
    explanation: explain({ rule, context, resolution, skipped }),
    skipped,
    calendarId: calendar.id,
    calendarVersion: calendar.version,
    provisional: resolution.decidedBy !== null && isProvisional(calendar, resolution.decidedBy),
  };
}

function resolve(rule: DeadlineRule, context: ResolveContext): Resolution {
  const { calendar, policy } = context;
  switch (rule.kind) {
    case 'date':
      return namedDate(rule.date, rule.minute, rule.before, context);
    case 'part_of': {
      const day = rule.part === 'beginning' ? policy.beginningOfMonth : policy.middleOfMonth;
      const date = addCalendarDays(periodStart(rule.period), day - 1);
      return namedDate(date, null, rule.before, context);
    }
    case 'end_of':
      return endOfPeriod(periodEnd(rule.period), context);
    case 'window':
      return rule.toPeriod ? endOfPeriod(rule.to, context) : namedDate(rule.to, null, false, context);
    case 'count':
      return endOfCount(rule, context);
    case 'months': {
      const last = addCalendarMonths(localDate(calendar, countStart(rule.from, context)), rule.months);
      return endOfLastDay(last, context);
    }
    case 'regular': {
      const end = endOfRegular(rule, calendar) ?? context.regularEndsAt ?? null;
      return { at: end, decidedBy: null, movedFrom: null };
    }
    default:
      return assertNever(rule);
  }
}

/** The end that the words of a regular task name themselves; null where they leave it to the directive. */
export function endOfRegular(rule: DeadlineRule, calendar: Calendar): Instant | null {
  return rule.kind !== 'regular' || rule.until === null ? null : endOfDay(calendar, rule.until);
}

/** A named date stays where it is, also on a day off (design §3). */
function namedDate(
  named: IsoDate,
  minute: number | 'closing' | null,
  before: boolean,
  { calendar, policy }: ResolveContext,
): Resolution {
  // With a time of day `before 17h00` has one reading only: the policy is about whole days.
  const exclusive = before && minute === null && policy.beforeIsExclusive;
  const date = exclusive ? addCalendarDays(named, -1) : named;
  const midnight = endOfDay(calendar, date);
  const still = { decidedBy: null, movedFrom: null };
  if (typeof minute === 'number') {
    return { at: Math.min(startOfDay(calendar, date) + minute * MINUTE, midnight), ...still };
  }
  const byClosing = minute === 'closing' || policy.namedDateEndsAt === 'closing';
  // The office does not close on a day off: then the whole day is left.
  return { at: byClosing ? (closingOn(calendar, date) ?? midnight) : midnight, ...still };
}

function endOfPeriod(last: IsoDate, context: ResolveContext): Resolution {
  const { calendar, policy } = context;
  if (isWorkingDate(calendar, last) || policy.periodOnDayOff === 'stays') {
    const { at } = namedDate(last, null, false, context);
    return { at, decidedBy: { from: last, to: last }, movedFrom: null };
  }
  return movedOn(last, calendar);
}

/**
 * A count of days, weeks or months ends with its last day, the first one not counted; a last day that is
 * a day off moves to the end of the next working day (Civil Code 2015, articles 147 paragraph 2 and 148
 * paragraph 5).
 */
function endOfLastDay(last: IsoDate, { calendar, policy }: ResolveContext): Resolution {
  const closing = closingOn(calendar, last);
  if (closing === null && policy.countedOnDayOff === 'next_working_day') return movedOn(last, calendar);
  const atClosing = policy.countEndsAt === 'closing' && closing !== null;
  return {
    at: atClosing ? closing : endOfDay(calendar, last),
    decidedBy: { from: last, to: last },
    movedFrom: null,
  };
}

function movedOn(last: IsoDate, calendar: Calendar): Resolution {
  const at = addWorkingDays(calendar, startOfDay(calendar, last), 0);
  return { at, decidedBy: { from: last, to: localDate(calendar, at) }, movedFrom: last };
}

function endOfCount(rule: Extract<DeadlineRule, { kind: 'count' }>, context: ResolveContext): Resolution {
  const { calendar, policy } = context;
  const start = countStart(rule.from, context);
  const { value } = rule.count;
  const unit = rule.bare && rule.count.unit === 'd' && policy.bareDays === 'working' ? 'wd' : rule.count.unit;
  if (unit === 'd') return endOfLastDay(addCalendarDays(localDate(calendar, start), value), context);
  const end = addDuration(calendar, start, { value, unit });
  // Seconds, minutes and hours are counted through, from the moment itself (Civil Code 2015, article 147 paragraph 1);
  // like every count, one that ends on a day off ends with the next working day (article 148 paragraph 5).
  if (unit !== 'wd' && unit !== 'wh') return endOfHours(end, context);
  const to = localDate(calendar, end);
  const first = localDate(calendar, start);
  const from = unit === 'wd' ? addCalendarDays(first, 1) : first;
  const closes = unit === 'wh' || policy.countEndsAt === 'closing';
  return { at: closes ? end : endOfDay(calendar, to), decidedBy: { from, to }, movedFrom: null };
}

function endOfHours(end: Instant, { calendar, policy }: ResolveContext): Resolution {
  const last = localDate(calendar, end);
  const moves = policy.countedOnDayOff === 'next_working_day' && !isWorkingDate(calendar, last);
  if (moves) return movedOn(last, calendar);
  return { at: end, decidedBy: { from: last, to: last }, movedFrom: null };
}

function countStart(from: CountFrom, { calendar, issuedAt }: ResolveContext): Instant {
  return typeof from === 'object' ? startOfDay(calendar, from.date) : issuedAt;
}

/** The days off from one date to another, both included. */
function daysOff(calendar: Calendar, { from, to }: { from: IsoDate; to: IsoDate }): SkippedDay[] {
  const found: SkippedDay[] = [];
  for (let date = from; date <= to; date = addCalendarDays(date, 1)) {
    if (intervalsOn(calendar, date).length > 0) continue;
    const why = whyOff(calendar, date);
    found.push({ date, why: why.vi, whyEn: why.en });
  }
  return found;
}
