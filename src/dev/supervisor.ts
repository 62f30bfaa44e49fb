import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessIdentity } from '../db/embedded-process.js';
import type { PidRegister } from './pid-register.js';

/** Something the launcher started and answers for. */
export interface Running {
  /** Undefined for what runs within the launcher itself. */
  readonly process?: ProcessIdentity;
  /** Settles when it is gone, for whatever reason, and says how it ended. */
  readonly exited: Promise<string>;
  readonly stop: () => Promise<void>;
}

export interface Service {
  readonly name: string;
  start(): Promise<Running>;
}

export interface SupervisorOptions {
  readonly register: PidRegister;
  readonly say: (line: string) => void;
  /** Waits before a service that ended is started again; the last is kept. */
  readonly backoffMs?: readonly number[];
}

const BACKOFF_MS = [500, 1_000, 2_000, 5_000, 10_000, 30_000];
/** Whoever ran this long is given a quick restart again. */
const STEADY_MS = 60_000;

/**
 * Starts services, starts one again that ends by itself, and stops them all in the reverse order. A restart
 * that fails is tried again as an end is: a server comes back when its port or its disk does.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #running = new Map<string, Running>();
  readonly #watches: Promise<void>[] = [];
  readonly #stopping = new AbortController();

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Starts a service and watches over it from then on; rejects where the first start fails. */
  async start(service: Service): Promise<void> {
    const running = await this.#begin(service);
    this.#watches.push(this.#watch(service, running));
  }

  /** Stops everything that runs, the latest first; the groups given are stopped side by side. */
  async stop(groups: readonly (readonly string[])[]): Promise<void> {
    this.#stopping.abort();
    // A restart under way ends first, so that nothing starts after its turn to be stopped has passed.
    await Promise.all(this.#watches);
    const problems: unknown[] = [];
    for (const group of groups) {
      const results = await Promise.allSettled(group.map(async (name) => await this.#end(name)));
      for (const result of results) if (result.status === 'rejected') problems.push(result.reason);
    }
    if (problems.length > 0) throw new AggregateError(problems, 'Not everything could be stopped');
  }

  async #begin(service: Service): Promise<Running> {
    const running = await this.#tryStart(service);
    if (running.process !== undefined) this.#options.register.record(service.name, running.process);
    this.#running.set(service.name, running);
    return running;
  }

  /** A start that was given up has ended its process, or leaves its name for the next launcher. */
  async #tryStart(service: Service): Promise<Running> {
    try {
      return await service.start();
    } catch (error) {
      this.#options.register.forgetIfGone(service.name);
      throw error;
    }
  }

  async #end(name: string): Promise<void> {
    const running = this.#running.get(name);
    if (running === undefined) return;
    await running.stop();
    this.#running.delete(name);
    this.#options.register.forget(name);
  }

  async #watch(service: Service, first: Running): Promise<void> {
    const backoff = this.#options.backoffMs ?? BACKOFF_MS;
    let running: Running | undefined = first;
    for (let failures = 0; ; failures++) {
      const since = Date.now();
      const how = running === undefined ? undefined : await this.#untilExit(running);
      if (this.#stopping.signal.aborted) return;
      if (how !== undefined && Date.now() - since > STEADY_MS) failures = 0;
      const wait = backoff[Math.min(failures, backoff.length - 1)] ?? 0;
      if (how !== undefined)
        this.#options.say(`${service.name} is gone (${how}); starting it again in ${wait} ms`);
      if (!(await this.#pause(wait))) return;
      running = await this.#again(service);
    }
  }

  async #again(service: Service): Promise<Running | undefined> {
    try {
      const running = await this.#begin(service);
      this.#options.say(`${service.name} runs again`);
      return running;
    } catch (error) {
      this.#options.say(
        `${service.name} did not start: ${error instanceof Error ? error.message : String(error)}`,
      );
      return undefined;
    }
  }

  /** How it ended, or undefined where everything is being stopped. */
  async #untilExit(running: Running): Promise<string | undefined> {
    return await new Promise((settle) => {
      const stopping = () => {
        settle(undefined);
      };
      if (this.#stopping.signal.aborted) stopping();
      this.#stopping.signal.addEventListener('abort', stopping, { once: true });
      void running.exited.then((how) => {
        this.#stopping.signal.removeEventListener('abort', stopping);
        settle(how);
      });
    });
  }

  async #pause(ms: number): Promise<boolean> {
    try {
      await sleep(ms, undefined, { signal: this.#stopping.signal });
      return true;
    } catch {
      return false;
    }
  }
}
