import {
  identifyProcess,
  isRunning,
  type ProcessIdentity,
  parentOf,
  programOf,
} from '../db/embedded-process.js';

/**
 * Turns what ends a process in a terminal into one abort. One Ctrl-C may arrive several times, because the
 * terminal sends it to npm and to this process, and npm passes it on; so only one that comes well after the
 * first counts as a second.
 */
const SECOND_AFTER_MS = 2_000;
const PARENT_POLL_MS = 500;

export interface StopSignal {
  readonly signal: AbortSignal;
  /** Leaves the process to its default behaviour again. */
  release(): void;
}

/** Listens for the end of this process. The second request, made while stopping, calls `onSecond`. */
export function listenForStop(options: {
  readonly startedByNpm: boolean;
  readonly onSecond: () => void;
}): StopSignal {
  const control = new AbortController();
  let first: number | undefined;
  const stop = () => {
    first ??= Date.now();
    if (!control.signal.aborted) control.abort();
    else if (Date.now() - first > SECOND_AFTER_MS) options.onSecond();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, stop);
  const starters = options.startedByNpm ? startersOf(process.ppid) : [];
  const watch = setInterval(() => {
    if (starters.every(isRunning)) return;
    clearInterval(watch);
    stop();
  }, PARENT_POLL_MS);
  watch.unref();
  return {
    signal: control.signal,
    release: () => {
      clearInterval(watch);
      for (const name of signals) process.off(name, stop);
    },
  };
}

/**
 * npm, and the shell that it may have put in between. That shell passes on no signal, and npm killed with -9
 * passes on none either, so this process looks whether they are still there.
 */
function startersOf(parent: number): ProcessIdentity[] {
  const pids = [parent];
  const grandparent = SHELLS.has(programOf(parent) ?? '') ? parentOf(parent) : undefined;
  if (grandparent !== undefined) pids.push(grandparent);
  return pids.map(identifyProcess).filter((starter) => starter !== undefined);
}

const SHELLS: ReadonlySet<string> = new Set(['sh', 'dash', 'bash', 'ash', 'zsh', 'ksh', 'busybox']);
