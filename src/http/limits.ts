import type pg from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { type Refusal, refuse } from '../domain/errors.js';

/** What may be taken within a time, counted in PostgreSQL so that all API processes count together. */
export interface Quota {
  /** As the headers name it. */
  readonly name: string;
  readonly points: number;
  readonly seconds: number;
}

/** What one request took, and what is left. */
export interface Taken {
  readonly quota: Quota;
  readonly allowed: boolean;
  readonly remaining: number;
  /** Seconds until the window ends. */
  readonly resets: number;
}

interface Share {
  left: number;
  readonly remote: number;
  readonly until: number;
}

/** A process fetches points in shares of a fiftieth, so that a busy client costs a statement now and then only. */
const SHARES = 50;
const MOST_KEPT = 10_000;

/**
 * One quota. Points are fetched from PostgreSQL in shares and handed out here; together the processes never hand out
 * more than the quota, one may only hold back what it has not used. While the database is away nothing is limited:
 * nothing can be done then either.
 */
export class Limiter {
  readonly #quota: Quota;
  readonly #limiter: RateLimiterPostgres;
  readonly #share: number;
  readonly #shares = new Map<string, Share>();
  readonly #asked = new Map<string, Promise<Share | null>>();

  constructor(pool: pg.Pool, quota: Quota) {
    this.#quota = quota;
    this.#share = Math.max(1, Math.floor(quota.points / SHARES));
    this.#limiter = new RateLimiterPostgres({
      storeClient: pool,
      tableName: 'rate_limit',
      tableCreated: true,
      keyPrefix: quota.name,
      points: quota.points,
      duration: quota.seconds,
      clearExpiredByTimeout: true,
    });
  }

  async take(key: string): Promise<Taken | null> {
    for (;;) {
      const share = this.#shares.get(key);
      if (share !== undefined && share.until > performance.now()) {
        if (share.left > 0) {
          share.left -= 1;
          return this.#taken(share, true);
        }
        if (share.remote <= 0) return this.#taken(share, false);
      }
      if ((await this.#fetched(key)) === null) return null;
    }
  }

  /** One question to the database at a time for a key; the others wait for its answer. */
  async #fetched(key: string): Promise<Share | null> {
    const running = this.#asked.get(key);
    if (running !== undefined) return await running;
    const asked = this.#fetch(key).finally(() => this.#asked.delete(key));
    this.#asked.set(key, asked);
    return await asked;
  }

  async #fetch(key: string): Promise<Share | null> {
    const answer = await this.#consume(key);
    if (answer === null) return null;
    const before = answer.consumedPoints - this.#share;
    const share = {
      left: Math.max(0, Math.min(this.#share, this.#quota.points - before)),
      remote: answer.remainingPoints,
      until: performance.now() + answer.msBeforeNext,
    };
    if (this.#shares.size >= MOST_KEPT) this.#shares.clear();
    this.#shares.set(key, share);
    return share;
  }

  async #consume(key: string): Promise<RateLimiterRes | null> {
    try {
      return await this.#limiter.consume(key, this.#share);
    } catch (error) {
      return error instanceof RateLimiterRes ? error : null;
    }
  }

  #taken(share: Share, allowed: boolean): Taken {
    return {
      quota: this.#quota,
      allowed,
      remaining: Math.max(0, share.left + share.remote),
      resets: Math.max(0, Math.ceil((share.until - performance.now()) / 1_000)),
    };
  }
}

/** The quotas of the API: of a person, of one token, and of an address from which nobody signs in. */
export interface RequestLimits {
  readonly person: Limiter;
  readonly token: Limiter;
  readonly address: Limiter;
}

const MINUTE_S = 60;
const FAILURES_PER_MINUTE = 120;

export function requestLimits(pool: pg.Pool, perMinute: number): RequestLimits {
  const quota = (name: string, points: number): Limiter =>
    new Limiter(pool, { name, points: Math.max(1, Math.floor(points)), seconds: MINUTE_S });
  return {
    person: quota('person', perMinute),
    token: quota('token', perMinute / 2),
    address: quota('address', FAILURES_PER_MINUTE),
  };
}

/** `RateLimit-Policy` and `RateLimit` as the IETF's draft writes them. */
export function limitHeaders(taken: readonly Taken[]): Record<string, string> {
  if (taken.length === 0) return {};
  return {
    'RateLimit-Policy': taken
      .map(({ quota }) => `"${quota.name}";q=${quota.points};w=${quota.seconds}`)
      .join(', '),
    RateLimit: taken
      .map(({ quota, remaining, resets }) => `"${quota.name}";r=${remaining};t=${resets}`)
      .join(', '),
  };
}

/** The refusal where a quota is used up; null while there is some left. */
export function quotaRefusal(taken: readonly Taken[]): Refusal | null {
  const over = taken.filter(({ allowed }) => !allowed);
  if (over.length === 0) return null;
  const retryAfter = Math.max(1, ...over.map(({ resets }) => resets));
  return refuse(
    'quota_exceeded',
    {
      vi: `Bạn đã gửi quá nhiều yêu cầu; hãy thử lại sau ${retryAfter} giây.`,
      en: `You have sent too many requests; try again in ${retryAfter} seconds.`,
    },
    { extra: { 'violated-policies': over.map(({ quota }) => quota.name), retryAfter } },
  );
}
