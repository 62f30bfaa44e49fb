import { type Refusal, refuse } from '../errors.js';
import type { Assignment, Matter } from './state.js';

/** The matter of this kind and id; null where the assignment has none. */
export function findMatter<K extends Matter['kind']>(
  a: Assignment,
  kind: K,
  id: string,
): Extract<Matter, { kind: K }> | null {
  return (
    a.matters.find(
      (matter): matter is Extract<Matter, { kind: K }> => matter.kind === kind && matter.id === id,
    ) ?? null
  );
}

/** What has been answered is not answered again. */
export function settled(state: string): Refusal {
  return refuse(
    'transition_not_allowed',
    { vi: `Việc này đã được giải quyết («${state}»).`, en: `This has been settled already ("${state}").` },
    { extra: { state } },
  );
}
