import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import type { FixturePerson } from '../support/fixtures.js';
import { type Answer, startTestApi, type TestApi } from './api-fixture.js';
import { commandsOf, type Headers, key } from './commands-kit.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(async () => {
  await api.stop();
});

const { as, post, get, task, created, issued } = commandsOf(() => api);

describe('a draft', () => {
  test('is made with what is known, shown with ids and rules, and its place is told', async () => {
    const { body, headers } = await created([task('justice'), { title: 'Chưa rõ' }]);
    expect(headers.get('location')).toBe(`/v1/directives/${body.id}`);
    expect(headers.get('etag')).toMatch(/^"1-/);
    expect(body).toMatchObject({ state: 'draft', version: 1, number: '12/KH' });
    expect(body.tasks[0]).toMatchObject({ id: expect.any(String), deadline: { rule: { kind: 'count' } } });
    expect(body.tasks[1]).toMatchObject({ result: null, deadline: { phrase: '', rule: null } });
  });

  test('sent back as it was read is the same draft again', async () => {
    const { body } = await created([
      task('justice'),
      task('health', { deadline: { phrase: '20/6/2026', past: { answer: 'take_over' } } }),
    ]);
    const { number, title, documentDate, signer, issuer, parents, provisional, endsOn, tasks } = body;
    const { status, body: again } = await api.call('PATCH', `/v1/directives/${body.id}`, {
      token: as('standing_agency'),
      body: { number, title, documentDate, signer, issuer, parents, provisional, endsOn, tasks },
      headers: { 'if-match': '"1"' },
    });
    expect(status).toBe(200);
    expect(again.tasks).toEqual(tasks);
    expect(again.version).toBe(2);
  });

  test('changes in the fields that are sent and keeps the others', async () => {
    const first = await created([task('justice')]);
    const changed = await api.call('PATCH', `/v1/directives/${first.body.id}`, {
      token: as('standing_agency'),
      body: { title: 'Kế hoạch mới', signer: 'Nguyễn Văn A' },
      headers: { 'if-match': first.headers.get('etag') ?? '' },
    });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({
      title: 'Kế hoạch mới',
      signer: 'Nguyễn Văn A',
      number: '12/KH',
      version: 2,
    });
    expect(changed.body.tasks).toEqual(first.body.tasks);
  });

  test('is changed only by who names the version they have read', async () => {
    const { body } = await created([task('justice')]);
    const change = async (headers: Headers) =>
      await api.call('PATCH', `/v1/directives/${body.id}`, {
        token: as('standing_agency'),
        body: { title: 'x' },
        headers,
      });
    expect((await change({})).body).toMatchObject({ status: 428, code: 'precondition_missing' });
    expect((await change({ 'if-match': 'seven' })).body.errors[0].pointer).toBe('/header/If-Match');
    expect((await change({ 'if-match': '"9"' })).body).toMatchObject({
      status: 412,
      code: 'version_changed',
      currentVersion: 1,
    });
    expect((await change({ 'if-match': '"1"' })).status).toBe(200);
    expect((await change({ 'if-match': '"1"' })).body).toMatchObject({ status: 412, currentVersion: 2 });
    expect((await get('standing_agency', `/v1/directives/${body.id}`)).body).toMatchObject({
      title: 'x',
      number: '12/KH',
    });
  });

  test('is deleted with its version, is then unknown, and its events stay', async () => {
    const { body } = await created([]);
    const remove = async (headers: Headers) =>
      await api.call('DELETE', `/v1/directives/${body.id}`, { token: as('standing_agency'), headers });
    expect((await remove({})).status).toBe(428);
    const done = await remove({ 'if-match': '"1"' });
    expect([done.status, done.body]).toEqual([204, '']);
    expect((await get('standing_agency', `/v1/directives/${body.id}`)).status).toBe(404);
    const { rows } = await api.engine.writer.query(
      "select type, actor ->> 'role' as role from event where subject_id = $1 order by seq",
      [body.id],
    );
    expect(rows).toEqual([
      { type: 'drafted', role: 'standing_agency' },
      { type: 'deleted', role: 'standing_agency' },
    ]);
  });

  test('with two tasks of one id, or an unknown field in a task, is refused at its pointer', async () => {
    const id = uuidv7();
    const { body } = await post('standing_agency', '/v1/directives', { tasks: [{ id }, { id, titel: 'x' }] });
    expect(body.errors).toEqual([
      expect.objectContaining({ pointer: '/tasks/1/titel', code: 'unknown_field' }),
      expect.objectContaining({ pointer: '/tasks/1/id', code: 'duplicate' }),
    ]);
    const twice = await post('standing_agency', '/v1/directives', { tasks: [{ id }, { id }] });
    expect(twice.body.errors).toEqual([
      expect.objectContaining({ pointer: '/tasks/1/id', code: 'duplicate' }),
    ]);
  });

  test('is told by the gate which of the four clears each row fails, in the language asked for', async () => {
    const { body } = await created([task('justice'), { title: 'Chưa rõ' }]);
    const report = await post('standing_agency', `/v1/directives/${body.id}/check`, undefined, {
      'accept-language': 'en',
    });
    expect(report.status).toBe(200);
    expect(report.body).toMatchObject({
      ready: false,
      counts: { rows: 2, clear: 1, refused: 1, assignments: 1 },
    });
    expect(report.body.rows[1].findings.map((finding: { clear: string }) => finding.clear).sort()).toEqual([
      'people',
      'results',
      'time',
    ]);
    const refused = await post('standing_agency', `/v1/directives/${body.id}/issue`, undefined, key());
    expect([refused.status, refused.body.code, refused.body.errors[0].pointer]).toEqual([
      422,
      'gate_refused',
      '/tasks/1',
    ]);
    expect((await get('standing_agency', `/v1/directives/${body.id}`)).body.state).toBe('draft');
  });

  test('of another Working Group is not there', async () => {
    const { body } = await created([]);
    const other = (await startOther()).token;
    const { status } = await api.call('GET', `/v1/directives/${body.id}`, { token: other });
    const check = await api.call('POST', `/v1/directives/${body.id}/check`, { token: other });
    expect([status, check.status]).toEqual([404, 404]);
  });
});

async function startOther() {
  const { makeWorkingGroup } = await import('../support/fixtures.js');
  return (await makeWorkingGroup(api.engine.writer)).signIn('standing_agency');
}

describe('an assignment', () => {
  test('lives its whole life over HTTP', async () => {
    const { id, of } = await issued('justice');
    const at = `/v1/assignments/${of('justice')}`;
    const steps: [FixturePerson, string, object, string][] = [
      ['unit:justice', 'acknowledge', {}, 'acknowledged'],
      ['unit:justice', 'progress', { text: 'Đã làm một nửa', percent: 50 }, 'in_progress'],
      ['unit:justice', 'submit', { text: 'Kết quả', evidence: ['Báo cáo 12'] }, 'submitted'],
      ['standing_agency', 'return', { reason: 'Thiếu phụ lục' }, 'in_progress'],
      ['unit:justice', 'submit', { text: 'Kết quả đủ' }, 'submitted'],
      ['standing_agency', 'confirm', { note: 'Đạt' }, 'confirmed'],
    ];
    for (const [who, path, body, state] of steps) {
      const answer = await post(who, `${at}/${path}`, body, key());
      expect([path, answer.status, answer.body.state]).toEqual([path, 200, state]);
      expect(answer.headers.get('etag')).toContain(`"${answer.body.version}-`);
    }
    const timeline = (await get('unit:justice', `${at}/timeline`)).body.items;
    expect(timeline.map((entry: { type: string }) => entry.type)).toEqual(
      expect.arrayContaining(['assigned', 'acknowledged', 'reported', 'submitted', 'returned', 'confirmed']),
    );
    expect((await get('standing_agency', `/v1/directives/${id}`)).body.counts.open).toBe(0);
  });

  test('refuses what its state forbids with the reason and what is possible', async () => {
    const { of } = await issued('justice');
    const { status, body } = await post(
      'standing_agency',
      `/v1/assignments/${of('justice')}/confirm`,
      {},
      key(),
    );
    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: 'transition_not_allowed',
      state: 'assigned',
      allowedFrom: ['submitted'],
    });
    expect(body.possible).toContain('acknowledge');
  });

  test('is not there for another unit, and closed to its own unit for what is not its own to do', async () => {
    const { of } = await issued('justice');
    const at = `/v1/assignments/${of('justice')}`;
    expect((await post('unit:health', `${at}/acknowledge`)).body).toMatchObject({
      status: 404,
      code: 'not_found',
    });
    expect((await post('unit:justice', `${at}/confirm`, {}, key())).body).toMatchObject({
      status: 403,
      code: 'forbidden',
    });
    expect((await post('unit:justice', `${at}/stop`, { reason: 'x' })).body).toMatchObject({ status: 403 });
  });

  test('is decided by the supervisor where the standing agency leads it itself', async () => {
    const { of } = await issued('agency');
    const at = `/v1/assignments/${of('agency')}`;
    expect((await post('unit:agency', `${at}/submit`, { text: 'x' })).status).toBe(200);
    expect((await post('standing_agency', `${at}/confirm`, {}, key())).body).toMatchObject({
      status: 403,
      code: 'own_cause',
    });
    expect((await post('supervisor', `${at}/confirm`, {}, key())).body.state).toBe('confirmed');
  });

  test('takes what the standing agency records from a document, and nothing without one', async () => {
    const { of } = await issued('justice');
    const at = `/v1/assignments/${of('justice')}`;
    const bare = await post('standing_agency', `${at}/acknowledge`, {});
    expect(bare.body).toMatchObject({ status: 422, code: 'document_required' });
    const arrivedAt: string = (await get('standing_agency', at)).body.assignedAt;
    const document = { number: '77/STP', date: arrivedAt.slice(0, 10), arrivedAt };
    const recorded = await post('standing_agency', `${at}/acknowledge`, { document });
    expect([recorded.status, recorded.body.state]).toEqual([200, 'acknowledged']);
    const entries: { type: string; at: string; document: { number: string } | null }[] = (
      await get('unit:justice', `${at}/timeline`)
    ).body.items;
    const entry = entries.find(({ type }) => type === 'acknowledged');
    expect(entry).toMatchObject({ document: { number: '77/STP' }, at: arrivedAt });
  });

  test('does not take a document whose arrival has no offset', async () => {
    const { of } = await issued('justice');
    const document = { number: '1', date: '2026-01-05', arrivedAt: '2026-01-05T08:00:00' };
    const { body } = await post('standing_agency', `/v1/assignments/${of('justice')}/acknowledge`, {
      document,
    });
    expect(body.errors).toEqual([
      expect.objectContaining({ pointer: '/document/arrivedAt', code: 'wrong_format' }),
    ]);
  });

  test('has no act by another name: the answer lists those it has', async () => {
    const { of } = await issued('justice');
    const { status, body } = await post('unit:justice', `/v1/assignments/${of('justice')}/finish`, {});
    expect([status, body.code]).toEqual([404, 'not_found']);
    expect(body.available).toContain('POST /v1/assignments/{id}/submit');
  });
});

describe('a matter', () => {
  const only = (answer: Answer, kind: string) =>
    answer.body.matters.find((matter: { kind: string }) => matter.kind === kind);

  test('of extension is asked, decided by its id, and moves the deadline', async () => {
    const { of } = await issued('justice');
    const at = `/v1/assignments/${of('justice')}`;
    const asked = await post('unit:justice', `${at}/extensions`, {
      deadline: 'within 9 days',
      reason: 'Chờ số liệu',
    });
    expect(asked.status).toBe(200);
    const decision = `/v1/extensions/${only(asked, 'extension').id}/decision`;
    expect((await post('unit:justice', decision, { decision: 'grant', reason: 'x' })).status).toBe(403);
    const document = { number: '31/CAT', date: '2026-01-06' };
    const granted = await post('standing_agency', decision, {
      decision: 'grant',
      reason: 'Đồng ý',
      document,
    });
    expect([granted.status, granted.body.assignmentId]).toEqual([200, of('justice')]);
    expect(only({ ...granted, body: granted.body.assignment }, 'extension').state).toBe('granted');
    expect(granted.body.assignment.deadline.dueAt > asked.body.deadline.dueAt).toBe(true);
  });

  test('that is none, or of another kind, is unknown', async () => {
    const { of } = await issued('justice');
    const asked = await post('unit:justice', `/v1/assignments/${of('justice')}/obstacles`, {
      cause: 'data',
      text: 'Thiếu dữ liệu',
    });
    const body = { decision: 'refuse', reason: 'x' };
    expect((await post('standing_agency', `/v1/extensions/${uuidv7()}/decision`, body)).status).toBe(404);
    expect(
      (await post('standing_agency', `/v1/extensions/${only(asked, 'obstacle').id}/decision`, body)).status,
    ).toBe(404);
  });

  test('of obstacle may be answered by the unit that holds it, also where it reads nothing else of the assignment', async () => {
    const { of } = await issued('justice');
    const raised = await post('unit:justice', `/v1/assignments/${of('justice')}/obstacles`, {
      cause: 'coordination',
      holderUnitId: api.group.units.health,
      text: 'Chờ Sở Y tế',
    });
    expect(raised.status).toBe(200);
    const answer = `/v1/obstacles/${only(raised, 'obstacle').id}/answer`;
    expect((await post('unit:communeA', answer, { answer: 'resolve', text: 'x' })).status).toBe(404);
    const done = await post('unit:health', answer, { answer: 'resolve', text: 'Đã giải quyết' });
    expect([done.status, done.body.assignmentId]).toEqual([200, of('justice')]);
    const now = await get('standing_agency', `/v1/assignments/${of('justice')}`);
    expect(only(now, 'obstacle').state).toBe('resolved');
  });

  test('of contest is answered on its assignment', async () => {
    const { of } = await issued('justice');
    const at = `/v1/assignments/${of('justice')}`;
    expect(
      (
        await post('unit:justice', `${at}/contest`, {
          reason: 'not_our_function',
          text: 'Không thuộc chức năng',
        })
      ).body.state,
    ).toBe('contested');
    const answered = await post('standing_agency', `${at}/contest/answer`, {
      answer: 'reject',
      text: 'Đúng chức năng',
    });
    // Contesting has shown that the unit knows of it.
    expect([answered.status, answered.body.state]).toEqual([200, 'acknowledged']);
  });
});
