import { resolveDeadline } from '../deadline/resolve.js';
import { type DecisionContext, futureDeadlineFrom, withinParent } from '../decision.js';
import { isRefusal, refuse } from '../errors.js';
import type { AssignmentInputs, Confirmation, EndWithDirective, Revision } from './commands.js';
import type { AssignmentDecision } from './decide.js';
import { overtaken, textOf } from './decide-work.js';
import { isLate } from './lateness.js';
import { move } from './moves.js';
import { heldBy, openPauses } from './pauses.js';
import { type Assignment, isEnded } from './state.js';
import { concludesAt } from './steps.js';

export function suspend(
  a: Assignment,
  input: AssignmentInputs['suspend'],
  ctx: DecisionContext,
): AssignmentDecision {
  return {
    events: [
      { type: 'suspended', data: { at: ctx.happenedAt }, ...textOf({ reason: input.reason }) },
      ...overtaken(a, ctx, 'The clock had stood still since the suspension arrived.'),
    ],
  };
}

/** The suspended working time is added, or a new deadline set. */
export function resume(
  a: Assignment,
  input: AssignmentInputs['resume'],
  ctx: DecisionContext,
): AssignmentDecision {
  const at = ctx.happenedAt;
  const text = textOf({ note: input.note });
  if (input.deadline !== undefined) {
    const deadline = withinParent(futureDeadlineFrom(input.deadline, ctx), input.parentDocument, ctx);
    if (isRefusal(deadline)) return deadline;
    const data = { at, deadline, heldMs: 0, dueAt: deadline.at, ladderFrom: null };
    return { events: [{ type: 'resumed', data, ...text }] };
  }
  const pauses = openPauses(a).filter((pause) => pause.kind === 'suspension');
  const held = heldBy(a, pauses, at, ctx.calendar);
  return { events: [{ type: 'resumed', data: { at, deadline: null, ...held }, ...text }] };
}

export function stop(
  a: Assignment,
  input: AssignmentInputs['stop'],
  ctx: DecisionContext,
): AssignmentDecision {
  return {
    events: [
      { type: 'stopped', data: { at: ctx.happenedAt }, ...textOf({ reason: input.reason }) },
      ...overtaken(a, ctx, 'The assignment had been stopped before.'),
    ],
  };
}

export function carryOver(
  a: Assignment,
  input: AssignmentInputs['carry_over'],
  ctx: DecisionContext,
): AssignmentDecision {
  const data = { at: ctx.happenedAt, into: input.intoDirectiveId ?? null };
  return {
    events: [
      { type: 'carried_over', data, ...textOf({ reason: input.reason }) },
      ...overtaken(a, ctx, 'The assignment had been carried over before.'),
    ],
  };
}

/** One lead in place of another, who must name a deadline where the first is late. */
export function reassign(
  a: Assignment,
  input: AssignmentInputs['reassign'],
  ctx: DecisionContext,
): AssignmentDecision {
  const { unitId, deadline, reason, parentDocument } = input;
  if (deadline === undefined && isLate(a, ctx.receivedAt)) return deadlineNeeded();
  return move(a, { to: [{ unitId }], deadline, reason, parentDocument }, ctx);
}

function deadlineNeeded(): AssignmentDecision {
  return refuse('deadline_in_past', {
    vi: 'Nhiệm vụ đã quá hạn: cần giao thời hạn mới cho đơn vị nhận (bằng «reassign»); việc chậm trước đó vẫn thuộc đơn vị cũ.',
    en: 'The assignment is overdue: reassign it with a deadline for the new lead; lateness so far stays with the first.',
  });
}

/** A reopened assignment asks for a new deadline and stays silent about the old one. */
export function reopen(
  a: Assignment,
  input: AssignmentInputs['reopen'],
  ctx: DecisionContext,
): AssignmentDecision {
  const deadline = withinParent(futureDeadlineFrom(input.deadline, ctx), input.parentDocument, ctx);
  if (isRefusal(deadline)) return deadline;
  // Ended while it was by word of mouth, it comes back under the document that has been entered since.
  const confirmed = a.provisional && ctx.directive.provisional !== true;
  const data = { at: ctx.happenedAt, deadline, cycle: a.cycle + 1, ...(confirmed ? { confirmed } : {}) };
  return { events: [{ type: 'reopened', data, ...textOf({ reason: input.reason }) }] };
}

/** Only a regular assignment concludes, on the end date of its directive. */
export function conclude(
  a: Assignment,
  _input: AssignmentInputs['conclude'],
  ctx: DecisionContext,
): AssignmentDecision {
  const endsAt = concludesAt(a, ctx);
  if (endsAt === null || ctx.receivedAt < endsAt) {
    return refuse('transition_not_allowed', {
      vi: 'Chỉ nhiệm vụ thường xuyên được kết thúc, vào ngày kết thúc của văn bản hoặc ngày nêu trong thời hạn.',
      en: 'Only a regular assignment concludes, on the end date of its directive or the one its own words name.',
    });
  }
  return { events: [{ type: 'concluded', data: { at: ctx.happenedAt } }] };
}

/**
 * An urging by telephone, chat or at a meeting stands in the history beside the ladder's own; once overdue it
 * counts in its place where the policy says so.
 */
export function urge(
  a: Assignment,
  input: AssignmentInputs['urge'],
  ctx: DecisionContext,
): AssignmentDecision {
  return {
    events: [
      {
        type: 'urged',
        data: {
          at: ctx.happenedAt,
          channel: input.channel,
          counts:
            isLate(a, ctx.happenedAt) &&
            ctx.policy.urgingsThatCount.some((channel) => channel === input.channel),
        },
        ...textOf({ text: input.text }),
      },
    ],
  };
}

/** The signed urging letter goes out: its number and date are entered, and its head is written to. */
export function sendLetter(
  a: Assignment,
  input: AssignmentInputs['send_letter'],
  ctx: DecisionContext,
): AssignmentDecision {
  if (a.letter === null || a.letter.sentAt !== null) {
    return refuse('transition_not_allowed', {
      vi: 'Không có văn bản đôn đốc nào đang chờ ký.',
      en: 'No urging letter waits for its signature.',
    });
  }
  if (ctx.document === null) {
    return refuse('document_required', {
      vi: 'Cần số và ngày của văn bản đôn đốc đã ký.',
      en: 'The number and date of the signed urging letter are needed.',
    });
  }
  const { number, date } = ctx.document;
  return {
    events: [
      {
        type: 'letter_sent',
        data: { at: ctx.receivedAt, number, date },
        ...textOf({ note: input.note }),
      },
    ],
  };
}

/** An amendment of the directive; the engine has asked already who may amend it. */
export function revise(a: Assignment, input: Revision, ctx: DecisionContext): AssignmentDecision {
  if (isEnded(a.state)) return { events: [] };
  const anew = input.deadline !== null || input.regular !== undefined;
  return {
    events: [
      { type: 'revised', data: { at: ctx.happenedAt, cycle: anew ? a.cycle + 1 : a.cycle, ...input } },
      ...(anew ? overtaken(a, ctx, 'The deadline had been set anew before.') : []),
    ],
  };
}

/**
 * The confirming document makes a deadline binding. A counted one counts from here, a named one stays, and neither
 * becomes earlier; what is past already needs another date, for nobody was bound by it.
 */
export function confirmDocument(
  a: Assignment,
  input: Confirmation,
  ctx: DecisionContext,
): AssignmentDecision {
  if (!a.provisional || isEnded(a.state)) return { events: [] };
  const data = { at: ctx.happenedAt, version: input.version };
  if (a.dueAt === null)
    return { events: [{ type: 'document_confirmed', data: { ...data, deadline: null } }] };
  const { phrase, rule, byHand } = a.deadline;
  const counted =
    rule === null || byHand
      ? null
      : resolveDeadline(rule, {
          issuedAt: ctx.happenedAt,
          calendar: ctx.calendar,
          policy: ctx.policy.deadline,
        }).at;
  const at = Math.max(counted ?? a.dueAt, a.dueAt);
  if (at <= ctx.receivedAt && input.pastDeadline === null) return pastMeanwhile(a, phrase);
  const given =
    at > ctx.receivedAt || input.pastDeadline === null
      ? { phrase, rule, at, from: at === counted ? ctx.happenedAt : a.deadline.from }
      : futureDeadlineFrom(input.pastDeadline, ctx);
  const deadline = at === a.dueAt && at > ctx.receivedAt ? given : withinParent(given, undefined, ctx);
  if (isRefusal(deadline)) return deadline;
  return { events: [{ type: 'document_confirmed', data: { ...data, deadline } }] };
}

function pastMeanwhile(a: Assignment, phrase: string): AssignmentDecision {
  return refuse(
    'deadline_in_past',
    {
      vi: `Thời hạn «${phrase}» đã qua trước khi có văn bản xác nhận: nêu thời hạn mới (pastDeadline).`,
      en: `The deadline "${phrase}" passed before the confirming document: give a new one (pastDeadline).`,
    },
    { extra: { assignmentId: a.id, taskId: a.taskId } },
  );
}

/**
 * What was decided about the directive ends its assignments, also those that the standing agency leads: it is
 * no decision on any one of them.
 */
export function endWithDirective(
  a: Assignment,
  { how, into, reason }: EndWithDirective,
  ctx: DecisionContext,
): AssignmentDecision {
  if (isEnded(a.state)) return { events: [] };
  // An amendment may have brought it after the paper that ends the directive had come.
  const within = { ...ctx, happenedAt: Math.max(ctx.happenedAt, a.assignedAt) };
  return how === 'stop'
    ? stop(a, { reason }, within)
    : carryOver(a, { reason, intoDirectiveId: into ?? undefined }, within);
}
