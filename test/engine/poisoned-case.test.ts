import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { insertOutage, stepsWait } from '../../src/db/outage-store.js';
import { conductDirective, conductReferral } from '../../src/engine/conduct.js';
import { executeReferral } from '../../src/engine/execute-referral.js';
import { newId } from '../../src/engine/ids.js';
import { issueBatch } from '../../src/engine/issue.js';
import { workOnOutages } from '../../src/engine/outages.js';
import { replanAll } from '../../src/engine/replan.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { issue } from '../support/story.js';
import { createWorld, QUICK_POLICY, type World } from '../support/world.js';

const POLICY = { ...QUICK_POLICY, outage: { excuses: true, longerThan: { value: 1, unit: 's' } } } as const;

let database: TestDatabase;
let world: World;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url, POLICY);
});
afterAll(async () => {
  await world.close();
  await database.drop();
});

/** Three cases, in the order of their ids. */
async function cases(): Promise<readonly [string, string, string]> {
  const id = await issue(world, ['health', 'justice', 'finance'], 'within 5 minutes');
  await issueBatch(world.engine, id);
  await world.skip(9 * 60_000);
  await conductDirective(world.engine, id, Number.MAX_SAFE_INTEGER);
  const rows = await world.sql<{ id: string }>(
    'select id from referral where directive_id = $1 order by id',
    [id],
  );
  const [first, second, third] = rows.map((row) => row.id);
  if (first === undefined || second === undefined || third === undefined) throw new Error('Three cases');
  return [first, second, third];
}

/** From now on the database refuses what the table would keep of this subject, as bad data of its own. */
async function poison(table: 'event' | 'planned_step', id: string): Promise<() => Promise<unknown>> {
  const name = `poison_${id.replaceAll('-', '')}`;
  await world.sql(
    `create function ${name}() returns trigger language plpgsql as
       'begin raise exception ''poisoned'' using errcode = ''22000''; end'`,
  );
  await world.sql(
    `create trigger ${name} before insert or update on ${table} for each row when (new.subject_id = '${id}') execute function ${name}()`,
  );
  return async () => await world.sql(`drop function ${name} cascade`);
}

const windowsOf = async (ids: readonly string[]): Promise<number[]> =>
  (
    await world.sql<{ until: number }>(
      "select (body ->> 'windowEndsAt')::float8 as until from referral where id = any($1) order by id",
      [ids],
    )
  ).map(({ until }) => until);

test('that an outage cannot excuse is left aside, and the others and every planned step go on', async () => {
  const ids = await cases();
  const heal = await poison('event', ids[1]);
  const before = await windowsOf(ids);
  const outage = {
    id: newId(),
    from: Math.min(...before) - 1000,
    to: Math.max(...before) + 1000,
    noticedBy: 'test',
  };
  await insertOutage(world.engine.writer, outage);
  while (await workOnOutages(world.engine));
  expect(await stepsWait(world.engine.writer)).toBe(false);
  const after = await windowsOf(ids);
  expect(after.map((until, index) => until > (before[index] ?? 0))).toEqual([true, false, true]);
  const [row] = await world.sql<{ set_aside: number }>('select set_aside from outage where id = $1', [
    outage.id,
  ]);
  expect(row?.set_aside).toBe(1);
  await heal();
});

test('is named when everything is planned again, and the others are planned', async () => {
  const ids = await cases();
  const heal = await poison('planned_step', ids[1]);
  await world.sql('delete from planned_step where subject_id = any($1)', [ids]);
  const everything = await replanAll(world.engine);
  const planned = await world.sql<{ subject_id: string }>(
    'select subject_id from planned_step where subject_id = any($1) order by 1',
    [ids],
  );
  expect(planned.map((row) => row.subject_id)).toEqual([ids[0], ids[2]]);
  await heal();
  // The case, and its assignment, with which it is planned together.
  expect(await replanAll(world.engine)).toBe(everything + 2);
});

test('gives a person the error of the database itself, and its conductor the step set aside', async () => {
  const [, id] = await cases();
  const heal = await poison('event', id);
  const object = executeReferral(world.engine, world.request(world.as('standing_agency')), id, {
    action: 'withdraw',
    input: { reason: 'thử' },
  });
  await expect(object).rejects.toMatchObject({ message: 'poisoned' });
  await world.skip(20 * 60_000);
  const pass = await conductReferral(world.engine, id, Number.MAX_SAFE_INTEGER);
  expect(pass).toMatchObject({ ended: false, poisoned: 1 });
  await heal();
});
