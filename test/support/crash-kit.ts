import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, TerminatedFailure } from '@temporalio/common';
import { anchorActivities } from '../../activities/anchors.js';
import { directiveActivities } from '../../activities/directives.js';
import { referralActivities } from '../../activities/referrals.js';
import { reorganisationActivities } from '../../activities/reorganisations.js';
import { reportingActivities } from '../../activities/reports.js';
import type { DirectivePolicy } from '../../src/domain/policy.js';
import { Loop } from '../../src/engine/loop.js';
import { reconcile } from '../../src/engine/reconcile.js';
import { RecentlyTold, sendWakes } from '../../src/engine/wakes.js';
import { type ConductorKind, workflowIdOf } from '../../workflows/messages.js';
import { QUICK_PACE, type TestConductors, testConductors, until } from './conducting.js';
import { ACTIVITIES_OF, effectsOf } from './conductor-effects.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { brokenInvariants } from './record.js';
import { STORY_POLICY } from './story.js';
import { Victims } from './victims.js';
import { createWorld, type World } from './world.js';

/** One life of a conductor, told by the record alone. */
export interface CrashLife {
  readonly id: string;
  /**
   * What people do as soon as the record allows it. Asked again and again until the process has ended; does
   * nothing where it is not time yet, or is done.
   */
  play(): Promise<void>;
  /** What the record must hold in the end, however often the machine failed on the way. */
  check(): Promise<void>;
}

/** Lives of one kind of conductor that are lived side by side; between them they show every effect there is. */
export interface CrashStory {
  readonly workflow: ConductorKind;
  /** Writes what the conductors are to conduct; answers as soon as it is there. */
  begin(world: World): Promise<readonly CrashLife[]>;
}

/** Short clocks, and a window in which a person has time to act while workers are killed. */
const POLICY: DirectivePolicy = {
  ...STORY_POLICY,
  clocks: { ...STORY_POLICY.clocks, unclear: { value: 1, unit: 's' } },
  referral: {
    ...STORY_POLICY.referral,
    objectionWindow: { value: 3, unit: 's' },
    acknowledge: { value: 1, unit: 's' },
  },
};

type AnyActivity = (...args: never[]) => Promise<unknown>;
export type Activities = Readonly<Record<string, AnyActivity>>;
/** Stands between a workflow and an activity. */
export type Interference = (name: string, run: () => Promise<unknown>) => Promise<unknown>;

/**
 * The five tests that every workflow passes: it succeeds; it succeeds when every activity runs twice; it goes on
 * after each activity failed in turn; it goes on after its worker was killed at each effect; and it is started
 * again from the record alone. After each of them the record's invariants hold.
 */
export function crashKit(story: CrashStory): void {
  let database: TestDatabase;
  let world: World;
  let conductors: TestConductors;
  let waking: Loop;
  beforeAll(async () => {
    database = await createTestDatabase();
    world = await createWorld(database.url, POLICY);
  });
  const begin = (pace = QUICK_PACE): void => {
    conductors = testConductors(pace);
    const told = new RecentlyTold(200);
    const options = { batch: 100, leaseMs: 1_000, everyMs: 200, parallel: 4 };
    const work = async (): Promise<boolean> => await sendWakes(world.engine, conductors, told, options);
    waking = new Loop({ name: 'waking', everyMs: 100, log: world.engine.log, work });
    waking.start();
  };
  afterEach(async () => {
    await waking.stop();
    await conductors.close();
    await world.sql('delete from wake');
  });
  afterAll(async () => {
    await world.close();
    await database.drop();
  });

  const live = async (
    meanwhile: (id: string) => Promise<void> = async () => undefined,
    ended = async (kind: ConductorKind, id: string): Promise<unknown> => await conductors.ended(kind, id),
  ): Promise<void> => {
    const lives = await story.begin(world);
    let open = [...lives];
    await until(
      `each ${story.workflow} has ended`,
      async () => {
        for (const life of open) {
          await life.play();
          await meanwhile(life.id);
        }
        open = await unended(world, story.workflow, open);
        return open.length === 0;
      },
      WITHIN_MS,
    );
    for (const life of lives) {
      await ended(story.workflow, life.id);
      await life.check();
    }
    expect(await brokenInvariants(world)).toEqual([]);
  };
  const activities = (interfere: Interference): Activities => interfered(world, interfere);

  test('succeeds', async () => {
    begin();
    conductors.work(activities(async (_, run) => await run()));
    await live();
  });

  test('succeeds when every activity runs twice', async () => {
    begin();
    conductors.work(
      activities(async (_, run) => {
        const [first] = await Promise.all([run(), run()]);
        return first;
      }),
    );
    await live();
  });

  test('goes on after each activity failed in turn, before and after its effect', async () => {
    begin();
    conductors.work(activities(failing()));
    await live();
  });

  test('goes on after its worker was killed before and after the commit of each effect', async () => {
    begin({ ...QUICK_PACE, heartbeatMs: 700 });
    const concerns = (effect: string): boolean =>
      ACTIVITIES_OF[story.workflow].some((name) => effect.startsWith(`${name}:`));
    const effects = effectsOf(story.workflow);
    const victims = new Victims(database.url, conductors.taskQueue, concerns);
    const left = (): boolean =>
      [victims.killedAt('before'), victims.killedAt('after')].some(
        (killed) => killed.length < effects.length,
      );
    try {
      await live();
      // A slow machine may find each next step due already, and arm too seldom in one telling to be killed twice at it.
      for (let again = 0; again < 2 && left(); again += 1) await live();
    } finally {
      await victims.end();
    }
    expect(victims.killedAt('before')).toEqual(effects);
    expect(victims.killedAt('after')).toEqual(effects);
  }, 480_000);

  test('is started again from the record alone', async () => {
    begin();
    conductors.work(activities(async (_, run) => await run()));
    const lost = new Map<string, number>();
    await live(
      async (id) => {
        // Lost after each pass that it lived through.
        if (await isOver(world, story.workflow, id)) return;
        const passes = await conductors.progress(story.workflow, id).then(
          (progress) => progress.passes,
          () => 0,
        );
        const before = lost.get(id) ?? 0;
        if (passes === 0 || before >= 2) return;
        await conductors.temporal.client.workflow
          .getHandle(workflowIdOf(story.workflow, id))
          .terminate('lost');
        const { started, failed } = await reconcile(world.engine, conductors);
        if (started.some((process) => process.id === id)) lost.set(id, before + 1);
        expect(failed).toEqual([]);
      },
      async (kind, id) => await conductors.ended(kind, id).catch(unlessLost),
    );
    expect(lost.size).toBeGreaterThan(0);
  });
}

/** Taken away after its record had ended: nothing was left to conduct, so nobody starts it again. */
function unlessLost(error: unknown): void {
  if (!(error instanceof WorkflowFailedError && error.cause instanceof TerminatedFailure)) throw error;
}

/** Generous: on a machine with nothing else to do it takes a minute. */
const WITHIN_MS = 180_000;

const OVER: Readonly<Record<ConductorKind, string>> = {
  directive: "select state in ('closed', 'withdrawn') as over from directive where id = $1",
  referral: 'select ended_at is not null as over from referral where id = $1',
  // What fell due stays owed after the end.
  reportingCycle: `select ended_at is not null and not exists (select from planned_step where conductor_id = r.id) as over
                     from reporting_regime r where id = $1`,
  reorganisation: "select state in ('done', 'cancelled') as over from reorganisation where id = $1",
};

async function isOver(world: World, kind: ConductorKind, id: string): Promise<boolean> {
  const rows = await world.sql<{ over: boolean }>(OVER[kind], [id]);
  return rows[0]?.over ?? false;
}

async function unended(world: World, kind: ConductorKind, lives: readonly CrashLife[]): Promise<CrashLife[]> {
  const open: CrashLife[] = [];
  for (const life of lives) if (!(await isOver(world, kind, life.id))) open.push(life);
  return open;
}

/** The activities of a world, with something between them and the workflows. */
export function interfered(world: World, interfere: Interference): Activities {
  const all = {
    ...directiveActivities(world.engine),
    ...referralActivities(world.engine),
    ...reportingActivities(world.engine),
    ...reorganisationActivities(world.engine),
    ...anchorActivities(world.engine, { key: null, mailTo: null, messageDomain: 'example.test' }),
  };
  return Object.fromEntries(
    Object.entries(all).map(([name, activity]) => [
      name,
      async (...args: unknown[]) =>
        await interfere(
          name,
          async () => await (activity as (...args: unknown[]) => Promise<unknown>)(...args),
        ),
    ]),
  );
}

/** Of each activity the first call fails before its effect, the next after it, the third succeeds, and so on. */
export function failing(): Interference {
  const calls = new Map<string, number>();
  return async (name, run) => {
    const call = calls.get(name) ?? 0;
    calls.set(name, call + 1);
    if (call % 3 === 0) throw ApplicationFailure.nonRetryable('failed before its effect', 'test');
    const result = await run();
    if (call % 3 === 1) throw ApplicationFailure.nonRetryable('failed after its effect', 'test');
    return result;
  };
}
