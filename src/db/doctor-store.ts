import { z } from 'zod';
import type { Queryable } from './pool.js';
import { maybeOne, one } from './query.js';

/** The server's version as a number: 150004 is 15.4. */
export async function serverVersion(db: Queryable): Promise<number> {
  const row = await one(
    db,
    z.object({ version: z.number() }),
    "select current_setting('server_version_num')::integer as version",
  );
  return row.version;
}

/** The machine's clock as PostgreSQL sees it, in ms, without the shift that tests may have set. */
export async function serverClock(db: Queryable): Promise<number> {
  const row = await one(
    db,
    z.object({ now: z.number() }),
    'select extract(epoch from clock_timestamp())::float8 * 1000 as now',
  );
  return row.now;
}

/** Whether the role of a connection may change or delete events; it must not. */
export async function mayAlterEvents(db: Queryable): Promise<boolean> {
  const row = await one(
    db,
    z.object({ may: z.boolean() }),
    "select has_table_privilege('event', 'update') or has_table_privilege('event', 'delete') as may",
  );
  return row.may;
}

const waiting = z.object({ dead: z.number(), poisoned: z.number() });

/** What waits for a person: letters that nobody takes, and steps that were set aside. */
export async function waitingForPeople(db: Queryable): Promise<z.output<typeof waiting>> {
  return one(
    db,
    waiting,
    `select (select count(*) from envelope where state = 'dead')::integer as dead,
            (select count(*) from planned_step where set_aside_at is not null)::integer as poisoned`,
  );
}

const lastAnchor = z.object({ number: z.number(), age_ms: z.number(), signed: z.boolean() });

export async function youngestAnchor(db: Queryable): Promise<z.output<typeof lastAnchor> | null> {
  return maybeOne(
    db,
    lastAnchor,
    `select number, (extract(epoch from clock_timestamp() - at) * 1000)::float8 as age_ms, signature is not null as signed
       from anchor order by number desc limit 1`,
  );
}
