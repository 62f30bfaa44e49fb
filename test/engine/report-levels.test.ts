import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { workOnEdits } from '../../src/engine/calendar-sweep.js';
import { editDays, useCalendar } from '../../src/engine/calendars.js';
import { tellAcceptance, workOnOutages } from '../../src/engine/outages.js';
import { createRegime } from '../../src/engine/regimes.js';
import { executeReport } from '../../src/engine/reports.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { brokenInvariants } from '../support/record.js';
import {
  conductReports,
  DAY,
  dateOf,
  EVERY_DAY,
  HOUR,
  owedUnder,
  sendReport,
  skipTo,
  standingSteps,
  type Unit,
} from '../support/reporting.js';
import { createWorld, QUICK_POLICY, subjectOf, type World } from '../support/world.js';

const MARGIN_MS = 600_000;

let database: TestDatabase;
let world: World;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url, QUICK_POLICY, undefined, { calendar: EVERY_DAY });
  for (const [id, unit] of [
    ['of-health', 'health'],
    ['of-justice', 'justice'],
  ] as const) {
    await world.sql('insert into calendar (id, version, body) values ($1, 1, $2)', [
      id,
      JSON.stringify({ ...EVERY_DAY, id }),
    ]);
    const use = { unitId: world.units[unit], reason: 'Lịch riêng', source: 'QĐ 5' };
    await useCalendar(world.engine, admin(), id, use, true);
  }
  await sweep();
});
// Away from the days off and the periods of the test before.
beforeEach(async () => await world.skip(30 * DAY));
afterAll(async () => {
  expect(await brokenInvariants(world)).toEqual([]);
  await world.close();
  await database.drop();
});

const admin = () => world.request(world.as('administrator'));
const agency = () => world.request(world.as('standing_agency'));
const sweep = async (): Promise<void> => {
  while (await workOnEdits(world.engine));
};

/** Two units below, one that sums them up a day later, and one above that. */
async function threeLevels(): Promise<string> {
  const level = (dueWorkingDays: number, ...units: readonly Unit[]) => ({
    name: null,
    unitIds: units.map((unit) => world.units[unit]),
    groupCodes: [],
    dueWorkingDays,
  });
  const startsOn = dateOf(await world.now());
  const regimeId = subjectOf(
    await createRegime(world.engine, agency(), {
      name: 'Báo cáo ngày',
      nameEn: null,
      directiveIds: [],
      schedule: { kind: 'periodic', periodicity: { kind: 'daily' }, startsOn },
      levels: [level(1, 'health', 'justice'), level(2, 'finance'), level(3, 'agency')],
    }),
  );
  await conductReports(world, regimeId);
  return regimeId;
}

/** The first period: what each unit owes. */
async function firstPeriod(regimeId: string) {
  const rows = await owedUnder(world, regimeId);
  const first = rows.filter(({ period }) => period === rows[0]?.period);
  const of = (unit: Unit) => {
    const row = first.find(({ unit_id }) => unit_id === world.units[unit]);
    if (row === undefined) throw new Error(`Nothing is owed by ${unit}`);
    return row;
  };
  return { health: of('health'), justice: of('justice'), finance: of('finance'), agency: of('agency') };
}

/** By how many days each due instant lies behind what it was. */
async function movedBy(regimeId: string, was: Awaited<ReturnType<typeof firstPeriod>>) {
  const is = await firstPeriod(regimeId);
  const days = (unit: keyof typeof was): number => (is[unit].due - was[unit].due) / DAY;
  return {
    health: days('health'),
    justice: days('justice'),
    finance: days('finance'),
    agency: days('agency'),
  };
}

async function declareOff(calendarId: string, from: number, days: number): Promise<void> {
  const [latest] = await world.sql<{ version: number }>(
    'select max(version) as version from calendar where id = $1',
    [calendarId],
  );
  const off = Array.from({ length: days }, (_, index) => ({
    date: dateOf(from + index * DAY),
    ...{
      kind: 'holiday' as const,
      name: 'Nghỉ do bão',
      source: '11/CĐ-UBND',
      intervals: [],
      provisional: false,
    },
  }));
  const change = { days: off, remove: [], years: [], reason: 'Nghỉ do bão', source: '11/CĐ-UBND' };
  const done = await editDays(world.engine, admin(), calendarId, change, latest?.version ?? 0);
  if ('refused' in done) throw new Error(done.detail.en);
  await sweep();
}

async function eventsOf(regimeId: string): Promise<number> {
  const [row] = await world.sql<{ count: number }>(
    `select count(*)::int as count from event
      where subject_id in (select id from report_obligation where regime_id = $1)`,
    [regimeId],
  );
  return row?.count ?? 0;
}

describe('who sums up', () => {
  test('follows one of those below whose own calendar was edited, level by level and once', async () => {
    const regimeId = await threeLevels();
    const was = await firstPeriod(regimeId);
    await declareOff('of-health', was.health.due, 3);
    expect(await movedBy(regimeId, was)).toEqual({ health: 3, justice: 0, finance: 3, agency: 3 });
    const [event] = await world.sql<{ data: object; edit: string }>(
      `select data, (select id from calendar_edit order by recorded_at desc limit 1) as edit
         from event where subject_id = $1 and type = 'calendar_changed'`,
      [was.finance.id],
    );
    const { due } = (await firstPeriod(regimeId)).health;
    expect(event?.data).toMatchObject({ editId: event?.edit, below: due, dueAt: due + DAY });
    const before = await eventsOf(regimeId);
    await world.sql(
      `update calendar_edit set done_at = null, stage = 'directives', cursor_id = null, cursor_assignment_id = null
        where id = $1`,
      [event?.edit],
    );
    await sweep();
    expect(await eventsOf(regimeId)).toBe(before);
  });

  test('is no longer late where it had been judged before those below were due', async () => {
    const regimeId = await threeLevels();
    const was = await firstPeriod(regimeId);
    await skipTo(world, was.finance.due + 2_000);
    await conductReports(world, regimeId);
    expect(await standingSteps(world, was.finance.id)).toEqual(['judge']);
    await declareOff('of-health', was.health.due, 3);
    const { finance } = await firstPeriod(regimeId);
    expect([finance.state, finance.late, finance.planned]).toEqual(['due', null, 'judge']);
    expect(await standingSteps(world, finance.id)).toEqual([]);
    await skipTo(world, finance.due + 2_000);
    await conductReports(world, regimeId);
    expect((await firstPeriod(regimeId)).finance.state).toBe('missing');
  });

  test('stays where its report came in time, or where nobody below it was moved', async () => {
    const regimeId = await threeLevels();
    const was = await firstPeriod(regimeId);
    await skipTo(world, was.finance.closes + HOUR);
    await sendReport(world, was.finance.id, 'finance');
    await declareOff('of-health', was.health.due, 1);
    expect(await movedBy(regimeId, was)).toEqual({ health: 1, justice: 0, finance: 0, agency: 0 });
    const before = await eventsOf(regimeId);
    await declareOff('of-justice', was.health.due + 20 * DAY, 1);
    // The new version reaches the one unit whose calendar it is, and moves nobody.
    expect(await eventsOf(regimeId)).toBe(before + 1);
  });

  test('waits for nobody who owes nothing any more', async () => {
    const regimeId = await threeLevels();
    const was = await firstPeriod(regimeId);
    await skipTo(world, was.finance.closes + HOUR);
    await sendReport(world, was.finance.id, 'finance');
    await declareOff('of-health', was.health.due, 8);
    const document = { number: '7/VPUB', date: dateOf(was.finance.closes), signer: 'Chánh Văn phòng' };
    const act = async (id: string, command: Parameters<typeof executeReport>[3]): Promise<void> => {
      subjectOf(await executeReport(world.engine, { ...agency(), document }, id, command));
    };
    await act(was.health.id, { action: 'excuse', input: { reason: 'Lũ lụt' } });
    await act(was.finance.id, { action: 'return', input: { reason: 'Thiếu số liệu', formOnly: false } });
    await declareOff('of-justice', was.justice.due, 2);
    expect(
      await world.sql('select (body ->> $2) as first from report_obligation where id = $1', [
        was.finance.id,
        'dueAt',
      ]),
    ).toEqual([{ first: String(was.justice.due + 3 * DAY) }]);
  });

  test('that cannot be computed is left aside and told, and the level above goes on', async () => {
    const regimeId = await threeLevels();
    const was = await firstPeriod(regimeId);
    const spoil = `update report_obligation set body = jsonb_set(body, '{taken}', $2::jsonb) where id = $1`;
    const [sound] = await world.sql<{ taken: string }>(
      `select body ->> 'taken' as taken from report_obligation where id = $1`,
      [was.finance.id],
    );
    await world.sql(spoil, [was.finance.id, 'null']);
    await declareOff('of-health', was.health.due, 3);
    await world.sql(spoil, [was.finance.id, sound?.taken]);
    expect(await movedBy(regimeId, was)).toEqual({ health: 3, justice: 0, finance: 0, agency: 2 });
    const [edit] = await world.sql<{ moved: number; set_aside: number; done: boolean }>(
      `select moved, set_aside, done_at is not null as done from calendar_edit order by recorded_at desc limit 1`,
    );
    expect(edit).toEqual({ moved: 2, set_aside: 1, done: true });
  });

  test('follows those below over whose due instant commands could not be accepted', async () => {
    const regimeId = await threeLevels();
    const was = await firstPeriod(regimeId);
    await skipTo(world, was.health.due - HOUR);
    await tellAcceptance(world.engine, 'api:one', MARGIN_MS);
    await world.skip(2 * HOUR);
    await world.sql("update acceptance set last_at = last_at - interval '2 hours'");
    expect(await tellAcceptance(world.engine, 'api:one', MARGIN_MS)).toBe(true);
    while (await workOnOutages(world.engine));
    expect(await movedBy(regimeId, was)).toEqual({ health: 1, justice: 1, finance: 1, agency: 1 });
    const events = (await firstPeriod(regimeId)).agency.events.split(' ');
    expect(events.filter((type) => type !== 'step_taken')).toEqual(['opened', 'outage_excused']);
    const before = await eventsOf(regimeId);
    await world.sql("update outage set closed_at = null, stage = 'assignments', cursor_id = null");
    while (await workOnOutages(world.engine));
    expect(await eventsOf(regimeId)).toBe(before);
  });
});
