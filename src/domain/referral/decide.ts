import type { CalendarEdit, OutageGap } from '../assignment/commands.js';
import { textOf } from '../assignment/decide-work.js';
import { localDate } from '../calendar.js';
import { type CaseContext, type Decision, futureDocument, isPapered } from '../decision.js';
import { addDuration } from '../duration.js';
import { type Refusal, refuse } from '../errors.js';
import type { Instant, IsoDate } from '../instant.js';
import type { SubjectNote } from '../note.js';
import { moveWithCalendar } from './calendar.js';
import type { ReferralEvent } from './events.js';
import { asAskedAbout, sameFacts, stands } from './facts.js';
import type { CaseGround } from './ground.js';
import { excuseWindow } from './outage.js';
import type { Referral } from './state.js';
import { decisionDueAt, factsAt, presentFacts, type ReferralCandidate, referralCandidates } from './steps.js';
import { permitsReferral, type ReferralAction, referralStateRefusal } from './table.js';

export interface ReferralInputs {
  object: { text: string; evidence?: readonly string[] | undefined };
  give_opinion: { text: string };
  decide: { decision: 'uphold' | 'reject'; text: string };
  /** `closingOn` where it is released with the list of that day. */
  release: { note?: string | undefined; closingOn?: IsoDate | undefined };
  withdraw: { reason: string };
  request_supplement: { text: string };
  supplement: { text: string; evidence?: readonly string[] | undefined };
  acknowledge: { note?: string | undefined };
  record_outcome: { outcome: string };
  correct_facts: { reason: string };
  correct_outcome: { outcome: string; reason: string };
}

export type ReferralCommand =
  | { [A in ReferralAction]: { readonly action: A; readonly input: ReferralInputs[A] } }[ReferralAction]
  | { readonly action: 'note'; readonly note: SubjectNote }
  /** An outage has ended: a window that closed in it stays open longer. */
  | { readonly action: 'excuse_outage'; readonly input: OutageGap }
  /** The calendar that the case is counted by was edited. */
  | { readonly action: 'apply_calendar'; readonly input: CalendarEdit }
  | { readonly action: 'take_steps' };

export type ReferralDecision = Decision<ReferralEvent> | Refusal;

/** Judges a command on a case. Its ground is loaded under the same lock: the facts are computed afresh. */
export function decideReferral(
  r: Referral,
  ground: CaseGround,
  command: ReferralCommand,
  ctx: CaseContext,
): ReferralDecision {
  if (command.action === 'take_steps') return takeSteps(r, ground, ctx);
  if (command.action === 'note') return { events: [command.note] };
  if (command.action === 'excuse_outage') return excuseWindow(r, command.input, ctx);
  if (command.action === 'apply_calendar') return { events: moveWithCalendar(r, command.input, ctx) };
  const { headId = null, answering = [] } = ctx;
  const standing = { headId, answering, papered: isPapered(ctx) };
  return (
    permitsReferral(ctx.actor, command.action, r, ctx.directive, standing) ??
    referralStateRefusal(command.action, r, ctx.actor, ctx.directive, standing) ??
    // A paper may have arrived before the case came to where it is: within the window it objects all the same.
    instantRefusal(command.action === 'object' ? r.proposedAt : r.since, ctx) ??
    act(r, ground, command, ctx)
  );
}

type PersonCommand = Extract<ReferralCommand, { action: ReferralAction }>;

function act(r: Referral, ground: CaseGround, command: PersonCommand, ctx: CaseContext): ReferralDecision {
  const at = ctx.happenedAt;
  const one = (event: ReferralEvent): ReferralDecision => ({ events: [event] });
  switch (command.action) {
    case 'object':
      if (at > r.windowEndsAt) return windowClosed(r);
      return one({
        type: 'objected',
        data: { at, ...(at === ctx.receivedAt ? {} : { recordedAt: ctx.receivedAt }) },
        ...textOf({ text: command.input.text, evidence: command.input.evidence?.join('\n') }),
      });
    case 'give_opinion':
      return one({ type: 'opinion_given', data: { at }, ...textOf({ text: command.input.text }) });
    case 'decide':
      if (opinionOwed(r, ctx)) return opinionFirst();
      return one({
        type: 'objection_decided',
        data: { at, upheld: command.input.decision === 'uphold' },
        ...textOf({ text: command.input.text }),
      });
    case 'release':
      if (ctx.document === null) return letterNeeded();
      return offList(r, command.input.closingOn, ctx) ?? review(r, ground, ctx, true);
    case 'withdraw':
      return one({
        type: 'withdrawn',
        data: { at, reason: 'by_decision' },
        ...textOf({ reason: command.input.reason }),
      });
    case 'request_supplement':
      return one({ type: 'supplement_requested', data: { at }, ...textOf({ text: command.input.text }) });
    case 'supplement':
      return one({
        type: 'supplemented',
        data: { at },
        ...textOf({ text: command.input.text, evidence: command.input.evidence?.join('\n') }),
      });
    case 'acknowledge':
      return one({ type: 'acknowledged', data: { at }, ...textOf({ note: command.input.note }) });
    case 'record_outcome':
      return one({ type: 'outcome_recorded', data: { at, outcome: command.input.outcome } });
    case 'correct_facts':
      return correctFacts(r, ground, command.input.reason, ctx);
    case 'correct_outcome':
      if (ctx.document === null) return correctionNeedsDocument();
      return one({
        type: 'outcome_corrected',
        data: { at, outcome: command.input.outcome },
        ...textOf({ reason: command.input.reason }),
      });
  }
}

/** The case closes on another day than the list it was named in. */
function offList(r: Referral, closingOn: IsoDate | undefined, { calendar }: CaseContext): Refusal | null {
  const own = localDate(calendar, r.windowEndsAt);
  if (closingOn === undefined || own === closingOn) return null;
  return refuse(
    'reference_unknown',
    {
      vi: `Hồ sơ ${r.id} thuộc danh sách ngày ${own}.`,
      en: `Case ${r.id} belongs to the list of ${own}.`,
    },
    { extra: { referralId: r.id, closingOn: own } },
  );
}

/** What was sent stays as it was sent; Home Affairs gets what has changed as a numbered document of its own. */
function correctFacts(r: Referral, ground: CaseGround, reason: string, ctx: CaseContext): ReferralDecision {
  if (ctx.document === null) return correctionNeedsDocument();
  const known = r.corrections?.at(-1)?.facts ?? r.facts;
  const facts = asAskedAbout(known, ground.facts(ctx.receivedAt));
  if (sameFacts(known, facts)) {
    return refuse('transition_not_allowed', {
      vi: 'Dữ kiện không thay đổi so với lần gửi gần nhất.',
      en: 'The facts are those that were sent last; there is nothing to correct.',
    });
  }
  return {
    events: [{ type: 'facts_corrected', data: { at: ctx.happenedAt, facts }, ...textOf({ reason }) }],
  };
}

/** The standing agency speaks first, while its time runs; about itself it has nothing to say. */
function opinionOwed(r: Referral, ctx: CaseContext): boolean {
  if (r.opinionGiven || [r.unitId, ...(ctx.answering ?? [])].includes(ctx.directive.standingAgencyId))
    return false;
  return ctx.receivedAt < decisionDueAt(r, ctx);
}

/** The clock of a case: reminders to those who must answer, and the moment of referring. */
function takeSteps(r: Referral, ground: CaseGround, ctx: CaseContext): ReferralDecision {
  if (ctx.actor.kind !== 'clock') {
    return refuse('forbidden', { vi: 'Chỉ đồng hồ thực hiện bước này.', en: 'Only the clock takes steps.' });
  }
  const events: ReferralEvent[] = [];
  const due = referralCandidates(r, ground, ctx).filter((candidate) => candidate.at <= ctx.receivedAt);
  for (const candidate of due.sort((one, other) => one.at - other.at)) {
    if (candidate.effect === 'record') {
      events.push(clockStep(candidate, ctx));
      continue;
    }
    const decision = review(r, ground, ctx, false);
    if ('refused' in decision) return decision;
    events.push(...decision.events);
    // A review may end the case or begin its window again: what else was due is asked of the state after it.
    if (decision.events.length > 0) break;
  }
  return { events };
}

function clockStep(candidate: ReferralCandidate, ctx: CaseContext): ReferralEvent {
  return {
    type: 'step_taken',
    data: {
      step: candidate.step,
      kind: 'clock',
      cycle: 1,
      plannedAt: candidate.at,
      takenAt: ctx.receivedAt,
      to: candidate.to,
      sends: candidate.to,
      policyText: candidate.policyText,
      calendar: `${ctx.officeCalendar.id} v${ctx.officeCalendar.version}`,
    },
  };
}

/**
 * The facts are computed again under lock at the moment of referring: no longer late, the case is
 * withdrawn; changed, they are frozen anew and the window starts again; held while something the unit
 * brought forward is undecided. With its ground withdrawn it lapses.
 */
function review(r: Referral, ground: CaseGround, ctx: CaseContext, byPerson: boolean): ReferralDecision {
  const at = ctx.receivedAt;
  if (ground.over) return { events: [{ type: 'lapsed', data: { at } }] };
  const facts = factsAt(r, ground, at);
  const events: ReferralEvent[] = r.held ? [{ type: 'unheld', data: { at } }] : [];
  if (ground.undecided) {
    if (byPerson) return heldRefusal();
    return r.held ? { events: [] } : { events: [{ type: 'held', data: { at } }] };
  }
  // Also where it is late anew: a clock that was away judges as one that had come in time.
  if (!stands(facts) || !stands(presentFacts(r, ground)))
    return { events: [...events, { type: 'withdrawn', data: { at, reason: 'no_longer_late' } }] };
  // Facts that only changed wait for the decision on the objection.
  if (r.state === 'objected') return { events };
  if (!sameFacts(r.facts, facts)) {
    const windowEndsAt = addDuration(ctx.calendar, at, ctx.policy.referral.objectionWindow);
    return { events: [...events, { type: 'facts_renewed', data: { at, facts, windowEndsAt } }] };
  }
  // A rejected objection ends the window: nothing more is waited for before the case may go.
  const windowOver = at >= r.windowEndsAt || r.state === 'rejected' || r.state === 'awaiting_release';
  if (!windowOver) return { events };
  if (ctx.policy.referral.release === 'released' && !byPerson) {
    return { events: [...events, { type: 'release_awaited', data: { at, facts } }] };
  }
  return { events: [...events, { type: 'referred', data: { at, facts, automatic: !byPerson } }] };
}

/** What is recorded from a document happened neither in the future nor before the case came to where it is. */
function instantRefusal(since: Instant, ctx: CaseContext): Refusal | null {
  const future = futureDocument(ctx.document, ctx.receivedAt, ctx.calendar);
  if (future !== null) return future;
  if (ctx.happenedAt < since && ctx.happenedAt !== ctx.receivedAt) {
    return refuse('happened_in_future', {
      vi: 'Ngày đến của văn bản trước khi hồ sơ ở trạng thái hiện tại.',
      en: 'The arrival of the document lies before the case came to its present state.',
    });
  }
  if (ctx.happenedAt <= ctx.receivedAt) return null;
  return refuse('happened_in_future', {
    vi: 'Ngày đến của văn bản ở tương lai.',
    en: 'The arrival of the document lies in the future.',
  });
}

function windowClosed(r: Referral): Refusal {
  return refuse(
    'transition_not_allowed',
    { vi: 'Đã hết thời hạn khiếu nại.', en: 'The time to object has passed.' },
    { extra: { windowEndedAt: new Date(r.windowEndsAt).toISOString() } },
  );
}

function opinionFirst(): Refusal {
  return refuse('transition_not_allowed', {
    vi: 'Cơ quan thường trực cần nêu ý kiến trước khi lãnh đạo quyết định, trừ khi đã quá thời hạn.',
    en: 'The standing agency gives its opinion before the supervisor decides, unless its time has run out.',
  });
}

function letterNeeded(): Refusal {
  return refuse('document_required', {
    vi: 'Gửi hồ sơ cần số và ngày của văn bản đã ký.',
    en: 'Releasing a case needs the number and date of the signed letter.',
  });
}

function correctionNeedsDocument(): Refusal {
  return refuse('document_required', {
    vi: 'Đính chính là một văn bản riêng: cần số và ngày.',
    en: 'A correction is a document of its own: give its number and date.',
  });
}

function heldRefusal(): Refusal {
  return refuse('transition_not_allowed', {
    vi: 'Hồ sơ đang chờ: kết quả, gia hạn, vướng mắc hoặc nguyên nhân chưa được giải quyết.',
    en: 'The case is held: a result, an extension, an obstacle or a cause is undecided.',
  });
}
