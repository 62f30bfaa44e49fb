import {
  findCalendarAndPolicy,
  hasBegun,
  lockWorkingGroup,
  updateWorkingGroup,
  type WorkingGroupSettings,
} from '../db/working-group-store.js';
import { notFound } from '../domain/assignment/access.js';
import { type Refusal, refuse, versionChanged, wrongField } from '../domain/errors.js';
import type { Origin } from './access-log.js';
import { type CommandTx, inCommand, refused } from './command.js';
import type { Engine } from './engine.js';
import { refuseUnknownUnits } from './execute.js';
import { administrator, noted } from './people.js';
import type { CommandRequest, Outcome } from './request.js';

export type WorkingGroupChanges = {
  readonly [Field in keyof WorkingGroupSettings]?: WorkingGroupSettings[Field] | undefined;
};

/** Who decides and what is counted by: fixed with the first directive or regime, which are judged under them. */
const FIXED_ONCE_BEGUN = ['standingAgencyId', 'homeAffairsId', 'calendarId', 'policyId'] as const;

/**
 * An administrator names the Working Group, its supervisors' unit and, until something is issued or asked for under
 * it, the standing agency, Home Affairs, the calendar and the policy.
 */
export async function editWorkingGroup(
  engine: Engine,
  request: CommandRequest,
  changes: WorkingGroupChanges,
  { ifMatch, origin }: { readonly ifMatch: number; readonly origin: Origin },
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    const actor = administrator(tx);
    const found = await lockWorkingGroup(tx.client, actor.workingGroupId);
    if (found === null) throw refused(notFound());
    const { row_version: rowVersion, ...before } = found;
    if (rowVersion !== ifMatch)
      throw refused(versionChanged({ vi: 'Tổ công tác', en: 'Working Group' }, rowVersion));
    const after = merged(before, changes);
    await check(tx, actor.workingGroupId, before, after);
    const version = await updateWorkingGroup(tx.client, actor.workingGroupId, after);
    const detail = Object.fromEntries(
      changed(before, after).map((field) => [field, { before: before[field], after: after[field] }]),
    );
    await noted(
      tx,
      actor,
      origin,
      'group_changed',
      { kind: 'working_group', id: actor.workingGroupId },
      detail,
    );
    return { status: 200, subjectId: actor.workingGroupId, version };
  });
}

function merged(before: WorkingGroupSettings, changes: WorkingGroupChanges): WorkingGroupSettings {
  const kept = <T>(change: T | undefined, value: T): T => (change === undefined ? value : change);
  return {
    name: kept(changes.name, before.name),
    nameEn: kept(changes.nameEn, before.nameEn),
    standingAgencyId: kept(changes.standingAgencyId, before.standingAgencyId),
    homeAffairsId: kept(changes.homeAffairsId, before.homeAffairsId),
    supervisorUnitId: kept(changes.supervisorUnitId, before.supervisorUnitId),
    calendarId: kept(changes.calendarId, before.calendarId),
    policyId: kept(changes.policyId, before.policyId),
  };
}

const FIELDS = ['name', 'nameEn', 'supervisorUnitId', ...FIXED_ONCE_BEGUN] as const;

const changed = (before: WorkingGroupSettings, after: WorkingGroupSettings) =>
  FIELDS.filter((field) => before[field] !== after[field]);

async function check(
  tx: CommandTx,
  id: string,
  before: WorkingGroupSettings,
  after: WorkingGroupSettings,
): Promise<void> {
  const fields = changed(before, after);
  const fixed = FIXED_ONCE_BEGUN.filter((field) => fields.includes(field));
  const begun = await hasBegun(tx.client, id);
  if (begun && fixed.length > 0) throw refused(fixedBy(fixed));
  const offices = ['standingAgencyId', 'homeAffairsId', 'supervisorUnitId'] as const;
  const named = offices.flatMap((field) => (fields.includes(field) ? (after[field] ?? []) : []));
  if (named.length > 0) await refuseUnknownUnits(tx.client, named);
  const there = await findCalendarAndPolicy(tx.client, after.calendarId, after.policyId);
  if (!there.calendar) throw refused(wrongField('/calendarId', 'unknown', NO_CALENDAR));
  if (!there.policy) throw refused(wrongField('/policyId', 'unknown', NO_POLICY));
  if (after.standingAgencyId === after.homeAffairsId)
    throw refused(wrongField('/homeAffairsId', 'same_unit', SAME_UNIT));
}

const NO_CALENDAR = { vi: 'Không có lịch này.', en: 'There is no such calendar.' };
const NO_POLICY = { vi: 'Không có quy chế này.', en: 'There is no such policy.' };
const SAME_UNIT = {
  vi: 'Cơ quan thường trực và Sở Nội vụ phải là hai đơn vị.',
  en: 'The standing agency and Home Affairs are two units.',
};

function fixedBy(fields: readonly string[]): Refusal {
  return refuse('transition_not_allowed', {
    vi: `Đã có văn bản hoặc chế độ báo cáo: không đổi được ${fields.join(', ')}, vì việc đang được xét theo đó.`,
    en: `Something was issued or asked for already: ${fields.join(', ')} cannot change, for it is judged under them.`,
  });
}
