import { ROLES, type Role } from '../actor.js';
import type { Permission, Relation } from './relation.js';
import { PERMISSIONS } from './table.js';

/** The row of an operation; null where there is none, which is to say that nobody may. */
export function permissionOf(operation: string): Permission | null {
  const rows: Readonly<Record<string, Permission>> = PERMISSIONS;
  return Object.hasOwn(rows, operation) ? (rows[operation] ?? null) : null;
}

/** The roles that may call an operation at all; the relation to the object is judged by its decider. */
export function rolesOf(permission: Permission): 'signed_in' | readonly Role[] {
  const { allow } = permission;
  if (allow === 'signed_in') return 'signed_in';
  return ROLES.filter((role) => (allow[role] ?? []).length > 0);
}

/** In which relations a role may; none is a denial. */
export function relationsOf(permission: Permission, role: Role): readonly Relation[] {
  const { allow } = permission;
  return allow === 'signed_in' ? ['own_person'] : (allow[role] ?? []);
}
