import { isRealDate } from '../civil-date.js';
import { type DeadlineFinding, finding } from './findings.js';
import { periodEnd } from './periods.js';
import { pointOf, type Reading } from './point.js';
import { type DeadlineRule, type Recurrence, type ReportDay, recurrenceOfMonths } from './rule.js';
import { hasWord, isPoint, isToken, PARTS, type Token, type TokenOf, type Word } from './tokens.js';

/**
 * A regular task: no single date. Days named beside a periodic word are its report days
 * (`hằng tháng trước ngày 25`), a named period is how long it goes on (`thường xuyên trong năm 2025`). A date of
 * one year beside a named recurrence (`trước 15/12/2026 và báo cáo hằng tháng`) is a deadline or an end: it is asked.
 */
export function readRegular(
  tokens: readonly Token[],
  reading: Reading,
  phrase: string,
): DeadlineRule | DeadlineFinding {
  const partly = [...PARTS, 'start' as const].some((name) => hasWord(tokens, name));
  if (partly || tokens.some((token, i) => isOtherThanEnd(token, i, tokens)))
    return finding('ambiguous', phrase);
  const periodic = tokens.filter(isToken('every'));
  const counted = tokens.some(isToken('count')) || tokens.some(isToken('hours'));
  if (periodic.length === 0 && counted) return finding('ambiguous', phrase);
  const ends = tokens.filter((token, i) => endsIt(token, tokens.slice(0, i), periodic.length > 0));
  if (ends.length > 1) return finding('two_dates');
  const rest = tokens.filter((token) => !ends.includes(token));
  if (periodic.length === 0 && rest.some(isPoint)) return finding('ambiguous', phrase);
  const end = ends[0] === undefined ? null : pointOf(ends[0], reading);
  if (end !== null && 'ok' in end) return end;
  const reportDays =
    periodic.length === 0 ? [] : reportDaysOf(rest, periodic, { reading, phrase }, end !== null);
  if ('ok' in reportDays) return reportDays;
  const timed = tokens.some((token) => ['clock', 'hours', 'daypart'].includes(token.kind));
  if (timed || hasWord(tokens, 'closing')) reading.notes.add('time_left_out');
  const until = end === null ? null : end.kind === 'date' ? end.date : periodEnd(end.period);
  return { kind: 'regular', reportDays, until, notes: [...reading.notes] };
}

const NO_END: readonly Word[] = ['before', 'by', 'from', 'after', 'and'];

/** `quý II/2027 và thường xuyên`, `từ tháng 01/2027`, `tháng 12 hằng năm`: a period that may be no end of it all. */
function isOtherThanEnd(token: Token, at: number, tokens: readonly Token[]): boolean {
  if (token.kind !== 'period') return false;
  const yearly = token.unit !== 'year' && token.year === null && tokens.some(isYearly);
  const beside = [introducer(tokens.slice(0, at)), tokens[at + 1]];
  return yearly || beside.some((other) => other?.kind === 'word' && NO_END.includes(other.word));
}

const isYearly = (token: Token): boolean => token.kind === 'every' && token.every === 'year';

/** The word before, but for `hết`, `cuối`. */
function introducer(before: readonly Token[]): Token | undefined {
  const [last, previous] = [before.at(-1), before.at(-2)];
  return last?.kind === 'word' && last.word === 'end' ? previous : last;
}

const WITHIN: readonly Word[] = ['in', 'until'];

/** A period, or a date after "until", says how long the regular task goes on. */
function endsIt(token: Token, before: readonly Token[], periodic: boolean): boolean {
  if (token.kind === 'period') return true;
  // `định kỳ 6 tháng, năm` names recurrences with bare units, `thường xuyên trong năm` names the year.
  const introduced = introducer(before);
  if (token.kind === 'relative' && token.bare) {
    // `thường xuyên, báo cáo quý` names a rhythm and not this quarter.
    const within = introduced?.kind === 'word' && WITHIN.includes(introduced.word);
    return token.day === null && (within || (!periodic && hasWord(before, 'end')));
  }
  if (token.kind === 'relative') return token.day === null;
  return token.kind === 'date' && introduced?.kind === 'word' && introduced.word === 'until';
}

interface Asked {
  readonly reading: Reading;
  readonly phrase: string;
}

function reportDaysOf(
  tokens: readonly Token[],
  periodic: readonly TokenOf<'every'>[],
  asked: Asked,
  ended: boolean,
): readonly ReportDay[] | DeadlineFinding {
  const recurrences = recurrencesOf(tokens, periodic);
  if (saysMore(tokens, recurrences)) return finding('ambiguous', asked.phrase);
  const days: ReportDay[] = [];
  for (const token of tokens) {
    const found = daysNamed(token, recurrences, asked);
    if ('ok' in found) return found;
    days.push(...found);
  }
  const weekdays = [...tokens.filter(isToken('weekday')), ...periodic].flatMap(
    ({ weekday }) => weekday ?? [],
  );
  for (const weekday of weekdays) days.push({ every: 'week', month: null, day: weekday });
  // `ngày 15 tháng cuối quý`: a day alone does not say of which month.
  if (hasWord(tokens, 'end') && days.some((day) => day.every === 'quarter' && 'day' in day))
    return finding('ambiguous', asked.phrase);
  if (days.length > 0) return [...ownDays(days), ...withoutDay(days, periodic)];
  const last = !ended && hasWord(tokens, 'end');
  // `hằng tháng và cuối năm`: the end of one of them, or of each.
  if (last && recurrences.length > 1) return finding('ambiguous', asked.phrase);
  return recurrences.map((every) => ({ every, month: null, day: last ? 'last' : null }));
}

const MONTHLY_OR_LONGER: readonly Recurrence[] = ['month', 'quarter', 'half', 'year'];

/**
 * What no report day holds: a limit (`hằng tháng, trong 5 ngày`) or a rhythm that reports have no periods of (`định kỳ 2
 * tuần`), the third month of a quarter read as a Tuesday (`tháng thứ ba hằng quý`), all days from one weekday to
 * another, an end of the period beside another day, or days of which it is not sure whose they are (`hằng tháng trước
 * ngày 20, hằng quý trước ngày 25`).
 */
function saysMore(tokens: readonly Token[], recurrences: readonly Recurrence[]): boolean {
  const days = tokens.filter(({ kind }) => kind === 'day').length;
  const dated = tokens.some((token) => token.kind === 'date' && token.year === null);
  const ofDays = recurrences.filter(
    (every) => MONTHLY_OR_LONGER.includes(every) && !(dated && every === 'year'),
  );
  const ofPeriod = tokens.some(
    (token, i) => token.kind === 'word' && token.word === 'end' && isRecurring(tokens[i + 1]),
  );
  return (
    tokens.some((token) => token.kind === 'count' && !isRhythm(token, recurrences)) ||
    strangeWeekdays(tokens, recurrences) ||
    (ofPeriod && days > 0) ||
    (days > 1 && ofDays.length > 1)
  );
}

function strangeWeekdays(tokens: readonly Token[], recurrences: readonly Recurrence[]): boolean {
  const places = tokens.flatMap((token, i) => (token.kind === 'weekday' ? [i] : []));
  if (places.length === 0) return false;
  const between = tokens.slice(places[0], places.at(-1));
  const stretch = hasWord(between, 'until') || hasWord(between, 'range');
  return stretch || (recurrences.length > 0 && !recurrences.includes('week'));
}

const isRecurring = (token: Token | undefined): boolean =>
  token?.kind === 'every' || (token?.kind === 'relative' && token.bare);

/** `định kỳ 3, 6, 9 tháng`: the third of four quarters is no rhythm of its own. */
const isRhythm = (token: TokenOf<'count'>, recurrences: readonly Recurrence[]): boolean =>
  recurrenceOfCount(token) !== null ||
  (token.unit === 'month' && token.value === 9 && recurrences.includes('quarter'));

/** `hằng tháng và 15/12 hằng năm`: the month is reported on as well, on no day of its own. */
function withoutDay(days: readonly ReportDay[], periodic: readonly TokenOf<'every'>[]): ReportDay[] {
  const named = new Set(periodic.flatMap(({ every }) => every ?? []));
  return [...named]
    .filter((every) => !days.some((day) => day.every === every))
    .map((every) => ({ every, month: null, day: null }));
}

function ownDays(days: readonly ReportDay[]): readonly ReportDay[] {
  const yearly = days.some((day) => day.every === 'year' && isDated(day));
  return yearly ? days.filter((day) => day.every !== 'year' || isDated(day)) : days;
}

/** `ngày 20 hằng tháng và 20/12 hằng năm`: the day of the month is not the year's, which has its own date. */
const isDated = (day: ReportDay): boolean => 'month' in day && day.month !== null;

function daysNamed(
  token: Token,
  recurrences: readonly Recurrence[],
  { reading, phrase }: Asked,
): readonly ReportDay[] | DeadlineFinding {
  if (token.kind === 'day' || token.kind === 'relative') {
    const { day } = token;
    if (day === null) return [];
    if (day < 1 || day > 31) return finding('impossible_date', String(day));
    // `hằng tuần, ngày 5`, `định kỳ ngày 15`: the day of which month is not said.
    const dated = recurrences.filter((every) => MONTHLY_OR_LONGER.includes(every));
    if (dated.length === 0) return finding('ambiguous', phrase);
    return dated.map((every) => ({ every, month: null, day }));
  }
  if (token.kind !== 'date') return [];
  if (token.year === null && recurrences.includes('year')) {
    const { month, day } = token;
    return isRealDate(2024, month, day)
      ? [{ every: 'year', month, day }]
      : finding('impossible_date', `${day}/${month}`);
  }
  if (recurrences.length > 0) return finding('ambiguous', phrase);
  const point = pointOf(token, reading);
  if ('ok' in point) return point;
  return point.kind === 'date' ? [{ every: 'once', date: point.date }] : [];
}

/** `hằng tháng`, `định kỳ 6 tháng, năm`: each recurrence once. */
function recurrencesOf(
  tokens: readonly Token[],
  periodic: readonly TokenOf<'every'>[],
): readonly Recurrence[] {
  const found = new Set<Recurrence>(periodic.flatMap(({ every }) => every ?? []));
  for (const token of tokens) {
    if (token.kind === 'relative' && token.bare && token.day === null) found.add(token.unit);
    if (token.kind === 'count') {
      const every = recurrenceOfCount(token);
      if (every !== null) found.add(every);
    }
  }
  return [...found];
}

function recurrenceOfCount({ value, unit }: TokenOf<'count'>): Recurrence | null {
  if (unit === 'month') return recurrenceOfMonths(value) ?? null;
  if (unit === 'week' && value === 1) return 'week';
  return unit === 'year' && value === 1 ? 'year' : null;
}
