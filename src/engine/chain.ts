import { createHash, randomBytes } from 'node:crypto';
import type { Actor, DocumentReference } from '../domain/actor.js';
import { canonical } from '../domain/canonical.js';
import type { Instant } from '../domain/instant.js';

export function digest(...parts: readonly (string | Buffer)[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** An event before it is appended. */
export interface NewEvent {
  readonly type: string;
  readonly data: unknown;
  readonly text?: Readonly<Record<string, string>>;
}

export interface ChainedEvent {
  readonly seq: number;
  readonly type: string;
  readonly data: string;
  readonly text: string | null;
  readonly salt: Buffer | null;
  readonly textHash: Buffer | null;
  readonly hash: Buffer;
}

export interface EventCircumstances {
  readonly subjectKind: string;
  readonly subjectId: string;
  /** Where it stands decides who reads it, so the chain covers that too. */
  readonly workingGroupId: string;
  readonly directiveId: string | null;
  readonly unitId: string | null;
  readonly actor: Actor;
  readonly document: DocumentReference | null;
  readonly receivedAt: Instant;
  readonly happenedAt: Instant;
  readonly recordedAt: Instant;
}

/**
 * Chains an event to the one before it. Free text enters by a salted hash only, so that what should never
 * have been written can be destroyed while the chain still verifies.
 */
export function chain(
  event: NewEvent,
  seq: number,
  previous: Buffer | null,
  at: EventCircumstances,
): ChainedEvent {
  const text = event.text === undefined ? null : canonical(event.text);
  const salt = text === null ? null : randomBytes(16);
  const textHash = text === null || salt === null ? null : digest(salt, text);
  // The canonical text is what is hashed and what is stored, so it is written once.
  const data = canonical(event.data);
  const hash = eventHash(previous, { ...at, seq, type: event.type, textHash }, data);
  return { seq, type: event.type, data, text, salt, textHash, hash };
}

/** The hash of one link over its predecessor, its circumstances and its canonical data; a verifier computes it again. */
export function eventHash(
  previous: Buffer | null,
  link: EventCircumstances & {
    readonly seq: number;
    readonly type: string;
    readonly textHash: Buffer | null;
  },
  data: string,
): Buffer {
  return digest(
    previous ?? Buffer.alloc(0),
    canonical({
      kind: link.subjectKind,
      id: link.subjectId,
      group: link.workingGroupId,
      directive: link.directiveId,
      unit: link.unitId,
      seq: link.seq,
      type: link.type,
      text: link.textHash?.toString('hex') ?? null,
      actor: link.actor,
      document: link.document,
      received: link.receivedAt,
      happened: link.happenedAt,
      recorded: link.recordedAt,
    }),
    data,
  );
}

/** The hash of one line of the access log, as the database's `record_access` makes it. */
export function accessHash(
  previous: Buffer | null,
  line: { readonly day: string; readonly seq: number; readonly at: Instant; readonly body: string },
): Buffer {
  return digest(previous ?? Buffer.alloc(0), `${line.day}|${line.seq}|${line.at}|${line.body}`);
}
