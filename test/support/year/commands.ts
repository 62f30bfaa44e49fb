import type { AssignmentCommand } from '../../../src/domain/assignment/commands.js';
import type { Assignment } from '../../../src/domain/assignment/state.js';
import type { ReportInputs } from '../../../src/domain/report/decide.js';
import type { Act } from './lives.js';
import type { ReportAct } from './reporting.js';

const reason = 'Theo báo cáo';

/** The command of an act; what it answers is found in the state, and where nothing is there it is refused. */
export function commandOf(act: Act, state: Assignment): AssignmentCommand {
  const last = (kind: 'extension' | 'obstacle'): string =>
    state.matters.findLast((matter) => matter.kind === kind)?.id ?? state.id;
  const phrase = act.deadline?.phrase ?? '';
  switch (act.name) {
    case 'acknowledge':
      return { action: 'acknowledge', input: {} };
    case 'contest':
      return { action: 'contest', input: { reason: 'not_our_function', text: reason } };
    case 'reject_contest':
      return { action: 'answer_contest', input: { answer: 'reject', text: reason } };
    case 'report':
      return { action: 'report', input: { text: reason, percent: 10 } };
    case 'submit':
    case 'submit_on_paper':
      return { action: 'submit', input: { text: reason } };
    case 'recall':
      return { action: 'recall', input: { reason } };
    case 'confirm':
      return { action: 'confirm', input: {} };
    case 'return':
      return { action: 'return', input: { reason } };
    case 'suspend':
      return { action: 'suspend', input: { reason } };
    case 'resume':
      return { action: 'resume', input: act.deadline === undefined ? {} : { deadline: phrase } };
    case 'stop':
      return { action: 'stop', input: { reason } };
    case 'reopen':
      return { action: 'reopen', input: { reason, deadline: phrase } };
    case 'carry_over':
      return { action: 'carry_over', input: { reason } };
    case 'move':
      return { action: 'move', input: { to: (act.to ?? []).map((unitId) => ({ unitId })), reason } };
    case 'adjust_deadline':
    case 'adjust_but_late': {
      const latenessStands = act.name === 'adjust_but_late';
      return { action: 'adjust_deadline', input: { deadline: phrase, latenessStands, reason } };
    }
    case 'request_extension':
      return { action: 'request_extension', input: { deadline: phrase, reason } };
    case 'grant_extension':
    case 'refuse_extension': {
      const decision = act.name === 'grant_extension' ? 'grant' : 'refuse';
      return { action: 'decide_extension', input: { id: last('extension'), decision, reason } };
    }
    case 'raise_obstacle':
      return { action: 'raise_obstacle', input: { cause: 'funding', text: reason } };
    case 'accept_obstacle':
    case 'refuse_obstacle':
    case 'resolve_obstacle': {
      const answer = (
        { accept_obstacle: 'accept', refuse_obstacle: 'refuse', resolve_obstacle: 'resolve' } as const
      )[act.name];
      return { action: 'answer_obstacle', input: { id: last('obstacle'), answer, text: reason } };
    }
  }
}

type ReportCommandOf = {
  [A in keyof ReportInputs]: { action: A; input: ReportInputs[A] };
}[keyof ReportInputs];

export function reportCommandOf(act: ReportAct): ReportCommandOf {
  switch (act.name) {
    case 'submit':
    case 'submit_on_paper':
      return { action: 'submit', input: { text: reason, progress: [] } };
    case 'return':
    case 'return_form':
      return { action: 'return', input: { reason, formOnly: act.name === 'return_form' } };
    case 'excuse':
      return { action: 'excuse', input: { reason } };
  }
}
