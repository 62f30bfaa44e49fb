import { z } from 'zod';
import type { DirectivePolicy } from '../domain/policy.js';
import type { Queryable } from './pool.js';
import { exec, many } from './query.js';
import { policyDocument } from './read/rows.js';

const versionRow = z
  .object({
    id: z.string(),
    version: z.number(),
    body: policyDocument,
    recorded_at: z.number(),
    reason: z.string().nullable(),
    recorded_by: z.string().nullable(),
  })
  .transform((row) => ({
    id: row.id,
    version: row.version,
    body: row.body,
    recordedAt: row.recorded_at,
    reason: row.reason,
    recordedBy: row.recorded_by,
  }));

export type PolicyVersionRow = z.output<typeof versionRow>;

/** Every version of one policy, the latest first. */
export async function policyVersions(db: Queryable, id: string): Promise<PolicyVersionRow[]> {
  return await many(
    db,
    versionRow,
    `select p.id, p.version, p.body, p.recorded_at, p.reason, n.name as recorded_by
       from policy p left join person n on n.id = p.recorded_by where p.id = $1 order by p.version desc`,
    [id],
  );
}

/** Versions are only added; two that add the same one meet at the primary key. */
export async function addPolicyVersion(
  db: Queryable,
  policy: DirectivePolicy,
  { reason, personId }: { readonly reason: string; readonly personId: string },
): Promise<boolean> {
  const added = await exec(
    db,
    `insert into policy (id, version, body, reason, recorded_by) values ($1, $2, $3, $4, $5)
     on conflict (id, version) do nothing`,
    [policy.id, policy.version, JSON.stringify(policy), reason, personId],
  );
  return added === 1;
}
