import { z } from 'zod';
import { type Assignment, completeAssignment, type Matter } from '../domain/assignment/state.js';
import { bytes, documents, instants, plain } from './array.js';
import { TODAY } from './local-date.js';
import { type Queryable, timestamp } from './pool.js';
import { exec, many } from './query.js';

/** The folded state as this program wrote it; the fold of the events must equal it (test: projection = fold). */
const assignmentBody = z
  .custom<Assignment>((value) => typeof value === 'object' && value !== null && 'seq' in value)
  .transform(completeAssignment);

const lockedRow = z.object({
  body: assignmentBody,
  head_hash: z.instanceof(Buffer),
  span_since: z.number(),
  referral_id: z.string().nullable(),
});
export interface LockedAssignment {
  readonly state: Assignment;
  readonly headHash: Buffer;
  readonly spanSince: number;
  readonly referralId: string | null;
}

/** Locks assignments in the order of their ids; the caller holds their directives' lock. */
export async function lockAssignments(db: Queryable, ids: readonly string[]): Promise<LockedAssignment[]> {
  return locked(db, ids, {
    name: 'lock_assignments',
    text: 'select body, head_hash, span_since, referral_id from assignment where id = any($1::uuid[]) order by id for update',
  });
}

/**
 * As {@link lockAssignments}, and with them the lives that they go on with, which hear what is settled. With siblings,
 * beside those that wait to be acknowledged also the unit's others of the directive that wait for it. In one
 * statement, so that all are locked in the order of their ids.
 */
export async function lockForCommand(
  db: Queryable,
  ids: readonly string[],
  siblings: boolean,
): Promise<LockedAssignment[]> {
  return locked(db, ids, siblings ? WITH_SIBLINGS : WITH_FORMER);
}

const WITH_FORMER = {
  name: 'lock_with_former',
  text: `select body, head_hash, span_since, referral_id from assignment
          where id = any(array(
            select unnest($1::uuid[])
            union
            select predecessor_id from succession where successor_id = any($1::uuid[])))
          order by id for update`,
};

const WITH_SIBLINGS = {
  name: 'lock_with_former_and_siblings',
  text: `select body, head_hash, span_since, referral_id from assignment
            where id = any(array(
              select unnest($1::uuid[])
              union
              select predecessor_id from succession where successor_id = any($1::uuid[])
              union
              select other.id from assignment a join assignment other
                  on other.directive_id = a.directive_id and other.unit_id = a.unit_id and other.state = 'assigned'
               where a.id = any($1::uuid[]) and a.state = 'assigned'))
            order by id for update`,
};

async function locked(
  db: Queryable,
  ids: readonly string[],
  statement: { readonly name: string; readonly text: string },
): Promise<LockedAssignment[]> {
  const rows = await many(db, lockedRow, statement, [ids]);
  return rows.map((row) => ({
    state: row.body,
    headHash: row.head_hash,
    spanSince: row.span_since,
    referralId: row.referral_id,
  }));
}

export interface AssignmentWrite {
  readonly state: Assignment;
  readonly headHash: Buffer;
  readonly spanSince: number;
  readonly referralId: string | null;
}

function columns(writes: readonly AssignmentWrite[]): string[] {
  const column = <T>(pick: (write: AssignmentWrite) => T): T[] => writes.map(pick);
  return [
    plain(column((w) => w.state.id)),
    plain(column((w) => w.state.state)),
    plain(column((w) => w.state.cycle)),
    instants(column((w) => w.state.dueAt)),
    instants(column((w) => w.state.submission?.at ?? null)),
    instants(column((w) => w.state.endedAt)),
    instants(column((w) => w.spanSince)),
    plain(column((w) => w.referralId)),
    plain(column((w) => w.state.seq)),
    bytes(column((w) => w.headHash)),
    documents(column((w) => JSON.stringify(w.state))),
    instants(column((w) => w.state.firstDeadlineAt)),
  ];
}

/** The columns of `columns`, as rows. */
const ROWS = `unnest($1::uuid[]), unnest($2::text[]), unnest($3::int[]), unnest($4::timestamptz[]), unnest($5::timestamptz[]),
                unnest($6::timestamptz[]), unnest($7::timestamptz[]), unnest($8::uuid[]), unnest($9::int[]), unnest($10::bytea[]),
                jsonb_array_elements($11::jsonb), unnest($12::timestamptz[])`;
const NAMES =
  'id, state, cycle, due_at, submitted_at, ended_at, span_since, referral_id, seq, head_hash, body, first_deadline_at';

export async function updateAssignments(db: Queryable, writes: readonly AssignmentWrite[]): Promise<void> {
  if (writes.length === 0) return;
  await exec(
    db,
    {
      name: 'update_assignments',
      text: `update assignment a set state = n.state, cycle = n.cycle, due_at = n.due_at, submitted_at = n.submitted_at,
                    ended_at = n.ended_at, span_since = n.span_since, referral_id = n.referral_id, seq = n.seq,
                    head_hash = n.head_hash, body = n.body, first_deadline_at = n.first_deadline_at,
                    monitor_unit_id = (n.body ->> 'monitorUnitId')::uuid,
                    coordinating_unit_ids = array(select jsonb_array_elements_text(n.body -> 'coordinatingUnitIds'))::uuid[]
               from rows from (${ROWS}) as n(${NAMES})
              where a.id = n.id`,
    },
    columns(writes),
  );
}

export async function insertAssignments(db: Queryable, writes: readonly AssignmentWrite[]): Promise<void> {
  if (writes.length === 0) return;
  const column = <T>(pick: (state: Assignment) => T): T[] => writes.map((write) => pick(write.state));
  await exec(
    db,
    {
      name: 'insert_assignments',
      text: `insert into assignment (id, state, cycle, due_at, submitted_at, ended_at, span_since, referral_id, seq, head_hash,
                                     body, first_deadline_at, working_group_id, directive_id, task_id, unit_id, monitor_unit_id,
                                     coordinating_unit_ids)
             select n.id, n.state, n.cycle, n.due_at, n.submitted_at, n.ended_at, n.span_since, n.referral_id, n.seq, n.head_hash,
                    n.body, n.first_deadline_at, n.wg, n.directive, n.task, n.unit, n.monitor,
                    array(select jsonb_array_elements_text(n.body -> 'coordinatingUnitIds'))::uuid[]
               from rows from (${ROWS}, unnest($13::uuid[]), unnest($14::uuid[]), unnest($15::uuid[]), unnest($16::uuid[]),
                              unnest($17::uuid[])) as n(${NAMES}, wg, directive, task, unit, monitor)`,
    },
    [
      ...columns(writes),
      plain(column((a) => a.workingGroupId)),
      plain(column((a) => a.directiveId)),
      plain(column((a) => a.taskId)),
      plain(column((a) => a.unitId)),
      plain(column((a) => a.monitorUnitId)),
    ],
  );
}

export interface MatterWrite {
  readonly matter: Matter;
  readonly assignment: Assignment;
}

export async function saveMatters(db: Queryable, writes: readonly MatterWrite[]): Promise<void> {
  if (writes.length === 0) return;
  const column = <T>(pick: (write: MatterWrite) => T): T[] => writes.map(pick);
  await exec(
    db,
    {
      name: 'save_matters',
      text: `insert into matter (id, kind, assignment_id, directive_id, working_group_id, unit_id, state, opened_seq, opened_at, body)
             select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::int[],
                                  $9::timestamptz[], $10::jsonb[])
             on conflict (id) do update set state = excluded.state, body = excluded.body`,
    },
    [
      column((w) => w.matter.id),
      column((w) => w.matter.kind),
      column((w) => w.assignment.id),
      column((w) => w.assignment.directiveId),
      column((w) => w.assignment.workingGroupId),
      column((w) => w.assignment.unitId),
      column((w) => w.matter.state),
      column((w) => w.matter.openedSeq),
      column((w) => timestamp(w.matter.openedAt)),
      column((w) => JSON.stringify(w.matter)),
    ],
  );
}

export async function openAssignmentIds(
  db: Queryable,
  directiveId: string,
  /** Null: all of them. */
  limit: number | null,
): Promise<string[]> {
  const rows = await many(
    db,
    z.object({ id: z.string() }),
    'select id from assignment where directive_id = $1 and ended_at is null order by id limit $2',
    [directiveId, limit],
  );
  return rows.map((row) => row.id);
}

/** Open regular assignments of a directive, page by page. */
export async function openRegularIds(
  db: Queryable,
  directiveId: string,
  after: string | null,
  limit: number,
): Promise<string[]> {
  const rows = await many(
    db,
    z.object({ id: z.string() }),
    `select id from assignment where directive_id = $1 and ended_at is null and body ->> 'recurrence' = 'regular'
        and ($2::uuid is null or id > $2) order by id limit $3`,
    [directiveId, after, limit],
  );
  return rows.map((row) => row.id);
}

export async function countOpen(db: Queryable, directiveId: string): Promise<number> {
  const rows = await many(
    db,
    z.object({ open: z.number() }),
    {
      name: 'count_open',
      text: 'select count(*) as open from assignment where directive_id = $1 and ended_at is null',
    },
    [directiveId],
  );
  return rows[0]?.open ?? 0;
}

/** Open assignments of issued directives, page by page. */
export async function openAssignmentPage(
  db: Queryable,
  after: string | null,
  limit: number,
): Promise<string[]> {
  const rows = await many(
    db,
    z.object({ id: z.string() }),
    `select a.id from assignment a join directive d on d.id = a.directive_id and d.state = 'issued'
      where a.ended_at is null and ($1::uuid is null or a.id > $1) order by a.id limit $2`,
    [after, limit],
  );
  return rows.map((row) => row.id);
}

/** Whether every one of these units is valid today. */
export async function unitsAreValid(db: Queryable, ids: readonly string[]): Promise<boolean> {
  const rows = await many(
    db,
    z.object({ valid: z.boolean() }),
    `select bool_and(exists (select from unit u where u.id = n.id and u.valid_from <= ${TODAY}
                              and (u.valid_to is null or u.valid_to > ${TODAY}))) as valid
       from unnest($1::uuid[]) as n(id)`,
    [ids],
  );
  return rows[0]?.valid ?? false;
}

/** Whether the person serves as an officer of the unit that leads the assignment, in its Working Group. */
export async function isOfficerOfLead(
  db: Queryable,
  personId: string,
  assignmentId: string,
): Promise<boolean> {
  const rows = await many(
    db,
    z.object({ found: z.boolean() }),
    `select exists (select from assignment a join role_grant g
                        on g.working_group_id = a.working_group_id and g.unit_id = a.unit_id and g.role = 'unit'
                     where a.id = $2 and g.person_id = $1
                       and g.valid_from <= app_now() and g.valid_to > app_now()) as found`,
    [personId, assignmentId],
  );
  return rows[0]?.found ?? false;
}
