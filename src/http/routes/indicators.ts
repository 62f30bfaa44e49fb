import type { z } from 'zod';
import { IdParams } from '../../contracts/common.js';
import * as shape from '../../contracts/indicators.js';
import { isRefusal } from '../../domain/errors.js';
import { assignmentIndicator, type IndicatorQuestion } from '../../engine/read/indicators.js';
import { taskIndicator } from '../../engine/read/task-indicator.js';
import { type Route, route } from '../route.js';
import { instantOrEndOfDay } from './viewing.js';

function questionOf(query: z.output<typeof shape.IndicatorQuery>): IndicatorQuestion {
  return {
    asOf: query.asOf ?? null,
    knownAt: query.knownAt === undefined ? null : instantOrEndOfDay(query.knownAt),
    rounding: { mode: query.rounding, places: query.places },
  };
}

const frame = {
  method: 'get',
  params: IdParams,
  query: shape.IndicatorQuery,
  problems: ['not_found'],
  idempotency: 'none',
  ifMatch: 'none',
} as const;

const readAssignmentIndicator = route({
  ...frame,
  path: '/v1/assignments/{id}/indicator',
  operationId: 'getAssignmentIndicator',
  tag: 'assignments',
  summary: {
    vi: 'Số liệu chỉ tiêu theo từng ngày, các lần đính chính và dự báo',
    en: 'The figures of an indicator day by day, with every restatement and the forecast',
  },
  success: { status: 200, schema: shape.AssignmentIndicator },
  async handler(call, { params, query }) {
    const found = await assignmentIndicator(call.engine, call.viewer, params.id, questionOf(query));
    return isRefusal(found) ? found : { body: found };
  },
});

const readTaskIndicator = route({
  ...frame,
  path: '/v1/tasks/{id}/indicator',
  operationId: 'getTaskIndicator',
  tag: 'counts',
  summary: {
    vi: 'Số liệu chỉ tiêu của một nhiệm vụ, cộng từ các đơn vị',
    en: 'The indicator of a task: the sum over its units, and who is missing',
  },
  success: { status: 200, schema: shape.TaskIndicator },
  async handler(call, { params, query }) {
    const found = await taskIndicator(call.engine, call.viewer, params.id, questionOf(query));
    return isRefusal(found) ? found : { body: found };
  },
});

export const indicatorRoutes: readonly Route[] = [readAssignmentIndicator, readTaskIndicator];
