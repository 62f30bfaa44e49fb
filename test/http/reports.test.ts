import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { conductRegime } from '../../src/engine/conduct-reports.js';
import { closeDirective } from '../../src/engine/directives.js';
import {
  accepted,
  assignmentsByUnit,
  directiveContent,
  draftTask,
  type FixturePerson,
  type FixtureUnit,
  issuedDirective,
  moveClock,
  requestOf,
} from '../support/fixtures.js';
import { DAY, dateOf, EVERY_DAY, HOUR } from '../support/reporting.js';
import { type Answer, startTestApi, type TestApi } from './api-fixture.js';

/** The database's clock alone says what is due. */
const NEVER = 8.64e15;
const MINUTE = 60_000;

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ calendar: EVERY_DAY });
  // Mid-morning, so that no test begins a minute before a period ends.
  const now = await clock();
  await moveClock(api.database, at(dateOf(now + DAY), '09:00') - now);
});
afterAll(async () => {
  await api.stop();
});

const clock = async (): Promise<number> => {
  const found = await api.engine.writer.query<{ now: number }>('select app_now() as now');
  return found.rows[0]?.now ?? Number.NaN;
};
const at = (date: string, time: string): number => Date.parse(`${date}T${time}:00+07:00`);
const isoOf = (instant: number): string => new Date(instant).toISOString();
const skipTo = async (instant: number): Promise<void> =>
  await moveClock(api.database, Math.floor(instant - (await clock())));
const today = async (): Promise<string> => dateOf(await clock());

const send = async (
  who: FixturePerson,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  await api.call(method, path, {
    token: api.group.signIn(who).token,
    ...(body === undefined ? {} : { body }),
    headers: { 'idempotency-key': randomUUID(), ...headers },
  });
const post = async (who: FixturePerson, path: string, body: object = {}, headers = {}): Promise<Answer> =>
  await send(who, 'POST', path, body, headers);
const get = async (who: FixturePerson, path: string): Promise<Answer> => await send(who, 'GET', path);

const COMMUNES: readonly FixtureUnit[] = ['communeA', 'communeB', 'communeC'];

/** A daily regime over the communes, due on the next day at 17:00. */
const daily = async (over: object = {}): Promise<object> => ({
  name: 'Báo cáo ngày',
  nameEn: 'Daily report',
  periodicity: { kind: 'daily' },
  startsOn: await today(),
  levels: [{ groupCodes: ['commune'] }],
  ...over,
});

async function conduct(regimeId: string): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) {
    const pass = await conductRegime(api.engine, regimeId, NEVER);
    if (pass.ended || pass.taken === 0) return;
  }
  throw new Error('The regime never comes to rest');
}

/** Set up by the API and opened: the id of the regime, and of the report of each commune for the first period. */
async function reporting(over: object = {}): Promise<{ regimeId: string; own: Map<FixtureUnit, string> }> {
  const made = await post('standing_agency', '/v1/reporting-regimes', await daily(over));
  expect([made.status, made.body.code]).toEqual([201, undefined]);
  await conduct(made.body.id);
  const { body } = await get('standing_agency', `/v1/reports?regime=${made.body.id}&limit=100`);
  const own = new Map<FixtureUnit, string>();
  for (const item of body.items)
    for (const unit of COMMUNES) if (item.unit.id === api.group.units[unit]) own.set(unit, item.id);
  return { regimeId: made.body.id, own };
}
const idOf = (own: ReadonlyMap<FixtureUnit, string>, unit: FixtureUnit): string => own.get(unit) ?? '';

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
      `/v1/escalations?step=urging_letter&unit=${api.group.units.communeC}`,
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
    const { engine, group } = api;
    const tasks = COMMUNES.map((unit) =>
      draftTask({ leadUnitIds: [group.units[unit]], phrase: 'within 90 days' }),
    );
    const directiveId = await issuedDirective(engine, group, directiveContent(tasks));
    const byUnit = await assignmentsByUnit(engine.writer, directiveId);
    const assignmentId = byUnit.get(group.units.communeA) ?? '';
    const { own } = await reporting({ directiveIds: [directiveId] });
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
  });

  test('says why it lapsed, and when a unit ends its conductor is told', async () => {
    const { engine, group } = api;
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
    const { headers } = await api.call('GET', `/v1/units/${unitId}`, { token: administrator });
    const edit = await api.call('PATCH', `/v1/units/${unitId}`, {
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

const wakesOf = async (id: string): Promise<number> => {
  const found = await api.engine.writer.query('select 1 from wake where conductor_id = $1', [id]);
  return found.rowCount ?? 0;
};

describe('regimes', () => {
  test('are set up, listed, revised under their version, and ended', async () => {
    const made = await post('standing_agency', '/v1/reporting-regimes', await daily());
    expect(made.headers.get('location')).toBe(`/v1/reporting-regimes/${made.body.id}`);
    expect(made.body).toMatchObject({
      kind: 'periodic',
      state: 'active',
      regimeVersion: 1,
      continues: { inRow: 2, inYear: 3 },
      endedBy: null,
    });
    const path = `/v1/reporting-regimes/${made.body.id}`;
    await conduct(made.body.id);
    const read = await get('standing_agency', path);
    expect(Date.parse(read.body.nextOpensAt)).toBe(at(dateOf((await clock()) + DAY), '00:00'));
    const active = await get('supervisor', '/v1/reporting-regimes?state=active&kind=periodic&limit=100');
    expect(active.body.items.map(({ id }: Answer['body']) => id)).toContain(made.body.id);
    // A unit reads the regimes under which it reports.
    expect((await get('unit:communeA', path)).status).toBe(200);
    expect((await get('unit:justice', path)).status).toBe(404);
    const revision = await daily({ periodicity: { kind: 'weekly', closesOn: 5 } });
    expect((await post('standing_agency', `${path}/versions`, revision)).status).toBe(428);
    const etag = read.headers.get('etag') ?? '';
    expect((await post('unit:communeA', `${path}/versions`, revision, { 'if-match': etag })).status).toBe(
      403,
    );
    const revised = await post('standing_agency', `${path}/versions`, revision, { 'if-match': etag });
    expect([revised.status, revised.body.regimeVersion, revised.body.periodicity.kind]).toEqual([
      200,
      2,
      'weekly',
    ]);
    expect((await post('standing_agency', `${path}/versions`, revision, { 'if-match': etag })).status).toBe(
      412,
    );
    const ended = await post('standing_agency', `${path}/end`, { reason: 'Hết đợt' });
    expect([ended.status, ended.body.state, ended.body.endedBy]).toEqual([200, 'ended', 'decision']);
    expect((await post('standing_agency', `${path}/end`, { reason: 'Hết đợt' })).status).toBe(409);
    const actions = ended.body.allowedActions.map(({ action, allowed }: Answer['body']) => [action, allowed]);
    expect(actions).toEqual([
      ['revise', false],
      ['end', false],
    ]);
  });

  test.each([
    ['en', 'Due at least one working day', 'A regime starts today or later'],
    ['vi', 'ít nhất 1 ngày làm việc', 'bắt đầu từ hôm nay'],
  ])('that cannot be followed are refused with every point, in %s', async (language, early, past) => {
    const levels = [
      { groupCodes: ['commune'], dueWorkingDays: 2 },
      { groupCodes: ['department'], dueWorkingDays: 2 },
      { dueWorkingDays: 3 },
    ];
    const headers = { 'accept-language': language };
    const refused = await post('standing_agency', '/v1/reporting-regimes', await daily({ levels }), headers);
    expect([refused.status, refused.body.code]).toEqual([422, 'regime_invalid']);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(refused.body.errors.map(({ pointer, code }: Answer['body']) => [pointer, code]).sort()).toEqual([
      ['/levels/1/dueWorkingDays', 'due_too_early'],
      ['/levels/2', 'nobody_reports'],
    ]);
    expect(JSON.stringify(refused.body.errors)).toContain(early);
    const old = await daily({ startsOn: '2026-01-01' });
    const before = await post('standing_agency', '/v1/reporting-regimes', old, headers);
    expect(JSON.stringify(before.body.errors)).toContain(past);
  });

  test('refuse unknown fields, overlapping windows and names that do not exist', async () => {
    const create = async (over: object): Promise<Answer> =>
      await post('standing_agency', '/v1/reporting-regimes', await daily(over));
    expect((await create({ every: 'day' })).body).toMatchObject({ status: 400, code: 'invalid_body' });
    const windows = [
      { key: 'a', opensOn: '2027-01-01', closesOn: '2027-02-01' },
      { key: 'a', opensOn: '2027-02-01', closesOn: '2027-03-01' },
    ];
    expect((await create({ periodicity: { kind: 'own', windows } })).body.errors).toMatchObject([
      { pointer: '/schedule/windows/1', code: 'window_out_of_order' },
    ]);
    const nobody = randomUUID();
    expect((await create({ directiveIds: [nobody] })).body).toMatchObject({
      code: 'reference_unknown',
      missing: [nobody],
    });
    expect((await post('unit:communeA', '/v1/reporting-regimes', await daily())).status).toBe(403);
  });
});

describe('an ad hoc request', () => {
  const request = (over: object = {}): object => ({
    name: 'Báo cáo dữ liệu đất đai',
    groupCodes: ['commune'],
    deadline: 'within 2 hours',
    ...over,
  });

  test('is due at the instant that its phrase gives, and can be taken back', async () => {
    const made = await post('standing_agency', '/v1/report-requests', request());
    expect([made.status, made.body.kind]).toEqual([201, 'ad_hoc']);
    const due = Date.parse(made.body.dueAt);
    expect(Math.abs(due - (await clock()) - 2 * HOUR)).toBeLessThan(MINUTE);
    await conduct(made.body.id);
    const asked = await get('standing_agency', `/v1/reports?regime=${made.body.id}`);
    expect(new Set(asked.body.items.map(({ state }: Answer['body']) => state))).toEqual(new Set(['due']));
    const [one] = asked.body.items;
    await post('standing_agency', `/v1/reporting-regimes/${made.body.id}/end`, { reason: 'Đã có số liệu' });
    expect((await get('standing_agency', `/v1/reports/${one.id}`)).body.lapsed).toMatchObject({
      reason: 'request_ended',
    });
  });

  test.each([
    ['gấp', 'deadline_not_understood'],
    ['trước ngày 05/01/2026', 'deadline_in_past'],
  ])('with the deadline "%s" is refused as %s', async (deadline, code) => {
    for (const language of ['vi', 'en']) {
      const headers = { 'accept-language': language };
      const refused = await post('standing_agency', '/v1/report-requests', request({ deadline }), headers);
      expect([refused.status, refused.body.code]).toEqual([422, code]);
      expect(refused.headers.get('content-language')).toBe(language);
    }
  });

  test('is the standing agency’s, and names whom it asks', async () => {
    for (const who of ['unit:communeA', 'supervisor', 'home_affairs', 'administrator'] as const)
      expect((await post(who, '/v1/report-requests', request())).status).toBe(403);
    const nobody = await post('standing_agency', '/v1/report-requests', request({ groupCodes: [] }));
    expect(nobody.body).toMatchObject({ code: 'regime_invalid', errors: [{ code: 'nobody_reports' }] });
  });
});
