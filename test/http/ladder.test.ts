import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DEFAULT_POLICY } from '../../src/domain/policy.js';
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
const post = async (who: FixturePerson, path: string, body: object = {}): Promise<Answer> =>
  await api.call('POST', path, {
    token: as(who),
    body,
    headers: { 'idempotency-key': randomUUID() },
  });

const draft = () => ({
  number: '12/KH',
  title: 'Kế hoạch',
  documentDate: '2026-01-05',
  tasks: [
    {
      title: 'Rà soát dữ liệu dân cư',
      leadUnitIds: [api.group.units.justice],
      deadline: { phrase: 'within 20 working days' },
      result: { kind: 'deliverable', text: 'Báo cáo' },
    },
  ],
});

describe('a draft is rehearsed over the API', () => {
  test('for the silent and the punctual case, in the caller’s language, and not once it is issued', async () => {
    const { id } = (await post('standing_agency', '/v1/directives', draft())).body;
    const path = `/v1/directives/${id}/rehearse`;
    const { status, body } = await post('supervisor', path, { mostPerWeek: 1 });
    expect(status).toBe(200);
    expect(body.counts.assignments).toBe(1);
    expect(body.silent.at(-2)).toMatchObject({ step: 'referred', assignments: 1 });
    expect(body.punctual.map((line: { step: string }) => line.step)).toEqual([
      'remind-7',
      'remind-3',
      'remind-1',
    ]);
    expect(body.loads).toMatchObject([{ unitId: api.group.units.justice, deadlines: 1 }]);
    expect(body.silent[0].words).toBe('quá thời gian tiếp nhận');
    const none = await post('standing_agency', path, { unitId: api.group.units.agency });
    expect(none.body.silent).toEqual([]);
    expect((await post('standing_agency', `/v1/directives/${id}/issue`)).status).toBe(200);
    expect((await post('standing_agency', path)).body.code).toBe('transition_not_allowed');
  });
});

describe('a dead letter', () => {
  test('is seen and sent again by an administrator of its Working Group', async () => {
    const id = randomUUID();
    await api.engine.writer.query(
      `insert into envelope (id, working_group_id, channel, recipient_kind, address, locale, message_id, subject, body_text,
                             body_html, state, attempts, next_at, last_error, created_at)
       select $1::uuid, id, 'email', 'unit', 'gone@example.vn', 'vi', $1::uuid::text, 'Nhắc', '', '', 'dead', 10, now(), 'no such user', now()
         from working_group where id = $2`,
      [id, api.group.workingGroupId],
    );
    const list = await api.call('GET', '/v1/dead-letters', { token: as('administrator') });
    expect(list.body.items).toMatchObject([{ id, lastError: 'no such user' }]);
    const sent = await post('administrator', `/v1/dead-letters/${id}/send`);
    expect([sent.status, sent.body.items]).toEqual([200, []]);
    const { rows } = await api.engine.writer.query('select state, attempts from envelope where id = $1', [
      id,
    ]);
    expect(rows).toEqual([{ state: 'ready', attempts: 0 }]);
    expect((await post('administrator', `/v1/dead-letters/${id}/send`)).status).toBe(404);
  });
});

describe('a policy stored before letters and lists', () => {
  test('is shown with the default for each of them', async () => {
    const { body: group } = await api.call('GET', '/v1/working-group', { token: as('administrator') });
    await api.engine.writer.query(
      `insert into policy (id, version, body)
       select 'older', 1, body - '{outage,urgingLetter,supervisorList,urgingsThatCount}'::text[] || '{"id": "older"}'
         from policy where id = $1 order by version limit 1`,
      [group.policyId],
    );
    const { body } = await api.call('GET', '/v1/policies', { token: as('administrator') });
    const found = body.items.find((item: { id: string }) => item.id === 'older');
    const { outage, urgingLetter, supervisorList, urgingsThatCount } = DEFAULT_POLICY;
    expect(found.body).toMatchObject({ outage, urgingLetter, supervisorList, urgingsThatCount });
  });
});

describe('a policy is changed over the API', () => {
  const present = async () => {
    const { body } = await api.call('GET', '/v1/policies', { token: as('administrator') });
    const { body: group } = await api.call('GET', '/v1/working-group', { token: as('administrator') });
    const found = body.items.find((item: { id: string }) => item.id === group.policyId);
    const { id: _id, version: _version, ...policy } = found.body;
    return { id: String(found.id), version: Number(found.version), policy };
  };

  test('by a new version that judges from the next issue on; what was issued keeps its own', async () => {
    const before = await present();
    const issuedId = (await post('standing_agency', '/v1/directives', { ...draft(), number: '13/KH' })).body
      .id;
    await post('standing_agency', `/v1/directives/${issuedId}/issue`);
    const mend = { atLeast: { value: 90, unit: 's' } };
    const change = {
      basedOn: before.version,
      reason: 'Theo quy chế mới',
      policy: { ...before.policy, mend },
    };
    const made = await post('administrator', '/v1/policies', change);
    expect(made.status).toBe(201);
    expect(made.body.items[0]).toMatchObject({
      version: before.version + 1,
      reason: 'Theo quy chế mới',
      policy: { mend },
    });
    expect((await present()).policy.mend).toEqual(mend);
    const { rows } = await api.engine.writer.query(
      'select policy from directive_version where directive_id = $1',
      [issuedId],
    );
    expect(rows[0].policy.version).toBe(before.version);
    const next = (await post('standing_agency', '/v1/directives', { ...draft(), number: '114/KH' })).body.id;
    const rehearsal = await post('standing_agency', `/v1/directives/${next}/rehearse`);
    expect(rehearsal.body.policy).toBe(`${before.id} v${before.version + 1}`);
    const history = await api.call('GET', `/v1/policies/${before.id}/versions`, {
      token: as('unit:justice'),
    });
    expect(history.body.items.map((item: { version: number }) => item.version)).toEqual([
      before.version + 1,
      before.version,
    ]);
  });

  test('never over another’s change, nor into a contradiction, nor by who is no administrator', async () => {
    const { version, policy } = await present();
    const stale = await post('administrator', '/v1/policies', { basedOn: version - 1, reason: 'x', policy });
    expect([stale.status, stale.body.code, stale.body.currentVersion]).toEqual([
      412,
      'version_changed',
      version,
    ]);
    const [first] = policy.ladder;
    const twice = { ...policy, ladder: [first, first] };
    const refused = await post('administrator', '/v1/policies', {
      basedOn: version,
      reason: 'xy',
      policy: twice,
    });
    expect([refused.status, refused.body.errors[0].code]).toEqual([400, 'step_twice']);
    const agency = await post('standing_agency', '/v1/policies', { basedOn: version, reason: 'xyz', policy });
    expect(agency.status).toBe(403);
  });
});
