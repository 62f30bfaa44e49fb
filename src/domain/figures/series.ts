import type { Instant, IsoDate } from '../instant.js';
import { type Breakdown, breakdownOf } from './ratio.js';

/** What was reached of an indicator on a day. Without a whole (null) it counts against the target's own. */
export interface Figure {
  readonly numerator: number;
  readonly denominator: number | null;
  /** The local day of the figure. */
  readonly asOf: IsoDate;
}

/** A figure as it was reported, in the order of the record. */
export interface ReportedFigure extends Figure {
  /** When it entered the record. */
  readonly knownAt: Instant;
  /** Why it differs from what was said before; what the report said where no reason was given. */
  readonly reason: string | null;
  /** What the reporter said it comes to. */
  readonly percent: number | null;
  /** Its breakdown; null where none was given. A name that was destroyed is null. */
  readonly parts: readonly { readonly name: string | null; readonly numerator: number }[] | null;
}

/** The value of one day, with every value it had before. */
export interface SeriesValue extends ReportedFigure {
  /** The reason is told of a restatement only. */
  readonly restated: boolean;
  /** What was held for true before, the first one first; each until the next became known. */
  readonly formerly: readonly (Pick<ReportedFigure, 'numerator' | 'denominator' | 'knownAt' | 'reason'> & {
    readonly until: Instant;
  })[];
  /** Whether its parts make it; null where it came without. */
  readonly breakdown: Breakdown | null;
}

export interface SeriesQuestion {
  /** Values up to this day; null: all. */
  readonly asOf: IsoDate | null;
  /** By what the record held then; null: all that is known. */
  readonly knownAt: Instant | null;
}

/**
 * One value per day, in the order of the days. What is reported for a day that has a value already restates it:
 * the former value is kept, with when each became known. The same value once more is no restatement.
 */
export function seriesOf(reported: readonly ReportedFigure[], question: SeriesQuestion): SeriesValue[] {
  const { asOf, knownAt } = question;
  const days = new Map<IsoDate, SeriesValue>();
  for (const figure of reported) {
    if (asOf !== null && figure.asOf > asOf) continue;
    if (knownAt !== null && figure.knownAt > knownAt) continue;
    days.set(figure.asOf, restated(days.get(figure.asOf) ?? null, figure));
  }
  return [...days.values()].sort((one, other) => (one.asOf < other.asOf ? -1 : 1));
}

function restated(before: SeriesValue | null, figure: ReportedFigure): SeriesValue {
  const sums = figure.parts?.map((part) => part.numerator) ?? null;
  const breakdown = sums === null ? null : breakdownOf(figure.numerator, sums);
  if (before === null) return { ...figure, restated: false, formerly: [], breakdown };
  const same = before.numerator === figure.numerator && before.denominator === figure.denominator;
  if (same) {
    const percent = figure.percent ?? before.percent;
    return figure.parts === null
      ? { ...before, percent }
      : { ...before, percent, parts: figure.parts, breakdown };
  }
  const { numerator, denominator, knownAt, reason } = before;
  const former = {
    numerator,
    denominator,
    knownAt,
    reason: before.restated ? reason : null,
    until: figure.knownAt,
  };
  return { ...figure, restated: true, formerly: [...before.formerly, former], breakdown };
}
