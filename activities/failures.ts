import { ApplicationFailure } from '@temporalio/common';
import { isDondocError } from '../src/domain/errors.js';

const SQLSTATE = /^[0-9A-Z]{5}$/;

/**
 * Any error as a failure that may cross to Temporal. An error of the product says itself whether the same call
 * may succeed later. Every error of the database is passing for a conductor, also one that would be permanent
 * elsewhere: a table may be missing because a migration is rolling. What is left is a fault of ours, which
 * trying again within a second does not mend; the conductor waits longer and then tries anyway.
 */
export function failureOf(error: unknown): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  if (isDondocError(error)) return failure(error, error.code, error.retry);
  const code = codeOf(error);
  if (code !== null)
    return failure(error, SQLSTATE.test(code) ? `database:${code}` : 'database_unavailable', true);
  return failure(error, 'internal', error instanceof Error && isLostConnection(error.message));
}

function failure(error: unknown, type: string, retry: boolean): ApplicationFailure {
  const options = {
    message: error instanceof Error ? error.message : String(error),
    type,
    nonRetryable: !retry,
  };
  return ApplicationFailure.create(error instanceof Error ? { ...options, cause: error } : options);
}

/** SQLSTATE of PostgreSQL, or the name of a network error. */
function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error) || typeof error.code !== 'string')
    return null;
  return SQLSTATE.test(error.code) || /^E[A-Z]+$/.test(error.code) ? error.code : null;
}

/** The driver says some of its errors in words only. */
function isLostConnection(message: string): boolean {
  return /timeout exceeded when trying to connect|Connection terminated|connection error|Cannot use a pool/.test(
    message,
  );
}
