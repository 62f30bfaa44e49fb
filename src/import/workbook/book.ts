/** A cell whose content is not what its author sees: a formula never computed, an error, a date that is none. */
export interface Mark {
  readonly line: number;
  /** From 0. */
  readonly column: number;
  readonly kind: 'no_value' | 'error' | 'not_a_date';
  /** The error as shown, or the number that is no date. */
  readonly value: string | null;
}

export interface BookRow {
  /** As Excel numbers it. */
  readonly line: number;
  /** From column A to the last one that holds something, as people read them. */
  readonly cells: readonly string[];
  readonly hidden: boolean;
}

/** Rows and columns of a merged range; columns from 0. */
export interface Merge {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

export interface BookSheet {
  readonly name: string;
  readonly hidden: boolean;
  /** Only rows that hold something. */
  readonly rows: readonly BookRow[];
  readonly merges: readonly Merge[];
  readonly marks: readonly Mark[];
  /** Columns that are not shown, from 0. */
  readonly hiddenColumns: readonly number[];
  /** More than is read: then the rows are only its beginning. */
  readonly beyond: 'rows' | 'columns' | 'bytes' | null;
}

/** What is read of a workbook, and kept of it: texts in NFC, no styles, no formulas. */
export interface Book {
  readonly sheets: readonly BookSheet[];
  /** What stands in page headers, footers and text boxes, where markings of secrecy may stand too. */
  readonly asides: readonly string[];
}

export const packBook = (book: Book): Uint8Array => new TextEncoder().encode(JSON.stringify(book));
