import { z } from 'zod';
import { Id, InstantText, LocalDate } from './common.js';

export const RehearseDirective = z
  .strictObject({
    issueAt: z.iso
      .datetime({ offset: true })
      .optional()
      .meta({ description: 'The instant of issue that is tried; now where none is given' }),
    mostPerWeek: z
      .int()
      .min(1)
      .max(1_000)
      .default(5)
      .meta({ description: 'Deadlines of one unit in one week beyond which it is warned' }),
    unitId: Id.optional().meta({ description: 'Shows the lines of this unit only' }),
    taskId: Id.optional().meta({ description: 'Shows the lines of this task only' }),
  })
  .meta({ id: 'RehearseDirective' });

const Line = z
  .strictObject({
    subject: z.enum(['directive', 'assignment', 'referral']),
    step: z.string(),
    words: z.string().meta({ description: "The step in the caller's language" }),
    kind: z.string(),
    at: InstantText.meta({ description: 'When the step is due' }),
    messageAt: InstantText.meta({ description: "When the receivers' hours open" }),
    to: z.array(z.string()).meta({ description: 'The offices that the step is meant for' }),
    sends: z.array(z.string()).meta({ description: 'Of them, those that no higher step writes to' }),
    assignments: z.int(),
    taskIds: z.array(Id),
    unitIds: z.array(Id),
    policyText: z.string(),
  })
  .meta({ id: 'RehearsedLine' });

/** What would happen, without issuing. */
export const Rehearsal = z
  .strictObject({
    issueAt: InstantText,
    policy: z.string(),
    calendar: z.string(),
    ready: z
      .boolean()
      .meta({ description: 'The gate would let it through; rows that fail are left out here' }),
    counts: z.strictObject({
      rows: z.int(),
      clear: z.int(),
      unclear: z.int(),
      refused: z.int(),
      past: z.int(),
      assignments: z.int(),
    }),
    silent: z.array(Line).meta({ description: 'If nobody did anything' }),
    punctual: z.array(Line).meta({ description: 'If every unit handed in on its last second' }),
    warnings: z.array(
      z.strictObject({
        code: z.enum([
          'deadline_on_holiday',
          'deadline_on_day_off',
          'deadline_provisional',
          'deadline_past',
          'no_reminder',
          'too_many_in_week',
        ]),
        detail: z.string(),
        at: InstantText.nullable(),
        week: LocalDate.nullable().meta({ description: 'Its Monday' }),
        taskIds: z.array(Id),
        unitIds: z.array(Id),
      }),
    ),
    loads: z.array(z.strictObject({ unitId: Id, week: LocalDate, deadlines: z.int() })),
  })
  .meta({ id: 'Rehearsal' });
