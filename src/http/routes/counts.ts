import { CountsQuery, CountsResource } from '../../contracts/counts.js';
import { COUNTS_TABLE, countLines } from '../../engine/export/follow-through.js';
import { getCounts } from '../../engine/read/counts.js';
import { type Route, route } from '../route.js';
import { FormatField, TABLE_MEDIA, wholeReply } from './exporting.js';
import { instantOrEndOfDay } from './viewing.js';

const readCounts = route({
  method: 'get',
  path: '/v1/counts',
  operationId: 'getCounts',
  tag: 'counts',
  summary: { vi: 'Số liệu thực hiện tại một thời điểm', en: 'The counts at an instant' },
  query: CountsQuery.extend(FormatField),
  success: { status: 200, schema: CountsResource, media: TABLE_MEDIA },
  problems: ['not_found'],
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { query }) {
    const view = await getCounts(call.engine, call.viewer, {
      asOf: query.asOf === undefined ? null : instantOrEndOfDay(query.asOf),
      knownAt: query.knownAt === undefined ? null : instantOrEndOfDay(query.knownAt),
      regular: query.regular,
      count: query.count,
      groupBy: query.groupBy ?? null,
      directiveId: query.directive ?? null,
      unitId: query.unit ?? null,
    });
    return await wholeReply(call, query, view, COUNTS_TABLE, countLines(view, call.locale));
  },
});

export const countRoutes: readonly Route[] = [readCounts];
