import { IdParams } from '../../contracts/common.js';
import { Message, Messages, MessagesQuery } from '../../contracts/messages.js';
import { isRefusal } from '../../domain/errors.js';
import { pagesOf } from '../../engine/export/list.js';
import { MESSAGES_TABLE } from '../../engine/export/messages.js';
import { readMessage } from '../../engine/messages.js';
import { getMessage, messagesPage } from '../../engine/read/messages.js';
import type { PageRequest } from '../../engine/read/page.js';
import { type Route, route } from '../route.js';
import { FormatField, TABLE_MEDIA, tableReply } from './exporting.js';
import { pageRequest } from './viewing.js';

const listMessages = route({
  method: 'get',
  path: '/v1/messages',
  operationId: 'listMessages',
  tag: 'escalations',
  summary: {
    vi: 'Thông báo cho tôi và cơ quan tôi',
    en: 'What was told to me and to my office, the newest first',
  },
  query: MessagesQuery.extend(FormatField),
  success: { status: 200, schema: Messages, media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { query }) {
    const read = (request: PageRequest) =>
      messagesPage(call.engine, call.viewer, query.unread === 'true', request);
    if (query.format === 'json') return { body: await read(pageRequest(query)) };
    return await tableReply(call, { ...query, format: query.format }, MESSAGES_TABLE, pagesOf(read));
  },
});

const read = route({
  method: 'post',
  path: '/v1/messages/{id}/read',
  operationId: 'readMessage',
  tag: 'escalations',
  summary: { vi: 'Đánh dấu đã đọc', en: 'Mark as read' },
  description: 'For the caller alone. It acknowledges nothing and stops no repeats.',
  params: IdParams,
  success: { status: 200, schema: Message },
  idempotency: 'optional',
  ifMatch: 'none',
  async handler(call, { params }) {
    const outcome = await readMessage(call.engine, call.command(), params.id);
    if (isRefusal(outcome)) return outcome;
    const found = await getMessage(call.engine, call.viewer, params.id);
    return isRefusal(found) ? found : { body: found };
  },
});

export const messageRoutes: readonly Route[] = [listMessages, read];
