import { type DeadlineFinding, finding } from './findings.js';
import { pointOf, type Reading } from './point.js';
import type { DeadlineRule, Recurrence, ReportDay } from './rule.js';
import { isToken, type Token, type TokenOf } from './tokens.js';

const MONTHS_APART = new Map<number, Recurrence>([
  [1, 'month'],
  [3, 'quarter'],
  [6, 'half'],
  [12, 'year'],
]);

/**
 * A regular task: no single date. Days named beside a periodic word are its report days
 * (`hằng tháng trước ngày 25`); a date beside a plain "regularly" contradicts it and is asked.
 */
export function readRegular(tokens: readonly Token[], reading: Reading): DeadlineRule | DeadlineFinding {
  const periodic = tokens.filter(isToken('every'));
  const points = tokens.filter((token) => token.kind === 'date' || token.kind === 'period');
  if (periodic.length === 0) {
    if (points.length > 0 || tokens.some(isToken('count'))) {
      return finding('ambiguous', 'thường xuyên / regular');
    }
    return { kind: 'regular', reportDays: [], notes: [] };
  }
  const reportDays = reportDaysOf(tokens, periodic, reading);
  return 'ok' in reportDays ? reportDays : { kind: 'regular', reportDays, notes: [...reading.notes] };
}

function reportDaysOf(
  tokens: readonly Token[],
  periodic: readonly TokenOf<'every'>[],
  reading: Reading,
): readonly ReportDay[] | DeadlineFinding {
  const recurrences = recurrencesOf(tokens, periodic);
  const yearly = recurrences.includes('year');
  const days: ReportDay[] = [];
  for (const token of tokens) {
    if (token.kind === 'day') {
      if (token.day < 1 || token.day > 31) return finding('impossible_date', String(token.day));
      for (const every of recurrences) days.push({ every, month: null, day: token.day });
    } else if (token.kind === 'date' && token.year === null && yearly) {
      days.push({ every: 'year', month: token.month, day: token.day });
    } else if (token.kind === 'date') {
      const point = pointOf(token, reading);
      if ('ok' in point) return point;
      if (point.kind === 'date') days.push({ every: 'once', date: point.date });
    }
  }
  const weekdays = [...tokens.filter(isToken('weekday')), ...periodic].flatMap(
    ({ weekday }) => weekday ?? [],
  );
  for (const weekday of weekdays) days.push({ every: 'week', month: null, day: weekday });
  if (days.length > 0) return days;
  const last = tokens.some((token) => token.kind === 'word' && token.word === 'end');
  return recurrences.map((every) => ({ every, month: null, day: last ? 'last' : null }));
}

/** `hằng tháng`, `định kỳ 6 tháng, năm`: each recurrence once. */
function recurrencesOf(
  tokens: readonly Token[],
  periodic: readonly TokenOf<'every'>[],
): readonly Recurrence[] {
  const found = new Set<Recurrence>(periodic.flatMap(({ every }) => every ?? []));
  for (const token of tokens) {
    if (token.kind === 'relative' && token.bare) found.add(token.unit);
    if (token.kind === 'count') {
      const every = recurrenceOfCount(token);
      if (every !== null) found.add(every);
    }
  }
  return [...found];
}

function recurrenceOfCount({ value, unit }: TokenOf<'count'>): Recurrence | null {
  if (unit === 'month') return MONTHS_APART.get(value) ?? null;
  if (unit === 'week' && value === 1) return 'week';
  return unit === 'year' && value === 1 ? 'year' : null;
}
