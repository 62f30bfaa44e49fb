import { z } from 'zod';
import { type Assignment, completeAssignment, type Matter } from '../../domain/assignment/state.js';
import { COUNT_CLASSES as COUNTED } from '../../domain/figures/classes.js';
import { type Queryable, timestamp, timestampOrNull } from '../pool.js';
import { many, maybeOne } from '../query.js';
import { document, unitJson, unitRef, unitsJson } from './rows.js';

/** The four counts and what stands beside them, of one assignment at one instant. */
export const COUNT_CLASSES = [
  'done_on_time',
  'done_late',
  'open_in_time',
  'open_overdue',
  'regular',
  'suspended',
  'stopped',
  'carried_over',
  'superseded',
] as const;
export type CountClass = (typeof COUNT_CLASSES)[number];

const carried = z.object({
  directive: z.object({ id: z.string(), number: z.string().nullable(), title: z.string() }),
  assignmentId: z.string().nullable(),
});

const assignmentRow = z.object({
  now: z.number(),
  body: document<Assignment>().transform(completeAssignment),
  unit: unitRef,
  monitor: unitRef,
  coordinating: z.array(unitRef),
  officer: z.object({ id: z.string(), name: z.string() }).nullable(),
  task: z.object({
    id: z.string(),
    ordinal: z.number(),
    code: z.string().nullable(),
    title: z.string(),
    titleEn: z.string().nullable(),
    kind: z.enum(['task', 'model', 'goal']),
    nature: z.enum(['specific', 'general']),
  }),
  directive: z.object({
    id: z.string(),
    number: z.string().nullable(),
    title: z.string(),
    state: z.enum(['draft', 'awaiting_approval', 'issued', 'closed', 'withdrawn']),
    documentDate: z.string().nullable(),
  }),
  standing_agency_id: z.string(),
  home_affairs_id: z.string(),
  referral_id: z.string().nullable(),
  matters: z.array(document<Matter>()),
  carried_from: carried.nullable(),
  carried_into: carried.nullable(),
});
export type AssignmentRow = z.infer<typeof assignmentRow>;

const named = (alias: string): string =>
  `jsonb_build_object('id', ${alias}.id, 'number', ${alias}.number, 'title', ${alias}.title)`;

/**
 * Matters and the case come from their own tables, never from the assignment's body: row security then
 * keeps causes and cases from a coordinating unit.
 */
const COLUMNS = `app_now() as now, a.body, ${unitJson('u')} as unit, ${unitJson('mu')} as monitor,
  ${unitsJson('a.coordinating_unit_ids')} as coordinating,
  case when o.id is not null then jsonb_build_object('id', o.id, 'name', o.name) end as officer,
  jsonb_build_object('id', t.id, 'ordinal', t.ordinal, 'code', t.code, 'title', t.title, 'titleEn', t.body #> '{task,titleEn}',
                     'kind', t.kind, 'nature', t.nature) as task,
  jsonb_build_object('id', d.id, 'number', d.number, 'title', d.title, 'state', d.state, 'documentDate', d.document_date) as directive,
  g.standing_agency_id, g.home_affairs_id,
  (select r.id from referral r where r.id = a.referral_id) as referral_id,
  coalesce((select jsonb_agg(m.body order by m.opened_seq) from matter m where m.assignment_id = a.id), '[]'::jsonb) as matters,
  case when a.body ? 'carriedFrom' then (
    select jsonb_build_object('directive', ${named('f')}, 'assignmentId', p.id)
      from assignment p join directive f on f.id = p.directive_id where p.id = (a.body ->> 'carriedFrom')::uuid) end as carried_from,
  case when a.state = 'carried_over' then (
    select jsonb_build_object('directive', ${named('f')}, 'assignmentId', p.id)
      from directive f left join assignment p on p.directive_id = f.id and p.body ? 'carriedFrom' and p.body ->> 'carriedFrom' = a.id::text
     where f.id = coalesce((select n.directive_id from assignment n where n.body ? 'carriedFrom' and n.body ->> 'carriedFrom' = a.id::text
                             order by n.id limit 1), (a.body ->> 'carriedInto')::uuid)
     order by p.id limit 1) end as carried_into`;

const JOINS = `join unit u on u.id = a.unit_id join unit mu on mu.id = a.monitor_unit_id
  join task t on t.id = a.task_id join directive d on d.id = a.directive_id
  join working_group g on g.id = a.working_group_id
  left join person o on o.id = (a.body ->> 'officerId')::uuid`;

/** One assignment with everything its resource shows, or null where the caller may not know of it. */
export async function readAssignment(db: Queryable, id: string): Promise<AssignmentRow | null> {
  return maybeOne(
    db,
    assignmentRow,
    { name: 'read_assignment', text: `select ${COLUMNS} from assignment a ${JOINS} where a.id = $1` },
    [id],
  );
}

/** Whether the caller may know of the assignment at all. */
export async function seesAssignment(db: Queryable, id: string): Promise<boolean> {
  const row = await maybeOne(db, z.object({ id: z.string() }), 'select id from assignment where id = $1', [
    id,
  ]);
  return row !== null;
}

export type AssignmentSort = 'id' | 'due' | '-due';

export interface AssignmentFilter {
  readonly directiveId: string | null;
  readonly unitId: string | null;
  readonly taskId: string | null;
  readonly states: readonly string[] | null;
  readonly count: CountClass | 'awaiting' | null;
  readonly dueBefore: number | null;
  readonly dueAfter: number | null;
  /** Searched in the task's title and code, without accents or case. */
  readonly q: string | null;
}

/** Where a page goes on: after this row of the same order. `due` is null in the order of ids. */
export interface AssignmentKey {
  readonly id: string;
  readonly due: number | null;
}

/**
 * The class of the counts from the row alone; `engine/read/count-class.ts` computes the same from the
 * folded state, and a test compares them.
 */
const CLASS = `case
    when a.state = 'confirmed' then case when judged.late then 'done_late' else 'done_on_time' end
    when a.state = 'concluded' then 'done_on_time'
    when a.state in ('suspended', 'stopped', 'carried_over', 'superseded') then a.state
    when a.state = 'submitted' then case when judged.late then 'open_overdue' else 'open_in_time' end
    when a.body ->> 'recurrence' = 'regular' then 'regular'
    when judged.late then 'open_overdue' else 'open_in_time' end`;

/** Late by the submission where one waits or was accepted, else by now, the clock standing still while it is held. */
const JUDGED = `cross join lateral (
    select (a.body ->> 'recurrence') <> 'regular' and not (a.body ->> 'provisional')::boolean and a.due_at is not null
       and coalesce(a.submitted_at, least(app_now(), (
             select to_timestamp((p ->> 'from')::double precision / 1000)
               from jsonb_array_elements(a.body -> 'pauses') with ordinality as x(p, place)
              where p ->> 'to' is null order by place limit 1))) > a.due_at as late) judged`;

/** One condition for each filter that is given, with its parameter's place. */
const CONDITIONS: readonly {
  readonly value: (filter: AssignmentFilter) => unknown;
  readonly sql: (at: number) => string;
  readonly join?: string;
}[] = [
  { value: (f) => f.directiveId, sql: (at) => `a.directive_id = $${at}` },
  { value: (f) => f.unitId, sql: (at) => `a.unit_id = $${at}` },
  { value: (f) => f.taskId, sql: (at) => `a.task_id = $${at}` },
  { value: (f) => f.states, sql: (at) => `a.state = any ($${at}::text[])` },
  { value: (f) => timestampOrNull(f.dueBefore), sql: (at) => `a.due_at < $${at}` },
  { value: (f) => timestampOrNull(f.dueAfter), sql: (at) => `a.due_at >= $${at}` },
  {
    value: (f) => f.q,
    // A task has many assignments and its words are folded once.
    sql: (at) =>
      `a.task_id = any (array(select t.id from task t
         where position(folded($${at}) in folded(concat_ws(' ', t.code, t.title, t.body #>> '{task,titleEn}'))) > 0))`,
  },
  { value: (f) => (f.count === 'awaiting' ? null : f.count), sql: (at) => `${CLASS} = $${at}`, join: JUDGED },
  { value: (f) => (f.count === 'awaiting' ? 'submitted' : null), sql: (at) => `a.state = $${at}` },
];

const DUE = `coalesce(a.due_at, 'infinity'::timestamptz)`;
const ORDER: Readonly<Record<AssignmentSort, { after: (at: number) => string; by: string }>> = {
  id: { after: (at) => `a.id > $${at}`, by: 'a.id' },
  due: { after: (at) => `(${DUE}, a.id) > ($${at + 1}::timestamptz, $${at}::uuid)`, by: `${DUE}, a.id` },
  '-due': {
    after: (at) => `(${DUE}, a.id) < ($${at + 1}::timestamptz, $${at}::uuid)`,
    by: `${DUE} desc, a.id desc`,
  },
};

/**
 * A page of assignments in a stable order: ids are given in the order of the plan. The statement holds the
 * conditions that are asked for and no others, under a name of their own: each shape is planned once per
 * connection, and a list without words never looks at the tasks of others.
 */
export async function listAssignments(
  db: Queryable,
  filter: AssignmentFilter,
  sort: AssignmentSort,
  after: AssignmentKey | null,
  limit: number,
): Promise<AssignmentRow[]> {
  const { by, after: goesOn } = ORDER[sort];
  const params: unknown[] = [limit];
  const where: string[] = [];
  const joins: string[] = [];
  const shape: number[] = [];
  for (const [place, { value, sql, join }] of CONDITIONS.entries()) {
    const given = value(filter);
    if (given === null) continue;
    where.push(sql(params.push(given)));
    if (join !== undefined) joins.push(join);
    shape.push(place);
  }
  if (after !== null) {
    where.push(goesOn(params.push(after.id)));
    if (sort !== 'id') params.push(timestamp(after.due ?? Number.POSITIVE_INFINITY));
  }
  return many(
    db,
    assignmentRow,
    {
      name: `list_assignments_${sort}_${shape.join('')}${after === null ? '' : '_on'}`,
      text: `with page as materialized (
               select a.* from assignment a ${joins.join(' ')}
                ${where.length === 0 ? '' : `where ${where.join(' and ')}`} order by ${by} limit $1)
             select ${COLUMNS} from page a ${JOINS} order by ${by}`,
    },
    params,
  );
}

const carriedOnRow = z.object({
  directive_id: z.string(),
  number: z.string().nullable(),
  title: z.string(),
  state: z.enum(['issued', 'closed']),
  planned: z.number(),
  class: z.enum(COUNTED),
  n: z.number(),
  reporting: z.number(),
  numerator: z.number().nullable(),
});
export type CarriedOnRow = z.infer<typeof carriedOnRow>;

/** The figures of the directives that carry an assignment on, by class; none for who does not read it whole. */
export async function carriedOnBy(db: Queryable, id: string): Promise<CarriedOnRow[]> {
  return many(
    db,
    carriedOnRow,
    {
      name: 'carried_on_by',
      text: `select directive_id, number, title, state, planned, class, n, reporting, numerator
               from carried_on_by(array[$1::uuid], app_now()) order by directive_id, class`,
    },
    [id],
  );
}
