import { listen } from '../db/outbox-listener.js';
import { eventsAfter, type FeedCursor, feedEdge } from '../db/read/feed.js';
import { withScope, withTransaction } from '../db/transaction.js';
import {
  type ClaimedDelivery,
  claimDeliveries,
  disableWebhook,
  type FollowingWebhook,
  followingWebhooks,
  forgetDelivered,
  insertDeliveries,
  moveCursor,
  noteAttempt,
} from '../db/webhook-store.js';
import { type Engine, OUTBOX_CHANNEL } from './engine.js';
import { eventNotice, eventType, isWantedType } from './event-notice.js';
import { newId } from './ids.js';
import { Loop, type LoopHealth } from './loop.js';

/** What became of one attempt to tell a receiver. */
export type Told =
  | { readonly status: number }
  /** Nobody answered, or the address may not be asked. */
  | { readonly error: string };

export interface WebhookSender {
  /** Never throws: whatever happens is an outcome. */
  send(message: {
    readonly id: string;
    readonly url: string;
    readonly body: string;
    readonly secrets: readonly string[];
  }): Promise<Told>;
}

export interface WebhookPumpOptions {
  readonly pollMs: number;
  /** What events name as their source. */
  readonly source: string;
  readonly batch: number;
  readonly perWebhook: number;
  /** Longer than the longest attempt. */
  readonly leaseMs: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** The waits before each attempt, as Standard Webhooks recommends them: ten attempts in about three days. */
export const RETRY_AFTER_MS: readonly number[] = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];
const KEPT_MS = 30 * 24 * HOUR;

/**
 * Tells webhooks what happens. Two loops: *following* makes deliveries of the events behind each webhook's cursor,
 * read with the eyes of the office that made it, so that no receiver is told what its owner may not read, and no
 * command pays for webhooks; *delivering* sends what is due, with no transaction open meanwhile.
 */
export class WebhookPump {
  readonly #engine: Engine;
  readonly #loops: { readonly following: Loop; readonly delivering: Loop };
  readonly #deliveries: Deliveries;
  #listener: { stop(): Promise<void> } | null = null;

  constructor(engine: Engine, sender: WebhookSender, options: WebhookPumpOptions) {
    this.#engine = engine;
    const loop = (name: string, work: () => Promise<boolean>): Loop =>
      new Loop({ name, everyMs: options.pollMs, log: engine.log, work });
    this.#loops = {
      following: loop('webhooks following', async () => {
        const more = await followRound(engine, options);
        this.#loops.delivering.nudge();
        return more;
      }),
      delivering: loop('webhooks delivering', async () => await this.#deliveries.round()),
    };
    this.#deliveries = new Deliveries(engine, sender, options, () => this.#loops.delivering.nudge());
  }

  start(): void {
    for (const loop of Object.values(this.#loops)) loop.start();
    this.#listener ??= listen(this.#engine.writer, OUTBOX_CHANNEL, () => this.#loops.following.nudge());
  }

  async stop(): Promise<void> {
    await Promise.all([
      this.#listener?.stop(),
      ...Object.values(this.#loops).map(async (loop) => await loop.stop()),
    ]);
    await this.#deliveries.settled();
  }

  health(): LoopHealth[] {
    return Object.values(this.#loops).map((loop) => loop.health());
  }
}

/** One look for every active webhook. True where there is more behind one of them. */
export async function followRound(engine: Engine, options: WebhookPumpOptions): Promise<boolean> {
  const webhooks = await followingWebhooks(engine.writer);
  if (webhooks.length === 0) return false;
  const edge = await feedEdge(engine.reader);
  let more = false;
  for (const webhook of webhooks) {
    try {
      more = (await follow(engine, webhook, edge, options)) || more;
    } catch (error) {
      // What one of them cannot be told holds up nobody else.
      engine.log.error({ err: error, webhook: webhook.id }, 'a webhook cannot follow');
    }
  }
  return more;
}

async function follow(
  engine: Engine,
  webhook: FollowingWebhook,
  edge: FeedCursor,
  options: WebhookPumpOptions,
): Promise<boolean> {
  const { cursor, scope, types } = webhook;
  // After a restore its cursor means nothing any more: it goes on from now.
  if (cursor.epoch !== edge.epoch) {
    await moveCursor(engine.writer, webhook.id, cursor, edge);
    return false;
  }
  const events = await withScope(engine.reader, scope, async (client) =>
    eventsAfter(client, scope.workingGroupId, cursor, options.batch),
  );
  const last = events.at(-1);
  if (last === undefined) return false;
  const wanted = events.filter((event) => isWantedType(event, types));
  const deliveries = wanted.map((event) => {
    const id = newId();
    const type = eventType(event);
    const notice = eventNotice(event);
    return {
      id,
      eventNumber: event.number,
      type,
      body: cloudEvent(notice, `${edge.epoch}-${event.number}`, options.source),
    };
  });
  await withTransaction(engine.writer, async (client) => {
    const to = { epoch: cursor.epoch, xid: last.xid, number: last.number };
    // The cursor moves with what it has passed, or not at all: another worker may have been quicker.
    if (await moveCursor(client, webhook.id, cursor, to))
      await insertDeliveries(client, webhook.id, deliveries);
  });
  return events.length === options.batch;
}

/** CloudEvents 1.0, structured JSON. */
function cloudEvent(notice: ReturnType<typeof eventNotice>, id: string, source: string): string {
  return JSON.stringify({
    specversion: '1.0',
    id,
    source,
    type: `vn.dondoc.${notice.type}.v1`,
    subject: notice.href,
    time: notice.recordedAt,
    datacontenttype: 'application/json',
    data: notice,
  });
}

/**
 * Sends what is due, each delivery by itself: a receiver that does not answer holds up its own and nobody else's. So
 * many are under way at a time, in all and of one webhook.
 */
export class Deliveries {
  readonly #engine: Engine;
  readonly #sender: WebhookSender;
  readonly #options: WebhookPumpOptions;
  readonly #ended: () => void;
  readonly #underWay = new Set<Promise<void>>();

  /** @param ended told after each delivery: there is room for another */
  constructor(
    engine: Engine,
    sender: WebhookSender,
    options: WebhookPumpOptions,
    ended: () => void = () => {},
  ) {
    this.#engine = engine;
    this.#sender = sender;
    this.#options = options;
    this.#ended = ended;
  }

  get underWay(): number {
    return this.#underWay.size;
  }

  /** Begins what is due and does not wait for it. True where there may be more. */
  async round(): Promise<boolean> {
    const { batch } = this.#options;
    const room = batch - this.#underWay.size;
    if (room <= 0) return false;
    const claimed = await claimDeliveries(this.#engine.writer, { ...this.#options, batch: room });
    for (const delivery of claimed) {
      const sending = deliver(this.#engine, this.#sender, delivery)
        .catch((error: unknown) => {
          // Its lease runs out, and then it is tried again.
          this.#engine.log.error({ err: error, delivery: delivery.id }, 'a delivery cannot be noted');
        })
        .finally(() => {
          this.#underWay.delete(sending);
          this.#ended();
        });
      this.#underWay.add(sending);
    }
    if (claimed.length === 0) await forgetDelivered(this.#engine.writer, KEPT_MS, batch);
    return claimed.length === room;
  }

  /** When none is under way any more. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }
}

async function deliver(engine: Engine, sender: WebhookSender, delivery: ClaimedDelivery): Promise<void> {
  const { id, url, body, secrets, attempts } = delivery;
  const told = await sender.send({ id, url, body, secrets });
  const status = 'status' in told ? told.status : null;
  const delivered = status !== null && status >= 200 && status < 300;
  const error = 'error' in told ? told.error : delivered ? null : `answered ${told.status}`;
  // Gone: the receiver wants no more of it, neither this one nor any other.
  const gone = status === 410;
  const nextInMs = delivered || gone ? null : (RETRY_AFTER_MS[attempts] ?? null);
  await noteAttempt(engine.writer, id, { delivered, status, error, nextInMs });
  if (gone) await disableWebhook(engine.writer, delivery.webhook_id, 'the receiver answered 410 Gone');
}
