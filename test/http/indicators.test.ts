import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addCalendarDays, dayNumberOf } from '../../src/domain/civil-date.js';
import { conductRegime } from '../../src/engine/conduct-reports.js';
import { issueBatch } from '../../src/engine/issue.js';
import { localDay } from '../../src/engine/read/view.js';
import type { FixturePerson, FixtureUnit } from '../support/fixtures.js';
import { type Answer, startTestApi, type TestApi } from './api-fixture.js';

let api: TestApi;
let today: string;
beforeAll(async () => {
  api = await startTestApi();
  const { rows } = await api.engine.writer.query<{ now: number }>('select app_now() as now');
  today = localDay(rows[0]?.now ?? 0);
});
afterAll(async () => {
  await api.stop();
});

const as = (who: FixturePerson) => api.group.signIn(who).token;
const post = async (who: FixturePerson, path: string, body: unknown = {}): Promise<Answer> =>
  await api.call('POST', path, { token: as(who), body, headers: { 'idempotency-key': randomUUID() } });
const get = async (who: FixturePerson, path: string): Promise<Answer> =>
  await api.call('GET', path, { token: as(who) });
const ago = (days: number): string => addCalendarDays(today, -days);

interface Given {
  readonly directive: string;
  readonly task: string;
  readonly of: Readonly<Partial<Record<FixtureUnit, string>>>;
}

const ACCOUNTS = {
  kind: 'indicator',
  name: 'Số tài khoản',
  numerator: 1000,
  denominator: null,
  atLeast: true,
};

/** One task with its units, under a directive of its own. */
async function given(leads: readonly FixtureUnit[], task: object = {}): Promise<Given> {
  const created = await post('standing_agency', '/v1/directives', {
    number: '12/KH',
    title: 'Kế hoạch',
    documentDate: '2025-01-06',
    tasks: [
      {
        title: 'Kích hoạt tài khoản định danh',
        leadUnitIds: leads.map((name) => api.group.units[name]),
        deadline: { phrase: 'within 50 days' },
        result: ACCOUNTS,
        ...(leads.length > 1 ? { severalLeads: 'each_leads' } : {}),
        ...task,
      },
    ],
  });
  expect(created).toMatchObject({ status: 201 });
  const { id } = created.body;
  expect(await post('standing_agency', `/v1/directives/${id}/issue`)).toMatchObject({ status: 200 });
  await issueBatch(api.engine, id);
  const { items } = (await get('standing_agency', `/v1/directives/${id}/assignments`)).body;
  const idOf = (name: FixtureUnit): string =>
    items.find((item: Answer['body']) => item.unit.id === api.group.units[name])?.id ?? '';
  const of = Object.fromEntries(leads.map((name) => [name, idOf(name)]));
  return { directive: id, task: items[0].task.id, of };
}

async function report(
  unit: FixtureUnit,
  { of }: Given,
  numerator: number,
  asOf: string,
  more: { figure?: object; percent?: number } = {},
): Promise<Answer> {
  const { figure = {}, percent } = more;
  const body = { text: `Báo cáo ${asOf}`, figure: { numerator, asOf, ...figure } };
  const answer = await post(`unit:${unit}`, `/v1/assignments/${of[unit]}/progress`, {
    ...body,
    ...(percent === undefined ? {} : { percent }),
  });
  expect(answer).toMatchObject({ status: 200 });
  return answer;
}

/** Who was written to because an assignment's target will be missed. */
async function lettersOf(id: string | undefined): Promise<string[]> {
  const { rows } = await api.engine.writer.query<{ recipient_kind: string }>(
    "select recipient_kind from item where assignment_id = $1 and template = 'forecast_misses' order by 1",
    [id],
  );
  return rows.map(({ recipient_kind }) => recipient_kind);
}

const now = async (): Promise<string> =>
  new Date(
    (await api.engine.writer.query<{ now: number }>('select app_now() as now')).rows[0]?.now ?? 0,
  ).toISOString();

describe('the indicator of an assignment', () => {
  test('warns before the deadline that its pace misses the target, with pace, need and forecast', async () => {
    const task = await given(['justice']);
    const id = task.of.justice;
    expect((await get('unit:justice', `/v1/assignments/${id}`)).body.outlook).toMatchObject({
      target: { numerator: 1000, denominator: null },
      reached: null,
      warning: null,
      why: 'no_figure',
    });
    await report('justice', task, 100, ago(30));
    // What is entered later of an earlier day is no new latest figure.
    await report('justice', task, 300, ago(10));
    const { body } = await report('justice', task, 200, ago(20));
    expect(body.figure).toEqual({ numerator: 300, denominator: null, asOf: ago(10) });
    const left = dayNumberOf(localDay(Date.parse(body.deadline.dueAt))) - dayNumberOf(ago(10));
    expect(body.outlook).toMatchObject({
      met: false,
      misses: true,
      perDay: 10,
      neededPerDay: Math.round((700 / left) * 1e6) / 1e6,
      reached: { numerator: 300, denominator: 1000, percent: '30.00', asOf: ago(10) },
      forecast: { numerator: 300 + 10 * left, denominator: 1000 },
    });
    expect(body.outlook.warning).toContain('chưa đạt chỉ tiêu');
    const { items } = (await get('standing_agency', `/v1/directives/${task.directive}/assignments`)).body;
    expect(items[0].outlook).toEqual(body.outlook);
    const { body: read } = await get('unit:justice', `/v1/assignments/${id}/indicator`);
    expect(read.outlook).toEqual(body.outlook);
    expect(read.series.map((value: Answer['body']) => value.numerator)).toEqual([100, 200, 300]);
    // Told once, by the report that made it so.
    expect(await lettersOf(id)).toEqual(['monitor', 'officer']);
    await report('justice', task, 1001, ago(5));
    expect(await lettersOf(id)).toEqual(['monitor', 'officer']);
    expect((await get('unit:justice', `/v1/assignments/${id}`)).body.outlook).toMatchObject({
      met: true,
      warning: null,
    });
  });

  test('keeps both values of a restatement, with the reason, and what was known before it', async () => {
    const task = await given(['justice']);
    const path = `/v1/assignments/${task.of.justice}/indicator`;
    await report('justice', task, 300, ago(10));
    const before = await now();
    const known = (await get('supervisor', `${path}?knownAt=${before}`)).body.series;
    await report('justice', task, 250, ago(10), { figure: { correction: 'Trùng 50 hồ sơ' } });
    const { body } = await get('supervisor', path);
    expect(body.series).toMatchObject([
      {
        asOf: ago(10),
        numerator: 250,
        restated: true,
        reason: 'Trùng 50 hồ sơ',
        formerly: [{ numerator: 300, reason: null, until: body.series[0].knownAt }],
      },
    ]);
    const then = (await get('supervisor', `${path}?knownAt=${before}`)).body;
    expect(then.series).toEqual(known);
    expect(then.series).toMatchObject([{ numerator: 300, restated: false }]);
    expect(then.outlook).toBeNull();
  });

  test('is restated by the restating of a report, with its reason', async () => {
    const task = await given(['health']);
    const asked = await post('standing_agency', '/v1/report-requests', {
      name: 'Số liệu',
      directiveIds: [task.directive],
      deadline: 'within 5 days',
      unitIds: [api.group.units.health],
    });
    await conductRegime(api.engine, asked.body.id, Date.parse(await now()));
    const { items } = (await get('unit:health', `/v1/reports?regime=${asked.body.id}`)).body;
    const entry = (numerator: number) => [
      { assignmentId: task.of.health, text: 'Đã làm', figure: { numerator, asOf: ago(3) } },
    ];
    const sent = await post('unit:health', `/v1/reports/${items[0].id}/submit`, {
      text: 'Báo cáo',
      progress: entry(10),
    });
    expect(sent).toMatchObject({ status: 200 });
    const restated = await post('unit:health', `/v1/reports/${items[0].id}/restate`, {
      reason: 'Đếm lại',
      progress: entry(12),
    });
    expect(restated).toMatchObject({ status: 200 });
    const { body } = await get('unit:health', `/v1/assignments/${task.of.health}/indicator`);
    expect(body.series).toMatchObject([{ numerator: 12, reason: 'Đếm lại', formerly: [{ numerator: 10 }] }]);
  });

  test('gives each ratio under a declared rule, holds reported percentages against it and flags breakdowns', async () => {
    const task = await given(['justice'], { result: { ...ACCOUNTS, numerator: 319_284 } });
    const path = `/v1/assignments/${task.of.justice}/indicator`;
    const parts = [
      { name: 'Thành phố', numerator: 400_000 },
      { name: 'Các xã', numerator: 36_000 },
    ];
    await report('justice', task, 436_167, ago(2), { percent: 136.6, figure: { parts } });
    const truncated = (await get('supervisor', `${path}?rounding=truncated`)).body.series[0];
    expect(truncated.ratio).toEqual({
      numerator: 436_167,
      denominator: 319_284,
      asOf: ago(2),
      rounding: { mode: 'truncated', places: 2 },
      percent: '136.60',
    });
    const { body } = await get('supervisor', path);
    expect(body.series[0]).toMatchObject({
      ratio: { percent: '136.61', rounding: { mode: 'half-up', places: 2 } },
      reported: { reported: '136.6', computed: '136.61', verdict: 'other_rule' },
      breakdown: { total: 436_167, sum: 436_000, difference: 167, addsUp: false, parts },
    });
    const asTyped = (await get('supervisor', `${path}?places=1`)).body.series[0];
    expect(asTyped.reported.verdict).toBe('agrees');
    expect((await get('supervisor', `${path}?places=7`)).status).toBe(400);
  });

  test('goes on with the life of the unit before, and is read by lead and monitor, not by who only helps', async () => {
    const { office, communeA, health } = api.group.units;
    const task = await given(['justice'], { coordinatingUnitIds: [communeA], monitorUnitId: health });
    await report('justice', task, 100, ago(30));
    const path = `/v1/assignments/${task.of.justice}`;
    const moved = await post('standing_agency', `${path}/move`, {
      to: [{ unitId: office }],
      reason: 'Chuyển',
    });
    const [successor] = moved.body.supersededBy;
    const own: Given = { ...task, of: { office: successor } };
    const { body } = await report('office', own, 300, ago(10));
    expect(body.outlook.perDay).toBe(10);
    const asked = `/v1/assignments/${successor}/indicator`;
    for (const who of ['unit:office', 'unit:health', 'standing_agency', 'supervisor'] as const) {
      const { body: read, status } = await get(who, asked);
      expect([who, status, read.series.map((value: Answer['body']) => value.numerator)]).toEqual([
        who,
        200,
        [100, 300],
      ]);
    }
    for (const who of ['unit:communeA', 'unit:communeB'] as const)
      expect([who, (await get(who, asked)).status]).toEqual([who, 404]);
    for (const who of ['home_affairs', 'administrator'] as const)
      expect([who, (await get(who, asked)).status]).toEqual([who, 403]);
    expect((await get('unit:communeA', `/v1/assignments/${successor}`)).body.figure.numerator).toBe(300);
  });

  test('of a divided life begins anew: the sum was never its own', async () => {
    const { office, health } = api.group.units;
    const task = await given(['justice']);
    await report('justice', task, 100, ago(30));
    const to = [
      { unitId: office, target: { numerator: 400 } },
      { unitId: health, target: { numerator: 600 } },
    ];
    const path = `/v1/assignments/${task.of.justice}/move`;
    const [first] = (await post('standing_agency', path, { to, reason: 'Tách' })).body.supersededBy;
    const { body } = await get('standing_agency', `/v1/assignments/${first}/indicator`);
    expect(body).toMatchObject({ series: [], target: { numerator: 400 } });
    expect((await get('standing_agency', `/v1/tasks/${task.task}/indicator`)).body).toMatchObject({
      total: { units: 2, missing: 2, needed: 1000 },
    });
  });
});

describe('the indicator of a task', () => {
  test('sums what the units report, says who is missing and draws the line once all have reported', async () => {
    const task = await given(['communeA', 'communeB', 'communeC'], {
      result: { ...ACCOUNTS, numerator: 100 },
    });
    const path = `/v1/tasks/${task.task}/indicator`;
    await report('communeA', task, 10, ago(30));
    await report('communeB', task, 20, ago(20));
    const { body } = await get('standing_agency', path);
    expect(body).toMatchObject({
      whole: true,
      total: {
        numerator: 30,
        needed: 300,
        ratio: { percent: '10.00', asOf: body.asOf },
        met: null,
        units: 3,
        missing: 1,
        oldestFigure: ago(30),
        newestFigure: ago(20),
      },
      missingUnits: [{ id: api.group.units.communeC }],
      outlook: { why: 'no_target', warning: null },
    });
    await report('communeC', task, 30, ago(20));
    await report('communeA', task, 70, ago(10));
    const whole = (await get('supervisor', path)).body;
    expect(whole.series).toMatchObject([
      { asOf: ago(30), numerator: 10, missing: 2 },
      { asOf: ago(20), numerator: 60, missing: 0 },
      { asOf: ago(10), numerator: 120, missing: 0 },
    ]);
    expect(whole.outlook).toMatchObject({ perDay: 6, target: { numerator: 300 }, misses: false });
    const earlier = (await get('supervisor', `${path}?asOf=${ago(20)}`)).body;
    expect(earlier.total).toMatchObject({ numerator: 60, newestFigure: ago(20) });
    const own = (await get('unit:communeA', path)).body;
    expect(own).toMatchObject({ whole: false, total: { numerator: 70, units: 1 }, missingUnits: [] });
    expect(JSON.stringify(own)).not.toContain(api.group.units.communeB);
    expect((await get('unit:justice', path)).status).toBe(404);
    expect((await get('home_affairs', path)).status).toBe(403);
  });

  test('of a rate adds numerators and wholes, and leaves out what came without its whole', async () => {
    const result = { kind: 'indicator', name: 'Tỷ lệ', numerator: 80, denominator: 100, atLeast: true };
    const task = await given(['communeA', 'communeB', 'communeC'], { result });
    await report('communeA', task, 9, ago(5), { figure: { denominator: 10 } });
    await report('communeB', task, 30, ago(5), { figure: { denominator: 90 } });
    await report('communeC', task, 85, ago(5));
    const { body } = await get('supervisor', `/v1/tasks/${task.task}/indicator`);
    expect(body).toMatchObject({
      total: { numerator: 39, denominator: 100, needed: 80, ratio: { percent: '39.00' }, missing: 1 },
      withoutWhole: [{ id: api.group.units.communeC }],
    });
  });

  test('flags targets of the units that do not make the task’s own', async () => {
    const { communeA, communeB } = api.group.units;
    const targets = [
      { unitId: communeA, numerator: 400 },
      { unitId: communeB, numerator: 500 },
    ];
    const task = await given(['communeA', 'communeB'], { targets });
    const { body } = await get('supervisor', `/v1/tasks/${task.task}/indicator`);
    expect(body).toMatchObject({
      targets: { total: 1000, sum: 900, difference: 100, addsUp: false },
      total: { needed: 900 },
    });
  });
});
