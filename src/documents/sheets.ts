import type { Sheet, SheetFormat } from '../domain/sheet.js';
import { csvSheet } from './csv.js';
import { xlsxSheet } from './xlsx.js';

/** A table as a file of this form, as it is made. */
export function writeSheet(format: SheetFormat, sheet: Sheet): AsyncIterable<Uint8Array | string> {
  return format === 'csv' ? csvSheet(sheet) : xlsxSheet(sheet);
}
