import { z } from 'zod';
import { ROLES } from '../domain/actor.js';
import { SCOPES } from '../domain/permission/relation.js';
import type { Queryable } from './pool.js';
import { exec, maybeOne, one } from './query.js';

const Named = z.object({ id: z.string(), code: z.string(), name: z.string(), nameEn: z.string().nullable() });

const GrantRow = z.object({
  id: z.string(),
  role: z.enum(ROLES),
  workingGroup: Named,
  unit: Named.nullable(),
  /** Null where the grant has no beginning or no end. */
  validFrom: z.number().nullable(),
  validTo: z.number().nullable(),
});
/** A role within a Working Group, valid now. */
export type GrantRow = z.output<typeof GrantRow>;

const IdentityRow = z.object({
  /** What the person showed: the token, or the session of a browser. */
  credential: z.object({ kind: z.enum(['token', 'session']), id: z.string() }),
  /** What a token may do; a session may do whatever its person may. */
  scopes: z.array(z.enum(SCOPES)),
  person: z.object({
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    locale: z.enum(['vi', 'en']),
  }),
  grants: z.array(GrantRow),
});
/** Who a token or a session belongs to, with the grants that are valid now. */
export type IdentityRow = z.output<typeof IdentityRow>;

/** Infinity has no form in JSON; a bound that is not finite is no bound. */
const bound = (column: string): string =>
  `case when isfinite(${column}) then floor(extract(epoch from ${column}) * 1000) end`;

/** The person `p` with their grants; `bound` restricts a token to one of them. */
const identity = (credential: string, scopes: string, boundTo: string): string =>
  `jsonb_build_object('kind', '${credential}', 'id', c.id) as credential, ${scopes} as scopes,
   jsonb_build_object('id', p.id, 'name', p.name, 'email', p.email, 'locale', p.locale) as person,
   (select coalesce(jsonb_agg(jsonb_build_object(
             'id', r.id, 'role', r.role,
             'workingGroup', jsonb_build_object('id', w.id, 'code', w.code, 'name', w.name, 'nameEn', w.name_en),
             'unit', case when u.id is not null then
               jsonb_build_object('id', u.id, 'code', u.code, 'name', u.name, 'nameEn', u.name_en) end,
             'validFrom', ${bound('r.valid_from')},
             'validTo', ${bound('r.valid_to')}) order by w.code, r.role, r.id), '[]'::jsonb)
      from role_grant r
      join working_group w on w.id = r.working_group_id
      left join unit u on u.id = r.unit_id
     where r.person_id = p.id and ${boundTo} and r.valid_from <= app_now() and r.valid_to > app_now()) as grants`;

/**
 * Null for a token that is unknown, revoked or expired, or whose person may no longer sign in. Tokens of the
 * demonstration count only where demo sign-ins are on.
 */
export async function identityByToken(
  db: Queryable,
  hash: Buffer,
  options: { readonly demo: boolean },
): Promise<IdentityRow | null> {
  return maybeOne(
    db,
    IdentityRow,
    {
      name: 'identity-by-token',
      text: `select ${identity('token', 'to_jsonb(c.scopes)', '(c.grant_id is null or r.id = c.grant_id)')}
               from api_token c join person p on p.id = c.person_id
              where c.hash = $1::bytea and c.revoked_at is null and c.expires_at > app_now()
                and p.disabled_at is null and ($2::boolean or c.kind <> 'demo')`,
    },
    [hash, options.demo],
  );
}

/** Null for a session that has ended in any way. */
export async function identityBySession(
  db: Queryable,
  hash: Buffer,
  options: { readonly demo: boolean },
): Promise<IdentityRow | null> {
  return maybeOne(
    db,
    IdentityRow,
    {
      name: 'identity-by-session',
      text: `select ${identity('session', `'["read", "write", "admin"]'::jsonb`, 'true')}
               from session c join person p on p.id = c.person_id
              where c.hash = $1::bytea and c.ended_at is null and c.ends_at > app_now()
                and c.seen_at + c.idle > app_now() and p.disabled_at is null and ($2::boolean or c.method <> 'demo')`,
    },
    [hash, options.demo],
  );
}

/** Notes that a token was used; a row is written at most once a minute, whatever number of processes ask. */
export async function touchToken(db: Queryable, id: string): Promise<number> {
  return exec(
    db,
    `update api_token set last_used_at = app_now()
      where id = $1 and (last_used_at is null or last_used_at < app_now() - interval '1 minute')`,
    [id],
  );
}

/** The same for a session, whose idle time counts from here. */
export async function touchSession(db: Queryable, id: string): Promise<number> {
  return exec(
    db,
    `update session set seen_at = app_now()
      where id = $1 and ended_at is null and seen_at < app_now() - interval '1 minute'`,
    [id],
  );
}

/** What a command rests on: it is looked at again inside its transaction. */
export interface Standing {
  readonly grantId: string | null;
  readonly credential: IdentityRow['credential'];
}

const StandingRow = z.object({ now: z.number(), granted: z.boolean(), signed_in: z.boolean() });

/** The database's clock, and whether grant and credential hold at that instant; one statement, for every command. */
export async function standingNow(db: Queryable, standing: Standing): Promise<z.output<typeof StandingRow>> {
  return one(
    db,
    StandingRow,
    {
      name: 'standing-now',
      text: `select n.now,
                    $1::uuid is null or exists (select from role_grant r
                      where r.id = $1 and r.valid_from <= n.now and r.valid_to > n.now) as granted,
                    case $2 when 'token' then exists (select from api_token t join person p on p.id = t.person_id
                        where t.id = $3 and t.revoked_at is null and t.expires_at > n.now and p.disabled_at is null)
                      else exists (select from session s join person p on p.id = s.person_id
                        where s.id = $3 and s.ended_at is null and s.ends_at > n.now and p.disabled_at is null) end as signed_in
               from (select app_now() as now) n`,
    },
    [standing.grantId, standing.credential.kind, standing.credential.id],
  );
}
