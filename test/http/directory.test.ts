import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { insertTokens } from '../../src/db/directory-store.js';
import { DAY } from '../../src/domain/instant.js';
import { newToken, tokenDigest } from '../../src/engine/token.js';
import {
  assignmentsByUnit,
  directiveContent,
  draftTask,
  type FixturePerson,
  issuedDirective,
  moveClock,
} from '../support/fixtures.js';
import { type Answer, startTestApi, type TestApi } from './api-fixture.js';

let api: TestApi;
/** Led by Justice, which stands below the An Hoa commune here. */
let assignment: string;
beforeAll(async () => {
  api = await startTestApi();
  const { engine, group } = api;
  const task = draftTask({ leadUnitIds: [group.units.justice], phrase: 'within 90 days' });
  const directive = await issuedDirective(engine, group, directiveContent([task]));
  assignment = (await assignmentsByUnit(engine.writer, directive)).get(group.units.justice) ?? '';
});
afterAll(async () => {
  await api.stop();
});

const as = (who: FixturePerson): string => api.group.signIn(who).token;
const get = async (token: string, path: string): Promise<Answer> => await api.call('GET', path, { token });
const post = async (token: string, path: string, body: object = {}): Promise<Answer> =>
  await api.call('POST', path, { token, body });

async function edit(id: string, body: object): Promise<Answer> {
  const token = as('administrator');
  const { headers } = await get(token, `/v1/units/${id}`);
  const etag = headers.get('etag') ?? '';
  return await api.call('PATCH', `/v1/units/${id}`, { token, body, headers: { 'if-match': etag } });
}

/** Lines of the access log about a unit. */
async function linesOf(id: string) {
  const { rows } = await api.engine.writer.query(
    `select action, person_id, role, detail from access_log where subject_kind = 'unit' and subject_id = $1 order by number`,
    [id],
  );
  return rows;
}

describe('an edit of the directory', () => {
  test('is in the access log, with who, as which role, and what it was before', async () => {
    const { personId } = api.group.signIn('administrator').actor;
    const code = `moi-${api.group.code}`;
    const made = await post(as('administrator'), '/v1/units', { code, name: 'Xã mới', groupCode: 'commune' });
    expect(made.status).toBe(201);
    expect((await edit(made.body.id, { name: 'Xã Mới', email: 'moi@example.test' })).status).toBe(200);
    const heads = `/v1/units/${made.body.id}/heads`;
    const term = { person: { name: 'Nguyễn Thị Đầu' }, validFrom: '2025-01-01' };
    expect((await post(as('administrator'), heads, term)).status).toBe(201);
    const by = { person_id: personId, role: 'administrator' };
    expect(await linesOf(made.body.id)).toMatchObject([
      { ...by, action: 'unit_changed', detail: { made: { code, name: 'Xã mới' } } },
      {
        ...by,
        action: 'unit_changed',
        detail: {
          name: { before: 'Xã mới', after: 'Xã Mới' },
          email: { before: null, after: 'moi@example.test' },
        },
      },
      { ...by, action: 'head_term_begun', detail: { validFrom: '2025-01-01', validTo: null } },
    ]);
  });

  test('that is refused leaves no line', async () => {
    const { justice } = api.group.units;
    const before = await linesOf(justice);
    expect((await edit(justice, { parentId: justice })).status).toBe(400);
    const heads = `/v1/units/${justice}/heads`;
    const overlapping = { person: { name: 'Người khác' }, validFrom: '2020-01-01', validTo: null };
    expect((await post(as('administrator'), heads, overlapping)).status).toBe(400);
    expect(await linesOf(justice)).toEqual(before);
  });
});

describe('a unit above another', () => {
  test('reads its counts, whole, and nothing of its work', async () => {
    const { units } = api.group;
    expect((await edit(units.justice, { parentId: units.communeB })).status).toBe(200);
    expect((await edit(units.communeB, { parentId: units.communeA })).status).toBe(200);
    for (const who of ['unit:communeA', 'unit:communeB'] as const) {
      for (const more of ['', '&groupBy=unit', '&count=task', '&knownAt=2099-01-01']) {
        const counts = await get(as(who), `/v1/counts?unit=${units.justice}${more}`);
        expect([who, more, counts.body.total]).toEqual([
          who,
          more,
          expect.objectContaining({ total: 1, openInTime: 1 }),
        ]);
      }
      expect((await get(as(who), `/v1/assignments/${assignment}`)).status).toBe(404);
      expect((await get(as(who), '/v1/assignments')).body.items).toEqual([]);
      expect((await get(as(who), '/v1/counts')).body.total.total).toBe(0);
    }
  });

  test('is told which groupings it does not get, instead of figures that are too small', async () => {
    const path = `/v1/counts?unit=${api.group.units.justice}&groupBy=kind`;
    const refused = await get(as('unit:communeA'), path);
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, '/query/groupBy']);
    expect((await get(as('unit:justice'), path)).body.total.total).toBe(1);
  });

  test('is not one beside it, nor one below it, nor one of another kind of role', async () => {
    const { units } = api.group;
    const of = async (who: FixturePerson, unit: string) =>
      (await get(as(who), `/v1/counts?unit=${unit}`)).status;
    expect(await of('unit:health', units.justice)).toBe(404);
    expect(await of('unit:justice', units.communeA)).toBe(404);
    expect(await of('unit:justice', units.justice)).toBe(200);
    expect(await of('home_affairs', units.justice)).toBe(403);
    expect(await of('supervisor', units.justice)).toBe(200);
  });
});

/** Somebody new, with a grant that the administrator gives over the API, and a token for it. */
async function granted(fields: object): Promise<{ personId: string; grantId: string; secret: string }> {
  const personId = (await post(as('administrator'), '/v1/people', { name: 'Người mới' })).body.id;
  const grant = await post(as('administrator'), '/v1/grants', { personId, ...fields });
  expect(grant.status).toBe(201);
  return { personId, grantId: grant.body.id, secret: await ownToken(personId) };
}

/** As the person makes it, signed in. */
async function ownToken(personId: string): Promise<string> {
  const token = newToken();
  await insertTokens(api.engine.writer, [
    { id: uuidv7(), personId, hash: tokenDigest(token), label: 'thử', expiresAt: Number.POSITIVE_INFINITY },
  ]);
  return token;
}

describe('who acts under a grant', () => {
  test('as the office account acts for its unit alone, by the account’s own name', async () => {
    const { units } = api.group;
    const office = await granted({ role: 'unit', unitId: units.justice, office: true });
    const act = await post(office.secret, `/v1/assignments/${assignment}/acknowledge`);
    expect([act.status, act.body.state]).toEqual([200, 'acknowledged']);
    const { rows } = await api.engine.writer.query(
      "select actor from event where subject_id = $1 and type like '%acknowledged' order by seq desc limit 1",
      [assignment],
    );
    expect(JSON.stringify(rows)).toContain(office.personId);
    const elsewhere = await granted({ role: 'unit', unitId: units.health, office: true });
    const other = await post(elsewhere.secret, `/v1/assignments/${assignment}/progress`, { text: 'x' });
    expect(other.status).toBe(404);
  });

  test('as a deputy does what the role does, from its first day until its end, and not a moment longer', async () => {
    const deputyOf = api.group.signIn('supervisor').actor.personId;
    const day = (n: number): string => new Date(Date.now() + n * DAY).toISOString();
    const deputy = await granted({ role: 'supervisor', deputyOf, validFrom: day(2), validTo: day(4) });
    const at = `/v1/assignments/${assignment}`;
    const urge = async (token: string) =>
      await post(token, `${at}/urgings`, { channel: 'telephone', text: 'Gọi' });
    const within = await ownToken(deputy.personId);
    expect((await urge(deputy.secret)).status).toBe(403);
    await moveClock(api.database, 3 * DAY);
    expect([(await urge(within)).status, (await get(within, at)).status]).toEqual([200, 200]);
    await moveClock(api.database, 2 * DAY);
    // The process still holds who this is: the command looks again, in its own transaction.
    const late = await urge(within);
    expect([late.status, late.body.code]).toEqual([403, 'forbidden']);
  });
});
