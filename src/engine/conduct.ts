import type pg from 'pg';
import { countOpen } from '../db/assignment-store.js';
import { isBeingEdited } from '../db/calendar-store.js';
import { loadDirective, type StoredDirective, saveDirectiveState } from '../db/directive-store.js';
import { databaseNow, lockDirective, readClock, writeArmed } from '../db/lock-store.js';
import { stepsWait } from '../db/outage-store.js';
import { lockReferrals } from '../db/referral-store.js';
import {
  type ConductorKind,
  type DueSubject,
  dueSubjects,
  leastPlanned,
  type SubjectKind,
  setAside,
} from '../db/step-store.js';
import { withTransaction } from '../db/transaction.js';
import { CLOCK } from '../domain/actor.js';
import { decideDirectiveSteps } from '../domain/directive/decide.js';
import type { Instant } from '../domain/instant.js';
import { isReferralEnded } from '../domain/referral/state.js';
import type { Circumstances, CircumstancesFor } from './changes.js';
import { lockRegimesNaming } from './coverage.js';
import { endCoverage } from './coverage-end.js';
import { changeDirective, flushDirective, recordBySystem, systemAt } from './directive-change.js';
import { headOf } from './directive-frame.js';
import type { Engine } from './engine.js';
import { runAssignments, type SubjectResult } from './execute.js';
import { runReferral } from './execute-referral.js';
import { isOwnFault, isPassing } from './faults.js';
import { issueBatch } from './issue.js';
import { type Settings, settingsOf } from './settings.js';

/** What one pass of a conductor found; only a hint, the record is the truth. */
export interface Pass {
  /** The record says that this process is over. */
  readonly ended: boolean;
  readonly taken: number;
  /** Due steps remain: pass again at once. */
  readonly more: boolean;
  /** Until the earliest planned step, as armed; null where nothing is planned. */
  readonly nextInMs: number | null;
  readonly open: number;
  readonly poisoned: number;
}

/**
 * One pass over a directive: takes at most one batch of due steps; when none is due, closes it if nothing is
 * open, and else arms. A step is due only when the database's clock says so too.
 */
export async function conductDirective(
  engine: Engine,
  directiveId: string,
  workflowNow: Instant,
): Promise<Pass> {
  const conductor = { kind: 'directive' as const, id: directiveId };
  const taken = await takeDueBatch(engine, conductor, workflowNow);
  if (taken.more) {
    // What this batch has to tell need not wait for the last one.
    engine.notify();
    return { ended: false, taken: taken.taken, more: true, nextInMs: 0, open: -1, poisoned: 0 };
  }
  const pass = await withTransaction(engine.writer, async (client) => {
    // Two statements in read committed: first the lock, then the minimum. A command that plans something
    // earlier waits for this lock, or has committed before it and is seen.
    await lockDirective(client, directiveId, 'exclusive');
    const stored = await loadDirective(client, directiveId);
    if (stored === null) return over(taken.taken);
    const afterwards = async (): Promise<Pass> =>
      ended(taken, await arm(client, conductor, workflowNow, { taken: taken.taken, open: 0 }));
    if (stored.state.state !== 'issued') return await afterwards();
    if (stored.state.assigned < stored.state.planned) return null;
    const open = await countOpen(client, directiveId);
    if (open === 0 && stored.state.unclear === 0) {
      await close(client, stored, await lockRegimesNaming(client, [directiveId]));
      return await afterwards();
    }
    return later(taken, await arm(client, conductor, workflowNow, { taken: taken.taken, open }));
  });
  engine.notify();
  return pass ?? (await makeMore(engine, conductor, workflowNow, taken.taken));
}

/** Not all is assigned yet. What cannot be made is tried again after a while, and nobody's steps wait for it. */
async function makeMore(
  engine: Engine,
  conductor: { kind: 'directive'; id: string },
  workflowNow: Instant,
  taken: number,
): Promise<Pass> {
  const { made, stuck } = await issueBatch(engine, conductor.id);
  if (!stuck) return { ended: false, taken: taken + made, more: true, nextInMs: 0, open: -1, poisoned: 0 };
  return await withTransaction(engine.writer, async (client) => {
    await lockDirective(client, conductor.id, 'exclusive');
    const open = await countOpen(client, conductor.id);
    const armed = await arm(client, conductor, workflowNow, { taken: taken + made, open });
    const nextInMs = Math.min(armed.nextInMs ?? MAKE_AGAIN_MS, MAKE_AGAIN_MS);
    return { ...armed, nextInMs, poisoned: armed.poisoned + 1 };
  });
}

/** After which a conductor tries again to make an assignment that could not be made. */
const MAKE_AGAIN_MS = 15 * 60_000;

export function over(taken: number): Pass {
  return { ended: true, taken, more: false, nextInMs: null, open: 0, poisoned: 0 };
}

async function close(
  client: pg.PoolClient,
  stored: StoredDirective,
  regimeIds: readonly string[],
): Promise<void> {
  const settings = await settingsOf(client, headOf(stored));
  const now = Math.floor(await databaseNow(client));
  const event = { type: 'closed' as const, data: { at: now, by: 'all_ended' as const, carriedOver: [] } };
  await recordBySystem(client, stored, event, now, settings);
  const end = { directiveId: stored.state.id, how: 'closed' as const, since: now };
  await endCoverage(client, regimeIds, end, (last) => systemAt(now, last));
}

/**
 * Writes down the instant to which the conductor's timer is set, and answers with the delay: by the smaller of
 * the two clocks, as being due is, so that a process behind the database does not come too early again and again.
 */
export async function arm(
  client: pg.PoolClient,
  conductor: { kind: ConductorKind; id: string },
  workflowNow: Instant,
  {
    taken,
    open,
    noLaterThan = null,
  }: { readonly taken: number; readonly open: number; readonly noLaterThan?: Instant | null },
): Promise<Pass> {
  const planned = await leastPlanned(client, conductor);
  const at = planned.at !== null && noLaterThan !== null ? Math.min(planned.at, noLaterThan) : planned.at;
  const least = { at, poisoned: planned.poisoned };
  await writeArmed(client, conductor.kind, conductor.id, least.at ?? Number.POSITIVE_INFINITY);
  const now = Math.min(workflowNow, await databaseNow(client));
  return {
    ended: false,
    taken,
    more: false,
    nextInMs: least.at === null ? null : Math.max(0, Math.ceil(least.at - now)),
    open,
    poisoned: least.poisoned,
  };
}

/** While steps wait for an outage to be over, a conductor looks again after a minute and not at once. */
const LOOK_AGAIN_MS = 60_000;

export function later({ waits }: { readonly waits: boolean }, pass: Pass): Pass {
  if (!waits || pass.nextInMs === null) return pass;
  return { ...pass, nextInMs: Math.max(pass.nextInMs, LOOK_AGAIN_MS) };
}

/**
 * Nothing is open any more, but a cause that was stated may still wait for its decision, and its clock runs on: the
 * process ends when no step is planned.
 */
function ended(batch: { readonly taken: number; readonly waits: boolean }, armed: Pass): Pass {
  return armed.nextInMs === null ? over(batch.taken) : later(batch, armed);
}

/** Takes what is due of one conductor, one batch. The clock is the smaller of the workflow's and the database's. */
async function takeDueBatch(
  engine: Engine,
  conductor: { kind: ConductorKind; id: string },
  workflowNow: Instant,
): Promise<{ taken: number; more: boolean; waits: boolean }> {
  if (await stepsWait(engine.writer)) return { taken: 0, more: false, waits: true };
  // A case is never sent while the time to object may still be counted again.
  if (conductor.kind === 'referral' && (await isBeingEdited(engine.writer)))
    return { taken: 0, more: false, waits: true };
  const clock = await readClock(engine.writer);
  const now = Math.min(workflowNow, clock());
  const due = await dueSubjects(engine.writer, conductor, now, engine.limits.stepBatch);
  const byKind = (kind: SubjectKind): DueSubject[] => due.filter((subject) => subject.kind === kind);
  const at = (last: Instant): Circumstances => clockAt(now, clock(), last);
  let taken = await takeAssignmentSteps(engine, byKind('assignment'), at);
  for (const subject of byKind('referral')) taken += await takeReferralStep(engine, subject, at);
  for (const subject of byKind('directive')) taken += await takeDirectiveStep(engine, subject, at);
  if (due.length > 0) {
    const { kind, id } = conductor;
    engine.log.info({ conductor: kind, id, subjects: due.length, taken, now }, 'steps taken');
  }
  return { taken, more: due.length === engine.limits.stepBatch, waits: false };
}

/**
 * The clock's command on a batch. A subject whose `decide` throws is set aside; an error of the database
 * halves the batch, until the one subject that causes it stands alone. Answers with how much was recorded.
 */
async function takeAssignmentSteps(
  engine: Engine,
  due: readonly DueSubject[],
  at: CircumstancesFor,
): Promise<number> {
  const [first] = due;
  if (first === undefined) return 0;
  const ids = due.map(({ id }) => id);
  try {
    const results = await withTransaction(engine.writer, (client) =>
      runAssignments(client, ids, { action: 'take_steps' }, at),
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
    const taken = await takeAssignmentSteps(engine, due.slice(0, half), at);
    return taken + (await takeAssignmentSteps(engine, due.slice(half), at));
  }
}

/** What a batch came to: failures are set aside, events counted. */
export async function noteResults(
  engine: Engine,
  due: readonly DueSubject[],
  results: ReadonlyMap<string, SubjectResult>,
): Promise<number> {
  let recorded = 0;
  for (const subject of due) {
    const result = results.get(subject.id);
    if (result === undefined) continue;
    await noteFailure(engine, subject, result);
    if ('version' in result) recorded += result.recorded;
  }
  return recorded;
}

/** Judged at `now`, by which the step was found due; recorded when the lock was held. */
export function clockAt(now: Instant, lockedAt: Instant, lastRecordedAt: Instant): Circumstances {
  return {
    actor: CLOCK,
    document: null,
    receivedAt: now,
    happenedAt: now,
    recordedAt: Math.max(lockedAt, lastRecordedAt),
  };
}

async function takeReferralStep(engine: Engine, due: DueSubject, at: CircumstancesFor): Promise<number> {
  try {
    const result = await withTransaction(engine.writer, async (client) => {
      const taken = await runReferral(client, due.id, { action: 'take_steps' }, at);
      // A refusal or an error must leave nothing behind.
      if (taken !== null && 'thrown' in taken) throw taken.thrown;
      return taken;
    });
    return result === null ? 0 : await noteResults(engine, [due], new Map([[due.id, result]]));
  } catch (error) {
    if (isPassing(error) || !isOwnFault(error)) throw error;
    await noteFailure(engine, due, { thrown: error });
    return 0;
  }
}

async function takeDirectiveStep(engine: Engine, due: DueSubject, at: CircumstancesFor): Promise<number> {
  const { id } = due;
  let recorded = 0;
  const step = withTransaction(engine.writer, async (client) => {
    await lockDirective(client, id, 'exclusive');
    const stored = await loadDirective(client, id);
    if (stored === null) return;
    const settings: Settings = await settingsOf(client, headOf(stored));
    const when = at(stored.state.lastRecordedAt);
    const events = decideDirectiveSteps(stored.state, settings, when.receivedAt);
    // Also where nothing is owed any more: it is planned again, or the same step would be due for ever.
    const change = changeDirective(stored, events, when, stored.standingAgencyId, settings);
    await flushDirective(client, change, settings);
    await saveDirectiveState(client, change.state, change.headHash);
    recorded = events.length;
  });
  try {
    await step;
    return recorded;
  } catch (error) {
    if (isPassing(error) || !isOwnFault(error)) throw error;
    await noteFailure(engine, due, { thrown: error });
    return 0;
  }
}

/** A poisoned step is set aside with its error, shown, and leaves the minimum, so that the others go on. */
export async function noteFailure(engine: Engine, due: DueSubject, result: SubjectResult): Promise<void> {
  if ('version' in result) return;
  const error = 'thrown' in result ? result.thrown : result;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : JSON.stringify(error);
  engine.log.error({ subject: due.kind, id: due.id, step: due.step, err: error }, 'a step was set aside');
  await setAside(engine.writer, due, text);
}

/** One pass over a case: takes its due step, or arms; over when the record says so. */
export async function conductReferral(
  engine: Engine,
  referralId: string,
  workflowNow: Instant,
): Promise<Pass> {
  const conductor = { kind: 'referral' as const, id: referralId };
  const batch = await takeDueBatch(engine, conductor, workflowNow);
  const { taken } = batch;
  const pass = await withTransaction(engine.writer, async (client) => {
    // A case has one subject, so its row lock is the lock that arming asks for.
    const [locked] = await lockReferrals(client, [referralId]);
    if (locked === undefined || isReferralEnded(locked.state.state)) return over(taken);
    return later(batch, await arm(client, conductor, workflowNow, { taken, open: 1 }));
  });
  engine.notify();
  return pass;
}
