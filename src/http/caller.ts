import type { Request } from 'express';
import type { Access } from '../contracts/route.js';
import type { PersonActor } from '../domain/actor.js';
import { DondocError, type Refusal, refuse } from '../domain/errors.js';
import type { Scope } from '../domain/permission/relation.js';
import { type Authenticator, actorOf, type Caller, type Identity } from '../engine/authenticate.js';

/** The header by which a person who holds several grants says under which one a request acts. */
export const GRANT_HEADER = 'Dondoc-Grant';

/** The same in the query of a GET: a link, a stream or a feed that a browser opens by itself sends no headers. */
const GRANT_FIELD = 'grant';

export function grantInQuery(req: Request): string | undefined {
  const named = req.method === 'GET' || req.method === 'HEAD' ? req.query[GRANT_FIELD] : undefined;
  return typeof named === 'string' ? named : undefined;
}

/** The query as its route knows it. */
export function withoutGrant(req: Request): Request['query'] {
  if (grantInQuery(req) === undefined) return req.query;
  const { [GRANT_FIELD]: _named, ...query } = req.query;
  return query;
}

/** What the request shows of its sender: a bearer token, else the cookie of a session. */
export interface Presented {
  readonly authorization: string | undefined;
  readonly session: string | null;
  readonly grant: string | undefined;
  /** A password of Basic stands for a token. */
  readonly basic?: boolean;
  /** Asked again about a request that is being answered. */
  readonly quietly?: boolean;
}

/** Who a request comes from, by its token or session and its grant header. */
export async function callerOf(
  authenticator: Authenticator,
  presented: Presented,
): Promise<Caller | Refusal> {
  const { authorization, session, basic = false, quietly } = presented;
  const token =
    /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? (basic ? passwordOf(authorization) : undefined);
  if (authorization === undefined && session !== null) {
    const identity = await authenticator.identify({ kind: 'session', secret: session }, quietly);
    return identity === null ? sessionOver() : actingGrant(identity, presented.grant);
  }
  if (token === undefined) {
    return refuse('unauthenticated', {
      vi: 'Cần đăng nhập (/sign-in), hoặc tiêu đề Authorization: Bearer <token>.',
      en: 'Sign in (/sign-in), or send the header Authorization: Bearer <token>.',
    });
  }
  const identity = await authenticator.identify({ kind: 'token', secret: token }, quietly);
  if (identity === null) {
    return refuse('unauthenticated', {
      vi: 'Token không đúng, đã hết hạn hoặc đã bị thu hồi.',
      en: 'The token is wrong, has expired or was revoked.',
    });
  }
  return actingGrant(identity, presented.grant);
}

/** Of `Basic`; whatever was given as the name means nothing. */
function passwordOf(authorization: string | undefined): string | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  return /^[^:]*:(\S+)$/.exec(Buffer.from(encoded, 'base64').toString('utf8'))?.[1];
}

function sessionOver(): Refusal {
  return refuse('unauthenticated', {
    vi: 'Phiên làm việc đã kết thúc; hãy đăng nhập lại tại /sign-in.',
    en: 'The session has ended; sign in again at /sign-in.',
  });
}

/** Whether the token may do what the operation asks; a session has every scope. */
export function scopeRefusal(scope: Scope, { identity }: Caller): Refusal | null {
  if (identity.scopes.includes(scope)) return null;
  return refuse(
    'insufficient_scope',
    {
      vi: `Token này không có quyền «${scope}».`,
      en: `This token has not the scope "${scope}".`,
    },
    { extra: { scope, scopes: identity.scopes } },
  );
}

function actingGrant(identity: Identity, named: string | undefined): Caller | Refusal {
  const { grants } = identity;
  if (named === undefined) return { identity, acting: grants.length === 1 ? (grants[0] ?? null) : null };
  const acting = grants.find((grant) => grant.id === named);
  if (acting !== undefined) return { identity, acting };
  return refuse(
    'forbidden',
    {
      vi: `Bạn không giữ vai trò nêu trong ${GRANT_HEADER}.`,
      en: `You do not hold the grant named in ${GRANT_HEADER}.`,
    },
    { extra: { grants: listed(identity) } },
  );
}

/** Whether the caller may call the route at all; null when it may. */
export function accessRefusal(access: Access, caller: Caller): Refusal | null {
  if (access === 'anonymous' || access === 'signed_in') return null;
  const { identity, acting } = caller;
  if (acting !== null && access.includes(acting.role)) return null;
  if (acting !== null) {
    return refuse(
      'forbidden',
      {
        vi: `Vai trò «${acting.role}» không được gọi chức năng này.`,
        en: `The role "${acting.role}" may not call this.`,
      },
      { extra: { role: acting.role, allowedRoles: access } },
    );
  }
  if (identity.grants.length === 0) {
    return refuse('forbidden', {
      vi: 'Bạn chưa được giao vai trò nào còn hiệu lực.',
      en: 'You hold no grant that is valid now.',
    });
  }
  return refuse(
    'forbidden',
    {
      vi: `Bạn giữ nhiều vai trò; hãy nêu một vai trò trong tiêu đề ${GRANT_HEADER}, hoặc «grant» trên địa chỉ của yêu cầu đọc.`,
      en: `You hold several grants; name one in the header ${GRANT_HEADER}, or as "grant" in the address of a read.`,
    },
    { extra: { grants: listed(identity) } },
  );
}

function listed(
  identity: Identity,
): { id: string; role: string; workingGroup: string; unit: string | null }[] {
  return identity.grants.map((grant) => ({
    id: grant.id,
    role: grant.role,
    workingGroup: grant.workingGroup.name,
    unit: grant.unit?.name ?? null,
  }));
}

/** For handlers of routes where somebody is signed in. */
export function signedIn(caller: Caller | null): Caller {
  if (caller !== null) return caller;
  throw new DondocError(refuse('unauthenticated', { vi: 'Chưa đăng nhập.', en: 'Nobody is signed in.' }));
}

/** For handlers of routes that ask for a role. */
export function actingAs(caller: Caller | null): PersonActor {
  const { identity, acting } = signedIn(caller);
  if (acting !== null) return actorOf(identity, acting);
  throw new DondocError(refuse('forbidden', { vi: 'Chưa chọn vai trò.', en: 'No grant is chosen.' }));
}
