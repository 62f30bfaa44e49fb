import { type ClaimedWakes, claimWakes, deleteWakes, directivesWithOpen } from '../db/wake-store.js';
import type { Engine } from './engine.js';
import type { ConductorWaker } from './ports.js';

export interface WakingOptions {
  readonly batch: number;
  /** How long a claim holds; while Temporal is away, the wakes are tried again in this rhythm. */
  readonly leaseMs: number;
  /** A conductor is told at most once in this time. */
  readonly everyMs: number;
  /** Conductors that are told at once. */
  readonly parallel: number;
}

/** Failures after which a round gives up, so that Temporal's absence costs one time-out and not one each. */
const MOST_FAILURES = 3;

/** When each conductor was told last; forgotten as soon as it does not matter. */
export class RecentlyTold {
  readonly #at = new Map<string, number>();
  readonly #everyMs: number;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  note(id: string): void {
    this.#at.set(id, performance.now());
  }

  ids(): string[] {
    const since = performance.now() - this.#everyMs;
    for (const [id, at] of this.#at) if (at < since) this.#at.delete(id);
    return [...this.#at.keys()];
  }
}

/**
 * One round of waking: claims by a committed lease, tells each conductor once, and deletes exactly the rows that
 * it claimed. Where Temporal cannot be reached the rows stay and come again when the lease has run out.
 *
 * @throws when a conductor could not be told
 */
export async function sendWakes(
  engine: Engine,
  waker: ConductorWaker,
  told: RecentlyTold,
  options: WakingOptions,
): Promise<boolean> {
  const claimed = await claimWakes(engine.writer, {
    limit: options.batch,
    leaseMs: options.leaseMs,
    except: told.ids(),
  });
  if (claimed.length === 0) return false;
  const needless = await withoutNeed(engine, claimed);
  await deleteWakes(
    engine.writer,
    needless.flatMap(({ wakeIds }) => wakeIds),
  );
  const queue = claimed.filter((wakes) => !needless.includes(wakes));
  const failures: unknown[] = [];
  const wakeOn = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      // Several that cannot be told mean that none can: the others keep their rows, unasked.
      if (failures.length >= MOST_FAILURES) return;
      try {
        await waker.wake(next.kind, next.id);
        told.note(next.id);
        await deleteWakes(engine.writer, next.wakeIds);
        const { kind: conductor, id, wakeIds, reasons } = next;
        engine.log.info({ conductor, id, wakes: wakeIds.length, reasons: [...reasons] }, 'conductor woken');
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: options.parallel }, wakeOn));
  if (failures.length > 0) {
    throw new Error(`${failures.length} conductor(s) could not be told; their wakes stay`, {
      cause: failures[0],
    });
  }
  return claimed.length === options.batch;
}

/**
 * Ended assignments alone need their directive's conductor only when none is left open; that is looked at here,
 * after their commits, so that two that end at the same moment cannot both see the other open.
 */
async function withoutNeed(engine: Engine, claimed: readonly ClaimedWakes[]): Promise<ClaimedWakes[]> {
  const onlyEnded = claimed.filter(
    ({ kind, reasons }) => kind === 'directive' && reasons.size === 1 && reasons.has('ended'),
  );
  const open = await directivesWithOpen(
    engine.writer,
    onlyEnded.map(({ id }) => id),
  );
  return onlyEnded.filter(({ id }) => open.has(id));
}
