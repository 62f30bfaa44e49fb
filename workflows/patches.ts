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

export const PATCHES = {} as const satisfies Readonly<Record<string, Patch>>;
