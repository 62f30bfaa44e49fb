import { type Bilingual, isRefusal, type Refusal, refuse } from '../../domain/errors.js';
import type { Finding, ImportChoices, SheetChoice } from '../../domain/import.js';
import { tidy } from '../../domain/text.js';
import { fileFinding } from '../findings.js';
import type { Column } from '../header.js';
import { type Choices, planColumns, type Table, tableOf, tooManyRows } from '../table.js';
import type { Book, BookSheet } from './book.js';
import { markFindings } from './marks.js';
import { columnLetters } from './reference.js';

/** The table of one sheet of a workbook, and which sheets there were to choose from. */
export interface SheetTable {
  readonly table: Table;
  readonly sheet: BookSheet;
  readonly sheets: readonly SheetChoice[];
}

/** A plan's header stands on the first page. */
const LOOKED_AT = 60;

/** The sheet that was named, or else the one that looks most like a plan, as rows under their columns. */
export function readBookTable(book: Book, choices: ImportChoices, maxRows: number): SheetTable | Refusal {
  const known = new Map(
    book.sheets.map((sheet) => [sheet, planColumns(sheet.rows.slice(0, LOOKED_AT), mappingOf(choices))]),
  );
  const sheets = book.sheets.map((sheet): SheetChoice => {
    const { name, hidden, rows } = sheet;
    return { name, hidden, rows: rows.length, looksLikePlan: (known.get(sheet) ?? 0) > 0 };
  });
  const sheet =
    choices.sheet === undefined ? likeliest(book.sheets, known) : named(book.sheets, choices.sheet);
  if (sheet === null) return noSuchSheet(choices.sheet ?? '', sheets);
  if (sheet.beyond !== null) return beyondLimits(sheet, maxRows);
  const read = tableOf(sheet.rows, 'xlsx', choices, maxRows);
  if (isRefusal(read)) {
    return { ...read, extra: { ...read.extra, sheet: sheet.name, sheets } };
  }
  const { columns, findings } = read;
  const rows = withMerges(sheet, read);
  const table: Table = {
    ...read,
    // Nothing parts the cells, so no row can have one too many; what stands beside the table is said below.
    width: Number.POSITIVE_INFINITY,
    rows: rows.list,
    findings: [
      ...withoutBlank(findings, read),
      ...sheetFindings(book, sheet, choices),
      ...columnFindings(sheet, read),
    ],
    rowFindings: byLine([
      ...rows.findings,
      ...markFindings(sheet.marks, columns, choices),
      ...rowFindings(sheet, read),
    ]),
  };
  return { table, sheet, sheets };
}

/** What finding a header depends on; its line is of the one sheet that is chosen. */
const mappingOf = ({ columns }: ImportChoices): Choices =>
  columns === undefined
    ? {}
    : { columns: Object.fromEntries(Object.entries(columns).filter(([name]) => !name.startsWith('#'))) };

const sameName = (name: string): string => tidy(name).toLowerCase();

function named(sheets: readonly BookSheet[], name: string): BookSheet | null {
  return sheets.find((sheet) => sameName(sheet.name) === sameName(name)) ?? null;
}

/** Most columns of a plan, then most rows, then the first; what is hidden only where nothing else will do. */
function likeliest(sheets: readonly BookSheet[], known: ReadonlyMap<BookSheet, number>): BookSheet | null {
  const order = (a: BookSheet, b: BookSheet): number =>
    (known.get(b) ?? 0) - (known.get(a) ?? 0) || b.rows.length - a.rows.length;
  const shown = sheets.filter((sheet) => !sheet.hidden).sort(order);
  const [best] = shown;
  if (best !== undefined && ((known.get(best) ?? 0) > 0 || best.rows.length > 0)) return best;
  return sheets.filter((sheet) => sheet.hidden).sort(order)[0] ?? best ?? null;
}

function noSuchSheet(name: string, sheets: readonly SheetChoice[]): Refusal {
  const detail = {
    vi: `Tệp không có trang tính “${name}”. Có: ${sheets.map((sheet) => sheet.name).join(', ')}.`,
    en: `The file has no sheet “${name}”. It has: ${sheets.map((sheet) => sheet.name).join(', ')}.`,
  };
  return refuse('reference_unknown', detail, {
    errors: [{ pointer: '/sheet', code: 'unknown_sheet', detail }],
    extra: { sheets },
  });
}

function beyondLimits({ name, beyond }: BookSheet, maxRows: number): Refusal {
  if (beyond === 'rows') {
    const refusal = tooManyRows(maxRows);
    const blank = {
      vi: ' Nếu bảng ngắn hơn, hãy xóa các hàng trống có định dạng ở dưới bảng.',
      en: ' If the table is shorter, delete the formatted blank rows below it.',
    };
    const detail = { vi: refusal.detail.vi + blank.vi, en: refusal.detail.en + blank.en };
    return { ...refusal, detail, extra: { reason: 'rows', sheet: name } };
  }
  const detail: Bilingual =
    beyond === 'columns'
      ? {
          vi: `Trang tính “${name}” có quá nhiều cột. Hãy chép riêng bảng kế hoạch sang tệp mới.`,
          en: `The sheet “${name}” has too many columns. Copy the table alone into a new file.`,
        }
      : {
          vi: `Trang tính “${name}” quá lớn so với một kế hoạch. Hãy chép riêng bảng kế hoạch (dán giá trị) sang tệp mới.`,
          en: `The sheet “${name}” is far larger than a plan. Copy the table alone (as values) into a new file.`,
        };
  return refuse('payload_too_large', detail, { extra: { reason: beyond, sheet: name } });
}

/** Which sheet was read is said where there was a choice; of several that look like a plan, what the others are. */
function sheetFindings(book: Book, sheet: BookSheet, choices: ImportChoices): readonly Finding[] {
  const others = book.sheets.filter((other) => other !== sheet && !other.hidden && other.rows.length > 0);
  if (choices.sheet !== undefined) return [];
  if (sheet.hidden) {
    const message = {
      vi: `Đọc trang tính ẩn “${sheet.name}”, vì các trang khác không có nội dung.`,
      en: `The hidden sheet “${sheet.name}” is read, for the others hold nothing.`,
    };
    return [fileFinding('sheet_hidden', message, { value: sheet.name })];
  }
  if (others.length === 0) return [];
  const names = others.map((other) => `“${other.name}”`).join(', ');
  const message = {
    vi: `Đọc trang tính “${sheet.name}”, vì giống bảng kế hoạch nhất; không đọc: ${names}. Nếu không đúng, hãy chọn trang khác.`,
    en: `The sheet “${sheet.name}” is read, for it looks most like a plan; not read: ${names}. Choose another if that is wrong.`,
  };
  return [fileFinding('sheet_chosen', message, { value: sheet.name })];
}

/** Margins of a sheet are columns too, and nothing is to be said of them. */
function withoutBlank(findings: readonly Finding[], { columns, rows }: Table): readonly Finding[] {
  const blank = columns.filter(
    ({ name, index }) => name === '' && rows.every((row) => tidy(row.cells[index] ?? '') === ''),
  );
  const names = new Set<string | null>(blank.map(({ index }) => `#${index + 1}`));
  return findings.filter(({ column }) => !names.has(column));
}

const nameOf = (columns: readonly Column[], index: number): string | null => {
  const column = columns[index];
  if (column === undefined) return null;
  return column.name === '' ? `#${index + 1}` : column.name;
};

function columnFindings(sheet: BookSheet, { columns, headerLine }: Table): readonly Finding[] {
  return columns.flatMap(({ field, index }): Finding[] => {
    if (field === null || !sheet.hiddenColumns.includes(index)) return [];
    const message = {
      vi: `Cột ${columnLetters(index)} bị ẩn trong Excel nhưng vẫn được đọc.`,
      en: `Column ${columnLetters(index)} is hidden in Excel, and read all the same.`,
    };
    return [fileFinding('column_hidden', message, { row: headerLine, column: nameOf(columns, index) ?? '' })];
  });
}

/** Rows that people who look at the sheet may not see, and cells that stand beside the table. */
function rowFindings(sheet: BookSheet, { rows, columns }: Table): readonly Finding[] {
  const hidden = new Set(sheet.rows.filter((row) => row.hidden).map((row) => row.line));
  return rows.flatMap(({ line, cells }): Finding[] => {
    const found: Finding[] = [];
    if (hidden.has(line)) {
      const message = {
        vi: 'Hàng bị ẩn (hoặc bị lọc) trong Excel nhưng vẫn được đọc. Nếu không giao, hãy bỏ hàng này.',
        en: 'The row is hidden (or filtered out) in Excel, and read all the same. Leave it out if it is not meant.',
      };
      found.push(fileFinding('row_hidden', message, { row: line }));
    }
    const outside = cells.findIndex((cell, index) => index >= columns.length && tidy(cell) !== '');
    if (outside >= 0) {
      const message = {
        vi: `Ô ${columnLetters(outside)}${line} nằm ngoài bảng: không được đọc.`,
        en: `Cell ${columnLetters(outside)}${line} stands outside of the table and is not read.`,
      };
      found.push(fileFinding('cell_outside_table', message, { row: line, value: cells[outside] ?? '' }));
    }
    return found;
  });
}

/** Cells merged over several rows belong to each of them. Side by side, the first cell is enough. */
function withMerges(
  sheet: BookSheet,
  { rows, columns }: Table,
): { readonly list: Table['rows']; readonly findings: readonly Finding[] } {
  const first = rows[0]?.line ?? 0;
  const down = sheet.merges.filter((merge) => merge.bottom > merge.top && merge.top >= first);
  const byLine = new Map(rows.map((row) => [row.line, row.cells]));
  const filled = new Map<number, Map<number, string>>();
  const findings: Finding[] = [];
  for (const { top, bottom, left } of down) {
    const value = byLine.get(top)?.[left] ?? '';
    if (value === '') continue;
    for (const { line, cells } of rows) {
      if (line <= top || line > bottom || tidy(cells[left] ?? '') !== '') continue;
      filled.set(line, (filled.get(line) ?? new Map<number, string>()).set(left, value));
      if (columns[left]?.field === null || columns[left] === undefined) continue;
      const message = {
        vi: `Ô gộp từ hàng ${top}: lấy cùng giá trị.`,
        en: `Merged with the cell in row ${top}: it has the same value.`,
      };
      const column = nameOf(columns, left) ?? '';
      findings.push(fileFinding('merged_cell', message, { row: line, column, value: value.slice(0, 200) }));
    }
  }
  const list = rows.map((row) => ({
    ...row,
    cells: padded(row.cells, columns.length, filled.get(row.line)),
  }));
  return { list, findings };
}

/** Blank cells at a row's end are not written by Excel, and are there all the same. */
function padded(
  cells: readonly string[],
  width: number,
  filled: ReadonlyMap<number, string> = new Map(),
): readonly string[] {
  return Array.from(
    { length: Math.max(width, cells.length) },
    (_, index) => filled.get(index) ?? cells[index] ?? '',
  );
}

function byLine(findings: readonly Finding[]): ReadonlyMap<number, readonly Finding[]> {
  const lines = new Map<number, Finding[]>();
  for (const finding of findings) {
    const list = lines.get(finding.row) ?? [];
    list.push(finding);
    lines.set(finding.row, list);
  }
  return lines;
}
