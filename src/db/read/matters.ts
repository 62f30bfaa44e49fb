import { z } from 'zod';
import type { Matter } from '../../domain/assignment/state.js';
import type { Queryable } from '../pool.js';
import { many } from '../query.js';
import { document, unitJson, unitRef } from './rows.js';

const matterRow = z.object({
  body: document<Matter>(),
  assignment_id: z.string(),
  directive_id: z.string(),
  directive_number: z.string().nullable(),
  unit: unitRef,
  task_code: z.string().nullable(),
  task_title: z.string(),
});
export type MatterRow = z.infer<typeof matterRow>;

export interface MatterFilter {
  readonly kind: Matter['kind'];
  readonly directiveId: string | null;
  readonly assignmentId: string | null;
  readonly unitId: string | null;
  readonly states: readonly string[] | null;
}

/** Matters of one kind that the caller may see, the newest first. */
export async function listMatters(
  db: Queryable,
  filter: MatterFilter,
  afterId: string | null,
  limit: number,
): Promise<MatterRow[]> {
  return many(
    db,
    matterRow,
    `select m.body, m.assignment_id, m.directive_id, d.number as directive_number, ${unitJson('u')} as unit, t.code as task_code,
            t.title as task_title
       from matter m join unit u on u.id = m.unit_id join assignment a on a.id = m.assignment_id join task t on t.id = a.task_id
       join directive d on d.id = m.directive_id
      where m.kind = $1 and ($2::uuid is null or m.directive_id = $2) and ($3::uuid is null or m.assignment_id = $3)
        and ($4::uuid is null or m.unit_id = $4) and ($5::text[] is null or m.state = any ($5)) and ($6::uuid is null or m.id < $6)
      order by m.id desc limit $7`,
    [filter.kind, filter.directiveId, filter.assignmentId, filter.unitId, filter.states, afterId, limit],
  );
}
