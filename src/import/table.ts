import { isRefusal, type Refusal, refuse } from '../domain/errors.js';
import type { Finding, ImportChoices } from '../domain/import.js';
import { foldKey, tidy } from '../domain/text.js';
import {
  absurdlyWideLine,
  type CsvProblem,
  type CsvRow,
  readCsv,
  SEPARATORS,
  type Separator,
  sampleCsv,
} from './csv.js';
import { fileFinding } from './findings.js';
import { type Column, columnKey, columnsOf, fieldNamed, isHeader } from './header.js';

export interface Table {
  /** What parts the cells; `xlsx` and `json` where nothing does. */
  readonly separator: string;
  readonly headerLine: number;
  readonly titleLines: readonly string[];
  readonly columns: readonly Column[];
  /** Cells of the header, empty ones too: a row with more has a separator too many. */
  readonly width: number;
  readonly rows: readonly CsvRow[];
  readonly findings: readonly Finding[];
  /** What its reader has to say of single rows, by line; of workbooks. */
  readonly rowFindings?: ReadonlyMap<number, readonly Finding[]>;
}

/** A plan's header stands on its first page. */
const HEADER_WITHIN = 60;
/** Blank lines, titles and page headers that a file may have beside its rows. */
const ROWS_BESIDE = 1_000;

const NAMES_OF_SEPARATORS: Readonly<Record<Separator, string>> = {
  ',': ',',
  ';': ';',
  '\t': 'tab',
  '|': '|',
};

interface Header {
  readonly at: number;
  /** Rows of the header, two where names stand under a merged name. */
  readonly depth: number;
  readonly columns: readonly Column[];
}

function filled(cells: readonly string[]): readonly string[] {
  return cells.map(tidy).filter((cell) => cell !== '');
}

function known(columns: readonly Column[]): number {
  return columns.filter((column) => column.field !== null).length;
}

/** “Cơ quan thực hiện” over “Chủ trì”, “Phối hợp”: the lower names count where there are any. */
function withSecondLine(
  first: CsvRow,
  second: CsvRow | undefined,
  columns: Choices['columns'],
): Header | null {
  if (second === undefined) return null;
  const names = second.cells.map(tidy);
  const lower = columnsOf(names);
  if (known(lower) === 0 || lower.some((column) => column.name !== '' && column.field === null)) return null;
  const joined = Array.from({ length: Math.max(first.cells.length, names.length) }, (_, index) => {
    const below = names[index] ?? '';
    return below === '' ? tidy(first.cells[index] ?? '') : below;
  });
  return { at: 0, depth: 2, columns: columnsOf(joined, columns) };
}

/** The answers that say where the table is and what its columns hold. */
export type Choices = Pick<ImportChoices, 'columns' | 'headerLine'>;

function headerAt(rows: readonly CsvRow[], at: number, choices: Choices): Header {
  const row = rows[at];
  if (row === undefined) return { at, depth: 1, columns: [] };
  const one: Header = { at, depth: 1, columns: columnsOf(row.cells.map(tidy), choices.columns) };
  const two = withSecondLine(row, rows[at + 1], choices.columns);
  if (two === null || known(two.columns) <= known(one.columns)) return one;
  // A title above a header is no part of it: the upper row has to name something too.
  const lower = columnsOf((rows[at + 1]?.cells ?? []).map(tidy), choices.columns);
  return known(two.columns) > known(lower) ? { ...two, at } : one;
}

/** The first row that names the most columns we know. */
function findHeader(rows: readonly CsvRow[], choices: Choices): Header | null {
  // A mapping by position fits every row, so it cannot tell which one is the header.
  const named = Object.fromEntries(
    Object.entries(choices.columns ?? {}).filter(([name]) => !name.startsWith('#')),
  );
  let best: { at: number; score: number } | null = null;
  for (let at = 0; at < Math.min(rows.length, HEADER_WITHIN); at += 1) {
    const header = headerAt(rows, at, { columns: named });
    const score = known(header.columns);
    if (isHeader(header.columns) && (best === null || score > best.score)) best = { at, score };
  }
  return best === null ? null : headerAt(rows, best.at, choices);
}

function headerGiven(rows: readonly CsvRow[], line: number, choices: Choices): Header | null {
  if (line === 0) {
    const width = Math.max(0, ...rows.slice(0, HEADER_WITHIN).map((row) => row.cells.length));
    return {
      at: -1,
      depth: 1,
      columns: columnsOf(
        Array.from({ length: width }, () => ''),
        choices.columns,
      ),
    };
  }
  const at = rows.findIndex((row) => row.line === line);
  return at < 0 ? null : headerAt(rows, at, choices);
}

function header(rows: readonly CsvRow[], choices: Choices): Header | null {
  return choices.headerLine === undefined
    ? findHeader(rows, choices)
    : headerGiven(rows, choices.headerLine, choices);
}

/** The separator under which the header is best understood; then, the one that cuts rows evenly. */
function detectSeparator(text: string, choices: Choices): Separator {
  const declared = /^sep=([,;|\t])\n/i.exec(text)?.[1];
  const found = SEPARATORS.find((separator) => separator === declared);
  if (found !== undefined) return found;
  let best: { separator: Separator; score: number } = { separator: ',', score: -1 };
  for (const separator of SEPARATORS) {
    const rows = sampleCsv(text, separator);
    const found = header(rows, choices);
    const widths = new Map<number, number>();
    for (const row of rows) widths.set(row.cells.length, (widths.get(row.cells.length) ?? 0) + 1);
    const even = Math.max(0, ...[...widths].map(([width, count]) => (width > 1 ? count : 0)));
    const score = (found === null ? 0 : known(found.columns) * 1_000) + even;
    if (score > best.score) best = { separator, score };
  }
  return best.separator;
}

function csvRefusal({ problem, line }: CsvProblem): Refusal {
  const what = {
    quote_not_closed: {
      vi: `Dấu nháy kép mở ở hàng bắt đầu từ dòng ${line} không được đóng.`,
      en: `A quotation mark opened in the row that begins on line ${line} is never closed.`,
    },
    quote_in_cell: {
      vi: `Dấu nháy kép đặt sai ở dòng ${line}: trong ô có dấu nháy phải viết hai dấu liền nhau ("").`,
      en: `A quotation mark is misplaced on line ${line}: inside a quoted cell it is written twice ("").`,
    },
    row_too_long: {
      vi: `Hàng bắt đầu ở dòng ${line} dài bất thường: có lẽ một dấu nháy kép không được đóng.`,
      en: `The row that begins on line ${line} is unusually long: a quotation mark may never be closed.`,
    },
    malformed: { vi: `Dòng ${line} không đúng dạng CSV.`, en: `Line ${line} is not valid CSV.` },
  }[problem];
  return refuse('import_unreadable', what, { extra: { line, problem } });
}

export function tooManyRows(maxRows: number): Refusal {
  return refuse('payload_too_large', {
    vi: `Tệp có hơn ${maxRows} hàng. Hãy chia thành nhiều tệp.`,
    en: `The file has more than ${maxRows} rows. Split it.`,
  });
}

function headerNotFound(rows: readonly CsvRow[], separator: string, choices: Choices): Refusal {
  const line = choices.headerLine;
  const detail =
    line === undefined
      ? {
          vi: 'Không tìm thấy hàng tiêu đề. Cần ít nhất một cột “Nhiệm vụ” (hoặc “Nội dung”) và một cột khác như “Cơ quan chủ trì”, “Thời hạn”, “Sản phẩm”; hoặc chỉ rõ dòng tiêu đề (headerLine) và các cột (columns).',
          en: 'No header row was found. It needs a column “Task” and one more, such as “Lead unit”, “Deadline”, “Target”; or say which line it is (headerLine) and what the columns are (columns).',
        }
      : { vi: `Không có hàng nào bắt đầu ở dòng ${line}.`, en: `No row begins on line ${line}.` };
  const sample = rows.slice(0, 10).map((row) => ({ line: row.line, cells: row.cells }));
  return refuse('import_unreadable', detail, { extra: { separator, sample } });
}

function pointer(...parts: readonly string[]): string {
  return parts.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** A mapping that names a column the file has not, or a field that does not exist. */
function badMapping(columns: readonly Column[], mapping: Readonly<Record<string, string>>): Refusal | null {
  const names = new Set(columns.flatMap((column) => [columnKey(column.name), `#${column.index + 1}`]));
  const errors = Object.entries(mapping).flatMap(([name, field]) => {
    const at = pointer('columns', name);
    if (!names.has(columnKey(name))) {
      const detail = { vi: `Tệp không có cột “${name}”`, en: `The file has no column “${name}”` };
      return [{ pointer: at, code: 'unknown_column', detail }];
    }
    if (fieldNamed(field) !== null) return [];
    const detail = { vi: `Không có trường “${field}”`, en: `There is no field “${field}”` };
    return [{ pointer: at, code: 'unknown_field', detail }];
  });
  if (errors.length === 0) return null;
  return refuse(
    'reference_unknown',
    { vi: 'Cách gán cột không khớp với tệp.', en: 'The column mapping does not fit the file.' },
    { errors },
  );
}

/** “(1) (2) (3)” or “A B 1 2” under the names, as tables of official documents have it. */
function isColumnNumbers(cells: readonly string[]): boolean {
  const marks = filled(cells).map((cell) => cell.replace(/[().]/g, ''));
  return (
    marks.length >= 3 &&
    marks.every((mark) => /^(\d{1,2}|[A-ZĐ])$/.test(mark)) &&
    new Set(marks).size === marks.length
  );
}

/** The header again, as printed at the top of each page. */
function isRepeatedHeader(cells: readonly string[], columns: readonly Column[]): boolean {
  const named = columns.filter((column) => column.name !== '');
  return (
    named.length > 1 && named.every((column) => foldKey(cells[column.index] ?? '') === foldKey(column.name))
  );
}

function columnFindings(headerLine: number, columns: readonly Column[]): readonly Finding[] {
  return columns.flatMap((column): Finding[] => {
    if (column.field !== null || column.unused === 'ignored') return [];
    const name = column.name === '' ? `#${column.index + 1}` : column.name;
    const repeated = column.unused === 'repeated';
    const message = repeated
      ? {
          vi: `Cột “${name}” trùng ý với một cột khác nên không dùng; hãy chỉ rõ cột nào được dùng.`,
          en: `Column “${name}” means the same as another and is not used; say which of them counts.`,
        }
      : {
          vi: `Không nhận ra cột “${name}”: nội dung được giữ ở bản xem trước nhưng không vào nhiệm vụ; hãy gán cột nếu cần.`,
          en: `Column “${name}” is not known: its cells are kept in the preview and do not enter the tasks; map it if they should.`,
        };
    const code = repeated ? 'column_repeated' : 'column_unknown';
    return [fileFinding(code, message, { row: headerLine, column: name })];
  });
}

function strayQuoteFinding(): Finding {
  return fileFinding('stray_quotes', {
    vi: 'Có dấu nháy kép trong ô không đặt trong nháy; được giữ nguyên như đã gõ. Hãy xem lại các hàng đó.',
    en: 'There are quotation marks in cells that are not quoted; they are kept as typed. Look at those rows.',
  });
}

/** Text to rows under their columns. Trailing columns that are empty throughout are dropped. */
export function readTable(text: string, choices: Choices, maxRows: number): Table | Refusal {
  const wide = absurdlyWideLine(text);
  if (wide !== null) return csvRefusal({ problem: 'row_too_long', line: wide });
  const separator = detectSeparator(text, choices);
  const csv = readCsv(text, separator, maxRows + ROWS_BESIDE);
  if ('problem' in csv) return csvRefusal(csv);
  if (csv.cut) return tooManyRows(maxRows);
  const table = tableOf(csv.records, NAMES_OF_SEPARATORS[separator], choices, maxRows);
  if (isRefusal(table) || !csv.strayQuotes) return table;
  return { ...table, findings: [...table.findings, strayQuoteFinding()] };
}

/** Rows under their columns, wherever they were read from. */
export function tableOf(
  all: readonly CsvRow[],
  separator: string,
  choices: Choices,
  maxRows: number,
): Table | Refusal {
  const rows = all.filter((row) => filled(row.cells).length > 0);
  const found = header(rows, choices);
  if (found === null) return headerNotFound(rows, separator, choices);
  const bad = badMapping(found.columns, choices.columns ?? {});
  if (isRefusal(bad)) return bad;
  if (!found.columns.some((column) => column.field === 'title' || column.field === 'titleEn')) {
    return headerNotFound(rows, separator, {});
  }
  const body = rows
    .slice(found.at < 0 ? 0 : found.at + found.depth)
    .filter(
      (row, index) =>
        !(index === 0 && isColumnNumbers(row.cells)) && !isRepeatedHeader(row.cells, found.columns),
    );
  if (body.length > maxRows) return tooManyRows(maxRows);
  // A column without a name counts if it holds something; spreadsheets export many that hold nothing.
  const used = found.columns.filter(
    ({ name, field, index }) =>
      name !== '' || field !== null || body.some((row) => tidy(row.cells[index] ?? '') !== ''),
  );
  const headerLine = rows[found.at]?.line ?? 0;
  const columns = found.columns.slice(0, (used.at(-1)?.index ?? -1) + 1);
  return {
    separator,
    headerLine,
    titleLines: rows.slice(0, Math.max(0, found.at)).map((row) => filled(row.cells).join(' ')),
    columns,
    width: found.columns.length,
    rows: body,
    findings: columnFindings(headerLine, columns),
  };
}

/** How many columns of a plan these rows name; 0: they have no header of one. */
export function planColumns(rows: readonly CsvRow[], choices: Choices): number {
  const found = findHeader(
    rows.filter((row) => filled(row.cells).length > 0),
    choices,
  );
  return found === null ? 0 : known(found.columns);
}
