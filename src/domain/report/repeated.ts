import { type Calendar, localDate } from '../calendar.js';
import type { CaseContext, Spawned } from '../decision.js';
import { addDuration } from '../duration.js';
import type { Instant, IsoDate } from '../instant.js';
import type { ReportingPolicy } from '../policy.js';
import type { CaseGround } from '../referral/ground.js';
import type { ReportingFacts } from '../referral/state.js';
import { dueInForce, latenessOf, type Obligation, reportAt } from './state.js';
import { evaluationYear } from './windows.js';

/** What repetition is counted from: one period of a unit, as far as it counts. */
export interface PeriodRecord {
  readonly obligationId: string;
  readonly unitId: string;
  readonly period: string;
  readonly opensOn: IsoDate;
  readonly closesOn: IsoDate;
  readonly dueAt: Instant;
  readonly receivedAt: Instant | null;
  /** Null: not to be judged (not due yet, excused, lapsed), and so it neither counts nor breaks a row. */
  readonly late: boolean | null;
  readonly excuseAsked: boolean;
  readonly lastRecordedAt: Instant;
}

export function recordOf(o: Obligation, at: Instant): PeriodRecord {
  return {
    obligationId: o.id,
    unitId: o.unitId,
    period: o.period.key,
    opensOn: o.period.opensOn,
    closesOn: o.period.closesOn,
    dueAt: dueInForce(o, at),
    receivedAt: reportAt(o, at)?.at ?? null,
    late: latenessOf(o),
    excuseAsked: o.excuse?.state === 'asked' && o.settled === null,
    lastRecordedAt: o.lastRecordedAt,
  };
}

export interface Repetition {
  readonly regimeId: string;
  readonly unitId: string;
  readonly year: { readonly from: IsoDate; readonly to: IsoDate };
  readonly threshold: ReportingPolicy['continues'];
  /** Evidence of an earlier case: counted there, and it ends a row here. */
  readonly used: ReadonlySet<string>;
}

/**
 * "Continues to report late", computed from the periods of one unit under one regime, or from what it was asked for on
 * occasion in one Working Group. A row may have begun in the
 * year before, but one of its periods must have fallen due in this one.
 */
export function reportingFacts(
  records: readonly PeriodRecord[],
  { regimeId, unitId, year, threshold, used }: Repetition,
  calendar: Calendar,
  asOf: Instant,
): ReportingFacts {
  const inOrder = [...records]
    .filter((record) => record.late !== null)
    .sort((one, other) => one.dueAt - other.dueAt || one.opensOn.localeCompare(other.opensOn));
  const isOfYear = ({ dueAt }: PeriodRecord): boolean => {
    const date = localDate(calendar, dueAt);
    return date >= year.from && date <= year.to;
  };
  const rows: PeriodRecord[][] = [[]];
  for (const record of inOrder) {
    if (record.late === true && !used.has(record.obligationId)) rows.at(-1)?.push(record);
    else rows.push([]);
  }
  const ofYear = rows.filter((row) => row.some(isOfYear));
  const inRow = Math.max(0, ...ofYear.map(timesLate));
  const late = ofYear.flatMap((row) => (timesLate(row) >= threshold.inRow ? row : row.filter(isOfYear)));
  const inYear = timesLate(late.filter(isOfYear));
  return {
    about: 'reporting',
    regimeId,
    unitId,
    year,
    threshold,
    inRow,
    inYear,
    late: inRow >= threshold.inRow || inYear >= threshold.inYear,
    periods: late.map(({ obligationId, period, opensOn, closesOn, dueAt, receivedAt }) => ({
      obligationId,
      period,
      opensOn,
      closesOn,
      dueAt,
      receivedAt,
    })),
    asOf,
  };
}

/** Periods that fall due together, of the days of a weekend or around Tết, are missed by one lateness. */
function timesLate(records: readonly PeriodRecord[]): number {
  return new Set(records.map(({ dueAt }) => dueAt)).size;
}

/** What a case of late reporting rests on: held while a request to be excused waits for its answer. */
export function reportingGround(
  records: readonly PeriodRecord[],
  repetition: Repetition,
  calendar: Calendar,
): CaseGround {
  return {
    over: false,
    undecided: records.some((record) => record.excuseAsked && record.late === true),
    lastRecordedAt: Math.max(0, ...records.map((record) => record.lastRecordedAt)),
    facts: (asOf) => reportingFacts(records, repetition, calendar, asOf),
  };
}

export type ProposalContext = Pick<CaseContext, 'policy' | 'calendar' | 'newId'> & {
  readonly workingGroupId: string;
  readonly reporting: ReportingPolicy;
};

/** The evaluation year in which a period counts. */
export function yearOf(
  dueAt: Instant,
  { calendar, reporting }: Pick<ProposalContext, 'calendar' | 'reporting'>,
): Repetition['year'] {
  return evaluationYear(reporting.yearCloses, localDate(calendar, dueAt));
}

/** A case, where the periods reach the threshold; null where they do not. */
export function proposal(
  facts: ReportingFacts,
  ctx: ProposalContext,
): Extract<Spawned, { kind: 'referral' }> | null {
  if (!facts.late) return null;
  const id = ctx.newId();
  const at = facts.asOf;
  return {
    kind: 'referral',
    id,
    events: [
      {
        type: 'proposed',
        data: {
          id,
          workingGroupId: ctx.workingGroupId,
          directiveId: null,
          assignmentId: null,
          regimeId: facts.regimeId,
          unitId: facts.unitId,
          state: 'proposed',
          facts,
          proposedAt: at,
          windowEndsAt: addDuration(ctx.calendar, at, ctx.policy.referral.objectionWindow),
          since: at,
          opinionGiven: false,
          objections: 0,
          referredAt: null,
          held: false,
          taken: [],
          endedAt: null,
        },
      },
    ],
  };
}
