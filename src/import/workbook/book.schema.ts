import { z } from 'zod';
import type { Book } from './book.js';

const n = z.number();

const Sheet = z.object({
  name: z.string(),
  hidden: z.boolean(),
  rows: z.array(z.object({ line: n, cells: z.array(z.string()), hidden: z.boolean() })),
  merges: z.array(z.object({ top: n, bottom: n, left: n, right: n })),
  marks: z.array(
    z.object({
      line: n,
      column: n,
      kind: z.enum(['no_value', 'error', 'not_a_date']),
      value: z.string().nullable(),
    }),
  ),
  hiddenColumns: z.array(n),
  beyond: z.enum(['rows', 'columns', 'bytes']).nullable(),
});
const Kept = z.object({ sheets: z.array(Sheet), asides: z.array(z.string()) });

/** @throws where the bytes are none that `packBook` made */
export const unpackBook = (bytes: Uint8Array): Book =>
  Kept.parse(JSON.parse(new TextDecoder().decode(bytes)));
