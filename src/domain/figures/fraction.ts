import { decimals, digits } from './ratio.js';

/** An exact number: what is compared with a target must not depend on what a binary fraction happens to be. */
export interface Fraction {
  readonly top: bigint;
  /** Above zero. */
  readonly bottom: bigint;
}

export const ZERO: Fraction = { top: 0n, bottom: 1n };

/** The number exactly as it was typed. */
export function fractionOf(value: number): Fraction {
  const places = decimals(value);
  return reduced(digits(value, places), 10n ** BigInt(places));
}

export const plus = (one: Fraction, other: Fraction): Fraction =>
  reduced(one.top * other.bottom + other.top * one.bottom, one.bottom * other.bottom);

export const minus = (one: Fraction, other: Fraction): Fraction =>
  plus(one, { top: -other.top, bottom: other.bottom });

export const times = (one: Fraction, other: Fraction): Fraction =>
  reduced(one.top * other.top, one.bottom * other.bottom);

/** @throws RangeError for a division by zero. */
export function over(one: Fraction, other: Fraction): Fraction {
  if (other.top === 0n) throw new RangeError('Nothing is divided by zero');
  const sign = other.top < 0n ? -1n : 1n;
  return reduced(one.top * other.bottom * sign, one.bottom * other.top * sign);
}

/** Negative where the first is less, positive where it is more. */
export function compare(one: Fraction, other: Fraction): number {
  const difference = one.top * other.bottom - other.top * one.bottom;
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

/** For people to read: to the sixth decimal. */
export function numberOf({ top, bottom }: Fraction): number {
  const million = 1_000_000n;
  const scaled = (top < 0n ? -top : top) * million;
  const rounded = (2n * scaled + bottom) / (2n * bottom);
  return (Number(rounded) / Number(million)) * (top < 0n ? -1 : 1);
}

function reduced(top: bigint, bottom: bigint): Fraction {
  let [one, other] = [top < 0n ? -top : top, bottom];
  while (other !== 0n) [one, other] = [other, one % other];
  return one <= 1n ? { top, bottom } : { top: top / one, bottom: bottom / one };
}
