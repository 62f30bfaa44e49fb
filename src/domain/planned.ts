import type { Instant } from './instant.js';

/** What a subject waits for next. */
export interface PlannedStep {
  readonly step: string;
  readonly at: Instant;
}

/** An instant that an edit of a calendar left as it had been told, and what that calendar makes of it: a later edit counts from there. */
export interface Kept {
  readonly until: Instant;
  readonly as: Instant;
}

/** The step that waits until an instant which it was announced for, though it would come earlier now. */
export type NotBefore = PlannedStep;

/**
 * Steps that an edit of a calendar would bring forward; nobody has less time than they were told. What had been
 * announced before and is not among them now still binds when it comes again.
 */
export function broughtForward(
  was: readonly PlannedStep[],
  is: readonly PlannedStep[],
  announced: readonly NotBefore[] = [],
): NotBefore[] {
  const now = new Map(is.map(({ step, at }) => [step, at]));
  const seen = new Set(was.map(({ step }) => step));
  return [
    ...was.flatMap(({ step, at }) => ((now.get(step) ?? at) < at ? [{ step, at }] : [])),
    ...announced.filter(({ step }) => !seen.has(step)),
  ];
}

/** The steps, none of them before what it was announced for. */
export function notBefore<T extends PlannedStep>(
  steps: readonly T[],
  announced: readonly NotBefore[] | undefined,
): readonly T[] {
  if (announced === undefined) return steps;
  const earliest = new Map(announced.map(({ step, at }) => [step, at]));
  return steps.map((one) => ({ ...one, at: Math.max(one.at, earliest.get(one.step) ?? one.at) }));
}

export const sameSteps = (one: readonly PlannedStep[], other: readonly PlannedStep[]): boolean =>
  one.length === other.length &&
  one.every(({ step, at }, index) => step === other[index]?.step && at === other[index].at);
