import { isClockShiftable } from '../db/lock-store.js';
import type { Queryable } from '../db/pool.js';

/** Between two questions to a database that is away. */
const ASK_AGAIN_MS = 500;

/**
 * Ends a process before it judges by a shifted clock: deadlines that were moved for a test must never count.
 * Settles after the first answer or failure: a process starts without its database too, and asks on until the
 * database is there.
 */
export async function insistOnTrueClock(db: Queryable, end: (why: string) => void): Promise<void> {
  let shiftable: boolean;
  try {
    shiftable = await isClockShiftable(db);
  } catch {
    setTimeout(() => void insistOnTrueClock(db, end), ASK_AGAIN_MS).unref();
    return;
  }
  if (shiftable) {
    end(
      'the row clock_offset shifts the clock of this database: remove it, or set TEST_CLOCK=true outside production',
    );
  }
}
