import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openPool } from '../../src/db/pool.js';
import { issueBatch } from '../../src/engine/issue.js';
import type { FixturePerson } from '../support/fixtures.js';
import { difference, wholeRecord } from '../support/whole-record.js';
import { type Answer, type CallOptions, startTestApi, type TestApi } from './api-fixture.js';

let api: TestApi;
let owner: ReturnType<typeof openPool>;
/** Issued and confirmed: its only assignment has ended. */
let assignment: string;
beforeAll(async () => {
  api = await startTestApi();
  owner = openPool({ url: api.database.url, max: 1, name: 'test-owner' });
  const directive = await accepted('standing_agency', '/v1/directives', draft());
  await accepted('standing_agency', `/v1/directives/${directive.id}/issue`, {});
  await issueBatch(api.engine, directive.id);
  const list = `/v1/directives/${directive.id}/assignments`;
  assignment = (await api.call('GET', list, { token: as('standing_agency') })).body.items[0].id;
  await accepted('unit:justice', `/v1/assignments/${assignment}/submit`, { text: 'Đã xong' });
  await accepted('standing_agency', `/v1/assignments/${assignment}/confirm`, {});
});
afterAll(async () => {
  await owner.end();
  await api.stop();
});

const as = (who: FixturePerson): string => api.group.signIn(who).token;

async function accepted(who: FixturePerson, path: string, body: object): Promise<Answer['body']> {
  const headers = { 'idempotency-key': randomUUID() };
  const answer = await api.call('POST', path, { token: as(who), body, headers });
  expect([path, answer.status < 300]).toEqual([path, true]);
  return answer.body;
}

const task = (more: object = {}) => ({
  title: 'Rà soát',
  leadUnitIds: [api.group.units.justice],
  deadline: { phrase: 'within 5 days' },
  result: { kind: 'deliverable', text: 'Báo cáo' },
  ...more,
});
const draft = (...tasks: readonly object[]) => ({
  number: '12/KH',
  title: 'Kế hoạch',
  documentDate: '2025-01-06',
  tasks: tasks.length === 0 ? [task()] : tasks,
});

/** Sends what must be refused; a Problem comes back, and no row of any table has changed. */
async function refused(
  who: FixturePerson,
  path: string,
  options: Omit<CallOptions, 'token'>,
  method = 'POST',
): Promise<Answer> {
  const before = await wholeRecord(owner);
  const headers = { 'idempotency-key': randomUUID(), 'accept-language': 'en', ...options.headers };
  const answer = await api.call(method, path, { ...options, token: as(who), headers });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(answer.body).toMatchObject({
    type: `/problems/${answer.body.code}`,
    status: answer.status,
    title: expect.stringMatching(/./),
    detail: expect.stringMatching(/./),
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  expect(difference(before, await wholeRecord(owner))).toEqual({});
  return answer;
}

function plan(content: string | Uint8Array<ArrayBuffer>): FormData {
  const data = new FormData();
  data.append('file', new Blob([content]), 'ke-hoach.csv');
  return data;
}

describe('bad input is a clear Problem, and nothing changes', () => {
  test('an unknown action is not found, with the actions that there are', async () => {
    const { status, body } = await refused('unit:justice', `/v1/assignments/${assignment}/finish`, {
      body: {},
    });
    expect([status, body.code]).toEqual([404, 'not_found']);
    expect(body.available).toContain('POST /v1/assignments/{id}/submit');
  });

  test('a transition that the state forbids is a conflict, with the reason and what is possible instead', async () => {
    const { status, body } = await refused('unit:justice', `/v1/assignments/${assignment}/submit`, {
      body: { text: 'Lần nữa' },
    });
    expect([status, body.code, body.state, body.action]).toEqual([
      409,
      'transition_not_allowed',
      'confirmed',
      'submit',
    ]);
    expect(body.detail).toContain('confirmed');
    expect(body.possible).not.toContain('submit');
    const reopening = await refused('standing_agency', `/v1/assignments/${assignment}/return`, {
      body: { reason: 'Thiếu' },
    });
    expect([reopening.status, reopening.body.possible]).toEqual([409, expect.arrayContaining(['reopen'])]);
  });

  test('a body with unknown fields names each of them', async () => {
    const body = { ...draft({ ...task(), titel: 'x' }), nummer: 1 };
    const answer = await refused('standing_agency', '/v1/directives', { body });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_body']);
    expect(answer.body.errors).toEqual([
      { pointer: '/tasks/0/titel', code: 'unknown_field', detail: 'There is no such field.' },
      { pointer: '/nummer', code: 'unknown_field', detail: 'There is no such field.' },
    ]);
  });

  test.each([
    ['an unclosed quotation mark', 'Nhiệm vụ;Chủ trì;Thời hạn\n1;"Rà soát;Sở Tư pháp'],
    ['no heading that could be understood', '1;2;3\n4;5;6'],
    ['nothing in it', ''],
  ])('a CSV with %s is unreadable, with what to do', async (_what, content) => {
    const { status, body } = await refused('standing_agency', '/v1/imports', { body: plan(content) });
    expect([status, body.code]).toEqual([422, 'import_unreadable']);
  });

  test('a file of the wrong encoding is unreadable, with the line or the font it was written for', async () => {
    const good = Buffer.from('Nhiệm vụ;Chủ trì\nRà soát thủ tục hành chính;Sở Tư pháp\n');
    const mixed = new Uint8Array([...good, 0x43, 0xf4, 0x6e, 0x67, 0x0a]);
    const two = await refused('standing_agency', '/v1/imports', { body: plan(mixed) });
    expect([two.status, two.body.code, two.body.line]).toEqual([422, 'import_unreadable', 3]);
    const lost = plan('Nhiệm vụ;Chủ trì\nRà so\ufffdt;Sở Tư pháp\n');
    const broken = await refused('standing_agency', '/v1/imports', { body: lost });
    expect([broken.status, broken.body.detail]).toEqual([422, expect.stringContaining('line 2')]);
  });

  test('a unit code that is taken is a conflict at its pointer, for a new unit and for an edited one', async () => {
    const { codes, units } = api.group;
    const body = { code: codes.justice, name: 'Sở Tư pháp (2)', groupCode: 'department' };
    const made = await refused('administrator', '/v1/units', { body });
    expect([made.status, made.body.code, made.body.errors[0].pointer]).toEqual([
      409,
      'duplicate_code',
      '/code',
    ]);
    const path = `/v1/units/${units.health}`;
    const { headers } = await api.call('GET', path, { token: as('administrator') });
    const etag = { 'if-match': headers.get('etag') ?? '' };
    const edited = await refused(
      'administrator',
      path,
      { body: { code: codes.justice }, headers: etag },
      'PATCH',
    );
    expect([edited.status, edited.body.code]).toEqual([409, 'duplicate_code']);
  });

  test('a deadline before the issue is refused at its row unless one of the two answers is given', async () => {
    const past = task({ deadline: { phrase: 'trước ngày 20/01/2025' } });
    const { id } = await accepted('standing_agency', '/v1/directives', draft(task(), past));
    const issue = `/v1/directives/${id}/issue`;
    const { status, body } = await refused('standing_agency', issue, { body: {} });
    expect([status, body.code, body.errors]).toEqual([
      422,
      'gate_refused',
      [expect.objectContaining({ pointer: '/tasks/1/deadline/past', code: 'deadline_past' })],
    ]);
    const path = `/v1/directives/${id}`;
    const stored = await api.call('GET', path, { token: as('standing_agency') });
    expect(stored.body.state).toBe('draft');
    // A new deadline that lies in the past as well is no answer.
    const answer = { answer: 'carry_over', newPhrase: 'trước ngày 20/02/2025' };
    const tasks = [task(), task({ deadline: { phrase: 'trước ngày 20/01/2025', past: answer } })];
    const changed = await api.call('PATCH', path, {
      token: as('standing_agency'),
      body: { tasks },
      headers: { 'if-match': stored.headers.get('etag') ?? '' },
    });
    expect(changed.status).toBe(200);
    const again = await refused('standing_agency', issue, { body: {} });
    expect(again.body.errors).toEqual([expect.objectContaining({ pointer: '/tasks/1', code: 'time' })]);
    const taken = [
      task(),
      task({ deadline: { phrase: 'trước ngày 20/01/2025', past: { answer: 'take_over' } } }),
    ];
    await api.call('PATCH', path, {
      token: as('standing_agency'),
      body: { tasks: taken },
      headers: { 'if-match': changed.headers.get('etag') ?? '' },
    });
    expect(await accepted('standing_agency', issue, {})).toMatchObject({ state: 'issued' });
  });
});
