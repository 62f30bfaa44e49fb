import { z } from 'zod';
import { Id, InstantText } from './common.js';

export const Operation = z
  .strictObject({
    id: Id,
    kind: z.enum(['issuing', 'calendar_edit', 'outage', 'reorganisation']),
    state: z.enum(['waiting', 'running', 'done']),
    startedAt: InstantText,
    doneAt: InstantText.nullable(),
    total: z.int().nullable().meta({ description: 'Null where nobody can know before it is done' }),
    done: z.int().meta({ description: 'Assignments made, looked at or moved' }),
    setAside: z.int().meta({ description: 'What could not be done and waits for a person' }),
    resource: z.string().meta({ description: 'The path of what it is about' }),
  })
  .meta({ id: 'Operation' });
