import { z } from 'zod';
import { type Queryable, timestamp } from './pool.js';
import { exec, many, maybeOne } from './query.js';
import type { FeedCursor } from './read/feed.js';

export interface NewWebhook {
  readonly id: string;
  readonly workingGroupId: string;
  readonly unitId: string | null;
  readonly role: string;
  readonly personId: string;
  readonly label: string;
  readonly url: string;
  readonly types: readonly string[];
  readonly secret: string;
  readonly from: FeedCursor;
  readonly at: number;
}

export async function insertWebhook(db: Queryable, made: NewWebhook): Promise<void> {
  await exec(
    db,
    `insert into webhook (id, working_group_id, unit_id, role, person_id, label, url, types, secret, epoch, cursor_xid,
                          cursor_number, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::xid8, $12, $13)`,
    [
      made.id,
      made.workingGroupId,
      made.unitId,
      made.role,
      made.personId,
      made.label,
      made.url,
      made.types,
      made.secret,
      made.from.epoch,
      made.from.xid,
      made.from.number,
      timestamp(made.at),
    ],
  );
}

const webhookRow = z.object({
  id: z.string(),
  label: z.string(),
  url: z.string(),
  types: z.array(z.string()),
  state: z.enum(['active', 'disabled']),
  reason: z.string().nullable(),
  old_secret_until: z.number().nullable(),
  row_version: z.number(),
  created_at: z.number(),
  waiting: z.number(),
  dead: z.number(),
});
export type WebhookRow = z.infer<typeof webhookRow>;

const WEBHOOK = `select w.id, w.label, w.url, w.types, w.state, w.reason, w.old_secret_until, w.row_version, w.created_at,
    (select count(*) from webhook_delivery d where d.webhook_id = w.id and d.state = 'waiting') as waiting,
    (select count(*) from webhook_delivery d where d.webhook_id = w.id and d.state = 'dead') as dead
  from webhook w where w.state <> 'removed'`;

/** Within the reader's scope, which is the office that made them. */
export async function listWebhooks(db: Queryable): Promise<WebhookRow[]> {
  return many(db, webhookRow, `${WEBHOOK} order by w.id`);
}

export async function readWebhook(db: Queryable, id: string): Promise<WebhookRow | null> {
  return maybeOne(db, webhookRow, `${WEBHOOK} and w.id = $1`, [id]);
}

const lockedRow = z.object({
  id: z.string(),
  row_version: z.number(),
  state: z.enum(['active', 'disabled']),
  secret: z.string(),
});
export type LockedWebhook = z.infer<typeof lockedRow>;

export interface Office {
  readonly workingGroupId: string;
  readonly role: string;
  readonly unitId: string | null;
}

/** A webhook of this office, under its lock. */
export async function lockWebhook(db: Queryable, id: string, office: Office): Promise<LockedWebhook | null> {
  return maybeOne(
    db,
    lockedRow,
    `select id, row_version, state, secret from webhook
      where id = $1 and state <> 'removed' and working_group_id = $2 and role = $3 and unit_id is not distinct from $4
        for update`,
    [id, office.workingGroupId, office.role, office.unitId],
  );
}

export interface WebhookChange {
  readonly label?: string | undefined;
  readonly url?: string | undefined;
  readonly types?: readonly string[] | undefined;
  readonly state?: 'active' | 'disabled' | 'removed' | undefined;
}

/** `from`: where an enabled one goes on; what happened while it was disabled is not caught up. */
export async function changeWebhook(
  db: Queryable,
  id: string,
  change: WebhookChange,
  from: FeedCursor | null,
): Promise<void> {
  await exec(
    db,
    `update webhook set label = coalesce($2, label), url = coalesce($3, url), types = coalesce($4, types),
                        state = coalesce($5, state), reason = case when $5 is null then reason end,
                        epoch = coalesce($6, epoch), cursor_xid = coalesce($7::xid8, cursor_xid),
                        cursor_number = coalesce($8, cursor_number), row_version = row_version + 1
      where id = $1`,
    [
      id,
      change.label ?? null,
      change.url ?? null,
      change.types ?? null,
      change.state ?? null,
      from?.epoch ?? null,
      from?.xid ?? null,
      from?.number ?? null,
    ],
  );
}

/** The secret until now signs beside the new one for so long. */
export async function rotateSecret(
  db: Queryable,
  id: string,
  secret: string,
  overlapMs: number,
): Promise<void> {
  await exec(
    db,
    `update webhook set old_secret = secret, old_secret_until = app_now() + $3 * interval '1 millisecond', secret = $2,
                        row_version = row_version + 1 where id = $1`,
    [id, secret, overlapMs],
  );
}

/** @returns the secret; only for whoever has just made or rotated it */
export async function secretOf(db: Queryable, id: string): Promise<string | null> {
  const row = await maybeOne(
    db,
    z.object({ secret: z.string() }),
    'select secret from webhook where id = $1',
    [id],
  );
  return row?.secret ?? null;
}

const followingRow = z
  .object({
    id: z.string(),
    working_group_id: z.string(),
    unit_id: z.string().nullable(),
    role: z.string(),
    person_id: z.string(),
    types: z.array(z.string()),
    epoch: z.number(),
    cursor_xid: z.string(),
    cursor_number: z.number(),
  })
  .transform((row) => ({
    id: row.id,
    scope: {
      workingGroupId: row.working_group_id,
      role: row.role,
      unitId: row.unit_id,
      personId: row.person_id,
    },
    types: row.types,
    cursor: { epoch: row.epoch, xid: row.cursor_xid, number: row.cursor_number },
  }));
export type FollowingWebhook = z.output<typeof followingRow>;

/** Active webhooks whose maker still holds the grant under which they were made. */
export async function followingWebhooks(db: Queryable): Promise<FollowingWebhook[]> {
  return many(
    db,
    followingRow,
    `select w.id, w.working_group_id, w.unit_id, w.role, w.person_id, w.types, w.epoch, w.cursor_xid::text, w.cursor_number
       from webhook w
      where w.state = 'active' and exists (
        select from role_grant g where g.person_id = w.person_id and g.working_group_id = w.working_group_id
           and g.role = w.role and g.unit_id is not distinct from w.unit_id
           and g.valid_from <= app_now() and g.valid_to > app_now())
        and exists (select from person p where p.id = w.person_id and p.disabled_at is null)
      order by w.id`,
  );
}

/** Moves a webhook's cursor from where it was read; false where somebody else has moved it. */
export async function moveCursor(
  db: Queryable,
  id: string,
  from: FeedCursor,
  to: FeedCursor,
): Promise<boolean> {
  const moved = await exec(
    db,
    `update webhook set epoch = $5, cursor_xid = $6::xid8, cursor_number = $7
      where id = $1 and state = 'active' and epoch = $2 and cursor_xid = $3::xid8 and cursor_number = $4`,
    [id, from.epoch, from.xid, from.number, to.epoch, to.xid, to.number],
  );
  return moved === 1;
}

export interface NewDelivery {
  readonly id: string;
  readonly eventNumber: number;
  readonly type: string;
  readonly body: string;
}

export async function insertDeliveries(
  db: Queryable,
  webhookId: string,
  deliveries: readonly NewDelivery[],
): Promise<void> {
  await exec(
    db,
    `insert into webhook_delivery (id, webhook_id, working_group_id, unit_id, event_number, event_type, body)
     select n.id, w.id, w.working_group_id, w.unit_id, n.number, n.type, n.body
       from unnest($2::uuid[], $3::bigint[], $4::text[], $5::text[]) as n(id, number, type, body)
       join webhook w on w.id = $1
     on conflict (webhook_id, event_number) do nothing`,
    [
      webhookId,
      deliveries.map((d) => d.id),
      deliveries.map((d) => d.eventNumber),
      deliveries.map((d) => d.type),
      deliveries.map((d) => d.body),
    ],
  );
}

const claimedRow = z.object({
  id: z.string(),
  webhook_id: z.string(),
  attempts: z.number(),
  body: z.string(),
  url: z.string(),
  secrets: z.array(z.string()),
});
export type ClaimedDelivery = z.infer<typeof claimedRow>;

/**
 * Takes deliveries that are due, by a lease that is committed before anything is sent. Of one webhook only some
 * are under way at a time, so that a slow receiver holds up nobody else.
 */
export async function claimDeliveries(
  db: Queryable,
  options: { readonly batch: number; readonly perWebhook: number; readonly leaseMs: number },
): Promise<ClaimedDelivery[]> {
  return many(
    db,
    claimedRow,
    `with due as (
       select d.id from (
         select q.id, q.next_at, row_number() over (partition by q.webhook_id order by q.next_at, q.event_number)
             + (select count(*) from webhook_delivery l
                 where l.webhook_id = q.webhook_id and l.state = 'waiting' and l.leased_until >= clock_timestamp()) as place
           from webhook_delivery q join webhook a on a.id = q.webhook_id and a.state = 'active'
          where q.state = 'waiting' and q.next_at <= clock_timestamp() and q.leased_until < clock_timestamp()) d
        where d.place <= $2 order by d.next_at limit $1),
     taken as (
       select t.id from webhook_delivery t where t.id in (select id from due) and t.state = 'waiting'
          and t.leased_until < clock_timestamp() for update skip locked)
     update webhook_delivery d set leased_until = clock_timestamp() + $3 * interval '1 millisecond', attempts = d.attempts + 1
       from webhook w
      where d.id in (select id from taken) and w.id = d.webhook_id and w.state = 'active'
     returning d.id, d.webhook_id, d.attempts, d.body, w.url,
       array_remove(array[w.secret, case when w.old_secret_until > app_now() then w.old_secret end], null) as secrets`,
    [options.batch, options.perWebhook, options.leaseMs],
  );
}

/** What became of an attempt. `nextInMs`: when it is tried again; null: never. */
export async function noteAttempt(
  db: Queryable,
  id: string,
  outcome: {
    readonly delivered: boolean;
    readonly status: number | null;
    readonly error: string | null;
    readonly nextInMs: number | null;
  },
): Promise<void> {
  const { delivered, nextInMs } = outcome;
  await exec(
    db,
    `update webhook_delivery
        set state = $2, last_status = $3, last_error = $4, leased_until = '-infinity',
            delivered_at = case when $2 = 'delivered' then clock_timestamp() end,
            next_at = clock_timestamp() + coalesce($5::double precision, 0) * interval '1 millisecond'
      where id = $1`,
    [
      id,
      delivered ? 'delivered' : nextInMs === null ? 'dead' : 'waiting',
      outcome.status,
      outcome.error?.slice(0, 500) ?? null,
      nextInMs,
    ],
  );
}

export async function disableWebhook(db: Queryable, id: string, reason: string): Promise<void> {
  await exec(
    db,
    `update webhook set state = 'disabled', reason = $2, row_version = row_version + 1 where id = $1 and state = 'active'`,
    [id, reason],
  );
}

const deliveryRow = z.object({
  id: z.string(),
  event_type: z.string(),
  event_number: z.number(),
  state: z.enum(['waiting', 'delivered', 'dead']),
  attempts: z.number(),
  next_at: z.number(),
  last_status: z.number().nullable(),
  last_error: z.string().nullable(),
  created_at: z.number(),
  delivered_at: z.number().nullable(),
});
export type DeliveryRow = z.infer<typeof deliveryRow>;

/** The latest first. */
export async function listDeliveries(
  db: Queryable,
  webhookId: string,
  state: string | null,
  before: number | null,
  limit: number,
): Promise<DeliveryRow[]> {
  return many(
    db,
    deliveryRow,
    `select id, event_type, event_number, state, attempts, next_at, last_status, last_error, created_at, delivered_at
       from webhook_delivery
      where webhook_id = $1 and ($2::text is null or state = $2) and ($3::bigint is null or event_number < $3)
      order by event_number desc limit $4`,
    [webhookId, state, before, limit],
  );
}

/** Sends a delivery again from the first attempt on, under the same id. */
export async function resend(db: Queryable, webhookId: string, id: string): Promise<boolean> {
  const changed = await exec(
    db,
    `update webhook_delivery set state = 'waiting', attempts = 0, next_at = clock_timestamp(), leased_until = '-infinity'
      where id = $2 and webhook_id = $1`,
    [webhookId, id],
  );
  return changed === 1;
}

/** What was delivered long ago is let go, and whatever a removed webhook had; what else was not delivered stays. */
export async function forgetDelivered(db: Queryable, olderMs: number, most: number): Promise<number> {
  return exec(
    db,
    `delete from webhook_delivery where id in (
       (select id from webhook_delivery
         where state = 'delivered' and delivered_at < clock_timestamp() - $1 * interval '1 millisecond' limit $2)
       union all
       (select d.id from webhook w join webhook_delivery d on d.webhook_id = w.id where w.state = 'removed' limit $2))`,
    [olderMs, most],
  );
}
