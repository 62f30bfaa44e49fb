import { loadWorkingGroup } from '../db/directive-store.js';
import { addPolicyVersion, type PolicyVersionRow, policyVersions } from '../db/policy-store.js';
import { notFound } from '../domain/assignment/access.js';
import { type Refusal, refuse, versionChanged } from '../domain/errors.js';
import type { DirectivePolicy } from '../domain/policy.js';
import { policyFindings } from '../domain/policy-check.js';
import { inCommand, refused } from './command.js';
import type { Engine } from './engine.js';
import { look, type Viewer } from './read/view.js';
import type { CommandRequest, Outcome } from './request.js';

export type { PolicyVersionRow } from '../db/policy-store.js';

export interface PolicyChange {
  readonly basedOn: number;
  readonly reason: string;
  readonly policy: Omit<DirectivePolicy, 'id' | 'version'>;
}

/**
 * A new version of the policy of the caller's Working Group. It judges what is issued from now on; every directive
 * keeps the copy that was frozen with it.
 */
export async function changePolicy(
  engine: Engine,
  request: CommandRequest,
  change: PolicyChange,
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    const { actor } = request;
    if (actor.kind !== 'person' || actor.role !== 'administrator') throw refused(notFound());
    const group = await loadWorkingGroup(tx.client, actor.workingGroupId);
    if (group === null) throw refused(notFound());
    const errors = policyFindings(change.policy);
    if (errors.length > 0) throw refused(contradictory(errors));
    const [latest] = await policyVersions(tx.client, group.policyId);
    const present = latest?.version ?? 0;
    const policy: DirectivePolicy = { ...change.policy, id: group.policyId, version: present + 1 };
    const by = { reason: change.reason, personId: actor.personId };
    if (present !== change.basedOn || !(await addPolicyVersion(tx.client, policy, by))) {
      throw refused(versionChanged({ vi: 'Quy chế', en: 'policy' }, present));
    }
    return { status: 201, subjectId: null, version: policy.version };
  });
}

/** The versions of the policy of the viewer's Working Group, the latest first. */
export async function policyHistory(
  engine: Engine,
  viewer: Viewer,
  id: string,
): Promise<PolicyVersionRow[] | Refusal> {
  const rows = await look(engine, viewer, async (client) => await policyVersions(client, id));
  return rows.length === 0 ? notFound() : rows;
}

/** The id of the policy by which the viewer's Working Group issues. */
export async function policyIdOf(engine: Engine, viewer: Viewer): Promise<string | null> {
  const group = await look(engine, viewer, (client) => loadWorkingGroup(client, viewer.actor.workingGroupId));
  return group?.policyId ?? null;
}

function contradictory(errors: Refusal['errors'] & object): Refusal {
  return refuse(
    'invalid_body',
    { vi: 'Quy chế tự mâu thuẫn.', en: 'The policy contradicts itself.' },
    { errors },
  );
}
