import type { CalendarEdit } from '../assignment/commands.js';
import { counted } from '../assignment/decide-calendar.js';
import type { CaseContext } from '../decision.js';
import { addDuration } from '../duration.js';
import type { Instant } from '../instant.js';
import { broughtForward, notBefore, sameSteps } from '../planned.js';
import type { ReferralEvent } from './events.js';
import type { Referral } from './state.js';
import { caseClocks } from './steps.js';

/** What judges a case once an edit has been applied to what it rests on. */
export type CaseAfterEdit = Pick<
  CaseContext,
  'receivedAt' | 'policy' | 'calendar' | 'officeCalendar' | 'directive'
>;

/**
 * An edit of the calendar (design §3): the time to object moves later or not at all, and is open again where it has
 * not passed by the new calendar; an office that answers has no less time than it was told. What went to Home Affairs
 * stays there.
 */
export function moveWithCalendar(r: Referral, edit: CalendarEdit, ctx: CaseAfterEdit): ReferralEvent[] {
  const windowEndsAt = windowUnder(r, edit, ctx);
  const was = caseClocks(r, { ...ctx, officeCalendar: edit.officeBefore });
  const announced = broughtForward(notBefore(was, r.notBefore), caseClocks(r, ctx), r.notBefore);
  if (windowEndsAt === r.windowEndsAt && sameSteps(announced, r.notBefore ?? [])) return [];
  const previous = { windowEndsAt: r.windowEndsAt };
  return [
    {
      type: 'calendar_changed',
      data: { at: ctx.receivedAt, editId: edit.editId, windowEndsAt, notBefore: announced, previous },
      text: { reason: edit.reason, source: edit.source },
    },
  ];
}

function windowUnder(
  r: Referral,
  edit: CalendarEdit,
  { receivedAt, policy, calendar }: CaseAfterEdit,
): Instant {
  const asked = r.state === 'proposed' || r.state === 'awaiting_release';
  if (!asked || (edit.keepsPast && r.windowEndsAt <= receivedAt)) return r.windowEndsAt;
  const from = r.windowFrom ?? r.proposedAt;
  const { objectionWindow } = policy.referral;
  // What the old calendar does not explain was moved before, by an outage or an edit: its time is counted again.
  return addDuration(edit.before, from, objectionWindow) === r.windowEndsAt
    ? Math.max(r.windowEndsAt, addDuration(calendar, from, objectionWindow))
    : counted(r.windowEndsAt, from, from, edit.before, calendar);
}
