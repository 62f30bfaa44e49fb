import { describe, expect } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { ALWAYS_OPEN, localDate } from '../../src/domain/calendar.js';
import { conductRegime } from '../../src/engine/conduct-reports.js';
import { createRegime, endRegime } from '../../src/engine/regimes.js';
import { type CrashLife, crashKit } from '../support/crash-kit.js';
import { type Poison, poison } from '../support/poison.js';
import { askForReports, reportFor } from '../support/story.js';
import { subjectOf, type World } from '../support/world.js';

const DAY = 86_400_000;
/** What comes beside the judgement, sooner or later. */
const BESIDE: ReadonlySet<string> = new Set(['opened', 'step_taken', 'urging_ended']);

describe('a reporting regime', () => {
  crashKit({
    workflow: 'reportingCycle',
    begin: async (world) => {
      // The first one moves the clock there and back.
      const first = await silentForDays(world);
      return [first, await asked(world), await spoiled(world, 'late'), await spoiled(world, 'in time')];
    },
  });
});

interface Row {
  readonly type: string;
  readonly unit_id: string;
  readonly step: string | null;
}

const regimeTypes = async (world: World, id: string): Promise<string[]> =>
  (await world.sql<{ type: string }>('select type from event where subject_id = $1 order by seq', [id])).map(
    ({ type }) => type,
  );

const reportEvents = async (world: World, id: string): Promise<Row[]> =>
  await world.sql<Row & Record<string, unknown>>(
    `select e.type, e.unit_id, e.data ->> 'step' as step from event e join report_obligation o on o.id = e.subject_id
      where o.regime_id = $1 order by o.opens_on, e.seq`,
    [id],
  );

/** One unit reports, the other is silent until the ladder has no rung left. */
async function asked(world: World): Promise<CrashLife> {
  const id = await askForReports(world, ['health', 'justice'], 'within 4 seconds');
  return {
    id,
    play: async () => await reportFor(world, id, 'justice'),
    check: async () => {
      expect(await regimeTypes(world, id)).toEqual(['created', 'period_opened', 'ended']);
      const reports = await reportEvents(world, id);
      const ofUnit = (unit: string): (string | null)[] =>
        reports.filter(({ unit_id }) => unit_id === unit).map(({ type, step }) => step ?? type);
      expect(ofUnit(world.units.health)).toEqual(['opened', 'judge', 'urge', 'supervisor']);
      expect(ofUnit(world.units.justice)[0]).toBe('opened');
      expect(ofUnit(world.units.justice)).toContain('submitted');
    },
  };
}

async function addUnit(world: World): Promise<string> {
  const id = uuidv7();
  await world.sql(
    "insert into unit (id, code, name, group_code, email) values ($1, $2, 'Phòng cũ', 'old', 'old@example.vn')",
    [id, id],
  );
  return id;
}

async function endUnit(world: World, id: string, on: string, regimeId: string): Promise<void> {
  await world.sql('update unit set valid_to = $2 where id = $1', [id, on]);
  await world.sql(
    "insert into wake (conductor_kind, conductor_id, reason) values ('reportingCycle', $1, 'earlier')",
    [regimeId],
  );
}

/**
 * Created some days ago: two periods have gone by in silence, and that makes a case. That one unit had ended is known
 * before it is judged; that the other had, after.
 */
async function silentForDays(world: World): Promise<CrashLife> {
  const [late, gone] = [await addUnit(world), await addUnit(world)];
  await world.skip(-5 * DAY);
  const agency = () => world.request(world.as('standing_agency'));
  const dayOf = async (offset: number): Promise<string> =>
    localDate(ALWAYS_OPEN, (await world.now()) + offset * DAY);
  const id = subjectOf(
    await createRegime(world.engine, agency(), {
      name: 'Báo cáo ngày',
      nameEn: 'Daily report',
      directiveIds: [],
      schedule: { kind: 'periodic', periodicity: { kind: 'daily' }, startsOn: await dayOf(0) },
      levels: [{ name: null, unitIds: [late, gone], groupCodes: [], dueWorkingDays: 1 }],
    }),
  );
  // Between the due instant of the first period and that of the second.
  const end = await dayOf(2);
  // A period that is opened after its time has a later due instant: these two are opened on their days.
  for (let days = 0; days < 2; days += 1) {
    await conductRegime(world.engine, id, Number.MAX_SAFE_INTEGER);
    await world.skip(DAY);
  }
  await endUnit(world, gone, end, id);
  await world.skip(3 * DAY);
  const typesOf = async (unitId: string): Promise<string[]> =>
    (await reportEvents(world, id)).filter((row) => row.unit_id === unitId).map(({ type }) => type);
  const cases = async () => await world.sql('select 1 from referral where regime_id = $1', [id]);
  return {
    id,
    play: async () => {
      const [now] = await world.sql<{ running: boolean; ended: boolean }>(
        `select r.state = 'active' and r.armed_at > '-infinity' as running, u.valid_to is not null as ended
           from reporting_regime r, unit u where r.id = $1 and u.id = $2`,
        [id, late],
      );
      if (now?.running !== true || (await cases()).length === 0) return;
      if (!now.ended) await endUnit(world, late, end, id);
      if ((await typesOf(late)).includes('steps_voided'))
        subjectOf(await endRegime(world.engine, agency(), id, 'Đã đủ'));
    },
    check: async () => {
      expect(await cases()).toHaveLength(1);
      const ofLate = (await typesOf(late)).filter((type) => !BESIDE.has(type));
      expect(ofLate.slice(0, 4)).toEqual(['judged', 'judged', 'lapsed', 'steps_voided']);
      const ofGone = (await typesOf(gone)).filter((type) => type !== 'opened');
      expect(ofGone.sort()).toEqual(['judged', 'lapsed', 'urging_ended']);
    },
  };
}

/** No decider can read what the unit owes; set aside and mended, it is handed in: in time, or late and judged. */
async function spoiled(world: World, handedIn: 'late' | 'in time'): Promise<CrashLife> {
  const late = handedIn === 'late';
  const id = await askForReports(world, ['finance'], late ? 'within 8 seconds' : 'within 5 minutes');
  let spoilt: Poison | null = null;
  return {
    id,
    play: async () => {
      const [owed] = await world.sql<{ id: string; missing: boolean }>(
        `select id, due_at + interval '1 second' <= app_now() as missing from report_obligation
          where regime_id = $1 and received_at is null`,
        [id],
      );
      if (owed === undefined) return;
      spoilt ??= await poison(world, 'report_obligation', owed.id);
      if ((late && !owed.missing) || !(await spoilt.isSetAside())) return;
      await spoilt.mend();
      await reportFor(world, id, 'finance');
    },
    check: async () => {
      expect(await regimeTypes(world, id)).toEqual(['created', 'period_opened', 'ended']);
      const types = (await reportEvents(world, id)).map(({ type }) => type);
      const judged = late ? ['judged'] : [];
      expect(types.filter((type) => type !== 'step_taken')).toEqual(['opened', 'submitted', ...judged]);
    },
  };
}
