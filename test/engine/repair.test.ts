import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { conductDirective } from '../../src/engine/conduct.js';
import { conductRegime } from '../../src/engine/conduct-reports.js';
import { executeAssignments } from '../../src/engine/execute.js';
import { issueBatch } from '../../src/engine/issue.js';
import { repairProjections } from '../../src/engine/repair.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { brokenInvariants } from '../support/record.js';
import { askForReports, assignmentOf, issue } from '../support/story.js';
import { createWorld, QUICK_POLICY, subjectOf, type World } from '../support/world.js';

const TABLES = [
  'assignment',
  'directive',
  'event',
  'item',
  'matter',
  'planned_step',
  'referral',
  'report_obligation',
  'reporting_regime',
  'span',
  'step_taken',
  'wake',
];
const MINUTE = 60_000;

let database: TestDatabase;
let world: World;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url, QUICK_POLICY);
  const id = await issue(world, ['health', 'finance', 'justice'], 'within 10 minutes');
  await issueBatch(world.engine, id);
  const act = async (unit: 'health' | 'justice', command: Parameters<typeof executeAssignments>[3]) => {
    const found = await assignmentOf(world, id, unit);
    const request = world.request(world.as('unit', unit));
    subjectOf(await executeAssignments(world.engine, request, [found?.id ?? ''], command));
  };
  await act('health', { action: 'submit', input: { text: 'Đã xong' } });
  await act('justice', {
    action: 'raise_obstacle',
    input: { text: 'Chưa có số liệu', cause: 'data' },
  });
  await world.skip(20 * MINUTE);
  // Finance stays silent: urged, shown to the supervisor, and a case stands before it.
  for (let more = true; more; ) ({ more } = await conductDirective(world.engine, id, 8.64e15));
  const regimeId = await askForReports(world, ['health', 'justice'], 'within 4 seconds');
  for (let more = true; more; ) ({ more } = await conductRegime(world.engine, regimeId, 8.64e15));
});
afterAll(async () => {
  await world.close();
  await database.drop();
});

async function whole(): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  for (const table of TABLES)
    found[table] = await world.sql(`select to_jsonb(t) as row from ${table} t order by to_jsonb(t)::text`);
  return found;
}

describe('the repair of projections', () => {
  test('leaves a sound record exactly as it is', async () => {
    const before = await whole();
    for (const table of ['assignment', 'matter', 'referral', 'report_obligation', 'planned_step'])
      expect(before[table]).not.toEqual([]);
    const { subjects, differences } = await repairProjections(world.engine);
    expect(subjects).toBeGreaterThanOrEqual(7);
    expect(differences).toEqual([]);
    expect(await whole()).toEqual(before);
  });

  test.each([
    [
      'assignment',
      'state',
      "update assignment set state = 'confirmed', ended_at = now() where state = 'submitted'",
    ],
    ['assignment', 'body', `update assignment set body = body || '{"cycle": 7}'`],
    [
      'assignment',
      'unit_id',
      'update assignment a set unit_id = (select id from unit where id <> a.unit_id limit 1)',
    ],
    ['assignment', 'referral_id', 'update assignment set referral_id = null where referral_id is not null'],
    ['assignment', 'span_since', "update assignment set span_since = span_since - interval '1 day'"],
    ['matter', 'state', "update matter set state = 'withdrawn'"],
    ['matter', 'row', 'delete from matter'],
    ['referral', 'state', "update referral set state = 'referred', referred_at = now()"],
    ['referral', 'body', `update referral set body = body || '{"held": true}'`],
    ['directive', 'state', "update directive set state = 'closed', ended_at = now()"],
    ['directive', 'assigned', 'update directive set assigned = 1'],
    ['report_obligation', 'late', 'update report_obligation set late = not coalesce(late, false)'],
    ['report_obligation', 'body', `update report_obligation set body = body || '{"level": 9}'`],
    ['reporting_regime', 'name', "update reporting_regime set name = 'Khác'"],
    ['planned_step', 'row', 'delete from planned_step'],
    ['planned_step', 'due_at', "update planned_step set due_at = due_at + interval '1 hour'"],
  ])(
    'finds that %s.%s was spoiled, says so, and writes it anew from the events',
    async (table, column, spoil) => {
      const before = await whole();
      await world.sql(spoil);
      const spoiled = await whole();
      expect(spoiled).not.toEqual(before);
      const looked = await repairProjections(world.engine, { dryRun: true });
      expect(await whole()).toEqual(spoiled);
      const said: string[] = [];
      const { differences } = await repairProjections(world.engine, {
        found: (difference) => said.push(...difference.columns.map((name) => `${difference.table}.${name}`)),
      });
      expect(said).toContain(`${table}.${column}`);
      expect(differences.map(({ table: name }) => name)).toEqual(
        looked.differences.map(({ table: name }) => name),
      );
      expect({ ...(await whole()), wake: [] }).toEqual({ ...before, wake: [] });
      expect((await repairProjections(world.engine)).differences).toEqual([]);
      expect(await brokenInvariants(world)).toEqual([]);
    },
  );
});
