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
import { together } from '../db/transaction.js';
import { isEnded, predecessorsOf } from '../domain/assignment/state.js';
import type { Instant } from '../domain/instant.js';
import type { AssignmentChange, ReferralChange } from './changes.js';
import { referencesOf } from './file-references.js';
import { type Repainted, repainted, writeLives } from './lives.js';

export interface ChangeSet {
  readonly assignments: readonly AssignmentChange[];
  readonly referrals: readonly ReferralChange[];
  /** The instant each directive's conductor is armed for, read under its shared lock. */
  readonly armed: ReadonlyMap<string, Instant>;
}

/**
 * Writes a whole change set: events, projections, spans, planned steps, outbox. A handful of statements, whatever
 * its size, sent together; the server runs them in the order in which they stand here.
 */
export async function flush(db: Queryable, changes: ChangeSet): Promise<void> {
  const rows = [...changes.assignments, ...changes.referrals].map((change) => change.rows);
  const written = changes.assignments.filter((change) => change.rows.events.length > 0);
  const lives = await repainted(db, written);
  await together([
    insertEvents(
      db,
      rows.flatMap((row) => row.events),
    ),
    ...projections(db, written, lives),
    saveReferrals(
      db,
      changes.referrals
        .filter((change) => change.rows.events.length > 0)
        .map((change) => ({ state: change.after, headHash: change.headHash })),
    ),
    insertFileReferences(db, referencesOf(written, changes.referrals)),
    insertStepsTaken(
      db,
      rows.flatMap((row) => row.steps),
    ),
    ...voidings(db, written),
    plan(db, changes),
    insertItems(
      db,
      rows.flatMap((row) => row.items),
    ),
    insertWakes(db, wakesOf(changes)),
  ]);
}

/** What is folded from the events of assignments; new ones before what refers to them. */
function projections(
  db: Queryable,
  written: readonly AssignmentChange[],
  lives: ReadonlyMap<string, Repainted>,
): Promise<unknown>[] {
  const writes = (some: readonly AssignmentChange[]) =>
    some.map((change) => ({
      state: change.after,
      headHash: change.headHash,
      spanSince: lives.get(change.after.id)?.since ?? change.spanSince ?? change.after.assignedAt,
      referralId: change.referralId,
    }));
  return [
    insertAssignments(db, writes(written.filter((change) => change.before === null))),
    insertSuccessions(db, successionsOf(written)),
    updateAssignments(db, writes(written.filter((change) => change.before !== null))),
    writeLives(db, lives),
    saveMatters(db, changedMatters(written)),
  ];
}

function voidings(db: Queryable, written: readonly AssignmentChange[]): Promise<unknown>[] {
  return written.flatMap(({ after, voided }) =>
    voided.map((each) =>
      voidSteps(db, { kind: 'assignment', subjectId: after.id, ...each, at: after.lastRecordedAt }),
    ),
  );
}

function successionsOf(changes: readonly AssignmentChange[]): SuccessionRow[] {
  return changes.flatMap(({ before, after }) => {
    if (before !== null) return [];
    const { id: successorId, workingGroupId, unitId } = after;
    return predecessorsOf(after).map((predecessorId) => ({
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
  await together([
    savePlannedSteps(db, planned),
    deletePlannedSteps(db, 'assignment', none.assignment),
    deletePlannedSteps(db, 'referral', none.referral),
  ]);
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
    const over = change.after.endedAt !== null && !change.wasEnded;
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
