import type { Calendar } from '../domain/calendar.js';
import type { DeadlinePolicy } from '../domain/deadline/rule.js';
import type { DirectiveContent } from '../domain/directive/draft.js';
import type { Refusal } from '../domain/errors.js';
import type { ImportChoices, ImportDirectory, ImportMeta, ImportPreview } from '../domain/import.js';
import type { Instant } from '../domain/instant.js';
import type { Engine } from './engine.js';

/** What reading a plan depends on beside the file. */
export interface ReadingContext {
  readonly directory: ImportDirectory;
  readonly choices: ImportChoices;
  readonly documentDate: string | null;
  readonly now: Instant;
  readonly calendar: Calendar;
  readonly policy: DeadlinePolicy;
  /** The same line of the same import gets the same id, however often it is read. */
  readonly importId: string;
  readonly limits: { readonly maxBytes: number; readonly maxRows: number };
}

/** A plan as it came. */
export interface PlanFile {
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

/** What is kept of a plan: text as it came, of a workbook its cells. */
export interface KeptPlan extends PlanFile {
  readonly form: 'text' | 'workbook';
}

/**
 * Who reads plans from files; the program lives in src/import, which the engine does not know. What takes a moment is
 * not to be awaited inside a transaction.
 */
export interface ImportReader {
  take(file: PlanFile): Promise<KeptPlan | Refusal>;
  preview(plan: KeptPlan, context: ReadingContext): Promise<ImportPreview | Refusal>;
  apply(preview: ImportPreview, meta: ImportMeta): DirectiveContent | Refusal;
  readonly limits: ReadingContext['limits'];
}

const READER = Symbol('import reader');

/** The engine together with a reader of plans: processes wire it, the use cases of imports ask for it. */
export function withImportReader<E extends Engine>(engine: E, reader: ImportReader): E {
  return { ...engine, [READER]: reader };
}

/** @throws where the process was wired without a reader */
export function importReaderOf(engine: Engine): ImportReader {
  if (hasReader(engine)) return engine[READER];
  throw new Error('This process was wired without a reader of plans');
}

function hasReader(engine: Engine): engine is Engine & { readonly [READER]: ImportReader } {
  return READER in engine;
}
