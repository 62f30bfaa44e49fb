import type { Role } from '../../src/domain/actor.js';
import type { Relation } from '../../src/domain/permission/relation.js';
import { type Operation, PERMISSIONS } from '../../src/domain/permission/table.js';
import type { Route } from '../../src/http/route.js';
import type { FixturePerson } from '../support/fixtures.js';
import type { GroupWorld, Objects } from './matrix-world.js';

/** One who asks, and how they stand to what they ask about. */
export interface Column {
  readonly name: string;
  readonly token: string | null;
  readonly role: Role | null;
  readonly relations: readonly Relation[];
  readonly objects: Objects;
  /** Of the other Working Group. */
  readonly stranger: boolean;
  /** Whose eyes they have: what a secret names by whom it may be seen. */
  readonly eyes: string;
}

const OFFICE = ['own_group', 'installation'] as const satisfies readonly Relation[];
const LEAD = [...OFFICE, 'own_unit', 'leads', 'subject', 'addressed'] as const satisfies readonly Relation[];

type Standing = readonly [
  string,
  FixturePerson | keyof GroupWorld['tokens'],
  Role,
  readonly Relation[],
  ('lead' | 'ownCause' | 'referred')?,
];

const INSIDE: readonly Standing[] = [
  ['lead unit', 'unit:justice', 'unit', [...LEAD, 'own_person']],
  ['its office account', 'office', 'unit', LEAD],
  ['coordinating unit', 'unit:health', 'unit', [...OFFICE, 'coordinates', 'asked']],
  ['monitor', 'unit:communeC', 'unit', [...OFFICE, 'monitors']],
  ['holder of the obstacle', 'unit:office', 'unit', [...OFFICE, 'holds_obstacle']],
  ['unit above the lead', 'unit:communeB', 'unit', [...OFFICE, 'superior']],
  ['other unit', 'unit:communeA', 'unit', OFFICE],
  ['standing agency', 'standing_agency', 'standing_agency', [...OFFICE, 'on_behalf']],
  ['standing agency in its own cause', 'standing_agency', 'standing_agency', OFFICE, 'ownCause'],
  ['supervisor', 'supervisor', 'supervisor', OFFICE],
  ['supervisor, the agency’s own cause', 'supervisor', 'supervisor', [...OFFICE, 'passed_on'], 'ownCause'],
  ['deputy of the supervisor', 'deputy', 'supervisor', OFFICE],
  ['home affairs', 'home_affairs', 'home_affairs', OFFICE],
  ['home affairs, referred', 'home_affairs', 'home_affairs', [...OFFICE, 'referred'], 'referred'],
  ['administrator', 'administrator', 'administrator', OFFICE],
];

const STRANGERS: readonly FixturePerson[] = [
  'unit:justice',
  'standing_agency',
  'supervisor',
  'home_affairs',
  'administrator',
];

const isPerson = (who: string): who is FixturePerson =>
  who.startsWith('unit:') || ['standing_agency', 'supervisor', 'home_affairs', 'administrator'].includes(who);

export function columnsOf(own: GroupWorld, other: GroupWorld): Column[] {
  const inside = INSIDE.map(([name, who, role, relations, about = 'lead']): Column => {
    const token = isPerson(who) ? own.group.signIn(who).token : own.tokens[who];
    const eyes = who === 'office' ? 'unit:justice' : who === 'deputy' ? 'supervisor' : who;
    return { name, token, role, relations, objects: own[about], stranger: false, eyes };
  });
  const nothing = { relations: [], objects: own.lead, stranger: false, eyes: 'nobody' };
  const outside = STRANGERS.map((who): Column => {
    const { token, actor } = other.group.signIn(who);
    const name = `${who === 'unit:justice' ? 'unit' : who.replaceAll('_', ' ')} of another group`;
    return { ...nothing, name, token, role: actor.role, stranger: true };
  });
  return [
    ...inside,
    ...outside,
    { ...nothing, name: 'deputy before the time', token: own.tokens.deputyLater, role: null },
    { ...nothing, name: 'grant that has ended', token: own.tokens.expired, role: null },
    { ...nothing, name: 'nobody', token: null, role: null },
    { ...nothing, name: 'revoked token', token: own.tokens.revoked, role: null },
  ];
}

/** What every Working Group of the installation shares, and who of each may change it, or add to it for their own. */
const SHARED: Readonly<Record<string, readonly Role[]>> = {
  units: ['administrator'],
  calendars: ['administrator'],
  reorganisations: ['administrator', 'standing_agency'],
};

/** Whether the table lets the column do it; `judged` where only the state of the matter can tell. */
export function mayBy(route: Route, column: Column): boolean {
  const { allow } = PERMISSIONS[route.operationId as Operation];
  const standing = ownCauseOf(column, allow);
  const named = route.path.includes('{id}');
  if (allow === 'signed_in')
    return !named || (column.relations.includes('own_person') && !route.path.includes('sessions'));
  if (column.role === null || standing === 'passed') return false;
  const relations = allow[column.role];
  if (relations === undefined) return false;
  const shared = SHARED[route.path.split('/')[2] ?? '']?.includes(column.role) === true;
  return !named || shared || relations.some((each) => column.relations.includes(each));
}

/** Where the agency leads itself, what it would judge passes to the supervisor. */
function ownCauseOf(
  column: Column,
  allow: 'signed_in' | Partial<Record<Role, readonly Relation[]>>,
): 'passed' | null {
  if (allow === 'signed_in' || column.name !== 'standing agency in its own cause') return null;
  return allow.supervisor?.includes('passed_on') === true ? 'passed' : null;
}
