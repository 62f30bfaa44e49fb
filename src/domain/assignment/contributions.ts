import type { Instant } from '../instant.js';
import { toSecond } from './lateness.js';
import type { Contribution } from './state.js';

/** How a question to a coordinating unit stands; `lapsed` where the assignment ended or moved on before its time. */
export type ContributionClass = 'open' | 'overdue' | 'given_in_time' | 'given_late' | 'declined' | 'lapsed';

/**
 * Whether the unit that was asked let its time run out; so also where it answered afterwards. It is computed, as
 * all lateness is, and does not wait for the clock to have recorded it.
 */
export function isOverdue(contribution: Contribution, at: Instant): boolean {
  const { state, dueAt, answeredAt } = contribution;
  if (state === 'lapsed' || state === 'moved') return false;
  if (state === 'overdue') return true;
  return toSecond(answeredAt ?? at) > dueAt && (state === 'asked' || answeredAt !== undefined);
}

export function contributionClass(contribution: Contribution, at: Instant): ContributionClass {
  const late = isOverdue(contribution, at);
  switch (contribution.state) {
    case 'asked':
    case 'overdue':
      return late ? 'overdue' : 'open';
    case 'given':
      return late ? 'given_late' : 'given_in_time';
    case 'declined':
      return 'declined';
    case 'lapsed':
    case 'moved':
      return 'lapsed';
  }
}
