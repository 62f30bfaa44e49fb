import { addWorkingTime, type Calendar, endOfNextWorkingDay, workingTimeBetween } from '../calendar.js';
import { type Instant, SECOND } from '../instant.js';
import { judgedInstant } from './lateness.js';
import type { Assignment, Pause } from './state.js';

/**
 * Where stretches overlap, each instant counts once, for the stretch that ends last: until then time stands
 * still anyway.
 */
export function countedEnd(a: Assignment, closing: readonly Pause[], pause: Pause, at: Instant): Instant {
  const others = a.pauses.filter((other) => other.to === null && !closing.includes(other));
  const ends = [at, ...others.map((other) => other.from)];
  return Math.max(pause.from, Math.min(...ends));
}

/** The working time in ms that ending these stretches adds to the deadline. */
export function heldTime(a: Assignment, closing: readonly Pause[], at: Instant, calendar: Calendar): number {
  // Begun while a submission waits, a stretch holds nothing: the submission is judged, and time does not run.
  const counted = closing.filter((pause) => a.submission === null || pause.from < a.submission.at);
  if (counted.length === 0) return 0;
  const from = Math.min(...counted.map((pause) => pause.from));
  const to = Math.max(...counted.map((pause) => countedEnd(a, closing, pause, at)));
  return workingTimeBetween(calendar, from, to, ended(a));
}

/** The working time held between two instants by stretches that have ended. */
export function heldBetween(a: Assignment, from: Instant, to: Instant, calendar: Calendar): number {
  if (to <= from) return 0;
  return workingTimeBetween(calendar, from, to) - workingTimeBetween(calendar, from, to, ended(a));
}

function ended(a: Assignment): { from: Instant; to: Instant }[] {
  return a.pauses.flatMap(({ from, to }) => (to === null || to <= from ? [] : [{ from, to }]));
}

/** Every stretch in which the clock stands still now. */
export function openPauses(a: Assignment): Pause[] {
  return a.pauses.filter((pause) => pause.to === null);
}

/** A deadline with held working time added; a named date that lost nothing stays as it is. */
export function moved(at: Instant | null, heldMs: number, calendar: Calendar): Instant | null {
  return at === null || heldMs === 0 ? at : addWorkingTime(calendar, at, heldMs);
}

/** What judges and what the ladder counts from, after held time was added. */
export interface Held {
  readonly heldMs: number;
  readonly dueAt: Instant | null;
  readonly ladderFrom: Instant | null;
}

/** Both move together: a ladder that stayed behind would take its steps at once when the pause ends. */
export function withHeld(a: Assignment, heldMs: number, calendar: Calendar): Held {
  return {
    heldMs,
    dueAt: moved(a.dueAt, heldMs, calendar),
    ladderFrom: moved(a.ladderFrom, heldMs, calendar),
  };
}

/**
 * What ending these stretches leaves. Nobody becomes late by a stretch that stood still, or stops being late by it:
 * who was in time when it began, with the night or the weekend still ahead, has at least the working day after it.
 */
export function heldBy(a: Assignment, closing: readonly Pause[], at: Instant, calendar: Calendar): Held {
  const held = withHeld(a, heldTime(a, closing, at, calendar), calendar);
  if (closing.length === 0 || a.submission !== null || a.dueAt === null || held.dueAt === null) return held;
  const late = judgedInstant(a, at) > a.dueAt;
  const others = openPauses(a).filter((pause) => !closing.includes(pause));
  if (others.length === 0) {
    return late || held.dueAt >= at ? held : { ...held, dueAt: endOfNextWorkingDay(calendar, at) };
  }
  // Time goes on standing still, from here on judged by when the others began.
  const since = Math.min(...others.map(({ from }) => from));
  if (late === since > held.dueAt) return held;
  return { ...held, dueAt: late ? since - SECOND : since };
}

/** Begins a stretch, kept in the order of the beginnings: an obstacle counts from its raising. */
export function beginPause(a: Assignment, pause: Pause): Assignment {
  return { ...a, pauses: [...a.pauses, pause].sort((one, other) => one.from - other.from) };
}

/** Ends the open stretches that are asked for. */
export function endPauses(
  a: Assignment,
  at: Instant,
  which: (pause: Pause) => boolean = () => true,
): Assignment {
  const closing = openPauses(a).filter(which);
  if (closing.length === 0) return a;
  return {
    ...a,
    pauses: a.pauses.map((pause) =>
      closing.includes(pause) ? { ...pause, to: countedEnd(a, closing, pause, at) } : pause,
    ),
  };
}

/** An accepted obstacle that nobody has resolved goes on holding the clock when its submission comes back. */
export function resumeObstacles(a: Assignment, from: Instant): Assignment {
  const held = new Set(a.pauses.map((pause) => pause.matterId));
  const open = new Set(openPauses(a).map((pause) => pause.matterId));
  return a.matters
    .filter((matter) => matter.kind === 'obstacle')
    .filter(
      ({ id, state }) => (state === 'accepted' || state === 'forwarded') && held.has(id) && !open.has(id),
    )
    .reduce<Assignment>(
      (state, { id }) => beginPause(state, { kind: 'obstacle', from, to: null, matterId: id }),
      a,
    );
}
