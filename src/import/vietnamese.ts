// Whether text is Vietnamese, and what it is when a font or a wrong step has spoilt it.
// A word counts as Vietnamese when it is a possible syllable: onset, vowels, ending, one tone at most.

const ONSET = '(?:b|ch?|d|đ|gh?|gi|h|kh?|l|m|ngh?|nh?|ph?|qu|r|s|th?|tr|v|x)?';
const VOWELS =
  'iêu|yêu|oai|oay|uây|oao|uyu|uya|uyê|uôi|ươi|ươu|oeo|uêu|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|oe|oo|oi|ôi|ơi|ua|uâ|uê|ui|uô|uơ|uy|ưa|ưi|ươ|ưu|yê|[aăâeêioôơuưy]';
const ENDING = '(?:ch|c|ng|nh|m|n|p|t)?';
const SYLLABLE = new RegExp(`^${ONSET}(?:${VOWELS})${ENDING}$`, 'u');
const TONES = /[\u0300\u0301\u0303\u0309\u0323]/g;

function isSyllable(word: string): boolean {
  const decomposed = word.toLowerCase().normalize('NFD');
  if ((decomposed.match(TONES)?.length ?? 0) > 1) return false;
  return SYLLABLE.test(decomposed.replace(TONES, '').normalize('NFC'));
}

/** Enough of a file to know its encoding by; the rest is not looked at. */
const SAMPLE = 200_000;

export interface Plausibility {
  /** Words with a letter outside ASCII. */
  readonly words: number;
  /** Share of them that are Vietnamese syllables; 1 when there are none. */
  readonly share: number;
}

/** How many of the words that are not plain ASCII could be Vietnamese. */
export function vietnamesePlausibility(text: string): Plausibility {
  let words = 0;
  let syllables = 0;
  for (const [word] of text.slice(0, SAMPLE).matchAll(/[^\s,;|"'()[\]{}:.!?/\\<>=+%0-9–—-]+/gu)) {
    if (!/[^\0-\x7f]/.test(word)) continue;
    words += 1;
    if (isSyllable(word)) syllables += 1;
  }
  return { words, share: words === 0 ? 1 : syllables / words };
}

const TCVN3_CODES = 'µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢£¤¥¦§';
const TCVN3_LETTERS = 'àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂÊÔƠƯĐ';
const TCVN3 = new Map(Array.from(TCVN3_CODES, (code, at) => [code, TCVN3_LETTERS.charAt(at)] as const));

/** VNI writes a letter and then, as a character of its own, its mark; what the mark makes of the letter. */
const VNI_MARKS = new Map<string, string>(
  Object.entries({
    ø: '\u0300',
    ù: '\u0301',
    û: '\u0309',
    õ: '\u0303',
    ï: '\u0323',
    â: '\u0302',
    à: '\u0302\u0300',
    á: '\u0302\u0301',
    å: '\u0302\u0309',
    ã: '\u0302\u0303',
    ä: '\u0302\u0323',
    ê: '\u0306',
    è: '\u0306\u0300',
    é: '\u0306\u0301',
    ú: '\u0306\u0309',
    ü: '\u0306\u0303',
    ë: '\u0306\u0323',
  }),
);
const VNI_SINGLE = new Map(Object.entries({ ñ: 'đ', ô: 'ơ', ö: 'ư', æ: 'ỉ', ó: 'ĩ', ò: 'ị', î: 'ỵ' }));

function fromVni(text: string): string {
  return text
    .toLowerCase()
    .replace(/([aeiouyôö])([øùûõïâàáåãäêèéúüë])/gu, (_all, letter: string, mark: string) =>
      `${VNI_SINGLE.get(letter) ?? letter}${VNI_MARKS.get(mark) ?? ''}`.normalize('NFC'),
    )
    .replace(/[ñôöæóòî]/gu, (letter) => VNI_SINGLE.get(letter) ?? letter);
}

/**
 * The old font encodings put Vietnamese glyphs on other characters' codes: text in them is valid in any
 * encoding and means nothing. `text` is as a Western program would show it.
 */
export function fontEncodingOf(text: string): 'TCVN3 (ABC)' | 'VNI' | null {
  const asIs = vietnamesePlausibility(text);
  if (asIs.words < 3 || asIs.share > 0.7) return null;
  const asTcvn3 = vietnamesePlausibility(
    Array.from(text.slice(0, SAMPLE), (code) => TCVN3.get(code) ?? code).join(''),
  );
  const asVni = vietnamesePlausibility(fromVni(text.slice(0, SAMPLE)));
  const best = Math.max(asTcvn3.share, asVni.share);
  if (best < 0.75 || best < asIs.share + 0.2) return null;
  return asTcvn3.share >= asVni.share ? 'TCVN3 (ABC)' : 'VNI';
}

/** UTF-8 that was once read as a Western encoding and saved again: `Bá»™ CÃ´ng an`. */
export function isDoubleEncoded(text: string): boolean {
  return (
    (text
      .slice(0, SAMPLE)
      .match(/á[º»][\u0080-\u00bf\u2000-\u2122ˆ˜€ŠŒŽšœžŸ]|Ã[\u0080-\u00bf]|Ä[\u0091‘]|Æ[°¡]/gu)?.length ??
      0) >= 3
  );
}

/** Letters that a program without Vietnamese replaced by `?` on saving: `Nhi?m v?`. */
export function hasLostLetters(text: string): boolean {
  const sample = text.slice(0, SAMPLE);
  const lost = sample.match(/\p{L}\?\p{L}/gu)?.length ?? 0;
  return lost >= 5 && lost * 20 > (sample.match(/\p{L}+/gu)?.length ?? 0);
}
