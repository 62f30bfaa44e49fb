import { z } from 'zod';
import type { DocumentReference, PersonActor } from '../domain/actor.js';
import type { Bilingual } from '../domain/errors.js';
import type { Instant } from '../domain/instant.js';
import { REORGANISATION_KINDS, type ReorganisationPlan } from '../domain/reorganisation/plan.js';
import { UNIT_COLUMNS, type UnitRow, unitRow } from './directory-store.js';
import { dayBegins, TODAY } from './local-date.js';
import { type Queryable, timestamp } from './pool.js';
import { exec, many, maybeOne, one } from './query.js';

const stored = z.object({
  id: z.string(),
  kind: z.enum(REORGANISATION_KINDS),
  effectiveOn: z.string(),
  document: z.custom<DocumentReference>((value) => typeof value === 'object' && value !== null),
  reason: z.string(),
  fromUnitIds: z.array(z.string()),
  toUnitIds: z.array(z.string()),
  caretakerId: z.string().nullable(),
  newName: z.string().nullable(),
  newNameEn: z.string().nullable(),
  state: z.enum(['planned', 'running', 'done', 'cancelled']),
  plannedBy: z.custom<PersonActor>((value) => typeof value === 'object' && value !== null),
  plannedAt: z.number(),
  doneAt: z.number().nullable(),
  moved: z.number(),
  version: z.number(),
  /** The beginning of its day, local time. */
  effectiveAt: z.number(),
});
export type StoredReorganisation = z.infer<typeof stored>;

const COLUMNS = `id, kind, effective_on as "effectiveOn", document, reason, from_unit_ids as "fromUnitIds",
  to_unit_ids as "toUnitIds", caretaker_id as "caretakerId", new_name as "newName", new_name_en as "newNameEn", state,
  planned_by as "plannedBy", planned_at as "plannedAt", done_at as "doneAt", moved, row_version as version,
  ${dayBegins('effective_on')} as "effectiveAt"`;

export async function insertReorganisation(
  db: Queryable,
  id: string,
  plan: ReorganisationPlan,
  by: PersonActor,
  at: number,
): Promise<void> {
  await exec(
    db,
    `insert into reorganisation (id, kind, effective_on, document, reason, from_unit_ids, to_unit_ids, caretaker_id, new_name,
                                 new_name_en, planned_by, planned_at, armed_at)
     values ($1, $2, $3::date, $4, $5, $6, $7, $8, $9, $10, $11, $12, ${dayBegins('$3::date')})`,
    [
      ...[id, plan.kind, plan.effectiveOn, JSON.stringify(plan.document), plan.reason, plan.fromUnitIds],
      ...[plan.toUnitIds, plan.caretakerId, plan.newName, plan.newNameEn, JSON.stringify(by), timestamp(at)],
    ],
  );
}

/** Under its row's lock: who changes or conducts it holds it, directives before it and assignments after it. */
export async function lockReorganisation(db: Queryable, id: string): Promise<StoredReorganisation | null> {
  return maybeOne(db, stored, `select ${COLUMNS} from reorganisation where id = $1 for no key update`, [id]);
}

/**
 * Open work has come to units that ended by one of these plans: it is done no more, and its process looks again. A unit
 * that exists again keeps its work. A plan that is just being ended waits for the transaction that brings the work.
 */
export async function resumeReorganisations(db: Queryable, unitIds: readonly string[]): Promise<string[]> {
  const rows = await many(
    db,
    z.object({ id: z.string(), state: z.string() }),
    {
      name: 'lock_reorganisations_of',
      text: `select id, state from reorganisation where state in ('running', 'done') and kind <> 'rename'
                and from_unit_ids && array(select u.id from unit u where u.id = any($1::uuid[]) and u.valid_to <= ${TODAY})
              order by id for no key update`,
    },
    [[...new Set(unitIds)]],
  );
  const done = rows.filter(({ state }) => state === 'done').map(({ id }) => id);
  if (done.length === 0) return [];
  await exec(
    db,
    `update reorganisation set state = 'running', done_at = null, armed_at = app_now(), row_version = row_version + 1
      where id = any($1::uuid[])`,
    [done],
  );
  return done;
}

export async function listReorganisations(db: Queryable): Promise<StoredReorganisation[]> {
  return many(db, stored, `select ${COLUMNS} from reorganisation order by effective_on desc, id desc`);
}

export async function readReorganisation(db: Queryable, id: string): Promise<StoredReorganisation | null> {
  return maybeOne(db, stored, `select ${COLUMNS} from reorganisation where id = $1`, [id]);
}

/** Goes on to another state; answers with the version. */
export async function setReorganisationState(
  db: Queryable,
  id: string,
  state: StoredReorganisation['state'],
): Promise<number> {
  const row = await one(
    db,
    z.object({ version: z.number() }),
    `update reorganisation set state = $2, row_version = row_version + 1,
            done_at = case when $2 = 'done' then app_now() else done_at end
      where id = $1 returning row_version as version`,
    [id, state],
  );
  return row.version;
}

/** Reorganisations under way or to come in which one of these ends, or which these that end succeed. */
export async function entangledWith(
  db: Queryable,
  { effectiveOn, fromUnitIds: ending }: Pick<ReorganisationPlan, 'effectiveOn' | 'fromUnitIds'>,
  heirs: readonly string[],
): Promise<string[]> {
  const rows = await many(
    db,
    z.object({ id: z.string() }),
    `select id from reorganisation where kind <> 'rename'
        and ((state in ('planned', 'running')
              and (from_unit_ids && ($1::uuid[] || $2::uuid[]) or (to_unit_ids || caretaker_id) && $1::uuid[]))
             or (state = 'done' and effective_on >= $3::date and from_unit_ids && $1::uuid[]))`,
    [ending, heirs, effectiveOn],
  );
  return rows.map((row) => row.id);
}

/** When people of some units last did something on each of these assignments; the judged instant of their act. */
export async function lastActsOf(
  db: Queryable,
  ids: readonly string[],
  unitIds: readonly string[],
): Promise<Instant[]> {
  const rows = await many(
    db,
    z.object({ at: z.number() }),
    `select max((data ->> 'at')::float8) as at from event
      where subject_kind = 'assignment' and subject_id = any($1::uuid[]) and data ? 'at'
        and actor ->> 'kind' = 'person' and (actor ->> 'unitId')::uuid = any($2::uuid[])
      group by subject_id`,
    [ids, unitIds],
  );
  return rows.map(({ at }) => at);
}

/** The units under their rows' locks, in the order of ids; what refers to them is not held up. */
export async function lockUnits(db: Queryable, ids: readonly string[]): Promise<UnitRow[]> {
  return many(
    db,
    unitRow,
    `select ${UNIT_COLUMNS} from unit where id = any($1::uuid[]) order by id for no key update`,
    [ids],
  );
}

/** Of some units, those that do not exist on a day. */
export async function notThereOn(db: Queryable, ids: readonly string[], day: string): Promise<string[]> {
  const rows = await many(
    db,
    z.object({ id: z.string() }),
    `select n.id from unnest($1::uuid[]) as n(id)
      where not exists (select from unit u where u.id = n.id and u.valid_from <= $2::date and (u.valid_to is null or u.valid_to > $2::date))`,
    [ids, day],
  );
  return rows.map((row) => row.id);
}

export async function endHeads(db: Queryable, unitIds: readonly string[], on: string): Promise<void> {
  await exec(
    db,
    'update unit_head set valid_to = $2::date where unit_id = any($1::uuid[]) and valid_from < $2::date and (valid_to is null or valid_to > $2::date)',
    [unitIds, on],
  );
}

const movable = z.object({
  id: z.string(),
  taskId: z.string(),
  state: z.string(),
  allotted: z.string().nullable(),
});
export type Movable = z.infer<typeof movable>;

/**
 * Open assignments of the units that end, whole tasks at a time; what got stuck after `stuckSince` rests, and what was
 * stuck before comes last.
 */
export async function movableAssignments(
  db: Queryable,
  { id, fromUnitIds }: StoredReorganisation,
  stuckSince: number,
  tasks: number,
): Promise<Movable[]> {
  return many(
    db,
    movable,
    `with led as (
       select a.id, a.task_id, a.state, s.at is not null as stuck
         from working_group g join assignment a on a.working_group_id = g.id and a.unit_id = any($2::uuid[])
         left join reorganisation_stuck s on s.reorganisation_id = $1 and s.assignment_id = a.id
        where a.ended_at is null and (s.at is null or s.at <= $3)),
     first as (select task_id from led group by task_id order by bool_or(stuck), task_id limit $4)
     select led.id, led.task_id as "taskId", led.state, al.unit_id as allotted
       from led join first using (task_id)
       left join reorganisation_allotment al on al.reorganisation_id = $1 and al.assignment_id = led.id
      order by led.task_id, led.id`,
    [id, fromUnitIds, timestamp(stuckSince), tasks],
  );
}

/** How many open assignments the units that end still lead, and how many of them are stuck. */
export async function stillOpen(
  db: Queryable,
  { id, fromUnitIds }: StoredReorganisation,
): Promise<{ open: number; stuck: number }> {
  return one(
    db,
    z.object({ open: z.number(), stuck: z.number() }),
    `select count(*) as open, count(s.assignment_id) as stuck
       from working_group g join assignment a on a.working_group_id = g.id and a.unit_id = any($2::uuid[])
       left join reorganisation_stuck s on s.reorganisation_id = $1 and s.assignment_id = a.id
      where a.ended_at is null`,
    [id, fromUnitIds],
  );
}

/** To whom some assignments were allotted, as it stands now. */
export async function allottedTo(
  db: Queryable,
  id: string,
  assignmentIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await many(
    db,
    z.object({ assignment_id: z.string(), unit_id: z.string() }),
    'select assignment_id, unit_id from reorganisation_allotment where reorganisation_id = $1 and assignment_id = any($2::uuid[])',
    [id, assignmentIds],
  );
  return new Map(rows.map((row) => [row.assignment_id, row.unit_id]));
}

/** What ended or was moved by somebody else is stuck no more. */
export async function forgetUnstuck(db: Queryable, { id, fromUnitIds }: StoredReorganisation): Promise<void> {
  await exec(
    db,
    `delete from reorganisation_stuck s using assignment a where s.reorganisation_id = $1 and a.id = s.assignment_id
        and (a.ended_at is not null or a.unit_id <> all($2::uuid[]))`,
    [id, fromUnitIds],
  );
}

/** So many more have been moved; what was stuck of them no longer is. */
export async function noteMoved(db: Queryable, id: string, assignmentIds: readonly string[]): Promise<void> {
  await exec(
    db,
    'delete from reorganisation_stuck where reorganisation_id = $1 and assignment_id = any($2::uuid[])',
    [id, assignmentIds],
  );
  await exec(db, 'update reorganisation set moved = moved + $2 where id = $1', [id, assignmentIds.length]);
}

export async function noteStuck(
  db: Queryable,
  id: string,
  assignmentIds: readonly string[],
  why: { readonly code: string; readonly detail: Bilingual },
): Promise<void> {
  await exec(
    db,
    {
      name: 'set_aside_move',
      text: `insert into reorganisation_stuck (reorganisation_id, assignment_id, working_group_id, code, detail, at)
     select $1, a.id, a.working_group_id, $3, $4, app_now() from assignment a where a.id = any($2::uuid[])
     on conflict (reorganisation_id, assignment_id) do update set code = excluded.code, detail = excluded.detail, at = excluded.at`,
    },
    [id, assignmentIds, why.code, JSON.stringify(why.detail)],
  );
}

export interface AllotmentRow {
  readonly assignmentId: string;
  /** Null takes what was said before back. */
  readonly unitId: string | null;
}

/** Of some assignments, those of the Working Group that one of these units leads and that are open. */
export async function openOf(
  db: Queryable,
  ids: readonly string[],
  workingGroupId: string,
  unitIds: readonly string[],
): Promise<Set<string>> {
  const rows = await many(
    db,
    z.object({ id: z.string() }),
    `select id from assignment where id = any($1::uuid[]) and working_group_id = $2 and unit_id = any($3::uuid[]) and ended_at is null`,
    [ids, workingGroupId, unitIds],
  );
  return new Set(rows.map((row) => row.id));
}

export async function saveAllotments(
  db: Queryable,
  id: string,
  workingGroupId: string,
  rows: readonly AllotmentRow[],
): Promise<void> {
  const ids = rows.map(({ assignmentId }) => assignmentId);
  const units = rows.map(({ unitId }) => unitId);
  await exec(
    db,
    'delete from reorganisation_allotment where reorganisation_id = $1 and assignment_id = any($2::uuid[])',
    [id, ids],
  );
  // What was stuck has another successor now, and is tried again at once.
  await exec(
    db,
    'delete from reorganisation_stuck where reorganisation_id = $1 and assignment_id = any($2::uuid[])',
    [id, ids],
  );
  await exec(
    db,
    `insert into reorganisation_allotment (reorganisation_id, assignment_id, working_group_id, unit_id)
     select $1, n.assignment, $2, n.unit from unnest($3::uuid[], $4::uuid[]) as n(assignment, unit) where n.unit is not null`,
    [id, workingGroupId, ids, units],
  );
  await exec(db, 'update reorganisation set row_version = row_version + 1 where id = $1', [id]);
}

const numbers = z.object({
  assignments: z.number(),
  awaitingConfirmation: z.number(),
  unallotted: z.number(),
  cases: z.number(),
  reports: z.number(),
  regimes: z.number(),
  contributions: z.number(),
  obstacles: z.number(),
  coordinated: z.number(),
  monitored: z.number(),
  offices: z.number(),
  people: z.number(),
  heads: z.number(),
  subunits: z.number(),
});
export type OpenNumbers = z.infer<typeof numbers>;

/** What is open of the units that end, in one Working Group: numbers only, and no content of any dossier. */
export async function openNumbers(
  db: Queryable,
  { id, fromUnitIds }: StoredReorganisation,
  workingGroupId: string,
): Promise<OpenNumbers> {
  return one(
    db,
    numbers,
    `with led as (select id, state from assignment where working_group_id = $2 and unit_id = any($1::uuid[]) and ended_at is null)
     select (select count(*) from led) as assignments,
            (select count(*) from led where state = 'submitted') as "awaitingConfirmation",
            (select count(*) from led where not exists (
               select from reorganisation_allotment al where al.reorganisation_id = $3 and al.assignment_id = led.id)) as unallotted,
            (select count(*) from referral where working_group_id = $2 and unit_id = any($1::uuid[]) and ended_at is null) as cases,
            (select count(*) from report_obligation where working_group_id = $2 and unit_id = any($1::uuid[]) and not settled
                and received_at is null) as reports,
            (select count(*) from reporting_regime where working_group_id = $2 and state = 'active' and exists (
               select from jsonb_array_elements(body -> 'versions' -> -1 -> 'definition' -> 'levels') level,
                      jsonb_array_elements_text(level -> 'unitIds') named where named::uuid = any($1::uuid[]))) as regimes,
            (select count(*) from matter where working_group_id = $2 and kind = 'contribution' and body ->> 'state' = 'asked'
                and (body ->> 'askedUnitId')::uuid = any($1::uuid[])) as contributions,
            (select count(*) from matter where working_group_id = $2 and kind = 'obstacle' and body ->> 'state' in ('raised', 'accepted', 'forwarded')
                and (body ->> 'holderUnitId')::uuid = any($1::uuid[])) as obstacles,
            (select count(*) from assignment where working_group_id = $2 and ended_at is null
                and coordinating_unit_ids && $1::uuid[]) as coordinated,
            (select count(*) from assignment where working_group_id = $2 and ended_at is null
                and monitor_unit_id = any($1::uuid[])) as monitored,
            (select count(*) from working_group where id = $2
                and array[standing_agency_id, home_affairs_id, supervisor_unit_id] && $1::uuid[]) as offices,
            (select count(distinct person_id) from role_grant where working_group_id = $2 and unit_id = any($1::uuid[])
                and valid_to > app_now()) as people,
            (select count(*) from unit_head where unit_id = any($1::uuid[]) and (valid_to is null or valid_to > ${TODAY})) as heads,
            (select count(*) from unit where parent_id = any($1::uuid[]) and (valid_to is null or valid_to > ${TODAY})
                and id <> all($1::uuid[])) as subunits`,
    [fromUnitIds, workingGroupId, id],
  );
}

const allotmentRow = z.object({ assignmentId: z.string(), unitId: z.string() });
export async function allotmentsOf(db: Queryable, id: string): Promise<z.infer<typeof allotmentRow>[]> {
  return many(
    db,
    allotmentRow,
    `select assignment_id as "assignmentId", unit_id as "unitId" from reorganisation_allotment
      where reorganisation_id = $1 order by assignment_id`,
    [id],
  );
}

const stuckRow = z.object({
  assignmentId: z.string(),
  code: z.string(),
  detail: z.object({ vi: z.string(), en: z.string() }),
  at: z.number(),
});
export async function stuckOf(db: Queryable, id: string): Promise<z.infer<typeof stuckRow>[]> {
  return many(
    db,
    stuckRow,
    `select assignment_id as "assignmentId", code, detail, at from reorganisation_stuck
      where reorganisation_id = $1 order by assignment_id limit 500`,
    [id],
  );
}
