import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { IdParams, Text } from '../../src/contracts/common.js';
import { statusOf } from '../../src/contracts/problem.js';
import { ERROR_CODES, refuse } from '../../src/domain/errors.js';
import { type Route, route } from '../../src/http/route.js';
import { startTestApi, type TestApi } from './api-fixture.js';

const anonymous = {
  tag: 'me',
  summary: { vi: 'Thử', en: 'Trial' },
  access: 'anonymous',
  idempotency: 'none',
  ifMatch: 'none',
} as const;

const Body = z.strictObject({
  name: Text,
  count: z.int().min(1).max(9).optional(),
  'a/b': z.string().optional(),
  list: z.array(z.strictObject({ day: z.iso.date() })).optional(),
});

let received: unknown;
const routes: readonly Route[] = [
  route({
    ...anonymous,
    method: 'post',
    path: '/v1/things',
    operationId: 'makeThing',
    body: Body,
    query: z.strictObject({ limit: z.coerce.number().max(5).optional() }),
    success: { status: 200, schema: z.strictObject({ name: z.string() }) },
    async handler(_call, { body }) {
      received = body;
      return { body: { name: body.name } };
    },
  }),
  route({
    ...anonymous,
    method: 'get',
    path: '/v1/things/{id}',
    operationId: 'getThing',
    params: IdParams,
    success: { status: 200, schema: z.strictObject({ id: z.string() }) },
    async handler(_call, { params }) {
      return { body: { id: params.id }, version: 7 };
    },
  }),
  route({
    ...anonymous,
    method: 'post',
    path: '/v1/things/{id}/refuse',
    operationId: 'refuseThing',
    params: IdParams,
    success: { status: 200 },
    problems: ['transition_not_allowed'],
    async handler() {
      return refuse(
        'transition_not_allowed',
        { vi: 'Không được.', en: 'Not now.' },
        { extra: { state: 'draft', possible: ['edit'], status: 999, code: 'faked' } },
      );
    },
  }),
  route({
    ...anonymous,
    method: 'post',
    path: '/v1/things/{id}/break',
    operationId: 'breakThing',
    params: IdParams,
    success: { status: 200 },
    async handler() {
      throw new Error('select secret from things');
    },
  }),
  route({
    ...anonymous,
    method: 'get',
    path: '/v1/lies',
    operationId: 'lie',
    success: { status: 200, schema: z.strictObject({ truth: z.uuid() }) },
    async handler() {
      return { body: { truth: 'no' } };
    },
  }),
  route({
    ...anonymous,
    method: 'post',
    path: '/v1/uploads',
    operationId: 'upload',
    upload: 'memory',
    body: z.strictObject({ note: z.string().optional() }),
    success: { status: 200, schema: z.strictObject({ name: z.string(), bytes: z.int() }) },
    async handler(_call, { file }) {
      return { body: { name: file?.name ?? '', bytes: file?.bytes.length ?? 0 } };
    },
  }),
];

const ID = '01890000-0000-7000-8000-000000000001';
let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ routes });
});
afterAll(async () => {
  await api.stop();
});
afterEach(() => {
  api.lines.length = 0;
});

const post = (body: unknown, headers?: Record<string, string>) =>
  api.call('POST', '/v1/things', { body, ...(headers === undefined ? {} : { headers }) });
const json = { 'content-type': 'application/json' };

describe('a problem', () => {
  test('has the members of RFC 9457, a code and a trace id, and its media type', async () => {
    const { status, headers, body } = await post({});
    expect(status).toBe(400);
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(body).toEqual({
      type: '/problems/invalid_body',
      title: 'Nội dung yêu cầu không hợp lệ',
      status: 400,
      detail: 'Có 1 trường chưa đúng.',
      code: 'invalid_body',
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      errors: [{ pointer: '/name', code: 'required', detail: 'Thiếu trường này.' }],
    });
  });

  test.each([
    [undefined, 'vi'],
    ['en', 'en'],
    ['fr, en;q=0.5', 'en'],
    ['en;q=0.1, vi;q=0.2', 'vi'],
    ['en-GB,en;q=0.9,vi;q=0.1', 'en'],
    ['de', 'vi'],
  ])('asked in %s is told in %s', async (asked, told) => {
    const { headers } = await post({}, asked === undefined ? {} : { 'accept-language': asked });
    expect(headers.get('content-language')).toBe(told);
  });

  test('carries the trace of the caller and answers with the id of the request', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const headers = { traceparent: `00-${trace}-00f067aa0ba902b7-01`, 'x-request-id': 'console-17' };
    const answer = await post({}, headers);
    expect(answer.body.traceId).toBe(trace);
    expect(answer.headers.get('x-request-id')).toBe('console-17');
    expect(api.lines.at(-1)).toMatchObject({ traceId: trace, requestId: 'console-17' });
  });

  test('carries the facts of a refusal, of which none can stand for a member of the standard', async () => {
    const { status, body } = await api.call('POST', `/v1/things/${ID}/refuse`, {
      headers: { 'accept-language': 'en' },
    });
    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: 'transition_not_allowed',
      status: 409,
      detail: 'Not now.',
      state: 'draft',
      possible: ['edit'],
    });
  });

  test.each(Object.keys(ERROR_CODES) as (keyof typeof ERROR_CODES)[])(
    'of type /problems/%s is explained there',
    async (code) => {
      const { status, body } = await api.call('GET', `/problems/${code}`);
      expect(status).toBe(200);
      expect(body).toMatchObject({ code, status: statusOf(code), title: ERROR_CODES[code].title });
    },
  );
});

describe('a body', () => {
  test('names every wrong field at once by its pointer, in path and query too', async () => {
    const { body } = await api.call('POST', '/v1/things?limit=9&more=1', {
      body: { name: ' ', count: 12, list: [{ day: '2026-02-30' }, {}], 'a/b': 3, extra: true },
      headers: { 'accept-language': 'en' },
    });
    expect(body.errors).toEqual([
      { pointer: '/query/limit', code: 'too_big', detail: 'Must be 5 or less.' },
      { pointer: '/query/more', code: 'unknown_field', detail: 'There is no such field.' },
      { pointer: '/name', code: 'empty', detail: 'Must not be empty.' },
      { pointer: '/count', code: 'too_big', detail: 'Must be 9 or less.' },
      { pointer: '/a~1b', code: 'wrong_type', detail: 'Must be of type string.' },
      { pointer: '/list/0/day', code: 'wrong_format', detail: 'Must be a date as YYYY-MM-DD.' },
      { pointer: '/list/1/day', code: 'required', detail: 'This field is required.' },
      { pointer: '/extra', code: 'unknown_field', detail: 'There is no such field.' },
    ]);
  });

  test('reaches the handler in NFC', async () => {
    const typed = 'Sở Tư pháp quyết định'.normalize('NFD');
    const { status, body } = await post({ name: typed });
    expect([status, body.name]).toEqual([200, typed.normalize('NFC')]);
    expect(received).toEqual({ name: typed.normalize('NFC') });
  });

  test.each([
    ['a null character', 'a\u0000b'],
    ['an escape', 'a\u001bb'],
    ['a C1 control', 'a\u0085b'],
    ['half a surrogate pair', 'a\ud800b'],
  ])('with %s is refused', async (_what, name) => {
    const { status, body } = await post({ name });
    expect(status).toBe(400);
    expect(body.errors).toEqual([expect.objectContaining({ pointer: '/name', code: 'control_character' })]);
  });

  test('may have lines and tabs in its text, and characters beyond the basic plane', async () => {
    expect((await post({ name: 'một\n\thai 😀' })).status).toBe(200);
  });

  test.each([
    ['text that is no JSON', '{"name":', json],
    ['a bare value', '3', json],
    ['bytes that are not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), json],
  ])('of %s is malformed', async (_what, body, headers) => {
    const answer = await post(body, headers);
    expect([answer.status, answer.body.code]).toEqual([400, 'malformed_json']);
  });

  test('nested too deeply is refused and not read to its end', async () => {
    const { status, body } = await post(`{"name":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, json);
    expect([status, body.errors[0].code]).toEqual([400, 'too_deep']);
  });

  test('with a key __proto__ is an unknown field and changes nothing', async () => {
    const { status } = await post('{"name":"a","__proto__":{"count":3}}', json);
    expect(status).toBe(400);
    expect(Object.hasOwn(Object.prototype, 'count')).toBe(false);
  });

  test('beyond the limit is refused with the limit', async () => {
    const { status, body } = await post({ name: 'x'.repeat(70_000) });
    expect([status, body.code, body.limitBytes]).toEqual([413, 'payload_too_large', 64 * 1024]);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])(
    'of type %s is refused',
    async (type) => {
      const { status, body } = await post('name=a', { 'content-type': type });
      expect([status, body.code, body.expected]).toEqual([415, 'unsupported_media_type', 'application/json']);
    },
  );

  test('in another charset is refused', async () => {
    const { status } = await post('{"name":"a"}', { 'content-type': 'application/json; charset=iso-8859-1' });
    expect(status).toBe(415);
  });

  test('that is missing stands for one without fields', async () => {
    const { status, body } = await api.call('POST', '/v1/things');
    expect([status, body.errors[0].pointer]).toEqual([400, '/name']);
  });
});

describe('an upload', () => {
  const form = (bytes: number, name = 'kế hoạch.csv') => {
    const data = new FormData();
    data.append('note', 'thử');
    data.append('file', new Blob([new Uint8Array(bytes)]), name);
    return data;
  };

  test('gives the handler name and bytes, the name in NFC', async () => {
    const { status, body } = await api.call('POST', '/v1/uploads', {
      body: form(10, 'kế hoạch.csv'.normalize('NFD')),
    });
    expect([status, body]).toEqual([200, { name: 'kế hoạch.csv', bytes: 10 }]);
  });

  test('beyond its own limit is refused', async () => {
    const { status, body } = await api.call('POST', '/v1/uploads', { body: form(1_100_000) });
    expect([status, body.code, body.limitBytes]).toEqual([413, 'payload_too_large', 1024 * 1024]);
  });

  test('without a file, or with two, says so', async () => {
    const none = new FormData();
    none.append('note', 'x');
    const two = form(1);
    two.append('file', new Blob(['b']), 'b.csv');
    for (const [data, code] of [
      [none, 'required'],
      [two, 'unreadable_form'],
    ] as const) {
      const { status, body } = await api.call('POST', '/v1/uploads', { body: data });
      expect([status, body.errors[0]]).toEqual([400, expect.objectContaining({ pointer: '/file', code })]);
    }
  });

  test('that comes as JSON is refused as the wrong type', async () => {
    const { status, body } = await api.call('POST', '/v1/uploads', { body: { file: 'x' } });
    expect([status, body.expected]).toEqual([415, 'multipart/form-data']);
  });
});

describe('an address', () => {
  test('that does not exist is 404, below a resource with what exists there', async () => {
    const nowhere = await api.call('GET', '/nowhere');
    expect([nowhere.status, nowhere.body.code, nowhere.body.available]).toEqual([
      404,
      'not_found',
      undefined,
    ]);
    const action = await api.call('POST', `/v1/things/${ID}/explode`);
    expect(action.status).toBe(404);
    expect(action.body.available).toContain('POST /v1/things/{id}/refuse');
  });

  test('asked with another method is 405 with Allow, and OPTIONS tells the same', async () => {
    const deleted = await api.call('DELETE', `/v1/things/${ID}`);
    expect([deleted.status, deleted.headers.get('allow'), deleted.body.code]).toEqual([
      405,
      'GET, HEAD, OPTIONS',
      'method_not_allowed',
    ]);
    const options = await api.call('OPTIONS', '/v1/things');
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'POST, OPTIONS']);
  });

  test('with an id that is none is refused at the path', async () => {
    const { status, body } = await api.call('GET', '/v1/things/seven');
    expect([status, body.errors[0].pointer]).toEqual([400, '/path/id']);
  });

  test('with a broken encoding is a problem like any other', async () => {
    const { status, body } = await api.call('GET', '/v1/things/%E0%A4%A');
    expect([status, body.code]).toEqual([400, 'invalid_body']);
  });

  test('gives no permission to pages of other origins, and no page may frame it', async () => {
    const { headers } = await api.call('GET', `/v1/things/${ID}`, {
      headers: { origin: 'https://elsewhere.example' },
    });
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('cache-control')).toBe('private, no-cache');
  });

  test('names its version in the ETag', async () => {
    const { headers } = await api.call('GET', `/v1/things/${ID}`);
    expect(headers.get('etag')).toMatch(/^"7-[0-9a-f]{16}"$/);
  });
});

describe('a fault of ours', () => {
  test('says nothing of its cause to the caller, and everything once to the log', async () => {
    const { status, body } = await api.call('POST', `/v1/things/${ID}/break`);
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('secret');
    const errors = api.lines.filter((line) => line.level === 50);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({
      route: 'POST /v1/things/{id}/break',
      traceId: body.traceId,
      err: { message: 'select secret from things', stack: expect.stringContaining('problems.test') },
    });
  });

  test('is an answer that its own shape does not allow', async () => {
    const { status, body } = await api.call('GET', '/v1/lies');
    expect([status, body.code]).toEqual([500, 'internal']);
  });
});

describe('a line of the log', () => {
  test('is written once per request, with ids and without token, query, headers or body', async () => {
    await api.call('POST', '/v1/things?limit=2', {
      body: { name: 'bí mật' },
      token: 'dondoc_leaked',
      headers: { cookie: 'a=leaked' },
    });
    expect(api.lines).toHaveLength(1);
    expect(Object.keys(api.lines[0] ?? {}).sort()).toEqual(
      ['level', 'method', 'ms', 'msg', 'pid', 'route', 'service', 'status', 'time', 'traceId'].sort(),
    );
    expect(api.lines[0]).toMatchObject({ method: 'POST', route: 'POST /v1/things', status: 200, level: 30 });
    expect(JSON.stringify(api.lines)).not.toMatch(/leaked|bí mật|limit/);
  });
});
