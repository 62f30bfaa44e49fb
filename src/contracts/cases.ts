import { z } from 'zod';
import { REFERRAL_ACTIONS } from '../domain/referral/table.js';
import { Id, InstantText, LocalDate, UnitRef } from './common.js';
import { actionOf, namesOf, ReferralStateName, TaskKind, TaskNature, TimelineEntry } from './resources.js';

/** Shapes of cases to Home Affairs, as they are read. */

const AssignmentCaseFacts = z.strictObject({
  about: z.literal('assignment'),
  asOf: InstantText,
  late: z.boolean(),
  lateByMs: z.number().meta({ description: 'Working time' }),
  cycle: z.number().int(),
  firstDeadlineAt: InstantText.nullable(),
  dueAt: InstantText.nullable(),
  submittedAt: InstantText.nullable(),
  confirmedAt: InstantText.nullable(),
  objectiveCauseConfirmed: z.boolean(),
  causes: z
    .array(
      z.strictObject({
        matterId: Id,
        cause: z.string(),
        objective: z.boolean(),
        statedAt: InstantText,
        state: z.enum(['pending', 'confirmed_objective', 'refused']),
        words: z.string(),
        decidedBy: z.enum(['standing_agency', 'supervisor']).nullable(),
      }),
    )
    .readonly()
    .nullable()
    .meta({ description: 'Causes the unit stated; null in facts frozen before these were kept' }),
  overdueContributions: z
    .array(
      z.strictObject({
        matterId: Id,
        askedUnitId: Id,
        askedAt: InstantText,
        dueAt: InstantText,
        answeredAt: InstantText.nullable(),
      }),
    )
    .readonly()
    .nullable()
    .meta({ description: 'What coordinating units did not give in time; null as above' }),
  steps: z.array(z.strictObject({ step: z.string(), plannedAt: InstantText })).readonly(),
  digest: z.string().meta({ description: 'SHA-256 of the facts as canonical JSON' }),
});

const ReportingCaseFacts = z.strictObject({
  about: z.literal('reporting'),
  asOf: InstantText,
  late: z.boolean().meta({ description: 'Whether the threshold is reached' }),
  year: z.strictObject({ from: LocalDate, to: LocalDate }),
  threshold: z.strictObject({ inRow: z.number().int(), inYear: z.number().int() }),
  inRow: z.number().int(),
  inYear: z.number().int(),
  periods: z
    .array(
      z.strictObject({
        reportId: Id,
        period: z.string(),
        opensOn: LocalDate,
        closesOn: LocalDate,
        dueAt: InstantText,
        receivedAt: InstantText.nullable(),
      }),
    )
    .readonly(),
  digest: z.string().meta({ description: 'SHA-256 of the facts as canonical JSON' }),
});

const CaseFacts = z.discriminatedUnion('about', [AssignmentCaseFacts, ReportingCaseFacts]);

export const Referral = z
  .strictObject({
    id: Id,
    version: z.number().int(),
    state: ReferralStateName,
    unit: UnitRef,
    answeringUnits: z
      .array(UnitRef)
      .readonly()
      .meta({ description: 'Who answers in the place of a unit that is no more' }),
    assignmentId: Id.nullable(),
    task: z
      .strictObject({
        code: z.string().nullable(),
        title: z.string(),
        titleEn: z.string().nullable(),
        kind: TaskKind,
        nature: TaskNature,
        ordinal: z.number().int(),
      })
      .nullable(),
    directive: z
      .strictObject({
        id: Id,
        number: z.string().nullable(),
        title: z.string(),
        documentDate: LocalDate.nullable(),
      })
      .nullable(),
    regime: z
      .strictObject({ id: Id, name: z.string(), nameEn: z.string().nullable() })
      .nullable()
      .meta({ description: 'Of a case of repeated late reporting; then the assignment is null' }),
    facts: CaseFacts.meta({ description: 'As they were frozen, and sent' }),
    corrections: z
      .array(z.strictObject({ at: InstantText, facts: CaseFacts }))
      .readonly()
      .meta({ description: 'What Home Affairs was sent afterwards, each as a document of its own' }),
    proposedAt: InstantText,
    window: z.strictObject({ endsAt: InstantText, open: z.boolean() }),
    held: z.boolean(),
    objections: z.number().int(),
    opinionGiven: z.boolean(),
    referredAt: InstantText.nullable(),
    endedAt: InstantText.nullable(),
    statements: z
      .strictObject({
        objection: TimelineEntry.nullable(),
        opinion: TimelineEntry.nullable(),
        decision: TimelineEntry.nullable(),
        outcome: TimelineEntry.nullable(),
      })
      .nullable(),
    events: z.array(TimelineEntry).readonly().nullable(),
    allowedActions: z.array(actionOf(namesOf(REFERRAL_ACTIONS))).readonly(),
  })
  .meta({ id: 'Referral' });
