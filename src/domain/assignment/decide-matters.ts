import { type DecisionContext, futureDeadlineFrom } from '../decision.js';
import { addDuration } from '../duration.js';
import { isRefusal, type Refusal, refuse } from '../errors.js';
import { forbidden, notFound, ownCause, relationsOf } from './access.js';
import type { AssignmentInputs } from './commands.js';
import type { AssignmentDecision } from './decide.js';
import { reassign } from './decide-standing.js';
import { broughtBefore, overtaken, textOf } from './decide-work.js';
import type { EventOf } from './events.js';
import { isLate, toSecond } from './lateness.js';
import { beginPause, type Held, heldBy, openPauses } from './pauses.js';
import type { Assignment, Contest, Matter, Obstacle } from './state.js';

/** "Not our function", or a wrong file: within the policy's days of the assignment. */
export function contest(
  a: Assignment,
  input: AssignmentInputs['contest'],
  ctx: DecisionContext,
): AssignmentDecision {
  const closes = addDuration(ctx.calendar, a.assignedAt, ctx.policy.clocks.contest);
  if (ctx.happenedAt > closes) {
    return refuse(
      'transition_not_allowed',
      {
        vi: 'Đã hết thời gian phản hồi về việc giao nhiệm vụ.',
        en: 'The time to contest this assignment has passed.',
      },
      { extra: { closedAt: new Date(closes).toISOString() } },
    );
  }
  const data = { at: ctx.happenedAt, matterId: ctx.newId(), reason: input.reason };
  return {
    events: [
      { type: 'contested', data, ...textOf({ text: input.text }) },
      ...overtaken(a, ctx, 'The clock had stood still since the contest arrived.'),
    ],
  };
}

export function answerContest(
  a: Assignment,
  input: AssignmentInputs['answer_contest'],
  ctx: DecisionContext,
): AssignmentDecision {
  const found = a.matters.find(
    (matter): matter is Contest => matter.kind === 'contest' && matter.state === 'contested',
  );
  if (found === undefined) return notFound();
  const at = ctx.happenedAt;
  const pauses = openPauses(a).filter((pause) => pause.matterId === found.id);
  const answered: EventOf<'contest_answered'> = {
    type: 'contest_answered',
    data: {
      at,
      matterId: found.id,
      answer: input.answer === 'reject' ? 'rejected' : 'upheld',
      ...heldBy(a, pauses, at, ctx.calendar),
    },
    ...textOf({ text: input.text }),
  };
  if (input.answer === 'reject') return { events: [answered] };
  if (input.answer === 'stop') return { events: [answered, { type: 'stopped', data: { at } }] };
  if (input.unitId === undefined || input.unitId === a.unitId) {
    return refuse('reference_unknown', {
      vi: 'Cần nêu đơn vị nhận thay.',
      en: 'Name the unit that takes it instead.',
    });
  }
  const moved = reassign(a, { unitId: input.unitId, reason: input.text }, ctx);
  return isRefusal(moved) ? moved : { ...moved, events: [answered, ...moved.events] };
}

export function raiseObstacle(
  a: Assignment,
  input: AssignmentInputs['raise_obstacle'],
  ctx: DecisionContext,
): AssignmentDecision {
  const data = {
    at: ctx.happenedAt,
    matterId: ctx.newId(),
    cause: input.cause,
    holderUnitId: input.holderUnitId ?? null,
  };
  return {
    events: [{ type: 'obstacle_raised', data, ...textOf({ text: input.text }) }, ...broughtBefore(a, ctx)],
  };
}

export function withdrawObstacle(
  a: Assignment,
  input: AssignmentInputs['withdraw_obstacle'],
  ctx: DecisionContext,
): AssignmentDecision {
  const obstacle = openObstacle(a, input.id);
  return isRefusal(obstacle)
    ? obstacle
    : endObstacle(a, obstacle, 'withdrawn', obstacle.holderUnitId, {}, ctx);
}

const OBSTACLE_ANSWERS = {
  accept: 'accepted',
  refuse: 'refused',
  forward: 'forwarded',
  resolve: 'resolved',
} as const;

/** A holder may answer what it holds; accepting, refusing and forwarding are the standing agency's. */
export function answerObstacle(
  a: Assignment,
  input: AssignmentInputs['answer_obstacle'],
  ctx: DecisionContext,
): AssignmentDecision {
  const obstacle = openObstacle(a, input.id);
  if (isRefusal(obstacle)) return obstacle;
  const refusal = answererRefusal(a, obstacle, input.answer, ctx);
  if (refusal !== null) return refusal;
  // Once accepted it is resolved or withdrawn, or handed on to another holder.
  if (obstacle.state === 'accepted' && (input.answer === 'accept' || input.answer === 'refuse'))
    return settled(obstacle.state);
  const holder = input.answer === 'forward' ? (input.holderUnitId ?? null) : obstacle.holderUnitId;
  return endObstacle(a, obstacle, OBSTACLE_ANSWERS[input.answer], holder, { text: input.text }, ctx);
}

/** Who decides on this very obstacle; its holder may say that it is resolved. */
function answererRefusal(
  a: Assignment,
  obstacle: Obstacle,
  answer: AssignmentInputs['answer_obstacle']['answer'],
  ctx: DecisionContext,
): Refusal | null {
  const relations = relationsOf(ctx.actor, a, ctx.directive);
  const agency = ctx.directive.standingAgencyId;
  const ownMatter = obstacle.holderUnitId === agency;
  if (relations.includes('supervisor')) {
    const passed =
      ownMatter ||
      a.unitId === agency ||
      a.taken.some((taken) => taken.step === `obstacle:${obstacle.id}` && !taken.voided);
    return passed ? null : forbidden('answer_obstacle');
  }
  if (answer === 'resolve' && (isHolder(obstacle, ctx) || relations.includes('standing_agency'))) return null;
  if (relations.includes('standing_agency')) return ownMatter ? ownCause() : null;
  return refuse('forbidden', {
    vi: 'Đơn vị giữ vướng mắc chỉ được báo đã tháo gỡ.',
    en: 'A unit that holds an obstacle may only resolve it.',
  });
}

function isHolder(obstacle: Obstacle, ctx: DecisionContext): boolean {
  return (
    ctx.actor.kind === 'person' &&
    obstacle.holderUnitId !== null &&
    ctx.actor.unitId === obstacle.holderUnitId
  );
}

function endObstacle(
  a: Assignment,
  obstacle: Obstacle,
  answer: EventOf<'obstacle_answered'>['data']['answer'],
  holderUnitId: string | null,
  text: { text?: string },
  ctx: DecisionContext,
): AssignmentDecision {
  const at = ctx.happenedAt;
  const data = { at, matterId: obstacle.id, answer, holderUnitId, ...heldAfter(a, obstacle, answer, ctx) };
  const stood =
    answer === 'accepted'
      ? overtaken(
          a,
          ctx,
          'The clock had stood still since the obstacle was raised.',
          isStep,
          obstacle.openedAt,
        )
      : [];
  return { events: [{ type: 'obstacle_answered', data, ...textOf({ text: text.text }) }, ...stood] };
}

const isStep = (kind: string): boolean => kind !== 'acknowledgement';

/** What the answer adds to the deadline. */
function heldAfter(
  a: Assignment,
  { id, openedAt }: Obstacle,
  answer: EventOf<'obstacle_answered'>['data']['answer'],
  ctx: DecisionContext,
): Held {
  // A forwarded obstacle that was accepted goes on holding the clock: only its holder changes.
  if (answer === 'forwarded') return heldBy(a, [], ctx.happenedAt, ctx.calendar);
  if (answer !== 'accepted') {
    const pauses = openPauses(a).filter((pause) => pause.matterId === id);
    return heldBy(a, pauses, ctx.happenedAt, ctx.calendar);
  }
  // Accepted while a submission waits, it has held the clock from its raising to the submission.
  const { submission } = a;
  const waits = submission !== null && !a.pauses.some((pause) => pause.matterId === id);
  if (!waits) return heldBy(a, [], ctx.happenedAt, ctx.calendar);
  const pause = { kind: 'obstacle' as const, from: openedAt, to: null, matterId: id };
  return heldBy(beginPause({ ...a, submission: null }, pause), [pause], submission.at, ctx.calendar);
}

function openObstacle(a: Assignment, id: string): Obstacle | Refusal {
  const obstacle = find(a, 'obstacle', id);
  if (obstacle === null) return notFound();
  if (obstacle.state === 'raised' || obstacle.state === 'accepted' || obstacle.state === 'forwarded')
    return obstacle;
  return settled(obstacle.state);
}

function find<K extends Matter['kind']>(
  a: Assignment,
  kind: K,
  id: string,
): Extract<Matter, { kind: K }> | null {
  return (
    a.matters.find(
      (matter): matter is Extract<Matter, { kind: K }> => matter.kind === kind && matter.id === id,
    ) ?? null
  );
}

function settled(state: string): Refusal {
  return refuse(
    'transition_not_allowed',
    { vi: `Việc này đã được giải quyết («${state}»).`, en: `This has been settled already ("${state}").` },
    { extra: { state } },
  );
}

/** Once overdue, the unit states a cause; objective only when a named authority confirms it. */
export function stateCause(
  a: Assignment,
  input: AssignmentInputs['state_cause'],
  ctx: DecisionContext,
): AssignmentDecision {
  if (!isLate(a, toSecond(ctx.happenedAt))) {
    return refuse('transition_not_allowed', {
      vi: 'Chỉ nêu nguyên nhân khi nhiệm vụ đã quá hạn.',
      en: 'A cause is stated once the assignment is overdue.',
    });
  }
  if (a.matters.some((matter) => matter.kind === 'cause' && matter.state === 'stated')) {
    return refuse('matter_already_open', {
      vi: 'Đang có một nguyên nhân chờ xem xét.',
      en: 'A stated cause is waiting for its answer.',
    });
  }
  const data = { at: ctx.happenedAt, matterId: ctx.newId(), cause: input.cause, objective: input.objective };
  return {
    events: [{ type: 'cause_stated', data, ...textOf({ text: input.text }) }, ...broughtBefore(a, ctx)],
  };
}

export function decideCause(
  a: Assignment,
  input: AssignmentInputs['decide_cause'],
  ctx: DecisionContext,
): AssignmentDecision {
  const cause = find(a, 'cause', input.id);
  if (cause === null) return notFound();
  if (cause.state !== 'stated') return settled(cause.state);
  const data = { at: ctx.happenedAt, matterId: cause.id, confirmed: input.confirmed };
  return { events: [{ type: 'cause_decided', data, ...textOf({ text: input.text }) }] };
}

export function askContribution(
  a: Assignment,
  input: AssignmentInputs['ask_contribution'],
  ctx: DecisionContext,
): AssignmentDecision {
  if (!a.coordinatingUnitIds.includes(input.unitId)) {
    return refuse('reference_unknown', {
      vi: 'Đơn vị được hỏi không phải đơn vị phối hợp.',
      en: 'The unit asked is not a coordinating unit of this assignment.',
    });
  }
  const deadline = futureDeadlineFrom(input.deadline, ctx);
  if (isRefusal(deadline)) return deadline;
  const data = { at: ctx.happenedAt, matterId: ctx.newId(), askedUnitId: input.unitId, dueAt: deadline.at };
  return { events: [{ type: 'contribution_asked', data, ...textOf({ text: input.text }) }] };
}

export function answerContribution(
  a: Assignment,
  input: AssignmentInputs['answer_contribution'],
  ctx: DecisionContext,
): AssignmentDecision {
  const contribution = find(a, 'contribution', input.id);
  if (contribution === null) return notFound();
  const mine = ctx.actor.kind === 'person' && ctx.actor.unitId === contribution.askedUnitId;
  if (!mine) return notFound();
  if (contribution.state === 'given' || contribution.state === 'declined') return settled(contribution.state);
  const state = input.answer === 'give' ? ('given' as const) : ('declined' as const);
  const data = { at: ctx.happenedAt, matterId: contribution.id, state };
  return { events: [{ type: 'contribution_answered', data, ...textOf({ text: input.text }) }] };
}

export function requestExplanation(
  _a: Assignment,
  input: AssignmentInputs['request_explanation'],
  ctx: DecisionContext,
): AssignmentDecision {
  const deadline = futureDeadlineFrom(input.deadline, ctx);
  if (isRefusal(deadline)) return deadline;
  const data = { at: ctx.happenedAt, matterId: ctx.newId(), dueAt: deadline.at };
  return { events: [{ type: 'explanation_asked', data, ...textOf({ text: input.text }) }] };
}

export function answerExplanation(
  a: Assignment,
  input: AssignmentInputs['answer_explanation'],
  ctx: DecisionContext,
): AssignmentDecision {
  const explanation = find(a, 'explanation', input.id);
  if (explanation === null) return notFound();
  if (explanation.state === 'answered') return settled(explanation.state);
  const data = { at: ctx.happenedAt, matterId: explanation.id, state: 'answered' as const };
  return { events: [{ type: 'explanation_answered', data, ...textOf({ text: input.text }) }] };
}
