import type { Calendar } from '../domain/calendar.js';
import type { DeadlinePolicy } from '../domain/deadline/rule.js';
import type { DirectiveContent } from '../domain/directive/draft.js';
import { type Refusal, refuse } from '../domain/errors.js';
import type { ImportChoices, ImportDirectory, ImportMeta, ImportPreview } from '../domain/import.js';
import type { Instant } from '../domain/instant.js';

export type * from '../domain/import.js';

export interface ImportContext {
  readonly directory: ImportDirectory;
  readonly choices: ImportChoices;
  readonly documentDate: string | null;
  readonly now: Instant;
  readonly calendar: Calendar;
  readonly policy: DeadlinePolicy;
  /** Called once per row below the header, in order, with the row's line: the same line must get the same id. */
  readonly newId: (line: number) => string;
  readonly limits: { readonly maxBytes: number; readonly maxRows: number };
}

/** Reads a plan; pure, so that the same bytes with more answers give the same preview, further on. */
export function previewImport(
  _bytes: Uint8Array,
  _fileName: string,
  _context: ImportContext,
): ImportPreview | Refusal {
  return refuse('import_unreadable', { vi: 'Chưa viết', en: 'Not yet written' });
}

/** The draft of a preview that has no open question, all or nothing. */
export function applyPreview(_preview: ImportPreview, _meta: ImportMeta): DirectiveContent | Refusal {
  return refuse('import_not_ready', { vi: 'Chưa viết', en: 'Not yet written' });
}
