import { z } from 'zod';
import { instants, plain, texts } from './array.js';
import { type Queryable, timestamp } from './pool.js';
import { exec, many } from './query.js';

export type SubjectKind = 'assignment' | 'directive' | 'obligation' | 'referral' | 'regime';
export type ConductorKind = 'directive' | 'referral' | 'reportingCycle' | 'reorganisation';

export interface PlannedStepRow {
  readonly subjectKind: SubjectKind;
  readonly subjectId: string;
  readonly conductorKind: ConductorKind;
  readonly conductorId: string;
  readonly workingGroupId: string;
  readonly unitId: string | null;
  readonly step: string;
  readonly at: number;
}

/** Each subject's next step is one row; planning again clears an earlier setting aside. */
export async function savePlannedSteps(db: Queryable, steps: readonly PlannedStepRow[]): Promise<void> {
  if (steps.length === 0) return;
  const column = <T>(pick: (step: PlannedStepRow) => T): T[] => steps.map(pick);
  await exec(
    db,
    {
      name: 'save_planned_steps',
      text: `insert into planned_step as p (subject_kind, subject_id, conductor_kind, conductor_id, working_group_id, unit_id, step, due_at)
             select * from unnest($1::text[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::timestamptz[])
             on conflict (subject_kind, subject_id) do update
               set step = excluded.step, due_at = excluded.due_at, unit_id = excluded.unit_id, set_aside_at = null, error = null
             where p.step <> excluded.step or p.due_at <> excluded.due_at or p.set_aside_at is not null`,
    },
    [
      plain(column((s) => s.subjectKind)),
      plain(column((s) => s.subjectId)),
      plain(column((s) => s.conductorKind)),
      plain(column((s) => s.conductorId)),
      plain(column((s) => s.workingGroupId)),
      plain(column((s) => s.unitId)),
      texts(column((s) => s.step)),
      instants(column((s) => s.at)),
    ],
  );
}

export async function deletePlannedSteps(
  db: Queryable,
  kind: SubjectKind,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await exec(
    db,
    {
      name: 'delete_planned_steps',
      text: 'delete from planned_step where subject_kind = $1 and subject_id = any($2::uuid[])',
    },
    [kind, ids],
  );
}

/** Under a directive that was withdrawn nothing is owed, whatever its assignments still waited for. */
export async function deleteAssignmentSteps(db: Queryable, directiveId: string): Promise<void> {
  await exec(
    db,
    {
      name: 'delete_assignment_steps',
      text: `delete from planned_step
              where conductor_kind = 'directive' and conductor_id = $1 and subject_kind = 'assignment'`,
    },
    [directiveId],
  );
}

/** A poisoned step leaves the minimum and is shown with its error. */
export async function setAside(db: Queryable, failed: DueSubject, error: string): Promise<void> {
  // Only the very step that failed: a command may have planned another one meanwhile.
  await exec(
    db,
    {
      name: 'set_aside',
      text: `update planned_step set set_aside_at = app_now(), error = $3
              where subject_kind = $1 and subject_id = $2 and step = $4 and due_at = $5::timestamptz`,
    },
    [failed.kind, failed.id, error.slice(0, 2000), failed.step, failed.due],
  );
}

export const dueRow = z
  .object({
    subject_kind: z.enum(['assignment', 'directive', 'obligation', 'referral', 'regime']),
    subject_id: z.string(),
    step: z.string(),
    due: z.string(),
  })
  .transform((row) => ({ kind: row.subject_kind, id: row.subject_id, step: row.step, due: row.due }));

/** A subject with the step that is due; `due` is the instant as the database writes it, to the microsecond. */
export type DueSubject = z.output<typeof dueRow>;

/** Subjects of a conductor whose step is due at `at`, the earliest first. */
export async function dueSubjects(
  db: Queryable,
  conductor: { kind: ConductorKind; id: string },
  at: number,
  limit: number,
): Promise<DueSubject[]> {
  return await many(
    db,
    dueRow,
    {
      name: 'due_subjects',
      text: `select subject_kind, subject_id, step, due_at::text as due from planned_step
              where conductor_kind = $1 and conductor_id = $2 and set_aside_at is null and due_at <= $3
              order by due_at, subject_id limit $4`,
    },
    [conductor.kind, conductor.id, timestamp(at), limit],
  );
}

/** The earliest planned instant of a conductor, or null; and how many steps are set aside. */
export async function leastPlanned(
  db: Queryable,
  conductor: { kind: ConductorKind; id: string },
): Promise<{ at: number | null; poisoned: number }> {
  const rows = await many(
    db,
    z.object({ at: z.number().nullable(), poisoned: z.number() }),
    {
      name: 'least_planned',
      text: `select (select min(due_at) from planned_step where conductor_kind = $1 and conductor_id = $2 and set_aside_at is null) as at,
                    (select count(*) from planned_step where conductor_kind = $1 and conductor_id = $2 and set_aside_at is not null) as poisoned`,
    },
    [conductor.kind, conductor.id],
  );
  return rows[0] ?? { at: null, poisoned: 0 };
}

export interface StepTakenRow {
  readonly id: string;
  readonly subjectKind: SubjectKind;
  readonly subjectId: string;
  readonly step: string;
  readonly cycle: number;
  readonly kind: string;
  readonly workingGroupId: string;
  readonly directiveId: string | null;
  readonly assignmentId: string | null;
  readonly unitId: string | null;
  readonly plannedAt: number;
  readonly takenAt: number;
  readonly recipients: string;
  readonly policyText: string;
  readonly calendar: string;
  readonly message: string;
}

/** The unique key (subject, step, cycle) refuses a step a second time, whoever tries. */
export async function insertStepsTaken(db: Queryable, steps: readonly StepTakenRow[]): Promise<void> {
  if (steps.length === 0) return;
  const column = <T>(pick: (step: StepTakenRow) => T): T[] => steps.map(pick);
  await exec(
    db,
    {
      name: 'insert_steps_taken',
      text: `insert into step_taken (id, subject_kind, subject_id, step, cycle, kind, working_group_id, directive_id, assignment_id,
                                     unit_id, planned_at, taken_at, recipients, policy_text, calendar, message)
             select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::int[], $6::text[], $7::uuid[], $8::uuid[], $9::uuid[],
                                  $10::uuid[], $11::timestamptz[], $12::timestamptz[], $13::jsonb[], $14::text[], $15::text[], $16::text[])`,
    },
    [
      plain(column((s) => s.id)),
      plain(column((s) => s.subjectKind)),
      plain(column((s) => s.subjectId)),
      texts(column((s) => s.step)),
      plain(column((s) => s.cycle)),
      plain(column((s) => s.kind)),
      plain(column((s) => s.workingGroupId)),
      plain(column((s) => s.directiveId)),
      plain(column((s) => s.assignmentId)),
      plain(column((s) => s.unitId)),
      instants(column((s) => s.plannedAt)),
      instants(column((s) => s.takenAt)),
      texts(column((s) => s.recipients)),
      texts(column((s) => s.policyText)),
      texts(column((s) => s.calendar)),
      plain(column((s) => s.message)),
    ],
  );
}

/** Marks steps void with the reason; never erased. */
export async function voidSteps(
  db: Queryable,
  voided: {
    kind: 'assignment' | 'obligation';
    subjectId: string;
    steps: readonly string[];
    cycle: number;
    at: number;
    reason: string;
  },
): Promise<void> {
  await exec(
    db,
    `update step_taken set voided_at = $4, void_reason = $5
      where subject_kind = $6 and subject_id = $1 and step = any($2::text[]) and cycle = $3 and voided_at is null`,
    [voided.subjectId, voided.steps, voided.cycle, timestamp(voided.at), voided.reason, voided.kind],
  );
}
