import { IdParams } from '../../contracts/common.js';
import { pageOf } from '../../contracts/resources.js';
import {
  HeadTerms,
  NewHeadTerm,
  NewUnit,
  PeopleQuery,
  Person,
  Policies,
  Unit,
  UnitChanges,
  UnitsQuery,
  WorkingGroup,
  WorkingGroupChanges,
} from '../../contracts/units.js';
import { isRefusal } from '../../domain/errors.js';
import { HEADS_TABLE, PEOPLE_TABLE, UNITS_TABLE } from '../../engine/export/directory.js';
import {
  getHeadTerms,
  getPolicies,
  getUnit,
  getWorkingGroup,
  peoplePage,
  unitsPage,
} from '../../engine/read/directory.js';
import { beginHeadTerm, createUnit, editUnit } from '../../engine/units.js';
import { editWorkingGroup } from '../../engine/working-group.js';
import { type Call, type Route, route } from '../route.js';
import { FormatField, FormatQuery, listReply, TABLE_MEDIA, wholeReply } from './exporting.js';

const listUnits = route({
  method: 'get',
  path: '/v1/units',
  operationId: 'listUnits',
  tag: 'units',
  summary: { vi: 'Danh mục đơn vị', en: 'Units' },
  query: UnitsQuery.extend(FormatField),
  success: { status: 200, schema: pageOf(Unit), media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { query }) {
    const filter = {
      groupCode: query.group ?? null,
      q: query.q ?? null,
      on: query.on ?? null,
      all: query.all === 'true',
    };
    return await listReply(call, query, UNITS_TABLE, (request) =>
      unitsPage(call.engine, call.viewer, filter, request),
    );
  },
});

/** The unit as it stands, for reads and after commands alike. */
async function unitReply(call: Call, id: string) {
  const unit = await getUnit(call.engine, call.viewer, id);
  return isRefusal(unit) ? unit : { body: unit, version: unit.version };
}

const readUnit = route({
  method: 'get',
  path: '/v1/units/{id}',
  operationId: 'getUnit',
  tag: 'units',
  summary: { vi: 'Một đơn vị', en: 'One unit' },
  params: IdParams,
  success: { status: 200, schema: Unit },
  idempotency: 'none',
  ifMatch: 'none',
  handler: async (call, { params }) => unitReply(call, params.id),
});

const addUnit = route({
  method: 'post',
  path: '/v1/units',
  operationId: 'createUnit',
  tag: 'units',
  summary: { vi: 'Thêm đơn vị', en: 'Add a unit' },
  body: NewUnit,
  success: { status: 201, schema: Unit },
  problems: ['duplicate_code', 'reference_unknown'],
  idempotency: 'optional',
  ifMatch: 'none',
  async handler(call, { body }) {
    const outcome = await createUnit(call.engine, call.command(), body, call.origin);
    return isRefusal(outcome) ? outcome : unitReply(call, outcome.subjectId ?? '');
  },
});

const changeUnit = route({
  method: 'patch',
  path: '/v1/units/{id}',
  operationId: 'editUnit',
  tag: 'units',
  summary: { vi: 'Sửa đơn vị', en: 'Edit a unit' },
  params: IdParams,
  body: UnitChanges,
  success: { status: 200, schema: Unit },
  problems: ['duplicate_code', 'reference_unknown'],
  idempotency: 'optional',
  ifMatch: 'required',
  async handler(call, { params, body }) {
    const { ifMatch, origin } = call;
    const outcome = await editUnit(call.engine, call.command(), params.id, body, { ifMatch, origin });
    return isRefusal(outcome) ? outcome : unitReply(call, params.id);
  },
});

async function headsReply(call: Call, unitId: string) {
  const terms = await getHeadTerms(call.engine, call.viewer, unitId);
  return isRefusal(terms) ? terms : { body: { items: terms } };
}

const listHeads = route({
  method: 'get',
  path: '/v1/units/{id}/heads',
  operationId: 'listHeadTerms',
  tag: 'units',
  summary: { vi: 'Người đứng đầu theo nhiệm kỳ', en: 'Heads, with their terms of office' },
  params: IdParams,
  query: FormatQuery,
  success: { status: 200, schema: HeadTerms, media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { params, query }) {
    const items = await getHeadTerms(call.engine, call.viewer, params.id);
    if (isRefusal(items)) return items;
    return await wholeReply(call, { ...query, unit: params.id }, { items }, HEADS_TABLE, items);
  },
});

const addHead = route({
  method: 'post',
  path: '/v1/units/{id}/heads',
  operationId: 'beginHeadTerm',
  tag: 'units',
  summary: { vi: 'Bắt đầu nhiệm kỳ', en: 'Begin a term of office' },
  description: 'The running term ends on the day this one begins.',
  params: IdParams,
  body: NewHeadTerm,
  success: { status: 201, schema: HeadTerms },
  problems: ['reference_unknown'],
  idempotency: 'optional',
  ifMatch: 'none',
  async handler(call, { params, body }) {
    const outcome = await beginHeadTerm(call.engine, call.command(), params.id, body, call.origin);
    return isRefusal(outcome) ? outcome : headsReply(call, params.id);
  },
});

const listPeople = route({
  method: 'get',
  path: '/v1/people',
  operationId: 'listPeople',
  tag: 'units',
  summary: { vi: 'Người và vai trò', en: 'People and their grants' },
  query: PeopleQuery.extend(FormatField),
  success: { status: 200, schema: pageOf(Person), media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { query }) {
    const filter = { unitId: query.unit ?? null, q: query.q ?? null };
    return await listReply(call, query, PEOPLE_TABLE, (request) =>
      peoplePage(call.engine, call.viewer, filter, request),
    );
  },
});

const readWorkingGroup = route({
  method: 'get',
  path: '/v1/working-group',
  operationId: 'getWorkingGroup',
  tag: 'units',
  summary: { vi: 'Tổ công tác của tôi', en: 'My Working Group' },
  success: { status: 200, schema: WorkingGroup },
  problems: ['not_found'],
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call) {
    return await groupReply(call);
  },
});

async function groupReply(call: Call) {
  const group = await getWorkingGroup(call.engine, call.viewer);
  return isRefusal(group) ? group : { body: group, version: group.version };
}

const changeWorkingGroup = route({
  method: 'patch',
  path: '/v1/working-group',
  operationId: 'editWorkingGroup',
  tag: 'units',
  summary: { vi: 'Sửa Tổ công tác', en: 'Name the Working Group and its offices' },
  description:
    'Standing agency, Home Affairs, calendar and policy are fixed once something was issued or asked for under them.',
  body: WorkingGroupChanges,
  success: { status: 200, schema: WorkingGroup },
  problems: ['reference_unknown', 'transition_not_allowed'],
  idempotency: 'optional',
  ifMatch: 'required',
  async handler(call, { body }) {
    const { ifMatch, origin } = call;
    const outcome = await editWorkingGroup(call.engine, call.command(), body, { ifMatch, origin });
    return isRefusal(outcome) ? outcome : groupReply(call);
  },
});

const listPolicies = route({
  method: 'get',
  path: '/v1/policies',
  operationId: 'listPolicies',
  tag: 'units',
  summary: { vi: 'Quy chế đôn đốc, bản mới nhất', en: 'Policies, the latest version of each' },
  success: { status: 200, schema: Policies },
  idempotency: 'none',
  ifMatch: 'none',
  handler: async (call) => ({ body: { items: await getPolicies(call.engine, call.viewer) } }),
});

export const unitRoutes: readonly Route[] = [
  listUnits,
  readUnit,
  addUnit,
  changeUnit,
  listHeads,
  addHead,
  listPeople,
  readWorkingGroup,
  changeWorkingGroup,
  listPolicies,
];
