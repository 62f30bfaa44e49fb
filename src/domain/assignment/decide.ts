import { type Decision, type DecisionContext, futureDocument, isPapered } from '../decision.js';
import { type Refusal, refuse } from '../errors.js';
import type { Instant } from '../instant.js';
import { notFound, permits, sees, stateRefusal } from './access.js';
import type { AssignmentCommand, AssignmentInputs, CommandOf } from './commands.js';
import { applyCalendar, excuseOutage } from './decide-calendar.js';
import { decideSteps } from './decide-clock.js';
import { adjustDeadline, decideExtension, requestExtension, withdrawExtension } from './decide-deadline.js';
import * as matter from './decide-matters.js';
import * as obstacle from './decide-obstacle.js';
import * as standing from './decide-standing.js';
import * as work from './decide-work.js';
import type { AssignmentEvent } from './events.js';
import { move, reorganise } from './moves.js';
import { settleMoved } from './settle.js';
import type { Assignment, Matter } from './state.js';
import type { AssignmentAction } from './table.js';

export type AssignmentDecision = Decision<AssignmentEvent> | Refusal;
/** What somebody does; the rest follows from something else. */
type PersonCommand = CommandOf<AssignmentAction>;
type Handler<A extends AssignmentAction> = (
  a: Assignment,
  input: AssignmentInputs[A],
  ctx: DecisionContext,
) => AssignmentDecision;

/** One handler per action; a new action without one does not compile. */
const HANDLERS: { readonly [A in AssignmentAction]: Handler<A> } = {
  acknowledge: work.acknowledge,
  report: work.report,
  submit: work.submit,
  recall: work.recall,
  confirm: work.confirm,
  accept_part: work.acceptPart,
  return: work.returnResult,
  suspend: standing.suspend,
  resume: standing.resume,
  stop: standing.stop,
  reassign: standing.reassign,
  move,
  carry_over: standing.carryOver,
  reopen: standing.reopen,
  conclude: standing.conclude,
  urge: standing.urge,
  send_letter: standing.sendLetter,
  adjust_deadline: adjustDeadline,
  request_extension: requestExtension,
  withdraw_extension: withdrawExtension,
  decide_extension: decideExtension,
  contest: matter.contest,
  answer_contest: matter.answerContest,
  raise_obstacle: obstacle.raiseObstacle,
  withdraw_obstacle: obstacle.withdrawObstacle,
  answer_obstacle: obstacle.answerObstacle,
  state_cause: matter.stateCause,
  decide_cause: matter.decideCause,
  ask_contribution: matter.askContribution,
  answer_contribution: matter.answerContribution,
  request_explanation: matter.requestExplanation,
  answer_explanation: matter.answerExplanation,
};

/**
 * Judges a command on an assignment: who may, whether the state allows it, then what follows. Pure: the
 * same state, command and context give the same events or the same refusal.
 */
export function decide(a: Assignment, command: AssignmentCommand, ctx: DecisionContext): AssignmentDecision {
  if (command.action === 'take_steps') return decideSteps(a, ctx);
  if (command.action === 'note') return { events: [command.note] };
  if (command.action === 'apply_calendar') return applyCalendar(a, command.input, ctx);
  if (command.action === 'excuse_outage') return excuseOutage(a, command.input, ctx);
  if (command.action === 'revise') return standing.revise(a, command.input, ctx);
  if (command.action === 'confirm_document') return standing.confirmDocument(a, command.input, ctx);
  if (command.action === 'reorganise') return reorganise(a, command.input, ctx);
  if (command.action === 'settle_moved') return settleMoved(a, command.input, ctx);
  if (command.action === 'end_with_directive') return standing.endWithDirective(a, command.input, ctx);
  return (
    permits(ctx.actor, command.action, a, ctx.directive, isPapered(ctx)) ??
    directiveRefusal(a, ctx) ??
    stateRefusal(command.action, a, ctx.actor, ctx.directive) ??
    instantRefusal(a, command, ctx) ??
    documentRefusal(amountsTo(command), ctx) ??
    handle(command, a, ctx)
  );
}

/** Calls the handler of the very action; the mapped types keep action and input together. */
function handle<A extends AssignmentAction>(
  command: CommandOf<A>,
  a: Assignment,
  ctx: DecisionContext,
): AssignmentDecision {
  return HANDLERS[command.action](a, command.input, ctx);
}

function directiveRefusal(a: Assignment, ctx: DecisionContext): Refusal | null {
  if (!sees(ctx.actor, a, ctx.directive)) return notFound();
  if (ctx.directive.state === 'issued' || ctx.directive.state === 'closed') return null;
  return refuse('directive_not_ready', {
    vi: 'Văn bản đã bị thu hồi hoặc chưa ban hành.',
    en: 'The directive is withdrawn or not yet issued.',
  });
}

/** What is recorded from a document happened neither in the future nor before what it answers, or is about. */
function instantRefusal(a: Assignment, command: PersonCommand, ctx: DecisionContext): Refusal | null {
  const future = futureDocument(ctx.document, ctx.receivedAt, ctx.calendar);
  if (future !== null) return future;
  if (ctx.happenedAt > ctx.receivedAt) {
    return refuse('happened_in_future', {
      vi: 'Ngày đến của văn bản ở tương lai.',
      en: 'The arrival of the document lies in the future.',
    });
  }
  if (ctx.happenedAt === ctx.receivedAt) return null;
  if (ctx.happenedAt < a.assignedAt) {
    return refuse('happened_in_future', {
      vi: 'Ngày đến của văn bản trước ngày giao nhiệm vụ.',
      en: 'The arrival of the document lies before the assignment was given.',
    });
  }
  const since = answeredSince(a, command);
  if (since === null || ctx.happenedAt >= since) return null;
  return refuse(
    'happened_in_future',
    {
      vi: 'Ngày đến của văn bản trước việc mà nó trả lời.',
      en: 'The arrival of the document lies before what it answers.',
    },
    { extra: { since: new Date(since).toISOString() } },
  );
}

/** When what the command answers came into the world; null where it answers nothing. */
function answeredSince(a: Assignment, command: PersonCommand): Instant | null {
  const matter = (found: (one: Matter) => boolean): Instant | null => a.matters.find(found)?.openedAt ?? null;
  switch (command.action) {
    case 'confirm':
    case 'accept_part':
    case 'return':
      return a.submission?.at ?? null;
    case 'resume':
      return a.pauses.find((pause) => pause.kind === 'suspension' && pause.to === null)?.from ?? null;
    case 'reopen':
      return a.endedAt;
    case 'answer_contest':
      return matter(({ kind, state }) => kind === 'contest' && state === 'contested');
    case 'decide_extension':
    case 'answer_obstacle':
    case 'decide_cause':
    case 'answer_explanation':
      return matter(({ id }) => id === command.input.id);
    default:
      return null;
  }
}

/** A contest that is answered by a stop or another lead is one, with the document that the policy asks for it. */
function amountsTo(command: PersonCommand): AssignmentAction {
  if (command.action !== 'answer_contest' || command.input.answer === 'reject') return command.action;
  return command.input.answer;
}

function documentRefusal(action: AssignmentAction, ctx: DecisionContext): Refusal | null {
  if (ctx.document !== null || !ctx.policy.documentRequired.includes(action)) return null;
  return refuse('document_required', {
    vi: `Quy chế yêu cầu số và ngày của văn bản cho «${action}».`,
    en: `The policy asks for the number and date of a document for "${action}".`,
  });
}
