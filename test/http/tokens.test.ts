import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DAY } from '../../src/domain/instant.js';
import { type FixturePerson, makeWorkingGroup, type WorkingGroupFixture } from '../support/fixtures.js';
import { type Answer, startTestApi, type TestApi } from './api-fixture.js';

let api: TestApi;
/** Another Working Group in the same installation. */
let other: WorkingGroupFixture;
beforeAll(async () => {
  api = await startTestApi();
  other = await makeWorkingGroup(api.engine.writer);
});
afterAll(async () => {
  await api.stop();
});

const as = (who: FixturePerson, group: WorkingGroupFixture = api.group): string => group.signIn(who).token;
const get = async (token: string, path: string): Promise<Answer> => await api.call('GET', path, { token });
const post = async (token: string, path: string, body: object = {}): Promise<Answer> =>
  await api.call('POST', path, { token, body });

const soon = (days = 30): string => new Date(Date.now() + days * DAY).toISOString();
const wanted = (more: object = {}) => ({ label: 'thử', scopes: ['read'], expiresAt: soon(), ...more });
const make = async (token: string, more: object = {}): Promise<Answer> =>
  await post(token, '/v1/tokens', wanted(more));
/** What of a request was refused, and why. */
const fault = ({ status, body }: Answer) => [status, body.errors?.[0]?.pointer, body.errors?.[0]?.code];
const grantOf = async (token: string): Promise<string> => (await get(token, '/v1/me')).body.grants[0].id;

describe('a token that another token makes', () => {
  test('is bound to its grant, and to no other', async () => {
    const own = as('unit:justice');
    const grantId = await grantOf(own);
    const all = { scopes: ['read', 'write', 'admin'], expiresAt: soon(31) };
    const bound = await make(own, { grantId, ...all });
    expect([bound.status, bound.body.grantId]).toEqual([201, grantId]);
    const child = await make(bound.body.secret);
    expect([child.status, child.body.grantId]).toEqual([201, grantId]);
    const foreign = await grantOf(as('unit:health'));
    expect(fault(await make(bound.body.secret, { grantId: foreign }))).toEqual([422, '/grantId', 'unknown']);
  });

  test('does not outlive it, and falls with it, and so do those that it has made', async () => {
    const own = as('unit:health');
    const parent = await make(own, { scopes: ['read', 'admin'], expiresAt: soon(2) });
    expect(fault(await make(parent.body.secret, { expiresAt: soon(3) }))).toEqual([
      400,
      '/expiresAt',
      'too_late',
    ]);
    const child = await make(parent.body.secret, { scopes: ['read', 'admin'], expiresAt: soon(2) });
    expect(child.status).toBe(400);
    const shorter = await make(parent.body.secret, { scopes: ['read', 'admin'], expiresAt: soon(1) });
    const grandchild = await make(shorter.body.secret, { expiresAt: soon(0.5) });
    expect([shorter.status, grandchild.status]).toEqual([201, 201]);
    await post(own, `/v1/tokens/${parent.body.id}/revoke`);
    for (const { body } of [parent, shorter, grandchild])
      expect((await get(body.secret, '/v1/me')).status).toBe(401);
  });

  test('names each of its scopes once', async () => {
    const made = await make(as('unit:justice'), { scopes: ['read', 'read'] });
    expect(made.body.scopes).toEqual(['read']);
  });
});

describe('a token for somebody else', () => {
  test('is for the office account of a unit alone: nobody reads or acts in the name of another', async () => {
    const administrator = as('administrator');
    for (const who of ['supervisor', 'standing_agency', 'home_affairs', 'unit:justice'] as const) {
      const grantId = await grantOf(as(who));
      expect(fault(await make(administrator, { grantId }))).toEqual([400, '/grantId', 'in_their_name']);
    }
    const { body } = await post(administrator, '/v1/people', { name: 'Văn phòng Sở' });
    const unitId = api.group.units.health;
    const fields = { personId: body.id, role: 'unit', unitId, office: true };
    const office = await post(administrator, '/v1/grants', fields);
    const made = await make(administrator, { grantId: office.body.id, scopes: ['read', 'write'] });
    expect(made.status).toBe(201);
  });

  test('does not lead an administrator out of the Working Group, whatever grant they have given', async () => {
    const victim = other.signIn('standing_agency');
    const administrator = as('administrator');
    const grant = await post(administrator, '/v1/grants', {
      personId: victim.actor.personId,
      role: 'unit',
      unitId: api.group.units.justice,
    });
    expect(grant.status).toBe(201);
    expect(fault(await make(administrator, { grantId: grant.body.id }))).toEqual([
      400,
      '/grantId',
      'in_their_name',
    ]);
    await post(administrator, `/v1/grants/${grant.body.id}/end`);
  });
});

describe('the account of who serves in two Working Groups', () => {
  test('is kept where they were granted a role first, also after the other grant', async () => {
    const person = other.signIn('supervisor');
    const administrator = as('administrator');
    const path = `/v1/people/${person.actor.personId}`;
    expect((await get(administrator, path)).status).toBe(404);
    const body = { personId: person.actor.personId, role: 'unit', unitId: api.group.units.justice };
    const grant = await post(administrator, '/v1/grants', body);
    const edit = async (token: string, changes: object): Promise<Answer> => {
      const { headers } = await get(token, path);
      const match = { 'if-match': headers.get('etag') ?? '' };
      return await api.call('PATCH', path, { token, body: changes, headers: match });
    };
    const changes = [
      { email: 'ke.gian@example.vn' },
      { name: 'Tên khác' },
      { login: 'ke.gian' },
      { disabled: true },
    ];
    for (const change of changes) expect((await edit(administrator, change)).status).toBe(403);
    expect((await post(administrator, `${path}/local-account`)).status).toBe(403);
    // Who keeps it may close it, whatever others have granted.
    const home = as('administrator', other);
    expect((await edit(home, { email: 'moi@example.vn' })).status).toBe(200);
    expect((await edit(home, { disabled: true })).status).toBe(200);
    await post(administrator, `/v1/grants/${grant.body.id}/end`);
    for (const change of changes) expect((await edit(administrator, change)).status).toBe(403);
  });
});
