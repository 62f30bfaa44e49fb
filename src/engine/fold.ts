import { addUp, adoptMoves, batchEnd, forgetSums, saveWatermark, takeFold } from '../db/fold-store.js';
import { withTransaction } from '../db/transaction.js';
import type { Engine } from './engine.js';
import { Loop } from './loop.js';

export interface FoldOptions {
  readonly everyMs: number;
  /** Moves added up in one transaction, give or take the rest of the last command. */
  readonly batch: number;
}

export const FOLD_OPTIONS: FoldOptions = { everyMs: 10_000, batch: 50_000 };

/**
 * Adds the moves of committed transactions up into the sums of years, months and days, so that a count reads some
 * rows per unit instead of every assignment. The sums are a cache with a watermark: whatever lies beyond it is
 * counted from the moves themselves, so a count never waits for the fold, and a command never for a sum.
 *
 * @returns whether there may be more to fold at once.
 */
export async function foldOnce(engine: Pick<Engine, 'writer'>, batch = FOLD_OPTIONS.batch): Promise<boolean> {
  return withTransaction(engine.writer, async (client) => {
    const mark = await takeFold(client);
    if (mark === null) return false;
    if (!mark.known) {
      await forgetSums(client);
      await adoptMoves(client, mark.horizon);
      await saveWatermark(client, '0');
      return true;
    }
    const end = await batchEnd(client, mark, batch);
    if (end === mark.watermark) return false;
    await addUp(client, mark.watermark, end);
    await saveWatermark(client, end);
    return end !== mark.horizon;
  });
}

/** Folds until nothing is left that had committed before. */
export async function foldAll(engine: Pick<Engine, 'writer'>, batch?: number): Promise<void> {
  while (await foldOnce(engine, batch));
}

/** The fold in the background: one process at a time, from PostgreSQL alone. */
export class Folder {
  readonly #loop: Loop;

  constructor(engine: Engine, { everyMs, batch }: FoldOptions = FOLD_OPTIONS) {
    this.#loop = new Loop({
      name: 'counts',
      everyMs,
      log: engine.log,
      work: async () => await foldOnce(engine, batch),
    });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }
}
