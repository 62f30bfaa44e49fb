import { z } from 'zod';
import { Id, IdParams, InstantText, ShortText } from './common.js';
import { PageQuery } from './resources.js';

const Url = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .refine((text) => URL.canParse(text) && new URL(text).username === '' && new URL(text).hash === '', {
    params: {
      code: 'wrong_format',
      vi: 'Không đặt tên đăng nhập hay # trong địa chỉ.',
      en: 'The address holds neither a user name nor a fragment.',
    },
  })
  .meta({
    description: 'https; http only to ranges inside that the configuration names',
    example: 'https://example.vn/hook',
  });

/** `assignment.submitted`, or `assignment` for all events of assignments. */
const Type = z
  .string()
  .regex(/^[a-z_]+(\.[a-z_]+)?$/)
  .max(100);
const Types = z.array(Type).max(50).meta({ description: 'None: every event that the office may read' });

export const WebhookInput = z
  .strictObject({ label: ShortText, url: Url, types: Types.default([]) })
  .meta({ id: 'WebhookInput' });

export const WebhookChange = z
  .strictObject({ label: ShortText, url: Url, types: Types, state: z.enum(['active', 'disabled']) })
  .partial()
  .meta({ id: 'WebhookChange' });

const fields = {
  id: Id,
  version: z.int(),
  label: z.string(),
  url: z.string(),
  types: z.array(z.string()).readonly(),
  state: z.enum(['active', 'disabled']),
  reason: z.string().nullable().meta({ description: 'Why it is disabled, where we did it' }),
  previousSecretUntil: InstantText.nullable().meta({
    description: 'Until then the secret before signs as well',
  }),
  createdAt: InstantText,
  waiting: z.int().meta({ description: 'Deliveries under way' }),
  dead: z.int().meta({ description: 'Deliveries that were given up' }),
};
export const Webhook = z.strictObject(fields).meta({ id: 'Webhook' });
export const WebhookWithSecret = z
  .strictObject({ ...fields, secret: z.string().meta({ description: 'Shown now and never again' }) })
  .meta({ id: 'WebhookWithSecret' });
export const WebhookList = z.strictObject({ items: z.array(Webhook).readonly() }).meta({ id: 'WebhookList' });

export const Delivery = z
  .strictObject({
    id: Id.meta({ description: 'The `webhook-id` of every attempt' }),
    type: z.string(),
    state: z.enum(['waiting', 'delivered', 'dead']),
    attempts: z.int(),
    nextAttemptAt: InstantText.nullable(),
    status: z.int().nullable().meta({ description: 'HTTP status of the latest answer' }),
    error: z.string().nullable(),
    createdAt: InstantText,
    deliveredAt: InstantText.nullable(),
  })
  .meta({ id: 'WebhookDelivery' });

export const DeliveriesQuery = PageQuery.extend({
  state: z.enum(['waiting', 'delivered', 'dead']).optional(),
});
export const DeliveryParams = IdParams.extend({ deliveryId: Id });
