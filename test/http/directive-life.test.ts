import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DEFAULT_POLICY } from '../../src/domain/policy.js';
import { conductDirective } from '../../src/engine/conduct.js';
import { issueBatch } from '../../src/engine/issue.js';
import { type FixturePerson, moveClock } from '../support/fixtures.js';
import { type Answer, startTestApi, type TestApi } from './api-fixture.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ policy: { ...DEFAULT_POLICY, id: 'approved', approval: true } });
});
afterAll(async () => {
  await api.stop();
});

const as = (who: FixturePerson) => api.group.signIn(who).token;
const post = async (who: FixturePerson, path: string, body: unknown = {}): Promise<Answer> =>
  await api.call('POST', path, { token: as(who), body, headers: { 'idempotency-key': randomUUID() } });
const get = async (who: FixturePerson, path: string): Promise<Answer> =>
  await api.call('GET', path, { token: as(who) });

const plan = (more: object = {}) => ({
  number: '12/KH',
  title: 'Kế hoạch',
  documentDate: '2025-01-06',
  tasks: [
    {
      title: 'Rà soát dữ liệu dân cư',
      leadUnitIds: [api.group.units.justice],
      deadline: { phrase: 'within 5 days' },
      result: { kind: 'deliverable', text: 'Báo cáo' },
    },
  ],
  ...more,
});

/** The supervisor signs under the text that they have read. */
async function approve(path: string, body: object = {}): Promise<Answer> {
  const etag = (await get('supervisor', path)).headers.get('etag') ?? '';
  const headers = { 'idempotency-key': randomUUID(), 'if-match': etag };
  return await api.call('POST', `${path}/approve`, { token: as('supervisor'), body, headers });
}

async function drafted(more: object = {}): Promise<string> {
  const { status, body } = await post('standing_agency', '/v1/directives', plan(more));
  expect(status).toBe(201);
  return body.id;
}

async function issued(more: object = {}): Promise<string> {
  const id = await drafted(more);
  await post('standing_agency', `/v1/directives/${id}/approval-request`);
  await approve(`/v1/directives/${id}`);
  expect((await post('standing_agency', `/v1/directives/${id}/issue`)).status).toBe(200);
  await issueBatch(api.engine, id);
  return id;
}

async function assignmentOf(id: string): Promise<Answer['body']> {
  const { items } = (await get('standing_agency', `/v1/directives/${id}/assignments`)).body;
  return (await get('standing_agency', `/v1/assignments/${items[0].id}`)).body;
}

describe('approval, where the policy asks for it', () => {
  test('stands before the issue, is the supervisor’s to give or return, and ends with the next edit', async () => {
    const id = await drafted();
    const path = `/v1/directives/${id}`;
    expect((await post('standing_agency', `${path}/issue`)).status).toBe(409);
    expect(
      (await post('standing_agency', `${path}/approval-request`, { note: 'Kính trình' })).body.state,
    ).toBe('awaiting_approval');
    // While it waits nobody changes what is being read, and its author does not approve it.
    expect((await post('standing_agency', `${path}/approve`)).status).toBe(403);
    expect((await post('standing_agency', `${path}/issue`)).status).toBe(409);
    expect((await post('supervisor', `${path}/return`, { note: 'Sửa' })).body).toMatchObject({
      state: 'draft',
      approved: false,
    });
    await post('standing_agency', `${path}/approval-request`);
    expect((await post('standing_agency', `${path}/recall`)).body.state).toBe('draft');
    await post('standing_agency', `${path}/approval-request`);
    const approved = await approve(path);
    expect(approved.body).toMatchObject({ state: 'draft', approved: true });
    const edited = await api.call('PATCH', path, {
      token: as('standing_agency'),
      body: { title: 'Kế hoạch khác' },
      headers: { 'if-match': approved.headers.get('etag') ?? '' },
    });
    expect(edited.body.approved).toBe(false);
    expect((await post('standing_agency', `${path}/issue`)).status).toBe(409);
    await post('standing_agency', `${path}/approval-request`);
    await approve(path);
    expect((await post('standing_agency', `${path}/issue`)).body.state).toBe('issued');
  });
});

describe('a text that changed after it was read', () => {
  const named = (etag: string) => ({ 'idempotency-key': randomUUID(), 'if-match': etag });

  test('is not approved: approving names the version', async () => {
    const id = await drafted();
    const path = `/v1/directives/${id}`;
    await post('standing_agency', `${path}/approval-request`);
    const read = (await get('supervisor', path)).headers.get('etag') ?? '';
    await post('standing_agency', `${path}/recall`);
    const now = (await get('standing_agency', path)).headers.get('etag') ?? '';
    const edit = { token: as('standing_agency'), body: { title: 'Kế hoạch khác' }, headers: named(now) };
    expect((await api.call('PATCH', path, edit)).status).toBe(200);
    await post('standing_agency', `${path}/approval-request`);
    const blind = await post('supervisor', `${path}/approve`);
    expect(blind).toMatchObject({ status: 428, body: { code: 'precondition_missing' } });
    const sign = { token: as('supervisor'), body: {}, headers: named(read) };
    expect(await api.call('POST', `${path}/approve`, sign)).toMatchObject({ status: 412 });
    expect((await get('supervisor', path)).body).toMatchObject({
      state: 'awaiting_approval',
      approved: false,
    });
    expect((await approve(path)).body.approved).toBe(true);
  });

  test('is not issued where the caller names what was read, and is where nobody changed it', async () => {
    const id = await drafted();
    const path = `/v1/directives/${id}`;
    const read = (await get('standing_agency', path)).headers.get('etag') ?? '';
    await post('standing_agency', `${path}/approval-request`);
    const { headers } = await approve(path);
    const issue = (etag: string) => ({ token: as('standing_agency'), body: {}, headers: named(etag) });
    expect(await api.call('POST', `${path}/issue`, issue(read))).toMatchObject({
      status: 412,
      body: { code: 'version_changed' },
    });
    expect((await api.call('POST', `${path}/issue`, issue(headers.get('etag') ?? ''))).body.state).toBe(
      'issued',
    );
  });

  test('is no result to confirm: a recalled one that came again is another', async () => {
    const id = await issued();
    const assignment = await assignmentOf(id);
    const path = `/v1/assignments/${assignment.id}`;
    await post('unit:justice', `${path}/submit`, { text: 'Báo cáo lần một' });
    const read = (await get('standing_agency', path)).headers.get('etag') ?? '';
    await post('unit:justice', `${path}/recall`, { reason: 'Nhầm tệp' });
    const again = await post('unit:justice', `${path}/submit`, { text: 'Báo cáo lần hai' });
    for (const [act, body] of Object.entries({ confirm: {}, return: { reason: 'Thiếu số liệu' } })) {
      const decide = { token: as('standing_agency'), body, headers: named(read) };
      expect(await api.call('POST', `${path}/${act}`, decide)).toMatchObject({
        status: 412,
        body: { code: 'version_changed', currentVersion: again.body.version },
      });
    }
    expect((await get('standing_agency', path)).body.state).toBe('submitted');
    const fresh = named((await get('standing_agency', path)).headers.get('etag') ?? '');
    const confirm = { token: as('standing_agency'), body: {}, headers: fresh };
    expect((await api.call('POST', `${path}/confirm`, confirm)).body.state).toBe('confirmed');
    // A repeat under the same key is answered as before, although the version has moved on by the act itself.
    expect((await api.call('POST', `${path}/confirm`, confirm)).status).toBe(200);
  });
});

/** What was written to whom of a directive, in the order of its events. */
async function told(id: string): Promise<[string, string, Record<string, unknown>][]> {
  const { rows } = await api.engine.writer.query<{
    template: string;
    recipient_kind: string;
    params: Record<string, unknown>;
  }>(
    'select template, recipient_kind, params from item where directive_id = $1 and assignment_id is null order by id',
    [id],
  );
  return rows.map(({ template, recipient_kind, params }) => [template, recipient_kind, params]);
}

describe('who is told of an approval', () => {
  test('is the supervisor when asked, and the standing agency of each answer with its words', async () => {
    const id = await drafted();
    const path = `/v1/directives/${id}`;
    await post('standing_agency', `${path}/approval-request`, { note: 'Kính trình' });
    expect(await told(id)).toEqual([
      ['approval_requested', 'supervisor', { awaits: 'approval', reason: 'Kính trình' }],
    ]);
    await post('supervisor', `${path}/return`, { note: 'Thiếu chỉ tiêu' });
    await post('standing_agency', `${path}/approval-request`);
    await post('standing_agency', `${path}/recall`);
    await post('standing_agency', `${path}/approval-request`);
    await approve(path, { note: 'Đồng ý' });
    expect((await told(id)).slice(1)).toEqual([
      ['directive_returned', 'standing_agency', { reason: 'Thiếu chỉ tiêu' }],
      ['approval_requested', 'supervisor', { awaits: 'approval' }],
      ['approval_recalled', 'supervisor', {}],
      ['approval_recalled', 'standing_agency', {}],
      ['approval_requested', 'supervisor', { awaits: 'approval' }],
      ['directive_approved', 'standing_agency', { reason: 'Đồng ý' }],
    ]);
    const { items } = (await get('standing_agency', `${path}/timeline`)).body;
    expect(items.map(({ type }: { type: string }) => type)).toEqual([
      'drafted',
      'approval_requested',
      'approval_returned',
      'approval_requested',
      'approval_recalled',
      'approval_requested',
      'approved',
    ]);
  });
});

describe('a directive given by word of mouth', () => {
  test('is shown without lateness or ladder until its document is entered; counted deadlines count from there', async () => {
    const id = await issued({ provisional: true, number: null, documentDate: null });
    const path = `/v1/directives/${id}`;
    expect(await assignmentOf(id)).toMatchObject({ provisional: true, late: false, state: 'assigned' });
    expect((await get('unit:justice', path)).body).toMatchObject({ provisional: true, state: 'issued' });
    await moveClock(api.database, 20 * 86_400_000);
    for (let more = true; more; )
      ({ more } = await conductDirective(api.engine, id, Number.MAX_SAFE_INTEGER));
    const steps = await api.engine.writer.query<{ step: string }>(
      "select step from step_taken where directive_id = $1 and kind <> 'clock'",
      [id],
    );
    expect(steps.rows).toEqual([]);
    expect((await assignmentOf(id)).late).toBe(false);
    const document = { number: '15/CT', documentDate: '2025-02-03', signer: 'Nguyễn Văn A' };
    expect((await post('unit:justice', `${path}/confirm-document`, document)).status).toBe(403);
    expect(
      (await post('standing_agency', `${path}/confirm-document`, { ...document, documentDate: '2999-01-01' }))
        .body.code,
    ).toBe('happened_in_future');
    const confirmed = await post('standing_agency', `${path}/confirm-document`, document);
    expect(confirmed.body).toMatchObject({ provisional: false, number: '15/CT', documentDate: '2025-02-03' });
    const bound = await assignmentOf(id);
    expect(bound).toMatchObject({ provisional: false, late: false, cycle: 1 });
    const left = Date.parse(bound.deadline.dueAt) - Date.now() - 20 * 86_400_000;
    expect(left).toBeGreaterThan(4 * 86_400_000);
    expect(bound.deadline.firstDeadlineAt).toBe(bound.deadline.dueAt);
    expect((await post('standing_agency', `${path}/confirm-document`, document)).status).toBe(409);
  });

  test('asks for another date where a named one has passed before its document', async () => {
    const [task] = plan().tasks;
    const tomorrow = new Date(Date.now() + 22 * 86_400_000).toISOString().slice(0, 10);
    const phrase = `trước ngày ${tomorrow.split('-').reverse().join('/')}`;
    const id = await issued({
      provisional: true,
      number: null,
      documentDate: null,
      tasks: [{ ...task, deadline: { phrase } }],
    });
    await moveClock(api.database, 10 * 86_400_000);
    const document = { number: '16/CT', documentDate: '2025-02-03' };
    const path = `/v1/directives/${id}/confirm-document`;
    expect((await post('standing_agency', path, document)).body.code).toBe('deadline_in_past');
    expect((await get('standing_agency', `/v1/directives/${id}`)).body.provisional).toBe(true);
    const asked = { ...document, pastDeadline: 'within 3 days' };
    expect((await post('standing_agency', path, asked)).body).toMatchObject({ provisional: false });
    expect((await assignmentOf(id)).late).toBe(false);
  });
});

describe('an erratum', () => {
  test('puts the document right, shows before and after, and moves no deadline', async () => {
    const id = await issued();
    const path = `/v1/directives/${id}`;
    const before = await assignmentOf(id);
    const taskId = before.task.id;
    const source = { number: '3/NQ-CP', date: '2025-01-02', url: null };
    const answer = await post('standing_agency', `${path}/erratum`, {
      number: '21/KH',
      parents: [{ number: '06/QĐ-TTg', date: '2022-01-06' }],
      tasks: [{ id: taskId, source }],
      reason: 'Ghi nhầm số',
    });
    expect(answer.body).toMatchObject({
      number: '21/KH',
      parents: [{ number: '06/QĐ-TTg' }],
      frozenVersion: 2,
    });
    expect(answer.body.tasks[0].source).toEqual(source);
    expect((await assignmentOf(id)).deadline).toEqual(before.deadline);
    const { items } = (await get('standing_agency', `${path}/timeline`)).body;
    const entry = items.find((item: { type: string }) => item.type === 'corrected');
    expect(entry.words).toContain('12/KH → 21/KH');
    expect(entry.text).toEqual({ reason: 'Ghi nhầm số' });
    expect((await post('standing_agency', `${path}/erratum`, { reason: 'không' })).status).toBe(400);
    expect((await post('unit:justice', `${path}/erratum`, { number: '1', reason: 'x' })).status).toBe(403);
  });
});

describe('a plan as a JSON body', () => {
  const row = { title: 'Rà soát', lead: 'Sở Tư pháp', deadline: 'trước 20/6/2099', result: 'Báo cáo' };

  test('is previewed like a file', async () => {
    const answer = await post('standing_agency', '/v1/imports', {
      number: '1/KH',
      title: 'Kế hoạch',
      rows: [row],
    });
    expect(answer).toMatchObject({
      status: 201,
      body: { number: '1/KH', preview: { summary: { tasks: 1 } } },
    });
  });

  test('is refused with fields that nobody knows, of the plan and of a row', async () => {
    const unknown = await post('standing_agency', '/v1/imports', { rows: [row], nummer: 1 });
    expect(unknown).toMatchObject({ status: 400, body: { errors: [{ pointer: '/nummer' }] } });
    const inRow = await post('standing_agency', '/v1/imports', { rows: [{ ...row, quarter: 'x' }] });
    expect(inRow).toMatchObject({ status: 400, body: { errors: [{ pointer: '/0/quarter' }] } });
    expect((await post('standing_agency', '/v1/imports', { title: 'x' })).status).toBe(400);
  });

  test('may be a whole draft, and one that lacks nearly everything is a draft too', async () => {
    expect((await post('standing_agency', '/v1/directives', {})).status).toBe(201);
    const wrong = { ...plan(), tasks: [{ title: 'x', leads: [] }] };
    expect((await post('standing_agency', '/v1/directives', wrong)).body.errors).toMatchObject([
      { pointer: '/tasks/0/leads', code: 'unknown_field' },
    ]);
  });
});

const awaited = async (id: string) =>
  (await told(id)).filter(([template]) => template === 'confirming_document_awaited');

describe('the document of what was given by word of mouth', () => {
  test('has a clock on the standing agency for its document; the supervisor hears when it runs out, and no unit is late', async () => {
    const id = await issued({ provisional: true, number: null, documentDate: null });
    const path = `/v1/directives/${id}`;
    const { nextStep, issuedAt } = (await get('standing_agency', path)).body;
    // Ten working days of an office that never closes: to the end of the tenth.
    const local = new Date(Date.parse(issuedAt) + 7 * 3_600_000 + 10 * 86_400_000).toISOString();
    expect(nextStep).toEqual({ step: 'confirming-document', at: `${local.slice(0, 10)}T16:59:59.000Z` });
    expect((await get('unit:justice', path)).body.nextStep).toBeNull();
    const conducted = async (): Promise<void> => {
      for (let more = true; more; )
        ({ more } = await conductDirective(api.engine, id, Number.MAX_SAFE_INTEGER));
    };
    const { rows } = await api.engine.writer.query<{ now: number }>('select app_now() as now');
    await moveClock(api.database, Date.parse(nextStep.at) - (rows[0]?.now ?? 0) - 60_000);
    await conducted();
    expect(await awaited(id)).toEqual([]);
    await moveClock(api.database, 120_000);
    await conducted();
    await conducted();
    const params = { step: 'confirming-document', awaits: 'document' };
    expect(await awaited(id)).toEqual([
      ['confirming_document_awaited', 'standing_agency', params],
      ['confirming_document_awaited', 'supervisor', params],
    ]);
    expect(await assignmentOf(id)).toMatchObject({ provisional: true, late: false });
    expect((await get('standing_agency', path)).body.nextStep).toBeNull();
  });

  test('whose document comes in time asks nobody for it', async () => {
    const id = await issued({ provisional: true, number: null, documentDate: null });
    const document = { number: '15/CT', documentDate: '2025-02-03' };
    const confirmed = await post('standing_agency', `/v1/directives/${id}/confirm-document`, document);
    expect(confirmed.body.nextStep).toBeNull();
    await moveClock(api.database, 11 * 86_400_000);
    for (let more = true; more; )
      ({ more } = await conductDirective(api.engine, id, Number.MAX_SAFE_INTEGER));
    expect(await awaited(id)).toEqual([]);
  });
});
