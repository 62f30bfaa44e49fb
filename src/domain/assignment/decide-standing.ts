import { addWorkingTime, workingTimeBetween } from '../calendar.js';
import { type DecisionContext, futureDeadlineFrom } from '../decision.js';
import { isRefusal, refuse } from '../errors.js';
import type { Instant } from '../instant.js';
import type { AssignmentInputs } from './commands.js';
import type { AssignmentDecision } from './decide.js';
import { textOf } from './decide-work.js';
import type { EventOf, NewDeadline } from './events.js';
import { type Assignment, openPause } from './state.js';

export function suspend(
  _a: Assignment,
  input: AssignmentInputs['suspend'],
  ctx: DecisionContext,
): AssignmentDecision {
  return {
    events: [{ type: 'suspended', data: { at: ctx.happenedAt }, ...textOf({ reason: input.reason }) }],
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
    const deadline = futureDeadlineFrom(input.deadline, ctx);
    if (isRefusal(deadline)) return deadline;
    const data = { at, heldMs: 0, dueAt: deadline.at, deadlineAt: deadline.at, newDeadline: true };
    return { events: [{ type: 'resumed', data, ...text }] };
  }
  const pause = a.pauses.find((one) => one.kind === 'suspension' && one.to === null);
  const heldMs = heldTime(a, pause?.from ?? at, at, ctx);
  const data = {
    at,
    heldMs,
    dueAt: moved(a.dueAt, heldMs, ctx),
    deadlineAt: a.deadlineAt,
    newDeadline: false,
  };
  return { events: [{ type: 'resumed', data, ...text }] };
}

/** Working time between two instants, without what another pause of the same assignment already holds. */
export function heldTime(a: Assignment, from: Instant, to: Instant, ctx: DecisionContext): number {
  const others = a.pauses
    .filter((pause) => pause.from !== from)
    .map((pause) => ({ from: pause.from, to: pause.to ?? to }));
  return workingTimeBetween(
    ctx.calendar,
    from,
    Math.max(from, to),
    others.filter((pause) => pause.to > pause.from),
  );
}

/** A deadline with held working time added; a named date that lost nothing stays as it is. */
export function moved(dueAt: Instant | null, heldMs: number, ctx: DecisionContext): Instant | null {
  return dueAt === null || heldMs === 0 ? dueAt : addWorkingTime(ctx.calendar, dueAt, heldMs);
}

export function stop(
  _a: Assignment,
  input: AssignmentInputs['stop'],
  ctx: DecisionContext,
): AssignmentDecision {
  return { events: [{ type: 'stopped', data: { at: ctx.happenedAt }, ...textOf({ reason: input.reason }) }] };
}

export function carryOver(
  _a: Assignment,
  input: AssignmentInputs['carry_over'],
  ctx: DecisionContext,
): AssignmentDecision {
  const data = { at: ctx.happenedAt, into: input.intoDirectiveId ?? null };
  return { events: [{ type: 'carried_over', data, ...textOf({ reason: input.reason }) }] };
}

/** Lateness so far stays with the first lead; the successor inherits cycle and steps. */
export function reassign(
  a: Assignment,
  input: AssignmentInputs['reassign'],
  ctx: DecisionContext,
): AssignmentDecision {
  const deadline = input.deadline === undefined ? null : futureDeadlineFrom(input.deadline, ctx);
  if (isRefusal(deadline)) return deadline;
  if (input.unitId === a.unitId) {
    return refuse('reference_unknown', {
      vi: 'Đơn vị mới trùng đơn vị cũ.',
      en: 'The new lead is the present one.',
    });
  }
  return moveTo(a, input.unitId, deadline, input.reason, ctx);
}

export function moveTo(
  a: Assignment,
  unitId: string,
  deadline: NewDeadline | null,
  reason: string,
  ctx: DecisionContext,
): AssignmentDecision {
  const id = ctx.newId();
  const at = ctx.happenedAt;
  return {
    events: [{ type: 'superseded', data: { at, by: [id] }, ...textOf({ reason }) }],
    spawned: [{ kind: 'assignment', id, events: [successor(a, id, unitId, deadline, ctx)] }],
  };
}

function successor(
  a: Assignment,
  id: string,
  unitId: string,
  deadline: NewDeadline | null,
  ctx: DecisionContext,
): EventOf<'assigned'> {
  const at = ctx.happenedAt;
  const { seq: _seq, lastRecordedAt: _recorded, ...kept } = a;
  const held = openPause(a);
  const dueAt = held === null ? a.dueAt : moved(a.dueAt, heldTime(a, held.from, at, ctx), ctx);
  return {
    type: 'assigned',
    data: {
      ...kept,
      id,
      unitId,
      coordinatingUnitIds: a.coordinatingUnitIds.filter((unit) => unit !== unitId),
      state: 'assigned',
      resumeTo: null,
      assignedAt: at,
      acknowledgedAt: null,
      officerId: null,
      deadline:
        deadline === null ? a.deadline : { phrase: deadline.phrase, rule: deadline.rule, byHand: true },
      deadlineAt: deadline?.at ?? a.deadlineAt,
      dueAt: deadline?.at ?? dueAt,
      ladderFrom: deadline === null ? a.ladderFrom : null,
      // A new lead has its own window to acknowledge and to contest; the ladder's own steps are inherited.
      taken: a.taken.filter((taken) => taken.step !== 'acknowledgement'),
      submission: null,
      pauses: [],
      matters: [],
      endedAt: null,
      supersededBy: [],
      predecessorId: a.id,
    },
  };
}

/** A reopened assignment asks for a new deadline and stays silent about the old one. */
export function reopen(
  a: Assignment,
  input: AssignmentInputs['reopen'],
  ctx: DecisionContext,
): AssignmentDecision {
  const deadline = futureDeadlineFrom(input.deadline, ctx);
  if (isRefusal(deadline)) return deadline;
  const data = { at: ctx.happenedAt, deadline, cycle: a.cycle + 1 };
  return { events: [{ type: 'reopened', data, ...textOf({ reason: input.reason }) }] };
}

export function conclude(
  _a: Assignment,
  _input: AssignmentInputs['conclude'],
  ctx: DecisionContext,
): AssignmentDecision {
  return { events: [{ type: 'concluded', data: { at: ctx.happenedAt } }] };
}

/** An urging by telephone, chat or at a meeting counts in the history beside the ladder's own. */
export function urge(
  _a: Assignment,
  input: AssignmentInputs['urge'],
  ctx: DecisionContext,
): AssignmentDecision {
  return {
    events: [
      {
        type: 'urged',
        data: { at: ctx.happenedAt, channel: input.channel },
        ...textOf({ text: input.text }),
      },
    ],
  };
}
