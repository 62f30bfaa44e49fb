import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DAY } from '../../src/domain/instant.js';
import { conductDirective, conductReferral } from '../../src/engine/conduct.js';
import { issueBatch } from '../../src/engine/issue.js';
import { type FixturePerson, moveClock } from '../support/fixtures.js';
import { QUICK_POLICY } from '../support/world.js';
import { type Answer, startTestApi, type TestApi } from './api-fixture.js';

/** The database's clock alone says what is due. */
const NEVER = 8.64e15;

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({
    policy: {
      ...QUICK_POLICY,
      id: 'released',
      referral: { ...QUICK_POLICY.referral, release: 'released', objectionWindow: { value: 2, unit: 'd' } },
    },
  });
});
afterAll(async () => {
  await api.stop();
});

const post = async (who: FixturePerson, path: string, body: object = {}): Promise<Answer> =>
  await api.call('POST', path, {
    token: api.group.signIn(who).token,
    body,
    headers: { 'idempotency-key': randomUUID() },
  });
const get = async (who: FixturePerson, path: string): Promise<Answer> =>
  await api.call('GET', path, { token: api.group.signIn(who).token });

/** A unit that stayed silent for a month: its case stands before it. */
async function proposed(): Promise<string> {
  const { body } = await post('standing_agency', '/v1/directives', {
    number: '5/KH',
    title: 'Kế hoạch',
    documentDate: '2025-01-06',
    tasks: [
      {
        title: 'Báo cáo',
        leadUnitIds: [api.group.units.justice],
        deadline: { phrase: 'within 1 day' },
        result: { kind: 'deliverable', text: 'Báo cáo' },
      },
    ],
  });
  await post('standing_agency', `/v1/directives/${body.id}/issue`);
  await issueBatch(api.engine, body.id);
  await moveClock(api.database, 30 * DAY);
  for (let more = true; more; ) ({ more } = await conductDirective(api.engine, body.id, NEVER));
  const { items } = (await get('standing_agency', `/v1/referrals?directive=${body.id}`)).body;
  return items[0].id;
}

describe('a case', () => {
  test('is objected to, decided, released with its letter, supplemented, acknowledged and given its outcome', async () => {
    const id = await proposed();
    const at = `/v1/referrals/${id}`;
    const steps: [FixturePerson, string, object, string][] = [
      ['unit:justice', 'objection', { text: 'Đã nộp bằng giấy', evidence: ['Công văn 5'] }, 'objected'],
      ['standing_agency', 'opinion', { text: 'Chưa nhận được' }, 'objected'],
      ['supervisor', 'decision', { decision: 'reject', text: 'Không có căn cứ' }, 'rejected'],
    ];
    for (const [who, path, body, state] of steps) {
      const answer = await post(who, `${at}/${path}`, body);
      expect([path, answer.status, answer.body.state]).toEqual([path, 200, state]);
    }
    expect((await get('home_affairs', at)).status).toBe(404);
    await conductReferral(api.engine, id, NEVER);
    const bare = await post('standing_agency', `${at}/release`);
    expect(bare.body).toMatchObject({ status: 422, code: 'document_required' });
    await moveClock(api.database, 3 * DAY);
    const later: [FixturePerson, string, object, string][] = [
      [
        'standing_agency',
        'release',
        { document: { number: '9/CV', date: '2026-02-10', signer: 'Trần B' } },
        'referred',
      ],
      ['home_affairs', 'supplement-request', { text: 'Thiếu biên bản' }, 'returned_for_supplement'],
      ['standing_agency', 'supplement', { text: 'Biên bản kèm theo' }, 'referred'],
      ['home_affairs', 'acknowledge', {}, 'acknowledged'],
      ['home_affairs', 'outcome', { outcome: 'Phê bình' }, 'outcome_recorded'],
      [
        'home_affairs',
        'outcome/correction',
        { outcome: 'Nhắc nhở', reason: 'Nhầm', document: { number: '12/CV', date: '2026-02-12' } },
        'corrected',
      ],
    ];
    for (const [who, path, body, state] of later) {
      const answer = await post(who, `${at}/${path}`, body);
      expect([path, answer.status, answer.body.state]).toEqual([path, 200, state]);
    }
    const words = (await get('standing_agency', at)).body.statements;
    expect(words.objection.text).toMatchObject({ text: 'Đã nộp bằng giấy' });
  });

  test('is not decided as it was read before: the version that is named must be the one that stands', async () => {
    const id = await proposed();
    const at = `/v1/referrals/${id}`;
    await post('unit:justice', `${at}/objection`, { text: 'Đã nộp bằng giấy' });
    const read = (await get('supervisor', at)).headers.get('etag') ?? '';
    await post('standing_agency', `${at}/opinion`, { text: 'Đã nhận được' });
    const decide = async (etag: string) =>
      await api.call('POST', `${at}/decision`, {
        token: api.group.signIn('supervisor').token,
        body: { decision: 'reject', text: 'Không có căn cứ' },
        headers: { 'idempotency-key': randomUUID(), 'if-match': etag },
      });
    expect(await decide(read)).toMatchObject({ status: 412, body: { code: 'version_changed' } });
    const now = await get('supervisor', at);
    expect(now.body.state).toBe('objected');
    expect((await decide(now.headers.get('etag') ?? '')).body.state).toBe('rejected');
  });

  test('that a timeline shows is in the access log', async () => {
    const id = await proposed();
    const { directive } = (await get('supervisor', `/v1/referrals/${id}`)).body;
    const { items } = (await get('supervisor', `/v1/directives/${directive.id}/timeline?subjects=all`)).body;
    expect(items.map(({ subject }: { subject: { id: string } }) => subject.id)).toContain(id);
    const log = (await get('supervisor', '/v1/access-log?action=listed&subjectKind=referral')).body.items;
    expect(log[0].detail).toEqual({ ids: [id] });
  });

  test('of one closing date makes a list, of which one signed letter sends those that are named', async () => {
    const ids = [await proposed(), await proposed()].sort();
    const lists = async () => (await get('supervisor', '/v1/referral-lists')).body.items;
    await moveClock(api.database, 3 * DAY);
    for (const id of ids) await conductReferral(api.engine, id, NEVER);
    const [first] = await Promise.all(
      ids.map(async (id) => (await get('supervisor', `/v1/referrals/${id}`)).body),
    );
    const found = (await lists()).filter((list: { cases: { id: string }[] }) =>
      list.cases.some(({ id }) => ids.includes(id)),
    );
    // The second was proposed a month after the first, so that each stands in a list of its own.
    expect(found.map((list: { counts: object }) => list.counts)).toEqual([
      { cases: 1, objected: 0, held: 0, awaitingRelease: 1 },
      { cases: 1, objected: 0, held: 0, awaitingRelease: 1 },
    ]);
    const closingOn = found.find(
      (list: { cases: { id: string }[] }) => list.cases[0]?.id === first.id,
    ).closingOn;
    const document = { number: '15/CV', date: '2025-03-01', signer: 'Trần B' };
    const path = `/v1/referral-lists/${closingOn}/release`;
    expect((await post('standing_agency', path, { referralIds: [first.id] })).status).toBe(400);
    const mixed = await post('standing_agency', path, { referralIds: ids, document });
    expect([mixed.status, mixed.body.code]).toEqual([422, 'reference_unknown']);
    expect((await get('home_affairs', `/v1/referrals/${first.id}`)).status).toBe(404);
    const sent = await post('standing_agency', path, { referralIds: [first.id], document });
    expect([sent.status, sent.body.items.map((one: { state: string }) => one.state)]).toEqual([
      200,
      ['referred'],
    ]);
    const shown = (await get('home_affairs', `/v1/referrals/${first.id}`)).body;
    expect(shown.events.at(-1)).toMatchObject({ type: 'referred', document: { number: '15/CV' } });
    expect((await post('unit:justice', path, { referralIds: ids, document })).status).toBe(403);
    expect((await get('unit:justice', '/v1/referral-lists')).status).toBe(403);
  });

  test('may be answered by who was head on the day, who reads it also after the unit has gone', async () => {
    const id = await proposed();
    const at = `/v1/referrals/${id}`;
    const head = api.group.signIn('unit:communeC');
    expect((await get('unit:communeC', at)).status).toBe(404);
    const { rows } = await api.engine.writer.query('select head_id from referral where id = $1', [id]);
    expect(rows[0].head_id).not.toBeNull();
    await api.engine.writer.query('update referral set head_id = $2 where id = $1', [
      id,
      head.actor.personId,
    ]);
    const seen = await get('unit:communeC', at);
    expect([seen.status, seen.body.events.length > 0]).toEqual([200, true]);
    const answer = await post('unit:communeC', `${at}/objection`, { text: 'Tôi đã nộp' });
    expect([answer.status, answer.body.state]).toEqual([200, 'objected']);
  });

  test('is objected to on paper, recorded by the standing agency with number, date and arrival', async () => {
    const id = await proposed();
    const at = `/v1/referrals/${id}/objection`;
    const { body: before } = await get('supervisor', `/v1/referrals/${id}`);
    expect((await post('standing_agency', at, { text: 'x' })).body.code).toBe('document_required');
    const document = {
      number: '77/UBND',
      date: before.proposedAt.slice(0, 10),
      arrivedAt: before.window.endsAt,
    };
    await moveClock(api.database, 4 * DAY);
    await conductReferral(api.engine, id, NEVER);
    const late = new Date(Date.parse(before.window.endsAt) + 1000).toISOString();
    const refused = await post('standing_agency', at, {
      text: 'x',
      document: { ...document, arrivedAt: late },
    });
    expect(refused.status).toBe(409);
    const answer = await post('standing_agency', at, { text: 'Theo công văn', document });
    expect([answer.status, answer.body.state]).toEqual([200, 'objected']);
  });

  test('is closed to other units, and refuses what its state forbids', async () => {
    const id = await proposed();
    const at = `/v1/referrals/${id}`;
    expect((await post('unit:health', `${at}/objection`, { text: 'x' })).status).toBe(404);
    expect((await post('home_affairs', `${at}/acknowledge`)).status).toBe(404);
    expect(
      (await post('supervisor', `${at}/decision`, { decision: 'uphold', text: 'x' })).body,
    ).toMatchObject({
      status: 409,
      state: 'proposed',
      allowedFrom: ['objected'],
    });
    const withdrawn = await post('standing_agency', `${at}/withdraw`, { reason: 'Nhầm đơn vị' });
    expect([withdrawn.status, withdrawn.body.state]).toEqual([200, 'withdrawn']);
  });

  test('leaves a line in the access log for each who is shown it, and none for who is not', async () => {
    const id = await proposed();
    for (const who of ['supervisor', 'unit:justice', 'unit:health'] as const) {
      await get(who, `/v1/referrals/${id}`);
      await get(who, '/v1/referrals?limit=1');
    }
    const { rows } = await api.engine.writer.query(
      `select role, unit_id, action, subject_kind, subject_id, detail, address from access_log
        where role <> 'standing_agency' and (subject_id = $1 or detail -> 'ids' ? $1::text) order by number`,
      [id],
    );
    const seen = (role: string, unit: string | null) => [
      { role, unit_id: unit, action: 'viewed', subject_id: id, detail: {} },
      { role, unit_id: unit, action: 'listed', subject_id: null, detail: { ids: [id] } },
    ];
    expect(rows).toMatchObject([...seen('supervisor', null), ...seen('unit', api.group.units.justice)]);
    expect(rows.every((row) => row.subject_kind === 'referral' && /127\.0\.0\.1/.test(row.address))).toBe(
      true,
    );
  });
});
