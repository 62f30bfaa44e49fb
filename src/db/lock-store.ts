import { z } from 'zod';
import { type Queryable, timestamp } from './pool.js';
import { exec, many, maybeOne, one } from './query.js';
import type { ConductorKind } from './step-store.js';

/** Seeds keep the two families of advisory locks apart within the one 64-bit space. */
const DIRECTIVE_SEED = 1;
const IDEMPOTENCY_SEED = 2;

/** Who loads the demonstration holds this, until it is loaded. */
export async function lockDemonstration(db: Queryable): Promise<void> {
  await many(db, z.unknown(), "select pg_advisory_xact_lock(hashtextextended('demonstration', 5))");
}

/** The one clock that commands and steps share. */
export async function databaseNow(db: Queryable): Promise<number> {
  const row = await one(db, z.object({ now: z.number() }), { name: 'now', text: 'select app_now() as now' });
  return row.now;
}

/**
 * That clock as a function: what the database says now, moved on by this process's monotonic clock, so that an
 * instant under a lock costs no round trip.
 */
export async function readClock(db: Queryable): Promise<() => number> {
  const asked = performance.now();
  const databaseTime = await databaseNow(db);
  return () => Math.floor(databaseTime + (performance.now() - asked));
}

/** Whether that clock can be shifted, and so may judge by another time than the real one. */
export async function isClockShiftable(db: Queryable): Promise<boolean> {
  const text = 'select exists (select from clock_offset) as shiftable';
  return (await one(db, z.object({ shiftable: z.boolean() }), text)).shiftable;
}

/** False when another request with the same key is in flight. */
export async function tryIdempotencyLock(
  db: Queryable,
  caller: string,
  route: string,
  key: string,
): Promise<boolean> {
  const row = await one(
    db,
    z.object({ locked: z.boolean() }),
    {
      name: 'idempotency_lock',
      text: `select pg_try_advisory_xact_lock(hashtextextended($1, ${IDEMPOTENCY_SEED})) as locked`,
    },
    [JSON.stringify([caller, route, key])],
  );
  return row.locked;
}

const keptRow = z.object({
  fingerprint: z.instanceof(Buffer),
  status: z.number(),
  subject_id: z.string().nullable(),
  version: z.number().nullable(),
});
export type KeptAnswer = z.infer<typeof keptRow>;

export async function keptAnswer(
  db: Queryable,
  caller: string,
  route: string,
  key: string,
): Promise<KeptAnswer | null> {
  return maybeOne(
    db,
    keptRow,
    {
      name: 'kept_answer',
      text: 'select fingerprint, status, subject_id, version from idempotency_key where caller = $1 and route = $2 and key = $3',
    },
    [caller, route, key],
  );
}

export async function keepAnswer(
  db: Queryable,
  kept: {
    caller: string;
    route: string;
    key: string;
    fingerprint: Buffer;
    status: number;
    subjectId: string | null;
    version: number | null;
  },
): Promise<void> {
  await exec(
    db,
    {
      name: 'keep_answer',
      text: `insert into idempotency_key (caller, route, key, fingerprint, status, subject_id, version)
             values ($1, $2, $3, $4, $5, $6, $7)`,
    },
    [kept.caller, kept.route, kept.key, kept.fingerprint, kept.status, kept.subjectId, kept.version],
  );
}

/** Kept answers are forgotten after `olderThanHours`; a later repeat is judged anew. */
export async function forgetAnswers(db: Queryable, olderThanHours: number): Promise<number> {
  return exec(
    db,
    "delete from idempotency_key where recorded_at < clock_timestamp() - $1 * interval '1 hour'",
    [olderThanHours],
  );
}

/**
 * Shared: a command on anything below the directives. Taken in ascending order. Not a row lock: behind many
 * shared holders a row lock waits for seconds, and row security could hide the row.
 */
export async function lockDirectivesOf(
  db: Queryable,
  assignmentIds: readonly string[],
  mode: 'shared' | 'exclusive',
): Promise<void> {
  const lock = mode === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock';
  await many(
    db,
    z.unknown(),
    {
      name: `lock_directives_of_${mode}`,
      text: `select ${lock}(hashtextextended(d.directive_id::text, ${DIRECTIVE_SEED}))
               from (select distinct directive_id from assignment where id = any($1::uuid[]) order by directive_id) d`,
    },
    [assignmentIds],
  );
}

export async function lockDirective(
  db: Queryable,
  directiveId: string,
  mode: 'shared' | 'exclusive',
): Promise<void> {
  const lock = mode === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock';
  await many(
    db,
    z.unknown(),
    { name: `lock_directive_${mode}`, text: `select ${lock}(hashtextextended($1::text, ${DIRECTIVE_SEED}))` },
    [directiveId],
  );
}

export interface WakeRow {
  readonly conductorKind: ConductorKind;
  readonly conductorId: string;
  readonly reason: 'start' | 'earlier' | 'ended' | 'late';
}

/** Each command inserts its own rows; the pump claims and deletes them. */
export async function insertWakes(db: Queryable, wakes: readonly WakeRow[]): Promise<void> {
  if (wakes.length === 0) return;
  await exec(
    db,
    {
      name: 'insert_wakes',
      text: `insert into wake (conductor_kind, conductor_id, reason)
             select * from unnest($1::text[], $2::uuid[], $3::text[])`,
    },
    [
      wakes.map((wake) => wake.conductorKind),
      wakes.map((wake) => wake.conductorId),
      wakes.map((wake) => wake.reason),
    ],
  );
}

const TABLE_OF: Readonly<Record<ConductorKind, string>> = {
  directive: 'directive',
  referral: 'referral',
  reportingCycle: 'reporting_regime',
  reorganisation: 'reorganisation',
};

/** Writes down the instant a conductor's timer is set to; the caller holds the lock that arming asks for. */
export async function writeArmed(db: Queryable, kind: ConductorKind, id: string, at: number): Promise<void> {
  const table = TABLE_OF[kind];
  await exec(db, { name: `arm_${table}`, text: `update ${table} set armed_at = $2 where id = $1` }, [
    id,
    timestamp(at),
  ]);
}
