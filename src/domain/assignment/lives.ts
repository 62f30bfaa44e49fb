import type { EventOf } from './events.js';
import { isLate } from './lateness.js';
import type { Assignment } from './state.js';

/** The lateness of a life that has ended is a fact: a new deadline begins a new life and does not wash it away. */
export function formerLife(a: Assignment): Pick<Assignment, 'formerLife'> {
  if (a.endedAt === null || a.dueAt === null || !isLate(a, a.endedAt)) return {};
  return {
    formerLife: {
      cycle: a.cycle,
      dueAt: a.dueAt,
      submittedAt: a.submission?.at ?? null,
      confirmedAt: a.state === 'confirmed' ? a.endedAt : null,
      endedAt: a.endedAt,
      steps: a.taken,
    },
  };
}

/** The confirming document was entered: what was said by word of mouth bound nobody, so the first deadline is this one. */
export function bound(a: Assignment, event: EventOf<'document_confirmed'>): Assignment {
  const { at, deadline } = event.data;
  const confirmed = { ...a, provisional: false, cycleSince: at };
  if (deadline === null) return confirmed;
  return {
    ...confirmed,
    deadline: { ...a.deadline, phrase: deadline.phrase, rule: deadline.rule },
    firstDeadlineAt: deadline.at,
    deadlineAt: deadline.at,
    dueAt: deadline.at,
    ladderFrom: null,
  };
}

/** Work under way was taken over: reminders, clocks and the ladder of what is past count from here. */
export function takenOver(a: Assignment, event: EventOf<'taken_over'>): Assignment {
  const { at } = event.data;
  const past = a.dueAt !== null && a.dueAt < at;
  return { ...a, followedFrom: at, cycleSince: at, ladderFrom: past ? at : a.ladderFrom };
}

/** Where `resume` goes back to. */
export function resumable(a: Assignment): Assignment['resumeTo'] {
  return a.state === 'assigned' ||
    a.state === 'acknowledged' ||
    a.state === 'submitted' ||
    a.state === 'contested'
    ? a.state
    : 'in_progress';
}
