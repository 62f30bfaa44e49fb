import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { insertGrants } from '../../src/db/directory-store.js';
import { startTestApi, type TestApi } from './api-fixture.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(async () => {
  await api.stop();
});

const token = (who: Parameters<TestApi['group']['signIn']>[0]) => api.group.signIn(who).token;

describe('signing in', () => {
  test('with a token shows the person and the one grant that acts', async () => {
    const { status, body } = await api.call('GET', '/v1/me', { token: token('unit:justice') });
    expect(status).toBe(200);
    expect(body.acting).toEqual(body.grants[0]);
    expect(body.acting).toMatchObject({
      role: 'unit',
      unit: { id: api.group.units.justice, name: 'Sở Tư pháp', nameEn: 'Department of Justice' },
      workingGroup: { id: api.group.workingGroupId },
      validFrom: null,
      validTo: null,
    });
  });

  test.each([
    ['no header', {}],
    ['another scheme', { authorization: 'Basic abc' }],
    ['a token nobody has', { authorization: 'Bearer dondoc_nobody' }],
  ])('with %s is refused as 401', async (_what, headers) => {
    const { status, body, headers: answered } = await api.call('GET', '/v1/me', { headers });
    expect(status).toBe(401);
    expect(body).toMatchObject({ code: 'unauthenticated', type: '/problems/unauthenticated' });
    expect(answered.get('www-authenticate')).toBe('Bearer realm="dondoc"');
  });

  test('with a token that expired is refused, and one revoked stops working within seconds', async () => {
    const sign = api.group.signIn('unit:communeC');
    const { writer } = api.engine;
    await writer.query("update api_token set expires_at = now() - interval '1 second' where person_id = $1", [
      sign.actor.personId,
    ]);
    expect((await api.call('GET', '/v1/me', { token: sign.token })).status).toBe(401);
    await writer.query("update api_token set expires_at = 'infinity' where person_id = $1", [
      sign.actor.personId,
    ]);
    expect((await api.call('GET', '/v1/me', { token: sign.token })).status).toBe(200);
    await writer.query('update api_token set revoked_at = now() where person_id = $1', [sign.actor.personId]);
    const until = Date.now() + 5_500;
    while ((await api.call('GET', '/v1/me', { token: sign.token })).status === 200 && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect((await api.call('GET', '/v1/me', { token: sign.token })).status).toBe(401);
  });

  test('with a token that was revoked through this very process is refused at once', async () => {
    const { token } = api.group.signIn('unit:communeA');
    const body = { label: 'x', scopes: ['read'], expiresAt: new Date(Date.now() + 3_600_000).toISOString() };
    const made = (await api.call('POST', '/v1/tokens', { token, body })).body;
    expect((await api.call('GET', '/v1/me', { token: made.secret })).status).toBe(200);
    expect(await api.call('POST', `/v1/tokens/${made.id}/revoke`, { token, body: {} })).toMatchObject({
      status: 200,
    });
    expect((await api.call('GET', '/v1/me', { token: made.secret })).status).toBe(401);
  });

  test('notes the last use of a token beside the request', async () => {
    const { token, actor } = api.group.signIn('unit:health');
    await api.call('GET', '/v1/me', { token });
    const used = async () =>
      (
        await api.engine.writer.query('select last_used_at from api_token where person_id = $1', [
          actor.personId,
        ])
      ).rows[0].last_used_at;
    const until = Date.now() + 3_000;
    while ((await used()) === null && Date.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await used()).not.toBeNull();
  });
});

describe('a person who holds several grants', () => {
  const second = uuidv7();
  beforeAll(async () => {
    const { actor } = api.group.signIn('unit:communeA');
    await insertGrants(api.engine.writer, [
      {
        id: second,
        personId: actor.personId,
        workingGroupId: actor.workingGroupId,
        role: 'unit',
        unitId: api.group.units.communeB,
      },
    ]);
  });

  test('sees them all, with none acting until one is named', async () => {
    const { body } = await api.call('GET', '/v1/me', { token: token('unit:communeA') });
    expect(body.grants).toHaveLength(2);
    expect(body.acting).toBeNull();
  });

  test('acts under the one named in Dondoc-Grant', async () => {
    const { body } = await api.call('GET', '/v1/me', {
      token: token('unit:communeA'),
      headers: { 'dondoc-grant': second },
    });
    expect(body.acting).toMatchObject({ id: second, unit: { id: api.group.units.communeB } });
  });

  test('acts under the one named in the address of a GET, which a browser opens by itself', async () => {
    const named = async (path: string) => await api.call('GET', path, { token: token('unit:communeA') });
    const { acting } = (await named(`/v1/me?grant=${second}`)).body;
    expect(acting).toMatchObject({ id: second, unit: { id: api.group.units.communeB } });
    expect((await named('/v1/assignments?format=csv')).body.code).toBe('forbidden');
    expect((await named(`/v1/assignments?format=csv&grant=${second}`)).status).toBe(200);
    expect((await named(`/v1/assignments?grant=${uuidv7()}`)).status).toBe(403);
    const command = `/v1/messages/${uuidv7()}/read?grant=${second}`;
    const posted = await api.call('POST', command, { token: token('unit:communeA'), body: {} });
    expect(posted.status).toBe(403);
  });

  test('is refused one that is not theirs, and told which they hold', async () => {
    const { status, body } = await api.call('GET', '/v1/me', {
      token: token('unit:communeA'),
      headers: { 'dondoc-grant': uuidv7() },
    });
    expect(status).toBe(403);
    expect(body.grants.map((grant: { id: string }) => grant.id)).toContain(second);
  });
});

describe('a representation', () => {
  test('that has not changed is answered 304 to its ETag', async () => {
    const first = await api.call('GET', '/v1/me', { token: token('supervisor') });
    const tag = first.headers.get('etag') ?? '';
    expect(tag).toMatch(/^"[0-9a-f]+"$/);
    const again = await api.call('GET', '/v1/me', {
      token: token('supervisor'),
      headers: { 'if-none-match': tag },
    });
    expect([again.status, again.body]).toEqual([304, '']);
    const other = await api.call('GET', '/v1/me', {
      token: token('home_affairs'),
      headers: { 'if-none-match': tag },
    });
    expect(other.status).toBe(200);
    expect(first.headers.get('vary')).toMatch(/Authorization/);
  });
});
