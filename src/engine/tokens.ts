import { insertToken, lockBounds, lockGrant, lockToken, revokeToken } from '../db/people-store.js';
import { notFound } from '../domain/assignment/access.js';
import { type Refusal, refuse, wrongField } from '../domain/errors.js';
import type { Scope } from '../domain/permission/relation.js';
import { accessBy, type Origin, recordAccess } from './access-log.js';
import type { Caller } from './authenticate.js';
import { type CommandTx, inCommand, refused } from './command.js';
import type { Engine } from './engine.js';
import { newId } from './ids.js';
import type { CommandRequest, Outcome } from './request.js';
import { newToken, tokenDigest } from './token.js';

export interface TokenFields {
  readonly label: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: number;
  /** Left out: for oneself, under every grant one holds. */
  readonly grantId?: string | undefined;
}

const LONGEST_MS = 366 * 24 * 3_600_000;

/**
 * A token for oneself, or, by an administrator, for the office account of a unit of the Working Group: nobody reads or
 * acts in the name of another person. A token makes none
 * that may do more than itself, or lives longer, and takes with it what it has made when it is revoked. The secret is
 * answered once and never again.
 */
export async function makeToken(
  engine: Engine,
  request: CommandRequest,
  caller: Caller,
  fields: TokenFields,
  origin: Origin,
): Promise<{ outcome: Outcome; secret: string | null }> {
  let secret: string | null = null;
  const outcome = await inCommand(engine, request, async (tx) => {
    const { credential, person } = caller.identity;
    const parentId = credential.kind === 'token' ? credential.id : null;
    const bounds = parentId === null ? NO_BOUNDS : await lockBounds(tx.client, parentId);
    const grantId = fields.grantId ?? bounds.grant_id;
    const personId = await holderOf(tx, caller, grantId);
    const wrong = wrongToken(tx, caller, fields, bounds);
    if (wrong !== null) throw refused(wrong);
    const made = newToken();
    const id = newId();
    const { label, expiresAt } = fields;
    const scopes = [...new Set(fields.scopes)];
    await insertToken(tx.client, {
      ...{ id, personId, hash: tokenDigest(made), label, scopes, grantId },
      ...{ madeBy: person.id, parentId, expiresAt },
    });
    const detail = {
      personId,
      scopes,
      grantId,
      expiresAt: new Date(expiresAt).toISOString(),
    };
    await note(tx, caller, origin, 'token_made', id, detail);
    secret = made;
    return { status: 201, subjectId: id, version: null };
  });
  return { outcome, secret };
}

/** Revokes one's own token, or, as an administrator, one that is bound to a grant of the Working Group. */
export async function withdrawToken(
  engine: Engine,
  request: CommandRequest,
  caller: Caller,
  id: string,
  origin: Origin,
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    const token = await lockToken(tx.client, id);
    const own = token?.person_id === caller.identity.person.id;
    const administered =
      caller.acting?.role === 'administrator' && token?.grant_group_id === caller.acting.workingGroup.id;
    if (token === null || !(own || administered)) throw refused(notFound());
    if (!token.revoked) {
      await revokeToken(tx.client, id);
      await note(tx, caller, origin, 'token_revoked', id, { personId: token.person_id });
    }
    return { status: 200, subjectId: id, version: null };
  });
}

const NO_BOUNDS = { grant_id: null, expires_at: null };

/** Whose token it is to be. A token that is bound to a grant knows no other. */
async function holderOf(tx: CommandTx, caller: Caller, grantId: string | null): Promise<string> {
  const { identity, acting } = caller;
  if (grantId === null || identity.grants.some((grant) => grant.id === grantId)) return identity.person.id;
  const grant = await lockGrant(tx.client, grantId);
  const known =
    grant !== null && acting?.role === 'administrator' && grant.working_group_id === acting.workingGroup.id;
  if (known && grant.valid_to > tx.receivedAt) {
    if (grant.office) return grant.person_id;
    throw refused(wrongField('/grantId', 'in_their_name', IN_THEIR_NAME));
  }
  throw refused(
    refuse('reference_unknown', UNKNOWN_GRANT, {
      errors: [{ pointer: '/grantId', code: 'unknown', detail: UNKNOWN_GRANT }],
    }),
  );
}

function wrongToken(
  tx: CommandTx,
  { identity }: Caller,
  fields: TokenFields,
  bounds: Awaited<ReturnType<typeof lockBounds>>,
): Refusal | null {
  if (bounds.grant_id !== null && fields.grantId !== undefined && fields.grantId !== bounds.grant_id)
    return wrongField('/grantId', 'too_wide', TOO_WIDE);
  if (bounds.expires_at !== null && fields.expiresAt > bounds.expires_at)
    return wrongField('/expiresAt', 'too_late', OUTLIVES);
  if (fields.expiresAt <= tx.receivedAt) return wrongField('/expiresAt', 'in_past', PAST);
  if (fields.expiresAt > tx.receivedAt + LONGEST_MS) return wrongField('/expiresAt', 'too_late', TOO_LATE);
  const more = fields.scopes.filter((scope) => !identity.scopes.includes(scope));
  return more.length === 0 ? null : wrongField('/scopes', 'too_wide', TOO_WIDE);
}

const UNKNOWN_GRANT = {
  vi: 'Không có vai trò này trong phạm vi của bạn, hoặc đã hết hạn.',
  en: 'There is no such grant within your scope, or it has ended.',
};
const PAST = { vi: 'Hạn phải ở tương lai.', en: 'The expiry must be in the future.' };
const TOO_LATE = { vi: 'Token có hạn nhiều nhất một năm.', en: 'A token lives for one year at most.' };
const OUTLIVES = {
  vi: 'Token do một token khác tạo không có hạn dài hơn nó.',
  en: 'A token that another one makes does not live longer than that one.',
};
const IN_THEIR_NAME = {
  vi: 'Việc đọc và ghi bằng token mang tên người giữ nó: cho người khác chỉ tạo được token của tài khoản văn phòng đơn vị; token của một người do chính họ tạo.',
  en: 'What a token reads and writes stands under its holder’s name: for others only the office account of a unit gets one; a person makes their own.',
};
const TOO_WIDE = {
  vi: 'Một token không tạo được token có quyền rộng hơn nó.',
  en: 'A token cannot make one that may do more than itself.',
};

async function note(
  tx: CommandTx,
  { identity, acting }: Caller,
  origin: Origin,
  action: 'token_made' | 'token_revoked',
  id: string,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  const subject = { kind: 'token', id };
  const { actor } = tx.request;
  if (acting !== null && actor.kind === 'person') {
    await recordAccess(tx.client, accessBy(actor, origin, action, subject, detail));
    return;
  }
  const nowhere = { role: null, workingGroupId: null, unitId: null };
  await recordAccess(tx.client, {
    personId: identity.person.id,
    ...nowhere,
    action,
    subject,
    detail,
    from: origin,
  });
}
