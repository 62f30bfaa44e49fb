import type { Role } from '../actor.js';

/**
 * How a person, under one grant, stands to what an operation is about. A row of the policy table names for each
 * role the relations in which it may; in any other, what exists of others is answered as if it did not exist.
 */
export const RELATIONS = {
  own_person: 'the record is the caller’s own',
  installation: 'a directory or reference that every Working Group of the installation shares',
  own_group: 'the object belongs to the Working Group of the grant',
  own_unit: 'the object belongs to the unit of the grant',
  leads: 'the unit of the grant leads the assignment',
  coordinates: 'the unit of the grant coordinates the assignment',
  monitors:
    'the unit of the grant confirms the assignment, or the standing agency where no other monitor is named',
  holds_obstacle: 'the unit of the grant holds an obstacle of the assignment',
  asked: 'the unit of the grant was asked for a contribution',
  addressed: 'the message is to the caller in person, or to the office of the grant',
  superior: 'the unit that is asked about stands below the unit of the grant; its counts only',
  subject: 'the case is about the unit of the grant, or the caller was its head on the day of the fact',
  referred: 'the case, of the Working Group of the grant, has been referred',
  on_behalf: 'records for the unit what came as a numbered document',
  passed_on: 'the deciding body would decide in its own cause, or has not decided in time',
} as const satisfies Readonly<Record<string, string>>;

export type Relation = keyof typeof RELATIONS;

/** Who may, as data: roles with their relations; or anybody signed in, about themselves. */
export type Allowed = 'signed_in' | { readonly [R in Role]?: readonly Relation[] };

/** What a machine’s token must be allowed to do; a person’s session has every scope. */
export const SCOPES = ['read', 'write', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

export interface Permission {
  readonly allow: Allowed;
  readonly scope: Scope;
}
