import type { CalendarRef } from '../calendar.js';
import type { DeadlineRule } from '../deadline/rule.js';
import type { Figure } from '../figures/series.js';
import type { Instant, IsoDate } from '../instant.js';
import type { Kept, NotBefore } from '../planned.js';

/**
 * An assignment is a task given to one lead unit. *Late* is never a state: it is computed.
 *
 * - `assigned`: given, not yet acknowledged; any act of the unit acknowledges.
 * - `acknowledged`: the unit knows; no report yet.
 * - `in_progress`: the unit has reported, or a result came back to it.
 * - `submitted`: a result waits for the confirmer; judged as if accepted, so no step is taken.
 * - `contested`: the unit says it is not its function; the clock is held until answered.
 * - `suspended`: stopped for a time by a document; the suspended working time is added on resuming.
 * - `confirmed`, `concluded` (regular tasks on the end date), `stopped`, `superseded` (moved to another
 *   lead), `carried_over` (into the next year's directive): ended.
 */
export type AssignmentStateName =
  | 'assigned'
  | 'acknowledged'
  | 'in_progress'
  | 'submitted'
  | 'contested'
  | 'suspended'
  | 'confirmed'
  | 'concluded'
  | 'stopped'
  | 'superseded'
  | 'carried_over';

export const ENDED_STATES: readonly AssignmentStateName[] = [
  'confirmed',
  'concluded',
  'stopped',
  'superseded',
  'carried_over',
];

export function isEnded(state: AssignmentStateName): boolean {
  return ENDED_STATES.includes(state);
}

/** A result that the unit has handed in; `at` is the judged instant, `late` and `leftMs` are as it was judged then. */
export interface Submission {
  readonly id: string;
  readonly at: Instant;
  /** When it entered the record: nobody can judge it before, so the confirmer's clock counts from here. */
  readonly recordedAt: Instant;
  readonly late: boolean;
  /** Working time in ms that was left until the deadline; 0 when late. */
  readonly leftMs: number;
  readonly evidence: readonly string[];
}

/**
 * A stretch in which the clock stands still; open while `to` is null. They stand in the order of their
 * beginnings, so that the first open one says since when. What overlaps counts for the one that ends last:
 * `to` is where the counted part of a stretch ended.
 */
export interface Pause {
  readonly kind: 'suspension' | 'obstacle' | 'contest';
  readonly from: Instant;
  readonly to: Instant | null;
  readonly matterId: string | null;
}

export type ExtensionState = 'requested' | 'granted' | 'refused' | 'withdrawn' | 'lapsed' | 'moved';
export type ObstacleState =
  | 'raised'
  | 'accepted'
  | 'refused'
  | 'forwarded'
  | 'resolved'
  | 'withdrawn'
  | 'lapsed'
  | 'moved';
export type CauseState = 'stated' | 'confirmed_objective' | 'refused';
export type ContributionState = 'asked' | 'given' | 'declined' | 'overdue' | 'lapsed' | 'moved';
export type ExplanationState = 'asked' | 'answered' | 'overdue' | 'lapsed' | 'moved';
export type ContestState = 'contested' | 'upheld' | 'rejected' | 'lapsed';

interface MatterBase {
  readonly id: string;
  readonly openedAt: Instant;
  /** When it entered the record: the clock of the one who must answer counts from here. */
  readonly askedAt: Instant;
  readonly openedSeq: number;
  /** The former lead's matter that it goes on with. */
  readonly movedFrom?: string;
}
export interface Extension extends MatterBase {
  readonly kind: 'extension';
  readonly state: ExtensionState;
  readonly askedFor: Instant;
  readonly phrase: string;
  /** Asked before the deadline: holds the steps above urging until answered. */
  readonly inTime: boolean;
  readonly grantedTo: Instant | null;
}
export type ObstacleCause =
  | 'legal_basis'
  | 'funding'
  | 'technical'
  | 'coordination'
  | 'data'
  | 'personnel'
  | 'force_majeure'
  | 'other';
export interface Obstacle extends MatterBase {
  readonly kind: 'obstacle';
  readonly state: ObstacleState;
  readonly cause: ObstacleCause;
  /** A unit that may answer; null where an outside body holds it, or nobody is named yet. */
  readonly holderUnitId: string | null;
  readonly outside?: OutsideBody | null;
  /** How often it was forwarded; each holder has a clock of its own. Absent: never. */
  readonly forwards?: number;
}
/** Who holds an obstacle outside of the system; the standing agency keeps the clock for it. */
export interface OutsideBody {
  readonly name: string;
  /** The letter that put it before them; null where the unit names them and nobody has written yet. */
  readonly letter: { readonly number: string; readonly date: IsoDate } | null;
}
export interface Cause extends MatterBase {
  readonly kind: 'cause';
  readonly state: CauseState;
  readonly cause: ObstacleCause;
  readonly objective: boolean;
  /** Who decided, and when; absent while it is pending. */
  readonly decided?: { readonly by: DecidingBody; readonly at: Instant };
}
/** The two who decide what a unit brings forward. */
export type DecidingBody = 'standing_agency' | 'supervisor';
export interface Contribution extends MatterBase {
  readonly kind: 'contribution';
  readonly state: ContributionState;
  readonly askedUnitId: string;
  readonly dueAt: Instant;
  /** When it was given or declined, also after it was overdue; absent: not yet. */
  readonly answeredAt?: Instant;
}
export interface Explanation extends MatterBase {
  readonly kind: 'explanation';
  readonly state: ExplanationState;
  readonly dueAt: Instant;
}
export interface Contest extends MatterBase {
  readonly kind: 'contest';
  readonly state: ContestState;
  readonly reason: 'not_our_function' | 'wrong_file' | 'other';
}
export type Matter = Extension | Obstacle | Cause | Contribution | Explanation | Contest;

const PENDING = {
  extension: ['requested'],
  obstacle: ['raised', 'accepted', 'forwarded'],
  cause: ['stated'],
  contribution: ['asked'],
  explanation: ['asked'],
  contest: ['contested'],
} as const satisfies { readonly [K in Matter['kind']]: readonly Extract<Matter, { kind: K }>['state'][] };

/** Whether somebody still has to answer it. */
export function isPending(matter: Matter): boolean {
  const pending: readonly Matter['state'][] = PENDING[matter.kind];
  return pending.includes(matter.state);
}

/**
 * The name of the clock of the one who must answer now. Forwarded, an obstacle has another holder and another
 * clock: what the one before let run out says nothing of the next.
 */
export function clockStep(matter: Matter): string {
  const forwards = matter.kind === 'obstacle' ? (matter.forwards ?? 0) : 0;
  return `${matter.kind}:${matter.id}${forwards === 0 ? '' : `:${forwards}`}`;
}

/** The name of the clock on signing the urging letter of this cycle. */
export const letterStep = ({ cycle }: Pick<Assignment, 'cycle'>): string => `letter:${cycle}`;

/** What is asked for: a product, or an indicator with its target. A percentage is never stored. */
export type Result =
  | { readonly kind: 'deliverable'; readonly text: string }
  | {
      readonly kind: 'indicator';
      readonly name: string;
      readonly numerator: number | null;
      readonly denominator: number | null;
      readonly atLeast: boolean;
    };

export interface TakenStep {
  readonly step: string;
  /** In which it was taken; absent: in the present one. */
  readonly cycle?: number;
  readonly plannedAt: Instant;
  readonly voided: boolean;
}

/** What a life that was late left behind when the assignment was reopened: a running case is about it. */
export interface FormerLife {
  readonly cycle: number;
  readonly dueAt: Instant;
  readonly submittedAt: Instant | null;
  readonly confirmedAt: Instant | null;
  readonly endedAt: Instant;
  readonly steps: readonly TakenStep[];
}

export interface Assignment {
  readonly id: string;
  readonly workingGroupId: string;
  readonly directiveId: string;
  readonly taskId: string;
  readonly unitId: string;
  readonly coordinatingUnitIds: readonly string[];
  readonly monitorUnitId: string;
  readonly recurrence: 'one_off' | 'regular';
  readonly result: Result;
  readonly originYear: number;
  /** Given by word of mouth: shown to the unit, no lateness until the confirming document is entered. */
  readonly provisional: boolean;
  readonly state: AssignmentStateName;
  /** Where `resume` goes back to. */
  readonly resumeTo: 'assigned' | 'acknowledged' | 'in_progress' | 'submitted' | 'contested' | null;
  readonly seq: number;
  readonly assignedAt: Instant;
  readonly acknowledgedAt: Instant | null;
  readonly officerId: string | null;
  readonly deadline: {
    readonly phrase: string;
    readonly rule: DeadlineRule | null;
    /** Set by a decision on this one assignment: no edit of the calendar moves it. */
    readonly byHand: boolean;
    /** Where its rule counts from: the issue, or the act that set it. */
    readonly from: Instant;
  };
  /** Under which its deadline and steps are computed; an edit of the calendar moves it on. */
  readonly calendar: CalendarRef;
  readonly firstDeadlineAt: Instant | null;
  /** The deadline set by directive, extension or adjustment. */
  readonly deadlineAt: Instant | null;
  /** The deadline that judges: the one set, plus held time, or the end of the time to mend. Null for regular ones. */
  readonly dueAt: Instant | null;
  /**
   * Where the ladder counts from, when that is not `dueAt`: the end of the time to mend after a late submission,
   * the new deadline where lateness stands, or the instant at which a deadline that was already past was set.
   */
  readonly ladderFrom: Instant | null;
  readonly cycle: number;
  /** When the deadline that the ladder follows was set, by its cycle, a return or a resuming; reminders before it are not owed. */
  readonly cycleSince: Instant;
  /** When the time to mend began whose end `dueAt` is: a calendar's edit counts it again from there. */
  readonly mendSince?: Instant;
  /** Steps of this cycle that an edit of a calendar would have brought forward, and when they come instead. */
  readonly notBefore?: readonly NotBefore[];
  /** Ends of time to mend and of held time that an edit left as they were told. */
  readonly kept?: readonly Kept[];
  /** Ladder steps taken in this cycle, and other clocks' steps by their unique names. */
  readonly taken: readonly TakenStep[];
  /** The waiting submission, or the accepted one once confirmed. */
  readonly submission: Submission | null;
  readonly returns: number;
  /** Grows whenever the result changes hands (submitted, recalled, returned, accepted, reopened). */
  readonly turn: number;
  /** Share of the result accepted in parts, 0..1. */
  readonly acceptedShare: number;
  readonly pauses: readonly Pause[];
  readonly matters: readonly Matter[];
  /** The urging letter of this cycle, where the policy wants it signed; null `sentAt` waits for number and date. */
  readonly letter: {
    readonly draftedAt: Instant;
    readonly sentAt: Instant | null;
    /** The rung that drafted it: the letter falls with its step. */
    readonly step?: string;
  } | null;
  /** When it was last urged outside of the system in a way that counts in place of the ladder's urging. */
  readonly urgedAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly supersededBy: readonly string[];
  readonly predecessorId: string | null;
  /** Merged from several; absent: from one at most. */
  readonly predecessorIds?: readonly string[];
  /** What it goes on with of a former directive; the first deadline and the year of origin are from there. */
  readonly carriedFrom?: string;
  /** The directive that it was carried over into, where it was named. */
  readonly carriedInto?: string;
  /** Moved with a result that waited: it went along, and has not been judged yet. */
  readonly resultWentAlong?: true;
  /** Held by a unit until a lasting successor is found. */
  readonly caretaker?: boolean;
  /** Taken over with its past: since when the system follows it; nobody is asked for what lies before. */
  readonly followedFrom?: Instant;
  /** Set where it was late when it was reopened. */
  readonly formerLife?: FormerLife;
  readonly lastRecordedAt: Instant;
  /** The figure of the latest day that was reported. */
  readonly figure: Figure | null;
  /** The figure of the earliest day; with the latest one it gives the pace. Absent: nothing was reported. */
  readonly firstFigure?: Figure;
}

/** Whose lives it goes on with. */
export function predecessorsOf({ predecessorId, predecessorIds }: Assignment): readonly string[] {
  return predecessorIds ?? (predecessorId === null ? [] : [predecessorId]);
}

/** An assignment that was stored before letters and urgings were kept has none. */
export function completeAssignment(
  stored: Omit<Assignment, 'letter' | 'urgedAt'> & Partial<Pick<Assignment, 'letter' | 'urgedAt'>>,
): Assignment {
  return { letter: null, urgedAt: null, ...stored };
}

/** Since when the clock stands still: the earliest of the open stretches. */
export function openPause(assignment: Assignment): Pause | null {
  return assignment.pauses.find((pause) => pause.to === null) ?? null;
}
