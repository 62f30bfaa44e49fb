import { z } from 'zod';
import { COUNT_CLASSES } from '../domain/figures/classes.js';
import { localDay } from './local-date.js';
import type { Queryable } from './pool.js';
import { exec, many, maybeOne, one } from './query.js';

/** One process folds at a time; what another would do is done. */
const FOLD_LOCK = 4_710_605;

const markRow = z.object({ watermark: z.string(), known: z.boolean(), horizon: z.string() });

/** How far the sums go, and up to where every transaction has ended. */
export interface FoldMark {
  readonly watermark: string;
  /** False in another cluster than the one that folded: its numbers of transactions mean nothing here. */
  readonly known: boolean;
  /** All transactions before it have committed or are gone, so no move before it can still appear. */
  readonly horizon: string;
}

/** Takes the turn to fold until the transaction ends; null where another process has it. */
export async function takeFold(db: Queryable): Promise<FoldMark | null> {
  const { taken } = await one(
    db,
    z.object({ taken: z.boolean() }),
    'select pg_try_advisory_xact_lock($1) as taken',
    [FOLD_LOCK],
  );
  if (!taken) return null;
  return one(
    db,
    markRow,
    `select watermark::text, cluster = app_cluster() as known, pg_snapshot_xmin(pg_current_snapshot())::text as horizon
       from count_fold`,
  );
}

/**
 * Where a batch of moves from the watermark on ends: the first transaction that it leaves, or the horizon. A
 * transaction is never divided, however many moves it made.
 */
export async function batchEnd(
  db: Queryable,
  { watermark, horizon }: FoldMark,
  batch: number,
): Promise<string> {
  const beyond = await maybeOne(
    db,
    z.object({ first: z.string(), next: z.string() }),
    `with ahead as (
       select xid, number from count_move where xid >= $1::xid8 and xid < $2::xid8 order by xid, number limit $3 + 1)
     select (select xid from ahead order by xid, number limit 1)::text as first, xid::text as next
       from ahead order by xid, number offset $3`,
    [watermark, horizon, batch],
  );
  if (beyond === null) return horizon;
  if (beyond.next !== beyond.first) return beyond.next;
  const after = await maybeOne(
    db,
    z.object({ xid: z.string() }),
    'select xid::text from count_move where xid > $1::xid8 and xid < $2::xid8 order by xid limit 1',
    [beyond.first, horizon],
  );
  return after?.xid ?? horizon;
}

const KEYS = {
  unit: ['working_group_id', 'unit_id'],
  directive: ['working_group_id', 'directive_id', 'kind', 'origin_year'],
} as const;
const CONFLICT = {
  unit: '(working_group_id, level, starts_on, unit_id)',
  directive: '(directive_id, level, starts_on, kind, origin_year)',
} as const;

/** The moves of some transactions as sums per period of one grain. */
const SUMS = (grain: keyof typeof KEYS): string => {
  const keys = KEYS[grain].join(', ');
  return `with moves as (
      select ${keys}, ${localDay('at')} as day, x.class, sum(x.n) as n
        from count_move cross join lateral (values (to_class, 1), (from_class, -1)) x(class, n)
       where xid >= $1::xid8 and xid < $2::xid8 and x.class is not null ${grain === 'unit' ? 'and unit_id is not null' : ''}
       group by ${keys}, day, x.class)
    select ${keys}, l.level, l.starts_on,
           ${COUNT_CLASSES.map((name) => `coalesce(sum(n) filter (where class = '${name}'), 0)::integer as ${name}`).join(', ')}
      from moves cross join lateral (values ('year', date_trunc('year', day::timestamp)::date),
                                            ('month', date_trunc('month', day::timestamp)::date), ('day', day)) l(level, starts_on)
     group by ${keys}, l.level, l.starts_on`;
};

/** Adds the moves of the transactions from `from` up to `to` to the sums of both grains. */
export async function addUp(db: Queryable, from: string, to: string): Promise<void> {
  for (const grain of ['unit', 'directive'] as const) {
    const table = `${grain}_count`;
    await exec(
      db,
      `insert into ${table} (${KEYS[grain].join(', ')}, level, starts_on, ${COUNT_CLASSES.join(', ')})
       ${SUMS(grain)}
       on conflict ${CONFLICT[grain]} do update
         set ${COUNT_CLASSES.map((name) => `${name} = ${table}.${name} + excluded.${name}`).join(', ')}`,
      [from, to],
    );
  }
}

export async function saveWatermark(db: Queryable, watermark: string): Promise<void> {
  await exec(
    db,
    `update count_fold set watermark = $1::xid8, cluster = app_cluster(), folded_at = clock_timestamp()`,
    [watermark],
  );
}

/**
 * Forgets every sum; until they are folded again, counts are made of the moves alone. It waits for a fold under
 * way, which would else write its watermark over sums that are gone.
 */
export async function forgetSums(db: Queryable): Promise<void> {
  await exec(db, 'select pg_advisory_xact_lock($1)', [FOLD_LOCK]);
  await exec(db, 'delete from unit_count');
  await exec(db, 'delete from directive_count');
  await exec(db, `update count_fold set watermark = '0', cluster = 0`);
}

/** Moves that came from another cluster, with its numbers of transactions: they count as the oldest here. */
export async function adoptMoves(db: Queryable, horizon: string): Promise<number> {
  return exec(
    db,
    `with strange as (delete from count_move where xid >= $1::xid8 and xid <> pg_current_xact_id() returning *)
     insert into count_move (xid, at, recorded_at, working_group_id, unit_id, directive_id, task_id, assignment_id, kind, origin_year, from_class, to_class)
     select '3', at, recorded_at, working_group_id, unit_id, directive_id, task_id, assignment_id, kind, origin_year, from_class, to_class
       from strange`,
    [horizon],
  );
}

/** Periods whose sums are not what their moves add up to, up to the watermark. Empty where all is well. */
export async function wrongSums(db: Queryable, most: number): Promise<string[]> {
  const check = (grain: keyof typeof KEYS): string => {
    const keys = [...KEYS[grain], 'level', 'starts_on'];
    const all = [...keys, ...COUNT_CLASSES].join(', ');
    const empty = COUNT_CLASSES.map((name) => `${name} = 0`).join(' and ');
    return `select '${grain} ' || ${grain}_id || ' ' || level || ' ' || starts_on as what
              from ((select ${all} from ${grain}_count where not (${empty})
                     except select ${all} from (${SUMS(grain)}) again)
                    union all
                    (select ${all} from (${SUMS(grain)}) again where not (${empty})
                     except select ${all} from ${grain}_count)) wrong`;
  };
  const rows = await many(
    db,
    z.object({ what: z.string() }),
    `select distinct what from (${check('unit')} union all ${check('directive')}) found order by what limit $3`,
    [...(await sinceEver(db)), most],
  );
  return rows.map((row) => row.what);
}

async function sinceEver(db: Queryable): Promise<[string, string]> {
  const { watermark } = await one(
    db,
    z.object({ watermark: z.string() }),
    `select case when cluster = app_cluster() then watermark else '0' end::text as watermark from count_fold`,
  );
  return ['0', watermark];
}
