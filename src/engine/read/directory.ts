import { headTerms, type UnitRow } from '../../db/directory-store.js';
import {
  latestCalendars,
  latestPolicies,
  listPeople,
  listUnits,
  type PersonRow,
  readUnit,
  readWorkingGroup,
  type UnitFilter,
} from '../../db/read/directory.js';
import type { Role } from '../../domain/actor.js';
import { notFound } from '../../domain/assignment/access.js';
import type { Calendar } from '../../domain/calendar.js';
import type { Refusal } from '../../domain/errors.js';
import type { DirectivePolicy } from '../../domain/policy.js';
import type { Engine } from '../engine.js';
import { groupName } from '../unit-groups.js';
import { listName, type Page, type PageRequest, pageOf, pageStart, textPart } from './page.js';
import { inLocale, iso, type Locale, look, type UnitRef, type Viewer } from './view.js';

export interface UnitView {
  readonly id: string;
  readonly version: number;
  readonly code: string;
  readonly name: string;
  readonly nameEn: string | null;
  readonly aliases: readonly string[];
  readonly group: { readonly code: string; readonly name: string };
  readonly parentId: string | null;
  readonly email: string | null;
  readonly validFrom: string;
  readonly validTo: string | null;
}

function unitView(row: UnitRow, locale: Locale): UnitView {
  return {
    id: row.id,
    version: row.row_version,
    code: row.code,
    name: row.name,
    nameEn: row.name_en,
    aliases: row.aliases,
    group: { code: row.group_code, name: inLocale(groupName(row.group_code), locale) },
    parentId: row.parent_id,
    email: row.email,
    validFrom: row.valid_from,
    validTo: row.valid_to,
  };
}

/** Units in the order of their codes; every role may look them up. */
export async function unitsPage(
  engine: Engine,
  viewer: Viewer,
  filter: UnitFilter,
  request: PageRequest,
): Promise<Page<UnitView>> {
  const list = listName('units', filter);
  const after = textPart(await pageStart(engine, list, request.cursor), 0);
  const rows = await look(engine, viewer, (client) => listUnits(client, filter, after, request.limit + 1));
  return pageOf(
    engine,
    list,
    request.limit,
    rows,
    (row) => [row.code],
    (row) => unitView(row, viewer.locale),
  );
}

export async function getUnit(engine: Engine, viewer: Viewer, id: string): Promise<UnitView | Refusal> {
  const row = await look(engine, viewer, (client) => readUnit(client, id));
  return row === null ? notFound() : unitView(row, viewer.locale);
}

export interface HeadTermView {
  readonly id: string;
  readonly person: { readonly id: string; readonly name: string };
  readonly validFrom: string;
  readonly validTo: string | null;
}

/** A unit's heads, the latest first. */
export async function getHeadTerms(
  engine: Engine,
  viewer: Viewer,
  unitId: string,
): Promise<HeadTermView[] | Refusal> {
  const rows = await look(engine, viewer, async (client) =>
    (await readUnit(client, unitId)) === null ? null : headTerms(client, unitId),
  );
  if (rows === null) return notFound();
  return rows.map((row) => ({
    id: row.id,
    person: { id: row.person_id, name: row.person_name },
    validFrom: row.valid_from,
    validTo: row.valid_to,
  }));
}

export interface PersonView {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly locale: 'vi' | 'en';
  readonly grants: readonly { readonly role: Role; readonly unit: UnitRef | null }[];
}

/** People of the Working Group by name; an officer sees those of the own unit. */
export async function peoplePage(
  engine: Engine,
  viewer: Viewer,
  filter: { readonly unitId: string | null; readonly q: string | null },
  request: PageRequest,
): Promise<Page<PersonView>> {
  const list = listName('people', filter);
  const start = await pageStart(engine, list, request.cursor);
  const [name, id] = [textPart(start, 0), textPart(start, 1)];
  const after = name === null || id === null ? null : { name, id };
  const rows = await look(engine, viewer, (client) => listPeople(client, filter, after, request.limit + 1));
  return pageOf(engine, list, request.limit, rows, (row) => [row.name, row.id], personView);
}

const personView = ({ id, name, email, locale, grants }: PersonRow): PersonView => ({
  id,
  name,
  email,
  locale,
  grants,
});

export interface WorkingGroupView {
  readonly id: string;
  readonly version: number;
  readonly code: string;
  readonly name: string;
  readonly nameEn: string | null;
  readonly standingAgency: UnitRef;
  readonly homeAffairs: UnitRef;
  readonly supervisorUnit: UnitRef | null;
  readonly calendarId: string;
  readonly policyId: string;
}

/** The Working Group of the acting grant. */
export async function getWorkingGroup(engine: Engine, viewer: Viewer): Promise<WorkingGroupView | Refusal> {
  const row = await look(engine, viewer, readWorkingGroup);
  if (row === null) return notFound();
  return {
    id: row.id,
    version: row.row_version,
    code: row.code,
    name: row.name,
    nameEn: row.name_en,
    standingAgency: row.standing_agency,
    homeAffairs: row.home_affairs,
    supervisorUnit: row.supervisor_unit,
    calendarId: row.calendar_id,
    policyId: row.policy_id,
  };
}

export type CalendarView = Calendar & { readonly recordedAt: string };

/** The latest version of every calendar. */
export async function getCalendars(engine: Engine, viewer: Viewer): Promise<CalendarView[]> {
  const rows = await look(engine, viewer, latestCalendars);
  return rows.map(({ body, version, recorded_at }) => ({ ...body, version, recordedAt: iso(recorded_at) }));
}

export interface PolicyView {
  readonly id: string;
  readonly version: number;
  readonly recordedAt: string;
  readonly body: DirectivePolicy;
}

/** The latest version of every policy. */
export async function getPolicies(engine: Engine, viewer: Viewer): Promise<PolicyView[]> {
  const rows = await look(engine, viewer, latestPolicies);
  return rows.map(({ body, version, recorded_at }) => ({
    id: body.id,
    version,
    recordedAt: iso(recorded_at),
    body,
  }));
}
