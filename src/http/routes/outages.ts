import { Outages } from '../../contracts/outages.js';
import { getOutages } from '../../engine/outages.js';
import { type Route, route } from '../route.js';

const listOutages = route({
  method: 'get',
  path: '/v1/outages',
  operationId: 'listOutages',
  tag: 'operations',
  summary: {
    vi: 'Các lần hệ thống không tiếp nhận được thao tác',
    en: 'When commands could not be accepted',
  },
  description:
    'Deadlines inside such a stretch move to the end of the next working day, where the policy says so.',
  success: { status: 200, schema: Outages },
  idempotency: 'none',
  ifMatch: 'none',
  handler: async (call) => ({ body: { items: await getOutages(call.engine, call.viewer) } }),
});

export const outageRoutes: readonly Route[] = [listOutages];
