import type { MessageDraft } from '../decision.js';
import { type RecipientKind, stepName } from '../policy.js';
import { CONFIRMING_DOCUMENT } from './decide.js';
import type { DirectiveEvent } from './events.js';

const NOTICE_RANK = 5;
const CLOCK_RANK = 15;

function notice(
  template: string,
  to: readonly RecipientKind[],
  { text }: { readonly text?: Readonly<Record<string, string>> },
  params: MessageDraft['params'] = {},
): MessageDraft[] {
  const reason = text?.note ?? text?.reason;
  return to.map((recipient) => ({
    template,
    to: recipient,
    rank: NOTICE_RANK,
    // What awaits something is dropped once it has come.
    holds: params.awaits === undefined ? 'always' : 'while_current',
    params: { ...params, ...(reason === undefined ? {} : { reason }) },
  }));
}

/** Which messages an event of a directive asks for; addresses and words come later. */
export function directiveMessages(event: DirectiveEvent): MessageDraft[] {
  switch (event.type) {
    case 'approval_requested':
      return notice('approval_requested', ['supervisor'], event, { awaits: 'approval' });
    case 'approved':
      return notice('directive_approved', ['standing_agency'], event);
    case 'approval_returned':
      return notice('directive_returned', ['standing_agency'], event);
    case 'approval_recalled':
      return notice('approval_recalled', ['supervisor', 'standing_agency'], event);
    case 'step_taken':
      return clockRanOut(event.data);
    case 'closed':
      return notice('directive_closed', ['standing_agency', 'supervisor'], {});
    default:
      return [];
  }
}

function clockRanOut({
  step,
  sends,
}: Extract<DirectiveEvent, { readonly type: 'step_taken' }>['data']): MessageDraft[] {
  const awaitsDocument = stepName(step).name === CONFIRMING_DOCUMENT;
  return sends.map((to) => ({
    template: awaitsDocument ? 'confirming_document_awaited' : 'directive_unclear',
    to,
    rank: CLOCK_RANK,
    holds: awaitsDocument ? 'while_current' : 'always',
    params: { step, ...(awaitsDocument ? { awaits: 'document' } : {}) },
  }));
}
