import { z } from 'zod';
import { Id, InstantText } from './common.js';

const DeadLetter = z
  .strictObject({
    id: Id,
    address: z.string(),
    subject: z.string(),
    attempts: z.int(),
    lastError: z.string().nullable(),
    at: InstantText,
  })
  .meta({ id: 'DeadLetter' });
export const DeadLetters = z.strictObject({ items: z.array(DeadLetter) });
