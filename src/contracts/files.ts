import { z } from 'zod';
import { Id, InstantText, UnitRef } from './common.js';

export const FileResource = z
  .strictObject({
    id: Id.meta({ description: 'What `files` and `evidence` of an act name' }),
    name: z.string(),
    mediaType: z.string().meta({ description: 'By the bytes of the file, whatever was claimed' }),
    size: z.int(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    state: z.enum(['kept', 'swept', 'destroyed']),
    uploadedAt: InstantText,
    unit: UnitRef.nullable().meta({ description: 'The office that brought it' }),
  })
  .meta({ id: 'File' });

export const FileList = z.strictObject({ items: z.array(FileResource).readonly() }).meta({ id: 'FileList' });
