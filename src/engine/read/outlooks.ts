import type { Assignment } from '../../domain/assignment/state.js';
import { type NoForecast, type Outlook, type Target, wholeOf } from '../../domain/figures/outlook.js';
import { HALF_UP_2, type RatioView, type Rounding, ratioOf } from '../../domain/figures/ratio.js';
import type { Figure } from '../../domain/figures/series.js';
import { outlookOfAssignment, targetOf, warningText, warns } from '../../domain/figures/warning.js';
import type { Instant } from '../../domain/instant.js';
import { inLocale, type Locale, localDay } from './view.js';

/** Where an indicator stands and where it goes, for people to read. */
export interface OutlookView {
  readonly target: Target | null;
  /** Of a count: how much of the target; of a rate: the rate itself. */
  readonly reached: RatioView | null;
  readonly met: boolean | null;
  readonly perDay: number | null;
  readonly neededPerDay: number | null;
  readonly forecast: RatioView | null;
  readonly misses: boolean | null;
  readonly why: NoForecast | null;
  /** Said to the unit before its deadline: going on as so far, the target is missed. */
  readonly warning: string | null;
}

/** A figure as the ratio that is held against its target. */
export function reachedRatio(target: Target | null, figure: Figure, rounding: Rounding): RatioView {
  const { numerator, asOf } = figure;
  const own = figure.denominator;
  const denominator =
    target === null
      ? own
      : target.denominator === null
        ? target.numerator
        : wholeOf(target, figure) === null
          ? null
          : (own ?? target.denominator);
  return ratioOf({ numerator, denominator, asOf, rounding });
}

export function outlookView(
  target: Target | null,
  latest: Figure | null,
  outlook: Outlook,
  { rounding, warned, locale }: { rounding: Rounding; warned: boolean; locale: Locale },
): OutlookView {
  const text = warned && target !== null ? warningText(outlook, target) : null;
  return {
    target,
    reached: latest === null ? null : reachedRatio(target, latest, rounding),
    met: outlook.met,
    perDay: outlook.perDay,
    neededPerDay: outlook.neededPerDay,
    forecast: outlook.forecast === null ? null : reachedRatio(target, outlook.forecast, rounding),
    misses: outlook.misses,
    why: outlook.why,
    warning: text === null ? null : inLocale(text, locale),
  };
}

/** From the state alone: what lists of assignments show. Null where a product is asked for. */
export function assignmentOutlook(a: Assignment, now: Instant, locale: Locale): OutlookView | null {
  if (a.result.kind !== 'indicator') return null;
  const outlook = outlookOfAssignment(a, a.dueAt === null ? null : localDay(a.dueAt));
  const seen = { rounding: HALF_UP_2, warned: warns(a, outlook, now), locale };
  return outlookView(targetOf(a), a.figure, outlook, seen);
}
