import { type DirectiveHead, loadDirective, saveDirectiveState } from '../db/directive-store.js';
import { insertWakes } from '../db/lock-store.js';
import type { Queryable } from '../db/pool.js';
import type { Circumstances, CircumstancesFor } from './changes.js';
import { resumeCoverage } from './coverage.js';
import { changeDirective, flushDirective } from './directive-change.js';
import { settingsOf } from './settings.js';

/** A closed directive is open again when one of its assignments is; the caller holds its exclusive lock. */
export async function reopenDirectiveOf(
  db: Queryable,
  head: DirectiveHead,
  at: Circumstances,
  each: CircumstancesFor,
): Promise<void> {
  const stored = await loadDirective(db, head.id);
  if (stored === null || stored.state.state !== 'closed') return;
  const settings = await settingsOf(db, head);
  const change = changeDirective(
    stored,
    [{ type: 'reopened', data: { at: at.happenedAt } }],
    at,
    stored.standingAgencyId,
    settings,
  );
  await flushDirective(db, change, settings);
  await saveDirectiveState(db, change.state, change.headHash);
  await resumeCoverage(db, head, each);
  await insertWakes(db, [{ conductorKind: 'directive', conductorId: head.id, reason: 'start' }]);
}
