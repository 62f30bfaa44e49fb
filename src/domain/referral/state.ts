import type { Instant } from '../instant.js';

/**
 * A case to the Department of Home Affairs.
 *
 * - `proposed`: the unit sees the facts and their computation, and may object within the window.
 * - `objected`: the supervisor decides, after the standing agency's opinion.
 * - `rejected`: the objection was not accepted; the case goes on.
 * - `awaiting_release`: the window has passed; under the policy `released` a named person sends it.
 * - `referred`: with Home Affairs.
 * - `returned_for_supplement`: Home Affairs asked for more.
 * - `acknowledged`, `outcome_recorded`, `corrected`: Home Affairs' own steps.
 * - `upheld`, `withdrawn`, `lapsed`: ended without reaching, or without an outcome at, Home Affairs.
 */
export type ReferralStateName =
  | 'proposed'
  | 'objected'
  | 'rejected'
  | 'awaiting_release'
  | 'referred'
  | 'returned_for_supplement'
  | 'acknowledged'
  | 'outcome_recorded'
  | 'corrected'
  | 'upheld'
  | 'withdrawn'
  | 'lapsed';

/** States in which the conductor has nothing more to wait for. */
const REFERRAL_ENDED: readonly ReferralStateName[] = [
  'outcome_recorded',
  'corrected',
  'upheld',
  'withdrawn',
  'lapsed',
];

export function isReferralEnded(state: ReferralStateName): boolean {
  return REFERRAL_ENDED.includes(state);
}

/** The facts of the case as they stood at an instant; frozen, and hashed by the engine. */
export interface ReferralFacts {
  readonly assignmentId: string;
  readonly taskId: string;
  readonly unitId: string;
  readonly cycle: number;
  readonly firstDeadlineAt: Instant | null;
  readonly dueAt: Instant | null;
  readonly submittedAt: Instant | null;
  readonly confirmedAt: Instant | null;
  readonly late: boolean;
  readonly objectiveCauseConfirmed: boolean;
  readonly steps: readonly { readonly step: string; readonly plannedAt: Instant }[];
  readonly asOf: Instant;
  /** Working time the assignment is late by, at `asOf`, in ms. */
  readonly lateByMs: number;
}

export interface Referral {
  readonly id: string;
  readonly workingGroupId: string;
  readonly directiveId: string;
  readonly assignmentId: string;
  readonly unitId: string;
  readonly state: ReferralStateName;
  readonly seq: number;
  readonly facts: ReferralFacts;
  readonly proposedAt: Instant;
  readonly windowEndsAt: Instant;
  /** When the present state began; the clocks of those who must answer count from here. */
  readonly since: Instant;
  readonly opinionGiven: boolean;
  readonly objections: number;
  readonly referredAt: Instant | null;
  readonly held: boolean;
  readonly taken: readonly string[];
  readonly endedAt: Instant | null;
  readonly lastRecordedAt: Instant;
}
