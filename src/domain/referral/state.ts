import type { DecidingBody, ObstacleCause } from '../assignment/state.js';
import type { Instant, IsoDate } from '../instant.js';
import type { NotBefore } from '../planned.js';

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

/** A case is of an overdue assignment, or of a unit that reports late again and again under one regime. */
export type ReferralFacts = AssignmentFacts | ReportingFacts;

/** The facts of an overdue assignment as they stood at an instant; frozen, and hashed by the engine. */
export interface AssignmentFacts {
  readonly about: 'assignment';
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
  /** Every cause that the unit stated; one that nobody has decided is pending. Absent: frozen before they were kept. */
  readonly causes?: readonly StatedCause[];
  /** What coordinating units were asked for and did not give in time: evidence for the lead. Absent: as above. */
  readonly overdueContributions?: readonly OverdueContribution[];
  readonly steps: readonly { readonly step: string; readonly plannedAt: Instant }[];
  readonly asOf: Instant;
  /** Working time the assignment is late by, at `asOf`, in ms. */
  readonly lateByMs: number;
}

export interface StatedCause {
  readonly matterId: string;
  readonly cause: ObstacleCause;
  /** Whether the unit calls it objective. */
  readonly objective: boolean;
  readonly statedAt: Instant;
  readonly state: 'pending' | 'confirmed_objective' | 'refused';
  readonly decidedBy: DecidingBody | null;
}

export interface OverdueContribution {
  readonly matterId: string;
  readonly askedUnitId: string;
  readonly askedAt: Instant;
  readonly dueAt: Instant;
  /** When it was answered after all; null where it was not. */
  readonly answeredAt: Instant | null;
}

/** One reporting period that counts as late, as evidence. */
export interface LatePeriod {
  readonly obligationId: string;
  readonly period: string;
  readonly opensOn: IsoDate;
  readonly closesOn: IsoDate;
  readonly dueAt: Instant;
  /** When the report came that counts; null where none did. */
  readonly receivedAt: Instant | null;
}

/** The facts of repeated late reporting; frozen and hashed in the same way. */
export interface ReportingFacts {
  readonly about: 'reporting';
  readonly regimeId: string;
  readonly unitId: string;
  /** The evaluation year in which the late periods fell due. */
  readonly year: { readonly from: IsoDate; readonly to: IsoDate };
  readonly threshold: { readonly inRow: number; readonly inYear: number };
  /** The longest run of late periods, and how many there were in the year. */
  readonly inRow: number;
  readonly inYear: number;
  /** Whether the threshold is reached. */
  readonly late: boolean;
  readonly periods: readonly LatePeriod[];
  readonly asOf: Instant;
}

export interface Referral {
  readonly id: string;
  readonly workingGroupId: string;
  /** Of an overdue assignment; null where the case is of late reporting. */
  readonly directiveId: string | null;
  readonly assignmentId: string | null;
  /** Of repeated late reporting; null where the case is of an assignment. */
  readonly regimeId: string | null;
  readonly unitId: string;
  readonly state: ReferralStateName;
  readonly seq: number;
  readonly facts: ReferralFacts;
  readonly proposedAt: Instant;
  readonly windowEndsAt: Instant;
  /** When the window began that ends then, where it began again. Absent: with the proposal. */
  readonly windowFrom?: Instant;
  /** Clocks that an edit of the calendar would have brought forward. */
  readonly notBefore?: readonly NotBefore[];
  /** When the present state began; the clocks of those who must answer count from here. */
  readonly since: Instant;
  readonly opinionGiven: boolean;
  readonly objections: number;
  readonly referredAt: Instant | null;
  readonly held: boolean;
  readonly taken: readonly string[];
  readonly endedAt: Instant | null;
  /** What Home Affairs was sent after the facts, each a document of its own; the frozen facts stay. */
  readonly corrections?: readonly { readonly at: Instant; readonly facts: ReferralFacts }[];
  readonly lastRecordedAt: Instant;
}
