import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';

/** Search attributes of the workflows, registered with the namespace. */
const SEARCH_ATTRIBUTES: Readonly<Record<string, 'Keyword' | 'Int'>> = {
  Phase: 'Keyword',
  Open: 'Int',
};

/** `temporal.api.enums.v1.IndexedValueType`; the package that names them cannot be imported by name from a module. */
const INDEXED_VALUE_TYPES = { Keyword: 2, Int: 3 } as const;

export interface DevServerOptions {
  /** The command-line program, see `findTemporalBinary`. */
  readonly binary: string;
  readonly port: number;
  /** Port of the server's own pages; undefined for none. */
  readonly uiPort?: number;
  /** File with everything the server knows; undefined keeps it in memory (lost at the end). */
  readonly dbFile?: string;
  readonly logFile: string;
  readonly namespace: string;
  /** Dynamic configuration, each value as JSON, for example `{'frontend.WorkflowTimeSkippingEnabled': 'true'}`. */
  readonly dynamicConfig?: Readonly<Record<string, string>>;
  /** Told as soon as there is a process, long before it is ready: whoever writes it down can stop it later. */
  readonly onSpawn?: (pid: number) => void;
  /** Gives up a start that is under way, and stops what was started. */
  readonly signal?: AbortSignal;
}

export interface DevServer {
  /** host:port of the server's gRPC door. */
  readonly address: string;
  readonly pid: number;
  /** Settles when the server is gone, for whatever reason, and says how it ended. */
  readonly exited: Promise<string>;
  readonly stop: () => Promise<void>;
}

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 10_000;
const LOG_LIMIT_BYTES = 10_000_000;

/** With which a Go program ends that panics; a port of ours that is taken ends it otherwise. */
const PANICKED = 2;

class NotStarted extends Error {
  readonly crashed: boolean;

  constructor(message: string, crashed: boolean) {
    super(message);
    this.crashed = crashed;
  }
}

/**
 * Starts Temporal's development server and waits until the namespace can be used. It listens on this machine only. For
 * its inner services it takes ports by itself, which another program may take in between: one that crashes while it
 * starts is started once more.
 */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  try {
    return await startOnce(options);
  } catch (error) {
    if (error instanceof NotStarted && error.crashed) return await startOnce(options);
    throw error;
  }
}

async function startOnce(options: DevServerOptions): Promise<DevServer> {
  const { child, exited, logStart } = launch(options);
  if (child.pid !== undefined) options.onSpawn?.(child.pid);
  const address = `127.0.0.1:${options.port}`;
  let ended: string | undefined;
  void exited.then((how) => {
    ended = how;
  });
  const giveUp = Date.now() + READY_WITHIN_MS;
  let last: unknown;
  while (ended === undefined && Date.now() < giveUp && !options.signal?.aborted) {
    try {
      await useNamespace(address, options.namespace);
      return { address, pid: pidOf(child), exited, stop: async () => await stop(child, exited) };
    } catch (error) {
      last = error;
      await sleep(100);
    }
  }
  await stop(child, exited);
  options.signal?.throwIfAborted();
  const reason = ended ?? `it is not ready after ${READY_WITHIN_MS / 1000} s (${String(last)})`;
  throw new NotStarted(
    `The Temporal server did not start on port ${options.port}: ${reason}\n${tailOf(options.logFile, logStart)}`,
    child.exitCode === PANICKED,
  );
}

/** Arguments of `temporal server start-dev`. */
function devServerArguments(options: DevServerOptions): string[] {
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(options.port)];
  args.push('--namespace', options.namespace, '--log-level', 'warn', '--log-format', 'json');
  if (options.uiPort === undefined) args.push('--headless');
  else args.push('--ui-ip', '127.0.0.1', '--ui-port', String(options.uiPort));
  for (const [name, type] of Object.entries(SEARCH_ATTRIBUTES))
    args.push('--search-attribute', `${name}=${type}`);
  if (options.dbFile !== undefined) {
    args.push('--db-filename', options.dbFile);
    // Write-ahead log: more than twice the rate of the default, and safe against a killed process.
    args.push('--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=1');
  }
  for (const [name, value] of Object.entries(options.dynamicConfig ?? {})) {
    args.push('--dynamic-config-value', `${name}=${value}`);
  }
  return args;
}

function launch(options: DevServerOptions) {
  if (options.dbFile !== undefined) mkdirSync(dirname(options.dbFile), { recursive: true });
  mkdirSync(dirname(options.logFile), { recursive: true });
  const before = statSync(options.logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (before > LOG_LIMIT_BYTES) renameSync(options.logFile, `${options.logFile}.1`);
  const output = openSync(options.logFile, 'a', 0o600);
  const logStart = statSync(options.logFile).size;
  try {
    // In a process group of its own: Ctrl-C in the terminal must reach the launcher only, which stops the
    // worker before the server.
    const child = spawn(options.binary, devServerArguments(options), {
      detached: true,
      stdio: ['ignore', output, output],
    });
    const exited = new Promise<string>((settle) => {
      child.once('error', (error) => settle(error.message));
      child.once('exit', (code, signal) => settle(`it ended with ${signal ?? `code ${code}`}`));
    });
    return { child, exited, logStart };
  } finally {
    closeSync(output);
  }
}

/** Fails until the server answers and knows the namespace and its search attributes. */
async function useNamespace(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: 5_000 });
  try {
    const within = Date.now() + 5_000;
    await connection.withDeadline(within, async () => {
      await connection.workflowService.describeNamespace({ namespace });
      await registerSearchAttributes(connection, namespace);
      // Answers only once the namespace has reached the caches that starts and lists go through.
      await connection.workflowService.listWorkflowExecutions({ namespace, pageSize: 1, query: 'Open > 0' });
    });
  } finally {
    await connection.close();
  }
}

/** The server's own flag is ignored where the namespace is in its file already, so a new attribute is added here. */
async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.entries(SEARCH_ATTRIBUTES).filter(([name]) => customAttributes[name] === undefined);
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(
    missing.map(([name, type]) => [name, INDEXED_VALUE_TYPES[type]]),
  );
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
}

async function stop(child: ChildProcess, exited: Promise<string>): Promise<void> {
  // A child is not forgotten by the system before this process has heard of its end, so its pid is still its own.
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    child.kill(signal);
    const gone = await Promise.race([exited.then(() => true), sleep(STOP_WITHIN_MS, false, { ref: false })]);
    if (gone) return;
  }
  throw new Error(`The Temporal server (process ${child.pid}) does not stop`);
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('The Temporal server has no process id');
  return child.pid;
}

function tailOf(file: string, from: number): string {
  const text = readFileSync(file).subarray(from).toString().trim();
  return text.split('\n').slice(-6).join('\n');
}
