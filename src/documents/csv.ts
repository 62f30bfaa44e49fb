import { stringify } from 'csv-stringify/sync';
import type { Sheet } from '../domain/sheet.js';
import { plainCell } from './cells.js';

/**
 * A table as CSV for spreadsheets: UTF-8 with its mark, without which Excel takes it for an old encoding. Text that
 * would be computed (`=`, `+`, `-`, `@`, tab, return, and their wide forms) gets an apostrophe before it, also behind a
 * semicolon or tab, at which spreadsheets of some countries take the line apart.
 */
export async function* csvSheet(sheet: Sheet): AsyncGenerator<string> {
  const { columns, locale } = sheet;
  yield `\ufeff${lines([columns.map(({ name }) => name[locale])])}`;
  for await (const rows of sheet.rows) {
    yield lines(rows.map((row) => columns.map(({ kind }, at) => harmless(plainCell(row[at] ?? null, kind)))));
  }
}

const INNER_FORMULA = /([;\t][\s"]*)(?=[=+\-@＝＋－＠])/gu;

const harmless = (cell: string | number | null): string | number | null =>
  typeof cell === 'string' ? cell.replace(INNER_FORMULA, "$1'") : cell;

const lines = (rows: readonly (readonly (string | number | null)[])[]): string =>
  stringify([...rows], { escape_formulas: true, record_delimiter: 'windows', quoted_match: /\n/ });
