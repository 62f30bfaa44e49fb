import { isRefusal, type Refusal } from '../domain/errors.js';
import type { Outcome } from '../engine/request.js';
import type { Reply } from './route.js';

/**
 * The answer to a command: its refusal, or the resource as it is now. A repeat of an earlier request gets the
 * resource too, so the caller sees where its command has led.
 */
export async function afterCommand<T extends { readonly version: number }>(
  outcome: Outcome,
  read: (id: string) => Promise<T | Refusal>,
): Promise<Reply<T> | Refusal> {
  if (isRefusal(outcome)) return outcome;
  if (outcome.subjectId === null) throw new Error('The command has no subject to read again');
  return versioned(await read(outcome.subjectId));
}

/** A resource with its version, for the ETag. */
export function versioned<T extends { readonly version: number }>(found: T | Refusal): Reply<T> | Refusal {
  return isRefusal(found) ? found : { body: found, version: found.version };
}
