import { stringify } from 'csv-stringify/sync';
import ExcelJS from 'exceljs';
import type { PlanTemplate } from '../domain/plan-template.js';
import type { SheetFormat } from '../domain/sheet.js';

declare module 'exceljs' {
  interface Worksheet {
    /** Rules by cell or range. The library's own types leave it out. */
    readonly dataValidations: { add(range: string, rule: DataValidation): void };
  }
}

/** Rows for which values are offered; a plan may have more. */
const ROWS = 1_000;
const LISTS = 'Danh mục';

/** The form as a file: as a workbook with lists to choose from and hints, as CSV its names and its example. */
export async function* templateFile(
  format: SheetFormat,
  template: PlanTemplate,
): AsyncGenerator<Uint8Array | string> {
  if (format === 'csv') {
    const rows = [template.columns.map(({ name }) => name), [...template.example]];
    yield `\ufeff${stringify(rows, { escape_formulas: true, record_delimiter: 'windows' })}`;
  } else yield new Uint8Array(await workbookOf(template).xlsx.writeBuffer());
}

function workbookOf({ title, columns, example }: PlanTemplate): ExcelJS.Workbook {
  const book = new ExcelJS.Workbook();
  book.creator = 'Dondoc';
  const page = book.addWorksheet(title, { views: [{ state: 'frozen', ySplit: 1 }] });
  // Hidden, so that whoever reads the plan again is not asked which of two sheets it is.
  const lists = book.addWorksheet(LISTS, { state: 'hidden' });
  page.columns = columns.map(({ width }) => ({
    width,
    // As text: a date that is typed stays as it was typed, and no number loses its zeros.
    style: { numFmt: '@', alignment: { vertical: 'top', wrapText: true } },
  }));
  page.addRow(columns.map(({ name }) => name)).font = { bold: true };
  page.addRow([...example]);
  columns.forEach(({ name, hint, values = [] }, index) => {
    const letter = page.getColumn(index + 1).letter;
    const shared = { showInputMessage: true, promptTitle: name, prompt: hint, allowBlank: true } as const;
    if (values.length === 0) {
      // Whatever is typed is right; the rule is there for its hint.
      offer(page, letter, { ...shared, type: 'textLength', operator: 'greaterThanOrEqual', formulae: [0] });
      return;
    }
    [name, ...values].forEach((value, row) => {
      lists.getCell(row + 1, index + 1).value = value;
    });
    const source = `'${LISTS}'!$${letter}$2:$${letter}$${values.length + 1}`;
    offer(page, letter, {
      ...shared,
      type: 'list',
      formulae: [source],
      // Several names may be typed into one cell: no value is forbidden.
      showErrorMessage: false,
    });
  });
  return book;
}

/** One rule for the whole column: cell by cell the library compares each with each, for half a second. */
function offer(page: ExcelJS.Worksheet, letter: string, rule: ExcelJS.DataValidation): void {
  page.dataValidations.add(`${letter}2:${letter}${ROWS + 1}`, rule);
}
