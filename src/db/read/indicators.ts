import { z } from 'zod';
import { type Assignment, completeAssignment } from '../../domain/assignment/state.js';
import type { DraftTask } from '../../domain/directive/draft.js';
import type { Figure } from '../../domain/figures/series.js';
import type { Queryable } from '../pool.js';
import { many, maybeOne } from '../query.js';
import { document, unitJson, unitRef } from './rows.js';

const figureRow = z.object({
  id: z.string(),
  type: z.enum(['assigned', 'reported']),
  figure: document<Figure & { readonly parts?: readonly number[] }>().nullable(),
  percent: z.number().nullable(),
  predecessor: z.string().nullable(),
  text: z.record(z.string(), z.string()).nullable(),
  recorded_at: z.number(),
});
export type FigureRow = z.infer<typeof figureRow>;

/** What was reported of some assignments in figures, and of those whose lives they go on with; each in its order. */
export async function reportedFigures(db: Queryable, ids: readonly string[]): Promise<FigureRow[]> {
  return many(
    db,
    figureRow,
    {
      name: 'reported_figures',
      text: `select e.subject_id as id, e.type, e.data -> 'figure' as figure, (e.data ->> 'percent')::float8 as percent,
                    e.data ->> 'predecessorId' as predecessor, e.text, e.recorded_at
               from event e
              where e.subject_kind = 'assignment' and e.type in ('assigned', 'reported')
                and e.subject_id in (select unnest($1::uuid[])
                                     union select predecessor_id from succession where successor_id = any ($1))
              order by e.subject_id, e.seq`,
    },
    [ids],
  );
}

const taskRow = z.object({
  id: z.string(),
  code: z.string().nullable(),
  title: z.string(),
  titleEn: z.string().nullable(),
  nature: z.enum(['specific', 'general']),
  draft: document<DraftTask>(),
  directive: z.object({ id: z.string(), number: z.string().nullable(), title: z.string() }),
});
export type IndicatorTaskRow = z.infer<typeof taskRow>;

/** A task as it was issued, or null where the caller may not know of it. */
export async function readTask(db: Queryable, id: string): Promise<IndicatorTaskRow | null> {
  return maybeOne(
    db,
    taskRow,
    `select t.id, t.code, t.title, t.body #>> '{task,titleEn}' as "titleEn", t.nature, t.body -> 'task' as draft,
            jsonb_build_object('id', d.id, 'number', d.number, 'title', d.title) as directive
       from task t join directive d on d.id = t.directive_id where t.id = $1`,
    [id],
  );
}

const sharingRow = z.object({ body: document<Assignment>().transform(completeAssignment), unit: unitRef });
export type SharingRow = z.infer<typeof sharingRow>;

/**
 * Whose figures make a task's. What was stopped owes none, and what was moved counts at its successor. A unit sees
 * what it leads or monitors: of what it only helps with it cannot read the reports, and would find them missing.
 */
export async function sharingAssignments(db: Queryable, taskId: string): Promise<SharingRow[]> {
  return many(
    db,
    sharingRow,
    `select a.body, ${unitJson('u')} as unit from assignment a join unit u on u.id = a.unit_id
      where a.task_id = $1 and a.state not in ('superseded', 'stopped')
        and ((select app_role()) <> 'unit' or a.unit_id = (select app_unit()) or a.monitor_unit_id = (select app_unit()))
      order by u.code, a.id`,
    [taskId],
  );
}
