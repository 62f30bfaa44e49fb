import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { issueBatch } from '../../src/engine/issue.js';
import type { LoopHealth } from '../../src/engine/loop.js';
import { WATCHDOG_OPTIONS, type Watch, Watchdog } from '../../src/engine/watchdog.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { issue } from '../support/story.js';
import { createWorld, type World } from '../support/world.js';

let database: TestDatabase;
let world: World;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url);
});
afterEach(async () => {
  await world.sql('delete from wake');
  await world.sql('delete from heartbeat');
  await world.sql("update item set state = 'superseded'");
});
afterAll(async () => {
  await world.close();
  await database.drop();
});

function watchdog(over: { temporal?: boolean; pump?: LoopHealth[]; everyMs?: number } = {}) {
  const seen: Watch[] = [];
  let beats = 0;
  const dog = new Watchdog(
    world.engine,
    {
      pump: () => over.pump ?? [],
      isTemporalReachable: async () => over.temporal ?? true,
      found: (watch) => seen.push(watch),
      heartbeat: async () => {
        beats += 1;
      },
    },
    { ...WATCHDOG_OPTIONS, everyMs: over.everyMs ?? 0 },
  );
  return { dog, seen, beats: () => beats };
}

const wakes = async (): Promise<{ conductor_id: string; reason: string }[]> =>
  await world.sql('select conductor_id, reason from wake');

test('while all is well it tells the outside, and wakes nobody', async () => {
  const { dog, beats } = watchdog();
  expect(await dog.look()).toMatchObject({ troubles: [], lateSteps: 0, woken: 0 });
  expect(beats()).toBe(1);
  expect(await wakes()).toEqual([]);
});

test('steps that are five minutes late wake their conductor, once, and silence the outside heartbeat', async () => {
  const id = await issue(world, ['health', 'justice'], 'within 1 minute');
  await issueBatch(world.engine, id);
  await world.sql('delete from wake');
  await world.skip(20 * 60_000);
  await world.sql("update item set state = 'superseded'");
  const { dog, seen, beats } = watchdog();
  const first = await dog.look();
  expect(first).toMatchObject({ lateSteps: 2, woken: 1 });
  expect(first?.troubles).toEqual(['2 planned step(s) are late']);
  expect(await dog.look()).toMatchObject({ lateSteps: 2, woken: 0 });
  expect(await wakes()).toEqual([{ conductor_id: id, reason: 'late' }]);
  expect({ beats: beats(), seen: seen.length }).toEqual({ beats: 0, seen: 2 });
  await world.sql('update planned_step set set_aside_at = now()');
  expect(await dog.look()).toMatchObject({
    lateSteps: 0,
    poisonedSteps: 2,
    troubles: ['2 step(s) were set aside'],
  });
  await world.sql('delete from planned_step');
});

test('a stuck pump and an unreachable Temporal are troubles', async () => {
  const pump = [{ name: 'sending', sinceGoodMs: 10 * 60_000, error: 'connection refused' }];
  const { dog, beats } = watchdog({ temporal: false, pump });
  expect((await dog.look())?.troubles).toEqual([
    'temporal cannot be reached',
    'pump: sending is stuck (connection refused)',
  ]);
  expect(beats()).toBe(0);
});

test('of several one looks, and no more often than it should', async () => {
  const dogs = [1, 2, 3].map(() => watchdog({ everyMs: 60_000 }).dog);
  const looks = await Promise.all(dogs.map(async (dog) => await dog.look()));
  expect(looks.filter((look) => look !== null)).toHaveLength(1);
});

test('a step of a subject that is a year old wakes its conductor too, also with Temporal away', async () => {
  const id = await issue(world, ['finance'], 'within 300 days');
  await issueBatch(world.engine, id);
  await world.sql('delete from wake');
  await world.skip(366 * 86_400_000);
  await world.sql("update item set state = 'superseded'");
  const { dog, beats } = watchdog({ temporal: false });
  const seen = await dog.look();
  expect(seen).toMatchObject({ lateSteps: 1, woken: 1 });
  expect(seen?.troubles).toContain('temporal cannot be reached');
  expect(await wakes()).toEqual([{ conductor_id: id, reason: 'late' }]);
  expect(beats()).toBe(0);
});
