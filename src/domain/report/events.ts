import type { StepFact } from '../assignment/events.js';
import type { CalendarRef } from '../calendar.js';
import type { Instant } from '../instant.js';
import type { SubjectNote } from '../note.js';
import type { NotBefore } from '../planned.js';
import type { LapseReason, Obligation, ReportedProgress } from './state.js';

interface Fact<T extends string, D> {
  readonly type: T;
  readonly data: D;
  readonly text?: Readonly<Record<string, string>>;
}

/** A correction: both values are kept. */
export interface Restated {
  readonly assignmentId: string;
  readonly before: Omit<ReportedProgress, 'assignmentId'> | null;
  readonly after: Omit<ReportedProgress, 'assignmentId'>;
}

/** A due instant after a move, with what it was. `dueAt` is the one in force; `first` and `mendUntil` what it is made of. */
export interface MovedDue {
  readonly dueAt: Instant;
  readonly first: Instant;
  readonly mendUntil: Instant | null;
  /** The last first due instant of those below, which this one followed; absent: it moved by itself. */
  readonly below?: Instant;
  /** A report that had been judged late is in time. */
  readonly rejudged: boolean;
  readonly previous: {
    readonly dueAt: Instant;
    readonly first: Instant;
    readonly mendUntil: Instant | null;
    readonly calendar: CalendarRef;
  };
}

/** Everything that can happen to what a unit owes for one period. `at` is the judged instant of the act. */
export type ReportEvent =
  | SubjectNote
  | Fact<'opened', Omit<Obligation, 'seq' | 'lastRecordedAt'>>
  /** `replaces`: a paper that had come before the late report that stood, and counts in its place. */
  | Fact<
      'submitted',
      {
        at: Instant;
        judged: Instant;
        dueAt: Instant;
        progress: readonly ReportedProgress[];
        replaces?: true;
      }
    >
  | Fact<'restated', { at: Instant; changes: readonly Restated[] }>
  /**
   * `formOnly`: what came is judged by its first coming all the same. `mendUntil` where it had come in time; `first`
   * is then the first due instant by the calendar of that day, which nobody had counted again for what was in time.
   */
  | Fact<
      'returned',
      { at: Instant; formOnly: boolean; mendUntil: Instant | null; first?: Instant; calendar: CalendarRef }
    >
  | Fact<'excuse_asked', { at: Instant }>
  | Fact<'excused', { at: Instant }>
  | Fact<'excuse_refused', { at: Instant }>
  /** `at`: from when on nothing was owed, which may lie before the recording. */
  | Fact<'lapsed', { at: Instant; reason: LapseReason }>
  /** The calendar was edited, or the unit has another one: the due instant is counted again, never earlier. */
  | Fact<
      'calendar_changed',
      {
        at: Instant;
        editId: string;
        calendar: CalendarRef;
        /** Steps that would come earlier now, with when they come instead; absent: none. */
        notBefore?: readonly NotBefore[];
      } & MovedDue
    >
  /** Commands could not be accepted from one instant to another: what fell due meanwhile is due later. */
  | Fact<'outage_excused', { at: Instant; outageId: string; from: Instant; to: Instant } & MovedDue>
  /** What stays missing is urged no more: there is nothing to send, or nobody who could. */
  | Fact<'urging_ended', { at: Instant; reason: LapseReason }>
  /** The due instant has passed without a report in time. A step like any other, with a name of its own. */
  | Fact<'judged', StepFact & { state: 'missing' | 'received_late' }>
  /** A report turned out to have come in time: what was done meanwhile did not stand. */
  | Fact<'steps_voided', { at: Instant; steps: readonly string[]; cycle: number }>
  | Fact<'step_taken', StepFact>;

export type ReportEventOf<T extends ReportEvent['type']> = Extract<ReportEvent, { type: T }>;
