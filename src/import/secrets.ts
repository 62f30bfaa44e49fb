import { tidyLines } from '../domain/text.js';

/**
 * The marking of a classified document (law on the protection of state secrets), standing by itself: a
 * line of its own, in brackets, or after “độ mật:”. “Bảo mật thông tin” is a subject, not a marking.
 */
const LINE = /^[[(*\s]*(?:độ mật\s*:\s*)?(mật|tối mật|tuyệt mật|top secret|secret)[\])*.\s]*$/iu;
const INSIDE =
  /[[(]\s*(MẬT|TỐI MẬT|TUYỆT MẬT|Mật|Tối mật|Tuyệt mật)\s*[\])]|độ mật\s*:\s*(mật|tối mật|tuyệt mật)(?!\p{L})/u;

/** Whether a cell carries the marking of a classified document. */
export function isMarkedSecret(cell: string): boolean {
  if (cell === '' || !/m[ậâ]|secret/iu.test(cell.normalize('NFC'))) return false;
  const text = tidyLines(cell);
  return text.split('\n').some((line) => LINE.test(line)) || INSIDE.test(text);
}
