import { insertWakes } from '../db/lock-store.js';
import type { Queryable } from '../db/pool.js';
import {
  type AllotmentRow,
  entangledWith,
  insertReorganisation,
  lockReorganisation,
  lockUnits,
  notThereOn,
  openOf,
  resumeReorganisations,
  type StoredReorganisation,
  saveAllotments,
  setReorganisationState,
} from '../db/reorganisation-store.js';
import type { PersonActor } from '../domain/actor.js';
import { notFound } from '../domain/assignment/access.js';
import { ALWAYS_OPEN, localDate } from '../domain/calendar.js';
import { addCalendarDays } from '../domain/civil-date.js';
import {
  type Bilingual,
  type FieldError,
  fieldError,
  type Refusal,
  refuse,
  versionChanged,
} from '../domain/errors.js';
import { planErrors, type ReorganisationPlan } from '../domain/reorganisation/plan.js';
import type { Origin } from './access-log.js';
import { type CommandTx, inCommand, refused } from './command.js';
import type { Engine } from './engine.js';
import { newId } from './ids.js';
import { administrator, noted } from './people.js';
import type { CommandRequest, Outcome } from './request.js';

/** What changes on a date. Its process waits from now on; nothing of the work has changed yet. */
export async function planReorganisation(
  engine: Engine,
  request: CommandRequest,
  plan: ReorganisationPlan,
  origin: Origin,
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    const actor = administrator(tx);
    refuseWrong([...planErrors(plan), ...dayErrors(plan, localDate(ALWAYS_OPEN, tx.receivedAt))]);
    await refuseUnfit(tx, plan);
    const id = newId();
    await insertReorganisation(tx.client, id, plan, actor, tx.receivedAt);
    await insertWakes(tx.client, [{ conductorKind: 'reorganisation', conductorId: id, reason: 'start' }]);
    const { kind, effectiveOn, fromUnitIds, toUnitIds, caretakerId } = plan;
    const detail = { kind, effectiveOn, fromUnitIds, toUnitIds, caretakerId };
    await noted(tx, actor, origin, 'reorganisation_planned', { kind: 'reorganisation', id }, detail);
    return { status: 201, subjectId: id, version: 1 };
  });
}

/** Only before its date: what has begun is carried out, and what it did is undone by another one. */
export async function cancelReorganisation(
  engine: Engine,
  request: CommandRequest,
  id: string,
  { ifMatch, origin }: { readonly ifMatch: number; readonly origin: Origin },
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    const actor = administrator(tx);
    const plan = await lockAtVersion(tx, id, ifMatch);
    if (plan.state !== 'planned') throw refused(alreadyBegun(plan));
    const version = await setReorganisationState(tx.client, id, 'cancelled');
    await insertWakes(tx.client, [{ conductorKind: 'reorganisation', conductorId: id, reason: 'ended' }]);
    await noted(tx, actor, origin, 'reorganisation_cancelled', { kind: 'reorganisation', id });
    return { status: 200, subjectId: id, version };
  });
}

/** Says to which successor each assignment of the standing agency's Working Group goes. */
export async function allotAssignments(
  engine: Engine,
  request: CommandRequest,
  id: string,
  allotments: readonly AllotmentRow[],
  ifMatch: number,
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    const { workingGroupId } = standingAgency(tx);
    const plan = await lockAtVersion(tx, id, ifMatch);
    if (plan.state === 'done' || plan.state === 'cancelled' || plan.kind === 'rename')
      throw refused(alreadyBegun(plan));
    refuseWrong(await misallotted(tx, plan, workingGroupId, allotments));
    await saveAllotments(tx.client, id, workingGroupId, allotments);
    await insertWakes(tx.client, [{ conductorKind: 'reorganisation', conductorId: id, reason: 'earlier' }]);
    return { status: 200, subjectId: id, version: plan.version + 1 };
  });
}

async function misallotted(
  tx: CommandTx,
  plan: StoredReorganisation,
  workingGroupId: string,
  allotments: readonly AllotmentRow[],
): Promise<FieldError[]> {
  const ids = allotments.map(({ assignmentId }) => assignmentId);
  const open = await openOf(tx.client, ids, workingGroupId, plan.fromUnitIds);
  const heirs = new Set([...plan.toUnitIds, ...(plan.caretakerId === null ? [] : [plan.caretakerId])]);
  // Once it runs an heir may turn out to be unfit: then any unit that exists will do.
  const named = allotments.flatMap(({ unitId }) => unitId ?? []);
  const gone = new Set(await notThereOn(tx.client, named, localDate(ALWAYS_OPEN, tx.receivedAt)));
  const takes = (unitId: string): boolean =>
    plan.state === 'running' ? !gone.has(unitId) && !plan.fromUnitIds.includes(unitId) : heirs.has(unitId);
  return allotments.flatMap(({ assignmentId, unitId }, index) => {
    const at = `/items/${index}`;
    if (ids.indexOf(assignmentId) !== index)
      return [fieldError(`${at}/assignmentId`, 'named_twice', 'Đã nêu ở trên.', 'Named above already.')];
    if (!open.has(assignmentId))
      return [
        fieldError(
          `${at}/assignmentId`,
          'unknown',
          'Không phải nhiệm vụ đang mở của đơn vị được sắp xếp.',
          'Not an open assignment of a unit that ends.',
        ),
      ];
    if (unitId === null || takes(unitId)) return [];
    return [
      fieldError(
        `${at}/unitId`,
        'unknown',
        'Không phải đơn vị tiếp nhận của phương án này.',
        'Not a successor of this reorganisation.',
      ),
    ];
  });
}

function refuseWrong(errors: readonly FieldError[]): void {
  if (errors.length === 0) return;
  const detail = { vi: 'Phương án sắp xếp chưa hợp lệ.', en: 'The reorganisation cannot be so.' };
  throw refused(refuse('reorganisation_invalid', detail, { errors: [...errors] }));
}

/** Lateness is not judged again for longer than an evaluation lasts, nor a unit bound for ever by a slip of the pen. */
const DAYS_BACK = 366;
const DAYS_AHEAD = 5 * 366;

function dayErrors({ effectiveOn }: ReorganisationPlan, today: string): FieldError[] {
  const [from, to] = [addCalendarDays(today, -DAYS_BACK), addCalendarDays(today, DAYS_AHEAD)];
  if (effectiveOn >= from && effectiveOn <= to) return [];
  const vi = `Ngày hiệu lực phải từ ${from} đến ${to}.`;
  return [fieldError('/effectiveOn', 'out_of_range', vi, `The day lies between ${from} and ${to}.`)];
}

/** Its units exist, successors on its day; and none of them ends by another plan. */
async function refuseUnfit(tx: CommandTx, plan: ReorganisationPlan): Promise<void> {
  const { fromUnitIds, toUnitIds, caretakerId, effectiveOn } = plan;
  const heirs = [...toUnitIds, ...(caretakerId === null ? [] : [caretakerId])];
  // Two plans at once wait for each other here, whichever of their units they share.
  await lockUnits(tx.client, [...fromUnitIds, ...heirs]);
  const missing = new Set(await notThereOn(tx.client, fromUnitIds, addCalendarDays(effectiveOn, -1)));
  const away = new Set(await notThereOn(tx.client, heirs, effectiveOn));
  const unknown = (pointer: string): FieldError =>
    fieldError(
      pointer,
      'unknown',
      'Không có đơn vị này, hoặc đơn vị không còn hiệu lực vào ngày đó.',
      'There is no such unit, or it does not exist on that day.',
    );
  refuseWrong([
    ...fromUnitIds.flatMap((id, index) => (missing.has(id) ? [unknown(`/fromUnitIds/${index}`)] : [])),
    ...toUnitIds.flatMap((id, index) => (away.has(id) ? [unknown(`/toUnitIds/${index}`)] : [])),
    ...(caretakerId !== null && away.has(caretakerId) ? [unknown('/caretakerId')] : []),
  ]);
  const [other] = plan.kind === 'rename' ? [] : await entangledWith(tx.client, plan, heirs);
  if (other === undefined) return;
  const detail = {
    vi: 'Một đơn vị trong phương án này kết thúc hoặc tiếp nhận theo một phương án khác: hãy hủy phương án đó, hoặc chờ xong; đơn vị đã kết thúc theo phương án đã xong thì không sắp xếp lại.',
    en: 'A unit of this plan ends or succeeds by another one: cancel that one, or wait for it; a unit that has ended by one that is done is not planned for again.',
  };
  throw refused(refuse('reorganisation_overlaps', detail, { extra: { reorganisationId: other } }));
}

async function lockAtVersion(tx: CommandTx, id: string, ifMatch: number): Promise<StoredReorganisation> {
  const plan = await lockReorganisation(tx.client, id);
  if (plan === null) throw refused(notFound());
  if (plan.version !== ifMatch) throw refused(versionChanged(REORGANISATION, plan.version));
  return plan;
}

const REORGANISATION: Bilingual = { vi: 'Phương án sắp xếp', en: 'reorganisation' };

function alreadyBegun({ state, kind }: StoredReorganisation): Refusal {
  const detail = {
    vi: 'Phương án đã thực hiện, đã hủy, hoặc chỉ đổi tên: không làm được việc này nữa.',
    en: 'It has begun, is over or only renames: this is no longer possible.',
  };
  return refuse('transition_not_allowed', detail, { extra: { state, kind } });
}

function standingAgency({ request: { actor } }: CommandTx): PersonActor {
  if (actor.kind === 'person' && actor.role === 'standing_agency') return actor;
  throw refused(
    refuse('forbidden', {
      vi: 'Chỉ cơ quan thường trực phân công lại nhiệm vụ.',
      en: 'Only the standing agency allots assignments.',
    }),
  );
}

/** Units that end, or ended, have open work again: whoever brings it holds the plans until it is committed. */
export async function workHasCome(db: Queryable, unitIds: readonly string[]): Promise<void> {
  if (unitIds.length === 0) return;
  const resumed = await resumeReorganisations(db, unitIds);
  await insertWakes(
    db,
    resumed.map((conductorId) => ({ conductorKind: 'reorganisation', conductorId, reason: 'start' })),
  );
}
