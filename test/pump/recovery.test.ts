import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { ConductorRegistry, ScheduleKeeper } from '../../src/engine/ports.js';
import { Recovery } from '../../src/engine/recovery.js';
import { until } from '../support/conducting.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { issue } from '../support/story.js';
import { createWorld, type World } from '../support/world.js';

let database: TestDatabase;
let world: World;
let recovery: Recovery | null = null;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url);
});
afterEach(async () => {
  await recovery?.stop();
});
afterAll(async () => {
  await world.close();
  await database.drop();
});

/** A Temporal that can be away, and can lose what it holds. */
class Store implements ConductorRegistry {
  reachable = false;
  asked = 0;
  readonly woken: string[] = [];
  readonly running = new Set<string>();
  readonly isRunning = async (_: string, id: string): Promise<boolean> => {
    this.asked += 1;
    return this.running.has(id);
  };
  readonly wake = async (_: string, id: string): Promise<void> => {
    this.woken.push(id);
    this.running.add(id);
  };
}

describe('the look at the start of a worker', () => {
  test('waits for Temporal, starts what should run, wakes what runs, and comes again only after Temporal was away', async () => {
    const ids = [await issue(world, ['health']), await issue(world, ['justice'])].sort();
    const store = new Store();
    let looks = 0;
    const isReachable = async (): Promise<boolean> => {
      looks += 1;
      return store.reachable;
    };
    const looked = async (times: number): Promise<void> => {
      const from = looks;
      await until('it has looked', () => looks >= from + times);
    };
    let kept = 0;
    const schedules: ScheduleKeeper = {
      keep: async () => {
        kept += 1;
        return [];
      },
    };
    recovery = new Recovery(world.engine, store, isReachable, { everyMs: 20, parallel: 2, schedules });
    recovery.start();
    await looked(3);
    expect(store.asked).toBe(0);
    store.reachable = true;
    await until('both run', () => store.running.size === 2);
    expect([...store.running].sort()).toEqual(ids);
    await looked(5);
    expect([store.asked, kept]).toEqual([2, 1]);
    store.reachable = false;
    await looked(3);
    store.running.clear();
    store.reachable = true;
    await until('both run again', () => store.running.size === 2);
    await until('the Schedules are looked at again', () => kept === 2);
    expect(store.asked).toBe(4);
    // An older store: both run again, but with the timers of that time.
    store.reachable = false;
    await looked(3);
    store.woken.length = 0;
    store.reachable = true;
    await until('both were told to ask the record', () => store.woken.length === 2);
    expect(store.woken.sort()).toEqual(ids);
  });
});
