/** The five roles a person can be granted within a Working Group (design §1). */
export type Role = 'standing_agency' | 'unit' | 'supervisor' | 'home_affairs' | 'administrator';

export const ROLES = [
  'standing_agency',
  'unit',
  'supervisor',
  'home_affairs',
  'administrator',
] as const satisfies readonly Role[];

/** A person acting under exactly one grant. */
export interface PersonActor {
  readonly kind: 'person';
  readonly personId: string;
  readonly name: string;
  readonly role: Role;
  readonly workingGroupId: string;
  /** The unit of the grant: the officer's own, or the body the role works for. */
  readonly unitId: string | null;
}

/** A deadline reached is a command like any other; its actor is the clock. */
export interface ClockActor {
  readonly kind: 'clock';
}

/** The program itself, carrying out what a command has decided (issuing in batches, closing). */
export interface SystemActor {
  readonly kind: 'system';
}

export type Actor = PersonActor | ClockActor | SystemActor;

export const CLOCK: ClockActor = { kind: 'clock' };
export const SYSTEM: SystemActor = { kind: 'system' };

/** A numbered document that an act rests on. */
export interface DocumentReference {
  /** Number and symbol as typed; real numbers follow no single pattern (domain.md §3.4). */
  readonly number: string;
  readonly date: string;
  readonly signer?: string;
}
