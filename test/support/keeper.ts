/**
 * Watches over a run: it is told which processes and folders belong to the run, one JSON line each, and
 * removes them when the run's process is gone without having done so itself (Ctrl-C, kill -9). It notices
 * by the end of its input, which the system closes together with that process.
 */
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { type ProcessIdentity, stopProcess } from '../../src/db/embedded-process.js';

/** What a run must not leave behind. */
export type Kept = { readonly process: ProcessIdentity } | { readonly folder: string };

const STOP_STEPS = [
  { signal: 'SIGTERM', withinMs: 1_000 },
  { signal: 'SIGKILL', withinMs: 5_000 },
] as const;

const kept: Kept[] = [];
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
for await (const line of createInterface({ input: process.stdin })) kept.push(JSON.parse(line));
const processes = kept.flatMap((one) => ('process' in one ? [one.process] : []));
await Promise.all(processes.map(async (one) => await stopProcess(one, STOP_STEPS)));
for (const one of kept) if ('folder' in one) rmSync(one.folder, { recursive: true, force: true });
