import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { issueBatch } from '../../src/engine/issue.js';
import type { FixturePerson } from '../support/fixtures.js';
import { type Answer, startTestApi, type TestApi } from './api-fixture.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(async () => {
  await api.stop();
});

const as = (who: FixturePerson) => api.group.signIn(who).token;
const post = async (who: FixturePerson, path: string, body: unknown = {}): Promise<Answer> =>
  await api.call('POST', path, { token: as(who), body, headers: { 'idempotency-key': randomUUID() } });
const get = async (who: FixturePerson, path: string): Promise<Answer> =>
  await api.call('GET', path, { token: as(who) });

/** A directive that gives one indicator to these units; their assignments, in that order. */
async function given(...leads: readonly ('justice' | 'health')[]): Promise<string[]> {
  const units = leads.map((name) => api.group.units[name]);
  const created = await post('standing_agency', '/v1/directives', {
    number: '12/KH',
    title: 'Kế hoạch',
    documentDate: '2025-01-06',
    tasks: [
      {
        title: 'Số hoá hồ sơ',
        leadUnitIds: units,
        deadline: { phrase: 'within 30 days' },
        result: { kind: 'indicator', name: 'Số hồ sơ', numerator: 1000, denominator: null, atLeast: true },
        ...(leads.length > 1 ? { severalLeads: 'each_leads' } : {}),
      },
    ],
  });
  expect(created).toMatchObject({ status: 201 });
  const { id } = created.body;
  expect(await post('standing_agency', `/v1/directives/${id}/issue`)).toMatchObject({ status: 200 });
  await issueBatch(api.engine, id);
  const { items } = (await get('standing_agency', `/v1/directives/${id}/assignments`)).body;
  return units.map((unit) => items.find((item: Answer['body']) => item.unit.id === unit).id);
}

const assignment = async (id: string): Promise<Answer['body']> =>
  (await get('standing_agency', `/v1/assignments/${id}`)).body;

describe('a move to successors', () => {
  test('divides the target, takes the waiting result along and shows the former life to the successor', async () => {
    const [source = ''] = await given('justice');
    await post('unit:justice', `/v1/assignments/${source}/submit`, { text: 'Đã làm xong' });
    const { office, health } = api.group.units;
    const to = (one: number, other: number) => [
      { unitId: health, target: { numerator: one } },
      { unitId: office, target: { numerator: other } },
    ];
    const path = `/v1/assignments/${source}/move`;
    expect((await post('unit:justice', path, { to: to(400, 600), reason: 'Tách' })).status).toBe(403);
    const wrong = await post('standing_agency', path, { to: to(400, 500), reason: 'Tách' });
    expect(wrong).toMatchObject({ status: 422, body: { code: 'targets_do_not_sum' } });
    expect((await get('unit:health', `/v1/assignments/${source}/timeline`)).status).toBe(404);

    const moved = await post('standing_agency', path, { to: to(400, 600), reason: 'Tách' });
    expect(moved.body).toMatchObject({ state: 'superseded' });
    const [first, second] = moved.body.supersededBy;
    expect(await assignment(first)).toMatchObject({
      state: 'submitted',
      late: false,
      unit: { id: health },
      result: { numerator: 400 },
      predecessorIds: [source],
      deadline: { dueAt: moved.body.deadline.dueAt },
      submission: { id: moved.body.submission.id },
    });
    expect(await assignment(second)).toMatchObject({ result: { numerator: 600 }, unit: { id: office } });

    const life = (await get('unit:health', `/v1/assignments/${first}/timeline`)).body.items;
    expect(life.map((entry: Answer['body']) => [entry.type, entry.formerUnit !== null])).toEqual([
      ['assigned', true],
      ['submitted', true],
      ['superseded', true],
      ['assigned', false],
    ]);
    expect((await get('unit:health', `/v1/assignments/${source}`)).status).toBe(404);
    const former = (await get('unit:justice', `/v1/assignments/${source}/timeline`)).body.items;
    expect(former.map((entry: Answer['body']) => entry.type)).toEqual([
      'assigned',
      'submitted',
      'superseded',
    ]);
    expect(await post('standing_agency', `/v1/assignments/${first}/confirm`)).toMatchObject({
      body: { state: 'confirmed', countClass: 'done_on_time' },
    });
  });

  test('merges several into one in one act, or leaves all as they are', async () => {
    const sources = await given('justice', 'health');
    const [first = '', other = ''] = sources;
    const to = [{ unitId: api.group.units.office }];
    const path = `/v1/assignments/${first}/move`;
    const stranger = await post('standing_agency', path, { to, mergeWith: [randomUUID()], reason: 'Gộp' });
    expect(stranger.status).toBe(404);
    expect((await assignment(first)).state).toBe('assigned');
    const merged = await post('standing_agency', path, {
      to,
      mergeWith: [other],
      caretaker: true,
      reason: 'Gộp',
    });
    const [successor] = merged.body.supersededBy;
    expect(await assignment(successor)).toMatchObject({
      caretaker: true,
      predecessorIds: sources,
      result: { numerator: 2000 },
    });
    expect(await assignment(other)).toMatchObject({ state: 'superseded', supersededBy: [successor] });
  });
});
