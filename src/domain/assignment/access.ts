import type { Actor } from '../actor.js';
import type { DirectiveFacts } from '../decision.js';
import { type Refusal, refuse } from '../errors.js';
import { type Assignment, clockStep, isPending, type Matter } from './state.js';
import { nothingToActOn } from './subjects.js';
import { ASSIGNMENT_ACTIONS, type AssignmentAction, can, type Relation, rowOf } from './table.js';

/** Every relation in which the actor stands to the assignment. */
export function relationsOf(actor: Actor, a: Assignment, directive: DirectiveFacts): Relation[] {
  if (actor.kind !== 'person') return ['clock'];
  if (actor.workingGroupId !== a.workingGroupId) return [];
  const relations: Relation[] = [];
  if (actor.role === 'supervisor') relations.push('supervisor');
  if (actor.role === 'standing_agency') {
    relations.push('standing_agency');
    if (a.monitorUnitId === directive.standingAgencyId) relations.push('monitors');
  }
  if (actor.role === 'unit' && actor.unitId !== null) {
    if (actor.unitId === a.unitId) relations.push('leads');
    // The standing agency judges by its officers of that role, not by everybody who works there.
    if (actor.unitId === a.monitorUnitId && a.monitorUnitId !== directive.standingAgencyId)
      relations.push('monitors');
    if (a.coordinatingUnitIds.includes(actor.unitId)) relations.push('coordinates');
    if (a.matters.some((m) => m.kind === 'obstacle' && m.holderUnitId === actor.unitId))
      relations.push('holds_obstacle');
    if (a.matters.some((m) => m.kind === 'contribution' && m.askedUnitId === actor.unitId))
      relations.push('asked');
  }
  return relations;
}

/** Who may know that the assignment exists at all. */
export function sees(actor: Actor, a: Assignment, directive: DirectiveFacts): boolean {
  return relationsOf(actor, a, directive).length > 0;
}

/**
 * Whether the actor may take the action, whatever the state. Nobody decides in their own cause: where the
 * deciding body leads the assignment or holds the obstacle, the decision passes to the supervisor; so does
 * what it has not decided in time.
 */
export function permits(
  actor: Actor,
  action: AssignmentAction,
  a: Assignment,
  directive: DirectiveFacts,
  papered: boolean,
): Refusal | null {
  const relations = relationsOf(actor, a, directive);
  if (relations.length === 0) return notFound();
  const row = rowOf(action);
  const allowed = row.by.some((relation) => relations.includes(relation));
  const decidingBody = row.by.includes('monitors') ? a.monitorUnitId : directive.standingAgencyId;
  if (row.judges === true && decidingBody === a.unitId) {
    // Another unit that holds an obstacle of the deciding body may still say that it is resolved.
    if (relations.includes('supervisor') || holdsObstacle(action, relations)) return null;
    return allowed ? ownCause() : forbidden(action);
  }
  if (allowed) return null;
  if (relations.includes('supervisor')) return passesOn(action, a, directive) ? null : forbidden(action);
  if (row.onBehalf !== true || !relations.includes('standing_agency')) return forbidden(action);
  // Recording a paper of its own it would give itself a date.
  if (a.unitId === directive.standingAgencyId) return ownCause();
  return papered ? null : documentNeeded();
}

function holdsObstacle(action: AssignmentAction, relations: readonly Relation[]): boolean {
  return action === 'answer_obstacle' && relations.includes('holds_obstacle');
}

function passesOn(action: AssignmentAction, a: Assignment, directive: DirectiveFacts): boolean {
  if (undecidedInTime(action, a) !== null) return true;
  return (
    action === 'answer_obstacle' && a.matters.some((matter) => isHeldBy(matter, directive.standingAgencyId))
  );
}

/** Whether the unit holds an obstacle that still runs. */
function isHeldBy(matter: Matter, unitId: string): boolean {
  return matter.kind === 'obstacle' && isPending(matter) && matter.holderUnitId === unitId;
}

const CLOCK_OF: Partial<Record<AssignmentAction, Matter['kind']>> = {
  answer_contest: 'contest',
  decide_extension: 'extension',
  answer_obstacle: 'obstacle',
  decide_cause: 'cause',
};

/** What waits for this decision although the clock of those who should take it has run out; null: nothing. */
export function undecidedInTime(action: AssignmentAction, a: Assignment): string | null {
  const over = (step: string): boolean => a.taken.some((taken) => taken.step === step && !taken.voided);
  if (action === 'confirm' || action === 'accept_part' || action === 'return') {
    const id = a.submission?.id ?? null;
    return id !== null && over(`confirmation:${id}`) ? id : null;
  }
  const kind = CLOCK_OF[action];
  const found = a.matters.find(
    (matter) => matter.kind === kind && isPending(matter) && over(clockStep(matter)),
  );
  return found?.id ?? null;
}

/** One action of a resource, for this caller: allowed, or why not. */
export interface AllowedAction {
  readonly action: AssignmentAction;
  readonly allowed: boolean;
  readonly reason: Refusal | null;
}

/** What the caller may do now, with the reason where not; the same tables that the decider asks. */
export function allowedActions(actor: Actor, a: Assignment, directive: DirectiveFacts): AllowedAction[] {
  return ASSIGNMENT_ACTIONS.filter((action) => action !== 'conclude').map((action) => {
    const reason =
      permits(actor, action, a, directive, true) ??
      stateRefusal(action, a, actor, directive) ??
      nothingToActOn(actor, action, a);
    return { action, allowed: reason === null, reason };
  });
}

/** A transition that the table forbids, with what this caller may do instead. */
export function stateRefusal(
  action: AssignmentAction,
  a: Assignment,
  actor: Actor,
  directive: DirectiveFacts,
): Refusal | null {
  const { state } = a;
  if (can(action, state)) return null;
  return refuse(
    'transition_not_allowed',
    {
      vi: `Không thể thực hiện «${action}» khi nhiệm vụ đang ở trạng thái «${state}».`,
      en: `"${action}" is not possible while the assignment is "${state}".`,
    },
    {
      extra: {
        state,
        action,
        allowedFrom: rowOf(action).from,
        possible: ASSIGNMENT_ACTIONS.filter(
          (other) =>
            can(other, state) &&
            permits(actor, other, a, directive, true) === null &&
            nothingToActOn(actor, other, a) === null,
        ),
      },
    },
  );
}

export function notFound(): Refusal {
  return refuse('not_found', {
    vi: 'Không có bản ghi này trong phạm vi của bạn.',
    en: 'There is no such record within your scope.',
  });
}

export function forbidden(action: string): Refusal {
  return refuse('forbidden', {
    vi: `Vai trò của bạn không được thực hiện «${action}».`,
    en: `Your role may not "${action}" here.`,
  });
}

export function ownCause(): Refusal {
  return refuse('own_cause', {
    vi: 'Đơn vị quyết định cũng là đơn vị chủ trì; việc này do lãnh đạo giám sát quyết định.',
    en: 'The deciding body leads this assignment itself; the decision is the supervisor’s.',
  });
}

function documentNeeded(): Refusal {
  return refuse('document_required', {
    vi: 'Ghi thay cho đơn vị cần số, ngày và ngày đến của văn bản.',
    en: 'Recording for a unit needs the number, the date and the arrival of its document.',
  });
}
