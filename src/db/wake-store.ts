import { z } from 'zod';
import type { Queryable } from './pool.js';
import { exec, many } from './query.js';

// A lease is the machine's own time: clock_timestamp(), which no test moves.

const conductorKind = z.enum(['directive', 'referral', 'reportingCycle', 'reorganisation']);

const claimedRow = z.object({
  id: z.number(),
  conductor_kind: conductorKind,
  conductor_id: z.string(),
  reason: z.string(),
});

/** The wakes of one conductor that are ours until the lease runs out. */
export interface ClaimedWakes {
  readonly kind: z.infer<typeof conductorKind>;
  readonly id: string;
  readonly wakeIds: readonly number[];
  readonly reasons: ReadonlySet<string>;
}

/**
 * Claims every waiting row of the conductors that wait longest, but for those told a moment ago. One statement
 * and so one transaction: nothing stays open while Temporal is spoken to.
 */
export async function claimWakes(
  db: Queryable,
  { limit, leaseMs, except }: { limit: number; leaseMs: number; except: readonly string[] },
): Promise<ClaimedWakes[]> {
  const rows = await many(
    db,
    claimedRow,
    {
      name: 'claim_wakes',
      text: `with conductor as materialized (
               select conductor_kind, conductor_id from wake
                where leased_until < clock_timestamp() and conductor_id <> all($3::uuid[])
                group by 1, 2 order by min(id) limit $1)
             update wake set leased_until = clock_timestamp() + $2 * interval '1 millisecond'
              where id in (select w.id from wake w join conductor c using (conductor_kind, conductor_id)
                            where w.leased_until < clock_timestamp() for update of w skip locked)
            returning id, conductor_kind, conductor_id, reason`,
    },
    [limit, leaseMs, except],
  );
  const found = new Map<
    string,
    { kind: ClaimedWakes['kind']; id: string; wakeIds: number[]; reasons: Set<string> }
  >();
  for (const row of rows) {
    const key = `${row.conductor_kind}:${row.conductor_id}`;
    const known = found.get(key) ?? {
      kind: row.conductor_kind,
      id: row.conductor_id,
      wakeIds: [],
      reasons: new Set<string>(),
    };
    known.wakeIds.push(row.id);
    known.reasons.add(row.reason);
    found.set(key, known);
  }
  return [...found.values()];
}

/** Deletes exactly the rows that were claimed; one that came meanwhile asks for another wake. */
export async function deleteWakes(db: Queryable, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await exec(db, { name: 'delete_wakes', text: 'delete from wake where id = any($1::bigint[])' }, [ids]);
}

/** Of some directives, those in which something is still open, by what is committed now. */
export async function directivesWithOpen(db: Queryable, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await many(
    db,
    z.object({ id: z.string() }),
    {
      name: 'directives_with_open',
      text: `select id from unnest($1::uuid[]) as wanted(id)
              where exists (select from assignment a where a.directive_id = wanted.id and a.ended_at is null)`,
    },
    [ids],
  );
  return new Set(rows.map((row) => row.id));
}

/** Wakes the conductors of steps that are late, but for those that have a wake waiting. */
export async function wakeLate(db: Queryable, lateMs: number): Promise<number> {
  return await exec(
    db,
    `insert into wake (conductor_kind, conductor_id, reason)
     select late.kind, late.id, 'late'
       from (select conductor_kind as kind, conductor_id as id, due_at from planned_step where set_aside_at is null
             union all
             select 'reorganisation', id, armed_at from reorganisation where state in ('planned', 'running')) late
      where late.due_at < app_now() - $1 * interval '1 millisecond'
        and not exists (select from wake w where w.conductor_kind = late.kind and w.conductor_id = late.id)
      group by late.kind, late.id`,
    [lateMs],
  );
}

const stateRow = z
  .object({
    late: z.number(),
    poisoned: z.number(),
    wakes: z.number(),
    oldest_wake_ms: z.number(),
    envelopes: z.number(),
    oldest_envelope_ms: z.number(),
    items: z.number(),
    oldest_item_ms: z.number(),
    dead: z.number(),
    undeliverable: z.number(),
  })
  .transform((row) => ({
    lateSteps: row.late,
    poisonedSteps: row.poisoned,
    wakes: row.wakes,
    oldestWakeMs: row.oldest_wake_ms,
    envelopes: row.envelopes,
    oldestEnvelopeMs: row.oldest_envelope_ms,
    items: row.items,
    oldestItemMs: row.oldest_item_ms,
    deadEnvelopes: row.dead,
    undeliverableItems: row.undeliverable,
  }));

/** What waits, and how long: of the steps, the wakes and the mail. */
export type Backlog = z.output<typeof stateRow>;

export async function loadBacklog(db: Queryable, lateMs: number): Promise<Backlog> {
  const age = (column: string) =>
    `coalesce(max(extract(epoch from clock_timestamp() - ${column}) * 1000), 0)::float8`;
  const rows = await many(
    db,
    stateRow,
    `select (select count(*) from planned_step where set_aside_at is null and due_at < app_now() - $1 * interval '1 millisecond') as late,
            (select count(*) from planned_step where set_aside_at is not null) as poisoned,
            w.*, e.*, i.*,
            (select count(*) from envelope where state = 'dead') as dead,
            (select count(*) from item where state = 'undeliverable') as undeliverable
       from (select count(*) as wakes, ${age('created_at')} as oldest_wake_ms from wake) w,
            (select count(*) as envelopes, ${age('next_at')} as oldest_envelope_ms from envelope
              where state = 'ready' and next_at <= clock_timestamp()) e,
            (select count(*) as items, coalesce(max(extract(epoch from app_now() - greatest(open_at, created_at)) * 1000), 0)::float8 as oldest_item_ms
               from item where state = 'waiting' and open_at <= app_now()) i`,
    [lateMs],
  );
  const [state] = rows;
  if (state === undefined) throw new Error('A count without a row');
  return state;
}

const DUE_CONDUCTORS: Readonly<Record<z.infer<typeof conductorKind>, string>> = {
  // A closed one is conducted until the last cause that was stated in it is decided, or its clock has run out.
  directive: `select id from directive d where (state = 'issued' or exists (
    select from planned_step p where p.conductor_kind = 'directive' and p.conductor_id = d.id and p.set_aside_at is null))`,
  referral: 'select id from referral where ended_at is null',
  // An ended regime is conducted until the last of its reports waits for nothing.
  reportingCycle: `select id from reporting_regime r where (state = 'active' or exists (
    select from planned_step p where p.conductor_kind = 'reportingCycle' and p.conductor_id = r.id and p.set_aside_at is null))`,
  reorganisation: "select id from reorganisation where state in ('planned', 'running')",
};

/** Everything that should have a process: issued directives, running cases, regimes, reorganisations, page by page. */
export async function conductorsDue(
  db: Queryable,
  kind: z.infer<typeof conductorKind>,
  after: string | null,
  limit: number,
): Promise<string[]> {
  const rows = await many(
    db,
    z.object({ id: z.string() }),
    `${DUE_CONDUCTORS[kind]} and ($1::uuid is null or id > $1) order by id limit $2`,
    [after, limit],
  );
  return rows.map((row) => row.id);
}
