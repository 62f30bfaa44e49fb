import { describe, expect } from '@jest/globals';
import { ALWAYS_OPEN, localDate } from '../../src/domain/calendar.js';
import { conductRegime } from '../../src/engine/conduct-reports.js';
import { createRegime, endRegime } from '../../src/engine/regimes.js';
import { type CrashLife, crashKit } from '../support/crash-kit.js';
import { type Poison, poison } from '../support/poison.js';
import { askForReports, reportFor } from '../support/story.js';
import { subjectOf, type World } from '../support/world.js';

const DAY = 86_400_000;

describe('a reporting regime', () => {
  crashKit({
    workflow: 'reportingCycle',
    begin: async (world) => {
      // The first one moves the clock there and back.
      const first = await silentForDays(world);
      return [first, await asked(world), await spoiled(world)];
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

/** Created some days ago: two periods have gone by in silence, and that makes a case. */
async function silentForDays(world: World): Promise<CrashLife> {
  await world.skip(-5 * DAY);
  const agency = () => world.request(world.as('standing_agency'));
  const id = subjectOf(
    await createRegime(world.engine, agency(), {
      name: 'Báo cáo ngày',
      nameEn: 'Daily report',
      directiveIds: [],
      schedule: {
        kind: 'periodic',
        periodicity: { kind: 'daily' },
        startsOn: localDate(ALWAYS_OPEN, await world.now()),
      },
      levels: [{ name: null, unitIds: [world.units.finance], groupCodes: [], dueWorkingDays: 1 }],
    }),
  );
  // A period that is opened after its time has a later due instant: these two are opened on their days.
  for (let days = 0; days < 2; days += 1) {
    await conductRegime(world.engine, id, Number.MAX_SAFE_INTEGER);
    await world.skip(DAY);
  }
  await world.skip(3 * DAY);
  const cases = async () => await world.sql('select 1 from referral where regime_id = $1', [id]);
  return {
    id,
    play: async () => {
      const [regime] = await world.sql<{ state: string }>(
        'select state from reporting_regime where id = $1',
        [id],
      );
      if (regime?.state === 'active' && (await cases()).length > 0)
        subjectOf(await endRegime(world.engine, agency(), id, 'Đã đủ'));
      // What fell due stays owed, until it comes.
      if (regime?.state === 'ended') await reportFor(world, id, 'finance', 'due_at > app_now()');
    },
    check: async () => {
      expect(await cases()).toHaveLength(1);
      const judged = (await reportEvents(world, id)).filter(({ type }) => type === 'judged');
      expect(judged.length).toBeGreaterThanOrEqual(2);
    },
  };
}

/** No decider can read what the unit owes; set aside and mended, it is handed in late and judged. */
async function spoiled(world: World): Promise<CrashLife> {
  const id = await askForReports(world, ['finance'], 'within 8 seconds');
  let spoilt: Poison | null = null;
  return {
    id,
    play: async () => {
      const [owed] = await world.sql<{ id: string; due: boolean }>(
        'select id, due_at < app_now() as due from report_obligation where regime_id = $1 and received_at is null',
        [id],
      );
      if (owed === undefined) return;
      spoilt ??= await poison(world, 'report_obligation', owed.id);
      if (!owed.due || !(await spoilt.isSetAside())) return;
      await spoilt.mend();
      await reportFor(world, id, 'finance');
    },
    check: async () => {
      expect(await regimeTypes(world, id)).toEqual(['created', 'period_opened', 'ended']);
      const types = (await reportEvents(world, id)).map(({ type }) => type);
      expect(types.filter((type) => type !== 'step_taken')).toEqual(['opened', 'submitted', 'judged']);
    },
  };
}
