import type { Engine } from './engine.js';
import { Loop } from './loop.js';
import type { ConductorRegistry, ScheduleKeeper } from './ports.js';
import { reconcile } from './reconcile.js';

export interface RecoveryOptions {
  readonly everyMs: number;
  /** Processes asked about at once. */
  readonly parallel: number;
  /** Kept at the same times. */
  readonly schedules?: ScheduleKeeper;
}

export const RECOVERY_OPTIONS: RecoveryOptions = { everyMs: 5_000, parallel: 4 };

/**
 * Looks once through the processes and Schedules when Temporal is there: at the start of a worker, and each time it
 * was away in between. So a store that came back empty, or older, is made good at once and not only when a step is late: what is
 * missing is started, and what runs is woken, for its timer may be an old one. It
 * runs beside everything else; what it cannot do, the watchdog's wakes do later.
 */
export class Recovery {
  readonly #loop: Loop;
  #looked = false;
  #stopping = false;

  constructor(
    engine: Engine,
    registry: ConductorRegistry,
    isTemporalReachable: () => Promise<boolean>,
    { everyMs, parallel, schedules }: RecoveryOptions = RECOVERY_OPTIONS,
  ) {
    const work = async (): Promise<boolean> => {
      const reachable = await isTemporalReachable();
      if (!reachable || this.#looked) {
        this.#looked = reachable;
        return false;
      }
      const isOver = (): boolean => this.#stopping;
      const { due, running, started, failed } = await reconcile(engine, registry, { parallel, isOver });
      engine.log.info(
        { due, running, started: started.length, failed: failed.length },
        'processes looked through',
      );
      const kept = await schedules?.keep();
      if (kept !== undefined) engine.log.info({ schedules: kept }, 'schedules looked through');
      this.#looked = failed.length === 0;
      return false;
    };
    this.#loop = new Loop({ name: 'recovery', everyMs, log: engine.log, work });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#loop.stop();
  }
}
