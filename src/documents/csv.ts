import { stringify } from 'csv-stringify/sync';
import type { Sheet } from '../domain/sheet.js';
import { plainCell } from './cells.js';

/**
 * A table as CSV for spreadsheets: UTF-8 with its mark, without which Excel takes it for an old encoding. Text that
 * would be computed (`=`, `+`, `-`, `@`, tab, return, and their wide forms) gets an apostrophe before it.
 */
export async function* csvSheet(sheet: Sheet): AsyncGenerator<string> {
  const { columns, locale } = sheet;
  yield `\ufeff${lines([columns.map(({ name }) => name[locale])])}`;
  for await (const rows of sheet.rows) {
    yield lines(rows.map((row) => columns.map(({ kind }, at) => plainCell(row[at] ?? null, kind))));
  }
}

const lines = (rows: readonly (readonly (string | number | null)[])[]): string =>
  stringify([...rows], { escape_formulas: true, record_delimiter: 'windows', quoted_match: /\n/ });
