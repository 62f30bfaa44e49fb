import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FixturePerson } from '../support/fixtures.js';
import { type Served, serve } from './served.js';
import { type Story, tellStory } from './story.js';

const EVERYBODY: readonly FixturePerson[] = [
  'standing_agency',
  'supervisor',
  'unit:communeC',
  'unit:health',
  'home_affairs',
  'administrator',
];

describe('reads and the directory over HTTP', () => {
  let story: Story;
  let api: Served;

  beforeAll(async () => {
    story = await tellStory();
    api = await serve(story);
  });
  afterAll(async () => {
    await api.stop();
    await story.end();
  });

  test('every read answers by its contract, or refuses, for every role', async () => {
    const paths = [
      '/v1/directives',
      `/v1/directives/${story.directiveId}`,
      `/v1/directives/${story.directiveId}/assignments?sort=-due`,
      `/v1/directives/${story.directiveId}/timeline?subjects=all&limit=200`,
      `/v1/directives/${story.directiveId}/summary`,
      '/v1/assignments?count=open_overdue',
      `/v1/assignments/${story.ids.communeC}`,
      `/v1/assignments/${story.ids.communeC}/timeline`,
      `/v1/assignments/${story.ids.communeC}/deadline`,
      '/v1/extensions',
      '/v1/obstacles?state=accepted',
      '/v1/escalations?limit=200',
      '/v1/referrals',
      `/v1/referrals/${story.referralId}`,
      '/v1/counts?groupBy=unit&count=task',
      '/v1/units?limit=200',
      `/v1/units/${story.group.units.justice}`,
      `/v1/units/${story.group.units.justice}/heads`,
      '/v1/people',
      '/v1/working-group',
      '/v1/calendars',
      '/v1/policies',
    ];
    const answers: Record<string, string> = {};
    for (const path of paths) {
      const row: string[] = [];
      for (const who of EVERYBODY) row.push(String((await api.as(who, 'GET', path)).status));
      answers[path.replaceAll(/[0-9a-f-]{36}/g, '*')] = row.join(' ');
    }
    const work = '200 200 200 200 403 403';
    const all = '200 200 200 200 200 200';
    expect(answers).toEqual({
      '/v1/directives': work,
      '/v1/directives/*': work,
      '/v1/directives/*/assignments?sort=-due': work,
      '/v1/directives/*/timeline?subjects=all&limit=200': work,
      '/v1/directives/*/summary': work,
      '/v1/assignments?count=open_overdue': work,
      // Health has nothing to do with this one.
      '/v1/assignments/*': '200 200 200 404 403 403',
      '/v1/assignments/*/timeline': '200 200 200 404 403 403',
      '/v1/assignments/*/deadline': '200 200 200 404 403 403',
      '/v1/extensions': work,
      '/v1/obstacles?state=accepted': work,
      '/v1/escalations?limit=200': work,
      '/v1/referrals': '200 200 200 200 200 403',
      '/v1/referrals/*': '200 200 200 404 404 403',
      '/v1/counts?groupBy=unit&count=task': work,
      '/v1/units?limit=200': all,
      '/v1/units/*': all,
      '/v1/units/*/heads': all,
      '/v1/people': '200 200 200 200 403 200',
      '/v1/working-group': all,
      '/v1/calendars': all,
      '/v1/policies': all,
    });
  });

  test('wrong queries are named', async () => {
    const wrong = await api.as(
      'supervisor',
      'GET',
      '/v1/assignments?limit=0&state=late&nonsense=1&cursor=abc',
    );
    expect(wrong.status).toBe(400);
    expect(wrong.body.errors.map((error: { pointer: string }) => error.pointer).sort()).toEqual([
      '/query/limit',
      '/query/nonsense',
      '/query/state',
    ]);
    const cursor = await api.as('supervisor', 'GET', '/v1/assignments?cursor=abc');
    expect(cursor.body).toMatchObject({ code: 'invalid_body', errors: [{ pointer: '/query/cursor' }] });
    const known = await api.as('supervisor', 'GET', '/v1/counts?knownAt=yesterday');
    expect(known.body).toMatchObject({ status: 400, errors: [{ pointer: '/query/knownAt' }] });
    const unknown = await api.as('supervisor', 'GET', `/v1/directives/${randomUUID()}/assignments`);
    expect(unknown.status).toBe(404);
  });

  test('counts as of a date mean its end in Vietnam', async () => {
    const { body } = await api.as('supervisor', 'GET', '/v1/counts?asOf=2025-12-14');
    expect(body.asOf).toBe('2025-12-14T16:59:59.999Z');
    expect(body.total.total).toBe(0);
  });

  test('a unit acknowledges a message to it, once; nobody else does', async () => {
    const { body } = await api.as('unit:communeC', 'GET', '/v1/escalations?step=urge');
    const path = `/v1/escalations/${body.items[0].id}/acknowledge`;
    expect((await api.as('unit:communeA', 'POST', path)).status).toBe(404);
    expect((await api.as('standing_agency', 'POST', path)).status).toBe(403);
    const first = await api.as('unit:communeC', 'POST', path);
    expect(first.body.acknowledged).toMatchObject({ by: story.group.signIn('unit:communeC').actor.name });
    await story.skip(60_000);
    const second = await api.as('unit:communeC', 'POST', path);
    expect(second.body.acknowledged).toEqual(first.body.acknowledged);
    const { items } = (
      await api.as('supervisor', 'GET', `/v1/assignments/${body.items[0].subject.id}/timeline`)
    ).body;
    const said = items.filter((event: { type: string }) => event.type === 'step_acknowledged');
    expect(said).toMatchObject([{ at: first.body.acknowledged.at, words: expect.stringContaining('urge') }]);
  });

  test('an administrator adds and edits units; versions and codes are guarded', async () => {
    const body = { code: 'so-moi', name: 'Sở Mới', groupCode: 'department', aliases: ['SM'] };
    expect((await api.as('standing_agency', 'POST', '/v1/units', { body })).status).toBe(403);
    const headers = { 'idempotency-key': 'unit-1' };
    const made = await api.as('administrator', 'POST', '/v1/units', { body, headers });
    expect(made).toMatchObject({
      status: 201,
      body: { code: 'so-moi', version: 1, group: { code: 'department' } },
    });
    const again = await api.as('administrator', 'POST', '/v1/units', { body, headers });
    expect(again.body.id).toBe(made.body.id);
    const twice = await api.as('administrator', 'POST', '/v1/units', { body });
    expect(twice).toMatchObject({ status: 409, body: { code: 'duplicate_code' } });
    const path = `/v1/units/${made.body.id}`;
    const edit = { name: 'Sở Rất Mới', parentId: made.body.id };
    expect((await api.as('administrator', 'PATCH', path, { body: edit })).status).toBe(428);
    const cycle = await api.as('administrator', 'PATCH', path, {
      body: edit,
      headers: { 'if-match': '"1"' },
    });
    expect(cycle.body).toMatchObject({ status: 400, errors: [{ pointer: '/parentId', code: 'cycle' }] });
    const named = await api.as('administrator', 'PATCH', path, {
      body: { name: 'Sở Rất Mới' },
      headers: { 'if-match': '"1"' },
    });
    expect(named.body).toMatchObject({ name: 'Sở Rất Mới', version: 2, aliases: ['SM'] });
    const stale = await api.as('administrator', 'PATCH', path, {
      body: { name: 'x' },
      headers: { 'if-match': '"1"' },
    });
    expect(stale).toMatchObject({ status: 412, body: { code: 'version_changed', currentVersion: 2 } });
    const found = await api.as('unit:health', 'GET', '/v1/units?q=so%20rat%20moi');
    expect(found.body.items.map((unit: { id: string }) => unit.id)).toEqual([made.body.id]);
    const dates = await api.as('administrator', 'PATCH', path, {
      body: { validTo: '1800-01-01' },
      headers: { 'if-match': '"2"' },
    });
    expect(dates.body.errors[0].pointer).toBe('/validTo');
  });

  test('a new head ends the running term; overlapping terms are refused', async () => {
    const path = `/v1/units/${story.group.units.justice}/heads`;
    const before = await api.as('administrator', 'GET', path);
    expect(before.body.items).toMatchObject([{ validFrom: '2024-01-01', validTo: null }]);
    const body = { person: { name: 'Trần Thị Mới', locale: 'vi' }, validFrom: '2025-07-01' };
    const after = await api.as('administrator', 'POST', path, { body });
    expect(after.status).toBe(201);
    expect(after.body.items).toMatchObject([
      { person: { name: 'Trần Thị Mới' }, validFrom: '2025-07-01', validTo: null },
      { validFrom: '2024-01-01', validTo: '2025-07-01' },
    ]);
    const overlap = await api.as('administrator', 'POST', path, {
      body: { ...body, validFrom: '2025-01-01' },
    });
    expect(overlap.body).toMatchObject({
      status: 400,
      errors: [{ pointer: '/validFrom', code: 'overlaps' }],
    });
    const both = await api.as('administrator', 'POST', path, { body: { ...body, personId: randomUUID() } });
    expect(both.status).toBe(400);
    const nobody = await api.as('administrator', 'POST', path, {
      body: { personId: randomUUID(), validFrom: '2026-01-01' },
    });
    expect(nobody.body.code).toBe('reference_unknown');
  });

  test('an officer sees the people of the own unit only', async () => {
    const own = await api.as('unit:health', 'GET', '/v1/people');
    expect(own.body.items.map((person: { id: string }) => person.id)).toEqual([
      story.group.signIn('unit:health').actor.personId,
    ]);
    const all = await api.as('standing_agency', 'GET', '/v1/people?limit=200');
    expect(all.body.items.length).toBeGreaterThan(8);
  });
});
