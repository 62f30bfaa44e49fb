import type { Engine } from './engine.js';

export interface LoopOptions {
  readonly name: string;
  /** How often it looks when nobody tells it to. */
  readonly everyMs: number;
  /** One round, in bounded time. True where there is more to do at once. */
  readonly work: () => Promise<boolean>;
  readonly log: Engine['log'];
}

export interface LoopHealth {
  readonly name: string;
  /** Since the last round that went well, or since the start. */
  readonly sinceGoodMs: number;
  readonly error: string | null;
}

/** Between two rounds, however often one is told that there is work. */
const LEAST_GAP_MS = 50;
const LONGEST_WAIT_MS = 10_000;

/** Does its work again and again until it is stopped, which it is only between two rounds. */
export class Loop {
  readonly #options: LoopOptions;
  #stopping = false;
  #nudged = false;
  #wake: (() => void) | null = null;
  #ended: Promise<void> | null = null;
  #goodAt = performance.now();
  #error: string | null = null;

  constructor(options: LoopOptions) {
    this.#options = options;
  }

  start(): void {
    this.#ended ??= this.#run();
  }

  /** There may be work: the next round comes at once, or right after the one under way. */
  nudge(): void {
    this.#nudged = true;
    this.#wake?.();
  }

  /** Settles when the round under way has ended. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake?.();
    await this.#ended;
  }

  health(): LoopHealth {
    return {
      name: this.#options.name,
      sinceGoodMs: Math.round(performance.now() - this.#goodAt),
      error: this.#error,
    };
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#stopping) {
      this.#nudged = false;
      try {
        const more = await this.#options.work();
        failures = 0;
        this.#goodAt = performance.now();
        this.#error = null;
        if (more) continue;
        await this.#rest(LEAST_GAP_MS, false);
        if (!this.#wasNudged()) await this.#rest(this.#options.everyMs, true);
      } catch (error) {
        failures += 1;
        this.#note(error, failures);
        // Nobody's nudge makes a failing round run more often.
        await this.#rest(
          Math.min(this.#options.everyMs * 2 ** Math.min(failures - 1, 10), LONGEST_WAIT_MS),
          false,
        );
      }
    }
  }

  #wasNudged(): boolean {
    return this.#nudged;
  }

  #note(error: unknown, failures: number): void {
    const text = error instanceof Error ? error.message : String(error);
    // One line when it begins or changes, not one a second for as long as it lasts.
    if (text !== this.#error || failures % 60 === 0) {
      this.#options.log.warn(
        { loop: this.#options.name, err: error, failures },
        'pump: a round failed; trying again',
      );
    }
    this.#error = text;
  }

  async #rest(ms: number, nudgeable: boolean): Promise<void> {
    if (this.#stopping) return;
    await new Promise<void>((settle) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wake = null;
        settle();
      };
      const timer = setTimeout(done, ms);
      this.#wake = () => {
        if (nudgeable || this.#stopping) done();
      };
    });
  }
}
