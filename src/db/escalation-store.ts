import { z } from 'zod';
import { type Queryable, timestamp } from './pool.js';
import { exec, many } from './query.js';

/** Whether the step was taken towards this unit. */
export async function stepForUnit(
  db: Queryable,
  id: string,
  workingGroupId: string,
  unitId: string,
): Promise<boolean> {
  const rows = await many(
    db,
    z.object({ id: z.string() }),
    'select id from step_taken where id = $1 and working_group_id = $2 and unit_id = $3',
    [id, workingGroupId, unitId],
  );
  return rows.length > 0;
}

/** The first acknowledgement stays. */
export async function acknowledgeStep(
  db: Queryable,
  id: string,
  personId: string,
  at: number,
): Promise<void> {
  await exec(
    db,
    'update step_taken set acknowledged_at = $3, acknowledged_by = $2 where id = $1 and acknowledged_at is null',
    [id, personId, timestamp(at)],
  );
}
