import { workOnEdits } from './calendar-sweep.js';
import type { Engine } from './engine.js';
import { Loop, type LoopHealth } from './loop.js';
import { workOnOutages } from './outages.js';

/** How often it looks for work that nobody told it of; an edit of a calendar waits at most this long. */
const EVERY_MS = 2_000;

/**
 * Carries out, piece by piece and from PostgreSQL alone, what one decision brings to many subjects: edits of
 * calendars, and what an outage moves. It runs in every worker; a piece is held by one of them.
 */
export class Upkeep {
  readonly #loop: Loop;

  constructor(engine: Engine, everyMs: number = EVERY_MS) {
    this.#loop = new Loop({
      name: 'upkeep',
      everyMs,
      log: engine.log,
      work: async () => {
        const [outages, edits] = [await workOnOutages(engine), await workOnEdits(engine)];
        return outages || edits;
      },
    });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  health(): LoopHealth {
    return this.#loop.health();
  }
}
