import type { MessageDraft } from '../decision.js';
import type { LadderStepKind, RecipientKind } from '../policy.js';
import type { ReportEvent } from './events.js';
import { dueInForce, type Obligation } from './state.js';

const RANK: Readonly<Record<LadderStepKind | 'clock', number>> = {
  reminder: 10,
  clock: 15,
  urge: 20,
  urging_letter: 30,
  supervisor: 40,
  referral: 50,
};
const NOTICE_RANK = 5;

const TEMPLATE: Readonly<Record<LadderStepKind | 'clock', string>> = {
  reminder: 'report_reminder',
  clock: 'clock_overdue',
  urge: 'report_urge',
  urging_letter: 'report_urging_letter',
  supervisor: 'report_missing',
  referral: 'report_missing',
};

/** What a letter calls the report. */
export interface ReportTitle {
  readonly name: string;
  readonly adHoc: boolean;
  readonly standingAgencyId: string;
}

/** Which messages an event of a report asks for; addresses and words come later. */
export function reportMessages(event: ReportEvent, after: Obligation, title: ReportTitle): MessageDraft[] {
  const params = {
    title: title.name,
    ...(title.adHoc ? {} : { code: after.period.key }),
    deadline: dueInForce(after, Number.POSITIVE_INFINITY),
    // Tells the lines of several units apart in one letter.
    report: after.id,
  };
  const text: Readonly<Record<string, string>> =
    event.type === 'opened' || !('text' in event) ? {} : (event.text ?? {});
  const because = text.reason === undefined ? {} : { reason: text.reason };
  const notice = (template: string, ...to: readonly RecipientKind[]): MessageDraft[] =>
    to.map((one) => ({
      template,
      to: one,
      rank: NOTICE_RANK,
      holds: 'always',
      params: { ...params, ...because },
    }));
  // Nobody decides in their own cause.
  const agency = after.unitId === title.standingAgencyId ? 'supervisor' : 'standing_agency';
  switch (event.type) {
    case 'opened':
      // A periodic report is known from its regime, and its reminder comes in time.
      return title.adHoc ? notice('report_requested', 'unit') : [];
    case 'calendar_changed': {
      const { dueAt, previous, rejudged } = event.data;
      return rejudged || dueAt !== previous.dueAt ? notice('report_calendar_changed', 'unit') : [];
    }
    case 'outage_excused':
      return notice('report_outage_excused', 'unit');
    case 'returned':
      return notice('report_returned', 'unit');
    case 'excuse_asked':
      return notice('excuse_asked', agency);
    case 'excused':
      return notice('report_excused', 'unit');
    case 'excuse_refused':
      return notice('excuse_refused', 'unit');
    case 'step_taken':
    case 'judged': {
      const { step, kind, sends } = event.data;
      return sends.map((to) => ({
        template: TEMPLATE[kind],
        to: to === 'standing_agency' ? agency : to,
        rank: RANK[kind],
        holds: kind === 'clock' ? 'always' : 'while_unanswered',
        params: { ...params, step, ...(kind === 'clock' ? { answer: 'excuse' } : {}) },
      }));
    }
    case 'step_acknowledged':
    case 'text_destroyed':
    case 'submitted':
    case 'restated':
    case 'lapsed':
    case 'urging_ended':
    case 'steps_voided':
      return [];
  }
}
