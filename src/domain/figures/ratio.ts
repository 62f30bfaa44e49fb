/**
 * Percentages. One is never stored: numerator, denominator, as-of date and rounding rule are, and the number is
 * computed when it is shown. Published ones follow no one rule (136.60 is truncated where 136.61 is half-up), so
 * one that was reported is held against every rule before it is called wrong. Over 100 % is normal.
 */
export interface Rounding {
  readonly mode: 'half-up' | 'truncated';
  readonly places: number;
}

export const HALF_UP_2: Rounding = { mode: 'half-up', places: 2 };

export interface Ratio {
  readonly numerator: number;
  /** Null: a count without a whole. */
  readonly denominator: number | null;
  /** The local day of the figure. */
  readonly asOf: string;
  readonly rounding: Rounding;
}

export interface RatioView extends Ratio {
  /** By the rule, with its decimals written out; null where there is nothing to divide by. */
  readonly percent: string | null;
}

export function ratioOf(ratio: Ratio): RatioView {
  return { ...ratio, percent: percentOf(ratio) };
}

/** The percentage by the ratio's own rule, as text: a decimal is not what a binary fraction happens to be. */
export function percentOf({ numerator, denominator, rounding }: Ratio): string | null {
  if (denominator === null || denominator === 0) return null;
  const [top, bottom] = scaled(numerator, denominator);
  const factor = 100n * 10n ** BigInt(rounding.places);
  const whole = (top < 0n ? -top : top) * factor;
  const unit = bottom < 0n ? -bottom : bottom;
  const cut = rounding.mode === 'truncated' ? whole / unit : (2n * whole + unit) / (2n * unit);
  const sign = top < 0n !== bottom < 0n && cut > 0n ? '-' : '';
  return `${sign}${withPoint(cut, rounding.places)}`;
}

/** Both numbers as whole ones of the same ratio, exactly as they were typed. */
function scaled(numerator: number, denominator: number): [bigint, bigint] {
  const places = Math.max(decimals(numerator), decimals(denominator));
  return [digits(numerator, places), digits(denominator, places)];
}

/** How many decimals a number was typed with. */
export function decimals(value: number): number {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  const fraction = mantissa.split('.')[1]?.length ?? 0;
  return Math.max(0, fraction - Number(exponent));
}

/** A number times ten to the given power, whole. */
export function digits(value: number, places: number): bigint {
  return BigInt(value.toFixed(Math.min(places, 100)).replace('.', ''));
}

function withPoint(value: bigint, places: number): string {
  if (places === 0) return String(value);
  const text = String(value).padStart(places + 1, '0');
  return `${text.slice(0, -places)}.${text.slice(-places)}`;
}

/**
 * - `agrees`: it is what the ratio's own rule gives.
 * - `other_rule`: it is right under another rounding; the rule is named.
 * - `differs`: no rounding gives it; shown beside the computed one.
 * - `unknown`: there is nothing to compute it from.
 */
export type Verdict =
  | { readonly verdict: 'agrees' }
  | { readonly verdict: 'other_rule'; readonly rule: Rounding }
  | { readonly verdict: 'differs' }
  | { readonly verdict: 'unknown' };

export type ReportedPercent = Verdict & {
  readonly reported: string;
  readonly computed: string | null;
  readonly rounding: Rounding;
};

/** Holds a percentage that somebody reported, as typed (136.60 or 136,60), against the computed one. */
export function heldAgainst(ratio: Ratio, reported: string): ReportedPercent {
  const typed = reported.trim().replace('%', '').trim().replace(',', '.');
  const computed = percentOf(ratio);
  const base = { reported, computed, rounding: ratio.rounding };
  if (computed === null) return { ...base, verdict: 'unknown' };
  if (typed === computed) return { ...base, verdict: 'agrees' };
  const places = typed.split('.')[1]?.length ?? 0;
  for (const mode of ['half-up', 'truncated'] as const) {
    const rule = { mode, places };
    if (percentOf({ ...ratio, rounding: rule }) !== typed) continue;
    const own = mode === ratio.rounding.mode && places === ratio.rounding.places;
    return own ? { ...base, verdict: 'agrees' } : { ...base, verdict: 'other_rule', rule };
  }
  return { ...base, verdict: 'differs' };
}

export interface Breakdown {
  readonly total: number;
  readonly sum: number;
  /** Total less sum; zero where it adds up. */
  readonly difference: number;
  readonly addsUp: boolean;
}

/** Whether the parts of a total make it; where not, both are kept and the difference is shown. */
export function breakdownOf(total: number, parts: readonly number[]): Breakdown {
  const places = Math.max(decimals(total), ...parts.map(decimals));
  const sum = parts.reduce((all, part) => all + digits(part, places), 0n);
  const difference = digits(total, places) - sum;
  const shown = (value: bigint): number => Number(value) / 10 ** places;
  return { total, sum: shown(sum), difference: shown(difference), addsUp: difference === 0n };
}
