import { type Calendar, localDate, nextOpening, startOfDay } from './calendar.js';
import { dayNumberOf, isoDateOf } from './civil-date.js';
import type { MessageDraft } from './decision.js';
import { subtractDuration } from './duration.js';
import type { Instant } from './instant.js';
import type { DirectivePolicy } from './policy.js';

/** Steps that go before the supervisor as lines of a list; what needs their own decision is told at once. */
const LISTED: readonly string[] = ['supervisor', 'clock_overdue', 'explanation_overdue'];

/**
 * When a message may go out: as the office opens, and for the supervisor's list when the next list is made. All
 * that is listed by then has the same instant, so the pump joins it to one letter.
 */
export function opensAt(
  draft: Pick<MessageDraft, 'to' | 'template'>,
  at: Instant,
  calendar: Calendar,
  { supervisorList: list }: Pick<DirectivePolicy, 'supervisorList'>,
): Instant {
  if (draft.to !== 'supervisor' || !LISTED.includes(draft.template) || list.when === 'each') {
    return nextOpening(calendar, at);
  }
  const meeting = list.when === 'meetings' ? nextMeeting(at, calendar, list) : null;
  return meeting ?? nextDay(at, calendar);
}

function nextMeeting(
  at: Instant,
  calendar: Calendar,
  { meetings, before }: DirectivePolicy['supervisorList'],
): Instant | null {
  const lists = meetings
    .map((date) => nextOpening(calendar, subtractDuration(calendar, startOfDay(calendar, date), before)))
    .filter((list) => list > at);
  return lists.length === 0 ? null : Math.min(...lists);
}

/** The opening of the next working day. */
function nextDay(at: Instant, calendar: Calendar): Instant {
  const tomorrow = isoDateOf(dayNumberOf(localDate(calendar, at)) + 1);
  return nextOpening(calendar, startOfDay(calendar, tomorrow));
}
