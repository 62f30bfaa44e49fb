import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openPool } from '../../src/db/pool.js';
import { DAY } from '../../src/domain/instant.js';
import { conductDirective, conductReferral } from '../../src/engine/conduct.js';
import { checkCounts } from '../../src/engine/count-check.js';
import { sealDueItems } from '../../src/engine/envelopes.js';
import { issueBatch } from '../../src/engine/issue.js';
import { repairProjections } from '../../src/engine/repair.js';
import { type FixturePerson, type FixtureUnit, moveClock } from '../support/fixtures.js';
import { letters, quickOptions } from '../support/outbox.js';
import { QUICK_POLICY } from '../support/world.js';
import { type Answer, startTestApi, type TestApi } from './api-fixture.js';

/** The database's clock alone says what is due. */
const NEVER = 8.64e15;

let api: TestApi;
let owner: ReturnType<typeof openPool>;
beforeAll(async () => {
  const objectionWindow = { value: 20, unit: 'd' } as const;
  api = await startTestApi({
    policy: { ...QUICK_POLICY, id: 'moved', referral: { ...QUICK_POLICY.referral, objectionWindow } },
  });
  owner = openPool({ url: api.database.url, max: 1, name: 'test-owner' });
});
afterAll(async () => {
  await owner.end();
  await api.stop();
});

const as = (who: FixturePerson) => api.group.signIn(who).token;
const post = async (who: FixturePerson, path: string, body: object = {}): Promise<Answer> =>
  await api.call('POST', path, { token: as(who), body, headers: { 'idempotency-key': randomUUID() } });
const get = async (who: FixturePerson, path: string): Promise<Answer> =>
  await api.call('GET', path, { token: as(who) });

interface Late {
  readonly assignment: string;
  readonly referral: string;
}

/** A unit that stayed silent: its case has been proposed, and it may object for days. */
async function late(unit: FixtureUnit): Promise<Late> {
  const { body } = await post('standing_agency', '/v1/directives', {
    number: '5/KH',
    title: 'Kế hoạch',
    documentDate: '2025-01-06',
    tasks: [
      {
        title: 'Báo cáo',
        leadUnitIds: [api.group.units[unit]],
        deadline: { phrase: 'within 1 day' },
        result: { kind: 'deliverable', text: 'Báo cáo' },
      },
    ],
  });
  await post('standing_agency', `/v1/directives/${body.id}/issue`);
  await issueBatch(api.engine, body.id);
  await moveClock(api.database, 3 * DAY);
  for (let more = true; more; ) ({ more } = await conductDirective(api.engine, body.id, NEVER));
  const { items } = (await get('standing_agency', `/v1/referrals?directive=${body.id}`)).body;
  return { assignment: items[0].assignmentId, referral: items[0].id };
}

async function moved(assignment: string, unit: FixtureUnit): Promise<string> {
  const to = [{ unitId: api.group.units[unit] }];
  const answer = await post('standing_agency', `/v1/assignments/${assignment}/move`, {
    to,
    reason: 'Sáp nhập',
  });
  expect(answer.status).toBe(200);
  return answer.body.supersededBy[0];
}

/** The unit is no more: its last day was yesterday. */
async function ended(unit: FixtureUnit): Promise<void> {
  await owner.query(
    "update unit set valid_to = (app_now() at time zone 'Asia/Ho_Chi_Minh')::date where id = $1",
    [api.group.units[unit]],
  );
}

/** Projections, planned steps and spans are the fold of their events. */
async function intact(): Promise<void> {
  expect((await repairProjections(api.engine, { dryRun: true })).differences).toEqual([]);
  expect((await checkCounts(api.engine)).wrongLives).toEqual([]);
}

describe('a case whose assignment was moved', () => {
  test('stays with a unit that lives on: its successor does not read it', async () => {
    const { assignment, referral } = await late('communeA');
    await moved(assignment, 'communeB');
    expect((await get('unit:communeB', `/v1/referrals/${referral}`)).status).toBe(404);
    expect((await post('unit:communeB', `/v1/referrals/${referral}/objection`, { text: 'x' })).status).toBe(
      404,
    );
    const own = (await get('unit:communeA', `/v1/referrals/${referral}`)).body;
    expect(own).toMatchObject({ unit: { id: api.group.units.communeA }, answeringUnits: [] });
    const objected = await post('unit:communeA', `/v1/referrals/${referral}/objection`, { text: 'Đã nộp' });
    expect(objected.body).toMatchObject({ state: 'objected', facts: { late: true } });
  });

  test('of a unit that is no more is answered by who leads its work now, and by who was its head', async () => {
    const { assignment, referral } = await late('justice');
    const successor = await moved(assignment, 'health');
    const path = `/v1/referrals/${referral}`;
    expect((await get('unit:health', path)).status).toBe(404);
    await ended('justice');
    const read = await get('unit:health', path);
    expect(read.body).toMatchObject({
      unit: { id: api.group.units.justice },
      answeringUnits: [{ id: api.group.units.health }],
      facts: { late: true },
      task: { title: 'Báo cáo' },
    });
    expect(read.body.events.map(({ type }: { type: string }) => type)).toEqual(['proposed']);
    expect(
      (await get('unit:health', '/v1/referrals')).body.items.map(({ id }: { id: string }) => id),
    ).toEqual([referral]);
    // Its own assignments and their cases only; nobody else of the province, and not what it may not do.
    for (const who of ['unit:office', 'unit:communeC'] as const)
      expect((await get(who, path)).status).toBe(404);
    expect((await post('unit:health', `${path}/withdraw`, { reason: 'x' })).status).toBeGreaterThanOrEqual(
      403,
    );
    const objected = await post('unit:health', `${path}/objection`, {
      text: 'Hồ sơ đã chuyển sang chúng tôi',
    });
    expect(objected).toMatchObject({ status: 200, body: { state: 'objected' } });
    expect(objected.body.events.at(-1).actor.unit).toContain('Y tế');
    // Handed on once more, the case goes with the work.
    await moved(successor, 'office');
    expect((await get('unit:health', path)).status).toBe(404);
    expect((await get('unit:office', path)).status).toBe(200);
    await intact();
  });

  test('writes to who was head on the day of the fact and to who answers now, not to an office that is empty', async () => {
    const { assignment, referral } = await late('communeC');
    await moved(assignment, 'communeB');
    await ended('communeC');
    await owner.query('update item set state = $1 where state = $2', ['superseded', 'waiting']);
    await post('standing_agency', `/v1/referrals/${referral}/withdraw`, { reason: 'Đã rõ' });
    const { rows: items } = await owner.query<{ template: string }>(
      "select template from item where referral_id = $1 and state = 'waiting' and recipient_kind = 'head'",
      [referral],
    );
    expect(items).toEqual([{ template: 'referral_withdrawn' }]);
    const { sealing } = quickOptions();
    const options = { ...sealing, writer: letters, messageDomain: 'dondoc.example' };
    while (await sealDueItems(api.engine, options));
    const { rows } = await owner.query<{ address: string }>(
      `select distinct e.address from item i join envelope e on e.id = i.envelope_id
        where i.referral_id = $1 and i.recipient_kind = 'head'`,
      [referral],
    );
    expect(rows.map(({ address }) => address.replace(/-[0-9a-f]{6}@.*/, '')).sort()).toEqual([
      'head-communeb',
      'head-communec',
    ]);
  });

  test('is held while an extension that went along is undecided; granted where it went, it ends the case', async () => {
    const { assignment, referral } = await late('office');
    const asked = { deadline: 'within 60 days', reason: 'Chờ số liệu' };
    await post('unit:office', `/v1/assignments/${assignment}/extensions`, asked);
    const successor = await moved(assignment, 'health');
    await moveClock(api.database, 30 * DAY);
    await conductReferral(api.engine, referral, NEVER);
    await conductReferral(api.engine, referral, NEVER);
    const path = `/v1/referrals/${referral}`;
    expect((await get('standing_agency', path)).body).toMatchObject({ state: 'proposed', held: true });
    const { matters } = (await get('standing_agency', `/v1/assignments/${successor}`)).body;
    const decision = { decision: 'grant', deadline: 'within 90 days', reason: 'Có lý do' };
    const decided = await post('standing_agency', `/v1/extensions/${matters[0].id}/decision`, decision);
    expect(decided.status).toBe(200);
    await conductReferral(api.engine, referral, NEVER);
    expect((await get('standing_agency', path)).body.state).toBe('withdrawn');
    const timeline = (await get('unit:office', `/v1/assignments/${assignment}/timeline`)).body.items;
    expect(timeline.at(-1)).toMatchObject({ type: 'moved_settled', actor: { role: 'standing_agency' } });
    expect((await get('unit:office', `/v1/assignments/${assignment}`)).body.matters[0].state).toBe('granted');
    await intact();
  });
});
