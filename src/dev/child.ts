import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identifyProcess, type ProcessIdentity, stopProcess } from '../db/embedded-process.js';
import type { Running } from './supervisor.js';

export interface ChildOptions {
  readonly name: string;
  readonly script: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly logFile: string;
  /** Where the child's admin door answers `/livez` and `/readyz`. */
  readonly adminUrl: string;
  /** What the child allows itself to finish what it has begun. */
  readonly graceMs: number;
  /** Told as soon as there is a process, so that it is written down before anything can go wrong. */
  readonly onSpawn: (identity: ProcessIdentity) => void;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

const LIVE_WITHIN_MS = 60_000;
const READY_WITHIN_MS = 30_000;
const KILL_WITHIN_MS = 5_000;
const LOG_LIMIT_BYTES = 20_000_000;

/**
 * Starts a process of the product and waits until it answers. One that lives but is not ready (its Temporal
 * is away, say) is no failure: it is said, and it gets ready by itself.
 */
export async function startChild(options: ChildOptions): Promise<Running> {
  const { child, logStart } = launch(options);
  const exited = new Promise<string>((settle) => {
    child.once('error', (error) => {
      settle(error.message);
    });
    child.once('exit', (code, signal) => {
      settle(signal ?? `code ${code ?? '?'}`);
    });
  });
  const identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
  if (identity === undefined) {
    throw new Error(`${options.name} ended at once (${await exited})\n${tailOf(options.logFile, logStart)}`);
  }
  options.onSpawn(identity);
  const stop = async () => {
    const steps = [
      { signal: 'SIGTERM', withinMs: options.graceMs + KILL_WITHIN_MS },
      { signal: 'SIGKILL', withinMs: KILL_WITHIN_MS },
    ] as const;
    if (!(await stopProcess(identity, steps))) {
      throw new Error(`${options.name} (process ${identity.pid}) does not stop`);
    }
  };
  const live = await untilAnswer(`${options.adminUrl}/livez`, LIVE_WITHIN_MS, exited, options.signal);
  if (live !== undefined) {
    await stop();
    options.signal.throwIfAborted();
    throw new Error(`${options.name} did not start: ${live}\n${tailOf(options.logFile, logStart)}`);
  }
  const ready = await untilAnswer(`${options.adminUrl}/readyz`, READY_WITHIN_MS, exited, options.signal);
  if (ready !== undefined) options.say(`${options.name} runs but is not ready: ${ready}`);
  return { process: identity, exited, stop };
}

function launch(options: ChildOptions) {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const before = statSync(options.logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (before > LOG_LIMIT_BYTES) renameSync(options.logFile, `${options.logFile}.1`);
  const output = openSync(options.logFile, 'a', 0o600);
  try {
    const logStart = statSync(options.logFile).size;
    // In a process group of its own: Ctrl-C in the terminal must reach the launcher only, which knows the order.
    const child = spawn(process.execPath, ['--enable-source-maps', options.script], {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ['ignore', output, output],
    });
    return { child, logStart };
  } finally {
    closeSync(output);
  }
}

/** Undefined once the address answers 200, else why it did not. */
async function untilAnswer(
  url: string,
  withinMs: number,
  exited: Promise<string>,
  signal: AbortSignal,
): Promise<string | undefined> {
  let ended: string | undefined;
  void exited.then((how) => {
    ended = `it ended (${how})`;
  });
  const giveUp = Date.now() + withinMs;
  let last = 'no answer';
  while (ended === undefined && Date.now() < giveUp && !signal.aborted) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
      if (response.ok) return undefined;
      last = `${url} answers ${response.status} ${(await response.text()).slice(0, 500)}`;
    } catch {
      // Nobody listens yet.
    }
    await sleep(100);
  }
  return ended ?? last;
}

function tailOf(file: string, from: number): string {
  return readFileSync(file).subarray(from).toString().trim().split('\n').slice(-10).join('\n');
}
