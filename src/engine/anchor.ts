import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import {
  type Anchor,
  anchorHorizon,
  grownHeads,
  insertAnchor,
  insertAnchorLetter,
  lastAnchor,
  lockAnchors,
} from '../db/anchor-store.js';
import { databaseNow } from '../db/lock-store.js';
import { withTransaction } from '../db/transaction.js';
import { canonical } from '../domain/canonical.js';
import { digest } from './chain.js';
import type { Engine } from './engine.js';
import { newId } from './ids.js';
import { merkleRoot } from './merkle.js';

/** With what an anchor is signed and to whom it is sent. */
export interface AnchorOptions {
  /** Ed25519, PEM. Without one the anchor is unsigned, and says so. */
  readonly key: string | null;
  readonly mailTo: string | null;
  readonly messageDomain: string;
}

/** The same from the settings of a process. */
export const anchorOptions = (config: {
  readonly anchorKey?: string | undefined;
  readonly anchorMailTo?: string | undefined;
  readonly mailFrom: string;
}): AnchorOptions => ({
  key: config.anchorKey ?? null,
  mailTo: config.anchorMailTo ?? null,
  messageDomain: /@([^>\s]+)/.exec(config.mailFrom)?.[1] ?? 'localhost',
});

export interface MadeAnchor {
  /** Null where nothing was written since the last one. */
  readonly number: number | null;
  readonly chains: number;
  readonly signed: boolean;
}

/**
 * One root over the heads of all chains that grew since the last anchor, signed and kept. Called again it finds
 * nothing new, so it may be tried as often as it takes.
 */
export async function makeAnchor(engine: Engine, options: AnchorOptions): Promise<MadeAnchor> {
  const horizon = await withTransaction(engine.writer, anchorHorizon);
  const made = await withTransaction(engine.writer, async (client) => {
    await lockAnchors(client);
    const before = await lastAnchor(client);
    const from = { events: before?.upTo ?? 0, accesses: before?.accessUpTo ?? 0 };
    // Another one got further meanwhile, or nothing happened.
    if (horizon.events <= from.events && horizon.accesses <= from.accesses) return null;
    const leaves = await grownHeads(client, from, horizon);
    const anchor = statementOf(
      {
        number: (before?.number ?? 0) + 1,
        at: Math.floor(await databaseNow(client)),
        upTo: horizon.events,
        accessUpTo: horizon.accesses,
        leaves,
      },
      before,
      options.key,
    );
    await insertAnchor(client, anchor);
    if (options.mailTo !== null) await insertAnchorLetter(client, letterOf(anchor, options.mailTo, options));
    return anchor;
  });
  if (made === null) return { number: null, chains: 0, signed: false };
  engine.notify();
  return { number: made.number, chains: made.chains, signed: made.signature !== null };
}

function statementOf(
  now: { number: number; at: number; upTo: number; accessUpTo: number; leaves: readonly string[] },
  before: Anchor | null,
  pem: string | null,
): Anchor {
  const { leaves, ...said } = now;
  const root = merkleRoot(leaves);
  const previous = before === null ? null : digest(before.statement);
  const statement = canonical({
    ...said,
    chains: leaves.length,
    root: root.toString('hex'),
    previous: previous?.toString('hex') ?? null,
  });
  const key = pem === null ? null : createPrivateKey(pem);
  return {
    ...said,
    chains: leaves.length,
    leaves: leaves.join('\n'),
    root,
    previous,
    statement,
    keyId: key === null ? null : keyIdOf(createPublicKey(key)),
    signature: key === null ? null : sign(null, Buffer.from(statement), key),
  };
}

/** A public key by the beginning of its digest. */
export function keyIdOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16);
}

/** What an anchor says is what stands beside it, and whoever has the key has said it. */
export function anchorFaults(anchor: Anchor, before: Anchor | null, publicKey: KeyObject | null): string[] {
  const faults: string[] = [];
  const leaves = anchor.leaves === '' ? [] : anchor.leaves.split('\n');
  const { number, at, upTo, accessUpTo } = anchor;
  const expected = canonical({
    number,
    at,
    upTo,
    accessUpTo,
    chains: leaves.length,
    root: merkleRoot(leaves).toString('hex'),
    previous: before === null ? null : digest(before.statement).toString('hex'),
  });
  if (number !== (before?.number ?? 0) + 1) faults.push(`anchor ${number - 1} is missing`);
  if (expected !== anchor.statement)
    faults.push('its statement is not what its chains and its predecessor make');
  if (anchor.signature !== null && publicKey !== null) {
    if (anchor.keyId !== keyIdOf(publicKey))
      faults.push(`it is signed by another key (${anchor.keyId ?? '–'})`);
    else if (!verify(null, Buffer.from(anchor.statement), publicKey, anchor.signature))
      faults.push('its signature does not hold');
  }
  return faults;
}

/** What a letter about an anchor says, also where it was wrapped on its way; null where it says nothing of one. */
export function readLetter(
  text: string,
): { readonly number: number; readonly statement: string; readonly signature: Buffer | null } | null {
  const found = /Statement:\s*(\{[^}]*\})/.exec(text)?.[1]?.replace(/[\r\n]+/g, '');
  const number = Number(/"number":(\d+)/.exec(found ?? '')?.[1] ?? Number.NaN);
  if (found === undefined || !Number.isInteger(number)) return null;
  const signature = /Signature \(Ed25519[^)]*\):\s*([A-Za-z0-9+/=\s]+)/.exec(text)?.[1];
  return {
    number,
    statement: found,
    signature: signature === undefined ? null : Buffer.from(signature.replace(/\s+/g, ''), 'base64'),
  };
}

function letterOf(anchor: Anchor, to: string, { messageDomain }: AnchorOptions) {
  const text = [
    'This letter is a witness: keep it. Whoever changes the record later cannot change it.',
    `Statement: ${anchor.statement}`,
    anchor.signature === null
      ? 'Not signed: no ANCHOR_KEY is set.'
      : `Signature (Ed25519, key ${anchor.keyId ?? ''}): ${anchor.signature.toString('base64')}`,
  ].join('\n\n');
  const escaped = text.replace(
    /[&<>]/g,
    (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign] ?? sign,
  );
  return {
    id: newId(),
    to,
    messageId: `<anchor-${anchor.number}-${anchor.root.toString('hex').slice(0, 16)}@${messageDomain}>`,
    subject: `Dondoc: anchor ${anchor.number} of the record`,
    text,
    html: `<pre style="white-space:pre-wrap">${escaped}</pre>`,
    at: anchor.at,
  };
}
