import { IdParams } from '../../contracts/common.js';
import * as shape from '../../contracts/reorganisations.js';
import { REORGANISATIONS_TABLE } from '../../engine/export/directory.js';
import { getReorganisation, reorganisations } from '../../engine/read/reorganisations.js';
import { allotAssignments, cancelReorganisation, planReorganisation } from '../../engine/reorganisations.js';
import { afterCommand, versioned } from '../outcome.js';
import { type Call, type Route, route } from '../route.js';
import { FormatQuery, TABLE_MEDIA, wholeReply } from './exporting.js';

const list = route({
  method: 'get',
  path: '/v1/reorganisations',
  operationId: 'listReorganisations',
  tag: 'units',
  summary: {
    vi: 'Sáp nhập, chia tách, giải thể, đổi tên đơn vị',
    en: 'Mergers, divisions, abolitions, renamings',
  },
  query: FormatQuery,
  success: { status: 200, schema: shape.Reorganisations, media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { query }) {
    const items = await reorganisations(call.engine, call.viewer);
    return await wholeReply(call, query, { items }, REORGANISATIONS_TABLE, items);
  },
});

const readOne = (call: Call) => async (id: string) => await getReorganisation(call.engine, call.viewer, id);

const read = route({
  method: 'get',
  path: '/v1/reorganisations/{id}',
  operationId: 'getReorganisation',
  tag: 'units',
  summary: { vi: 'Một phương án, còn những gì đang mở', en: 'One of them, with what is still open' },
  params: IdParams,
  success: { status: 200, schema: shape.Reorganisation },
  idempotency: 'none',
  ifMatch: 'none',
  handler: async (call, { params }) => versioned(await readOne(call)(params.id)),
});

const plan = route({
  method: 'post',
  path: '/v1/reorganisations',
  operationId: 'planReorganisation',
  tag: 'units',
  summary: { vi: 'Lập phương án sắp xếp đơn vị', en: 'Plan what changes among the units on a date' },
  description:
    'On the day its units end, or have their new name. Then each open assignment that they lead is moved, in a transaction of its own, to the successor that its standing agency has allotted it to; of a merger to the one successor, else to the caretaker. Waiting results, deadlines and cases go along; who takes over late work has a clock of its own (10 working days by default), and the lateness stays with the former unit.',
  body: shape.ReorganisationInput,
  success: { status: 201, schema: shape.Reorganisation },
  problems: ['reorganisation_invalid', 'reorganisation_overlaps'],
  idempotency: 'optional',
  ifMatch: 'none',
  async handler(call, { body }) {
    const { signer, ...document } = body.document;
    const made = { ...body, document: signer === undefined ? document : { ...document, signer } };
    const outcome = await planReorganisation(call.engine, call.command(), made, call.origin);
    return await afterCommand(outcome, readOne(call));
  },
});

const cancel = route({
  method: 'post',
  path: '/v1/reorganisations/{id}/cancel',
  operationId: 'cancelReorganisation',
  tag: 'units',
  summary: { vi: 'Hủy phương án chưa đến ngày', en: 'Cancel one before its day' },
  params: IdParams,
  success: { status: 200, schema: shape.Reorganisation },
  problems: ['transition_not_allowed'],
  idempotency: 'optional',
  ifMatch: 'required',
  async handler(call, { params }) {
    const { ifMatch, origin } = call;
    const outcome = await cancelReorganisation(call.engine, call.command(), params.id, { ifMatch, origin });
    return await afterCommand(outcome, readOne(call));
  },
});

const allot = route({
  method: 'post',
  path: '/v1/reorganisations/{id}/allotments',
  operationId: 'allotAssignments',
  tag: 'units',
  summary: { vi: 'Phân công nhiệm vụ cho đơn vị tiếp nhận', en: 'Say which successor gets which assignment' },
  description: 'Before the day, or after it for what is stuck. What was not named goes to the caretaker.',
  params: IdParams,
  body: shape.AllotmentsInput,
  success: { status: 200, schema: shape.Reorganisation },
  problems: ['transition_not_allowed', 'reorganisation_invalid'],
  idempotency: 'optional',
  ifMatch: 'required',
  async handler(call, { params, body }) {
    const outcome = await allotAssignments(call.engine, call.command(), params.id, body.items, call.ifMatch);
    return await afterCommand(outcome, readOne(call));
  },
});

export const reorganisationRoutes: readonly Route[] = [list, read, plan, cancel, allot];
