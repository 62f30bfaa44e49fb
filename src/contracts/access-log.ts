import { z } from 'zod';
import { ACCESS_ACTIONS } from '../domain/access-log.js';
import { Id, InstantText, RoleName, UnitRef } from './common.js';
import { JsonObject, PageQuery } from './resources.js';

/** One line of the access log: who was let in, shown or given what. */
export const AccessLine = z
  .strictObject({
    number: z.int().meta({ description: 'Of the line, in the whole installation' }),
    at: InstantText,
    person: z
      .strictObject({ id: Id, name: z.string().nullable() })
      .nullable()
      .meta({ description: 'Null for an attempt by nobody we know' }),
    role: RoleName.nullable().meta({ description: 'Under which grant; null where it was under none' }),
    unit: UnitRef.nullable(),
    action: z.enum(ACCESS_ACTIONS),
    words: z.string().meta({ description: "The action in the caller's language" }),
    subject: z.strictObject({ kind: z.string(), id: Id.nullable() }).nullable(),
    detail: JsonObject.meta({ description: 'Filters of an export, ids of a list, how somebody signed in' }),
    credential: z
      .strictObject({ kind: z.enum(['token', 'session']), id: Id })
      .nullable()
      .meta({
        description: 'The token or session by which it came; null where there was none, and in older lines',
      }),
    address: z.string().nullable(),
    agent: z.string().nullable(),
  })
  .meta({ id: 'AccessLine' });

export const AccessLogQuery = PageQuery.extend({
  person: Id.optional(),
  action: z.enum(ACCESS_ACTIONS).optional(),
  subjectKind: z.string().max(50).optional().meta({ description: 'referral, file, import, token …' }),
  subject: Id.optional().meta({ description: 'What was looked at, given or taken' }),
  from: z.iso.datetime({ offset: true }).optional().meta({ description: 'At or after' }),
  to: z.iso.datetime({ offset: true }).optional().meta({ description: 'Before' }),
});
