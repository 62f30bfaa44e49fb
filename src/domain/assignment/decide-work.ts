import { addWorkingTime, localDate, workingTimeBetween } from '../calendar.js';
import type { Decision, DecisionContext } from '../decision.js';
import { addDuration } from '../duration.js';
import { refuse } from '../errors.js';
import type { Instant } from '../instant.js';
import type { LadderStepKind } from '../policy.js';
import type { AssignmentInputs } from './commands.js';
import type { AssignmentDecision } from './decide.js';
import type { AssignmentEvent, EventOf, Mend } from './events.js';
import { isLate, toSecond } from './lateness.js';
import { heldBetween, heldBy, openPauses, withHeld } from './pauses.js';
import { type Assignment, letterStep, type Submission, type TakenStep } from './state.js';

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
  a: Assignment,
  input: AssignmentInputs['acknowledge'],
  ctx: DecisionContext,
): AssignmentDecision {
  return {
    events: [
      {
        type: 'acknowledged',
        data: { at: ctx.happenedAt, officerId: input.officerId ?? null },
        ...textOf({ note: input.note }),
      },
      ...acknowledgedBefore(a, ctx),
    ],
  };
}

export function report(
  a: Assignment,
  input: AssignmentInputs['report'],
  ctx: DecisionContext,
): AssignmentDecision {
  if (input.figure !== undefined && input.figure.asOf > localDate(ctx.calendar, ctx.happenedAt)) {
    return refuse('happened_in_future', {
      vi: 'Số liệu tính đến một ngày ở tương lai.',
      en: 'The figure is as of a day in the future.',
    });
  }
  return {
    events: [
      {
        type: 'reported',
        data: { at: ctx.happenedAt, percent: input.percent ?? null, figure: figureOf(input.figure) },
        ...textOf({ text: input.text, correction: input.figure?.correction, ...partNames(input.figure) }),
      },
      ...acknowledgedBefore(a, ctx),
    ],
  };
}

function figureOf(figure: AssignmentInputs['report']['figure']): EventOf<'reported'>['data']['figure'] {
  if (figure === undefined) return null;
  const { numerator, denominator = null, asOf, parts } = figure;
  const sums = parts === undefined ? {} : { parts: parts.map((part) => part.numerator) };
  return { numerator, denominator, asOf, ...sums };
}

/** Names are words that somebody typed: they go where free text goes. */
function partNames(figure: AssignmentInputs['report']['figure']): Record<string, string> {
  return Object.fromEntries((figure?.parts ?? []).map(({ name }, index) => [`part ${index + 1}`, name]));
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
  const at = toSecond(ctx.happenedAt);
  // An obstacle that runs has held time up to now: with it the deadline is what the result is judged by.
  const held = heldBy(a, openPauses(a), at, ctx.calendar);
  const judged: Assignment = { ...a, ...held, pauses: [], submission: null };
  const submission: Submission = {
    id: ctx.newId(),
    at,
    recordedAt: ctx.recordedAt,
    late: isLate(judged, at),
    leftMs: leftAt(judged, at, ctx),
    evidence: input.evidence ?? [],
  };
  return {
    events: [
      { type: 'submitted', data: { submission, ...held }, ...textOf({ text: input.text }) },
      ...overtaken(a, ctx, 'The result had come before these steps.'),
    ],
  };
}

/** Working time in ms from an instant to the deadline; 0 once it has passed. */
function leftAt(a: Pick<Assignment, 'dueAt'>, at: Instant, ctx: DecisionContext): number {
  return a.dueAt === null || a.dueAt <= at ? 0 : workingTimeBetween(ctx.calendar, at, a.dueAt);
}

/**
 * Steps that would not have been taken had the act been known when it happened: marked void, never erased.
 * By default every step after the deadline in this cycle, and the reminder to acknowledge; reminders before the
 * deadline burden nobody and stand.
 */
export function overtaken(
  a: Assignment,
  ctx: DecisionContext,
  reason: string,
  which: (kind: LadderStepKind | 'acknowledgement') => boolean = () => true,
  since: Instant = toSecond(ctx.happenedAt),
): AssignmentEvent[] {
  const rungs = new Set(
    ctx.policy.ladder.filter((rung) => rung.when === 'after' && which(rung.kind)).map((rung) => rung.step),
  );
  if (which('acknowledgement')) rungs.add('acknowledgement');
  // Within its second an act is in time still: a step that was due in that very second falls too.
  const steps = a.taken.filter((taken) => !taken.voided && taken.plannedAt >= since && rungs.has(taken.step));
  const fallen = steps.some(({ step }) => step === a.letter?.step && a.letter.sentAt === null);
  // The clock on signing a letter falls with the letter.
  const clocks = fallen ? a.taken.filter(({ step, voided }) => !voided && step === letterStep(a)) : [];
  return voidings([...steps, ...clocks], a, ctx.receivedAt, reason);
}

/** By the cycle in which they were taken, which tells a step on record from its like in another cycle. */
function voidings(
  steps: readonly TakenStep[],
  a: Assignment,
  at: Instant,
  reason: string,
): EventOf<'steps_voided'>[] {
  const cycles = [...new Set(steps.map(({ cycle = a.cycle }) => cycle))].sort((one, other) => one - other);
  return cycles.map((cycle) => ({
    type: 'steps_voided',
    data: {
      at,
      steps: steps.filter((taken) => (taken.cycle ?? a.cycle) === cycle).map(({ step }) => step),
      cycle,
    },
    text: { reason },
  }));
}

/** Any act of the unit acknowledges; one that arrived on paper before the reminder to acknowledge makes it void. */
export function acknowledgedBefore(a: Assignment, ctx: DecisionContext): AssignmentEvent[] {
  return overtaken(a, ctx, 'The unit had acknowledged before.', (kind) => kind === 'acknowledgement');
}

/** What a unit brings forward acknowledges, and holds the proposal of a case until it is decided. */
export function broughtBefore(a: Assignment, ctx: DecisionContext): AssignmentEvent[] {
  return overtaken(
    a,
    ctx,
    'The unit had brought something forward before.',
    (kind) => kind === 'acknowledgement' || kind === 'referral',
  );
}

export function recall(
  a: Assignment,
  input: AssignmentInputs['recall'],
  ctx: DecisionContext,
): AssignmentDecision {
  // Time that was held while the result waited is given back with it.
  const since = a.submission?.at ?? ctx.happenedAt;
  const held = withHeld(a, heldBetween(a, since, ctx.happenedAt, ctx.calendar), ctx.calendar);
  return only({
    type: 'recalled',
    data: { at: ctx.happenedAt, ...held },
    ...textOf({ reason: input.reason }),
  });
}

export function confirm(
  a: Assignment,
  input: AssignmentInputs['confirm'],
  ctx: DecisionContext,
): AssignmentDecision {
  if (a.submission === null) return nothingSubmitted();
  const { id, at } = a.submission;
  return only({
    type: 'confirmed',
    // Judged by the deadline as it stands now: an extension may have been granted while the result waited.
    data: { at: ctx.happenedAt, submissionId: id, late: isLate(a, at), judgedAt: at },
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
  return only({
    type: 'part_accepted',
    data: { at: ctx.happenedAt, share: input.share, mend: remainderOf(a, ctx) },
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
  // From when it is entered: the unit learns of it then, whatever date the paper bears.
  const from = ctx.receivedAt;
  const submittedAt = a.submission?.at ?? from;
  const left = addWorkingTime(ctx.calendar, from, leftAt(a, submittedAt, ctx));
  const until = Math.max(left, addDuration(ctx.calendar, from, ctx.policy.mend.atLeast));
  const late = isLate(a, submittedAt);
  return { until: late ? until : Math.max(until, a.dueAt ?? until), movesDue: !late };
}

/**
 * What remains after a part was accepted stays open under its deadline. Where waiting for the confirmer has
 * used that deadline up, the unit gets the time that a return gives.
 */
function remainderOf(a: Assignment, ctx: DecisionContext): Mend {
  const mend = mendOf(a, ctx);
  const enough = addDuration(ctx.calendar, ctx.receivedAt, ctx.policy.mend.atLeast);
  return a.dueAt !== null && a.dueAt >= enough ? { ...mend, until: a.dueAt } : mend;
}

function nothingSubmitted(): AssignmentDecision {
  return refuse('transition_not_allowed', {
    vi: 'Chưa có kết quả chờ xác nhận.',
    en: 'There is no result to judge.',
  });
}
