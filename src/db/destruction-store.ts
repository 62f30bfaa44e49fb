import { z } from 'zod';
import type { Queryable } from './pool.js';
import { exec, many, maybeOne, one } from './query.js';
import type { SubjectKind } from './step-store.js';

/** What stands where something was destroyed. */
export const DESTROYED = '[…]';

export interface EventRef {
  readonly kind: SubjectKind;
  readonly id: string;
  readonly seq: number;
}

const scopeRow = z.object({
  working_group_id: z.string(),
  directive_id: z.string().nullable(),
  written: z.boolean(),
  there: z.boolean(),
});

/** Where an event stands, whether a text was written with it, and whether it is still there. */
export async function textStands(
  db: Queryable,
  { kind, id, seq }: EventRef,
): Promise<z.output<typeof scopeRow> | null> {
  return maybeOne(
    db,
    scopeRow,
    `select working_group_id, directive_id, text_hash is not null as written, text is not null as there
       from event where subject_kind = $1 and subject_id = $2 and seq = $3`,
    [kind, id, seq],
  );
}

const words = z.object({ words: z.record(z.string(), z.string()).nullable() });

/** Takes the text and its salt out of an event, and answers with what it was; the decision must be recorded before. */
export async function destroyEventText(
  db: Queryable,
  { kind, id, seq }: EventRef,
): Promise<Readonly<Record<string, string>>> {
  const gone = await one(db, words, 'select destroy_event_text($1, $2, $3) as words', [kind, id, seq]);
  return gone.words ?? {};
}

/**
 * Takes the words out of every message that an event has caused, whatever became of it. A row that is being put
 * into an envelope is waited for, so the caller asks twice: the second time sees the copies that were made meanwhile.
 *
 * @returns the envelopes that carry such a message
 */
export async function destroyItemWords(db: Queryable, { id, seq }: EventRef): Promise<string[]> {
  const rows = await many(
    db,
    z.object({ envelope_id: z.string().nullable() }),
    `update item set params = params - 'reason' where key like $1 || '%' returning envelope_id`,
    [`${id}:${seq}:`],
  );
  return rows.flatMap((row) => row.envelope_id ?? []);
}

/** Takes words out of letters, sent or not; everything else in them stays. */
export async function destroyLetterWords(
  db: Queryable,
  envelopes: readonly string[],
  said: { readonly text: string; readonly html: string },
): Promise<void> {
  await exec(
    db,
    `update envelope set body_text = replace(body_text, ': ' || $2 || chr(10), ': ' || $4 || chr(10)),
                         body_html = replace(body_html, '>' || $3 || '<', '>' || $4 || '<')
      where id = any ($1::uuid[])`,
    [envelopes, said.text, said.html, DESTROYED],
  );
}

/** Steps that the event voided keep that they were, and lose why. */
export async function destroyVoidReason(db: Queryable, subjectId: string, reason: string): Promise<void> {
  await exec(db, 'update step_taken set void_reason = $3 where subject_id = $1 and void_reason = $2', [
    subjectId,
    reason,
    DESTROYED,
  ]);
}

const PROJECTIONS: Readonly<Record<SubjectKind, readonly (readonly [table: string, key: string])[]>> = {
  assignment: [
    ['assignment', 'id'],
    ['matter', 'assignment_id'],
  ],
  referral: [['referral', 'id']],
  directive: [['directive', 'id']],
  obligation: [['report_obligation', 'id']],
  regime: [['reporting_regime', 'id']],
};

/** Only what was noted of the past: the same words may be the title of another task. */
const NOTED = (column: string): string => `scrubbed_in(${column}, $2, array['note'])`;

export async function destroyProjectedWords(
  db: Queryable,
  { kind, id }: EventRef,
  text: string,
): Promise<void> {
  for (const [table, key] of PROJECTIONS[kind]) {
    await exec(
      db,
      `update ${table} set body = ${NOTED('body')} where ${key} = $1 and ${NOTED('body')} <> body`,
      [id, text],
    );
  }
}

/**
 * What a directive says of the past of its tasks came with a plan, and stands in each version of it. The file that
 * the plan was read from goes altogether: nobody can tell which of its cells said it.
 */
export async function destroyPlannedWords(db: Queryable, directiveId: string, text: string): Promise<void> {
  const touched = [
    await exec(
      db,
      `update directive set content = ${NOTED('content')} where id = $1 and ${NOTED('content')} <> content`,
      [directiveId, text],
    ),
    await exec(
      db,
      `update directive_version set content = ${NOTED('content')}
        where directive_id = $1 and ${NOTED('content')} <> content`,
      [directiveId, text],
    ),
    await exec(
      db,
      `update task set body = ${NOTED('body')} where directive_id = $1 and ${NOTED('body')} <> body`,
      [directiveId, text],
    ),
  ];
  if (touched.every((count) => count === 0)) return;
  await exec(db, `update import set body = scrubbed(body, $2) || '{"file": ""}' where directive_id = $1`, [
    directiveId,
    text,
  ]);
}
