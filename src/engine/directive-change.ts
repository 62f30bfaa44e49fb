import { type StoredDirective, saveDirectiveState } from '../db/directive-store.js';
import { insertEvents } from '../db/event-store.js';
import { insertItems } from '../db/item-store.js';
import type { Queryable } from '../db/pool.js';
import { deletePlannedSteps, insertStepsTaken, savePlannedSteps } from '../db/step-store.js';
import { SYSTEM } from '../domain/actor.js';
import { evolveDirective, nextDirectiveStep } from '../domain/directive/decide.js';
import type { DirectiveEvent } from '../domain/directive/events.js';
import { directiveMessages } from '../domain/directive/messages.js';
import type { Directive } from '../domain/directive/state.js';
import type { Instant } from '../domain/instant.js';
import { addItems, append, type Circumstances, type SubjectRows, stepRow } from './changes.js';
import type { CaseSettings, Settings } from './settings.js';

export interface DirectiveChange {
  readonly state: Directive;
  readonly headHash: Buffer;
  readonly rows: SubjectRows;
}

/** Folds events into a directive, with the rows they leave. Without `settings` nobody is told of them. */
export function changeDirective(
  before: { state: Directive; headHash: Buffer | null } | null,
  events: readonly DirectiveEvent[],
  at: Circumstances,
  unitId: string,
  settings: CaseSettings | null,
): DirectiveChange {
  const rows: SubjectRows = { events: [], steps: [], items: [] };
  let state = before?.state ?? null;
  let head = before?.headHash ?? null;
  for (const event of events) {
    state = evolveDirective(state, event, at.recordedAt);
    const scope = {
      kind: 'directive' as const,
      id: state.id,
      workingGroupId: state.workingGroupId,
      directiveId: state.id,
      assignmentId: null,
      unitId,
    };
    head = append(rows, scope, event, state.seq, head, at);
    if (event.type === 'step_taken') rows.steps.push(stepRow(scope, event.data));
    if (settings !== null)
      addItems(rows, scope, state.seq, directiveMessages(event), { assignment: null, settings, at });
  }
  if (state === null || head === null) throw new Error('A change needs at least one event or a state before');
  return { state, headHash: head, rows };
}

/** Writes events, steps, messages and the directive's own planned step; the row itself is the caller's. */
export async function flushDirective(
  db: Queryable,
  change: DirectiveChange,
  settings: Settings | null,
): Promise<void> {
  await insertEvents(db, change.rows.events);
  await insertStepsTaken(db, change.rows.steps);
  await insertItems(db, change.rows.items);
  const planned = settings === null ? null : nextDirectiveStep(change.state, settings);
  if (planned === null) {
    await deletePlannedSteps(db, 'directive', [change.state.id]);
    return;
  }
  await savePlannedSteps(db, [
    {
      subjectKind: 'directive',
      subjectId: change.state.id,
      conductorKind: 'directive',
      conductorId: change.state.id,
      workingGroupId: change.state.workingGroupId,
      unitId: null,
      step: planned.step,
      at: planned.at,
    },
  ]);
}

/** One fact that the system itself adds to a directive, with its row. */
export async function recordBySystem(
  db: Queryable,
  stored: StoredDirective,
  event: DirectiveEvent,
  now: Instant,
  settings: Settings,
): Promise<void> {
  const at = systemAt(now, stored.state.lastRecordedAt);
  const change = changeDirective(stored, [event], at, stored.standingAgencyId, settings);
  await flushDirective(db, change, settings);
  await saveDirectiveState(db, change.state, change.headHash);
}

/** What the system does by itself: at once, and under no document. */
export function systemAt(at: Instant, lastRecordedAt: Instant): Circumstances {
  return {
    actor: SYSTEM,
    document: null,
    receivedAt: at,
    happenedAt: at,
    recordedAt: Math.max(at, lastRecordedAt),
  };
}
