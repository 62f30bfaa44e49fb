import { type Refusal, refuse } from '../errors.js';
import type { AssignmentInputs } from './commands.js';
import type { Assignment, Result } from './state.js';

type MoveInput = AssignmentInputs['move'];
type Indicator = Extract<Result, { kind: 'indicator' }>;

/**
 * The result that each successor owes. The shares of a target sum to what the former leads owed together, or are
 * stated apart (a rate of 95 % is no sum of rates).
 */
export function dividedResults(
  sources: readonly Assignment[],
  { to, targetsApart }: MoveInput,
): readonly Result[] | Refusal {
  const results = sources.map(({ result }) => result);
  const [first] = results;
  const owed = results.filter((result) => result.kind === 'indicator');
  if (first === undefined || owed.length < results.length) {
    return to.some(({ target }) => target !== undefined) ? noTarget() : to.map(() => first ?? NOTHING);
  }
  const whole = total(owed);
  const shares = to.map(({ target }) => target);
  if (whole.numerator === null && shares.every((share) => share === undefined)) return to.map(() => whole);
  // One successor owes the whole, unless something else is said.
  if (to.length === 1 && shares[0] === undefined) {
    return owed.length > 1 && targetsApart === true ? apartNeedsTargets() : [whole];
  }
  if (shares.some((share) => share === undefined)) return apartNeedsTargets();
  if (targetsApart !== true && !sums(whole, shares)) return unequal(whole, shares);
  return to.map(({ target }) => ({
    ...whole,
    numerator: target?.numerator ?? null,
    denominator: target?.denominator ?? null,
  }));
}

const NOTHING: Result = { kind: 'deliverable', text: '' };

/** What several owe together; a part that is not stated leaves the whole unstated. */
function total(owed: readonly Indicator[]): Indicator {
  const sum = (of: (result: Indicator) => number | null): number | null =>
    owed.reduce<number | null>((all, one) => {
      const part = of(one);
      return all === null || part === null ? null : all + part;
    }, 0);
  const [first] = owed;
  return {
    kind: 'indicator',
    name: first?.name ?? '',
    atLeast: first?.atLeast ?? true,
    numerator: sum(({ numerator }) => numerator),
    denominator: sum(({ denominator }) => denominator),
  };
}

type Share = MoveInput['to'][number]['target'];

function sums(whole: Indicator, shares: readonly Share[]): boolean {
  const numerator = shares.reduce((sum, share) => sum + (share?.numerator ?? 0), 0);
  const denominator = shares.reduce((sum, share) => sum + (share?.denominator ?? 0), 0);
  return same(numerator, whole.numerator) && same(denominator, whole.denominator ?? 0);
}

/** Decimal targets add up but for the last binary digit. */
function same(sum: number, whole: number | null): boolean {
  return whole !== null && Math.abs(sum - whole) <= 1e-9 * Math.max(1, Math.abs(whole));
}

function unequal(whole: Indicator, shares: readonly Share[]): Refusal {
  const sum = shares.reduce((all, share) => all + (share?.numerator ?? 0), 0);
  return refuse(
    'targets_do_not_sum',
    {
      vi: `Các phần chỉ tiêu cộng lại là ${sum}, chỉ tiêu được giao là ${whole.numerator ?? 'chưa nêu'}: sửa cho khớp (cả mẫu số), hoặc nêu riêng (targetsApart).`,
      en: `The shares sum to ${sum}, the target is ${whole.numerator ?? 'not stated'}: make them agree (denominators too), or state them apart (targetsApart).`,
    },
    { extra: { sum, numerator: whole.numerator, denominator: whole.denominator } },
  );
}

function apartNeedsTargets(): Refusal {
  return refuse('targets_do_not_sum', {
    vi: 'Cần nêu phần chỉ tiêu (target) của từng đơn vị nhận.',
    en: 'State the share of the target (target) of each successor.',
  });
}

function noTarget(): Refusal {
  return refuse('targets_do_not_sum', {
    vi: 'Nhiệm vụ này giao một sản phẩm, không có chỉ tiêu để chia: bỏ «target».',
    en: 'The assignment asks for a deliverable and has no target to divide: leave out "target".',
  });
}
