import { dayNumberOf } from '../civil-date.js';
import type { IsoDate } from '../instant.js';
import { compare, type Fraction, fractionOf, minus, numberOf, over, plus, times, ZERO } from './fraction.js';
import type { Figure } from './series.js';

/**
 * What is to be reached. With a denominator it is a rate (80 of 100), and figures are compared as rates, each by its
 * own whole; without, a count (319,284 accounts), and figures are compared by their numerators.
 */
export interface Target {
  readonly numerator: number;
  readonly denominator: number | null;
}

/** Why nothing can be foretold. */
export type NoForecast = 'no_target' | 'no_figure' | 'one_day' | 'no_deadline' | 'no_whole';

export interface Outlook {
  /** Whether the latest figure reaches the target; null where there is none to compare. */
  readonly met: boolean | null;
  /** By how much the numerator grew per calendar day, from the first reported day to the latest. */
  readonly perDay: number | null;
  /** By how much it would have to grow each day until the deadline; zero where it is reached. */
  readonly neededPerDay: number | null;
  /** On the day of the deadline, if it goes on as it went; a rate by the latest whole. */
  readonly forecast: Figure | null;
  readonly misses: boolean | null;
  readonly why: NoForecast | null;
}

export interface OutlookQuestion {
  readonly target: Target | null;
  /** Of the earliest and the latest day that have one; the same where only one has. */
  readonly first: Figure | null;
  readonly latest: Figure | null;
  /** The day on which the deadline falls. */
  readonly dueOn: IsoDate | null;
}

const UNKNOWN: Outlook = {
  met: null,
  perDay: null,
  neededPerDay: null,
  forecast: null,
  misses: null,
  why: null,
};

/**
 * The straight line through the first and the latest reported day, drawn on to the deadline. Two values that
 * everybody can look up, and no fitted curve: whoever is warned can check the warning with a pencil.
 */
export function outlookOf(question: OutlookQuestion): Outlook {
  const { target, first, latest, dueOn } = question;
  if (target === null) return { ...UNKNOWN, why: 'no_target' };
  if (first === null || latest === null) return { ...UNKNOWN, why: 'no_figure' };
  const whole = wholeOf(target, latest);
  const [began, reached] = [rateOf(target, first), rateOf(target, latest)];
  const wanted = wantedValue(target);
  if (whole === null || began === null || reached === null || wanted === null)
    return { ...UNKNOWN, why: 'no_whole' };
  const met = compare(reached, wanted) >= 0;
  const days = daysBetween(first.asOf, latest.asOf);
  const slope = days <= 0 ? null : over(minus(reached, began), fractionOf(days));
  const perDay = slope === null ? null : numberOf(times(slope, whole));
  if (dueOn === null) return { ...UNKNOWN, met, perDay, why: 'no_deadline' };
  const left = Math.max(0, daysBetween(latest.asOf, dueOn));
  const neededPerDay = met
    ? 0
    : left === 0
      ? null
      : numberOf(times(over(minus(wanted, reached), fractionOf(left)), whole));
  if (slope === null) return { ...UNKNOWN, met, neededPerDay, why: 'one_day' };
  const then = plus(reached, times(slope, fractionOf(left)));
  const forecast = {
    numerator: numberOf(times(then, whole)),
    denominator: target.denominator === null ? latest.denominator : numberOf(whole),
    asOf: dueOn,
  };
  return { met, perDay, neededPerDay, forecast, misses: compare(then, wanted) < 0, why: null };
}

/** The whole that a figure's rate is of; one where the target is a count. Null where it cannot be divided by. */
export function wholeOf(target: Target, figure: Figure): Fraction | null {
  if (target.denominator === null) return { top: 1n, bottom: 1n };
  const whole = fractionOf(figure.denominator ?? target.denominator);
  return whole.top === 0n ? null : whole;
}

function rateOf(target: Target, figure: Figure): Fraction | null {
  const whole = wholeOf(target, figure);
  return whole === null ? null : over(fractionOf(figure.numerator), whole);
}

function wantedValue({ numerator, denominator }: Target): Fraction | null {
  const wanted = fractionOf(numerator);
  if (denominator === null) return wanted;
  const whole = fractionOf(denominator);
  return compare(whole, ZERO) === 0 ? null : over(wanted, whole);
}

/** What the figure's whole asks for by the target's rate; the target's numerator where it is a count. */
export function neededOf(target: Target, figure: Figure): Fraction | null {
  const whole = wholeOf(target, figure);
  const wanted = wantedValue(target);
  return whole === null || wanted === null ? null : times(wanted, whole);
}

const daysBetween = (from: IsoDate, to: IsoDate): number => dayNumberOf(to) - dayNumberOf(from);
