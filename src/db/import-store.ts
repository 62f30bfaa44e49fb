import { z } from 'zod';
import type { ImportChoices, ImportMeta } from '../domain/import.js';
import type { Queryable } from './pool.js';
import { exec, maybeOne } from './query.js';

/** What is kept of an import: the plan, and the answers so far. */
export interface ImportBody {
  /** The text's bytes as they came, or a workbook's cells; base64. */
  readonly file: string;
  /** Text where it is not said. */
  readonly form?: 'text' | 'workbook';
  readonly choices: ImportChoices;
  readonly meta: ImportMeta;
}

const importRow = z.object({
  id: z.string(),
  working_group_id: z.string(),
  file_name: z.string(),
  state: z.enum(['previewed', 'applied']),
  directive_id: z.string().nullable(),
  body: z.custom<ImportBody>((value) => typeof value === 'object' && value !== null && 'file' in value),
  recorded_at: z.number(),
});
export type ImportRow = z.infer<typeof importRow>;

const SELECT =
  'select id, working_group_id, file_name, state, directive_id, body, recorded_at from import where id = $1';

export async function insertImport(
  db: Queryable,
  made: {
    readonly id: string;
    readonly workingGroupId: string;
    readonly unitId: string | null;
    readonly personId: string;
    readonly fileName: string;
    readonly body: ImportBody;
  },
): Promise<void> {
  await exec(
    db,
    `insert into import (id, working_group_id, unit_id, person_id, file_name, state, body, recorded_at)
     values ($1, $2, $3, $4, $5, 'previewed', $6, app_now())`,
    [made.id, made.workingGroupId, made.unitId, made.personId, made.fileName, JSON.stringify(made.body)],
  );
}

export async function readImport(db: Queryable, id: string): Promise<ImportRow | null> {
  return maybeOne(db, importRow, SELECT, [id]);
}

/** Under a row lock, so that an import is applied once. */
export async function lockImport(db: Queryable, id: string): Promise<ImportRow | null> {
  return maybeOne(db, importRow, `${SELECT} for update`, [id]);
}

export async function saveImport(
  db: Queryable,
  id: string,
  body: Pick<ImportBody, 'choices' | 'meta'>,
): Promise<void> {
  await exec(db, 'update import set body = body || $2::jsonb where id = $1', [id, JSON.stringify(body)]);
}

export async function markApplied(db: Queryable, id: string, directiveId: string): Promise<void> {
  await exec(db, "update import set state = 'applied', directive_id = $2 where id = $1", [id, directiveId]);
}
