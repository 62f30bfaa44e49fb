import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { conductDirective, conductReferral } from '../../src/engine/conduct.js';
import { createDraft, issueDirective } from '../../src/engine/directives.js';
import { executeAssignments } from '../../src/engine/execute.js';
import { executeReferral } from '../../src/engine/execute-referral.js';
import { issueBatch } from '../../src/engine/issue.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { brokenInvariants } from '../support/record.js';
import { createWorld, draftContent, draftTask, subjectOf, type World } from '../support/world.js';

let database: TestDatabase;
let world: World;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url);
});
afterAll(async () => {
  expect(await brokenInvariants(world)).toEqual([]);
  await world.close();
  await database.drop();
});

async function issued(
  units: readonly (keyof World['units'])[],
): Promise<{ directiveId: string; assignments: string[] }> {
  const agency = world.as('standing_agency');
  const tasks = units.map((unit) => draftTask({ leadUnitIds: [world.units[unit]] }));
  const directiveId = subjectOf(await createDraft(world.engine, world.request(agency), draftContent(tasks)));
  subjectOf(await issueDirective(world.engine, world.request(agency), directiveId));
  await issueBatch(world.engine, directiveId);
  const rows = await world.sql<{ id: string }>(
    'select a.id from assignment a join task t on t.id = a.task_id where a.directive_id = $1 order by t.ordinal',
    [directiveId],
  );
  return { directiveId, assignments: rows.map((row) => row.id) };
}

const one = (ids: readonly string[], index = 0): string => {
  const id = ids[index];
  if (id === undefined) throw new Error('no such assignment');
  return id;
};

describe('the main job', () => {
  test('an issued directive makes its assignments once, and is closed by its conductor when all are confirmed', async () => {
    const { directiveId, assignments } = await issued(['health', 'justice']);
    expect(assignments).toHaveLength(2);
    await expect(issueBatch(world.engine, directiveId)).resolves.toEqual({
      assigned: 2,
      planned: 2,
      made: 0,
      ended: false,
      stuck: false,
    });
    for (const [index, unit] of (['health', 'justice'] as const).entries()) {
      const id = one(assignments, index);
      subjectOf(
        await executeAssignments(world.engine, world.request(world.as('unit', unit)), [id], {
          action: 'submit',
          input: { text: 'Xong' },
        }),
      );
      subjectOf(
        await executeAssignments(world.engine, world.request(world.as('standing_agency')), [id], {
          action: 'confirm',
          input: {},
        }),
      );
    }
    const pass = await conductDirective(world.engine, directiveId, Number.MAX_SAFE_INTEGER);
    expect(pass.ended).toBe(true);
    const [row] = await world.sql<{ state: string }>('select state from directive where id = $1', [
      directiveId,
    ]);
    expect(row?.state).toBe('closed');
  });

  test('a silent unit is reminded, urged, shown to the supervisor and referred; each step once', async () => {
    const { directiveId, assignments } = await issued(['finance']);
    const id = one(assignments);
    for (let minute = 0; minute < 14; minute += 1) {
      await world.skip(60_000);
      const now = await world.now();
      await conductDirective(world.engine, directiveId, now);
      await conductDirective(world.engine, directiveId, now);
    }
    const steps = await world.sql<{ step: string }>(
      'select step from step_taken where assignment_id = $1 order by planned_at',
      [id],
    );
    expect(steps.map((row) => row.step)).toEqual(['remind', 'urge', 'supervisor', 'refer']);
    const [referral] = await world.sql<{ id: string; state: string }>(
      'select id, state from referral where assignment_id = $1',
      [id],
    );
    if (referral === undefined) throw new Error('no referral');
    expect(referral.state).toBe('proposed');
    await world.skip(300_000);
    await conductReferral(world.engine, referral.id, await world.now());
    const [after] = await world.sql<{ state: string }>('select state from referral where id = $1', [
      referral.id,
    ]);
    expect(after?.state).toBe('referred');
    const affairs = world.as('home_affairs');
    subjectOf(
      await executeReferral(world.engine, world.request(affairs), referral.id, {
        action: 'acknowledge',
        input: {},
      }),
    );
    subjectOf(
      await executeReferral(world.engine, world.request(affairs), referral.id, {
        action: 'record_outcome',
        input: { outcome: 'Đã trừ điểm' },
      }),
    );
    // Its process is over: a correction of the outcome starts no other.
    await world.sql('delete from wake where conductor_id = $1', [referral.id]);
    const document = { number: '7/QĐ-SNV', date: '2026-01-06' };
    subjectOf(
      await executeReferral(world.engine, world.request(affairs, { document }), referral.id, {
        action: 'correct_outcome',
        input: { outcome: 'Giữ nguyên', reason: 'Nhầm đơn vị' },
      }),
    );
    expect(await world.sql('select 1 from wake where conductor_id = $1', [referral.id])).toEqual([]);
  });

  test('a step that the directive itself no longer owes is planned away, and not tried for ever', async () => {
    const { directiveId } = await issued(['health']);
    await world.sql(
      `insert into planned_step (subject_kind, subject_id, conductor_kind, conductor_id, working_group_id, step, due_at)
       values ('directive', $1, 'directive', $1, $2, 'unclear:1', app_now() - interval '1 hour')`,
      [directiveId, world.groupId],
    );
    await conductDirective(world.engine, directiveId, await world.now());
    const pass = await conductDirective(world.engine, directiveId, await world.now());
    expect(pass).toMatchObject({ taken: 0, poisoned: 0 });
    expect(pass.nextInMs).toBeGreaterThan(0);
    expect(await world.sql('select 1 from planned_step where subject_id = $1', [directiveId])).toEqual([]);
  });

  test('a referral whose fact is corrected during its window never reaches Home Affairs', async () => {
    const { directiveId, assignments } = await issued(['health']);
    const id = one(assignments);
    await world.skip(14 * 60_000);
    await conductDirective(world.engine, directiveId, await world.now());
    const [referral] = await world.sql<{ id: string }>('select id from referral where assignment_id = $1', [
      id,
    ]);
    if (referral === undefined) throw new Error('no referral');
    const arrivedAt = (await world.now()) - 10 * 60_000;
    const agency = world.request(world.as('standing_agency'), {
      document: { number: '12/BC-SYT', date: '2026-01-06', arrivedAt },
    });
    subjectOf(
      await executeAssignments(world.engine, agency, [id], {
        action: 'submit',
        input: { text: 'Báo cáo giấy' },
      }),
    );
    subjectOf(
      await executeAssignments(world.engine, world.request(world.as('standing_agency')), [id], {
        action: 'confirm',
        input: {},
      }),
    );
    await conductReferral(world.engine, referral.id, await world.now());
    const [after] = await world.sql<{ state: string }>('select state from referral where id = $1', [
      referral.id,
    ]);
    expect(after?.state).toBe('withdrawn');
    const voided = await world.sql<{ step: string }>(
      'select step from step_taken where assignment_id = $1 and voided_at is not null',
      [id],
    );
    expect(voided.map((row) => row.step).sort()).toEqual(['refer', 'supervisor', 'urge']);
  });

  test('steps that were void are owed again when a return moves their instants to later ones', async () => {
    const { directiveId, assignments } = await issued(['health']);
    const id = one(assignments);
    await world.skip(14 * 60_000);
    await conductDirective(world.engine, directiveId, await world.now());
    const arrivedAt = (await world.now()) - 10 * 60_000;
    const agency = () => world.request(world.as('standing_agency'));
    const paper = { ...agency(), document: { number: '12/BC-SYT', date: '2026-01-06', arrivedAt } };
    subjectOf(
      await executeAssignments(world.engine, paper, [id], { action: 'submit', input: { text: 'Giấy' } }),
    );
    subjectOf(
      await executeAssignments(world.engine, agency(), [id], {
        action: 'return',
        input: { reason: 'Thiếu' },
      }),
    );
    await world.skip(30 * 60_000);
    await conductDirective(world.engine, directiveId, await world.now());
    const standing = await world.sql<{ step: string }>(
      "select step from step_taken where assignment_id = $1 and voided_at is null and kind <> 'clock' order by planned_at",
      [id],
    );
    expect(standing.map((row) => row.step).slice(-3)).toEqual(['urge', 'supervisor', 'refer']);
  });

  test('a later cycle that runs out records its last rung and brings no second case beside one that runs', async () => {
    const { directiveId, assignments } = await issued(['justice']);
    const id = one(assignments);
    const agency = world.request(world.as('standing_agency'));
    await world.skip(14 * 60_000);
    await conductDirective(world.engine, directiveId, await world.now());
    subjectOf(
      await executeAssignments(world.engine, agency, [id], {
        action: 'adjust_deadline',
        input: { deadline: 'within 5 minutes', latenessStands: true, reason: 'Thêm thời gian' },
      }),
    );
    await world.skip(14 * 60_000);
    await conductDirective(world.engine, directiveId, await world.now());
    const refers = await world.sql("select 1 from step_taken where assignment_id = $1 and step = 'refer'", [
      id,
    ]);
    expect(refers).toHaveLength(2);
    expect(await world.sql('select 1 from referral where assignment_id = $1', [id])).toHaveLength(1);
    // No second window is promised: the running case has its own.
    const told = await world.sql<{ template: string; until: number | null }>(
      `select distinct template, (params ->> 'objectUntil')::float8 as until, min(created_at) as at from item
        where assignment_id = $1 and recipient_kind = 'head' and params ->> 'step' = 'refer' group by 1, 2 order by at`,
      [id],
    );
    expect(told).toMatchObject([
      { template: 'referral_proposed', until: expect.any(Number) },
      { template: 'referral_goes_on', until: null },
    ]);
    expect(
      await world.sql('select 1 from planned_step where subject_id = $1 and set_aside_at is not null', [id]),
    ).toEqual([]);
  });

  test('whether a person is an officer of the lead is told to nobody who does not see the assignment', async () => {
    const { assignments } = await issued(['health']);
    const nobody = '01a20b56-1aea-700c-9e80-0f65e03379a6';
    const officer = world.as('unit', 'health').personId;
    const code = async (id: string, officerId: string, unit: 'health' | 'justice'): Promise<unknown> => {
      const request = world.request(world.as('unit', unit));
      const result = await executeAssignments(world.engine, request, [id], {
        action: 'acknowledge',
        input: { officerId },
      });
      return 'refused' in result ? result.code : result.status;
    };
    expect(await code(one(assignments), nobody, 'justice')).toBe('not_found');
    expect(await code(one(assignments), officer, 'justice')).toBe('not_found');
    expect(await code(nobody, nobody, 'health')).toBe('not_found');
    expect(await code(one(assignments), nobody, 'health')).toBe('reference_unknown');
  });

  test('any act on one assignment acknowledges the others that the unit was given in the directive', async () => {
    const { assignments } = await issued(['health', 'health', 'health', 'justice']);
    const health = world.request(world.as('unit', 'health'));
    subjectOf(
      await executeAssignments(world.engine, health, [one(assignments, 1)], {
        action: 'report',
        input: { text: 'Đang làm' },
      }),
    );
    const states = async (): Promise<string[]> =>
      (
        await world.sql<{ state: string }>(
          'select a.state from assignment a join task t on t.id = a.task_id where a.id = any($1) order by t.ordinal',
          [assignments],
        )
      ).map(({ state }) => state);
    expect(await states()).toEqual(['acknowledged', 'in_progress', 'acknowledged', 'assigned']);
    // What is given later is asked for again: the unit has been sent something new.
    subjectOf(
      await executeAssignments(
        world.engine,
        world.request(world.as('standing_agency')),
        [one(assignments, 3)],
        {
          action: 'reassign',
          input: { unitId: world.units.health, reason: 'Đúng chức năng hơn' },
        },
      ),
    );
    const [moved] = await world.sql<{ state: string }>(
      'select n.state from succession s join assignment n on n.id = s.successor_id where s.predecessor_id = $1',
      [one(assignments, 3)],
    );
    expect(moved?.state).toBe('assigned');
  });

  test('units and officers that a command names must exist', async () => {
    const { assignments } = await issued(['health']);
    const agency = world.request(world.as('standing_agency'));
    const nobody = '01a20b56-1aea-700c-9e80-0f65e03379a6';
    expect(
      await executeAssignments(world.engine, agency, assignments, {
        action: 'reassign',
        input: { unitId: nobody, reason: 'x' },
      }),
    ).toMatchObject({ code: 'reference_unknown' });
    expect(
      await executeAssignments(world.engine, world.request(world.as('unit', 'health')), assignments, {
        action: 'acknowledge',
        input: { officerId: nobody },
      }),
    ).toMatchObject({ code: 'reference_unknown' });
  });

  test('a waiting submission over its deadline stays on time, and no step is taken while it waits', async () => {
    const { directiveId, assignments } = await issued(['justice']);
    const id = one(assignments);
    subjectOf(
      await executeAssignments(world.engine, world.request(world.as('unit', 'justice')), [id], {
        action: 'submit',
        input: { text: 'Xong' },
      }),
    );
    await world.skip(14 * 86_400_000);
    await conductDirective(world.engine, directiveId, await world.now());
    const steps = await world.sql<{ step: string; kind: string }>(
      'select step, kind from step_taken where assignment_id = $1',
      [id],
    );
    expect(steps.every((row) => row.kind === 'clock')).toBe(true);
    subjectOf(
      await executeAssignments(world.engine, world.request(world.as('standing_agency')), [id], {
        action: 'confirm',
        input: {},
      }),
    );
    const [span] = await world.sql<{ class: string; late: boolean }>(
      'select class, late from span where assignment_id = $1 and ends_at is null',
      [id],
    );
    expect(span).toEqual({ class: 'done', late: false });
  });
});
