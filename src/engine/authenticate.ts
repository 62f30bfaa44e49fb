import {
  type GrantRow,
  type IdentityRow,
  identityBySession,
  identityByToken,
  touchSession,
  touchToken,
} from '../db/identity-store.js';
import type { Queryable } from '../db/pool.js';
import type { PersonActor } from '../domain/actor.js';
import { tokenDigest } from './token.js';

/** A person who is signed in, what they were granted, and the one grant under which this request acts. */
export interface Caller {
  readonly identity: Identity;
  readonly acting: GrantRow | null;
}

export type Identity = IdentityRow;

/** What a request shows: the bearer token of a machine, or the id of a browser's session. */
export interface Shown {
  readonly kind: 'token' | 'session';
  readonly secret: string;
}

/**
 * So long a revoked token or a withdrawn grant may still read in a process that has seen it. Commands look again in
 * their own transaction, so none is taken after the revocation.
 */
const KEPT_MS = 3_000;
const MOST_KEPT = 5_000;
const TOUCH_EVERY_MS = 60_000;

export interface AuthenticatorOptions {
  /** Whether tokens and sessions of the demonstration count. */
  readonly demo: boolean;
  readonly onTouchError: (error: unknown) => void;
}

/** Credential → person → grants, kept for a moment so that a busy client does not cost a query each time. */
export class Authenticator {
  readonly #db: Queryable;
  readonly #options: AuthenticatorOptions;
  readonly #kept = new Map<string, { readonly identity: Identity; readonly until: number }>();
  readonly #touched = new Map<string, number>();

  constructor(db: Queryable, options: AuthenticatorOptions) {
    this.#db = db;
    this.#options = options;
  }

  /**
   * Who it belongs to, or null for what is unknown, revoked, expired or ended. `quietly`: only whether it still holds;
   * a long answer that is looked after is no sign that somebody is there.
   */
  async identify(shown: Shown, quietly = false): Promise<Identity | null> {
    const hash = tokenDigest(shown.secret);
    const key = keyOf(shown.kind, hash);
    const now = performance.now();
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.until > now) return kept.identity;
    this.#kept.delete(key);
    const ask = shown.kind === 'token' ? identityByToken : identityBySession;
    const identity = await ask(this.#db, hash, { demo: this.#options.demo });
    if (identity === null) return null;
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
    this.#kept.set(key, { identity, until: now + KEPT_MS });
    if (!quietly) this.#touch(identity.credential, now);
    return identity;
  }

  /** Asks the record again next time: what this process has ended ends here at once. */
  forgetAll(): void {
    this.#kept.clear();
  }

  /** Written beside the request, never in its path, and at most once a minute. */
  #touch({ kind, id }: Identity['credential'], now: number): void {
    const last = this.#touched.get(id);
    if (last !== undefined && now - last < TOUCH_EVERY_MS) return;
    if (this.#touched.size >= MOST_KEPT) this.#touched.clear();
    this.#touched.set(id, now);
    const touch = kind === 'token' ? touchToken : touchSession;
    touch(this.#db, id).catch(this.#options.onTouchError);
  }
}

const keyOf = (kind: Shown['kind'], hash: Buffer): string => `${kind}:${hash.toString('base64')}`;

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
