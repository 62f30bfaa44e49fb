import type { Actor } from '../actor.js';
import { notFound } from '../assignment/access.js';
import type { OfficeFacts } from '../decision.js';
import { type Refusal, refuse } from '../errors.js';
import { type Obligation, type ReportStateName, stateAt } from './state.js';

export type ReportRelation = 'reporter' | 'standing_agency' | 'supervisor';

interface Row {
  readonly from: readonly ReportStateName[];
  readonly by: readonly ReportRelation[];
  readonly to: readonly ReportStateName[] | 'same';
  /** Judges the unit: in its own cause the decision passes to the supervisor. */
  readonly judges?: true;
  /** The standing agency may record it for the unit from a numbered document. */
  readonly onBehalf?: true;
}

/** The life of a report as data; what the clock does (closing, due, missing, lapse) is no action of anybody. */
export const REPORT_TABLE = {
  submit: {
    from: ['not_due', 'due', 'missing'],
    by: ['reporter'],
    to: ['received_on_time', 'received_late'],
    onBehalf: true,
  },
  restate: {
    from: ['received_on_time', 'received_late'],
    by: ['reporter'],
    to: 'same',
    onBehalf: true,
  },
  return: {
    from: ['received_on_time', 'received_late'],
    by: ['standing_agency'],
    to: ['not_due', 'due', 'missing'],
    judges: true,
  },
  ask_excuse: {
    from: ['not_due', 'due', 'missing', 'received_late'],
    by: ['reporter'],
    to: 'same',
    onBehalf: true,
  },
  excuse: {
    from: ['not_due', 'due', 'missing', 'received_late'],
    by: ['standing_agency'],
    to: ['excused'],
    judges: true,
  },
  refuse_excuse: {
    from: ['not_due', 'due', 'missing', 'received_late'],
    by: ['standing_agency'],
    to: 'same',
    judges: true,
  },
} as const satisfies Record<string, Row>;

export type ReportAction = keyof typeof REPORT_TABLE;
export const REPORT_ACTIONS = Object.keys(REPORT_TABLE).filter(isReportAction);

export function isReportAction(name: string): name is ReportAction {
  return Object.hasOwn(REPORT_TABLE, name);
}

const rowOf = (action: ReportAction): Row => REPORT_TABLE[action];

export function canReport(action: ReportAction, state: ReportStateName): boolean {
  return rowOf(action).from.includes(state);
}

function relationsOf(actor: Actor, o: Obligation): ReportRelation[] {
  if (actor.kind !== 'person' || actor.workingGroupId !== o.workingGroupId) return [];
  switch (actor.role) {
    case 'unit':
      return actor.unitId === o.unitId ? ['reporter'] : [];
    case 'standing_agency':
      return ['standing_agency'];
    case 'supervisor':
      return ['supervisor'];
    case 'home_affairs':
    case 'administrator':
      return [];
  }
}

/** Whether the actor may, whatever the state. `papered`: recorded from a numbered document, with its arrival. */
export function permitsReport(
  actor: Actor,
  action: ReportAction,
  o: Obligation,
  { standingAgencyId }: OfficeFacts,
  papered: boolean,
): Refusal | null {
  const relations = relationsOf(actor, o);
  if (relations.length === 0) return notFound();
  const row = rowOf(action);
  const own = o.unitId === standingAgencyId;
  if (row.judges === true && own) {
    if (relations.includes('supervisor')) return null;
    return relations.includes('standing_agency') ? ownCause() : forbidden(action);
  }
  if (row.by.some((relation) => relations.includes(relation))) return null;
  if (row.onBehalf !== true || !relations.includes('standing_agency')) return forbidden(action);
  // Recording a paper of its own it would give itself a date.
  if (own) return ownCause();
  return papered ? null : documentNeeded();
}

function forbidden(action: ReportAction): Refusal {
  return refuse('forbidden', {
    vi: `Vai trò của bạn không được thực hiện «${action}» với báo cáo này.`,
    en: `Your role may not "${action}" this report.`,
  });
}

function ownCause(): Refusal {
  return refuse('own_cause', {
    vi: 'Cơ quan thường trực không quyết định báo cáo của chính mình; lãnh đạo Tổ công tác quyết định.',
    en: 'The standing agency does not decide on its own report; the supervisor does.',
  });
}

export function documentNeeded(): Refusal {
  return refuse('document_required', {
    vi: 'Cần số và ngày của văn bản; khi ghi nhận thay đơn vị cần cả thời điểm văn bản đến.',
    en: 'The number and date of a document are needed; recorded for a unit, its arrival as well.',
  });
}

export function reportStateRefusal(action: ReportAction, state: ReportStateName): Refusal | null {
  if (canReport(action, state)) return null;
  return refuse(
    'transition_not_allowed',
    {
      vi: `Không thể «${action}» khi báo cáo ở trạng thái «${state}».`,
      en: `"${action}" is not possible while the report is "${state}".`,
    },
    {
      extra: {
        state,
        action,
        allowedFrom: rowOf(action).from,
        possible: REPORT_ACTIONS.filter((other) => canReport(other, state)),
      },
    },
  );
}

/** An answer to a request needs one. */
export function nothingAsked(action: ReportAction, o: Obligation): Refusal | null {
  if (action === 'ask_excuse' && o.excuse?.state === 'asked') {
    return refuse('matter_already_open', {
      vi: 'Đã có đề nghị miễn báo cáo đang chờ trả lời.',
      en: 'A request to be excused is waiting for its answer.',
    });
  }
  if (action !== 'refuse_excuse' || o.excuse?.state === 'asked') return null;
  return refuse('transition_not_allowed', {
    vi: 'Không có đề nghị miễn báo cáo nào đang chờ trả lời.',
    en: 'No request to be excused is waiting for an answer.',
  });
}

export interface AllowedReportAction {
  readonly action: ReportAction;
  readonly allowed: boolean;
  readonly reason: Refusal | null;
}

export function allowedReportActions(
  actor: Actor,
  o: Obligation,
  offices: OfficeFacts,
  now: number,
): AllowedReportAction[] {
  return REPORT_ACTIONS.map((action) => {
    const reason =
      permitsReport(actor, action, o, offices, true) ??
      reportStateRefusal(action, stateAt(o, now)) ??
      nothingAsked(action, o);
    return { action, allowed: reason === null, reason };
  });
}
