import { z } from 'zod';
import { Id, InstantText, LocalDate, UnitRef } from './common.js';
import { Counts } from './four-counts.js';
import { Ratio } from './ratio.js';
import { CountClassName, DirectiveStateName } from './resources.js';

const n = z.number().int();
const Grouping = z.enum(['unit', 'group', 'directive', 'kind', 'origin-year', 'working-group']);
const RegularPlace = z.enum(['beside', 'within']);

export const Completion = z
  .strictObject({
    ratio: Ratio.meta({ description: 'What is done, of the total' }),
    text: z.string().meta({ description: 'In the words of a report: 73 of 80' }),
  })
  .meta({ id: 'Completion' });

export const CountsQuery = z.strictObject({
  asOf: z
    .union([z.iso.datetime({ offset: true }), LocalDate])
    .optional()
    .meta({ description: 'Instant, or a date for its end; default now' }),
  knownAt: z
    .union([z.iso.datetime({ offset: true }), LocalDate])
    .optional()
    .meta({ description: 'What the record held then, instant or date; default now. Slower' }),
  count: z.enum(['assignment', 'task']).default('assignment'),
  groupBy: Grouping.optional(),
  regular: RegularPlace.default('beside').meta({
    description: 'Whether regular tasks stand beside what is done or count within it, in the completion',
  }),
  directive: Id.optional(),
  unit: Id.optional(),
});

export const CountsResource = z
  .strictObject({
    asOf: InstantText,
    knownAt: InstantText,
    count: z.enum(['assignment', 'task']),
    groupBy: Grouping.nullable(),
    regular: RegularPlace,
    rowsSumToTotal: z
      .boolean()
      .meta({ description: 'False where a task stands in the row of each of its units' }),
    total: Counts,
    completion: Completion,
    groups: z
      .array(
        z.strictObject({
          key: z.string().nullable(),
          label: z.string(),
          counts: Counts,
          completion: Completion,
        }),
      )
      .readonly(),
  })
  .meta({ id: 'CountsResource' });

export const DirectiveSummary = z
  .strictObject({
    directiveId: Id,
    state: DirectiveStateName,
    asOf: InstantText,
    assignments: Counts,
    tasks: Counts,
    byTask: z
      .array(
        z.strictObject({
          id: Id,
          ordinal: n,
          code: z.string().nullable(),
          title: z.string(),
          kind: z.enum(['task', 'model', 'goal']),
          unclear: z.array(z.string()).readonly(),
          deadlinePhrase: z.string().nullable(),
          deadlineAt: InstantText.nullable(),
          countClass: z.enum([...CountClassName.options, 'unclear']).nullable(),
          missing: n.meta({ description: 'Units that still owe it' }),
          missingUnits: z.array(UnitRef).readonly().meta({ description: 'The first 20 of them by code' }),
        }),
      )
      .readonly(),
    steps: z.array(z.strictObject({ kind: z.string(), taken: n, voided: n })).readonly(),
    referrals: z.array(z.strictObject({ state: z.string(), cases: n })).readonly(),
  })
  .meta({ id: 'DirectiveSummary' });
