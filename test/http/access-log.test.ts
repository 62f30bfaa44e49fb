import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Access } from '../../src/domain/access-log.js';
import { recordAccess } from '../../src/engine/access-log.js';
import { verifyRecord } from '../../src/engine/verify.js';
import { type FixturePerson, makeWorkingGroup } from '../support/fixtures.js';
import { type Answer, startTestApi, type TestApi } from './api-fixture.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(async () => {
  await api.stop();
});

const PATH = '/v1/access-log';
const get = async (who: FixturePerson, path: string, headers = {}): Promise<Answer> =>
  await api.call('GET', path, { token: api.group.signIn(who).token, headers });
const items = async (who: FixturePerson, query = ''): Promise<Answer['body']> =>
  (await get(who, `${PATH}${query}`)).body.items;

/** As a sign-in writes it: of a person, in no Working Group. */
const SIGNED_IN: Omit<Access, 'personId'> = {
  role: null,
  workingGroupId: null,
  unitId: null,
  action: 'signed_in',
  subject: null,
  detail: {},
  from: { address: '203.0.113.9', agent: null },
};

/** Something that the log keeps: an export of a list. */
const exported = async (who: FixturePerson): Promise<string> => {
  expect((await get(who, '/v1/units?format=csv')).status).toBe(200);
  return api.group.signIn(who).actor.personId;
};

test('says who took something out, as which role, by which token and when, in the words of its reader', async () => {
  const personId = await exported('standing_agency');
  const [line] = await items('supervisor', `?person=${personId}&action=exported`);
  const { rows } = await api.engine.writer.query<{ id: string }>(
    'select id from api_token where person_id = $1 order by created_at desc limit 1',
    [personId],
  );
  expect(line).toMatchObject({
    person: { id: personId },
    role: 'standing_agency',
    action: 'exported',
    words: 'Xuất dữ liệu',
    subject: { kind: 'units', id: null },
    detail: { format: 'csv' },
    credential: { kind: 'token', id: rows[0]?.id },
  });
  const english = await get('supervisor', `${PATH}?person=${personId}&action=exported`, {
    'accept-language': 'en',
  });
  expect(english.body.items[0].words).toBe('Exported');
});

test('is read by supervisor and administrator alone, page by page, and reading it is in it', async () => {
  for (const who of ['standing_agency', 'unit:justice', 'home_affairs'] as const)
    expect((await get(who, PATH)).status).toBe(403);
  for (let times = 0; times < 5; times += 1) await exported('unit:justice');
  const first = (await get('supervisor', `${PATH}?limit=3`)).body;
  const next = (await get('supervisor', `${PATH}?limit=3&cursor=${first.page.nextCursor}`)).body;
  const numbers = [...first.items, ...next.items].map(({ number }: { number: number }) => number);
  expect(numbers).toEqual([...numbers].sort((one, other) => other - one));
  expect(new Set(numbers).size).toBe(6);
  // An administrator sees what concerns people and settings, and not who looked at what.
  expect(await items('administrator', '?action=exported')).toEqual([]);
  const reader = api.group.signIn('administrator').actor.personId;
  const [line] = await items('supervisor', `?person=${reader}&action=listed`);
  expect(line.subject).toEqual({ kind: 'access_log', id: null });
});

test('holds nothing of another Working Group, but the sign-ins of those who serve in one’s own', async () => {
  const other = await makeWorkingGroup(api.engine.writer);
  const stranger = other.signIn('standing_agency');
  expect((await api.call('GET', '/v1/units?format=csv', { token: stranger.token })).status).toBe(200);
  const own = api.group.signIn('unit:health').actor.personId;
  for (const person of [own, stranger.actor.personId])
    await recordAccess(api.engine.writer, { ...SIGNED_IN, personId: person });
  expect(await items('supervisor', `?person=${stranger.actor.personId}`)).toEqual([]);
  expect(await items('supervisor', `?person=${own}&action=signed_in`)).toHaveLength(1);
  const theirs = await api.call('GET', PATH, { token: other.signIn('supervisor').token });
  expect(theirs.body.items.map(({ action }: { action: string }) => action)).toContain('exported');
});

test('goes out as a file, which is in it too, and its chains verify with the credentials in them', async () => {
  const answer = await fetch(`${api.url}${PATH}?format=csv&action=exported`, {
    headers: { authorization: `Bearer ${api.group.signIn('administrator').token}`, 'accept-language': 'en' },
  });
  expect(answer.headers.get('content-disposition')).toContain('access-log.csv');
  expect(await answer.text()).toContain('Token or session');
  const own = api.group.signIn('administrator').actor.personId;
  const [line] = await items('supervisor', `?person=${own}&action=exported`);
  expect(line).toMatchObject({
    subject: { kind: 'access-log' },
    detail: { filters: { action: 'exported' } },
  });
  expect(await verifyRecord(api.engine.writer, { publicKey: null })).toMatchObject({ faults: [] });
});
