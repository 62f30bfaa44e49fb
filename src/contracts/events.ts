import { z } from 'zod';
import { Id, InstantText } from './common.js';

/** One event as followers are told of it: thin, with the way to what it is about. */
export const EventNotice = z
  .strictObject({
    type: z
      .string()
      .meta({ description: 'Subject and event: assignment.submitted', example: 'assignment.submitted' }),
    subject: z.strictObject({
      kind: z.enum(['directive', 'assignment', 'referral', 'obligation', 'regime']),
      id: Id,
    }),
    version: z.int().meta({ description: 'Of the subject after the event' }),
    directiveId: Id.nullable(),
    unitId: Id.nullable(),
    happenedAt: InstantText,
    recordedAt: InstantText,
    href: z.string().meta({ description: 'Where the subject is read, with the rights of whoever reads it' }),
  })
  .meta({ id: 'EventNotice' });
export type EventNoticeBody = z.infer<typeof EventNotice>;

/** `assignment.submitted`, or `assignment` for all events of assignments; several with commas. */
export const EventTypes = z
  .string()
  .max(1_000)
  .regex(/^[a-z_]+(\.[a-z_]+)?(,[a-z_]+(\.[a-z_]+)?)*$/)
  .meta({ description: 'assignment.submitted, or assignment for all of them; several with commas' });

export const EventsQuery = z.strictObject({
  directive: Id.optional(),
  assignment: Id.optional(),
  type: EventTypes.optional(),
});
