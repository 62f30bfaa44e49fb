import { loadSpans, type MoveRow, type SpanRow, writeSpans } from '../db/count-store.js';
import type { Queryable } from '../db/pool.js';
import { spanShape } from '../domain/assignment/lateness.js';
import type { Assignment } from '../domain/assignment/state.js';
import { type Move, movesBetween } from '../domain/figures/moves.js';
import { type Brush, paint, type Span } from '../domain/figures/spans.js';
import type { Instant } from '../domain/instant.js';
import type { AssignmentChange } from './changes.js';

/** An assignment's spans before and after a command, as far back as it reaches. */
export interface Repainted {
  readonly state: Assignment;
  readonly old: readonly Span[];
  readonly next: readonly Span[];
  /** Start of the open span, kept with the assignment. */
  readonly since: Instant;
}

/**
 * Paints what a change set does to the spans. An ordinary act changes only the open span, which is known from the
 * state; what is entered late reaches further back, and the spans of those few are read.
 */
export async function repainted(
  db: Queryable,
  changes: readonly AssignmentChange[],
): Promise<ReadonlyMap<string, Repainted>> {
  const painted = changes.filter(({ brushes }) => brushes.length > 0);
  const back = painted.filter(reachesBack).map(({ after }) => after.id);
  const stored = back.length === 0 ? new Map<string, Span[]>() : await loadSpans(db, back);
  return new Map(
    painted.map((change) => {
      const { after, brushes } = change;
      const old = stored.get(after.id) ?? openSpan(change);
      const next = brushes.reduce<readonly Span[]>(paint, old);
      return [after.id, { state: after, old, next, since: next.at(-1)?.from ?? after.assignedAt }];
    }),
  );
}

/** Whether a brush touches more than the open span. */
function reachesBack({ spanSince, brushes }: AssignmentChange): boolean {
  return spanSince !== null && brushes.some((brush: Brush) => brush.from <= spanSince);
}

function openSpan({ before, spanSince }: AssignmentChange): Span[] {
  if (before === null || spanSince === null) return [];
  return [{ ...spanShape(before), from: spanSince, to: null }];
}

/** Writes what changed of the spans, and the moves that the counts go by. */
export async function writeLives(db: Queryable, lives: ReadonlyMap<string, Repainted>): Promise<void> {
  const saved: SpanRow[] = [];
  const removed: { assignmentId: string; from: Instant }[] = [];
  const moves: MoveRow[] = [];
  for (const { state, old, next } of lives.values()) {
    const before = new Map(old.map((span) => [span.from, span]));
    const after = new Set(next.map((span) => span.from));
    for (const span of next) {
      const known = before.get(span.from);
      if (known === undefined || !sameSpan(known, span)) saved.push({ state, span });
    }
    for (const { from } of old) if (!after.has(from)) removed.push({ assignmentId: state.id, from });
    moves.push(...movesBetween(old, next).map((move) => moveRow(state, move)));
  }
  await writeSpans(db, { saved, removed, moves });
}

const sameSpan = (one: Span, other: Span): boolean =>
  one.to === other.to && one.class === other.class && one.dueAt === other.dueAt && one.late === other.late;

export function moveRow(state: Assignment, move: Move): MoveRow {
  return {
    ...move,
    recordedAt: state.lastRecordedAt,
    workingGroupId: state.workingGroupId,
    unitId: state.unitId,
    directiveId: state.directiveId,
    taskId: state.taskId,
    assignmentId: state.id,
    originYear: state.originYear,
    kind: null,
  };
}
