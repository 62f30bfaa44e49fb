import { z } from 'zod';
import type { Matter } from '../domain/assignment/state.js';
import type { Queryable } from './pool.js';
import { maybeOne } from './query.js';

/** The assignment that a matter belongs to; who may act on it is judged on the assignment. */
export async function assignmentOfMatter(
  db: Queryable,
  workingGroupId: string,
  kind: Matter['kind'],
  id: string,
): Promise<string | null> {
  const row = await maybeOne(
    db,
    z.object({ assignment_id: z.string() }),
    {
      name: 'assignment_of_matter',
      text: 'select assignment_id from matter where id = $1 and kind = $2 and working_group_id = $3',
    },
    [id, kind, workingGroupId],
  );
  return row?.assignment_id ?? null;
}
