import { createHash } from 'node:crypto';
import type pg from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { networkOf } from '../network.js';

/**
 * Tries at a password, counted in PostgreSQL for all processes: few of one account from one address, so that its
 * owner is not locked out by others; more of one account from everywhere; and some of one address for any accounts.
 */
export class SignInThrottle {
  readonly #pair: RateLimiterPostgres;
  readonly #account: RateLimiterPostgres;
  readonly #address: RateLimiterPostgres;

  constructor(pool: pg.Pool) {
    const limiter = (keyPrefix: string, points: number, duration: number): RateLimiterPostgres =>
      new RateLimiterPostgres({
        storeClient: pool,
        tableName: 'rate_limit',
        tableCreated: true,
        keyPrefix,
        points,
        duration,
      });
    this.#pair = limiter('sign-in-pair', 5, QUARTER_S);
    this.#account = limiter('sign-in-account', 50, HOUR_S);
    this.#address = limiter('sign-in-address', 30, QUARTER_S);
  }

  /**
   * Counts a try before it is judged, so that many at once gain nothing. Null: go on; else seconds to wait. What its
   * address is refused already counts nothing for the account: one stranger locks nobody out.
   */
  async tried(login: string, address: string): Promise<number | null> {
    const account = keyOf(login);
    const from = networkOf(address);
    const near = Math.max(
      ...(await Promise.all([waitOf(this.#pair, `${account}:${from}`), waitOf(this.#address, from)])),
    );
    const wait = near === 0 ? await waitOf(this.#account, account) : near;
    return wait === 0 ? null : wait;
  }

  /** A try that was right counts for nothing. */
  async succeeded(login: string, address: string): Promise<void> {
    const account = keyOf(login);
    const from = networkOf(address);
    await Promise.all([
      this.#pair.delete(`${account}:${from}`),
      this.#account.reward(account),
      this.#address.reward(from),
    ]);
  }
}

const QUARTER_S = 15 * 60;
const HOUR_S = 60 * 60;

/** Of one length, whatever was typed. */
const keyOf = (login: string): string => createHash('sha256').update(login).digest('base64url').slice(0, 32);

async function waitOf(limiter: RateLimiterPostgres, key: string): Promise<number> {
  try {
    await limiter.consume(key);
    return 0;
  } catch (error) {
    if (error instanceof RateLimiterRes) return Math.max(1, Math.ceil(error.msBeforeNext / 1_000));
    throw error;
  }
}
