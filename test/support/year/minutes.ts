/**
 * Working time as somebody counts it who trusts nothing: one minute after the other, over a list of days typed for
 * this year. It shares no line and no data with `src/domain`, so that both cannot be wrong in the same way.
 */
const MINUTE = 60_000;
const DAY = 86_400_000;
const VIETNAM = 7 * 3_600_000;

/** Weekdays on which nobody worked between December 2025 and January 2027, and Saturdays that were worked for them. */
const OFF = new Set([
  ...['2026-01-01', '2026-01-02'],
  ...['2026-02-16', '2026-02-17', '2026-02-18', '2026-02-19', '2026-02-20'],
  ...['2026-04-27', '2026-04-30', '2026-05-01'],
  ...['2026-08-31', '2026-09-01', '2026-09-02', '2026-11-24'],
  '2027-01-01',
]);
const WORKED = new Set(['2026-01-10', '2026-08-22']);
/** Announced in the middle of the year: a day off that was a working day, and the Saturday for it. */
export const ANNOUNCED = { off: '2026-05-15', worked: '2026-08-08' } as const;
let announced = false;

/** Whether the announcement has been made: what is counted from now on knows of it. */
export function announce(made: boolean): void {
  announced = made;
  known.clear();
}

export const dayOf = (at: number): string => new Date(at + VIETNAM).toISOString().slice(0, 10);
/** Midnight at which a day of Vietnam begins. */
export const midnight = (day: string): number => Date.parse(`${day}T00:00:00Z`) - VIETNAM;
export const dayAfter = (day: string, days = 1): string => dayOf(midnight(day) + days * DAY + DAY / 2);
export const at = (day: string, time: string): number => Date.parse(`${day}T${time}Z`) - VIETNAM;

export function isWorkDay(day: string): boolean {
  if (OFF.has(day) || (announced && day === ANNOUNCED.off)) return false;
  if (WORKED.has(day) || (announced && day === ANNOUNCED.worked)) return true;
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6;
}

const known = new Map<number, boolean>();

/** By the number of the day since 1970, looked up once. */
function isOpenDay(day: number): boolean {
  const found = known.get(day) ?? isWorkDay(new Date(day * DAY).toISOString().slice(0, 10));
  known.set(day, found);
  return found;
}

function isOpen(minute: number): boolean {
  const local = minute + VIETNAM;
  const sinceMidnight = (local % DAY) / MINUTE;
  const hours =
    (sinceMidnight >= 480 && sinceMidnight < 720) || (sinceMidnight >= 810 && sinceMidnight < 1050);
  return hours && isOpenDay(Math.floor(local / DAY));
}

/** Working time in ms between two instants; half minutes count by their part. */
export function worked(from: number, to: number): number {
  let sum = 0;
  for (let minute = Math.floor(from / MINUTE) * MINUTE; minute < to; minute += MINUTE) {
    if (isOpen(minute)) sum += Math.min(minute + MINUTE, to) - Math.max(minute, from);
  }
  return sum;
}

/** The instant at which so much working time has passed. */
export function afterWork(from: number, ms: number): number {
  let left = ms;
  if (left <= 0) return from;
  for (let minute = Math.floor(from / MINUTE) * MINUTE; ; minute += MINUTE) {
    if (!isOpen(minute)) continue;
    const begins = Math.max(minute, from);
    const length = minute + MINUTE - begins;
    if (left <= length) return begins + left;
    left -= length;
  }
}

/** 17:30 of the n-th working day after the day of an instant. */
export function closingAfter(from: number, days: number): number {
  let day = dayOf(from);
  for (let left = days; left > 0; ) {
    day = dayAfter(day);
    if (isWorkDay(day)) left -= 1;
  }
  return at(day, '17:30:00');
}

/** 17:30 of a day, or of the next working day where it is off. */
export function closingFrom(day: string): number {
  let found = day;
  while (!isWorkDay(found)) found = dayAfter(found);
  return at(found, '17:30:00');
}

export const endOf = (day: string): number => at(day, '23:59:59');
