/** Unicode NFC: the one form in which text is kept and compared. */
export function nfc(text: string): string {
  return text.normalize('NFC');
}

/** Spaces of other alphabets and page layouts, which look like a space and compare as something else. */
const ODD_SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t\f\v]/g;
/** Zero-width characters and soft hyphens: invisible, and fatal to a comparison. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/** NFC, without invisible characters, spaces made ordinary and single; lines are kept. */
export function tidyLines(text: string): string {
  if (text === '') return '';
  return nfc(text)
    .replace(INVISIBLE, '')
    .replace(ODD_SPACES, ' ')
    .split(/\r\n|[\n\r\u0085\u2028\u2029]/)
    .map((line) => line.replace(/ {2,}/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
}

/** The same on one line. */
export function tidy(text: string): string {
  return tidyLines(text).replaceAll('\n', ' ');
}

/**
 * Vietnamese has two spellings of where a tone mark sits in open `oa`, `oe`, `uy` (*hoà*, *hòa*); they
 * are the same word. `quý` is no such case: there `qu` is the consonant.
 */
const OLD_AND_NEW_TONES: readonly (readonly [RegExp, string])[] = ['oa', 'oe', 'uy'].map((pair) => {
  const [first = '', second = ''] = pair;
  const before = pair === 'uy' ? '(?<!q)' : '';
  return [
    new RegExp(`${before}${first}([\u0300\u0301\u0303\u0309\u0323])${second}(?![\\p{L}\\p{M}])`, 'gu'),
    `${first}${second}$1`,
  ];
});

/** By hand: `/[.,;:]+$/` takes the square of the length on a row of dots. */
function withoutEndMarks(text: string): string {
  let end = text.length;
  while (end > 0 && '.,;: '.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/**
 * A key under which two spellings of the same name are equal: case, spaces, dashes, the place of the
 * tone mark, and `&` for `và` or `and`. Accents count, for communes differ by nothing else.
 */
export function nameKey(text: string): string {
  let key = tidy(text).toLowerCase().normalize('NFD');
  for (const [pattern, replacement] of OLD_AND_NEW_TONES) key = key.replace(pattern, replacement);
  return withoutEndMarks(nfc(key))
    .replace(/[‐‑‒–—−]/g, '-')
    .replace(/ ?- ?/g, '-')
    .replace(/[’‘`´]/g, "'")
    .replace(/ ?& ?/g, ' và ')
    .replace(/ and /g, ' và ')
    .replace(/ ?([,;/()]) ?/g, '$1 ')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** A key for searching and suggesting: without case, accents, `đ` or punctuation. */
export function foldKey(text: string): string {
  return tidy(text)
    .toLowerCase()
    .replaceAll('đ', 'd')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}%#]+/gu, ' ')
    .trim();
}

/** Codes of Working Groups, units and groups of units, in any script. */
export const CODE = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,49}$/u;
