import { z } from 'zod';
import { Id, InstantText, LocalDate, RoleName, ShortText, UnitRef } from './common.js';
import { JsonObject } from './resources.js';

/** Names of calendars, as they stand in addresses and explanations. */
export const CalendarId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,59}$/)
  .meta({ description: 'Lower-case letters, digits and hyphens', example: 'office-hours' });
export const CalendarParams = z.strictObject({ id: CalendarId });
export const CalendarQuery = z.strictObject({
  version: z.coerce.number().int().min(1).optional().meta({ description: 'Default: the latest' }),
});
export const CalendarDaysQuery = CalendarQuery.extend({
  year: z.coerce.number().int().min(1990).max(2199).optional(),
});

const Minutes = z.number().int().min(0).max(1440);
const IntervalInput = z
  .strictObject({ from: Minutes, to: Minutes })
  .refine(({ from, to }) => from < to, {
    path: ['to'],
    params: { code: 'not_after', vi: 'Phải sau from.', en: 'Must be after from.' },
  })
  .meta({ id: 'IntervalInput', description: 'Minutes after local midnight, half-open; 1440 is 24:00' });
const WeekInput = z
  .array(z.array(IntervalInput).max(8))
  .length(7)
  .meta({ description: 'Seven days, Monday first; no intervals: a day off' });

export const CalendarDayInput = z
  .strictObject({
    date: LocalDate,
    kind: z.enum(['holiday', 'swap_off', 'swap_work', 'custom']),
    intervals: z.array(IntervalInput).max(8).default([]),
    name: ShortText,
    nameEn: ShortText.optional(),
    source: ShortText.meta({ description: 'The document that says so' }),
    provisional: z.boolean().optional().meta({ description: 'Not confirmed by a document yet' }),
  })
  .meta({ id: 'CalendarDayInput' });

const why = {
  reason: ShortText.meta({ description: 'Why; shown wherever a deadline moved' }),
  source: ShortText.meta({ description: 'Number and date of the document' }),
};

export const NewCalendar = z
  .strictObject({ id: CalendarId, basedOn: CalendarId, week: WeekInput.optional(), ...why })
  .meta({ id: 'NewCalendar' });

const isEachOnce = (dates: readonly string[]): boolean => new Set(dates).size === dates.length;

export const CalendarDayChanges = z
  .strictObject({
    days: z.array(CalendarDayInput).max(400).default([]),
    remove: z.array(LocalDate).max(400).default([]),
    years: z.array(z.number().int().min(2023).max(2099)).max(10).default([]).meta({
      description:
        'Fills in the statutory days of these years where they have no entry: provisional ones, with lunar dates computed',
    }),
    ...why,
  })
  .refine(({ days, remove, years }) => days.length + remove.length + years.length > 0, {
    path: ['days'],
    params: { code: 'empty', vi: 'Không có thay đổi nào.', en: 'There is nothing to change.' },
  })
  .refine(({ days, remove }) => isEachOnce([...days.map(({ date }) => date), ...remove]), {
    path: ['days'],
    params: { code: 'named_twice', vi: 'Mỗi ngày chỉ nêu một lần.', en: 'Name each date once.' },
  })
  .meta({ id: 'CalendarDayChanges' });

export const CalendarWeekChange = z
  .strictObject({ week: WeekInput, ...why })
  .meta({ id: 'CalendarWeekChange' });

export const CalendarUseChange = z
  .strictObject({
    unitId: Id.optional(),
    groupCode: ShortText.max(50).optional(),
    used: z.boolean().default(true).meta({ description: 'false: judged by the calendar above again' }),
    ...why,
  })
  .refine(({ unitId, groupCode }) => (unitId === undefined) !== (groupCode === undefined), {
    path: ['unitId'],
    params: {
      code: 'one_of',
      vi: 'Nêu unitId hoặc groupCode, chỉ một.',
      en: 'Give unitId or groupCode, one of them.',
    },
  })
  .meta({ id: 'CalendarUseChange' });

const Interval = z.strictObject({ from: z.number().int(), to: z.number().int() });
export const CalendarDays = z
  .strictObject({
    calendarId: z.string(),
    version: z.number().int(),
    items: z
      .array(
        z.strictObject({
          date: LocalDate,
          weekday: z.number().int().meta({ description: '1 Monday … 7 Sunday' }),
          kind: z.enum(['holiday', 'swap_off', 'swap_work', 'custom']),
          intervals: z.array(Interval).readonly(),
          name: z.string(),
          nameEn: z.string().nullable(),
          source: z.string(),
          provisional: z.boolean(),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'CalendarDays' });

export const CalendarUses = z.strictObject({
  items: z
    .array(
      z.strictObject({
        calendarId: z.string(),
        scope: z.enum(['working_group', 'group', 'unit']),
        unit: UnitRef.nullable(),
        groupCode: z.string().nullable(),
      }),
    )
    .readonly(),
});

export const CalendarEdits = z.strictObject({
  items: z
    .array(
      z
        .strictObject({
          id: Id,
          calendarId: z.string(),
          version: z.number().int().nullable(),
          kind: z.enum(['created', 'days', 'week', 'used']),
          reason: z.string(),
          source: z.string(),
          by: z.strictObject({ name: z.string(), role: RoleName }).nullable(),
          recordedAt: InstantText,
          doneAt: InstantText.nullable().meta({
            description: 'Null while open work is still computed again',
          }),
          looked: z.number().int(),
          moved: z.number().int(),
          rejudged: z.number().int(),
          setAside: z.number().int(),
        })
        .meta({ id: 'CalendarEdit' }),
    )
    .readonly(),
});

export const PreviewRequest = z
  .strictObject({
    phrase: z.string().max(500),
    reference: z.iso
      .datetime({ offset: true })
      .transform((text) => Date.parse(text))
      .optional()
      .meta({ description: 'When it is issued, and received; default now' }),
    documentDate: LocalDate.optional().meta({
      description: 'From which a missing year is found; default the local date of reference',
    }),
    unitId: Id.optional().meta({ description: 'Whose calendar; default the Working Group’s' }),
    calendarId: CalendarId.optional(),
  })
  .refine(({ unitId, calendarId }) => unitId === undefined || calendarId === undefined, {
    path: ['calendarId'],
    params: {
      code: 'one_of',
      vi: 'Nêu unitId hoặc calendarId, không phải cả hai.',
      en: 'Give unitId or calendarId, not both.',
    },
  })
  .meta({ id: 'DeadlinePreviewRequest' });

export const CalendarUsed = z.strictObject({ id: z.string(), version: z.number().int() });
export const SkippedDays = z.array(z.strictObject({ date: LocalDate, why: z.string() })).readonly();

export const DeadlinePreview = z
  .strictObject({
    phrase: z.string(),
    understood: z.boolean(),
    rule: z.union([JsonObject, z.null()]),
    at: InstantText.nullable().meta({
      description: 'The last instant that is on time; null for a regular task',
    }),
    explanation: z.string().nullable(),
    skipped: SkippedDays,
    provisional: z.boolean().meta({ description: 'Rests on days that no document confirms' }),
    calendar: CalendarUsed,
    finding: z.strictObject({ code: z.string(), detail: z.string() }).nullable(),
  })
  .meta({ id: 'DeadlinePreview' });
