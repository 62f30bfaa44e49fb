import { z } from 'zod';
import type { AssignmentEvent } from '../domain/assignment/events.js';
import type { SpanClass } from '../domain/assignment/lateness.js';
import type { Assignment } from '../domain/assignment/state.js';
import type { Move } from '../domain/figures/moves.js';
import type { Span } from '../domain/figures/spans.js';
import { instants, plain } from './array.js';
import type { Queryable } from './pool.js';
import { exec, many } from './query.js';
import { document } from './read/rows.js';

const spanRow = z.object({
  assignment_id: z.string(),
  starts_at: z.number(),
  ends_at: z.number().nullable(),
  class: z.custom<SpanClass>((value) => typeof value === 'string'),
  due_at: z.number().nullable(),
  late: z.boolean().nullable(),
});

/** The spans of these assignments, each life in its order. */
export async function loadSpans(db: Queryable, ids: readonly string[]): Promise<Map<string, Span[]>> {
  const rows = await many(
    db,
    spanRow,
    {
      name: 'load_spans',
      text: `select assignment_id, starts_at, ends_at, class, due_at, late from span
              where assignment_id = any($1::uuid[]) order by assignment_id, starts_at`,
    },
    [ids],
  );
  const lives = new Map<string, Span[]>();
  for (const row of rows) {
    const life = lives.get(row.assignment_id) ?? [];
    lives.set(row.assignment_id, life);
    life.push({
      from: row.starts_at,
      to: row.ends_at,
      class: row.class,
      dueAt: row.due_at,
      late: row.late,
    });
  }
  return lives;
}

export interface SpanRow {
  readonly state: Assignment;
  readonly span: Span;
}

/** A move with whose it is. */
export interface MoveRow extends Move {
  readonly recordedAt: number;
  readonly workingGroupId: string;
  /** Null for an unclear row, which has no unit and no assignment yet. */
  readonly unitId: string | null;
  readonly directiveId: string;
  readonly taskId: string;
  readonly assignmentId: string | null;
  readonly originYear: number;
  /** Null: the task's, which stays what it was at its issue, so that what is taken back was of the same kind. */
  readonly kind: string | null;
}

export interface SpanWrites {
  /** New spans, and old ones with another end or shape. */
  readonly saved: readonly SpanRow[];
  readonly removed: readonly { readonly assignmentId: string; readonly from: number }[];
  readonly moves: readonly MoveRow[];
}

/** Writes spans and appends their moves, in one statement. */
export async function writeSpans(db: Queryable, { saved, removed, moves }: SpanWrites): Promise<void> {
  if (removed.length > 0) await removeSpans(db, removed);
  if (saved.length === 0 && moves.length === 0) return;
  const s = <T>(pick: (row: SpanRow) => T): T[] => saved.map(pick);
  await exec(
    db,
    {
      name: 'write_spans',
      text: `with moved as (
               insert into count_move (at, recorded_at, working_group_id, unit_id, directive_id, task_id, assignment_id,
                                       kind, origin_year, from_class, to_class)
               select n.at, n.recorded, n.wg, n.unit, n.directive, n.task, n.assignment, coalesce(n.kind, t.kind), n.year, n.gone, n.come
                 from unnest($11::timestamptz[], $12::timestamptz[], $13::uuid[], $14::uuid[], $15::uuid[], $16::uuid[], $17::uuid[],
                             $18::smallint[], $19::count_class[], $20::count_class[], $21::text[])
                   as n(at, recorded, wg, unit, directive, task, assignment, year, gone, come, kind)
                 left join task t on t.id = n.task)
             insert into span (assignment_id, starts_at, ends_at, working_group_id, directive_id, task_id, unit_id, class, due_at, late)
             select * from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[],
                                  $8::text[], $9::timestamptz[], $10::boolean[])
             on conflict (assignment_id, starts_at) do update
               set ends_at = excluded.ends_at, class = excluded.class, due_at = excluded.due_at, late = excluded.late`,
    },
    [
      plain(s((row) => row.state.id)),
      instants(s((row) => row.span.from)),
      instants(s((row) => row.span.to)),
      plain(s((row) => row.state.workingGroupId)),
      plain(s((row) => row.state.directiveId)),
      plain(s((row) => row.state.taskId)),
      plain(s((row) => row.state.unitId)),
      plain(s((row) => row.span.class)),
      instants(s((row) => row.span.dueAt)),
      plain(s((row) => row.span.late)),
      ...moveColumns(moves),
    ],
  );
}

function moveColumns(moves: readonly MoveRow[]): string[] {
  const m = <T>(pick: (row: MoveRow) => T): T[] => moves.map(pick);
  return [
    instants(m((row) => row.at)),
    instants(m((row) => row.recordedAt)),
    plain(m((row) => row.workingGroupId)),
    plain(m((row) => row.unitId)),
    plain(m((row) => row.directiveId)),
    plain(m((row) => row.taskId)),
    plain(m((row) => row.assignmentId)),
    plain(m((row) => row.originYear)),
    plain(m((row) => row.from)),
    plain(m((row) => row.to)),
    plain(m((row) => row.kind)),
  ];
}

/** Before what takes their place: the same beginning may come again. */
async function removeSpans(db: Queryable, removed: SpanWrites['removed']): Promise<void> {
  await exec(
    db,
    `delete from span s using unnest($1::uuid[], $2::timestamptz[]) as n(id, at)
      where s.assignment_id = n.id and s.starts_at = n.at`,
    [plain(removed.map((row) => row.assignmentId)), instants(removed.map((row) => row.from))],
  );
}

/** Appends moves of what has no spans: the unclear rows of a plan. */
export async function insertMoves(db: Queryable, moves: readonly MoveRow[]): Promise<void> {
  await writeSpans(db, { saved: [], removed: [], moves });
}

const lifeEvent = z.object({
  subject_id: z.string(),
  event: document<AssignmentEvent>(),
  recorded_at: z.number(),
});

/** The lives of these assignments from their events, as the check folds them again; free text plays no part. */
export async function loadLives(
  db: Queryable,
  ids: readonly string[],
): Promise<Map<string, { event: AssignmentEvent; recordedAt: number }[]>> {
  const rows = await many(
    db,
    lifeEvent,
    `select subject_id, jsonb_build_object('type', type, 'data', data) as event, recorded_at from event
      where subject_kind = 'assignment' and subject_id = any($1::uuid[]) order by subject_id, seq`,
    [ids],
  );
  const lives = new Map<string, { event: AssignmentEvent; recordedAt: number }[]>();
  for (const row of rows) {
    const life = lives.get(row.subject_id) ?? [];
    lives.set(row.subject_id, life);
    life.push({ event: row.event, recordedAt: row.recorded_at });
  }
  return lives;
}

/** Every assignment, open or ended, page by page. */
export async function assignmentPage(db: Queryable, after: string | null, limit: number): Promise<string[]> {
  const rows = await many(
    db,
    z.object({ id: z.string() }),
    'select id from assignment where $1::uuid is null or id > $1 order by id limit $2',
    [after, limit],
  );
  return rows.map((row) => row.id);
}

/** Assignments whose moves are not those of their spans. */
export async function wrongMoves(db: Queryable, most: number): Promise<string[]> {
  const rows = await many(
    db,
    z.object({ assignment_id: z.string() }),
    `with stretch as (
       select s.assignment_id, x.at, x.class from span s cross join lateral (
         select s.starts_at as at, case s.class
                  when 'done' then case when s.late then 'done_late' else 'done_on_time' end
                  when 'awaiting' then case when s.late then 'awaiting_overdue' else 'awaiting_in_time' end
                  when 'open' then case when coalesce(s.late, s.due_at is not null and s.due_at < s.starts_at)
                                        then 'open_overdue' else 'open_in_time' end
                  else s.class end as class
         union all
         select s.due_at + interval '1 millisecond', 'open_overdue'
          where s.class = 'open' and s.late is null and s.due_at >= s.starts_at
            and (s.ends_at is null or s.due_at + interval '1 millisecond' < s.ends_at)) x),
     owed as (
       select assignment_id, at, class as come, lag(class) over (partition by assignment_id order by at) as gone from stretch),
     net as (
       select assignment_id, at, come as class, 1 as n from owed
       union all select assignment_id, at, gone, -1 from owed
       union all select assignment_id, at, to_class::text, -1 from count_move where assignment_id is not null
       union all select assignment_id, at, from_class::text, 1 from count_move where assignment_id is not null)
     select distinct assignment_id from (
       select assignment_id from net where class is not null group by assignment_id, at, class having sum(n) <> 0) wrong
      limit $1`,
    [most],
  );
  return rows.map((row) => row.assignment_id);
}

/** Takes away what is to be written again from the events. */
export async function deleteLives(db: Queryable, ids: readonly string[]): Promise<void> {
  await exec(db, 'delete from span where assignment_id = any($1::uuid[])', [ids]);
  await exec(db, 'delete from count_move where assignment_id = any($1::uuid[])', [ids]);
}

export async function saveSpanStarts(
  db: Queryable,
  starts: readonly { readonly id: string; readonly since: number }[],
): Promise<void> {
  await exec(
    db,
    `update assignment a set span_since = n.since from unnest($1::uuid[], $2::timestamptz[]) as n(id, since)
      where a.id = n.id`,
    [plain(starts.map((one) => one.id)), instants(starts.map((one) => one.since))],
  );
}
