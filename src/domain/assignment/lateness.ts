import { type Instant, SECOND } from '../instant.js';
import { type Assignment, isEnded, isPending, type Matter, openPause } from './state.js';

/**
 * Whether the assignment counts as late at an instant: overdue if and only if the deadline passed and no
 * accepted or waiting submission was judged earlier. While the clock is held, time stands still at the
 * beginning of the pause. A confirmer's delay never harms the unit.
 */
export function isLate(assignment: Assignment, at: Instant): boolean {
  if (assignment.provisional || assignment.recurrence === 'regular' || assignment.dueAt === null)
    return false;
  return judgedInstant(assignment, at) > assignment.dueAt;
}

/** The instant that is compared with the deadline. */
export function judgedInstant(assignment: Assignment, at: Instant): Instant {
  const { submission, endedAt, pauses } = assignment;
  if (submission !== null) return submission.at;
  const ended = isEnded(assignment.state) ? endedAt : null;
  // A stretch that ended with the assignment held the clock to its end.
  const pause = ended === null ? openPause(assignment) : pauses.find((one) => one.to === ended);
  return Math.min(ended ?? at, pause?.from ?? Number.POSITIVE_INFINITY);
}

/** The record's resolution is one second: what comes within the second of the deadline is on time. */
export function toSecond(at: Instant): Instant {
  return Math.floor(at / SECOND) * SECOND;
}

/**
 * A unit's undecided matter that holds a referral (design §2, Referral). What went along with a move is undecided
 * until it has been judged where it went.
 */
export function isUndecided(assignment: Assignment): boolean {
  if (assignment.resultWentAlong === true) return true;
  // Also while the assignment is suspended.
  if (assignment.submission !== null && !isEnded(assignment.state)) return true;
  return assignment.matters.some(
    (matter) =>
      isAwaitedElsewhere(assignment, matter) ||
      (isPending(matter) &&
        (matter.kind === 'extension' ||
          matter.kind === 'contest' ||
          matter.kind === 'cause' ||
          (matter.kind === 'obstacle' && matter.state !== 'accepted'))),
  );
}

/** An obstacle that had been accepted before the move has held the clock already, and waits for nothing. */
function isAwaitedElsewhere({ pauses }: Assignment, matter: Matter): boolean {
  if (matter.state !== 'moved') return false;
  return (
    matter.kind === 'extension' ||
    (matter.kind === 'obstacle' && !pauses.some(({ matterId }) => matterId === matter.id))
  );
}

/** The classes of the counts (design §4). */
export type SpanClass =
  | 'open'
  | 'awaiting'
  | 'done'
  | 'regular'
  | 'suspended'
  | 'stopped'
  | 'carried_over'
  | 'superseded';

export interface SpanShape {
  readonly class: SpanClass;
  /** Null while no deadline runs (regular, provisional, paused). */
  readonly dueAt: Instant | null;
  /** Fixed once a submission is judged; null while it depends on the instant asked for. */
  readonly late: boolean | null;
}

/** In which class an assignment counts from now on, until the next event changes it. */
export function spanShape(assignment: Assignment): SpanShape {
  const late = assignment.submission === null ? null : isLate(assignment, assignment.submission.at);
  const running = openPause(assignment) === null && !assignment.provisional;
  switch (assignment.state) {
    case 'confirmed':
      return { class: 'done', dueAt: assignment.dueAt, late: late ?? false };
    case 'concluded':
      return { class: 'done', dueAt: null, late: false };
    case 'stopped':
    case 'carried_over':
    case 'superseded':
      return { class: assignment.state, dueAt: assignment.dueAt, late: null };
    case 'suspended':
      return { class: 'suspended', dueAt: null, late: null };
    case 'submitted':
      return { class: 'awaiting', dueAt: assignment.dueAt, late: late ?? false };
    case 'assigned':
    case 'acknowledged':
    case 'in_progress':
    case 'contested':
      if (assignment.recurrence === 'regular') return { class: 'regular', dueAt: null, late: null };
      return { class: 'open', dueAt: running ? assignment.dueAt : null, late: pausedLate(assignment) };
  }
}

/** While the clock is held, an assignment stays as late as it was when the pause began. */
function pausedLate(assignment: Assignment): boolean | null {
  const pause = openPause(assignment);
  if (pause !== null) return isLate(assignment, pause.from);
  return assignment.provisional ? false : null;
}
