import type { Role } from '../actor.js';
import { type AssignmentAction, rowOf, type Relation as Stands } from '../assignment/table.js';
import { DIRECTIVE_TABLE, type DirectiveAction } from '../directive/decide.js';
import { REFERRAL_TABLE, type ReferralAction, type ReferralRelation } from '../referral/table.js';
import { REPORT_TABLE, type ReportAction, type ReportRelation } from '../report/table.js';
import type { Allowed, Permission, Relation, Scope } from './relation.js';

/** How the rows of the policy table are written; those of acts come from the tables that the deciders ask. */

type Rights = { [R in Role]?: Relation[] };

const BY_STANDING: Readonly<Record<Stands, readonly (readonly [Role, Relation])[]>> = {
  leads: [['unit', 'leads']],
  coordinates: [['unit', 'coordinates']],
  holds_obstacle: [['unit', 'holds_obstacle']],
  asked: [['unit', 'asked']],
  monitors: [
    ['unit', 'monitors'],
    ['standing_agency', 'monitors'],
  ],
  standing_agency: [['standing_agency', 'own_group']],
  supervisor: [['supervisor', 'own_group']],
  clock: [],
};

/** An act on one assignment. */
export function assignmentAct(action: AssignmentAction): Permission {
  const row = rowOf(action);
  const rights = row.by.flatMap((stands) => BY_STANDING[stands]);
  return {
    allow: gathered([
      ...rights,
      ...(row.judges === true ? [['supervisor', 'passed_on'] as const] : []),
      ...(row.onBehalf === true ? [['standing_agency', 'on_behalf'] as const] : []),
    ]),
    scope: 'write',
  };
}

/** An act on a directive as a whole. */
export function directiveAct(action: DirectiveAction): Permission {
  return { allow: gathered(DIRECTIVE_TABLE[action].by.map((role) => [role, 'own_group'])), scope: 'write' };
}

const BY_CASE: Readonly<Record<ReferralRelation, readonly [Role, Relation]>> = {
  subject: ['unit', 'subject'],
  standing_agency: ['standing_agency', 'own_group'],
  supervisor: ['supervisor', 'own_group'],
  home_affairs: ['home_affairs', 'referred'],
};

/** An act on a case; of a case against Home Affairs itself its acts are the supervisor's. */
export function referralAct(action: ReferralAction): Permission {
  const by: readonly ReferralRelation[] = REFERRAL_TABLE[action].by;
  const passedOn = by.includes('home_affairs') || by.includes('standing_agency');
  return {
    allow: gathered([
      ...by.map((relation) => BY_CASE[relation]),
      ...(passedOn ? [['supervisor', 'passed_on'] as const] : []),
      ...('onBehalf' in REFERRAL_TABLE[action] ? [['standing_agency', 'on_behalf'] as const] : []),
    ]),
    scope: 'write',
  };
}

const BY_REPORT: Readonly<Record<ReportRelation, readonly [Role, Relation]>> = {
  reporter: ['unit', 'own_unit'],
  standing_agency: ['standing_agency', 'own_group'],
  supervisor: ['supervisor', 'own_group'],
};

/** An act on what a unit owes for one period. */
export function reportAct(action: ReportAction): Permission {
  const row = REPORT_TABLE[action];
  return {
    allow: gathered([
      ...row.by.map((relation) => BY_REPORT[relation]),
      ...('judges' in row ? [['supervisor', 'passed_on'] as const] : []),
      ...('onBehalf' in row ? [['standing_agency', 'on_behalf'] as const] : []),
    ]),
    scope: 'write',
  };
}

function gathered(rights: readonly (readonly [Role, Relation])[]): Allowed {
  const all: Rights = {};
  for (const [role, relation] of rights) {
    const known = all[role] ?? [];
    all[role] = known.includes(relation) ? known : [...known, relation];
  }
  return all;
}

/** Who reads a thing of the Working Group, and who else for a part of it. */
export const reads = (allow: Allowed): Permission => ({ allow, scope: 'read' });
export const writes = (allow: Allowed, scope: Scope = 'write'): Permission => ({ allow, scope });

const EVERY_ASSIGNMENT: readonly Relation[] = ['own_group'];
/** Assignments and what belongs to them: all of the group for its offices, its own for a unit. */
export const WORK: Allowed = {
  standing_agency: EVERY_ASSIGNMENT,
  supervisor: EVERY_ASSIGNMENT,
  unit: ['leads', 'coordinates', 'monitors', 'asked'],
};
/** What happened to the work: a unit that only helps reads the assignment, and not how its lead was urged. */
export const HISTORY: Allowed = {
  standing_agency: EVERY_ASSIGNMENT,
  supervisor: EVERY_ASSIGNMENT,
  unit: ['leads', 'monitors', 'asked'],
};
/** Obstacles: who holds one reads that one, and nothing else of the assignment. */
export const MATTERS: Allowed = {
  standing_agency: EVERY_ASSIGNMENT,
  supervisor: EVERY_ASSIGNMENT,
  unit: ['leads', 'monitors', 'holds_obstacle'],
};
/** How units answer when they are asked to contribute: each its own figures. */
export const ANSWERING: Allowed = {
  standing_agency: EVERY_ASSIGNMENT,
  supervisor: EVERY_ASSIGNMENT,
  unit: ['asked'],
};
/** What was reported of the work: a unit that only helps reads the assignment and not its reports. */
export const REPORTED: Allowed = {
  standing_agency: EVERY_ASSIGNMENT,
  supervisor: EVERY_ASSIGNMENT,
  unit: ['leads', 'monitors'],
};
/** Figures: a unit its own, and those of the units below it. */
export const COUNTED: Allowed = {
  standing_agency: EVERY_ASSIGNMENT,
  supervisor: EVERY_ASSIGNMENT,
  unit: ['own_unit', 'superior'],
};
/** Referrals: a unit those about itself, Home Affairs those that were referred. */
export const CASES: Allowed = {
  standing_agency: ['own_group'],
  supervisor: ['own_group'],
  unit: ['subject'],
  home_affairs: ['referred'],
};
/** Whoever acts in the work may bring files of their own. */
export const WITH_WORK: Allowed = {
  standing_agency: ['own_unit'],
  supervisor: ['own_group'],
  unit: ['own_unit'],
  home_affairs: ['own_unit'],
};
/** Events: each sees those of what it may read; of a unit’s work only the lead and the monitor see all. */
export const FOLLOWED: Allowed = {
  standing_agency: ['own_group'],
  supervisor: ['own_group'],
  unit: ['leads', 'monitors', 'holds_obstacle', 'asked', 'subject'],
  home_affairs: ['referred'],
};
/** Messages: to the caller, or to the office in which they act. */
export const ADDRESSED: Allowed = {
  standing_agency: ['addressed'],
  supervisor: ['addressed'],
  unit: ['addressed'],
  home_affairs: ['addressed'],
};
/** What an office sets up for itself. */
export const OWN_OFFICE: Allowed = {
  standing_agency: ['own_unit'],
  supervisor: ['own_group'],
  unit: ['own_unit'],
  home_affairs: ['own_unit'],
};
/** A file is read by its own office, and by whoever may read what it hangs on. */
export const ATTACHED: Allowed = {
  standing_agency: ['own_group'],
  supervisor: ['own_group'],
  unit: ['own_unit', 'leads', 'coordinates', 'monitors', 'holds_obstacle', 'asked', 'subject'],
  home_affairs: ['own_unit', 'referred'],
};
/** Directory and reference data that every role looks up. */
export const DIRECTORY: Allowed = {
  standing_agency: ['installation'],
  unit: ['installation'],
  supervisor: ['installation'],
  home_affairs: ['installation'],
  administrator: ['installation'],
};
export const OWN_GROUP: Allowed = {
  standing_agency: ['own_group'],
  unit: ['own_group'],
  supervisor: ['own_group'],
  home_affairs: ['own_group'],
  administrator: ['own_group'],
};
export const AGENCY: Allowed = { standing_agency: ['own_group'] };
export const ADMINISTRATOR: Allowed = { administrator: ['own_group'] };

/** Reports and their regimes: all of the group for its offices, its own for a unit. */
export const REPORTS: Allowed = {
  standing_agency: ['own_group'],
  supervisor: ['own_group'],
  unit: ['own_unit'],
};
