import { z } from 'zod';
import type { Queryable } from './pool.js';
import { exec, many } from './query.js';

// Leases and retries are the machine's own time, so they use clock_timestamp(): skipped time in a test must
// not make another worker believe that a lease has run out.

const claimedRow = z
  .object({
    id: z.string(),
    address: z.string(),
    message_id: z.string(),
    subject: z.string(),
    body_text: z.string(),
    body_html: z.string(),
    attempts: z.number(),
  })
  .transform((row) => ({
    id: row.id,
    attempts: row.attempts,
    mail: {
      messageId: row.message_id,
      to: row.address,
      subject: row.subject,
      text: row.body_text,
      html: row.body_html,
    },
  }));

/** An envelope that is ours to send until its lease runs out. */
export type ClaimedEnvelope = z.output<typeof claimedRow>;

/** Claims by a lease, one statement and so one transaction: nothing stays open while mail is sent. */
export async function claimEnvelopes(
  db: Queryable,
  limit: number,
  leaseMs: number,
): Promise<ClaimedEnvelope[]> {
  return await many(
    db,
    claimedRow,
    {
      name: 'claim_envelopes',
      text: `update envelope set leased_until = clock_timestamp() + $2 * interval '1 millisecond'
              where id in (select id from envelope
                            where state = 'ready' and next_at <= clock_timestamp() and leased_until < clock_timestamp()
                            order by next_at limit $1 for update skip locked)
            returning id, address, message_id, subject, body_text, body_html, attempts`,
    },
    [limit, leaseMs],
  );
}

/** Holds what is being sent for longer, from now. */
export async function renewLease(db: Queryable, id: string, leaseMs: number): Promise<void> {
  await exec(
    db,
    {
      name: 'renew_lease',
      text: `update envelope set leased_until = clock_timestamp() + $2 * interval '1 millisecond' where id = $1 and state = 'ready'`,
    },
    [id, leaseMs],
  );
}

export async function markSent(db: Queryable, id: string): Promise<void> {
  await exec(
    db,
    {
      name: 'mark_sent',
      text: `update envelope set state = 'sent', sent_at = app_now(), attempts = attempts + 1, last_error = null
              where id = $1 and state = 'ready'`,
    },
    [id],
  );
}

/** The server refused it: later again, or never where `dead`. */
export async function markRefused(
  db: Queryable,
  refused: { id: string; reason: string; nextInMs: number; dead: boolean },
): Promise<void> {
  await exec(
    db,
    `update envelope set attempts = attempts + 1, last_error = $2, state = case when $4 then 'dead' else state end,
            next_at = clock_timestamp() + $3 * interval '1 millisecond', leased_until = '-infinity'
      where id = $1 and state = 'ready'`,
    [refused.id, refused.reason.slice(0, 2000), refused.nextInMs, refused.dead],
  );
}

/** Gives back what was not tried, or what no server took: no attempt of the envelope's. */
export async function releaseEnvelopes(
  db: Queryable,
  ids: readonly string[],
  reason: string | null,
): Promise<void> {
  if (ids.length === 0) return;
  await exec(
    db,
    `update envelope set leased_until = '-infinity', last_error = coalesce($2, last_error)
      where id = any($1::uuid[]) and state = 'ready'`,
    [ids, reason?.slice(0, 2000) ?? null],
  );
}

const deadRow = z
  .object({
    id: z.string(),
    working_group_id: z.string(),
    address: z.string(),
    subject: z.string(),
    attempts: z.number(),
    last_error: z.string().nullable(),
    created_at: z.number(),
  })
  .transform((row) => ({
    id: row.id,
    workingGroupId: row.working_group_id,
    address: row.address,
    subject: row.subject,
    attempts: row.attempts,
    lastError: row.last_error,
    createdAt: row.created_at,
  }));

export type DeadEnvelope = z.output<typeof deadRow>;

export async function deadEnvelopes(db: Queryable, limit: number): Promise<DeadEnvelope[]> {
  return await many(
    db,
    deadRow,
    `select id, working_group_id, address, subject, attempts, last_error, created_at from envelope
      where state = 'dead' order by created_at desc, id limit $1`,
    [limit],
  );
}

/** Tries dead ones anew, from the first attempt. */
export async function reviveEnvelopes(db: Queryable, ids: readonly string[]): Promise<number> {
  return await exec(
    db,
    `update envelope set state = 'ready', attempts = 0, next_at = clock_timestamp() where id = any($1::uuid[]) and state = 'dead'`,
    [ids],
  );
}

/** Of one Working Group, as an administrator reads them; nobody else finds any. */
export async function deadEnvelopesOf(
  db: Queryable,
  workingGroupId: string,
  limit: number,
): Promise<DeadEnvelope[]> {
  return await many(
    db,
    deadRow,
    `select id, working_group_id, address, subject, attempts, last_error, created_at from dead_letter
      where working_group_id = $1 order by created_at desc, id limit $2`,
    [workingGroupId, limit],
  );
}

export async function reviveEnvelopesOf(db: Queryable, workingGroupId: string, id: string): Promise<number> {
  return await exec(
    db,
    `update envelope set state = 'ready', attempts = 0, next_at = clock_timestamp()
      where id = $2 and working_group_id = $1 and state = 'dead'`,
    [workingGroupId, id],
  );
}
