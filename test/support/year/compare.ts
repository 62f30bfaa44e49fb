/** Where two players of one year do not say the same of one thing. */
export interface Disagreement {
  readonly at: number;
  readonly key: string;
  readonly one: string;
  readonly other: string;
}

type Found = ReadonlyMap<string, string>;

/** Every difference between what two players found at each check; what only one of them knows is one too. */
export function disagreements(
  checks: readonly number[],
  one: readonly Found[],
  other: readonly Found[],
): Disagreement[] {
  return checks.flatMap((at, index) => {
    const [here, there] = [
      one[index] ?? new Map<string, string>(),
      other[index] ?? new Map<string, string>(),
    ];
    return [...new Set([...here.keys(), ...there.keys()])].flatMap((key) => {
      const [a, b] = [here.get(key) ?? 'nothing', there.get(key) ?? 'nothing'];
      return a === b ? [] : [{ at, key, one: a, other: b }];
    });
  });
}

/** How many are in each class. */
export function tallied(found: Found): Readonly<Record<string, number>> {
  const tally: Record<string, number> = {};
  for (const name of found.values()) tally[name] = (tally[name] ?? 0) + 1;
  return Object.fromEntries(Object.entries(tally).sort(([a], [b]) => (a < b ? -1 : 1)));
}

interface Written {
  readonly at: number;
  readonly name: string;
  readonly arrived?: number;
  readonly deadline?: { readonly phrase: string };
}

const local = (at: number): string => new Date(at + 25_200_000).toISOString().slice(0, 16);

/** What was done, line by line, for whoever has to find out which of two is wrong. */
export function storyOf(
  acts: readonly Written[],
  accepted: readonly boolean[],
  of: (act: Written) => boolean,
): string[] {
  return acts.flatMap((act, index) => {
    if (!of(act)) return [];
    const refused = accepted[index] === true ? '' : ' (refused)';
    const deadline = act.deadline === undefined ? '' : ` ${act.deadline.phrase}`;
    const arrived = act.arrived === undefined ? '' : `, arrived ${local(act.arrived)}`;
    return [`${local(act.at)} ${act.name}${refused}${deadline}${arrived}`];
  });
}
