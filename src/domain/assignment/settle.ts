import type { DecisionContext } from '../decision.js';
import type { Instant } from '../instant.js';
import type { AssignmentDecision } from './decide.js';
import type { EventOf, SettledAnswer } from './events.js';
import { beginPause, heldBy } from './pauses.js';
import { type Assignment, isEnded, type Matter, type Obstacle } from './state.js';

/** What a command on a successor has settled of what came along with its move, by the former lead's own ids. */
export interface Settlement {
  readonly matters: readonly {
    readonly id: string;
    readonly answer: SettledAnswer;
    /** Of an extension that was granted. */
    readonly deadline: Instant | null;
  }[];
  /** The result that went along has been judged, or is not waiting any more. */
  readonly result: boolean;
}

/** Null where the command has settled nothing that any former lead waits for. */
export function settlementOf(before: Assignment, after: Assignment): Settlement | null {
  if (after.predecessorId === null) return null;
  const known = new Map(before.matters.map((matter) => [matter.id, matter]));
  const matters = after.matters.flatMap((matter) => {
    const was = known.get(matter.id);
    if (matter.movedFrom === undefined || was === undefined || !awaits(was) || awaits(matter)) return [];
    return [{ id: matter.movedFrom, ...answerOf(matter) }];
  });
  const result =
    (before.resultWentAlong === true && after.resultWentAlong !== true) ||
    (before.submission !== null &&
      after.resultWentAlong !== true &&
      (after.submission?.id !== before.submission.id || isEnded(after.state)));
  return matters.length === 0 && !result ? null : { matters, result };
}

/** What holds a case: asked and not answered, here or where it went. */
function awaits(matter: Matter): boolean {
  return matter.kind === 'extension'
    ? matter.state === 'requested' || matter.state === 'moved'
    : matter.kind === 'obstacle' &&
        (matter.state === 'raised' || matter.state === 'forwarded' || matter.state === 'moved');
}

function answerOf(matter: Matter): { answer: SettledAnswer; deadline: Instant | null } {
  if (matter.kind === 'extension' && matter.state === 'granted') {
    return { answer: 'granted', deadline: matter.grantedTo };
  }
  return { answer: matter.state === 'accepted' ? 'accepted' : 'refused', deadline: null };
}

/**
 * Takes over how it ended. Of the copies that a split has made, one that is answered for the unit is enough: the
 * refusal of another takes nothing away.
 */
export function settleMoved(a: Assignment, settlement: Settlement, ctx: DecisionContext): AssignmentDecision {
  if (a.state !== 'superseded') return { events: [] };
  const at = ctx.receivedAt;
  const events: EventOf<'moved_settled'>[] = [];
  let state = a;
  const settle = (matterId: string | null, answer: SettledAnswer, dueAt: Instant | null): void => {
    const event = { type: 'moved_settled' as const, data: { at, matterId, answer, dueAt } };
    events.push(event);
    state = settledElsewhere(state, event);
  };
  for (const { id, answer, deadline } of settlement.matters) {
    const matter = state.matters.find((one) => one.id === id);
    if (matter === undefined || !hears(state, matter, answer)) continue;
    settle(id, answer, dueAfter(state, matter, answer, deadline, ctx));
  }
  if (settlement.result && state.resultWentAlong === true) settle(null, 'judged', state.dueAt);
  return { events };
}

function hears({ pauses }: Assignment, matter: Matter, answer: SettledAnswer): boolean {
  // Accepted before the move, it has held the clock already.
  if (pauses.some(({ matterId }) => matterId === matter.id)) return false;
  return matter.state === 'moved' || (matter.state === 'refused' && answer !== 'refused');
}

function dueAfter(
  a: Assignment,
  matter: Matter,
  answer: SettledAnswer,
  deadline: Instant | null,
  { calendar }: DecisionContext,
): Instant | null {
  if (answer === 'granted' && deadline !== null && a.dueAt !== null) return Math.max(a.dueAt, deadline);
  // Held from its raising to the result that waited; without one the clock simply stood still to the end.
  if (answer !== 'accepted' || matter.kind !== 'obstacle' || a.submission === null) return a.dueAt;
  if (matter.openedAt >= a.submission.at) return a.dueAt;
  const pause = { kind: 'obstacle' as const, from: matter.openedAt, to: null, matterId: matter.id };
  // As it would have been for a life that goes on: its end by the move is no instant that anybody is judged by.
  const going = { ...a, submission: null, endedAt: null };
  return heldBy(beginPause(going, pause), [pause], a.submission.at, calendar).dueAt;
}

/** The former lead's life after what it had brought forward was judged elsewhere. */
export function settledElsewhere(a: Assignment, { data }: EventOf<'moved_settled'>): Assignment {
  const { matterId, answer, dueAt } = data;
  if (matterId === null) {
    const { resultWentAlong: _judged, ...settled } = a;
    return settled;
  }
  const matters = a.matters.map((matter) =>
    matter.id === matterId ? answered(matter, answer, dueAt) : matter,
  );
  const obstacle = matters.find(({ id }) => id === matterId);
  const settled = { ...a, matters, dueAt };
  return obstacle?.kind === 'obstacle' && answer === 'accepted' ? stood(settled, obstacle) : settled;
}

function answered(matter: Matter, answer: SettledAnswer, dueAt: Instant | null): Matter {
  if (matter.kind === 'extension') {
    return answer === 'granted'
      ? { ...matter, state: 'granted', grantedTo: dueAt }
      : { ...matter, state: 'refused' };
  }
  if (matter.kind !== 'obstacle') return matter;
  return { ...matter, state: answer === 'accepted' ? 'accepted' : 'refused' };
}

/** The clock turns out to have stood still since the obstacle was raised, to the end of that life. */
function stood(a: Assignment, { id, openedAt }: Obstacle): Assignment {
  const to = a.submission?.at ?? a.endedAt ?? openedAt;
  return to <= openedAt ? a : beginPause(a, { kind: 'obstacle', from: openedAt, to, matterId: id });
}
