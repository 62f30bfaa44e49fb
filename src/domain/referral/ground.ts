import { isUndecided } from '../assignment/lateness.js';
import type { Assignment } from '../assignment/state.js';
import type { Calendar } from '../calendar.js';
import type { DirectiveFacts } from '../decision.js';
import type { Instant } from '../instant.js';
import { factsOf } from './facts.js';
import type { ReferralFacts } from './state.js';

/**
 * What a case rests on, loaded under the same lock: an assignment, or a unit's reports under one regime. The
 * decider asks it for the facts afresh and knows nothing else of it.
 */
export interface CaseGround {
  /** It was withdrawn, and the case lapses with it. */
  readonly over: boolean;
  /** Something that the unit brought forward is undecided, and holds the case. */
  readonly undecided: boolean;
  readonly lastRecordedAt: Instant;
  facts(asOf: Instant): ReferralFacts;
}

export function assignmentGround(
  assignment: Assignment,
  directive: Pick<DirectiveFacts, 'state'>,
  calendar: Calendar,
): CaseGround {
  return {
    over: directive.state === 'withdrawn',
    undecided: isUndecided(assignment),
    lastRecordedAt: assignment.lastRecordedAt,
    facts: (asOf) => factsOf(assignment, asOf, calendar),
  };
}
