import { toSecond } from '../assignment/lateness.js';
import type { CalendarRef } from '../calendar.js';
import type { Figure } from '../figures/series.js';
import { type Instant, SECOND } from '../instant.js';
import type { NotBefore } from '../planned.js';
import type { DueRule, Period } from './windows.js';

/**
 * What a unit owes under a regime for one period.
 *
 * - `not_due`: the window is running.
 * - `due`: the figures are closed, the report is expected.
 * - `missing`: the due instant has passed, and nothing that counts has come.
 * - `received_on_time`, `received_late`: judged by the instant at which the report came.
 * - `excused`: nothing is owed, by a numbered document.
 * - `lapsed`: nothing is owed any more, for one of the reasons below; what had fallen due before stays.
 *
 * Every missed period stays as its own row. The state is a function of what happened and of an instant.
 */
export type ReportStateName =
  | 'not_due'
  | 'due'
  | 'received_on_time'
  | 'received_late'
  | 'missing'
  | 'excused'
  | 'lapsed';

export const REPORT_STATES = [
  'not_due',
  'due',
  'received_on_time',
  'received_late',
  'missing',
  'excused',
  'lapsed',
] as const satisfies readonly ReportStateName[];

/**
 * Why what was owed lapsed: the regime ended or the last of its directives closed before the window did, the last of
 * its directives was withdrawn, the ad hoc request was taken back, or the unit is no more.
 */
export const LAPSE_REASONS = [
  'regime_ended',
  'request_ended',
  'directive_withdrawn',
  'directive_closed',
  'unit_abolished',
] as const;
export type LapseReason = (typeof LAPSE_REASONS)[number];

/** What a report says of one assignment in figures; its words are in the assignment's own event. */
export interface ReportedProgress {
  readonly assignmentId: string;
  readonly percent: number | null;
  readonly figure: Figure | null;
}

/** One coming of the report. */
export interface Received {
  readonly at: Instant;
  /** The instant that judges: the first one, where it had been returned for its form only. */
  readonly judged: Instant;
  /** The due instant that was in force when it came. */
  readonly dueAt: Instant;
  readonly returned: { readonly at: Instant; readonly formOnly: boolean } | null;
}

export interface Obligation {
  readonly id: string;
  readonly workingGroupId: string;
  readonly regimeId: string;
  readonly regimeVersion: number;
  readonly unitId: string;
  readonly level: number;
  readonly period: Period;
  readonly opensAt: Instant;
  readonly closesAt: Instant;
  readonly dueAt: Instant;
  /** How the due instant was counted; null where it was named and no edit of a calendar moves it. */
  readonly rule: DueRule | null;
  /** Under which it was counted, in the version that was applied last. */
  readonly calendar: CalendarRef;
  /** Grows by each return that gives a new due instant: the ladder begins again. */
  readonly cycle: number;
  /** Until when a returned report that had come in time may be mended. */
  readonly mend: { readonly since: Instant; readonly until: Instant } | null;
  readonly received: readonly Received[];
  readonly progress: readonly ReportedProgress[];
  readonly restatements: number;
  readonly excuse: { readonly askedAt: Instant; readonly state: 'asked' | 'granted' | 'refused' } | null;
  readonly settled:
    | { readonly state: 'excused'; readonly at: Instant }
    | { readonly state: 'lapsed'; readonly at: Instant; readonly reason: LapseReason }
    | null;
  /** Nobody is urged any more for what stays missing; absent: urging goes on. */
  readonly urgingEndedAt?: Instant;
  /** Steps of this cycle that an edit of a calendar would have brought forward, and when they come instead. */
  readonly notBefore?: readonly NotBefore[];
  readonly taken: readonly {
    readonly step: string;
    readonly cycle: number;
    readonly plannedAt: Instant;
    readonly voided: boolean;
  }[];
  readonly seq: number;
  readonly lastRecordedAt: Instant;
}

/** What an obligation is at its opening: nothing has come, been asked or been done. */
export const NOTHING_YET = {
  cycle: 1,
  mend: null,
  received: [],
  progress: [],
  restatements: 0,
  excuse: null,
  settled: null,
  taken: [],
} as const satisfies Partial<Obligation>;

/** The step that judges: a second after the due instant, which is itself still in time. */
export const JUDGE = 'judge';

/** The due instant in force at an instant: the first, or the end of the time to mend. */
export function dueInForce(o: Obligation, at: Instant): Instant {
  return o.mend !== null && at >= o.mend.since ? o.mend.until : o.dueAt;
}

/** The report that counts at an instant; null where none has come or it was returned. */
export function reportAt(o: Obligation, at: Instant): Received | null {
  const came = o.received.findLast((one) => one.at <= at);
  if (came === undefined || (came.returned !== null && came.returned.at <= at)) return null;
  return came;
}

/** To the second, as results are: what comes within the second of the due instant is in time. */
export function isInTime(report: Received): boolean {
  return toSecond(report.judged) <= report.dueAt;
}

/** The state as of an instant in the world, by everything that is known. */
export function stateAt(o: Obligation, at: Instant): ReportStateName {
  if (o.settled !== null && o.settled.at <= at) return o.settled.state;
  const report = reportAt(o, at);
  if (report !== null) return isInTime(report) ? 'received_on_time' : 'received_late';
  if (at <= o.closesAt) return 'not_due';
  return toSecond(at) <= dueInForce(o, at) ? 'due' : 'missing';
}

/** Half-open stretches of one state each, for lists as of any instant. */
export function stretchesOf(o: Obligation): { readonly state: ReportStateName; readonly from: Instant }[] {
  const cuts = [
    o.opensAt,
    o.closesAt + 1,
    o.dueAt + SECOND,
    ...(o.mend === null ? [] : [o.mend.since, o.mend.until + SECOND]),
    ...o.received.flatMap(({ at, returned }) => (returned === null ? [at] : [at, returned.at])),
    ...(o.settled === null ? [] : [o.settled.at]),
  ];
  const stretches: { state: ReportStateName; from: Instant }[] = [];
  const shown = cuts.map((cut) => Math.max(cut, o.opensAt));
  for (const cut of [...new Set(shown)].sort((one, other) => one - other)) {
    const state = stateAt(o, cut);
    if (stretches.at(-1)?.state !== state) stretches.push({ state, from: cut });
  }
  return stretches;
}

/**
 * Whether the period counts as late by what has been judged: true, false, or null where it is not to be judged
 * (not yet, or not any more). A missing report counts from the step that judged it.
 */
export function latenessOf(o: Obligation): boolean | null {
  if (o.settled !== null) return null;
  const report = reportAt(o, Number.POSITIVE_INFINITY);
  if (report !== null) return !isInTime(report);
  const judged = o.taken.some(({ step, cycle, voided }) => step === JUDGE && cycle === o.cycle && !voided);
  return judged ? true : null;
}
