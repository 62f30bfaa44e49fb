/** The API process: wire, run, drain. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { type Config, configOrExit, describeConfig, parseConfig } from './config.js';
import { heartbeats } from './db/heartbeat-store.js';
import { readMigrations } from './db/migrate.js';
import { openPool, type Queryable } from './db/pool.js';
import { projectRoot } from './db/root.js';
import { schemaNumber } from './db/schema-state.js';
import { sheetWriter } from './documents/sheets.js';
import { Acceptance } from './engine/acceptance.js';
import { createEngine, type Engine } from './engine/engine.js';
import { withFiles } from './engine/file-ports.js';
import { sweep } from './engine/files.js';
import { withImportReader } from './engine/import-reader.js';
import { withLineWriter } from './engine/lines.js';
import { Loop } from './engine/loop.js';
import { withSheetWriter } from './engine/sheets.js';
import { endDemo, hasDemoSignIns } from './engine/sign-in.js';
import { insistOnTrueClock } from './engine/true-clock.js';
import { openFiles } from './files/open.js';
import { createAdminApp, createApp } from './http/app.js';
import { accepts, schemaDetail } from './http/checks.js';
import { type Check, createHealth, type Health, HealthError } from './http/health.js';
import { requestLimits } from './http/limits.js';
import { createMetrics } from './http/metrics.js';
import { listen, type RunningServer } from './http/server.js';
import { planReader } from './import/reader.js';
import { createLogger, type Logger } from './log.js';
import { createLetterWriter } from './mail/render.js';
import { isTemporalReachable, openTemporal, type TemporalClient, temporalAt } from './temporal/connection.js';
import { receiverRule } from './webhooks/address.js';

/** A worker tells every few seconds that it lives; silent for longer, it counts as away. */
const WORKER_SILENT_MS = 60_000;
const CLOSE_WITHIN_MS = 2_000;
const HOUR_MS = 3_600_000;
const SWEEP_EVERY_MS = 600_000;
/** Rows of one plan: more than any province has issued, and few enough to read while somebody waits. */
const IMPORT_ROWS = 5_000;

const config = configOrExit(parseConfig);
const log = createLogger({ service: 'api', level: config.logLevel });

await run(config, log);

async function run(config: Config, log: Logger): Promise<void> {
  log.info({ config: describeConfig(config) }, 'starting');
  const poolOf = (name: string, url: string, max: number) =>
    openPool({
      url,
      max,
      name: `dondoc-${name}`,
      onIdleError: (error) => log.warn({ err: error, pool: name }, 'an idle connection was lost'),
    });
  const writer = poolOf('api-writer', config.databaseWriterUrl, config.databasePoolSize);
  const reader = poolOf('api-reader', config.databaseReaderUrl, config.databasePoolSize);
  // A connection of its own: a pool that is busy must not look like a database that is away.
  const probe = poolOf('api-health', config.databaseWriterUrl, 2);
  if (!config.testClock) {
    await insistOnTrueClock(probe, (why) => {
      log.fatal(why);
      process.exit(1);
    });
  }
  const temporal = openTemporal(temporalAt(config));

  const engine = await engineOf(config, { writer, reader, log });
  const sweeping = startSweeping(engine, config.fileUnreferencedHours);
  const health = await healthOf(config, probe, temporal);
  const metrics = createMetrics(engine);
  await settleDemo(config, writer, log);
  const limits = requestLimits(writer, config.rateLimitPerMinute);
  const app = createApp({
    engine,
    config,
    log,
    health,
    metrics,
    limits,
    mayBeTold: receiverRule(config.webhookAllowedRanges),
    version: productVersion(),
  });
  const servers = await Promise.all([
    listen(app, { host: config.httpHost, port: config.httpPort }, log),
    listen(createAdminApp({ health, metrics, log }), { host: config.httpHost, port: config.adminPort }, log),
  ]).catch((error: unknown) => {
    log.fatal({ err: error }, 'cannot listen');
    process.exit(1);
  });
  log.info({ url: config.publicUrl, port: servers[0].port, adminPort: servers[1].port }, 'listening');

  const acceptance = new Acceptance(engine, `api:${hostname()}:${process.pid}`, config.acceptanceMarginMs);
  acceptance.start();

  onFirstSignal(log, async () => {
    health.drain();
    await Promise.all([drain(servers, config.shutdownGraceMs), sweeping.stop(), acceptance.stop()]);
    // A connection whose server has gone silent must not keep the process from ending.
    const closed = Promise.all([writer.end(), reader.end(), probe.end(), temporal.close()]);
    await Promise.race([closed, delay(CLOSE_WITHIN_MS)]);
  });
}

/** The use cases with what they ask of adapters: letters, spreadsheets in and out, files. */
async function engineOf(config: Config, parts: Pick<Engine, 'writer' | 'reader' | 'log'>): Promise<Engine> {
  const bare = withLineWriter(
    createEngine({
      ...parts,
      limits: { stepBatch: config.stepBatch, issueBatch: config.issueBatch },
    }),
    createLetterWriter({ publicUrl: config.publicUrl }),
  );
  return withFiles(
    withImportReader(
      withSheetWriter(bare, sheetWriter),
      planReader({ maxBytes: config.importLimitMb * 1024 * 1024, maxRows: IMPORT_ROWS }),
    ),
    await openFiles(config, `incoming-${hostname()}-${config.httpPort}`),
  );
}

/** Lets go of files that hang on nothing, and of contents without files. Several processes may do so at once. */
function startSweeping(engine: Engine, unreferencedHours: number): Loop {
  const options = { unreferencedMs: unreferencedHours * HOUR_MS, graceMs: HOUR_MS, batch: 100 };
  const work = async (): Promise<boolean> => await sweep(engine, options);
  const loop = new Loop({ name: 'files', everyMs: SWEEP_EVERY_MS, log: engine.log, work });
  loop.start();
  return loop;
}

/**
 * Demo sign-ins end with the demonstration. Production does not start over a database where they still work: it is
 * the database of a demonstration. A database that is away is asked by no one: without demo mode the tokens are
 * refused anyway.
 */
async function settleDemo(config: Config, writer: Queryable, log: Logger): Promise<void> {
  if (config.demoSignIns) return;
  try {
    if (config.nodeEnv === 'production' && (await hasDemoSignIns(writer))) {
      log.fatal('this database holds sign-ins of the demonstration; end them with: dondoc people end-demo');
      process.exit(1);
    }
    const ended = await endDemo(writer);
    if (ended > 0) log.info({ ended }, 'sign-ins of the demonstration were ended');
  } catch (error) {
    log.warn({ err: error }, 'could not look for sign-ins of the demonstration');
  }
}

async function healthOf(config: Config, probe: Queryable, temporal: TemporalClient): Promise<Health> {
  const known = (await readMigrations()).length;
  return createHealth({
    database: async () => schemaDetail(await schemaNumber(probe), known),
    others: {
      temporal: async () => {
        if (!(await isTemporalReachable(temporal, 1_500))) throw new HealthError('not reachable');
        return 'answers';
      },
      mail: async () => await accepts(config.smtpUrl),
      worker: workerCheck(async () => await heartbeats(probe, 'worker')),
    },
  });
}

function productVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8'));
  return z.object({ version: z.string() }).parse(manifest).version;
}

function workerCheck(beats: () => Promise<readonly { readonly ageMs: number }[]>): Check {
  return async () => {
    const alive = (await beats()).filter((beat) => beat.ageMs < WORKER_SILENT_MS).length;
    if (alive === 0) throw new HealthError('no worker has told that it lives');
    return `${alive} alive`;
  };
}

/** The API first; health is answered until the last request is done, so that who watches sees the draining. */
async function drain([api, admin]: readonly [RunningServer, RunningServer], graceMs: number): Promise<void> {
  const until = performance.now() + graceMs;
  await api.close(graceMs);
  await admin.close(Math.max(0, Math.min(1_000, until - performance.now())));
}

/** The first SIGTERM or SIGINT drains; the second one does not wait. */
function onFirstSignal(log: Logger, stop: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      log.info({ signal }, 'draining');
      stop().then(
        () => {
          log.info('stopped');
          process.exit(0);
        },
        (error: unknown) => {
          log.error({ err: error }, 'did not stop in order');
          process.exit(1);
        },
      );
    });
  }
}
