import { z } from 'zod';
import { type Queryable, timestamp } from './pool.js';
import { exec, many, maybeOne, one } from './query.js';
import { unitJson, unitRef } from './read/rows.js';

/**
 * Says that a content is about to be brought, and under which key it lies. A content that is known keeps its
 * key, and is safe from removal for as long as `releasableContents` waits.
 */
export async function bringContent(
  db: Queryable,
  content: { readonly sha256: string; readonly size: number; readonly key: string },
): Promise<string> {
  const row = await one(
    db,
    z.object({ key: z.string() }),
    `insert into file_content (sha256, key, size) values (decode($1, 'hex'), $2, $3)
     on conflict (sha256) do update set brought_at = clock_timestamp() returning key`,
    [content.sha256, content.key, content.size],
  );
  return row.key;
}

/**
 * Whether the content is still there under this key, held so until the caller's transaction ends. Between bringing it
 * and its row somebody may have destroyed what was the same, and let it go.
 */
export async function holdContent(db: Queryable, sha256: string, key: string): Promise<boolean> {
  const rows = await many(
    db,
    z.object({ key: z.string() }),
    "select key from file_content where sha256 = decode($1, 'hex') and key = $2 for share",
    [sha256, key],
  );
  return rows.length > 0;
}

export interface NewFile {
  readonly id: string;
  readonly workingGroupId: string;
  readonly unitId: string | null;
  readonly role: string;
  readonly personId: string;
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
  readonly sha256: string;
  readonly at: number;
}

export async function insertFile(db: Queryable, file: NewFile): Promise<void> {
  await exec(
    db,
    `insert into file (id, working_group_id, unit_id, role, person_id, name, media_type, size, sha256, state_at, uploaded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, decode($9, 'hex'), $10, $10)`,
    [
      file.id,
      file.workingGroupId,
      file.unitId,
      file.role,
      file.personId,
      file.name,
      file.mediaType,
      file.size,
      file.sha256,
      timestamp(file.at),
    ],
  );
}

/** Of the files named, those that this office may hang on something: kept, and its own. Locked against the sweep. */
export async function lockOwnFiles(
  db: Queryable,
  ids: readonly string[],
  owner: { readonly workingGroupId: string; readonly role: string; readonly unitId: string | null },
): Promise<{ id: string; sha256: string }[]> {
  return many(
    db,
    z.object({ id: z.string(), sha256: z.string() }),
    `select id, encode(sha256, 'hex') as sha256 from file
      where id = any ($1::uuid[]) and state = 'kept' and working_group_id = $2 and role = $3
        and unit_id is not distinct from $4 order by id for share`,
    [ids, owner.workingGroupId, owner.role, owner.unitId],
  );
}

export interface FileReference {
  readonly fileId: string;
  readonly subjectKind: 'assignment' | 'matter' | 'referral';
  readonly subjectId: string;
  readonly assignmentId: string | null;
  readonly seq: number;
  readonly workingGroupId: string;
  readonly unitId: string | null;
}

export async function insertFileReferences(
  db: Queryable,
  references: readonly FileReference[],
): Promise<void> {
  if (references.length === 0) return;
  const column = <T>(pick: (reference: FileReference) => T): T[] => references.map(pick);
  await exec(
    db,
    {
      name: 'insert_file_references',
      text: `insert into file_reference (file_id, subject_kind, subject_id, assignment_id, seq, working_group_id, unit_id)
             select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::int[], $6::uuid[], $7::uuid[])
             on conflict do nothing`,
    },
    [
      column((r) => r.fileId),
      column((r) => r.subjectKind),
      column((r) => r.subjectId),
      column((r) => r.assignmentId),
      column((r) => r.seq),
      column((r) => r.workingGroupId),
      column((r) => r.unitId),
    ],
  );
}

const fileRow = z.object({
  id: z.string(),
  name: z.string(),
  media_type: z.string(),
  size: z.number(),
  sha256: z.string(),
  state: z.enum(['kept', 'swept', 'destroyed']),
  uploaded_at: z.number(),
  unit: unitRef.nullable(),
  key: z.string().nullable(),
});
export type FileRow = z.infer<typeof fileRow>;

const FILE = `select f.id, f.name, f.media_type, f.size, encode(f.sha256, 'hex') as sha256, f.state, f.uploaded_at,
    case when u.id is not null then ${unitJson('u')} end as unit,
    case when f.state = 'kept' then c.key end as key
  from file f left join unit u on u.id = f.unit_id left join file_content c on c.sha256 = f.sha256`;

/** A file within the reader's scope. */
export async function readFile(db: Queryable, id: string): Promise<FileRow | null> {
  return maybeOne(db, fileRow, `${FILE} where f.id = $1`, [id]);
}

/** What hangs on an assignment, its matters and its case, as far as the reader may read those. */
export async function filesOfAssignment(db: Queryable, assignmentId: string): Promise<FileRow[]> {
  return many(
    db,
    fileRow,
    `${FILE} where f.id in (select r.file_id from file_reference r where r.assignment_id = $1) order by f.id`,
    [assignmentId],
  );
}

/** Lets go of files that hang on nothing after so long; the rows stay and say so. */
export async function sweepFiles(db: Queryable, unreferencedMs: number, most: number): Promise<number> {
  return exec(
    db,
    `update file set state = 'swept', state_at = app_now()
      where id in (
        select f.id from file f
         where f.state = 'kept' and f.uploaded_at < app_now() - $1 * interval '1 millisecond'
           and not exists (select from file_reference r where r.file_id = f.id)
         order by f.uploaded_at limit $2 for update skip locked)
        and not exists (select from file_reference r where r.file_id = file.id)`,
    [unreferencedMs, most],
  );
}

/**
 * Every file in which the same office has brought the same content: content and name are gone, the hash of what was
 * there stays. Another unit's, or another Working Group's, is not this decision's to take.
 */
export async function markDestroyed(db: Queryable, id: string): Promise<number> {
  return exec(
    db,
    `update file f set state = 'destroyed', state_at = app_now(), name = $2
       from file one
      where one.id = $1 and f.sha256 = one.sha256 and f.working_group_id = one.working_group_id
        and f.unit_id is not distinct from one.unit_id and f.state <> 'destroyed'`,
    [id, DESTROYED_NAME],
  );
}

/** What stands where the name stood: a name may tell as much as the content. */
const DESTROYED_NAME = 'đã hủy theo quyết định (destroyed by decision)';

/** Whether a decision of the Working Group has destroyed this very content. */
export async function wasDestroyed(db: Queryable, workingGroupId: string, sha256: string): Promise<boolean> {
  const rows = await many(
    db,
    z.object({ id: z.string() }),
    `select id from file where sha256 = decode($2, 'hex') and working_group_id = $1 and state = 'destroyed' limit 1`,
    [workingGroupId, sha256],
  );
  return rows.length > 0;
}

/**
 * Contents that no kept file has, on their way out: the key leaves the record first and is never used again, so
 * whoever brings the same content meanwhile gets a new one. `afterMs`: longer than any upload takes from
 * `bringContent` to its row.
 */
export async function releaseContents(db: Queryable, afterMs: number, most: number): Promise<number> {
  return exec(
    db,
    `with gone as (
       delete from file_content where sha256 in (
         select c.sha256 from file_content c
          where (c.brought_at < clock_timestamp() - $1 * interval '1 millisecond'
                 or exists (select from file f where f.sha256 = c.sha256 and f.state = 'destroyed'
                                                    and f.state_at > c.brought_at))
            and not exists (select from file f where f.sha256 = c.sha256 and f.state = 'kept')
          order by c.brought_at limit $2 for update skip locked)
       returning key)
     insert into file_removal (key) select key from gone`,
    [afterMs, most],
  );
}

export async function pendingRemovals(db: Queryable, most: number): Promise<string[]> {
  const rows = await many(
    db,
    z.object({ key: z.string() }),
    'select key from file_removal order by since limit $1',
    [most],
  );
  return rows.map((row) => row.key);
}

export async function removalDone(db: Queryable, key: string): Promise<void> {
  await exec(db, 'delete from file_removal where key = $1', [key]);
}
