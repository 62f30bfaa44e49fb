/**
 * Brings a phrase as people type it into the one form the lexer knows: lower case, no diacritics, single
 * spaces, figures for number words.
 *
 * Number words are turned into figures *before* the diacritics go: afterwards `sáu` (six) and `sau` (after),
 * `tư` (fourth) and `từ` (from), `tối` (evening) and `tới` (until) would be the same word.
 */

const UNITS_VI = ['một', 'hai', 'ba', 'bốn', 'năm', 'sáu', 'bảy', 'tám', 'chín'] as const;
const ENGLISH = [
  ['one', 1],
  ['two', 2],
  ['three', 3],
  ['four', 4],
  ['five', 5],
  ['six', 6],
  ['seven', 7],
  ['eight', 8],
  ['nine', 9],
  ['ten', 10],
  ['twelve', 12],
  ['fifteen', 15],
  ['twenty', 20],
  ['thirty', 30],
  ['forty-five', 45],
  ['sixty', 60],
  ['ninety', 90],
] as const;

/** Every Vietnamese number word up to 99, with its spoken variants. */
function vietnameseNumbers(): Map<string, number> {
  const numbers = new Map<string, number>([
    ['bẩy', 7],
    ['tư', 4],
    ['mười', 10],
  ]);
  const afterTen = (unit: string, i: number): readonly string[] =>
    i === 4 ? ['lăm', 'nhăm'] : i === 3 ? [unit, 'tư'] : i === 0 ? [unit, 'mốt'] : [unit];
  UNITS_VI.forEach((unit, i) => {
    numbers.set(unit, i + 1);
    for (const word of afterTen(unit, i)) numbers.set(`mười ${word}`, 11 + i);
    if (i === 0) return;
    numbers.set(`${unit} mươi`, (i + 1) * 10);
    UNITS_VI.forEach((one, j) => {
      for (const word of afterTen(one, j)) numbers.set(`${unit} mươi ${word}`, (i + 1) * 10 + j + 1);
    });
  });
  return numbers;
}

const NUMBERS = new Map<string, number>([...vietnameseNumbers(), ...ENGLISH]);
const LONGEST_FIRST = [...NUMBERS.keys()].sort((a, b) => b.length - a.length).join('|');
const NOT_IN_WORD = '(?<![\\p{L}\\d])';
const WORD_ENDS = '(?![\\p{L}\\d])';

/** `05 (năm)` and `năm (05)`, as documents write figures twice. */
const FIGURE_THEN_WORD = new RegExp(`(\\d+)\\s*\\((?:${LONGEST_FIRST})\\)`, 'gu');
const WORD_THEN_FIGURE = new RegExp(`${NOT_IN_WORD}(?:${LONGEST_FIRST})\\s*\\((\\d+)\\)`, 'gu');
/** A number word before a unit of time; `hằng năm` and its like are "every year", not "five". */
const BEFORE_UNIT = new RegExp(
  `(?<!(?:hằng|hàng|mỗi|cuối|đầu|giữa|hết|của|cả) )${NOT_IN_WORD}(${LONGEST_FIRST})(?= (?:ngày|tuần|tháng|giờ|phút|giây|days?|weeks?|months?|hours?|minutes?|seconds?|working|business|calendar)${WORD_ENDS})`,
  'gu',
);
/** `tháng sáu`, `quý tư`, `thứ hai`. */
const AFTER_NOUN = new RegExp(`${NOT_IN_WORD}(tháng|quý|quí|thứ) (${LONGEST_FIRST})${WORD_ENDS}`, 'gu');
/** In `6 tháng năm 2025` the last word is the year, in `ngày 20 tháng năm` it is May. */
const YEAR_NOT_MAY = /(?<!ngày )(?<!\d)\d+ $/u;
const ACCENTED = /[^\p{ASCII}]/u;

/** The longest phrase that is read: a deadline cell, not a paragraph. */
export const LONGEST_PHRASE = 300;

/** The normal form of a phrase; both NFC and NFD input give the same. */
export function normalise(phrase: string): string {
  const typed = phrase
    // Compatibility form: full-width figures and raised letters (17ʰ00) become plain ones.
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[⁄∕]/gu, '/')
    .replace(/[‐‑‒–—―−]/gu, '-')
    .replace(/[→⇒➔]/gu, '->')
    .replace(/['’‘`"“”«»]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
    // A space that was forgotten: `trước ngày10/12`.
    .replace(/(?<!\p{L})(ngày|tháng|năm|quý|trước|đến|ngay|thang|nam|quy|truoc|den)(?=\d)/gu, '$1 ')
    // `ngày 12 / tháng 6 / năm 2026`
    .replace(/(?<=\d) ?\/ ?(?=(?:tháng|năm|thang|nam) \d)/gu, ' ')
    // `sau kỳ báo cáo` is no signing (`ký`), which would be the same word.
    .replace(/(?<=(?:định|thường|thời) )kì(?!\p{L})/gu, 'kỳ')
    .replace(/(?<!(?:định|thường|thời) )kỳ(?!\p{L})/gu, 'kì')
    // The sign of a list, which is no minus.
    .replace(/^[-+•*·] (?=\S)/u, '');
  const figures = typed
    .replace(
      /(?<!\p{L})an? (?=(?:(?:working|business|calendar) )?(?:day|week|month|year|hour|minute)(?!\p{L}))/gu,
      '1 ',
    )
    .replace(FIGURE_THEN_WORD, '$1')
    .replace(WORD_THEN_FIGURE, '$1')
    .replace(BEFORE_UNIT, (_all, word: string) => String(NUMBERS.get(word)))
    .replace(AFTER_NOUN, (all: string, noun: string, word: string, at: number, text: string) =>
      word === 'năm' && noun === 'tháng' && YEAR_NOT_MAY.test(text.slice(0, at))
        ? all
        : `${noun} ${NUMBERS.get(word)}`,
    );
  const told = ACCENTED.test(figures)
    ? figures.replace(/(?<!\p{L})ngay(?!\p{L}| ?\d)/gu, 'lap tuc')
    : twofold(figures);
  return withoutDiacritics(
    told
      .replace(/(?<!\d)(1[12] ?(?:giờ|h|g)(?: ?\d{1,2})?(?: phút)?) trưa(?!\p{L})/gu, '$1')
      .replace(/(\d ?(?:h|g|giờ|phút)?) (?:buổi )?sáng(?!\p{L})/gu, '$1 morning')
      .replace(/(\d ?(?:h|g|giờ|phút)?) (?:buổi )?chiều(?!\p{L})/gu, '$1 afternoon')
      // Without its diacritics the evening would be "until".
      .replace(/(?<!\p{L})(?:buổi )?tối(?!\p{L}| đa| thiểu)/gu, 'evening'),
  );
}

/**
 * What nobody can tell apart without diacritics is marked, so that it is asked: eight in the evening and "from eight
 * until", June and the next month, five days and the days of the year.
 */
function twofold(plain: string): string {
  return plain
    .replace(
      /(?<!\d)((?:0?\d|1[0-2]) ?(?:h|g|gio|:) ?(?:\d{2})?(?: ?phut)?) (?:buoi )?toi(?![a-z])/g,
      '$1, evening',
    )
    .replace(/(?<![a-z])(thang sau|nam(?= (?:ngay|tuan|thang|gio|phut)(?! ?\d)))(?![a-z])/g, '$1?');
}

function withoutDiacritics(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/gu, 'd');
}
