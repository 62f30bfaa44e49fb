import { bytes, documents, instants, plain } from './array.js';
import type { Queryable } from './pool.js';
import { exec } from './query.js';

/** One appended event with its scope columns; instants in ms. */
export interface EventRow {
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly seq: number;
  readonly workingGroupId: string;
  readonly directiveId: string | null;
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
             select n.kind, n.subject, n.seq, n.wg, n.directive, n.unit, n.type, n.data, nullif(n.text, 'null'), n.salt, n.text_hash,
                    n.actor, nullif(n.document, 'null'), n.received, n.happened, n.recorded, n.hash
               from rows from (
                      unnest($1::text[]), unnest($2::uuid[]), unnest($3::int[]), unnest($4::uuid[]), unnest($5::uuid[]), unnest($6::uuid[]),
                      unnest($7::text[]), jsonb_array_elements($8::jsonb), jsonb_array_elements($9::jsonb), unnest($10::bytea[]),
                      unnest($11::bytea[]), jsonb_array_elements($12::jsonb), jsonb_array_elements($13::jsonb),
                      unnest($14::timestamptz[]), unnest($15::timestamptz[]), unnest($16::timestamptz[]), unnest($17::bytea[]))
                    as n(kind, subject, seq, wg, directive, unit, type, data, text, salt, text_hash, actor, document,
                         received, happened, recorded, hash)`,
    },
    [
      plain(column((e) => e.subjectKind)),
      plain(column((e) => e.subjectId)),
      plain(column((e) => e.seq)),
      plain(column((e) => e.workingGroupId)),
      plain(column((e) => e.directiveId)),
      plain(column((e) => e.unitId)),
      plain(column((e) => e.type)),
      documents(column((e) => e.data)),
      documents(column((e) => e.text)),
      bytes(column((e) => e.salt)),
      bytes(column((e) => e.textHash)),
      documents(column((e) => e.actor)),
      documents(column((e) => e.document)),
      instants(column((e) => e.receivedAt)),
      instants(column((e) => e.happenedAt)),
      instants(column((e) => e.recordedAt)),
      bytes(column((e) => e.hash)),
    ],
  );
}
