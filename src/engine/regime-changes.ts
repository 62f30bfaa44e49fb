import { insertEvents } from '../db/event-store.js';
import { insertWakes, type WakeRow } from '../db/lock-store.js';
import type { Queryable } from '../db/pool.js';
import { saveRegime } from '../db/regime-store.js';
import { deletePlannedSteps, savePlannedSteps } from '../db/step-store.js';
import type { Calendar } from '../domain/calendar.js';
import type { PlannedStep } from '../domain/planned.js';
import { evolveRegime, nextRegimeStep, type Regime, type RegimeEvent } from '../domain/report/regime.js';
import { append, type Circumstances, type SubjectRows } from './changes.js';

export interface RegimeChange {
  readonly state: Regime;
  readonly headHash: Buffer;
  readonly planned: PlannedStep | null;
  readonly rows: SubjectRows;
}

/** Folds events into a regime, with the rows they leave. */
export function changeRegime(
  before: { readonly state: Regime; readonly headHash: Buffer } | null,
  events: readonly RegimeEvent[],
  at: Circumstances,
  calendar: Calendar,
): RegimeChange {
  const rows: SubjectRows = { events: [], steps: [], items: [] };
  let state = before?.state ?? null;
  let head = before?.headHash ?? null;
  for (const event of events) {
    state = evolveRegime(state, event, at.recordedAt);
    const scope = {
      kind: 'regime' as const,
      id: state.id,
      workingGroupId: state.workingGroupId,
      directiveId: null,
      assignmentId: null,
      unitId: state.standingAgencyId,
    };
    head = append(rows, scope, event, state.seq, head, at);
  }
  if (state === null || head === null) throw new Error('A change needs at least one event or a state before');
  return { state, headHash: head, planned: nextRegimeStep(state, calendar), rows };
}

/** Writes the regime, what it waits for, and where a person changed it the wake of its conductor. */
export async function flushRegime(
  db: Queryable,
  { state, headHash, planned, rows }: RegimeChange,
  wake: WakeRow['reason'] | null = null,
): Promise<void> {
  await insertEvents(db, rows.events);
  await saveRegime(db, state, headHash);
  if (planned === null) await deletePlannedSteps(db, 'regime', [state.id]);
  else {
    await savePlannedSteps(db, [
      {
        subjectKind: 'regime',
        subjectId: state.id,
        conductorKind: 'reportingCycle',
        conductorId: state.id,
        workingGroupId: state.workingGroupId,
        unitId: null,
        step: planned.step,
        at: planned.at,
      },
    ]);
  }
  if (wake !== null)
    await insertWakes(db, [{ conductorKind: 'reportingCycle', conductorId: state.id, reason: wake }]);
}
