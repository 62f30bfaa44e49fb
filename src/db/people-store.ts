import { z } from 'zod';
import { ROLES } from '../domain/actor.js';
import type { Scope } from '../domain/permission/relation.js';
import { type Queryable, timestamp } from './pool.js';
import { boundlessInstant, exec, maybeOne, one } from './query.js';

/** People, what they are granted, and their tokens, as administrators and they themselves change them. */

export interface PersonFields {
  readonly name: string;
  readonly email: string | null;
  readonly locale: 'vi' | 'en';
  readonly login: string | null;
}

const LockedPerson = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  locale: z.enum(['vi', 'en']),
  login: z.string().nullable(),
  disabled: z.boolean(),
  row_version: z.number(),
});
export type LockedPerson = z.output<typeof LockedPerson>;

const PERSON_COLUMNS = 'id, name, email, locale, login, disabled_at is not null as disabled, row_version';

/** @throws the unique violation of `person_login_key` for a login that is taken. */
export async function insertPerson(db: Queryable, id: string, person: PersonFields): Promise<void> {
  await exec(db, 'insert into person (id, name, email, locale, login) values ($1, $2, $3, $4, $5)', [
    id,
    person.name,
    person.email,
    person.locale,
    person.login,
  ]);
}

export async function lockPerson(db: Queryable, id: string): Promise<LockedPerson | null> {
  return maybeOne(db, LockedPerson, `select ${PERSON_COLUMNS} from person where id = $1 for update`, [id]);
}

export async function updatePerson(
  db: Queryable,
  id: string,
  person: PersonFields & { readonly disabled: boolean },
): Promise<number> {
  const row = await one(
    db,
    z.object({ row_version: z.number() }),
    `update person set name = $2, email = $3, locale = $4, login = $5,
            disabled_at = case when $6::boolean then coalesce(disabled_at, app_now()) end,
            row_version = row_version + 1
      where id = $1 returning row_version`,
    [id, person.name, person.email, person.locale, person.login, person.disabled],
  );
  return row.row_version;
}

/** Whether the person has, or had, a grant in the Working Group. */
export async function hasGrantIn(db: Queryable, personId: string, workingGroupId: string): Promise<boolean> {
  const row = await one(
    db,
    z.object({ found: z.boolean() }),
    'select exists (select from role_grant where person_id = $1 and working_group_id = $2) as found',
    [personId, workingGroupId],
  );
  return row.found;
}

/**
 * The Working Group whose administrators keep the person's account: the first that granted them anything that still
 * runs, or, where nothing runs any more, the first at all; null: nobody has yet. A later grant elsewhere gives no hold
 * on it.
 */
export async function homeOf(db: Queryable, personId: string): Promise<string | null> {
  const row = await maybeOne(
    db,
    z.object({ working_group_id: z.string() }),
    `select working_group_id from role_grant where person_id = $1 order by (valid_to > app_now()) desc, id limit 1`,
    [personId],
  );
  return row?.working_group_id ?? null;
}

export interface NewGrant {
  readonly id: string;
  readonly personId: string;
  readonly workingGroupId: string;
  readonly role: string;
  readonly unitId: string | null;
  readonly validFrom: number;
  readonly validTo: number;
  readonly deputyOf: string | null;
  readonly office: boolean;
}

/** @throws the unique violation of `role_grant_office` where the unit's office has an account already. */
export async function insertGrant(db: Queryable, grant: NewGrant): Promise<void> {
  await exec(
    db,
    `insert into role_grant (id, person_id, working_group_id, role, unit_id, valid_from, valid_to, deputy_of, office)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      grant.id,
      grant.personId,
      grant.workingGroupId,
      grant.role,
      grant.unitId,
      timestamp(grant.validFrom),
      timestamp(grant.validTo),
      grant.deputyOf,
      grant.office,
    ],
  );
}

const LockedGrant = z.object({
  id: z.string(),
  person_id: z.string(),
  working_group_id: z.string(),
  role: z.enum(ROLES),
  unit_id: z.string().nullable(),
  valid_from: boundlessInstant,
  valid_to: boundlessInstant,
  office: z.boolean(),
  row_version: z.number(),
});
export type LockedGrant = z.output<typeof LockedGrant>;

export async function lockGrant(db: Queryable, id: string): Promise<LockedGrant | null> {
  return maybeOne(
    db,
    LockedGrant,
    `select id, person_id, working_group_id, role, unit_id, valid_from, valid_to, office, row_version
       from role_grant where id = $1 for update`,
    [id],
  );
}

/** Whether somebody holds the role, at this unit where one is named, all through the dates. */
export async function holdsRole(
  db: Queryable,
  personId: string,
  grant: Pick<NewGrant, 'workingGroupId' | 'role' | 'unitId' | 'validFrom' | 'validTo'>,
): Promise<boolean> {
  const row = await one(
    db,
    z.object({ found: z.boolean() }),
    `select exists (select from role_grant where person_id = $1 and working_group_id = $2 and role = $3
                      and unit_id is not distinct from $4 and deputy_of is null
                      and valid_from <= $5 and valid_to >= $6) as found`,
    [
      personId,
      grant.workingGroupId,
      grant.role,
      grant.unitId,
      timestamp(grant.validFrom),
      timestamp(grant.validTo),
    ],
  );
  return row.found;
}

export async function endGrant(db: Queryable, id: string, at: number): Promise<number> {
  const row = await one(
    db,
    z.object({ row_version: z.number() }),
    `update role_grant set valid_to = greatest($2::timestamptz, valid_from), row_version = row_version + 1
      where id = $1 returning row_version`,
    [id, timestamp(at)],
  );
  // Nobody deputises for somebody who does not hold the role any more.
  await exec(
    db,
    `update role_grant d set valid_to = greatest($2::timestamptz, d.valid_from), row_version = d.row_version + 1
       from role_grant g
      where g.id = $1 and g.deputy_of is null and d.deputy_of = g.person_id and d.working_group_id = g.working_group_id
        and d.role = g.role and d.unit_id is not distinct from g.unit_id and d.valid_to > $2::timestamptz
        and not exists (select from role_grant o where o.id <> g.id and o.deputy_of is null and o.person_id = g.person_id
                          and o.working_group_id = g.working_group_id and o.role = g.role
                          and o.unit_id is not distinct from g.unit_id and o.valid_to > $2::timestamptz)`,
    [id, timestamp(at)],
  );
  return row.row_version;
}

/** Administrators whose grant runs on without an end, beside one grant; locked, so that two do not end each other. */
export async function otherAdministrators(
  db: Queryable,
  workingGroupId: string,
  but: string,
): Promise<number> {
  const row = await one(
    db,
    z.object({ n: z.number() }),
    `with others as (
       select g.id from role_grant g join person p on p.id = g.person_id
        where g.working_group_id = $1 and g.role = 'administrator' and g.id <> $2 and g.valid_to = 'infinity'
          and g.valid_from <= app_now() and p.disabled_at is null order by g.id for update of g)
     select count(*) as n from others`,
    [workingGroupId, but],
  );
  return row.n;
}

export interface NewToken {
  readonly id: string;
  readonly personId: string;
  readonly hash: Buffer;
  readonly label: string;
  readonly scopes: readonly Scope[];
  readonly grantId: string | null;
  readonly madeBy: string;
  /** The token that was shown when it was made; null where a person made it in a session. */
  readonly parentId: string | null;
  readonly expiresAt: number;
}

export async function insertToken(db: Queryable, token: NewToken): Promise<void> {
  await exec(
    db,
    `insert into api_token (id, person_id, hash, label, scopes, grant_id, made_by, expires_at, parent_id, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, app_now())`,
    [
      token.id,
      token.personId,
      token.hash,
      token.label,
      token.scopes,
      token.grantId,
      token.madeBy,
      timestamp(token.expiresAt),
      token.parentId,
    ],
  );
}

const LockedToken = z.object({
  id: z.string(),
  person_id: z.string(),
  grant_group_id: z.string().nullable(),
  revoked: z.boolean(),
});
export type LockedToken = z.output<typeof LockedToken>;

export async function lockToken(db: Queryable, id: string): Promise<LockedToken | null> {
  return maybeOne(
    db,
    LockedToken,
    `select t.id, t.person_id, g.working_group_id as grant_group_id, t.revoked_at is not null as revoked
       from api_token t left join role_grant g on g.id = t.grant_id where t.id = $1 for update of t`,
    [id],
  );
}

/** With every token that it has made, and those of them. */
export async function revokeToken(db: Queryable, id: string): Promise<void> {
  await exec(
    db,
    `with recursive made as (
       select $1::uuid as id union select t.id from api_token t join made on t.parent_id = made.id)
     update api_token set revoked_at = app_now() where id in (select id from made) and revoked_at is null`,
    [id],
  );
}

const Bounds = z.object({ grant_id: z.string().nullable(), expires_at: z.number().nullable() });

/** What a token is bound to, and until when it holds (null: for ever); locked, so that it is not revoked meanwhile. */
export async function lockBounds(db: Queryable, id: string): Promise<z.output<typeof Bounds>> {
  return one(
    db,
    Bounds,
    `select grant_id, case when isfinite(expires_at) then floor(extract(epoch from expires_at) * 1000)::float8 end as expires_at
       from api_token where id = $1 for share`,
    [id],
  );
}

/** Whether anybody administers the Working Group. */
export async function hasAdministratorOf(db: Queryable, workingGroupId: string): Promise<boolean> {
  const row = await one(
    db,
    z.object({ found: z.boolean() }),
    `select exists (select from role_grant where working_group_id = $1 and role = 'administrator'
                      and valid_to > app_now()) as found`,
    [workingGroupId],
  );
  return row.found;
}

/** The person of a login who administers a Working Group, with the account open again; null where there is none. */
export async function openAdministrator(db: Queryable, login: string): Promise<string | null> {
  const row = await maybeOne(
    db,
    z.object({ id: z.string() }),
    `update person p set disabled_at = null, row_version = row_version + 1
      where p.login = $1 and exists (select from role_grant g where g.person_id = p.id and g.role = 'administrator'
                                        and g.valid_to > app_now())
      returning id`,
    [login],
  );
  return row?.id ?? null;
}
