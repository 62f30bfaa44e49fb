import { createServer, type Server } from 'node:http';
import { hostname } from 'node:os';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { anchorActivities } from '../activities/anchors.js';
import { directiveActivities } from '../activities/directives.js';
import { referralActivities } from '../activities/referrals.js';
import { reorganisationActivities } from '../activities/reorganisations.js';
import { reportingActivities } from '../activities/reports.js';
import { type Config, configOrExit, describeConfig, parseConfig } from './config.js';
import { beat, endBeat, forgetBeats } from './db/heartbeat-store.js';
import { openPool } from './db/pool.js';
import { anchorOptions } from './engine/anchor.js';
import { createEngine, type Engine } from './engine/engine.js';
import { Folder } from './engine/fold.js';
import { Loop } from './engine/loop.js';
import { Pump, pumpOptions } from './engine/pump.js';
import { RECOVERY_OPTIONS, Recovery } from './engine/recovery.js';
import { insistOnTrueClock } from './engine/true-clock.js';
import { Upkeep } from './engine/upkeep.js';
import { type Watch, Watchdog } from './engine/watchdog.js';
import { WebhookPump } from './engine/webhook-pump.js';
import { createLogger, type Logger } from './log.js';
import { createLetterWriter } from './mail/render.js';
import { createMailTransport, type MailTransport } from './mail/transport.js';
import { createConductors } from './temporal/client.js';
import { isTemporalReachable, openTemporal, type TemporalClient, temporalAt } from './temporal/connection.js';
import { createSchedules } from './temporal/schedules.js';
import { type Conducting, installRuntime, startConducting } from './temporal/worker.js';
import { createWebhookSender } from './webhooks/sender.js';

/**
 * The worker process. Its pump and its watchdog live from PostgreSQL alone and start first; its conductors
 * come to life as soon as Temporal is there. It ends when it is told to, after what it has begun.
 */

/** Workflows kept in memory: about 100 KB each; one that is not is read from its history when it wakes. */
const CACHED_WORKFLOWS = 500;
/** SMTP connections of this process. */
const MAIL_CONNECTIONS = 5;
const BEAT_MS = 5_000;
/** A sign of this worker is not older than this while it is well. */
const WELL_WITHIN_MS = 30_000;
const DAY_MS = 86_400_000;
/** A receiver that has not answered by then is tried again. */
const WEBHOOK_TIMEOUT_MS = 15_000;
/** Messages under way to one receiver. */
const WEBHOOK_AT_ONCE = 10;

interface Parts {
  readonly config: Config;
  readonly log: Logger;
  readonly engine: Engine;
  readonly mail: MailTransport;
  readonly temporal: TemporalClient;
}

/** What this process knows of its surroundings, renewed with each sign of life. */
interface Surroundings {
  temporal: boolean;
  mail: boolean;
}

function assemble(config: Config): Parts {
  const log = createLogger({ service: 'worker', level: config.logLevel });
  installRuntime(log);
  const pool = (url: string, max: number) =>
    openPool({
      url,
      max,
      name: 'dondoc-worker',
      onIdleError: (error) => log.warn({ err: error }, 'database connection lost'),
    });
  const engine = createEngine({
    writer: pool(config.databaseWriterUrl, config.databasePoolSize),
    reader: pool(config.databaseReaderUrl, 2),
    log,
    limits: { stepBatch: config.stepBatch, issueBatch: config.issueBatch },
  });
  return {
    config,
    log,
    engine,
    mail: createMailTransport({ url: config.smtpUrl, from: config.mailFrom, connections: MAIL_CONNECTIONS }),
    temporal: openTemporal(temporalAt(config)),
  };
}

function startPump({ config, engine, mail, temporal }: Parts): Pump {
  const pump = new Pump(
    engine,
    {
      mail,
      letters: createLetterWriter({ publicUrl: config.publicUrl }),
      waker: createConductors(temporal, { taskQueue: config.temporalTaskQueue }),
    },
    pumpOptions({
      pollMs: config.pumpPollMs,
      batch: config.pumpBatch,
      messageDomain: /@([^>\s]+)/.exec(config.mailFrom)?.[1] ?? 'localhost',
    }),
  );
  pump.start();
  return pump;
}

function startWebhooks({ config, engine }: Parts): WebhookPump {
  const allowedRanges = config.webhookAllowedRanges;
  const pump = new WebhookPump(
    engine,
    createWebhookSender({ allowedRanges, timeoutMs: WEBHOOK_TIMEOUT_MS }),
    {
      pollMs: config.pumpPollMs,
      source: config.publicUrl,
      batch: config.pumpBatch,
      perWebhook: WEBHOOK_AT_ONCE,
      leaseMs: 4 * WEBHOOK_TIMEOUT_MS,
    },
  );
  pump.start();
  return pump;
}

function startWatchdog(
  { config, engine, temporal }: Parts,
  pump: Pump,
  upkeep: Upkeep,
  registry: Registry,
): Watchdog {
  const url = config.watchdogHeartbeatUrl;
  const watchdog = new Watchdog(engine, {
    pump: () => [...pump.health(), upkeep.health()],
    isTemporalReachable: async () => await isTemporalReachable(temporal),
    found: gauges(registry),
    heartbeat: url === undefined ? null : async () => await tellOutside(url),
  });
  watchdog.start();
  return watchdog;
}

async function tellOutside(url: string): Promise<void> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  await answer.body?.cancel();
}

/** Metrics of what waits; they stand at the last look of this process's watchdog. */
function gauges(registry: Registry): (watch: Watch) => void {
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `dondoc_${name}`, help, registers: [registry] });
  const late = gauge('late_steps', 'Planned steps that are more than some minutes late');
  const poisoned = gauge('poisoned_steps', 'Steps that were set aside with an error');
  const wakes = gauge('waiting_wakes', 'Wakes that wait for Temporal');
  const items = gauge('waiting_items', 'Messages whose receivers’ hours are open, without an envelope');
  const envelopes = gauge('waiting_envelopes', 'Envelopes that are ready to be sent');
  const dead = gauge('dead_envelopes', 'Envelopes that were refused too often');
  const undeliverable = gauge('undeliverable_items', 'Messages to an office without an address');
  const troubles = gauge('watchdog_troubles', 'Reasons for which the watchdog is not content');
  return (watch) => {
    late.set(watch.lateSteps);
    poisoned.set(watch.poisonedSteps);
    wakes.set(watch.wakes);
    items.set(watch.items);
    envelopes.set(watch.envelopes);
    dead.set(watch.deadEnvelopes);
    undeliverable.set(watch.undeliverableItems);
    troubles.set(watch.troubles.length);
  };
}

function conduct({ config, engine, log }: Parts): Conducting {
  return startConducting({
    ...temporalAt(config),
    taskQueue: config.temporalTaskQueue,
    workflowBundle: config.workflowBundle,
    activities: {
      ...directiveActivities(engine),
      ...referralActivities(engine),
      ...reportingActivities(engine),
      ...reorganisationActivities(engine),
      ...anchorActivities(engine, anchorOptions(config)),
    },
    // The pump's loops and its listener need connections too.
    concurrentActivities: Math.max(1, config.databasePoolSize - 4),
    cachedWorkflows: CACHED_WORKFLOWS,
    graceMs: config.shutdownGraceMs * 0.6,
    forceMs: config.shutdownGraceMs * 0.8,
    log,
  });
}

function startRecovery({ config, engine, temporal }: Parts): Recovery {
  const conductors = createConductors(temporal, { taskQueue: config.temporalTaskQueue });
  const schedules = createSchedules(temporal, {
    taskQueue: config.temporalTaskQueue,
    anchorEveryHours: config.anchorEveryHours,
  });
  const isReachable = async (): Promise<boolean> => await isTemporalReachable(temporal);
  const recovery = new Recovery(engine, conductors, isReachable, { ...RECOVERY_OPTIONS, schedules });
  recovery.start();
  return recovery;
}

/** Tells the record that this worker lives, and what it can reach: the API's readiness reads it there. */
function startBeats(
  parts: Parts,
  pump: Pump,
  conducting: Conducting,
  around: Surroundings,
): { name: string; loop: Loop } {
  const name = `worker:${hostname()}:${process.pid}`;
  const work = async (): Promise<boolean> => {
    [around.temporal, around.mail] = await Promise.all([
      isTemporalReachable(parts.temporal),
      parts.mail.isReachable(),
    ]);
    const detail = { ...around, polling: conducting.isPolling(), pump: isPumpWell(pump) };
    await beat(parts.engine.writer, { process: name, kind: 'worker', detail });
    await forgetBeats(parts.engine.writer, 'worker', DAY_MS);
    return false;
  };
  const loop = new Loop({ name: 'heartbeat', everyMs: BEAT_MS, log: parts.log, work });
  loop.start();
  return { name, loop };
}

const isPumpWell = (pump: Pump): boolean =>
  pump.health().every(({ sinceGoodMs, name }) => name === 'waking' || sinceGoodMs < WELL_WITHIN_MS);

/** Health and metrics. Not ready while the database is away or the process is ending; Temporal and mail are told apart. */
function serveAdmin(
  at: Pick<Config, 'httpHost' | 'workerAdminPort'>,
  registry: Registry,
  state: () => { ready: boolean } & Record<string, unknown>,
): Server {
  const server = createServer((request, response) => {
    const answer = (status: number, body: string, type = 'application/json'): void => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    };
    switch (new URL(request.url ?? '/', 'http://localhost').pathname) {
      case '/livez':
        return answer(200, '{"status":"alive"}');
      case '/readyz': {
        const { ready, ...rest } = state();
        return answer(ready ? 200 : 503, JSON.stringify({ status: ready ? 'ready' : 'not_ready', ...rest }));
      }
      case '/metrics':
        registry.metrics().then(
          (text) => answer(200, text, registry.contentType),
          () => answer(500, '{}'),
        );
        return;
      default:
        return answer(404, '{}');
    }
  });
  server.listen(at.workerAdminPort, at.httpHost);
  return server;
}

async function main(): Promise<void> {
  const config = configOrExit(parseConfig);
  const parts = assemble(config);
  const { log, engine } = parts;
  log.info(describeConfig(config), 'worker starts');
  if (!config.testClock) {
    await insistOnTrueClock(engine.writer, (why) => {
      log.fatal(why);
      process.exit(1);
    });
  }
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const around: Surroundings = { temporal: false, mail: false };
  const pump = startPump(parts);
  const upkeep = new Upkeep(engine);
  upkeep.start();
  const watchdog = startWatchdog(parts, pump, upkeep, registry);
  const folder = new Folder(engine);
  folder.start();
  const webhooks = startWebhooks(parts);
  const conducting = conduct(parts);
  const recovery = startRecovery(parts);
  const beats = startBeats(parts, pump, conducting, around);
  let stopping = false;
  const admin = serveAdmin(config, registry, () => {
    const database = isPumpWell(pump);
    return { ready: database && !stopping, database, ...around, polling: conducting.isPolling(), stopping };
  });
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'worker stops');
    setTimeout(() => {
      log.error('worker: what was begun did not end in time');
      process.exit(1);
    }, config.shutdownGraceMs).unref();
    await Promise.all([
      conducting.stop(),
      pump.stop(),
      webhooks.stop(),
      upkeep.stop(),
      watchdog.stop(),
      folder.stop(),
      recovery.stop(),
      beats.loop.stop(),
    ]);
    await endBeat(engine.writer, beats.name).catch(() => undefined);
    parts.mail.close();
    admin.close();
    await Promise.allSettled([parts.temporal.close(), engine.writer.end(), engine.reader.end()]);
    log.info('worker has stopped');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
}

await main();
