import type { DirectiveHead } from '../db/directive-store.js';
import type { Queryable } from '../db/pool.js';
import { loadRegime, lockRegime, regimesNaming, type StoredRegime } from '../db/regime-store.js';
import { localDate } from '../domain/calendar.js';
import { currentVersion, type RegimeEvent } from '../domain/report/regime.js';
import type { Circumstances, CircumstancesFor } from './changes.js';
import { changeRegime, flushRegime } from './regime-changes.js';
import { calendarOf } from './settings.js';

/**
 * The regimes that some directives are reported under, each held alone: taken after the directives and before
 * anything below them, so that a period that is being opened, or judged, comes wholly before or after what follows.
 */
export async function lockRegimesNaming(db: Queryable, directiveIds: readonly string[]): Promise<string[]> {
  const ids = await regimesNaming(db, directiveIds);
  for (const id of ids) await lockRegime(db, id, 'exclusive');
  return ids;
}

/** A directive that is opened again is reported on again, from the period that runs on that day; nothing is asked for afterwards. */
export async function resumeCoverage(
  db: Queryable,
  { id }: DirectiveHead,
  at: CircumstancesFor,
): Promise<void> {
  for (const regimeId of await lockRegimesNaming(db, [id])) {
    const stored = await loadRegime(db, regimeId);
    if (stored === null) continue;
    const { state } = stored;
    const { version, definition } = currentVersion(state);
    const versions = state.versions
      .filter((one) => one.definition.directiveIds.includes(id))
      .map((one) => one.version);
    const rested = (state.uncovered ?? []).some((one) => versions.includes(one.version));
    const ended = state.endedBy === 'withdrawn' || state.endedBy === 'closed';
    const resumes = ended && versions.includes(version) && definition.schedule.kind === 'periodic';
    if (!rested) continue;
    const when = at(state.lastRecordedAt);
    const calendar = await calendarOf(db, state.calendar);
    const resumedOn = resumes ? localDate(calendar, when.receivedAt) : null;
    const data = { at: when.receivedAt, directiveId: id, versions, resumedOn };
    await writeCoverage(db, stored, [{ type: 'covered', data }], when, 'start');
  }
}

/** Writes what happened to a regime, and wakes its conductor. */
export async function writeCoverage(
  db: Queryable,
  stored: StoredRegime,
  events: readonly RegimeEvent[],
  at: Circumstances,
  wake: 'ended' | 'start',
): Promise<void> {
  const calendar = await calendarOf(db, stored.state.calendar);
  await flushRegime(db, changeRegime(stored, events, at, calendar), wake);
}
