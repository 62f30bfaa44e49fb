import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { parseConfig } from '../../src/config.js';
import {
  insertCalendar,
  insertGrants,
  insertHeads,
  insertPeople,
  insertPolicy,
  insertTokens,
  insertUnits,
  insertWorkingGroup,
  type UnitWrite,
} from '../../src/db/directory-store.js';
import { openPool, type Queryable } from '../../src/db/pool.js';
import { sheetWriter } from '../../src/documents/sheets.js';
import type { PersonActor, Role } from '../../src/domain/actor.js';
import { ALWAYS_OPEN, type Calendar } from '../../src/domain/calendar.js';
import { OFFICE_HOURS } from '../../src/domain/calendars/office-hours.js';
import { parseDeadline } from '../../src/domain/deadline/parse.js';
import { type DirectiveContent, type DraftTask, EMPTY_CONTENT } from '../../src/domain/directive/draft.js';
import { DEFAULT_POLICY, type DirectivePolicy } from '../../src/domain/policy.js';
import { createDraft, issueDirective } from '../../src/engine/directives.js';
import { createEngine, type Engine } from '../../src/engine/engine.js';
import { withImportReader } from '../../src/engine/import-reader.js';
import { issueBatch } from '../../src/engine/issue.js';
import { withLineWriter } from '../../src/engine/lines.js';
import type { CommandRequest, Outcome } from '../../src/engine/request.js';
import { withSheetWriter } from '../../src/engine/sheets.js';
import { newToken, tokenDigest } from '../../src/engine/token.js';
import { planReader } from '../../src/import/reader.js';
import { createLogger } from '../../src/log.js';
import { createLetterWriter } from '../../src/mail/render.js';
import type { TestDatabase } from './database.js';
import { THREAD_OF_SOURCES } from './threads.js';

/** The engine over a test database, with both pools under their real roles. Call `close` before `drop`. */
export interface TestEngine extends Engine {
  close(): Promise<void>;
}

export function openTestEngine(
  database: TestDatabase,
  limits = { stepBatch: 500, issueBatch: 1000 },
): TestEngine {
  const config = parseConfig({ DATABASE_URL: database.url });
  const writer = openPool({ url: config.databaseWriterUrl, max: 6, name: 'test-writer' });
  const reader = openPool({ url: config.databaseReaderUrl, max: 6, name: 'test-reader' });
  const bare = withLineWriter(
    createEngine({
      writer,
      reader,
      log: createLogger({ service: 'test', level: 'silent' }),
      limits,
    }),
    createLetterWriter({ publicUrl: 'http://dondoc.example' }),
  );
  const engine = withImportReader(
    withSheetWriter(bare, sheetWriter),
    planReader({ maxBytes: 1024 * 1024, maxRows: 5_000 }, THREAD_OF_SOURCES),
  );
  return {
    ...engine,
    close: async () => {
      await Promise.all([writer.end(), reader.end()]);
    },
  };
}

/** Units of the small Working Group, by a short name that tests use. */
export const FIXTURE_UNITS = {
  agency: { group: 'department', name: 'Công an tỉnh', nameEn: 'Provincial Police' },
  office: { group: 'department', name: 'Văn phòng UBND tỉnh', nameEn: "People's Committee's Office" },
  homeAffairs: { group: 'department', name: 'Sở Nội vụ', nameEn: 'Department of Home Affairs' },
  justice: { group: 'department', name: 'Sở Tư pháp', nameEn: 'Department of Justice' },
  health: { group: 'department', name: 'Sở Y tế', nameEn: 'Department of Health' },
  communeA: { group: 'commune', name: 'Xã An Hòa', nameEn: 'An Hoa commune' },
  communeB: { group: 'commune', name: 'Xã Bình Sơn', nameEn: 'Binh Son commune' },
  communeC: { group: 'commune', name: 'Xã Cẩm Hà', nameEn: 'Cam Ha commune' },
} as const;
export type FixtureUnit = keyof typeof FIXTURE_UNITS;

/** People who can sign in: one per role, and one officer for each unit (`unit:justice`). */
export type FixturePerson =
  | 'standing_agency'
  | 'supervisor'
  | 'home_affairs'
  | 'administrator'
  | `unit:${FixtureUnit}`;

export interface FixtureSignIn {
  readonly token: string;
  readonly actor: PersonActor;
}

export interface WorkingGroupFixture {
  readonly workingGroupId: string;
  readonly code: string;
  readonly units: Readonly<Record<FixtureUnit, string>>;
  /** Code of each unit, unique in the database. */
  readonly codes: Readonly<Record<FixtureUnit, string>>;
  readonly calendar: Calendar;
  readonly policy: DirectivePolicy;
  signIn(who: FixturePerson): FixtureSignIn;
}

export interface WorkingGroupOptions {
  readonly calendar?: Calendar;
  readonly policy?: DirectivePolicy;
}

const names = Object.keys(FIXTURE_UNITS) as FixtureUnit[];

/**
 * A small Working Group with its units, heads, an officer for each unit and a token for each role. Several
 * can be made in one database; each has units of its own, so that nothing leaks between tests unnoticed.
 */
export async function makeWorkingGroup(
  db: Queryable,
  options: WorkingGroupOptions = {},
): Promise<WorkingGroupFixture> {
  const calendar = options.calendar ?? ALWAYS_OPEN;
  const policy = options.policy ?? DEFAULT_POLICY;
  const mark = randomUUID().slice(0, 6);
  const units: UnitWrite[] = names.map((name) => ({
    id: uuidv7(),
    code: `${name}-${mark}`,
    name: FIXTURE_UNITS[name].name,
    nameEn: FIXTURE_UNITS[name].nameEn,
    aliases: [],
    groupCode: FIXTURE_UNITS[name].group,
    parentId: null,
    email: `${name}-${mark}@example.test`.toLowerCase(),
    validFrom: '2020-01-01',
    validTo: null,
  }));
  const ids = Object.fromEntries(names.map((name, index) => [name, units[index]?.id])) as Record<
    FixtureUnit,
    string
  >;
  const workingGroupId = uuidv7();
  for (const each of [OFFICE_HOURS, ALWAYS_OPEN, calendar]) await insertCalendar(db, each);
  for (const each of [DEFAULT_POLICY, policy]) await insertPolicy(db, each);
  await insertUnits(db, units);
  await insertWorkingGroup(db, {
    id: workingGroupId,
    code: `wg-${mark}`,
    name: 'Tổ công tác thử nghiệm',
    nameEn: 'Test Working Group',
    standingAgencyId: ids.agency,
    homeAffairsId: ids.homeAffairs,
    supervisorUnitId: ids.office,
    calendarId: calendar.id,
    policyId: policy.id,
  });
  const signIns = await makePeople(db, workingGroupId, ids, mark);
  return {
    workingGroupId,
    code: `wg-${mark}`,
    units: ids,
    codes: Object.fromEntries(names.map((name) => [name, `${name}-${mark}`])) as Record<FixtureUnit, string>,
    calendar,
    policy,
    signIn: (who) => {
      const found = signIns.get(who);
      if (found === undefined) throw new Error(`No sign-in for ${who}`);
      return found;
    },
  };
}

async function makePeople(
  db: Queryable,
  workingGroupId: string,
  units: Readonly<Record<FixtureUnit, string>>,
  mark: string,
): Promise<Map<FixturePerson, FixtureSignIn>> {
  const roles: { who: FixturePerson; role: Role; unitId: string | null }[] = [
    { who: 'standing_agency', role: 'standing_agency', unitId: units.agency },
    { who: 'supervisor', role: 'supervisor', unitId: null },
    { who: 'home_affairs', role: 'home_affairs', unitId: units.homeAffairs },
    { who: 'administrator', role: 'administrator', unitId: null },
    ...names.map((name) => ({ who: `unit:${name}` as const, role: 'unit' as const, unitId: units[name] })),
  ];
  const people = roles.map((each) => ({
    ...each,
    personId: uuidv7(),
    token: newToken(),
    name: `Người ${each.who} ${mark}`,
  }));
  const heads = names.map((name) => ({
    personId: uuidv7(),
    unitId: units[name],
    name: `Thủ trưởng ${FIXTURE_UNITS[name].name} ${mark}`,
  }));
  const address = (who: string): string =>
    `${who.replace(':', '-')}-${mark}@people.example.test`.toLowerCase();
  await insertPeople(db, [
    ...people.map(({ personId, name, who }) => ({
      id: personId,
      name,
      email: address(who),
      locale: 'vi' as const,
    })),
    ...heads.map(({ personId, name }, index) => ({
      id: personId,
      name,
      email: address(`head-${names[index] ?? ''}`),
      locale: 'vi' as const,
    })),
  ]);
  await insertHeads(
    db,
    heads.map(({ personId, unitId }) => ({
      id: uuidv7(),
      unitId,
      personId,
      validFrom: '2024-01-01',
      validTo: null,
    })),
  );
  await insertGrants(
    db,
    people.map(({ personId, role, unitId }) => ({ id: uuidv7(), personId, workingGroupId, role, unitId })),
  );
  await insertTokens(
    db,
    people.map(({ personId, token, who }) => ({
      id: uuidv7(),
      personId,
      hash: tokenDigest(token),
      label: who,
      expiresAt: Number.POSITIVE_INFINITY,
    })),
  );
  return new Map(
    people.map(({ who, token, personId, name, role, unitId }) => [
      who,
      { token, actor: { kind: 'person', personId, name, role, workingGroupId, unitId } },
    ]),
  );
}

/** A specific one-off task with a lead, a deadline and a deliverable; override what a test is about. */
export function draftTask(fields: Partial<DraftTask> & { phrase?: string } = {}): DraftTask {
  const { phrase = 'within 5 days', ...rest } = fields;
  const parsed = parseDeadline(phrase, { documentDate: null });
  return {
    id: uuidv7(),
    code: null,
    title: 'Rà soát dữ liệu dân cư',
    titleEn: 'Review the population data',
    nature: 'specific',
    recurrence: 'one_off',
    kind: 'task',
    leadUnitIds: [],
    severalLeads: null,
    groupCodes: [],
    coordinatingUnitIds: [],
    monitorUnitId: null,
    deadline: { phrase, rule: parsed.ok ? parsed.rule : null, past: null },
    result: { kind: 'deliverable', text: 'Báo cáo' },
    targets: [],
    source: null,
    importRow: null,
    asTyped: { leads: null, coordinating: null, result: null },
    keepUnclear: false,
    previousTaskId: null,
    ...rest,
  };
}

/** The content of a directive with these tasks. */
export function directiveContent(
  tasks: readonly DraftTask[],
  fields: Partial<DirectiveContent> = {},
): DirectiveContent {
  return {
    ...EMPTY_CONTENT,
    number: '12/KH-TCT',
    title: 'Kế hoạch thử nghiệm',
    documentDate: '2025-01-06',
    tasks,
    ...fields,
  };
}

/** A command's request by an actor, as it would come from the API just now. */
export function requestOf(actor: PersonActor, more: Partial<CommandRequest> = {}): CommandRequest {
  return { actor, arrived: performance.now(), ...more };
}

/**
 * The latest instant at which a paper may have come that answers whatever is recorded: not after the command itself,
 * of which is known to some milliseconds only when it came.
 */
export async function latestArrival(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ at: number }>(
    `select greatest(ceil(extract(epoch from max(recorded_at)) * 1000),
                     floor(extract(epoch from app_now()) * 1000) - 1000)::float8 as at from event`,
  );
  const [latest] = rows;
  if (latest === undefined) throw new Error('Nothing is recorded yet');
  return latest.at;
}

/** The answer of a command that must succeed. */
export function accepted(outcome: Outcome): { subjectId: string; version: number | null } {
  if ('refused' in outcome)
    throw new Error(
      `Refused: ${outcome.code} ${outcome.detail.en} ${JSON.stringify(outcome.errors ?? outcome.extra ?? '')}`,
    );
  if (outcome.subjectId === null) throw new Error('The command has no subject');
  return { subjectId: outcome.subjectId, version: outcome.version };
}

/** Drafts, issues and assigns a whole directive without any process beside it. */
export async function issuedDirective(
  engine: Engine,
  group: WorkingGroupFixture,
  content: DirectiveContent,
): Promise<string> {
  const { actor } = group.signIn('standing_agency');
  const { subjectId } = accepted(await createDraft(engine, requestOf(actor), content));
  accepted(await issueDirective(engine, requestOf(actor), subjectId));
  for (;;) {
    const { assigned, planned, ended } = await issueBatch(engine, subjectId);
    if (ended || assigned >= planned) return subjectId;
  }
}

/** Ids of a directive's assignments by lead unit; for directives with one task per unit. */
export async function assignmentsByUnit(db: pg.Pool, directiveId: string): Promise<Map<string, string>> {
  const found = await db.query<{ id: string; unit_id: string }>(
    'select id, unit_id from assignment where directive_id = $1 order by id',
    [directiveId],
  );
  return new Map(found.rows.map((row) => [row.unit_id, row.id]));
}

/** Moves the one clock that commands and steps share, as its owner may. */
export async function moveClock(database: TestDatabase, ms: number): Promise<void> {
  const owner = openPool({ url: database.url, max: 1, name: 'test-owner' });
  try {
    await owner.query(
      `insert into clock_offset (shift) values ($1 * interval '1 millisecond')
       on conflict (single) do update set shift = clock_offset.shift + excluded.shift`,
      [ms],
    );
  } finally {
    await owner.end();
  }
}
