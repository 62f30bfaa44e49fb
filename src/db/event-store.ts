import { type Queryable, timestamp } from './pool.js';
import { exec } from './query.js';

/** One appended event with its scope columns; instants in ms. */
export interface EventRow {
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly seq: number;
  readonly workingGroupId: string;
  readonly directiveId: string;
  readonly unitId: string | null;
  readonly type: string;
  readonly data: string;
  readonly text: string | null;
  readonly salt: Buffer | null;
  readonly textHash: Buffer | null;
  readonly actor: string;
  readonly document: string | null;
  readonly receivedAt: number;
  readonly happenedAt: number;
  readonly recordedAt: number;
  readonly hash: Buffer;
}

/** Appends; the primary key (subject, seq) is the second net against two writers of one subject. */
export async function insertEvents(db: Queryable, events: readonly EventRow[]): Promise<void> {
  if (events.length === 0) return;
  const column = <T>(pick: (event: EventRow) => T): T[] => events.map(pick);
  await exec(
    db,
    {
      name: 'insert_events',
      text: `insert into event (subject_kind, subject_id, seq, working_group_id, directive_id, unit_id, type, data,
                                text, salt, text_hash, actor, document, received_at, happened_at, recorded_at, hash)
             select * from unnest($1::text[], $2::uuid[], $3::int[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::jsonb[],
                                  $9::jsonb[], $10::bytea[], $11::bytea[], $12::jsonb[], $13::jsonb[],
                                  $14::timestamptz[], $15::timestamptz[], $16::timestamptz[], $17::bytea[])`,
    },
    [
      column((e) => e.subjectKind),
      column((e) => e.subjectId),
      column((e) => e.seq),
      column((e) => e.workingGroupId),
      column((e) => e.directiveId),
      column((e) => e.unitId),
      column((e) => e.type),
      column((e) => e.data),
      column((e) => e.text),
      column((e) => e.salt),
      column((e) => e.textHash),
      column((e) => e.actor),
      column((e) => e.document),
      column((e) => timestamp(e.receivedAt)),
      column((e) => timestamp(e.happenedAt)),
      column((e) => timestamp(e.recordedAt)),
      column((e) => e.hash),
    ],
  );
}
