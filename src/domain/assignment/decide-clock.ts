import type { DecisionContext, Spawned } from '../decision.js';
import { addDuration } from '../duration.js';
import { refuse } from '../errors.js';
import type { RecipientKind } from '../policy.js';
import { factsOf } from '../referral/facts.js';
import type { AssignmentDecision } from './decide.js';
import type { AssignmentEvent } from './events.js';
import type { Assignment } from './state.js';
import { type Candidate, candidates } from './steps.js';

/**
 * The clock's command: every step that is due is recorded once, in order. After an outage several are due at
 * the same time; then only the highest message goes to each recipient.
 */
export function decideSteps(a: Assignment, ctx: DecisionContext): AssignmentDecision {
  if (ctx.actor.kind !== 'clock') {
    return refuse('forbidden', { vi: 'Chỉ đồng hồ thực hiện bước này.', en: 'Only the clock takes steps.' });
  }
  const due = candidates(a, ctx)
    .filter((candidate) => candidate.at <= ctx.receivedAt)
    .sort((one, other) => one.at - other.at);
  const events: AssignmentEvent[] = [];
  const spawned: Spawned[] = [];
  for (const [index, candidate] of due.entries()) {
    const higher = due.slice(index + 1).filter((later) => later.rung !== null && candidate.rung !== null);
    events.push(stepEvent(candidate, higher, a, ctx));
    const effect = effectOf(candidate, ctx);
    if (effect !== null) events.push(effect);
    if (candidate.rung?.kind === 'referral') spawned.push(proposal(a, events, ctx));
  }
  return { events, spawned };
}

function stepEvent(
  candidate: Candidate,
  higher: readonly Candidate[],
  a: Assignment,
  ctx: DecisionContext,
): AssignmentEvent {
  const covered = new Set<RecipientKind>(higher.flatMap((later) => later.to));
  return {
    type: 'step_taken',
    data: {
      step: candidate.step,
      kind: candidate.rung?.kind ?? 'clock',
      cycle: a.cycle,
      plannedAt: candidate.at,
      takenAt: ctx.receivedAt,
      to: candidate.to,
      sends: candidate.to.filter((recipient) => !covered.has(recipient)),
      policyText: candidate.policyText,
      calendar: `${ctx.calendar.id} v${ctx.calendar.version}`,
    },
  };
}

function effectOf(candidate: Candidate, ctx: DecisionContext): AssignmentEvent | null {
  const at = ctx.receivedAt;
  const matterId = candidate.matterId ?? '';
  switch (candidate.effect) {
    case 'record':
      return null;
    case 'contribution_overdue':
      return { type: 'contribution_answered', data: { at, matterId, state: 'overdue' } };
    case 'explanation_overdue':
      return { type: 'explanation_answered', data: { at, matterId, state: 'overdue' } };
    case 'conclude':
      return { type: 'concluded', data: { at: candidate.at } };
  }
}

/** The case that the last rung proposes, with the facts as they stand now; the unit may object within the window. */
function proposal(a: Assignment, events: readonly AssignmentEvent[], ctx: DecisionContext): Spawned {
  const at = ctx.receivedAt;
  const id = ctx.newId();
  const steps = events.flatMap((event) =>
    event.type === 'step_taken'
      ? [{ step: event.data.step, plannedAt: event.data.plannedAt, voided: false }]
      : [],
  );
  return {
    kind: 'referral',
    id,
    events: [
      {
        type: 'proposed',
        data: {
          id,
          workingGroupId: a.workingGroupId,
          directiveId: a.directiveId,
          assignmentId: a.id,
          unitId: a.unitId,
          state: 'proposed',
          facts: factsOf({ ...a, taken: [...a.taken, ...steps] }, at, ctx.calendar),
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
