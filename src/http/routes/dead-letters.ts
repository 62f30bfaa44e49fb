import { IdParams } from '../../contracts/common.js';
import { DeadLetters } from '../../contracts/dead-letters.js';
import { isRefusal } from '../../domain/errors.js';
import { deadLetters, sendAgain } from '../../engine/dead-letters.js';
import { DEAD_LETTERS_TABLE } from '../../engine/export/messages.js';
import { type Route, route } from '../route.js';
import { FormatQuery, TABLE_MEDIA, wholeReply } from './exporting.js';

const listDead = route({
  method: 'get',
  path: '/v1/dead-letters',
  operationId: 'listDeadLetters',
  tag: 'escalations',
  summary: { vi: 'Thư bị từ chối nhiều lần', en: 'Letters that were refused too often' },
  query: FormatQuery,
  success: { status: 200, schema: DeadLetters, media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { query }) {
    const items = await deadLetters(call.engine, call.viewer);
    return await wholeReply(call, query, { items }, DEAD_LETTERS_TABLE, items);
  },
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
