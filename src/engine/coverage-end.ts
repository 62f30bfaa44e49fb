import type { Queryable } from '../db/pool.js';
import { directivesInForce, loadRegime, type StoredRegime } from '../db/regime-store.js';
import { openObligations } from '../db/report-store.js';
import type { Instant } from '../domain/instant.js';
import { currentVersion, type RegimeEvent, versionsResting } from '../domain/report/regime.js';
import type { CircumstancesFor } from './changes.js';
import { writeCoverage } from './coverage.js';
import { runReports } from './reports.js';

/** How a directive ended, and from when on. */
export interface DirectiveEnd {
  readonly directiveId: string;
  readonly how: 'withdrawn' | 'closed';
  readonly since: Instant;
}

/**
 * What the end of a directive means for the regimes that name it (held already), in the
 * transaction that ends it: where no other directive of a version is in force, its periods are owed no more, and the
 * regime ends with the last directive of its present version.
 */
export async function endCoverage(
  db: Queryable,
  regimeIds: readonly string[],
  end: DirectiveEnd,
  at: CircumstancesFor,
): Promise<void> {
  for (const id of regimeIds) {
    const stored = await loadRegime(db, id);
    if (stored === null) continue;
    const events = await endings(db, stored, end);
    if (events.length === 0) continue;
    await writeCoverage(db, stored, events, at(stored.state.lastRecordedAt), 'ended');
    await lapseOwed(db, id, at);
  }
}

async function endings(
  db: Queryable,
  { state }: StoredRegime,
  { directiveId, how, since }: DirectiveEnd,
): Promise<RegimeEvent[]> {
  const named = state.versions.flatMap(({ definition }) => definition.directiveIds);
  const versions = versionsResting(state, directiveId, await directivesInForce(db, named));
  if (versions.length === 0) return [];
  const reason = how === 'withdrawn' ? ('directive_withdrawn' as const) : ('directive_closed' as const);
  const uncovered: RegimeEvent = { type: 'uncovered', data: { at: since, directiveId, versions, reason } };
  const { version, definition } = currentVersion(state);
  // What was asked for ad hoc was asked for by name: a closing does not take it back.
  const goesOn = how === 'closed' && definition.schedule.kind === 'ad_hoc';
  if (state.state === 'ended' || goesOn || !versions.includes(version)) return [uncovered];
  return [uncovered, { type: 'ended', data: { at: since, by: how } }];
}

const PAGE = 500;

/** Looks at everything that is owed under a regime, held alone, after a reason why nothing may be owed has been written. */
export async function lapseOwed(db: Queryable, regimeId: string, at: CircumstancesFor): Promise<void> {
  for (let after: string | null = null; ; ) {
    const page: { id: string }[] = await openObligations(db, regimeId, after, PAGE);
    const ids = page.map(({ id }) => id);
    const results = await runReports(db, regimeId, ids, { action: 'lapse' }, at);
    for (const result of results.values()) if ('thrown' in result) throw result.thrown;
    if (page.length < PAGE) return;
    after = ids.at(-1) ?? null;
  }
}
