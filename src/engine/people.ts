import {
  hasGrantIn,
  homeOf,
  insertPerson,
  type LockedPerson,
  lockPerson,
  updatePerson,
} from '../db/people-store.js';
import { endSessionOf, endSessionsOf, writeSetupCode } from '../db/session-store.js';
import type { AccessAction } from '../domain/access-log.js';
import type { PersonActor } from '../domain/actor.js';
import { notFound } from '../domain/assignment/access.js';
import { type Refusal, refuse, versionChanged } from '../domain/errors.js';
import { accessBy, type Origin, recordAccess } from './access-log.js';
import { type CommandTx, inCommand, refused } from './command.js';
import type { Engine } from './engine.js';
import { newId } from './ids.js';
import type { CommandRequest, Outcome } from './request.js';
import { loginOf } from './sign-in.js';
import { newToken, tokenDigest } from './token.js';

export interface NewPerson {
  readonly name: string;
  readonly email?: string | null | undefined;
  readonly locale: 'vi' | 'en';
  readonly login?: string | null | undefined;
}

const orNull = (text: string | null | undefined): string | null => text ?? null;
const loginOrNull = (text: string | null | undefined): string | null =>
  text === null || text === undefined ? null : loginOf(text);

/** Somebody new; what they may is granted apart. */
export async function createPerson(
  engine: Engine,
  request: CommandRequest,
  fields: NewPerson,
  origin: Origin,
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    const actor = administrator(tx);
    const id = newId();
    const { name, email, locale, login } = fields;
    await insertPerson(tx.client, id, { name, email: orNull(email), locale, login: loginOrNull(login) });
    await noted(tx, actor, origin, 'person_made', { kind: 'person', id });
    return { status: 201, subjectId: id, version: 1 };
  });
}

export type PersonChanges = {
  readonly [F in keyof NewPerson]?: NewPerson[F] | undefined;
} & { readonly disabled?: boolean | undefined };

/**
 * Edits a person of the Working Group, or one who has no grant anywhere yet. Name, addresses and account of who came
 * from another Working Group are kept there: letters about its cases go to them.
 */
export async function editPerson(
  engine: Engine,
  request: CommandRequest,
  id: string,
  changes: PersonChanges,
  ifMatch: number,
  origin: Origin,
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    const actor = administrator(tx);
    const person = await lockOwn(tx, actor, id);
    if (person.row_version !== ifMatch)
      throw refused(versionChanged({ vi: 'Bản ghi', en: 'record' }, person.row_version));
    const { login, disabled = person.disabled } = changes;
    if (!(await keepsAccount(tx, actor, id))) throw refused(keptElsewhere());
    if (disabled && id === actor.personId) throw refused(notOneself());
    const version = await updatePerson(tx.client, id, {
      name: changes.name ?? person.name,
      email: changes.email === undefined ? person.email : changes.email,
      locale: changes.locale ?? person.locale,
      login: login === undefined ? person.login : loginOrNull(login),
      disabled,
    });
    if (disabled && !person.disabled) await endSessionsOf(tx.client, id, null);
    const fields = Object.keys(changes).sort();
    await noted(tx, actor, origin, 'person_changed', { kind: 'person', id }, { fields, disabled });
    return { status: 200, subjectId: id, version };
  });
}

const SETUP_MS = 3 * 24 * 3_600_000;

export interface SetupCode {
  readonly login: string;
  /** Given once, to be handed over; with it the person chooses a password. */
  readonly code: string;
  readonly expiresAt: number;
}

/** A code with which the person chooses the password of a local account; also for one that was forgotten. */
export async function makeSetupCode(
  engine: Engine,
  request: CommandRequest,
  id: string,
  origin: Origin,
): Promise<{ outcome: Outcome; made: SetupCode | null }> {
  let made: SetupCode | null = null;
  const outcome = await inCommand(engine, request, async (tx) => {
    const actor = administrator(tx);
    const person = await lockOwn(tx, actor, id);
    if (id === actor.personId) throw refused(notOneself());
    if (!(await keepsAccount(tx, actor, id))) throw refused(keptElsewhere());
    if (person.login === null) throw refused(loginNeeded());
    const code = newToken();
    const expiresAt = tx.receivedAt + SETUP_MS;
    await writeSetupCode(tx.client, id, tokenDigest(code), expiresAt);
    await noted(tx, actor, origin, 'account_made', { kind: 'person', id });
    made = { login: person.login, code, expiresAt };
    return { status: 201, subjectId: id, version: person.row_version };
  });
  return { outcome, made };
}

/** Ends every session of a person of the Working Group. */
export async function endSessions(
  engine: Engine,
  request: CommandRequest,
  id: string,
  origin: Origin,
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    const actor = administrator(tx);
    const person = await lockOwn(tx, actor, id);
    const ended = await endSessionsOf(tx.client, id, null);
    await noted(tx, actor, origin, 'session_revoked', { kind: 'person', id }, { ended });
    return { status: 200, subjectId: id, version: person.row_version };
  });
}

/** Ends one of one's own sessions. */
export async function endOwnSession(
  engine: Engine,
  request: CommandRequest,
  personId: string,
  id: string,
  origin: Origin,
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    if (!(await endSessionOf(tx.client, personId, id))) throw refused(notFound());
    const nowhere = { role: null, workingGroupId: null, unitId: null, detail: {} };
    const subject = { kind: 'session', id };
    await recordAccess(tx.client, { personId, ...nowhere, action: 'session_revoked', subject, from: origin });
    return { status: 204, subjectId: id, version: null };
  });
}

/** The acting administrator; everybody else was refused at the door, and is here again. */
export function administrator({ request }: CommandTx): PersonActor {
  const { actor } = request;
  if (actor.kind === 'person' && actor.role === 'administrator') return actor;
  throw refused(
    refuse('forbidden', {
      vi: 'Chỉ quản trị viên được thực hiện việc này.',
      en: 'Only administrators do this.',
    }),
  );
}

export async function noted(
  tx: CommandTx,
  actor: PersonActor,
  origin: Origin,
  action: AccessAction,
  subject: { kind: string; id: string },
  detail: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await recordAccess(tx.client, accessBy(actor, origin, action, subject, detail));
}

/** People of other Working Groups are none of this administrator's. */
async function lockOwn(tx: CommandTx, actor: PersonActor, id: string): Promise<LockedPerson> {
  const person = await lockPerson(tx.client, id);
  if (person === null) throw refused(notFound());
  if (await hasGrantIn(tx.client, id, actor.workingGroupId)) return person;
  if (await keepsAccount(tx, actor, id)) return person;
  throw refused(notFound());
}

/** Whether the person's account is this administrator's to keep, or nobody's yet. */
async function keepsAccount(tx: CommandTx, actor: PersonActor, id: string): Promise<boolean> {
  const home = await homeOf(tx.client, id);
  return home === null || home === actor.workingGroupId;
}

function keptElsewhere(): Refusal {
  return refuse('forbidden', {
    vi: 'Tài khoản của người này do quản trị viên Tổ công tác đã cấp vai trò cho họ trước quản lý; bạn chỉ cấp và kết thúc vai trò trong Tổ của mình.',
    en: 'The account of this person is kept by the Working Group that granted them a role first; here you grant and end roles only.',
  });
}

export function notOneself(): Refusal {
  return refuse('own_cause', {
    vi: 'Không ai tự thay đổi quyền hay tài khoản của chính mình; hãy nhờ quản trị viên khác.',
    en: 'Nobody changes their own rights or account; ask another administrator.',
  });
}

function loginNeeded(): Refusal {
  return refuse(
    'invalid_body',
    { vi: 'Người này chưa có tên đăng nhập.', en: 'This person has no login yet; give them one first.' },
    {
      errors: [
        {
          pointer: '/login',
          code: 'required',
          detail: { vi: 'Chưa có tên đăng nhập.', en: 'There is no login.' },
        },
      ],
    },
  );
}
