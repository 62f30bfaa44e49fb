import { isDatabaseUnavailable } from '../db/errors.js';
import { sqlState } from '../db/transaction.js';

/** What will pass by itself: a lost connection, a server that stops, a conflict that was tried often enough. */
export function isPassing(error: unknown): boolean {
  return isDatabaseUnavailable(error) || /^(08|40|53|57P)/.test(sqlState(error) ?? '');
}

/** Whose fault an error is that one subject alone brings: bad data and limits are its own, and so are our errors. */
export function isOwnFault(error: unknown): boolean {
  const state = sqlState(error);
  return state === null || !/^[0-9A-Z]{5}$/.test(state) || /^(22|23|54)/.test(state);
}
