import type pg from 'pg';
import {
  insertCalendar,
  insertPolicy,
  insertUnits,
  insertWorkingGroup,
  unitIdsByCode,
  workingGroupIdByCode,
} from '../db/directory-store.js';
import { databaseNow } from '../db/lock-store.js';
import { hasAdministratorOf, insertGrant, insertPerson, openAdministrator } from '../db/people-store.js';
import type { Queryable } from '../db/pool.js';
import { writeSetupCode } from '../db/session-store.js';
import { withTransaction } from '../db/transaction.js';
import { OFFICE_HOURS } from '../domain/calendars/office-hours.js';
import { DondocError, refuse } from '../domain/errors.js';
import { DEFAULT_POLICY } from '../domain/policy.js';
import { CODE } from '../domain/text.js';
import { recordAccess } from './access-log.js';
import { newId } from './ids.js';
import { loginOf } from './sign-in.js';
import { newToken, tokenDigest } from './token.js';

const SETUP_MS = 3 * 24 * 3_600_000;
/** Units that a Working Group cannot be without; an administrator gives them their names. */
const OFFICES = [
  { code: 'standing-agency', name: 'Cơ quan thường trực', nameEn: 'Standing agency' },
  { code: 'home-affairs', name: 'Sở Nội vụ', nameEn: 'Department of Home Affairs' },
] as const;

/**
 * The way in to an empty installation: from the machine itself, by whoever has the database. Refused where the
 * Working Group has an administrator already, who makes the next one.
 */
export async function makeFirstAdministrator(
  pool: pg.Pool,
  fields: { readonly name: string; readonly login: string; readonly group: string },
): Promise<{ login: string; code: string; expiresAt: string }> {
  const login = loginOf(fields.login);
  if (login === '' || fields.name.trim() === '') throw new DondocError(nothingGiven());
  if (!CODE.test(fields.group)) throw new DondocError(notACode(fields.group));
  const code = newToken();
  return await withTransaction(pool, async (client) => {
    const workingGroupId = await groupOf(client, fields.group);
    if (await hasAdministratorOf(client, workingGroupId)) {
      throw new DondocError(
        refuse('transition_not_allowed', {
          vi: 'Tổ công tác này đã có quản trị viên; hãy nhờ người đó.',
          en: 'This Working Group has an administrator already; they add the next one.',
        }),
      );
    }
    const personId = newId();
    const now = await databaseNow(client);
    await insertPerson(client, personId, { name: fields.name, email: null, locale: 'vi', login });
    const id = newId();
    await insertGrant(client, {
      id,
      personId,
      workingGroupId,
      role: 'administrator',
      unitId: null,
      validFrom: now,
      validTo: Number.POSITIVE_INFINITY,
      deputyOf: null,
      office: false,
    });
    await writeSetupCode(client, personId, tokenDigest(code), now + SETUP_MS);
    await recordAccess(client, {
      personId: null,
      role: null,
      workingGroupId,
      unitId: null,
      action: 'grant_given',
      subject: { kind: 'grant', id },
      detail: { personId, role: 'administrator', by: 'command line' },
      from: { address: null, agent: 'dondoc people first-administrator' },
    });
    return { login, code, expiresAt: new Date(now + SETUP_MS).toISOString() };
  });
}

const nothingGiven = () =>
  refuse('invalid_body', {
    vi: 'Cần họ tên và tên đăng nhập.',
    en: 'A name and a user name are needed.',
  });

const notACode = (code: string) =>
  refuse('invalid_body', {
    vi: `«${code}» không phải mã: dùng chữ, số, dấu chấm, gạch nối và gạch dưới, tối đa 50 ký tự.`,
    en: `"${code}" is no code: letters, figures, dots, dashes and underscores, 50 at most.`,
  });

/**
 * The way back in where nobody can help: a new set-up code for the account of an administrator, from the machine
 * itself, by whoever has the database. An account that was disabled is opened again with it.
 */
export async function makeSetupCodeFor(
  pool: pg.Pool,
  given: string,
): Promise<{ login: string; code: string; expiresAt: string }> {
  const login = loginOf(given);
  const code = newToken();
  return await withTransaction(pool, async (client) => {
    const personId = await openAdministrator(client, login);
    if (personId === null) {
      throw new DondocError(
        refuse('not_found', {
          vi: `Không có quản trị viên nào có tên đăng nhập «${login}».`,
          en: `No administrator has the user name "${login}".`,
        }),
      );
    }
    const now = await databaseNow(client);
    await writeSetupCode(client, personId, tokenDigest(code), now + SETUP_MS);
    await recordAccess(client, {
      personId: null,
      role: null,
      workingGroupId: null,
      unitId: null,
      action: 'account_made',
      subject: { kind: 'person', id: personId },
      detail: { by: 'command line' },
      from: { address: null, agent: 'dondoc people set-up-code' },
    });
    return { login, code, expiresAt: new Date(now + SETUP_MS).toISOString() };
  });
}

/** The Working Group of the code; made with its offices, calendar and policy where it is not there. */
async function groupOf(client: Queryable, code: string): Promise<string> {
  await insertCalendar(client, OFFICE_HOURS);
  await insertPolicy(client, DEFAULT_POLICY);
  const units = OFFICES.map((unit) => ({
    ...unit,
    id: newId(),
    aliases: [],
    groupCode: 'department',
    parentId: null,
    email: null,
    validFrom: '1900-01-01',
    validTo: null,
  }));
  const known = await workingGroupIdByCode(client, code).catch(() => null);
  if (known !== null) return known;
  await insertUnits(client, units);
  const ids = await unitIdsByCode(
    client,
    OFFICES.map((unit) => unit.code),
  );
  await insertWorkingGroup(client, {
    id: newId(),
    code,
    name: code,
    nameEn: null,
    standingAgencyId: ids.get('standing-agency') ?? '',
    homeAffairsId: ids.get('home-affairs') ?? '',
    supervisorUnitId: null,
    calendarId: OFFICE_HOURS.id,
    policyId: DEFAULT_POLICY.id,
  });
  return await workingGroupIdByCode(client, code);
}
