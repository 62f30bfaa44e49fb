import { z } from 'zod';
import { COUNT_CLASSES } from '../../domain/figures/classes.js';
import { type Queryable, timestamp } from '../pool.js';
import { many, one } from '../query.js';
import { COUNT_CLASSES as PLAIN_CLASSES } from './assignments.js';
import { unitJson, unitRef } from './rows.js';

export const COUNT_GROUPINGS = [
  'unit',
  'group',
  'directive',
  'kind',
  'origin-year',
  'working-group',
] as const;
export type CountGrouping = (typeof COUNT_GROUPINGS)[number];
export type CountKind = 'assignment' | 'task';

export interface CountQuery {
  /** The instant in the world. */
  readonly asOf: number;
  /** What the record held then; null is all that is known now. */
  readonly knownAt: number | null;
  readonly count: CountKind;
  readonly groupBy: CountGrouping | null;
  readonly directiveId: string | null;
  readonly unitId: string | null;
}

const countRow = z.object({ key: z.string().nullable(), class: z.enum(COUNT_CLASSES), n: z.number() });
export type CountRow = z.infer<typeof countRow>;

/** The key of each grouping over rows `s` that name assignment, task, unit and directive, and the table it needs. */
const GROUPINGS: Readonly<Record<CountGrouping | 'none', { key: string; join: string }>> = {
  none: { key: 'null::text', join: '' },
  unit: { key: 's.unit_id::text', join: '' },
  group: { key: 'u.group_code', join: 'left join unit u on u.id = s.unit_id' },
  directive: { key: 's.directive_id::text', join: '' },
  kind: { key: 's.kind', join: '' },
  'origin-year': { key: 's.origin_year::text', join: '' },
  'working-group': { key: 's.working_group_id::text', join: '' },
};

/** Spans with what they need to be grouped so; a move carries both itself. */
const SPANS: Partial<Record<CountGrouping | 'none', string>> = {
  kind: '(select p.*, k.kind from span p join task k on k.id = p.task_id)',
  'origin-year': `(select p.*, a.body ->> 'originYear' as origin_year from span p join assignment a on a.id = p.assignment_id)`,
};

/** The class of a span at $1: where it depends on the instant, overdue from the moment after its deadline. */
const CLASS = `case s.class
    when 'done' then case when s.late then 'done_late' else 'done_on_time' end
    when 'awaiting' then case when s.late then 'awaiting_overdue' else 'awaiting_in_time' end
    when 'open' then case when coalesce(s.late, s.due_at is not null and s.due_at < $1) then 'open_overdue' else 'open_in_time' end
    else s.class end`;

/** A span begun by T and not ended by T is one assignment at T; an unclear row is one while its moves say so. */
const activeNow = (grouping: CountGrouping | 'none'): string => {
  const { key, join } = GROUPINGS[grouping];
  return `active as (
  select ${key} as key, s.task_id, ${CLASS} as class
    from ${SPANS[grouping] ?? 'span'} s ${join}
   where s.starts_at <= $1 and (s.ends_at is null or s.ends_at > $1)
     and ($2::uuid is null or s.directive_id = $2) and ($3::uuid is null or s.unit_id = $3)
  union all
  select ${key}, s.task_id, 'unclear'
    from count_move s ${join}
   where s.assignment_id is null and s.at <= $1 and ($2::uuid is null or s.directive_id = $2) and $3::uuid is null
   group by 1, 2 having count(s.to_class) > count(s.from_class))`;
};

/** The same by what was known at $4: each assignment's moves that were recorded by then. */
const activeThen = (grouping: CountGrouping | 'none'): string => {
  const { key, join } = GROUPINGS[grouping];
  return `active as (
  select ${key} as key, s.task_id, x.class::text as class
    from count_move s ${join} cross join lateral (values (s.to_class, 1), (s.from_class, -1)) x(class, n)
   where s.working_group_id = (select app_working_group()) and s.at <= $1 and s.recorded_at <= $4 and x.class is not null
     and ($2::uuid is null or s.directive_id = $2) and ($3::uuid is null or s.unit_id = $3)
   group by 1, s.task_id, s.assignment_id, x.class having sum(x.n) > 0)`;
};

/** A task is overdue if any of its assignments is, and done when all of them are, late if any was. */
const TASKS = `tasks as (
  select key, task_id,
         case when bool_or(class = 'open_overdue') then 'open_overdue'
              when bool_or(class = 'awaiting_overdue') then case when bool_or(class = 'open_in_time') then 'open_overdue' else 'awaiting_overdue' end
              when bool_or(class = 'open_in_time') then 'open_in_time'
              when bool_or(class = 'awaiting_in_time') then 'awaiting_in_time'
              when bool_or(class = 'suspended') then 'suspended'
              when bool_or(class = 'regular') then 'regular'
              when bool_or(class = 'carried_over') then 'carried_over'
              when bool_or(class = 'done_late') then 'done_late'
              when bool_or(class = 'done_on_time') then 'done_on_time'
              when bool_or(class = 'unclear') then 'unclear'
              else 'stopped' end as class
    from active where class <> 'superseded' group by key, task_id)`;

/** From every assignment's spans (or moves): any question, in time that grows with what is asked about. */
async function countEach(db: Queryable, query: CountQuery): Promise<CountRow[]> {
  const grouping = query.groupBy ?? 'none';
  const active = query.knownAt === null ? activeNow(grouping) : activeThen(grouping);
  const [withs, from] = query.count === 'task' ? [`${active}, ${TASKS}`, 'tasks'] : [active, 'active'];
  return many(db, countRow, `with ${withs} select key, class, count(*) as n from ${from} group by 1, 2`, [
    timestamp(query.asOf),
    query.directiveId,
    query.unitId,
    ...(query.knownAt === null ? [] : [timestamp(query.knownAt)]),
  ]);
}

/** How many assignments, or tasks, are in each class at an instant. */
export async function countClasses(db: Queryable, query: CountQuery): Promise<CountRow[]> {
  const grain = grainOf(query);
  return grain === null ? countEach(db, query) : countBySums(db, query, grain);
}

type Grain = 'unit' | 'directive';

/** Which of the two grains of sums answers; null where only the spans do. */
export function grainOf(query: CountQuery): Grain | null {
  if (query.count === 'task' || query.knownAt !== null) return null;
  switch (query.groupBy) {
    case null:
    case 'working-group':
      return query.directiveId === null ? 'unit' : query.unitId === null ? 'directive' : null;
    case 'unit':
    case 'group':
      return query.directiveId === null ? 'unit' : null;
    case 'directive':
    case 'kind':
    case 'origin-year':
      return query.unitId === null ? 'directive' : null;
  }
}

const sumOf = (name: string): string => `sum(s.${name}) as ${name}`;
const CLASS_VALUES = COUNT_CLASSES.map((name) => `('${name}', t.${name})`).join(', ');

/**
 * The three stretches of whole periods before the day of T: its years, its months, its days. None where the sums are
 * of another cluster: then every move is counted by itself.
 */
const periods = (table: string, filter: string): string =>
  [
    `level = 'year' and starts_on < $3`,
    `level = 'month' and starts_on >= $3 and starts_on < $4`,
    `level = 'day' and starts_on >= $4 and starts_on < $5`,
  ]
    .map(
      (level) =>
        `select * from ${table}
          where working_group_id = (select app_working_group()) and $6::xid8 > '0'::xid8 and ${level} ${filter}`,
    )
    .join(' union all ');

/**
 * A count is the sums of the periods before the day of T, up to the fold's watermark, and the single moves of the
 * day until T, and those of later transactions. The caller's transaction has one snapshot, so that sums and
 * watermark agree. Planned with the values in hand: how much lies beyond the watermark decides the plan.
 */
export function sumsStatement(grain: Grain, grouping: CountGrouping | 'none', filtered: boolean): string {
  const { key, join } = GROUPINGS[grouping];
  const filter = filtered ? `and ${grain}_id = $7` : '';
  const moves = (which: string): string =>
    `select working_group_id, unit_id, directive_id, kind, origin_year, from_class, to_class from count_move
      where working_group_id = (select app_working_group()) and at <= $1 and ${which} ${filter}`;
  // The rows of a plan that are still unclear have no unit: they are summed by directive only.
  const unclear =
    grain === 'unit' && !filtered
      ? `union all select ${grouping === 'working-group' ? 's.working_group_id::text' : 'null'}, 'unclear', sum(s.unclear)
           from (${periods('directive_count', '')}) s group by 1`
      : '';
  return `with summed as (
    select ${key} as key, ${COUNT_CLASSES.map(sumOf).join(', ')}
      from (${periods(`${grain}_count`, filter)}) s ${join} group by 1),
  later as (
    ${moves('at >= $2 and xid < $6::xid8')}
    union all ${moves('xid >= $6::xid8')})
  select key, class, sum(n)::bigint as n from (
    select t.key, x.class, x.n from summed t cross join lateral (values ${CLASS_VALUES}) x(class, n)
    ${unclear}
    union all select ${key}, x.class::text, sum(x.n)
      from later s ${join} cross join lateral (values (s.to_class, 1), (s.from_class, -1)) x(class, n)
     where x.class is not null group by 1, 2) counted
  group by 1, 2 having sum(n) <> 0`;
}

const VIETNAM_MS = 7 * 3_600_000;

async function countBySums(db: Queryable, query: CountQuery, grain: Grain): Promise<CountRow[]> {
  const filter = grain === 'unit' ? query.unitId : query.directiveId;
  // The whole day, where T is its last millisecond: then no single move of it is read.
  const day = new Date(query.asOf + 1 + VIETNAM_MS).toISOString().slice(0, 10);
  return many(db, countRow, sumsStatement(grain, query.groupBy ?? 'none', filter !== null), [
    timestamp(query.asOf),
    `${day}T00:00:00+07:00`,
    `${day.slice(0, 4)}-01-01`,
    `${day.slice(0, 7)}-01`,
    day,
    await watermark(db),
    ...(filter === null ? [] : [filter]),
  ]);
}

/** Up to where the sums go; in another cluster than the one that folded them, nowhere. */
async function watermark(db: Queryable): Promise<string> {
  const row = await one(
    db,
    z.object({ watermark: z.string() }),
    `select case when cluster = app_cluster() then watermark else '0' end::text as watermark from count_fold`,
  );
  return row.watermark;
}

const taskClassRow = z.object({
  task_id: z.string(),
  class: z.enum([...PLAIN_CLASSES, 'unclear']),
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
    `with ${activeNow('none')}, ${TASKS},
     placed as (
       select s.task_id, u.id, u.code, u.name, u.name_en, row_number() over (partition by s.task_id order by u.code) as place
         from span s join unit u on u.id = s.unit_id
        where s.starts_at <= $1 and (s.ends_at is null or s.ends_at > $1) and s.directive_id = $2
          and s.class in ('open', 'awaiting', 'suspended') and $3::uuid is null),
     owing as materialized (
       select o.task_id, count(*) as missing,
              jsonb_agg(${unitJson('o')} order by o.place) filter (where o.place <= $4) as missing_units
         from placed o group by o.task_id)
     select t.task_id, replace(t.class, 'awaiting', 'open') as class, coalesce(o.missing, 0) as missing, coalesce(o.missing_units, '[]'::jsonb) as missing_units
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

export async function groupLabels(
  db: Queryable,
  ids: readonly string[],
): Promise<{ id: string; name: string; name_en: string | null }[]> {
  return many(
    db,
    z.object({ id: z.string(), name: z.string(), name_en: z.string().nullable() }),
    'select id, name, name_en from working_group where id = any($1::uuid[])',
    [ids],
  );
}

/** Whether the unit that the scope names is one whose counts the reader may have: one below its own. */
export async function countsBelow(db: Queryable): Promise<boolean> {
  const row = await one(
    db,
    z.object({ below: z.boolean() }),
    'select app_counted_unit() is not null as below',
  );
  return row.below;
}
