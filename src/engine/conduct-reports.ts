import { loadCalendar, unitsOn } from '../db/directive-store.js';
import { databaseNow, readClock, writeArmed } from '../db/lock-store.js';
import { stepsWait } from '../db/outage-store.js';
import type { Queryable } from '../db/pool.js';
import { loadRegime, lockRegime, type StoredRegime } from '../db/regime-store.js';
import { nextUnitEnd, reportsOfEndedUnits } from '../db/report-store.js';
import { type DueSubject, dueSubjects, leastPlanned } from '../db/step-store.js';
import { withTransaction } from '../db/transaction.js';
import { CLOCK } from '../domain/actor.js';
import { type Calendar, localDate } from '../domain/calendar.js';
import type { Instant } from '../domain/instant.js';
import { decideOpening } from '../domain/report/opening.js';
import { currentVersion } from '../domain/report/regime.js';
import type { Circumstances, CircumstancesFor } from './changes.js';
import { arm, clockAt, later, noteFailure, noteResults, over, type Pass } from './conduct.js';
import type { Engine } from './engine.js';
import { isOwnFault, isPassing } from './faults.js';
import { newId } from './ids.js';
import { changeRegime, flushRegime } from './regime-changes.js';
import { changeReport, flushReports, reportSettings } from './report-changes.js';
import { runReports } from './reports.js';
import { calendarOf, ownCalendars } from './settings.js';

/**
 * One pass over a regime: opens the next period, or takes one batch of what is due; when nothing is due, arms. A
 * step is due only when the database's clock says so too.
 */
export async function conductRegime(engine: Engine, regimeId: string, workflowNow: Instant): Promise<Pass> {
  const conductor = { kind: 'reportingCycle' as const, id: regimeId };
  const waits = await stepsWait(engine.writer);
  const clock = await readClock(engine.writer);
  const now = Math.floor(Math.min(workflowNow, clock()));
  const due = waits ? [] : await dueSubjects(engine.writer, conductor, now, engine.limits.stepBatch);
  const at: CircumstancesFor = (last) => clockAt(now, clock(), last);
  let taken = 0;
  for (const subject of due) if (subject.kind === 'regime') taken += await openPeriod(engine, subject, now);
  const owed = due.filter(({ kind }) => kind === 'obligation');
  taken += await takeReportSteps(engine, regimeId, owed, at);
  if (!waits) taken += await lapseOfEndedUnits(engine, regimeId, now, at);
  if (due.length > 0) {
    const line = { conductor: 'reportingCycle', id: regimeId, subjects: due.length, taken, now };
    engine.log.info(line, 'steps taken');
  }
  if (due.length === engine.limits.stepBatch) {
    engine.notify();
    return { ended: false, taken, more: true, nextInMs: 0, open: -1, poisoned: 0 };
  }
  const pass = await withTransaction(engine.writer, async (client) => {
    // Two statements in read committed, as for a directive: first the lock, then the minimum.
    await lockRegime(client, regimeId, 'exclusive');
    const stored = await loadRegime(client, regimeId);
    if (stored === null) return over(taken);
    const least = await leastPlanned(client, conductor);
    if (least.at !== null || least.poisoned > 0) {
      const unitEnd = await nextUnitEnd(client, regimeId, now);
      return arm(client, conductor, workflowNow, { taken, open: 1, noLaterThan: unitEnd });
    }
    if (stored.state.state === 'active') await endAsDone(client, stored);
    // Whatever is planned from now on, a report that is returned, starts the process again.
    await writeArmed(client, conductor.kind, regimeId, Number.POSITIVE_INFINITY);
    return over(taken);
  });
  engine.notify();
  return later({ waits }, pass);
}

/** No period comes any more, and no report waits for anything: an ad hoc request, or own windows, are through. */
async function endAsDone(client: Queryable, stored: StoredRegime): Promise<void> {
  const now = Math.floor(await databaseNow(client));
  const at = byClock(now, stored);
  const { calendar } = stored.state;
  const body = await loadCalendar(client, calendar.id, calendar.version);
  if (body === null) throw new Error(`Calendar ${calendar.id} version ${calendar.version} is missing`);
  const change = changeRegime(stored, [{ type: 'ended', data: { at: now, by: 'done' } }], at, body);
  await flushRegime(client, change);
}

function byClock(now: Instant, { state }: StoredRegime): Circumstances {
  return {
    actor: CLOCK,
    document: null,
    receivedAt: now,
    happenedAt: now,
    recordedAt: Math.max(now, state.lastRecordedAt),
  };
}

/** Opens the next period of a regime with all its reports, in one transaction: one step, or none. */
async function openPeriod(engine: Engine, due: DueSubject, now: Instant): Promise<number> {
  try {
    return await withTransaction(engine.writer, async (client) => {
      await lockRegime(client, due.id, 'exclusive');
      const stored = await loadRegime(client, due.id);
      return stored === null ? 0 : await openNext(client, stored, now);
    });
  } catch (error) {
    if (isPassing(error) || !isOwnFault(error)) throw error;
    await noteFailure(engine, due, { thrown: error });
    return 0;
  }
}

async function openNext(client: Queryable, stored: StoredRegime, now: Instant): Promise<number> {
  const calendar = await latestCalendar(client, stored);
  const units = await unitsOn(client, localDate(calendar, now));
  const groups = new Map<string, string[]>();
  for (const unit of units) groups.set(unit.groupCode, [...(groups.get(unit.groupCode) ?? []), unit.id]);
  const ids = units.map(({ id }) => id);
  const calendars = await ownCalendars(client, stored.state.workingGroupId, ids, calendar);
  const roster = { groups, valid: new Set(ids), calendars };
  const opening = decideOpening(stored.state, calendar, now, roster, newId);
  const at = byClock(now, stored);
  if (opening === null) {
    // Planned again, or the same step would be due for ever.
    await flushRegime(client, changeRegime(stored, [], at, await calendarOf(client, stored.state.calendar)));
    return 0;
  }
  await flushRegime(client, changeRegime(stored, [opening.regime], at, calendar));
  const { version } = currentVersion(stored.state);
  const settings = await reportSettings(client, stored.state, version, calendar);
  const changes = opening.obligations.map((event) => {
    const own = calendars.get(event.data.unitId) ?? calendar;
    return changeReport(null, [event], at, { ...settings, calendar: own, officeCalendar: calendar });
  });
  // The conductor that opens arms afterwards: nobody need wake it.
  await flushReports(client, stored.state.id, changes, null);
  return 1;
}

/** A new period is opened under the latest version of the calendar, and open ones are followed under it. */
async function latestCalendar(client: Queryable, { state }: StoredRegime): Promise<Calendar> {
  const calendar = await loadCalendar(client, state.calendar.id, 'latest');
  if (calendar === null) throw new Error(`Calendar ${state.calendar.id} is missing`);
  return calendar;
}

/**
 * What a unit that is no more was still to report lapses, whoever wrote down its end and when: also what had been
 * judged before that was known. Steps find the same under the lock; this comes without waiting for one.
 */
async function lapseOfEndedUnits(
  engine: Engine,
  regimeId: string,
  now: Instant,
  at: CircumstancesFor,
): Promise<number> {
  const limit = engine.limits.stepBatch;
  let recorded = 0;
  for (let after: string | null = null; ; ) {
    const page: DueSubject[] = await reportsOfEndedUnits(engine.writer, regimeId, now, after, limit);
    recorded += await takeReportSteps(engine, regimeId, page, at);
    if (page.length < limit) return recorded;
    after = page.at(-1)?.id ?? null;
  }
}

/** The clock's command on a batch; an error of the database halves it, until its one cause stands alone. */
async function takeReportSteps(
  engine: Engine,
  regimeId: string,
  due: readonly DueSubject[],
  at: CircumstancesFor,
): Promise<number> {
  const [first] = due;
  if (first === undefined) return 0;
  const ids = due.map(({ id }) => id);
  try {
    const results = await withTransaction(engine.writer, (client) =>
      runReports(client, regimeId, ids, { action: 'take_steps' }, at),
    );
    return await noteResults(engine, due, results);
  } catch (error) {
    if (isPassing(error)) throw error;
    if (due.length === 1) {
      if (!isOwnFault(error)) throw error;
      await noteFailure(engine, first, { thrown: error });
      return 0;
    }
    const half = Math.ceil(due.length / 2);
    const taken = await takeReportSteps(engine, regimeId, due.slice(0, half), at);
    return taken + (await takeReportSteps(engine, regimeId, due.slice(half), at));
  }
}
