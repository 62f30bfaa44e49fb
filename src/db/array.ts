import { timestamp } from './pool.js';

/**
 * Arrays as PostgreSQL reads them. The driver's own writer quotes and escapes every element, which for a
 * batch of some hundred rows costs more than the rest of the program; here each kind of value is written by
 * what it can contain.
 */
type Maybe<T> = T | null;

const join = (elements: readonly string[]): string => `{${elements.join(',')}}`;

/** Values that need no quoting: uuids, numbers, booleans, and words of our own. */
export function plain(values: readonly Maybe<string | number | boolean>[]): string {
  return join(values.map((value) => (value === null ? 'null' : String(value))));
}

export function instants(values: readonly Maybe<number>[]): string {
  return join(values.map((value) => (value === null ? 'null' : timestamp(value))));
}

/** Any text, quoted. */
export function texts(values: readonly Maybe<string>[]): string {
  return join(values.map((value) => (value === null ? 'null' : `"${value.replace(/["\\]/g, '\\$&')}"`)));
}

export function bytes(values: readonly Maybe<Buffer>[]): string {
  return join(values.map((value) => (value === null ? 'null' : `"\\\\x${value.toString('hex')}"`)));
}

/**
 * Documents that are JSON already, as one JSON array: to be read with `jsonb_array_elements`. An element
 * that is null arrives as JSON's null, so a nullable column takes `nullif(x, 'null')`.
 */
export function documents(values: readonly Maybe<string>[]): string {
  return `[${values.map((value) => value ?? 'null').join(',')}]`;
}
