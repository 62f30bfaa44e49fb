import type { Calendar, CalendarDay, Interval } from './calendar.js';
import { type DayNumber, dayNumberOf, weekdayOf } from './civil-date.js';
import { DAY, MINUTE } from './instant.js';

/** The day number of a Monday: weeks are counted from it. */
const A_MONDAY: DayNumber = 4;
const MINUTES_A_DAY = 1440;

/**
 * A quantity that each day carries (working milliseconds, or 1 per working date), summed from a fixed
 * Monday: a closed formula for whole weeks plus a running sum of how much the dated overrides differ
 * from their weekday. So sums and their inverse cost one binary search over the overrides, however far
 * the two ends lie apart.
 */
interface Measure {
  readonly ofWeek: number;
  /** Eight entries: the sum over the weekdays before this one; the last is the whole week. */
  readonly beforeWeekday: readonly number[];
  /** Per override: its own amount. */
  readonly ofOverride: readonly number[];
  /** Entry i: how much the overrides 0..i-1 differ from their weekdays, in sum. */
  readonly difference: readonly number[];
}

export interface CalendarIndex {
  readonly offset: number;
  readonly week: readonly (readonly Interval[])[];
  readonly overrideDays: readonly DayNumber[];
  readonly overrides: readonly (readonly Interval[])[];
  /** The entries as they came, in the order of `overrideDays`. */
  readonly entries: readonly CalendarDay[];
  readonly time: Measure;
  readonly dates: Measure;
}

/** One index per calendar value; it goes when the calendar goes. */
const indexes = new WeakMap<Calendar, CalendarIndex>();

/**
 * The index of a calendar, built at first use. A calendar is a value: change it by making another.
 *
 * @throws RangeError when the week has not seven entries, an interval lies outside 0..1440 or is
 *   reversed, a date does not exist or has two entries.
 */
export function indexOf(calendar: Calendar): CalendarIndex {
  const known = indexes.get(calendar);
  if (known !== undefined) return known;
  const built = build(calendar);
  indexes.set(calendar, built);
  return built;
}

function build(calendar: Calendar): CalendarIndex {
  if (calendar.week.length !== 7) {
    throw new RangeError(`Calendar ${calendar.id}: a week has seven entries`);
  }
  const week = calendar.week.map((intervals) => tidy(calendar, intervals));
  const dated = calendar.days
    .map((entry) => ({ day: dayNumberOf(entry.date), entry, intervals: tidy(calendar, entry.intervals) }))
    .sort((a, b) => a.day - b.day);
  dated.forEach(({ day, entry }, i) => {
    if (dated[i - 1]?.day === day) {
      throw new RangeError(`Calendar ${calendar.id}: two entries for ${entry.date}`);
    }
  });
  const overrideDays = dated.map(({ day }) => day);
  const overrides = dated.map(({ intervals }) => intervals);
  return {
    offset: calendar.utcOffsetMinutes * MINUTE,
    week,
    overrideDays,
    overrides,
    entries: dated.map(({ entry }) => entry),
    time: measure(week, overrideDays, overrides, lengthOf),
    dates: measure(week, overrideDays, overrides, (intervals) => (intervals.length > 0 ? 1 : 0)),
  };
}

/** Sorted, without empty intervals, adjoining and overlapping ones joined. */
function tidy(calendar: Calendar, intervals: readonly Interval[]): readonly Interval[] {
  const joined: { from: number; to: number }[] = [];
  for (const { from, to } of [...intervals].sort((a, b) => a.from - b.from)) {
    if (!(from >= 0 && from <= to && to <= MINUTES_A_DAY)) {
      throw new RangeError(`Calendar ${calendar.id}: not an interval of a day: ${from}..${to}`);
    }
    const last = joined.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else if (from < to) joined.push({ from, to });
  }
  return joined;
}

/** Milliseconds of work in a day's intervals. */
function lengthOf(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, { from, to }) => sum + (to - from) * MINUTE, 0);
}

function measure(
  week: readonly (readonly Interval[])[],
  overrideDays: readonly DayNumber[],
  overrides: readonly (readonly Interval[])[],
  amount: (intervals: readonly Interval[]) => number,
): Measure {
  const beforeWeekday = [0];
  for (const intervals of week) beforeWeekday.push((beforeWeekday.at(-1) ?? 0) + amount(intervals));
  const ofOverride = overrides.map(amount);
  const difference = [0];
  overrideDays.forEach((day, i) => {
    const usual = amount(week[weekdayOf(day)] ?? []);
    difference.push((difference[i] ?? 0) + (ofOverride[i] ?? 0) - usual);
  });
  return { ofWeek: beforeWeekday[7] ?? 0, beforeWeekday, ofOverride, difference };
}

/** How many overrides lie before the day: also the place of the day's own, if it has one. */
export function overridesBefore(index: CalendarIndex, day: DayNumber): number {
  return firstTrue(index.overrideDays.length, (i) => (index.overrideDays[i] ?? 0) >= day);
}

function firstTrue(length: number, test: (i: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (test(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function weeklySum(measure: Measure, day: DayNumber): number {
  const weeks = Math.floor((day - A_MONDAY) / 7);
  return weeks * measure.ofWeek + (measure.beforeWeekday[day - A_MONDAY - weeks * 7] ?? 0);
}

/** The sum over all days before this one, counted from a fixed day (negative before it). */
export function sumBefore(index: CalendarIndex, measure: Measure, day: DayNumber): number {
  return weeklySum(measure, day) + (measure.difference[overridesBefore(index, day)] ?? 0);
}

/**
 * The first day at whose end the sum has reached `target`.
 *
 * @throws RangeError when the calendar has no working time there.
 */
export function dayReaching(index: CalendarIndex, measure: Measure, target: number): DayNumber {
  const { overrideDays } = index;
  const sumBeforeOverride = (i: number): number =>
    weeklySum(measure, overrideDays[i] ?? 0) + (measure.difference[i] ?? 0);
  const passed = firstTrue(overrideDays.length, (i) => sumBeforeOverride(i) >= target);
  if (passed > 0) {
    const last = passed - 1;
    if (sumBeforeOverride(last) + (measure.ofOverride[last] ?? 0) >= target) return overrideDays[last] ?? 0;
  }
  if (measure.ofWeek === 0) throw new RangeError('The calendar has no working time there');
  const inWeeks = target - (measure.difference[passed] ?? 0);
  const weeks = Math.ceil(inWeeks / measure.ofWeek) - 1;
  const rest = inWeeks - weeks * measure.ofWeek;
  const weekday = firstTrue(7, (i) => (measure.beforeWeekday[i + 1] ?? 0) >= rest);
  return A_MONDAY + weeks * 7 + weekday;
}

/** The intervals of a day, its override before its weekday's. */
export function intervalsOfDay(index: CalendarIndex, day: DayNumber): readonly Interval[] {
  const place = overridesBefore(index, day);
  const own = index.overrideDays[place] === day ? index.overrides[place] : undefined;
  return own ?? index.week[weekdayOf(day)] ?? [];
}

/** The local day of an instant. */
export function dayOf(index: CalendarIndex, at: number): DayNumber {
  return Math.floor((at + index.offset) / DAY);
}

/** The instant at which a local day begins. */
export function midnight(index: CalendarIndex, day: DayNumber): number {
  return day * DAY - index.offset;
}
