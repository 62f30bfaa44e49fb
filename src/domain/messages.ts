import type { Actor } from './actor.js';
import type { AssignmentEvent, EventOf, MatterEvent } from './assignment/events.js';
import type { Assignment } from './assignment/state.js';
import { type Calendar, localDate } from './calendar.js';
import type { MessageDraft, OfficeFacts } from './decision.js';
import { outlookOfAssignment, warns } from './figures/warning.js';
import type { Instant } from './instant.js';
import { type LadderStepKind, type RecipientKind, type StepRecipient, stepName } from './policy.js';
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

const toUnit: readonly RecipientKind[] = ['officer'];

type Params = MessageDraft['params'];

function notice(
  template: string,
  to: readonly RecipientKind[],
  params: Params = {},
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

/** A notice that says nothing any more once what it is about has gone on. */
function current(...args: Parameters<typeof notice>): MessageDraft[] {
  return notice(...args).map((draft) => ({ ...draft, holds: 'while_current' as const }));
}

/** What somebody wrote to explain a decision goes along with it. */
function because({ text }: { readonly text?: Readonly<Record<string, string>> }): Params {
  const reason = text?.reason ?? text?.text ?? text?.note;
  return reason === undefined ? {} : { reason };
}

/** Nobody decides in their own cause: where an office leads the assignment, what it would decide goes to the supervisor. */
function judges(
  office: 'standing_agency' | 'monitor',
  { unitId, monitorUnitId }: Assignment,
  { standingAgencyId }: Offices,
): readonly RecipientKind[] {
  return [unitId === (office === 'monitor' ? monitorUnitId : standingAgencyId) ? 'supervisor' : office];
}

type Offices = Pick<OfficeFacts, 'standingAgencyId' | 'homeAffairsId'>;

/** Which messages an event of an assignment asks for; addresses and words come later. */
export function assignmentMessages(
  event: AssignmentEvent,
  after: Assignment,
  offices: Offices,
): MessageDraft[] {
  switch (event.type) {
    case 'assigned':
      return notice('assigned', ['unit'], { deadline: after.dueAt });
    case 'submitted':
      return current('submitted', judges('monitor', after, offices), { turn: after.turn });
    case 'part_accepted':
    case 'returned':
      return current(event.type, toUnit, {
        deadline: event.data.mend.until,
        turn: after.turn,
        ...because(event),
      });
    case 'confirmed':
      return current('confirmed', toUnit, { deadline: after.dueAt, turn: after.turn });
    case 'superseded':
    case 'carried_over':
    case 'stopped':
    case 'suspended':
    case 'resumed':
      return notice(event.type, toUnit, { deadline: after.dueAt, ...because(event) });
    case 'revised':
    case 'document_confirmed':
      return notice('revised', toUnit, { deadline: after.dueAt });
    case 'reopened':
    case 'deadline_adjusted':
      return notice(event.type, toUnit, { deadline: event.data.deadline.at, ...because(event) });
    case 'calendar_changed':
      return favours(event) ? notice('calendar_changed', toUnit, { deadline: after.dueAt }) : [];
    case 'outage_excused':
      return notice('outage_excused', toUnit, { deadline: after.dueAt });
    case 'urged':
      // A call, a chat or a meeting has reached the unit already; only an urging through the system is sent.
      return event.data.channel === 'system'
        ? notice('urged', ['officer', 'head'], { deadline: after.dueAt })
        : [];
    case 'step_taken':
      return stepMessages(event.data, after, offices);
    case 'letter_sent':
      return notice('urging_letter', ['head'], {
        deadline: after.ladderFrom ?? after.dueAt,
        letter: `${event.data.number}, ${event.data.date}`,
      });
    case 'acknowledged':
    case 'reported':
    case 'recalled':
    case 'concluded':
    case 'taken_over':
    case 'moved_settled':
    case 'steps_voided':
    case 'step_acknowledged':
    case 'text_destroyed':
      return [];
    default:
      return matterMessages(event, after, offices);
  }
}

/**
 * What a report's figure says about the deadline: told once, by the report that makes the forecast miss the target,
 * and again only where it had looked well in between.
 */
export function forecastMessages(
  event: AssignmentEvent,
  { before, after }: { readonly before: Assignment; readonly after: Assignment },
  now: Instant,
  { directive, calendar }: { readonly directive: Offices; readonly calendar: Calendar },
): MessageDraft[] {
  const foretold = (a: Assignment): boolean =>
    warns(a, outlookOfAssignment(a, a.dueAt === null ? null : localDate(calendar, a.dueAt)), now);
  if (event.type !== 'reported' || !foretold(after) || foretold(before)) return [];
  const params = { deadline: after.dueAt, turn: after.turn };
  return current('forecast_misses', [...toUnit, ...judges('monitor', after, directive)], params);
}

/** What a step says to those that no higher one writes to. */
function stepMessages(
  { step, kind, sends, objectUntil, unsigned }: EventOf<'step_taken'>['data'],
  after: Assignment,
  offices: Offices,
): MessageDraft[] {
  if (unsigned === true) return current('letter_to_sign', judges('standing_agency', after, offices));
  // Without a window of its own it proposes nothing: a case runs already.
  const template =
    kind === 'referral' && objectUntil === undefined ? 'referral_goes_on' : LADDER_TEMPLATE[kind];
  return sends.map((to) => ({
    template,
    ...officeOf(to, step, after),
    rank: LADDER_RANK[kind],
    holds:
      kind === 'clock'
        ? ('while_current' as const)
        : kind === 'referral'
          ? ('always' as const)
          : ('while_unanswered' as const),
    params: {
      step,
      // The date the step counts from: it is not the one that judges where lateness so far stands.
      deadline: after.ladderFrom ?? after.dueAt,
      ...(objectUntil === undefined ? {} : { objectUntil }),
      ...(kind === 'clock' ? clockParams(step, after) : {}),
    },
  }));
}

/** The holder of an obstacle is a unit like any other, and not the lead. */
function officeOf(to: StepRecipient, step: string, after: Assignment): Pick<MessageDraft, 'to' | 'unitId'> {
  if (to !== 'holder') return { to };
  const { about } = stepName(step);
  const matter = after.matters.find(({ id }) => id === about);
  const holder = matter?.kind === 'obstacle' ? matter.holderUnitId : null;
  return holder === null ? { to: 'unit' } : { to: 'unit', unitId: holder };
}

/** Which answer is overdue, and what settles it. */
function clockParams(step: string, after: Assignment): Params {
  const { name, about } = stepName(step);
  if (name === 'letter') return { answer: name };
  if (about === null) return { answer: name, unacknowledged: 1 };
  return name === 'confirmation' ? { answer: name, turn: after.turn } : { answer: name, matterId: about };
}

/** An edit that changes nothing for the unit is in the record, and writes to nobody. */
function favours({ data }: EventOf<'calendar_changed'>): boolean {
  return data.rejudged !== null || data.dueAt !== data.previous.dueAt;
}

/** Of what is brought up beside the work: who has to answer is asked, who asked is told. */
function matterMessages(event: MatterEvent, after: Assignment, offices: Offices): MessageDraft[] {
  const agency = judges('standing_agency', after, offices);
  const { matterId } = event.data;
  switch (event.type) {
    case 'contested':
      return current('contested', agency, { matterId });
    case 'contest_answered':
      return notice('contest_answered', toUnit, { answer: event.data.answer, ...because(event) });
    case 'extension_requested':
      return current('extension_requested', agency, { deadline: event.data.askedFor, matterId });
    case 'extension_decided':
      return notice('extension_decided', toUnit, {
        answer: event.data.granted ? 'granted' : 'refused',
        deadline: after.dueAt,
        ...because(event),
      });
    case 'obstacle_raised':
      return obstacleRaised(event.data, agency, offices);
    case 'obstacle_answered':
      return obstacleAnswered(event, offices);
    case 'cause_stated':
      return current('cause_stated', agency, { matterId });
    case 'cause_decided':
      return notice('cause_decided', toUnit, {
        answer: event.data.confirmed ? 'confirmed' : 'refused',
        ...because(event),
      });
    case 'contribution_answered':
      return contributionAnswered(event.data, after);
    case 'explanation_answered':
      return explanationAnswered(event.data, agency);
    case 'contribution_asked':
      return current(
        'contribution_asked',
        ['unit'],
        { deadline: event.data.dueAt, matterId, ...because(event) },
        event.data.askedUnitId,
      );
    case 'explanation_asked':
      return current('explanation_asked', ['head'], {
        deadline: event.data.dueAt,
        matterId,
        ...because(event),
      });
    case 'extension_withdrawn':
      return [];
  }
}

/** The holder is asked too; what the standing agency holds itself, the supervisor decides. */
function obstacleRaised(
  { holderUnitId: holder, matterId }: EventOf<'obstacle_raised'>['data'],
  agency: readonly RecipientKind[],
  { standingAgencyId }: Offices,
): MessageDraft[] {
  if (holder === null) return current('obstacle_raised', agency, { matterId });
  if (holder === standingAgencyId) {
    return current('obstacle_raised', [...new Set([...agency, 'supervisor' as const])], { matterId });
  }
  return [
    ...current('obstacle_raised', agency, { matterId }),
    ...current('obstacle_raised', ['unit'], { matterId }, holder),
  ];
}

function obstacleAnswered(
  event: EventOf<'obstacle_answered'>,
  { standingAgencyId }: Offices,
): MessageDraft[] {
  const { answer, holderUnitId, matterId } = event.data;
  if (answer === 'withdrawn') return [];
  const told = notice('obstacle_answered', ['officer'], { answer, ...because(event) });
  if (answer !== 'forwarded' || holderUnitId === null) return told;
  if (holderUnitId === standingAgencyId) {
    return [...told, ...current('obstacle_raised', ['supervisor'], { matterId })];
  }
  return [...told, ...current('obstacle_raised', ['unit'], { matterId }, holderUnitId)];
}

/** Who asked is told of the answer, or that none came in time; the head who owes it too. */
function explanationAnswered(
  { matterId, state }: EventOf<'explanation_answered'>['data'],
  agency: readonly RecipientKind[],
): MessageDraft[] {
  const askers: readonly RecipientKind[] = [...new Set([...agency, 'supervisor' as const])];
  if (state === 'answered') return notice('explanation_answered', askers);
  return notice('explanation_overdue', ['head', ...askers], { step: `explanation:${matterId}` });
}

/** The lead is told how its question ended; who let it run over is told as well. */
function contributionAnswered(
  { matterId, state }: EventOf<'contribution_answered'>['data'],
  after: Assignment,
): MessageDraft[] {
  const params = { answer: state, ...(state === 'overdue' ? { step: `contribution:${matterId}` } : {}) };
  const told = notice('contribution_answered', ['officer'], params);
  const asked = after.matters.find((matter) => matter.id === matterId);
  if (state !== 'overdue' || asked?.kind !== 'contribution') return told;
  return [...told, ...notice('contribution_answered', ['unit'], params, asked.askedUnitId)];
}

const ACTS_OF_A_UNIT: readonly AssignmentEvent['type'][] = [
  'acknowledged',
  'contested',
  'reported',
  'submitted',
  'extension_requested',
  'obstacle_raised',
  'cause_stated',
  'explanation_answered',
];

/** A unit is told of what the standing agency recorded for it from a document. */
export function recordedForUnit(actor: Actor, events: readonly AssignmentEvent[]): MessageDraft[] {
  const recorded = actor.kind === 'person' && actor.role === 'standing_agency';
  return recorded && events.some((event) => ACTS_OF_A_UNIT.includes(event.type))
    ? notice('recorded_for_you', ['officer'])
    : [];
}

function proposed(after: Referral, agency: readonly RecipientKind[]): MessageDraft[] {
  // The ladder's last rung, taken with it, has already written to the unit.
  if (after.regimeId === null) return [];
  // Of late reporting no rung has written: repetition is seen by the judgement of a period.
  return notice('reporting_referral_proposed', [...new Set(['head' as const, ...agency])], {
    objectUntil: after.windowEndsAt,
  });
}

function objected(
  event: Extract<ReferralEvent, { readonly type: 'objected' }>,
  agency: readonly RecipientKind[],
  affairs: readonly RecipientKind[],
): MessageDraft[] {
  return [
    // Home Affairs is told where the case had gone to it before the paper was recorded.
    ...notice('objected', [...new Set([...agency, 'supervisor' as const, ...affairs])], because(event)),
    ...(event.data.recordedAt === undefined ? [] : notice('recorded_for_you', ['head'])),
  ];
}

function clockOverdue({
  step,
  sends,
}: Extract<ReferralEvent, { readonly type: 'step_taken' }>['data']): MessageDraft[] {
  if (stepName(step).name === 'correction') return notice('correction_due', sends);
  return sends.map((to) => ({
    template: 'clock_overdue',
    to,
    rank: LADDER_RANK.clock,
    holds: 'always',
    params: { step, answer: stepName(step).name },
  }));
}

/** Whose time to object is longer is told, and the agency where the case had waited for its letter. */
function windowMoved(
  { type, data }: Extract<ReferralEvent, { readonly type: 'outage_excused' | 'calendar_changed' }>,
  agency: readonly RecipientKind[],
): MessageDraft[] {
  const objectUntil = data.windowEndsAt;
  if (type === 'outage_excused') return notice('objection_window_moved', ['head'], { objectUntil });
  if (objectUntil === data.previous.windowEndsAt || objectUntil <= data.at) return [];
  const to = data.reopens ? agency : [];
  return notice('objection_window_counted_again', [...new Set(['head' as const, ...to])], { objectUntil });
}

/** Which messages an event of a case asks for. */
export function referralMessages(event: ReferralEvent, after: Referral, offices: Offices): MessageDraft[] {
  // A case of Home Affairs itself goes to the head of the Working Group.
  const affairs: readonly RecipientKind[] = [
    after.unitId === offices.homeAffairsId ? 'supervisor' : 'home_affairs',
  ];
  const agency: readonly RecipientKind[] = [
    after.unitId === offices.standingAgencyId ? 'supervisor' : 'standing_agency',
  ];
  const subject = (template: string, params: Params = {}) => notice(template, ['head'], params);
  switch (event.type) {
    case 'proposed':
      return proposed(after, agency);
    case 'facts_renewed':
      return subject(after.regimeId === null ? 'referral_proposed' : 'reporting_referral_proposed', {
        objectUntil: after.windowEndsAt,
      });
    case 'outage_excused':
    case 'calendar_changed':
      return windowMoved(event, agency);
    case 'objected':
      return objected(event, agency, after.referredAt === null ? [] : affairs);
    case 'objection_decided':
      return notice('objection_decided', ['head', ...agency, ...(after.referredAt === null ? [] : affairs)], {
        answer: event.data.upheld ? 'upheld' : 'rejected',
        ...because(event),
      });
    case 'release_awaited':
    case 'outcome_recorded':
      return notice(event.type, agency);
    case 'referred':
      return notice(after.regimeId === null ? 'referred' : 'reporting_referred', ['head', ...affairs]);
    case 'supplement_requested':
      return notice('supplement_requested', agency, because(event));
    case 'supplemented':
      return notice('supplemented', affairs);
    case 'acknowledged':
      return notice(
        after.unitId === offices.homeAffairsId ? 'referral_acknowledged_own' : 'referral_acknowledged',
        agency,
      );
    case 'lapsed':
    case 'withdrawn':
      return notice(
        'referral_withdrawn',
        after.referredAt === null ? ['head'] : ['head', ...affairs],
        because(event),
      );
    case 'facts_corrected':
      return [...notice('facts_corrected', affairs, because(event)), ...subject('facts_corrected')];
    case 'outcome_corrected':
      return [...notice('outcome_recorded', agency), ...subject('outcome_recorded')];
    case 'step_taken':
      return clockOverdue(event.data);
    case 'opinion_given':
    case 'held':
    case 'unheld':
    case 'step_acknowledged':
    case 'text_destroyed':
      return [];
  }
}
