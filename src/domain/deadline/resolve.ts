import type { Calendar } from '../calendar.js';
import type { Bilingual } from '../errors.js';
import type { Instant, IsoDate } from '../instant.js';
import type { DeadlinePolicy, DeadlineRule } from './rule.js';

export interface SkippedDay {
  readonly date: IsoDate;
  readonly why: string;
}

export interface ResolvedDeadline {
  /** Null: a regular task whose end the directive has not given yet. */
  readonly at: Instant | null;
  readonly explanation: Bilingual;
  readonly skipped: readonly SkippedDay[];
  readonly calendarId: string;
  readonly calendarVersion: number;
}

export interface ResolveContext {
  readonly issuedAt: Instant;
  readonly calendar: Calendar;
  readonly policy: DeadlinePolicy;
  /** The end date of the directive, for regular tasks. */
  readonly regularEndsAt?: Instant | null;
}

/** The instant a rule means, with the explanation a person can read. */
export function resolveDeadline(rule: DeadlineRule, _context: ResolveContext): ResolvedDeadline {
  throw new Error(`not yet written: ${rule.kind}`);
}
