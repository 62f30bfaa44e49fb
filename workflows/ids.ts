/** What is conducted: one durable process per directive, per case, per reporting regime and per reorganisation. */
export type ConductorKind = 'directive' | 'referral' | 'reportingCycle' | 'reorganisation';

const KINDS = [
  'directive',
  'referral',
  'reportingCycle',
  'reorganisation',
] as const satisfies readonly ConductorKind[];

/** The id under which the process of one of them runs, and no other. */
export function workflowIdOf(kind: ConductorKind, id: string): string {
  return `${kind}:${id}`;
}

/** The inverse of `workflowIdOf`; null for an id that is none of ours. */
export function conductorOf(workflowId: string): { kind: ConductorKind; id: string } | null {
  const kind = KINDS.find((one) => workflowId.startsWith(`${one}:`));
  if (kind === undefined || workflowId.length === kind.length + 1) return null;
  return { kind, id: workflowId.slice(kind.length + 1) };
}
