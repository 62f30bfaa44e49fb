/**
 * Every change of behaviour of a workflow that runs: the only place where ids of patches are written.
 * An entry says what changed, since when, and when it may go (when no history from before is left: a
 * conductor begins a new history after some thousands of events, and at the latest when it is restarted
 * from the record). Nothing is renamed or used twice.
 *
 * Use: `if (patched(PATCHES.someChange.id)) { new way } else { old way }`.
 */
interface Patch {
  readonly id: string;
  readonly what: string;
  readonly since: string;
  readonly removableWhen: string;
}

export const PATCHES = {
  asksAgainWhenHeard: {
    id: 'asks-again-when-heard',
    what: 'A directive that heard a signal during its last pass asks the record once more before it ends.',
    since: '2026-11-24',
    removableWhen: 'no directive that was started before 2026-11-24 runs',
  },
} as const satisfies Readonly<Record<string, Patch>>;
