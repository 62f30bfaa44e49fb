import { conductorsDue } from '../db/wake-store.js';
import type { Engine } from './engine.js';
import type { ConductorKind, ConductorRegistry } from './ports.js';

export interface ReconcileOptions {
  /** Only look; start and wake nothing. */
  readonly dryRun?: boolean;
  /** Processes asked about at once. */
  readonly parallel?: number;
  /** Asked before each process: whether to leave the rest. */
  readonly isOver?: () => boolean;
  /** Told of each process that is missing, as it is found. */
  readonly missing?: (process: ConductorRef) => void;
}

export interface ConductorRef {
  readonly kind: ConductorKind;
  readonly id: string;
}

export interface Reconciliation {
  /** What should run, by the record. */
  readonly due: number;
  readonly running: number;
  /** Did not run, and were started (in a dry run: would be). */
  readonly started: readonly ConductorRef[];
  readonly failed: readonly (ConductorRef & { readonly error: string })[];
}

const PAGE = 500;
const PARALLEL = 8;
/** Failures after which it gives up: Temporal is away, and asking on would take for ever. */
const MOST_FAILURES = 10;

/**
 * Makes Temporal what the record says: each issued directive, each running case, each reporting regime and each reorganisation has its process, and
 * each of them asks the record anew what it waits for. A process is started by the same message that wakes it, and finds
 * everything in the record; a wake too many costs one pass. May be run at any time, by several at once.
 */
export async function reconcile(
  engine: Engine,
  registry: ConductorRegistry,
  options: ReconcileOptions = {},
): Promise<Reconciliation> {
  const started: ConductorRef[] = [];
  const failed: (ConductorRef & { error: string })[] = [];
  const result = { due: 0, running: 0, started, failed };
  const lookAt = async (process: ConductorRef): Promise<void> => {
    result.due += 1;
    try {
      const runs = await registry.isRunning(process.kind, process.id);
      if (!runs) options.missing?.(process);
      // Also one that runs: out of an older store it has an older timer, and the wake it was sent is gone.
      if (options.dryRun !== true) await registry.wake(process.kind, process.id);
      if (runs) result.running += 1;
      else started.push(process);
    } catch (error) {
      failed.push({ ...process, error: error instanceof Error ? error.message : String(error) });
    }
  };
  for (const kind of ['directive', 'referral', 'reportingCycle', 'reorganisation'] as const) {
    for await (const page of pages(engine, kind)) {
      const queue = page.map((id) => ({ kind, id }));
      const work = async (): Promise<void> => {
        for (
          let next = queue.shift();
          next !== undefined && failed.length < MOST_FAILURES && options.isOver?.() !== true;
          next = queue.shift()
        ) {
          await lookAt(next);
        }
      };
      await Promise.all(Array.from({ length: options.parallel ?? PARALLEL }, work));
      if (failed.length >= MOST_FAILURES || options.isOver?.() === true) return result;
    }
  }
  return result;
}

async function* pages(engine: Engine, kind: ConductorKind): AsyncGenerator<string[]> {
  for (let after: string | null = null; ; ) {
    const page: string[] = await conductorsDue(engine.writer, kind, after, PAGE);
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    after = page.at(-1) ?? null;
  }
}
