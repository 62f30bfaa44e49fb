import type { CalendarEdit } from '../assignment/commands.js';
import type { AssignmentEvent } from '../assignment/events.js';
import { isLate } from '../assignment/lateness.js';
import type { Assignment } from '../assignment/state.js';
import { type Calendar, movedLater } from '../calendar.js';
import type { CaseContext } from '../decision.js';
import { addDuration } from '../duration.js';
import type { Instant } from '../instant.js';
import { broughtForward, notBefore, type PlannedStep, sameSteps } from '../planned.js';
import type { ReferralEvent } from './events.js';
import type { Referral } from './state.js';
import { caseClocks, isBeforeReferring } from './steps.js';
import { canReferral } from './table.js';

/** What judges a case once an edit has been applied to what it rests on. */
export type CaseAfterEdit = Pick<
  CaseContext,
  'receivedAt' | 'policy' | 'calendar' | 'officeCalendar' | 'directive'
>;

/**
 * An edit of the calendar (design §3): the time to object moves later or not at all, and is open again where it has
 * not passed by the new calendar; an office that answers has no less time than it was told. What went to Home Affairs
 * stays there, and a paper that came within the time is taken.
 */
export function moveWithCalendar(r: Referral, edit: CalendarEdit, ctx: CaseAfterEdit): ReferralEvent[] {
  const windowEndsAt = windowUnder(r, edit, ctx);
  const owed = (officeCalendar: Calendar): PlannedStep[] =>
    caseClocks(r, { ...ctx, officeCalendar }).filter(({ step }) => !r.taken.includes(step));
  const was = notBefore(owed(edit.officeBefore), r.notBefore);
  const announced = broughtForward(was, owed(ctx.officeCalendar), r.notBefore);
  const moves = windowEndsAt !== r.windowEndsAt;
  if (!moves && sameSteps(announced, r.notBefore ?? [])) return [];
  const at = ctx.receivedAt;
  // Nobody has decided on it yet: it only waits for its letter.
  const reopens = moves && r.state === 'awaiting_release' && windowEndsAt > at;
  const previous = { windowEndsAt: r.windowEndsAt };
  return [
    {
      type: 'calendar_changed',
      data: { at, editId: edit.editId, windowEndsAt, reopens, notBefore: announced, previous },
      text: { reason: edit.reason, source: edit.source },
    },
  ];
}

function windowUnder(
  r: Referral,
  edit: CalendarEdit,
  { receivedAt, policy, calendar }: CaseAfterEdit,
): Instant {
  if (!countsWindow(r) || (edit.keepsPast && r.windowEndsAt <= receivedAt)) return r.windowEndsAt;
  const from = r.windowFrom ?? r.proposedAt;
  const byRule = addDuration(calendar, from, policy.referral.objectionWindow);
  return movedLater(r.windowEndsAt, byRule, edit.before, calendar);
}

/** The time to object runs, or has run out; a decision on an objection ends it before. */
export function countsWindow(r: Referral): boolean {
  return r.state === 'proposed' || (r.windowEndsAt <= r.since && canReferral('object', r.state, true));
}

/**
 * The rung that proposed the case would not have been taken by now: the case goes, and the rung proposes it again when
 * it is due. What was sent is corrected by a document of its own.
 */
export function withdrawnWithRung(
  r: Referral,
  after: Assignment,
  events: readonly AssignmentEvent[],
  { policy, receivedAt: at }: Pick<CaseAfterEdit, 'policy' | 'receivedAt'>,
): ReferralEvent[] {
  const rungs = policy.ladder.filter(({ kind }) => kind === 'referral').map(({ step }) => step);
  const voided = events.some(
    ({ type, data }) =>
      type === 'steps_voided' &&
      r.facts.about === 'assignment' &&
      data.cycle === r.facts.cycle &&
      data.steps.some((step) => rungs.includes(step)),
  );
  if (!voided || !isBeforeReferring(r.state)) return [];
  return [{ type: 'withdrawn', data: { at, reason: isLate(after, at) ? 'too_early' : 'no_longer_late' } }];
}
