import {
  endGrant,
  holdsRole,
  insertGrant,
  lockGrant,
  lockPerson,
  type NewGrant,
  otherAdministrators,
} from '../db/people-store.js';
import type { Role } from '../domain/actor.js';
import { notFound } from '../domain/assignment/access.js';
import { type Refusal, refuse, wrongField } from '../domain/errors.js';
import type { Origin } from './access-log.js';
import { inCommand, refused } from './command.js';
import type { Engine } from './engine.js';
import { newId } from './ids.js';
import { administrator, noted, notOneself } from './people.js';
import type { CommandRequest, Outcome } from './request.js';

export interface GrantFields {
  readonly personId: string;
  readonly role: Role;
  readonly unitId?: string | null | undefined;
  readonly validFrom?: number | undefined;
  readonly validTo?: number | null | undefined;
  readonly deputyOf?: string | null | undefined;
  readonly office?: boolean | undefined;
}

/**
 * A role within the administrator's own Working Group. Nobody grants themselves anything. A deputy acts for somebody
 * who holds the role, and only within dates.
 */
export async function giveGrant(
  engine: Engine,
  request: CommandRequest,
  fields: GrantFields,
  origin: Origin,
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    const actor = administrator(tx);
    if (fields.personId === actor.personId) throw refused(notOneself());
    if ((await lockPerson(tx.client, fields.personId)) === null) throw refused(unknownPerson('/personId'));
    const grant: NewGrant = {
      id: newId(),
      personId: fields.personId,
      workingGroupId: actor.workingGroupId,
      role: fields.role,
      unitId: fields.unitId ?? null,
      validFrom: fields.validFrom ?? tx.receivedAt,
      validTo: fields.validTo ?? Number.POSITIVE_INFINITY,
      deputyOf: fields.deputyOf ?? null,
      office: fields.office ?? false,
    };
    const wrong = wrongGrant(grant);
    if (wrong !== null) throw refused(wrong);
    if (grant.deputyOf !== null && !(await holdsRole(tx.client, grant.deputyOf, grant)))
      throw refused(unknownPerson('/deputyOf'));
    await insertGrant(tx.client, grant);
    const { personId, role, unitId, deputyOf, office } = grant;
    const detail = { personId, role, unitId, deputyOf, office };
    await noted(tx, actor, origin, 'grant_given', { kind: 'grant', id: grant.id }, detail);
    return { status: 201, subjectId: grant.id, version: 1 };
  });
}

/** Ends a grant now or on a day to come. The last administrator stays one. */
export async function withdrawGrant(
  engine: Engine,
  request: CommandRequest,
  id: string,
  at: number | null,
  origin: Origin,
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    const actor = administrator(tx);
    const grant = await lockGrant(tx.client, id);
    if (grant === null || grant.working_group_id !== actor.workingGroupId) throw refused(notFound());
    const ends = at ?? tx.receivedAt;
    if (ends < tx.receivedAt) throw refused(wrongField('/at', 'in_past', PAST));
    if (ends > grant.valid_to) throw refused(wrongField('/at', 'not_before', LATER));
    const last =
      grant.role === 'administrator' &&
      (await otherAdministrators(tx.client, actor.workingGroupId, id)) === 0;
    if (last) throw refused(lastAdministrator());
    const version = await endGrant(tx.client, id, ends);
    const detail = { personId: grant.person_id, role: grant.role, unitId: grant.unit_id };
    await noted(tx, actor, origin, 'grant_ended', { kind: 'grant', id }, detail);
    return { status: 200, subjectId: id, version };
  });
}

function wrongGrant(grant: NewGrant): Refusal | null {
  if (grant.role === 'unit' && grant.unitId === null) return wrongField('/unitId', 'required', UNIT);
  if (grant.validTo <= grant.validFrom) return wrongField('/validTo', 'not_after', AFTER);
  if (grant.deputyOf !== null && !Number.isFinite(grant.validTo))
    return wrongField('/validTo', 'required', DEPUTY_END);
  if (grant.deputyOf === grant.personId) return wrongField('/deputyOf', 'own', OWN_DEPUTY);
  if (grant.office && grant.role !== 'unit') return wrongField('/office', 'units_only', OFFICE);
  return null;
}

const UNIT = { vi: 'Cán bộ đơn vị cần nêu đơn vị.', en: 'An officer of a unit needs its unit.' };
const AFTER = { vi: 'Phải sau validFrom.', en: 'Must be after validFrom.' };
const DEPUTY_END = { vi: 'Người được ủy quyền cần ngày kết thúc.', en: 'A deputy needs an end date.' };
const OWN_DEPUTY = { vi: 'Không ai là phó của chính mình.', en: 'Nobody is their own deputy.' };
const OFFICE = {
  vi: 'Tài khoản văn phòng chỉ dành cho đơn vị.',
  en: 'An office account is for units only.',
};
const PAST = { vi: 'Không thể kết thúc trong quá khứ.', en: 'It cannot end in the past.' };
const LATER = { vi: 'Vai trò kết thúc trước ngày đó.', en: 'The grant ends before that.' };

function unknownPerson(pointer: string): Refusal {
  const detail =
    pointer === '/deputyOf'
      ? {
          vi: 'Người được thay không giữ vai trò này trong thời gian đó.',
          en: 'Who is to be deputised for does not hold this role within these dates.',
        }
      : { vi: 'Không có người này.', en: 'There is no such person.' };
  return refuse('reference_unknown', detail, { errors: [{ pointer, code: 'unknown', detail }] });
}

function lastAdministrator(): Refusal {
  return refuse('transition_not_allowed', {
    vi: 'Đây là quản trị viên cuối cùng; hãy giao cho người khác trước.',
    en: 'This is the last administrator; grant the role to somebody else first.',
  });
}
