import type { Bilingual } from '../../domain/errors.js';
import type { Finding, ImportChoices } from '../../domain/import.js';
import type { Column } from '../header.js';
import { CORRECTED } from '../rows.js';
import type { Mark } from './book.js';

const CODES = {
  no_value: 'formula_without_value',
  error: 'cell_error',
  not_a_date: 'cell_not_a_date',
} as const satisfies Readonly<Record<Mark['kind'], string>>;

function message({ kind, value }: Mark): Bilingual {
  switch (kind) {
    case 'no_value':
      return {
        vi: 'Ô chứa công thức chưa được tính: tệp không có giá trị của ô. Hãy mở bằng Excel rồi lưu lại, hoặc dán giá trị thay cho công thức.',
        en: 'The cell holds a formula that was never computed, so the file has no value for it. Open it in Excel and save it, or paste the value in its place.',
      };
    case 'error':
      return {
        vi: `Ô báo lỗi ${value ?? ''} trong Excel. Hãy sửa công thức hoặc gõ giá trị.`,
        en: `The cell shows the error ${value ?? ''} in Excel. Mend the formula, or type the value.`,
      };
    case 'not_a_date':
      return {
        vi: `Ô định dạng ngày nhưng số ${value ?? ''} không phải một ngày. Hãy gõ lại ngày.`,
        en: `The cell is formatted as a date, and the number ${value ?? ''} is none. Type the date again.`,
      };
  }
}

/**
 * Cells whose content is not known. Where it would enter the task, the import waits for the file to be mended or for
 * a correction of that cell; elsewhere it is only said.
 */
export function markFindings(
  marks: readonly Mark[],
  columns: readonly Column[],
  choices: ImportChoices,
): readonly Finding[] {
  return marks.flatMap((mark): Finding[] => {
    const column = columns[mark.column];
    if (column?.field === undefined || column.field === null) return [];
    const field = CORRECTED.find((each) => each === column.field);
    if (field !== undefined && choices.rows?.[mark.line]?.[field] !== undefined) return [];
    return [
      {
        row: mark.line,
        column: column.name === '' ? `#${column.index + 1}` : column.name,
        cell: null,
        code: CODES[mark.kind],
        severity: field === undefined ? 'note' : 'blocks',
        clear: null,
        message: message(mark),
        value: mark.value,
      },
    ];
  });
}
