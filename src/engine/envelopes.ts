import { loadAddressBook } from '../db/address-store.js';
import {
  type ClaimedEnvelope,
  claimEnvelopes,
  type DeadEnvelope,
  deadEnvelopes,
  markRefused,
  markSent,
  releaseEnvelopes,
  renewLease,
  reviveEnvelopes,
} from '../db/envelope-store.js';
import { insertMessages } from '../db/message-store.js';
import {
  claimDueItems,
  copyItems,
  type DueItem,
  insertEnvelopes,
  markItems,
  trySealing,
} from '../db/outbox-store.js';
import { withTransaction } from '../db/transaction.js';
import type { Engine } from './engine.js';
import { messagesOf } from './inbox.js';
import { type SealingOptions, seal } from './letters.js';
import type { MailTransport } from './ports.js';

export interface SealRoundOptions extends SealingOptions {
  /** Receivers looked at in one round. */
  readonly receivers: number;
  /** Items taken in one transaction. */
  readonly mostItems: number;
  /** Items of one act or batch come within this time; a receiver's letter waits for them. */
  readonly settleMs: number;
}

/** One round from items to stored envelopes. True where more receivers wait. */
export async function sealDueItems(engine: Engine, options: SealRoundOptions): Promise<boolean> {
  return await withTransaction(engine.writer, async (client) => {
    if (!(await trySealing(client))) return false;
    const { receivers, mostItems, settleMs } = options;
    const items = wholeReceivers(
      await claimDueItems(client, { receivers, most: mostItems, settleMs }),
      mostItems,
    );
    if (items.length === 0) return false;
    const book = await loadAddressBook(client, wantedBy(items));
    const sealing = seal(items, book, options);
    await insertEnvelopes(client, sealing.envelopes);
    await markItems(client, sealing.items);
    await copyItems(client, sealing.copies);
    await insertMessages(client, messagesOf(items, book));
    engine.log.info({ items: items.length, envelopes: sealing.envelopes.length }, 'envelopes sealed');
    return true;
  });
}

/** Where the claim was cut off, its last receiver waits for the next round, so that they too get one letter. */
function wholeReceivers(items: readonly DueItem[], most: number): readonly DueItem[] {
  const last = items.at(-1);
  if (items.length < most || last === undefined) return items;
  const whole = items.filter((item) => item.recipientUnitId !== last.recipientUnitId);
  return whole.length === 0 ? items : whole;
}

function wantedBy(items: readonly DueItem[]) {
  const distinct = (ids: readonly (string | null | undefined)[]): string[] => [
    ...new Set(ids.filter((id) => id !== null && id !== undefined)),
  ];
  return {
    unitIds: distinct(items.flatMap((item) => [item.recipientUnitId, ...(item.case?.answering ?? [])])),
    personIds: distinct(items.flatMap((item) => [item.assignment?.officerId, item.case?.headId])),
    workingGroupIds: distinct(items.map((item) => item.workingGroupId)),
  };
}

export interface SendingOptions {
  readonly batch: number;
  /** How long a claim holds; a crash delays its envelopes by that much. */
  readonly leaseMs: number;
  /** Mails on their way at once. */
  readonly parallel: number;
  /** Wait after a first refusal; doubled up to `retryMostMs`, with jitter. */
  readonly retryFirstMs: number;
  readonly retryMostMs: number;
  /** Refusals after which an envelope is dead. */
  readonly attempts: number;
}

/** What a round of sending found: whether more waits, and whether the mail server takes anything. */
export interface SendingRound {
  readonly more: boolean;
  readonly reachable: boolean;
}

/**
 * One round of sending: claimed by a committed lease, sent outside any transaction, noted one by one, so that a
 * crash sends again at most what was on its way, under the same Message-ID.
 */
export async function sendReadyEnvelopes(
  engine: Engine,
  transport: MailTransport,
  options: SendingOptions,
): Promise<SendingRound> {
  const claimed = await claimEnvelopes(engine.writer, options.batch, options.leaseMs);
  if (claimed.length === 0) return { more: false, reachable: true };
  // No sending begins in the second half of the lease: it would still be under way when another may claim it.
  const until = performance.now() + options.leaseMs / 2;
  const queue = [...claimed];
  const server: { away: string | null } = { away: null };
  const sendOn = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (server.away !== null || performance.now() > until) {
        queue.push(next);
        return;
      }
      server.away = (await sendOne(engine, transport, next, options)) ?? server.away;
    }
  };
  await Promise.all(Array.from({ length: options.parallel }, sendOn));
  await releaseEnvelopes(
    engine.writer,
    queue.map(({ id }) => id),
    server.away,
  );
  if (server.away !== null) {
    engine.log.warn({ waiting: claimed.length, reason: server.away }, 'mail: no server takes it');
  }
  return { more: claimed.length === options.batch || queue.length > 0, reachable: server.away === null };
}

/** Null, or why no server took it. */
async function sendOne(
  engine: Engine,
  transport: MailTransport,
  { id, attempts, mail }: ClaimedEnvelope,
  options: SendingOptions,
): Promise<string | null> {
  const delivery = await whileLeased(engine, id, options.leaseMs, async () => await transport.send(mail));
  switch (delivery.outcome) {
    case 'sent':
      await markSent(engine.writer, id);
      engine.log.info({ envelope: id, to: mail.to }, 'mail sent');
      return null;
    case 'unreachable':
      await releaseEnvelopes(engine.writer, [id], delivery.reason);
      return delivery.reason;
    case 'refused': {
      const dead = attempts + 1 >= options.attempts;
      const nextInMs = retryDelay(attempts, options);
      await markRefused(engine.writer, { id, reason: delivery.reason, nextInMs, dead });
      engine.log.warn({ envelope: id, to: mail.to, reason: delivery.reason, dead }, 'mail refused');
      return null;
    }
  }
}

/** A slow server may take longer than a lease: it is renewed as long as the mail is under way. */
async function whileLeased<T>(
  engine: Engine,
  id: string,
  leaseMs: number,
  work: () => Promise<T>,
): Promise<T> {
  const renewing = setInterval(() => {
    renewLease(engine.writer, id, leaseMs).catch((error: unknown) => {
      engine.log.warn({ envelope: id, err: error }, 'mail: its lease could not be renewed');
    });
  }, leaseMs / 4);
  try {
    return await work();
  } finally {
    clearInterval(renewing);
  }
}

/** Doubled per refusal, and spread by half, so that what failed together does not come back together. */
function retryDelay(attempts: number, options: SendingOptions): number {
  const full = Math.min(options.retryFirstMs * 2 ** Math.min(attempts, 20), options.retryMostMs);
  return Math.max(options.retryFirstMs, full * (0.5 + Math.random() / 2));
}

/** The dead-letter list: envelopes that were refused too often, the youngest first. */
export async function listDeadLetters(engine: Engine, limit = 100): Promise<DeadEnvelope[]> {
  return await deadEnvelopes(engine.writer, limit);
}

/** Sends dead letters anew, after somebody has mended the address or the server. Answers how many. */
export async function retryDeadLetters(engine: Engine, ids: readonly string[]): Promise<number> {
  const revived = await reviveEnvelopes(engine.writer, ids);
  engine.notify();
  return revived;
}
