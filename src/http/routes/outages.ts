import { Outages } from '../../contracts/outages.js';
import { OUTAGES_TABLE } from '../../engine/export/settings.js';
import { getOutages } from '../../engine/outages.js';
import { type Route, route } from '../route.js';
import { FormatQuery, TABLE_MEDIA, wholeReply } from './exporting.js';

const listOutages = route({
  method: 'get',
  path: '/v1/outages',
  operationId: 'listOutages',
  tag: 'operations',
  summary: {
    vi: 'Các lần hệ thống không tiếp nhận được thao tác',
    en: 'When commands could not be accepted',
  },
  description:
    'Deadlines inside such a stretch move to the end of the next working day, where the policy says so.',
  query: FormatQuery,
  success: { status: 200, schema: Outages, media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { query }) {
    const items = await getOutages(call.engine, call.viewer);
    return await wholeReply(call, query, { items }, OUTAGES_TABLE, items);
  },
});

export const outageRoutes: readonly Route[] = [listOutages];
