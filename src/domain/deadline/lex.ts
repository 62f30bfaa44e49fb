import {
  COUNT_UNITS,
  DENYING_WORDS,
  EVERY_ADVERBS,
  FILLER_WORDS,
  ISSUE_PHRASE,
  NO_DATE_WORDS,
  OTHER_EVENT_PHRASE,
  PERIOD_UNITS,
  RECEIPT_PHRASE,
  REGULAR_WORDS,
  SIGNAL_SIGNS,
  SIGNAL_WORDS,
  SPANS,
  weekdayNumber,
} from './lexicon.js';
import { recurrenceOfMonths } from './rule.js';
import { fullYear, MONTH_NAMES, monthNumber, ordinal, type Token, WEEKDAY_NAMES, word } from './tokens.js';

type Groups = readonly (string | undefined)[];
interface Pattern {
  readonly test: RegExp;
  readonly make: (groups: Groups) => readonly Token[];
}

const MONTHS = MONTH_NAMES.join('|');
const WEEKDAYS = `thu [2-7]|chu nhat|cn|(?:${WEEKDAY_NAMES.join('|')})s?`;
const UNITS = Object.keys(PERIOD_UNITS)
  .sort((a, b) => b.length - a.length)
  .join('|');
const QUARTER = 'iv|i{1,3}|[1-4]';
const ANY_COUNT_UNIT = COUNT_UNITS.map(([, , unit]) => unit).join('|');

/** Matches from the current place and does not end inside a word or a number. */
function pattern(source: string, make: Pattern['make']): Pattern {
  return { test: new RegExp(`(?:${source})(?![a-z\\d])`, 'y'), make };
}

/** The same for what the next word may touch. */
function prefix(source: string, make: Pattern['make']): Pattern {
  return { test: new RegExp(source, 'y'), make };
}

const date = (d: string | undefined, m: number, y: string | undefined, figures: boolean): Token => ({
  kind: 'date',
  day: Number(d),
  month: m,
  ...fullYear(y),
  figures,
});

const period = (
  unit: 'month' | 'quarter' | 'half' | 'year',
  index: number,
  y: string | undefined,
): Token => ({
  kind: 'period',
  unit,
  index,
  ...fullYear(y),
});

/** Dates and periods in figures and words; whole dates before parts of them. */
const DATES: readonly Pattern[] = [
  prefix('(\\d{4})-(\\d{2})-(\\d{2})t(?=\\d)', ([, y, m, d]) => [date(d, Number(m), y, false)]),
  pattern('(\\d{4})([-/.])(\\d{1,2})\\2(\\d{1,2})', ([, y, , m, d]) => [date(d, Number(m), y, false)]),
  pattern('(\\d{1,2}) ?([-/.]) ?(\\d{1,2}) ?\\2 ?(\\d{4}|\\d{2})(?![/.]\\d)', ([, d, , m, y]) => [
    date(d, Number(m), y, true),
  ]),
  pattern('(\\d{1,2})/(\\d{1,2}) ?- ?(\\d{4})', ([, d, m, y]) => [date(d, Number(m), y, true)]),
  pattern('(\\d{1,2}) ?- ?(\\d{1,2})/(\\d{1,2})(?:/(\\d{4}|\\d{2}))?(?![/.]?\\d)', ([, from, d, m, y]) => [
    { kind: 'day', day: Number(from) },
    word('range'),
    date(d, Number(m), y, true),
  ]),
  pattern(
    '(?:ngay )?(?:mung |mong )?(\\d{1,2}) thang (\\d{1,2})(?! ?ngay)(?: nam (\\d{4}|\\d{2}(?! ?\\d))| ?[-/.] ?(\\d{4}))?',
    ([, d, m, spelt, y]) => [date(d, Number(m), spelt ?? y, false)],
  ),
  // `15-30 tháng 6 năm 2025`
  prefix('(\\d{1,2}) ?- ?(?=\\d{1,2} thang \\d{1,2}(?![a-z\\d]| ?ngay))', ([, from]) => [
    { kind: 'day', day: Number(from) },
    word('range'),
  ]),
  pattern(`(\\d{1,2})(?:st|nd|rd|th)?(?: of)?[ -](${MONTHS})\\.?(?:[ -](\\d{4}|\\d{2}))?`, ([, d, m, y]) => [
    date(d, monthNumber(m ?? ''), y, false),
  ]),
  pattern(`(${MONTHS})\\.? (\\d{1,2})(?:st|nd|rd|th)?(?:,? (\\d{4}))?`, ([, m, d, y]) => [
    date(d, monthNumber(m ?? ''), y, false),
  ]),
  pattern('(\\d{4})[-/. ]?q(\\d)', ([, y, q]) => [period('quarter', Number(q), y)]),
  pattern('(\\d{4})[-/. ]?h(\\d)', ([, y, h]) => [period('half', Number(h), y)]),
  pattern('(\\d{4})[-/.](\\d{1,2})', ([, y, m]) => [period('month', Number(m), y)]),
  // `từ 1 đến 30/6/2025`
  pattern('tu (\\d{1,2}) (?:den|toi)(?= (?:ngay )?\\d{1,2} ?(?:[-/.]|thang) ?\\d)', ([, from]) => [
    word('from'),
    { kind: 'day', day: Number(from) },
    word('until'),
  ]),
  pattern('(\\d{1,2}) ?[-/.] ?(\\d{4})', ([, m, y]) => [period('month', Number(m), y)]),
  pattern('(\\d{1,2}) ?([-/.]) ?(\\d{1,2})(?![/.]?\\d)', ([, d, , m]) => [
    date(d, Number(m), undefined, true),
  ]),
];

const PERIODS: readonly Pattern[] = [
  // `6 tháng năm 2025`, the half-year of the reporting calendar.
  pattern('([369]) thang nam (\\d{4})', ([, n, y]) => [
    n === '6' ? period('half', 1, y) : period('month', Number(n), y),
  ]),
  pattern('(\\d{1,2}) thang (dau|cuoi)(?: cua)?(?: nam(?! ?(?:nay|sau|toi|\\d)))?', ([, n, side]) => [
    monthsOfYear(Number(n), side === 'dau'),
  ]),
  pattern('nua (dau|cuoi)(?: cua)?(?: nam(?! ?(?:nay|sau|toi|\\d)))?', ([, side]) => [
    period('half', side === 'dau' ? 1 : 2, undefined),
  ]),
  pattern(
    '(first|second|last|1st|2nd) (?:half|six months|6 months)(?: of)?(?: the)?(?: year)?(?: (\\d{4}))?',
    ([, n, y]) => [period('half', ordinal(n ?? '', 2), y)],
  ),
  pattern(
    '(first|second|third|fourth|last|1st|2nd|3rd|4th) quarter(?: of)?(?: the year)?(?: (\\d{4}))?',
    ([, n, y]) => [period('quarter', ordinal(n ?? '', 4), y)],
  ),
  pattern(
    '(?:quarter|half-year|half year|half|month|year|quy|qui|thang|nam)(?= \\d{4}[-/.]?[qh\\d])|(?:half-year|half year|half|quarter)(?= [qh]\\d)',
    () => [],
  ),
  // `quý I-II/2025`: from the one to the other.
  pattern(
    `(?:q\\.?|qu[yi]) ?(${QUARTER}) ?- ?(?:q\\.?|qu[yi])? ?(${QUARTER})(?: ?[-/.] ?(\\d{4})|(?= nam \\d{4}))`,
    ([, from, to, y]) => [
      period('quarter', ordinal(from ?? '', 4), y),
      word('range'),
      period('quarter', ordinal(to ?? '', 4), y),
    ],
  ),
  pattern(
    '(?:q\\.?|qu[yi]|quarter) ?(iv|i{1,3}|vi{0,3}|\\d{1,2})(?: ?[-/.] ?(\\d{4}|\\d{2}))?',
    ([, q, y]) => [period('quarter', ordinal(q ?? '', 4), y)],
  ),
  pattern('h(\\d)(?: ?[-/] ?(\\d{4}))?', ([, h, y]) => [period('half', Number(h), y)]),
  pattern('(?:thang|month|t) ?(\\d{1,2})(?: ?[-/.] ?(\\d{4}|\\d{2}))?', ([, m, y]) => [
    period('month', Number(m), y),
  ]),
  pattern(`(${MONTHS})\\.?(?:,? (\\d{4}))?`, ([, m, y]) => [period('month', monthNumber(m ?? ''), y)]),
  pattern('(?:nam |year |fy ?)(\\d{4})', ([, y]) => [period('year', 1, y)]),
  // `2000 ngày` is no year, and too much to be a limit.
  pattern(`(\\d{4})(?! ?(?:${ANY_COUNT_UNIT}|gio|tieng|hours?|hrs?|h)(?![a-z]))`, ([, y]) => [
    period('year', 1, y),
  ]),
];

/** `9 tháng đầu năm` ends with the third quarter, `3 tháng cuối năm` with the year. */
function monthsOfYear(months: number, first: boolean): Token {
  if (months < 1 || months > 11) return { kind: 'bad', text: `${months} thang`, impossible: true };
  if (months === 6) return period('half', first ? 1 : 2, undefined);
  return period('month', first ? months : 12, undefined);
}

const RELATIVES: readonly Pattern[] = [
  pattern('(?:ngay )?hom nay|today', () => [
    { kind: 'relative', unit: 'day', shift: 0, bare: false, day: null },
  ]),
  pattern('ngay mai|tomorrow', () => [{ kind: 'relative', unit: 'day', shift: 1, bare: false, day: null }]),
  pattern('(tuan|thang|qu[yi]|nam) (nay|sau|toi|ke tiep|tiep theo)', ([, unit, which]) => [
    relative(unit, which === 'nay' ? 0 : 1),
  ]),
  pattern('year[ -]?end|eoy', () => [word('end'), relative('nam', 0, true)]),
  pattern('quarter[ -]?end|eoq', () => [word('end'), relative('quy', 0, true)]),
  pattern('month-end|eom', () => [word('end'), relative('thang', 0, true)]),
  pattern('(this|current|next) (week|month|quarter|year)', ([, which, unit]) => [
    relative(unit, which === 'next' ? 1 : 0),
  ]),
];

function relative(unit: string | undefined, shift: number, bare = false): Token {
  const known = Object.entries(PERIOD_UNITS).find(([name]) => name === unit)?.[1] ?? 'day';
  return { kind: 'relative', unit: known, shift, bare, day: null };
}

const HALVES = 'am|pm|a\\.m\\.?|p\\.m\\.?|morning|afternoon|evening';

const TIMES: readonly Pattern[] = [
  // `17h 20/6`: what looks like minutes is the day of the date behind it.
  pattern(
    `(\\d{1,2}) ?(?:h|g|gio|:) ?(\\d{2})(?! ?/ ?\\d|([-.])\\d{1,2}\\3\\d)(?: ?(?:phut|p(?!\\.?m)))?(?::00)? ?(${HALVES})?`,
    ([, h, m, , half]) => [clock(Number(h), Number(m), half)],
  ),
  pattern('\\+07:00', () => []),
  pattern(`(\\d{1,2}) ?(?:h|gio|g|oclock)? ?(${HALVES})`, ([, h, half]) => [clock(Number(h), 0, half)]),
];

function clock(hour: number, minute: number, half: string | undefined): Token {
  const text = `${hour}:${String(minute).padStart(2, '0')}`;
  const of24 = half === undefined ? hour : hourWithin(hour, half);
  // `12 giờ tối`, `17h sáng`: which hour is meant is asked.
  if (of24 === null) return { kind: 'bad', text: `${text} ${half}`, impossible: false };
  if (minute > 59 || of24 > 24 || (of24 === 24 && minute > 0)) return { kind: 'bad', text, impossible: true };
  return { kind: 'clock', minute: of24 * 60 + minute };
}

/** The first and the last hour that is said to be in a part of the day. */
const PARTS_OF_DAY: Readonly<Record<string, readonly [number, number]>> = {
  morning: [0, 11],
  afternoon: [12, 19],
  evening: [17, 24],
};

/** The hour of 24 in a part or a half of the day; null where it has no such hour. */
function hourWithin(hour: number, half: string): number | null {
  const part = PARTS_OF_DAY[half];
  if (part !== undefined) {
    const [first, last] = part;
    const later = hour > 0 && hour < 12 ? [hour, hour + 12] : [hour];
    return later.find((each) => each >= first && each <= last) ?? null;
  }
  if (half.startsWith('p')) return hour > 12 ? hour : (hour % 12) + 12;
  return hour > 12 ? null : hour % 12;
}

/** `3-5 ngày`: no one limit; tried before dates, which look alike. */
const COUNT_RANGE = pattern(
  `\\d+ ?(?:-|den|to|[.,]) ?\\d+ ?(?:thang(?! \\d)|(?!thang)(?:${ANY_COUNT_UNIT}|gio|hours?|h))`,
  (groups) => [{ kind: 'bad', text: groups[0] ?? '', impossible: false }],
);

/** `8h/ngày`, `5 ngày/tuần`: how much of a day or a week, and no limit. */
const SHARE = pattern(
  `\\d+ ?(?:gio|tieng|hours?|hrs?|h|phut|ngay|days?)(?: lam viec)? ?/ ?(?:${SPANS})(?! ?\\d)`,
  (groups) => [{ kind: 'bad', text: groups[0] ?? '', impossible: false }],
);

const COUNTS: readonly Pattern[] = [
  pattern('ngay lam viec (?:ke tiep|tiep theo|lien ke)', () => [
    { kind: 'count', value: 1, unit: 'wd', bare: false },
  ]),
  pattern('(?:ngay|(?:ngay )?(?:mung|mong)) (\\d{1,2})(?! ?[-/.] ?\\d| ?(?:ngay|lam))', ([, d]) => [
    { kind: 'day', day: Number(d) },
  ]),
  pattern('(\\d{1,2})(?:th|st|nd|rd)(?: day)?', ([, d]) => [{ kind: 'day', day: Number(d) }]),
  ...COUNT_UNITS.map(([unit, bare, source]) =>
    pattern(`(\\d{1,3}) ?(?:${source})(?: toi)?(?! nua)`, ([, n]) => [
      { kind: 'count', value: Number(n), unit, bare },
    ]),
  ),
  // Half a month is 15 days (Civil Code 2015, article 146 paragraph 1).
  pattern('nua thang|half 1 month', () => [{ kind: 'count', value: 15, unit: 'd', bare: false }]),
  pattern('(\\d{1,3}) ?(?:gio|tieng|hours?|hrs?|h|g)', ([, n]) => [{ kind: 'hours', value: Number(n) }]),
];

const ONCE = '(?:mot|0?1) lan';
const IN_EACH = '(?: ?/ ?| )(?:(?:moi|hang|mot|1|per|every|each|in) )*';
const NAMED_ONE = '(?! ?\\d| (?:nay|sau|toi|ke|tiep|[iv]+(?![a-z])))';

/** How often, in figures: `6 tháng một lần`, `1 lần/quý`, `every 3 months`. */
const FREQUENCIES: readonly Pattern[] = [
  pattern(
    `(?:(?:hang|moi|cu|every|each) )?(\\d{1,2}) ?(${SPANS})(?: ?/ ?| )(?:(?:mot|0?1) )?lan`,
    ([, n, span]) => [frequency(Number(n), span)],
  ),
  pattern(`(?:hang|moi|cu|every|each) (\\d{1,2}) ?(${SPANS})`, ([, n, span]) => [frequency(Number(n), span)]),
  pattern(`(?:${ONCE}|once)${IN_EACH}(${SPANS})${NAMED_ONE}`, ([, span]) => [frequency(1, span)]),
  pattern(`(${SPANS}) ?/ ?(?:(?:mot|0?1) )?lan`, ([, span]) => [frequency(1, span)]),
  pattern('nua nam ?/? ?(?:(?:mot|0?1) )?lan', () => [{ kind: 'every', every: 'half', weekday: null }]),
  // Twice a year is no span between two reports: when they are is asked.
  pattern(
    `(?:\\d{1,2}|hai|ba|bon|many|several|nhieu) (?:lan|times)${IN_EACH}(?:${SPANS})|(?:twice|thrice)${IN_EACH}(?:${SPANS})|` +
      'nua thang ?/? ?(?:(?:mot|0?1) )?lan|' +
      'bi-?(?:weekly|monthly|annual(?:ly)?)|fortnightly|every other (?:day|week|month|year)',
    ([text]) => [{ kind: 'bad', text: text ?? '', impossible: false }],
  ),
];

/** Every so many spans; a rhythm that reports have no periods of is asked. */
function frequency(count: number, span: string | undefined): Token {
  const unit = Object.entries(PERIOD_UNITS).find(([name]) => name === (span ?? '').replace(/s$/, ''))?.[1];
  const every = count === 1 ? unit : unit === 'month' ? recurrenceOfMonths(count) : undefined;
  if (every !== undefined) return { kind: 'every', every, weekday: null };
  return { kind: 'bad', text: `${count} ${span ?? ''}`, impossible: false };
}

const EVERY: readonly Pattern[] = [
  ...FREQUENCIES,
  // `ngày 15 và 30 hằng tháng`, `25 hằng tháng`
  pattern(
    'ngay (\\d{1,2}) ?(?:va|,) (?:ngay )?(\\d{1,2})(?= (?:cua )?(?:hang|moi) thang)',
    ([, one, other]) => [
      { kind: 'day', day: Number(one) },
      { kind: 'day', day: Number(other) },
    ],
  ),
  pattern('(\\d{1,2})(?= (?:hang|moi) thang)', ([, d]) => [{ kind: 'day', day: Number(d) }]),
  pattern(`(?:hang|moi|every|each) (?:(6 thang|${UNITS})|(${WEEKDAYS}))`, ([, unit, weekday]) => [
    every(unit, weekday),
  ]),
  pattern(`(${Object.keys(EVERY_ADVERBS).join('|')})`, ([, adverb]) => [
    { kind: 'every', every: EVERY_ADVERBS[adverb ?? ''] ?? null, weekday: null },
  ]),
  pattern('(?:theo )?dinh ky|periodic(?:al|ally)?', () => [{ kind: 'every', every: null, weekday: null }]),
];

function every(unit: string | undefined, weekday: string | undefined): Token {
  if (weekday !== undefined) return { kind: 'every', every: 'week', weekday: weekdayNumber(weekday) };
  const known = Object.entries(PERIOD_UNITS).find(([name]) => name === unit)?.[1];
  return { kind: 'every', every: unit === '6 thang' ? 'half' : (known ?? null), weekday: null };
}

const PATTERNS: readonly Pattern[] = [
  pattern(RECEIPT_PHRASE, () => [{ kind: 'anchor', from: 'receipt' }]),
  pattern(ISSUE_PHRASE, () => [{ kind: 'anchor', from: 'issue' }]),
  pattern(OTHER_EVENT_PHRASE, ([text]) => [{ kind: 'unknown', text: text ?? '' }]),
  ...EVERY,
  pattern(REGULAR_WORDS, () => [word('regular')]),
  // Marked by the normal form as one of two things.
  pattern('(?:thang sau|nam)\\?', ([text]) => [{ kind: 'bad', text: text ?? '', impossible: false }]),
  ...TIMES,
  COUNT_RANGE,
  SHARE,
  // `T6 (12/6)`, `T2 tuần sau`: a day of the week, and no month.
  pattern('t([2-7]),?(?= ?\\(?(?:ngay )?\\d{1,2} ?[-/.] ?\\d| tuan (?:nay|sau|toi))', ([, n]) => [
    { kind: 'weekday', weekday: Number(n) - 1 },
  ]),
  // By itself it may be either.
  pattern('(?<!(?:trong|het|cuoi|dau|giua|den|tu) )t[2-7](?! ?[-/.] ?\\d| nam)', ([text]) => [
    { kind: 'bad', text: text ?? '', impossible: false },
  ]),
  pattern('1/2 ?(?:ngay|gio|buoi)(?! ?\\d)', ([text]) => [
    { kind: 'bad', text: text ?? '', impossible: false },
  ]),
  ...DATES,
  ...PERIODS,
  ...RELATIVES,
  ...COUNTS,
  pattern(`(${WEEKDAYS})`, ([, name]) => [{ kind: 'weekday', weekday: weekdayNumber(name ?? '') }]),
  pattern('(?:ke )?tu nay(?: tro di)?|from now(?: on(?:wards?)?)?', () => []),
  ...SIGNAL_WORDS.map(([name, source]) => pattern(source, () => [word(name)])),
  ...SIGNAL_SIGNS.map(([name, source]) => prefix(source, () => [word(name)])),
  pattern('(?:buoi |gio )?(?:sang|trua|chieu)|(?:in the )?(?:morning|afternoon|evening)|noon', () => [
    { kind: 'daypart' },
  ]),
  pattern(NO_DATE_WORDS, () => [word('no_date')]),
  pattern(DENYING_WORDS, () => [word('denied')]),
  pattern('(thang|qu[yi]|nam|month|quarter|half-year|half year|year)', ([, unit]) => [
    relative(unit, 0, true),
  ]),
  pattern(FILLER_WORDS, () => []),
  prefix('\\d{1,3} ?%', () => []),
];

const SKIPPED = /[\s().:!?[\]]+/y;
const A_WORD = /[^\s(),;]+/y;

/** The tokens of a normalised phrase; what no table knows becomes an `unknown` token. */
export function lex(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    SKIPPED.lastIndex = at;
    const gap = text.startsWith('..', at) ? null : SKIPPED.exec(text);
    if (gap !== null) {
      at += gap[0].length;
      continue;
    }
    const [next, found] = tokenAt(text, at);
    tokens.push(...found);
    at = next;
  }
  return tokens;
}

function tokenAt(text: string, at: number): [number, readonly Token[]] {
  for (const { test, make } of PATTERNS) {
    test.lastIndex = at;
    const match = test.exec(text);
    if (match !== null && match[0].length > 0) return [at + match[0].length, make(match)];
  }
  A_WORD.lastIndex = at;
  const unknown = A_WORD.exec(text)?.[0] ?? text.charAt(at);
  return [at + unknown.length, [{ kind: 'unknown', text: unknown }]];
}
