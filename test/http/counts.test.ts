import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AssignmentCommand } from '../../src/domain/assignment/commands.js';
import { HOUR } from '../../src/domain/instant.js';
import { conductDirective } from '../../src/engine/conduct.js';
import { executeAssignments } from '../../src/engine/execute.js';
import { foldAll } from '../../src/engine/fold.js';
import { issueBatch } from '../../src/engine/issue.js';
import { type FixturePerson, latestArrival, moveClock, requestOf } from '../support/fixtures.js';
import { subjectOf } from '../support/world.js';
import { type Answer, startTestApi, type TestApi } from './api-fixture.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(async () => {
  await api.stop();
});

type Body = Answer['body'];

const as = (who: FixturePerson) => api.group.signIn(who).token;
const post = async (who: FixturePerson, path: string, body: unknown = {}): Promise<Body> => {
  const headers = { 'idempotency-key': randomUUID() };
  const answer = await api.call('POST', path, { token: as(who), body, headers });
  expect([path, answer.status < 300 ? 'done' : answer.body]).toEqual([path, 'done']);
  return answer.body;
};
const get = async (who: FixturePerson, path: string, locale = 'en'): Promise<Answer> =>
  await api.call('GET', path, { token: as(who), headers: { 'accept-language': locale } });
const counts = async (query: Readonly<Record<string, string>>, locale = 'en'): Promise<Body> => {
  const { status, body } = await get(
    'supervisor',
    `/v1/counts?${new URLSearchParams(query).toString()}`,
    locale,
  );
  expect([query, status]).toEqual([query, 200]);
  return body;
};
const now = async (): Promise<number> =>
  Math.floor(
    (await api.engine.writer.query<{ now: number }>('select app_now() as now')).rows[0]?.now ?? Number.NaN,
  );

async function directive(tasks: readonly object[]): Promise<{ id: string; items: Body[] }> {
  const { id } = await post('standing_agency', '/v1/directives', {
    number: '05/KH-TCT',
    title: 'Kế hoạch năm',
    documentDate: '2025-01-06',
    endsOn: '2099-12-31',
    tasks: tasks.map((task, index) => ({
      code: `N${index + 1}`,
      title: `Nội dung ${index + 1}`,
      leadUnitIds: [api.group.units.health],
      deadline: { phrase: 'within 30 days' },
      result: { kind: 'deliverable', text: 'Báo cáo' },
      ...task,
    })),
  });
  await post('standing_agency', `/v1/directives/${id}/issue`);
  await issueBatch(api.engine, id);
  const { rows } = await api.engine.writer.query(
    `select a.id, a.unit_id as unit, t.code, t.kind from assignment a join task t on t.id = a.task_id
      where a.directive_id = $1 order by t.ordinal, a.id`,
    [id],
  );
  return { id, items: rows };
}

/** Handed in on paper, and confirmed: all of them in one command each. */
async function finish(ids: readonly string[]): Promise<void> {
  const document = { number: '7/CV', date: '2025-01-06', arrivedAt: await latestArrival(api.engine.writer) };
  const request = { ...requestOf(api.group.signIn('standing_agency').actor), document };
  const commands: readonly AssignmentCommand[] = [
    { action: 'submit', input: { text: 'Xong' } },
    { action: 'confirm', input: {} },
  ];
  for (const command of commands) subjectOf(await executeAssignments(api.engine, request, ids, command));
}

const addsUp = ({ total, superseded: _beside, awaitingConfirmation: _part, ...classes }: Body): boolean =>
  Object.values<number>(classes).reduce((sum, n) => sum + n, 0) === total;

describe('the counts of a year over HTTP', () => {
  test('say 73 of 80 tasks, 19 of 29 models and 10 of 16 goals, in both languages, before and after the fold', async () => {
    const plan = [...many(80, 'task'), ...many(29, 'model'), ...many(16, 'goal')];
    const { id, items } = await directive(plan);
    const first = (kind: string, n: number): string[] =>
      items
        .filter((item) => item.kind === kind)
        .slice(0, n)
        .map((item) => item.id);
    await finish([...first('task', 73), ...first('model', 19), ...first('goal', 10)]);
    const query = { directive: id, count: 'task', groupBy: 'kind' };
    const before = await counts(query);
    expect(before.groups.map((group: Body) => group.completion.text)).toEqual([
      '10 of 16 goals are done',
      '19 of 29 models are done',
      '73 of 80 tasks are done',
    ]);
    expect(before.groups[2].completion.ratio).toMatchObject({
      numerator: 73,
      denominator: 80,
      rounding: { mode: 'half-up', places: 2 },
      percent: '91.25',
    });
    const vi = await counts(query, 'vi');
    expect(vi.groups.map((group: Body) => [group.label, group.completion.ratio.numerator])).toEqual(
      expect.arrayContaining([
        ['Mô hình', 19],
        ['Mục tiêu', 10],
        ['Nhiệm vụ', 73],
      ]),
    );
    const sums = { directive: id, groupBy: 'kind' };
    const unfolded = await counts(sums);
    await foldAll(api.engine);
    const folded = await counts(sums);
    const { asOf: _then, knownAt: _known, ...kept } = unfolded;
    const dateless = (body: Body): string => JSON.stringify(body).replaceAll(/"asOf":"[^"]*"/g, '');
    expect(dateless(folded)).toContain(dateless(kept.groups));
    expect(folded.total).toMatchObject({ total: 125, doneOnTime: 102, openInTime: 23 });
  });

  test('a task is overdue if any of its assignments is, and done when all are: who is missing is named', async () => {
    const { justice, health } = api.group.units;
    const { id, items } = await directive([
      { leadUnitIds: [justice, health], severalLeads: 'each_leads', deadline: { phrase: 'within 5 days' } },
    ]);
    const of = (unit: string): string => items.find((item) => item.unit === unit)?.id ?? '';
    await finish([of(justice)]);
    const asked = { directive: id, count: 'task' };
    expect((await counts(asked)).total).toMatchObject({ total: 1, openInTime: 1, doneOnTime: 0 });
    expect((await counts({ directive: id })).total).toMatchObject({ total: 2, openInTime: 1, doneOnTime: 1 });
    const beforeDue = new Date(await now()).toISOString();
    await moveClock(api.database, 6 * 24 * HOUR);
    expect((await counts(asked)).total).toMatchObject({ openOverdue: 1 });
    expect((await counts({ ...asked, asOf: beforeDue })).total).toMatchObject({ openInTime: 1 });
    const summary = (await get('supervisor', `/v1/directives/${id}/summary`)).body;
    expect(summary.byTask).toMatchObject([
      { countClass: 'open_overdue', missing: 1, missingUnits: [{ id: health }] },
    ]);
    const byUnit = await counts({ ...asked, groupBy: 'unit' });
    expect(byUnit).toMatchObject({ rowsSumToTotal: false, total: { total: 1 } });
    expect(byUnit.groups).toHaveLength(2);
    await finish([of(health)]);
    expect((await counts(asked)).total).toMatchObject({ total: 1, doneLate: 1, openOverdue: 0 });
  });

  test('as of an instant are by what is known now, and known at an earlier one what was known then', async () => {
    const { id, items } = await directive([{ deadline: { phrase: 'within 1 day' } }]);
    const arrivedAt = await now();
    await moveClock(api.database, 48 * HOUR);
    const asOf = new Date(await now()).toISOString();
    expect((await counts({ directive: id })).total).toMatchObject({ openOverdue: 1 });
    await moveClock(api.database, HOUR);
    const knownAt = new Date(await now()).toISOString();
    await moveClock(api.database, HOUR);
    // A paper that had come in time is entered only now.
    await post('standing_agency', `/v1/assignments/${items[0].id}/submit`, {
      text: 'Đã gửi bản giấy',
      document: { number: '8/CV', date: '2025-01-06', arrivedAt: new Date(arrivedAt).toISOString() },
    });
    for (const fold of [false, true]) {
      if (fold) await foldAll(api.engine);
      const known = await counts({ directive: id, asOf });
      expect(known).toMatchObject({
        asOf,
        total: { openInTime: 1, awaitingConfirmation: 1, openOverdue: 0 },
      });
      const then = await counts({ directive: id, asOf, knownAt });
      expect(then).toMatchObject({ asOf, knownAt, total: { openOverdue: 1, awaitingConfirmation: 0 } });
    }
    expect((await counts({ directive: id, asOf, knownAt, count: 'task' })).total).toMatchObject({
      openOverdue: 1,
    });
  });

  test('by whatever they are grouped, rows and totals add up, each by what it is called', async () => {
    const { communeA, communeB, justice } = api.group.units;
    const { id } = await directive([
      { nature: 'general', groupCodes: ['commune'], leadUnitIds: [] },
      { leadUnitIds: [justice], kind: 'goal', recurrence: 'regular', deadline: { phrase: 'thường xuyên' } },
      { leadUnitIds: [], keepUnclear: true },
    ]);
    await conductDirective(api.engine, id, Number.MAX_SAFE_INTEGER);
    const total = (await counts({ directive: id })).total;
    expect(total).toMatchObject({ total: 5, openInTime: 3, regular: 1, unclear: 1 });
    for (const groupBy of ['unit', 'group', 'directive', 'kind', 'origin-year', 'working-group']) {
      for (const fold of [false, true]) {
        if (fold) await foldAll(api.engine);
        const body = await counts({ directive: id, groupBy });
        expect([groupBy, body.total, body.rowsSumToTotal]).toEqual([groupBy, total, true]);
        expect([body.total, ...body.groups.map((group: Body) => group.counts)].every(addsUp)).toBe(true);
        const sum = sumOf(body.groups.map((group: Body) => group.counts.total));
        expect([groupBy, sum]).toEqual([groupBy, 5]);
      }
    }
    const { groups } = await counts({ directive: id, groupBy: 'unit' });
    const totalOf = (key: string | null): number =>
      groups.find((group: Body) => group.key === key)?.counts.total;
    expect([communeA, communeB, justice, null].map(totalOf)).toEqual([1, 1, 1, 1]);
    const own = (await get('unit:communeA', `/v1/counts?directive=${id}`)).body.total;
    expect(own).toMatchObject({ total: 1, unclear: 0 });
    const within = await counts({ directive: id, regular: 'within' });
    expect(within.completion.ratio).toMatchObject({ numerator: 1, denominator: 5, percent: '20.00' });
    expect((await counts({ directive: id })).completion.ratio.numerator).toBe(0);
  });

  test('refuse what is no grouping, no instant and no count', async () => {
    for (const query of ['groupBy=colour', 'asOf=tomorrow', 'count=points', 'regular=above'])
      expect([query, (await get('supervisor', `/v1/counts?${query}`)).status]).toEqual([query, 400]);
    expect((await get('home_affairs', '/v1/counts')).status).toBe(403);
  });
});

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + n, 0);
const many = (n: number, kind: string): object[] => Array.from({ length: n }, () => ({ kind }));
