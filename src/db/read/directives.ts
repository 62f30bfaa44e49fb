import { z } from 'zod';
import type { DirectiveContent } from '../../domain/directive/draft.js';
import type { Directive } from '../../domain/directive/state.js';
import type { Queryable } from '../pool.js';
import { many, maybeOne } from '../query.js';
import { document, unitJson, unitRef } from './rows.js';

/** The content without its tasks; those are shown only to who reads the whole directive. */
export type DirectiveHeadContent = Omit<DirectiveContent, 'tasks'>;

const directiveRow = z.object({
  id: z.string(),
  body: document<Directive>(),
  head: document<DirectiveHeadContent>(),
  tasks: document<DirectiveContent['tasks']>().nullable(),
  row_version: z.number(),
  standing_agency: unitRef,
  calendar_id: z.string(),
  calendar_version: z.number(),
  reads_all: z.boolean(),
  open: z.number(),
  visible: z.number(),
  carries_on: z
    .object({
      assignmentId: z.string(),
      state: z.string(),
      until: z.number().nullable(),
      taskCode: z.string().nullable(),
      taskTitle: z.string(),
      directiveNumber: z.string().nullable(),
      directiveTitle: z.string(),
      unit: unitRef,
    })
    .nullable(),
  next_step: z.object({ step: z.string(), at: z.number() }).nullable(),
});
export type DirectiveRow = z.infer<typeof directiveRow>;

/** A unit reads the directive's head; the rows of other units stay in the content, which it is not given. */
const columns = (
  tasks: string,
): string => `d.id, d.body, d.content - 'tasks' as head, ${tasks} as tasks, d.row_version,
  ${unitJson('u')} as standing_agency, d.calendar_id, d.calendar_version, app_reads_all() as reads_all,
  (select count(*) from assignment a where a.directive_id = d.id and a.ended_at is null) as open,
  (select count(*) from assignment a where a.directive_id = d.id) as visible,
  (select jsonb_build_object('step', p.step, 'at', extract(epoch from p.due_at) * 1000) from planned_step p
    where p.subject_kind = 'directive' and p.subject_id = d.id) as next_step,
  case when d.parent_assignment_id is not null then (
    select jsonb_build_object('assignmentId', c.assignment_id, 'state', c.state, 'until', extract(epoch from c.until) * 1000,
                              'taskCode', c.task_code, 'taskTitle', c.task_title, 'directiveNumber', c.directive_number,
                              'directiveTitle', c.directive_title, 'unit', ${unitJson('cu')})
      from carried_on(array[d.id]) c join unit cu on cu.id = c.unit_id) end as carries_on`;

export async function readDirective(db: Queryable, id: string): Promise<DirectiveRow | null> {
  return maybeOne(
    db,
    directiveRow,
    {
      name: 'read_directive',
      text: `select ${columns("case when app_reads_all() then d.content -> 'tasks' end")}
               from directive d join unit u on u.id = d.unit_id where d.id = $1`,
    },
    [id],
  );
}

export interface DirectiveFilter {
  readonly states: readonly string[] | null;
  readonly q: string | null;
}

/** The newest first. */
export async function listDirectives(
  db: Queryable,
  filter: DirectiveFilter,
  afterId: string | null,
  limit: number,
): Promise<DirectiveRow[]> {
  return many(
    db,
    directiveRow,
    `select ${columns('null::jsonb')} from directive d join unit u on u.id = d.unit_id
      where ($1::text[] is null or d.state = any ($1)) and ($2::uuid is null or d.id < $2)
        and ($3::text is null or position(folded($3) in folded(concat_ws(' ', d.number, d.title))) > 0)
      order by d.id desc limit $4`,
    [filter.states, afterId, filter.q, limit],
  );
}

const taskRow = z.object({
  id: z.string(),
  ordinal: z.number(),
  code: z.string().nullable(),
  title: z.string(),
  kind: z.enum(['task', 'model', 'goal']),
  unclear: z.array(z.string()),
  deadline_phrase: z.string().nullable(),
  deadline_at: z.number().nullable(),
});
export type TaskRow = z.infer<typeof taskRow>;

/** The tasks of the frozen version that the caller may see, in the order of the document. */
export async function tasksOf(db: Queryable, directiveId: string): Promise<TaskRow[]> {
  return many(
    db,
    taskRow,
    `select id, ordinal, code, title, kind, unclear, deadline_phrase, deadline_at from task
      where directive_id = $1 order by ordinal`,
    [directiveId],
  );
}

const stepCount = z.object({ kind: z.string(), taken: z.number(), voided: z.number() });

/** Steps taken under a directive, by kind. */
export async function stepsByKind(db: Queryable, directiveId: string): Promise<z.infer<typeof stepCount>[]> {
  return many(
    db,
    stepCount,
    `select kind, count(*) as taken, count(voided_at) as voided from step_taken where directive_id = $1
      group by kind order by kind`,
    [directiveId],
  );
}

const referralCount = z.object({ state: z.string(), cases: z.number() });

export async function referralsByState(
  db: Queryable,
  directiveId: string,
): Promise<z.infer<typeof referralCount>[]> {
  return many(
    db,
    referralCount,
    'select state, count(*) as cases from referral where directive_id = $1 group by state order by state',
    [directiveId],
  );
}
