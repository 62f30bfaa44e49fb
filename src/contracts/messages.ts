import { z } from 'zod';
import { Id, InstantText } from './common.js';
import { PageQuery, pageOf } from './resources.js';

/** What is told within the product. */
export const Message = z
  .strictObject({
    id: Id,
    at: InstantText.meta({ description: 'When it was opened: as the office’s hours did' }),
    readAt: InstantText.nullable().meta({ description: 'By the caller; colleagues read for themselves' }),
    personal: z.boolean().meta({ description: 'To the caller in person, or to the office' }),
    template: z.string().meta({ description: 'The kind of message' }),
    subject: z.string(),
    text: z.string(),
    rows: z
      .array(z.strictObject({ label: z.string(), value: z.string() }))
      .readonly()
      .meta({ description: 'Task, unit, deadline, directive, reason: as far as known' }),
    deadline: InstantText.nullable(),
    assignmentId: Id.nullable(),
    directiveId: Id.nullable(),
    reportId: Id.nullable(),
    referralId: Id.nullable().meta({ description: 'The case it speaks of' }),
    escalationId: Id.nullable().meta({
      description:
        'The step it tells of: acknowledging that stops its repeats to the caller; reading does not',
    }),
  })
  .meta({ id: 'Message' });

export const Messages = z.strictObject({
  ...pageOf(Message).shape,
  unread: z.int().meta({ description: 'Not read by the caller; counted up to 1,000' }),
});

export const MessagesQuery = PageQuery.extend({
  unread: z
    .enum(['true', 'false'])
    .optional()
    .meta({ description: 'true: only what the caller has not read' }),
});
