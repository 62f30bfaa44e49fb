import type { Bilingual } from './errors.js';

/** What a cell shows: text as it is, a number, a local date (`2025-06-20`) or an instant in ms. */
export type CellKind = 'text' | 'number' | 'date' | 'instant';
export type Cell = string | number | null;

/** A column of a table that goes out. */
export interface SheetColumn {
  readonly name: Bilingual;
  readonly kind: CellKind;
  /** In characters; 20 where it is left out. */
  readonly width?: number;
}

/** A table as it leaves the program, in one language; its rows come as they are made. */
export interface Sheet {
  readonly title: string;
  readonly locale: 'vi' | 'en';
  readonly columns: readonly SheetColumn[];
  /** Cells in the order of the columns, some rows at a time. */
  readonly rows: AsyncIterable<readonly (readonly Cell[])[]>;
}

export const SHEET_FORMATS = ['xlsx', 'csv'] as const;
export type SheetFormat = (typeof SHEET_FORMATS)[number];
