import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/db/embedded.js';
import { identifyProcess } from '../../src/db/embedded-process.js';
import { defaultCacheDir, findTemporalBinary } from '../../src/temporal/binary.js';
import { type DevServer, startDevServer } from '../../src/temporal/dev-server.js';
import { openFolder } from './folders.js';
import type { Kept } from './keeper.js';
import { freePorts } from './ports.js';

/** The servers that all integration tests of a run share. */
export interface TestServers {
  /** Connection of PostgreSQL's superuser to the database `postgres`. See `database.ts` for databases to use. */
  readonly postgresUrl: string;
  /** host:port of a Temporal server that can skip time. */
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  /** Path of the workflow bundle, built once for the run. */
  readonly workflowBundle: string;
  /** The Temporal program, for a test that needs a server of its own to kill. */
  readonly temporalBinary: string;
  /** Where the servers keep what they write; removed at the end of the run. */
  readonly folder: string;
}

/** The variable by which the global setup tells the tests about the servers. */
const VARIABLE = 'DONDOC_TEST_SERVERS';
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Where the shared servers are; only in integration tests. */
export function testServers(): TestServers {
  const text = process.env[VARIABLE];
  if (text === undefined)
    throw new Error('No servers were started for this run: integration tests run by Jest');
  return JSON.parse(text) as TestServers;
}

interface Running {
  readonly postgres: EmbeddedPostgres;
  readonly temporal: DevServer;
  readonly folder: string;
  readonly keeper: ChildProcess;
}

/** Jest loads setup and teardown apart; what they share lies where both find it. */
const shared = globalThis as typeof globalThis & { dondocTestServers?: Running };

/** Starts the servers of a run, side by side, and tells the tests where they are. */
export async function startServers(): Promise<void> {
  const folder = openFolder('test');
  const { keeper, keep } = startKeeper();
  keep({ folder });
  const [postgres, temporal, workflowBundle] = await Promise.all([
    startPostgres(folder, keep),
    startTemporal(folder, keep),
    buildBundle(),
  ]);
  shared.dondocTestServers = { postgres, temporal: temporal.server, folder, keeper };
  const servers: TestServers = {
    postgresUrl: postgres.url,
    temporalAddress: temporal.server.address,
    temporalNamespace: NAMESPACE,
    workflowBundle,
    temporalBinary: temporal.binary,
    folder,
  };
  process.env[VARIABLE] = JSON.stringify(servers);
}

/** Stops the servers of a run and removes what they wrote. */
export async function stopServers(): Promise<void> {
  const running = shared.dondocTestServers;
  if (running === undefined) return;
  await Promise.all([running.postgres.stop(), running.temporal.stop()]);
  rmSync(running.folder, { recursive: true, force: true });
  running.keeper.stdin?.end();
}

const NAMESPACE = 'test';

/** Speed instead of safety: nothing in this cluster outlives the run. */
const FAST_SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  max_connections: '300',
  shared_buffers: '256MB',
};

type Keep = (kept: Kept) => void;

async function startPostgres(folder: string, keep: Keep): Promise<EmbeddedPostgres> {
  const [port] = await freePorts(1);
  const server = await startEmbeddedPostgres({
    dataDir: join(folder, 'postgres'),
    port: port ?? 0,
    settings: FAST_SETTINGS,
  });
  keep({ process: server.process });
  return server;
}

async function startTemporal(folder: string, keep: Keep) {
  const [found, [port]] = await Promise.all([
    findTemporalBinary({
      env: process.env,
      cacheDir: defaultCacheDir(process.env),
      log: (line) => process.stdout.write(`${line}\n`),
      oldestServerMinor: 32,
    }),
    freePorts(1),
  ]);
  const server = await startDevServer({
    binary: found.path,
    port: port ?? 0,
    dbFile: join(folder, 'temporal.db'),
    logFile: join(folder, 'temporal.log'),
    namespace: NAMESPACE,
    dynamicConfig: { 'frontend.WorkflowTimeSkippingEnabled': 'true' },
  });
  const identity = identifyProcess(server.pid);
  if (identity !== undefined) keep({ process: identity });
  return { server, binary: found.path };
}

async function buildBundle(): Promise<string> {
  const { bundleWorkflows } = await import('../../scripts/bundle.mjs');
  return await bundleWorkflows();
}

/** The keeper removes what the run would leave behind if it were killed. */
function startKeeper(): { keeper: ChildProcess; keep: Keep } {
  const script = join(ROOT, 'test/support/keeper.ts');
  const keeper = spawn(
    process.execPath,
    ['--no-warnings', '--import', './test/support/register-ts.mjs', script],
    {
      cwd: ROOT,
      detached: true,
      stdio: ['pipe', 'ignore', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    },
  );
  keeper.unref();
  return { keeper, keep: (kept) => keeper.stdin.write(`${JSON.stringify(kept)}\n`) };
}
