import type { Calendar } from '../calendar.js';
import { addDuration, formatDuration, subtractDuration } from '../duration.js';
import { type Instant, SECOND } from '../instant.js';
import { notBefore, type PlannedStep } from '../planned.js';
import type {
  DirectivePolicy,
  LadderStep,
  LadderStepKind,
  RecipientKind,
  ReportingPolicy,
} from '../policy.js';
import { dueInForce, isInTime, JUDGE, type Obligation, reportAt } from './state.js';

export interface ReportCandidate extends PlannedStep {
  readonly kind: LadderStepKind | 'clock';
  readonly to: readonly RecipientKind[];
  readonly policyText: string;
  /** By which it is counted: the unit's, or that of the office that answers. */
  readonly calendar: Calendar;
}

export interface ReportPlanning {
  readonly reporting: ReportingPolicy;
  readonly policy: Pick<DirectivePolicy, 'id' | 'version'>;
  readonly calendar: Calendar;
  /** The Working Group's: by it the standing agency answers, whatever calendar the unit has. */
  readonly officeCalendar: Calendar;
}

/** What the report waits for next, or null. A pure function of state, policy and calendar. */
export function nextReportStep(o: Obligation, ctx: ReportPlanning): PlannedStep | null {
  let next: ReportCandidate | null = null;
  for (const candidate of reportCandidates(o, ctx)) {
    if (next === null || candidate.at < next.at) next = candidate;
  }
  return next === null ? null : { step: next.step, at: next.at };
}

/** Every step that is owed and not taken yet, in no particular order. */
export function reportCandidates(o: Obligation, ctx: ReportPlanning): ReportCandidate[] {
  return [...notBefore(countedReportSteps(o, ctx), o.notBefore)];
}

/**
 * What people count with, whether something holds it at the moment or not: every rung after the due instant, and the
 * answer that is owed; as the calendars have it, or as it was announced.
 */
export function expectedReportSteps(
  o: Obligation,
  ctx: ReportPlanning,
  announced = o.notBefore,
): readonly PlannedStep[] {
  if (o.settled !== null) return [];
  const due = dueInForce(o, FOR_EVER);
  const isTaken = (step: string): boolean =>
    o.taken.some((taken) => taken.step === step && taken.cycle === o.cycle && !taken.voided);
  const rungs = ctx.reporting.ladder
    .filter((rung) => rung.when === 'after' && !isTaken(rung.step))
    .map((rung) => ({ step: rung.step, at: rungAt(rung, due, ctx.calendar) }));
  const answers = excuseClock(o, ctx).map(({ step, at }) => ({ step, at }));
  return notBefore([...rungs, ...answers], announced);
}

function countedReportSteps(o: Obligation, ctx: ReportPlanning): ReportCandidate[] {
  if (o.settled !== null) return [];
  return [...judgement(o, ctx), ...ladder(o, ctx), ...excuseClock(o, ctx)].filter(
    ({ step }) => !o.taken.some((taken) => taken.step === step && taken.cycle === o.cycle && !taken.voided),
  );
}

const FOR_EVER = Number.POSITIVE_INFINITY;

function judgement(o: Obligation, { calendar }: ReportPlanning): ReportCandidate[] {
  const report = reportAt(o, FOR_EVER);
  if (report !== null && isInTime(report)) return [];
  return [
    {
      step: JUDGE,
      at: dueInForce(o, FOR_EVER) + SECOND,
      kind: 'clock',
      to: [],
      policyText: 'the due instant of the period',
      calendar,
    },
  ];
}

function ladder(o: Obligation, { reporting, calendar, policy }: ReportPlanning): ReportCandidate[] {
  if (reportAt(o, FOR_EVER) !== null || o.urgingEndedAt !== undefined) return [];
  const due = dueInForce(o, FOR_EVER);
  const since = o.mend?.since ?? o.opensAt;
  const asked = o.excuse?.state === 'asked';
  return reporting.ladder.flatMap((rung) => {
    const at = rungAt(rung, due, calendar);
    // A reminder whose day lay before the period was opened is not owed.
    if (rung.when === 'before' && at <= since) return [];
    // Asked to be excused, the unit is not pressed above urging until it has an answer.
    if (asked && rung.kind !== 'reminder' && rung.kind !== 'urge') return [];
    const { step, kind, to, offset, when } = rung;
    const policyText = `${nameOf(policy)}: ${step}, ${formatDuration(offset)} ${when} the report is due, to ${to.join(', ')}`;
    return [{ step, at, kind, to, policyText, calendar }];
  });
}

/** When a rung is due. */
export function rungAt(rung: LadderStep, due: Instant, calendar: Calendar): Instant {
  if (rung.when === 'before') return subtractDuration(calendar, due, rung.offset);
  // Never before the judgement that it follows from.
  return Math.max(addDuration(calendar, due, rung.offset), due + SECOND);
}

const nameOf = ({ id, version }: ReportPlanning['policy']): string => `${id} v${version}`;

function excuseClock(
  o: Obligation,
  { reporting, officeCalendar, policy }: ReportPlanning,
): ReportCandidate[] {
  if (o.excuse?.state !== 'asked') return [];
  return [
    {
      step: `excuse:${o.excuse.askedAt}`,
      at: addDuration(officeCalendar, o.excuse.askedAt, reporting.excuseAnswer),
      kind: 'clock',
      to: ['standing_agency', 'supervisor'],
      policyText: `${nameOf(policy)}: excuse answered within ${formatDuration(reporting.excuseAnswer)}`,
      calendar: officeCalendar,
    },
  ];
}
