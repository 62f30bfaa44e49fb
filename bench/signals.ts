import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { directiveActivities } from '../activities/directives.js';
import { createDraft, issueDirective } from '../src/engine/directives.js';
import { executeAssignments } from '../src/engine/execute.js';
import type { ConductorWaker } from '../src/engine/ports.js';
import { Pump, pumpOptions } from '../src/engine/pump.js';
import { createLetterWriter } from '../src/mail/render.js';
import { defaultCacheDir, findTemporalBinary } from '../src/temporal/binary.js';
import { createConductors } from '../src/temporal/client.js';
import { openTemporal } from '../src/temporal/connection.js';
import { startDevServer } from '../src/temporal/dev-server.js';
import { installRuntime, startConducting } from '../src/temporal/worker.js';
import { freePort } from '../test/support/ports.js';
import {
  createWorld,
  draftContent,
  draftTask,
  QUICK_POLICY,
  subjectOf,
  type World,
} from '../test/support/world.js';
import { workflowIdOf } from '../workflows/messages.js';
import { startBenchServer } from './support.js';

/**
 * A directive of about 10,000 assignments (general tasks over 150 units) with Temporal, a worker and the pump in
 * play: issued, each assignment submitted and confirmed by commands of their own, closed by its process. Counts the
 * messages into the process and its history events. Run with `npm run bench -- signals [tasks] [callers]`.
 */
const UNITS = 150;
const SIGNALED = 26;
const BUNDLE = process.env.WORKFLOW_BUNDLE ?? './dist/workflow-bundle.js';
const NAMESPACE = 'bench';
const quiet = (): void => undefined;
const log = { debug: quiet, info: quiet, warn: console.warn, error: console.error };

async function issued(world: World, tasks: number): Promise<string> {
  const ids = Array.from({ length: UNITS }, () => uuidv7());
  await world.sql(
    'insert into unit (id, code, name, group_code) select id, $2 || row_number() over (), $2, $3 from unnest($1::uuid[]) as id',
    [ids, 'xa-', 'commune'],
  );
  const agency = world.as('standing_agency');
  const content = draftContent(
    Array.from({ length: tasks }, (_, index) =>
      draftTask({
        code: `N${index + 1}`,
        nature: 'general',
        groupCodes: ['commune'],
        deadline: { phrase: 'within 20 days', rule: null, past: null },
      }),
    ),
  );
  const id = subjectOf(await createDraft(world.engine, world.request(agency), content));
  subjectOf(await issueDirective(world.engine, world.request(agency), id));
  return id;
}

/** Every assignment is submitted and confirmed, some callers at once. */
async function worked(world: World, directiveId: string, callers: number): Promise<number> {
  const rows = await world.sql<{ id: string; unit_id: string }>(
    'select id, unit_id from assignment where directive_id = $1 order by id',
    [directiveId],
  );
  const queue = [...rows];
  const caller = async (): Promise<void> => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const unit = { ...world.as('unit', 'health'), unitId: next.unit_id };
      const submit = { action: 'submit', input: { text: 'Đã hoàn thành.' } } as const;
      subjectOf(await executeAssignments(world.engine, world.request(unit), [next.id], submit));
      const agency = world.request(world.as('standing_agency'));
      subjectOf(await executeAssignments(world.engine, agency, [next.id], { action: 'confirm', input: {} }));
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return 2 * rows.length;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 200));
}

async function play(world: World, address: string, tasks: number, callers: number): Promise<void> {
  const temporal = openTemporal({ address, namespace: NAMESPACE, tls: null });
  const conductors = createConductors(temporal, { taskQueue: 'bench' });
  let told = 0;
  const waker: ConductorWaker = {
    wake: async (kind, id) => {
      told += 1;
      await conductors.wake(kind, id);
    },
  };
  const worker = startConducting({
    ...{ address, tls: null, namespace: NAMESPACE, taskQueue: 'bench', workflowBundle: BUNDLE, log },
    ...{ activities: directiveActivities(world.engine), concurrentActivities: 4, cachedWorkflows: 50 },
    ...{ graceMs: 2_000, forceMs: 4_000 },
  });
  const mail = { send: async () => ({ outcome: 'unreachable', reason: 'none in this bench' }) as const };
  const letters = createLetterWriter({ publicUrl: 'http://dondoc.example' });
  const options = pumpOptions({ pollMs: 1_000, batch: 100, messageDomain: 'dondoc.example' });
  const pump = new Pump(world.engine, { mail, letters, waker }, options);
  pump.start();
  const id = await issued(world, tasks);
  const [planned] = await world.sql<{ planned: number }>('select planned from directive where id = $1', [id]);
  const count = async (): Promise<number> =>
    (
      await world.sql<{ n: number }>('select count(*)::int as n from assignment where directive_id = $1', [
        id,
      ])
    )[0]?.n ?? 0;
  await until(async () => (await count()) === planned?.planned);
  const start = performance.now();
  const commands = await worked(world, id, callers);
  const seconds = (performance.now() - start) / 1000;
  const handle = temporal.client.workflow.getHandle(workflowIdOf('directive', id));
  await handle.result();
  const { events = [] } = await handle.fetchHistory();
  const signals = (events ?? []).filter(({ eventType }) => Number(eventType) === SIGNALED).length;
  console.log(
    `${planned?.planned} assignments, ${commands} commands by ${callers} callers in ${seconds.toFixed(0)} s: ` +
      `${told} messages to Temporal, ${signals} signals and ${(events ?? []).length} events in the last run's history`,
  );
  await pump.stop();
  await worker.stop();
  await temporal.close();
}

async function main(): Promise<void> {
  const [tasks = 67, callers = 8] = process.argv.slice(2).map(Number);
  installRuntime(log);
  const folder = mkdtempSync(join(tmpdir(), 'dondoc-bench-temporal-'));
  const server = await startBenchServer();
  const { path: binary } = await findTemporalBinary({
    env: process.env,
    cacheDir: defaultCacheDir(process.env),
  });
  const temporal = await startDevServer({
    binary,
    port: await freePort(),
    namespace: NAMESPACE,
    dbFile: join(folder, 'temporal.db'),
    logFile: join(folder, 'temporal.log'),
  });
  try {
    const world = await createWorld(await server.create('base'), QUICK_POLICY);
    await play(world, temporal.address, tasks, callers).finally(() => world.close());
  } finally {
    await temporal.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
