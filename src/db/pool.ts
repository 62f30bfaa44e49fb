import pg from 'pg';

/** A pool or one of its clients: every statement function takes it first, inside or outside a transaction. */
export type Queryable = Pick<pg.Pool, 'query'> | Pick<pg.PoolClient, 'query'>;

const { TIMESTAMPTZ, INT8, DATE } = pg.types.builtins;

/** PostgreSQL prints `2026-01-01 00:00:00.123+00`, or `infinity`, which stands for an unreachable instant. */
function parseInstant(text: string): number {
  if (text === 'infinity') return Number.POSITIVE_INFINITY;
  if (text === '-infinity') return Number.NEGATIVE_INFINITY;
  return Date.parse(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'));
}

/** Instants arrive as milliseconds, dates as `YYYY-MM-DD`, bigints (counters here) as numbers. */
const types: pg.CustomTypesConfig = {
  getTypeParser(oid, format): unknown {
    if (oid === TIMESTAMPTZ) return parseInstant;
    if (oid === INT8) return Number;
    if (oid === DATE) return (text: string) => text;
    return pg.types.getTypeParser(oid, format);
  },
};

export interface PoolOptions {
  readonly url: string;
  readonly max: number;
  readonly name: string;
  /** How long a caller waits for a connection before the database counts as unavailable, in ms. */
  readonly connectTimeoutMs?: number;
  /** Called for an error of an idle connection, which the pool then drops. */
  readonly onIdleError?: (error: Error) => void;
}

/** A pool whose sessions speak UTC and give up on a statement rather than hold a lock for ever. */
export function openPool(options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max,
    application_name: options.name,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 3_000,
    idle_in_transaction_session_timeout: 60_000,
    statement_timeout: 60_000,
    // A server that falls silent is noticed by the system, and its connection given back.
    keepAlive: true,
    // What is asked together goes out together; the server still answers one after the other, in order.
    pipeline: true,
    types,
  });
  pool.on('error', (error) => options.onIdleError?.(error));
  // A connection that breaks while it is lent out has no listener of the pool's: unheard, the event would end
  // the process. Whoever holds it gets the error with their next statement.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** An instant as PostgreSQL reads it. */
export function timestamp(at: number): string {
  if (at === Number.POSITIVE_INFINITY) return 'infinity';
  if (at === Number.NEGATIVE_INFINITY) return '-infinity';
  // A batch repeats few instants many times.
  if (at !== written.at) written = { at, text: new Date(at).toISOString() };
  return written.text;
}

let written = { at: 0, text: new Date(0).toISOString() };

export const timestampOrNull = (at: number | null): string | null => (at === null ? null : timestamp(at));
