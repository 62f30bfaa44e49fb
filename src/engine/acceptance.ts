import type { Engine } from './engine.js';
import { Loop } from './loop.js';
import { tellAcceptance, workOnOutages } from './outages.js';

/** Signs within one margin: one that is late by a busy moment is no gap. */
const SIGNS_A_MARGIN = 6;

/**
 * What an API process tells while it listens: that commands can be accepted. The first one back after a gap also
 * moves the deadlines inside it, at once; whatever it leaves, the workers finish.
 */
export class Acceptance {
  readonly #loop: Loop;

  constructor(engine: Engine, process: string, marginMs: number) {
    const work = async (): Promise<boolean> => {
      if (await tellAcceptance(engine, process, marginMs)) {
        while (await workOnOutages(engine)) engine.notify();
      }
      return false;
    };
    this.#loop = new Loop({ name: 'acceptance', everyMs: marginMs / SIGNS_A_MARGIN, log: engine.log, work });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }
}
