import { z } from 'zod';
import { LAPSE_REASONS, REPORT_STATES } from '../domain/report/state.js';
import { REPORT_ACTIONS } from '../domain/report/table.js';
import { Progress } from './assignments.js';
import { commandBody, DeadlinePhrase } from './command.js';
import { Id, InstantText, LocalDate, ShortText, Text, UnitRef } from './common.js';
import { actionOf, namesOf, PageQuery, TimelineEntry } from './resources.js';

/** Reports: what units owe under a regime for each period, and the regimes themselves. */

export const ReportStateName = z.enum(REPORT_STATES);

/** What the report says of one assignment: the assignment's own report act, written in the same transaction. */
const Entry = Progress.omit({ document: true }).extend({ assignmentId: Id });
const Entries = z.array(Entry).max(2_000);

export const SubmitReport = commandBody({ text: Text, progress: Entries.optional() });
export const RestateReport = commandBody({ reason: Text, progress: Entries.min(1) });
export const ReturnReport = commandBody({
  reason: Text,
  formOnly: z
    .boolean()
    .meta({ description: 'Only the form was wrong: what comes again is judged by its first coming' }),
});
export const ReportReason = commandBody({ reason: Text });

const Instant = z.iso.datetime({ offset: true });
export const ReportsQuery = PageQuery.extend({
  regime: Id.optional(),
  unit: Id.optional(),
  directive: Id.optional().meta({ description: 'Reports that carry the progress of this directive' }),
  period: z.string().max(100).optional().meta({ description: 'Its key: 2026-03, 2026-Q1, 2026 …' }),
  state: ReportStateName.optional(),
  asOf: Instant.optional().meta({ description: 'The state as of this instant; now where it is left out' }),
});

const Figure = z.strictObject({
  numerator: z.number(),
  denominator: z.number().nullable(),
  asOf: z.string(),
});

const Figures = z.strictObject({ percent: z.number().nullable(), figure: Figure.nullable() });

export const Report = z
  .strictObject({
    id: Id,
    version: z.number().int(),
    regime: z.strictObject({
      id: Id,
      name: z.string(),
      nameEn: z.string().nullable(),
      kind: z.enum(['periodic', 'ad_hoc']),
      version: z.number().int(),
    }),
    unit: UnitRef,
    level: z.number().int(),
    period: z.strictObject({ key: z.string(), opensOn: LocalDate, closesOn: LocalDate }),
    state: ReportStateName.meta({ description: 'As of the instant that was asked for' }),
    opensAt: InstantText,
    closesAt: InstantText,
    dueAt: InstantText.meta({ description: 'In force: the end of the time to mend after a return' }),
    firstDueAt: InstantText.meta({
      description:
        'By which the first report is judged: without time to mend; as an edit of the calendar or an outage has moved it',
    }),
    receivedAt: InstantText.nullable().meta({ description: 'Of the report that counts now' }),
    received: z
      .array(
        z.strictObject({
          at: InstantText,
          judgedAt: InstantText,
          returned: z.strictObject({ at: InstantText, formOnly: z.boolean() }).nullable(),
        }),
      )
      .readonly(),
    progress: z
      .array(z.strictObject({ assignmentId: Id, percent: z.number().nullable(), figure: Figure.nullable() }))
      .readonly(),
    restatements: z.number().int(),
    lapsed: z
      .strictObject({ at: InstantText, reason: z.enum(LAPSE_REASONS) })
      .nullable()
      .meta({ description: 'Why, and since when, nothing is owed' }),
    corrections: z
      .array(
        z.strictObject({
          at: InstantText,
          recordedAt: InstantText,
          reason: z.string().nullable(),
          changes: z
            .array(z.strictObject({ assignmentId: Id, before: Figures.nullable(), after: Figures }))
            .readonly(),
        }),
      )
      .readonly()
      .nullable()
      .meta({ description: 'Each correction of figures, with both values; null in lists' }),
    history: z.array(TimelineEntry).readonly().nullable().meta({ description: 'Null in lists' }),
    excuse: z
      .strictObject({ askedAt: InstantText, state: z.enum(['asked', 'granted', 'refused']) })
      .nullable(),
    allowedActions: z.array(actionOf(namesOf(REPORT_ACTIONS))).readonly(),
  })
  .meta({ id: 'Report' });

export const ReportPage = z.strictObject({
  items: z.array(Report).readonly(),
  page: z.strictObject({ nextCursor: z.string().nullable() }),
  asOf: InstantText,
  counts: z
    .record(ReportStateName, z.number().int())
    .meta({ description: 'Of every report under these filters but the state, by state as of the instant' }),
});

const Levels = z
  .array(
    z.strictObject({
      name: ShortText.nullable().default(null),
      unitIds: z.array(Id).max(5_000).default([]),
      groupCodes: z.array(z.string().min(1).max(100)).max(100).default([]),
      dueWorkingDays: z.int().min(1).max(60).default(1),
    }),
  )
  .min(1)
  .max(10)
  .meta({ description: 'From the lowest level up; each is due later than the one before' });

/** As a regime shows it: an ad hoc request has a due instant of its own, and no days to count. */
const ShownLevel = z.strictObject({
  name: z.string().nullable(),
  unitIds: z.array(Id),
  groupCodes: z.array(z.string()),
  dueWorkingDays: z.int().min(0),
});

const closingDay = z
  .union([z.int().min(1).max(28), z.literal('last')])
  .default(14)
  .meta({ description: '14: the windows of Decree 09/2019/NĐ-CP, article 12' });

const Periodicity = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('daily') }),
  z.strictObject({
    kind: z.literal('weekly'),
    closesOn: z.int().min(1).max(7).meta({ description: 'Monday 1 to Sunday 7' }),
  }),
  z.strictObject({ kind: z.literal('monthly'), closingDay }),
  z.strictObject({ kind: z.literal('quarterly'), closingDay }),
  z.strictObject({ kind: z.literal('half_yearly'), closingDay }),
  z.strictObject({ kind: z.literal('nine_month'), closingDay }),
  z.strictObject({ kind: z.literal('yearly'), closingDay }),
  z.strictObject({
    kind: z.literal('own'),
    windows: z
      .array(z.strictObject({ key: ShortText.max(100), opensOn: LocalDate, closesOn: LocalDate }))
      .min(1)
      .max(400),
  }),
]);

export const RegimeInput = commandBody({
  name: ShortText,
  nameEn: ShortText.nullable().default(null),
  directiveIds: z.array(Id).max(200).default([]),
  periodicity: Periodicity,
  startsOn: LocalDate,
  levels: Levels,
});

export const ReportRequestInput = commandBody({
  name: ShortText,
  nameEn: ShortText.nullable().default(null),
  directiveIds: z.array(Id).max(200).default([]),
  deadline: DeadlinePhrase,
  closesOn: LocalDate.nullable().default(null).meta({ description: 'Figures up to this date; today' }),
  unitIds: z.array(Id).max(5_000).default([]),
  groupCodes: z.array(z.string().min(1).max(100)).max(100).default([]),
});

export const Regime = z
  .strictObject({
    id: Id,
    version: z.number().int(),
    kind: z.enum(['periodic', 'ad_hoc']),
    state: z.enum(['active', 'ended']),
    name: z.string(),
    nameEn: z.string().nullable(),
    directiveIds: z.array(Id).readonly(),
    regimeVersion: z
      .number()
      .int()
      .meta({ description: 'Of the definition: judges periods opened under it' }),
    periodicity: Periodicity.nullable(),
    startsOn: LocalDate.nullable(),
    dueAt: InstantText.nullable().meta({ description: 'Of an ad hoc request' }),
    levels: z.array(ShownLevel).readonly(),
    continues: z
      .strictObject({ inRow: z.number().int(), inYear: z.number().int() })
      .meta({ description: 'When "continues to report late" makes a case' }),
    opened: z.strictObject({ key: z.string(), opensOn: LocalDate, closesOn: LocalDate }).nullable(),
    nextOpensAt: InstantText.nullable(),
    endedAt: InstantText.nullable(),
    endedBy: z
      .enum(['decision', 'done', 'withdrawn', 'closed'])
      .nullable()
      .meta({ description: 'withdrawn, closed: with the last of its directives' }),
    allowedActions: z.array(actionOf(['revise', 'end'])).readonly(),
  })
  .meta({ id: 'ReportingRegime' });

export const RegimesQuery = PageQuery.extend({
  state: z.enum(['active', 'ended']).optional(),
  kind: z.enum(['periodic', 'ad_hoc']).optional(),
});
