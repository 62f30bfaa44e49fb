import { createHash } from 'node:crypto';
import type pg from 'pg';
import {
  insertCalendar,
  insertGrants,
  insertHeads,
  insertPeople,
  insertPolicy,
  insertTokens,
  insertUnits,
  insertWorkingGroup,
  revokeOtherDemoTokens,
  unitIdsByCode,
  workingGroupIdByCode,
} from '../db/directory-store.js';
import type { Queryable } from '../db/pool.js';
import { withTransaction } from '../db/transaction.js';
import type { PersonActor, Role } from '../domain/actor.js';
import { ALWAYS_OPEN } from '../domain/calendar.js';
import { OFFICE_HOURS } from '../domain/calendars/office-hours.js';
import type { Duration } from '../domain/duration.js';
import { DEFAULT_POLICY, type DirectivePolicy } from '../domain/policy.js';
import { DEMO_UNITS, demoName, PROVINCE } from './demo-province.js';
import type { DemoReporters } from './demo-reports.js';
import { derivedToken, tokenDigest } from './token.js';

/** Who can sign in to the demonstration, and the token that stands for them. */
export interface DemoSignIn {
  readonly role: Role;
  readonly name: string;
  /** The unit, or the Working Group of who belongs to no unit. */
  readonly unit: string;
  readonly workingGroup: string;
  readonly token: string;
}

export interface DemoData {
  /** Those of the quick Working Group come first: `npm run demo` plays with the first of each role. */
  readonly signIns: readonly DemoSignIn[];
  /** Of the Working Group that works by office hours. */
  readonly reporters: DemoReporters;
}

const seconds = (value: number): Duration => ({ value, unit: 's' });

/** The whole ladder within half a minute, so that a story can be watched. */
export const DEMO_POLICY: DirectivePolicy = {
  ...DEFAULT_POLICY,
  id: 'demo',
  version: 2,
  ladder: [
    { step: 'remind', kind: 'reminder', when: 'before', offset: seconds(10), to: ['officer'] },
    { step: 'urge', kind: 'urge', when: 'after', offset: seconds(3), to: ['officer', 'head'] },
    { step: 'urging-letter', kind: 'urging_letter', when: 'after', offset: seconds(6), to: ['head'] },
    { step: 'supervisor', kind: 'supervisor', when: 'after', offset: seconds(9), to: ['supervisor'] },
    { step: 'refer', kind: 'referral', when: 'after', offset: seconds(12), to: ['head', 'standing_agency'] },
  ],
  clocks: {
    acknowledge: seconds(60),
    contest: seconds(120),
    contestAnswer: seconds(120),
    confirm: seconds(60),
    extensionAnswer: seconds(60),
    obstacleAnswer: seconds(60),
    causeAnswer: seconds(60),
    unclear: seconds(600),
  },
  mend: { atLeast: seconds(60) },
  referral: {
    objectionWindow: seconds(20),
    decision: seconds(60),
    release: 'automatic',
    acknowledge: seconds(60),
  },
  // The supervisor is told at once: a list of the next day nobody would wait for.
  supervisorList: { when: 'each', meetings: [], before: seconds(0) },
  documentRequired: [],
};

interface DemoGroup {
  readonly code: string;
  readonly name: string;
  readonly nameEn: string;
  readonly calendarId: string;
  readonly policyId: string;
  /** Units whose officers can sign in; the others answer on paper. */
  readonly officersOf: readonly string[];
}

const GROUPS: readonly DemoGroup[] = [
  {
    code: 'demo',
    name: `Tổ công tác trình diễn ${PROVINCE.vi}`,
    nameEn: `Demonstration Working Group of ${PROVINCE.en}`,
    calendarId: ALWAYS_OPEN.id,
    policyId: DEMO_POLICY.id,
    officersOf: [
      ...[
        'so-tu-phap',
        'so-tai-chinh',
        'so-y-te',
        'so-gd-dt',
        'so-nn-mt',
        'so-kh-cn',
        'so-vhttdl',
        'vp-ubnd',
      ],
      ...['xa-an-bang', 'xa-binh-chau', 'phuong-an-quang'],
    ],
  },
  {
    code: 'project-06',
    name: `Tổ công tác triển khai Đề án 06 ${PROVINCE.vi}`,
    nameEn: `Project 06 Working Group of ${PROVINCE.en}`,
    calendarId: OFFICE_HOURS.id,
    policyId: DEFAULT_POLICY.id,
    officersOf: ['so-tu-phap', 'so-y-te', 'vp-ubnd', 'xa-an-bang', 'phuong-an-quang'],
  },
];

const STANDING_AGENCY = 'cong-an-tinh';
const HOME_AFFAIRS = 'so-noi-vu';
const SUPERVISORS = 'vp-ubnd';

/**
 * Loads the invented province with its two Working Groups; what is there already stays as it is, so it can be
 * called at every start. Tokens are made from `secret`, which belongs to one installation: the same secret
 * gives the same sign-ins, and those of an earlier secret are revoked. Only for demo mode.
 */
export async function loadDemo(writer: pg.Pool, options: { readonly secret: Buffer }): Promise<DemoData> {
  return withTransaction(writer, async (client) => {
    for (const calendar of [OFFICE_HOURS, ALWAYS_OPEN]) await insertCalendar(client, calendar);
    for (const policy of [DEFAULT_POLICY, DEMO_POLICY]) await insertPolicy(client, policy);
    const units = await loadUnits(client);
    const loaded: LoadedGroup[] = [];
    for (const group of GROUPS) loaded.push(await loadGroup(client, group, units, options.secret));
    const signIns = loaded.flatMap((group) => group.signIns);
    await revokeOtherDemoTokens(
      client,
      signIns.map(({ token }) => tokenDigest(token)),
    );
    return { signIns, reporters: reportersOf(loaded, units) };
  });
}

/** Units of the regime that report on paper. */
const ON_PAPER = ['so-tai-chinh', 'so-kh-cn', 'xa-binh-chau'];

function reportersOf(loaded: readonly LoadedGroup[], units: ReadonlyMap<string, string>): DemoReporters {
  const group = loaded.at(-1);
  const agency = group?.actors.find(({ role }) => role === 'standing_agency');
  if (group === undefined || agency === undefined) throw new Error('Nobody asks for reports');
  const { workingGroupId, actors } = group;
  const officers = actors.filter(({ role }) => role === 'unit');
  return { workingGroupId, agency, officers, onPaper: ON_PAPER.map(idsOf(units)) };
}

interface LoadedGroup {
  readonly workingGroupId: string;
  readonly actors: readonly PersonActor[];
  readonly signIns: readonly DemoSignIn[];
}

/** Ids are made from names, so that loading again finds the same rows. */
function idOf(...names: readonly string[]): string {
  const bytes = createHash('sha256')
    .update(JSON.stringify(['demo', ...names]))
    .digest()
    .subarray(0, 16);
  // A UUIDv8 says that its bits are the maker's own.
  bytes.writeUInt8(0x80 | (bytes.readUInt8(6) & 0x0f), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

async function loadUnits(db: Queryable): Promise<ReadonlyMap<string, string>> {
  await insertUnits(
    db,
    DEMO_UNITS.map(({ code, group, name, nameEn, aliases }) => ({
      id: idOf('unit', code),
      code,
      name,
      nameEn,
      aliases,
      groupCode: group,
      parentId: null,
      email: `${code}@${PROVINCE.domain}`,
      validFrom: '2025-07-01',
      validTo: null,
    })),
  );
  const ids = await unitIdsByCode(
    db,
    DEMO_UNITS.map(({ code }) => code),
  );
  const heads = DEMO_UNITS.map(({ code }, index) => ({
    code,
    personId: idOf('head', code),
    name: demoName(index),
  }));
  await insertPeople(
    db,
    heads.map(({ code, personId, name }) => ({
      id: personId,
      name,
      email: `thu-truong.${code}@${PROVINCE.domain}`,
      locale: 'vi',
    })),
  );
  await insertHeads(
    db,
    heads.flatMap(({ code, personId }) => {
      const unitId = ids.get(code);
      return unitId === undefined
        ? []
        : [{ id: idOf('term', code), unitId, personId, validFrom: '2025-07-01', validTo: null }];
    }),
  );
  return ids;
}

interface Holder {
  readonly key: string;
  readonly role: Role;
  readonly unitCode: string | null;
  readonly locale: 'vi' | 'en';
}

/** One person for each grant, so that no sign-in has to choose. */
function holdersOf(group: DemoGroup): Holder[] {
  const body = (role: Role, unitCode: string | null): Holder => ({ key: role, role, unitCode, locale: 'vi' });
  return [
    body('standing_agency', STANDING_AGENCY),
    body('supervisor', SUPERVISORS),
    body('home_affairs', HOME_AFFAIRS),
    body('administrator', null),
    ...group.officersOf.map((unitCode, index) => ({
      key: `unit:${unitCode}`,
      role: 'unit' as const,
      unitCode,
      // Somebody reads English, so that both languages of the letters are seen.
      locale: index === 1 ? ('en' as const) : ('vi' as const),
    })),
  ];
}

/** The ids of the demonstration's units by their codes. */
function idsOf(units: ReadonlyMap<string, string>): (code: string) => string {
  return (code) => {
    const id = units.get(code);
    if (id === undefined) throw new Error(`The demonstration has no unit ${code}`);
    return id;
  };
}

/** It ends with the demonstration: without demo sign-ins it is refused. */
function demoToken({ personId, token }: { readonly personId: string; readonly token: string }) {
  const hash = tokenDigest(token);
  return {
    id: idOf('token', hash.toString('hex')),
    personId,
    hash,
    label: 'demo',
    kind: 'demo' as const,
    expiresAt: Number.POSITIVE_INFINITY,
  };
}

async function loadGroup(
  db: Queryable,
  group: DemoGroup,
  units: ReadonlyMap<string, string>,
  secret: Buffer,
): Promise<LoadedGroup> {
  const unitId = idsOf(units);
  await insertWorkingGroup(db, {
    id: idOf('group', group.code),
    code: group.code,
    name: group.name,
    nameEn: group.nameEn,
    standingAgencyId: unitId(STANDING_AGENCY),
    homeAffairsId: unitId(HOME_AFFAIRS),
    supervisorUnitId: unitId(SUPERVISORS),
    calendarId: group.calendarId,
    policyId: group.policyId,
  });
  const workingGroupId = await workingGroupIdByCode(db, group.code);
  const people = holdersOf(group).map((holder, index) => ({
    ...holder,
    personId: idOf('person', group.code, holder.key),
    name: demoName(500 + 100 * GROUPS.indexOf(group) + index),
    unitId: holder.unitCode === null ? null : unitId(holder.unitCode),
    token: derivedToken(secret, `${group.code} ${holder.key}`),
    email: `${group.code}.${holder.key.replace(':', '.').replaceAll('_', '-')}@${PROVINCE.domain}`,
  }));
  await insertPeople(
    db,
    people.map(({ personId, name, email, locale }) => ({ id: personId, name, email, locale })),
  );
  await insertGrants(
    db,
    people.map(({ personId, role, unitId: id, key }) => ({
      id: idOf('grant', group.code, key),
      personId,
      workingGroupId,
      role,
      unitId: id,
    })),
  );
  await insertTokens(db, people.map(demoToken));
  const actors = people.map(({ personId, name, role, unitId: id }): PersonActor => {
    return { kind: 'person', personId, name, role, workingGroupId, unitId: id };
  });
  const signIns = people.map(({ role, name, unitCode, token }) => ({
    role,
    name,
    unit: DEMO_UNITS.find(({ code }) => code === unitCode)?.name ?? '–',
    workingGroup: group.code,
    token,
  }));
  return { workingGroupId, actors, signIns };
}
