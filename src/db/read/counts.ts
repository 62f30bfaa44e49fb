import { z } from 'zod';
import { type Queryable, timestamp } from '../pool.js';
import { many } from '../query.js';
import { unitJson, unitRef } from './rows.js';

export type CountGrouping = 'unit' | 'group' | 'directive' | 'kind' | 'origin-year';
export type CountKind = 'assignment' | 'task';

export interface CountQuery {
  readonly asOf: number;
  readonly count: CountKind;
  readonly groupBy: CountGrouping | null;
  readonly directiveId: string | null;
  readonly unitId: string | null;
}

const countRow = z.object({
  key: z.string().nullable(),
  class: z.enum([
    'done_on_time',
    'done_late',
    'open_in_time',
    'open_overdue',
    'regular',
    'suspended',
    'stopped',
    'carried_over',
    'superseded',
    'unclear',
  ]),
  n: z.number(),
  awaiting: z.number(),
});
export type CountRow = z.infer<typeof countRow>;

/** The key of each grouping, and the table it needs beside the spans. An unclear row has no unit yet. */
const GROUPINGS: Readonly<Record<CountGrouping | 'none', { key: string; join: string; unclear: string }>> = {
  none: { key: 'null::text', join: '', unclear: 'null::text' },
  unit: { key: 's.unit_id::text', join: '', unclear: 'null::text' },
  group: { key: 'u.group_code', join: 'join unit u on u.id = s.unit_id', unclear: 'null::text' },
  directive: { key: 's.directive_id::text', join: '', unclear: 't.directive_id::text' },
  kind: { key: 'k.kind', join: 'join task k on k.id = s.task_id', unclear: 't.kind' },
  'origin-year': {
    key: `k.body ->> 'originYear'`,
    join: 'join task k on k.id = s.task_id',
    unclear: `t.body ->> 'originYear'`,
  },
};

/**
 * A span begun by T and not ended by T is one assignment at T. Where its class depends on the instant, it
 * is overdue from the moment after its deadline.
 */
const active = (grouping: { key: string; join: string }): string => `active as (
  select ${grouping.key} as key, s.task_id, s.class = 'awaiting' as awaiting,
         case s.class
           when 'done' then case when s.late then 'done_late' else 'done_on_time' end
           when 'awaiting' then case when s.late then 'open_overdue' else 'open_in_time' end
           when 'open' then case when coalesce(s.late, s.due_at is not null and s.due_at < $1) then 'open_overdue' else 'open_in_time' end
           else s.class end as class
    from span s ${grouping.join}
   where s.starts_at <= $1 and (s.ends_at is null or s.ends_at > $1)
     and ($2::uuid is null or s.directive_id = $2) and ($3::uuid is null or s.unit_id = $3))`;

/** A task is overdue if any of its assignments is, and done when all of them are, late if any was. */
const TASKS = `tasks as (
  select key, task_id,
         case when bool_or(class = 'open_overdue') then 'open_overdue'
              when bool_or(class = 'open_in_time') then 'open_in_time'
              when bool_or(class = 'suspended') then 'suspended'
              when bool_or(class = 'regular') then 'regular'
              when bool_or(class = 'carried_over') then 'carried_over'
              when bool_or(class = 'done_late') then 'done_late'
              when bool_or(class = 'done_on_time') then 'done_on_time'
              else 'stopped' end as class,
         coalesce(bool_and(awaiting) filter (where class in ('open_in_time', 'open_overdue')), false) as awaiting
    from active where class <> 'superseded' group by key, task_id)`;

const unclear = (
  key: string,
): string => `select ${key} as key, 'unclear' as class, count(*) as n, 0::bigint as awaiting
    from task t join directive d on d.id = t.directive_id
   where (select app_reads_all()) and cardinality(t.unclear) > 0 and d.issued_at <= $1 and ($2::uuid is null or t.directive_id = $2) and $3::uuid is null
   group by 1`;

/** How many assignments, or tasks, are in each class at an instant, by what is known now. */
export async function countClasses(db: Queryable, query: CountQuery): Promise<CountRow[]> {
  const grouping = GROUPINGS[query.groupBy ?? 'none'];
  const [withs, from] =
    query.count === 'task' ? [`${active(grouping)}, ${TASKS}`, 'tasks'] : [active(grouping), 'active'];
  return many(
    db,
    countRow,
    `with ${withs}
     select key, class, count(*) as n, count(*) filter (where awaiting) as awaiting from ${from} group by key, class
     union all ${unclear(grouping.unclear)}`,
    [timestamp(query.asOf), query.directiveId, query.unitId],
  );
}

const taskClassRow = z.object({
  task_id: z.string(),
  class: countRow.shape.class,
  missing: z.number(),
  missing_units: z.array(unitRef),
});
export type TaskClassRow = z.infer<typeof taskClassRow>;

/** The class of each task of a directive, with the units that still owe it (the first `most` by code). */
export async function taskClasses(
  db: Queryable,
  directiveId: string,
  asOf: number,
  most: number,
): Promise<TaskClassRow[]> {
  return many(
    db,
    taskClassRow,
    `with ${active(GROUPINGS.none)}, ${TASKS},
     placed as (
       select s.task_id, u.id, u.code, u.name, u.name_en, row_number() over (partition by s.task_id order by u.code) as place
         from span s join unit u on u.id = s.unit_id
        where s.starts_at <= $1 and (s.ends_at is null or s.ends_at > $1) and s.directive_id = $2
          and s.class in ('open', 'awaiting', 'suspended') and $3::uuid is null),
     owing as materialized (
       select o.task_id, count(*) as missing,
              jsonb_agg(${unitJson('o')} order by o.place) filter (where o.place <= $4) as missing_units
         from placed o group by o.task_id)
     select t.task_id, t.class, coalesce(o.missing, 0) as missing, coalesce(o.missing_units, '[]'::jsonb) as missing_units
       from tasks t left join owing o on o.task_id = t.task_id`,
    [timestamp(asOf), directiveId, null, most],
  );
}

const labelRow = z.object({ id: z.string(), number: z.string().nullable(), title: z.string() });

export async function directiveLabels(
  db: Queryable,
  ids: readonly string[],
): Promise<z.infer<typeof labelRow>[]> {
  return many(db, labelRow, 'select id, number, title from directive where id = any($1::uuid[])', [ids]);
}

export async function unitLabels(db: Queryable, ids: readonly string[]): Promise<z.infer<typeof unitRef>[]> {
  return many(
    db,
    unitRef,
    'select id, code, name, name_en as "nameEn" from unit where id = any($1::uuid[])',
    [ids],
  );
}
