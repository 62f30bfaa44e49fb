import { z } from 'zod';
import type { Actor } from '../domain/actor.js';
import type { Calendar, CalendarRef } from '../domain/calendar.js';
import { type Queryable, timestamp } from './pool.js';
import { exec, many, maybeOne, one } from './query.js';
import { type UnitRefRow, unitJson, unitRef } from './read/rows.js';

/** Which calendar, in its latest version, judges each of these units: its own, its group's, the Working Group's. */
export async function calendarsOf(
  db: Queryable,
  workingGroupId: string,
  unitIds: readonly string[],
): Promise<Map<string, CalendarRef>> {
  const rows = await many(
    db,
    z.object({ unit_id: z.string(), id: z.string(), version: z.number() }),
    {
      name: 'calendars_of',
      text: `select n.id as unit_id, c.id, c.version
               from unnest($2::uuid[]) as n(id)
               cross join lateral (select calendar_of($1, n.id) as id) used
               cross join lateral (select id, version from calendar c where c.id = used.id order by version desc limit 1) c`,
    },
    [workingGroupId, [...new Set(unitIds)]],
  );
  return new Map(rows.map(({ unit_id, id, version }) => [unit_id, { id, version }]));
}

export interface EditRow {
  readonly id: string;
  readonly calendarId: string;
  readonly version: number | null;
  readonly kind: 'created' | 'days' | 'week' | 'used';
  readonly reason: string;
  readonly source: string;
}

/** The latest version of a calendar, locked against another edit at the same time; null where there is none. */
export async function lockCalendar(db: Queryable, id: string): Promise<Calendar | null> {
  await exec(db, "select pg_advisory_xact_lock(hashtextextended('calendar:' || $1, 0))", [id]);
  const row = await maybeOne(
    db,
    z.object({
      body: z.custom<Calendar>((value) => typeof value === 'object' && value !== null),
      version: z.number(),
    }),
    'select body, version from calendar where id = $1 order by version desc limit 1',
    [id],
  );
  return row === null ? null : { ...row.body, id, version: row.version };
}

/** Calendars that began as a copy of another, in the order in which they are locked. */
export async function calendarsBasedOn(db: Queryable, id: string): Promise<string[]> {
  const rows = await many(
    db,
    z.object({ id: z.string() }),
    "select id from calendar where version = 1 and body ->> 'basedOn' = $1 order by id",
    [id],
  );
  return rows.map((row) => row.id);
}

export async function insertVersionOf(db: Queryable, calendar: Calendar): Promise<void> {
  await exec(db, 'insert into calendar (id, version, body) values ($1, $2, $3)', [
    calendar.id,
    calendar.version,
    JSON.stringify(calendar),
  ]);
}

export async function insertEdit(db: Queryable, edit: EditRow, actor: Actor, at: number): Promise<void> {
  await exec(
    db,
    // Nobody is judged by a calendar that was only just made: there is nothing to do.
    `insert into calendar_edit (id, calendar_id, version, kind, reason, source, actor, recorded_at, done_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8::timestamptz, case when $4 = 'created' then $8::timestamptz end)`,
    [
      edit.id,
      edit.calendarId,
      edit.version,
      edit.kind,
      edit.reason,
      edit.source,
      JSON.stringify(actor),
      timestamp(at),
    ],
  );
}

/** Who uses a calendar of their own in a Working Group; a null calendar takes it away again. */
export async function setUse(
  db: Queryable,
  use: {
    readonly workingGroupId: string;
    readonly unitId: string | null;
    readonly groupCode: string | null;
    readonly calendarId: string | null;
  },
): Promise<void> {
  const { workingGroupId, unitId, groupCode, calendarId } = use;
  if (calendarId === null) {
    await exec(
      db,
      `delete from calendar_use where working_group_id = $1
          and unit_id is not distinct from $2 and group_code is not distinct from $3`,
      [workingGroupId, unitId, groupCode],
    );
    return;
  }
  await exec(
    db,
    `insert into calendar_use (working_group_id, unit_id, group_code, calendar_id) values ($1, $2, $3, $4)
     on conflict (working_group_id, unit_id, group_code) do update set calendar_id = excluded.calendar_id`,
    [workingGroupId, unitId, groupCode, calendarId],
  );
}

const openEdit = z.object({
  id: z.string(),
  calendar_id: z.string(),
  version: z.number().nullable(),
  kind: z.enum(['created', 'days', 'week', 'used']),
  reason: z.string(),
  source: z.string(),
  actor: z.custom<Actor>((value) => typeof value === 'object' && value !== null),
  /** `levels`: within the regime after the cursor, those who sum up; `cases`: of late reporting. */
  stage: z.enum(['directives', 'regimes', 'levels', 'cases']),
  cursor_id: z.string().nullable(),
  cursor_assignment_id: z.string().nullable(),
});
export type OpenEdit = z.infer<typeof openEdit>;

/**
 * The oldest edit whose work is not done; held by one process at a time, for as long as its transaction lasts. Edits
 * are applied in their order: null also while another process holds the oldest.
 */
export async function claimEdit(db: Queryable): Promise<OpenEdit | null> {
  return maybeOne(
    db,
    openEdit,
    `select id, calendar_id, version, kind, reason, source, actor, stage, cursor_id, cursor_assignment_id from calendar_edit
      where id = (select id from calendar_edit where done_at is null order by recorded_at, id limit 1)
        and done_at is null for update skip locked`,
  );
}

/** The last version of each calendar that was there before an edit, where later ones wait for their turn. */
export async function versionsBefore(db: Queryable, edit: OpenEdit): Promise<Map<string, number>> {
  const rows = await many(
    db,
    z.object({ calendar_id: z.string(), version: z.number() }),
    `select later.calendar_id, min(later.version) - 1 as version from calendar_edit later, calendar_edit this
      where this.id = $1 and later.done_at is null and later.version > 1
        and (later.recorded_at, later.id) > (this.recorded_at, this.id)
      group by later.calendar_id`,
    [edit.id],
  );
  return new Map(rows.map(({ calendar_id, version }) => [calendar_id, version]));
}

export interface EditProgress {
  readonly looked: number;
  readonly moved: number;
  readonly rejudged: number;
  readonly setAside: number;
}

/** What was done, and from where it goes on: after a whole directive, or within the one after it. */
export async function noteProgress(
  db: Queryable,
  id: string,
  cursor: {
    readonly directiveId: string | null;
    readonly assignmentId: string | null;
    /** Absent: the same. */
    readonly stage?: OpenEdit['stage'];
  },
  { looked, moved, rejudged, setAside }: EditProgress,
): Promise<void> {
  await exec(
    db,
    `update calendar_edit set cursor_id = $2, cursor_assignment_id = $3, looked = looked + $4, moved = moved + $5,
            rejudged = rejudged + $6, set_aside = set_aside + $7, stage = coalesce($8, stage) where id = $1`,
    [id, cursor.directiveId, cursor.assignmentId, looked, moved, rejudged, setAside, cursor.stage ?? null],
  );
}

/** Goes on with the next kind of subject, from its beginning. */
export async function moveEditOn(db: Queryable, id: string, stage: OpenEdit['stage']): Promise<void> {
  await exec(
    db,
    'update calendar_edit set stage = $2, cursor_id = null, cursor_assignment_id = null where id = $1',
    [id, stage],
  );
}

export async function endEdit(db: Queryable, id: string): Promise<void> {
  await exec(db, 'update calendar_edit set done_at = app_now() where id = $1', [id]);
}

/** The next directive in the order of ids, whatever its state: one that is being issued is waited for. */
export async function directiveAfter(db: Queryable, after: string | null): Promise<string | null> {
  const row = await maybeOne(
    db,
    z.object({ id: z.string() }),
    'select id from directive where $1::uuid is null or id > $1 order by id limit 1',
    [after],
  );
  return row?.id ?? null;
}

export async function saveDirectiveCalendar(db: Queryable, id: string, calendar: CalendarRef): Promise<void> {
  await exec(db, 'update directive set calendar_id = $2, calendar_version = $3 where id = $1', [
    id,
    calendar.id,
    calendar.version,
  ]);
}

/** Whether an edit of a calendar waits to be carried out, or is being. */
export async function isBeingEdited(db: Queryable): Promise<boolean> {
  const { open } = await one(db, z.object({ open: z.boolean() }), {
    name: 'calendar_being_edited',
    text: 'select exists (select from calendar_edit where done_at is null) as open',
  });
  return open;
}

/** Assignments of a directive ($1) whose lateness is still spoken of, though they may have ended. */
const ANSWERED = `array (
  select assignment_id from referral where directive_id = $1 and ended_at is null and assignment_id is not null
  union select assignment_id from matter where directive_id = $1 and kind = 'cause' and state = 'stated')`;

/**
 * Assignments of a directive that are computed under another calendar than the one that judges their unit now:
 * every open one, those whose result was recorded as late, and those that are still answered: whose case runs, or
 * whose cause is undecided. Where the edited calendar is that of the directive's offices, also those whose unit has
 * another: their answers count by it.
 */
export async function assignmentsBehind(
  db: Queryable,
  directiveId: string,
  after: string | null,
  limit: number,
  calendarId: string,
): Promise<string[]> {
  const rows = await many(
    db,
    z.object({ id: z.string() }),
    {
      name: 'assignments_behind',
      text: `with used as materialized (
               select u.unit_id, c.id, c.version
                 from (select distinct unit_id, working_group_id from assignment where directive_id = $1) u
                 cross join lateral (select calendar_of(u.working_group_id, u.unit_id) as id) used
                 cross join lateral (select id, version from calendar c where c.id = used.id order by version desc limit 1) c)
             select a.id from assignment a join used on used.unit_id = a.unit_id join directive d on d.id = a.directive_id
              where a.directive_id = $1 and ($2::uuid is null or a.id > $2)
                and (a.ended_at is null or (a.state = 'confirmed' and (a.body #>> '{submission,late}') = 'true')
                     or a.id = any (${ANSWERED}))
                and ((a.body #>> '{calendar,id}', (a.body #>> '{calendar,version}')::int) is distinct from (used.id, used.version)
                     or (d.calendar_id = $4 and a.body #>> '{calendar,id}' <> $4
                         and (a.ended_at is null or a.id = any (${ANSWERED}))))
              order by a.id limit $3`,
    },
    [directiveId, after, limit, calendarId],
  );
  return rows.map((row) => row.id);
}

/** The Working Group and the units of assignments of one directive. */
export async function unitsOfAssignments(
  db: Queryable,
  ids: readonly string[],
): Promise<[workingGroupId: string, unitIds: string[]]> {
  const rows = await many(
    db,
    z.object({ working_group_id: z.string(), unit_id: z.string() }),
    'select distinct working_group_id, unit_id from assignment where id = any ($1::uuid[])',
    [ids],
  );
  return [rows[0]?.working_group_id ?? '', rows.map((row) => row.unit_id)];
}

const editRow = z.object({
  id: z.string(),
  calendar_id: z.string(),
  version: z.number().nullable(),
  kind: z.enum(['created', 'days', 'week', 'used']),
  reason: z.string(),
  source: z.string(),
  actor: z.custom<Actor>((value) => typeof value === 'object' && value !== null),
  recorded_at: z.number(),
  done_at: z.number().nullable(),
  looked: z.number(),
  moved: z.number(),
  rejudged: z.number(),
  set_aside: z.number(),
});
export type CalendarEditRow = z.infer<typeof editRow>;

/** The latest edits of a calendar, with how far their work is. */
export async function calendarEdits(db: Queryable, calendarId: string): Promise<CalendarEditRow[]> {
  return many(
    db,
    editRow,
    `select id, calendar_id, version, kind, reason, source, actor, recorded_at, done_at, looked, moved, rejudged, set_aside
       from calendar_edit where calendar_id = $1 order by recorded_at desc, id desc limit 100`,
    [calendarId],
  );
}

/** Who is judged by which calendar in the reader's Working Group. */
export async function calendarUses(
  db: Queryable,
): Promise<{ calendar_id: string; unit: UnitRefRow | null; group_code: string | null }[]> {
  return many(
    db,
    z.object({ calendar_id: z.string(), unit: unitRef.nullable(), group_code: z.string().nullable() }),
    `select calendar_id, null::jsonb as unit, null::text as group_code from working_group where id = app_working_group()
     union all
     (select c.calendar_id, case when u.id is not null then ${unitJson('u')} end, c.group_code
        from calendar_use c left join unit u on u.id = c.unit_id
       where c.working_group_id = app_working_group() order by c.group_code, u.code)`,
  );
}
