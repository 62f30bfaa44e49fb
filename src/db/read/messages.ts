import { z } from 'zod';
import type { Queryable } from '../pool.js';
import { many, one } from '../query.js';

const messageRow = z.object({
  id: z.string(),
  opened_at: z.number(),
  read_at: z.number().nullable(),
  deadline: z.number().nullable(),
  personal: z.boolean(),
  template: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.null()]).catch(null)),
  assignment_id: z.string().nullable(),
  directive_id: z.string().nullable(),
  report_id: z.string().nullable(),
  referral_id: z.string().nullable(),
  step_id: z.string().nullable(),
  code: z.string().nullable(),
  title: z.string().nullable(),
  directive_number: z.string().nullable(),
  directive_title: z.string().nullable(),
  unit_name: z.string().nullable(),
});
export type MessageRow = z.infer<typeof messageRow>;

export interface MessageFilter {
  readonly id: string | null;
  /** Only what the reader has not read. */
  readonly unread: boolean;
}

/** Messages to the reader or to their office, the newest first: ids are given in the order of opening. */
export async function listMessages(
  db: Queryable,
  filter: MessageFilter,
  afterId: string | null,
  limit: number,
): Promise<MessageRow[]> {
  return many(
    db,
    messageRow,
    `with page as materialized (
       select m.id, m.opened_at, m.deadline, m.person_id is not null as personal, r.at as read_at
         from message m left join message_read r on r.message_id = m.id
        where ($1::uuid is null or m.id = $1) and (not $2 or r.at is null) and ($3::uuid is null or m.id < $3)
        order by m.id desc limit $4)
     select p.*, l.* from page p join message_lines(array(select id from page)) l on l.message_id = p.id
      order by p.id desc`,
    [filter.id, filter.unread, afterId, limit],
  );
}

/** How many the reader has not read; counting ends at `most`. */
export async function countUnread(db: Queryable, most: number): Promise<number> {
  const row = await one(
    db,
    z.object({ unread: z.number() }),
    `select count(*) as unread from (
       select from message m where not exists (select from message_read r where r.message_id = m.id) limit $1) u`,
    [most],
  );
  return row.unread;
}
