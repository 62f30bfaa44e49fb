import type { IsoDate } from '../instant.js';
import { compare, type Fraction, fractionOf, numberOf, plus, ZERO } from './fraction.js';
import { neededOf, type Target } from './outlook.js';
import type { Figure } from './series.js';

/** What one unit brings to the figure of a task: its target, and its figure of the latest day, if any. */
export interface Share {
  readonly unitId: string;
  readonly target: Target | null;
  readonly figure: Figure | null;
}

/**
 * Shares added up. Adding is all there is to it: sums of numerators and of denominators, never a mean of rates, so
 * that it makes no difference in which parts it was added.
 */
export interface RollUp {
  readonly units: number;
  readonly numerator: Fraction;
  /** Null as soon as one figure among them has no whole of its own: then there is none of the sum. */
  readonly denominator: Fraction | null;
  /** What the targets ask for; null as soon as one unit has none. A rate asks by the whole of its figure. */
  readonly needed: Fraction | null;
  /** Days of the figures that were added. */
  readonly oldest: IsoDate | null;
  readonly newest: IsoDate | null;
  /** Units that have reported nothing: the sum is without them. */
  readonly missing: readonly string[];
  /** Units whose rate came without its whole: it cannot be added, and the sum is without them. */
  readonly withoutWhole: readonly string[];
}

export const NOTHING: RollUp = {
  units: 0,
  numerator: ZERO,
  denominator: ZERO,
  needed: ZERO,
  oldest: null,
  newest: null,
  missing: [],
  withoutWhole: [],
};

/** The roll-up of one unit. */
export function rollUpOf({ unitId, target, figure }: Share): RollUp {
  const one = { ...NOTHING, units: 1 };
  const count = target?.denominator == null;
  const needed = target === null ? null : count ? fractionOf(target.numerator) : ZERO;
  if (figure === null) return { ...one, needed, missing: [unitId] };
  if (!count && figure.denominator === null) return { ...one, needed, withoutWhole: [unitId] };
  return {
    ...one,
    numerator: fractionOf(figure.numerator),
    denominator: figure.denominator === null ? null : fractionOf(figure.denominator),
    needed: target === null ? null : neededOf(target, figure),
    oldest: figure.asOf,
    newest: figure.asOf,
  };
}

export function added(one: RollUp, other: RollUp): RollUp {
  return {
    units: one.units + other.units,
    numerator: plus(one.numerator, other.numerator),
    denominator: bothPlus(one.denominator, other.denominator),
    needed: bothPlus(one.needed, other.needed),
    oldest: earlier(one.oldest, other.oldest),
    newest: later(one.newest, other.newest),
    missing: [...one.missing, ...other.missing].sort(),
    withoutWhole: [...one.withoutWhole, ...other.withoutWhole].sort(),
  };
}

export const rolledUp = (shares: readonly Share[]): RollUp =>
  shares.map(rollUpOf).reduce<RollUp>(added, NOTHING);

/** Whether the figures so far reach what is asked for; null where that cannot be said, or a unit is missing. */
export function reaches({ numerator, needed, units, missing, withoutWhole }: RollUp): boolean | null {
  if (needed === null || units === 0 || missing.length + withoutWhole.length > 0) return null;
  return compare(numerator, needed) >= 0;
}

/** In numbers for people to read. */
export function totals({ numerator, denominator, needed }: RollUp) {
  const shown = (value: Fraction | null): number | null => (value === null ? null : numberOf(value));
  return { numerator: numberOf(numerator), denominator: shown(denominator), needed: shown(needed) };
}

const bothPlus = (one: Fraction | null, other: Fraction | null): Fraction | null =>
  one === null || other === null ? null : plus(one, other);

const earlier = (one: IsoDate | null, other: IsoDate | null): IsoDate | null =>
  one === null || other === null ? (one ?? other) : one < other ? one : other;

const later = (one: IsoDate | null, other: IsoDate | null): IsoDate | null =>
  one === null || other === null ? (one ?? other) : one > other ? one : other;
