import { lockAssignments, unitsAreValid } from '../db/assignment-store.js';
import { type UnitWrite, updateUnit } from '../db/directory-store.js';
import { databaseNow, lockDirectivesOf, readClock, writeArmed } from '../db/lock-store.js';
import type { Queryable } from '../db/pool.js';
import {
  allottedTo,
  endHeads,
  forgetUnstuck,
  lastActsOf,
  lockReorganisation,
  lockUnits,
  type Movable,
  movableAssignments,
  noteMoved,
  noteStuck,
  notThereOn,
  type StoredReorganisation,
  setReorganisationState,
  stillOpen,
} from '../db/reorganisation-store.js';
import { withTransaction } from '../db/transaction.js';
import { SYSTEM } from '../domain/actor.js';
import type { Assignment } from '../domain/assignment/state.js';
import { ALWAYS_OPEN, localDate } from '../domain/calendar.js';
import { type Bilingual, isRefusal } from '../domain/errors.js';
import { type Instant, MINUTE } from '../domain/instant.js';
import { type Heir, heirOf } from '../domain/reorganisation/plan.js';
import { accessBy, recordAccess } from './access-log.js';
import type { CircumstancesFor } from './changes.js';
import { over, type Pass } from './conduct.js';
import type { Engine } from './engine.js';
import { isOwnFault, isPassing } from './faults.js';
import { moveTogether } from './moves.js';
import { wakeRegimesOf, writeOf } from './units.js';

/** Tasks whose assignments are moved in one pass; each move is a transaction of its own. */
const TASKS = 50;
/** A pass takes no longer, however many assignments its tasks have: the next one goes on. */
const PASS_MS = 15_000;
/** What could not be moved is tried again after so long: who named an unfit successor may have named another. */
const STUCK_MS = 15 * MINUTE;

/**
 * One pass over a reorganisation. Before its date it waits; on it the units change, in one transaction; then what
 * they lead is moved, task by task, until nothing is open. What cannot be moved is told, and holds up nothing else.
 */
export async function conductReorganisation(engine: Engine, id: string, workflowNow: Instant): Promise<Pass> {
  const now = Math.floor(Math.min(workflowNow, (await readClock(engine.writer))()));
  const begun = await withTransaction(engine.writer, (client) => begin(client, id, now));
  if (begun === null) return over(0);
  if ('waits' in begun) return waiting(begun.waits, now, 0);
  const found = await movableAssignments(engine.writer, begun, now - STUCK_MS, TASKS);
  let moved = 0;
  const since = performance.now();
  for (const group of groups(begun, found)) {
    moved += await moveGroup(engine, begun, group);
    if (performance.now() - since > PASS_MS) break;
  }
  engine.notify();
  if (found.length > 0) return { ended: false, taken: moved, more: true, nextInMs: 0, open: -1, poisoned: 0 };
  return await withTransaction(engine.writer, (client) => endOrArm(client, begun, now));
}

const waiting = (until: Instant, now: Instant, stuck: number): Pass => ({
  ...{ ended: false, taken: 0, more: false, open: 1, poisoned: stuck },
  nextInMs: Math.max(0, Math.ceil(until - now)),
});

/**
 * Null: there is nothing to do any more. On its day the units change, and the work goes on from there: that of the
 * units that ended. A renamed one goes on, and so does one that was given other dates meanwhile.
 */
async function begin(
  client: Queryable,
  id: string,
  now: Instant,
): Promise<StoredReorganisation | { readonly waits: Instant } | null> {
  const plan = await lockReorganisation(client, id);
  if (plan === null || plan.state === 'done' || plan.state === 'cancelled') return null;
  if (now < plan.effectiveAt) {
    await writeArmed(client, 'reorganisation', id, plan.effectiveAt);
    return { waits: plan.effectiveAt };
  }
  if (plan.state === 'planned') {
    await changeUnits(client, plan);
    await setReorganisationState(client, id, 'running');
  }
  const ended = await notThereOn(client, plan.fromUnitIds, localDate(ALWAYS_OPEN, now));
  return { ...plan, fromUnitIds: ended };
}

/** Their validity ends, or they have another name and are found under the former one; who planned it is named. */
async function changeUnits(client: Queryable, plan: StoredReorganisation): Promise<void> {
  const { kind, effectiveOn, fromUnitIds, newName, newNameEn } = plan;
  for (const row of await lockUnits(client, fromUnitIds)) {
    const unit = writeOf(row);
    const former = [unit.name, unit.nameEn].filter((name) => name !== null);
    const after =
      kind === 'rename' && newName !== null
        ? { ...unit, name: newName, nameEn: newNameEn, aliases: [...new Set([...unit.aliases, ...former])] }
        : { ...unit, validTo: endOf(unit, effectiveOn) };
    await updateUnit(client, after);
    const detail = { reorganisationId: plan.id, name: after.name, validTo: after.validTo };
    const from = { address: null, agent: null };
    const subject = { kind: 'unit', id: unit.id };
    await recordAccess(client, accessBy(plan.plannedBy, from, 'unit_changed', subject, detail));
  }
  if (kind === 'rename') return;
  await endHeads(client, fromUnitIds, effectiveOn);
  await wakeRegimesOf(client, fromUnitIds);
}

/** A unit that was given another beginning meanwhile, after that day, is left as it is. */
function endOf({ validFrom, validTo }: UnitWrite, on: string): string | null {
  if (validFrom >= on) return validTo;
  return validTo === null || validTo > on ? on : validTo;
}

interface Group {
  readonly ids: readonly string[];
  readonly heir: Heir;
}

/** What of one task goes to one successor together becomes one; each of the others is moved by itself. */
function groups(plan: StoredReorganisation, found: readonly Movable[]): Group[] {
  const together = new Map<string, { ids: string[]; heir: Heir }>();
  for (const { id, taskId, state, allotted } of found) {
    const heir = heirOf(plan, allotted);
    // What waits for its confirmer or is suspended does not become one with what is worked on.
    const alike = state === 'submitted' || state === 'suspended' ? state : 'open';
    const key = `${taskId} ${heir.unitId} ${heir.caretaker} ${alike}`;
    const group = together.get(key) ?? { ids: [], heir };
    group.ids.push(id);
    together.set(key, group);
  }
  return [...together.values()];
}

/** Together where they can become one, else one by one; answers with how many were moved. */
async function moveGroup(engine: Engine, plan: StoredReorganisation, { ids, heir }: Group): Promise<number> {
  const moved = await tryMove(engine, plan, { ids, heir });
  if (typeof moved === 'number') return moved;
  if (ids.length === 1) {
    await noteStuck(engine.writer, plan.id, ids, moved);
    return 0;
  }
  let single = 0;
  for (const id of ids) single += await moveGroup(engine, plan, { ids: [id], heir });
  return single;
}

interface Stuck {
  readonly code: string;
  readonly detail: Bilingual;
}

/** How many were moved, or why they could not be. */
async function tryMove(engine: Engine, plan: StoredReorganisation, group: Group): Promise<number | Stuck> {
  try {
    return await withTransaction(engine.writer, (client) => moveNow(client, plan, group));
  } catch (error) {
    if (error instanceof Refused) return error.why;
    if (isPassing(error) || !isOwnFault(error)) throw error;
    const line = { reorganisation: plan.id, assignments: group.ids, err: error };
    engine.log.error(line, 'could not be moved');
    const detail = {
      vi: 'Chưa chuyển được do lỗi hệ thống; quản trị hệ thống xem nhật ký.',
      en: 'Could not be moved for an error of the system; its log says more.',
    };
    return { code: 'internal_error', detail };
  }
}

/** The move and its note, in one transaction. @throws {Refused} where it cannot be */
async function moveNow(client: Queryable, plan: StoredReorganisation, { ids, heir }: Group): Promise<number> {
  await lockDirectivesOf(client, ids, 'shared');
  await lockReorganisation(client, plan.id);
  const allotted = await allottedTo(client, plan.id, ids);
  // Allotted to somebody else meanwhile: the next pass finds them so.
  if (ids.some((id) => !sameHeir(heirOf(plan, allotted.get(id) ?? null), heir))) return 0;
  const locked = await lockAssignments(client, ids);
  // Ended or moved by somebody meanwhile: nothing is left to do for these.
  const open = locked.map(({ state }) => state).filter((state) => isStillTheirs(state, plan));
  if (open.length === 0) return 0;
  if (!(await unitsAreValid(client, [heir.unitId]))) throw new Refused(NO_HEIR);
  const { unitId, caretaker } = heir;
  const input = { to: [{ unitId }], reason: plan.reason, ...(caretaker ? { caretaker: true } : {}) };
  const acted = await lastActsOf(client, ids, plan.fromUnitIds);
  const at = movedAt(
    plan,
    [...open.map(({ assignedAt }) => assignedAt), ...acted],
    Math.floor(await databaseNow(client)),
  );
  const results = await moveTogether(client, open, { action: 'reorganise', input }, at);
  for (const result of results.values()) {
    if ('thrown' in result) throw result.thrown;
    if (isRefusal(result)) throw new Refused({ code: result.code, detail: result.detail });
  }
  await noteMoved(
    client,
    plan.id,
    open.map(({ id }) => id),
  );
  return open.length;
}

/** From its day on the former unit is no more, however long the work took to be moved; but for its own last act. */
function movedAt(plan: StoredReorganisation, acts: readonly Instant[], now: Instant): CircumstancesFor {
  const happenedAt = Math.min(now, Math.max(plan.effectiveAt, ...acts));
  return (last) => ({
    ...{ actor: SYSTEM, document: plan.document, receivedAt: now, happenedAt },
    recordedAt: Math.max(now, last),
  });
}

const NO_HEIR: Stuck = {
  code: 'reference_unknown',
  detail: {
    vi: 'Đơn vị tiếp nhận không tồn tại hoặc đã hết hiệu lực; hãy phân công cho đơn vị khác.',
    en: 'Its successor does not exist or is no longer valid; allot it to another unit.',
  },
};

const sameHeir = (one: Heir, other: Heir): boolean =>
  one.unitId === other.unitId && one.caretaker === other.caretaker;

const isStillTheirs = ({ endedAt, unitId }: Assignment, { fromUnitIds }: StoredReorganisation): boolean =>
  endedAt === null && fromUnitIds.includes(unitId);

/** Rolls the transaction back. */
class Refused extends Error {
  readonly why: Stuck;

  constructor(why: Stuck) {
    super(why.detail.en);
    this.why = why;
  }
}

/** Under its lock again: over where nothing is open, else tried again later. */
async function endOrArm(client: Queryable, plan: StoredReorganisation, now: Instant): Promise<Pass> {
  if ((await lockReorganisation(client, plan.id))?.state !== 'running') return over(0);
  await forgetUnstuck(client, plan);
  const { open, stuck } = await stillOpen(client, plan);
  if (open === 0) {
    await setReorganisationState(client, plan.id, 'done');
    await writeArmed(client, 'reorganisation', plan.id, Number.POSITIVE_INFINITY);
    return over(0);
  }
  const again = now + STUCK_MS;
  await writeArmed(client, 'reorganisation', plan.id, again);
  return waiting(again, now, stuck);
}
