import type { IsoDate } from '../domain/instant.js';
import { foldKey, tidy } from '../domain/text.js';

/** A document's date as far as it is stated: the first and the last day it can be. */
export interface StatedDate {
  readonly from: IsoDate;
  readonly to: IsoDate;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function stated(year: number, month: number | null, day: number | null): StatedDate | null {
  if (year < 1945 || year > 2100) return null;
  if (month === null) return { from: `${year}-01-01`, to: `${year}-12-31` };
  if (month < 1 || month > 12) return null;
  const last = daysIn(year, month);
  if (day === null) return { from: `${year}-${two(month)}-01`, to: `${year}-${two(month)}-${two(last)}` };
  if (day < 1 || day > last) return null;
  const date = `${year}-${two(month)}-${two(day)}`;
  return { from: date, to: date };
}

/** Year, month, day of each way of writing; a group that is missing is not stated. */
const WAYS: readonly { readonly pattern: RegExp; readonly order: readonly ('y' | 'm' | 'd')[] }[] = [
  { pattern: /^(\d{4})-(\d{1,2})-(\d{1,2})\b/, order: ['y', 'm', 'd'] },
  { pattern: /^(\d{4})[-/](\d{1,2})(?![-/\d])/, order: ['y', 'm'] },
  { pattern: /^(?:ngay )?(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b/, order: ['d', 'm', 'y'] },
  { pattern: /^(?:ngay )?(\d{1,2}) thang (\d{1,2}) nam (\d{4})\b/, order: ['d', 'm', 'y'] },
  { pattern: /^(?:thang )?(\d{1,2})[/.-](\d{4})\b/, order: ['m', 'y'] },
  { pattern: /^thang (\d{1,2}) nam (\d{4})\b/, order: ['m', 'y'] },
  { pattern: /^(?:nam )?(\d{4})(?![-/.\d])/, order: ['y'] },
];

/** The date of a document, best effort: `2023-11`, `2023 (year inferred)`, `20/10/2023`. Null: not readable, or impossible. */
export function readDocumentDate(cell: string): StatedDate | null {
  // Folding would drop the separators; only letters are folded here.
  const text = tidy(cell)
    .toLowerCase()
    .replace(/\p{L}+/gu, (word) => foldKey(word));
  for (const { pattern, order } of WAYS) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const part = (name: 'y' | 'm' | 'd'): number | null => {
      const at = order.indexOf(name);
      return at < 0 ? null : Number(match[at + 1]);
    };
    return stated(part('y') ?? 0, part('m'), part('d'));
  }
  return null;
}
