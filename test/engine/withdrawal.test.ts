import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { conductDirective, conductReferral } from '../../src/engine/conduct.js';
import { withdrawDirective } from '../../src/engine/directives.js';
import { executeAssignments } from '../../src/engine/execute.js';
import { executeReferral } from '../../src/engine/execute-referral.js';
import { issueBatch } from '../../src/engine/issue.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { issue, referralOf, submitAndConfirm } from '../support/story.js';
import { createWorld, subjectOf, type World } from '../support/world.js';

let database: TestDatabase;
let world: World;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url);
});
afterAll(async () => {
  await world.close();
  await database.drop();
});

type Unit = 'health' | 'justice' | 'finance';

/** A directive whose three units let every deadline pass: each has a case. */
async function referred(): Promise<string> {
  const id = await issue(world, ['health', 'justice', 'finance'], 'within 5 minutes');
  await issueBatch(world.engine, id);
  await world.skip(9 * 60_000);
  await conductDirective(world.engine, id, Number.MAX_SAFE_INTEGER);
  return id;
}

const caseOf = async (directiveId: string, unit: Unit): Promise<{ id: string; state: string }> => {
  const found = await referralOf(world, directiveId, unit);
  if (found === null) throw new Error(`No case of ${unit}`);
  return found;
};

test('withdrawing a directive lets its pending cases lapse with it, also those of assignments that had ended', async () => {
  const directiveId = await referred();
  const [ended] = await world.sql<{ id: string }>(
    'select id from assignment where directive_id = $1 and unit_id = $2',
    [directiveId, world.units.health],
  );
  await submitAndConfirm(world, ended?.id ?? '', 'health');
  subjectOf(
    await executeReferral(
      world.engine,
      world.request(world.as('unit', 'justice')),
      (await caseOf(directiveId, 'justice')).id,
      { action: 'object', input: { text: 'Đã nộp đúng hạn' } },
    ),
  );
  subjectOf(
    await executeAssignments(
      world.engine,
      world.request(world.as('unit', 'finance')),
      (
        await world.sql<{ id: string }>(
          'select id from assignment where directive_id = $1 and unit_id = $2',
          [directiveId, world.units.finance],
        )
      ).map(({ id }) => id),
      { action: 'state_cause', input: { cause: 'data', objective: true, text: 'Chưa có dữ liệu' } },
    ),
  );
  subjectOf(
    await withdrawDirective(world.engine, world.request(world.as('standing_agency')), directiveId, {
      reason: 'Ban hành nhầm',
    }),
  );
  const states = await Promise.all(
    (['health', 'justice', 'finance'] as const).map(async (unit) => (await caseOf(directiveId, unit)).state),
  );
  expect(states).toEqual(['lapsed', 'lapsed', 'lapsed']);
  const { id } = await caseOf(directiveId, 'justice');
  expect(await conductReferral(world.engine, id, Number.MAX_SAFE_INTEGER)).toMatchObject({ ended: true });
  expect(
    await world.sql(
      `select p.* from planned_step p where p.subject_id in (select id from referral where directive_id = $1)
          or p.subject_id in (select id from assignment where directive_id = $1)`,
      [directiveId],
    ),
  ).toEqual([]);
});
