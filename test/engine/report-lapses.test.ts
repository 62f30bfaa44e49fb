import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { conductDirective, conductReferral } from '../../src/engine/conduct.js';
import { conductRegime } from '../../src/engine/conduct-reports.js';
import { closeDirective, withdrawDirective } from '../../src/engine/directives.js';
import { executeAssignments } from '../../src/engine/execute.js';
import { issueBatch } from '../../src/engine/issue.js';
import { createRegime, endRegime, requestReports, reviseRegime } from '../../src/engine/regimes.js';
import { executeReport } from '../../src/engine/reports.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  conductReports,
  DAY,
  dailyRegime,
  dateOf,
  EVERY_DAY,
  HOUR,
  type OwedRow,
  owedUnder,
  sendReport,
  skipTo,
  standingSteps,
  type Unit,
} from '../support/reporting.js';
import { assignmentOf, issue, stateOf, submitAndConfirm } from '../support/story.js';
import { createWorld, QUICK_POLICY, subjectOf, type World } from '../support/world.js';

let database: TestDatabase;
let world: World;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url, QUICK_POLICY, undefined, { calendar: EVERY_DAY });
});
afterAll(async () => {
  await world.close();
  await database.drop();
});

const agency = () => world.request(world.as('standing_agency'));
const owed = async (regimeId: string, asOf?: number): Promise<OwedRow[]> =>
  await owedUnder(world, regimeId, asOf);
const states = async (regimeId: string): Promise<string[]> =>
  (await owed(regimeId)).map(({ state, reason }) => (reason === null ? state : `${state} ${reason}`));
const first = async (regimeId: string): Promise<OwedRow> => {
  const [row] = await owed(regimeId);
  if (row === undefined) throw new Error('Nothing is owed');
  return row;
};

/** A directive in force, with an assignment for each unit. */
async function directive(...units: readonly Unit[]): Promise<string> {
  const id = await issue(world, units, 'within 60 days');
  await issueBatch(world.engine, id);
  return id;
}

/** A daily regime with its first period open. */
async function reporting(units: readonly Unit[], directiveIds: readonly string[] = []): Promise<string> {
  const id = await dailyRegime(world, units, directiveIds);
  await conductReports(world, id);
  return id;
}

const withdraw = async (id: string, more = {}): Promise<void> => {
  subjectOf(await withdrawDirective(world.engine, { ...agency(), ...more }, id, { reason: 'Thay thế' }));
};
const regimeOf = async (id: string) => {
  const [row] = await world.sql<{ state: string; by: string | null }>(
    "select state, body ->> 'endedBy' as by from reporting_regime where id = $1",
    [id],
  );
  return row;
};
const wakesOf = async (id: string): Promise<number> =>
  (await world.sql('select 1 from wake where conductor_id = $1', [id])).length;

/** Moves the clock past the due instant of what is still open, and has it judged. */
async function passDue(regimeId: string): Promise<OwedRow> {
  const row = (await owed(regimeId)).find(({ late, reason }) => late === null && reason === null);
  if (row === undefined) throw new Error('Nothing is due');
  await skipTo(world, row.due + 2_000);
  await conductReports(world, regimeId);
  return row;
}

describe('a directive that is withdrawn', () => {
  test('leaves nothing to report that had not fallen due, and what was missing before stays', async () => {
    const id = await directive('health');
    const regimeId = await reporting(['health', 'justice'], [id]);
    const before = await first(regimeId);
    const other = (await owed(regimeId)).find((row) => row.unit_id === world.units.justice);
    await sendReport(world, other?.id ?? '', 'justice');
    await passDue(regimeId);
    await withdraw(id);
    const rows = await owed(regimeId);
    const told = new Map(rows.map((row) => [`${row.period} ${row.unit_id}`, [row.state, row.reason]]));
    const next = rows.find(({ period }) => period !== before.period)?.period;
    expect(told).toEqual(
      new Map([
        [`${before.period} ${world.units.health}`, ['missing', null]],
        [`${before.period} ${world.units.justice}`, ['received_on_time', null]],
        [`${next} ${world.units.health}`, ['lapsed', 'directive_withdrawn']],
        [`${next} ${world.units.justice}`, ['lapsed', 'directive_withdrawn']],
      ]),
    );
    expect(await regimeOf(regimeId)).toEqual({ state: 'ended', by: 'withdrawn' });
    expect(await wakesOf(regimeId)).toBeGreaterThan(0);
    // However long the clock runs, no period opens and nothing of what lapsed is judged.
    await world.skip(3 * DAY);
    await conductReports(world, regimeId);
    const later = await owed(regimeId);
    expect(later.length).toBe(4);
    expect(later.filter(({ period }) => period === next).map(({ state }) => state)).toEqual([
      'lapsed',
      'lapsed',
    ]);
  });

  test('takes back closed figures that are expected, too', async () => {
    const id = await directive('health');
    const regimeId = await reporting(['health'], [id]);
    await skipTo(world, (await first(regimeId)).closes + 2_000);
    expect((await first(regimeId)).state).toBe('due');
    await withdraw(id);
    expect(await first(regimeId)).toMatchObject({ state: 'lapsed', planned: null });
  });

  test('changes nothing while the regime covers another one, until that is withdrawn as well', async () => {
    const [one, two] = [await directive('health'), await directive('health')];
    const regimeId = await reporting(['health'], [one, two]);
    await withdraw(one);
    expect(await states(regimeId)).toEqual(['not_due']);
    expect(await regimeOf(regimeId)).toEqual({ state: 'active', by: null });
    await withdraw(two);
    expect(await states(regimeId)).toEqual(['lapsed directive_withdrawn']);
  });

  test('is judged for each period by the version that it was opened under', async () => {
    const [one, two] = [await directive('health'), await directive('health')];
    const regimeId = await reporting(['health'], [one]);
    const [stored] = await world.sql<{ seq: number }>('select seq from reporting_regime where id = $1', [
      regimeId,
    ]);
    const definition = {
      name: 'Báo cáo ngày',
      nameEn: null,
      directiveIds: [two],
      schedule: {
        kind: 'periodic' as const,
        periodicity: { kind: 'daily' as const },
        startsOn: dateOf(await world.now()),
      },
      levels: [{ name: null, unitIds: [world.units.health], groupCodes: [], dueWorkingDays: 1 }],
    };
    subjectOf(await reviseRegime(world.engine, agency(), regimeId, definition, stored?.seq ?? 0));
    await skipTo(world, (await first(regimeId)).closes + 2_000);
    await conductReports(world, regimeId);
    await withdraw(one);
    expect(await states(regimeId)).toEqual(['lapsed directive_withdrawn', 'not_due']);
    expect((await regimeOf(regimeId))?.state).toBe('active');
  });

  test('does not touch a regime that names no directive', async () => {
    const regimeId = await reporting(['health']);
    await withdraw(await directive('health'));
    expect(await states(regimeId)).toEqual(['not_due']);
  });

  test('is not named by a regime that is being set up while it is withdrawn', async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = await directive('health');
      const definition = {
        name: 'Báo cáo ngày',
        nameEn: null,
        directiveIds: [id],
        schedule: {
          kind: 'periodic' as const,
          periodicity: { kind: 'daily' as const },
          startsOn: dateOf(await world.now()),
        },
        levels: [{ name: null, unitIds: [world.units.health], groupCodes: [], dueWorkingDays: 1 }],
      };
      const [made] = await Promise.all([createRegime(world.engine, agency(), definition), withdraw(id)]);
      if ('refused' in made) expect(made.code).toBe('reference_unknown');
      else expect(await regimeOf(subjectOf(made))).toEqual({ state: 'ended', by: 'withdrawn' });
    }
  });
});

describe('judging and lapsing at the same time', () => {
  const TEN_SECONDS = 10_000;

  /** Due, and not judged yet: the clock stands two seconds behind the due instant. */
  async function atDue(): Promise<{ directiveId: string; regimeId: string; report: OwedRow }> {
    const directiveId = await directive('finance');
    const regimeId = await reporting(['finance'], [directiveId]);
    const report = await first(regimeId);
    await skipTo(world, report.due + 2_000);
    return { directiveId, regimeId, report };
  }
  /** It had come before the due instant, and waited since. */
  const early = () => ({ arrived: performance.now() - TEN_SECONDS });

  test('a withdrawal that arrived before the due instant undoes a judgement that came first', async () => {
    const { directiveId, regimeId, report } = await atDue();
    await conductReports(world, regimeId);
    expect(await first(regimeId)).toMatchObject({ state: 'missing', late: true });
    await withdraw(directiveId, early());
    expect(await first(regimeId)).toMatchObject({ state: 'lapsed', late: null, planned: null });
    expect((await first(regimeId)).settled).toBeLessThan(report.due);
    expect(await standingSteps(world, report.id)).toEqual([]);
  });

  test('a withdrawal that came first leaves the due step nothing to judge', async () => {
    const { directiveId, regimeId, report } = await atDue();
    await withdraw(directiveId, early());
    await conductReports(world, regimeId);
    expect(await first(regimeId)).toMatchObject({ state: 'lapsed', late: null });
    expect(await standingSteps(world, report.id)).toEqual([]);
  });

  test('a withdrawal that arrived after the due instant leaves it missing, whoever comes first', async () => {
    const judged = await atDue();
    await conductReports(world, judged.regimeId);
    await withdraw(judged.directiveId);
    const withdrawn = await atDue();
    await withdraw(withdrawn.directiveId);
    await conductReports(world, withdrawn.regimeId);
    for (const { regimeId, report } of [judged, withdrawn]) {
      const row = (await owed(regimeId)).find(({ id }) => id === report.id);
      expect(row).toMatchObject({ state: 'missing', late: true, reason: null });
    }
  });

  test('at once, they come to the same by instants', async () => {
    for (let round = 0; round < 6; round += 1) {
      const { directiveId, regimeId, report } = await atDue();
      const inTime = round % 2 === 0;
      await Promise.all([
        conductRegime(world.engine, regimeId, Number.MAX_SAFE_INTEGER),
        withdraw(directiveId, inTime ? early() : {}),
      ]);
      await conductReports(world, regimeId);
      const row = (await owed(regimeId)).find(({ id }) => id === report.id);
      expect(row).toMatchObject(inTime ? { state: 'lapsed', late: null } : { state: 'missing', late: true });
    }
  });

  test('the case that rests on what lapsed is withdrawn by its own review', async () => {
    const directiveId = await directive('finance');
    const regimeId = await reporting(['finance'], [directiveId]);
    await passDue(regimeId);
    await passDue(regimeId);
    const cases = async () =>
      await world.sql<{ id: string; state: string }>('select id, state from referral where regime_id = $1', [
        regimeId,
      ]);
    const [found] = await cases();
    expect(found?.state).toBe('proposed');
    await withdraw(directiveId, early());
    await conductReferral(world.engine, found?.id ?? '', Number.MAX_SAFE_INTEGER);
    expect((await cases())[0]?.state).toBe('withdrawn');
  });
});

describe('a directive that is closed', () => {
  test('lets the window that runs lapse, and leaves closed figures expected', async () => {
    const id = await directive('health');
    const regimeId = await reporting(['health'], [id]);
    await skipTo(world, (await first(regimeId)).closes + 2_000);
    await conductReports(world, regimeId);
    expect(await states(regimeId)).toEqual(['due', 'not_due']);
    subjectOf(await closeDirective(world.engine, agency(), id, { reason: 'Hết năm', carryOver: true }));
    expect(await states(regimeId)).toEqual(['due', 'lapsed directive_closed']);
    expect(await regimeOf(regimeId)).toEqual({ state: 'ended', by: 'closed' });
    await skipTo(world, (await first(regimeId)).due + 2_000);
    await conductReports(world, regimeId);
    expect(await states(regimeId)).toEqual(['missing', 'lapsed directive_closed']);
  });

  test('does not take back what was asked for ad hoc; a withdrawal does', async () => {
    const ask = async (directiveId: string): Promise<string> => {
      const regimeId = subjectOf(
        await requestReports(world.engine, agency(), {
          name: 'Tổng kết',
          nameEn: null,
          directiveIds: [directiveId],
          deadline: 'within 2 hours',
          closesOn: null,
          unitIds: [world.units.health],
          groupCodes: [],
        }),
      );
      await conductReports(world, regimeId);
      return regimeId;
    };
    const [closed, withdrawn] = [await directive('health'), await directive('health')];
    const [summary, question] = [await ask(closed), await ask(withdrawn)];
    subjectOf(await closeDirective(world.engine, agency(), closed, { reason: 'Hết năm', carryOver: true }));
    await withdraw(withdrawn);
    expect(await states(summary)).toEqual(['due']);
    expect(await states(question)).toEqual(['lapsed directive_withdrawn']);
  });

  test('is reported on again from the day on which it is reopened, and for nothing between', async () => {
    const id = await directive('health');
    const regimeId = await reporting(['health'], [id]);
    const assignment = await assignmentOf(world, id, 'health');
    await submitAndConfirm(world, assignment?.id ?? '', 'health');
    await conductDirective(world.engine, id, Number.MAX_SAFE_INTEGER);
    expect(await stateOf(world, id)).toBe('closed');
    expect(await states(regimeId)).toEqual(['lapsed directive_closed']);
    await world.skip(5 * DAY);
    await conductReports(world, regimeId);
    const reopen = {
      action: 'reopen' as const,
      input: { reason: 'Sai số liệu', deadline: 'within 60 days' },
    };
    subjectOf(await executeAssignments(world.engine, agency(), [assignment?.id ?? ''], reopen));
    expect(await regimeOf(regimeId)).toEqual({ state: 'active', by: null });
    const today = dateOf(await world.now());
    await conductReports(world, regimeId);
    const rows = await owed(regimeId);
    expect(rows.map(({ state, period }) => [state, period === today])).toEqual([
      ['lapsed', false],
      ['not_due', true],
    ]);
    // What has come back is judged like any other.
    await skipTo(world, (rows[1]?.due ?? 0) + 2_000);
    await conductReports(world, regimeId);
    expect((await states(regimeId)).slice(0, 2)).toEqual(['lapsed directive_closed', 'missing']);
  });
});

describe('a regime that ends by decision', () => {
  test('leaves nothing of an ad hoc request that had not fallen due', async () => {
    const regimeId = subjectOf(
      await requestReports(world.engine, agency(), {
        name: 'Báo cáo nhanh',
        nameEn: null,
        directiveIds: [],
        deadline: 'within 2 hours',
        closesOn: null,
        unitIds: [world.units.health, world.units.justice],
        groupCodes: [],
      }),
    );
    await conductReports(world, regimeId);
    const [row] = await owed(regimeId);
    const unit = row?.unit_id === world.units.health ? 'health' : 'justice';
    await sendReport(world, row?.id ?? '', unit);
    subjectOf(await endRegime(world.engine, agency(), regimeId, 'Không cần nữa'));
    expect(await states(regimeId)).toEqual(['received_on_time', 'lapsed request_ended']);
  });
});

describe('a unit that is no more', () => {
  /** A commune of its own, under a regime of its own. */
  async function commune(dueWorkingDays = 2): Promise<{ unitId: string; regimeId: string }> {
    const [row] = await world.sql<{ id: string }>(
      `insert into unit (id, code, name, group_code)
       select gen_random_uuid(), 'xa-' || gen_random_uuid(), 'Xã A', 'commune' returning id`,
    );
    const unitId = row?.id ?? '';
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
        levels: [{ name: null, unitIds: [unitId], groupCodes: [], dueWorkingDays }],
      }),
    );
    await conductReports(world, regimeId);
    return { unitId, regimeId };
  }
  const abolish = async (unitId: string, on: string): Promise<void> => {
    await world.sql('update unit set valid_to = $2::date where id = $1', [unitId, on]);
  };

  test('owes nothing that falls due after its last day, at that instant and not before', async () => {
    const { unitId, regimeId } = await commune();
    // The day after tomorrow the period of today falls due; tomorrow the unit ends.
    await abolish(unitId, dateOf((await world.now()) + DAY));
    const pass = await conductRegime(world.engine, regimeId, Number.MAX_SAFE_INTEGER);
    const end = Date.parse(`${dateOf((await world.now()) + DAY)}T00:00:00+07:00`);
    // The conductor waits for that midnight, on which another period would open as well.
    expect((pass.nextInMs ?? 0) + (await world.now())).toBeLessThanOrEqual(end + 2_000);
    expect(await states(regimeId)).toEqual(['not_due']);
    await skipTo(world, end + 1_000);
    await conductReports(world, regimeId);
    expect(await states(regimeId)).toEqual(['lapsed unit_abolished']);
    expect((await first(regimeId)).settled).toBe(end);
  });

  test('whose end is written down late is freed of what was judged since, and only of that', async () => {
    const { unitId, regimeId } = await commune(1);
    const one = await passDue(regimeId);
    const two = await passDue(regimeId);
    const three = await passDue(regimeId);
    const judged = (await owed(regimeId)).filter(({ late }) => late === true).map(({ id }) => id);
    expect(judged).toEqual([one.id, two.id, three.id]);
    // It ended on the day on which the second fell due: the first had been missing before.
    await abolish(unitId, dateOf(two.due));
    await conductReports(world, regimeId);
    const rows = await owed(regimeId);
    expect(rows.slice(0, 3).map(({ state }) => state)).toEqual(['missing', 'lapsed', 'lapsed']);
    expect(new Set(rows.slice(1).map(({ state }) => state))).toEqual(new Set(['lapsed']));
    expect(await standingSteps(world, two.id)).toEqual([]);
    expect(await standingSteps(world, one.id)).toContain('judge');
    // In the list as of before its end they are what they were.
    const before = await owed(regimeId, Date.parse(`${dateOf(two.due)}T00:00:00+07:00`) - 1);
    expect(before.find(({ id }) => id === two.id)?.state).toBe('due');
  });

  test('keeps what it reported in time', async () => {
    const { unitId, regimeId } = await commune();
    const report = await first(regimeId);
    const actor = { ...world.as('unit', 'health'), unitId };
    const command = { action: 'submit' as const, input: { text: 'Xong', progress: [] } };
    subjectOf(await executeReport(world.engine, world.request(actor), report.id, command));
    await abolish(unitId, dateOf((await world.now()) + DAY));
    await world.skip(2 * DAY);
    await conductReports(world, regimeId);
    const rows = await owed(regimeId);
    expect(rows.find(({ id }) => id === report.id)?.state).toBe('received_on_time');
  });

  test('is found by the due step itself, when its end was written down meanwhile', async () => {
    const { unitId, regimeId } = await commune();
    const report = await first(regimeId);
    await skipTo(world, report.due + 2_000);
    await Promise.all([
      conductRegime(world.engine, regimeId, Number.MAX_SAFE_INTEGER),
      abolish(unitId, dateOf(report.due - 2 * HOUR)),
    ]);
    await conductReports(world, regimeId);
    expect((await owed(regimeId)).find(({ id }) => id === report.id)).toMatchObject({
      state: 'lapsed',
      late: null,
    });
  });
});
