import { z } from 'zod';
import { Id } from '../../contracts/common.js';
import { ListedMatter, PageQuery, pageOf } from '../../contracts/resources.js';
import { mattersPage } from '../../engine/read/matters.js';
import { type Call, type Route, route } from '../route.js';
import { pageRequest } from './viewing.js';

const MattersQuery = PageQuery.extend({
  directive: Id.optional(),
  assignment: Id.optional(),
  unit: Id.optional(),
});
type Query = z.output<typeof MattersQuery> & { readonly state?: string | undefined };

async function page(call: Call, kind: 'extension' | 'obstacle', query: Query) {
  const filter = {
    kind,
    directiveId: query.directive ?? null,
    assignmentId: query.assignment ?? null,
    unitId: query.unit ?? null,
    states: query.state === undefined ? null : [query.state],
  };
  return { body: await mattersPage(call.engine, call.viewer, filter, pageRequest(query)) };
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
  success: { status: 200, schema: pageOf(ListedMatter) },
  idempotency: 'none',
  ifMatch: 'none',
  handler: async (call, { query }) => page(call, 'extension', query),
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
  success: { status: 200, schema: pageOf(ListedMatter) },
  idempotency: 'none',
  ifMatch: 'none',
  handler: async (call, { query }) => page(call, 'obstacle', query),
});

export const matterRoutes: readonly Route[] = [listExtensions, listObstacles];
