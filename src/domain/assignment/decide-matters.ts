import { type DecisionContext, futureDeadlineFrom } from '../decision.js';
import { addDuration } from '../duration.js';
import { isRefusal, refuse } from '../errors.js';
import { notFound } from './access.js';
import type { AssignmentInputs } from './commands.js';
import type { AssignmentDecision } from './decide.js';
import { reassign } from './decide-standing.js';
import { broughtBefore, overtaken, textOf } from './decide-work.js';
import type { EventOf } from './events.js';
import { findMatter, settled } from './find-matter.js';
import { isLate, toSecond } from './lateness.js';
import { heldBy, openPauses } from './pauses.js';
import type { Assignment, Contest } from './state.js';

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
  const cause = findMatter(a, 'cause', input.id);
  if (cause === null) return notFound();
  if (cause.state !== 'stated') return settled(cause.state);
  const by =
    ctx.actor.kind === 'person' && ctx.actor.role === 'supervisor' ? 'supervisor' : 'standing_agency';
  const data = { at: ctx.happenedAt, matterId: cause.id, confirmed: input.confirmed, by } as const;
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
  const contribution = findMatter(a, 'contribution', input.id);
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
  const explanation = findMatter(a, 'explanation', input.id);
  if (explanation === null) return notFound();
  if (explanation.state === 'answered') return settled(explanation.state);
  const data = { at: ctx.happenedAt, matterId: explanation.id, state: 'answered' as const };
  return { events: [{ type: 'explanation_answered', data, ...textOf({ text: input.text }) }] };
}
