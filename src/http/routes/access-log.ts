import { AccessLine, AccessLogQuery } from '../../contracts/access-log.js';
import { pageOf } from '../../contracts/resources.js';
import { ACCESS_LOG_TABLE } from '../../engine/export/access-log.js';
import { accessPage } from '../../engine/read/access-log.js';
import { type Route, route } from '../route.js';
import { FormatField, listReply, TABLE_MEDIA } from './exporting.js';
import { instantOrNull } from './viewing.js';

const listAccessLog = route({
  method: 'get',
  path: '/v1/access-log',
  operationId: 'listAccessLog',
  tag: 'operations',
  summary: {
    vi: 'Nhật ký truy cập, mới nhất trước',
    en: 'Who was let in, shown or given what, the latest first',
  },
  description:
    'Within the own Working Group, with sign-ins, tokens and accounts of those who serve or have served in it. Who viewed, listed, exported or uploaded something is for the supervisor alone. Reading it is in it, too.',
  query: AccessLogQuery.extend(FormatField),
  success: { status: 200, schema: pageOf(AccessLine), media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { query }) {
    const { person, action, subjectKind, subject, from, to } = query;
    const filter = {
      personId: person ?? null,
      action: action ?? null,
      subjectKind: subjectKind ?? null,
      subjectId: subject ?? null,
      from: instantOrNull(from),
      to: instantOrNull(to),
    };
    if (query.format === 'json') await call.recordAccess('listed', { kind: 'access_log', id: null });
    return await listReply(call, query, ACCESS_LOG_TABLE, (request) =>
      accessPage(call.engine, call.viewer, filter, request),
    );
  },
});

export const accessLogRoutes: readonly Route[] = [listAccessLog];
