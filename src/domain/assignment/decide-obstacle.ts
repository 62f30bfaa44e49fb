import { type DecisionContext, futureDocument } from '../decision.js';
import { isRefusal, type Refusal, refuse } from '../errors.js';
import { forbidden, notFound, ownCause, relationsOf } from './access.js';
import type { AssignmentInputs } from './commands.js';
import type { AssignmentDecision } from './decide.js';
import { broughtBefore, overtaken, textOf } from './decide-work.js';
import type { EventOf } from './events.js';
import { findMatter, settled } from './find-matter.js';
import { beginPause, type Held, heldBy, openPauses } from './pauses.js';
import { type Assignment, clockStep, type Obstacle } from './state.js';

export function raiseObstacle(
  a: Assignment,
  input: AssignmentInputs['raise_obstacle'],
  ctx: DecisionContext,
): AssignmentDecision {
  const holder = holderOf(a, input, ctx);
  if (isRefusal(holder)) return holder;
  const data = { at: ctx.happenedAt, matterId: ctx.newId(), cause: input.cause, ...holder };
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
    : endObstacle(a, obstacle, 'withdrawn', { holderUnitId: obstacle.holderUnitId }, {}, ctx);
}

/** Accepted, it has held the clock; that is not taken back by way of a forwarding. */
function wasAccepted(a: Assignment, { id, state }: Obstacle): boolean {
  return state === 'accepted' || a.pauses.some((pause) => pause.matterId === id);
}

type Holder = Pick<EventOf<'obstacle_answered'>['data'], 'holderUnitId' | 'outside'>;

/** Whom the unit or the standing agency names: another unit, or a body outside of the system; nobody, or one. */
function holderOf(
  a: Assignment,
  { holderUnitId, outside }: Pick<AssignmentInputs['raise_obstacle'], 'holderUnitId' | 'outside'>,
  ctx: DecisionContext,
): Holder | Refusal {
  if (outside === undefined) {
    if (holderUnitId === a.unitId) {
      return refuse('reference_unknown', {
        vi: 'Đơn vị chủ trì không thể là nơi giữ vướng mắc của chính mình.',
        en: 'The lead unit cannot be the holder of its own obstacle.',
      });
    }
    return { holderUnitId: holderUnitId ?? null };
  }
  if (holderUnitId !== undefined) {
    return refuse('reference_unknown', {
      vi: 'Chỉ nêu một nơi giữ vướng mắc: một đơn vị hoặc một cơ quan ngoài hệ thống.',
      en: 'Name one holder: a unit, or a body outside of the system.',
    });
  }
  const letter = outside.letter ?? null;
  const future = futureDocument(letter, ctx.receivedAt, ctx.calendar);
  return future ?? { holderUnitId: null, outside: { name: outside.name, letter } };
}

/** Forwarding puts it before somebody: a unit, or an outside body by a letter with number and date. */
function nextHolder(
  a: Assignment,
  input: AssignmentInputs['answer_obstacle'],
  ctx: DecisionContext,
): Holder | Refusal {
  if (input.holderUnitId === undefined && input.outside === undefined) {
    return refuse('reference_unknown', {
      vi: 'Cần nêu nơi nhận: một đơn vị, hoặc một cơ quan ngoài hệ thống kèm số và ngày văn bản.',
      en: 'Name who it is forwarded to: a unit, or an outside body with the letter’s number and date.',
    });
  }
  if (input.outside !== undefined && input.outside.letter === undefined) {
    return refuse('document_required', {
      vi: 'Chuyển ra ngoài hệ thống cần số và ngày của văn bản đã gửi.',
      en: 'Forwarding to an outside body needs the number and date of the letter to it.',
    });
  }
  return holderOf(a, input, ctx);
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
  if (obstacle.state === 'accepted' && input.answer === 'accept') return settled(obstacle.state);
  if (input.answer === 'refuse' && wasAccepted(a, obstacle)) return settled('accepted');
  const holder =
    input.answer === 'forward' ? nextHolder(a, input, ctx) : { holderUnitId: obstacle.holderUnitId };
  if (isRefusal(holder)) return holder;
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
      a.taken.some((taken) => taken.step === clockStep(obstacle) && !taken.voided);
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
  holder: Holder,
  text: { text?: string },
  ctx: DecisionContext,
): AssignmentDecision {
  const at = ctx.happenedAt;
  const data = { at, matterId: obstacle.id, answer, ...holder, ...heldAfter(a, obstacle, answer, ctx) };
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
  const obstacle = findMatter(a, 'obstacle', id);
  if (obstacle === null) return notFound();
  if (obstacle.state === 'raised' || obstacle.state === 'accepted' || obstacle.state === 'forwarded')
    return obstacle;
  return settled(obstacle.state);
}
