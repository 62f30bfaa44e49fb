import { z } from 'zod';
import { ROLES } from '../domain/actor.js';
import type { Queryable } from './pool.js';
import { exec, maybeOne } from './query.js';

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
  tokenId: z.string(),
  person: z.object({
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    locale: z.enum(['vi', 'en']),
  }),
  grants: z.array(GrantRow),
});
/** Who a token belongs to, with the grants that are valid now. */
export type IdentityRow = z.output<typeof IdentityRow>;

/** Infinity has no form in JSON; a bound that is not finite is no bound. */
const bound = (column: string): string =>
  `case when isfinite(${column}) then floor(extract(epoch from ${column}) * 1000) end`;

/** Null for a token that is unknown, revoked or expired. */
export async function identityByToken(db: Queryable, hash: Buffer): Promise<IdentityRow | null> {
  return maybeOne(
    db,
    IdentityRow,
    {
      name: 'identity-by-token',
      text: `select t.id as "tokenId",
                    jsonb_build_object('id', p.id, 'name', p.name, 'email', p.email, 'locale', p.locale) as person,
                    coalesce(g.grants, '[]'::jsonb) as grants
               from api_token t
               join person p on p.id = t.person_id
               left join lateral (
                 select jsonb_agg(jsonb_build_object(
                          'id', r.id, 'role', r.role,
                          'workingGroup', jsonb_build_object('id', w.id, 'code', w.code, 'name', w.name, 'nameEn', w.name_en),
                          'unit', case when u.id is not null then
                            jsonb_build_object('id', u.id, 'code', u.code, 'name', u.name, 'nameEn', u.name_en) end,
                          'validFrom', ${bound('r.valid_from')},
                          'validTo', ${bound('r.valid_to')}) order by w.code, r.role, r.id) as grants
                   from role_grant r
                   join working_group w on w.id = r.working_group_id
                   left join unit u on u.id = r.unit_id
                  where r.person_id = p.id and r.valid_from <= app_now() and r.valid_to > app_now()) g on true
              where t.hash = $1::bytea and t.revoked_at is null
                and (t.expires_at is null or t.expires_at > app_now())`,
    },
    [hash],
  );
}

/** Notes that tokens were used; a row is written at most once a minute, whatever number of processes ask. */
export async function touchTokens(db: Queryable, ids: readonly string[]): Promise<number> {
  return exec(
    db,
    `update api_token set last_used_at = app_now()
      where id = any($1::uuid[]) and (last_used_at is null or last_used_at < app_now() - interval '1 minute')`,
    [ids],
  );
}
