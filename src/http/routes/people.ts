import { IdParams } from '../../contracts/common.js';
import * as shape from '../../contracts/people.js';
import { pageOf } from '../../contracts/resources.js';
import { isRefusal } from '../../domain/errors.js';
import { GRANTS_TABLE } from '../../engine/export/directory.js';
import { giveGrant, withdrawGrant } from '../../engine/grants.js';
import { createPerson, editPerson, endSessions, makeSetupCode } from '../../engine/people.js';
import { getGrant, getPerson, grantsPage } from '../../engine/read/people.js';
import type { Outcome } from '../../engine/request.js';
import { versioned } from '../outcome.js';
import { type Call, type Route, route } from '../route.js';
import { FormatField, listReply, TABLE_MEDIA } from './exporting.js';

const common = { tag: 'people', idempotency: 'optional', ifMatch: 'none' } as const;

async function personReply(call: Call, outcome: Outcome) {
  if (isRefusal(outcome)) return outcome;
  return versioned(await getPerson(call.engine, call.viewer, outcome.subjectId ?? ''));
}

const readPerson = route({
  ...common,
  method: 'get',
  path: '/v1/people/{id}',
  operationId: 'getPerson',
  summary: { vi: 'Một người', en: 'One person' },
  params: IdParams,
  success: { status: 200, schema: shape.PersonRecord },
  idempotency: 'none',
  handler: async (call, { params }) => versioned(await getPerson(call.engine, call.viewer, params.id)),
});

const addPerson = route({
  ...common,
  method: 'post',
  path: '/v1/people',
  operationId: 'createPerson',
  summary: { vi: 'Thêm người', en: 'Add a person' },
  body: shape.NewPerson,
  success: { status: 201, schema: shape.PersonRecord },
  problems: ['duplicate_code'],
  handler: async (call, { body }) =>
    await personReply(call, await createPerson(call.engine, call.command(), body, call.origin)),
});

const changePerson = route({
  ...common,
  method: 'patch',
  path: '/v1/people/{id}',
  operationId: 'editPerson',
  summary: { vi: 'Sửa thông tin một người', en: 'Edit a person, or let them sign in no more' },
  params: IdParams,
  body: shape.PersonChanges,
  success: { status: 200, schema: shape.PersonRecord },
  problems: ['duplicate_code', 'own_cause'],
  ifMatch: 'required',
  async handler(call, { params, body }) {
    const { engine, ifMatch, origin } = call;
    return await personReply(
      call,
      await editPerson(engine, call.command(), params.id, body, ifMatch, origin),
    );
  },
});

const addLocalAccount = route({
  ...common,
  method: 'post',
  path: '/v1/people/{id}/local-account',
  operationId: 'makeSetupCode',
  summary: { vi: 'Cấp mã để đặt mật khẩu', en: 'A code with which the person chooses a password' },
  description: 'The code is shown once and works once, for three days. For installations without a provider.',
  params: IdParams,
  success: { status: 201, schema: shape.SetupCode },
  problems: ['own_cause'],
  async handler(call, { params }) {
    const { outcome, made } = await makeSetupCode(call.engine, call.command(), params.id, call.origin);
    if (isRefusal(outcome)) return outcome;
    const person = await getPerson(call.engine, call.viewer, params.id);
    if (isRefusal(person)) return person;
    return {
      body: {
        login: person.login ?? '',
        code: made?.code ?? null,
        expiresAt: made === null ? null : new Date(made.expiresAt).toISOString(),
        page: '/sign-in/password',
      },
    };
  },
});

const endAllSessions = route({
  ...common,
  method: 'post',
  path: '/v1/people/{id}/sign-out',
  operationId: 'endSessions',
  summary: { vi: 'Kết thúc mọi phiên của một người', en: 'End every session of a person' },
  params: IdParams,
  success: { status: 200, schema: shape.PersonRecord },
  handler: async (call, { params }) =>
    await personReply(call, await endSessions(call.engine, call.command(), params.id, call.origin)),
});

const listGrants = route({
  ...common,
  method: 'get',
  path: '/v1/grants',
  operationId: 'listGrants',
  summary: { vi: 'Vai trò đã giao, mới nhất trước', en: 'Grants, the latest first' },
  query: shape.GrantsQuery.extend(FormatField),
  success: { status: 200, schema: pageOf(shape.GrantRecord), media: TABLE_MEDIA },
  idempotency: 'none',
  async handler(call, { query }) {
    const filter = {
      personId: query.person ?? null,
      unitId: query.unit ?? null,
      role: query.role ?? null,
      all: query.all === 'true',
    };
    return await listReply(call, query, GRANTS_TABLE, (request) =>
      grantsPage(call.engine, call.viewer, filter, request),
    );
  },
});

async function grantReply(call: Call, outcome: Outcome) {
  if (isRefusal(outcome)) return outcome;
  const grant = await getGrant(call.engine, call.viewer, outcome.subjectId ?? '');
  return isRefusal(grant) ? grant : { body: grant };
}

const addGrant = route({
  ...common,
  method: 'post',
  path: '/v1/grants',
  operationId: 'giveGrant',
  summary: { vi: 'Giao vai trò', en: 'Give a role within the Working Group' },
  body: shape.NewGrant,
  success: { status: 201, schema: shape.GrantRecord },
  problems: ['own_cause', 'reference_unknown', 'duplicate_code'],
  handler: async (call, { body }) =>
    await grantReply(call, await giveGrant(call.engine, call.command(), body, call.origin)),
});

const endGrant = route({
  ...common,
  method: 'post',
  path: '/v1/grants/{id}/end',
  operationId: 'endGrant',
  summary: { vi: 'Kết thúc vai trò', en: 'End a grant, now or on a day to come' },
  params: IdParams,
  body: shape.EndGrant,
  success: { status: 200, schema: shape.GrantRecord },
  problems: ['transition_not_allowed'],
  async handler(call, { params, body }) {
    const at = body.at ?? null;
    return await grantReply(
      call,
      await withdrawGrant(call.engine, call.command(), params.id, at, call.origin),
    );
  },
});

export const peopleRoutes: readonly Route[] = [
  readPerson,
  addPerson,
  changePerson,
  addLocalAccount,
  endAllSessions,
  listGrants,
  addGrant,
  endGrant,
];
