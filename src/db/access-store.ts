import { type Access, accessBody, NOBODY } from '../domain/access-log.js';
import { canonical } from '../domain/canonical.js';
import type { Queryable } from './pool.js';
import { exec } from './query.js';

/** Appends a line to its person's chain of the day. */
export async function appendAccess(db: Queryable, access: Access): Promise<void> {
  await exec(
    db,
    {
      name: 'append_access',
      text: 'select record_access($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10, $11)',
    },
    [
      access.personId ?? NOBODY,
      access.workingGroupId,
      access.unitId,
      access.role,
      access.action,
      access.subject?.kind ?? null,
      access.subject?.id ?? null,
      canonical(access.detail),
      access.from.address,
      access.from.agent,
      accessBody(access),
    ],
  );
}
