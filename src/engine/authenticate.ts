import { type GrantRow, type IdentityRow, identityByToken, touchTokens } from '../db/identity-store.js';
import type { Queryable } from '../db/pool.js';
import type { PersonActor } from '../domain/actor.js';
import { tokenDigest } from './token.js';

/** A person who is signed in, what they were granted, and the one grant under which this request acts. */
export interface Caller {
  readonly identity: Identity;
  readonly acting: GrantRow | null;
}

export type Identity = IdentityRow;

/** So long a revoked token or a withdrawn grant may still work in a process that has seen it. */
const KEPT_MS = 3_000;
const MOST_KEPT = 5_000;
const TOUCH_EVERY_MS = 60_000;

/** Token → person → grants, kept for a moment so that a busy client does not cost a query each time. */
export class Authenticator {
  readonly #db: Queryable;
  readonly #onTouchError: (error: unknown) => void;
  readonly #kept = new Map<string, { readonly identity: Identity; readonly until: number }>();
  readonly #touched = new Map<string, number>();

  constructor(db: Queryable, onTouchError: (error: unknown) => void) {
    this.#db = db;
    this.#onTouchError = onTouchError;
  }

  /** Who the token belongs to, or null for one that is unknown, revoked or expired. */
  async identify(token: string): Promise<Identity | null> {
    const hash = tokenDigest(token);
    const key = hash.toString('base64');
    const now = performance.now();
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.until > now) return kept.identity;
    this.#kept.delete(key);
    const identity = await identityByToken(this.#db, hash);
    if (identity === null) return null;
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
    this.#kept.set(key, { identity, until: now + KEPT_MS });
    this.#touch(identity.tokenId, now);
    return identity;
  }

  /** Written beside the request, never in its path, and at most once a minute for a token. */
  #touch(tokenId: string, now: number): void {
    const last = this.#touched.get(tokenId);
    if (last !== undefined && now - last < TOUCH_EVERY_MS) return;
    if (this.#touched.size >= MOST_KEPT) this.#touched.clear();
    this.#touched.set(tokenId, now);
    touchTokens(this.#db, [tokenId]).catch(this.#onTouchError);
  }
}

/** The person under one grant, as deciders and reads know them. */
export function actorOf(identity: Identity, grant: GrantRow): PersonActor {
  return {
    kind: 'person',
    personId: identity.person.id,
    name: identity.person.name,
    role: grant.role,
    workingGroupId: grant.workingGroup.id,
    unitId: grant.unit?.id ?? null,
  };
}
