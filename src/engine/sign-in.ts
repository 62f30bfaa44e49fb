import { databaseError } from '../db/errors.js';
import type { Queryable } from '../db/pool.js';
import {
  countDemoSignIns,
  type DemoPerson,
  demoPeople,
  endDemoSignIns,
  endSession,
  endSessionsOf,
  insertFlow,
  insertSession,
  localAccount,
  personByLogin,
  type SignInFlow,
  type SignInMethod,
  type SignInPerson,
  takeFlow,
  writePassword,
} from '../db/session-store.js';
import { withTransaction } from '../db/transaction.js';
import type { AccessAction } from '../domain/access-log.js';
import { type Refusal, refuse } from '../domain/errors.js';
import { nfc } from '../domain/text.js';
import { type Origin, recordAccess } from './access-log.js';
import type { Engine } from './engine.js';
import { newId } from './ids.js';
import { passwordRefusal } from './password-rules.js';
import { hashPassword, verifyPassword } from './passwords.js';
import { newToken, tokenDigest } from './token.js';

export interface SessionLimits {
  readonly idleMs: number;
  readonly longestMs: number;
}

/** How long a person may take at the provider. */
const FLOW_MS = 10 * 60_000;

/** What somebody calls themselves: without spaces around, in lower case, in one form of Unicode. */
export const loginOf = (text: string): string => nfc(text).trim().toLowerCase();

/**
 * Signs a person in: a fresh session, whose id only their browser has. A session that the browser brought along
 * ends, so that an id which somebody else may know never becomes the id of a signed-in person.
 */
export async function startSession(
  engine: Engine,
  person: SignInPerson,
  method: SignInMethod,
  from: { readonly origin: Origin; readonly limits: SessionLimits; readonly earlier: string | null },
): Promise<string> {
  const secret = newToken();
  await withTransaction(engine.writer, async (client) => {
    if (from.earlier !== null) await endSession(client, tokenDigest(from.earlier));
    const id = newId();
    const { address, agent } = from.origin;
    await insertSession(client, {
      id,
      hash: tokenDigest(secret),
      personId: person.id,
      method,
      ...from.limits,
      address,
      agent: agent?.slice(0, 200) ?? null,
    });
    await note(client, 'signed_in', person.id, from.origin, { method }, { kind: 'session', id });
  });
  return secret;
}

/** Ends the session of this id; it is no secret that there was none. */
export async function signOut(engine: Engine, secret: string, origin: Origin): Promise<void> {
  await withTransaction(engine.writer, async (client) => {
    const ended = await endSession(client, tokenDigest(secret));
    if (ended === null) return;
    await note(client, 'signed_out', ended.person_id, origin, {}, { kind: 'session', id: ended.id });
  });
}

/** Remembers a sign-in that goes to the provider; the browser gets the id alone. */
export async function beginFlow(engine: Engine, flow: SignInFlow): Promise<string> {
  const secret = newToken();
  await insertFlow(engine.writer, tokenDigest(secret), flow, FLOW_MS);
  return secret;
}

export async function finishFlow(engine: Engine, secret: string): Promise<SignInFlow | null> {
  return await takeFlow(engine.writer, tokenDigest(secret));
}

/** Whom the provider’s claim names; null, and a line in the access log, for somebody we do not know. */
export async function knownPerson(
  engine: Engine,
  login: string,
  method: SignInMethod,
  origin: Origin,
): Promise<SignInPerson | null> {
  const person = await personByLogin(engine.writer, loginOf(login));
  if (person === null) await note(engine.writer, 'sign_in_refused', null, origin, { method, why: 'unknown' });
  return person;
}

/** The person of a local account whose password is right; otherwise null, whatever was wrong. */
export async function checkPassword(
  engine: Engine,
  login: string,
  password: string,
  origin: Origin,
): Promise<SignInPerson | null> {
  const account = await localAccount(engine.writer, loginOf(login));
  const right = await verifyPassword(password, account?.password ?? null);
  if (account !== null && right) return account;
  const why = account === null ? 'unknown' : 'password';
  await note(engine.writer, 'sign_in_refused', account?.id ?? null, origin, { method: 'local', why });
  return null;
}

/**
 * Chooses a password by the set-up code that an administrator handed over, which is then used up, or by the password
 * so far. Every session of the person ends.
 */
export async function choosePassword(
  engine: Engine,
  given: { readonly login: string; readonly code: string; readonly password: string },
  origin: Origin,
): Promise<SignInPerson | Refusal> {
  const account = await localAccount(engine.writer, loginOf(given.login));
  const hash = tokenDigest(given.code.trim());
  const byCode = account?.setup_hash?.equals(hash) === true;
  if (account === null || !(byCode || (await verifyPassword(given.code, account.password)))) {
    await note(engine.writer, 'sign_in_refused', account?.id ?? null, origin, {
      method: 'local',
      why: 'code',
    });
    return wrongCode();
  }
  const unfit = passwordRefusal(given.password, account);
  if (unfit !== null) return unfit;
  const stored = await hashPassword(given.password);
  const chosen = await withTransaction(engine.writer, async (client) => {
    const written = await writePassword(client, account.id, stored, byCode ? hash : null);
    // Somebody else has used the code meanwhile.
    if (!written) return null;
    await endSessionsOf(client, account.id, null);
    await note(client, 'password_chosen', account.id, origin, { byCode });
    return account;
  });
  return chosen ?? wrongCode();
}

const wrongCode = (): Refusal =>
  refuse('unauthenticated', {
    vi: 'Tên đăng nhập, mã thiết lập hoặc mật khẩu hiện tại không đúng, hoặc mã đã hết hạn.',
    en: 'The user name, the set-up code or the current password is wrong, or the code has expired.',
  });

/** The people of the demonstration, for one-click sign-ins. */
export async function listDemoPeople(engine: Engine): Promise<DemoPerson[]> {
  return await demoPeople(engine.writer);
}

/** Whether sign-ins of the demonstration still work in this database. */
export async function hasDemoSignIns(db: Queryable): Promise<boolean> {
  return (await countDemoSignIns(db)) > 0;
}

/** Without demo sign-ins those that are still there end, tokens and sessions alike; safe to do at every start. */
export async function endDemo(db: Queryable): Promise<number> {
  return await endDemoSignIns(db);
}

async function note(
  db: Queryable,
  action: AccessAction,
  personId: string | null,
  origin: Origin,
  detail: Readonly<Record<string, unknown>>,
  subject: { kind: string; id: string | null } | null = null,
): Promise<void> {
  try {
    const place = { role: null, workingGroupId: null, unitId: null };
    await recordAccess(db, { personId, ...place, action, subject, detail, from: origin });
  } catch (error) {
    throw databaseError(error);
  }
}

export type { DemoPerson } from '../db/session-store.js';
