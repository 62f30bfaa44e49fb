import type { DirectiveContent, DraftTask } from './directive/draft.js';
import type { Bilingual } from './errors.js';

/** What an imported plan may refer to. */
export interface ImportDirectory {
  readonly units: readonly {
    readonly id: string;
    readonly code: string;
    readonly name: string;
    readonly nameEn: string | null;
    readonly aliases: readonly string[];
    readonly groupCode: string;
  }[];
  readonly groups: readonly {
    readonly code: string;
    readonly name: string;
    readonly nameEn: string;
    readonly aliases: readonly string[];
  }[];
}

/** What a name as typed stands for; units by id or code. An ignored name leads nothing. */
export type UnitChoice =
  | { readonly units: readonly string[] }
  | { readonly group: string }
  | { readonly groups: readonly string[] }
  | { readonly ignore: true };

/** The two answers to a deadline that is already past, as typed. */
export type PastAnswerInput =
  | { readonly answer: 'carry_over'; readonly newPhrase: string }
  | { readonly answer: 'take_over' };

/** Corrections of one row, as they would be typed into its cells; and answers for this row alone. */
export interface RowChoices {
  readonly title?: string;
  readonly lead?: string;
  readonly coordinating?: string;
  readonly deadline?: string;
  readonly result?: string;
  readonly acknowledgedOn?: string;
  readonly reportedOn?: string;
  readonly extendedOn?: string;
  readonly extendedTo?: string;
  readonly submittedOn?: string;
  readonly confirmedOn?: string;
  readonly severalLeads?: 'each_leads' | 'first_leads';
  /** Overrides what the row was taken for; `skip` leaves it out, and it is shown as left out. */
  readonly kind?: 'task' | 'section' | 'skip';
}

/** The answers of the person who imports. Rows are named by their 1-based line in the file. */
export interface ImportChoices {
  /** Of a workbook: the sheet that holds the plan, where it is not the one that looks most like it. */
  readonly sheet?: string;
  /** Column name as typed in the header, or `#3` for the third column → field, or `ignore`. */
  readonly columns?: Readonly<Record<string, string>>;
  /** The line of the column names, where they are not found by themselves; 0: the file has none. */
  readonly headerLine?: number;
  /** Name as typed → what it stands for. */
  readonly units?: Readonly<Record<string, UnitChoice>>;
  readonly severalLeads?: 'each_leads' | 'first_leads';
  readonly past?: {
    readonly default?: PastAnswerInput;
    readonly rows?: Readonly<Record<number, PastAnswerInput>>;
  };
  /** Rows that stay in the directive although a clear fails: all of them, or these lines. */
  readonly keepUnclear?: boolean | readonly number[];
  /** Fields whose blank cells repeat the cell above, as merged cells are exported. */
  readonly fillDown?: readonly string[];
  readonly rows?: Readonly<Record<number, RowChoices>>;
}

/**
 * - `blocks`: nothing is applied until it is answered or the file is mended.
 * - `unclear`: one of the four clears fails; the row may stay in as unclear.
 * - `note`: worth a look.
 */
export type FindingSeverity = 'blocks' | 'unclear' | 'note';

export type Clear = 'people' | 'work' | 'time' | 'results';

export interface Finding {
  /** 1-based line in the file, or position in the JSON array; 0 for the file as a whole. */
  readonly row: number;
  /** Column name as typed in the header. */
  readonly column: string | null;
  /** The cell as Excel names it (`C7`); null where the file is no workbook, or no single cell is meant. */
  readonly cell: string | null;
  readonly code: string;
  readonly severity: FindingSeverity;
  readonly clear: Clear | null;
  /** What is wrong and what to do. */
  readonly message: Bilingual;
  readonly value: string | null;
}

/**
 * Every task row is in one class: `blocked` waits for an answer, `unclear` fails a clear, `past` has a
 * deadline already past and its answer, the others are `ready`. A section is `heading`, a row that was
 * left out on request `skipped`.
 */
export type RowStatus = 'blocked' | 'unclear' | 'past' | 'ready' | 'heading' | 'skipped';

export interface PreviewRow {
  readonly line: number;
  readonly kind: 'task' | 'section';
  readonly status: RowStatus;
  readonly task: DraftTask | null;
  /** The heading this row stands under; a section's own text. */
  readonly section: string | null;
  /** The whole row as typed, unknown columns included. */
  readonly cells: readonly string[];
  readonly findings: readonly Finding[];
}

export interface UnitCandidate {
  readonly kind: 'unit' | 'group';
  /** Unit id or group code. */
  readonly ref: string;
  readonly name: string;
  /** 0..1; a suggestion, never taken by itself. */
  readonly score: number;
}

export type UnitMatch =
  | { readonly kind: 'exact' | 'alias'; readonly unitId: string }
  | { readonly kind: 'group'; readonly groupCode: string }
  | { readonly kind: 'fuzzy'; readonly candidates: readonly UnitCandidate[] }
  | { readonly kind: 'none' };

export type NameRole = 'lead' | 'coordinating' | 'monitor';

/** One distinct name as typed, where it is used, and what it was read as. */
export interface UnitNameMatch {
  readonly name: string;
  readonly usedIn: readonly { readonly row: number; readonly role: NameRole }[];
  readonly match: UnitMatch;
  /** The answer given, or else the exact match; null: not known. */
  readonly chosen: UnitChoice | null;
  /** Whether the import waits for an answer: a lead or monitor that is not known. */
  readonly asked: boolean;
}

/** A sheet of a workbook, as one of several to choose from. */
export interface SheetChoice {
  readonly name: string;
  readonly hidden: boolean;
  /** Rows that hold something. */
  readonly rows: number;
  /** Whether it has the column names of a plan. */
  readonly looksLikePlan: boolean;
}

export interface ImportPreview {
  /** The sheet that was read; null where the file is no workbook. */
  readonly sheet: string | null;
  readonly sheets: readonly SheetChoice[];
  readonly encoding: string;
  readonly separator: string;
  /** 0: the file has no header, its columns were given. */
  readonly headerLine: number;
  /** What stands above the column names. */
  readonly titleLines: readonly string[];
  readonly columns: readonly {
    readonly index: number;
    readonly name: string;
    readonly field: string | null;
  }[];
  readonly rows: readonly PreviewRow[];
  /** What concerns the file as a whole. */
  readonly findings: readonly Finding[];
  readonly unitNames: readonly UnitNameMatch[];
  readonly summary: {
    readonly rows: number;
    readonly tasks: number;
    readonly sections: number;
    readonly skipped: number;
    /** By code. */
    readonly findings: Readonly<Record<string, number>>;
    readonly ready: number;
    readonly unclear: number;
    readonly past: number;
    readonly blocked: number;
  };
}

/** What the directive is, beside its rows. */
export type ImportMeta = Pick<DirectiveContent, 'number' | 'title' | 'documentDate'> &
  Partial<Omit<DirectiveContent, 'tasks'>>;
