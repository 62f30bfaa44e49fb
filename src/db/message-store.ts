import { z } from 'zod';
import type { Role } from '../domain/actor.js';
import { type Queryable, timestamp } from './pool.js';
import { exec, maybeOne } from './query.js';

/** Who a message within the product is for: a role, in a unit where the role is a unit's, or one person in it. */
export interface Inbox {
  readonly role: Exclude<Role, 'administrator'>;
  readonly unitId: string | null;
  readonly personId: string | null;
}

export interface NewMessage extends Inbox {
  readonly id: string;
  readonly itemId: string;
  readonly workingGroupId: string;
  readonly deadline: number | null;
  /** Have acknowledged it already: it is no news to them. */
  readonly knownTo: readonly string[];
}

/** Opens messages; the same item never twice to the same receiver. */
export async function insertMessages(db: Queryable, messages: readonly NewMessage[]): Promise<void> {
  if (messages.length === 0) return;
  const column = <T>(pick: (message: NewMessage) => T): T[] => messages.map(pick);
  await exec(
    db,
    {
      name: 'insert_messages',
      text: `with opened as (
               insert into message (id, item_id, working_group_id, role, unit_id, person_id, deadline, opened_at)
               select n.id, n.item, n.wg, n.role, n.unit, n.person, n.deadline, app_now()
                 from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::timestamptz[])
                      as n(id, item, wg, role, unit, person, deadline)
               on conflict do nothing
               returning item_id)
             update item i set in_app_at = app_now() from (select distinct item_id from opened) o where i.id = o.item_id`,
    },
    [
      column((m) => m.id),
      column((m) => m.itemId),
      column((m) => m.workingGroupId),
      column((m) => m.role),
      column((m) => m.unitId),
      column((m) => m.personId),
      column((m) => (m.deadline === null ? null : timestamp(m.deadline))),
    ],
  );
  const known = messages.flatMap(({ id, knownTo }) => knownTo.map((person) => ({ id, person })));
  if (known.length === 0) return;
  await exec(
    db,
    `insert into message_read (message_id, person_id, at)
     select m.id, n.person, app_now() from unnest($1::uuid[], $2::uuid[]) as n(message, person) join message m on m.id = n.message
     on conflict do nothing`,
    [known.map(({ id }) => id), known.map(({ person }) => person)],
  );
}

/** Whether the message is this person's to read, under the role they act in. */
export async function isAddressed(
  db: Queryable,
  id: string,
  workingGroupId: string,
  reader: Inbox,
): Promise<boolean> {
  const row = await maybeOne(
    db,
    z.object({ id: z.string() }),
    `select id from message
      where id = $1 and working_group_id = $2 and role = $3 and (role <> 'unit' or unit_id = $4)
        and (person_id is null or person_id = $5)`,
    [id, workingGroupId, reader.role, reader.unitId, reader.personId],
  );
  return row !== null;
}

/** The first reading stays. */
export async function markRead(db: Queryable, id: string, personId: string, at: number): Promise<void> {
  await exec(
    db,
    'insert into message_read (message_id, person_id, at) values ($1, $2, $3) on conflict do nothing',
    [id, personId, timestamp(at)],
  );
}
