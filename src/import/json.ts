import { type FieldError, isRefusal, type Refusal, refuse } from '../domain/errors.js';
import type { ImportChoices } from '../domain/import.js';
import { nfc } from '../domain/text.js';
import type { CsvRow } from './csv.js';
import { columnsOf, fieldNamed, isHeader } from './header.js';
import { LONGEST_CELL } from './rows.js';
import type { Table } from './table.js';

/** A text of JSON as a table: rows are numbered from 1, columns are the names in the order they first come. */
export function readJsonTable(text: string, choices: ImportChoices, maxRows: number): Table | Refusal {
  const plan = parsed(text);
  if (isRefusal(plan)) return plan;
  if (plan.length > maxRows) {
    return refuse('payload_too_large', {
      vi: `Có hơn ${maxRows} hàng.`,
      en: `There are more than ${maxRows} rows.`,
    });
  }
  const errors: FieldError[] = [];
  const names = new Map<string, number>();
  const mapped = new Set(Object.keys(choices.columns ?? {}).map(nfc));
  const records = plan.map((row, index) => {
    const record = recordOf(row, `/${index}`, errors);
    for (const name of record.keys()) {
      if (names.has(name)) continue;
      if (fieldNamed(name) === null && !mapped.has(name)) errors.push(unknownField(`/${index}`, name));
      else names.set(name, names.size);
    }
    return record;
  });
  if (errors.length > 0) {
    const detail = {
      vi: 'Kế hoạch JSON có trường không hợp lệ.',
      en: 'The JSON plan has fields that are not valid.',
    };
    return refuse('invalid_body', detail, { errors: errors.slice(0, 100) });
  }
  const columns = columnsOf([...names.keys()], choices.columns);
  if (!isHeader(columns)) {
    const detail = {
      vi: 'Mỗi hàng cần trường nhiệm vụ (task, task_vi, title) và ít nhất một trường khác.',
      en: 'Each row needs the task (task, task_en, title) and at least one more field.',
    };
    return refuse('import_unreadable', detail);
  }
  const rows = records.map(
    (record, index): CsvRow => ({
      line: index + 1,
      cells: [...names.keys()].map((name) => record.get(name) ?? ''),
    }),
  );
  return {
    separator: 'json',
    headerLine: 0,
    titleLines: [],
    columns,
    width: columns.length,
    rows,
    findings: [],
  };
}

function parsed(text: string): readonly unknown[] | Refusal {
  try {
    const value: unknown = JSON.parse(text);
    const rows: readonly unknown[] | null = Array.isArray(value) ? value : null;
    if (rows !== null) return rows;
  } catch (error) {
    const where = error instanceof Error ? error.message : '';
    return refuse('malformed_json', { vi: `JSON không đọc được: ${where}`, en: `Not valid JSON: ${where}` });
  }
  return refuse('import_unreadable', {
    vi: 'Kế hoạch JSON phải là một mảng các hàng.',
    en: 'A JSON plan is an array of rows.',
  });
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function unknownField(at: string, name: string): FieldError {
  const detail = { vi: `Không có trường “${name}”`, en: `There is no field “${name}”` };
  return { pointer: `${at}/${escaped(name)}`, code: 'unknown_field', detail };
}

/** Cells as they would be typed; several names may be a list. */
function recordOf(row: unknown, at: string, errors: FieldError[]): ReadonlyMap<string, string> {
  const cells = new Map<string, string>();
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    errors.push({
      pointer: at,
      code: 'not_an_object',
      detail: { vi: 'Hàng phải là một đối tượng', en: 'A row is an object' },
    });
    return cells;
  }
  for (const [key, value] of Object.entries(row)) {
    const name = nfc(key);
    const text = cellOf(value);
    if (text === null) {
      const detail = {
        vi: 'Ô phải là chữ, số hoặc danh sách chữ',
        en: 'A cell is text, a number or a list of texts',
      };
      errors.push({ pointer: `${at}/${escaped(key)}`, code: 'not_a_cell', detail });
    } else cells.set(name, text.slice(0, LONGEST_CELL + 1));
  }
  return cells;
}

function cellOf(value: unknown): string | null {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return nfc(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!Array.isArray(value)) return null;
  const items: unknown[] = value;
  return items.every((item) => typeof item === 'string') ? items.map(nfc).join('; ') : null;
}
