import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Calendar } from '../../src/domain/calendar.js';
import { workOnEdits } from '../../src/engine/calendar-sweep.js';
import { editDays, useCalendar } from '../../src/engine/calendars.js';
import { conductReferral } from '../../src/engine/conduct.js';
import { conductRegime } from '../../src/engine/conduct-reports.js';
import { executeReferral } from '../../src/engine/execute-referral.js';
import { tellAcceptance, workOnOutages } from '../../src/engine/outages.js';
import { createRegime, requestReports } from '../../src/engine/regimes.js';
import { executeReport } from '../../src/engine/reports.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { brokenInvariants } from '../support/record.js';
import { DAY, dateOf, EVERY_DAY, HOUR } from '../support/reporting.js';
import { createWorld, QUICK_POLICY, subjectOf, type World } from '../support/world.js';

const MARGIN_MS = 600_000;

let database: TestDatabase;
let world: World;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url, QUICK_POLICY, undefined, { calendar: EVERY_DAY });
});
afterAll(async () => {
  expect(await brokenInvariants(world)).toEqual([]);
  await world.close();
  await database.drop();
});

type Unit = keyof World['units'];
const agency = () => world.request(world.as('standing_agency'));

async function daily(...units: readonly Unit[]): Promise<string> {
  const regimeId = subjectOf(
    await createRegime(world.engine, agency(), {
      name: 'Báo cáo ngày',
      nameEn: null,
      directiveIds: [],
      schedule: {
        kind: 'periodic',
        periodicity: { kind: 'daily' },
        startsOn: dateOf(await world.now()),
      },
      levels: [
        { name: null, unitIds: units.map((unit) => world.units[unit]), groupCodes: [], dueWorkingDays: 1 },
      ],
    }),
  );
  await conduct(regimeId);
  return regimeId;
}

async function conduct(regimeId: string): Promise<void> {
  for (let passes = 0; passes < 20; passes += 1) {
    const pass = await conductRegime(world.engine, regimeId, Number.MAX_SAFE_INTEGER);
    if (pass.ended || pass.taken === 0) return;
  }
  throw new Error('The regime never comes to rest');
}

interface Row {
  readonly id: string;
  readonly unit_id: string;
  readonly state: string;
  readonly late: boolean | null;
  readonly due: number;
  readonly planned: string | null;
  readonly events: string;
}

const owed = async (regimeId: string): Promise<Row[]> =>
  await world.sql<Row & Record<string, unknown>>(
    `select o.id, o.unit_id, late, (extract(epoch from o.due_at) * 1000)::float8 as due,
            (select step from planned_step p where p.subject_kind = 'obligation' and p.subject_id = o.id) as planned,
            (select string_agg(type, ' ' order by seq) from event e where e.subject_id = o.id) as events,
            states[cardinality(array(select 1 from unnest(states_from) since where since <= app_now()))] as state
       from report_obligation o where regime_id = $1 order by period, unit_id`,
    [regimeId],
  );
const first = async (regimeId: string): Promise<Row> => {
  const [row] = await owed(regimeId);
  if (row === undefined) throw new Error('Nothing is owed');
  return row;
};
const skipTo = async (at: number): Promise<void> => await world.skip(Math.floor(at - (await world.now())));

async function passDue(regimeId: string): Promise<Row> {
  const row = (await owed(regimeId)).find(({ late }) => late === null);
  if (row === undefined) throw new Error('Nothing is due');
  await skipTo(row.due + 2_000);
  await conduct(regimeId);
  return row;
}
const submit = async (id: string, unit: Unit): Promise<void> => {
  const command = { action: 'submit' as const, input: { text: 'Đã thực hiện', progress: [] } };
  subjectOf(await executeReport(world.engine, world.request(world.as('unit', unit)), id, command));
};
const standing = async (id: string): Promise<string[]> =>
  (
    await world.sql<{ step: string }>(
      "select step from step_taken where subject_id = $1 and voided_at is null and step not like 'remind%' order by 1",
      [id],
    )
  ).map(({ step }) => step);
const cases = async (regimeId: string) =>
  await world.sql<{ id: string; state: string; window: number }>(
    `select id, state, (body ->> 'windowEndsAt')::float8 as window from referral where regime_id = $1 order by id`,
    [regimeId],
  );

async function declareOff(...dates: readonly string[]): Promise<void> {
  const admin = world.request(world.as('administrator'));
  const [calendar] = await world.sql<{ version: number }>(
    "select max(version) as version from calendar where id = 'every-day'",
  );
  const days = dates.map((date) => ({
    date,
    kind: 'holiday' as const,
    name: 'Nghỉ do bão',
    source: '11/CĐ-UBND',
    intervals: [],
    provisional: false,
  }));
  const change = { days, remove: [], years: [], reason: 'Nghỉ do bão', source: '11/CĐ-UBND' };
  const done = await editDays(world.engine, admin, 'every-day', change, calendar?.version ?? 0);
  if ('refused' in done) throw new Error(done.detail.en);
  await sweep();
}
async function sweep(): Promise<void> {
  while (await workOnEdits(world.engine));
}

/** Nobody can accept commands for so long; the first one back records it, and what fell due is moved. */
async function silence(ms: number): Promise<void> {
  await tellAcceptance(world.engine, 'api:one', MARGIN_MS);
  await world.skip(ms);
  await world.sql("update acceptance set last_at = last_at - $1 * interval '1 millisecond'", [ms]);
  expect(await tellAcceptance(world.engine, 'api:one', MARGIN_MS)).toBe(true);
}
async function excuse(): Promise<void> {
  while (await workOnOutages(world.engine));
}

describe('an edit of the calendar', () => {
  test('moves what is owed a day later, voids what was judged, and lets it be judged again', async () => {
    const regimeId = await daily('health');
    const { id, due } = await passDue(regimeId);
    expect([(await first(regimeId)).state, await standing(id)]).toEqual(['missing', ['judge']]);
    await declareOff(dateOf(due));
    const moved = await first(regimeId);
    expect([moved.state, moved.late, moved.due]).toEqual(['due', null, due + DAY]);
    expect([moved.planned, await standing(id)]).toEqual(['judge', []]);
    // Whether a reminder was still owed depends on the hour at which the regime began.
    expect(moved.events.replace('step_taken ', '')).toBe('opened judged calendar_changed steps_voided');
    const [event] = await world.sql<{ data: object; text: object }>(
      "select data from event where subject_id = $1 and type = 'calendar_changed'",
      [id],
    );
    expect(event?.data).toMatchObject({ dueAt: due + DAY, rejudged: false, previous: { dueAt: due } });
    const told = await world.sql(
      "select 1 from item where template = 'report_calendar_changed' and obligation_id = $1",
      [id],
    );
    expect(told.length).toBe(1);
    await skipTo(due + DAY + 2_000);
    await conduct(regimeId);
    expect([(await first(regimeId)).state, await standing(id)]).toEqual(['missing', ['judge']]);
  });

  test('judges a late report again in favour of the unit, and withdraws the case that rests on it', async () => {
    const regimeId = await daily('justice');
    await passDue(regimeId);
    const second = await passDue(regimeId);
    await submit(second.id, 'justice');
    const [found] = await cases(regimeId);
    expect(found?.state).toBe('proposed');
    await declareOff(dateOf(second.due));
    const row = (await owed(regimeId)).find(({ id }) => id === second.id);
    expect([row?.state, row?.late, row?.planned]).toEqual(['received_on_time', false, null]);
    const [edit] = await world.sql<{ moved: number; rejudged: number }>(
      'select moved, rejudged from calendar_edit order by recorded_at desc limit 1',
    );
    expect(edit?.rejudged).toBe(1);
    await conductReferral(world.engine, found?.id ?? '', Number.MAX_SAFE_INTEGER);
    expect((await cases(regimeId))[0]?.state).toBe('withdrawn');
  });

  test('that takes a day off away again moves nothing back, and a further day off moves only what reaches it', async () => {
    const regimeId = await daily('finance');
    const { due } = await first(regimeId);
    await declareOff(dateOf(due));
    expect((await first(regimeId)).due).toBe(due + DAY);
    const admin = world.request(world.as('administrator'));
    const [calendar] = await world.sql<{ version: number }>('select max(version) as version from calendar');
    await editDays(
      world.engine,
      admin,
      'every-day',
      { days: [], remove: [dateOf(due)], years: [], reason: 'Không còn bão', source: '12/CĐ-UBND' },
      calendar?.version ?? 0,
    );
    await sweep();
    expect((await first(regimeId)).due).toBe(due + DAY);
    await declareOff(dateOf(due + 3 * DAY));
    expect((await first(regimeId)).due).toBe(due + DAY);
  });

  test('reaches an ad hoc request that counts working days, and leaves one with a named date', async () => {
    const ask = async (deadline: string): Promise<string> => {
      const regimeId = subjectOf(
        await requestReports(world.engine, agency(), {
          name: 'Báo cáo nhanh',
          nameEn: null,
          directiveIds: [],
          deadline,
          closesOn: null,
          unitIds: [world.units.finance],
          groupCodes: [],
        }),
      );
      await conduct(regimeId);
      return regimeId;
    };
    const now = await world.now();
    const date = new Date(now + 2 * DAY + 7 * HOUR);
    const named = `${date.getUTCDate()}/${date.getUTCMonth() + 1}/${date.getUTCFullYear()}`;
    const [counted, fixed] = [await ask('within 3 working days'), await ask(`trước 17h00 ngày ${named}`)];
    const before = [(await first(counted)).due, (await first(fixed)).due];
    await declareOff(dateOf(now + 3 * DAY));
    const after = [(await first(counted)).due, (await first(fixed)).due];
    expect(after[0]).toBeGreaterThan(before[0] ?? 0);
    expect(after[1]).toBe(before[1]);
  });

  test('a unit with a calendar of its own owes by that one, also what is open when it gets it', async () => {
    const own: Calendar = { ...EVERY_DAY, id: 'own', days: [] };
    const regimeId = await daily('health', 'finance');
    const period = await owed(regimeId);
    const due = period[0]?.due ?? 0;
    const ids = period.map(({ id }) => id);
    const off = { date: dateOf(due), kind: 'holiday', name: 'Lễ hội', source: 'QĐ 5', intervals: [] };
    await world.sql('insert into calendar (id, version, body) values ($1, 1, $2)', [
      'own',
      JSON.stringify({ ...own, days: [off] }),
    ]);
    const use = { unitId: world.units.health, reason: 'Lịch riêng', source: 'QĐ 5' };
    await useCalendar(world.engine, world.request(world.as('administrator')), 'own', use, true);
    await sweep();
    const dues = new Map((await owed(regimeId)).map((row) => [row.unit_id, row.due]));
    expect(dues.get(world.units.finance)).toBe(due);
    expect(dues.get(world.units.health)).toBe(due + DAY);
    await skipTo(due + 2_000);
    await conduct(regimeId);
    const states = new Map(
      (await owed(regimeId)).filter(({ id }) => ids.includes(id)).map((row) => [row.unit_id, row.state]),
    );
    expect(states.get(world.units.finance)).toBe('missing');
    expect(states.get(world.units.health)).toBe('due');
    await world.sql('delete from calendar_use');
  });
});

describe('an outage', () => {
  // Away from the days off that the tests above declared.
  beforeAll(async () => await world.skip(30 * DAY));

  test('over the due instant moves it to the end of the next working day, and nothing is judged before', async () => {
    const regimeId = await daily('health');
    const before = await first(regimeId);
    await skipTo(before.due - HOUR);
    await silence(2 * HOUR);
    // The conductor is back before the outage is worked off: it takes nothing.
    await conduct(regimeId);
    expect(await standing(before.id)).toEqual([]);
    await excuse();
    const moved = await first(regimeId);
    expect([moved.state, moved.late, moved.due]).toEqual(['due', null, before.due + DAY]);
    const [event] = await world.sql<{ data: object }>(
      "select data from event where subject_id = $1 and type = 'outage_excused'",
      [before.id],
    );
    expect(event?.data).toMatchObject({ previous: { dueAt: before.due }, dueAt: before.due + DAY });
    await skipTo(before.due + DAY + 2_000);
    await conduct(regimeId);
    expect((await first(regimeId)).state).toBe('missing');
    const [row] = await world.sql<{ moved: number }>(
      'select moved from outage order by recorded_at desc limit 1',
    );
    expect(row?.moved).toBeGreaterThan(0);
  });

  test('whose end a report met within the day leaves it in time, and an outage elsewhere moves nothing', async () => {
    const regimeId = await daily('justice');
    const before = await first(regimeId);
    await silence(2 * HOUR);
    await excuse();
    expect((await first(regimeId)).due).toBe(before.due);
    await skipTo(before.due - HOUR);
    await silence(2 * HOUR);
    // Sent at once after the outage, before anything has been moved.
    await submit(before.id, 'justice');
    expect((await first(regimeId)).state).toBe('received_late');
    await excuse();
    const after = await first(regimeId);
    expect([after.state, after.late, after.planned]).toEqual(['received_on_time', false, null]);
  });

  test('over the end of a window to object keeps it open, and the case is not referred meanwhile', async () => {
    const regimeId = await daily('finance');
    await passDue(regimeId);
    await passDue(regimeId);
    const [found] = await cases(regimeId);
    const id = found?.id ?? '';
    expect(found?.state).toBe('proposed');
    await silence(HOUR);
    await conductReferral(world.engine, id, Number.MAX_SAFE_INTEGER);
    expect((await cases(regimeId))[0]?.state).toBe('proposed');
    await excuse();
    await conductReferral(world.engine, id, Number.MAX_SAFE_INTEGER);
    const [moved] = await cases(regimeId);
    expect(moved?.state).toBe('proposed');
    expect(moved?.window).toBeGreaterThan((await world.now()) + HOUR);
    const objection = { action: 'object' as const, input: { text: 'Hệ thống không vào được' } };
    subjectOf(await executeReferral(world.engine, world.request(world.as('unit', 'finance')), id, objection));
    expect((await cases(regimeId))[0]?.state).toBe('objected');
  });
});
