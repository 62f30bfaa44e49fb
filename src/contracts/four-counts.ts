import { z } from 'zod';

const n = z.number().int();

/** The four counts and what stands beside them. */
export const Counts = z
  .strictObject({
    total: n.meta({ description: 'The sum of all below but awaitingConfirmation and superseded' }),
    doneOnTime: n,
    doneLate: n,
    openInTime: n,
    openOverdue: n,
    awaitingConfirmation: n.meta({ description: 'Of the open ones, judged by their submission' }),
    regular: n,
    suspended: n,
    stopped: n,
    carriedOver: n,
    unclear: n,
    superseded: n.meta({ description: 'Moved to another lead, which is counted instead' }),
  })
  .meta({ id: 'Counts' });
