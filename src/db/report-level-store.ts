import { z } from 'zod';
import { type Queryable, timestamp } from './pool.js';
import { many } from './query.js';

/**
 * Who sums up and is due no later than the last of those below, in periods where the edit or the outage moved one of
 * those. Of the lowest such level of the first such regime after the cursor, for the next level waits for this one.
 */
const behind = (scope: string, type: 'calendar_changed' | 'outage_excused', key: string): string =>
  `with held as (select regime_id, level, id from report_obligation where id = $3),
        upper as materialized (
          select o.id, o.regime_id, o.period, o.level, (o.body ->> 'dueAt')::float8 as due from report_obligation o
           where ${scope} and o.level > 1 and not o.settled and o.late is distinct from false
             and ($3::uuid is null or (o.regime_id, o.level, o.id) > (select regime_id, level, id from held))),
        below as materialized (${lastBelow('upper')}),
        behind as materialized (
          select u.regime_id, u.level, u.id from upper u join below using (regime_id, period, level)
           where u.due <= below.last
             and exists (select from report_obligation b
                           join event e on e.subject_kind = 'obligation' and e.subject_id = b.id and e.type = '${type}'
                          where b.regime_id = u.regime_id and b.period = u.period and b.level < u.level and not b.settled
                            and e.data ->> '${key}' = $2 and e.data ->> 'first' <> e.data #>> '{previous,first}'))
   select id from behind
    where (regime_id, level) = (select regime_id, level from behind order by regime_id, level limit 1)
    order by id limit $4`;

/** The time to mend is left out of it, and so is who owes nothing any more. */
const lastBelow = (upper: string): string =>
  `select regime_id, period, u.level, max((b.body ->> 'dueAt')::float8) as last
     from (select distinct regime_id, period, level from ${upper}) u join report_obligation b using (regime_id, period)
    where b.level < u.level and not b.settled group by regime_id, period, u.level`;

const idRow = z.object({ id: z.string() });

/** Who sums up under a regime and is behind those below since an edit of a calendar. */
export async function uppersAfterEdit(
  db: Queryable,
  { regimeId, editId }: { readonly regimeId: string; readonly editId: string },
  after: string | null,
  limit: number,
): Promise<string[]> {
  const text = behind('o.regime_id = $1', 'calendar_changed', 'editId');
  const rows = await many(db, idRow, { name: 'uppers_after_edit', text }, [regimeId, editId, after, limit]);
  return rows.map(({ id }) => id);
}

/** Who sums up and is behind those below since an outage, under any regime. */
export async function uppersAfterOutage(
  db: Queryable,
  {
    id,
    from_at,
    cursor_id,
  }: { readonly id: string; readonly from_at: number; readonly cursor_id: string | null },
  limit: number,
): Promise<string[]> {
  const text = behind('o.due_at >= $1', 'outage_excused', 'outageId');
  const rows = await many(db, idRow, text, [timestamp(from_at), id, cursor_id, limit]);
  return rows.map((row) => row.id);
}

/** The last first due instant of those below each of some obligations; who has nobody below is left out. */
export async function dueBelow(db: Queryable, ids: readonly string[]): Promise<Map<string, number>> {
  const rows = await many(
    db,
    z.object({ id: z.string(), last: z.number() }),
    {
      name: 'due_below',
      text: `with upper as materialized (select id, regime_id, period, level from report_obligation where id = any($1::uuid[])),
                  below as materialized (${lastBelow('upper')})
             select upper.id, below.last from upper join below using (regime_id, period, level)`,
    },
    [ids],
  );
  return new Map(rows.map(({ id, last }) => [id, last]));
}
