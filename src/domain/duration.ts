import type { Calendar } from './calendar.js';
import type { Instant } from './instant.js';

export type DurationUnit = 's' | 'min' | 'h' | 'd' | 'wh' | 'wd';

export interface Duration {
  readonly value: number;
  readonly unit: DurationUnit;
}

export function addDuration(_calendar: Calendar, _from: Instant, _duration: Duration): Instant {
  throw new Error('not yet written');
}
export function subtractDuration(_calendar: Calendar, _from: Instant, _duration: Duration): Instant {
  throw new Error('not yet written');
}
export function parseDuration(_text: string): Duration | null {
  return null;
}
export function formatDuration(duration: Duration): string {
  return `${duration.value} ${duration.unit}`;
}
