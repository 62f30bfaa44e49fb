import { z } from 'zod';
import type { Role } from '../domain/actor.js';
import type { Calendar } from '../domain/calendar.js';
import type { DirectivePolicy } from '../domain/policy.js';
import { type Queryable, timestamp } from './pool.js';
import { exec, many, maybeOne, one } from './query.js';

/** A unit as it is written; dates are local, `validTo` is the first day on which it no longer exists. */
export interface UnitWrite {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly nameEn: string | null;
  readonly aliases: readonly string[];
  readonly groupCode: string;
  readonly parentId: string | null;
  readonly email: string | null;
  readonly validFrom: string;
  readonly validTo: string | null;
}

export const unitRow = z.object({
  id: z.string(),
  code: z.string(),
  name: z.string(),
  name_en: z.string().nullable(),
  aliases: z.array(z.string()),
  group_code: z.string(),
  parent_id: z.string().nullable(),
  email: z.string().nullable(),
  valid_from: z.string(),
  valid_to: z.string().nullable(),
  row_version: z.number(),
});
export type UnitRow = z.infer<typeof unitRow>;

export const UNIT_COLUMNS =
  'id, code, name, name_en, aliases, group_code, parent_id, email, valid_from, valid_to, row_version';

/** One new unit. @throws the unique violation of `unit_code_key` for a code that is taken. */
export async function insertUnit(db: Queryable, unit: UnitWrite): Promise<UnitRow> {
  return one(
    db,
    unitRow,
    `insert into unit (id, code, name, name_en, aliases, group_code, parent_id, email, valid_from, valid_to)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning ${UNIT_COLUMNS}`,
    [
      unit.id,
      unit.code,
      unit.name,
      unit.nameEn,
      unit.aliases,
      unit.groupCode,
      unit.parentId,
      unit.email,
      unit.validFrom,
      unit.validTo,
    ],
  );
}

/** Many units at once, parents before children; codes that are there already are left as they are. */
export async function insertUnits(db: Queryable, units: readonly UnitWrite[]): Promise<number> {
  const column = <T>(pick: (unit: UnitWrite) => T): T[] => units.map(pick);
  return exec(
    db,
    `insert into unit (id, code, name, name_en, aliases, group_code, parent_id, email, valid_from, valid_to)
     select n.id, n.code, n.name, n.name_en, array(select jsonb_array_elements_text(n.aliases)), n.group_code, n.parent_id,
            n.email, n.valid_from, n.valid_to
       from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::text[], $7::uuid[], $8::text[],
                   $9::date[], $10::date[])
            as n(id, code, name, name_en, aliases, group_code, parent_id, email, valid_from, valid_to)
     on conflict (code) do nothing`,
    [
      column((u) => u.id),
      column((u) => u.code),
      column((u) => u.name),
      column((u) => u.nameEn),
      column((u) => JSON.stringify(u.aliases)),
      column((u) => u.groupCode),
      column((u) => u.parentId),
      column((u) => u.email),
      column((u) => u.validFrom),
      column((u) => u.validTo),
    ],
  );
}

/** Ids of units by their codes; a code that is not there is missing. */
export async function unitIdsByCode(
  db: Queryable,
  codes: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await many(
    db,
    z.object({ id: z.string(), code: z.string() }),
    'select id, code from unit where code = any ($1::text[])',
    [codes],
  );
  return new Map(rows.map((row) => [row.code, row.id]));
}

/** The unit under a row lock, for an edit that compares its version first. */
export async function lockUnit(db: Queryable, id: string): Promise<UnitRow | null> {
  return maybeOne(db, unitRow, `select ${UNIT_COLUMNS} from unit where id = $1 for update`, [id]);
}

/** Replaces what may be edited; the caller holds the row's lock. */
export async function updateUnit(db: Queryable, unit: UnitWrite): Promise<UnitRow> {
  return one(
    db,
    unitRow,
    `update unit set code = $2, name = $3, name_en = $4, aliases = $5, group_code = $6, parent_id = $7, email = $8,
            valid_from = $9, valid_to = $10, row_version = row_version + 1
      where id = $1 returning ${UNIT_COLUMNS}`,
    [
      unit.id,
      unit.code,
      unit.name,
      unit.nameEn,
      unit.aliases,
      unit.groupCode,
      unit.parentId,
      unit.email,
      unit.validFrom,
      unit.validTo,
    ],
  );
}

/** Whether `candidate` is the unit itself or stands below it. */
export async function isAncestor(db: Queryable, unitId: string, candidate: string): Promise<boolean> {
  const row = await one(
    db,
    z.object({ found: z.boolean() }),
    `with recursive above(id, parent_id) as (
       select id, parent_id from unit where id = $2 union select u.id, u.parent_id from unit u join above a on a.parent_id = u.id)
     select exists (select from above where id = $1) as found`,
    [unitId, candidate],
  );
  return row.found;
}

export interface PersonWrite {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly locale: 'vi' | 'en';
}

export async function insertPeople(db: Queryable, people: readonly PersonWrite[]): Promise<void> {
  await exec(
    db,
    `insert into person (id, name, email, locale)
     select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) on conflict (id) do nothing`,
    [
      people.map((p) => p.id),
      people.map((p) => p.name),
      people.map((p) => p.email),
      people.map((p) => p.locale),
    ],
  );
}

/** A head's term of office; `validTo` is the first day on which they no longer hold it. */
export interface HeadWrite {
  readonly id: string;
  readonly unitId: string;
  readonly personId: string;
  readonly validFrom: string;
  readonly validTo: string | null;
}

export async function insertHeads(db: Queryable, heads: readonly HeadWrite[]): Promise<void> {
  await exec(
    db,
    `insert into unit_head (id, unit_id, person_id, valid_from, valid_to)
     select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::date[], $5::date[]) on conflict (id) do nothing`,
    [
      heads.map((h) => h.id),
      heads.map((h) => h.unitId),
      heads.map((h) => h.personId),
      heads.map((h) => h.validFrom),
      heads.map((h) => h.validTo),
    ],
  );
}

const headTerm = z.object({
  id: z.string(),
  unit_id: z.string(),
  person_id: z.string(),
  person_name: z.string(),
  valid_from: z.string(),
  valid_to: z.string().nullable(),
});
export type HeadTermRow = z.infer<typeof headTerm>;

/** A unit's heads with their terms, the latest first. */
export async function headTerms(db: Queryable, unitId: string): Promise<HeadTermRow[]> {
  return many(
    db,
    headTerm,
    `select h.id, h.unit_id, h.person_id, p.name as person_name, h.valid_from, h.valid_to
       from unit_head h join person p on p.id = h.person_id where h.unit_id = $1 order by h.valid_from desc, h.id desc`,
    [unitId],
  );
}

/** Ends the running term on the day its successor's begins. */
export async function endRunningTerm(db: Queryable, unitId: string, on: string): Promise<void> {
  await exec(
    db,
    'update unit_head set valid_to = $2 where unit_id = $1 and valid_to is null and valid_from < $2::date',
    [unitId, on],
  );
}

export interface WorkingGroupWrite {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly nameEn: string | null;
  readonly standingAgencyId: string;
  readonly homeAffairsId: string;
  readonly supervisorUnitId: string | null;
  readonly calendarId: string;
  readonly policyId: string;
}

export async function insertWorkingGroup(db: Queryable, group: WorkingGroupWrite): Promise<void> {
  await exec(
    db,
    `insert into working_group (id, code, name, name_en, standing_agency_id, home_affairs_id, supervisor_unit_id, calendar_id,
                                policy_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (code) do nothing`,
    [
      group.id,
      group.code,
      group.name,
      group.nameEn,
      group.standingAgencyId,
      group.homeAffairsId,
      group.supervisorUnitId,
      group.calendarId,
      group.policyId,
    ],
  );
}

export async function workingGroupIdByCode(db: Queryable, code: string): Promise<string> {
  const row = await one(db, z.object({ id: z.string() }), 'select id from working_group where code = $1', [
    code,
  ]);
  return row.id;
}

export interface GrantWrite {
  readonly id: string;
  readonly personId: string;
  readonly workingGroupId: string;
  readonly role: Role;
  readonly unitId: string | null;
  /** Deputies act within dates; null: without a limit. */
  readonly validFrom?: number | null;
  readonly validTo?: number | null;
}

export async function insertGrants(db: Queryable, grants: readonly GrantWrite[]): Promise<void> {
  const bound = (at: number | null | undefined, otherwise: number): string => timestamp(at ?? otherwise);
  await exec(
    db,
    `insert into role_grant (id, person_id, working_group_id, role, unit_id, valid_from, valid_to)
     select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::timestamptz[], $7::timestamptz[])
     on conflict (id) do nothing`,
    [
      grants.map((g) => g.id),
      grants.map((g) => g.personId),
      grants.map((g) => g.workingGroupId),
      grants.map((g) => g.role),
      grants.map((g) => g.unitId),
      grants.map((g) => bound(g.validFrom, Number.NEGATIVE_INFINITY)),
      grants.map((g) => bound(g.validTo, Number.POSITIVE_INFINITY)),
    ],
  );
}

export interface TokenWrite {
  readonly id: string;
  readonly personId: string;
  /** Digest of the token; the token itself is never stored here. */
  readonly hash: Buffer;
  readonly label: string;
  /** Infinite for those of the demonstration, which end with it. */
  readonly expiresAt: number;
  readonly kind?: 'personal' | 'demo';
}

/** Tokens that are there already stay as they are, revoked ones revoked. */
export async function insertTokens(db: Queryable, tokens: readonly TokenWrite[]): Promise<void> {
  await exec(
    db,
    `insert into api_token (id, person_id, hash, label, expires_at, kind)
     select * from unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::text[], $5::timestamptz[], $6::text[])
     on conflict (hash) do nothing`,
    [
      tokens.map((t) => t.id),
      tokens.map((t) => t.personId),
      tokens.map((t) => t.hash),
      tokens.map((t) => t.label),
      tokens.map((t) => timestamp(t.expiresAt)),
      tokens.map((t) => t.kind ?? 'personal'),
    ],
  );
}

/** Ends demo tokens but for those named; a token that is ended stays ended. */
export async function revokeOtherDemoTokens(db: Queryable, kept: readonly Buffer[]): Promise<number> {
  return exec(
    db,
    `update api_token set revoked_at = clock_timestamp()
      where kind = 'demo' and revoked_at is null and not (hash = any ($1::bytea[]))`,
    [kept],
  );
}

/** A version never changes once it is there: deadlines were computed under it. */
export async function insertCalendar(db: Queryable, calendar: Calendar): Promise<void> {
  await exec(db, 'insert into calendar (id, version, body) values ($1, $2, $3) on conflict do nothing', [
    calendar.id,
    calendar.version,
    JSON.stringify(calendar),
  ]);
}

export async function insertPolicy(db: Queryable, policy: DirectivePolicy): Promise<void> {
  await exec(db, 'insert into policy (id, version, body) values ($1, $2, $3) on conflict do nothing', [
    policy.id,
    policy.version,
    JSON.stringify(policy),
  ]);
}
