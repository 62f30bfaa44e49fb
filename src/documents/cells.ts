import type { Cell, CellKind } from '../domain/sheet.js';

const VIETNAM_MS = 7 * 3_600_000;

/** The longest text that a cell of a spreadsheet holds. */
const LONGEST_TEXT = 32_767;

// What XML cannot carry, and no list holds on purpose.
const CONTROLS = /[^\t\n\P{Cc}]|[\ufffe\uffff]/gu;

/** Text as it may stand in a cell: NFC, lines ended by one sign, without what a spreadsheet cannot hold. */
export function cellText(text: string): string {
  return text.normalize('NFC').replace(/\r\n?/g, '\n').replace(CONTROLS, '').slice(0, LONGEST_TEXT);
}

/** The wall clock of Vietnam as if it were UTC: spreadsheets know no zones. */
export const localClock = (at: number): Date => new Date(at + VIETNAM_MS);

/** A cell where everything is text; dates in the order that no country's habit turns round. */
export function plainCell(value: Cell, kind: CellKind): string | number | null {
  if (value === null) return null;
  if (kind === 'number') return typeof value === 'number' ? value : cellText(value);
  if (kind === 'instant' && typeof value === 'number') {
    return localClock(value).toISOString().slice(0, 16).replace('T', ' ');
  }
  return cellText(String(value));
}
