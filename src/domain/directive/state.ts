import type { Instant } from '../instant.js';

/**
 * - `draft`: may be incomplete, may be deleted.
 * - `awaiting_approval`: a supervisor approves before issue, where the policy asks for it.
 * - `issued`: a version is frozen; assignments are made and followed.
 * - `closed`: every assignment has ended, or closed by decision with the list of what is carried over.
 * - `withdrawn`: open assignments stopped, pending matters lapsed.
 */
export type DirectiveStateName = 'draft' | 'awaiting_approval' | 'issued' | 'closed' | 'withdrawn';

export interface Directive {
  readonly id: string;
  readonly workingGroupId: string;
  readonly state: DirectiveStateName;
  readonly seq: number;
  readonly frozenVersion: number;
  readonly approved: boolean;
  readonly issuedAt: Instant | null;
  readonly planned: number;
  readonly assigned: number;
  /** Rows of the frozen version that stay unclear; the standing agency has a clock to clear them. */
  readonly unclear: number;
  /** Since when they are unclear, once an amendment has said it; absent: all since the issue. */
  readonly unclearSince?: readonly UnclearSince[];
  readonly endedAt: Instant | null;
  readonly taken: readonly string[];
  readonly lastRecordedAt: Instant;
}

/** The version in which rows became unclear, and its instant: the clock to clear them counts from there. */
export interface UnclearSince {
  readonly version: number;
  readonly at: Instant;
}

/** Which clears a row fails: people, work, time, results. */
export type Clear = 'people' | 'work' | 'time' | 'results';
