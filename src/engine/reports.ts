import { lockAssignments } from '../db/assignment-store.js';
import { calendarsOf } from '../db/calendar-store.js';
import { lockDirectivesOf } from '../db/lock-store.js';
import type { Queryable } from '../db/pool.js';
import { loadRegime, lockRegime, lockRequests } from '../db/regime-store.js';
import {
  type LockedObligation,
  lockObligations,
  obligationParents,
  reportableAssignments,
} from '../db/report-store.js';
import { notFound } from '../domain/assignment/access.js';
import type { AssignmentInputs } from '../domain/assignment/commands.js';
import { type Calendar, type CalendarRef, startOfDay } from '../domain/calendar.js';
import { type FieldError, isRefusal, type Refusal, refuse } from '../domain/errors.js';
import type { Instant } from '../domain/instant.js';
import { decideReport, type PersonReportCommand, type ReportCommand } from '../domain/report/decide.js';
import { groundsOf, type LapseGround } from '../domain/report/lapse.js';
import { type Regime, versionOf } from '../domain/report/regime.js';
import type { Obligation, ReportedProgress } from '../domain/report/state.js';
import type { Circumstances, CircumstancesFor } from './changes.js';
import { type CommandTx, circumstances, inCommand, refused } from './command.js';
import type { Engine } from './engine.js';
import { runEach, type SubjectResult } from './execute.js';
import { flush } from './flush.js';
import { newId } from './ids.js';
import { casesAfter } from './repetition.js';
import { changeReport, flushReports, type ReportChange, reportSettings } from './report-changes.js';
import type { CommandRequest, Outcome } from './request.js';
import { calendarOf } from './settings.js';

/**
 * The one way a report changes, one or a whole period of them: the regime's lock, load, decide, append, project,
 * plan, outbox, and what it means for cases of late reporting. The caller has begun the transaction.
 */
export async function runReports(
  db: Queryable,
  regimeId: string,
  ids: readonly string[],
  command: ReportCommand,
  at: CircumstancesFor,
): Promise<Map<string, SubjectResult>> {
  return runEachReport(db, regimeId, ids, at, (state) =>
    Promise.resolve({ command, calendar: state.calendar }),
  );
}

/** The command on one report, and the calendar it is judged under. */
type ReportCommandFor = (state: Obligation) => Promise<{
  readonly command: ReportCommand;
  readonly calendar: CalendarRef;
}>;

/** As {@link runReports}, with a command made for each; `changed` is told of what was written. */
export async function runEachReport(
  db: Queryable,
  regimeId: string,
  ids: readonly string[],
  at: CircumstancesFor,
  commandFor: ReportCommandFor,
  changed: (change: ReportChange) => void = () => undefined,
): Promise<Map<string, SubjectResult>> {
  await lockRegime(db, regimeId, 'shared');
  await lockRequests(db, [regimeId]);
  const results = new Map<string, SubjectResult>();
  const regime = await loadRegime(db, regimeId);
  if (regime === null) return results;
  const changes: { change: ReportChange; at: Circumstances }[] = [];
  for (const before of await lockObligations(db, ids)) {
    const { command, calendar } = await commandFor(before.state);
    const judged = await calendarOf(db, calendar);
    const settings = await reportSettings(db, regime.state, before.state.regimeVersion, judged);
    const when = at(before.state.lastRecordedAt);
    const { reporting } = settings.version;
    const grounds = groundsUnder(regime.state, before, judged);
    try {
      const decision = decideReport(before.state, command, {
        ...when,
        ...settings,
        reporting,
        grounds,
        newId,
      });
      if (isRefusal(decision)) {
        results.set(before.state.id, decision);
        continue;
      }
      const change = changeReport(before, decision.events, when, settings);
      changes.push({ change, at: when });
      changed(change);
      results.set(before.state.id, { version: change.after.seq, recorded: decision.events.length });
    } catch (error) {
      // An error is caught per subject, so that one poisoned state never stops the others.
      results.set(before.state.id, { thrown: error });
    }
  }
  const referrals = await casesAfter(db, regime, await calendarOf(db, regime.state.calendar), changes);
  await flushReports(
    db,
    regimeId,
    changes.map(({ change }) => change),
    regime.armedAt,
  );
  await flush(db, { assignments: [], referrals, armed: new Map() });
  return results;
}

/** Why nothing may be owed any more: what the regime says, and whether the unit is no more. */
function groundsUnder(
  regime: Regime,
  { state, unitEndsOn }: LockedObligation,
  calendar: Calendar,
): LapseGround[] {
  const own = groundsOf(regime, state.regimeVersion);
  if (unitEndsOn === null) return own;
  return [...own, { reason: 'unit_abolished', since: startOfDay(calendar, unitEndsOn) }];
}

/** What a unit says of one assignment in its report. */
export interface ProgressEntry {
  readonly assignmentId: string;
  readonly report: AssignmentInputs['report'];
}

/** A person's command on one report, with what it says of the unit's assignments in the same transaction. */
export async function executeReport(
  engine: Engine,
  request: CommandRequest,
  id: string,
  command: PersonReportCommand,
  entries: readonly ProgressEntry[] = [],
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    const [parents] = await obligationParents(tx.client, [id]);
    if (parents === undefined) throw refused(notFound());
    const at = (last: Instant): Circumstances => circumstances(tx, last);
    const strangers = entries.length > 0 ? await lockEntries(tx, parents, entries) : [];
    const results = await runEachReport(tx.client, parents.regimeId, [id], at, async (state) => ({
      command,
      calendar: command.action === 'return' ? await calendarToday(tx.client, state) : state.calendar,
    }));
    const result = results.get(id);
    if (result === undefined) throw refused(notFound());
    if ('thrown' in result) throw result.thrown;
    if (isRefusal(result)) throw refused(result);
    // Only who may act on the report is told which assignments are its own.
    if (strangers.length > 0) throw refused(entriesRefusal(strangers));
    if (entries.length > 0) await reportAssignments(tx, entries, at, command.action === 'restate');
    return { status: 200, subjectId: id, version: result.version };
  });
}

/** Reports that came in time follow no edit of the calendar; the time to mend one counts by the calendar of today. */
async function calendarToday(
  db: Queryable,
  { workingGroupId, unitId, calendar }: Obligation,
): Promise<CalendarRef> {
  return (await calendarsOf(db, workingGroupId, [unitId])).get(unitId) ?? calendar;
}

/** Directives before the regime, assignments before the report: the order of design §5. Answers with what is not the report's. */
async function lockEntries(
  { client }: CommandTx,
  parents: { regimeId: string; regimeVersion: number; unitId: string },
  entries: readonly ProgressEntry[],
): Promise<FieldError[]> {
  const ids = entries.map(({ assignmentId }) => assignmentId);
  await lockDirectivesOf(client, ids, 'shared');
  await lockRegime(client, parents.regimeId, 'shared');
  await lockRequests(client, [parents.regimeId]);
  await lockAssignments(client, ids);
  const regime = await loadRegime(client, parents.regimeId);
  if (regime === null) throw refused(notFound());
  // A report is about what was asked for when its period opened, whatever the regime asks for now.
  const { directiveIds } = versionOf(regime.state, parents.regimeVersion).definition;
  const known = await reportableAssignments(client, { ids, unitId: parents.unitId, directiveIds });
  return entries.flatMap(({ assignmentId }, index) =>
    known.has(assignmentId) && ids.indexOf(assignmentId) === index ? [] : [strange(index)],
  );
}

const strange = (index: number): FieldError => ({
  pointer: `/progress/${index}/assignmentId`,
  code: 'reference_unknown',
  detail: {
    vi: 'Không phải nhiệm vụ do đơn vị chủ trì trong các văn bản của chế độ báo cáo này, hoặc nêu hai lần.',
    en: 'Not an assignment that the unit leads under the directives of this regime, or named twice.',
  },
});

function entriesRefusal(errors: readonly FieldError[]): Refusal {
  return refuse(
    'reference_unknown',
    {
      vi: `${errors.length} nội dung tiến độ chưa ghi được; chưa có gì được ghi. Sửa hoặc bỏ các dòng này rồi gửi lại.`,
      en: `${errors.length} entries cannot be recorded, and nothing was. Mend or leave out these lines and send it again.`,
    },
    { errors },
  );
}

/**
 * Each entry is the assignment's own report act. One that cannot be recorded refuses the whole, so nothing is lost
 * unseen; but figures are corrected in the report also of work whose result has been handed in since.
 */
async function reportAssignments(
  { client }: CommandTx,
  entries: readonly ProgressEntry[],
  at: CircumstancesFor,
  correcting: boolean,
): Promise<void> {
  const inputs = new Map(entries.map(({ assignmentId, report }) => [assignmentId, report]));
  const ids = [...inputs.keys()];
  const results = await runEach(client, ids, 'report', at, ({ id, calendar }) => {
    const input = inputs.get(id);
    if (input === undefined) throw new Error(`Nothing was said of assignment ${id}`);
    return Promise.resolve({ command: { action: 'report', input }, calendar });
  });
  const errors = ids.flatMap((id, index): FieldError[] => {
    const result = results.get(id);
    if (result !== undefined && 'thrown' in result) throw result.thrown;
    if (result !== undefined && !isRefusal(result)) return [];
    const { code, detail } = result ?? notFound();
    if (correcting && code === 'transition_not_allowed') return [];
    return [{ pointer: `/progress/${index}`, code, detail }];
  });
  if (errors.length > 0) throw refused(entriesRefusal(errors));
}

/** The figures of some entries, as the report itself keeps them for corrections. */
export function figuresOf(entries: readonly ProgressEntry[]): ReportedProgress[] {
  return entries.map(({ assignmentId, report: { percent = null, figure } }) => {
    if (figure === undefined) return { assignmentId, percent, figure: null };
    const { numerator, denominator = null, asOf } = figure;
    return { assignmentId, percent, figure: { numerator, denominator, asOf } };
  });
}
