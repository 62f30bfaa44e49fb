import { CountsQuery, CountsResource } from '../../contracts/counts.js';
import { addCalendarDays } from '../../domain/civil-date.js';
import { COUNTS_TABLE, countLines } from '../../engine/export/follow-through.js';
import { getCounts } from '../../engine/read/counts.js';
import { type Route, route } from '../route.js';
import { FormatField, TABLE_MEDIA, tableReply } from './exporting.js';

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
      asOf: query.asOf === undefined ? null : instantOf(query.asOf),
      knownAt: query.knownAt === undefined ? null : instantOf(query.knownAt),
      regular: query.regular,
      count: query.count,
      groupBy: query.groupBy ?? null,
      directiveId: query.directive ?? null,
      unitId: query.unit ?? null,
    });
    const { format } = query;
    if (format === 'json') return { body: view };
    return await tableReply(call, { ...query, format }, COUNTS_TABLE, once(countLines(view, call.locale)));
  },
});

/** What is there already, as pages. */
async function* once<T>(items: readonly T[]): AsyncGenerator<readonly T[]> {
  yield await Promise.resolve(items);
}

/** A date stands for its end, in Vietnam. */
function instantOf(text: string): number {
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text);
  return isDate ? Date.parse(`${addCalendarDays(text, 1)}T00:00:00+07:00`) - 1 : Date.parse(text);
}

export const countRoutes: readonly Route[] = [readCounts];
