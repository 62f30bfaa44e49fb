import { addCalendarDays } from '../civil-date.js';
import type { IsoDate } from '../instant.js';
import { type DeadlineFinding, finding } from './findings.js';
import { lex } from './lex.js';
import { NOTE_WORDS, REFERENCE } from './lexicon.js';
import { periodEnd, periodStart } from './periods.js';
import { joinYears, type Point, pointOf, type Reading } from './point.js';
import { readRegular } from './regular.js';
import type { CountFrom, DeadlineRule, ReadingNote } from './rule.js';
import { LONGEST_PHRASE, normalise } from './text.js';
import { hasWord as has, isPoint, isToken, PARTS, type Token } from './tokens.js';

export type { DeadlineFinding, DeadlineFindingCode } from './findings.js';

export type ParsedDeadline =
  | { readonly ok: true; readonly rule: DeadlineRule; readonly notes: readonly ReadingNote[] }
  | DeadlineFinding;

export interface ParseContext {
  /** A missing year is the next such date on or after this one; null: a missing year is a finding. */
  readonly documentDate: IsoDate | null;
}

/**
 * Reads a deadline phrase in Vietnamese or English, with or without diacritics, NFC or NFD.
 *
 * Every word must be known: what is not understood, or can be read in two ways, is a finding and never a
 * guess, because a wrong "late" costs a person. Dates in figures are day/month/year. A document's own
 * date counts as "the next such date", so that an urgent order of 20 June "before 17h00 on 20/6" is due
 * that day and not a year later.
 */
export function parseDeadline(phrase: string, context: ParseContext): ParsedDeadline {
  const text = withoutSameDate(withoutNote(withoutEmptyTime(normalise(phrase))), context);
  if (/^[\s\-.?]*$/.test(text)) return finding('empty');
  if (text.length > LONGEST_PHRASE) return finding('not_understood');
  const shown = phrase.normalize('NFC').trim();
  // Whoever asks is not sure of it.
  if (text.endsWith('?')) return finding('ambiguous', shown);
  const tokens = joinYears(lex(text), context.documentDate);
  const rule = refusedAtOnce(tokens, shown) ?? read(tokens, context, shown);
  return 'ok' in rule ? rule : { ok: true, rule, notes: rule.notes };
}

/**
 * Spreadsheets print a date without a time as midnight. Read as an instant it would take the whole day away
 * from the unit, so midnight behind a date in figures means the day; `trước 0h ngày 1/12` stays what it says.
 */
function withoutEmptyTime(text: string): string {
  return text.replace(
    /(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{4})(?:t| )0?(?:0:00(?::00(?:\.0+)?)?(?: ?am)?|12:00(?::00)? ?am)z?(?![\d:])/g,
    '$1',
  );
}

/**
 * A note in brackets at the end of a cell, such as `(bản cứng và bản mềm)`: left out where every word of it is known
 * to say nothing about time, or where it names the document that the limit rests on. `15 ngày (làm việc)` and `20/6/2025 (âm lịch)` are not what stands before the bracket.
 */
function withoutNote(text: string): string {
  const [, before = '', note = ''] = /^(.+?) ?\(([^()]*)\)[ .;]*$/.exec(text) ?? [];
  if (before !== '' && REFERENCE.test(note.trim())) return before;
  if (before === '' || /\d/.test(note)) return text;
  const plain = lex(note).every(
    (token) =>
      (token.kind === 'unknown' && NOTE_WORDS.has(token.text)) ||
      (token.kind === 'word' && ['and', 'comma'].includes(token.word)),
  );
  return plain ? before : text;
}

/** The same day once more in brackets, `thứ Sáu tuần sau (12/6)`: what stands before them says all that they do. */
function withoutSameDate(text: string, context: ParseContext): string {
  const [, before = '', note = ''] = /^([^()]+?) ?\(([^()]*\d[^()]*)\)[ .;]*$/.exec(text) ?? [];
  if (before === '') return text;
  const [one, other] = [before, note].map((part) => {
    const rule = parseTokens(part, context);
    return 'ok' in rule || rule.kind !== 'date' ? null : rule;
  });
  const same = one != null && other != null && one.date === other.date;
  return same && (other.minute === null || other.minute === one.minute) ? before : text;
}

const parseTokens = (text: string, context: ParseContext): DeadlineRule | DeadlineFinding => {
  const tokens = joinYears(lex(text), context.documentDate);
  return refusedAtOnce(tokens, text) ?? read(tokens, context, text);
};

const TEMPORAL: readonly Token['kind'][] = [
  'date',
  'period',
  'relative',
  'day',
  'weekday',
  'clock',
  'daypart',
  'hours',
  'count',
  'every',
  'bad',
];

/** What needs no further reading: nothing about time, unknown words, impossible values, other kinds of dates. */
function refusedAtOnce(tokens: readonly Token[], phrase: string): DeadlineFinding | null {
  const temporal = tokens.some((token) => TEMPORAL.includes(token.kind)) || has(tokens, 'regular');
  const unknown = tokens.filter(isToken('unknown'));
  if (!temporal) {
    const pointsElsewhere = has(tokens, 'no_date') || has(tokens, 'denied') || unknown.length === 0;
    return pointsElsewhere ? finding('no_date') : finding('not_understood', phrase);
  }
  if (unknown.length > 0 || has(tokens, 'denied')) return finding('not_understood', phrase);
  const bad = tokens.find(isToken('bad'));
  if (bad !== undefined)
    return bad.impossible ? finding('impossible_date', bad.text) : finding('ambiguous', phrase);
  const [only] = tokens;
  if (tokens.length === 1 && only?.kind === 'relative' && only.bare)
    return finding('incomplete_date', phrase);
  if (has(tokens, 'extension')) return finding('extension');
  if (has(tokens, 'as_of')) return finding('as_of_not_end');
  return null;
}

function read(
  tokens: readonly Token[],
  context: ParseContext,
  phrase: string,
): DeadlineRule | DeadlineFinding {
  const reading: Reading = { documentDate: context.documentDate, notes: new Set() };
  if (tokens.some(isToken('every')) || has(tokens, 'regular')) return readRegular(tokens, reading, phrase);
  const counts = tokens.filter(isToken('count'));
  const points = tokens.filter(isPoint);
  const hours = tokens.filter(isToken('hours'));
  const anchored = tokens.some(isToken('anchor'));
  // `24 giờ` is a time of day beside a date and a limit by itself.
  const hoursAreClock = hours.length > 0 && points.length > 0 && counts.length === 0 && !anchored;
  if (counts.length + (hoursAreClock ? 0 : hours.length) > 0) return readCount(tokens, reading, phrase);
  // `kể từ ngày ký đến hết 31/12/2026`: it begins with the signing, and its end is what is asked.
  const ends = points.length === 1 && has(tokens.slice(tokens.findIndex(isToken('anchor'))), 'until');
  if (anchored && !ends) return finding('not_understood', phrase);
  if (tokens.some(isToken('daypart'))) return finding('ambiguous', phrase);
  if (points.length === 0) return finding('incomplete_date', phrase);
  if (points.length === 2 && joinsTwo(tokens)) return readWindow(tokens, reading, phrase);
  if (points.length > 1) return finding('two_dates');
  return readOne(tokens, reading, phrase);
}

/** `X - Y`, `từ X đến Y`, `between X and Y`: the joining word stands between the two. */
function joinsTwo(tokens: readonly Token[]): boolean {
  const places = tokens.flatMap((token, i) => (isPoint(token) ? [i] : []));
  const between = tokens.slice((places[0] ?? 0) + 1, places[1]);
  // `đến hết 30/6 và đến hết 31/12`: two ends, and no window between them.
  if (has(between, 'until') || has(between, 'range')) return !has(between, 'and');
  return has(between, 'and') && has(tokens.slice(0, places[0]), 'from');
}

function readWindow(
  tokens: readonly Token[],
  reading: Reading,
  phrase: string,
): DeadlineRule | DeadlineFinding {
  const [first, last] = tokens.filter(isPoint);
  if (first === undefined || last === undefined) return finding('not_understood');
  // `từ tháng 6 đến giữa tháng 7`: the end of July is not its end.
  const afterFirst = tokens.slice(tokens.indexOf(first));
  if (PARTS.some((part) => has(afterFirst, part) || (part !== 'begin' && has(tokens, part))))
    return finding('ambiguous', phrase);
  // `6 tháng đầu năm - 2025`: the year is no end of its own.
  const yearless = (first.kind === 'date' || first.kind === 'period') && first.year === null;
  if (yearless && has(tokens, 'range') && last.kind === 'period' && last.unit === 'year')
    return finding('ambiguous', phrase);
  const to = pointOf(last, reading);
  if ('ok' in to) return to;
  const from = pointOf(first, { ...reading, before: to });
  if ('ok' in from) return from;
  const start = from.kind === 'date' ? from.date : periodStart(from.period);
  const end = to.kind === 'date' ? to.date : periodEnd(to.period);
  if (end < start) return finding('window_reversed', `${start} - ${end}`);
  // `từ 8h ngày 20/6 đến 17h ngày 30/6`: due at the time that stands with the end.
  const minute = timeOfDay(afterFirst);
  const early = timeOfDay(tokens.slice(0, tokens.indexOf(first)));
  if (minute !== null) return timedEnd(to, minute, reading, phrase);
  if (early !== null) return finding('ambiguous', phrase);
  return { kind: 'window', from: start, to: end, toPeriod: to.kind === 'period', notes: [...reading.notes] };
}

function timedEnd(
  to: Point,
  minute: Exclude<ReturnType<typeof timeOfDay>, null>,
  { notes }: Reading,
  phrase: string,
): DeadlineRule | DeadlineFinding {
  const isTime = minute === 'closing' || (minute !== 'several' && minute <= DAY_MINUTES);
  if (!isTime || to.kind === 'period') return finding('ambiguous', phrase);
  return { kind: 'date', date: to.date, minute, before: false, notes: [...notes] };
}

function readCount(
  tokens: readonly Token[],
  reading: Reading,
  phrase: string,
): DeadlineRule | DeadlineFinding {
  const amounts = tokens.filter((token) => token.kind === 'count' || token.kind === 'hours');
  const [amount] = amounts;
  if (amounts.length !== 1 || amount === undefined) return finding('not_understood', phrase);
  // `trong -5 ngày`: a sign before an amount makes it none.
  if (amount.value === 0 || has(tokens, 'range')) return finding('not_understood', phrase);
  // `15 ngày đầu`, `nửa tháng cuối`: the days of something, and no time from now.
  const ofSomething =
    PARTS.some((part) => has(tokens, part)) || has(tokens.slice(tokens.indexOf(amount)), 'end');
  const points = tokens.some(isPoint);
  if (ofSomething && !points) return finding('ambiguous', phrase);
  const from = countFrom(tokens, reading, tokens.indexOf(amount));
  if (typeof from === 'object' && 'ok' in from) return from;
  if (amount.kind === 'hours' && has(tokens, 'before')) return finding('incomplete_date', phrase);
  if (has(tokens, 'before') || has(tokens, 'start')) return finding('ambiguous', phrase);
  // A date has no hour to count hours from.
  const counted = amount.kind === 'hours' ? 'h' : amount.unit;
  if (typeof from === 'object' && ['s', 'min', 'h', 'wh'].includes(counted))
    return finding('ambiguous', phrase);
  // `sau 5 ngày` alone may be the earliest moment as well as the latest.
  const afterIt = tokens.slice(0, tokens.indexOf(amount));
  if (has(afterIt, 'after') && !has(tokens, 'by')) return finding('ambiguous', phrase);
  const notes = [...reading.notes];
  if (amount.kind === 'hours') {
    return { kind: 'count', count: { value: amount.value, unit: 'h' }, bare: false, from, notes };
  }
  const { value, unit, bare } = amount;
  if (unit === 'month' || unit === 'year') {
    // A bare `6 tháng` may as well be the half-year of the reporting calendar.
    const told = has(tokens, 'in') || has(tokens, 'by') || tokens.some(isToken('anchor')) || from !== 'issue';
    if (!told) return finding('ambiguous', phrase);
    return { kind: 'months', months: unit === 'year' ? value * 12 : value, from, notes };
  }
  if (unit === 'week') {
    return { kind: 'count', count: { value: value * 7, unit: 'd' }, bare: false, from, notes };
  }
  return { kind: 'count', count: { value, unit }, bare, from, notes };
}

/** In days; further ahead a date without a year more likely lies behind. */
const HALF_A_YEAR = 183;

/** The date and the same one a year earlier. */
const nearest = (date: IsoDate): string => {
  const [year = '', month = '', day = ''] = date.split('-');
  return [Number(year) - 1, year].map((each) => `${Number(day)}/${Number(month)}/${each}`).join(', ');
};

/** Where a count begins: the stated event, a stated date (`10 ngày kể từ 01/6/2025`), or the issue. */
function countFrom(tokens: readonly Token[], reading: Reading, at: number): CountFrom | DeadlineFinding {
  const anchors = tokens.filter(isToken('anchor'));
  const points = tokens.filter(isPoint);
  if (points.length + anchors.length > 1) return finding('two_dates');
  const [point] = points;
  if (point === undefined) {
    const [clockOrWeekday] = tokens.filter((token) => token.kind === 'clock' || token.kind === 'weekday');
    if (clockOrWeekday !== undefined) return finding('two_dates');
    // `5 ngày kể từ`: of what is not said.
    if (anchors.length === 0 && has(tokens, 'from')) return finding('not_understood');
    return anchors[0]?.from ?? 'issue';
  }
  const before = tokens.slice(at, tokens.indexOf(point));
  if (!(has(before, 'from') || has(before, 'after'))) return finding('two_dates');
  const start = pointOf(point, reading);
  if ('ok' in start) return start;
  if (start.kind === 'period') return finding('ambiguous', 'count from a period');
  // `30 ngày kể từ 1/6` in a document of 2 June counts from yesterday rather than from next year.
  const { documentDate } = reading;
  const guessed = point.kind === 'date' && point.year === null && documentDate !== null;
  if (guessed && start.date > addCalendarDays(documentDate, HALF_A_YEAR))
    return finding('ambiguous', nearest(start.date));
  return { date: start.date };
}

/** One date or period, with the words around it. */
function readOne(tokens: readonly Token[], reading: Reading, phrase: string): DeadlineRule | DeadlineFinding {
  const token = tokens.find(isPoint);
  if (token === undefined) return finding('not_understood');
  const point = pointOf(token, reading);
  if ('ok' in point) return point;
  const shown = point.kind === 'date' ? point.date : phrase;
  const starts =
    has(tokens, 'start') || has(tokens, 'after') || (has(tokens, 'from') && !has(tokens, 'until'));
  if (starts) return finding('start_not_end', shown);
  const minute = timeOfDay(tokens);
  if (minute === 'several') return finding('two_dates');
  if (typeof minute === 'number' && minute > DAY_MINUTES)
    return finding('impossible_date', `${minute / 60}h`);
  const notes = [...reading.notes];
  const before = has(tokens, 'before');
  if (point.kind === 'date') {
    if (PARTS.some((part) => has(tokens, part))) return finding('ambiguous', phrase);
    if (!weekdayAgrees(tokens, point)) return finding('ambiguous', phrase);
    return { kind: 'date', date: point.date, minute, before, notes };
  }
  return readPeriod(tokens, point, { minute, before, notes, phrase: phrase });
}

interface Around {
  readonly minute: number | 'closing' | null;
  readonly before: boolean;
  readonly notes: readonly ReadingNote[];
  readonly phrase: string;
}

function readPeriod(
  tokens: readonly Token[],
  { period }: Extract<Point, { kind: 'period' }>,
  { minute, before, notes, phrase }: Around,
): DeadlineRule | DeadlineFinding {
  if (tokens.some(isToken('weekday'))) return finding('incomplete_date', phrase);
  const begin = has(tokens, 'begin');
  const tenth = has(tokens, 'first_ten') ? 10 : has(tokens, 'second_ten') ? 20 : null;
  if (tenth !== null) {
    if (period.unit !== 'month') return finding('no_date');
    if (before || begin || has(tokens, 'end')) return finding('ambiguous', phrase);
    const date = addCalendarDays(periodStart(period), tenth - 1);
    return { kind: 'date', date, minute, before: false, notes };
  }
  if (begin || has(tokens, 'middle')) {
    // Beginning, middle and end name a day of a month only; "early in the year" names none.
    if (period.unit !== 'month') return finding('no_date');
    if (minute !== null) return finding('not_understood', phrase);
    return { kind: 'part_of', period, part: begin ? 'beginning' : 'middle', before, notes };
  }
  const end = has(tokens, 'end');
  // Strictly "before August" ends on 31 July, but `before 20/6` counts the 20th: which of the two is asked.
  if (before && !end) return finding('ambiguous', phrase);
  if (minute !== null) {
    return end
      ? { kind: 'date', date: periodEnd(period), minute, before, notes }
      : finding('incomplete_date', phrase);
  }
  return { kind: 'end_of', period, notes };
}

/** 24:00, the end of a day; a clock with minutes is held against it where it is read. */
const DAY_MINUTES = 24 * 60;

function timeOfDay(tokens: readonly Token[]): number | 'closing' | 'several' | null {
  const clocks = tokens.filter(isToken('clock')).map(({ minute }) => minute);
  const hours = tokens.filter(isToken('hours')).map(({ value }) => value * 60);
  const times: (number | 'closing')[] = [...clocks, ...hours];
  if (has(tokens, 'closing')) times.push('closing');
  return times.length > 1 ? 'several' : (times[0] ?? null);
}

/** `thứ Sáu ngày 20/6/2025`: a weekday beside a date must be the date's own. */
function weekdayAgrees(tokens: readonly Token[], point: Extract<Point, { kind: 'date' }>): boolean {
  return tokens.filter(isToken('weekday')).every(({ weekday }) => weekday === point.weekday);
}
