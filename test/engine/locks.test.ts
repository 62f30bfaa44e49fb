import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ALWAYS_OPEN, localDate } from '../../src/domain/calendar.js';
import { conductDirective, conductReferral } from '../../src/engine/conduct.js';
import { conductRegime } from '../../src/engine/conduct-reports.js';
import { executeAssignments } from '../../src/engine/execute.js';
import { issueBatch } from '../../src/engine/issue.js';
import { executeMove } from '../../src/engine/moves.js';
import { releaseReferrals } from '../../src/engine/referral-lists.js';
import { createRegime } from '../../src/engine/regimes.js';
import type { Outcome } from '../../src/engine/request.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { holding, untilWaiting } from '../support/locks.js';
import { brokenInvariants } from '../support/record.js';
import { issue } from '../support/story.js';
import { createWorld, QUICK_POLICY, subjectOf, type World } from '../support/world.js';

const DAY = 86_400_000;
const POLICY = {
  ...QUICK_POLICY,
  referral: { ...QUICK_POLICY.referral, release: 'released' as const },
};

let database: TestDatabase;
let world: World;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url, POLICY);
});
afterAll(async () => {
  expect(await brokenInvariants(world)).toEqual([]);
  await world.close();
  await database.drop();
});

const agency = () => world.request(world.as('standing_agency'));

/** A row that nobody else has locked; an error says that somebody has. */
const free = (table: string) => `select 1 from ${table} where id = $1 for update nowait`;
const held = (table: string) => `select 1 from ${table} where id = $1 for update`;

describe('acknowledging one acknowledges the others of the unit', () => {
  const acknowledge = (id: string): Promise<Outcome> =>
    executeAssignments(world.engine, world.request(world.as('unit', 'health')), [id], {
      action: 'acknowledge',
      input: { note: 'Đã nhận' },
    });

  async function three(): Promise<[string, string, string]> {
    const directiveId = await issue(world, ['health', 'health', 'health'], 'within 20 days');
    await issueBatch(world.engine, directiveId);
    const rows = await world.sql<{ id: string }>(
      'select id from assignment where directive_id = $1 order by id',
      [directiveId],
    );
    const [one = '', two = '', three = ''] = rows.map(({ id }) => id);
    return [one, two, three];
  }

  const states = async (ids: readonly string[]): Promise<string[]> =>
    (
      await world.sql<{ state: string }>('select state from assignment where id = any($1) order by id', [ids])
    ).map(({ state }) => state);

  for (const named of ['the lowest', 'the highest'] as const) {
    test(`takes its locks in the order of their ids, where ${named} is named`, async () => {
      const ids = await three();
      const [lowest, , highest] = ids;
      let acknowledging = Promise.resolve<Outcome | null>(null);
      await holding(world, async (other) => {
        await other.query(held('assignment'), [lowest]);
        acknowledging = acknowledge(named === 'the lowest' ? lowest : highest);
        await untilWaiting(world, 1);
        // Whoever holds the lowest may go up; nobody stands there who waits for it.
        await other.query(free('assignment'), [highest]);
      });
      expect(await acknowledging).toMatchObject({ status: 200 });
      expect(await states(ids)).toEqual(['acknowledged', 'acknowledged', 'acknowledged']);
    });
  }

  test('goes for all or none: what one of the others throws is told, and nothing is written', async () => {
    const ids = await three();
    const [lowest, , highest] = ids;
    const bodies = 'select body from assignment where id = $1';
    const [sound] = await world.sql<{ body: object }>(bodies, [lowest]);
    await world.sql("update assignment set body = jsonb_set(body, '{taken}', 'null') where id = $1", [
      lowest,
    ]);
    try {
      await expect(acknowledge(highest)).rejects.toThrow(TypeError);
    } finally {
      await world.sql('update assignment set body = $2 where id = $1', [lowest, JSON.stringify(sound?.body)]);
    }
    expect(await states(ids)).toEqual(['assigned', 'assigned', 'assigned']);
  });
});

describe('what came along with a move', () => {
  test('is settled after the former life has been locked, before its successor', async () => {
    const directiveId = await issue(world, ['health'], 'within 20 days');
    await issueBatch(world.engine, directiveId);
    const find = (state: string) =>
      world.sql<{ id: string }>('select id from assignment where directive_id = $1 and state = $2', [
        directiveId,
        state,
      ]);
    const [{ id: former } = { id: '' }] = await find('assigned');
    const unit = world.request(world.as('unit', 'health'));
    const submit = { action: 'submit', input: { text: 'Đã làm xong' } } as const;
    subjectOf(await executeAssignments(world.engine, unit, [former], submit));
    const to = { unitId: world.units.justice, reason: 'Chuyển chức năng' };
    const document = { number: '7/QĐ', date: '2026-01-05' };
    const move = { to: [{ unitId: to.unitId }], reason: to.reason };
    subjectOf(await executeMove(world.engine, { ...agency(), document }, [former], move));
    const [{ id: successor } = { id: '' }] = await find('submitted');
    let confirming = Promise.resolve<Outcome | null>(null);
    await holding(world, async (other) => {
      // A batch of the conductor has the former life, and goes on to the successor.
      await other.query(held('assignment'), [former]);
      confirming = executeAssignments(world.engine, agency(), [successor], { action: 'confirm', input: {} });
      await untilWaiting(world, 1);
      await other.query(free('assignment'), [successor]);
    });
    expect(await confirming).toMatchObject({ status: 200 });
    expect(await find('confirmed')).toHaveLength(1);
  });
});

describe('a list of cases', () => {
  /** A case of late reporting of a unit: two periods in a row went by in silence. */
  async function lateReporter(): Promise<{ caseId: string; obligationId: string; regimeId: string }> {
    const regimeId = subjectOf(
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
    for (let days = 0; days < 5; days += 1) {
      for (let pass = 0; pass < 5; pass += 1)
        await conductRegime(world.engine, regimeId, Number.MAX_SAFE_INTEGER);
      await world.skip(DAY);
    }
    const [row] = await world.sql<{ id: string; obligation: string }>(
      "select id, body #>> '{facts,periods,0,obligationId}' as obligation from referral where regime_id = $1",
      [regimeId],
    );
    return { caseId: row?.id ?? '', obligationId: row?.obligation ?? '', regimeId };
  }

  /** A case of a silent unit, over its window. */
  async function silentUnit(): Promise<{ caseId: string; assignmentId: string }> {
    const directiveId = await issue(world, ['justice']);
    await issueBatch(world.engine, directiveId);
    await world.skip(DAY);
    await conductDirective(world.engine, directiveId, Number.MAX_SAFE_INTEGER);
    const [row] = await world.sql<{ id: string; assignment_id: string }>(
      'select id, assignment_id from referral where directive_id = $1',
      [directiveId],
    );
    return { caseId: row?.id ?? '', assignmentId: row?.assignment_id ?? '' };
  }

  test('is released after what each of its cases rests on has been locked, of both kinds', async () => {
    const reporting = await lateReporter();
    const silent = await silentUnit();
    // The second time the window is over, of facts that were renewed too.
    for (let times = 0; times < 2; times += 1) {
      await world.skip(400_000);
      for (const { caseId } of [reporting, silent])
        await conductReferral(world.engine, caseId, Number.MAX_SAFE_INTEGER);
    }
    const document = { number: '5/TCT', date: '2026-01-05' };
    const release = (): Promise<Outcome> =>
      releaseReferrals(world.engine, { ...agency(), document }, [reporting.caseId, silent.caseId], {
        closingOn: '2020-01-01',
      });
    const rests = [
      ['assignment', silent.assignmentId],
      ['report_obligation', reporting.obligationId],
    ] as const;
    for (const [table, id] of rests) {
      let releasing = Promise.resolve<Outcome | null>(null);
      await holding(world, async (other) => {
        await other.query(held(table), [id]);
        releasing = release();
        await untilWaiting(world, 1);
        for (const { caseId } of [reporting, silent]) await other.query(free('referral'), [caseId]);
      });
      // Of another day's list: it was judged, and that is all this test asks for.
      expect(await releasing).toMatchObject({ refused: true, code: 'reference_unknown' });
    }
    let releasing = Promise.resolve<Outcome | null>(null);
    await holding(world, async (other) => {
      // The regime's conductor opens a period, and goes down to its reports and cases.
      await other.query('select pg_advisory_xact_lock(hashtextextended($1::text, 3))', [reporting.regimeId]);
      releasing = release();
      await untilWaiting(world, 1);
      await other.query(free('report_obligation'), [reporting.obligationId]);
      for (const { caseId } of [reporting, silent]) await other.query(free('referral'), [caseId]);
    });
    expect(await releasing).toMatchObject({ refused: true, code: 'reference_unknown' });
  });
});
