import type { EventRow } from '../db/event-store.js';
import { insertEvents } from '../db/event-store.js';
import { insertItems } from '../db/item-store.js';
import { insertWakes } from '../db/lock-store.js';
import type { Queryable } from '../db/pool.js';
import { saveObligations } from '../db/report-store.js';
import {
  deletePlannedSteps,
  insertStepsTaken,
  type PlannedStepRow,
  savePlannedSteps,
  voidSteps,
} from '../db/step-store.js';
import type { Calendar } from '../domain/calendar.js';
import type { MessageDraft } from '../domain/decision.js';
import type { PlannedStep } from '../domain/planned.js';
import type { ReportEvent } from '../domain/report/events.js';
import { evolveReport, obligationBorn } from '../domain/report/evolve.js';
import { reportMessages } from '../domain/report/messages.js';
import { officesOf, type Regime, type RegimeVersion, versionOf } from '../domain/report/regime.js';
import { recordOf } from '../domain/report/repeated.js';
import { type Obligation, stretchesOf } from '../domain/report/state.js';
import { nextReportStep } from '../domain/report/steps.js';
import {
  addItems,
  append,
  type Circumstances,
  type SubjectRows,
  type SubjectScope,
  stepRow,
} from './changes.js';
import { type CaseSettings, calendarOf } from './settings.js';

/** What judges a report: the version of the regime under which its period was opened, and the calendar. */
export interface ReportSettings extends CaseSettings {
  readonly version: RegimeVersion;
  readonly standingAgencyId: string;
}

export async function reportSettings(
  db: Queryable,
  regime: Regime,
  version: number,
  calendar: Calendar,
): Promise<ReportSettings> {
  const found = versionOf(regime, version);
  return {
    version: found,
    policy: found.policy,
    calendar,
    officeCalendar: await calendarOf(db, regime.calendar),
    directive: officesOf(regime),
    standingAgencyId: regime.standingAgencyId,
  };
}

/** An obligation after its events, with everything that goes into the record for it. */
export interface ReportChange {
  readonly before: Obligation | null;
  readonly after: Obligation;
  readonly headHash: Buffer;
  readonly planned: PlannedStep | null;
  /** What an edit of a calendar or an outage did to the due instant. */
  readonly moved: { readonly due: boolean; readonly rejudged: boolean };
  readonly voided: readonly { steps: readonly string[]; cycle: number; reason: string }[];
  readonly rows: SubjectRows;
}

const scopeOf = (o: Obligation): SubjectScope => ({
  kind: 'obligation',
  id: o.id,
  workingGroupId: o.workingGroupId,
  directiveId: null,
  assignmentId: null,
  unitId: o.unitId,
});

/** Folds a decision's events into an obligation; pure but for random salts and ids. */
export function changeReport(
  before: { readonly state: Obligation; readonly headHash: Buffer } | null,
  events: readonly ReportEvent[],
  at: Circumstances,
  settings: ReportSettings,
): ReportChange {
  const rows: SubjectRows = { events: [], steps: [], items: [] };
  const { definition, reporting } = settings.version;
  const title = {
    name: definition.name,
    adHoc: definition.schedule.kind === 'ad_hoc',
    standingAgencyId: settings.standingAgencyId,
  };
  let state = before?.state ?? null;
  let head = before?.headHash ?? null;
  const voided: { steps: readonly string[]; cycle: number; reason: string }[] = [];
  for (const event of events) {
    if (state === null) {
      if (event.type !== 'opened') throw new Error(`A life begins with opened, not ${event.type}`);
      state = obligationBorn(event, at.recordedAt);
    } else {
      state = evolveReport(state, event, at.recordedAt);
    }
    const scope = scopeOf(state);
    head = append(rows, scope, event, state.seq, head, at);
    if (event.type === 'step_taken' || event.type === 'judged') rows.steps.push(stepRow(scope, event.data));
    if (event.type === 'steps_voided') {
      const { steps, cycle } = event.data;
      voided.push({ steps, cycle, reason: event.text?.reason ?? '' });
    }
    const drafts = [...reportMessages(event, state, title), ...recordedFor(at, event, state)];
    addItems(rows, scope, state.seq, drafts, { assignment: null, settings, at });
  }
  if (state === null || head === null) throw new Error('A change needs at least one event or a state before');
  const planned = nextReportStep(state, { ...settings, reporting });
  const moves = events.flatMap((event) =>
    event.type === 'calendar_changed' || event.type === 'outage_excused' ? [event.data] : [],
  );
  const moved = {
    due: moves.some(({ dueAt, previous }) => dueAt !== previous.dueAt),
    rejudged: moves.some(({ rejudged }) => rejudged),
  };
  return { before: before?.state ?? null, after: state, headHash: head, planned, moved, voided, rows };
}

/** A unit is told of what the standing agency recorded for it from a document. */
function recordedFor({ actor }: Circumstances, event: ReportEvent, { id }: Obligation): MessageDraft[] {
  const acts: readonly ReportEvent['type'][] = ['submitted', 'restated', 'excuse_asked'];
  if (actor.kind !== 'person' || actor.role !== 'standing_agency' || !acts.includes(event.type)) return [];
  return [{ template: 'recorded_for_you', to: 'unit', rank: 5, holds: 'always', params: { report: id } }];
}

function plannedOf(regimeId: string, changes: readonly ReportChange[]): PlannedStepRow[] {
  return changes.flatMap(({ after, planned: step }) =>
    step === null
      ? []
      : {
          subjectKind: 'obligation' as const,
          subjectId: after.id,
          conductorKind: 'reportingCycle' as const,
          conductorId: regimeId,
          workingGroupId: after.workingGroupId,
          unitId: after.unitId,
          step: step.step,
          at: step.at,
        },
  );
}

/** Writes a set of changes under one regime: a handful of statements, whatever its size. */
export async function flushReports(
  db: Queryable,
  regimeId: string,
  changes: readonly ReportChange[],
  armedAt: number | null,
): Promise<void> {
  const written = changes.filter((change) => change.rows.events.length > 0);
  const all = <T>(pick: (rows: SubjectRows) => readonly T[]): T[] =>
    written.flatMap(({ rows }) => pick(rows));
  await insertEvents(
    db,
    all<EventRow>((rows) => rows.events),
  );
  await saveObligations(
    db,
    written.map(({ after, headHash }) => ({
      state: after,
      headHash,
      record: recordOf(after, Number.POSITIVE_INFINITY),
      stretches: stretchesOf(after),
    })),
  );
  await insertStepsTaken(
    db,
    all((rows) => rows.steps),
  );
  for (const { after, voided } of written) {
    for (const one of voided) {
      await voidSteps(db, { kind: 'obligation', subjectId: after.id, ...one, at: after.lastRecordedAt });
    }
  }
  const planned = plannedOf(regimeId, changes);
  await savePlannedSteps(db, planned);
  const none = changes.filter((change) => change.planned === null && change.before !== null);
  await deletePlannedSteps(
    db,
    'obligation',
    none.map(({ after }) => after.id),
  );
  await insertItems(
    db,
    all((rows) => rows.items),
  );
  // Whoever holds the exclusive lock arms afterwards; a command below wakes the conductor it is earlier than, and one
  // that sleeps without a timer (what it waited for had been set aside) where it leaves something that waits no more.
  const sooner = planned.some((step) => armedAt !== null && step.at < armedAt);
  const settles = none.length > 0 && armedAt === Number.POSITIVE_INFINITY;
  if (sooner || settles) {
    const reason = sooner ? 'earlier' : 'ended';
    await insertWakes(db, [{ conductorKind: 'reportingCycle', conductorId: regimeId, reason }]);
  }
}
