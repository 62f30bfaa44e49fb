import { calendarsOf, moveEditOn, noteProgress, type OpenEdit } from '../db/calendar-store.js';
import { loadCalendar, loadWorkingGroup } from '../db/directive-store.js';
import type { Queryable } from '../db/pool.js';
import { loadRegime, lockRegime } from '../db/regime-store.js';
import { uppersAfterEdit } from '../db/report-level-store.js';
import { isCaseRunning, obligationsBehind, regimeAfter } from '../db/report-store.js';
import { type CalendarRef, sameCalendar } from '../domain/calendar.js';
import { isRefusal } from '../domain/errors.js';
import type { Instant } from '../domain/instant.js';
import { editsAt, officeBefore, type Reach, reachOf } from './calendar-reach.js';
import type { Circumstances } from './changes.js';
import type { Engine } from './engine.js';
import type { SubjectResult } from './execute.js';
import { changeRegime, flushRegime } from './regime-changes.js';
import { countIn, runFollowers } from './report-levels.js';
import { runEachReport } from './reports.js';
import { calendarOf } from './settings.js';

/** The next piece of an edit among reports: the regime first, what is owed under it, and then who sums up, batch by batch. */
export async function nextReports(
  engine: Engine,
  client: Queryable,
  edit: OpenEdit,
  limit: number,
  now: Instant,
): Promise<boolean> {
  const regimeId = await regimeAfter(client, edit.cursor_id);
  if (regimeId === null) {
    await moveEditOn(client, edit.id, 'cases');
    return true;
  }
  if (edit.stage === 'levels') {
    await nextLevel(engine, client, regimeId, edit, limit, now);
    return true;
  }
  const reach = await reachOf(client, edit);
  if (edit.cursor_assignment_id === null) await moveRegime(client, regimeId, edit, reach, now);
  const office = await officeOf(client, regimeId);
  const { cursor_assignment_id: after, calendar_id: calendarId } = edit;
  const ids = await obligationsBehind(client, regimeId, after, limit, calendarId);
  const progress = await countAgain(engine, client, { regimeId, office, reach }, ids, edit, now);
  const directiveId = edit.cursor_id;
  const cursor =
    ids.length < limit
      ? { directiveId, assignmentId: null, stage: 'levels' as const }
      : { directiveId, assignmentId: ids.at(-1) ?? null };
  await noteProgress(client, edit.id, cursor, progress);
  return true;
}

/** One level of those who sum up under the regime, or the end of it: each level waits for the one below. */
async function nextLevel(
  engine: Engine,
  client: Queryable,
  regimeId: string,
  edit: OpenEdit,
  limit: number,
  now: Instant,
): Promise<void> {
  const ids = await behindThoseBelow(client, regimeId, edit, limit);
  const counts = { looked: ids.length, moved: 0, rejudged: 0, setAside: 0 };
  if (ids.length === 0) {
    const done = { directiveId: regimeId, assignmentId: null, stage: 'regimes' as const };
    return noteProgress(client, edit.id, done, counts);
  }
  const { id: editId, reason, source } = edit;
  const by = { kind: 'edit' as const, edit: { editId, reason, source } };
  const at = (last: Instant): Circumstances => editsAt(edit, now, last);
  const results = await runFollowers(client, regimeId, ids, by, at, countIn(counts));
  counts.setAside = tellAside(engine, edit, results);
  const cursor = { directiveId: edit.cursor_id, assignmentId: ids.at(-1) ?? null };
  await noteProgress(client, edit.id, cursor, counts);
}

const behindThoseBelow = (
  client: Queryable,
  regimeId: string,
  { id: editId, cursor_assignment_id: after }: OpenEdit,
  limit: number,
): Promise<string[]> => uppersAfterEdit(client, { regimeId, editId }, after, limit);

/**
 * The regime under its exclusive lock: a period that is being opened under the old version is committed when it is
 * held, and those that come after are opened under the new one.
 */
async function moveRegime(
  client: Queryable,
  regimeId: string,
  edit: OpenEdit,
  reach: Reach,
  now: Instant,
): Promise<void> {
  await lockRegime(client, regimeId, 'exclusive');
  const stored = await loadRegime(client, regimeId);
  if (stored === null) return;
  // What has ended opens nothing more, but offices may still answer for what was late under it.
  if (stored.state.state === 'ended' && !(await isCaseRunning(client, regimeId))) return;
  const group = await loadWorkingGroup(client, stored.state.workingGroupId);
  const latest = group === null ? null : await loadCalendar(client, group.calendarId, 'latest');
  if (latest === null) return;
  const ref = reach(stored.state.calendar, { id: latest.id, version: latest.version });
  if (sameCalendar(ref, stored.state.calendar)) return;
  const calendar = await calendarOf(client, ref);
  const at = editsAt(edit, now, stored.state.lastRecordedAt);
  const data = { at: now, editId: edit.id, calendar: ref };
  const text = { reason: edit.reason, source: edit.source };
  const change = changeRegime(stored, [{ type: 'calendar_changed', data, text }], at, calendar);
  await flushRegime(client, change, 'earlier');
}

/** The calendar of the offices of a regime, under which its periods are planned. */
async function officeOf(client: Queryable, regimeId: string): Promise<CalendarRef> {
  const stored = await loadRegime(client, regimeId);
  if (stored === null) throw new Error(`Regime ${regimeId} is missing`);
  return stored.state.calendar;
}

async function countAgain(
  engine: Engine,
  client: Queryable,
  { regimeId, office, reach }: { regimeId: string; office: CalendarRef; reach: Reach },
  ids: readonly string[],
  edit: OpenEdit,
  now: Instant,
) {
  const counts = { looked: ids.length, moved: 0, rejudged: 0, setAside: 0 };
  if (ids.length === 0) return counts;
  const formerOffice = await officeBefore(client, edit, office);
  const results = await runEachReport(
    client,
    regimeId,
    ids,
    (last) => editsAt(edit, now, last),
    async (state) => {
      const used = await calendarsOf(client, state.workingGroupId, [state.unitId]);
      const before = await calendarOf(client, state.calendar);
      const { id: editId, reason, source } = edit;
      const keepsPast = edit.kind === 'week';
      const input = { editId, before, officeBefore: formerOffice, keepsPast, reason, source };
      return {
        command: { action: 'apply_calendar', input },
        calendar: reach(state.calendar, used.get(state.unitId)),
      };
    },
    countIn(counts),
  );
  counts.setAside = tellAside(engine, edit, results);
  return counts;
}

/** How many could not be computed again; each is told with its error. */
function tellAside(engine: Engine, edit: OpenEdit, results: ReadonlyMap<string, SubjectResult>): number {
  let aside = 0;
  for (const [id, result] of results) {
    if ('version' in result) continue;
    aside += 1;
    const error = isRefusal(result) ? result : result.thrown;
    engine.log.error({ report: id, edit: edit.id, err: error }, 'an edit of the calendar left one aside');
  }
  return aside;
}

/** The one report that cannot be written is left as it was, told, and passed over. */
export async function skipReport(
  engine: Engine,
  client: Queryable,
  edit: OpenEdit,
  error: unknown,
): Promise<void> {
  const regimeId = await regimeAfter(client, edit.cursor_id);
  if (regimeId === null) return;
  const [id] = await nextInPiece(client, regimeId, edit);
  engine.log.error({ report: id, edit: edit.id, err: error }, 'an edit of the calendar left one aside');
  const cursor =
    id === undefined
      ? { directiveId: regimeId, assignmentId: null, stage: 'regimes' as const }
      : { directiveId: edit.cursor_id, assignmentId: id };
  await noteProgress(client, edit.id, cursor, { looked: 1, moved: 0, rejudged: 0, setAside: 1 });
}

async function nextInPiece(client: Queryable, regimeId: string, edit: OpenEdit): Promise<string[]> {
  if (edit.stage === 'levels') return behindThoseBelow(client, regimeId, edit, 1);
  const { cursor_assignment_id: after, calendar_id: calendarId } = edit;
  return obligationsBehind(client, regimeId, after, 1, calendarId);
}
