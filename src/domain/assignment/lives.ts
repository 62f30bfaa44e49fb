import type { Figure } from '../figures/series.js';
import type { Instant } from '../instant.js';
import type { EventOf } from './events.js';
import { isLate } from './lateness.js';
import { endPauses } from './pauses.js';
import { type Assignment, isPending, type Matter } from './state.js';

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
    deadline: {
      ...a.deadline,
      phrase: deadline.phrase,
      rule: deadline.rule,
      from: deadline.from ?? at,
    },
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

/** The end of a life: its clocks stop, and what is pending lapses or goes on elsewhere. */
export function ended(
  a: Assignment,
  state: 'confirmed' | 'stopped' | 'superseded' | 'carried_over' | 'concluded',
  at: Instant,
  carried: readonly string[] = [],
): Assignment {
  return { ...closeMatters(endPauses(a, at), carried), state, endedAt: at };
}

/** Its life goes on with its successors, and so does what waits. */
export function superseded(a: Assignment, { data }: EventOf<'superseded'>): Assignment {
  return {
    ...ended(a, 'superseded', data.at, data.carried),
    supersededBy: data.by,
    ...(a.submission === null ? {} : { resultWentAlong: true as const }),
  };
}

/**
 * What is pending when an assignment ends lapses, or goes on with its successors; but a stated cause is still decided, for it speaks of
 * lateness that stays in the record.
 */
function closeMatters(a: Assignment, carried: readonly string[]): Assignment {
  return {
    ...a,
    matters: a.matters.map((matter) => closed(matter, carried.includes(matter.id))),
  };
}

function closed(matter: Matter, carried: boolean): Matter {
  if (matter.kind === 'cause' || !isPending(matter)) return matter;
  return carried && matter.kind !== 'contest'
    ? { ...matter, state: 'moved' as const }
    : { ...matter, state: 'lapsed' as const };
}

/**
 * The figures that the state keeps: of the earliest and of the latest day that were reported. A correction of a day
 * in between changes neither; whatever lies between the two is in the events.
 */
export function withFigure(
  a: Pick<Assignment, 'figure' | 'firstFigure'>,
  reported: Figure | null,
): Pick<Assignment, 'figure' | 'firstFigure'> {
  const { figure, firstFigure = figure } = a;
  if (reported === null) return figure === null ? { figure } : a;
  const { numerator, denominator, asOf } = reported;
  const known = { numerator, denominator, asOf };
  return {
    figure: figure === null || asOf >= figure.asOf ? known : figure,
    firstFigure: firstFigure === null || asOf <= firstFigure.asOf ? known : firstFigure,
  };
}
