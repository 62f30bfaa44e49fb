import type { Actor } from '../actor.js';
import { type Refusal, refuse } from '../errors.js';
import type { Assignment, Matter } from './state.js';
import { isPending } from './state.js';
import type { AssignmentAction } from './table.js';

const REGULAR_HAS_NONE: readonly AssignmentAction[] = ['submit', 'request_extension', 'adjust_deadline'];

const ANSWERS: Partial<Record<AssignmentAction, Matter['kind']>> = {
  withdraw_extension: 'extension',
  decide_extension: 'extension',
  withdraw_obstacle: 'obstacle',
  answer_obstacle: 'obstacle',
  decide_cause: 'cause',
  answer_contribution: 'contribution',
  answer_explanation: 'explanation',
};

const ONE_AT_A_TIME: Partial<Record<AssignmentAction, Matter['kind']>> = {
  request_extension: 'extension',
  state_cause: 'cause',
};

/**
 * What the state's name does not say: there must be something to answer, and not two of what is asked one at
 * a time. The deciders ask for the very matter; this is for showing what is possible. What depends on the
 * instant (the days for contesting, being overdue) is left to them.
 */
export function nothingToActOn(actor: Actor, action: AssignmentAction, a: Assignment): Refusal | null {
  if (a.recurrence === 'regular' && REGULAR_HAS_NONE.includes(action)) {
    return no(
      'Nhiệm vụ thường xuyên không có thời hạn và kết quả riêng.',
      'A regular task has no deadline or result of its own.',
    );
  }
  if (action === 'ask_contribution' && a.coordinatingUnitIds.length === 0) {
    return no('Không có đơn vị phối hợp.', 'There is no coordinating unit.');
  }
  if (action === 'send_letter' && (a.letter === null || a.letter.sentAt !== null)) {
    return no('Không có văn bản đôn đốc chờ ký.', 'No urging letter waits for its signature.');
  }
  const answered = ANSWERS[action];
  if (
    answered !== undefined &&
    !a.matters.some((matter) => matter.kind === answered && isOpenTo(actor, matter))
  ) {
    return no('Không có việc nào đang chờ trả lời.', 'Nothing of the kind waits for an answer.');
  }
  const asked = ONE_AT_A_TIME[action];
  if (asked !== undefined && a.matters.some((matter) => matter.kind === asked && isPending(matter))) {
    return refuse('matter_already_open', {
      vi: 'Đang có một đề nghị chờ trả lời.',
      en: 'One of the kind is waiting for its answer.',
    });
  }
  return null;
}

/** What is overdue may still be answered; a contribution only by the unit that was asked. */
function isOpenTo(actor: Actor, matter: Matter): boolean {
  if (matter.kind === 'contribution' && (actor.kind !== 'person' || actor.unitId !== matter.askedUnitId))
    return false;
  return isPending(matter) || matter.state === 'overdue';
}

function no(vi: string, en: string): Refusal {
  return refuse('transition_not_allowed', { vi, en });
}
