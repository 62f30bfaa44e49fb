import type { Standing } from '../db/identity-store.js';
import type { Actor, DocumentReference } from '../domain/actor.js';
import type { Refusal } from '../domain/errors.js';
import type { Instant } from '../domain/instant.js';

/** How a command came in. */
export interface CommandRequest {
  readonly actor: Actor;
  /**
   * When it arrived, by this process's monotonic clock (`performance.now()`), before any queue or lock. The
   * database's clock is asked inside the transaction and the time since arrival subtracted, so the judged
   * instant is the database's, whatever the wait.
   */
  readonly arrived: number;
  readonly idempotency?: IdempotencyRequest | undefined;
  /**
   * The version of the subject that the caller has read, where it was named: under its lock another one is refused,
   * so that nobody decides about another text or result than was read.
   */
  readonly ifMatch?: number | undefined;
  /** The grant and the credential under which a person acts; looked at again inside the transaction. */
  readonly standing?: Standing | undefined;
  /** The document an act rests on; `arrivedAt` is judged where the standing agency records for a unit. */
  readonly document?: (DocumentReference & { readonly arrivedAt?: Instant | undefined }) | undefined;
  /** Ids of files that the act brings with it, beside those among its evidence. */
  readonly files?: readonly string[] | undefined;
}

export interface IdempotencyRequest {
  /** The person whose key it is. */
  readonly caller: string;
  readonly route: string;
  readonly key: string;
  /** Digest of what was asked; another one under the same key is refused. */
  readonly fingerprint: Buffer;
}

/** What a command answers with: kept under its idempotency key and given again to a repeat. */
export interface Answer {
  readonly status: number;
  readonly subjectId: string | null;
  readonly version: number | null;
  /** True when this is the kept answer of an earlier request with the same key. */
  readonly repeated: boolean;
}

export type Outcome = Answer | Refusal;
