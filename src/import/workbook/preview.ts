import { isRefusal, type Refusal, refuse } from '../../domain/errors.js';
import type { Finding, ImportPreview } from '../../domain/import.js';
import { tidy } from '../../domain/text.js';
import { spoilt } from '../decode.js';
import { type ImportContext, previewOf } from '../preview.js';
import { isMarkedSecret } from '../secrets.js';
import type { Book, BookSheet } from './book.js';
import { unpackBook } from './book.schema.js';
import { columnLetters } from './reference.js';
import { readBookTable } from './table.js';

/**
 * Reads a plan from the cells of a workbook, as the thread that read it packed them. Pure, like its sibling for text. Rows
 * and cells are named as Excel names them.
 */
export function previewBook(bytes: Uint8Array, context: ImportContext): ImportPreview | Refusal {
  const book = unpackBook(bytes);
  const secret = secretIn(book);
  if (secret !== null) return secret;
  const read = readBookTable(book, context.choices, context.limits.maxRows);
  if (isRefusal(read)) return read;
  const { table, sheet, sheets } = read;
  const lost = spoilt(textOf(sheet));
  if (lost !== null) return lost;
  const preview = previewOf({ encoding: 'utf-8', sheet: sheet.name, sheets }, table, context);
  return isRefusal(preview) ? preview : withCells(preview);
}

/** Every sheet is looked at, also those that are not read: the file as a whole does not belong here. */
function secretIn(book: Book): Refusal | null {
  for (const { name, rows } of book.sheets) {
    if (isMarkedSecret(name)) return secret(name, null);
    for (const { line, cells } of rows) {
      const marked = cells.findIndex((cell) => isMarkedSecret(cell));
      if (marked >= 0) return secret(name, `${columnLetters(marked)}${line}`);
    }
  }
  return book.asides.some(isMarkedSecret) ? secret(null, null) : null;
}

function secret(sheet: string | null, cell: string | null): Refusal {
  const where =
    sheet === null
      ? { vi: 'Đầu trang, chân trang hoặc khung chữ', en: 'A page header, footer or text box' }
      : cell === null
        ? { vi: 'Tên của một trang tính', en: 'The name of a sheet' }
        : { vi: `Ô ${cell} của trang tính “${sheet}”`, en: `Cell ${cell} of the sheet “${sheet}”` };
  const detail = {
    vi: `${where.vi} mang dấu mật. Không đưa tài liệu mật vào hệ thống; hãy xóa tệp khỏi máy không được phép.`,
    en: `${where.en} carries a marking of classified documents. They do not belong in this system; remove the file from machines that may not hold it.`,
  };
  return refuse('secret_content', detail, { extra: { sheet: cell === null ? null : sheet, cell } });
}

/** The sheet as text, so that a line is a row of Excel. */
function textOf({ rows }: BookSheet): string {
  const lines: string[] = [];
  for (const { line, cells } of rows) lines[line - 1] = cells.map(tidy).join('\t');
  return lines.join('\n');
}

/** Names the cell of each finding that is about one. */
function withCells(preview: ImportPreview): ImportPreview {
  const index = new Map<string, number>();
  // Of two columns with one name, the one that is used.
  for (const column of preview.columns) {
    const name = column.name === '' ? `#${column.index + 1}` : column.name;
    if (column.field !== null || !index.has(name)) index.set(name, column.index);
  }
  const named = (finding: Finding): Finding => {
    const column = finding.column === null ? undefined : index.get(finding.column);
    if (column === undefined || finding.row === 0) return finding;
    return { ...finding, cell: `${columnLetters(column)}${finding.row}` };
  };
  return {
    ...preview,
    findings: preview.findings.map(named),
    rows: preview.rows.map((row) => ({ ...row, findings: row.findings.map(named) })),
  };
}
