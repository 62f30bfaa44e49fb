import { z } from 'zod';
import type { Queryable } from './pool.js';
import { one } from './query.js';

/** The number of the last migration that has run; fails where there is none, or no database. */
export async function schemaNumber(db: Queryable): Promise<number> {
  const row = await one(
    db,
    z.object({ current: z.number() }),
    'select coalesce(max(number), 0)::integer as current from migration',
  );
  return row.current;
}
