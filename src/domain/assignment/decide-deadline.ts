import { type DecisionContext, deadlineFrom, futureDeadlineFrom, withinParent } from '../decision.js';
import { isRefusal, refuse } from '../errors.js';
import type { Instant } from '../instant.js';
import type { LadderStepKind } from '../policy.js';
import type { AssignmentInputs } from './commands.js';
import type { AssignmentDecision } from './decide.js';
import { broughtBefore, overtaken, textOf } from './decide-work.js';
import { isLate, toSecond } from './lateness.js';
import type { Assignment, Extension } from './state.js';

/**
 * The issuer moves a deadline by a numbered document, also after it, and says whether lateness so far
 * stands. Where it stands, the old deadline goes on judging and only the ladder follows the new one.
 */
export function adjustDeadline(
  a: Assignment,
  input: AssignmentInputs['adjust_deadline'],
  ctx: DecisionContext,
): AssignmentDecision {
  if (a.recurrence === 'regular') return regularHasNone();
  const deadline = withinParent(deadlineFrom(input.deadline, ctx), input.parentDocument, ctx);
  if (isRefusal(deadline)) return deadline;
  if (deadline.at <= a.assignedAt) {
    return refuse('deadline_in_past', {
      vi: 'Thời hạn điều chỉnh phải sau ngày giao.',
      en: 'The adjusted deadline must lie after the assignment was given.',
    });
  }
  const latenessStands = input.latenessStands && isLate(a, ctx.happenedAt);
  const data = { at: ctx.happenedAt, deadline, cycle: a.cycle + 1, latenessStands, by: 'issuer' as const };
  return {
    events: [
      { type: 'deadline_adjusted', data, ...textOf({ reason: input.reason }) },
      ...overtaken(a, ctx, 'The deadline had been set anew before.'),
    ],
  };
}

export function requestExtension(
  a: Assignment,
  input: AssignmentInputs['request_extension'],
  ctx: DecisionContext,
): AssignmentDecision {
  if (a.recurrence === 'regular') return regularHasNone();
  if (a.matters.some((matter) => matter.kind === 'extension' && matter.state === 'requested')) {
    return refuse('matter_already_open', {
      vi: 'Đang có một đề nghị gia hạn chờ trả lời; rút đề nghị cũ trước.',
      en: 'A request for extension is waiting for its answer; withdraw it first.',
    });
  }
  const deadline = futureDeadlineFrom(input.deadline, ctx);
  if (isRefusal(deadline)) return deadline;
  if (deadline.at <= presentDeadline(a)) {
    return refuse('deadline_in_past', {
      vi: 'Thời hạn xin gia hạn phải sau thời hạn hiện tại.',
      en: 'An extension must reach beyond the present deadline.',
    });
  }
  const data = {
    at: ctx.happenedAt,
    matterId: ctx.newId(),
    askedFor: deadline.at,
    phrase: deadline.phrase,
    // Asked after the deadline it is accepted, and marked so.
    inTime: !isLate(a, toSecond(ctx.happenedAt)),
  };
  return {
    events: [
      { type: 'extension_requested', data, ...textOf({ reason: input.reason }) },
      // What a paper asked for in time has held since it arrived.
      ...(data.inTime
        ? overtaken(a, ctx, 'An extension had been asked for before.', isAboveUrging)
        : broughtBefore(a, ctx)),
    ],
  };
}

function isAboveUrging(kind: LadderStepKind | 'acknowledgement'): boolean {
  return kind !== 'reminder' && kind !== 'urge';
}

/** The deadline that people see: where lateness stands, the later one that was set since. */
function presentDeadline(a: Assignment): Instant {
  return Math.max(a.dueAt ?? Number.NEGATIVE_INFINITY, a.ladderFrom ?? Number.NEGATIVE_INFINITY);
}

export function withdrawExtension(
  a: Assignment,
  input: AssignmentInputs['withdraw_extension'],
  ctx: DecisionContext,
): AssignmentDecision {
  const extension = pendingExtension(a, input.id);
  if (isRefusal(extension)) return extension;
  return { events: [{ type: 'extension_withdrawn', data: { at: ctx.happenedAt, matterId: extension.id } }] };
}

/** Granted as asked or to another date, or refused. A granted one begins a new cycle. */
export function decideExtension(
  a: Assignment,
  input: AssignmentInputs['decide_extension'],
  ctx: DecisionContext,
): AssignmentDecision {
  const extension = pendingExtension(a, input.id);
  if (isRefusal(extension)) return extension;
  const base = { at: ctx.happenedAt, matterId: extension.id };
  const text = textOf({ reason: input.reason });
  if (input.decision === 'refuse') {
    return {
      events: [
        {
          type: 'extension_decided',
          data: { ...base, granted: false, deadline: null, cycle: a.cycle },
          ...text,
        },
      ],
    };
  }
  const asked =
    input.deadline === undefined
      ? { phrase: extension.phrase, rule: null, at: extension.askedFor }
      : deadlineFrom(input.deadline, ctx);
  const deadline = withinParent(asked, input.parentDocument, ctx);
  if (isRefusal(deadline)) return deadline;
  if (deadline.at <= presentDeadline(a)) {
    return refuse('deadline_in_past', {
      vi: 'Gia hạn không thể sớm hơn thời hạn hiện tại.',
      en: 'A granted extension cannot end before the present deadline.',
    });
  }
  const data = { ...base, granted: true, deadline, cycle: a.cycle + 1 };
  return {
    events: [
      { type: 'extension_decided', data, ...text },
      ...overtaken(a, ctx, 'The extension had been granted before.'),
    ],
  };
}

function pendingExtension(a: Assignment, id: string) {
  const extension = a.matters.find(
    (matter): matter is Extension => matter.kind === 'extension' && matter.id === id,
  );
  if (extension === undefined) {
    return refuse('not_found', {
      vi: 'Không có đề nghị gia hạn này.',
      en: 'There is no such request for extension.',
    });
  }
  if (extension.state === 'requested') return extension;
  return refuse(
    'transition_not_allowed',
    { vi: 'Đề nghị gia hạn này đã được giải quyết.', en: 'This request for extension has been settled.' },
    { extra: { state: extension.state } },
  );
}

function regularHasNone(): AssignmentDecision {
  return refuse('transition_not_allowed', {
    vi: 'Nhiệm vụ thường xuyên không có thời hạn riêng.',
    en: 'A regular task has no deadline of its own.',
  });
}
