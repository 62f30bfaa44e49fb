import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { World } from './world.js';

const WITHIN_MS = 60_000;

/** Until so many sessions of this database wait for a lock; who asked first stands first in its queue. */
export async function untilWaiting(world: World, sessions: number): Promise<void> {
  const giveUp = performance.now() + WITHIN_MS;
  for (;;) {
    const [row] = await world.sql<{ waiting: number }>(
      `select count(*)::int as waiting from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if ((row?.waiting ?? 0) >= sessions) return;
    if (performance.now() > giveUp)
      throw new Error(`Not within ${WITHIN_MS} ms: ${sessions} wait for a lock`);
    await delay(5);
  }
}

/** A transaction of somebody else, who takes locks by the statements that the test gives; released in any case. */
export async function holding<T>(world: World, work: (other: pg.PoolClient) => Promise<T>): Promise<T> {
  const other = await world.engine.writer.connect();
  try {
    await other.query('begin');
    const result = await work(other);
    await other.query('commit');
    return result;
  } catch (error) {
    await other.query('rollback');
    throw error;
  } finally {
    other.release();
  }
}
