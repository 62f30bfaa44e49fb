import type pg from 'pg';
import {
  assignmentsBehind,
  calendarsOf,
  claimEdit,
  directiveAfter,
  type EditProgress,
  moveEditOn,
  noteProgress,
  type OpenEdit,
  saveDirectiveCalendar,
  unitsOfAssignments,
} from '../db/calendar-store.js';
import {
  directiveHeads,
  loadCalendar,
  loadDirective,
  loadWorkingGroup,
  saveDirectiveState,
} from '../db/directive-store.js';
import { databaseNow, lockDirective } from '../db/lock-store.js';
import { withTransaction } from '../db/transaction.js';
import type { Assignment } from '../domain/assignment/state.js';
import { type CalendarRef, sameCalendar } from '../domain/calendar.js';
import { isRefusal } from '../domain/errors.js';
import type { Instant } from '../domain/instant.js';
import { editsAt, officeBefore, type Reach, reachOf } from './calendar-reach.js';
import { nextCase, skipCase } from './calendar-sweep-cases.js';
import { nextReports, skipReport } from './calendar-sweep-reports.js';
import { changeDirective, flushDirective } from './directive-change.js';
import { headOf } from './directive-frame.js';
import type { Engine } from './engine.js';
import { runEach } from './execute.js';
import { isOwnFault, isPassing } from './faults.js';
import { calendarOf, ownCalendar, settingsOf } from './settings.js';

/** Assignments that are computed again in one transaction: it stays under a second, and commands go on between. */
const BATCH = 500;

/**
 * Does the next piece of work that an edit of a calendar brings; false where there is none.
 *
 * An edit is a row with a cursor. Each piece is one transaction that holds the row, so that one process at a time
 * works on it, and that moves the cursor together with what it did: who dies leaves nothing half done, and the
 * next one goes on from there. What an assignment is computed under stands in its own state, so that doing a piece
 * twice changes nothing.
 */
export async function workOnEdits(engine: Engine): Promise<boolean> {
  for (let limit = BATCH; ; limit = Math.max(1, Math.floor(limit / 8))) {
    try {
      const did = await withTransaction(engine.writer, (client) => nextPiece(engine, client, limit));
      if (did) engine.notify();
      return did;
    } catch (error) {
      // A subject that poisons its batch is found by making the batch smaller, down to itself.
      if (isPassing(error) || !isOwnFault(error)) throw error;
      if (limit > 1) continue;
      await skipOne(engine, error);
      return true;
    }
  }
}

async function nextPiece(engine: Engine, client: pg.PoolClient, limit: number): Promise<boolean> {
  const edit = await claimEdit(client);
  if (edit === null) return false;
  const now = Math.floor(await databaseNow(client));
  if (edit.stage === 'cases') return nextCase(engine, client, edit, now);
  if (edit.stage !== 'directives') return nextReports(engine, client, edit, limit, now);
  const directiveId = await directiveAfter(client, edit.cursor_id);
  if (directiveId === null) {
    await moveEditOn(client, edit.id, 'regimes');
    return true;
  }
  const reach = await reachOf(client, edit);
  if (edit.cursor_assignment_id === null) await moveDirective(client, directiveId, edit, reach, now);
  const { cursor_assignment_id: after, calendar_id: calendarId } = edit;
  const ids = await assignmentsBehind(client, directiveId, after, limit, calendarId);
  const progress = await computeAgain(engine, client, ids, edit, reach, now);
  const done = ids.length < limit;
  const cursor = done
    ? { directiveId, assignmentId: null }
    : { directiveId: edit.cursor_id, assignmentId: ids.at(-1) ?? null };
  await noteProgress(client, edit.id, cursor, progress);
  return true;
}

/**
 * The directive first, under its exclusive lock: assignments that are being made or moved under the old version
 * are committed when it is held, and those that come after are made under the new one.
 */
async function moveDirective(
  client: pg.PoolClient,
  directiveId: string,
  edit: OpenEdit,
  reach: Reach,
  now: Instant,
): Promise<void> {
  await lockDirective(client, directiveId, 'exclusive');
  const stored = await loadDirective(client, directiveId);
  if (stored === null || !['issued', 'closed'].includes(stored.state.state)) return;
  const group = await loadWorkingGroup(client, stored.state.workingGroupId);
  const calendar = group === null ? null : await loadCalendar(client, group.calendarId, 'latest');
  if (calendar === null) return;
  const own = ownCalendar(headOf(stored));
  const ref = reach(own, { id: calendar.id, version: calendar.version });
  if (sameCalendar(ref, own)) return;
  // Offices may still answer for what was late under it, and it may be opened again; its own clocks are over.
  if (stored.state.state === 'closed') return saveDirectiveCalendar(client, directiveId, ref);
  const settings = await settingsOf(client, headOf(stored), ref);
  const change = changeDirective(
    stored,
    [
      {
        type: 'calendar_changed',
        data: { at: now, editId: edit.id, calendar: ref },
        text: { reason: edit.reason, source: edit.source },
      },
    ],
    editsAt(edit, now, stored.state.lastRecordedAt),
    stored.standingAgencyId,
    settings,
  );
  await flushDirective(client, change, settings);
  await saveDirectiveState(client, change.state, change.headHash);
  await saveDirectiveCalendar(client, directiveId, ref);
}

async function computeAgain(
  engine: Engine,
  client: pg.PoolClient,
  ids: readonly string[],
  edit: OpenEdit,
  reach: Reach,
  now: Instant,
): Promise<EditProgress> {
  const counts = { looked: ids.length, moved: 0, rejudged: 0, setAside: 0 };
  if (ids.length === 0) return counts;
  const before = new Map<string, Assignment>();
  const used = await usedBy(client, ids);
  const [head] = await directiveHeads(client, ids);
  if (head === undefined) return counts;
  const formerOffice = await officeBefore(client, edit, ownCalendar(head));
  const results = await runEach(
    client,
    ids,
    'apply_calendar',
    (last) => editsAt(edit, now, last),
    async (state) => {
      before.set(state.id, state);
      const input = {
        editId: edit.id,
        keepsPast: edit.kind === 'week',
        before: await calendarOf(client, state.calendar),
        officeBefore: formerOffice,
        reason: edit.reason,
        source: edit.source,
      };
      return {
        command: { action: 'apply_calendar', input },
        calendar: reach(state.calendar, used.get(state.unitId)),
      };
    },
    {
      accepted: (after) => {
        const was = before.get(after.id);
        if (was === undefined) return;
        if (was.dueAt !== after.dueAt) counts.moved += 1;
        if (was.submission?.late === true && after.submission?.late === false) counts.rejudged += 1;
      },
    },
  );
  for (const [id, result] of results) {
    if ('version' in result) continue;
    counts.setAside += 1;
    const error = isRefusal(result) ? result : result.thrown;
    engine.log.error({ assignment: id, edit: edit.id, err: error }, 'an edit of the calendar left one aside');
  }
  return counts;
}

/** Which calendar judges the unit of each assignment now. */
async function usedBy(client: pg.PoolClient, ids: readonly string[]): Promise<Map<string, CalendarRef>> {
  const [group, units] = await unitsOfAssignments(client, ids);
  return calendarsOf(client, group, units);
}

/** The one subject that cannot be written is left as it was, told, and passed over. */
async function skipOne(engine: Engine, error: unknown): Promise<void> {
  await withTransaction(engine.writer, async (client) => {
    const edit = await claimEdit(client);
    if (edit?.stage === 'cases') return skipCase(engine, client, edit, error);
    if (edit !== null && edit.stage !== 'directives') return skipReport(engine, client, edit, error);
    const directiveId = edit === null ? null : await directiveAfter(client, edit.cursor_id);
    if (edit === null || directiveId === null) return;
    const { cursor_assignment_id: after, calendar_id: calendarId } = edit;
    const [id] = await assignmentsBehind(client, directiveId, after, 1, calendarId);
    engine.log.error({ assignment: id, edit: edit.id, err: error }, 'an edit of the calendar left one aside');
    const cursor =
      id === undefined
        ? { directiveId, assignmentId: null }
        : { directiveId: edit.cursor_id, assignmentId: id };
    await noteProgress(client, edit.id, cursor, { looked: 1, moved: 0, rejudged: 0, setAside: 1 });
  });
}
