import type { Queryable } from '../db/pool.js';
import { type LockedReferral, lockReferrals, type ReferralParents } from '../db/referral-store.js';
import {
  countedTogether,
  loadRegime,
  lockRegime,
  lockRequests,
  type StoredRegime,
} from '../db/regime-store.js';
import { periodRecords, runningCases, usedEvidence } from '../db/report-store.js';
import { type Calendar, startOfDay } from '../domain/calendar.js';
import { addCalendarDays } from '../domain/civil-date.js';
import type { Instant } from '../domain/instant.js';
import { currentVersion, officesOf } from '../domain/report/regime.js';
import {
  type PeriodRecord,
  proposal,
  type Repetition,
  recordOf,
  reportingFacts,
  reportingGround,
  yearOf,
} from '../domain/report/repeated.js';
import { type CaseBasis, type Circumstances, changeReferral, type ReferralChange } from './changes.js';
import { newId } from './ids.js';
import type { ReportChange } from './report-changes.js';
import { type CaseSettings, calendarOf } from './settings.js';

/** A row may have begun in the year before. */
const LOOK_BACK_DAYS = 366;

function since(calendar: Calendar, year: Repetition['year']): number {
  return startOfDay(calendar, addCalendarDays(year.from, -LOOK_BACK_DAYS));
}

/** The basis of a case of late reporting, under the regime's lock, with its periods standing still. */
export async function lockReportingBasis(
  db: Queryable,
  { regimeId, unitId, facts }: ReferralParents,
  caseId: string,
): Promise<{ basis: CaseBasis; settings: CaseSettings } | null> {
  if (regimeId === null || facts.about !== 'reporting') return null;
  await lockRegime(db, regimeId, 'shared');
  await lockRequests(db, [regimeId]);
  const regime = await loadRegime(db, regimeId);
  if (regime === null) return null;
  const regimeIds = await countedTogether(db, regimeId);
  const { calendar: pinned } = regime.state;
  const calendar = await calendarOf(db, pinned);
  const unitIds = [unitId];
  const records = await periodRecords(db, { regimeIds, unitIds, after: since(calendar, facts.year) }, true);
  const used = await usedEvidence(db, regimeIds, unitIds);
  const { year, threshold } = facts;
  const repetition = { regimeId, unitId, year, threshold, used: usedBefore(used, unitId, caseId) };
  const basis = { ground: reportingGround(records, repetition, calendar), assignment: null };
  return { basis, settings: settingsUnder(regime, calendar) };
}

const settingsUnder = ({ state }: StoredRegime, calendar: Calendar): CaseSettings => ({
  policy: currentVersion(state).policy,
  calendar,
  officeCalendar: calendar,
  directive: officesOf(state),
});

async function settingsOfCase(db: Queryable, regimeId: string | null): Promise<CaseSettings | null> {
  const regime = regimeId === null ? null : await loadRegime(db, regimeId);
  return regime === null ? null : settingsUnder(regime, await calendarOf(db, regime.state.calendar));
}

type Used = Awaited<ReturnType<typeof usedEvidence>>;

/** Evidence of the unit's other cases; those that came later than this one rest on what it left. */
function usedBefore(used: Used, unitId: string, caseId: string | null): ReadonlySet<string> {
  return new Set(
    used
      .filter((one) => one.unitId === unitId && (caseId === null || one.caseId < caseId))
      .flatMap((one) => one.obligationIds),
  );
}

/**
 * What a change of some reports means for cases of late reporting: a running one is planned again, since what it
 * waits for depends on them; a unit whose lateness has grown to the threshold gets one.
 */
export async function casesAfter(
  db: Queryable,
  regime: StoredRegime,
  calendar: Calendar,
  changes: readonly { readonly change: ReportChange; readonly at: Circumstances }[],
): Promise<ReferralChange[]> {
  const written = changes.filter(({ change }) => change.before !== null && change.rows.events.length > 0);
  const units = [...new Set(written.map(({ change }) => change.after.unitId))];
  if (units.length === 0) return [];
  const { id: regimeId, workingGroupId } = regime.state;
  const regimeIds = await countedTogether(db, regimeId);
  const running = await lockReferrals(db, await runningCases(db, regimeIds, units));
  const grown = written.filter(({ change }) => hasGrownLate(change));
  if (running.length === 0 && grown.length === 0) return [];
  const version = currentVersion(regime.state);
  const { policy, reporting } = version;
  const settings = { policy, calendar, officeCalendar: calendar, directive: officesOf(regime.state) };
  const years = [
    ...grown.map(({ change }) => yearOf(dueOf(change), { calendar, reporting })),
    ...running.flatMap(({ state }) => (state.facts.about === 'reporting' ? [state.facts.year] : [])),
  ];
  const after = Math.min(...years.map((year) => since(calendar, year)));
  const records = withChanges(await periodRecords(db, { regimeIds, unitIds: units, after }), written);
  const used = await usedEvidence(db, regimeIds, units);
  const found: ReferralChange[] = [];
  for (const unitId of units) {
    const own = records.filter((record) => record.unitId === unitId);
    const mine = written.filter(({ change }) => change.after.unitId === unitId);
    const at = mine.at(-1)?.at;
    if (at === undefined) continue;
    const open = running.find(({ state }) => state.unitId === unitId);
    if (open !== undefined) {
      // Requests that count together may differ in policy: a case goes on under that of its own.
      const its = open.state.regimeId === regimeId ? settings : await settingsOfCase(db, open.state.regimeId);
      found.push(replanned(open, own, usedBefore(used, unitId, open.state.id), at, its ?? settings));
      continue;
    }
    const late = grown.findLast(({ change }) => change.after.unitId === unitId);
    if (late === undefined) continue;
    const year = yearOf(dueOf(late.change), { calendar, reporting });
    const threshold = reporting.continues;
    const repetition = { regimeId, unitId, year, threshold, used: usedBefore(used, unitId, null) };
    const facts = reportingFacts(own, repetition, calendar, at.receivedAt);
    const born = proposal(facts, { policy, calendar, newId, workingGroupId, reporting });
    if (born === null) continue;
    const basis = { ground: reportingGround(own, repetition, calendar), assignment: null };
    found.push(changeReferral(null, born.events, basis, at, settings));
  }
  return found;
}

function replanned(
  open: LockedReferral,
  records: readonly PeriodRecord[],
  used: ReadonlySet<string>,
  at: Circumstances,
  settings: CaseSettings,
): ReferralChange {
  const { facts } = open.state;
  if (facts.about !== 'reporting') throw new Error(`Case ${open.state.id} is not of late reporting`);
  const { regimeId, unitId, year, threshold } = facts;
  const ground = reportingGround(records, { regimeId, unitId, year, threshold, used }, settings.calendar);
  return changeReferral(open, [], { ground, assignment: null }, at, settings);
}

/** The due instant by which a report counts in a year: the one in force. */
const dueOf = ({ after }: ReportChange): Instant => recordOf(after, Number.POSITIVE_INFINITY).dueAt;

/** Judged late just now, or handed in late before the clock could judge it. */
function hasGrownLate({ before, after, rows }: ReportChange): boolean {
  if (before === null || recordOf(after, 0).late !== true || recordOf(before, 0).late === true) return false;
  return rows.events.length > 0;
}

function withChanges(
  records: readonly PeriodRecord[],
  written: readonly { readonly change: ReportChange }[],
): PeriodRecord[] {
  const fresh = new Map(
    written.map(({ change }) => [change.after.id, recordOf(change.after, Number.POSITIVE_INFINITY)]),
  );
  return records.map((record) => fresh.get(record.obligationId) ?? record);
}
