/**
 * A worker process of the crash kit: conducts with the real engine, and before and after each commit of an
 * activity tells its parent which effects it has and waits. The parent answers, or kills it there.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { anchorActivities } from '../../activities/anchors.js';
import { directiveActivities } from '../../activities/directives.js';
import { referralActivities } from '../../activities/referrals.js';
import { reorganisationActivities } from '../../activities/reorganisations.js';
import { reportingActivities } from '../../activities/reports.js';
import { openPool } from '../../src/db/pool.js';
import { createEngine } from '../../src/engine/engine.js';
import { installRuntime, startConducting } from '../../src/temporal/worker.js';

export interface CrashWorkerOptions {
  readonly address: string;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly workflowBundle: string;
  readonly databaseUrl: string;
}

const options = JSON.parse(process.argv[2] ?? '{}') as CrashWorkerOptions;
const quiet = (): void => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
installRuntime(log);

let asked = 0;
const waiting = new Map<number, () => void>();
process.on('message', (answer: { go: number }) => waiting.get(answer.go)?.());
// Without a parent nobody would ever stop it.
process.on('disconnect', () => process.exit(1));

/** What a worker asks before it goes on. */
export interface Question {
  readonly number: number;
  readonly side: 'before' | 'after';
  /** `activity: subject type of event`, `activity: armed`, `: anchored` or `: set aside`. */
  readonly effects: readonly string[];
}

async function at(side: Question['side'], effects: readonly string[]): Promise<void> {
  asked += 1;
  const number = asked;
  await new Promise<void>((settle) => {
    waiting.set(number, settle);
    const question: Question = { number, side, effects };
    process.send?.(question);
  });
}

/** The activity on whose behalf a statement is sent. */
const activity = new AsyncLocalStorage<string>();

const nameOf = (statement: unknown): string =>
  typeof statement === 'object' && statement !== null && 'name' in statement ? String(statement.name) : '';

/** What a statement does to the record: the events it appends, by subject and type, the arming of a conductor, or an anchor. */
function effectsOf(statement: unknown): string[] {
  if (nameOf(statement).startsWith('arm_')) return ['armed'];
  if (nameOf(statement) === 'insert_anchor') return ['anchored'];
  if (nameOf(statement) !== 'insert_events') return [];
  const { values } = statement as { values: unknown[] };
  const list = (place: number): string[] => String(values[place]).replace(/[{}]/g, '').split(',');
  const types = list(6);
  return list(0).map((subject, place) => `${subject} ${types[place]}`);
}

const writer = openPool({ url: options.databaseUrl, max: 16, name: 'crash-worker' });
// A step is set aside by a statement that is a transaction of its own.
const alone = writer.query.bind(writer) as (...args: unknown[]) => Promise<unknown>;
Object.assign(writer, {
  query: async (...args: unknown[]) => {
    if (!nameOf(args[0]).startsWith('set_aside')) return await alone(...args);
    const effects = [`${activity.getStore()}: set aside`];
    await at('before', effects);
    const result = await alone(...args);
    await at('after', effects);
    return result;
  },
});
writer.on('connect', (client) => {
  const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
  let effects = new Set<string>();
  const commit = async (...args: unknown[]): Promise<unknown> => {
    const all = [...effects];
    if (all.length > 0) await at('before', all);
    const result = await query(...args);
    if (all.length > 0) await at('after', all);
    return result;
  };
  Object.assign(client, {
    query: (...args: unknown[]) => {
      if (args[0] === 'commit') return commit(...args);
      if (args[0] === 'begin') effects = new Set();
      for (const effect of effectsOf(args[0])) effects.add(`${activity.getStore()}: ${effect}`);
      return query(...args);
    },
  });
});
const engine = createEngine({ writer, reader: writer, log, limits: { stepBatch: 500, issueBatch: 1000 } });
const activities = {
  ...directiveActivities(engine),
  ...referralActivities(engine),
  ...reportingActivities(engine),
  ...reorganisationActivities(engine),
  ...anchorActivities(engine, { key: null, mailTo: null, messageDomain: 'example.test' }),
};
const named = Object.entries(activities).map(([name, run]) => [
  name,
  async (...args: unknown[]) =>
    await activity.run(name, async () => await (run as (...args: unknown[]) => Promise<unknown>)(...args)),
]);
startConducting({
  ...options,
  tls: null,
  activities: Object.fromEntries(named),
  concurrentActivities: 8,
  // Nothing kept: the task of a workflow would wait for the dead worker's own queue to time out.
  cachedWorkflows: 0,
  graceMs: 100,
  forceMs: 200,
  log,
});
