import type { CountClass } from '../../db/read/assignments.js';
import { spanShape } from '../../domain/assignment/lateness.js';
import type { Assignment } from '../../domain/assignment/state.js';
import type { Instant } from '../../domain/instant.js';

/** The class in which an assignment counts at an instant, and whether it awaits its confirmation. */
export function countClassOf(
  a: Assignment,
  at: Instant,
): { readonly class: CountClass; readonly awaiting: boolean } {
  const shape = spanShape(a);
  const late = shape.late ?? (shape.dueAt !== null && at > shape.dueAt);
  switch (shape.class) {
    case 'done':
      return { class: late ? 'done_late' : 'done_on_time', awaiting: false };
    case 'awaiting':
      return { class: late ? 'open_overdue' : 'open_in_time', awaiting: true };
    case 'open':
      return { class: late ? 'open_overdue' : 'open_in_time', awaiting: false };
    case 'regular':
    case 'suspended':
    case 'stopped':
    case 'carried_over':
    case 'superseded':
      return { class: shape.class, awaiting: false };
  }
}
