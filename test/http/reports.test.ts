import { describe, expect, test } from '@jest/globals';
import { closeDirective } from '../../src/engine/directives.js';
import {
  accepted,
  assignmentsByUnit,
  directiveContent,
  draftTask,
  issuedDirective,
  requestOf,
} from '../support/fixtures.js';
import { DAY, dateOf, HOUR } from '../support/reporting.js';
import type { Answer } from './api-fixture.js';
import { at, COMMUNES, idOf, isoOf, MINUTE, reportingApi } from './report-fixture.js';

const setting = reportingApi();
const { clock, skipTo, today, post, get, daily, conduct, reporting, send } = setting;

const wakesOf = async (id: string): Promise<number> => {
  const found = await setting.api.engine.writer.query('select 1 from wake where conductor_id = $1', [id]);
  return found.rowCount ?? 0;
};

describe('the urging letter about a missing report', () => {
  test('is read with its facts by the agency and by the unit it went to, and by no other unit', async () => {
    const { regimeId, own } = await reporting();
    const due = at(dateOf((await clock()) + DAY), '17:00');
    for (let day = 0; day < 4; day += 1) {
      await skipTo(due + day * DAY + MINUTE);
      await conduct(regimeId);
    }
    const steps = await get(
      'standing_agency',
      `/v1/escalations?step=urging_letter&unit=${setting.api.group.units.communeC}`,
    );
    const step = steps.body.items.find((item: Answer['body']) => item.subject.id === idOf(own, 'communeC'));
    const { letter } = (await get('standing_agency', `/v1/escalations/${step.id}`)).body;
    expect(letter).toMatchObject({
      state: 'sent',
      number: null,
      unit: { name: 'Xã Cẩm Hà' },
      head: expect.any(String),
      basis: ['Căn cứ chế độ báo cáo «Báo cáo ngày»;'],
      facts: { phrase: null, firstDeadlineAt: null, deadlineAt: isoOf(due), daysLate: 3, causes: [] },
    });
    expect(letter.facts.urgedAt).toHaveLength(1);
    expect(letter.text).toContain('V/v đôn đốc gửi báo cáo quá hạn: Báo cáo ngày kỳ');
    expect((await get('unit:communeC', `/v1/escalations/${step.id}`)).body.letter).toEqual(letter);
    expect((await get('unit:communeA', `/v1/escalations/${step.id}`)).status).toBe(404);
  });
});

describe('who has and who has not reported', () => {
  test('as of 17:15 is one request, with every unit and the counts of all', async () => {
    const { regimeId, own } = await reporting();
    const due = at(dateOf((await clock()) + DAY), '17:00');
    await post('unit:communeA', `/v1/reports/${idOf(own, 'communeA')}/submit`, { text: 'Đã làm' });
    await skipTo(due + 10 * MINUTE);
    await conduct(regimeId);
    await post('unit:communeB', `/v1/reports/${idOf(own, 'communeB')}/submit`, { text: 'Đã làm' });
    await skipTo(due + HOUR);
    const list = async (asOf: number, more = ''): Promise<Answer> =>
      await get(
        'standing_agency',
        `/v1/reports?regime=${regimeId}&period=${dateOf(due - DAY)}&asOf=${encodeURIComponent(isoOf(asOf))}${more}`,
      );
    const states = ({ body }: Answer): Record<string, string> =>
      Object.fromEntries(body.items.map((item: Answer['body']) => [item.unit.name, item.state]));
    const asked = await list(due + 15 * MINUTE);
    expect(asked.body.asOf).toBe(isoOf(due + 15 * MINUTE));
    expect(states(asked)).toEqual({
      'Xã An Hòa': 'received_on_time',
      'Xã Bình Sơn': 'received_late',
      'Xã Cẩm Hà': 'missing',
    });
    const none = { not_due: 0, due: 0, excused: 0, lapsed: 0 };
    expect(asked.body.counts).toEqual({ ...none, received_on_time: 1, received_late: 1, missing: 1 });
    // As of an instant, the list says nothing that happened later.
    const early = (await list(due + 5 * MINUTE)).body.items.find(
      (item: Answer['body']) => item.id === idOf(own, 'communeB'),
    );
    expect(early).toMatchObject({ state: 'missing', receivedAt: null, received: [] });
    // Ten minutes before, two had not reported; the day before nobody was late.
    expect((await list(due + 5 * MINUTE)).body.counts).toMatchObject({ missing: 2, received_late: 0 });
    expect((await list(due - HOUR)).body.counts).toMatchObject({ due: 2, received_on_time: 1, missing: 0 });
    // Only those that have not: the counts still speak of all.
    const missing = await list(due + 15 * MINUTE, '&state=missing');
    expect(Object.keys(states(missing))).toEqual(['Xã Cẩm Hà']);
    expect(missing.body.counts).toEqual(asked.body.counts);
    const page = await list(due + 15 * MINUTE, '&limit=2');
    expect([page.body.items.length, page.body.page.nextCursor === null]).toEqual([2, false]);
    const rest = await list(due + 15 * MINUTE, `&limit=2&cursor=${page.body.page.nextCursor}`);
    expect(Object.keys({ ...states(page), ...states(rest) }).length).toBe(3);
    // A unit reads its own, and learns of no other.
    const mine = await get('unit:communeC', `/v1/reports?regime=${regimeId}`);
    expect(new Set(mine.body.items.map((item: Answer['body']) => item.unit.name))).toEqual(
      new Set(['Xã Cẩm Hà']),
    );
    expect((await get('unit:communeC', `/v1/reports/${idOf(own, 'communeA')}`)).status).toBe(404);
    expect((await get('home_affairs', `/v1/reports?regime=${regimeId}`)).status).toBe(403);
  });
});

describe('one report', () => {
  test('is sent, returned, sent again, and tells what happened in the reader’s language', async () => {
    const { own } = await reporting();
    const path = `/v1/reports/${idOf(own, 'communeA')}`;
    const sent = await post('unit:communeA', `${path}/submit`, { text: 'Đã thực hiện' });
    expect(sent.body).toMatchObject({ state: 'received_on_time', received: [{ returned: null }] });
    const again = await post('unit:communeA', `${path}/submit`, { text: 'Lần nữa' });
    expect(again.body).toMatchObject({
      status: 409,
      code: 'transition_not_allowed',
      state: 'received_on_time',
      possible: ['restate', 'return'],
    });
    const back = { reason: 'Thiếu số liệu', formOnly: false };
    expect((await post('unit:communeA', `${path}/return`, back)).body.code).toBe('forbidden');
    const returned = await post('standing_agency', `${path}/return`, back);
    expect([returned.status, returned.body.state]).toEqual([200, 'not_due']);
    expect((await post('standing_agency', `${path}/return`, back)).body.code).toBe('transition_not_allowed');
    const mended = await post('unit:communeA', `${path}/submit`, { text: 'Đã bổ sung' });
    expect([mended.body.state, mended.body.received.length]).toEqual(['received_on_time', 2]);
    const read = async (language: string): Promise<Answer['body']> =>
      (await send('unit:communeA', 'GET', path, undefined, { 'accept-language': language })).body.history.map(
        ({ type, words, text }: Answer['body']) => [type, words, text.reason],
      );
    expect(await read('en')).toEqual([
      ['opened', expect.stringContaining('Period opened'), undefined],
      ['submitted', expect.stringContaining('The unit reported'), undefined],
      ['returned', 'Returned to be mended', 'Thiếu số liệu'],
      ['submitted', expect.stringContaining('The unit reported'), undefined],
    ]);
    expect((await read('vi'))[2]).toEqual(['returned', 'Trả lại báo cáo để hoàn thiện', 'Thiếu số liệu']);
    // Lists carry no histories.
    const list = await get('standing_agency', '/v1/reports?limit=1');
    expect([list.body.items[0].history, list.body.items[0].corrections]).toEqual([null, null]);
  });

  test('is excused by a numbered document, refused without one, and asked for by the unit', async () => {
    const { own } = await reporting();
    const path = `/v1/reports/${idOf(own, 'communeB')}`;
    const reason = { reason: 'Mất điện toàn xã' };
    const asked = await post('unit:communeB', `${path}/excuse-request`, reason);
    expect(asked.body.excuse).toMatchObject({ state: 'asked' });
    expect((await post('unit:communeB', `${path}/excuse-request`, reason)).body.code).toBe(
      'matter_already_open',
    );
    expect((await post('supervisor', `${path}/excuse`, reason)).body.code).toBe('forbidden');
    const refused = await post('standing_agency', `${path}/excuse-refusal`, { reason: 'Chưa đủ căn cứ' });
    expect(refused.body).toMatchObject({ state: 'not_due', excuse: { state: 'refused' } });
    expect((await post('standing_agency', `${path}/excuse`, reason)).body).toMatchObject({
      status: 422,
      code: 'document_required',
    });
    const document = { number: '7/TB-TCT', date: await today() };
    const excused = await post('standing_agency', `${path}/excuse`, { ...reason, document });
    expect([excused.status, excused.body.state]).toEqual([200, 'excused']);
    expect(excused.body.history.at(-1)).toMatchObject({ type: 'excused', document: { number: '7/TB-TCT' } });
    expect((await post('unit:communeB', `${path}/submit`, { text: 'x' })).status).toBe(409);
  });

  test('of a unit that writes on paper is entered for it by its arrival, and needs the document', async () => {
    const { regimeId, own } = await reporting();
    const path = `/v1/reports/${idOf(own, 'communeC')}`;
    const due = Date.parse((await get('standing_agency', path)).body.dueAt);
    await skipTo(due + HOUR);
    await conduct(regimeId);
    expect((await get('standing_agency', path)).body.state).toBe('missing');
    const bare = await post('standing_agency', `${path}/submit`, { text: 'Công văn' });
    expect(bare.body).toMatchObject({ status: 422, code: 'document_required' });
    const document = { number: '12/BC', date: dateOf(due), arrivedAt: isoOf(due - HOUR) };
    const entered = await post('standing_agency', `${path}/submit`, { text: 'Công văn', document });
    expect([entered.status, entered.body.state]).toEqual([200, 'received_on_time']);
    expect(entered.body.receivedAt).toBe(isoOf(due - HOUR));
    const future = { ...document, arrivedAt: isoOf(due + DAY) };
    const { own: later } = await reporting();
    const early = await post('standing_agency', `/v1/reports/${idOf(later, 'communeC')}/submit`, {
      text: 'x',
      document: future,
    });
    expect(early.body.code).toBe('happened_in_future');
  });

  test('is corrected after the closing with its reason, and shows both values of each figure', async () => {
    const { engine, group } = setting.api;
    const tasks = COMMUNES.map((unit) =>
      draftTask({ leadUnitIds: [group.units[unit]], phrase: 'within 90 days' }),
    );
    const directiveId = await issuedDirective(engine, group, directiveContent(tasks));
    const byUnit = await assignmentsByUnit(engine.writer, directiveId);
    const assignmentId = byUnit.get(group.units.communeA) ?? '';
    const { regimeId, own } = await reporting({ directiveIds: [directiveId] });
    const path = `/v1/reports/${idOf(own, 'communeA')}`;
    const entry = (numerator: number, of = assignmentId) => ({
      assignmentId: of,
      text: 'Đến nay',
      figure: { numerator, denominator: 100, asOf: '2026-01-05' },
    });
    const strange = byUnit.get(group.units.communeB);
    const wrong = await post('unit:communeA', `${path}/submit`, {
      text: 'x',
      progress: [entry(40), entry(1, strange)],
    });
    expect(wrong.body).toMatchObject({
      status: 422,
      code: 'reference_unknown',
      errors: [{ pointer: '/progress/1/assignmentId' }],
    });
    await post('unit:communeA', `${path}/submit`, { text: 'Báo cáo', progress: [entry(40)] });
    await skipTo(Date.parse((await get('unit:communeA', path)).body.closesAt) + HOUR);
    const silent = await post('unit:communeA', `${path}/restate`, { progress: [entry(38)] });
    expect(silent.body).toMatchObject({ status: 400, code: 'invalid_body' });
    const restated = await post('unit:communeA', `${path}/restate`, {
      reason: 'Cộng trùng 2 hồ sơ',
      progress: [entry(38)],
    });
    expect(restated.status).toBe(200);
    const { body } = await get('supervisor', path);
    const figure = { numerator: 40, denominator: 100, asOf: '2026-01-05' };
    expect(body.corrections).toMatchObject([
      {
        reason: 'Cộng trùng 2 hồ sơ',
        changes: [{ assignmentId, before: { figure }, after: { figure: { ...figure, numerator: 38 } } }],
      },
    ]);
    expect([body.restatements, body.progress[0].figure.numerator, body.state]).toEqual([
      1,
      38,
      'received_on_time',
    ]);
    // The assignment's own figure is the corrected one.
    const assignment = await get('unit:communeA', `/v1/assignments/${assignmentId}`);
    expect(assignment.body.figure).toMatchObject({ numerator: 38 });
    // Handed in and confirmed, the work takes no more reports; the report's own figure can still be wrong. So can it
    // when the regime asks about something else by now.
    await post('unit:communeA', `/v1/assignments/${assignmentId}/submit`, { text: 'Kết quả' });
    const confirmed = await post('standing_agency', `/v1/assignments/${assignmentId}/confirm`);
    expect(confirmed.status).toBe(200);
    const regime = await get('standing_agency', `/v1/reporting-regimes/${regimeId}`);
    const revised = await post(
      'standing_agency',
      `/v1/reporting-regimes/${regimeId}/versions`,
      await daily({ directiveIds: [] }),
      { 'if-match': `"${regime.body.version}"` },
    );
    expect([revised.status, revised.body.directiveIds]).toEqual([200, []]);
    const again = await post('unit:communeA', `${path}/restate`, {
      reason: 'Kiểm tra lại',
      progress: [entry(37)],
    });
    expect([again.status, again.body.progress?.[0].figure.numerator]).toEqual([200, 37]);
    const kept = await get('unit:communeA', `/v1/assignments/${assignmentId}`);
    expect(kept.body.figure).toMatchObject({ numerator: 38 });
  });

  test('says why it lapsed, and when a unit ends its conductor is told', async () => {
    const { engine, group } = setting.api;
    const tasks = [draftTask({ leadUnitIds: [group.units.communeA], phrase: 'within 90 days' })];
    const directiveId = await issuedDirective(engine, group, directiveContent(tasks));
    const { regimeId, own } = await reporting({ directiveIds: [directiveId] });
    const { actor } = group.signIn('standing_agency');
    accepted(
      await closeDirective(engine, requestOf(actor), directiveId, { reason: 'Hết năm', carryOver: true }),
    );
    const { body } = await get('unit:communeA', `/v1/reports/${idOf(own, 'communeA')}`);
    expect(body).toMatchObject({ state: 'lapsed', lapsed: { reason: 'directive_closed' } });
    expect(body.history.at(-1).words).toMatch(/văn bản đã kết thúc/);
    expect((await get('standing_agency', `/v1/reporting-regimes/${regimeId}`)).body).toMatchObject({
      state: 'ended',
      endedBy: 'closed',
      nextOpensAt: null,
    });
    const next = await reporting();
    const before = await wakesOf(next.regimeId);
    const unitId = group.units.communeC;
    const administrator = group.signIn('administrator').token;
    const { headers } = await setting.api.call('GET', `/v1/units/${unitId}`, { token: administrator });
    const edit = await setting.api.call('PATCH', `/v1/units/${unitId}`, {
      token: administrator,
      body: { validTo: dateOf((await clock()) + DAY) },
      headers: { 'if-match': headers.get('etag') ?? '' },
    });
    expect(edit.status).toBe(200);
    expect(await wakesOf(next.regimeId)).toBe(before + 1);
    await skipTo(at(dateOf((await clock()) + DAY), '00:00') + 1_000);
    await conduct(next.regimeId);
    const gone = await get('standing_agency', `/v1/reports/${idOf(next.own, 'communeC')}`);
    expect(gone.body.lapsed).toMatchObject({ reason: 'unit_abolished' });
  });
});
