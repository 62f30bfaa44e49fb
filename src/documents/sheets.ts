import type { Sheet, SheetFormat } from '../domain/sheet.js';
import { csvSheet } from './csv.js';
import { icalFeed } from './ical.js';
import { templateFile } from './template.js';
import { xlsxSheet } from './xlsx.js';

/** A table as a file of this form, as it is made. */
export function writeSheet(format: SheetFormat, sheet: Sheet): AsyncIterable<Uint8Array | string> {
  return format === 'csv' ? csvSheet(sheet) : xlsxSheet(sheet);
}

/** Everything that tables, feeds and forms are written by. */
export const sheetWriter = { write: writeSheet, calendar: icalFeed, template: templateFile } as const;
