import { listen } from '../db/outbox-listener.js';
import { type Engine, OUTBOX_CHANNEL } from './engine.js';
import { type SealRoundOptions, type SendingOptions, sealDueItems, sendReadyEnvelopes } from './envelopes.js';
import { Loop, type LoopHealth } from './loop.js';
import type { ConductorWaker, LetterWriter, MailTransport } from './ports.js';
import { RecentlyTold, sendWakes, type WakingOptions } from './wakes.js';

/** What the pump sends through. */
export interface PumpPorts {
  readonly mail: MailTransport;
  readonly letters: LetterWriter;
  readonly waker: ConductorWaker;
}

export interface PumpOptions {
  /** How often it looks when nobody tells it to. */
  readonly pollMs: number;
  readonly messageDomain: string;
  readonly sealing: Omit<SealRoundOptions, 'writer' | 'messageDomain'>;
  readonly sending: SendingOptions;
  readonly waking: WakingOptions;
  /** Rest after the mail server could not be reached; doubled up to `mailRestMostMs` while it lasts. */
  readonly mailRestFirstMs: number;
  readonly mailRestMostMs: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** The pump's durations and sizes for a given batch. */
export function pumpOptions(given: { pollMs: number; batch: number; messageDomain: string }): PumpOptions {
  return {
    pollMs: given.pollMs,
    messageDomain: given.messageDomain,
    sealing: { receivers: given.batch, mostItems: 2_000, settleMs: 500, linesPerLetter: 100 },
    sending: {
      batch: given.batch,
      leaseMs: MINUTE,
      parallel: 5,
      retryFirstMs: 30 * SECOND,
      retryMostMs: 60 * MINUTE,
      attempts: 10,
    },
    waking: { batch: given.batch, leaseMs: 10 * SECOND, everyMs: SECOND, parallel: 8 },
    mailRestFirstMs: SECOND,
    mailRestMostMs: 30 * SECOND,
  };
}

/**
 * Brings what the record has written down to those it concerns: letters to their receivers, wakes to the
 * conductors. It lives from PostgreSQL alone: with Temporal away it still sends mail, with mail away it still
 * wakes, and what could not be sent stays.
 *
 * Three loops, so that a slow mail server delays no wake:
 * - *sealing*: items whose receiver's hours are open become stored envelopes;
 * - *sending*: stored envelopes go out;
 * - *waking*: conductors are told, or started where they do not run.
 */
export class Pump {
  readonly #engine: Engine;
  readonly #loops: { readonly sealing: Loop; readonly sending: Loop; readonly waking: Loop };
  #listener: { stop(): Promise<void> } | null = null;

  constructor(engine: Engine, ports: PumpPorts, options: PumpOptions) {
    this.#engine = engine;
    const loop = (name: string, work: () => Promise<boolean>): Loop =>
      new Loop({ name, everyMs: options.pollMs, log: engine.log, work });
    const sealing = { ...options.sealing, writer: ports.letters, messageDomain: options.messageDomain };
    const told = new RecentlyTold(options.waking.everyMs);
    this.#loops = {
      sealing: loop('sealing', async () => {
        const sealed = await sealDueItems(engine, sealing);
        if (sealed) this.#loops.sending.nudge();
        return sealed;
      }),
      sending: loop('sending', sendingRound(engine, ports.mail, options)),
      waking: loop('waking', async () => await sendWakes(engine, ports.waker, told, options.waking)),
    };
  }

  start(): void {
    for (const loop of Object.values(this.#loops)) loop.start();
    this.#listener ??= listen(this.#engine.writer, OUTBOX_CHANNEL, () => this.nudge());
  }

  /** There may be work now. */
  nudge(): void {
    for (const loop of Object.values(this.#loops)) loop.nudge();
  }

  /** Stops between two rounds. */
  async stop(): Promise<void> {
    await Promise.all([
      this.#listener?.stop(),
      ...Object.values(this.#loops).map(async (loop) => await loop.stop()),
    ]);
  }

  health(): LoopHealth[] {
    return Object.values(this.#loops).map((loop) => loop.health());
  }
}

/** While no server takes mail, one envelope now and then asks whether it is back; the others rest unclaimed. */
function sendingRound(engine: Engine, mail: MailTransport, options: PumpOptions): () => Promise<boolean> {
  let restMs = 0;
  let restUntil = 0;
  return async () => {
    if (performance.now() < restUntil) return false;
    const sending = restMs === 0 ? options.sending : { ...options.sending, batch: 1 };
    const { more, reachable } = await sendReadyEnvelopes(engine, mail, sending);
    restMs = reachable ? 0 : Math.min(Math.max(restMs * 2, options.mailRestFirstMs), options.mailRestMostMs);
    restUntil = performance.now() + restMs;
    return reachable && more;
  };
}
