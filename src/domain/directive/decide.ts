import type { Actor } from '../actor.js';
import type { Calendar } from '../calendar.js';
import type { DirectiveFacts } from '../decision.js';
import { addDuration, type Duration, formatDuration } from '../duration.js';
import { type Refusal, refuse } from '../errors.js';
import type { Instant } from '../instant.js';
import type { PlannedStep } from '../planned.js';
import type { DirectivePolicy } from '../policy.js';
import type { DirectiveEvent } from './events.js';
import type { Directive, DirectiveStateName } from './state.js';

/** Which states allow an act, and who may; asked by the use cases and by `allowedActions`. */
export const DIRECTIVE_TABLE = {
  edit: { from: ['draft'], by: ['standing_agency'] },
  delete: { from: ['draft'], by: ['standing_agency'] },
  request_approval: { from: ['draft'], by: ['standing_agency'] },
  recall: { from: ['awaiting_approval'], by: ['standing_agency'] },
  approve: { from: ['awaiting_approval'], by: ['supervisor'] },
  return: { from: ['awaiting_approval'], by: ['supervisor'] },
  issue: { from: ['draft'], by: ['standing_agency'] },
  confirm_document: { from: ['issued'], by: ['standing_agency'] },
  correct: { from: ['issued', 'closed'], by: ['standing_agency'] },
  amend: { from: ['issued'], by: ['standing_agency'] },
  withdraw: { from: ['issued'], by: ['standing_agency'] },
  close: { from: ['issued'], by: ['standing_agency'] },
} as const satisfies Record<
  string,
  { from: readonly DirectiveStateName[]; by: readonly ('standing_agency' | 'supervisor')[] }
>;

export type DirectiveAction = keyof typeof DIRECTIVE_TABLE;
export const DIRECTIVE_ACTIONS = Object.keys(DIRECTIVE_TABLE).filter((name): name is DirectiveAction =>
  Object.hasOwn(DIRECTIVE_TABLE, name),
);

/** Role first, then state; null when the act may be judged. */
export function directiveRefusal(d: Directive, action: DirectiveAction, actor: Actor): Refusal | null {
  const row: { from: readonly DirectiveStateName[]; by: readonly string[] } = DIRECTIVE_TABLE[action];
  if (actor.kind !== 'person' || actor.workingGroupId !== d.workingGroupId || !readsDirectives(actor.role)) {
    return refuse('not_found', {
      vi: 'Không có văn bản này trong phạm vi của bạn.',
      en: 'There is no such directive within your scope.',
    });
  }
  if (!row.by.includes(actor.role)) {
    return refuse('forbidden', {
      vi: `Vai trò của bạn không được thực hiện «${action}».`,
      en: `Your role may not "${action}" a directive.`,
    });
  }
  if (row.from.includes(d.state)) return null;
  return refuse(
    'transition_not_allowed',
    {
      vi: `Không thể «${action}» khi văn bản ở trạng thái «${d.state}».`,
      en: `"${action}" is not possible while the directive is "${d.state}".`,
    },
    {
      extra: {
        state: d.state,
        action,
        allowedFrom: row.from,
        possible: DIRECTIVE_ACTIONS.filter((other) => isPossible(other, d.state, actor.role)),
      },
    },
  );
}

function readsDirectives(role: string): boolean {
  return role === 'standing_agency' || role === 'supervisor' || role === 'unit';
}

/** Whether the state allows it to this caller. */
function isPossible(action: DirectiveAction, state: DirectiveStateName, role: string): boolean {
  const { from, by }: { from: readonly DirectiveStateName[]; by: readonly string[] } =
    DIRECTIVE_TABLE[action];
  return from.includes(state) && by.includes(role);
}

/** Close and amend wait until every planned assignment is in the record. */
export function notYetAssigned(d: Directive): Refusal | null {
  if (d.assigned === d.planned) return null;
  return refuse(
    'directive_not_ready',
    {
      vi: `Mới giao ${d.assigned}/${d.planned} nhiệm vụ; thử lại sau.`,
      en: `${d.assigned} of ${d.planned} assignments have been made; try again shortly.`,
    },
    { extra: { planned: d.planned, assigned: d.assigned } },
  );
}

/** The state of a directive after an event; total and pure. */
export function evolveDirective(
  before: Directive | null,
  event: DirectiveEvent,
  recordedAt: Instant,
): Directive {
  if (event.type === 'drafted') {
    return {
      id: event.data.id,
      workingGroupId: event.data.workingGroupId,
      state: 'draft',
      seq: 1,
      frozenVersion: 0,
      approved: false,
      issuedAt: null,
      planned: 0,
      assigned: 0,
      unclear: 0,
      endedAt: null,
      taken: [],
      lastRecordedAt: recordedAt,
    };
  }
  if (before === null) throw new Error(`A directive begins with drafted, not ${event.type}`);
  return { ...apply(before, event), seq: before.seq + 1, lastRecordedAt: recordedAt };
}

function apply(d: Directive, event: Exclude<DirectiveEvent, { type: 'drafted' }>): Directive {
  switch (event.type) {
    case 'calendar_changed':
      // The version it is computed under stands beside the state, in its row.
      return d;
    case 'revised':
      return { ...d, approved: false };
    case 'approval_requested':
      return { ...d, state: 'awaiting_approval' };
    case 'approval_returned':
    case 'approval_recalled':
      return { ...d, state: 'draft', approved: false };
    case 'approved':
      return { ...d, state: 'draft', approved: true };
    case 'issued': {
      const { at, version, planned, unclear } = event.data;
      return { ...d, state: 'issued', issuedAt: at, frozenVersion: version, planned, unclear };
    }
    case 'amended': {
      const { version, planned, unclear, unclearSince } = event.data;
      const since = unclearSince === undefined ? {} : { unclearSince };
      return { ...d, frozenVersion: version, planned, unclear, ...since };
    }
    case 'corrected':
    case 'document_confirmed':
      return { ...d, frozenVersion: event.data.version };
    case 'assignments_made':
      return { ...d, assigned: event.data.assigned };
    case 'withdrawn':
      return { ...d, state: 'withdrawn', endedAt: event.data.at };
    case 'closed':
      return { ...d, state: 'closed', endedAt: event.data.at };
    case 'reopened':
      return { ...d, state: 'issued', endedAt: null };
    case 'step_taken':
      return { ...d, taken: [...d.taken, event.data.step] };
    case 'deleted':
      return { ...d, endedAt: event.data.at };
    case 'step_acknowledged':
    case 'text_destroyed':
      return d;
  }
}

/** What the directive's own clocks are planned by. */
export interface DirectivePlanning {
  readonly policy: DirectivePolicy;
  readonly calendar: Calendar;
  readonly directive: Pick<DirectiveFacts, 'provisional'>;
}

/** The step that is due where no document has confirmed what was given by word of mouth. */
export const CONFIRMING_DOCUMENT = 'confirming-document';

/** How long the standing agency has for it where the policy does not say. */
const DEFAULT_CONFIRMING: Duration = { value: 10, unit: 'wd' };

interface OwnClock extends PlannedStep {
  readonly policyText: string;
}

/** The clocks on the standing agency that still run: to clear what stayed unclear, to enter the confirming document. */
function ownClocks(d: Directive, { policy, calendar, directive }: DirectivePlanning): OwnClock[] {
  if (d.state !== 'issued' || d.issuedAt === null) return [];
  const issued = { version: 1, at: d.issuedAt };
  const clock = (step: string, from: Instant, what: string, duration: Duration): OwnClock => ({
    step,
    at: addDuration(calendar, from, duration),
    policyText: `${policy.id} v${policy.version}: ${what} within ${formatDuration(duration)}`,
  });
  const {
    clocks: { unclear },
    confirmingDocument = DEFAULT_CONFIRMING,
  } = policy;
  return [
    ...(d.unclear > 0 ? (d.unclearSince ?? [issued]) : []).map(({ version, at }) =>
      clock(`unclear:${version}`, at, 'unclear rows cleared', unclear),
    ),
    ...(directive.provisional === true
      ? [clock(CONFIRMING_DOCUMENT, issued.at, 'confirming document', confirmingDocument)]
      : []),
  ]
    .filter(({ step }) => !d.taken.includes(step))
    .sort((one, other) => one.at - other.at);
}

/** What the directive itself waits for next. */
export function nextDirectiveStep(d: Directive, planning: DirectivePlanning): PlannedStep | null {
  const [next] = ownClocks(d, planning);
  return next === undefined ? null : { step: next.step, at: next.at };
}

/** Takes the directive's own due steps. */
export function decideDirectiveSteps(
  d: Directive,
  planning: DirectivePlanning,
  now: Instant,
): DirectiveEvent[] {
  const { calendar } = planning;
  return ownClocks(d, planning)
    .filter(({ at }) => at <= now)
    .map(({ step, at, policyText }) => ({
      type: 'step_taken',
      data: {
        step,
        kind: 'clock',
        cycle: 1,
        plannedAt: at,
        takenAt: now,
        to: ['standing_agency', 'supervisor'],
        sends: ['standing_agency', 'supervisor'],
        policyText,
        calendar: `${calendar.id} v${calendar.version}`,
      },
    }));
}
