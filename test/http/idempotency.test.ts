import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { insertGrants } from '../../src/db/directory-store.js';
import { startTestApi, type TestApi } from './api-fixture.js';
import { commandsOf, draft, type Headers, key } from './commands-kit.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(async () => {
  await api.stop();
});

const { post, get, task, created, issued } = commandsOf(() => api);

describe('an idempotency key', () => {
  test('is asked for where the act is final', async () => {
    const { body } = await created([task('justice')]);
    const refused = await post('standing_agency', `/v1/directives/${body.id}/issue`);
    expect(refused.body).toMatchObject({ status: 400, code: 'idempotency_key_missing' });
  });

  test('gives the same answer to the same request, and the act happens once', async () => {
    const name = randomUUID();
    const send = async () =>
      await post('standing_agency', '/v1/directives', draft([task('justice')]), key(name));
    const [first, second] = [await send(), await send()];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body.id).toBe(first.body.id);
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(second.body).toEqual(first.body);
  });

  test('does not care for spaces and the order of fields, but for everything else', async () => {
    const name = randomUUID();
    const send = async (body: string, headers: Headers = {}) =>
      await post('standing_agency', '/v1/directives', body, {
        ...key(name),
        'content-type': 'application/json',
        ...headers,
      });
    const first = await send('{"number":"1","title":"a"}');
    expect((await send('{ "title": "a", "number": "1" }')).body.id).toBe(first.body.id);
    expect((await send('{"number":"1","title":"b"}')).body).toMatchObject({
      status: 422,
      code: 'idempotency_key_reused',
    });
  });

  test('of a refused request is free again', async () => {
    const { of } = await issued('justice');
    const at = `/v1/assignments/${of('justice')}`;
    const name = key();
    expect((await post('standing_agency', `${at}/confirm`, {}, name)).status).toBe(409);
    expect((await post('unit:justice', `${at}/submit`, { text: 'x' })).status).toBe(200);
    expect((await post('standing_agency', `${at}/confirm`, {}, name)).status).toBe(200);
  });

  test('is its person’s own, and stands under another grant for another request', async () => {
    const { actor } = api.group.signIn('unit:communeC');
    const second = uuidv7();
    const { units, workingGroupId } = api.group;
    await insertGrants(api.engine.writer, [
      { id: second, personId: actor.personId, workingGroupId, role: 'unit', unitId: units.communeB },
    ]);
    const grants: { id: string }[] = (await get('unit:communeC', '/v1/me')).body.grants;
    const first = grants.find((grant) => grant.id !== second)?.id ?? '';
    const { of } = await issued('communeC');
    const send = async (grant: string) =>
      await post(
        'unit:communeC',
        `/v1/assignments/${of('communeC')}/acknowledge`,
        {},
        { ...key('same'), 'dondoc-grant': grant },
      );
    expect((await send(first)).status).toBe(200);
    expect((await send(second)).body.code).toBe('idempotency_key_reused');
    expect(
      (await post('unit:communeC', `/v1/assignments/${of('communeC')}/submit`, { text: 'x' })).body,
    ).toMatchObject({
      status: 403,
      grants: expect.any(Array),
    });
  });

  test('used by 30 at once has one effect, and the others hear that it is in flight or the same answer', async () => {
    const name = randomUUID();
    const answers = await Promise.all(
      Array.from(
        { length: 30 },
        async () => await post('standing_agency', '/v1/directives', draft([]), key(name)),
      ),
    );
    const made = answers.filter((answer) => answer.status === 201);
    expect(new Set(made.map((answer) => answer.body.id)).size).toBe(1);
    for (const answer of answers.filter((each) => each.status !== 201)) {
      expect([answer.body.code, answer.headers.get('retry-after')]).toEqual(['idempotency_in_flight', '1']);
    }
  });

  test('that is too long or not printable is refused', async () => {
    const { body } = await post('standing_agency', '/v1/directives', {}, key('x'.repeat(256)));
    expect(body.errors[0].pointer).toBe('/header/Idempotency-Key');
  });
});
