import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type pg from 'pg';
import { type Anchor, allAnchors } from '../db/anchor-store.js';
import { onceInSnapshot } from '../db/transaction.js';
import {
  type RawAccess,
  type RawEvent,
  strayHeads,
  streamAccesses,
  streamEvents,
} from '../db/verify-store.js';
import { type Access, accessBody, NOBODY } from '../domain/access-log.js';
import type { Actor, DocumentReference } from '../domain/actor.js';
import { canonical } from '../domain/canonical.js';
import { anchorFaults, readLetter } from './anchor.js';
import { accessHash, digest, eventHash } from './chain.js';
import { Witnesses } from './witnesses.js';

/** Where the record is not what it was, and in which way. */
export interface Fault {
  readonly subject: string;
  readonly seq: number | null;
  readonly what: string;
}

export interface Verification {
  readonly events: number;
  readonly chains: number;
  readonly accesses: number;
  readonly anchors: {
    readonly made: number;
    readonly signed: number;
    readonly checked: number;
    readonly last: { readonly number: number; readonly at: number } | null;
  };
  readonly faults: readonly Fault[];
}

/** More would not be read; the count goes on. */
const MOST_FAULTS = 10_000;

export interface VerifyOptions {
  /** PEM, of the key that signs anchors; without one signatures are not checked, and the result says so. */
  readonly publicKey: string | null;
  /** Letters about anchors that somebody outside has kept, as they came: what they witness has to be there still. */
  readonly letters?: readonly string[];
  readonly progress?: (events: number) => void;
}

interface EventResult {
  readonly events: number;
  readonly chains: number;
  readonly faults: readonly Fault[];
}

/** Reads the whole record once, in one snapshot, and says where it was touched. Changes nothing. */
export async function verifyRecord(pool: pg.Pool, options: VerifyOptions): Promise<Verification> {
  return onceInSnapshot(pool, async (client) => {
    const anchors = await allAnchors(client);
    const faults: Fault[] = [
      ...signatures(anchors, options.publicKey),
      ...(options.letters ?? []).flatMap((letter) => letterFaults(letter, anchors, options.publicKey)),
    ];
    const checked = await checkEvents(client, anchors, options.progress);
    faults.push(...checked.faults);
    for (const { kind, id, seq, last } of await strayHeads(client)) {
      const what =
        seq === null
          ? 'has events but no row'
          : `stands at ${seq}, its chain ends at ${last ?? 'nothing'}, or with another hash`;
      faults.push({ subject: `${kind} ${id}`, seq: last, what });
    }
    const access = await checkAccesses(client, anchors);
    faults.push(...access.faults);
    const signed = anchors.filter(({ signature }) => signature !== null).length;
    return {
      events: checked.events,
      chains: checked.chains,
      accesses: access.lines,
      anchors: {
        ...{ made: anchors.length, signed, checked: options.publicKey === null ? 0 : signed },
        last: lastOf(anchors),
      },
      faults: faults.slice(0, MOST_FAULTS),
    };
  });
}

const lastOf = (anchors: readonly Anchor[]): Verification['anchors']['last'] => {
  const anchor = anchors.at(-1);
  return anchor === undefined ? null : { number: anchor.number, at: anchor.at };
};

/** What the anchors of the record are not, by a letter that was kept outside. */
function letterFaults(letter: string, anchors: readonly Anchor[], pem: string | null): Fault[] {
  const witness = readLetter(letter);
  if (witness === null) return [{ subject: 'a letter', seq: null, what: 'holds no statement of an anchor' }];
  const { number, statement, signature } = witness;
  const fault = (what: string): Fault[] => [{ subject: `anchor ${number}`, seq: null, what }];
  if (
    pem !== null &&
    signature !== null &&
    !verify(null, Buffer.from(statement), createPublicKey(pem), signature)
  )
    return fault('the signature of its letter does not hold: it is no witness');
  const kept = anchors.find((anchor) => anchor.number === number);
  if (kept === undefined)
    return fault('is gone, and with it whatever was cut behind it: a letter witnesses it');
  return kept.statement === statement ? [] : fault('is not the one that a letter witnesses');
}

function signatures(anchors: readonly Anchor[], pem: string | null): Fault[] {
  const key: KeyObject | null = pem === null ? null : createPublicKey(pem);
  return anchors.flatMap((anchor, index) =>
    anchorFaults(anchor, anchors[index - 1] ?? null, key).map((what) => ({
      subject: `anchor ${anchor.number}`,
      seq: null,
      what,
    })),
  );
}

/** Checks the chain of every subject. */
async function checkEvents(
  client: pg.PoolClient,
  anchors: readonly Anchor[],
  progress?: (events: number) => void,
): Promise<EventResult> {
  const check = new EventCheck(
    new Witnesses(
      anchors,
      (anchor) => anchor.upTo,
      ({ kind }) => kind !== 'access',
    ),
  );
  for await (const page of streamEvents(client)) {
    for (const row of page) check.event(row);
    progress?.(check.events);
  }
  return check.end();
}

/** Goes along the chains, one event after another. Memory holds one subject at a time. */
export class EventCheck {
  events = 0;
  #chains = 0;
  readonly #faults: Fault[] = [];
  readonly #witnesses: Witnesses;
  #subject = '';
  #head: Buffer | null = null;
  #seq = 0;
  #number = 0;
  #recorded = 0;
  readonly #gone = new Set<number>();
  readonly #destroyed = new Set<number>();

  constructor(witnesses: Witnesses) {
    this.#witnesses = witnesses;
  }

  event(row: RawEvent): void {
    const [
      kind,
      id,
      seqText,
      ,
      ,
      ,
      type,
      dataText,
      text,
      salt,
      textHash,
      ,
      ,
      ,
      ,
      recordedText,
      hash,
      numberText,
    ] = row;
    const subject = `${kind} ${id}`;
    if (subject !== this.#subject) this.#begin(subject);
    this.events += 1;
    const seq = Number(seqText);
    const number = Number(numberText);
    const recorded = Number(recordedText);
    if (seq !== this.#seq + 1)
      this.#fault(this.#seq + 1, seq === this.#seq + 2 ? 'is missing' : `to ${seq - 1} are missing`);
    const data: unknown = JSON.parse(dataText);
    // After a hole the predecessor's hash is unknown: the event is taken at its word, and the hole is what is told.
    if (seq === this.#seq + 1 && linkHash(row, this.#head, data) !== hash) this.#fault(seq, 'was altered');
    if (number <= this.#number || recorded < this.#recorded) this.#fault(seq, 'stands out of its order');
    if (textHash !== null && text === null) this.#gone.add(seq);
    if (text !== null && textOf(text, salt) !== textHash) this.#fault(seq, 'has an altered text');
    if (type === 'text_destroyed') this.#destroyed.add(destroyedSeq(data));
    const contradiction = this.#witnesses.see(`${kind}|${id}`, seq, hash, number);
    if (contradiction !== null) this.#fault(seq, contradiction);
    this.#head = Buffer.from(hash, 'hex');
    this.#seq = seq;
    this.#number = number;
    this.#recorded = recorded;
  }

  end(): EventResult {
    this.#close();
    for (const missing of this.#witnesses.unseen())
      this.#faults.push({ subject: missing.chain.replace('|', ' '), seq: missing.seq, what: missing.what });
    return { events: this.events, chains: this.#chains, faults: this.#faults };
  }

  #begin(subject: string): void {
    this.#close();
    this.#chains += 1;
    this.#subject = subject;
    this.#head = null;
    this.#seq = 0;
    this.#number = 0;
    this.#recorded = 0;
  }

  /** A text may be gone only where a later event of the subject says that it was destroyed, and then it must be. */
  #close(): void {
    for (const seq of this.#gone)
      if (!this.#destroyed.has(seq)) this.#fault(seq, 'lost its text without a decision');
    for (const seq of this.#destroyed)
      if (!this.#gone.has(seq)) this.#fault(seq, 'still has the text that was to be destroyed');
    this.#gone.clear();
    this.#destroyed.clear();
  }

  #fault(seq: number, what: string): void {
    if (this.#faults.length < MOST_FAULTS) this.#faults.push({ subject: this.#subject, seq, what });
  }
}

function linkHash(row: RawEvent, head: Buffer | null, data: unknown): string {
  const [
    subjectKind,
    subjectId,
    seq,
    workingGroupId,
    directiveId,
    unitId,
    type,
    ,
    ,
    ,
    textHash,
    actor,
    document,
  ] = row;
  const link = {
    subjectKind,
    subjectId,
    workingGroupId,
    directiveId,
    unitId,
    seq: Number(seq),
    type,
    textHash: textHash === null ? null : Buffer.from(textHash, 'hex'),
    actor: actorOf(actor),
    document: document === null ? null : written<DocumentReference>(document),
    receivedAt: Number(row[13]),
    happenedAt: Number(row[14]),
    recordedAt: Number(row[15]),
  };
  return eventHash(head, link, canonical(data)).toString('hex');
}

let lastActor: { readonly text: string; readonly actor: Actor } | null = null;

/** Neighbours have the same actor more often than not. */
function actorOf(text: string): Actor {
  if (lastActor?.text === text) return lastActor.actor;
  const actor = written<Actor>(text);
  lastActor = { text, actor };
  return actor;
}

/** A column of JSON as it was written; whatever it is, it is only hashed. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- names what the column was written as
function written<T>(text: string): T {
  const value: unknown = JSON.parse(text);
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- a wrong shape gives a wrong hash, and that is the question
  return value as T;
}

const textOf = (text: string, salt: string | null): string =>
  digest(Buffer.from(salt ?? '', 'hex'), canonical(JSON.parse(text))).toString('hex');

function destroyedSeq(data: unknown): number {
  return typeof data === 'object' && data !== null && 'seq' in data ? Number(data.seq) : Number.NaN;
}

/** The same for the access log, a chain per person and day. */
async function checkAccesses(
  client: pg.PoolClient,
  anchors: readonly Anchor[],
): Promise<{ lines: number; faults: Fault[] }> {
  const witnesses = new Witnesses(
    anchors,
    (anchor) => anchor.accessUpTo,
    ({ kind }) => kind === 'access',
  );
  const faults: Fault[] = [];
  let lines = 0;
  let chain = '';
  let head: Buffer | null = null;
  let last = 0;
  for await (const page of streamAccesses(client)) {
    for (const row of page) {
      const [person, day, seqText, , , , , , , , , , , hash, number] = row;
      const seq = Number(seqText);
      const key = `${person}/${day}`;
      if (key !== chain) [chain, head, last] = [key, null, 0];
      const fault = (at: number, what: string) => faults.push({ subject: `access ${key}`, seq: at, what });
      lines += 1;
      if (seq !== last + 1) fault(last + 1, 'is missing');
      else if (!lineHash(row, head).equals(Buffer.from(hash, 'hex'))) fault(seq, 'was altered');
      const contradiction = witnesses.see(`access|${key}`, seq, hash, Number(number));
      if (contradiction !== null) fault(seq, contradiction);
      head = Buffer.from(hash, 'hex');
      last = seq;
    }
  }
  for (const { chain: key, seq, what } of witnesses.unseen())
    faults.push({ subject: key.replace('|', ' '), seq, what });
  return { lines, faults };
}

function lineHash(row: RawAccess, head: Buffer | null): Buffer {
  const [person, day, seq, at, group, unit, role, action, kind, id, detail, address, agent] = row;
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- a word that is not of the list hashes to something else, which is what is looked for
  const words = { role, action } as Pick<Access, 'role' | 'action'>;
  const body = accessBody({
    ...words,
    personId: person === NOBODY ? null : person,
    workingGroupId: group,
    unitId: unit,
    subject: kind === null ? null : { kind, id },
    detail: written<Access['detail']>(detail),
    from: { address, agent },
  });
  return accessHash(head, { day, seq: Number(seq), at: Number(at), body });
}
