import { setImmediate as turn } from 'node:timers/promises';
import type { Queryable } from '../db/pool.js';
import { causeOf } from '../db/transaction.js';
import { type ChangeSet, flush } from './flush.js';

/** How many subjects are computed while those before them are written. */
const PART = 125;

/**
 * Computes the changes of many subjects part by part, and writes each part while the next is computed, so that this
 * process and the database work at the same time. All in the caller's transaction: an error of either leaves both
 * for the rollback.
 */
export async function writeByParts<T>(
  db: Queryable,
  subjects: readonly T[],
  compute: (part: readonly T[]) => Promise<ChangeSet>,
): Promise<void> {
  let writing = Promise.resolve();
  for (let at = 0; at < subjects.length; at += PART) {
    const part = subjects.slice(at, at + PART);
    // What is being written leaves the process only when the event loop turns.
    const computing = at === 0 ? compute(part) : turn().then(() => compute(part));
    // Both are waited for, whatever becomes of one: nothing may be asked after the rollback.
    const [written, changes] = await Promise.allSettled([writing, computing]);
    if (written.status === 'rejected' || changes.status === 'rejected') throw causeOf([written, changes]);
    writing = flush(db, changes.value);
  }
  await writing;
}
