import { z } from 'zod';
import type { Queryable } from './pool.js';
import { exec, many } from './query.js';

/** What a process says of itself. `detail` is shown to operators; readiness reads what it knows of it. */
export interface Heartbeat {
  /** One row per process: `worker:host:pid`. */
  readonly process: string;
  readonly kind: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Tells that a process lives, by the database's clock. */
export async function beat(db: Queryable, heartbeat: Heartbeat): Promise<void> {
  await exec(
    db,
    {
      name: 'beat',
      text: `insert into heartbeat (process, kind, at, detail) values ($1, $2, clock_timestamp(), $3)
             on conflict (process) do update set at = excluded.at, detail = excluded.detail`,
    },
    [heartbeat.process, heartbeat.kind, JSON.stringify(heartbeat.detail)],
  );
}

/** A process that ended in order leaves no row; one that was killed leaves one that grows old. */
export async function endBeat(db: Queryable, process: string): Promise<void> {
  await exec(db, 'delete from heartbeat where process = $1', [process]);
}

/** Rows of workers that were killed and never came back under their name. */
export async function forgetBeats(db: Queryable, kind: string, olderThanMs: number): Promise<void> {
  await exec(
    db,
    "delete from heartbeat where kind = $1 and at < clock_timestamp() - $2 * interval '1 millisecond'",
    [kind, olderThanMs],
  );
}

const row = z.object({
  process: z.string(),
  kind: z.string(),
  age_ms: z.number(),
  detail: z.record(z.string(), z.unknown()),
});

/** The processes of a kind, each with the age of its last sign; the youngest first. */
export async function heartbeats(
  db: Queryable,
  kind: string,
): Promise<{ process: string; ageMs: number; detail: Record<string, unknown> }[]> {
  const rows = await many(
    db,
    row,
    `select process, kind, (extract(epoch from clock_timestamp() - at) * 1000)::float8 as age_ms, detail
       from heartbeat where kind = $1 order by at desc`,
    [kind],
  );
  return rows.map(({ process, age_ms, detail }) => ({ process, ageMs: age_ms, detail }));
}

/** Seed of the advisory lock under which one watchdog looks. */
const WATCHDOG_LOCK = 4_710_604;
const WATCHDOG = 'watchdog';

/**
 * Whether it is this process's turn to watch: one at a time, and no more often than `everyMs`. The row and the
 * lock live in the caller's transaction.
 */
export async function takeWatch(db: Queryable, everyMs: number): Promise<boolean> {
  const rows = await many(
    db,
    z.object({ mine: z.boolean() }),
    `select pg_try_advisory_xact_lock(${WATCHDOG_LOCK})
        and not exists (select from heartbeat where process = $1 and at > clock_timestamp() - $2 * interval '1 millisecond') as mine`,
    [WATCHDOG, everyMs],
  );
  return rows[0]?.mine ?? false;
}

export async function noteWatch(db: Queryable, detail: Readonly<Record<string, unknown>>): Promise<void> {
  await beat(db, { process: WATCHDOG, kind: WATCHDOG, detail });
}
