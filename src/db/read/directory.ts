import { z } from 'zod';
import { ROLES } from '../../domain/actor.js';
import type { Calendar } from '../../domain/calendar.js';
import type { DirectivePolicy } from '../../domain/policy.js';
import { UNIT_COLUMNS, type UnitRow, unitRow } from '../directory-store.js';
import { TODAY } from '../local-date.js';
import type { Queryable } from '../pool.js';
import { many, maybeOne } from '../query.js';
import { document, policyDocument, type UnitRefRow, unitJson, unitRef } from './rows.js';

export interface UnitFilter {
  readonly groupCode: string | null;
  /** Name, English name, code or alias, without accents or case. */
  readonly q: string | null;
  /** Units that exist on this date; null: today, by the database's clock. */
  readonly on: string | null;
  /** Also units that no longer, or do not yet, exist. */
  readonly all: boolean;
}

/** Units in the order of their codes. */
export async function listUnits(
  db: Queryable,
  filter: UnitFilter,
  afterCode: string | null,
  limit: number,
): Promise<UnitRow[]> {
  return many(
    db,
    unitRow,
    `select ${UNIT_COLUMNS} from unit
      where ($1::text is null or group_code = $1)
        and ($2::text is null or position(folded($2) in folded(concat_ws(' ', code, name, name_en, array_to_string(aliases, ' ')))) > 0)
        and ($4::boolean or (valid_from <= coalesce($3::date, ${TODAY})
             and (valid_to is null or valid_to > coalesce($3::date, ${TODAY}))))
        and ($5::text is null or code collate "C" > $5 collate "C")
      order by code collate "C" limit $6`,
    [filter.groupCode, filter.q, filter.on, filter.all, afterCode, limit],
  );
}

export async function readUnit(db: Queryable, id: string): Promise<UnitRow | null> {
  return maybeOne(db, unitRow, `select ${UNIT_COLUMNS} from unit where id = $1`, [id]);
}

/** Units as they are named in other resources, also those that are no more. */
export async function readUnitRefs(
  db: Queryable,
  ids: readonly string[],
): Promise<ReadonlyMap<string, UnitRefRow>> {
  const rows = await many(
    db,
    z.object({ unit: unitRef }),
    `select ${unitJson('u')} as unit from unit u where id = any($1::uuid[])`,
    [[...new Set(ids)]],
  );
  return new Map(rows.map(({ unit }) => [unit.id, unit]));
}

const personRow = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  locale: z.enum(['vi', 'en']),
  grants: z.array(z.object({ role: z.enum(ROLES), unit: unitRef.nullable() })),
});
export type PersonRow = z.infer<typeof personRow>;

/**
 * People with a grant in the reader's Working Group, by name; an officer sees those of the own unit. An
 * administrator also sees people without any grant, who are to get one.
 */
export async function listPeople(
  db: Queryable,
  filter: { readonly unitId: string | null; readonly q: string | null },
  after: { readonly name: string; readonly id: string } | null,
  limit: number,
): Promise<PersonRow[]> {
  return many(
    db,
    personRow,
    `select p.id, p.name, p.email, p.locale, g.grants
       from person p
       cross join lateral (
         select coalesce(jsonb_agg(jsonb_build_object('role', r.role, 'unit', case when u.id is not null then ${unitJson('u')} end)
                                   order by r.role, u.code), '[]'::jsonb) as grants,
                coalesce(bool_or(r.unit_id = $1), false) as in_unit, coalesce(bool_or(r.unit_id = app_unit()), false) as in_own
           from role_grant r left join unit u on u.id = r.unit_id
          where r.person_id = p.id and r.working_group_id = app_working_group()
            and r.valid_from <= app_now() and r.valid_to > app_now()) g
      where case app_role() when 'administrator' then true when 'unit' then g.in_own else g.grants <> '[]'::jsonb end
        and app_role() in ('standing_agency', 'supervisor', 'administrator', 'unit')
        and ($1::uuid is null or g.in_unit)
        and ($2::text is null or position(folded($2) in folded(concat_ws(' ', p.name, p.email))) > 0)
        and ($3::text is null or (p.name collate "C", p.id) > ($3 collate "C", $4::uuid))
      order by p.name collate "C", p.id limit $5`,
    [filter.unitId, filter.q, after?.name ?? null, after?.id ?? null, limit],
  );
}

const workingGroupRow = z.object({
  id: z.string(),
  code: z.string(),
  name: z.string(),
  name_en: z.string().nullable(),
  calendar_id: z.string(),
  policy_id: z.string(),
  standing_agency: unitRef,
  home_affairs: unitRef,
  supervisor_unit: unitRef.nullable(),
  row_version: z.number(),
});
export type ReadWorkingGroupRow = z.infer<typeof workingGroupRow>;

/** The reader's own Working Group. */
export async function readWorkingGroup(db: Queryable): Promise<ReadWorkingGroupRow | null> {
  return maybeOne(
    db,
    workingGroupRow,
    `select g.id, g.row_version, g.code, g.name, g.name_en, g.calendar_id, g.policy_id, ${unitJson('a')} as standing_agency,
            ${unitJson('h')} as home_affairs, case when s.id is not null then ${unitJson('s')} end as supervisor_unit
       from working_group g join unit a on a.id = g.standing_agency_id join unit h on h.id = g.home_affairs_id
       left join unit s on s.id = g.supervisor_unit_id
      where g.id = app_working_group()`,
  );
}

const versioned = <T>() => z.object({ body: document<T>(), version: z.number(), recorded_at: z.number() });

/** The latest version of every calendar. */
export async function latestCalendars(
  db: Queryable,
): Promise<{ body: Calendar; version: number; recorded_at: number }[]> {
  return many(
    db,
    versioned<Calendar>(),
    'select distinct on (id) body, version, recorded_at from calendar order by id, version desc',
  );
}

/** One version of a calendar, the latest where none is named. */
export async function loadCalendarRow(
  db: Queryable,
  id: string,
  version: number | null,
): Promise<{ body: Calendar; version: number; recorded_at: number } | null> {
  return maybeOne(
    db,
    versioned<Calendar>(),
    `select body, version, recorded_at from calendar where id = $1 and ($2::int is null or version = $2)
      order by version desc limit 1`,
    [id, version],
  );
}

/** The latest version of every policy. */
export async function latestPolicies(
  db: Queryable,
): Promise<{ body: DirectivePolicy; version: number; recorded_at: number }[]> {
  return many(
    db,
    z.object({ body: policyDocument, version: z.number(), recorded_at: z.number() }),
    'select distinct on (id) body, version, recorded_at from policy order by id, version desc',
  );
}

const importUnitRow = z.object({
  id: z.string(),
  code: z.string(),
  name: z.string(),
  name_en: z.string().nullable(),
  aliases: z.array(z.string()),
  group_code: z.string(),
});

/** Units that exist on a local date, with every name they are known by. */
export async function unitNamesOn(db: Queryable, date: string): Promise<z.infer<typeof importUnitRow>[]> {
  return many(
    db,
    importUnitRow,
    `select id, code, name, name_en, aliases, group_code from unit
      where valid_from <= $1::date and (valid_to is null or valid_to > $1::date) order by code`,
    [date],
  );
}

/** Units by their ids, as they are named inside other resources. */
export async function unitsNamed(db: Queryable, ids: readonly string[]): Promise<Map<string, UnitRefRow>> {
  if (ids.length === 0) return new Map();
  const rows = await many(
    db,
    unitRef,
    'select id, code, name, name_en as "nameEn" from unit where id = any ($1::uuid[])',
    [ids],
  );
  return new Map(rows.map((unit) => [unit.id, unit]));
}
