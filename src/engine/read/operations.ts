import { type OperationRow, readOperation } from '../../db/read/operations.js';
import { notFound } from '../../domain/assignment/access.js';
import type { Refusal } from '../../domain/errors.js';
import type { Engine } from '../engine.js';
import { iso, isoOrNull, look, type Viewer } from './view.js';

export interface OperationView {
  readonly id: string;
  readonly kind: OperationRow['kind'];
  readonly state: 'waiting' | 'running' | 'done';
  readonly startedAt: string;
  readonly doneAt: string | null;
  readonly total: number | null;
  readonly done: number;
  readonly setAside: number;
  readonly resource: string;
}

/** How far something is that goes on after its command was answered. */
export async function getOperation(
  engine: Engine,
  viewer: Viewer,
  id: string,
): Promise<OperationView | Refusal> {
  const row = await look(engine, viewer, (client) => readOperation(client, id));
  if (row === null) return notFound();
  const { waits, isDone, startedAt, doneAt, resource, ...counts } = row;
  return {
    id,
    ...counts,
    state: isDone ? 'done' : waits ? 'waiting' : 'running',
    startedAt: iso(startedAt),
    doneAt: isoOrNull(doneAt),
    resource: `/v1/${resource}`,
  };
}
