import { addWorkingTime, workingTimeBetween } from '../calendar.js';
import type { Decision, DecisionContext } from '../decision.js';
import { addDuration } from '../duration.js';
import { refuse } from '../errors.js';
import type { AssignmentInputs } from './commands.js';
import type { AssignmentDecision } from './decide.js';
import type { AssignmentEvent, Mend } from './events.js';
import { isLate } from './lateness.js';
import type { Assignment, Submission } from './state.js';

const only = (event: AssignmentEvent): Decision<AssignmentEvent> => ({ events: [event] });

/** Free text as the event keeps it; nothing where nothing was written. */
export function textOf(fields: Record<string, string | undefined>): {
  text?: Readonly<Record<string, string>>;
} {
  const written = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, value] as const],
  );
  return written.length === 0 ? {} : { text: Object.fromEntries(written) };
}

export function acknowledge(
  _a: Assignment,
  input: AssignmentInputs['acknowledge'],
  ctx: DecisionContext,
): AssignmentDecision {
  return only({
    type: 'acknowledged',
    data: { at: ctx.happenedAt, officerId: input.officerId ?? null },
    ...textOf({ note: input.note }),
  });
}

export function report(
  _a: Assignment,
  input: AssignmentInputs['report'],
  ctx: DecisionContext,
): AssignmentDecision {
  const figure = input.figure
    ? {
        numerator: input.figure.numerator,
        denominator: input.figure.denominator ?? null,
        asOf: input.figure.asOf,
      }
    : null;
  return only({
    type: 'reported',
    data: { at: ctx.happenedAt, percent: input.percent ?? null, figure },
    ...textOf({ text: input.text }),
  });
}

/**
 * A result handed in. It is judged at the instant it was received, or, where the standing agency records a
 * paper, at its arrival; steps taken meanwhile are marked void, never erased.
 */
export function submit(
  a: Assignment,
  input: AssignmentInputs['submit'],
  ctx: DecisionContext,
): AssignmentDecision {
  if (a.recurrence === 'regular') {
    return refuse('transition_not_allowed', {
      vi: 'Nhiệm vụ thường xuyên không nộp kết quả; nó được đánh giá qua báo cáo.',
      en: 'A regular task has no result to submit; it is judged by its reports.',
    });
  }
  const at = ctx.happenedAt;
  const late = isLate({ ...a, submission: null }, at);
  const leftMs = late || a.dueAt === null ? 0 : workingTimeBetween(ctx.calendar, at, Math.max(at, a.dueAt));
  const submission: Submission = { id: ctx.newId(), at, late, leftMs, evidence: input.evidence ?? [] };
  const events: AssignmentEvent[] = [
    { type: 'submitted', data: { submission }, ...textOf({ text: input.text }) },
  ];
  const overtaken = a.taken
    .filter((taken) => taken.plannedAt > at && !taken.voided && isAfterRung(taken.step, ctx))
    .map((taken) => taken.step);
  if (overtaken.length > 0) {
    events.push({
      type: 'steps_voided',
      data: { at: ctx.receivedAt, steps: overtaken, cycle: a.cycle },
      text: { reason: 'The result had come before these steps were taken.' },
    });
  }
  return { events };
}

function isAfterRung(step: string, ctx: DecisionContext): boolean {
  return ctx.policy.ladder.some((rung) => rung.step === step && rung.when === 'after');
}

export function recall(
  _a: Assignment,
  input: AssignmentInputs['recall'],
  ctx: DecisionContext,
): AssignmentDecision {
  return only({ type: 'recalled', data: { at: ctx.happenedAt }, ...textOf({ reason: input.reason }) });
}

export function confirm(
  a: Assignment,
  input: AssignmentInputs['confirm'],
  ctx: DecisionContext,
): AssignmentDecision {
  if (a.submission === null) return nothingSubmitted();
  const { id, at, late } = a.submission;
  return only({
    type: 'confirmed',
    data: { at: ctx.happenedAt, submissionId: id, late, judgedAt: at },
    ...textOf({ note: input.note }),
  });
}

export function acceptPart(
  a: Assignment,
  input: AssignmentInputs['accept_part'],
  ctx: DecisionContext,
): AssignmentDecision {
  if (input.share <= a.acceptedShare || input.share >= 1) {
    return refuse('invalid_body', {
      vi: 'Phần chấp nhận phải lớn hơn phần trước và nhỏ hơn 1; chấp nhận toàn bộ là «confirm».',
      en: 'The share must be above what was accepted before and below 1; accepting the whole is "confirm".',
    });
  }
  const mend = mendOf(a, ctx);
  return only({
    type: 'part_accepted',
    data: { at: ctx.happenedAt, share: input.share, mend },
    ...textOf({ reason: input.reason }),
  });
}

export function returnResult(
  a: Assignment,
  input: AssignmentInputs['return'],
  ctx: DecisionContext,
): AssignmentDecision {
  return only({
    type: 'returned',
    data: { at: ctx.happenedAt, mend: mendOf(a, ctx) },
    ...textOf({ reason: input.reason }),
  });
}

/**
 * The time to mend a returned result: the working time that was left at submission, at least the policy's.
 * After a late submission the deadline stays, and only the ladder counts from the end of that time.
 */
function mendOf(a: Assignment, ctx: DecisionContext): Mend {
  const from = ctx.happenedAt;
  const left = addWorkingTime(ctx.calendar, from, a.submission?.leftMs ?? 0);
  const until = Math.max(left, addDuration(ctx.calendar, from, ctx.policy.mend.atLeast));
  const late = a.submission?.late ?? false;
  return { until: late ? until : Math.max(until, a.dueAt ?? until), movesDue: !late };
}

function nothingSubmitted(): AssignmentDecision {
  return refuse('transition_not_allowed', {
    vi: 'Chưa có kết quả chờ xác nhận.',
    en: 'There is no result to judge.',
  });
}
