import { type Calendar, workingTimeBetween } from '../calendar.js';
import type { ResolvedFact } from '../directive/past.js';
import type { Instant } from '../instant.js';
import { textOf } from './decide-work.js';
import type { AssignmentEvent } from './events.js';
import { isLate } from './lateness.js';
import { type Assignment, isEnded } from './state.js';

export interface PastOf {
  readonly calendar: Calendar;
  /** When the past enters the record. */
  readonly recordedAt: Instant;
  newId(): string;
}

/**
 * What a past fact means to the assignment as it stood then, judged at its own instant under the deadline of that
 * day. The plan has been found consistent, so nobody is asked whether they may.
 */
export function pastEvents(a: Assignment, fact: ResolvedFact, ctx: PastOf): AssignmentEvent[] {
  const { at } = fact;
  const note = textOf({ note: fact.note ?? undefined });
  switch (fact.kind) {
    case 'acknowledged':
      return [{ type: 'acknowledged', data: { at, officerId: null }, ...note }];
    case 'reported':
      return [{ type: 'reported', data: { at, percent: null, figure: null }, ...note }];
    case 'extended':
      return fact.deadline === null ? [] : extension(a, at, fact.deadline, ctx);
    case 'submitted': {
      const leftMs = a.dueAt === null || a.dueAt <= at ? 0 : workingTimeBetween(ctx.calendar, at, a.dueAt);
      const submission = {
        id: ctx.newId(),
        at,
        recordedAt: ctx.recordedAt,
        late: isLate(a, at),
        leftMs,
        evidence: fact.document === null ? [] : [`${fact.document.number} (${fact.document.date})`],
      };
      const held = { heldMs: 0, dueAt: a.dueAt, ladderFrom: a.ladderFrom };
      return [{ type: 'submitted', data: { submission, ...held }, ...note }];
    }
    case 'confirmed': {
      if (a.submission === null) return [];
      const { id, at: judgedAt } = a.submission;
      return [
        { type: 'confirmed', data: { at, submissionId: id, late: isLate(a, judgedAt), judgedAt }, ...note },
      ];
    }
  }
}

function extension(
  a: Assignment,
  at: Instant,
  deadline: NonNullable<ResolvedFact['deadline']>,
  ctx: PastOf,
): AssignmentEvent[] {
  const matterId = ctx.newId();
  const inTime = !isLate(a, at);
  return [
    {
      type: 'extension_requested',
      data: { at, matterId, askedFor: deadline.at, phrase: deadline.phrase, inTime },
    },
    { type: 'extension_decided', data: { at, matterId, granted: true, deadline, cycle: a.cycle + 1 } },
  ];
}

/**
 * The last of them: from here on the system follows the work. Nothing is owed for what lies before, and the ladder
 * of a deadline that is past counts from here.
 */
export function followedFrom(a: Assignment, at: Instant): AssignmentEvent[] {
  return isEnded(a.state) ? [] : [{ type: 'taken_over', data: { at } }];
}
