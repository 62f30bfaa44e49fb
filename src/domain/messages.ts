import type { AssignmentEvent } from './assignment/events.js';
import type { Assignment } from './assignment/state.js';
import type { MessageDraft } from './decision.js';
import type { DirectiveEvent } from './directive/events.js';
import type { LadderStepKind, RecipientKind } from './policy.js';
import type { ReferralEvent } from './referral/events.js';
import type { Referral } from './referral/state.js';

/** The height in the ladder decides what covers what in one envelope; notices stand beside it. */
const LADDER_RANK: Readonly<Record<LadderStepKind | 'clock', number>> = {
  reminder: 10,
  clock: 15,
  urge: 20,
  urging_letter: 30,
  supervisor: 40,
  referral: 50,
};
const NOTICE_RANK = 5;

const LADDER_TEMPLATE: Readonly<Record<LadderStepKind | 'clock', string>> = {
  reminder: 'reminder',
  clock: 'clock_overdue',
  urge: 'urge',
  urging_letter: 'urging_letter',
  supervisor: 'supervisor',
  referral: 'referral_proposed',
};

function notice(
  template: string,
  to: readonly RecipientKind[],
  params: MessageDraft['params'] = {},
  unitId?: string,
): MessageDraft[] {
  return to.map((recipient) => ({
    template,
    to: recipient,
    ...(unitId === undefined ? {} : { unitId }),
    rank: NOTICE_RANK,
    holds: 'always' as const,
    params,
  }));
}

/** Which messages an event of an assignment asks for; addresses and words come later. */
export function assignmentMessages(event: AssignmentEvent, after: Assignment): MessageDraft[] {
  const toUnit: readonly RecipientKind[] = ['officer'];
  switch (event.type) {
    case 'assigned':
      return notice('assigned', ['unit'], { deadline: after.dueAt });
    case 'submitted':
      return notice('submitted', ['monitor']);
    case 'confirmed':
    case 'part_accepted':
    case 'stopped':
    case 'suspended':
    case 'resumed':
      return notice(event.type, toUnit, { deadline: after.dueAt });
    case 'returned':
      return notice('returned', toUnit, { deadline: event.data.mend.until });
    case 'revised':
      return notice('revised', toUnit, { deadline: after.dueAt });
    case 'reopened':
    case 'deadline_adjusted':
      return notice(event.type, toUnit, { deadline: event.data.deadline.at });
    case 'contested':
      return notice('contested', ['standing_agency']);
    case 'contest_answered':
      return notice('contest_answered', toUnit, { answer: event.data.answer });
    case 'extension_requested':
      return notice('extension_requested', ['standing_agency'], { deadline: event.data.askedFor });
    case 'extension_decided':
      return notice('extension_decided', toUnit, {
        answer: event.data.granted ? 'granted' : 'refused',
        deadline: after.dueAt,
      });
    case 'obstacle_raised':
      return [
        ...notice('obstacle_raised', ['standing_agency']),
        ...(event.data.holderUnitId === null
          ? []
          : notice('obstacle_raised', ['unit'], {}, event.data.holderUnitId)),
      ];
    case 'obstacle_answered':
      return event.data.answer === 'withdrawn'
        ? []
        : notice('obstacle_answered', toUnit, { answer: event.data.answer });
    case 'cause_stated':
      return notice('cause_stated', ['standing_agency']);
    case 'cause_decided':
      return notice('cause_decided', toUnit, { answer: event.data.confirmed ? 'confirmed' : 'refused' });
    case 'contribution_asked':
      return notice('contribution_asked', ['unit'], { deadline: event.data.dueAt }, event.data.askedUnitId);
    case 'explanation_asked':
      return notice('explanation_asked', ['head'], { deadline: event.data.dueAt });
    case 'urged':
      // A call, a chat or a meeting has reached the unit already; only an urging through the system is sent.
      return event.data.channel === 'system'
        ? notice('urged', ['officer', 'head'], { deadline: after.dueAt })
        : [];
    case 'step_taken': {
      const { step, kind, sends } = event.data;
      return sends.map((to) => ({
        template: LADDER_TEMPLATE[kind],
        to,
        rank: LADDER_RANK[kind],
        holds: kind === 'clock' || kind === 'referral' ? ('always' as const) : ('while_unanswered' as const),
        params: { step, deadline: after.dueAt },
      }));
    }
    case 'acknowledged':
    case 'reported':
    case 'recalled':
    case 'superseded':
    case 'carried_over':
    case 'concluded':
    case 'extension_withdrawn':
    case 'contribution_answered':
    case 'explanation_answered':
    case 'steps_voided':
      return [];
  }
}

/** A unit is told of what the standing agency recorded for it from a document. */
export function recordedForUnit(): MessageDraft[] {
  return notice('recorded_for_you', ['officer']);
}

/** Which messages an event of a case asks for. */
export function referralMessages(event: ReferralEvent, after: Referral): MessageDraft[] {
  const subject = (template: string, params: MessageDraft['params'] = {}): MessageDraft[] =>
    notice(template, ['head'], params);
  switch (event.type) {
    case 'proposed':
      // The ladder's last rung, taken with it, has already written to the unit.
      return [];
    case 'facts_renewed':
      return subject('referral_proposed', { deadline: after.windowEndsAt });
    case 'objected':
      return notice('objected', ['standing_agency', 'supervisor']);
    case 'objection_decided':
      return [
        ...subject('objection_decided', { answer: event.data.upheld ? 'upheld' : 'rejected' }),
        ...notice('objection_decided', ['standing_agency'], {
          answer: event.data.upheld ? 'upheld' : 'rejected',
        }),
      ];
    case 'release_awaited':
      return notice('release_awaited', ['standing_agency']);
    case 'referred':
      return [...notice('referred', ['home_affairs']), ...subject('referred')];
    case 'supplement_requested':
      return notice('supplement_requested', ['standing_agency']);
    case 'supplemented':
      return notice('supplemented', ['home_affairs']);
    case 'acknowledged':
      return notice('referral_acknowledged', ['standing_agency']);
    case 'withdrawn':
      return after.referredAt === null
        ? subject('referral_withdrawn')
        : [...subject('referral_withdrawn'), ...notice('referral_withdrawn', ['home_affairs'])];
    case 'outcome_recorded':
    case 'outcome_corrected':
      return notice('outcome_recorded', ['standing_agency']);
    case 'step_taken':
      return event.data.sends.map((to) => ({
        template: 'clock_overdue',
        to,
        rank: LADDER_RANK.clock,
        holds: 'always',
        params: { step: event.data.step },
      }));
    case 'opinion_given':
    case 'held':
    case 'unheld':
    case 'lapsed':
      return [];
  }
}

/** Which messages an event of a directive asks for. */
export function directiveMessages(event: DirectiveEvent): MessageDraft[] {
  switch (event.type) {
    case 'approval_requested':
      return notice('approval_requested', ['supervisor']);
    case 'step_taken':
      return event.data.sends.map((to) => ({
        template: 'directive_unclear',
        to,
        rank: LADDER_RANK.clock,
        holds: 'always',
        params: { step: event.data.step },
      }));
    case 'closed':
      return notice('directive_closed', ['standing_agency', 'supervisor']);
    default:
      return [];
  }
}
