import { z } from 'zod';
import { PAST_KINDS } from '../domain/directive/past.js';
import { Id, LocalDate, leftOut, ShortText } from './common.js';

/** Work under way: what had happened before the directive came into the system. */
export const PastFactInput = z
  .strictObject({
    kind: z.enum(PAST_KINDS),
    on: LocalDate.meta({ description: 'The local day; judged from its beginning' }),
    unitId: Id.nullable().default(null).meta({ description: 'Of one lead unit; null: of all' }),
    document: z
      .strictObject({ number: ShortText, date: LocalDate, signer: leftOut(ShortText) })
      .nullable()
      .default(null),
    to: z
      .string()
      .trim()
      .max(500)
      .nullable()
      .default(null)
      .meta({ description: 'Extended: the new deadline as typed' }),
    note: ShortText.nullable().default(null),
  })
  .meta({ id: 'PastFactInput' });

/** The same as it is read. */
export const PastFact = z
  .strictObject({
    kind: z.enum(PAST_KINDS),
    on: LocalDate,
    unitId: Id.nullable(),
    document: z
      .strictObject({ number: z.string(), date: z.string(), signer: z.string().optional() })
      .nullable(),
    to: z.string().nullable(),
    note: z.string().nullable(),
  })
  .meta({ id: 'PastFact', description: 'Work under way: what had happened before' });
