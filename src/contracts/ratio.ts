import { z } from 'zod';

/** A percentage with what it is made of; never a bare number. */
export const Ratio = z
  .strictObject({
    numerator: z.number(),
    denominator: z.number().nullable(),
    asOf: z.string(),
    rounding: z.strictObject({ mode: z.enum(['half-up', 'truncated']), places: z.number().int() }),
    percent: z.string().nullable().meta({
      description: 'Computed from the two by the rounding rule; null where there is no denominator',
    }),
  })
  .meta({ id: 'Ratio' });
