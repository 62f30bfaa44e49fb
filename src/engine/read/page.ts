import { createHmac, timingSafeEqual } from 'node:crypto';
import type pg from 'pg';
import { cursorKey } from '../../db/read/installation.js';
import { canonical } from '../../domain/canonical.js';
import { DondocError, refuse } from '../../domain/errors.js';
import type { Engine } from '../engine.js';

/** A page of a list. The cursor says where the next one goes on; null at the end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly page: { readonly nextCursor: string | null };
}

export interface PageRequest {
  readonly limit: number;
  readonly cursor: string | null;
}

type KeyPart = string | number | null;
/** The sort key and id of the last row of a page. */
export type PageKey = readonly KeyPart[];

const SIGNATURE_BYTES = 12;
const keys = new WeakMap<pg.Pool, Promise<Buffer>>();

function keyOf(engine: Engine): Promise<Buffer> {
  const known = keys.get(engine.reader);
  if (known !== undefined) return known;
  const loading = cursorKey(engine.reader).catch((error: unknown) => {
    // Asked again next time: the database was away.
    keys.delete(engine.reader);
    throw error;
  });
  keys.set(engine.reader, loading);
  return loading;
}

function signature(key: Buffer, list: string, payload: string): Buffer {
  return createHmac('sha256', key)
    .update(list)
    .update('\n')
    .update(payload)
    .digest()
    .subarray(0, SIGNATURE_BYTES);
}

/** The list a cursor belongs to: its name and filters, so that a cursor of another question is refused. */
export function listName(name: string, filters: unknown): string {
  return `${name} ${canonical(filters)}`;
}

/**
 * Where a list goes on, from the caller's cursor; null at the beginning.
 *
 * @throws the Problem of a cursor that was not given out for this list.
 */
export async function pageStart(
  engine: Engine,
  list: string,
  cursor: string | null,
): Promise<PageKey | null> {
  if (cursor === null) return null;
  const [payload = '', signed = ''] = cursor.split('.');
  const given = Buffer.from(signed, 'base64url');
  const expected = signature(await keyOf(engine), list, payload);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw badCursor();
  const key: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  if (!isKey(key)) throw badCursor();
  return key;
}

function isKey(value: unknown): value is PageKey {
  return (
    Array.isArray(value) &&
    value.every((part) => part === null || typeof part === 'string' || typeof part === 'number')
  );
}

function badCursor(): DondocError {
  const detail = {
    vi: 'Con trỏ trang không thuộc danh sách này; hãy bắt đầu lại từ trang đầu.',
    en: 'This cursor does not belong to this list; start again from the first page.',
  };
  return new DondocError(
    refuse('invalid_body', detail, {
      errors: [{ pointer: '/query/cursor', code: 'invalid_cursor', detail }],
    }),
  );
}

/** Makes a page of `limit` items from rows of which one more was asked for. */
export async function pageOf<R, T>(
  engine: Engine,
  list: string,
  limit: number,
  rows: readonly R[],
  key: (row: R) => PageKey,
  view: (row: R) => T,
): Promise<Page<T>> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  if (rows.length <= limit || last === undefined)
    return { items: shown.map(view), page: { nextCursor: null } };
  const payload = Buffer.from(JSON.stringify(key(last)), 'utf8').toString('base64url');
  const signed = signature(await keyOf(engine), list, payload).toString('base64url');
  return { items: shown.map(view), page: { nextCursor: `${payload}.${signed}` } };
}

/** One part of a key as text; keys are ours, so another type is a mistake of ours. */
export function textPart(key: PageKey | null, index: number): string | null {
  const part = key?.[index];
  return typeof part === 'string' ? part : null;
}

export function numberPart(key: PageKey | null, index: number): number | null {
  const part = key?.[index];
  return typeof part === 'number' ? part : null;
}
