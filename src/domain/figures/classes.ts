import type { SpanShape } from '../assignment/lateness.js';
import type { Instant } from '../instant.js';

/**
 * Where an assignment, or a row of a plan, counts at an instant. What awaits its confirmation is open too: in time
 * or overdue by its submission. `unclear` rows have no assignment yet; `superseded` ones count at their successor.
 */
export const COUNT_CLASSES = [
  'done_on_time',
  'done_late',
  'open_in_time',
  'open_overdue',
  'awaiting_in_time',
  'awaiting_overdue',
  'regular',
  'suspended',
  'stopped',
  'carried_over',
  'superseded',
  'unclear',
] as const;
export type CountClass = (typeof COUNT_CLASSES)[number];

/** The class of a shape at an instant: overdue is what lies after the deadline, by the record's millisecond. */
export function classAt(shape: SpanShape, at: Instant): CountClass {
  const late = shape.late ?? (shape.dueAt !== null && at > shape.dueAt);
  switch (shape.class) {
    case 'done':
      return late ? 'done_late' : 'done_on_time';
    case 'awaiting':
      return late ? 'awaiting_overdue' : 'awaiting_in_time';
    case 'open':
      return late ? 'open_overdue' : 'open_in_time';
    case 'regular':
    case 'suspended':
    case 'stopped':
    case 'carried_over':
    case 'superseded':
      return shape.class;
  }
}

/** The first instant at which a shape counts as overdue by time alone; null where time does not change it. */
export function turnsOverdueAt(shape: SpanShape): Instant | null {
  return shape.class === 'open' && shape.late === null && shape.dueAt !== null ? shape.dueAt + 1 : null;
}
