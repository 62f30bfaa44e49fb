import { isLate, judgedInstant } from '../assignment/lateness.js';
import type { Assignment } from '../assignment/state.js';
import type { Calendar } from '../calendar.js';
import { workingTimeBetween } from '../calendar.js';
import type { Instant } from '../instant.js';
import type { AssignmentFacts, ReferralFacts } from './state.js';

/** The facts of a case of an assignment, computed from the record at an instant. */
export function factsOf(a: Assignment, asOf: Instant, calendar: Calendar): AssignmentFacts {
  const late = isLate(a, asOf);
  const objectiveCauseConfirmed = a.matters.some(
    (m) => m.kind === 'cause' && m.state === 'confirmed_objective',
  );
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
    objectiveCauseConfirmed,
    steps: a.taken
      .filter((taken) => !taken.voided && !taken.step.includes(':'))
      .map(({ step, plannedAt }) => ({ step, plannedAt })),
    asOf,
    lateByMs: late && a.dueAt !== null ? workingTimeBetween(calendar, a.dueAt, judgedInstant(a, asOf)) : 0,
  };
}

/** Whether the facts say the same; how long it has lasted and which steps followed are no change. */
export function sameFacts(one: ReferralFacts, other: ReferralFacts): boolean {
  return key(one) === key(other);
}

function key(facts: ReferralFacts): string {
  if (facts.about === 'reporting') {
    return JSON.stringify([facts.about, facts.unitId, facts.regimeId, facts.periods]);
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

/**
 * A case stands while the assignment is late, or the late periods reach the threshold. A confirmed objective cause does not end it: it goes along as
 * evidence, for Home Affairs to weigh.
 */
export function stands(facts: ReferralFacts): boolean {
  return facts.late;
}
