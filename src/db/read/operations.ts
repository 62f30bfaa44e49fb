import { z } from 'zod';
import type { Queryable } from '../pool.js';
import { maybeOne } from '../query.js';

export const OPERATION_KINDS = ['issuing', 'calendar_edit', 'outage', 'reorganisation'] as const;

const operation = z.object({
  kind: z.enum(OPERATION_KINDS),
  /** The day of a reorganisation has not come; everything else begins at once. */
  waits: z.boolean(),
  startedAt: z.number(),
  doneAt: z.number().nullable(),
  /** Null where nobody can know before it is done. */
  total: z.number().nullable(),
  done: z.number(),
  setAside: z.number(),
  /** Of a calendar, whose id is no number of ours. */
  resource: z.string(),
  isDone: z.boolean(),
});
export type OperationRow = z.infer<typeof operation>;

/** What processes go on with after a command was answered, by the id of the directive, edit, outage or reorganisation. */
export async function readOperation(db: Queryable, id: string): Promise<OperationRow | null> {
  return maybeOne(
    db,
    operation,
    `select 'issuing' as kind, false as waits, issued_at as "startedAt", null::timestamptz as "doneAt", planned as total,
            assigned as done, 0 as "setAside", 'directives/' || id as resource, assigned >= planned or state <> 'issued' as "isDone"
       from directive where id = $1 and issued_at is not null
     union all
     select 'calendar_edit', false, recorded_at, done_at, null, looked, set_aside, 'calendars/' || calendar_id, done_at is not null
       from calendar_edit where id = $1
     union all
     select 'outage', false, recorded_at, closed_at, null, moved, set_aside, 'outages', closed_at is not null
       from outage where id = $1
     union all
     select 'reorganisation', state = 'planned', planned_at, done_at, null, moved,
            (select count(*) from reorganisation_stuck where reorganisation_id = r.id), 'reorganisations/' || id,
            state in ('done', 'cancelled')
       from reorganisation r where id = $1`,
    [id],
  );
}
