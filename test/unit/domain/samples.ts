import type { AssignmentEventType, EventOf, StepFact } from '../../../src/domain/assignment/events.js';
import type { AssignmentStateName } from '../../../src/domain/assignment/state.js';
import type { MessageDraft } from '../../../src/domain/decision.js';
import type { LadderStepKind, RecipientKind } from '../../../src/domain/policy.js';
import { assignment, at, DUE } from './story.js';

/** One event of a kind, the state it comes in and leads to, and whom it tells (`template recipient`). */
export interface Sample<E> {
  readonly event: E;
  readonly from: AssignmentStateName;
  readonly to: AssignmentStateName;
  readonly tells: readonly string[];
}

export const NOW = at('2026-10-12 09:00');
export const LATER = at('2026-11-20 23:59:59');
const HELD = { heldMs: 0, dueAt: DUE, ladderFrom: null };
const DEADLINE = { phrase: 'trước ngày 20/11/2026', rule: null, at: LATER };
const MEND = { until: LATER, movesDue: true };

const matterId = 'm1';
export const MOMENT = { at: NOW, matterId };
export const step = (
  kind: LadderStepKind | 'clock',
  sends: readonly RecipientKind[],
): { readonly type: 'step_taken'; readonly data: StepFact } => ({
  type: 'step_taken',
  data: {
    step: 'a',
    kind,
    cycle: 1,
    plannedAt: NOW,
    takenAt: NOW,
    to: ['officer', 'head'],
    sends,
    policyText: '',
    calendar: '',
  },
});

export const SAMPLES: { readonly [T in AssignmentEventType]: Sample<EventOf<T>> } = {
  assigned: {
    event: { type: 'assigned', data: assignment() },
    from: 'assigned',
    to: 'assigned',
    tells: ['assigned unit'],
  },
  acknowledged: {
    event: { type: 'acknowledged', data: { at: NOW, officerId: 'p' } },
    from: 'assigned',
    to: 'acknowledged',
    tells: [],
  },
  contested: {
    event: { type: 'contested', data: { ...MOMENT, reason: 'other' } },
    from: 'assigned',
    to: 'contested',
    tells: ['contested standing_agency'],
  },
  contest_answered: {
    event: { type: 'contest_answered', data: { ...MOMENT, answer: 'rejected', ...HELD } },
    from: 'contested',
    to: 'acknowledged',
    tells: ['contest_answered officer'],
  },
  reported: {
    event: { type: 'reported', data: { at: NOW, percent: 10, figure: null } },
    from: 'acknowledged',
    to: 'in_progress',
    tells: [],
  },
  submitted: {
    event: {
      type: 'submitted',
      data: {
        submission: { id: 's', at: NOW, recordedAt: NOW, late: false, leftMs: 1, evidence: [] },
        ...HELD,
      },
    },
    from: 'in_progress',
    to: 'submitted',
    tells: ['submitted monitor'],
  },
  recalled: {
    event: { type: 'recalled', data: { at: NOW, ...HELD } },
    from: 'submitted',
    to: 'in_progress',
    tells: [],
  },
  confirmed: {
    event: { type: 'confirmed', data: { at: NOW, submissionId: 's', late: false, judgedAt: NOW } },
    from: 'submitted',
    to: 'confirmed',
    tells: ['confirmed officer'],
  },
  part_accepted: {
    event: { type: 'part_accepted', data: { at: NOW, share: 0.5, mend: MEND } },
    from: 'submitted',
    to: 'in_progress',
    tells: ['part_accepted officer'],
  },
  returned: {
    event: { type: 'returned', data: { at: NOW, mend: MEND } },
    from: 'submitted',
    to: 'in_progress',
    tells: ['returned officer'],
  },
  suspended: {
    event: { type: 'suspended', data: { at: NOW } },
    from: 'in_progress',
    to: 'suspended',
    tells: ['suspended officer'],
  },
  resumed: {
    event: { type: 'resumed', data: { at: NOW, deadline: null, ...HELD } },
    from: 'suspended',
    to: 'in_progress',
    tells: ['resumed officer'],
  },
  stopped: {
    event: { type: 'stopped', data: { at: NOW } },
    from: 'in_progress',
    to: 'stopped',
    tells: ['stopped officer'],
  },
  superseded: {
    event: { type: 'superseded', data: { at: NOW, by: ['b'], how: 'moved', carried: [] } },
    from: 'in_progress',
    to: 'superseded',
    tells: ['superseded officer'],
  },
  carried_over: {
    event: { type: 'carried_over', data: { at: NOW, into: null } },
    from: 'in_progress',
    to: 'carried_over',
    tells: ['carried_over officer'],
  },
  document_confirmed: {
    event: { type: 'document_confirmed', data: { at: NOW, version: 2, deadline: null } },
    from: 'in_progress',
    to: 'in_progress',
    tells: ['revised officer'],
  },
  taken_over: {
    event: { type: 'taken_over', data: { at: NOW } },
    from: 'in_progress',
    to: 'in_progress',
    tells: [],
  },
  moved_settled: {
    event: {
      type: 'moved_settled',
      data: { at: NOW, matterId: null, answer: 'judged', dueAt: DEADLINE.at },
    },
    from: 'superseded',
    to: 'superseded',
    tells: [],
  },
  concluded: {
    event: { type: 'concluded', data: { at: NOW } },
    from: 'in_progress',
    to: 'concluded',
    tells: [],
  },
  reopened: {
    event: { type: 'reopened', data: { at: NOW, deadline: DEADLINE, cycle: 2 } },
    from: 'confirmed',
    to: 'in_progress',
    tells: ['reopened officer'],
  },
  revised: {
    event: {
      type: 'revised',
      data: {
        at: NOW,
        cycle: 2,
        version: 2,
        deadline: DEADLINE,
        result: null,
        coordinatingUnitIds: [],
        monitorUnitId: 'agency',
      },
    },
    from: 'in_progress',
    to: 'in_progress',
    tells: ['revised officer'],
  },
  deadline_adjusted: {
    event: {
      type: 'deadline_adjusted',
      data: { at: NOW, deadline: DEADLINE, cycle: 2, latenessStands: false, by: 'issuer' },
    },
    from: 'in_progress',
    to: 'in_progress',
    tells: ['deadline_adjusted officer'],
  },
  extension_requested: {
    event: { type: 'extension_requested', data: { ...MOMENT, askedFor: LATER, phrase: '', inTime: true } },
    from: 'in_progress',
    to: 'in_progress',
    tells: ['extension_requested standing_agency'],
  },
  extension_withdrawn: {
    event: { type: 'extension_withdrawn', data: MOMENT },
    from: 'in_progress',
    to: 'in_progress',
    tells: [],
  },
  extension_decided: {
    event: { type: 'extension_decided', data: { ...MOMENT, granted: true, deadline: DEADLINE, cycle: 2 } },
    from: 'in_progress',
    to: 'in_progress',
    tells: ['extension_decided officer'],
  },
  obstacle_raised: {
    event: { type: 'obstacle_raised', data: { ...MOMENT, cause: 'data', holderUnitId: 'holder' } },
    from: 'assigned',
    to: 'acknowledged',
    tells: ['obstacle_raised standing_agency', 'obstacle_raised unit holder'],
  },
  obstacle_answered: {
    event: {
      type: 'obstacle_answered',
      data: { ...MOMENT, answer: 'forwarded', holderUnitId: 'second', ...HELD },
    },
    from: 'in_progress',
    to: 'in_progress',
    tells: ['obstacle_answered officer', 'obstacle_raised unit second'],
  },
  cause_stated: {
    event: { type: 'cause_stated', data: { ...MOMENT, cause: 'data', objective: true } },
    from: 'in_progress',
    to: 'in_progress',
    tells: ['cause_stated standing_agency'],
  },
  cause_decided: {
    event: { type: 'cause_decided', data: { ...MOMENT, confirmed: true } },
    from: 'confirmed',
    to: 'confirmed',
    tells: ['cause_decided officer'],
  },
  contribution_asked: {
    event: { type: 'contribution_asked', data: { ...MOMENT, askedUnitId: 'asked', dueAt: LATER } },
    from: 'in_progress',
    to: 'in_progress',
    tells: ['contribution_asked unit asked'],
  },
  contribution_answered: {
    event: { type: 'contribution_answered', data: { ...MOMENT, state: 'given' } },
    from: 'in_progress',
    to: 'in_progress',
    tells: ['contribution_answered officer'],
  },
  explanation_asked: {
    event: { type: 'explanation_asked', data: { ...MOMENT, dueAt: LATER } },
    from: 'in_progress',
    to: 'in_progress',
    tells: ['explanation_asked head'],
  },
  explanation_answered: {
    event: { type: 'explanation_answered', data: { ...MOMENT, state: 'answered' } },
    from: 'in_progress',
    to: 'in_progress',
    tells: ['explanation_answered standing_agency', 'explanation_answered supervisor'],
  },
  calendar_changed: {
    event: {
      type: 'calendar_changed',
      data: {
        at: NOW,
        editId: 'e',
        calendar: { id: 'office-hours', version: 2 },
        deadlineAt: LATER,
        dueAt: LATER,
        ladderFrom: null,
        rejudged: null,
        previous: { calendar: { id: 'office-hours', version: 1 }, deadlineAt: DUE, dueAt: DUE },
      },
    },
    from: 'in_progress',
    to: 'in_progress',
    tells: ['calendar_changed officer'],
  },
  outage_excused: {
    event: {
      type: 'outage_excused',
      data: {
        at: NOW,
        outageId: 'o',
        from: NOW,
        to: DUE,
        previous: { dueAt: DUE },
        matters: [],
        dueAt: LATER,
        ladderFrom: null,
        rejudged: null,
      },
    },
    from: 'in_progress',
    to: 'in_progress',
    tells: ['outage_excused officer'],
  },
  letter_sent: {
    event: { type: 'letter_sent', data: { at: NOW, number: '12/CV', date: '2026-10-12' } },
    from: 'in_progress',
    to: 'in_progress',
    tells: ['urging_letter head'],
  },
  urged: {
    event: { type: 'urged', data: { at: NOW, channel: 'system', counts: false } },
    from: 'in_progress',
    to: 'in_progress',
    tells: ['urged officer', 'urged head'],
  },
  step_taken: { event: step('urge', ['head']), from: 'in_progress', to: 'in_progress', tells: ['urge head'] },
  step_acknowledged: {
    event: { type: 'step_acknowledged', data: { at: NOW, step: 'urge', cycle: 1 } },
    from: 'in_progress',
    to: 'in_progress',
    tells: [],
  },
  text_destroyed: {
    event: { type: 'text_destroyed', data: { at: NOW, seq: 2 }, text: { reason: 'Mật' } },
    from: 'confirmed',
    to: 'confirmed',
    tells: [],
  },
  steps_voided: {
    event: { type: 'steps_voided', data: { at: NOW, steps: ['urge'], cycle: 1 } },
    from: 'in_progress',
    to: 'in_progress',
    tells: [],
  },
};

/** Who is written to, by template: `template recipient`, with the unit where it is another than the lead. */
export function written(drafts: readonly MessageDraft[]): string[] {
  return drafts.map(({ template, to, unitId }) =>
    [template, to, ...(unitId === undefined ? [] : [unitId])].join(' '),
  );
}
