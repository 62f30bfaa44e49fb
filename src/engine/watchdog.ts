import { noteWatch, takeWatch } from '../db/heartbeat-store.js';
import { forgetAnswers } from '../db/lock-store.js';
import { withTransaction } from '../db/transaction.js';
import { type Backlog, loadBacklog, wakeLate } from '../db/wake-store.js';
import type { Engine } from './engine.js';
import { Loop, type LoopHealth } from './loop.js';

export interface WatchdogOptions {
  readonly everyMs: number;
  /** A planned step is late when it is this much older than now. */
  readonly lateMs: number;
  /** A loop of the pump without a good round for this long is stuck; a wake may not wait longer either. */
  readonly stuckMs: number;
  /** Mail that could not be sent for this long is no longer a short failure. */
  readonly mailMs: number;
}

export const WATCHDOG_OPTIONS: WatchdogOptions = {
  everyMs: 60_000,
  lateMs: 5 * 60_000,
  stuckMs: 2 * 60_000,
  mailMs: 15 * 60_000,
};

/** A repeat within this time gets the kept answer; a later one is judged anew. */
const ANSWERS_KEPT_HOURS = 72;

/** What one look found. `troubles` is empty where all is well. */
export interface Watch extends Backlog {
  readonly woken: number;
  readonly troubles: readonly string[];
}

export interface WatchdogPorts {
  readonly pump: () => readonly LoopHealth[];
  isTemporalReachable(): Promise<boolean>;
  /** For the metrics of this process. */
  found(watch: Watch): void;
  /** Told the outside only while all is well, so that silence is the alarm. */
  readonly heartbeat: (() => Promise<void>) | null;
}

/**
 * Looks whether the machine keeps its promise, from PostgreSQL alone: steps that are late get a wake, which
 * also starts a conductor that was lost; what waits too long is counted and told. One process looks at a time.
 */
export class Watchdog {
  readonly #engine: Engine;
  readonly #ports: WatchdogPorts;
  readonly #options: WatchdogOptions;
  readonly #loop: Loop;

  constructor(engine: Engine, ports: WatchdogPorts, options: WatchdogOptions = WATCHDOG_OPTIONS) {
    this.#engine = engine;
    this.#ports = ports;
    this.#options = options;
    const work = async (): Promise<boolean> => {
      await this.look();
      return false;
    };
    this.#loop = new Loop({ name: 'watchdog', everyMs: options.everyMs, log: engine.log, work });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  /** One look; null where another process looks, or has just looked. */
  async look(): Promise<Watch | null> {
    const { everyMs, lateMs } = this.#options;
    const temporal = await this.#ports.isTemporalReachable();
    const watch = await withTransaction(this.#engine.writer, async (client) => {
      // A little less than the interval, so that one's own last look does not take the turn away.
      if (!(await takeWatch(client, everyMs * 0.9))) return null;
      const woken = await wakeLate(client, lateMs);
      await forgetAnswers(client, ANSWERS_KEPT_HOURS);
      const backlog = await loadBacklog(client, lateMs);
      const troubles = this.#troubles(backlog, temporal);
      await noteWatch(client, { ...backlog, woken, troubles });
      return { ...backlog, woken, troubles };
    });
    if (watch === null) return null;
    this.#ports.found(watch);
    if (watch.woken > 0) this.#engine.notify();
    if (watch.troubles.length > 0) this.#engine.log.warn({ ...watch }, 'watchdog: not all is well');
    else await this.#tellOutside();
    return watch;
  }

  #troubles(backlog: Backlog, temporal: boolean): string[] {
    const { stuckMs, mailMs } = this.#options;
    const stuck = this.#ports.pump().filter(({ sinceGoodMs }) => sinceGoodMs > stuckMs);
    return [
      ...(temporal ? [] : ['temporal cannot be reached']),
      ...(backlog.poisonedSteps === 0 ? [] : [`${backlog.poisonedSteps} step(s) were set aside`]),
      ...(backlog.deadEnvelopes === 0 ? [] : [`${backlog.deadEnvelopes} letter(s) were refused for good`]),
      ...(backlog.lateSteps === 0 ? [] : [`${backlog.lateSteps} planned step(s) are late`]),
      ...stuck.map(({ name, error }) => `pump: ${name} is stuck${error === null ? '' : ` (${error})`}`),
      ...(backlog.oldestWakeMs <= stuckMs ? [] : ['wakes wait too long']),
      ...(backlog.oldestItemMs <= mailMs ? [] : ['messages wait too long for their envelope']),
      ...(backlog.oldestEnvelopeMs <= mailMs ? [] : ['envelopes wait too long to be sent']),
    ];
  }

  async #tellOutside(): Promise<void> {
    try {
      await this.#ports.heartbeat?.();
    } catch (error) {
      this.#engine.log.warn({ err: error }, 'watchdog: the outside heartbeat did not arrive');
    }
  }
}
