import { z } from 'zod';
import { CODE } from '../domain/text.js';
import { Id, InstantText, LocalDate, RoleName, ShortText, UnitRef } from './common.js';
import { JsonObject, PageQuery } from './resources.js';

const Code = z.string().trim().min(1).max(50).regex(CODE);

export const Unit = z
  .strictObject({
    id: Id,
    version: z.number().int(),
    code: z.string(),
    name: z.string(),
    nameEn: z.string().nullable(),
    aliases: z.array(z.string()).readonly(),
    group: z.strictObject({ code: z.string(), name: z.string() }),
    parentId: Id.nullable(),
    email: z.string().nullable(),
    validFrom: LocalDate,
    validTo: LocalDate.nullable().meta({ description: 'The first day on which it no longer exists' }),
  })
  .meta({ id: 'Unit' });

export const UnitsQuery = PageQuery.extend({
  group: z.string().max(50).optional(),
  q: z.string().max(200).optional().meta({ description: 'Name, code or alias, without accents' }),
  on: LocalDate.optional().meta({ description: 'Units that exist on this date; default today' }),
  all: z.enum(['true', 'false']).default('false').meta({ description: 'Also units that no longer exist' }),
});

const unitFields = {
  code: Code,
  name: ShortText,
  nameEn: ShortText.nullable().optional(),
  aliases: z.array(ShortText).max(50).optional(),
  groupCode: Code,
  parentId: Id.nullable().optional(),
  email: z.email().nullable().optional(),
  validFrom: LocalDate.optional(),
  validTo: LocalDate.nullable().optional(),
};
export const NewUnit = z.strictObject(unitFields).meta({ id: 'NewUnit' });
/** Fields that are left out stay as they are. */
export const UnitChanges = z.strictObject(unitFields).partial().meta({ id: 'UnitChanges' });

export const HeadTerm = z
  .strictObject({
    id: Id,
    person: z.strictObject({ id: Id, name: z.string() }),
    validFrom: LocalDate,
    validTo: LocalDate.nullable(),
  })
  .meta({ id: 'HeadTerm' });
export const HeadTerms = z.strictObject({ items: z.array(HeadTerm).readonly() });

export const NewHeadTerm = z
  .strictObject({
    personId: Id.optional().meta({ description: 'Somebody who is known already' }),
    person: z
      .strictObject({
        name: ShortText,
        email: z.email().nullable().optional(),
        locale: z.enum(['vi', 'en']).default('vi'),
      })
      .optional()
      .meta({ description: 'Or somebody new' }),
    validFrom: LocalDate,
    validTo: LocalDate.nullable().optional(),
  })
  .refine((term) => (term.personId === undefined) !== (term.person === undefined), {
    path: ['personId'],
    params: {
      code: 'one_of',
      vi: 'Nêu personId hoặc person, chỉ một.',
      en: 'Give personId or person, one of them.',
    },
  })
  .meta({ id: 'NewHeadTerm' });

export const Person = z
  .strictObject({
    id: Id,
    name: z.string(),
    email: z.string().nullable(),
    locale: z.enum(['vi', 'en']),
    grants: z.array(z.strictObject({ role: RoleName, unit: UnitRef.nullable() })).readonly(),
  })
  .meta({ id: 'Person' });
export const PeopleQuery = PageQuery.extend({ unit: Id.optional(), q: z.string().max(200).optional() });

export const WorkingGroup = z
  .strictObject({
    id: Id,
    version: z.number().int(),
    code: z.string(),
    name: z.string(),
    nameEn: z.string().nullable(),
    standingAgency: UnitRef,
    homeAffairs: UnitRef,
    supervisorUnit: UnitRef.nullable(),
    calendarId: z.string(),
    policyId: z.string(),
  })
  .meta({ id: 'WorkingGroup' });

/** Fields that are left out stay as they are. */
export const WorkingGroupChanges = z
  .strictObject({
    name: ShortText,
    nameEn: ShortText.nullable(),
    supervisorUnitId: Id.nullable(),
    standingAgencyId: Id.meta({ description: 'Until something is issued or asked for; so the three below' }),
    homeAffairsId: Id,
    calendarId: z.string().max(100),
    policyId: z.string().max(100),
  })
  .partial()
  .meta({ id: 'WorkingGroupChanges' });

const Interval = z.strictObject({ from: z.number().int(), to: z.number().int() });
export const Calendar = z
  .strictObject({
    id: z.string(),
    version: z.number().int(),
    recordedAt: InstantText,
    utcOffsetMinutes: z.number().int(),
    week: z
      .array(z.array(Interval).readonly())
      .readonly()
      .meta({ description: 'Seven days, Monday first; minutes after midnight' }),
    days: z
      .array(
        z.strictObject({
          date: LocalDate,
          kind: z.enum(['holiday', 'swap_off', 'swap_work', 'custom']),
          intervals: z.array(Interval).readonly(),
          name: z.string(),
          nameEn: z.string().optional(),
          source: z.string(),
          provisional: z.boolean().optional(),
        }),
      )
      .readonly(),
    basedOn: z.string().optional().meta({
      description: 'The calendar that it began as a copy of; edits of its days come along',
    }),
  })
  .meta({ id: 'Calendar' });
export const Calendars = z.strictObject({ items: z.array(Calendar).readonly() });

export const Policy = z
  .strictObject({
    id: z.string(),
    version: z.number().int(),
    recordedAt: InstantText,
    body: JsonObject.meta({
      type: 'object',
      description: 'Ladder, clocks and rules, as they are frozen into a directive',
    }),
  })
  .meta({ id: 'Policy' });
export const Policies = z.strictObject({ items: z.array(Policy).readonly() });
