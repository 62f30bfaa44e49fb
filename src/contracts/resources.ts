import { z } from 'zod';
import { Id, InstantText, RoleName } from './common.js';

/** Shapes of what is read: directives, assignments, their matters and timelines. */

/** Query of every list. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'Items a page' }),
  cursor: z
    .string()
    .max(2_000)
    .optional()
    .meta({ description: 'nextCursor of the page before, with the same filters' }),
});

/** A page of a list: the cursor says where the next one goes on, null at the end. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({
    items: z.array(item).readonly(),
    page: z.strictObject({ nextCursor: z.string().nullable() }),
  });

/** JSON that only the server makes, such as the rule a phrase was read as. */
export const JsonObject = z
  .custom<object>((value) => typeof value === 'object' && value !== null)
  .meta({ type: 'object' });
export const JsonObjectOrNull = z.union([JsonObject, z.null()]);

export const actionOf = <A extends readonly [string, ...string[]]>(actions: A) =>
  z.strictObject({
    action: z.enum(actions),
    allowed: z.boolean(),
    reason: z.strictObject({ code: z.string(), detail: z.string() }).nullable(),
  });

/** Names of a state table as zod wants them: at least one. */
export function namesOf<A extends string>(names: readonly A[]): [A, ...A[]] {
  const [first, ...others] = names;
  if (first === undefined) throw new Error('A table without actions');
  return [first, ...others];
}

export const AssignmentStateName = z.enum([
  'assigned',
  'acknowledged',
  'in_progress',
  'submitted',
  'contested',
  'suspended',
  'confirmed',
  'concluded',
  'stopped',
  'superseded',
  'carried_over',
]);
export const DirectiveStateName = z.enum(['draft', 'awaiting_approval', 'issued', 'closed', 'withdrawn']);
export const ReferralStateName = z.enum([
  'proposed',
  'objected',
  'rejected',
  'awaiting_release',
  'referred',
  'returned_for_supplement',
  'acknowledged',
  'outcome_recorded',
  'corrected',
  'upheld',
  'withdrawn',
  'lapsed',
]);
export const CountClassName = z.enum([
  'done_on_time',
  'done_late',
  'open_in_time',
  'open_overdue',
  'regular',
  'suspended',
  'stopped',
  'carried_over',
  'superseded',
]);
export const TaskKind = z.enum(['task', 'model', 'goal']);
export const TaskNature = z.enum(['specific', 'general']);

export const DocumentRef = z.strictObject({
  number: z.string(),
  date: z.string(),
  signer: z.string().optional(),
});

export const TimelineEntry = z
  .strictObject({
    subject: z.strictObject({
      kind: z.enum(['directive', 'assignment', 'referral', 'obligation', 'regime']),
      id: Id,
    }),
    seq: z.number().int(),
    type: z.string(),
    words: z.string().meta({ description: 'What happened, in one sentence' }),
    at: InstantText.meta({ description: 'The judged instant' }),
    receivedAt: InstantText,
    recordedAt: InstantText,
    actor: z.strictObject({
      kind: z.enum(['person', 'clock', 'system']),
      name: z.string().nullable(),
      role: RoleName.nullable(),
      unit: z.string().nullable(),
    }),
    document: DocumentRef.nullable(),
    text: z.record(z.string(), z.string()).meta({ description: 'What the person wrote, by field' }),
    formerUnit: z
      .string()
      .nullable()
      .meta({ description: 'Of a predecessor’s life: the unit that led then; else null' }),
  })
  .meta({ id: 'TimelineEntry' });
