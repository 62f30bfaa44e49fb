import {
  type CalendarIndex,
  dayOf,
  dayReaching,
  indexOf,
  intervalsOfDay,
  midnight,
  overridesBefore,
  sumBefore,
} from './calendar-index.js';
import { type DayNumber, dayNumberOf, isoDateOf } from './civil-date.js';
import type { Bilingual } from './errors.js';
import { DAY, type Instant, type IsoDate, MINUTE, SECOND } from './instant.js';

/** Working time of a day in minutes after local midnight, half-open, 0..1440 (24:00 is 1440). */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** A date whose hours differ from its weekday's; `intervals` replace them, none = a day off. */
export interface CalendarDay {
  readonly date: IsoDate;
  readonly kind: 'holiday' | 'swap_off' | 'swap_work' | 'custom';
  readonly intervals: readonly Interval[];
  /** What a Vietnamese reader is told; `nameEn` for an English one. */
  readonly name: string;
  readonly nameEn?: string;
  /** The document that says so. */
  readonly source: string;
  /** Not (yet) confirmed by a document: every deadline that rests on it says so. */
  readonly provisional?: boolean;
}

/**
 * The working hours of an office. A value: an edit makes another one with a higher version.
 *
 * The offset is fixed because Asia/Ho_Chi_Minh has had +07:00 without summer time since 1975; zone
 * tables would make a workflow's replay depend on the machine it runs on.
 */
export interface Calendar {
  readonly id: string;
  readonly version: number;
  readonly utcOffsetMinutes: number;
  /** Seven entries, Monday first. */
  readonly week: readonly (readonly Interval[])[];
  readonly days: readonly CalendarDay[];
  /** The calendar that it began as a copy of, whose days it goes along with; absent: none. */
  readonly basedOn?: string;
}

/** Which calendar, and which version of it. */
export interface CalendarRef {
  readonly id: string;
  readonly version: number;
}

export const sameCalendar = (one: CalendarRef, other: CalendarRef): boolean =>
  one.id === other.id && one.version === other.version;

/** A stretch of time that does not count, such as a suspension. */
export interface Pause {
  readonly from: Instant;
  readonly to: Instant;
}

/** Whether the office is open at the instant; at its closing it is not. */
export function isWorking(calendar: Calendar, at: Instant): boolean {
  const index = indexOf(calendar);
  const day = dayOf(index, at);
  const since = at - midnight(index, day);
  return intervalsOfDay(index, day).some(({ from, to }) => since >= from * MINUTE && since < to * MINUTE);
}

/** Whether the date has any working time. */
export function isWorkingDate(calendar: Calendar, date: IsoDate): boolean {
  return intervalsOn(calendar, date).length > 0;
}

/** The working hours of a date, in order, adjoining ones joined. */
export function intervalsOn(calendar: Calendar, date: IsoDate): readonly Interval[] {
  return intervalsOfDay(indexOf(calendar), dayNumberOf(date));
}

/** The dated entry of the calendar for a date, if it has one. */
export function entryOn(calendar: Calendar, date: IsoDate): CalendarDay | null {
  const index = indexOf(calendar);
  const day = dayNumberOf(date);
  const place = overridesBefore(index, day);
  return index.overrideDays[place] === day ? (index.entries[place] ?? null) : null;
}

/** Working milliseconds from the index's fixed day to the instant: never falls, flat while closed. */
function workedBy(index: CalendarIndex, at: Instant): number {
  const day = dayOf(index, at);
  const since = at - midnight(index, day);
  let worked = sumBefore(index, index.time, day);
  for (const { from, to } of intervalsOfDay(index, day)) {
    worked += Math.max(0, Math.min(since, to * MINUTE) - from * MINUTE);
  }
  return worked;
}

/** The first instant by which so much has been worked: a budget that is used up at closing ends there. */
function firstInstantOf(index: CalendarIndex, worked: number): Instant {
  const day = dayReaching(index, index.time, worked);
  let rest = worked - sumBefore(index, index.time, day);
  for (const { from, to } of intervalsOfDay(index, day)) {
    const length = (to - from) * MINUTE;
    if (rest <= length) return midnight(index, day) + from * MINUTE + rest;
    rest -= length;
  }
  throw new RangeError('The calendar has no working time there');
}

/** The last instant by which no more has been worked: the opening after a closed stretch. */
function lastInstantOf(index: CalendarIndex, worked: number): Instant {
  // One more millisecond is worked just after it; instants and hours are whole milliseconds.
  return firstInstantOf(index, worked + 1) - 1;
}

/** A budget in whole milliseconds: 1.3 working hours are not one. */
function budget(ms: number): number {
  if (!(Number.isFinite(ms) && ms >= 0)) throw new RangeError(`Not a stretch of working time: ${ms} ms`);
  return Math.round(ms);
}

/**
 * The instant itself when the office is open, else the next opening.
 *
 * @throws RangeError when the calendar never opens again.
 */
export function nextOpening(calendar: Calendar, at: Instant): Instant {
  const index = indexOf(calendar);
  return isWorking(calendar, at) ? at : lastInstantOf(index, workedBy(index, at));
}

/**
 * The instant at which so much working time has passed. A budget that ends exactly at closing ends there,
 * not at the next opening (design §3); none at all moves a closed instant to the next opening, and leaves
 * a closing where it is, so that adding a and then b is adding a + b.
 *
 * @param ms milliseconds, not negative
 * @throws RangeError when `ms` is negative or the calendar has too little working time ahead.
 */
export function addWorkingTime(calendar: Calendar, from: Instant, ms: number): Instant {
  const whole = budget(ms);
  const index = indexOf(calendar);
  if (whole > 0) return firstInstantOf(index, workedBy(index, from) + whole);
  return isWorking(calendar, from - 1) ? from : nextOpening(calendar, from);
}

/**
 * The instant from which so much working time passes until `from`; the mirror of {@link addWorkingTime}:
 * a budget used up exactly at an opening ends there.
 *
 * @param ms milliseconds, not negative
 * @throws RangeError when `ms` is negative or the calendar has too little working time before.
 */
export function subtractWorkingTime(calendar: Calendar, from: Instant, ms: number): Instant {
  const whole = budget(ms);
  const index = indexOf(calendar);
  const worked = workedBy(index, from);
  if (whole > 0) return lastInstantOf(index, worked - whole);
  return isWorking(calendar, from) || isWorking(calendar, from - 1) ? from : firstInstantOf(index, worked);
}

/**
 * Working milliseconds between two instants, without what falls into the pauses (which may overlap and
 * reach beyond both ends).
 *
 * @throws RangeError when `to` or a pause's end lies before its start: a swapped pair is a mistake, and
 *   zero or an absolute value would hide it.
 */
export function workingTimeBetween(
  calendar: Calendar,
  from: Instant,
  to: Instant,
  pauses: readonly Pause[] = [],
): number {
  if (to < from) throw new RangeError('The end lies before the start');
  const index = indexOf(calendar);
  let counted = workedBy(index, to) - workedBy(index, from);
  let pausedUntil = from;
  for (const pause of [...pauses].sort((a, b) => a.from - b.from)) {
    if (pause.to < pause.from) throw new RangeError('A pause ends before it starts');
    const begin = Math.max(pause.from, pausedUntil);
    const end = Math.min(pause.to, to);
    if (end <= begin) continue;
    counted -= workedBy(index, end) - workedBy(index, begin);
    pausedUntil = end;
  }
  return counted;
}

/** The n-th working day after (before, when negative) a day; for 0 the day itself, or the next one if it is off. */
function nthWorkingDay(index: CalendarIndex, day: DayNumber, n: number): DayNumber {
  if (!Number.isInteger(n)) throw new RangeError(`Not a number of working days: ${n}`);
  const until =
    n > 0 ? sumBefore(index, index.dates, day + 1) + n : sumBefore(index, index.dates, day) + n + 1;
  return dayReaching(index, index.dates, until);
}

function closingOfDay(index: CalendarIndex, day: DayNumber): Instant {
  const last = intervalsOfDay(index, day).at(-1)?.to ?? 0;
  // Open until 24:00 ends at 23:59:59: at 24:00 the local date would already be the next one.
  return midnight(index, day) + Math.min(last * MINUTE, DAY - SECOND);
}

/** When the office closes on a date; null on a day off. Open until 24:00 closes at 23:59:59. */
export function closingOn(calendar: Calendar, date: IsoDate): Instant | null {
  const index = indexOf(calendar);
  return isWorkingDate(calendar, date) ? closingOfDay(index, dayNumberOf(date)) : null;
}

/**
 * The closing of the n-th working date after (before, when negative) the local date of `from`. That date
 * is not counted (Civil Code 2015, article 147 paragraph 2). For 0: its own closing, or that of the next
 * working date when it is a day off.
 *
 * @throws RangeError when `days` is not whole or the calendar has too few working dates there.
 */
export function addWorkingDays(calendar: Calendar, from: Instant, days: number): Instant {
  const index = indexOf(calendar);
  return closingOfDay(index, nthWorkingDay(index, dayOf(index, from), days));
}

/** The opening of the n-th working date after (before, when negative) the local date of `from`. */
export function openingAfterWorkingDays(calendar: Calendar, from: Instant, days: number): Instant {
  const index = indexOf(calendar);
  const day = nthWorkingDay(index, dayOf(index, from), days);
  return midnight(index, day) + (intervalsOfDay(index, day)[0]?.from ?? 0) * MINUTE;
}

/** The closing of the first working date after the local date of `from`. */
export function endOfNextWorkingDay(calendar: Calendar, from: Instant): Instant {
  return addWorkingDays(calendar, from, 1);
}

/**
 * The end of a time that was told, under another calendar: where a rule has it by now, never earlier. What stood behind
 * its rule (an outage, an edit taken back) on a day that is off now ends with the next working day, as counted time does.
 */
export function movedLater(told: Instant, byRule: Instant, before: Calendar, after: Calendar): Instant {
  if (byRule >= told) return byRule;
  const closed =
    isWorkingDate(before, localDate(before, told)) && !isWorkingDate(after, localDate(after, told));
  return closed ? endOfNextWorkingDay(after, told) : told;
}

/** The local date of an instant. */
export function localDate(calendar: Calendar, at: Instant): IsoDate {
  return isoDateOf(dayOf(indexOf(calendar), at));
}

/** 23:59:59 of a date, the last second that is still it. */
export function endOfDay(calendar: Calendar, date: IsoDate): Instant {
  return startOfDay(calendar, date) + DAY - SECOND;
}

/** 00:00:00 of a date. */
export function startOfDay(calendar: Calendar, date: IsoDate): Instant {
  return midnight(indexOf(calendar), dayNumberOf(date));
}

const isOff = (kind: CalendarDay['kind']): boolean => kind === 'holiday' || kind === 'swap_off';

/**
 * What is wrong with a calendar that somebody typed; null where nothing is. Its entries are checked by building its
 * index, and a week without any working time would leave nothing to count.
 */
export function checkCalendar(calendar: Calendar): Bilingual | null {
  try {
    indexOf(calendar);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return { vi: `Lịch không hợp lệ: ${what}`, en: what };
  }
  if (calendar.week.some((intervals) => intervals.some(({ from, to }) => to > from))) {
    const wrong = calendar.days.find(
      ({ kind, intervals }) => kind !== 'custom' && isOff(kind) === intervals.length > 0,
    );
    if (wrong === undefined) return null;
    return {
      vi: `Ngày ${wrong.date}: ngày nghỉ không có giờ làm việc, ngày làm bù phải có.`,
      en: `${wrong.date}: a day off has no hours, and a make-up working day has some.`,
    };
  }
  return {
    vi: 'Tuần làm việc phải có ít nhất một khoảng giờ.',
    en: 'A working week needs at least one stretch of hours.',
  };
}

/** Every day from 00:00 to 24:00, for what must not wait for an office. */
export const ALWAYS_OPEN: Calendar = {
  id: 'always-open',
  version: 1,
  utcOffsetMinutes: 420,
  week: Array.from({ length: 7 }, () => [{ from: 0, to: 1440 }]),
  days: [],
};
