import { appendAccess } from '../db/access-store.js';
import { databaseError } from '../db/errors.js';
import type { Queryable } from '../db/pool.js';
import type { Access, AccessAction } from '../domain/access-log.js';
import type { PersonActor } from '../domain/actor.js';

/** Where a request came from, as the access log keeps it. */
export type Origin = Access['from'];

/** A caller says who they are in their own words: enough of it to be recognised, and no more. */
const MOST_AGENT = 200;

/**
 * Writes one line of the access log. Called before the answer is given: what cannot be logged is not shown. Inside a
 * command it takes the command's client and comes last, because its lock is the last of all; elsewhere the writer's pool.
 */
export async function recordAccess(db: Queryable, access: Access): Promise<void> {
  const { address, credential } = access.from;
  const agent = access.from.agent?.slice(0, MOST_AGENT) ?? null;
  const detail = credential === undefined ? access.detail : { ...access.detail, credential };
  try {
    await appendAccess(db, { ...access, detail, from: { address, agent } });
  } catch (error) {
    throw databaseError(error);
  }
}

/** The line of a person who acts under a grant. */
export function accessBy(
  actor: PersonActor,
  from: Origin,
  action: AccessAction,
  subject: Access['subject'],
  detail: Access['detail'] = {},
): Access {
  const { personId, role, workingGroupId, unitId } = actor;
  return { personId, role, workingGroupId, unitId, action, subject, detail, from };
}
