import { IdParams } from '../../contracts/common.js';
import { DeadLetters } from '../../contracts/dead-letters.js';
import { isRefusal } from '../../domain/errors.js';
import { deadLetters, sendAgain } from '../../engine/dead-letters.js';
import { type Route, route } from '../route.js';

const listDead = route({
  method: 'get',
  path: '/v1/dead-letters',
  operationId: 'listDeadLetters',
  tag: 'escalations',
  summary: { vi: 'Thư bị từ chối nhiều lần', en: 'Letters that were refused too often' },
  success: { status: 200, schema: DeadLetters },
  idempotency: 'none',
  ifMatch: 'none',
  handler: async (call) => ({ body: { items: await deadLetters(call.engine, call.viewer) } }),
});

const again = route({
  method: 'post',
  path: '/v1/dead-letters/{id}/send',
  operationId: 'sendDeadLetter',
  tag: 'escalations',
  summary: { vi: 'Gửi lại', en: 'Send it again, under the same Message-ID' },
  params: IdParams,
  success: { status: 200, schema: DeadLetters },
  idempotency: 'optional',
  ifMatch: 'none',
  async handler(call, { params }) {
    const outcome = await sendAgain(call.engine, call.command(), params.id);
    return isRefusal(outcome) ? outcome : { body: { items: await deadLetters(call.engine, call.viewer) } };
  },
});

export const deadLetterRoutes: readonly Route[] = [listDead, again];
