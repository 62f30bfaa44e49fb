import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DAY } from '../../src/domain/instant.js';
import { conductDirective } from '../../src/engine/conduct.js';
import { issueBatch } from '../../src/engine/issue.js';
import { type FixturePerson, type FixtureUnit, moveClock } from '../support/fixtures.js';
import { QUICK_POLICY } from '../support/world.js';
import { type Answer, startTestApi, type TestApi } from './api-fixture.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ policy: QUICK_POLICY });
});
afterAll(async () => {
  await api.stop();
});

const get = async (who: FixturePerson, path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  await api.call('GET', path, { token: api.group.signIn(who).token, headers });
const post = async (who: FixturePerson, path: string, body: object = {}): Promise<Answer> =>
  await api.call('POST', path, {
    token: api.group.signIn(who).token,
    body,
    headers: { 'idempotency-key': randomUUID() },
  });
const done = async (who: FixturePerson, path: string, body: object = {}): Promise<Answer['body']> => {
  const answer = await post(who, path, body);
  if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
};

/** An assignment that Justice leads, with Health and commune A beside it, due in two days. */
async function begun(): Promise<{ directive: string; assignment: string }> {
  const { units } = api.group;
  const { id: directive } = await done('standing_agency', '/v1/directives', {
    number: `${randomUUID().slice(0, 4)}/KH`,
    title: 'Kế hoạch',
    documentDate: '2025-01-06',
    tasks: [
      {
        title: 'Rà soát dữ liệu dân cư',
        leadUnitIds: [units.justice],
        coordinatingUnitIds: [units.health, units.communeA],
        deadline: { phrase: 'within 48 hours' },
        result: { kind: 'deliverable', text: 'Báo cáo' },
      },
    ],
  });
  await done('standing_agency', `/v1/directives/${directive}/issue`);
  await issueBatch(api.engine, directive);
  const { body } = await get('standing_agency', `/v1/directives/${directive}/assignments`);
  return { directive, assignment: body.items[0].id };
}

async function days(directive: string, count: number): Promise<void> {
  await moveClock(api.database, count * DAY);
  for (let more = true; more; ) ({ more } = await conductDirective(api.engine, directive, 8.64e15));
}

const text = 'vì sao';
const matterOf = (assignment: Answer['body'], kind: string): Answer['body'] =>
  assignment.matters.find((matter: { kind: string }) => matter.kind === kind);

describe('an obstacle over the API', () => {
  test('is forwarded to a unit, which reads it and nothing else, and says that it is resolved', async () => {
    const { assignment } = await begun();
    const raised = await done('unit:justice', `/v1/assignments/${assignment}/obstacles`, {
      cause: 'data',
      text,
    });
    const { id } = matterOf(raised, 'obstacle');
    const office = { holderUnitId: api.group.units.office };
    await done('standing_agency', `/v1/obstacles/${id}/answer`, { answer: 'forward', text, ...office });
    const { body } = await get('unit:office', '/v1/obstacles', { 'accept-language': 'vi' });
    expect(body.items).toMatchObject([
      { id, state: 'forwarded', pending: true, words: 'Đã chuyển, đang chờ nơi nhận trả lời', ...office },
    ]);
    expect((await get('unit:office', `/v1/assignments/${assignment}`)).status).toBe(404);
    expect((await get('unit:office', '/v1/assignments')).body.items).toEqual([]);
    const resolved = await done('unit:office', `/v1/obstacles/${id}/answer`, { answer: 'resolve', text });
    expect(resolved.assignment).toBeNull();
    expect((await get('unit:office', '/v1/obstacles')).body.items).toMatchObject([{ id, state: 'resolved' }]);
  });

  test('goes to an outside body with its letter, or not at all', async () => {
    const { assignment } = await begun();
    const raised = await done('unit:justice', `/v1/assignments/${assignment}/obstacles`, {
      cause: 'legal_basis',
      outside: { name: 'Bộ Tư pháp' },
      text,
    });
    const { id, outside } = matterOf(raised, 'obstacle');
    expect(outside).toEqual({ name: 'Bộ Tư pháp', letter: null });
    const path = `/v1/obstacles/${id}/answer`;
    const forward = { answer: 'forward', text };
    expect((await post('standing_agency', path, forward)).body.code).toBe('reference_unknown');
    const bare = { ...forward, outside: { name: 'Bộ Tư pháp' } };
    expect((await post('standing_agency', path, bare)).body.code).toBe('invalid_body');
    const letter = { number: '45/CV-TCT', date: '2025-02-03' };
    const sent = await done('standing_agency', path, { ...forward, outside: { name: 'Bộ Tư pháp', letter } });
    expect(matterOf(sent.assignment, 'obstacle')).toMatchObject({
      state: 'forwarded',
      holderUnitId: null,
      outside: { name: 'Bộ Tư pháp', letter },
    });
  });
});

test('a result that came after the old deadline is shown as in time once the extension asked for before is granted', async () => {
  const { directive, assignment } = await begun();
  const at = `/v1/assignments/${assignment}`;
  const asked = await done('unit:justice', `${at}/extensions`, { deadline: 'within 9 days', reason: text });
  await days(directive, 3);
  const late = await done('unit:justice', `${at}/submit`, { text: 'Đã xong' });
  expect(late).toMatchObject({ late: true, submission: { late: true } });
  const path = `/v1/extensions/${matterOf(asked, 'extension').id}/decision`;
  await done('standing_agency', path, { decision: 'grant', reason: text });
  const { body } = await get('standing_agency', at);
  expect(body).toMatchObject({ late: false, submission: { late: false } });
});

describe('contributions over the API', () => {
  const ask = async (assignment: string, unit: FixtureUnit, deadline: string): Promise<string> => {
    const asked = await done('unit:justice', `/v1/assignments/${assignment}/contributions`, {
      unitId: api.group.units[unit],
      deadline,
      text,
    });
    return asked.matters.at(-1).id;
  };
  const counts = async (who: FixturePerson, query: string): Promise<Answer['body']> =>
    (await get(who, `/v1/contributions/counts?${query}`)).body.items;

  test('that ran over show in the figures of the unit that was asked, which reads its own and no others', async () => {
    const { directive, assignment } = await begun();
    const late = await ask(assignment, 'health', 'within 24 hours');
    const given = await ask(assignment, 'health', 'within 24 hours');
    await ask(assignment, 'health', 'within 240 hours');
    await ask(assignment, 'communeA', 'within 24 hours');
    await done('unit:health', `/v1/contributions/${given}/answer`, { answer: 'give', text });
    await days(directive, 1.5);
    const health = { asked: 3, open: 1, overdue: 1, givenInTime: 1, givenLate: 0, declined: 0, lapsed: 0 };
    const commune = { asked: 1, open: 0, overdue: 1, givenInTime: 0, givenLate: 0, declined: 0, lapsed: 0 };
    const query = `directive=${directive}`;
    expect(await counts('standing_agency', query)).toMatchObject([
      { unit: { id: api.group.units.health }, ...health },
      { unit: { id: api.group.units.communeA }, ...commune },
    ]);
    expect(await counts('unit:health', query)).toMatchObject([health]);
    expect(await counts('unit:health', `${query}&unit=${api.group.units.communeA}`)).toMatchObject([health]);
    expect(await counts('unit:justice', query)).toEqual([]);
    expect(await counts('unit:office', query)).toEqual([]);
    expect((await get('home_affairs', '/v1/contributions/counts')).status).toBe(403);
    await done('unit:health', `/v1/contributions/${late}/answer`, { answer: 'give', text });
    expect(await counts('unit:health', query)).toMatchObject([{ ...health, overdue: 0, givenLate: 1 }]);
    const list = await get('unit:health', `/v1/contributions?${query}&state=given`);
    expect(list.body.items).toMatchObject([
      { id: given, overdue: false },
      { id: late, overdue: true, words: 'Đã phối hợp' },
    ]);
    const asked = `/v1/contributions?${query}&askedUnit=${api.group.units.communeA}`;
    expect((await get('unit:justice', asked)).body.items).toHaveLength(1);
    expect((await get('unit:health', asked)).body.items).toEqual([]);
  });

  test('that ran over stand in the explanation of the lead’s deadline, for who may read them', async () => {
    const { directive, assignment } = await begun();
    await ask(assignment, 'health', 'within 24 hours');
    await days(directive, 1.5);
    const path = `/v1/assignments/${assignment}/deadline`;
    const { body } = await get('unit:justice', path, { 'accept-language': 'vi' });
    expect(body.overdueContributions).toMatchObject([
      { unit: { id: api.group.units.health }, answeredAt: null },
    ]);
    expect(body.explanation.at(-1)).toMatch(
      /^Sở Y tế được đề nghị phối hợp trước .* nhưng quá hạn: chưa trả lời\.$/,
    );
    expect((await get('unit:communeA', path)).body.overdueContributions).toEqual([]);
  });
});

describe('a stated cause over the API', () => {
  test('is printed as pending wherever it is shown, and then by who decided it', async () => {
    const { directive, assignment } = await begun();
    await days(directive, 2.5);
    const cause = { cause: 'data', objective: true, text };
    const stated = await done('unit:justice', `/v1/assignments/${assignment}/cause`, cause);
    const { id } = matterOf(stated, 'cause');
    expect(matterOf(stated, 'cause')).toMatchObject({
      pending: true,
      words: 'Đang chờ xác nhận',
      decidedBy: null,
    });
    const deadline = `/v1/assignments/${assignment}/deadline`;
    const { body } = await get('unit:justice', deadline, { 'accept-language': 'vi' });
    expect(body.explanation.at(-1)).toBe('Nguyên nhân chậm đơn vị nêu: Dữ liệu (đang chờ xác nhận).');
    const csv = `/v1/assignments?directive=${directive}&format=csv`;
    expect((await get('supervisor', csv, { 'accept-language': 'vi' })).body).toContain(
      'Dữ liệu: Đang chờ xác nhận',
    );
    await done('standing_agency', `/v1/causes/${id}/decision`, { confirmed: false, text });
    const decided = await get('unit:justice', `/v1/assignments/${assignment}`);
    expect(matterOf(decided.body, 'cause')).toMatchObject({
      pending: false,
      words: 'Không xác nhận là khách quan',
      decidedBy: 'standing_agency',
    });
  });

  test('stands with what became of it, beside what others owed, in the facts that go to Home Affairs', async () => {
    const { directive, assignment } = await begun();
    await done('unit:justice', `/v1/assignments/${assignment}/contributions`, {
      unitId: api.group.units.health,
      deadline: 'within 24 hours',
      text,
    });
    await days(directive, 1.5);
    await days(directive, 3);
    const { body } = await get('unit:justice', `/v1/referrals?assignment=${assignment}`);
    const facts = {
      causes: [],
      overdueContributions: [{ askedUnitId: api.group.units.health, answeredAt: null }],
    };
    expect(body.items).toMatchObject([{ state: 'proposed', facts }]);
    const csv = await get('supervisor', `/v1/referrals?assignment=${assignment}&format=csv`);
    expect(csv.body).toContain('Phối hợp quá hạn');
  });
});

describe('a unit that coordinates', () => {
  test('reads the assignment, and not what happened to it: neither its history nor how its lead was urged', async () => {
    const { assignment, directive } = await begun();
    await days(directive, 5);
    const urged = await get('unit:justice', `/v1/escalations?assignment=${assignment}`);
    expect(urged.body.items.length).toBeGreaterThan(0);
    expect((await get('unit:health', `/v1/assignments/${assignment}`)).status).toBe(200);
    expect((await get('unit:health', `/v1/assignments/${assignment}/timeline`)).status).toBe(404);
    const { id } = urged.body.items[0];
    expect((await get('unit:health', `/v1/escalations/${id}`)).status).toBe(404);
    expect((await get('unit:justice', `/v1/assignments/${assignment}/timeline`)).status).toBe(200);
  });
});
