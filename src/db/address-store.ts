import { z } from 'zod';
import { TODAY } from './local-date.js';
import type { Queryable } from './pool.js';
import { many } from './query.js';

export interface PersonAddress {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly locale: 'vi' | 'en';
}

export interface UnitAddress {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  /** In office today. */
  readonly head: PersonAddress | null;
}

export interface WorkingGroupAddress {
  readonly id: string;
  readonly name: string;
  readonly nameEn: string | null;
  readonly supervisorUnitId: string | null;
  readonly standingAgencyId: string;
  /** People who hold a role in the Working Group now. */
  readonly holders: readonly {
    readonly role: string;
    readonly unitId: string | null;
    readonly person: PersonAddress;
  }[];
}

/** Who holds which office today. */
export interface AddressBook {
  readonly units: ReadonlyMap<string, UnitAddress>;
  readonly people: ReadonlyMap<string, PersonAddress>;
  readonly workingGroups: ReadonlyMap<string, WorkingGroupAddress>;
  /** The units for which a head or an officer may act here, by `<Working Group> <person>`. */
  readonly actingFor: ReadonlyMap<string, readonly string[]>;
}

const locale = z.enum(['vi', 'en']);
const personRow = z.object({ id: z.string(), name: z.string(), email: z.string().nullable(), locale });

const unitRow = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    head_id: z.string().nullable(),
    head_name: z.string().nullable(),
    head_email: z.string().nullable(),
    head_locale: locale.nullable(),
  })
  .transform((row) => ({
    id: row.id,
    name: row.name,
    email: row.email,
    head:
      row.head_id === null
        ? null
        : {
            id: row.head_id,
            name: row.head_name ?? '',
            email: row.head_email,
            locale: row.head_locale ?? ('vi' as const),
          },
  }));

const groupRow = z.object({
  id: z.string(),
  name: z.string(),
  name_en: z.string().nullable(),
  supervisor_unit_id: z.string().nullable(),
  standing_agency_id: z.string(),
});
const officerRow = z.object({ working_group_id: z.string(), unit_id: z.string(), person_id: z.string() });
const holderRow = personRow.extend({
  working_group_id: z.string(),
  role: z.string(),
  unit_id: z.string().nullable(),
});

/** Looks up everyone that some items may go to: five statements, however many. */
export async function loadAddressBook(
  db: Queryable,
  wanted: { unitIds: readonly string[]; personIds: readonly string[]; workingGroupIds: readonly string[] },
): Promise<AddressBook> {
  const groups = await many(
    db,
    groupRow,
    'select id, name, name_en, supervisor_unit_id, standing_agency_id from working_group where id = any($1::uuid[])',
    [wanted.workingGroupIds],
  );
  const unitIds = [
    ...new Set([...wanted.unitIds, ...groups.flatMap((group) => group.supervisor_unit_id ?? [])]),
  ];
  const units = await many(
    db,
    unitRow,
    `select distinct on (u.id) u.id, u.name, u.email, p.id as head_id, p.name as head_name, p.email as head_email, p.locale as head_locale
       from unit u
       left join unit_head h on h.unit_id = u.id and h.valid_from <= ${TODAY} and (h.valid_to is null or h.valid_to > ${TODAY})
       left join person p on p.id = h.person_id
      where u.id = any($1::uuid[]) order by u.id, h.valid_from desc`,
    [unitIds],
  );
  const people = await many(
    db,
    personRow,
    'select id, name, email, locale from person where id = any($1::uuid[])',
    [wanted.personIds],
  );
  const holders = await many(
    db,
    holderRow,
    `select distinct g.working_group_id, g.role, g.unit_id, p.id, p.name, p.email, p.locale
       from role_grant g join person p on p.id = g.person_id
      where g.working_group_id = any($1::uuid[]) and g.role in ('supervisor', 'standing_agency', 'home_affairs')
        and g.valid_from <= app_now() and g.valid_to > app_now()
      order by p.name, p.id`,
    [wanted.workingGroupIds],
  );
  return {
    actingFor: await actingFor(db, wanted, units),
    units: new Map(units.map((unit) => [unit.id, unit])),
    people: new Map(people.map((person) => [person.id, person])),
    workingGroups: new Map(
      groups.map((group) => [
        group.id,
        {
          id: group.id,
          name: group.name,
          nameEn: group.name_en,
          supervisorUnitId: group.supervisor_unit_id,
          standingAgencyId: group.standing_agency_id,
          holders: holders
            .filter((holder) => holder.working_group_id === group.id)
            .map(({ role, unit_id, working_group_id: _, ...person }) => ({ role, unitId: unit_id, person })),
        },
      ]),
    ),
  };
}

/** Of the people that some items may go to, for which units they may act today. */
async function actingFor(
  db: Queryable,
  wanted: { personIds: readonly string[]; workingGroupIds: readonly string[] },
  units: readonly UnitAddress[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const heads = units.flatMap((unit) => unit.head?.id ?? []);
  const rows = await many(
    db,
    officerRow,
    `select distinct working_group_id, person_id, unit_id from role_grant
      where working_group_id = any($1::uuid[]) and role = 'unit' and person_id = any($2::uuid[])
        and valid_from <= app_now() and valid_to > app_now()
      order by 1, 2, 3`,
    [wanted.workingGroupIds, [...wanted.personIds, ...heads]],
  );
  const found = new Map<string, string[]>();
  for (const row of rows) {
    const key = `${row.working_group_id} ${row.person_id}`;
    found.set(key, [...(found.get(key) ?? []), row.unit_id]);
  }
  return found;
}
