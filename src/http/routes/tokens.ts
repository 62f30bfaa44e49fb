import { IdParams } from '../../contracts/common.js';
import * as shape from '../../contracts/people.js';
import { pageOf } from '../../contracts/resources.js';
import { isRefusal } from '../../domain/errors.js';
import { endOwnSession } from '../../engine/people.js';
import { getSessions, getToken, tokensPage } from '../../engine/read/people.js';
import { makeToken, withdrawToken } from '../../engine/tokens.js';
import { signedIn } from '../caller.js';
import { type Route, route } from '../route.js';
import { pageRequest } from './viewing.js';

const common = { tag: 'me', idempotency: 'optional', ifMatch: 'none' } as const;

const listTokens = route({
  ...common,
  method: 'get',
  path: '/v1/tokens',
  operationId: 'listTokens',
  summary: { vi: 'Token của tôi, mới nhất trước', en: 'My tokens, the latest first' },
  query: shape.TokensQuery,
  success: { status: 200, schema: pageOf(shape.Token) },
  idempotency: 'none',
  async handler(call, { query }) {
    const own = query.whose !== 'group';
    return { body: await tokensPage(call.engine, signedIn(call.caller), { own }, pageRequest(query)) };
  },
});

const addToken = route({
  ...common,
  method: 'post',
  path: '/v1/tokens',
  operationId: 'makeToken',
  summary: { vi: 'Tạo token', en: 'Make a token for oneself, or as administrator for another' },
  description: 'The secret is shown once. What it may do is its scopes, within the grants of its person.',
  body: shape.NewToken,
  success: { status: 201, schema: shape.MadeToken },
  problems: ['reference_unknown'],
  async handler(call, { body }) {
    const caller = signedIn(call.caller);
    const { outcome, secret } = await makeToken(
      call.engine,
      call.personalCommand(),
      caller,
      body,
      call.origin,
    );
    if (isRefusal(outcome)) return outcome;
    const token = await getToken(call.engine, caller, outcome.subjectId ?? '');
    return isRefusal(token) ? token : { body: { ...token, secret } };
  },
});

const endToken = route({
  ...common,
  method: 'post',
  path: '/v1/tokens/{id}/revoke',
  operationId: 'revokeToken',
  summary: { vi: 'Thu hồi token', en: 'Revoke a token' },
  params: IdParams,
  success: { status: 200, schema: shape.Token },
  async handler(call, { params }) {
    const caller = signedIn(call.caller);
    const outcome = await withdrawToken(call.engine, call.personalCommand(), caller, params.id, call.origin);
    if (isRefusal(outcome)) return outcome;
    const token = await getToken(call.engine, caller, params.id);
    return isRefusal(token) ? token : { body: token };
  },
});

const listSessions = route({
  ...common,
  method: 'get',
  path: '/v1/sessions',
  operationId: 'listSessions',
  summary: { vi: 'Các phiên của tôi', en: 'My sessions that still run' },
  success: { status: 200, schema: shape.Sessions },
  idempotency: 'none',
  handler: async (call) => ({ body: { items: await getSessions(call.engine, signedIn(call.caller)) } }),
});

const endSession = route({
  ...common,
  method: 'post',
  path: '/v1/sessions/{id}/end',
  operationId: 'endSession',
  summary: { vi: 'Kết thúc một phiên của tôi', en: 'End one of my sessions' },
  params: IdParams,
  success: { status: 204 },
  async handler(call, { params }) {
    const person = signedIn(call.caller).identity.person.id;
    const command = call.personalCommand();
    const outcome = await endOwnSession(call.engine, command, person, params.id, call.origin);
    return isRefusal(outcome) ? outcome : { body: undefined };
  },
});

export const tokenRoutes: readonly Route[] = [listTokens, addToken, endToken, listSessions, endSession];
