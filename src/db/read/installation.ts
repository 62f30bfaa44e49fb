import { z } from 'zod';
import type { Queryable } from '../pool.js';
import { one } from '../query.js';

/** The key under which this installation signs the cursors of its lists. */
export async function cursorKey(db: Queryable): Promise<Buffer> {
  const row = await one(
    db,
    z.object({ cursor_key: z.instanceof(Buffer) }),
    'select cursor_key from installation',
  );
  return row.cursor_key;
}
