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
    return token.day === null && !periodic && (within || hasWord(before, 'end'));
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
  const yearly = days.some(({ every }, i) => every === 'year' && isDated(days[i]));
  if (days.length > 0) return yearly ? days.filter((day) => day.every !== 'year' || isDated(day)) : days;
  const last = !ended && hasWord(tokens, 'end');
  return recurrences.map((every) => ({ every, month: null, day: last ? 'last' : null }));
}

/** `ngày 20 hằng tháng và 20/12 hằng năm`: the day of the month is not the year's, which has its own date. */
const isDated = (day: ReportDay | undefined): boolean =>
  day !== undefined && 'month' in day && day.month !== null;

function daysNamed(
  token: Token,
  recurrences: readonly Recurrence[],
  { reading, phrase }: Asked,
): readonly ReportDay[] | DeadlineFinding {
  if (token.kind === 'day' || token.kind === 'relative') {
    const { day } = token;
    if (day === null) return [];
    if (day < 1 || day > 31) return finding('impossible_date', String(day));
    return recurrences.map((every) => ({ every, month: null, day }));
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
