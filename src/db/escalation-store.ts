import { z } from 'zod';
import { type Queryable, timestamp } from './pool.js';
import { exec, maybeOne } from './query.js';
import type { SubjectKind } from './step-store.js';

export interface KnownStep {
  readonly subject: { readonly kind: SubjectKind; readonly id: string };
  readonly step: string;
  readonly cycle: number;
  /** By the person who asks. */
  readonly acknowledged: boolean;
}

const stepRow = z.object({
  subject_kind: z.enum(['assignment', 'directive', 'obligation', 'referral', 'regime']),
  subject_id: z.string(),
  step: z.string(),
  cycle: z.number(),
  acknowledged: z.boolean(),
});

/** The step, if it was taken towards this unit. */
export async function stepForUnit(
  db: Queryable,
  id: string,
  workingGroupId: string,
  unitId: string,
  personId: string,
): Promise<KnownStep | null> {
  const row = await maybeOne(
    db,
    stepRow,
    `select subject_kind, subject_id, step, cycle,
            exists (select from step_acknowledgement k where k.step_id = step_taken.id and k.person_id = $4) as acknowledged
       from step_taken where id = $1 and working_group_id = $2 and unit_id = $3`,
    [id, workingGroupId, unitId, personId],
  );
  if (row === null) return null;
  const { subject_kind: kind, subject_id, step, cycle, acknowledged } = row;
  return { subject: { kind, id: subject_id }, step, cycle, acknowledged };
}

/** Each person's first acknowledgement stays; the step shows the very first beside it. */
export async function acknowledgeStep(
  db: Queryable,
  id: string,
  personId: string,
  at: number,
): Promise<void> {
  await exec(
    db,
    `with acknowledged as (
       insert into step_acknowledgement (step_id, person_id, working_group_id, at)
       select id, $2, working_group_id, $3 from step_taken where id = $1 on conflict do nothing)
     update step_taken set acknowledged_at = $3, acknowledged_by = $2 where id = $1 and acknowledged_at is null`,
    [id, personId, timestamp(at)],
  );
}
