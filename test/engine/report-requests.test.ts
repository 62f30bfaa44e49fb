import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { HOUR } from '../../src/domain/instant.js';
import { executeReferral } from '../../src/engine/execute-referral.js';
import { requestReports } from '../../src/engine/regimes.js';
import { executeReport } from '../../src/engine/reports.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { brokenInvariants } from '../support/record.js';
import { conductReports } from '../support/reporting.js';
import { createWorld, QUICK_POLICY, subjectOf, type World } from '../support/world.js';

let database: TestDatabase;
let world: World;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url, QUICK_POLICY);
});
afterAll(async () => {
  expect(await brokenInvariants(world)).toEqual([]);
  await world.close();
  await database.drop();
});

type UnitName = keyof World['units'];
const agency = () => world.request(world.as('standing_agency'));

async function asked(deadline: string, ...units: readonly UnitName[]): Promise<string> {
  const regimeId = subjectOf(
    await requestReports(world.engine, agency(), {
      ...{ name: 'Báo cáo nhanh', nameEn: null, directiveIds: [], closesOn: null, groupCodes: [] },
      ...{ deadline, unitIds: units.map((unit) => world.units[unit]) },
    }),
  );
  await conduct(regimeId);
  return regimeId;
}

async function conduct(...regimeIds: readonly string[]): Promise<void> {
  await Promise.all(regimeIds.map(async (id) => await conductReports(world, id)));
}

const owedBy = async (regimeId: string, unit: UnitName): Promise<string> => {
  const [row] = await world.sql<{ id: string }>(
    'select id from report_obligation where regime_id = $1 and unit_id = $2',
    [regimeId, world.units[unit]],
  );
  return row?.id ?? '';
};

const send = async (regimeId: string, unit: UnitName) =>
  await executeReport(world.engine, world.request(world.as('unit', unit)), await owedBy(regimeId, unit), {
    action: 'submit',
    input: { text: 'Đã thực hiện', progress: [] },
  });

const casesOf = async (unit: UnitName) =>
  await world.sql<{ regime_id: string; state: string; evidence: string[] }>(
    `select regime_id, state, array(select p ->> 'obligationId' from jsonb_array_elements(body #> '{facts,periods}') p) as evidence
       from referral where unit_id = $1 order by id`,
    [world.units[unit]],
  );

describe('requests on occasion count together', () => {
  test('two that a unit misses in a row make a case with both as evidence, and one that came between breaks the row', async () => {
    const first = await asked('within 1 hours', 'finance', 'health');
    await world.skip(2 * HOUR);
    await conduct(first);
    const second = await asked('within 1 hours', 'finance', 'health');
    expect('refused' in (await send(second, 'health'))).toBe(false);
    await world.skip(2 * HOUR);
    await conduct(second);
    expect(await casesOf('health')).toEqual([]);
    expect(await casesOf('finance')).toEqual([
      {
        regime_id: second,
        state: 'proposed',
        evidence: [await owedBy(first, 'finance'), await owedBy(second, 'finance')],
      },
    ]);
    const third = await asked('within 1 hours', 'finance', 'health');
    await world.skip(2 * HOUR);
    await conduct(third);
    // What stands in a case counts in no other.
    expect(await casesOf('finance')).toHaveLength(1);
    expect(await casesOf('health')).toEqual([]);
  });

  test('a report on the earlier one that was excused takes the ground from the case', async () => {
    const [{ evidence } = { evidence: [] }] = await casesOf('finance');
    const date = new Date((await world.now()) + 7 * HOUR).toISOString().slice(0, 10);
    const document = { number: '7/TB-TCT', date };
    const excused = await executeReport(world.engine, { ...agency(), document }, evidence[0] ?? '', {
      action: 'excuse',
      input: { reason: 'Mất điện toàn xã' },
    });
    expect('refused' in excused).toBe(false);
    const [planned] = await world.sql<{ step: string; due: boolean }>(
      `select step, due_at <= app_now() as due from planned_step p join referral r on r.id = p.subject_id
        where r.unit_id = $1`,
      [world.units.finance],
    );
    expect(planned).toEqual({ step: 'review', due: true });
  });

  test('those that fall due together are one lateness, also where two processes judge them at once', async () => {
    // The hour that it will be in Vietnam in some three hours.
    const due = new Date((await world.now()) + (7 + 3) * HOUR).toISOString();
    const [day, month, year] = [due.slice(8, 10), due.slice(5, 7), due.slice(0, 4)];
    const noon = `trước ${due.slice(11, 13)}h00 ngày ${day}/${month}/${year}`;
    const pair = [await asked(noon, 'justice'), await asked(noon, 'justice')];
    const lone = await asked('within 5 hours', 'justice');
    await world.skip(4 * HOUR);
    await conduct(...pair);
    expect(await casesOf('justice')).toEqual([]);
    await world.skip(2 * HOUR);
    await conduct(lone);
    const [found] = await casesOf('justice');
    expect(found?.regime_id).toBe(lone);
    expect(new Set(found?.evidence)).toEqual(
      new Set(await Promise.all([...pair, lone].map(async (id) => await owedBy(id, 'justice')))),
    );
  });

  test('a case goes on under the policy of its own request, whatever a later one is judged by', async () => {
    const late = async (): Promise<void> => {
      const id = await asked('within 1 minutes', 'agency');
      await world.skip(2 * 60_000);
      await conduct(id);
    };
    await late();
    await late();
    const [{ id } = { id: '' }] = await world.sql<{ id: string }>(
      'select id from referral where unit_id = $1',
      [world.units.agency],
    );
    const objection = { action: 'object', input: { text: 'Đã gửi bản giấy' } } as const;
    const unit = world.request(world.as('unit', 'agency'));
    expect('refused' in (await executeReferral(world.engine, unit, id, objection))).toBe(false);
    const planned = async () =>
      await world.sql('select step, due_at from planned_step where subject_id = $1', [id]);
    const before = await planned();
    await world.sql(
      `insert into policy (id, version, body)
       select id, version + 1, jsonb_set(body, '{referral,decision}', '{"value": 30, "unit": "d"}')
         from policy order by version desc limit 1`,
    );
    await late();
    expect(before).toHaveLength(1);
    expect(await planned()).toEqual(before);
  });
});
