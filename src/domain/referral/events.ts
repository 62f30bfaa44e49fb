import type { StepFact } from '../assignment/events.js';
import type { Instant } from '../instant.js';
import type { SubjectNote } from '../note.js';
import type { NotBefore } from '../planned.js';
import type { Referral, ReferralFacts } from './state.js';

interface Fact<T extends string, D = Record<never, never>> {
  readonly type: T;
  readonly data: D;
  readonly text?: Readonly<Record<string, string>>;
}

export type ReferralEvent =
  | Fact<'proposed', Omit<Referral, 'seq' | 'lastRecordedAt'>>
  /** `recordedAt` where it came on paper: the supervisor's clock counts from there, the window from its arrival. */
  | Fact<'objected', { at: Instant; recordedAt?: Instant }>
  | Fact<'opinion_given', { at: Instant }>
  | Fact<'objection_decided', { at: Instant; upheld: boolean }>
  /** The facts changed during the window: frozen anew, and the window starts again. */
  | Fact<'facts_renewed', { at: Instant; facts: ReferralFacts; windowEndsAt: Instant }>
  | Fact<'release_awaited', { at: Instant; facts: ReferralFacts }>
  | Fact<'referred', { at: Instant; facts: ReferralFacts; automatic: boolean }>
  /** The facts as they are after they were sent. */
  | Fact<'facts_corrected', { at: Instant; facts: ReferralFacts }>
  | Fact<'supplement_requested', { at: Instant }>
  | Fact<'supplemented', { at: Instant }>
  | Fact<'acknowledged', { at: Instant }>
  | Fact<'outcome_recorded', { at: Instant; outcome: string }>
  | Fact<'outcome_corrected', { at: Instant; outcome: string }>
  | Fact<'withdrawn', { at: Instant; reason: 'no_longer_late' | 'too_early' | 'by_decision' }>
  | Fact<'held', { at: Instant }>
  | Fact<'unheld', { at: Instant }>
  | Fact<'lapsed', { at: Instant }>
  /** The window closed while commands could not be accepted: it stays open longer. */
  | Fact<
      'outage_excused',
      {
        at: Instant;
        outageId: string;
        from: Instant;
        to: Instant;
        windowEndsAt: Instant;
        previous: { windowEndsAt: Instant };
      }
    >
  /** An edit of the calendar: the time to object is longer, or an office's clock would come earlier than was told. */
  | Fact<
      'calendar_changed',
      {
        at: Instant;
        editId: string;
        windowEndsAt: Instant;
        /** It waited for its letter, and may be objected to again. */
        reopens: boolean;
        notBefore: readonly NotBefore[];
        previous: { windowEndsAt: Instant };
      }
    >
  | Fact<'step_taken', StepFact>
  | SubjectNote;

export type ReferralEventOf<T extends ReferralEvent['type']> = Extract<ReferralEvent, { type: T }>;
