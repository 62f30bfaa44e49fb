import type { Bilingual } from '../../domain/errors.js';
import type { Cell, Sheet, SheetColumn } from '../../domain/sheet.js';
import type { Page, PageRequest } from '../read/page.js';
import type { Locale } from '../read/view.js';

/** A column of a list, and what it shows of one thing. */
export interface Column<T> extends SheetColumn {
  readonly of: (item: T, locale: Locale) => Cell;
}

/** How a list looks as a table. */
export interface ListTable<T> {
  /** Names the sheet; without accents, the file. */
  readonly title: Bilingual;
  readonly file: string;
  readonly columns: readonly Column<T>[];
}

export type Pages<T> = AsyncIterable<readonly T[]>;

/** Rows read at a time: few enough to hold, enough to make one statement for each worth it. */
const ROWS_AT_ONCE = 500;

/**
 * A whole list, page by page, as its own reader gives it: under its filters and the viewer's scope. No transaction
 * stays open while somebody takes it slowly, so each page is of its own instant; the order is stable, so that no row
 * is left out or comes twice.
 */
export async function* pagesOf<T>(
  read: (request: PageRequest) => Promise<Page<T>>,
): AsyncGenerator<readonly T[], void, undefined> {
  let cursor: string | null = null;
  do {
    const page: Page<T> = await read({ limit: ROWS_AT_ONCE, cursor });
    yield page.items;
    cursor = page.page.nextCursor;
  } while (cursor !== null);
}

export function sheetOf<T>(table: ListTable<T>, locale: Locale, pages: Pages<T>): Sheet {
  const { title, columns } = table;
  return { title: title[locale], locale, columns, rows: rowsOf(columns, locale, pages) };
}

async function* rowsOf<T>(
  columns: readonly Column<T>[],
  locale: Locale,
  pages: Pages<T>,
): AsyncGenerator<readonly (readonly Cell[])[], void, undefined> {
  for await (const items of pages)
    yield items.map((item) => columns.map((column) => column.of(item, locale)));
}
