import type { ImportChoices } from '../domain/import.js';
import { foldKey, tidy, tidyLines } from '../domain/text.js';
import type { CsvRow } from './csv.js';
import { RowFindings } from './findings.js';
import { type Column, type Field, isField } from './header.js';
import type { Table } from './table.js';

/** Longer cells are not a plan's; a quote that was never meant to open makes them. */
export const LONGEST_CELL = 10_000;

/** What a row of the file was taken for, with its cells by field. */
export interface SortedRow {
  readonly line: number;
  readonly kind: 'task' | 'section' | 'skip';
  readonly cells: readonly string[];
  readonly values: ReadonlyMap<Field, string>;
  /** The heading this row stands under. */
  readonly section: string | null;
  readonly findings: RowFindings;
}

const ROMAN_OR_LETTER = /^(?:[IVXLC]+|[A-ZĐ])[.)]?$/u;
const FOOTER = /^(tong|tong cong|tong so|cong|total|sum)\b/;
const HEADING =
  /^(?:(?:[IVXLC]+|[A-ZĐ])[.):\s-]|(?:lĩnh vực|nhóm|phần|mục|chương|nội dung|section|part|group|area)[\s:])/iu;

function valuesOf(cells: readonly string[], columns: readonly Column[]): Map<Field, string> {
  const values = new Map<Field, string>();
  for (const column of columns) {
    const value = tidyLines((cells[column.index] ?? '').slice(0, LONGEST_CELL));
    if (column.field !== null && value !== '') values.set(column.field, value);
  }
  return values;
}

/** The words of a heading row: all it has, in its order. */
function headingOf(cells: readonly string[]): string {
  return cells
    .map(tidy)
    .filter((cell) => cell !== '')
    .join(' ');
}

interface Looks {
  readonly values: ReadonlyMap<Field, string>;
  readonly filledCells: number;
  readonly nextCode: string;
  readonly hasCodes: boolean;
  readonly afterTask: boolean;
}

/** A section heading has no lead, no time, no result; what it has tells it from an incomplete task. */
function isSection({ values, filledCells, nextCode, hasCodes, afterTask }: Looks): boolean {
  const code = values.get('code') ?? '';
  const title = values.get('title') ?? values.get('titleEn') ?? '';
  const beside = [...values.keys()].some((field) => !['code', 'title', 'titleEn'].includes(field));
  if (filledCells <= 3 && [code, title].some((text) => FOOTER.test(foldKey(text)))) return true;
  if (filledCells === 1) {
    // One cell under “lead” below a task belongs to that task, whose cells were merged.
    if (beside) return !afterTask;
    if (code !== '') return true;
    if (title === '') return true;
    return hasCodes || HEADING.test(title) || title === title.toUpperCase();
  }
  if (beside || title === '' || filledCells > values.size) return false;
  const number = code.replace(/[.)]+$/, '');
  return ROMAN_OR_LETTER.test(code) || (number !== '' && nextCode.startsWith(`${number}.`));
}

function ragged(row: CsvRow, columns: readonly Column[], findings: RowFindings, width: number): void {
  if (row.cells.slice(width).some((cell) => tidy(cell) !== '')) {
    findings.blocks('too_many_cells', null, String(row.cells.length), {
      vi: `Hàng có ${row.cells.length} ô, tiêu đề có ${width}: có lẽ một ô chứa dấu phân tách mà không đặt trong dấu nháy kép. Hãy sửa tệp rồi tải lại.`,
      en: `The row has ${row.cells.length} cells, the header ${width}: probably a cell holds the separator and is not quoted. Mend the file and upload it again.`,
    });
  } else if (row.cells.length < columns.length) {
    findings.note('too_few_cells', null, String(row.cells.length), {
      vi: `Hàng chỉ có ${row.cells.length} ô, tiêu đề có ${columns.length}: các ô thiếu được coi là trống.`,
      en: `The row has only ${row.cells.length} cells, the header ${columns.length}: the missing ones count as blank.`,
    });
  }
}

/** A quotation mark that closed many rows too late leaves a cell that looks like rows of the file. */
function swallowed(row: CsvRow, columns: readonly Column[], separator: string, findings: RowFindings): void {
  const mark = separator === 'tab' ? '\t' : separator;
  for (const [index, cell] of row.cells.entries()) {
    const name = columns[index]?.name ?? null;
    if (cell.length > LONGEST_CELL) {
      findings.blocks('cell_too_long', name, null, {
        vi: `Ô dài ${cell.length} ký tự (tối đa ${LONGEST_CELL}): có lẽ thiếu dấu nháy kép đóng.`,
        en: `The cell has ${cell.length} characters (at most ${LONGEST_CELL}): a closing quotation mark may be missing.`,
      });
    }
    const inner = cell.slice(0, LONGEST_CELL).split('\n').slice(1);
    const like = inner.filter((line) => line.split(mark).length >= Math.max(3, columns.length - 1));
    if (like.length === 0) continue;
    findings.blocks('quote_swallowed_rows', name, null, {
      vi: `Một ô bắt đầu ở dòng ${row.line} chứa ${like.length} dòng giống các hàng khác: dấu nháy kép đóng quá muộn. Hãy sửa tệp rồi tải lại.`,
      en: `A cell of the row on line ${row.line} holds ${like.length} lines that look like rows: its quotation mark closes too late. Mend the file and upload it again.`,
    });
  }
}

/** A formula is text here: nothing is computed, and what it would have shown is not in the file. */
function formulas(row: CsvRow, columns: readonly Column[], findings: RowFindings): void {
  for (const [index, cell] of row.cells.entries()) {
    if (!/^\s*[=+@-][\p{L}@(]/u.test(cell)) continue;
    findings.note('formula_kept_as_text', columns[index]?.name ?? null, cell.slice(0, 200), {
      vi: 'Ô chứa công thức: giữ nguyên văn, không tính. Hãy dán giá trị thay cho công thức rồi lưu lại.',
      en: 'The cell holds a formula: kept as text, not computed. Paste its value in its place and save again.',
    });
  }
}

/** Fields that an answer can correct for one row. */
export const CORRECTED = [
  'title',
  'lead',
  'coordinating',
  'deadline',
  'result',
  'acknowledgedOn',
  'reportedOn',
  'extendedOn',
  'extendedTo',
  'submittedOn',
  'confirmedOn',
] as const;

/** Corrections are read as if they had been typed into the cells. */
function corrected(values: Map<Field, string>, choices: ImportChoices, line: number): void {
  const given = choices.rows?.[line];
  for (const field of CORRECTED) {
    const text = given?.[field];
    if (text === undefined) continue;
    values.set(field, tidyLines(text));
    if (field === 'deadline') values.delete('deadlineNamed');
    if (field === 'result') values.delete('figure');
  }
}

const NEEDS_TITLE: readonly Field[] = [
  'lead',
  'coordinating',
  'deadline',
  'deadlineNamed',
  'result',
  'figure',
];

/** A merged title is exported as one title and blanks below it. */
function titleFromAbove(
  values: Map<Field, string>,
  above: ReadonlyMap<Field, string> | null,
  findings: RowFindings,
): void {
  if (above === null || values.has('title') || values.has('titleEn') || values.has('code')) return;
  if (!NEEDS_TITLE.some((field) => values.has(field))) return;
  for (const field of ['title', 'titleEn', 'code'] as const) {
    const value = above.get(field);
    if (value !== undefined) values.set(field, value);
  }
  findings.note('title_from_above', null, values.get('title') ?? values.get('titleEn') ?? null, {
    vi: 'Ô số thứ tự và nhiệm vụ trống: đọc là ô gộp, lấy nhiệm vụ ở hàng trên. Hãy sửa nếu không đúng.',
    en: 'Number and task are blank: read as merged cells, with the task of the row above. Correct it if that is wrong.',
  });
}

function fillDown(
  values: Map<Field, string>,
  last: ReadonlyMap<Field, string>,
  fields: readonly string[],
  findings: RowFindings,
): void {
  for (const field of fields) {
    if (!isField(field) || values.has(field)) continue;
    const value = last.get(field);
    if (value === undefined) continue;
    values.set(field, value);
    findings.note('filled_from_above', field, value, {
      vi: `Ô trống được lấp bằng giá trị ở hàng trên: “${value}”.`,
      en: `The blank cell was filled with the value above: “${value}”.`,
    });
  }
}

function sectionNote(findings: RowFindings, heading: string): void {
  findings.note('read_as_section', null, heading, {
    vi: 'Đọc là dòng tiêu đề mục, không phải nhiệm vụ. Nếu là nhiệm vụ, hãy chọn lại cho hàng này.',
    en: 'Read as a heading, not as a task. If it is a task, say so for this row.',
  });
}

/** Tells tasks from headings, and gives each task the cells that merging left blank. */
export function sortRows(
  rows: readonly CsvRow[],
  table: Pick<Table, 'columns' | 'width' | 'separator' | 'rowFindings'>,
  choices: ImportChoices,
): readonly SortedRow[] {
  const { columns, width, separator, rowFindings } = table;
  const all = rows.map((row) => valuesOf(row.cells, columns));
  const hasCodes = all.some((values) => values.has('code') && (values.has('title') || values.has('titleEn')));
  let section: string | null = null;
  let above: ReadonlyMap<Field, string> | null = null;
  let last = new Map<Field, string>();
  return rows.map((row, index): SortedRow => {
    const findings = new RowFindings(row.line);
    const values = all[index] ?? new Map<Field, string>();
    const looks: Looks = {
      values,
      filledCells: row.cells.filter((cell) => tidy(cell) !== '').length,
      nextCode: all[index + 1]?.get('code') ?? '',
      hasCodes,
      afterTask: above !== null,
    };
    const kind = choices.rows?.[row.line]?.kind ?? (isSection(looks) ? 'section' : 'task');
    const base = { line: row.line, kind, cells: row.cells, values, findings };
    if (kind === 'skip') return { ...base, section };
    findings.take(rowFindings?.get(row.line) ?? []);
    ragged(row, columns, findings, width);
    swallowed(row, columns, separator, findings);
    // A workbook says which cells are formulas; its text is text, whatever it begins with.
    if (rowFindings === undefined) formulas(row, columns, findings);
    if (kind === 'section') {
      const heading = headingOf(row.cells);
      section = heading;
      above = null;
      last = new Map();
      sectionNote(findings, heading);
      return { ...base, section };
    }
    corrected(values, choices, row.line);
    titleFromAbove(values, above, findings);
    fillDown(values, last, choices.fillDown ?? [], findings);
    above = values;
    last = new Map([...last, ...values]);
    return { ...base, section };
  });
}
