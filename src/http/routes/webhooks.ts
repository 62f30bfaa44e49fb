import { randomBytes } from 'node:crypto';
import { IdParams } from '../../contracts/common.js';
import { pageOf } from '../../contracts/resources.js';
import * as shape from '../../contracts/webhooks.js';
import { isRefusal, type Refusal } from '../../domain/errors.js';
import { DELIVERIES_TABLE, WEBHOOKS_TABLE } from '../../engine/export/messages.js';
import * as webhooks from '../../engine/webhooks.js';
import { versioned } from '../outcome.js';
import { type Route, route } from '../route.js';
import { invalid } from '../validation.js';
import { FormatField, FormatQuery, listOrRefusal, TABLE_MEDIA, wholeReply } from './exporting.js';

/** 32 random bytes, written as Standard Webhooks writes its secrets. */
const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

function addressRefused(): Refusal {
  const detail = {
    vi: 'Địa chỉ này thuộc mạng nội bộ hoặc không dùng https; hãy dùng địa chỉ https công khai, hoặc nhờ quản trị viên hệ thống cho phép dải địa chỉ (WEBHOOK_ALLOWED_RANGES).',
    en: 'This address is inside a private network, or is not https. Use a public https address, or ask who runs the server to allow its range (WEBHOOK_ALLOWED_RANGES).',
  };
  return invalid([{ pointer: '/url', code: 'not_allowed', detail }]);
}

const list = route({
  method: 'get',
  path: '/v1/webhooks',
  operationId: 'listWebhooks',
  tag: 'integration',
  summary: { vi: 'Webhook của cơ quan', en: 'The webhooks of my office' },
  query: FormatQuery,
  success: { status: 200, schema: shape.WebhookList, media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { query }) {
    const items = await webhooks.webhooksOf(call.engine, call.viewer);
    return await wholeReply(call, query, { items }, WEBHOOKS_TABLE, items);
  },
});

const create = route({
  method: 'post',
  path: '/v1/webhooks',
  operationId: 'createWebhook',
  tag: 'integration',
  summary: { vi: 'Đăng ký webhook', en: 'Have events sent to an address' },
  description:
    'From now on events that the office may read are sent as CloudEvents 1.0 (structured JSON), signed as Standard Webhooks has it. An answer of 2xx is a delivery; 410 disables; anything else is tried again, ten times in about three days.',
  body: shape.WebhookInput,
  success: { status: 201, schema: shape.WebhookWithSecret },
  idempotency: 'optional',
  ifMatch: 'none',
  async handler(call, { body }) {
    if (!call.mayBeTold(body.url)) return addressRefused();
    const made = { ...body, secret: newSecret() };
    const outcome = await webhooks.createWebhook(call.engine, call.command(), made, call.origin);
    if (isRefusal(outcome)) return outcome;
    const id = outcome.subjectId ?? '';
    const reply = versioned(await webhooks.getWebhookWithSecret(call.engine, call.viewer, id));
    return isRefusal(reply) ? reply : { ...reply, headers: { Location: `/v1/webhooks/${id}` } };
  },
});

const read = route({
  method: 'get',
  path: '/v1/webhooks/{id}',
  operationId: 'getWebhook',
  tag: 'integration',
  summary: { vi: 'Một webhook', en: 'One webhook' },
  params: IdParams,
  success: { status: 200, schema: shape.Webhook },
  idempotency: 'none',
  ifMatch: 'none',
  handler: async (call, { params }) =>
    versioned(await webhooks.getWebhook(call.engine, call.viewer, params.id)),
});

const edit = route({
  method: 'patch',
  path: '/v1/webhooks/{id}',
  operationId: 'editWebhook',
  tag: 'integration',
  summary: { vi: 'Sửa, tạm dừng hoặc bật lại webhook', en: 'Change, disable or enable a webhook' },
  description: 'What happens while it is disabled is not sent later.',
  params: IdParams,
  body: shape.WebhookChange,
  success: { status: 200, schema: shape.Webhook },
  idempotency: 'optional',
  ifMatch: 'required',
  async handler(call, { params, body }) {
    const { id } = params;
    if (body.url !== undefined && !call.mayBeTold(body.url)) return addressRefused();
    const read = { expected: call.ifMatch, origin: call.origin };
    const outcome = await webhooks.editWebhook(call.engine, call.command(), id, read, body);
    if (isRefusal(outcome)) return outcome;
    return versioned(await webhooks.getWebhook(call.engine, call.viewer, id));
  },
});

const remove = route({
  method: 'delete',
  path: '/v1/webhooks/{id}',
  operationId: 'removeWebhook',
  tag: 'integration',
  summary: { vi: 'Xóa webhook', en: 'Remove a webhook' },
  params: IdParams,
  success: { status: 204 },
  idempotency: 'optional',
  ifMatch: 'none',
  async handler(call, { params }) {
    const outcome = await webhooks.removeWebhook(call.engine, call.command(), params.id, call.origin);
    return isRefusal(outcome) ? outcome : { body: undefined };
  },
});

const rotate = route({
  method: 'post',
  path: '/v1/webhooks/{id}/rotate-secret',
  operationId: 'rotateWebhookSecret',
  tag: 'integration',
  summary: { vi: 'Đổi khóa ký', en: 'Change the secret' },
  description: 'For 24 hours each message carries two signatures, by the new secret and by the one before.',
  params: IdParams,
  success: { status: 200, schema: shape.WebhookWithSecret },
  idempotency: 'optional',
  ifMatch: 'none',
  async handler(call, { params }) {
    const { id } = params;
    const { engine, origin } = call;
    const outcome = await webhooks.rotateWebhookSecret(engine, call.command(), id, newSecret(), origin);
    if (isRefusal(outcome)) return outcome;
    return versioned(await webhooks.getWebhookWithSecret(call.engine, call.viewer, id));
  },
});

const deliveries = route({
  method: 'get',
  path: '/v1/webhooks/{id}/deliveries',
  operationId: 'listWebhookDeliveries',
  tag: 'integration',
  summary: { vi: 'Các lần gửi, mới nhất trước', en: 'Deliveries, the latest first' },
  params: IdParams,
  query: shape.DeliveriesQuery.extend(FormatField),
  success: { status: 200, schema: pageOf(shape.Delivery), media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { params, query }) {
    const state = query.state ?? null;
    return await listOrRefusal(call, { ...query, webhook: params.id }, DELIVERIES_TABLE, (request) =>
      webhooks.deliveriesPage(call.engine, call.viewer, params.id, state, request),
    );
  },
});

const resend = route({
  method: 'post',
  path: '/v1/webhooks/{id}/deliveries/{deliveryId}/resend',
  operationId: 'resendWebhookDelivery',
  tag: 'integration',
  summary: { vi: 'Gửi lại', en: 'Send a delivery again, under the same id' },
  params: shape.DeliveryParams,
  success: { status: 202, schema: shape.Webhook },
  idempotency: 'optional',
  ifMatch: 'none',
  async handler(call, { params }) {
    const { id, deliveryId } = params;
    const { engine, origin } = call;
    const outcome = await webhooks.resendDelivery(engine, call.command(), id, deliveryId, origin);
    return isRefusal(outcome) ? outcome : versioned(await webhooks.getWebhook(call.engine, call.viewer, id));
  },
});

export const webhookRoutes: readonly Route[] = [list, create, read, edit, remove, rotate, deliveries, resend];
