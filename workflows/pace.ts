import type { ConductorInput, Pace } from './messages.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Durations may change while processes run: a replay compares which timers there were, not how long. */
export const DEFAULT_PACE: Pace = {
  floorMs: 5 * SECOND,
  errorFirstMs: MINUTE,
  errorMostMs: 15 * MINUTE,
  longestMs: 30 * DAY,
  heartbeatMs: 10 * SECOND,
  passMs: MINUTE,
  issueMs: HOUR,
  retryMs: SECOND,
};

/** The pace of a process: the default, but for what its input says. */
export function paceOf(input: Pick<ConductorInput, 'pace'>): Pace {
  return { ...DEFAULT_PACE, ...input.pace };
}
