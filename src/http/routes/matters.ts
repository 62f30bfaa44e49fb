import { z } from 'zod';
import { Id } from '../../contracts/common.js';
import { ListedMatter, PageQuery, pageOf } from '../../contracts/resources.js';
import type { ListTable } from '../../engine/export/list.js';
import { EXTENSIONS_TABLE, OBSTACLES_TABLE } from '../../engine/export/reports.js';
import { type ListedMatter as Listed, mattersPage } from '../../engine/read/matters.js';
import { type Call, type Route, route } from '../route.js';
import { FormatField, listReply, TABLE_MEDIA } from './exporting.js';

const MattersQuery = PageQuery.extend({
  ...FormatField,
  directive: Id.optional(),
  assignment: Id.optional(),
  unit: Id.optional(),
});
type Query = z.output<typeof MattersQuery> & { readonly state?: string | undefined };

async function page(call: Call, kind: 'extension' | 'obstacle', table: ListTable<Listed>, query: Query) {
  const filter = {
    kind,
    directiveId: query.directive ?? null,
    assignmentId: query.assignment ?? null,
    unitId: query.unit ?? null,
    states: query.state === undefined ? null : [query.state],
  };
  return await listReply(call, query, table, (request) =>
    mattersPage(call.engine, call.viewer, filter, request),
  );
}

const listExtensions = route({
  method: 'get',
  path: '/v1/extensions',
  operationId: 'listExtensions',
  tag: 'matters',
  summary: { vi: 'Đề nghị gia hạn', en: 'Extensions' },
  query: MattersQuery.extend({
    state: z.enum(['requested', 'granted', 'refused', 'withdrawn', 'lapsed']).optional(),
  }),
  success: { status: 200, schema: pageOf(ListedMatter), media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  handler: async (call, { query }) => page(call, 'extension', EXTENSIONS_TABLE, query),
});

const listObstacles = route({
  method: 'get',
  path: '/v1/obstacles',
  operationId: 'listObstacles',
  tag: 'matters',
  summary: { vi: 'Vướng mắc', en: 'Obstacles' },
  query: MattersQuery.extend({
    state: z
      .enum(['raised', 'accepted', 'refused', 'forwarded', 'resolved', 'withdrawn', 'lapsed'])
      .optional(),
  }),
  success: { status: 200, schema: pageOf(ListedMatter), media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  handler: async (call, { query }) => page(call, 'obstacle', OBSTACLES_TABLE, query),
});

export const matterRoutes: readonly Route[] = [listExtensions, listObstacles];
