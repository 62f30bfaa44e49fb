import { z } from 'zod';
import { ROLES } from '../../domain/actor.js';
import { SCOPES } from '../../domain/permission/relation.js';
import type { Queryable } from '../pool.js';
import { boundlessInstant, many, maybeOne } from '../query.js';
import { unitJson, unitRef } from './rows.js';

const personRow = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  locale: z.enum(['vi', 'en']),
  login: z.string().nullable(),
  disabled: z.boolean(),
  row_version: z.number(),
});
export type PersonRecordRow = z.infer<typeof personRow>;

/**
 * One person for administrators: of their Working Group, or of none yet; those who serve only elsewhere are not
 * theirs.
 */
export async function readPerson(db: Queryable, id: string): Promise<PersonRecordRow | null> {
  return maybeOne(
    db,
    personRow,
    `select id, name, email, locale, login, disabled_at is not null as disabled, row_version
       from person p where id = $1 and app_role() = 'administrator' and app_administers(id)`,
    [id],
  );
}

const grantRow = z.object({
  id: z.string(),
  role: z.enum(ROLES),
  person: z.object({ id: z.string(), name: z.string() }),
  unit: unitRef.nullable(),
  deputy_of: z.object({ id: z.string(), name: z.string() }).nullable(),
  office: z.boolean(),
  valid_from: boundlessInstant,
  valid_to: boundlessInstant,
});
export type GrantRecordRow = z.infer<typeof grantRow>;

export interface GrantFilter {
  readonly id: string | null;
  readonly personId: string | null;
  readonly unitId: string | null;
  readonly role: string | null;
  /** Also those that have ended or not begun. */
  readonly all: boolean;
}

/** Grants of the Working Group, the latest first; row security leaves an officer those of the own unit. */
export async function listGrants(
  db: Queryable,
  filter: GrantFilter,
  after: string | null,
  limit: number,
): Promise<GrantRecordRow[]> {
  return many(
    db,
    grantRow,
    `select r.id, r.role, jsonb_build_object('id', p.id, 'name', p.name) as person,
            case when u.id is not null then ${unitJson('u')} end as unit,
            case when d.id is not null then jsonb_build_object('id', d.id, 'name', d.name) end as deputy_of,
            r.office, r.valid_from, r.valid_to
       from role_grant r join person p on p.id = r.person_id
       left join unit u on u.id = r.unit_id left join person d on d.id = r.deputy_of
      where r.working_group_id = app_working_group()
        and ($1::uuid is null or r.id = $1) and ($2::uuid is null or r.person_id = $2)
        and ($3::uuid is null or r.unit_id = $3) and ($4::text is null or r.role = $4)
        and ($5::boolean or (r.valid_from <= app_now() and r.valid_to > app_now()))
        and ($6::uuid is null or r.id < $6)
      order by r.id desc limit $7`,
    [filter.id, filter.personId, filter.unitId, filter.role, filter.all, after, limit],
  );
}

const tokenRow = z.object({
  id: z.string(),
  label: z.string(),
  person: z.object({ id: z.string(), name: z.string() }),
  scopes: z.array(z.enum(SCOPES)),
  grant_id: z.string().nullable(),
  created_at: z.number(),
  expires_at: boundlessInstant,
  revoked_at: z.number().nullable(),
  last_used_at: z.number().nullable(),
});
export type TokenRecordRow = z.infer<typeof tokenRow>;

/** The tokens that row security shows: one's own, and to an administrator those bound to a grant of the group. */
export async function listTokens(
  db: Queryable,
  filter: { readonly id: string | null; readonly own: boolean },
  after: string | null,
  limit: number,
): Promise<TokenRecordRow[]> {
  return many(
    db,
    tokenRow,
    `select t.id, t.label, jsonb_build_object('id', p.id, 'name', p.name) as person, t.scopes, t.grant_id,
            t.created_at, t.expires_at, t.revoked_at, t.last_used_at
       from api_token t join person p on p.id = t.person_id
      where ($1::uuid is null or t.id = $1) and (not $2::boolean or t.person_id = app_person())
        and ($3::uuid is null or t.id < $3)
      order by t.id desc limit $4`,
    [filter.id, filter.own, after, limit],
  );
}

const sessionRow = z.object({
  id: z.string(),
  method: z.enum(['provider', 'local', 'demo']),
  started_at: z.number(),
  seen_at: z.number(),
  ends_at: z.number(),
  address: z.string().nullable(),
  agent: z.string().nullable(),
});
export type SessionRecordRow = z.infer<typeof sessionRow>;

/** One's own sessions that still run, the latest first. */
export async function listSessions(db: Queryable): Promise<SessionRecordRow[]> {
  return many(
    db,
    sessionRow,
    `select id, method, started_at, seen_at, ends_at, address, agent from session
      where person_id = app_person() and ended_at is null and ends_at > app_now() and seen_at + idle > app_now()
      order by id desc limit 200`,
  );
}
