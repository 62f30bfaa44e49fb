import { z } from 'zod';
import { directiveBody } from './command.js';
import { Id, Text } from './common.js';

const Subject = z.strictObject({
  kind: z.enum(['directive', 'assignment', 'referral', 'obligation']),
  id: Id,
});
const Seq = z
  .int()
  .min(1)
  .meta({ description: 'The number of the event within its subject, as its timeline shows it' });

export const DestroyText = directiveBody({
  subject: Subject,
  seq: Seq,
  reason: Text.meta({ description: 'Why; kept with the decision, so it must not repeat what is destroyed' }),
  files: z.boolean().default(false).meta({
    description:
      'Also names and contents of the files that came with it, as its office brought them; hashes stay',
  }),
});

export const Destruction = z.strictObject({ subject: Subject, seq: Seq, version: z.int() }).meta({
  id: 'Destruction',
  description: 'A text that was destroyed; `version` is the subject’s afterwards',
});
