import { z } from 'zod';
import { Assignment } from '../../contracts/assignment-resource.js';
import { IdParams } from '../../contracts/common.js';
import { DirectiveSummary } from '../../contracts/counts.js';
import { Directive } from '../../contracts/directive-resource.js';
import { DirectiveStateName, PageQuery, pageOf, TimelineEntry } from '../../contracts/resources.js';
import { notFound } from '../../domain/assignment/access.js';
import { isRefusal } from '../../domain/errors.js';
import { ASSIGNMENTS_TABLE, DIRECTIVES_TABLE } from '../../engine/export/work.js';
import { assignmentsPage } from '../../engine/read/assignments.js';
import {
  directiveIsKnown,
  directiveSummary,
  directivesPage,
  getDirective,
} from '../../engine/read/directives.js';
import { directiveTimeline } from '../../engine/read/timeline.js';
import { type Route, route } from '../route.js';
import { AssignmentsQuery, assignmentFilter } from './assignments-read.js';
import { FormatField, listReply, TABLE_MEDIA } from './exporting.js';
import { timelineReply } from './timelines.js';

const listDirectives = route({
  method: 'get',
  path: '/v1/directives',
  operationId: 'listDirectives',
  tag: 'directives',
  summary: { vi: 'Các văn bản, mới nhất trước', en: 'Directives, the newest first' },
  query: PageQuery.extend({
    state: DirectiveStateName.optional(),
    q: z.string().max(200).optional().meta({ description: 'In number or title, without accents' }),
    ...FormatField,
  }),
  success: { status: 200, schema: pageOf(Directive), media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { query }) {
    const filter = { states: query.state === undefined ? null : [query.state], q: query.q ?? null };
    return await listReply(call, query, DIRECTIVES_TABLE, (request) =>
      directivesPage(call.engine, call.viewer, filter, request),
    );
  },
});

const readDirective = route({
  method: 'get',
  path: '/v1/directives/{id}',
  operationId: 'getDirective',
  tag: 'directives',
  summary: { vi: 'Một văn bản', en: 'One directive' },
  params: IdParams,
  success: { status: 200, schema: Directive },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { params }) {
    const found = await getDirective(call.engine, call.viewer, params.id);
    return isRefusal(found) ? found : { body: found, version: found.version };
  },
});

const readAssignments = route({
  method: 'get',
  path: '/v1/directives/{id}/assignments',
  operationId: 'listDirectiveAssignments',
  tag: 'directives',
  summary: { vi: 'Các nhiệm vụ được giao của văn bản', en: "A directive's assignments" },
  params: IdParams,
  query: AssignmentsQuery,
  success: { status: 200, schema: pageOf(Assignment), media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { params, query }) {
    if (!(await directiveIsKnown(call.engine, call.viewer, params.id))) return notFound();
    const filter = assignmentFilter(query, params.id);
    return await listReply(call, { ...query, directive: params.id }, ASSIGNMENTS_TABLE, (request) =>
      assignmentsPage(call.engine, call.viewer, filter, query.sort, request),
    );
  },
});

const readTimeline = route({
  method: 'get',
  path: '/v1/directives/{id}/timeline',
  operationId: 'getDirectiveTimeline',
  tag: 'directives',
  summary: { vi: 'Diễn biến của văn bản', en: 'What happened to a directive' },
  params: IdParams,
  query: PageQuery.extend({
    ...FormatField,
    subjects: z
      .enum(['directive', 'all'])
      .default('directive')
      .meta({ description: 'all: also what happened to its assignments and cases' }),
  }),
  success: { status: 200, schema: pageOf(TimelineEntry), media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { params, query }) {
    return await timelineReply(call, { ...query, directive: params.id }, (request) =>
      directiveTimeline(call.engine, call.viewer, params.id, query.subjects, request),
    );
  },
});

const readSummary = route({
  method: 'get',
  path: '/v1/directives/{id}/summary',
  operationId: 'getDirectiveSummary',
  tag: 'directives',
  summary: { vi: 'Số liệu của văn bản lúc này', en: "A directive's figures now" },
  params: IdParams,
  success: { status: 200, schema: DirectiveSummary },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { params }) {
    const found = await directiveSummary(call.engine, call.viewer, params.id);
    return isRefusal(found) ? found : { body: found };
  },
});

export const directiveReadRoutes: readonly Route[] = [
  listDirectives,
  readDirective,
  readAssignments,
  readTimeline,
  readSummary,
];
