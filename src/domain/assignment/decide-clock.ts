import type { DecisionContext, Spawned } from '../decision.js';
import { addDuration } from '../duration.js';
import { refuse } from '../errors.js';
import type { Instant } from '../instant.js';
import type { LadderStepKind, StepRecipient } from '../policy.js';
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
    // A letter that waits for its signature says nothing yet, to whom a lower rung has something to say.
    const higher = due.filter(
      (other, place) =>
        candidate !== other && covers(other, candidate, place > index) && !waitsForSignature(other, ctx),
    );
    events.push(stepEvent(candidate, higher, a, ctx));
    const effect = effectOf(candidate, ctx);
    if (effect !== null) events.push(effect);
    // Nothing follows the end, also where the clock was away until long after it.
    if (candidate.effect === 'conclude') break;
    if (proposes(candidate, ctx)) spawned.push(proposal(a, events, ctx));
  }
  return { events, spawned };
}

const HEIGHT: Readonly<Record<LadderStepKind, number>> = {
  reminder: 1,
  urge: 2,
  urging_letter: 3,
  supervisor: 4,
  referral: 5,
};

/** Of several rungs missed, the higher one speaks; of the same height the later. */
function covers(other: Candidate, candidate: Candidate, isLater: boolean): boolean {
  if (other.rung === null || candidate.rung === null) return false;
  const above = HEIGHT[other.rung.kind] - HEIGHT[candidate.rung.kind];
  return above > 0 || (above === 0 && isLater);
}

function stepEvent(
  candidate: Candidate,
  higher: readonly Candidate[],
  a: Assignment,
  ctx: DecisionContext,
): AssignmentEvent {
  const covered = new Set<StepRecipient>(higher.flatMap((later) => later.to));
  return {
    type: 'step_taken',
    data: {
      step: candidate.step,
      kind: candidate.rung?.kind ?? 'clock',
      cycle: a.cycle,
      plannedAt: candidate.at,
      takenAt: ctx.receivedAt,
      to: candidate.to,
      sends: isDone(candidate, a, ctx) ? [] : candidate.to.filter((recipient) => !covered.has(recipient)),
      policyText: candidate.policyText,
      calendar: `${candidate.calendar.id} v${candidate.calendar.version}`,
      ...(proposes(candidate, ctx) ? { objectUntil: windowEnd(ctx) } : {}),
      ...(waitsForSignature(candidate, ctx) ? { unsigned: true as const } : {}),
    },
  };
}

/** A case that still runs goes on: the last rung of a later cycle is recorded, and brings no second one. */
function proposes({ rung }: Candidate, ctx: DecisionContext): boolean {
  return rung?.kind === 'referral' && ctx.caseRuns !== true;
}

function waitsForSignature({ rung }: Candidate, { policy }: DecisionContext): boolean {
  return rung?.kind === 'urging_letter' && policy.urgingLetter.form === 'signed';
}

/** Recorded without a message: the signed letter says it, or somebody has urged in a way that counts. */
function isDone(candidate: Candidate, a: Assignment, ctx: DecisionContext): boolean {
  return waitsForSignature(candidate, ctx) || (candidate.rung?.kind === 'urge' && a.urgedAt !== null);
}

function windowEnd(ctx: DecisionContext): Instant {
  return addDuration(ctx.calendar, ctx.receivedAt, ctx.policy.referral.objectionWindow);
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
          regimeId: null,
          unitId: a.unitId,
          state: 'proposed',
          facts: factsOf({ ...a, taken: [...a.taken, ...steps] }, at, ctx.calendar),
          proposedAt: at,
          windowEndsAt: windowEnd(ctx),
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
