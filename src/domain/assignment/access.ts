import type { Actor } from '../actor.js';
import type { DirectiveFacts } from '../decision.js';
import { type Refusal, refuse } from '../errors.js';
import type { Assignment, AssignmentStateName } from './state.js';
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
    if (actor.unitId === a.monitorUnitId) relations.push('monitors');
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
 * deciding body leads the assignment, the decision passes to the supervisor.
 */
export function permits(
  actor: Actor,
  action: AssignmentAction,
  a: Assignment,
  directive: DirectiveFacts,
  documented: boolean,
): Refusal | null {
  const relations = relationsOf(actor, a, directive);
  if (relations.length === 0) return notFound();
  const row = rowOf(action);
  const allowed = row.by.some((relation) => relations.includes(relation));
  if (row.judges === true && actor.kind === 'person') {
    const decidingBody = row.by.includes('monitors') ? a.monitorUnitId : directive.standingAgencyId;
    if (decidingBody === a.unitId) {
      if (relations.includes('supervisor')) return null;
      return allowed || relations.includes('standing_agency') ? ownCause() : forbidden(action);
    }
  }
  if (allowed) return null;
  if (row.onBehalf === true && relations.includes('standing_agency'))
    return documented ? null : documentNeeded();
  return forbidden(action);
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
    const reason = permits(actor, action, a, directive, true) ?? stateRefusal(action, a.state);
    return { action, allowed: reason === null, reason };
  });
}

/** A transition that the table forbids, with the actions that the state does allow. */
export function stateRefusal(action: AssignmentAction, state: AssignmentStateName): Refusal | null {
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
        possible: ASSIGNMENT_ACTIONS.filter((other) => can(other, state)),
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

function forbidden(action: string): Refusal {
  return refuse('forbidden', {
    vi: `Vai trò của bạn không được thực hiện «${action}».`,
    en: `Your role may not "${action}" here.`,
  });
}

function ownCause(): Refusal {
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
