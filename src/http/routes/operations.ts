import { IdParams } from '../../contracts/common.js';
import { Operation } from '../../contracts/operations.js';
import { isRefusal } from '../../domain/errors.js';
import { getOperation } from '../../engine/read/operations.js';
import { type Route, route } from '../route.js';

const read = route({
  method: 'get',
  path: '/v1/operations/{id}',
  operationId: 'getOperation',
  tag: 'operations',
  summary: { vi: 'Tiến độ việc đang thực hiện tiếp', en: 'How far something is that goes on by itself' },
  description:
    'A command answers when what it decided is recorded. What processes go on with then is found here, by the id of the directive that was issued, the edit of a calendar (`Operation-Location`), the outage or the reorganisation.',
  params: IdParams,
  success: { status: 200, schema: Operation },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { params }) {
    const operation = await getOperation(call.engine, call.viewer, params.id);
    return isRefusal(operation) ? operation : { body: operation };
  },
});

export const operationRoutes: readonly Route[] = [read];
