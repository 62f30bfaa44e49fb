import { z } from 'zod';
import { ContributionCounts, ListedMatter } from '../../contracts/assignment-resource.js';
import { Id } from '../../contracts/common.js';
import { PageQuery, pageOf } from '../../contracts/resources.js';
import { CONTRIBUTION_COUNTS_TABLE } from '../../engine/export/follow-through.js';
import type { ListTable } from '../../engine/export/list.js';
import { CONTRIBUTIONS_TABLE, EXTENSIONS_TABLE, OBSTACLES_TABLE } from '../../engine/export/reports.js';
import { contributionCounts } from '../../engine/read/contributions.js';
import { type ListedMatter as Listed, mattersPage } from '../../engine/read/matters.js';
import { type Call, type Route, route } from '../route.js';
import { FormatField, listReply, TABLE_MEDIA, wholeReply } from './exporting.js';
import { instantOrNull } from './viewing.js';

const MattersQuery = PageQuery.extend({
  ...FormatField,
  directive: Id.optional(),
  assignment: Id.optional(),
  unit: Id.optional(),
});
type Query = z.output<typeof MattersQuery> & {
  readonly state?: string | undefined;
  readonly askedUnit?: string | undefined;
};

async function page(
  call: Call,
  kind: 'extension' | 'obstacle' | 'contribution',
  table: ListTable<Listed>,
  query: Query,
) {
  const filter = {
    kind,
    directiveId: query.directive ?? null,
    assignmentId: query.assignment ?? null,
    unitId: query.unit ?? null,
    askedUnitId: query.askedUnit ?? null,
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

const listContributions = route({
  method: 'get',
  path: '/v1/contributions',
  operationId: 'listContributions',
  tag: 'matters',
  summary: { vi: 'Đề nghị phối hợp', en: 'Contributions that lead units ask of coordinating units' },
  query: MattersQuery.extend({
    askedUnit: Id.optional().meta({ description: 'The coordinating unit' }),
    state: z.enum(['asked', 'given', 'declined', 'overdue', 'lapsed']).optional(),
  }),
  success: { status: 200, schema: pageOf(ListedMatter), media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  handler: async (call, { query }) => page(call, 'contribution', CONTRIBUTIONS_TABLE, query),
});

const countContributions = route({
  method: 'get',
  path: '/v1/contributions/counts',
  operationId: 'countContributions',
  tag: 'matters',
  summary: {
    vi: 'Số liệu phối hợp của từng đơn vị',
    en: 'How coordinating units answer, unit by unit; a unit sees its own figures',
  },
  query: z.strictObject({
    directive: Id.optional(),
    unit: Id.optional().meta({ description: 'The coordinating unit' }),
    dueAfter: z.iso.datetime({ offset: true }).optional(),
    dueBefore: z.iso.datetime({ offset: true }).optional(),
    ...FormatField,
  }),
  success: { status: 200, schema: ContributionCounts, media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { query }) {
    const counts = await contributionCounts(call.engine, call.viewer, {
      directiveId: query.directive ?? null,
      askedUnitId: query.unit ?? null,
      dueAfter: instantOrNull(query.dueAfter),
      dueBefore: instantOrNull(query.dueBefore),
    });
    const rows = counts.items.map((item) => ({ ...item, asOf: counts.asOf }));
    return await wholeReply(call, query, counts, CONTRIBUTION_COUNTS_TABLE, rows);
  },
});

export const matterRoutes: readonly Route[] = [
  listExtensions,
  listObstacles,
  listContributions,
  countContributions,
];
