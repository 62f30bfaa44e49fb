import { z } from 'zod';
import { Id, InstantText, LocalDate, UnitRef } from './common.js';
import { Ratio } from './ratio.js';

/** Figures of indicators: what was reported for each day, sums over units, and where it goes. */

const n = z.number();
const Nullable = n.nullable();

const Target = z
  .strictObject({ numerator: n, denominator: Nullable })
  .meta({ description: 'A rate where it has a denominator, else a count' });

export const Outlook = z
  .strictObject({
    target: Target.nullable(),
    reached: Ratio.nullable().meta({
      description: 'Of a count: how much of the target; of a rate: the rate',
    }),
    met: z.boolean().nullable(),
    perDay: Nullable.meta({ description: 'Growth a day, from the first reported day to the latest' }),
    neededPerDay: Nullable.meta({ description: 'What it takes each day until the deadline' }),
    forecast: Ratio.nullable().meta({ description: 'On the day of the deadline, if it goes on as so far' }),
    misses: z.boolean().nullable(),
    why: z
      .enum(['no_target', 'no_figure', 'one_day', 'no_deadline', 'no_whole'])
      .nullable()
      .meta({ description: 'Why nothing is foretold' }),
    warning: z
      .string()
      .nullable()
      .meta({ description: 'Before the deadline: at this pace the target is missed' }),
  })
  .meta({ id: 'Outlook' });

const PlainRounding = z.strictObject({ mode: z.enum(['half-up', 'truncated']), places: z.number().int() });

const ReportedPercent = z
  .strictObject({
    reported: z.string(),
    computed: z.string().nullable(),
    rounding: PlainRounding,
    verdict: z.enum(['agrees', 'other_rule', 'differs', 'unknown']),
    rule: PlainRounding.optional().meta({ description: 'Under which it would be right' }),
  })
  .meta({ id: 'ReportedPercent' });

const breakdown = { total: n, sum: n, difference: n, addsUp: z.boolean() };
const Breakdown = z.strictObject(breakdown).meta({ id: 'Breakdown' });

const SeriesValue = z
  .strictObject({
    asOf: LocalDate,
    numerator: n,
    denominator: Nullable,
    ratio: Ratio,
    knownAt: InstantText.meta({ description: 'Since when the record holds this value' }),
    restated: z.boolean(),
    reason: z.string().nullable().meta({ description: 'Of the restatement' }),
    formerly: z
      .array(
        z.strictObject({
          numerator: n,
          denominator: Nullable,
          knownAt: InstantText,
          until: InstantText,
          reason: z.string().nullable(),
        }),
      )
      .readonly()
      .meta({ description: 'Every value of that day before this one' }),
    reported: ReportedPercent.nullable().meta({
      description: 'The percentage that was reported, held against the computed one',
    }),
    breakdown: z
      .strictObject({
        ...breakdown,
        parts: z.array(z.strictObject({ name: z.string().nullable(), numerator: n })).readonly(),
      })
      .nullable(),
  })
  .meta({ id: 'SeriesValue' });

export const IndicatorQuery = z.strictObject({
  asOf: LocalDate.optional().meta({ description: 'Figures up to this day; all where it is left out' }),
  knownAt: z
    .union([z.iso.datetime({ offset: true }), LocalDate])
    .optional()
    .meta({ description: 'What the record held then, instant or the end of a date; default now' }),
  rounding: z.enum(['half-up', 'truncated']).default('half-up'),
  places: z.coerce.number().int().min(0).max(6).default(2),
});

export const AssignmentIndicator = z
  .strictObject({
    assignmentId: Id,
    unit: UnitRef,
    name: z.string().nullable(),
    target: Target.nullable(),
    dueAt: InstantText.nullable(),
    asOf: LocalDate.nullable(),
    knownAt: InstantText,
    series: z.array(SeriesValue).readonly(),
    outlook: Outlook.nullable().meta({ description: 'Null where it was asked what was known earlier' }),
  })
  .meta({ id: 'AssignmentIndicator' });

const sum = {
  numerator: n,
  denominator: Nullable.meta({ description: 'Null where a figure came without its whole' }),
  needed: Nullable.meta({ description: 'What the targets of these units ask for together' }),
  ratio: Ratio,
  met: z.boolean().nullable(),
  units: z.number().int(),
  oldestFigure: LocalDate.nullable(),
  newestFigure: LocalDate.nullable(),
  missing: z.number().int().meta({ description: 'Units that the sum is without' }),
};

export const TaskIndicator = z
  .strictObject({
    task: z.strictObject({
      id: Id,
      code: z.string().nullable(),
      title: z.string(),
      titleEn: z.string().nullable(),
      nature: z.enum(['specific', 'general']),
    }),
    directive: z.strictObject({ id: Id, number: z.string().nullable(), title: z.string() }),
    name: z.string().nullable(),
    whole: z.boolean().meta({ description: 'False for a unit: over what it leads or monitors' }),
    asOf: LocalDate,
    knownAt: InstantText,
    total: z.strictObject(sum),
    missingUnits: z.array(UnitRef).readonly(),
    withoutWhole: z
      .array(UnitRef)
      .readonly()
      .meta({ description: 'Whose rate came without its whole, so that it cannot be added' }),
    targets: Breakdown.nullable().meta({ description: 'Whether the units’ targets make the task’s own' }),
    units: z
      .array(
        z.strictObject({
          assignmentId: Id,
          unit: UnitRef,
          target: Target.nullable(),
          figure: z.strictObject({ numerator: n, denominator: Nullable, asOf: LocalDate }).nullable(),
          ratio: Ratio.nullable(),
        }),
      )
      .readonly(),
    series: z.array(z.strictObject({ asOf: LocalDate, ...sum })).readonly(),
    outlook: Outlook.nullable(),
  })
  .meta({ id: 'TaskIndicator' });
