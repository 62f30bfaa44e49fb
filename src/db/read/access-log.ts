import { z } from 'zod';
import { ACCESS_ACTIONS, NOBODY } from '../../domain/access-log.js';
import { ROLES } from '../../domain/actor.js';
import { type Queryable, timestampOrNull } from '../pool.js';
import { many } from '../query.js';
import { unitJson, unitRef } from './rows.js';

const accessRow = z.object({
  number: z.number(),
  at: z.number(),
  person: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
  role: z.enum(ROLES).nullable(),
  unit: unitRef.nullable(),
  action: z.enum(ACCESS_ACTIONS),
  subject_kind: z.string().nullable(),
  subject_id: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
  address: z.string().nullable(),
  agent: z.string().nullable(),
});
export type AccessRow = z.infer<typeof accessRow>;

export interface AccessFilter {
  readonly personId: string | null;
  readonly action: string | null;
  readonly subjectKind: string | null;
  readonly subjectId: string | null;
  readonly from: number | null;
  readonly to: number | null;
}

/** Lines that the caller may read, the latest first, before the line `before`. */
export async function listAccesses(
  db: Queryable,
  filter: AccessFilter,
  before: number | null,
  limit: number,
): Promise<AccessRow[]> {
  return many(
    db,
    accessRow,
    `select l.number, l.at, l.role, l.action, l.subject_kind, l.subject_id, l.detail, l.address, l.agent,
            case when l.person_id <> '${NOBODY}' then jsonb_build_object('id', l.person_id, 'name', p.name) end as person,
            case when u.id is not null then ${unitJson('u')} end as unit
       from access_log l left join person p on p.id = l.person_id left join unit u on u.id = l.unit_id
      where ($1::uuid is null or l.person_id = $1) and ($2::text is null or l.action = $2)
        and ($3::text is null or l.subject_kind = $3) and ($4::uuid is null or l.subject_id = $4)
        and ($5::timestamptz is null or l.at >= $5) and ($6::timestamptz is null or l.at < $6)
        and ($7::bigint is null or l.number < $7)
      order by l.number desc limit $8`,
    [
      filter.personId,
      filter.action,
      filter.subjectKind,
      filter.subjectId,
      timestampOrNull(filter.from),
      timestampOrNull(filter.to),
      before,
      limit,
    ],
  );
}
