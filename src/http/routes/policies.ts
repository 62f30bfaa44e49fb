import type { z } from 'zod';
import { instantText } from '../../contracts/common.js';
import * as shape from '../../contracts/policies.js';
import { isRefusal, type Refusal } from '../../domain/errors.js';
import { changePolicy, type PolicyVersionRow, policyHistory, policyIdOf } from '../../engine/policies.js';
import { type Call, type Reply, type Route, route } from '../route.js';

const listVersions = route({
  method: 'get',
  path: '/v1/policies/{id}/versions',
  operationId: 'listPolicyVersions',
  tag: 'units',
  summary: { vi: 'Các bản của một quy chế', en: 'Every version of a policy, the latest first' },
  params: shape.PolicyParams,
  success: { status: 200, schema: shape.PolicyVersions },
  idempotency: 'none',
  ifMatch: 'none',
  handler: async (call, { params }) => await versions(call, params.id),
});

const change = route({
  method: 'post',
  path: '/v1/policies',
  operationId: 'changePolicy',
  tag: 'units',
  summary: { vi: 'Ban hành bản mới của quy chế', en: 'A new version of the policy of my Working Group' },
  description:
    'It judges what is issued from now on; what was issued keeps the version that was frozen with it.',
  body: shape.NewPolicyVersion,
  success: { status: 201, schema: shape.PolicyVersions },
  problems: ['version_changed'],
  idempotency: 'optional',
  ifMatch: 'none',
  async handler(call, { body }) {
    const { reporting, ...policy } = body.policy;
    const outcome = await changePolicy(call.engine, call.command(), {
      basedOn: body.basedOn,
      reason: body.reason,
      policy: reporting === undefined ? policy : { ...policy, reporting },
    });
    if (isRefusal(outcome)) return outcome;
    const id = await policyIdOf(call.engine, call.viewer);
    return await versions(call, id ?? '');
  },
});

async function versions(
  call: Call,
  id: string,
): Promise<Refusal | Reply<z.input<typeof shape.PolicyVersions>>> {
  const found = await policyHistory(call.engine, call.viewer, id);
  return isRefusal(found) ? found : { body: { items: found.map(versionBody) } };
}

function versionBody({ body, recordedAt, ...row }: PolicyVersionRow): z.input<typeof shape.PolicyVersion> {
  const { id: _id, version: _version, ...policy } = body;
  return { ...row, recordedAt: instantText(recordedAt), policy };
}

export const policyRoutes: readonly Route[] = [listVersions, change];
