const LAST_COLUMN = 16_384;

/** `A`, `Z`, `AA` for 0, 25, 26. */
export function columnLetters(index: number): string {
  let letters = '';
  for (let left = index + 1; left > 0; left = Math.floor((left - 1) / 26)) {
    letters = String.fromCharCode(65 + ((left - 1) % 26)) + letters;
  }
  return letters;
}

/** `C7` is column 2; null where it is no reference to a cell. */
export function columnIndex(reference: string): number | null {
  const letters = /^([A-Z]{1,3})\d{1,7}$/.exec(reference)?.[1];
  if (letters === undefined) return null;
  let index = 0;
  for (const letter of letters) index = index * 26 + (letter.charCodeAt(0) - 64);
  return index > LAST_COLUMN ? null : index - 1;
}

/** `C7` is in row 7. */
export const rowNumber = (reference: string): number => Number(/\d+$/.exec(reference)?.[0] ?? 0);
