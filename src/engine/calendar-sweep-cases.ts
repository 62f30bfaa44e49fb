import { endEdit, noteProgress, type OpenEdit } from '../db/calendar-store.js';
import type { Queryable } from '../db/pool.js';
import { loadRegime } from '../db/regime-store.js';
import { type ReportingCase, reportingCaseAfter } from '../db/report-store.js';
import { isRefusal } from '../domain/errors.js';
import type { Instant } from '../domain/instant.js';
import { editsAt, officeBefore } from './calendar-reach.js';
import type { Engine } from './engine.js';
import { runReferral } from './execute-referral.js';

const LOOKED_AT = { looked: 1, moved: 0, rejudged: 0, setAside: 0 };

/**
 * The next case of late reporting, which counts by the calendar of its regime; those of an assignment move with it. One
 * in a transaction: each locks what it rests on, of several regimes in no order that others keep.
 */
export async function nextCase(
  engine: Engine,
  client: Queryable,
  edit: OpenEdit,
  now: Instant,
): Promise<boolean> {
  const next = await reportingCaseAfter(client, edit.cursor_id);
  if (next === null) {
    await endEdit(client, edit.id);
    return true;
  }
  const regime = await loadRegime(client, next.regimeId);
  if (regime === null) throw new Error(`Regime ${next.regimeId} is missing`);
  const before = await officeBefore(client, edit, regime.state.calendar);
  const { id: editId, kind, reason, source } = edit;
  const input = { editId, before, officeBefore: before, keepsPast: kind === 'week', reason, source };
  const result = await runReferral(client, next.id, { action: 'apply_calendar', input }, (last) =>
    editsAt(edit, now, last),
  );
  if (result === null || 'version' in result) {
    await passOver(client, edit, next, { ...LOOKED_AT, moved: result?.recorded ?? 0 });
  } else {
    await leaveAside(engine, client, edit, next, isRefusal(result) ? result : result.thrown);
  }
  return true;
}

/** The one case that cannot be written is left as it was, told, and passed over. */
export async function skipCase(
  engine: Engine,
  client: Queryable,
  edit: OpenEdit,
  error: unknown,
): Promise<void> {
  const next = await reportingCaseAfter(client, edit.cursor_id);
  if (next !== null) await leaveAside(engine, client, edit, next, error);
}

async function leaveAside(
  engine: Engine,
  client: Queryable,
  edit: OpenEdit,
  next: ReportingCase,
  error: unknown,
): Promise<void> {
  engine.log.error({ case: next.id, edit: edit.id, err: error }, 'an edit of the calendar left one aside');
  await passOver(client, edit, next, { ...LOOKED_AT, setAside: 1 });
}

const passOver = (
  client: Queryable,
  edit: OpenEdit,
  { id }: ReportingCase,
  progress: typeof LOOKED_AT,
): Promise<void> => noteProgress(client, edit.id, { directiveId: id, assignmentId: null }, progress);
