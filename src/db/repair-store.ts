import { z } from 'zod';
import type { Queryable } from './pool.js';
import { exec, many } from './query.js';
import { document } from './read/rows.js';
import type { SubjectKind } from './step-store.js';

/** An event as the domain made it, with what the chain and the projection need beside it. */
export interface StoredFact {
  readonly subjectId: string;
  readonly event: unknown;
  readonly recordedAt: number;
  readonly hash: Buffer;
}

const factRow = z
  .object({
    subject_id: z.string(),
    event: document<object>(),
    recorded_at: z.number(),
    hash: z.instanceof(Buffer),
  })
  .transform(
    (row): StoredFact => ({
      subjectId: row.subject_id,
      event: row.event,
      recordedAt: row.recorded_at,
      hash: row.hash,
    }),
  );

/** The whole lives of these subjects, free text included: it stands in the projections too. */
export async function loadFacts(
  db: Queryable,
  kind: SubjectKind,
  ids: readonly string[],
): Promise<Map<string, StoredFact[]>> {
  const rows = await many(
    db,
    factRow,
    `select subject_id, recorded_at, hash, jsonb_build_object('type', type, 'data', data)
              || case when text is null then '{}' else jsonb_build_object('text', text) end as event
       from event where subject_kind = $1 and subject_id = any($2::uuid[]) order by subject_id, seq`,
    [kind, ids],
  );
  const lives = new Map<string, StoredFact[]>();
  for (const row of rows) {
    const life = lives.get(row.subjectId);
    if (life === undefined) lives.set(row.subjectId, [row]);
    else life.push(row);
  }
  return lives;
}

/** Subjects of a kind by their first events, page by page: also those whose row is gone. */
export async function subjectPage(
  db: Queryable,
  kind: SubjectKind,
  after: string | null,
  limit: number,
): Promise<{ id: string; directiveId: string | null }[]> {
  const rows = await many(
    db,
    z.object({ subject_id: z.string(), directive_id: z.string().nullable() }),
    `select subject_id, directive_id from event
      where subject_kind = $1 and seq = 1 and ($2::uuid is null or subject_id > $2) order by subject_id limit $3`,
    [kind, after, limit],
  );
  return rows.map((row) => ({ id: row.subject_id, directiveId: row.directive_id }));
}

/** The cases that rest on one of these assignments, or on one of these regimes, the latest of each last. */
export async function casesOn(
  db: Queryable,
  on: 'assignmentId' | 'regimeId',
  ids: readonly string[],
): Promise<{ id: string; ground: string }[]> {
  return await many(
    db,
    z.object({ id: z.string(), ground: z.string() }),
    `select subject_id as id, data ->> $1 as ground from event
      where subject_kind = 'referral' and seq = 1 and data ->> $1 = any($2::text[]) order by number`,
    [on, ids],
  );
}

/** What never changes in a projection's row, from its body: the ordinary writes leave it as it was made. */
export async function restoreOrigins(db: Queryable, assignmentIds: readonly string[]): Promise<void> {
  const scope = `working_group_id = (a.body ->> 'workingGroupId')::uuid, directive_id = (a.body ->> 'directiveId')::uuid,
                 unit_id = (a.body ->> 'unitId')::uuid`;
  await exec(
    db,
    `update assignment a set ${scope}, task_id = (a.body ->> 'taskId')::uuid where id = any($1::uuid[])`,
    [assignmentIds],
  );
  await exec(
    db,
    `update matter m set kind = m.body ->> 'kind', ${scope}, opened_seq = (m.body ->> 'openedSeq')::int,
            opened_at = to_timestamp((m.body ->> 'openedAt')::numeric / 1000)
       from assignment a where a.id = m.assignment_id and a.id = any($1::uuid[])`,
    [assignmentIds],
  );
}

/** As {@link restoreOrigins}, of cases. */
export async function restoreCaseOrigins(db: Queryable, ids: readonly string[]): Promise<void> {
  await exec(
    db,
    `update referral set working_group_id = (body ->> 'workingGroupId')::uuid, unit_id = (body ->> 'unitId')::uuid,
            directive_id = (body ->> 'directiveId')::uuid, assignment_id = (body ->> 'assignmentId')::uuid,
            regime_id = (body ->> 'regimeId')::uuid, proposed_at = to_timestamp((body ->> 'proposedAt')::numeric / 1000)
      where id = any($1::uuid[])`,
    [ids],
  );
}

/** Rows of a table, as the database holds them: how they are found, and what names each. */
const VIEWS = {
  assignment: 'select id, to_jsonb(t) as row from assignment t where id = any($1::uuid[])',
  matter: 'select id, to_jsonb(t) as row from matter t where assignment_id = any($1::uuid[])',
  referral: 'select id, to_jsonb(t) as row from referral t where id = any($1::uuid[])',
  directive: 'select id, to_jsonb(t) as row from directive t where id = any($1::uuid[])',
  reporting_regime: 'select id, to_jsonb(t) as row from reporting_regime t where id = any($1::uuid[])',
  report_obligation: 'select id, to_jsonb(t) as row from report_obligation t where id = any($1::uuid[])',
  planned_step:
    'select subject_id as id, to_jsonb(t) as row from planned_step t where subject_id = any($1::uuid[])',
} as const;

export type ProjectionTable = keyof typeof VIEWS;
type Row = Readonly<Record<string, unknown>>;
/** `table id` → the row. */
export type Picture = ReadonlyMap<string, Row>;

/** What stands in these tables of these subjects now. */
export async function pictureOf(
  db: Queryable,
  tables: readonly ProjectionTable[],
  ids: readonly string[],
): Promise<Picture> {
  const picture = new Map<string, Row>();
  for (const table of tables) {
    const rows = await many(db, z.object({ id: z.string(), row: document<Row>() }), VIEWS[table], [ids]);
    for (const { id, row } of rows) picture.set(`${table} ${id}`, row);
  }
  return picture;
}
