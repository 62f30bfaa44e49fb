import { insertAssignments, saveMatters, updateAssignments } from '../db/assignment-store.js';
import { insertEvents } from '../db/event-store.js';
import { insertFileReferences } from '../db/file-store.js';
import { insertItems } from '../db/item-store.js';
import { insertWakes, type WakeRow } from '../db/lock-store.js';
import type { Queryable } from '../db/pool.js';
import { saveReferrals } from '../db/referral-store.js';
import {
  deletePlannedSteps,
  insertStepsTaken,
  type PlannedStepRow,
  savePlannedSteps,
  voidSteps,
} from '../db/step-store.js';
import { insertSuccessions, type SuccessionRow } from '../db/succession-store.js';
import { isEnded } from '../domain/assignment/state.js';
import type { Instant } from '../domain/instant.js';
import type { AssignmentChange, ReferralChange } from './changes.js';
import { referencesOf } from './file-references.js';
import { repainted, writeLives } from './lives.js';

export interface ChangeSet {
  readonly assignments: readonly AssignmentChange[];
  readonly referrals: readonly ReferralChange[];
  /** The instant each directive's conductor is armed for, read under its shared lock. */
  readonly armed: ReadonlyMap<string, Instant>;
}

/** Writes a whole change set: events, projections, spans, planned steps, outbox. A handful of statements, whatever its size. */
export async function flush(db: Queryable, changes: ChangeSet): Promise<void> {
  const { assignments, referrals } = changes;
  const rows = [...assignments, ...referrals].map((change) => change.rows);
  await insertEvents(
    db,
    rows.flatMap((row) => row.events),
  );
  const written = assignments.filter((change) => change.rows.events.length > 0);
  const lives = await repainted(db, written);
  const writes = (some: readonly AssignmentChange[]) =>
    some.map((change) => ({
      state: change.after,
      headHash: change.headHash,
      spanSince: lives.get(change.after.id)?.since ?? change.spanSince ?? change.after.assignedAt,
      referralId: change.referralId,
    }));
  await insertAssignments(db, writes(written.filter((change) => change.before === null)));
  await insertSuccessions(db, successionsOf(written));
  await updateAssignments(db, writes(written.filter((change) => change.before !== null)));
  await writeLives(db, lives);
  await saveMatters(db, changedMatters(written));
  await saveReferrals(
    db,
    referrals
      .filter((change) => change.rows.events.length > 0)
      .map((change) => ({ state: change.after, headHash: change.headHash })),
  );
  await insertFileReferences(db, referencesOf(written, referrals));
  await insertStepsTaken(
    db,
    rows.flatMap((row) => row.steps),
  );
  for (const change of written) {
    for (const voided of change.voided) {
      await voidSteps(db, {
        kind: 'assignment',
        subjectId: change.after.id,
        ...voided,
        at: change.after.lastRecordedAt,
      });
    }
  }
  await plan(db, changes);
  await insertItems(
    db,
    rows.flatMap((row) => row.items),
  );
  await insertWakes(db, wakesOf(changes));
}

function successionsOf(changes: readonly AssignmentChange[]): SuccessionRow[] {
  return changes.flatMap(({ before, after }) => {
    if (before !== null || after.predecessorId === null) return [];
    const { id: successorId, workingGroupId, unitId } = after;
    return (after.predecessorIds ?? [after.predecessorId]).map((predecessorId) => ({
      predecessorId,
      successorId,
      workingGroupId,
      unitId,
    }));
  });
}

function changedMatters(changes: readonly AssignmentChange[]) {
  return changes.flatMap((change) => {
    const before = new Map(change.before?.matters.map((matter) => [matter.id, matter]) ?? []);
    return change.after.matters
      .filter((matter) => before.get(matter.id) !== matter)
      .map((matter) => ({ matter, assignment: change.after }));
  });
}

async function plan(db: Queryable, { assignments, referrals }: ChangeSet): Promise<void> {
  const planned: PlannedStepRow[] = [];
  const none: { assignment: string[]; referral: string[] } = { assignment: [], referral: [] };
  for (const { after, before, planned: step } of assignments) {
    if (step === null) {
      if (before !== null) none.assignment.push(after.id);
    } else {
      planned.push({
        subjectKind: 'assignment',
        subjectId: after.id,
        conductorKind: 'directive',
        conductorId: after.directiveId,
        workingGroupId: after.workingGroupId,
        unitId: after.unitId,
        step: step.step,
        at: step.at,
      });
    }
  }
  for (const { after, planned: step } of referrals) {
    if (step === null) none.referral.push(after.id);
    else {
      planned.push({
        subjectKind: 'referral',
        subjectId: after.id,
        conductorKind: 'referral',
        conductorId: after.id,
        workingGroupId: after.workingGroupId,
        unitId: after.unitId,
        step: step.step,
        at: step.at,
      });
    }
  }
  await savePlannedSteps(db, planned);
  await deletePlannedSteps(db, 'assignment', none.assignment);
  await deletePlannedSteps(db, 'referral', none.referral);
}

/**
 * A conductor is woken when a command plans something earlier than it is armed for; an ended assignment
 * leaves a row of its own, and the pump looks after the commit whether anything is still open.
 */
function wakesOf({ assignments, referrals, armed }: ChangeSet): WakeRow[] {
  const wakes: WakeRow[] = [];
  const earlier = new Set<string>();
  const ended = new Set<string>();
  for (const change of assignments) {
    const { directiveId } = change.after;
    const armedAt = armed.get(directiveId) ?? Number.NEGATIVE_INFINITY;
    if (change.planned !== null && change.planned.at < armedAt) earlier.add(directiveId);
    if (isEnded(change.after.state) && change.before !== null && !isEnded(change.before.state))
      ended.add(directiveId);
  }
  for (const id of earlier) wakes.push({ conductorKind: 'directive', conductorId: id, reason: 'earlier' });
  for (const id of ended) wakes.push({ conductorKind: 'directive', conductorId: id, reason: 'ended' });
  for (const change of referrals) {
    const born = change.after.seq === 1;
    const over = change.after.endedAt !== null && change.rows.events.length > 0;
    const sooner = change.planned !== null && change.planned.at < change.armedAt;
    if (born || over || sooner)
      wakes.push({
        conductorKind: 'referral',
        conductorId: change.after.id,
        reason: born ? 'start' : over ? 'ended' : 'earlier',
      });
  }
  return wakes;
}
