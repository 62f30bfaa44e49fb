import { z } from 'zod';
import type { Result } from '../domain/assignment/state.js';
import type { RunningAssignment } from '../domain/directive/amend.js';
import type { Queryable } from './pool.js';
import { many } from './query.js';

const runningRow = z.object({
  id: z.string(),
  task_id: z.string(),
  unit_id: z.string(),
  former: z.array(z.string()),
  result: z.custom<Result>((value) => typeof value === 'object' && value !== null && 'kind' in value),
});

/** The running assignments of some tasks of a directive, page by page. */
export async function runningOf(
  db: Queryable,
  directiveId: string,
  taskIds: readonly string[],
  after: string | null,
  limit: number,
): Promise<RunningAssignment[]> {
  const rows = await many(
    db,
    runningRow,
    `select a.id, a.task_id, a.unit_id, a.body -> 'result' as result,
            array(select distinct p.unit_id from succession s join assignment p on p.id = s.predecessor_id
                   where s.successor_id = a.id) as former
       from assignment a
      where a.directive_id = $1 and a.task_id = any($2::uuid[]) and a.ended_at is null and ($3::uuid is null or a.id > $3)
      order by a.id limit $4`,
    [directiveId, taskIds, after, limit],
  );
  return rows.map((row) => ({
    id: row.id,
    taskId: row.task_id,
    unitId: row.unit_id,
    formerUnitIds: row.former,
    result: row.result,
  }));
}

/** Of each task the units that lead it, or have done it, because it was moved to them. */
export async function movedTo(
  db: Queryable,
  directiveId: string,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const rows = await many(
    db,
    z.object({ task_id: z.string(), units: z.array(z.string()) }),
    `select a.task_id, array_agg(distinct a.unit_id) as units from assignment a
      where a.directive_id = $1 and a.state not in ('superseded', 'stopped')
        and exists (select from succession s where s.successor_id = a.id)
      group by 1`,
    [directiveId],
  );
  return new Map(rows.map((row) => [row.task_id, new Set(row.units)]));
}
