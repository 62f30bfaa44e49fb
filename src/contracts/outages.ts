import { z } from 'zod';
import { Id, InstantText } from './common.js';

export const Outages = z.strictObject({
  items: z
    .array(
      z
        .strictObject({
          id: Id,
          from: InstantText.meta({ description: 'The last sign that commands could be accepted' }),
          to: InstantText.meta({ description: 'The first sign after it' }),
          moved: z.number().int().meta({ description: 'Assignments whose deadlines moved' }),
          rejudged: z.number().int().meta({ description: 'Of them, late results that are in time now' }),
          closedAt: InstantText.nullable().meta({
            description: 'Null while deadlines are still being moved',
          }),
        })
        .meta({ id: 'Outage' }),
    )
    .readonly(),
});
