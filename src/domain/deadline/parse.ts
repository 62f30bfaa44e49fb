import type { Bilingual } from '../errors.js';
import type { IsoDate } from '../instant.js';
import type { DeadlineRule, ReadingNote } from './rule.js';

/** Why a phrase gives no deadline. Stable; the gate shows `detail`. */
export type DeadlineFindingCode =
  | 'empty'
  | 'no_date'
  | 'not_understood'
  | 'two_dates'
  | 'impossible_date'
  | 'year_missing'
  | 'ambiguous'
  | 'start_not_end'
  | 'as_of_not_end'
  | 'extension'
  | 'window_reversed';

export interface DeadlineFinding {
  readonly ok: false;
  readonly code: DeadlineFindingCode;
  readonly detail: Bilingual;
}

export type ParsedDeadline =
  | { readonly ok: true; readonly rule: DeadlineRule; readonly notes: readonly ReadingNote[] }
  | DeadlineFinding;

export interface ParseContext {
  /** A missing year is the next such date after this one; null: a missing year is a finding. */
  readonly documentDate: IsoDate | null;
}

/** Reads a deadline phrase in Vietnamese or English. */
export function parseDeadline(phrase: string, _context: ParseContext): ParsedDeadline {
  throw new Error(`not yet written: ${phrase}`);
}
