import { isOverdue } from '../assignment/contributions.js';
import { isLate, judgedInstant } from '../assignment/lateness.js';
import type { Assignment, FormerLife } from '../assignment/state.js';
import type { Calendar } from '../calendar.js';
import { workingTimeBetween } from '../calendar.js';
import { canonical } from '../canonical.js';
import type { Instant } from '../instant.js';
import type { AssignmentFacts, Referral, ReferralFacts } from './state.js';

/** The facts of a case of an assignment, computed from the record at an instant. */
export function factsOf(a: Assignment, asOf: Instant, calendar: Calendar): AssignmentFacts {
  // Reopened, it has a new deadline; as long as it is not late again, a case speaks of the life that was.
  if (a.formerLife !== undefined && !isLate(a, asOf)) return factsOfFormer(a, a.formerLife, asOf, calendar);
  const late = isLate(a, asOf);
  return {
    about: 'assignment',
    assignmentId: a.id,
    taskId: a.taskId,
    unitId: a.unitId,
    cycle: a.cycle,
    firstDeadlineAt: a.firstDeadlineAt,
    dueAt: a.dueAt,
    submittedAt: a.submission?.at ?? null,
    confirmedAt: a.state === 'confirmed' ? a.endedAt : null,
    late,
    ...broughtForward(a, asOf),
    steps: ladderOf(a.taken),
    asOf,
    lateByMs: late && a.dueAt !== null ? workingTimeBetween(calendar, a.dueAt, judgedInstant(a, asOf)) : 0,
  };
}

function factsOfFormer(
  a: Assignment,
  former: FormerLife,
  asOf: Instant,
  calendar: Calendar,
): AssignmentFacts {
  const { cycle, dueAt, submittedAt, confirmedAt, endedAt } = former;
  return {
    about: 'assignment',
    assignmentId: a.id,
    taskId: a.taskId,
    unitId: a.unitId,
    cycle,
    firstDeadlineAt: a.firstDeadlineAt,
    dueAt,
    submittedAt,
    confirmedAt,
    late: true,
    ...broughtForward(a, asOf),
    steps: ladderOf(former.steps),
    asOf,
    lateByMs: workingTimeBetween(calendar, dueAt, submittedAt ?? endedAt),
  };
}

/** What speaks for the unit: the causes it stated, and what others owed it. */
function broughtForward(
  { matters }: Assignment,
  asOf: Instant,
): Pick<AssignmentFacts, 'objectiveCauseConfirmed' | 'causes' | 'overdueContributions'> {
  const causes = matters
    .filter((matter) => matter.kind === 'cause')
    .map(({ id, cause, objective, openedAt, state, decided }) => ({
      matterId: id,
      cause,
      objective,
      statedAt: openedAt,
      state: state === 'stated' ? ('pending' as const) : state,
      decidedBy: decided?.by ?? null,
    }));
  return {
    objectiveCauseConfirmed: causes.some(({ state }) => state === 'confirmed_objective'),
    causes,
    overdueContributions: matters
      .filter((matter) => matter.kind === 'contribution')
      .filter((matter) => isOverdue(matter, asOf))
      .map(({ id, askedUnitId, openedAt, dueAt, answeredAt }) => ({
        matterId: id,
        askedUnitId,
        askedAt: openedAt,
        dueAt,
        answeredAt: answeredAt ?? null,
      })),
  };
}

const ladderOf = (taken: Assignment['taken']): AssignmentFacts['steps'] =>
  taken
    .filter(({ voided, step }) => !voided && !step.includes(':'))
    .map(({ step, plannedAt }) => ({ step, plannedAt }));

/** The day that a case answers for: of the missed deadline, or of the last late period. */
export function dayOfFact({ facts, proposedAt }: Pick<Referral, 'facts' | 'proposedAt'>): Instant {
  return (facts.about === 'assignment' ? facts.dueAt : facts.periods.at(-1)?.dueAt) ?? proposedAt;
}

/**
 * The facts of today, as far as the unit has been asked about them: what became late since is evidence of a next case.
 * So lateness that goes on begins no window again, and nobody is referred for what they could not object to. Where an
 * earlier period is late no more, everything is to be asked about anew.
 */
export function asAskedAbout(known: ReferralFacts, present: ReferralFacts): ReferralFacts {
  if (known.about !== 'reporting' || present.about !== 'reporting') return present;
  const periods = present.periods.filter((period) =>
    known.periods.some((one) => one.obligationId === period.obligationId && one.dueAt === period.dueAt),
  );
  if (periods.length < known.periods.length) return present;
  return { ...present, inRow: known.inRow, inYear: known.inYear, periods };
}

/**
 * Whether the facts say the same; how long it has lasted, which steps followed, and what was stated or asked of others
 * meanwhile are no change: nobody gets a new window by asking anew.
 */
export function sameFacts(one: ReferralFacts, other: ReferralFacts): boolean {
  return key(one) === key(other);
}

function key(facts: ReferralFacts): string {
  if (facts.about === 'reporting') {
    // Frozen facts come back from the record with their fields in another order.
    const periods = facts.periods.map(({ receivedAt: _received, ...period }) => period);
    return canonical([facts.about, facts.unitId, facts.regimeId, periods]);
  }
  return JSON.stringify([
    facts.about,
    facts.unitId,
    facts.cycle,
    facts.firstDeadlineAt,
    facts.dueAt,
    facts.submittedAt,
    facts.confirmedAt,
    facts.late,
    facts.objectiveCauseConfirmed,
  ]);
}

/** Whether what was sent says more than the record does now: it is late no more, or by another deadline. */
export function contradicts(sent: ReferralFacts, present: ReferralFacts): boolean {
  if (!stands(present)) return stands(sent);
  if (sent.about === 'reporting' || present.about === 'reporting') return false;
  return sent.cycle === present.cycle && sent.dueAt !== present.dueAt;
}

/**
 * A case stands while the assignment is late, or the late periods reach the threshold. A confirmed objective cause does not end it: it goes along as
 * evidence, for Home Affairs to weigh.
 */
export function stands(facts: ReferralFacts): boolean {
  return facts.late;
}
