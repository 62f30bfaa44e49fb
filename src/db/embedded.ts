import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Binaries, prepareBinaries } from './embedded-binaries.js';
import { type DataPlace, prepareFolder } from './embedded-folder.js';
import { adoptable } from './embedded-postmaster.js';
import { identifyProcess, isRunning, type ProcessIdentity, stopProcess } from './embedded-process.js';

/**
 * A PostgreSQL of our own from the binaries of an npm package, for trying out, developing and testing. It
 * listens on this machine only. Not for production: the package is a beta, with old libraries inside.
 */

export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  readonly port: number;
  /** Created where it does not exist yet. Default: `postgres`. */
  readonly database?: string;
  /** Settings of the server, for example `fsync: 'off'` in tests. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly log?: (line: string) => void;
  /** Gives up a start that is under way, and stops what was started. */
  readonly signal?: AbortSignal;
  /** The platform's package of PostgreSQL. Default: the one that is installed. */
  readonly packageDir?: string;
  /** Where to keep what another account must reach when this process's folders are closed to it. */
  readonly sharedParents?: readonly string[];
}

export interface EmbeddedPostgres {
  /** Connection of the superuser to the database. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly process: ProcessIdentity;
  /** It ran already: left behind by a launcher that was killed. */
  readonly adopted: boolean;
  /** Settles when the server is gone, for whatever reason. */
  readonly exited: Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Another program listens on the port. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
  readonly port: number;

  constructor(port: number) {
    super(`Port ${port} on 127.0.0.1 is taken by another program`);
    this.port = port;
  }
}

const SUPERUSER = 'postgres';
/** Long enough for the recovery after a crash in the middle of much writing. */
const START_WITHIN_MS = 120_000;
/** A postmaster that was just killed may hold its lock or its memory for some seconds more. */
const LOCK_WITHIN_MS = 15_000;
const LOG_LIMIT_BYTES = 10_000_000;

/** Fast shutdown first (open transactions are rolled back), then immediate (recovery at the next start). */
const STOP_STEPS = [
  { signal: 'SIGINT', withinMs: 20_000 },
  { signal: 'SIGQUIT', withinMs: 5_000 },
  { signal: 'SIGKILL', withinMs: 5_000 },
] as const;

/** A password that is only for this cluster; kept beside it, readable by its owner alone. */
function passwordOf(place: DataPlace): string {
  if (!existsSync(place.passwordFile)) {
    if (existsSync(place.cluster)) {
      throw new Error(
        `The file with the password of the database, ${place.passwordFile}, is missing. Restore it, or remove ${place.folder} to begin anew.`,
      );
    }
    writeFileSync(place.passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 });
    // initdb reads it, and runs under the account.
    if (place.account !== undefined) chownSync(place.passwordFile, place.account.uid, place.account.gid);
  }
  return readFileSync(place.passwordFile, 'utf8').trim();
}

/**
 * Starts PostgreSQL on a data folder, making the cluster at the first time. A server that a killed launcher
 * left behind on this very folder is taken over; any other obstacle is named in the error.
 *
 * @throws PortTakenError where the port belongs to another program.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => undefined);
  const place = prepareFolder(resolve(options.dataDir), log, options.sharedParents);
  const binaries = await prepareBinaries({
    account: place.account,
    log,
    ...(options.packageDir === undefined ? {} : { packageDir: options.packageDir }),
    ...(options.sharedParents === undefined ? {} : { cacheParents: options.sharedParents }),
  });
  const password = passwordOf(place);
  const urlFor = (port: number, database: string) =>
    `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
  const left = await adoptable(place.cluster, (port) => urlFor(port, 'postgres'), LOCK_WITHIN_MS);
  let server: ProcessIdentity;
  if (left !== undefined && left.port === options.port) {
    log(`PostgreSQL still runs (process ${left.process.pid}); taking it over`);
    server = left.process;
  } else {
    if (left !== undefined) await stopProcess(left.process, STOP_STEPS);
    if (!existsSync(place.cluster)) await initialise(binaries, place, options, log);
    refuseOtherVersion(binaries, place);
    await refuseTakenPort(options.port);
    server = await startServer(binaries, place, options, urlFor(options.port, 'postgres'));
  }
  const database = options.database ?? 'postgres';
  await createDatabase(urlFor(options.port, 'postgres'), database);
  return {
    url: urlFor(options.port, database),
    port: options.port,
    pid: server.pid,
    process: server,
    adopted: left !== undefined && left.process === server,
    exited: exitOf(server),
    stop: async () => {
      if (!(await stopProcess(server, STOP_STEPS)))
        throw new Error(`PostgreSQL (process ${server.pid}) does not stop`);
    },
  };
}

async function initialise(
  binaries: Binaries,
  place: DataPlace,
  options: EmbeddedPostgresOptions,
  log: (line: string) => void,
): Promise<void> {
  log('making the database cluster');
  // Made beside and renamed, so that a cluster broken off half-way is never taken for a whole one.
  const draft = `${place.cluster}.new`;
  const common = [`--pgdata=${draft}`, `--username=${SUPERUSER}`, `--pwfile=${place.passwordFile}`];
  common.push('--auth=scram-sha-256', '--encoding=UTF8', '--no-instructions');
  if (options.settings?.fsync === 'off') common.push('--no-sync');
  // Some systems have no such locale in their C library; PostgreSQL 17 and later bring their own.
  const locales = [
    ['--locale=C.UTF-8'],
    ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
  ];
  let output = '';
  for (const locale of locales) {
    rmSync(draft, { recursive: true, force: true });
    const run = await runToEnd(binaries.initdb, [...common, ...locale], place);
    if (run.code === 0) {
      renameSync(draft, place.cluster);
      return;
    }
    output = run.output;
    if (!output.includes('locale')) break;
  }
  rmSync(draft, { recursive: true, force: true });
  throw new Error(`The database cluster could not be made in ${place.folder}: ${output.trim()}`);
}

function refuseOtherVersion(binaries: Binaries, place: DataPlace): void {
  const found = readFileSync(join(place.cluster, 'PG_VERSION'), 'utf8').trim();
  const major = binaries.version.split('.')[0];
  if (found === major) return;
  throw new Error(
    `The data in ${place.cluster} was made by PostgreSQL ${found}, this is ${major}. ` +
      'Move it with dump and restore, or choose another data folder.',
  );
}

async function refuseTakenPort(port: number): Promise<void> {
  const free = await new Promise<boolean>((settle) => {
    const probe = createServer();
    probe.once('error', () => settle(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => settle(true)));
  });
  if (!free) throw new PortTakenError(port);
}

/** Starts the server and waits until it answers; tries again while a predecessor still lets go. */
async function startServer(
  binaries: Binaries,
  place: DataPlace,
  options: EmbeddedPostgresOptions,
  url: string,
): Promise<ProcessIdentity> {
  const giveUpOnLock = Date.now() + LOCK_WITHIN_MS;
  for (;;) {
    const attempt = await tryServer(binaries, place, options, url);
    if ('process' in attempt) return attempt.process;
    const held = /lock file .* already exists|pre-existing shared memory block/.test(attempt.reason);
    if (!held || Date.now() > giveUpOnLock) {
      throw new Error(`PostgreSQL did not start in ${place.cluster}: ${attempt.reason}`);
    }
    await sleep(250);
  }
}

async function tryServer(
  binaries: Binaries,
  place: DataPlace,
  options: EmbeddedPostgresOptions,
  url: string,
): Promise<{ process: ProcessIdentity } | { reason: string }> {
  const { child, logStart } = spawnServer(binaries, place, options);
  let exit: string | undefined;
  child.once('error', (error) => {
    exit = error.message;
  });
  child.once('exit', (code, signal) => {
    exit ??= `it ended with ${signal ?? `code ${code}`}`;
  });
  const identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
  const giveUp = Date.now() + START_WITHIN_MS;
  while (exit === undefined && Date.now() < giveUp && !options.signal?.aborted) {
    if (identity !== undefined && (await answers(url))) {
      child.unref();
      return { process: identity };
    }
    await sleep(25);
  }
  if (identity !== undefined) await stopProcess(identity, STOP_STEPS);
  options.signal?.throwIfAborted();
  return { reason: `${exit ?? 'it does not answer'}; ${tailOf(place.serverLog, logStart)}` };
}

function spawnServer(binaries: Binaries, place: DataPlace, options: EmbeddedPostgresOptions) {
  const settings = {
    listen_addresses: '127.0.0.1',
    // No socket file: its path could be too long for the system, and nothing needs it.
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
    ...options.settings,
  };
  const args = ['-D', place.cluster, '-p', String(options.port)];
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
  if (existsSync(place.serverLog) && statSync(place.serverLog).size > LOG_LIMIT_BYTES) {
    renameSync(place.serverLog, `${place.serverLog}.1`);
  }
  const output = openSync(place.serverLog, 'a', 0o600);
  const logStart = statSync(place.serverLog).size;
  try {
    // In a process group of its own: Ctrl-C in the terminal must reach the launcher only, which stops the
    // processes that use the database first.
    const child = spawn(binaries.postgres, args, {
      ...underAccount(place),
      detached: true,
      stdio: ['ignore', output, output],
    });
    return { child, logStart };
  } finally {
    closeSync(output);
  }
}

/** A bare environment: nothing of the caller's (PGDATA, PGPORT, LC_ALL …) may change what the server does. */
function underAccount(place: DataPlace) {
  const { account } = place;
  return {
    cwd: place.folder,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
  };
}

async function runToEnd(program: string, args: string[], place: DataPlace) {
  return await new Promise<{ code: number | null; output: string }>((settle) => {
    let output = '';
    const child = spawn(program, args, { ...underAccount(place), stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.once('error', (error) => settle({ code: null, output: error.message }));
    child.once('close', (code) => settle({ code, output }));
  });
}

/** Whether the server answers a query; not while it starts, recovers or stops. */
async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === '28P01')
      throw new Error('The password kept beside the database is not the one it has', { cause: error });
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function createDatabase(url: string, database: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query('select from pg_database where datname = $1', [database]);
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
}

async function exitOf(server: ProcessIdentity): Promise<void> {
  // Asked for rather than waited for: the server may be no child of this process. Not worth a process's life.
  await new Promise<void>((settle) => {
    const timer = setInterval(() => {
      if (isRunning(server)) return;
      clearInterval(timer);
      settle();
    }, 250);
    timer.unref();
  });
}

function tailOf(file: string, from: number): string {
  const lines = readFileSync(file).subarray(from).toString().trim().split('\n');
  return lines.slice(-8).join('\n');
}
