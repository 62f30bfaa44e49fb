import { IdParams } from '../../contracts/common.js';
import { Escalation, EscalationDetail, EscalationsQuery } from '../../contracts/escalations.js';
import { pageOf } from '../../contracts/resources.js';
import { isRefusal } from '../../domain/errors.js';
import { acknowledgeEscalation } from '../../engine/escalations.js';
import { ESCALATIONS_TABLE } from '../../engine/export/follow-through.js';
import { escalationsPage, getEscalation, getEscalationDetail } from '../../engine/read/escalations.js';
import { type Route, route } from '../route.js';
import { FormatField, listReply, TABLE_MEDIA } from './exporting.js';
import { instantOrNull } from './viewing.js';

const listEscalations = route({
  method: 'get',
  path: '/v1/escalations',
  operationId: 'listEscalations',
  tag: 'escalations',
  summary: { vi: 'Lịch sử đôn đốc, mới nhất trước', en: 'The history of steps taken, the latest first' },
  query: EscalationsQuery.extend(FormatField),
  success: { status: 200, schema: pageOf(Escalation), media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { query }) {
    const filter = {
      id: null,
      directiveId: query.directive ?? null,
      assignmentId: query.assignment ?? null,
      unitId: query.unit ?? null,
      step: query.step ?? null,
      from: instantOrNull(query.from),
      to: instantOrNull(query.to),
    };
    return await listReply(call, query, ESCALATIONS_TABLE, (request) =>
      escalationsPage(call.engine, call.viewer, filter, request),
    );
  },
});

const getOne = route({
  method: 'get',
  path: '/v1/escalations/{id}',
  operationId: 'getEscalation',
  tag: 'escalations',
  summary: {
    vi: 'Một bước đôn đốc, kèm văn bản đôn đốc',
    en: 'One step, with the urging letter where it is one',
  },
  params: IdParams,
  success: { status: 200, schema: EscalationDetail },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { params }) {
    const found = await getEscalationDetail(call.engine, call.viewer, params.id);
    return isRefusal(found) ? found : { body: found };
  },
});

const acknowledge = route({
  method: 'post',
  path: '/v1/escalations/{id}/acknowledge',
  operationId: 'acknowledgeEscalation',
  tag: 'escalations',
  summary: { vi: 'Xác nhận đã nhận thông báo', en: 'A message has reached me' },
  description: 'Stops the repeats of this message to this person. It judges nothing and moves no deadline.',
  params: IdParams,
  success: { status: 200, schema: Escalation },
  idempotency: 'optional',
  ifMatch: 'none',
  async handler(call, { params }) {
    const outcome = await acknowledgeEscalation(call.engine, call.command(), params.id);
    if (isRefusal(outcome)) return outcome;
    const found = await getEscalation(call.engine, call.viewer, params.id);
    return isRefusal(found) ? found : { body: found };
  },
});

export const escalationRoutes: readonly Route[] = [listEscalations, getOne, acknowledge];
