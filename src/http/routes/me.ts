import { instantTextOrNull } from '../../contracts/common.js';
import { Me } from '../../contracts/me.js';
import type { Caller } from '../../engine/authenticate.js';
import { signedIn } from '../caller.js';
import { type Route, route } from '../route.js';

type GrantOf = Caller['identity']['grants'][number];

const grantBody = (grant: GrantOf) => ({
  ...grant,
  validFrom: instantTextOrNull(grant.validFrom),
  validTo: instantTextOrNull(grant.validTo),
});

const getMe = route({
  method: 'get',
  path: '/v1/me',
  operationId: 'getMe',
  tag: 'me',
  summary: { vi: 'Tôi là ai, với những vai trò nào', en: 'Who I am, and under which grants' },
  success: { status: 200, schema: Me },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call) {
    const { identity, acting } = signedIn(call.caller);
    return {
      body: {
        person: identity.person,
        grants: identity.grants.map(grantBody),
        acting: acting === null ? null : grantBody(acting),
      },
    };
  },
});

export const meRoutes: readonly Route[] = [getMe];
