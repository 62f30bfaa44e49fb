import { Referral } from '../../contracts/cases.js';
import { Id, IdParams } from '../../contracts/common.js';
import { PageQuery, pageOf, ReferralStateName } from '../../contracts/resources.js';
import { isRefusal } from '../../domain/errors.js';
import { REFERRALS_TABLE } from '../../engine/export/follow-through.js';
import type { PageRequest } from '../../engine/read/page.js';
import { getReferral, referralsPage } from '../../engine/read/referrals.js';
import { type Route, route } from '../route.js';
import { FormatField, listReply, TABLE_MEDIA } from './exporting.js';
import { pageRequest } from './viewing.js';

const listReferrals = route({
  method: 'get',
  path: '/v1/referrals',
  operationId: 'listReferrals',
  tag: 'referrals',
  summary: {
    vi: 'Các hồ sơ chuyển Sở Nội vụ, mới nhất trước',
    en: 'Cases to Home Affairs, the newest first',
  },
  query: PageQuery.extend({
    directive: Id.optional(),
    assignment: Id.optional(),
    unit: Id.optional(),
    state: ReferralStateName.optional(),
    ...FormatField,
  }),
  success: { status: 200, schema: pageOf(Referral), media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { query }) {
    const filter = {
      directiveId: query.directive ?? null,
      assignmentId: query.assignment ?? null,
      unitId: query.unit ?? null,
      states: query.state === undefined ? null : [query.state],
    };
    const read = (request: PageRequest) => referralsPage(call.engine, call.viewer, filter, request);
    if (query.format !== 'json') return await listReply(call, query, REFERRALS_TABLE, read);
    const page = await read(pageRequest(query));
    // An empty list shows nobody's case.
    const ids = page.items.map(({ id }) => id);
    if (ids.length > 0) await call.recordAccess('listed', { kind: 'referral', id: null }, { ids });
    return { body: page };
  },
});

const readReferral = route({
  method: 'get',
  path: '/v1/referrals/{id}',
  operationId: 'getReferral',
  tag: 'referrals',
  summary: { vi: 'Một hồ sơ với dữ kiện và ý kiến', en: 'One case, with its facts and what each side said' },
  params: IdParams,
  success: { status: 200, schema: Referral },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { params }) {
    const found = await getReferral(call.engine, call.viewer, params.id);
    if (isRefusal(found)) return found;
    await call.recordAccess('viewed', { kind: 'referral', id: params.id });
    return { body: found, version: found.version };
  },
});

export const referralReadRoutes: readonly Route[] = [listReferrals, readReferral];
