import {
  type GrantFilter,
  type GrantRecordRow,
  listGrants,
  listSessions,
  listTokens,
  readPerson,
  type SessionRecordRow,
  type TokenRecordRow,
} from '../../db/read/people.js';
import { withScope } from '../../db/transaction.js';
import { notFound } from '../../domain/assignment/access.js';
import type { Refusal } from '../../domain/errors.js';
import type { Caller } from '../authenticate.js';
import type { Engine } from '../engine.js';
import { listName, type Page, type PageRequest, pageOf, pageStart, textPart } from './page.js';
import { iso, isoOrNull, look, type Viewer } from './view.js';

export async function getPerson(engine: Engine, viewer: Viewer, id: string) {
  const row = await look(engine, viewer, (client) => readPerson(client, id));
  if (row === null) return notFound();
  const { row_version, ...person } = row;
  return { ...person, version: row_version };
}

const grantView = (row: GrantRecordRow) => ({
  id: row.id,
  role: row.role,
  person: row.person,
  unit: row.unit,
  deputyOf: row.deputy_of,
  office: row.office,
  validFrom: isoOrNull(row.valid_from),
  validTo: isoOrNull(row.valid_to),
});
export type GrantView = ReturnType<typeof grantView>;

export async function grantsPage(
  engine: Engine,
  viewer: Viewer,
  filter: Omit<GrantFilter, 'id'>,
  request: PageRequest,
): Promise<Page<GrantView>> {
  const list = listName('grants', filter);
  const after = textPart(await pageStart(engine, list, request.cursor), 0);
  const rows = await look(engine, viewer, (client) =>
    listGrants(client, { ...filter, id: null }, after, request.limit + 1),
  );
  return pageOf(engine, list, request.limit, rows, (row) => [row.id], grantView);
}

export async function getGrant(engine: Engine, viewer: Viewer, id: string): Promise<GrantView | Refusal> {
  const filter = { id, personId: null, unitId: null, role: null, all: true };
  const [row] = await look(engine, viewer, (client) => listGrants(client, filter, null, 1));
  return row === undefined ? notFound() : grantView(row);
}

/** Whose eyes: a person needs no role to see what is their own. */
async function asPerson<T>(
  engine: Engine,
  caller: Caller,
  work: Parameters<typeof withScope<T>>[2],
): Promise<T> {
  const { identity, acting } = caller;
  const scope = {
    workingGroupId: acting?.workingGroup.id ?? '',
    role: acting?.role ?? '',
    unitId: acting?.unit?.id ?? null,
    personId: identity.person.id,
  };
  return withScope(engine.reader, scope, work);
}

const tokenView = (row: TokenRecordRow) => ({
  id: row.id,
  label: row.label,
  person: row.person,
  scopes: row.scopes,
  grantId: row.grant_id,
  createdAt: iso(row.created_at),
  expiresAt: isoOrNull(row.expires_at),
  revokedAt: isoOrNull(row.revoked_at),
  lastUsedAt: isoOrNull(row.last_used_at),
});
export type TokenView = ReturnType<typeof tokenView>;

export async function tokensPage(
  engine: Engine,
  caller: Caller,
  filter: { readonly own: boolean },
  request: PageRequest,
): Promise<Page<TokenView>> {
  const list = listName('tokens', { ...filter, person: caller.identity.person.id });
  const after = textPart(await pageStart(engine, list, request.cursor), 0);
  const rows = await asPerson(engine, caller, (client) =>
    listTokens(client, { ...filter, id: null }, after, request.limit + 1),
  );
  return pageOf(engine, list, request.limit, rows, (row) => [row.id], tokenView);
}

export async function getToken(engine: Engine, caller: Caller, id: string): Promise<TokenView | Refusal> {
  const [row] = await asPerson(engine, caller, (client) => listTokens(client, { id, own: false }, null, 1));
  return row === undefined ? notFound() : tokenView(row);
}

const sessionView = (row: SessionRecordRow, current: string) => ({
  id: row.id,
  method: row.method,
  startedAt: iso(row.started_at),
  seenAt: iso(row.seen_at),
  endsAt: iso(row.ends_at),
  address: row.address,
  agent: row.agent,
  current: row.id === current,
});
export type SessionView = ReturnType<typeof sessionView>;

/** One's own sessions that still run; which of them asks is marked. */
export async function getSessions(engine: Engine, caller: Caller): Promise<SessionView[]> {
  const rows = await asPerson(engine, caller, listSessions);
  return rows.map((row) => sessionView(row, caller.identity.credential.id));
}
