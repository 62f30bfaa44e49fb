import type { Access } from '../contracts/route.js';
import type { PersonActor } from '../domain/actor.js';
import { DondocError, type Refusal, refuse } from '../domain/errors.js';
import { type Authenticator, actorOf, type Caller, type Identity } from '../engine/authenticate.js';

/** The header by which a person who holds several grants says under which one a request acts. */
export const GRANT_HEADER = 'Dondoc-Grant';

/** Who a request comes from, by its bearer token and its grant header. */
export async function callerOf(
  authenticator: Authenticator,
  headers: { readonly authorization: string | undefined; readonly grant: string | undefined },
): Promise<Caller | Refusal> {
  const token = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (token === undefined) {
    return refuse('unauthenticated', {
      vi: 'Cần tiêu đề Authorization: Bearer <token>.',
      en: 'The header Authorization: Bearer <token> is needed.',
    });
  }
  const identity = await authenticator.identify(token);
  if (identity === null) {
    return refuse('unauthenticated', {
      vi: 'Token không đúng, đã hết hạn hoặc đã bị thu hồi.',
      en: 'The token is wrong, has expired or was revoked.',
    });
  }
  return actingGrant(identity, headers.grant);
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
      vi: `Bạn giữ nhiều vai trò; hãy nêu một vai trò trong tiêu đề ${GRANT_HEADER}.`,
      en: `You hold several grants; name one in the header ${GRANT_HEADER}.`,
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
