import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CrashWorkerOptions, Question } from './crash-worker.js';
import { testServers } from './servers.js';

const SCRIPT = fileURLToPath(new URL('./crash-worker.ts', import.meta.url));
const LOADER = new URL('./register-ts.mjs', import.meta.url).href;
/** One works, the others stand by: a process takes seconds to start. */
const PROCESSES = 3;
/** What a process asks for within this time is killed with it: one death for the effects of several activities. */
const GATHER_MS = 200;

/**
 * Worker processes that ask before and after each commit. Each effect is prevented once by a kill before its commit,
 * followed once by a kill after it, so that its answer is lost, and left alone from then on.
 */
export class Victims {
  readonly #options: CrashWorkerOptions;
  readonly #concerns: (effect: string) => boolean;
  readonly #alive = new Set<ChildProcess>();
  /** Processes that are about to be killed, with what they asked since. */
  readonly #doomed = new Map<ChildProcess, Question[]>();
  readonly #killed = { before: new Set<string>(), after: new Set<string>() };
  #ending = false;

  /** `concerns`: the effects at which they are killed; others they may have in peace. */
  constructor(databaseUrl: string, taskQueue: string, concerns: (effect: string) => boolean) {
    const { temporalAddress: address, temporalNamespace: namespace, workflowBundle } = testServers();
    const role = `${databaseUrl}${databaseUrl.includes('?') ? '&' : '?'}options=${encodeURIComponent('-c role=dondoc_writer')}`;
    this.#options = { address, namespace, taskQueue, workflowBundle, databaseUrl: role };
    this.#concerns = concerns;
    for (let count = 0; count < PROCESSES; count += 1) this.#start();
  }

  async end(): Promise<void> {
    this.#ending = true;
    await Promise.all([...this.#alive].map(async (child) => await kill(child)));
  }

  killedAt(side: Question['side']): string[] {
    return [...this.#killed[side]].sort();
  }

  #start(): void {
    if (this.#ending) return;
    const child = fork(SCRIPT, [JSON.stringify(this.#options)], {
      execArgv: ['--no-warnings', '--import', LOADER],
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#alive.add(child);
    child.on('exit', () => this.#alive.delete(child));
    child.on('message', (question: Question) => this.#decide(child, question));
  }

  #decide(child: ChildProcess, question: Question): void {
    const { number, side, effects } = question;
    const doomed = this.#doomed.get(child);
    if (doomed !== undefined) {
      doomed.push(question);
      return;
    }
    // What was prevented comes again, so that it is followed by a kill the next time.
    const known = this.#killed[side];
    if (effects.some((effect) => this.#concerns(effect) && !known.has(effect))) {
      this.#doomed.set(child, [question]);
      setTimeout(() => this.#kill(child), GATHER_MS);
      return;
    }
    if (child.connected) child.send({ go: number });
  }

  #kill(child: ChildProcess): void {
    for (const { side, effects } of this.#doomed.get(child) ?? [])
      for (const effect of effects.filter(this.#concerns)) this.#killed[side].add(effect);
    this.#doomed.delete(child);
    child.kill('SIGKILL');
    this.#start();
  }
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = new Promise<void>((settle) => child.once('exit', () => settle()));
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await gone;
}
