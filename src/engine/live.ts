import { listen } from '../db/outbox-listener.js';
import { eventsAfter, type FeedCursor, type FeedRow, feedEdge, feedMark } from '../db/read/feed.js';
import { type Scope, withScope } from '../db/transaction.js';
import { type Engine, OUTBOX_CHANNEL } from './engine.js';

/** What a follower is told. */
export type Notice =
  | { readonly kind: 'event'; readonly event: FeedRow; readonly cursor: FeedCursor }
  /** Nothing new, but this far one has looked. */
  | { readonly kind: 'quiet'; readonly cursor: FeedCursor }
  /** The record was restored since the follower's cursor: what it knows has to be read again. */
  | { readonly kind: 'reset'; readonly cursor: FeedCursor };

export interface FollowOptions {
  readonly from: FeedCursor | null;
  readonly wants: (event: FeedRow) => boolean;
  /** Asked often; true ends the following. */
  readonly isOver: () => boolean | Promise<boolean>;
  readonly quietEveryMs: number;
}

const AT_ONCE = 500;
const POLL_MS = 1_000;
/** However often somebody commits, one looks no more often than that. */
const LEAST_GAP_MS = 100;

/**
 * Follows the events for many listeners of one process. One question a second (and after a NOTIFY) asks for all of
 * them whether there is anything new; then each scope asks once for what is new to it, however many listen under it.
 * A listener takes its events one by one: what it does not take is not read, so a slow one costs no memory.
 */
export class Live {
  readonly #engine: Engine;
  #listeners = 0;
  #round = 0;
  #mark = '';
  #looking = false;
  #lookedAt = 0;
  #later: NodeJS.Timeout | null = null;
  #timer: NodeJS.Timeout | null = null;
  #listener: { stop(): Promise<void> } | null = null;
  readonly #waiting = new Set<() => void>();
  readonly #answers = new Map<string, Promise<FeedRow[]>>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get listeners(): number {
    return this.#listeners;
  }

  async *follow(scope: Scope, options: FollowOptions): AsyncGenerator<Notice, void, undefined> {
    this.#join();
    try {
      const edge = await feedEdge(this.#engine.reader);
      let cursor = options.from ?? edge;
      const reset = cursor.epoch !== edge.epoch;
      if (reset) cursor = edge;
      yield { kind: reset ? 'reset' : 'quiet', cursor };
      let toldAt = performance.now();
      while (!(await options.isOver())) {
        const round = this.#round;
        const rows = await this.#after(scope, cursor);
        for (const event of rows) {
          cursor = { epoch: cursor.epoch, xid: event.xid, number: event.number };
          if (!options.wants(event)) continue;
          yield { kind: 'event', event, cursor };
          toldAt = performance.now();
        }
        if (rows.length === AT_ONCE) continue;
        await this.#changed(round);
        if (performance.now() - toldAt < options.quietEveryMs) continue;
        yield { kind: 'quiet', cursor };
        toldAt = performance.now();
      }
    } finally {
      this.#leave();
    }
  }

  /** Listeners of one scope that have come equally far share one query a round. */
  async #after(scope: Scope, cursor: FeedCursor): Promise<FeedRow[]> {
    const { workingGroupId, role, unitId, personId } = scope;
    const key = [workingGroupId, role, unitId, personId, cursor.xid, cursor.number].join(' ');
    const known = this.#answers.get(key);
    if (known !== undefined) return await known;
    const asked = withScope(this.#engine.reader, scope, async (client) =>
      eventsAfter(client, scope.workingGroupId, cursor, AT_ONCE),
    );
    this.#answers.set(key, asked);
    try {
      const rows = await asked;
      // Who reads on from long ago is alone there: what nobody else asks for is not kept.
      if (rows.length === AT_ONCE) this.#answers.delete(key);
      return rows;
    } catch (error) {
      this.#answers.delete(key);
      throw error;
    }
  }

  /** Settles when there may be something new since `round`, and after a second in any case. */
  async #changed(round: number): Promise<void> {
    if (this.#round !== round) return;
    await new Promise<void>((settle) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        settle();
      };
      const timer = setTimeout(done, POLL_MS);
      this.#waiting.add(done);
    });
  }

  #join(): void {
    this.#listeners += 1;
    if (this.#listeners > 1) return;
    this.#timer = setInterval(() => this.#look(), POLL_MS);
    this.#timer.unref();
    this.#listener = listen(this.#engine.writer, OUTBOX_CHANNEL, () => this.#look());
  }

  #leave(): void {
    this.#listeners -= 1;
    if (this.#listeners > 0) return;
    if (this.#timer !== null) clearInterval(this.#timer);
    if (this.#later !== null) clearTimeout(this.#later);
    this.#later = null;
    this.#listener?.stop().catch(() => undefined);
    this.#answers.clear();
  }

  #look(): void {
    if (this.#looking || this.#later !== null) return;
    const gap = performance.now() - this.#lookedAt;
    if (gap < LEAST_GAP_MS) {
      this.#later = setTimeout(() => {
        this.#later = null;
        this.#look();
      }, LEAST_GAP_MS - gap);
      this.#later.unref();
      return;
    }
    this.#looking = true;
    feedMark(this.#engine.reader)
      .then(
        (mark) => {
          if (mark === this.#mark) return;
          this.#mark = mark;
          this.#round += 1;
          this.#answers.clear();
          for (const wake of [...this.#waiting]) wake();
        },
        // The database is away: whoever asks it next will say so.
        () => undefined,
      )
      .finally(() => {
        this.#looking = false;
        this.#lookedAt = performance.now();
      });
  }
}

const known = new WeakMap<Engine, Live>();

/** The one follower of a process: it looks only while somebody listens. */
export function liveOf(engine: Engine): Live {
  const live = known.get(engine) ?? new Live(engine);
  known.set(engine, live);
  return live;
}
