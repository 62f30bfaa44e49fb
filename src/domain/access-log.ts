import type { Role } from './actor.js';
import { canonical } from './canonical.js';

/** What the access log knows; a new kind of access is a new word here and in docs/glossary.md. */
export const ACCESS_ACTIONS = [
  'signed_in',
  'sign_in_refused',
  'signed_out',
  'session_revoked',
  'token_made',
  'token_revoked',
  'grant_given',
  'grant_ended',
  'person_made',
  'person_changed',
  'account_made',
  'password_chosen',
  'head_term_begun',
  'unit_changed',
  'group_changed',
  'reorganisation_planned',
  'reorganisation_cancelled',
  'exported',
  'viewed',
  'listed',
  'uploaded',
  'webhook_changed',
] as const;
export type AccessAction = (typeof ACCESS_ACTIONS)[number];

/** One line of the access log before it is appended; the database's clock gives day and instant. */
export interface Access {
  /** Null for an attempt by nobody we know. */
  readonly personId: string | null;
  readonly role: Role | null;
  readonly workingGroupId: string | null;
  readonly unitId: string | null;
  readonly action: AccessAction;
  /** What was looked at, given or taken: `referral`, `import`, `dossier`, `token`, `export`… */
  readonly subject: { readonly kind: string; readonly id: string | null } | null;
  /** Facts beside the subject: filters of an export, ids of a list. No free text that people wrote. */
  readonly detail: Readonly<Record<string, unknown>>;
  readonly from: {
    readonly address: string | null;
    readonly agent: string | null;
    /** By which token or session, where by one: kept in `detail`, so that the chain covers it. */
    readonly credential?: { readonly kind: 'token' | 'session'; readonly id: string } | undefined;
  };
}

/** Stands for a person whom the program does not know. */
export const NOBODY = '00000000-0000-0000-0000-000000000000';

/** What a line's hash covers beside its place in the chain: every column, in canonical form. */
export function accessBody(access: Access): string {
  return canonical({
    person: access.personId ?? NOBODY,
    role: access.role,
    group: access.workingGroupId,
    unit: access.unitId,
    action: access.action,
    kind: access.subject?.kind ?? null,
    id: access.subject?.id ?? null,
    detail: access.detail,
    address: access.from.address,
    agent: access.from.agent,
  });
}
