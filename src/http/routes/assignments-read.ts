import { z } from 'zod';
import { Assignment, AssignmentDeadline } from '../../contracts/assignment-resource.js';
import { Id, IdParams } from '../../contracts/common.js';
import {
  AssignmentStateName,
  CountClassName,
  PageQuery,
  pageOf,
  TimelineEntry,
} from '../../contracts/resources.js';
import { isRefusal } from '../../domain/errors.js';
import { TIMELINE_TABLE } from '../../engine/export/follow-through.js';
import { ASSIGNMENTS_TABLE } from '../../engine/export/work.js';
import { assignmentsPage, getAssignment } from '../../engine/read/assignments.js';
import { assignmentDeadline } from '../../engine/read/deadlines.js';
import { assignmentTimeline } from '../../engine/read/timeline.js';
import { type Route, route } from '../route.js';
import { FormatField, listOrRefusal, listReply, TABLE_MEDIA } from './exporting.js';
import { instantOrNull } from './viewing.js';

const Instant = z.iso.datetime({ offset: true });

/** What every list of assignments can be narrowed by. */
export const AssignmentsQuery = PageQuery.extend({
  unit: Id.optional().meta({ description: 'The lead unit' }),
  task: Id.optional(),
  state: AssignmentStateName.optional(),
  count: z.enum(['awaiting', ...CountClassName.options]).optional(),
  dueBefore: Instant.optional(),
  dueAfter: Instant.optional().meta({ description: 'Due at or after' }),
  q: z.string().max(200).optional().meta({ description: 'In title or code of the task, without accents' }),
  sort: z.enum(['id', 'due', '-due']).default('id').meta({ description: 'id: in the order of the plan' }),
  ...FormatField,
});
type Query = z.output<typeof AssignmentsQuery>;

export const assignmentFilter = (query: Query, directiveId: string | null) => ({
  directiveId,
  unitId: query.unit ?? null,
  taskId: query.task ?? null,
  states: query.state === undefined ? null : [query.state],
  count: query.count ?? null,
  dueBefore: instantOrNull(query.dueBefore),
  dueAfter: instantOrNull(query.dueAfter),
  q: query.q ?? null,
});

const listAssignments = route({
  method: 'get',
  path: '/v1/assignments',
  operationId: 'listAssignments',
  tag: 'assignments',
  summary: { vi: 'Các nhiệm vụ được giao trong phạm vi của tôi', en: 'Assignments within my scope' },
  query: AssignmentsQuery.extend({ directive: Id.optional() }),
  success: { status: 200, schema: pageOf(Assignment), media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { query }) {
    const filter = assignmentFilter(query, query.directive ?? null);
    return await listReply(call, query, ASSIGNMENTS_TABLE, (request) =>
      assignmentsPage(call.engine, call.viewer, filter, query.sort, request),
    );
  },
});

const readAssignment = route({
  method: 'get',
  path: '/v1/assignments/{id}',
  operationId: 'getAssignment',
  tag: 'assignments',
  summary: { vi: 'Một nhiệm vụ được giao', en: 'One assignment' },
  params: IdParams,
  success: { status: 200, schema: Assignment },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { params }) {
    const found = await getAssignment(call.engine, call.viewer, params.id);
    return isRefusal(found) ? found : { body: found, version: found.version };
  },
});

const readTimeline = route({
  method: 'get',
  path: '/v1/assignments/{id}/timeline',
  operationId: 'getAssignmentTimeline',
  tag: 'assignments',
  summary: { vi: 'Diễn biến của nhiệm vụ', en: 'What happened to an assignment' },
  params: IdParams,
  query: PageQuery.extend(FormatField),
  success: { status: 200, schema: pageOf(TimelineEntry), media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { params, query }) {
    return await listOrRefusal(call, { ...query, assignment: params.id }, TIMELINE_TABLE, (request) =>
      assignmentTimeline(call.engine, call.viewer, params.id, request),
    );
  },
});

const readDeadline = route({
  method: 'get',
  path: '/v1/assignments/{id}/deadline',
  operationId: 'getAssignmentDeadline',
  tag: 'assignments',
  summary: { vi: 'Thời hạn và mọi lần thay đổi', en: 'The deadline, with every change and its reason' },
  params: IdParams,
  success: { status: 200, schema: AssignmentDeadline },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { params }) {
    const found = await assignmentDeadline(call.engine, call.viewer, params.id);
    return isRefusal(found) ? found : { body: found };
  },
});

export const assignmentReadRoutes: readonly Route[] = [
  listAssignments,
  readAssignment,
  readTimeline,
  readDeadline,
];
