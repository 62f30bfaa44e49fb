import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { Logger } from '../log.js';
import type { TemporalAddress } from './connection.js';

export interface ConductingOptions extends TemporalAddress {
  readonly taskQueue: string;
  /** Path of the workflow code, bundled ahead of time. */
  readonly workflowBundle: string;
  readonly activities: object;
  /** Activities that run at once; each holds a database connection at times. */
  readonly concurrentActivities: number;
  /** Workflows kept in memory: said explicitly, since the default takes what the machine has. */
  readonly cachedWorkflows: number;
  /** Time for what is under way when the worker stops; then activities are cancelled, and at `forceMs` left alone. */
  readonly graceMs: number;
  readonly forceMs: number;
  readonly log: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
}

/** A worker that is there whenever the server is. */
export interface Conducting {
  /** Whether it polls at this moment. */
  isPolling(): boolean;
  /** Stops polling, finishes what is under way within the grace, and disconnects. */
  stop(): Promise<void>;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

/** Sends the SDK's own lines to our log. Once per process, before anything else of the SDK's worker. */
export function installRuntime(log: ConductingOptions['log']): void {
  const logger = new DefaultLogger('INFO', ({ level, message, meta }) => {
    const error: unknown = meta?.error;
    const line = {
      sdk: String(meta?.sdkComponent ?? 'worker'),
      ...(error === undefined ? {} : { err: error }),
    };
    if (level === 'ERROR') log.error(line, message);
    else if (level === 'WARN') log.warn(line, message);
    else log.debug(line, message);
  });
  // The process itself decides when it ends: its signals are not the SDK's.
  const logging = { forward: {}, filter: { core: 'WARN', other: 'WARN' } as const };
  Runtime.install({ logger, shutdownSignals: [], telemetryOptions: { logging } });
}

/**
 * Runs the conductors' worker. The SDK needs a reachable server to make one, so it is made again and again
 * until the server is there, and anew where it broke down.
 */
export function startConducting(options: ConductingOptions): Conducting {
  const { log } = options;
  const stopping = new AbortController();
  let worker: Worker | null = null;

  const once = async (): Promise<void> => {
    const connection = await NativeConnection.connect({ address: options.address, tls: options.tls });
    try {
      const made = await createWorker(connection, options);
      if (stopping.signal.aborted) return;
      worker = made;
      log.info({ taskQueue: options.taskQueue }, 'conductors: polling');
      await made.run();
    } finally {
      worker = null;
      await connection.close();
    }
  };
  const loop = async (): Promise<void> => {
    for (let wait = FIRST_WAIT_MS; !stopping.signal.aborted; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      const begun = Date.now();
      try {
        await once();
      } catch (error) {
        log.warn({ err: error }, 'conductors: no worker; trying again');
      }
      if (Date.now() - begun > LONGEST_WAIT_MS) wait = FIRST_WAIT_MS;
      await pause(wait, stopping.signal);
    }
  };
  const ended = loop();
  return {
    isPolling: () => worker?.getState() === 'RUNNING',
    stop: async () => {
      stopping.abort();
      if (worker?.getState() === 'RUNNING') worker.shutdown();
      await ended;
    },
  };
}

async function createWorker(connection: NativeConnection, options: ConductingOptions): Promise<Worker> {
  return await Worker.create({
    connection,
    namespace: options.namespace,
    taskQueue: options.taskQueue,
    workflowBundle: { codePath: options.workflowBundle },
    activities: options.activities,
    maxConcurrentActivityTaskExecutions: options.concurrentActivities,
    maxCachedWorkflows: options.cachedWorkflows,
    shutdownGraceTime: options.graceMs,
    shutdownForceTime: options.forceMs,
  });
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((settle) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      settle();
    }
    signal.addEventListener('abort', done);
  });
}
