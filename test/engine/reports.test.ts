import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { conductReferral } from '../../src/engine/conduct.js';
import { conductRegime } from '../../src/engine/conduct-reports.js';
import { executeReferral } from '../../src/engine/execute-referral.js';
import { issueBatch } from '../../src/engine/issue.js';
import { createRegime, endRegime, requestReports, reviseRegime } from '../../src/engine/regimes.js';
import { executeReport, figuresOf, type ProgressEntry } from '../../src/engine/reports.js';
import type { Outcome } from '../../src/engine/request.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { brokenInvariants } from '../support/record.js';
import { DAY, EVERY_DAY, HOUR } from '../support/reporting.js';
import { issue } from '../support/story.js';
import { createWorld, QUICK_POLICY, subjectOf, type World } from '../support/world.js';

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

const agency = () => world.request(world.as('standing_agency'));
const today = async (): Promise<string> =>
  new Date((await world.now()) + 7 * HOUR).toISOString().slice(0, 10);

async function daily(unitIds: readonly string[], directiveIds: readonly string[] = []): Promise<string> {
  return subjectOf(
    await createRegime(world.engine, agency(), {
      name: 'Báo cáo ngày',
      nameEn: 'Daily report',
      directiveIds,
      schedule: { kind: 'periodic', periodicity: { kind: 'daily' }, startsOn: await today() },
      levels: [{ name: null, unitIds, groupCodes: [], dueWorkingDays: 1 }],
    }),
  );
}

/** The conductor's passes until it rests; the clock is where the test has moved it. */
async function conduct(regimeId: string): Promise<void> {
  for (let passes = 0; passes < 20; passes += 1) {
    const pass = await conductRegime(world.engine, regimeId, Number.MAX_SAFE_INTEGER);
    if (pass.ended || pass.taken === 0) return;
  }
  throw new Error('The regime never comes to rest');
}

interface Row {
  readonly id: string;
  readonly period: string;
  readonly unit_id: string;
  readonly state: string;
  readonly late: boolean | null;
  readonly due: number;
}

const reports = async (regimeId: string, asOf?: number): Promise<Row[]> =>
  await world.sql<Row & Record<string, unknown>>(
    `select id, period, unit_id, late, (extract(epoch from due_at) * 1000)::float8 as due,
            states[cardinality(array(select 1 from unnest(states_from) since where since <= coalesce(to_timestamp($2::float8 / 1000), app_now())))] as state
       from report_obligation where regime_id = $1 order by period, unit_id`,
    [regimeId, asOf ?? null],
  );

/** Moves the clock to a second past the due instant of the earliest report that is still open. */
async function passDue(regimeId: string): Promise<Row> {
  const now = await world.now();
  const [next] = (await reports(regimeId)).filter((row) => row.due > now && row.late === null);
  if (next === undefined) throw new Error('Nothing is due');
  await world.skip(next.due + 2_000 - now);
  await conduct(regimeId);
  return next;
}

const submit = async (
  id: string,
  unit: keyof World['units'],
  entries: readonly ProgressEntry[] = [],
): Promise<Outcome> =>
  await executeReport(
    world.engine,
    world.request(world.as('unit', unit)),
    id,
    { action: 'submit', input: { text: 'Đã thực hiện', progress: figuresOf(entries) } },
    entries,
  );

test('a period is opened for every unit at its start, judged at its due instant, and late is only who was late', async () => {
  const { health, justice } = world.units;
  const regimeId = await daily([health, justice]);
  await conduct(regimeId);
  const [first, second] = await reports(regimeId);
  expect([first?.state, second?.state]).toEqual(['not_due', 'not_due']);
  const own = first?.unit_id === health ? first : second;
  expect('refused' in (await submit(own?.id ?? '', 'health'))).toBe(false);
  await passDue(regimeId);
  const judged = (await reports(regimeId)).filter((row) => row.period === own?.period);
  expect(new Map(judged.map((row) => [row.unit_id, [row.state, row.late]]))).toEqual(
    new Map([
      [health, ['received_on_time', false]],
      [justice, ['missing', true]],
    ]),
  );
  // Just before the due instant nobody was missing: the list as of then says so.
  const before = await reports(regimeId, (own?.due ?? 0) - 1_000);
  expect(before.find((row) => row.unit_id === justice && row.period === own?.period)?.state).toBe('due');
});

test('a missing report that comes is received late, and two periods in a row make a case with both as evidence', async () => {
  const { finance } = world.units;
  const regimeId = await daily([finance]);
  await conduct(regimeId);
  const first = await passDue(regimeId);
  expect('refused' in (await submit(first.id, 'finance'))).toBe(false);
  expect((await reports(regimeId))[0]?.state).toBe('received_late');
  expect(await casesOf(regimeId)).toEqual([]);
  const second = await passDue(regimeId);
  const [found] = await casesOf(regimeId);
  expect(found).toMatchObject({ state: 'proposed', unit_id: finance, assignment_id: null });
  expect(found?.evidence).toEqual([first.id, second.id]);
  const letters = await world.sql<{ recipient_kind: string }>(
    "select recipient_kind from item where template = 'reporting_referral_proposed' order by 1",
  );
  expect(letters.map((letter) => letter.recipient_kind)).toEqual(['head', 'standing_agency']);
  // The window passes without an objection, and the case goes to Home Affairs by itself.
  await world.skip(301_000);
  await conductReferral(world.engine, found?.id ?? '', Number.MAX_SAFE_INTEGER);
  expect((await casesOf(regimeId))[0]?.state).toBe('referred');
});

interface CaseRow {
  readonly id: string;
  readonly state: string;
  readonly unit_id: string;
  readonly assignment_id: string | null;
  readonly evidence: string[];
}

const casesOf = async (regimeId: string): Promise<CaseRow[]> =>
  await world.sql<CaseRow & Record<string, unknown>>(
    `select id, state, unit_id, assignment_id, array(select p ->> 'obligationId' from jsonb_array_elements(body #> '{facts,periods}') p) as evidence
       from referral where regime_id = $1 order by id`,
    [regimeId],
  );

test('a paper that had arrived in time undoes the judgement and withdraws the case that rests on it', async () => {
  const { justice } = world.units;
  const regimeId = await daily([justice]);
  await conduct(regimeId);
  await passDue(regimeId);
  const second = await passDue(regimeId);
  const [found] = await casesOf(regimeId);
  expect(found?.state).toBe('proposed');
  const document = { number: '12/BC-STP', date: await today(), arrivedAt: second.due - HOUR };
  const recorded = await executeReport(world.engine, { ...agency(), document }, second.id, {
    action: 'submit',
    input: { text: 'Báo cáo bằng văn bản', progress: [] },
  });
  expect('refused' in recorded).toBe(false);
  const row = (await reports(regimeId)).find(({ id }) => id === second.id);
  expect([row?.state, row?.late]).toEqual(['received_on_time', false]);
  const voided = await world.sql('select 1 from step_taken where subject_id = $1 and voided_at is not null', [
    second.id,
  ]);
  expect(voided.length).toBeGreaterThan(0);
  await conductReferral(world.engine, found?.id ?? '', Number.MAX_SAFE_INTEGER);
  expect((await casesOf(regimeId))[0]?.state).toBe('withdrawn');
});

test('a request to be excused holds the case, and the excuse takes its ground away', async () => {
  const { health } = world.units;
  const regimeId = await daily([health]);
  await conduct(regimeId);
  await passDue(regimeId);
  const second = await passDue(regimeId);
  const [found] = await casesOf(regimeId);
  await executeReport(world.engine, world.request(world.as('unit', 'health')), second.id, {
    action: 'ask_excuse',
    input: { reason: 'Mất điện toàn xã' },
  });
  await world.skip(301_000);
  await conductReferral(world.engine, found?.id ?? '', Number.MAX_SAFE_INTEGER);
  expect((await casesOf(regimeId))[0]?.state).toBe('proposed');
  const without = await executeReport(world.engine, agency(), second.id, {
    action: 'excuse',
    input: { reason: 'Bất khả kháng' },
  });
  expect('refused' in without && without.code).toBe('document_required');
  const document = { number: '7/TB-TCT', date: await today() };
  await executeReport(world.engine, { ...agency(), document }, second.id, {
    action: 'excuse',
    input: { reason: 'Bất khả kháng' },
  });
  await conductReferral(world.engine, found?.id ?? '', Number.MAX_SAFE_INTEGER);
  expect((await casesOf(regimeId))[0]?.state).toBe('withdrawn');
  const refusal = await executeReferral(world.engine, agency(), found?.id ?? '', {
    action: 'withdraw',
    input: { reason: 'x' },
  });
  expect('refused' in refusal && refusal.code).toBe('transition_not_allowed');
});

test('one report carries the progress of all assignments of the unit, and keeps both values of a correction', async () => {
  const directiveId = await issue(world, ['health'], 'within 60 days');
  await issueBatch(world.engine, directiveId);
  const [assignment] = await world.sql<{ id: string }>('select id from assignment where directive_id = $1', [
    directiveId,
  ]);
  const regimeId = await daily([world.units.health], [directiveId]);
  await conduct(regimeId);
  const [row] = await reports(regimeId);
  const entry = (numerator: number): ProgressEntry => ({
    assignmentId: assignment?.id ?? '',
    report: { text: 'Đến nay', figure: { numerator, denominator: 100, asOf: '2026-01-05' } },
  });
  const strange = { ...entry(1), assignmentId: regimeId };
  const refused = await submit(row?.id ?? '', 'health', [entry(40), strange]);
  expect('refused' in refused && [refused.code, refused.errors?.[0]?.pointer]).toEqual([
    'reference_unknown',
    '/progress/1/assignmentId',
  ]);
  expect('refused' in (await submit(row?.id ?? '', 'health', [entry(40)]))).toBe(false);
  const restated = await executeReport(
    world.engine,
    world.request(world.as('unit', 'health')),
    row?.id ?? '',
    { action: 'restate', input: { reason: 'Nhập sai số', progress: figuresOf([entry(38)]) } },
    [entry(38)],
  );
  expect('refused' in restated).toBe(false);
  const figures = await world.sql<{ n: number }>(
    "select (data #>> '{figure,numerator}')::int as n from event where subject_id = $1 and type = 'reported' order by seq",
    [assignment?.id],
  );
  expect(figures.map(({ n }) => n)).toEqual([40, 38]);
  const [change] = await world.sql<{ before: number; after: number }>(
    `select (data #>> '{changes,0,before,figure,numerator}')::int as before, (data #>> '{changes,0,after,figure,numerator}')::int as after
       from event where subject_id = $1 and type = 'restated'`,
    [row?.id],
  );
  expect(change).toEqual({ before: 40, after: 38 });
});

test('an ad hoc request is due at its own instant, and ends when all it asked for is judged', async () => {
  const { justice, finance } = world.units;
  const regimeId = subjectOf(
    await requestReports(world.engine, agency(), {
      name: 'Báo cáo nhanh',
      nameEn: null,
      directiveIds: [],
      deadline: 'within 2 hours',
      closesOn: null,
      unitIds: [justice, finance],
      groupCodes: [],
    }),
  );
  await conduct(regimeId);
  expect((await reports(regimeId)).map(({ state }) => state)).toEqual(['due', 'due']);
  await passDue(regimeId);
  expect((await reports(regimeId)).map(({ state }) => state)).toEqual(['missing', 'missing']);
  // The ladder of the default policy is done within a week.
  for (let days = 0; days < 8; days += 1) {
    await world.skip(DAY);
    await conduct(regimeId);
  }
  const [regime] = await world.sql<{ state: string }>('select state from reporting_regime where id = $1', [
    regimeId,
  ]);
  expect(regime?.state).toBe('ended');
  const steps = await world.sql<{ step: string }>(
    'select distinct step from step_taken where subject_id = any($1) order by step',
    [(await reports(regimeId)).map(({ id }) => id)],
  );
  expect(steps.map(({ step }) => step)).toEqual(['judge', 'supervisor', 'urge', 'urging-letter']);
});

test('a new version judges the next period, and an ended regime lets what runs lapse and keeps what fell due', async () => {
  const { justice, finance } = world.units;
  const regimeId = await daily([justice]);
  await conduct(regimeId);
  const stored = await world.sql<{ seq: number }>('select seq from reporting_regime where id = $1', [
    regimeId,
  ]);
  const seq = stored[0]?.seq ?? 0;
  const definition = {
    name: 'Báo cáo ngày',
    nameEn: null,
    directiveIds: [],
    schedule: { kind: 'periodic' as const, periodicity: { kind: 'daily' as const }, startsOn: await today() },
    levels: [{ name: null, unitIds: [justice, finance], groupCodes: [], dueWorkingDays: 2 }],
  };
  const stale = await reviseRegime(world.engine, agency(), regimeId, definition, seq - 1);
  expect('refused' in stale && stale.code).toBe('version_changed');
  subjectOf(await reviseRegime(world.engine, agency(), regimeId, definition, seq));
  expect((await reports(regimeId)).length).toBe(1);
  const first = await passDue(regimeId);
  expect((await reports(regimeId)).filter(({ period }) => period !== first.period).length).toBe(2);
  subjectOf(await endRegime(world.engine, agency(), regimeId, 'Kết thúc đợt cao điểm'));
  const after = await reports(regimeId);
  expect(after.map(({ state }) => state).sort()).toEqual(['lapsed', 'lapsed', 'missing']);
});

test('a report that is returned after its regime is through starts the process of the regime again', async () => {
  const regimeId = subjectOf(
    await requestReports(world.engine, agency(), {
      name: 'Báo cáo nhanh',
      nameEn: null,
      directiveIds: [],
      deadline: 'within 2 hours',
      closesOn: null,
      unitIds: [world.units.health],
      groupCodes: [],
    }),
  );
  await conduct(regimeId);
  const [row] = await reports(regimeId);
  expect('refused' in (await submit(row?.id ?? '', 'health'))).toBe(false);
  const through = await conductRegime(world.engine, regimeId, Number.MAX_SAFE_INTEGER);
  expect(through.ended).toBe(true);
  await world.sql('delete from wake where conductor_id = $1', [regimeId]);
  const returned = await executeReport(world.engine, agency(), row?.id ?? '', {
    action: 'return',
    input: { reason: 'Thiếu biểu số 2', formOnly: false },
  });
  expect('refused' in returned).toBe(false);
  const wakes = await world.sql('select reason from wake where conductor_id = $1', [regimeId]);
  expect(wakes).toEqual([{ reason: 'earlier' }]);
  // It lives until what is owed has come or is judged, and is through once more.
  const again = await conductRegime(world.engine, regimeId, Number.MAX_SAFE_INTEGER);
  expect([again.ended, again.nextInMs !== null]).toEqual([false, true]);
  expect('refused' in (await submit(row?.id ?? '', 'health'))).toBe(false);
  expect((await conductRegime(world.engine, regimeId, Number.MAX_SAFE_INTEGER)).ended).toBe(true);
});
