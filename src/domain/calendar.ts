import { DAY, type Instant, type IsoDate, MINUTE, SECOND } from './instant.js';

/** Minutes after local midnight, half-open, 0..1440 (24:00 is 1440). */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

export interface CalendarDay {
  readonly date: IsoDate;
  readonly kind: 'holiday' | 'swap_off' | 'swap_work' | 'custom';
  readonly intervals: readonly Interval[];
  readonly name: string;
  readonly source: string;
  readonly provisional?: boolean;
}

export interface Calendar {
  readonly id: string;
  readonly version: number;
  readonly utcOffsetMinutes: number;
  /** Seven entries, Monday first. */
  readonly week: readonly (readonly Interval[])[];
  readonly days: readonly CalendarDay[];
}

export interface Pause {
  readonly from: Instant;
  readonly to: Instant;
}

const later = (what: string): never => {
  throw new Error(`not yet written: ${what} ${DAY} ${MINUTE} ${SECOND}`);
};
export function isWorking(_calendar: Calendar, _at: Instant): boolean {
  return later('isWorking');
}
export function nextOpening(_calendar: Calendar, _at: Instant): Instant {
  return later('nextOpening');
}
export function addWorkingTime(_calendar: Calendar, _from: Instant, _ms: number): Instant {
  return later('addWorkingTime');
}
export function subtractWorkingTime(_calendar: Calendar, _from: Instant, _ms: number): Instant {
  return later('subtractWorkingTime');
}
export function workingTimeBetween(
  _calendar: Calendar,
  _from: Instant,
  _to: Instant,
  _pauses: readonly Pause[] = [],
): number {
  return later('workingTimeBetween');
}
export function addWorkingDays(_calendar: Calendar, _from: Instant, _days: number): Instant {
  return later('addWorkingDays');
}
export function endOfNextWorkingDay(_calendar: Calendar, _from: Instant): Instant {
  return later('endOfNextWorkingDay');
}
export function localDate(_calendar: Calendar, _at: Instant): IsoDate {
  return later('localDate');
}
export function endOfDay(_calendar: Calendar, _date: IsoDate): Instant {
  return later('endOfDay');
}
export function startOfDay(_calendar: Calendar, _date: IsoDate): Instant {
  return later('startOfDay');
}

export const ALWAYS_OPEN: Calendar = {
  id: 'always-open',
  version: 1,
  utcOffsetMinutes: 420,
  week: Array.from({ length: 7 }, () => [{ from: 0, to: 1440 }]),
  days: [],
};
