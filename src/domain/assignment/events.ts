import type { DocumentReference } from '../actor.js';
import type { CalendarRef } from '../calendar.js';
import type { DeadlineRule } from '../deadline/rule.js';
import type { Figure } from '../figures/series.js';
import type { Instant } from '../instant.js';
import type { SubjectNote } from '../note.js';
import type { Kept, NotBefore } from '../planned.js';
import type { LadderStepKind, RecipientKind, StepRecipient } from '../policy.js';
import type { Held } from './pauses.js';
import type {
  Assignment,
  ContributionState,
  DecidingBody,
  ExplanationState,
  ObstacleCause,
  OutsideBody,
  Result,
  Submission,
} from './state.js';

/** Facts go into `data` and the hash chain; free text into `text`, which enters the chain by a salted hash only. */
interface Fact<T extends string, D = Record<never, never>> {
  readonly type: T;
  readonly data: D;
  readonly text?: Readonly<Record<string, string>>;
}

/** How an assignment came to other hands. */
export type MoveKind = 'moved' | 'split' | 'merged' | 'caretaker';

/** How what went along ended: an obstacle accepted, an extension granted, a result judged; or none of it. */
export type SettledAnswer = 'accepted' | 'granted' | 'judged' | 'refused';

/** Everything that can happen to an assignment. `at` is the judged instant of the act. */
export type AssignmentEvent =
  | Fact<'assigned', Omit<Assignment, 'seq' | 'lastRecordedAt'>>
  | Fact<'acknowledged', { at: Instant; officerId: string | null }>
  | Fact<'contested', { at: Instant; matterId: string; reason: 'not_our_function' | 'wrong_file' | 'other' }>
  | Fact<'contest_answered', { at: Instant; matterId: string; answer: 'upheld' | 'rejected' } & Held>
  | Fact<
      'reported',
      {
        at: Instant;
        percent: number | null;
        /** The parts of its breakdown have their names in the text: `part 1` and so on. */
        figure: (Figure & { readonly parts?: readonly number[] }) | null;
      }
    >
  /** With the time that a running obstacle has held so far: a waiting submission is judged at its own instant. */
  | Fact<'submitted', { submission: Submission } & Held>
  /** With the time that was held while the submission waited. */
  | Fact<'recalled', { at: Instant } & Held>
  | Fact<'confirmed', { at: Instant; submissionId: string; late: boolean; judgedAt: Instant }>
  | Fact<'part_accepted', { at: Instant; share: number; mend: Mend }>
  | Fact<'returned', { at: Instant; mend: Mend }>
  | Fact<'suspended', { at: Instant }>
  /** The held time is added, or a new deadline was set. */
  | Fact<'resumed', { at: Instant; deadline: NewDeadline | null } & Held>
  | Fact<'stopped', { at: Instant }>
  /** Its successors; `carried` are the matters that went along. */
  | Fact<'superseded', { at: Instant; by: readonly string[]; how: MoveKind; carried: readonly string[] }>
  /**
   * What went along with a move has been judged where it went: what the former lead had brought forward counts for it
   * as it would have without the move. `dueAt` is the deadline of that life afterwards.
   */
  | Fact<
      'moved_settled',
      { at: Instant; matterId: string | null; answer: SettledAnswer; dueAt: Instant | null }
    >
  | Fact<'carried_over', { at: Instant; into: string | null }>
  | Fact<'concluded', { at: Instant }>
  | Fact<'reopened', { at: Instant; deadline: NewDeadline; cycle: number; confirmed?: boolean }>
  | Fact<
      'deadline_adjusted',
      {
        at: Instant;
        deadline: NewDeadline;
        cycle: number;
        latenessStands: boolean;
        by: 'issuer';
      }
    >
  /** An amendment of the directive: what it changes of a running assignment; null leaves it as it is. */
  | Fact<
      'revised',
      {
        at: Instant;
        version: number;
        /** Null: as it was, or none any more. */
        deadline: NewDeadline | null;
        /** The words of a task that is regular from here on: it has no deadline any more. */
        regular?: Pick<NewDeadline, 'phrase' | 'rule'>;
        cycle: number;
        result: Result | null;
        coordinatingUnitIds: readonly string[];
        monitorUnitId: string;
      }
    >
  | Fact<
      'extension_requested',
      { at: Instant; matterId: string; askedFor: Instant; phrase: string; inTime: boolean }
    >
  | Fact<'extension_withdrawn', { at: Instant; matterId: string }>
  | Fact<
      'extension_decided',
      { at: Instant; matterId: string; granted: boolean; deadline: NewDeadline | null; cycle: number }
    >
  | Fact<
      'obstacle_raised',
      {
        at: Instant;
        matterId: string;
        cause: ObstacleCause;
        holderUnitId: string | null;
        outside?: OutsideBody;
      }
    >
  | Fact<
      'obstacle_answered',
      {
        at: Instant;
        matterId: string;
        answer: 'accepted' | 'refused' | 'forwarded' | 'resolved' | 'withdrawn';
        holderUnitId: string | null;
        /** Forwarded to a body outside of the system, with the letter. */
        outside?: OutsideBody;
      } & Held
    >
  | Fact<'cause_stated', { at: Instant; matterId: string; cause: ObstacleCause; objective: boolean }>
  | Fact<'cause_decided', { at: Instant; matterId: string; confirmed: boolean; by?: DecidingBody }>
  | Fact<'contribution_asked', { at: Instant; matterId: string; askedUnitId: string; dueAt: Instant }>
  | Fact<
      'contribution_answered',
      { at: Instant; matterId: string; state: Exclude<ContributionState, 'asked' | 'lapsed' | 'moved'> }
    >
  | Fact<'explanation_asked', { at: Instant; matterId: string; dueAt: Instant }>
  | Fact<
      'explanation_answered',
      { at: Instant; matterId: string; state: Exclude<ExplanationState, 'asked' | 'lapsed' | 'moved'> }
    >
  /**
   * The calendar was edited, or the unit has another one: what came from rules is computed again, never earlier.
   * `previous` holds what it was; `rejudged` a late result that is no longer late.
   */
  | Fact<
      'calendar_changed',
      {
        at: Instant;
        editId: string;
        calendar: CalendarRef;
        deadlineAt: Instant | null;
        /** Steps that would come earlier now, with when they come instead; absent: none. */
        notBefore?: readonly NotBefore[];
        /** Absent: what is counted lies where the calendar has it. */
        kept?: readonly Kept[];
        previous: { calendar: CalendarRef; deadlineAt: Instant | null; dueAt: Instant | null };
      } & Moved
    >
  /** Commands could not be accepted from one instant to another: what fell due meanwhile is due later. */
  | Fact<
      'outage_excused',
      {
        at: Instant;
        outageId: string;
        from: Instant;
        to: Instant;
        previous: { dueAt: Instant | null };
        matters: readonly { readonly matterId: string; readonly dueAt: Instant }[];
      } & Moved
    >
  /** No longer by word of mouth: judged from here on, by the deadline it has from here on. */
  | Fact<'document_confirmed', { at: Instant; version: number; deadline: NewDeadline | null }>
  /** A past that was under way: from here on the system follows it. */
  | Fact<'taken_over', { at: Instant }>
  | Fact<
      'urged',
      {
        at: Instant;
        channel: 'telephone' | 'chat' | 'meeting' | 'letter' | 'system';
        /** Stands for the ladder's urging. */
        counts: boolean;
      }
    >
  /** The signed urging letter, by its number and date as typed. */
  | Fact<'letter_sent', { at: Instant; number: string; date: string }>
  | Fact<'step_taken', StepFact<StepRecipient>>
  | Fact<'steps_voided', { at: Instant; steps: readonly string[]; cycle: number }>
  | SubjectNote;

/** Where a deadline stands after it moved of itself. */
export interface Moved {
  readonly dueAt: Instant | null;
  readonly ladderFrom: Instant | null;
  readonly rejudged: Pick<Submission, 'late' | 'leftMs'> | null;
}

/** The time a return gives: the new judging deadline, or, after a late submission, where the ladder goes on. */
export interface Mend {
  readonly until: Instant;
  readonly movesDue: boolean;
}

export interface NewDeadline {
  readonly phrase: string;
  readonly rule: DeadlineRule | null;
  readonly at: Instant;
  /** From when the rule was counted; absent: from when the deadline was set. */
  readonly from?: Instant;
  /** Of the superior directive's issuer, where it passes the deadline of the assignment that is carried on. */
  readonly parentDocument?: DocumentReference;
}

/** A step of any clock of the assignment, as it is recorded. */
export interface StepFact<To = RecipientKind> {
  readonly step: string;
  readonly kind: LadderStepKind | 'clock';
  readonly cycle: number;
  readonly plannedAt: Instant;
  readonly takenAt: Instant;
  readonly to: readonly To[];
  /** Who is written to: after an outage only the highest missed step writes to each recipient. */
  readonly sends: readonly To[];
  /** The policy's text, for the history that supervisors read. */
  readonly policyText: string;
  readonly calendar: string;
  /** An urging letter that waits for its signature. */
  readonly unsigned?: true;
  /** Of the rung that proposes a case: until when the unit may object; absent where one runs already. */
  readonly objectUntil?: Instant;
}

export type AssignmentEventType = AssignmentEvent['type'];
export type EventOf<T extends AssignmentEventType> = Extract<AssignmentEvent, { type: T }>;
/** Events of what is brought up beside the work: each names its matter. */
export type MatterEvent = Exclude<
  Extract<AssignmentEvent, { data: { matterId: string } }>,
  { type: 'moved_settled' }
>;
