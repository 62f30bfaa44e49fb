import { z } from 'zod';
import { type Queryable, timestamp } from './pool.js';
import { exec, many, maybeOne, one } from './query.js';

/** Locks the sign of acceptance; null before the first one. The age is by the real clock, `now` is the shared one. */
export async function lockAcceptance(db: Queryable): Promise<{ ageMs: number; now: number } | null> {
  // A statement of its own, so that the ages are read after the lock.
  const locked = await maybeOne(
    db,
    z.object({ single: z.boolean() }),
    'select single from acceptance where single for update',
  );
  if (locked === null) return null;
  const row = await one(
    db,
    z.object({ age_ms: z.number(), now: z.number() }),
    `select (extract(epoch from clock_timestamp() - last_at) * 1000)::float8 as age_ms, app_now() as now from acceptance`,
  );
  return { ageMs: row.age_ms, now: row.now };
}

/** Commands can be accepted now. */
export async function saveAcceptance(db: Queryable, process: string, marginMs: number): Promise<void> {
  await exec(
    db,
    `insert into acceptance (last_at, margin, process) values (clock_timestamp(), $2 * interval '1 millisecond', $1)
     on conflict (single) do update set last_at = greatest(acceptance.last_at, excluded.last_at),
       margin = excluded.margin, process = excluded.process`,
    [process, marginMs],
  );
}

export async function insertOutage(
  db: Queryable,
  outage: { readonly id: string; readonly from: number; readonly to: number; readonly noticedBy: string },
): Promise<void> {
  await exec(db, 'insert into outage (id, from_at, to_at, noticed_by) values ($1, $2, $3, $4)', [
    outage.id,
    timestamp(outage.from),
    timestamp(outage.to),
    outage.noticedBy,
  ]);
}

/**
 * Whether steps wait: nobody has told of late that commands can be accepted, or what fell due in an outage has not
 * been moved yet. Where no API process has ever run there is nothing to wait for.
 */
export async function stepsWait(db: Queryable): Promise<boolean> {
  const row = await one(db, z.object({ wait: z.boolean() }), {
    name: 'steps_wait',
    text: `select exists (select from outage where closed_at is null)
                or coalesce((select clock_timestamp() - last_at > margin from acceptance), false) as wait`,
  });
  return row.wait;
}

const openOutage = z.object({
  id: z.string(),
  from_at: z.number(),
  to_at: z.number(),
  cursor_id: z.string().nullable(),
  stage: z.enum(['assignments', 'reports', 'levels', 'cases']),
});
export type OpenOutage = z.infer<typeof openOutage>;

/** The oldest outage whose deadlines have not all been moved; held by one process at a time. */
export async function claimOutage(db: Queryable): Promise<OpenOutage | null> {
  return maybeOne(
    db,
    openOutage,
    `select id, from_at, to_at, cursor_id, stage from outage where closed_at is null
      order by from_at, id limit 1 for update skip locked`,
  );
}

/** Assignments with a deadline, a ladder or a question inside the gap, that are open or were recorded as late. */
export async function assignmentsInside(
  db: Queryable,
  { from_at, to_at, cursor_id }: OpenOutage,
  limit: number,
): Promise<string[]> {
  const rows = await many(
    db,
    z.object({ id: z.string() }),
    `select a.id from assignment a
      where ($3::uuid is null or a.id > $3)
        and (a.ended_at is null or (a.state = 'confirmed' and (a.body #>> '{submission,late}') = 'true'))
        and (a.due_at between $1 and $2
             or (a.body ->> 'ladderFrom')::bigint between $4 and $5
             or a.id in (select m.assignment_id from matter m
                          where m.kind in ('contribution', 'explanation') and m.state = 'asked'
                            and (m.body ->> 'dueAt')::bigint between $4 and $5))
      order by a.id limit $6`,
    [timestamp(from_at), timestamp(to_at), cursor_id, from_at, to_at, limit],
  );
  return rows.map((row) => row.id);
}

export async function noteOutage(
  db: Queryable,
  id: string,
  cursorId: string | null,
  counts: { readonly moved: number; readonly rejudged: number; readonly setAside: number },
): Promise<void> {
  await exec(
    db,
    `update outage set cursor_id = coalesce($2, cursor_id), moved = moved + $3, rejudged = rejudged + $4,
            set_aside = set_aside + $5 where id = $1`,
    [id, cursorId, counts.moved, counts.rejudged, counts.setAside],
  );
}

/** Goes on with the next kind of subject, from its beginning. */
export async function moveOutageOn(db: Queryable, id: string, stage: OpenOutage['stage']): Promise<void> {
  await exec(db, 'update outage set stage = $2, cursor_id = null where id = $1', [id, stage]);
}

/** Cases whose window to object closed inside the gap, and that have not gone further. */
export async function casesInside(
  db: Queryable,
  { from_at, to_at, cursor_id }: OpenOutage,
  limit: number,
): Promise<string[]> {
  const rows = await many(
    db,
    z.object({ id: z.string() }),
    `select id from referral
      where ended_at is null and state in ('proposed', 'awaiting_release') and ($3::uuid is null or id > $3)
        and (body ->> 'windowEndsAt')::bigint between $1 and $2
      order by id limit $4`,
    [from_at, to_at, cursor_id, limit],
  );
  return rows.map(({ id }) => id);
}

export async function closeOutage(db: Queryable, id: string): Promise<void> {
  await exec(db, 'update outage set closed_at = app_now() where id = $1', [id]);
}

const outageRow = openOutage.extend({
  moved: z.number(),
  rejudged: z.number(),
  closed_at: z.number().nullable(),
});

/** The latest outages, shown to everybody. */
export async function latestOutages(db: Queryable): Promise<z.infer<typeof outageRow>[]> {
  return many(
    db,
    outageRow,
    `select id, from_at, to_at, cursor_id, stage, moved, rejudged, closed_at from outage order by from_at desc, id desc limit 200`,
  );
}
