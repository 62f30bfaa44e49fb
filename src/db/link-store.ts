import { z } from 'zod';
import type { ParentFacts, PreviousTask } from '../domain/directive/links.js';
import type { Queryable } from './pool.js';
import { many, maybeOne } from './query.js';

/** The assignment that a directive carries on; null where there is none of that id. */
export async function loadParent(
  db: Queryable,
  assignmentId: string,
  directiveId: string,
): Promise<ParentFacts | null> {
  const row = await maybeOne(
    db,
    z.object({
      working_group_id: z.string(),
      unit_id: z.string(),
      over: z.boolean(),
      until: z.number().nullable(),
      circular: z.boolean(),
    }),
    `with recursive above as (
       select a.directive_id from assignment a where a.id = $1
       union
       select p.directive_id from above u join directive d on d.id = u.directive_id join assignment p on p.id = d.parent_assignment_id)
     select a.working_group_id, a.unit_id, carried_until(a.id) as until,
            exists (select from above u where u.directive_id = $2) as circular,
            not exists (select from assignment o
                         where o.ended_at is null
                           and (o.id = a.id or o.id in (select s.successor_id from succession s where s.predecessor_id = a.id))) as over
       from assignment a where a.id = $1`,
    [assignmentId, directiveId],
  );
  return row === null
    ? null
    : {
        workingGroupId: row.working_group_id,
        unitId: row.unit_id,
        over: row.over,
        until: row.until,
        circular: row.circular,
      };
}

const previousAssignment = z.object({
  id: z.string(),
  unitId: z.string(),
  open: z.boolean(),
  carriedOver: z.boolean(),
  firstDeadlineAt: z.number().nullable(),
  originYear: z.number(),
});

/** Tasks of the Working Group that drafts name as last year's, with who leads them, by id. */
export async function loadPreviousTasks(
  db: Queryable,
  workingGroupId: string,
  taskIds: readonly string[],
): Promise<ReadonlyMap<string, PreviousTask>> {
  if (taskIds.length === 0) return new Map();
  const rows = await many(
    db,
    z.object({
      id: z.string(),
      directive_id: z.string(),
      withdrawn: z.boolean(),
      assignments: z.array(previousAssignment),
    }),
    `select t.id, t.directive_id, d.state = 'withdrawn' as withdrawn, coalesce(jsonb_agg(jsonb_build_object(
              'id', a.id, 'unitId', a.unit_id, 'open', a.ended_at is null, 'carriedOver', a.state = 'carried_over',
              'firstDeadlineAt', a.body -> 'firstDeadlineAt', 'originYear', a.body -> 'originYear') order by a.id)
              filter (where a.id is not null), '[]'::jsonb) as assignments
       from task t join directive d on d.id = t.directive_id
       left join assignment a on a.task_id = t.id and a.state <> 'superseded'
      where t.id = any($1::uuid[]) and t.working_group_id = $2 group by t.id, t.directive_id, d.state`,
    [taskIds, workingGroupId],
  );
  return new Map(
    rows.map((row) => [
      row.id,
      { directiveId: row.directive_id, withdrawn: row.withdrawn, assignments: row.assignments },
    ]),
  );
}

/** A directive of the Working Group that work may be carried into, and whether the assignment is its own. */
export async function targetOfCarryOver(
  db: Queryable,
  directiveId: string,
  { workingGroupId, assignmentId }: { workingGroupId: string; assignmentId: string | null },
): Promise<{ state: string; own: boolean } | null> {
  return maybeOne(
    db,
    z.object({ state: z.string(), own: z.boolean() }),
    `select d.state, exists (select from assignment a where a.id = $3 and a.directive_id = d.id) as own
       from directive d where d.id = $1 and d.working_group_id = $2`,
    [directiveId, workingGroupId, assignmentId],
  );
}
