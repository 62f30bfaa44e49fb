import { setTimeout as sleep } from 'node:timers/promises';

/** A step of the story that did not happen. */
export class StepError extends Error {
  override readonly name = 'StepError';
  readonly step: string;

  constructor(step: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.step = step;
  }
}

export interface NarratorOptions {
  readonly write: (text: string) => void;
  /** Colours; left out where the output is no terminal. */
  readonly colours: boolean;
  /** Told before each step; for a test that disturbs the story there. */
  readonly before?: (step: string) => Promise<void>;
}

/** What is awaited may take this long: much more than it does, for a machine that is busy with other things. */
const PATIENCE_MS = 120_000;
const LOOK_EVERY_MS = 250;

/** Tells the story as it happens, and names the step that did not. */
export class Narrator {
  readonly #options: NarratorOptions;
  readonly #begun = performance.now();
  #steps = 0;

  constructor(options: NarratorOptions) {
    this.#options = options;
  }

  /** Steps that have happened. */
  get steps(): number {
    return this.#steps;
  }

  get seconds(): number {
    return (performance.now() - this.#begun) / 1000;
  }

  /** Begins a part of the story. */
  chapter(vi: string, en: string): void {
    this.#options.write(`\n${this.#styled('1;36', `── ${vi} · ${en}`)}\n`);
  }

  /** Plays one step; its result says what happened. */
  async step<T>(
    name: string,
    play: () => Promise<T>,
    tell: (result: T) => string | readonly string[],
  ): Promise<T> {
    try {
      await this.#options.before?.(name);
      const result = await play();
      const [first = name, ...more] = [tell(result)].flat();
      this.#line('✓', '32', first);
      for (const line of more) this.say(line);
      this.#steps += 1;
      return result;
    } catch (error) {
      this.#line('✗', '31', name);
      throw error instanceof StepError ? error : new StepError(name, error);
    }
  }

  /** Waits until something is there, asking again and again. */
  async until<T>(what: string, look: () => Promise<T | null>): Promise<T> {
    const giveUp = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = await look();
      if (found !== null) return found;
      if (performance.now() > giveUp) throw new Error(`${what}: not within ${PATIENCE_MS / 1000} s`);
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** A line below a step. */
  say(line: string): void {
    this.#options.write(`${' '.repeat(12)}${this.#styled('2', line)}\n`);
  }

  #line(mark: string, colour: string, text: string): void {
    const at = this.seconds.toFixed(1).padStart(6);
    this.#options.write(`${this.#styled('2', `[${at} s]`)} ${this.#styled(colour, mark)} ${text}\n`);
  }

  #styled(code: string, text: string): string {
    return this.#options.colours ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}

/** A step's condition that does not hold ends the story there. */
export function expectThat(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}
