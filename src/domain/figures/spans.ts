import type { AssignmentEvent, EventOf } from '../assignment/events.js';
import { born, evolve } from '../assignment/evolve.js';
import { isLate, type SpanShape, spanShape, toSecond } from '../assignment/lateness.js';
import type { Assignment } from '../assignment/state.js';
import type { Instant } from '../instant.js';

/** A half-open stretch of constant state and deadline; the last one of a life has no end. */
export interface Span extends SpanShape {
  readonly from: Instant;
  readonly to: Instant | null;
}

/**
 * What an event does to the life that counts are made of. Each carries its instant in the world, so what is
 * learned late changes the past from that instant on:
 *
 * - `cut`: from here on everything is as the event left it; what was known of later instants is overtaken.
 * - `hold`: the clock turns out to have stood still here (an obstacle accepted later counts from its raising):
 *   open stretches inside stay as late as they were when it began, whatever else happened in between.
 * - `judge`: a waiting submission is judged anew from its own instant on.
 * - `move`: a deadline turns out to have been a later one (the calendar was edited, an outage is excused): wherever
 *   the old one stood, nobody was late by it.
 */
export type Brush =
  | { readonly kind: 'cut'; readonly from: Instant; readonly shape: SpanShape }
  | { readonly kind: 'hold'; readonly from: Instant; readonly to: Instant }
  | { readonly kind: 'judge'; readonly from: Instant; readonly to: Instant; readonly shape: SpanShape }
  | { readonly kind: 'move'; readonly from: Instant; readonly due: Instant; readonly shape: SpanShape };

/** What one event does to the spans; nothing for what neither state nor deadline feels. */
export function brushesOf(before: Assignment | null, event: AssignmentEvent, after: Assignment): Brush[] {
  const shape = spanShape(after);
  const same = before !== null && sameShape(spanShape(before), shape);
  const cuts: Brush[] = same ? [] : [{ kind: 'cut', from: effectiveAt(event), shape }];
  if (event.type === 'calendar_changed' || event.type === 'outage_excused') {
    const due = event.data.previous.dueAt;
    return due === null || same
      ? cuts
      : [{ kind: 'move', from: before?.assignedAt ?? due, due, shape }, ...cuts];
  }
  return before !== null && (event.type === 'obstacle_answered' || event.type === 'moved_settled')
    ? [...heldBefore(before, event, after, shape), ...cuts]
    : cuts;
}

/** The instant in the world from which an event holds. */
export function effectiveAt(event: AssignmentEvent): Instant {
  switch (event.type) {
    case 'assigned':
      return event.data.assignedAt;
    case 'submitted':
      return event.data.submission.at;
    case 'step_taken':
      return event.data.takenAt;
    default:
      return event.data.at;
  }
}

/** An obstacle that is accepted has held the clock since it was raised, up to a submission that waits. */
function heldBefore(
  before: Assignment,
  { data }: EventOf<'obstacle_answered' | 'moved_settled'>,
  after: Assignment,
  shape: SpanShape,
): Brush[] {
  if (data.matterId === null) return [];
  const known = before.pauses.some((pause) => pause.matterId === data.matterId);
  const pause = after.pauses.find((one) => one.matterId === data.matterId);
  if (data.answer !== 'accepted' || known || pause === undefined) return [];
  const hold: Brush = { kind: 'hold', from: pause.from, to: pause.to ?? data.at };
  if (after.submission === null) return [hold];
  const { at } = after.submission;
  return [hold, { kind: 'judge', from: at, to: data.at, shape: { ...shape, late: isLate(after, at) } }];
}

const sameShape = (one: SpanShape, other: SpanShape): boolean =>
  one.class === other.class && one.dueAt === other.dueAt && one.late === other.late;

/** A life after a brush. Lives are whole: no gaps, no overlaps, the first beginning stays. */
export function paint(life: readonly Span[], brush: Brush): readonly Span[] {
  switch (brush.kind) {
    case 'cut':
      return cut(life, brush.from, brush.shape);
    case 'hold':
      return between(life, brush.from, brush.to, (span) =>
        span.class === 'open' && span.late === null
          ? { ...span, dueAt: null, late: span.dueAt !== null && brush.from > span.dueAt }
          : span,
      );
    case 'judge':
      return between(life, brush.from, brush.to, (span) =>
        span.class === 'awaiting' ? { ...span, dueAt: brush.shape.dueAt, late: brush.shape.late } : span,
      );
    case 'move':
      return life.map((span) => movedDue(span, brush.due, brush.shape));
  }
}

/** A stretch under a deadline that has moved: what was late by the old one may be in time by the new one. */
function movedDue(span: Span, due: Instant, shape: SpanShape): Span {
  if (span.dueAt !== due) return span;
  return {
    ...span,
    dueAt: shape.dueAt,
    late: span.late === null ? null : span.late && staysLate(span, shape),
  };
}

/** The present result as it is now judged; one that was given back since, by the instant at which it had come. */
function staysLate(span: Span, { dueAt, late }: SpanShape): boolean {
  if (late === false) return false;
  if (span.to === null) return late === true;
  return span.class !== 'awaiting' || (dueAt !== null && toSecond(span.from) > dueAt);
}

function cut(life: readonly Span[], at: Instant, shape: SpanShape): Span[] {
  // Nothing begins before its life: a submission is judged by the second it came in.
  const from = Math.max(at, life[0]?.from ?? at);
  const kept = life
    .filter((span) => span.from < from)
    .map((span) => (span.to === null || span.to > from ? { ...span, to: from } : span));
  return [...kept, { ...shape, from, to: null }];
}

/** Changes what lies between two instants, cutting at both. */
function between(
  life: readonly Span[],
  from: Instant,
  to: Instant,
  change: (span: Span) => Span,
): readonly Span[] {
  return life.flatMap((span) => {
    const begin = Math.max(span.from, from);
    const end = Math.min(span.to ?? Number.POSITIVE_INFINITY, to);
    if (begin >= end) return [span];
    const inside = change({ ...span, from: begin, to: end });
    if (sameShape(inside, span)) return [span];
    const left = span.from < begin ? [{ ...span, to: begin }] : [];
    const right = span.to === null || end < span.to ? [{ ...span, from: end }] : [];
    return [...left, inside, ...right];
  });
}

/** The spans of a whole life, from its events alone: the check against which everything kept is held. */
export function spansOf(events: readonly { event: AssignmentEvent; recordedAt: Instant }[]): readonly Span[] {
  let state: Assignment | null = null;
  let life: readonly Span[] = [];
  for (const { event, recordedAt } of events) {
    const after: Assignment = state === null ? begin(event, recordedAt) : evolve(state, event, recordedAt);
    life = brushesOf(state, event, after).reduce<readonly Span[]>(paint, life);
    state = after;
  }
  return life;
}

function begin(event: AssignmentEvent, recordedAt: Instant): Assignment {
  if (event.type !== 'assigned') throw new Error(`A life begins with assigned, not ${event.type}`);
  return born(event, recordedAt);
}
