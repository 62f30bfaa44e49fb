import type { Calendar } from '../domain/calendar.js';
import type { DeadlinePolicy } from '../domain/deadline/rule.js';
import { isRefusal, type Refusal, refuse } from '../domain/errors.js';
import type {
  Finding,
  ImportChoices,
  ImportDirectory,
  ImportPreview,
  PreviewRow,
  SheetChoice,
} from '../domain/import.js';
import type { Instant } from '../domain/instant.js';
import { foldKey } from '../domain/text.js';
import { decodeBytes } from './decode.js';
import { readJsonTable } from './json.js';
import { type SortedRow, sortRows } from './rows.js';
import { isMarkedSecret } from './secrets.js';
import { readTable, type Table } from './table.js';
import { readTask } from './task.js';
import { Directory, NameBook } from './units.js';

export type * from '../domain/import.js';
export { applyPreview } from './apply.js';

export interface ImportContext {
  readonly directory: ImportDirectory;
  readonly choices: ImportChoices;
  /** The directive's own date, for rows that name no document of theirs. */
  readonly documentDate: string | null;
  readonly now: Instant;
  readonly calendar: Calendar;
  readonly policy: DeadlinePolicy;
  /** Called once per task row, with its line: the same line of the same file must get the same id (`taskIds`). */
  readonly newId: (line: number) => string;
  readonly limits: { readonly maxBytes: number; readonly maxRows: number };
}

/**
 * Ids for a preview with more answers: a line that was a task before keeps its id, a new one gets a
 * fresh one. Line numbers do not change with the answers, for the bytes are the same.
 */
export function taskIds(earlier: ImportPreview | null, fresh: () => string): (line: number) => string {
  const kept = new Map(earlier?.rows.flatMap((row) => (row.task === null ? [] : [[row.line, row.task.id]])));
  return (line) => kept.get(line) ?? fresh();
}

function secret(line: number): Refusal {
  return refuse(
    'secret_content',
    {
      vi: `Dòng ${line} mang dấu mật. Không đưa tài liệu mật vào hệ thống; hãy xóa tệp khỏi máy không được phép.`,
      en: `Line ${line} carries a marking of classified documents. They do not belong in this system; remove the file from machines that may not hold it.`,
    },
    { extra: { line } },
  );
}

/** The marking may stand above the table, in a cell or below; its text is not repeated in the answer. */
function secretIn(text: string, table: Table): Refusal | null {
  const line = text.split('\n').findIndex((each) => isMarkedSecret(each));
  if (line >= 0) return secret(line + 1);
  const row = table.rows.find((each) => each.cells.some((cell) => isMarkedSecret(cell)));
  if (row !== undefined) return secret(row.line);
  return table.titleLines.some((title) => isMarkedSecret(title)) ? secret(1) : null;
}

function groupSizes(directory: ImportDirectory): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const unit of directory.units) sizes.set(unit.groupCode, (sizes.get(unit.groupCode) ?? 0) + 1);
  return sizes;
}

function headingRow(row: SortedRow): PreviewRow {
  const status = row.kind === 'skip' ? 'skipped' : 'heading';
  const { line, section, cells, findings } = row;
  return {
    line,
    kind: row.kind === 'skip' ? 'task' : 'section',
    status,
    task: null,
    section,
    cells,
    findings: findings.list,
  };
}

/** The same words for the same units twice: most often a row that was copied and not changed. */
function repeated(rows: readonly PreviewRow[]): readonly PreviewRow[] {
  const first = new Map<string, number>();
  return rows.map((row): PreviewRow => {
    if (row.task === null) return row;
    const key = foldKey([row.task.title, row.task.asTyped.leads, row.task.deadline.phrase].join('#'));
    const line = first.get(key);
    if (line === undefined) {
      first.set(key, row.line);
      return row;
    }
    const message = {
      vi: `Giống hàng ở dòng ${line} (cùng nhiệm vụ, đơn vị, thời hạn): nếu trùng, hãy bỏ một hàng.`,
      en: `The same as line ${line} (task, units, deadline): if it is a copy, leave one of them out.`,
    };
    const note: Finding = {
      row: row.line,
      column: null,
      cell: null,
      code: 'row_repeated',
      severity: 'note',
      clear: null,
      message,
      value: null,
    };
    return { ...row, findings: [...row.findings, note] };
  });
}

function summaryOf(rows: readonly PreviewRow[], findings: readonly Finding[]): ImportPreview['summary'] {
  const counts: Record<string, number> = {};
  for (const finding of [...findings, ...rows.flatMap((row) => row.findings)]) {
    counts[finding.code] = (counts[finding.code] ?? 0) + 1;
  }
  const having = (status: PreviewRow['status']): number => rows.filter((row) => row.status === status).length;
  return {
    rows: rows.length,
    tasks: rows.filter((row) => row.task !== null).length,
    sections: having('heading'),
    skipped: having('skipped'),
    findings: counts,
    ready: having('ready'),
    unclear: having('unclear'),
    past: having('past'),
    blocked: having('blocked'),
  };
}

/** Where a table comes from, beside its cells. */
export interface TableOrigin {
  readonly encoding: string;
  readonly sheet: string | null;
  readonly sheets: readonly SheetChoice[];
}

/** Every row as a task or with findings. */
export function previewOf(
  origin: TableOrigin,
  table: Table,
  context: ImportContext,
): ImportPreview | Refusal {
  const book = NameBook.open(new Directory(context.directory), context.choices.units ?? {});
  if (isRefusal(book)) return book;
  const taskContext = { ...context, columns: table.columns, book, groupSizes: groupSizes(context.directory) };
  const sorted = sortRows(table.rows, table, context.choices);
  const rows = repeated(
    sorted.map((row) => (row.kind === 'task' ? readTask(row, taskContext) : headingRow(row))),
  );
  return {
    ...origin,
    separator: table.separator,
    headerLine: table.headerLine,
    titleLines: table.titleLines,
    columns: table.columns.map(({ index, name, field }) => ({ index, name, field })),
    rows,
    findings: table.findings,
    unitNames: book.matches(),
    summary: summaryOf(rows, table.findings),
  };
}

/**
 * Reads a plan from CSV, or JSON where the name ends so. Pure: the same bytes with more answers give the
 * same preview, further on. What cannot be read at all is refused; all else is a finding of its row.
 */
export function previewImport(
  bytes: Uint8Array,
  fileName: string,
  context: ImportContext,
): ImportPreview | Refusal {
  const decoded = decodeBytes(bytes, context.limits);
  if (isRefusal(decoded)) return decoded;
  const json = /\.json$/i.test(fileName.trim());
  const table = json
    ? readJsonTable(decoded.text, context.choices, context.limits.maxRows)
    : readTable(decoded.text, context.choices, context.limits.maxRows);
  if (isRefusal(table)) return table;
  const origin = { encoding: decoded.encoding, sheet: null, sheets: [] };
  return secretIn(json ? '' : decoded.text, table) ?? previewOf(origin, table, context);
}
