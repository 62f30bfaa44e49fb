import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { directiveActivities } from '../../activities/directives.js';
import { referralActivities } from '../../activities/referrals.js';
import { reportingActivities } from '../../activities/reports.js';
import type { DirectivePolicy } from '../../src/domain/policy.js';
import { Loop } from '../../src/engine/loop.js';
import { reconcile } from '../../src/engine/reconcile.js';
import { RecentlyTold, sendWakes } from '../../src/engine/wakes.js';
import { type ConductorKind, workflowIdOf } from '../../workflows/messages.js';
import { QUICK_PACE, type TestConductors, testConductors, until } from './conducting.js';
import type { CrashWorkerOptions, Question } from './crash-worker.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { brokenInvariants } from './record.js';
import { testServers } from './servers.js';
import { STORY_POLICY } from './story.js';
import { createWorld, type World } from './world.js';

/** One life of a conductor, told by the record alone. */
export interface CrashStory {
  readonly workflow: ConductorKind;
  /** `activity: type of event`: what its activities commit, each of which is killed before and after its commit. */
  readonly effects: readonly string[];
  /** What people do at once would leave the conductor nothing to arm for: where it is to be killed, they wait. */
  readonly armedFirst: boolean;
  /** Where the story needs other durations than those of all. */
  readonly policy?: DirectivePolicy;
  /** Writes what the conductor is to conduct; answers with its id as soon as there is one. */
  begin(world: World): Promise<string>;
  /**
   * What people do as soon as the record allows it. Asked again and again until the process has ended; does
   * nothing where it is not time yet, or is done.
   */
  play(world: World, id: string): Promise<void>;
  /** What the record must hold in the end, however often the machine failed on the way. */
  check(world: World, id: string): Promise<void>;
}

type AnyActivity = (...args: never[]) => Promise<unknown>;
type Activities = Readonly<Record<string, AnyActivity>>;
/** Stands between a workflow and an activity. */
type Interference = (name: string, run: () => Promise<unknown>) => Promise<unknown>;

/**
 * The five tests that every workflow passes: it succeeds; it succeeds when every activity runs twice; it goes on
 * after each activity failed in turn; it goes on after its worker was killed at each effect; and it is started
 * again from the record alone. After each of them the record's invariants hold.
 */
export function crashKit(story: CrashStory): void {
  const { policy = STORY_POLICY } = story;
  let database: TestDatabase;
  let world: World;
  let conductors: TestConductors;
  let waking: Loop;
  beforeAll(async () => {
    database = await createTestDatabase();
    world = await createWorld(database.url, policy);
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
    mayPlay: () => boolean = () => true,
  ): Promise<void> => {
    const id = await story.begin(world);
    await until(
      `${story.workflow} has ended`,
      async () => {
        if (mayPlay()) await story.play(world, id);
        await meanwhile(id);
        return await isOver(world, story.workflow, id);
      },
      90_000,
    );
    await conductors.ended(story.workflow, id);
    await story.check(world, id);
    expect(await brokenInvariants(world, policy)).toEqual([]);
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
  }, 120_000);

  test('goes on after its worker was killed before and after the commit of each effect', async () => {
    begin({ ...QUICK_PACE, heartbeatMs: 700 });
    const victims = new Victims(database.url, conductors.taskQueue);
    const arming = story.effects.filter((effect) => effect.endsWith(': armed'));
    const wasArmed = (): boolean => arming.every((effect) => victims.killedAt('after').includes(effect));
    try {
      await live(undefined, () => !story.armedFirst || wasArmed());
    } finally {
      await victims.end();
    }
    expect(victims.killedAt('before')).toEqual(expect.arrayContaining([...story.effects]));
    expect(victims.killedAt('after')).toEqual(expect.arrayContaining([...story.effects]));
  }, 120_000);

  test('is started again from the record alone', async () => {
    begin();
    conductors.work(activities(async (_, run) => await run()));
    let lost = 0;
    await live(async (id) => {
      // Lost after each pass that it lived through.
      if (await isOver(world, story.workflow, id)) return;
      const passes = await conductors.progress(story.workflow, id).then(
        (progress) => progress.passes,
        () => 0,
      );
      if (passes === 0 || lost >= 4) return;
      await conductors.temporal.client.workflow.getHandle(workflowIdOf(story.workflow, id)).terminate('lost');
      const { started, failed } = await reconcile(world.engine, conductors);
      lost += started.length;
      expect(failed).toEqual([]);
    });
    expect(lost).toBeGreaterThan(0);
  }, 120_000);
}

const OVER: Readonly<Record<ConductorKind, string>> = {
  directive: "select state in ('closed', 'withdrawn') as over from directive where id = $1",
  referral: 'select ended_at is not null as over from referral where id = $1',
  reportingCycle: 'select ended_at is not null as over from reporting_regime where id = $1',
};

async function isOver(world: World, kind: ConductorKind, id: string): Promise<boolean> {
  const rows = await world.sql<{ over: boolean }>(OVER[kind], [id]);
  return rows[0]?.over ?? false;
}

function interfered(world: World, interfere: Interference): Activities {
  const all = {
    ...directiveActivities(world.engine),
    ...referralActivities(world.engine),
    ...reportingActivities(world.engine),
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
function failing(): Interference {
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

const SCRIPT = fileURLToPath(new URL('./crash-worker.ts', import.meta.url));
const LOADER = new URL('./register-ts.mjs', import.meta.url).href;
/** One works, another stands by: a process takes seconds to start. */
const PROCESSES = 2;

/**
 * Worker processes that ask before and after each commit. Each effect is prevented once by a kill before its commit,
 * followed once by a kill after it, so that its answer is lost, and left alone from then on.
 */
class Victims {
  readonly #options: CrashWorkerOptions;
  readonly #alive = new Set<ChildProcess>();
  readonly #killed = { before: new Set<string>(), after: new Set<string>() };
  #ending = false;

  constructor(databaseUrl: string, taskQueue: string) {
    const { temporalAddress: address, temporalNamespace: namespace, workflowBundle } = testServers();
    const role = `${databaseUrl}${databaseUrl.includes('?') ? '&' : '?'}options=${encodeURIComponent('-c role=dondoc_writer')}`;
    this.#options = { address, namespace, taskQueue, workflowBundle, databaseUrl: role };
    for (let count = 0; count < PROCESSES; count += 1) this.#start();
  }

  async end(): Promise<void> {
    this.#ending = true;
    await Promise.all([...this.#alive].map(async (child) => await kill(child)));
  }

  #start(): void {
    if (this.#ending) return;
    const child = fork(SCRIPT, [JSON.stringify(this.#options)], {
      execArgv: ['--no-warnings', '--import', LOADER],
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#alive.add(child);
    child.on('exit', () => this.#alive.delete(child));
    child.on('message', (question: Question) => this.#decide(child, question));
  }

  killedAt(side: Question['side']): string[] {
    return [...this.#killed[side]];
  }

  #decide(child: ChildProcess, { number, side, effects }: Question): void {
    const known = this.#killed[side];
    // What was prevented comes again, so that it is followed by a kill the next time.
    if (effects.some((effect) => !known.has(effect))) {
      for (const effect of effects) known.add(effect);
      child.kill('SIGKILL');
      this.#start();
      return;
    }
    if (child.connected) child.send({ go: number });
  }
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = new Promise<void>((settle) => child.once('exit', () => settle()));
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await gone;
}
