import type pg from 'pg';

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';
const MOST_TRIES = 5;

export function sqlState(error: unknown): string | null {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null;
}

/** With this fails whatever else was sent once one statement of a transaction has failed. */
const TRANSACTION_ABORTED = '25P02';

/**
 * Waits for statements that were sent together, whatever becomes of one: nothing may be asked after the rollback.
 *
 * @throws the error that was the cause, and not one of those that only followed from it
 */
export async function together(statements: readonly Promise<unknown>[]): Promise<void> {
  const settled = await Promise.allSettled(statements);
  if (settled.some(({ status }) => status === 'rejected')) throw causeOf(settled);
}

/** What made some of a transaction's statements fail. */
export function causeOf(settled: readonly PromiseSettledResult<unknown>[]): unknown {
  const errors = settled.flatMap((one): unknown[] => (one.status === 'rejected' ? [one.reason] : []));
  return errors.find((error) => sqlState(error) !== TRANSACTION_ABORTED) ?? errors[0];
}

/** A transaction in read committed; 40001 and 40P01 are tried again here, at most five times in all. */
export async function withTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  return withOpenedTransaction(pool, nothing, work);
}

const nothing = async (): Promise<void> => undefined;

/**
 * The same, and `opening` goes to the server in one packet with BEGIN. It may only ask: should BEGIN itself be
 * refused, it has run outside the transaction.
 */
export async function withOpenedTransaction<T, O>(
  pool: pg.Pool,
  opening: (client: pg.PoolClient) => Promise<O>,
  work: (client: pg.PoolClient, opened: O) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await onceInTransaction(pool, { begin: 'begin', opening }, work);
    } catch (error) {
      const state = sqlState(error);
      if ((state !== SERIALIZATION_FAILURE && state !== DEADLOCK_DETECTED) || attempt >= MOST_TRIES)
        throw error;
    }
  }
}

interface Start<O> {
  readonly begin: string;
  readonly opening: (client: pg.PoolClient) => Promise<O>;
}

async function onceInTransaction<T, O>(
  pool: pg.Pool,
  { begin, opening }: Start<O>,
  work: (client: pg.PoolClient, opened: O) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    const [, opened] = await Promise.all([client.query(begin), opening(client)]);
    const result = await work(client, opened);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    // A connection that could not even roll back is closed, not lent to the next caller.
    client.release(broken);
  }
}

/** Whose eyes a read has: the database enforces it a second time by row-level security. */
export interface Scope {
  readonly workingGroupId: string;
  readonly role: string;
  readonly unitId: string | null;
  /** Whose own records are seen beside; left out by reads that show none. */
  readonly personId?: string;
  /** A unit below the reader's own whose counts are asked for; the database looks whether it is. */
  readonly countedUnitId?: string;
}

/**
 * A read-only transaction of the reader role within the caller's scope. All its statements see one snapshot, so
 * that what is read in several adds up; reading only, it can never fail to be serialised.
 */
export async function withScope<T>(
  pool: pg.Pool,
  scope: Scope,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const opening = async (client: pg.PoolClient): Promise<void> => {
    await client.query({
      name: 'scope',
      text: `select set_config('app.working_group', $1, true), set_config('app.role', $2, true),
                    set_config('app.unit', $3, true), set_config('app.person', $4, true),
                    set_config('app.counted_unit', $5, true)`,
      values: [
        scope.workingGroupId,
        scope.role,
        scope.unitId ?? '',
        scope.personId ?? '',
        scope.countedUnitId ?? '',
      ],
    });
  };
  return onceInTransaction(pool, { begin: READ_ONLY, opening }, work);
}

const READ_ONLY = 'begin isolation level repeatable read read only';

/** A read-only transaction that sees one state of the database from its first statement to its last. */
export async function onceInSnapshot<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  return onceInTransaction(pool, { begin: READ_ONLY, opening: nothing }, async (client) => {
    // However long it takes: no statement timeout, for nobody waits for a reader.
    await client.query('set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0');
    return work(client);
  });
}
