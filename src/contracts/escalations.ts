import { z } from 'zod';
import { Id, InstantText, LocalDate, UnitRef } from './common.js';
import { PageQuery } from './resources.js';

export const Escalation = z
  .strictObject({
    id: Id,
    subject: z.strictObject({
      kind: z.enum(['directive', 'assignment', 'referral', 'obligation', 'regime']),
      id: Id,
    }),
    step: z.string(),
    words: z.string().meta({ description: "The step in the caller's language" }),
    aboutId: Id.nullable().meta({ description: 'The matter or submission that the step is about' }),
    kind: z.string(),
    cycle: z.number().int(),
    assignment: z
      .strictObject({ id: Id, code: z.string().nullable(), title: z.string().nullable() })
      .nullable(),
    directive: z
      .strictObject({ id: Id, number: z.string().nullable(), title: z.string().nullable() })
      .nullable()
      .meta({ description: 'Null for a step of a report, which may concern several' }),
    unit: UnitRef.nullable(),
    plannedAt: InstantText,
    takenAt: InstantText,
    recipients: z.array(z.string()).readonly(),
    message: z.string().meta({ description: 'sent, superseded by a higher one, or none' }),
    deliveries: z
      .array(
        z.strictObject({
          recipient: z.string(),
          unit: UnitRef.nullable(),
          template: z.string(),
          channel: z.string().nullable(),
          state: z.enum(['waiting', 'superseded', 'undeliverable', 'ready', 'sent', 'dead']),
          openAt: InstantText.meta({ description: "When the receiver's hours open" }),
          sentAt: InstantText.nullable(),
          note: z.string().nullable(),
          inAppAt: InstantText.nullable().meta({
            description: 'When it became a message within the product',
          }),
        }),
      )
      .readonly(),
    acknowledged: z
      .strictObject({ at: InstantText, by: z.string().nullable() })
      .nullable()
      .meta({ description: 'The first of acknowledgements' }),
    acknowledgements: z
      .array(z.strictObject({ at: InstantText, by: z.string().nullable() }))
      .readonly()
      .meta({ description: 'Each stops the repeats to that person' }),
    voided: z.strictObject({ at: InstantText, reason: z.string() }).nullable(),
    policyText: z.string(),
    calendar: z.string(),
  })
  .meta({ id: 'Escalation' });

const LetterShape = z
  .strictObject({
    state: z
      .enum(['sent', 'awaiting_signature', 'signed', 'dropped'])
      .meta({ description: 'sent: as drafted, where the policy asks for no signature; dropped: never sent' }),
    signBy: InstantText.nullable().meta({
      description: 'While it waits for number, date and signer: when that is overdue',
    }),
    number: z.string().nullable(),
    date: LocalDate.nullable(),
    signer: z.string().nullable(),
    issuer: UnitRef.meta({ description: 'The standing agency' }),
    unit: UnitRef,
    head: z.string().nullable().meta({ description: 'In office when it was drafted' }),
    subject: z.string(),
    addressee: z.string(),
    basis: z.array(z.string()).readonly(),
    paragraphs: z.array(z.string()).readonly(),
    closing: z.string(),
    text: z.string().meta({ description: 'The whole letter, in Vietnamese as official letters are' }),
    facts: z.strictObject({
      phrase: z.string().nullable().meta({ description: 'The words of the deadline; null of a report' }),
      firstDeadlineAt: InstantText.nullable(),
      deadlineAt: InstantText,
      asOf: InstantText,
      daysLate: z.int(),
      workingDaysLate: z.int(),
      urgedAt: z.array(InstantText).readonly(),
      causes: z.array(z.strictObject({ cause: z.string(), state: z.string() })).readonly(),
    }),
  })
  .meta({ id: 'UrgingLetter' });

/** One step with the letter that it drafted. */
export const EscalationDetail = z
  .strictObject({
    ...Escalation.shape,
    letter: LetterShape.nullable().meta({
      description:
        'Of an urging letter about a task or a report; null for other steps, and for a unit until the letter is sent',
    }),
  })
  .meta({ id: 'EscalationDetail' });

export const EscalationsQuery = PageQuery.extend({
  directive: Id.optional(),
  assignment: Id.optional(),
  unit: Id.optional(),
  step: z.string().max(100).optional().meta({ description: 'The name of a step, or a kind of step' }),
  from: z.iso.datetime({ offset: true }).optional().meta({ description: 'Taken at or after' }),
  to: z.iso.datetime({ offset: true }).optional().meta({ description: 'Taken before' }),
});
