import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { identifyProcess, isRunning, type ProcessIdentity } from '../db/embedded-process.js';

const entrySchema = z.object({ pid: z.number().int(), started: z.string() });

/**
 * The processes of an instance, one small file each, so that a launcher that was killed leaves its successor
 * the names of what it left behind. Each entry holds the process's start beside its id: a process id that
 * the system has given to somebody else since then is recognised and left alone.
 */
export class PidRegister {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** Writes down a process that has just been started. */
  record(name: string, identity: ProcessIdentity): void {
    const draft = join(this.#folder, `${name}.draft`);
    writeFileSync(draft, JSON.stringify({ pid: identity.pid, started: identity.started }));
    renameSync(draft, this.#file(name));
  }

  forget(name: string): void {
    rmSync(this.#file(name), { force: true });
  }

  /** Removes an entry unless its process runs. */
  forgetIfGone(name: string): void {
    const process = readIdentity(this.#file(name));
    if (process === undefined || !isRunning(process)) this.forget(name);
  }

  /** What earlier launchers wrote down and still runs; entries of processes that are gone are removed. */
  leftovers(): { readonly name: string; readonly process: ProcessIdentity }[] {
    const found: { name: string; process: ProcessIdentity }[] = [];
    for (const file of readdirSync(this.#folder)) {
      const [, name] = /^(.+)\.json$/.exec(file) ?? [];
      if (name === undefined) continue;
      const process = readIdentity(this.#file(name));
      if (process !== undefined && isRunning(process)) found.push({ name, process });
      else this.forget(name);
    }
    return found;
  }

  #file(name: string): string {
    return join(this.#folder, `${name}.json`);
  }
}

/** The process named in a file, or undefined where there is no such file or it says nothing. */
export function readIdentity(file: string): ProcessIdentity | undefined {
  try {
    return entrySchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** This very process. */
export function ownIdentity(): ProcessIdentity {
  const identity = identifyProcess(process.pid);
  if (identity === undefined) throw new Error('The system does not tell when this process started');
  return identity;
}
