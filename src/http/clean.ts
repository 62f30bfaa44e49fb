import type { FieldError } from '../domain/errors.js';
import { nfc } from '../domain/text.js';
import { escapePointer, MOST_ERRORS } from './validation.js';

/** Deeper than any shape of ours; a body nested deeper is refused before it costs a stack. */
const DEEPEST = 32;

/** Tab and line ends are part of text; the other control characters and lone surrogates never are. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is what it is for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|\p{Surrogate}/u;

/**
 * Every string of a part of the request in NFC, the one form in which text is kept and compared; what no
 * text may hold is reported with its pointer. Object keys are left: shapes name the ones they know.
 */
export function cleanInput(value: unknown, pointer: string, errors: FieldError[], depth = 0): unknown {
  // It is refused already; the rest of the list would help nobody.
  if (errors.length >= MOST_ERRORS) return null;
  if (typeof value === 'string') return cleanText(value, pointer, errors);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) {
    errors.push({
      pointer,
      code: 'too_deep',
      detail: { vi: 'Lồng nhau quá sâu.', en: 'Nested too deeply.' },
    });
    return null;
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => cleanInput(item, `${pointer}/${index}`, errors, depth + 1));
  }
  // fromEntries defines fields instead of assigning them, so a key `__proto__` stays a mere key.
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      key,
      cleanInput(field, `${pointer}/${escapePointer(key)}`, errors, depth + 1),
    ]),
  );
}

function cleanText(text: string, pointer: string, errors: FieldError[]): string {
  if (FORBIDDEN.test(text)) {
    errors.push({
      pointer,
      code: 'control_character',
      detail: {
        vi: 'Chứa ký tự điều khiển không được phép.',
        en: 'Holds a control character, which text may not.',
      },
    });
  }
  return nfc(text);
}
