import * as shape from '../../contracts/referrals.js';
import { isRefusal } from '../../domain/errors.js';
import { listedCases, REFERRAL_LISTS_TABLE } from '../../engine/export/follow-through.js';
import { referralLists, referralsOf } from '../../engine/read/referral-lists.js';
import { releaseReferrals } from '../../engine/referral-lists.js';
import { type Route, route } from '../route.js';
import { FormatQuery, TABLE_MEDIA, wholeReply } from './exporting.js';

const listLists = route({
  method: 'get',
  path: '/v1/referral-lists',
  operationId: 'listReferralLists',
  tag: 'referrals',
  summary: {
    vi: 'Danh sách hồ sơ đề xuất, mỗi ngày hết hạn phản hồi một danh sách',
    en: 'Proposals that have not gone yet, one list for each closing date',
  },
  query: FormatQuery,
  success: { status: 200, schema: shape.ReferralLists, media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { query }) {
    const items = await referralLists(call.engine, call.viewer);
    const ids = items.flatMap(({ cases }) => cases.map(({ id }) => id));
    if (ids.length > 0) await call.recordAccess('listed', { kind: 'referral', id: null }, { ids });
    return await wholeReply(call, query, { items }, REFERRAL_LISTS_TABLE, listedCases(items));
  },
});

const releaseList = route({
  method: 'post',
  path: '/v1/referral-lists/{closingOn}/release',
  operationId: 'releaseReferralList',
  tag: 'referrals',
  summary: {
    vi: 'Chuyển các hồ sơ của một danh sách bằng một văn bản đã ký',
    en: 'Release cases of one list with one signed letter',
  },
  description:
    'All or none. The facts of each are computed again: one that is no longer late is withdrawn, and one whose facts have changed gets its window anew.',
  params: shape.ClosingParams,
  body: shape.ListRelease,
  success: { status: 200, schema: shape.ReleasedCases },
  problems: ['own_cause', 'transition_not_allowed', 'reference_unknown', 'happened_in_future'],
  idempotency: 'required',
  ifMatch: 'none',
  async handler(call, { params, body }) {
    const { document, referralIds, note } = body;
    const outcome = await releaseReferrals(call.engine, call.command(document), referralIds, {
      closingOn: params.closingOn,
      note,
    });
    if (isRefusal(outcome)) return outcome;
    return { body: { items: await referralsOf(call.engine, call.viewer, referralIds) } };
  },
});

export const referralListRoutes: readonly Route[] = [listLists, releaseList];
