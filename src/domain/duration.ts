import {
  addWorkingDays,
  addWorkingTime,
  type Calendar,
  openingAfterWorkingDays,
  subtractWorkingTime,
} from './calendar.js';
import { DAY, HOUR, type Instant, MINUTE, SECOND } from './instant.js';

/** Elapsed seconds, minutes, hours and days of 24 hours; `wh` working hours, `wd` working days. */
export type DurationUnit = 's' | 'min' | 'h' | 'd' | 'wh' | 'wd';

/** An amount of time in one unit, as a policy states it: `{ value: 3, unit: 'wd' }`. Whole days only. */
export interface Duration {
  readonly value: number;
  readonly unit: DurationUnit;
}

const ELAPSED = { s: SECOND, min: MINUTE, h: HOUR, d: DAY } as const;

const NAMES: Readonly<Record<string, DurationUnit>> = {
  s: 's',
  sec: 's',
  second: 's',
  seconds: 's',
  min: 'min',
  minute: 'min',
  minutes: 'min',
  h: 'h',
  hour: 'h',
  hours: 'h',
  d: 'd',
  day: 'd',
  days: 'd',
  wh: 'wh',
  'working hour': 'wh',
  'working hours': 'wh',
  wd: 'wd',
  'working day': 'wd',
  'working days': 'wd',
};

/**
 * The instant so much later. Working days end at the closing of that working date, the local date of
 * `from` not counted.
 *
 * @throws RangeError for a negative or (in working days) broken amount.
 */
export function addDuration(calendar: Calendar, from: Instant, duration: Duration): Instant {
  const { value, unit } = checked(duration);
  if (unit === 'wd') return addWorkingDays(calendar, from, value);
  if (unit === 'wh') return addWorkingTime(calendar, from, value * HOUR);
  return from + value * ELAPSED[unit];
}

/**
 * The instant so much earlier. A reminder "3 working days before" falls at the *opening* of that working
 * date: people find it when they come in, with the whole day before them.
 *
 * @throws RangeError for a negative or (in working days) broken amount.
 */
export function subtractDuration(calendar: Calendar, from: Instant, duration: Duration): Instant {
  const { value, unit } = checked(duration);
  if (unit === 'wd') return openingAfterWorkingDays(calendar, from, -value);
  if (unit === 'wh') return subtractWorkingTime(calendar, from, value * HOUR);
  return from - value * ELAPSED[unit];
}

function checked(duration: Duration): Duration {
  if (!(Number.isFinite(duration.value) && duration.value >= 0)) {
    throw new RangeError(`Not a duration: ${formatDuration(duration)}`);
  }
  return duration;
}

/** Reads `3 wd`, `30 s`, `2 working days`, `1.5 h`; null for anything else. Days of both kinds must be whole. */
export function parseDuration(text: string): Duration | null {
  const parts = /^(\d{1,6}(?:\.\d{1,3})?)\s*([a-z]+(?: [a-z]+)?)$/.exec(
    text.trim().toLowerCase().replace(/\s+/g, ' '),
  );
  const name = parts?.[2] ?? '';
  const unit = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
  if (unit === undefined) return null;
  const value = Number(parts?.[1]);
  if ((unit === 'wd' || unit === 'd') && !Number.isInteger(value)) return null;
  return { value, unit };
}

/** `3 wd`: what {@link parseDuration} reads back. */
export function formatDuration(duration: Duration): string {
  return `${duration.value} ${duration.unit}`;
}
