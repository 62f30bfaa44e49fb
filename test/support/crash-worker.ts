/**
 * A worker process of the crash kit: conducts with the real engine, and before and after each commit of an
 * activity tells its parent and waits. The parent answers, or kills it there.
 */
import { directiveActivities } from '../../activities/directives.js';
import { referralActivities } from '../../activities/referrals.js';
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

async function at(side: 'before' | 'after'): Promise<void> {
  asked += 1;
  const number = asked;
  await new Promise<void>((settle) => {
    waiting.set(number, settle);
    process.send?.({ number, side });
  });
}

const writer = openPool({ url: options.databaseUrl, max: 8, name: 'crash-worker' });
writer.on('connect', (client) => {
  const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
  const watched = async (...args: unknown[]): Promise<unknown> => {
    if (args[0] !== 'commit') return await query(...args);
    await at('before');
    const result = await query(...args);
    await at('after');
    return result;
  };
  Object.assign(client, {
    query: (...args: unknown[]) => (args[0] === 'commit' ? watched(...args) : query(...args)),
  });
});
const engine = createEngine({ writer, reader: writer, log, limits: { stepBatch: 500, issueBatch: 1000 } });
startConducting({
  ...options,
  activities: {
    ...directiveActivities(engine),
    ...referralActivities(engine),
    ...reportingActivities(engine),
  },
  concurrentActivities: 4,
  // Nothing kept: the task of a workflow would wait for the dead worker's own queue to time out.
  cachedWorkflows: 0,
  graceMs: 100,
  forceMs: 200,
  log,
});
