import { z } from 'zod';
import type { Queryable } from './pool.js';

/** A hot statement carries a `name`, so that the server plans it once per connection. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
}

/** An instant that may be infinite: zod's own number refuses the infinities that PostgreSQL knows. */
export const boundlessInstant = z.custom<number>(
  (value) => typeof value === 'number' && !Number.isNaN(value),
);

type Params = readonly unknown[];

async function rows(db: Queryable, statement: Statement | string, params: Params): Promise<unknown[]> {
  const config = typeof statement === 'string' ? { text: statement } : statement;
  const result = await db.query<Record<string, unknown>>({ ...config, values: [...params] });
  return result.rows;
}

/** Every row, each parsed by its schema. */
export async function many<T>(
  db: Queryable,
  schema: z.ZodType<T>,
  statement: Statement | string,
  params: Params = [],
): Promise<T[]> {
  return (await rows(db, statement, params)).map((row) => schema.parse(row));
}

/** The only row, or null. @throws when there are several. */
export async function maybeOne<T>(
  db: Queryable,
  schema: z.ZodType<T>,
  statement: Statement | string,
  params: Params = [],
): Promise<T | null> {
  const found = await rows(db, statement, params);
  if (found.length > 1) throw new Error(`Expected at most one row, got ${found.length}`);
  return found.length === 0 ? null : schema.parse(found[0]);
}

/** The only row. @throws when there is none or several. */
export async function one<T>(
  db: Queryable,
  schema: z.ZodType<T>,
  statement: Statement | string,
  params: Params = [],
): Promise<T> {
  const row = await maybeOne(db, schema, statement, params);
  if (row === null) throw new Error('Expected a row, got none');
  return row;
}

/** How many rows a statement touched. */
export async function exec(
  db: Queryable,
  statement: Statement | string,
  params: Params = [],
): Promise<number> {
  const config = typeof statement === 'string' ? { text: statement } : statement;
  const result = await db.query({ ...config, values: [...params] });
  return result.rowCount ?? 0;
}
