import type { StepFact } from '../assignment/events.js';
import type { CalendarRef } from '../calendar.js';
import type { Instant } from '../instant.js';
import type { SubjectNote } from '../note.js';
import type { TaskChange } from './amend.js';
import type { Correction } from './erratum.js';
import type { UnclearSince } from './state.js';

interface Fact<T extends string, D = Record<never, never>> {
  readonly type: T;
  readonly data: D;
  readonly text?: Readonly<Record<string, string>>;
}

/** Draft edits are recorded with the digest of what was saved; the frozen versions are kept whole. */
export type DirectiveEvent =
  | Fact<'drafted', { at: Instant; workingGroupId: string; id: string; digest: string; tasks: number }>
  | Fact<'revised', { at: Instant; digest: string; tasks: number }>
  | Fact<'approval_requested', { at: Instant }>
  | Fact<'approval_returned', { at: Instant }>
  /** Taken back by who had asked. Recalls that were recorded before this type had a name stand as returned. */
  | Fact<'approval_recalled', { at: Instant }>
  | Fact<'approved', { at: Instant }>
  | Fact<'issued', { at: Instant; version: number; digest: string; planned: number; unclear: number }>
  | Fact<
      'amended',
      {
        at: Instant;
        version: number;
        digest: string;
        planned: number;
        unclear: number;
        /** Of the rows that are unclear now, since when; absent in events that were recorded without it. */
        unclearSince?: readonly UnclearSince[];
        changes: readonly TaskChange[];
        /** Where regular tasks conclude from now on. */
        endsAt: Instant | null;
      }
    >
  /** An erratum: what the document said and what it says. */
  | Fact<'corrected', { at: Instant; version: number; digest: string; corrections: readonly Correction[] }>
  /** The document that confirms what was given by word of mouth: from here on deadlines judge. */
  | Fact<
      'document_confirmed',
      { at: Instant; version: number; digest: string; number: string; documentDate: string }
    >
  | Fact<'assignments_made', { at: Instant; count: number; assigned: number }>
  | Fact<'withdrawn', { at: Instant }>
  | Fact<'closed', { at: Instant; by: 'all_ended' | 'decision'; carriedOver: readonly string[] }>
  | Fact<'reopened', { at: Instant }>
  /** Its own clocks and later assignments are computed under another version of the calendar. */
  | Fact<'calendar_changed', { at: Instant; editId: string; calendar: CalendarRef }>
  | Fact<'step_taken', StepFact>
  /** Only a draft is deleted: its row goes, its events stay. */
  | Fact<'deleted', { at: Instant }>
  | SubjectNote;

export type DirectiveEventOf<T extends DirectiveEvent['type']> = Extract<DirectiveEvent, { type: T }>;
