import { z } from 'zod';
import type { Queryable } from '../pool.js';
import { many, one } from '../query.js';

/** How far a follower has come. Transactions are numbers of 64 bits, so they stay text. */
export interface FeedCursor {
  readonly epoch: number;
  readonly xid: string;
  readonly number: number;
}

const feedRow = z.object({
  xid: z.string(),
  number: z.number(),
  subject_kind: z.enum(['directive', 'assignment', 'referral', 'obligation', 'regime']),
  subject_id: z.string(),
  seq: z.number(),
  directive_id: z.string().nullable(),
  unit_id: z.string().nullable(),
  type: z.string(),
  happened_at: z.number(),
  recorded_at: z.number(),
});
export type FeedRow = z.infer<typeof feedRow>;

/**
 * The next events after a cursor, within the reader's scope, in the order of the cursor. Only of transactions
 * before every one that still runs: what comes later can then never belong before what was shown.
 */
export async function eventsAfter(
  db: Queryable,
  workingGroupId: string,
  after: FeedCursor,
  limit: number,
): Promise<FeedRow[]> {
  return many(
    db,
    feedRow,
    {
      name: 'events_after',
      text: `select e.xid::text as xid, e.number, e.subject_kind, e.subject_id, e.seq, e.directive_id, e.unit_id, e.type,
                    e.happened_at, e.recorded_at
               from event e
              where e.working_group_id = $1 and (e.xid, e.number) > ($2::xid8, $3::bigint)
                and e.xid < pg_snapshot_xmin(pg_current_snapshot())
              order by e.xid, e.number limit $4`,
    },
    [workingGroupId, after.xid, after.number, limit],
  );
}

/**
 * Where somebody starts who wants only what comes from now on. What was recorded beside a transaction that still runs
 * may come too, but nothing is left out.
 */
export async function feedEdge(db: Queryable): Promise<FeedCursor> {
  const row = await one(db, z.object({ epoch: z.number(), xid: z.string() }), {
    name: 'feed_edge',
    text: 'select epoch, pg_snapshot_xmin(pg_current_snapshot())::text as xid from installation',
  });
  return { ...row, number: 0 };
}

/** What changes whenever there may be something new to show; one cheap question for all followers of a process. */
export async function feedMark(db: Queryable): Promise<string> {
  const row = await one(db, z.object({ mark: z.string() }), {
    name: 'feed_mark',
    text: `select concat_ws(' ', (select epoch from installation), pg_snapshot_xmin(pg_current_snapshot()),
                            (select number from event order by number desc limit 1)) as mark`,
  });
  return row.mark;
}
