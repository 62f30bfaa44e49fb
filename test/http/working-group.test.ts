import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeFirstAdministrator, makeSetupCodeFor } from '../../src/engine/first-administrator.js';
import {
  directiveContent,
  draftTask,
  type FixturePerson,
  issuedDirective,
  makeWorkingGroup,
} from '../support/fixtures.js';
import { type Answer, startTestApi, type TestApi } from './api-fixture.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(async () => {
  await api.stop();
});

const token = (who: FixturePerson): string => api.group.signIn(who).token;
const PATH = '/v1/working-group';

async function edit(body: object, by = token('administrator')): Promise<Answer> {
  const { headers } = await api.call('GET', PATH, { token: by });
  return await api.call('PATCH', PATH, {
    token: by,
    body,
    headers: { 'if-match': headers.get('etag') ?? '' },
  });
}

test('an administrator names the Working Group and its offices, of what was read, and it is in the access log', async () => {
  const { units } = api.group;
  const named = await edit({
    name: 'Tổ công tác Đề án 06',
    nameEn: 'Project 06',
    standingAgencyId: units.justice,
    supervisorUnitId: units.office,
  });
  expect(named).toMatchObject({
    status: 200,
    body: {
      name: 'Tổ công tác Đề án 06',
      nameEn: 'Project 06',
      standingAgency: { id: units.justice },
      supervisorUnit: { id: units.office },
    },
  });
  const { rows } = await api.engine.writer.query(
    "select role, detail from access_log where action = 'group_changed' order by number desc limit 1",
  );
  expect(rows[0]).toMatchObject({
    role: 'administrator',
    detail: { standingAgencyId: { before: units.agency, after: units.justice } },
  });
  const stale = { token: token('administrator'), body: { name: 'x' }, headers: { 'if-match': '"1"' } };
  expect((await api.call('PATCH', PATH, stale)).status).toBe(412);
  expect((await api.call('PATCH', PATH, { token: token('administrator'), body: { name: 'x' } })).status).toBe(
    428,
  );
  expect((await edit({ standingAgencyId: units.agency })).status).toBe(200);
});

test('a unit, a calendar or a policy that is not there is refused, and one unit is not two offices', async () => {
  const { units } = api.group;
  expect((await edit({ supervisorUnitId: '01920000-0000-7000-8000-000000000000' })).body.code).toBe(
    'reference_unknown',
  );
  for (const wrong of [{ calendarId: 'none' }, { policyId: 'none' }, { homeAffairsId: units.agency }])
    expect((await edit(wrong)).status).toBe(400);
});

test('what is judged under it is fixed once something was issued: its name is not', async () => {
  const { engine, group } = api;
  const task = draftTask({ leadUnitIds: [group.units.justice] });
  await issuedDirective(engine, group, directiveContent([task]));
  for (const fixed of [{ standingAgencyId: group.units.health }, { homeAffairsId: group.units.health }])
    expect([(await edit(fixed)).status, (await edit(fixed)).body.code]).toEqual([
      409,
      'transition_not_allowed',
    ]);
  expect((await edit({ name: 'Tổ công tác', supervisorUnitId: group.units.office })).status).toBe(200);
});

test('who administers and cannot sign in any more gets a new code from the machine, and nobody else does', async () => {
  const { code: group } = await makeWorkingGroup(api.engine.writer);
  const wrong = { name: '', login: 'x@example.vn', group };
  await expect(makeFirstAdministrator(api.engine.writer, wrong)).rejects.toThrow('A name and a user name');
  const odd = { name: 'A', login: 'x@example.vn', group: 'bad group' };
  await expect(makeFirstAdministrator(api.engine.writer, odd)).rejects.toThrow('is no code');
  const login = `admin-${group}@example.vn`;
  const first = await makeFirstAdministrator(api.engine.writer, { name: 'A', login, group: `new-${group}` });
  const again = await makeSetupCodeFor(api.engine.writer, login);
  expect([again.login, again.code === first.code]).toEqual([first.login, false]);
  await expect(makeSetupCodeFor(api.engine.writer, 'nobody@example.vn')).rejects.toThrow('No administrator');
});
