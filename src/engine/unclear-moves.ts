import { insertMoves, type MoveRow } from '../db/count-store.js';
import type { Queryable } from '../db/pool.js';
import type { FrozenDirective, FrozenTask } from '../domain/directive/freeze.js';
import type { Instant } from '../domain/instant.js';

/**
 * The rows of a plan that fail a clear are part of it and are counted, though nobody leads them yet: from the issue,
 * or from the amendment that brought them, until an amendment clears or removes them.
 */
export async function countUnclear(
  db: Queryable,
  before: FrozenDirective | null,
  next: FrozenDirective,
  when: { readonly at: Instant; readonly recordedAt: Instant },
): Promise<void> {
  const old = new Map(before?.tasks.map((task) => [task.task.id, task]) ?? []);
  const now = new Map(next.tasks.map((task) => [task.task.id, task]));
  const row = (task: FrozenTask, move: Pick<MoveRow, 'from' | 'to'>): MoveRow => ({
    ...move,
    ...when,
    workingGroupId: next.workingGroupId,
    unitId: null,
    directiveId: next.directiveId,
    taskId: task.task.id,
    assignmentId: null,
    originYear: task.originYear,
    kind: task.task.kind,
  });
  const moves: MoveRow[] = [];
  for (const [id, task] of old) {
    if (isUnclear(task) && !sameRow(task, now.get(id))) moves.push(row(task, { from: 'unclear', to: null }));
  }
  for (const [id, task] of now) {
    if (isUnclear(task) && !sameRow(task, old.get(id))) moves.push(row(task, { from: null, to: 'unclear' }));
  }
  await insertMoves(db, moves);
}

const isUnclear = (task: FrozenTask): boolean => task.unclear.length > 0;

const sameRow = (task: FrozenTask, other: FrozenTask | undefined): boolean =>
  other !== undefined &&
  isUnclear(other) &&
  other.originYear === task.originYear &&
  other.task.kind === task.task.kind;
