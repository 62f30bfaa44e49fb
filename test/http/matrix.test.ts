import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { parseConfig } from '../../src/config.js';
import { projectRoot } from '../../src/db/root.js';
import { createApp } from '../../src/http/app.js';
import type { Route } from '../../src/http/route.js';
import { ROUTES } from '../../src/http/routes/index.js';
import { listen, type RunningServer } from '../../src/http/server.js';
import { createLogger } from '../../src/log.js';
import {
  assignmentsByUnit,
  directiveContent,
  draftTask,
  issuedDirective,
  makeWorkingGroup,
  type WorkingGroupFixture,
} from '../support/fixtures.js';
import { type Answer, call, startTestApi, type TestApi } from './api-fixture.js';

/**
 * Who is answered what: every operation of the API, asked by every role in every relation. Written anew by
 * `UPDATE_MATRIX=1 npm test test/http/matrix.test.ts`; a change of a cell is a change of who may see or do what.
 */
const PAGE = join(projectRoot(), 'test', 'http', 'matrix.md');

/** Columns: how the caller stands to an assignment that Justice leads and Health coordinates. */
const COLUMNS = [
  ['lead unit', 'unit:justice'],
  ['coordinating unit', 'unit:health'],
  ['other unit', 'unit:communeA'],
  ['standing agency', 'standing_agency'],
  ['supervisor', 'supervisor'],
  ['home affairs', 'home_affairs'],
  ['administrator', 'administrator'],
] as const;
const ROLE_COLUMNS = COLUMNS.filter(([name]) => !['coordinating unit', 'other unit'].includes(name));

let api: TestApi;
let unguarded: RunningServer;
let other: WorkingGroupFixture;
/** An object of each noun by the first part of its path. */
const objects = new Map<string, string>();
const revoked = uuidv7();

beforeAll(async () => {
  api = await startTestApi();
  const { engine, group } = api;
  other = await makeWorkingGroup(engine.writer);
  const task = draftTask({ leadUnitIds: [group.units.justice], coordinatingUnitIds: [group.units.health] });
  const directive = await issuedDirective(engine, group, directiveContent([task]));
  objects.set('directives', directive);
  const assignments = await assignmentsByUnit(engine.writer, directive);
  objects.set('assignments', assignments.get(group.units.justice) ?? '');
  objects.set('units', group.units.justice);
  objects.set('people', group.signIn('unit:communeB').actor.personId);
  const config = parseConfig({ DATABASE_URL: api.database.url, NODE_ENV: 'test' });
  const log = createLogger({ service: 'api', level: 'silent' });
  const parts = { engine, config, log, health: api.health, version: '0.0.0', unguarded: true };
  unguarded = await listen(createApp(parts), { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await unguarded.close(500);
  await api.stop();
});

const NOBODYS = '01890000-0000-7000-8000-000000000001';

function pathOf(route: Route): string {
  const noun = route.path.split('/')[2] ?? '';
  return route.path.replace('{id}', objects.get(noun) ?? NOBODYS).replaceAll(/\{\w+\}/g, NOBODYS);
}

/** Commands are asked without a body: who may not is told so before it is read, so that nothing changes. */
async function ask(url: string, route: Route, token: string | null): Promise<Answer> {
  return await call(url, route.method.toUpperCase(), pathOf(route), {
    ...(token === null ? {} : { token }),
    headers: { 'idempotency-key': uuidv7(), 'if-match': '"999999"' },
  });
}

/** What an auditor wants to know of an answer. */
function word({ status, body }: Answer): string {
  if (status === 401) return 'sign in';
  if (status === 403) return body.code === 'own_cause' ? 'own cause' : 'no';
  if (status === 404) return 'hidden';
  if (status >= 500) return `FAULT ${status}`;
  return 'yes';
}

/** Long answers never end by themselves. */
const SHORT = ROUTES.filter((route) => !('stream' in route) && route.path !== '/v1/events');
const READS = SHORT.filter((route) => route.method === 'get');

test('the matrix is the one that is checked in, and no cell is a fault', async () => {
  const rows: string[] = [];
  for (const route of READS) {
    const cells = [];
    for (const [, who] of COLUMNS) cells.push(word(await ask(api.url, route, api.group.signIn(who).token)));
    for (const [, who] of ROLE_COLUMNS) cells.push(word(await ask(api.url, route, other.signIn(who).token)));
    cells.push(word(await ask(api.url, route, null)), word(await ask(api.url, route, `dondoc_${revoked}`)));
    rows.push(`| ${route.operationId} | ${cells.join(' | ')} |`);
  }
  for (const route of SHORT.filter((each) => each.method !== 'get')) {
    const denied = [];
    for (const [, who] of COLUMNS) {
      const { role } = api.group.signIn(who).actor;
      const may =
        route.access === 'signed_in' || (route.access !== 'anonymous' && route.access.includes(role));
      denied.push(may ? 'judged' : word(await ask(api.url, route, api.group.signIn(who).token)));
    }
    const others = ROLE_COLUMNS.map(() => '–');
    const out = [await ask(api.url, route, null), await ask(api.url, route, `dondoc_${revoked}`)];
    rows.push(`| ${route.operationId} | ${[...denied, ...others, ...out.map(word)].join(' | ')} |`);
  }
  const page = pageOf(rows);
  expect(page).not.toContain('FAULT');
  if (process.env.UPDATE_MATRIX === '1') writeFileSync(PAGE, page);
  expect(readFileSync(PAGE, 'utf8')).toBe(page);
}, 120_000);

test('without the question of roles, row-level security alone shows no other unit and no other Working Group anything', async () => {
  const url = `http://127.0.0.1:${unguarded.port}`;
  const private_ = [objects.get('directives'), objects.get('assignments'), api.group.workingGroupId];
  const strangers = [
    api.group.signIn('unit:communeA'),
    api.group.signIn('home_affairs'),
    api.group.signIn('administrator'),
    ...ROLE_COLUMNS.map(([, who]) => other.signIn(who)),
  ];
  const leaks: string[] = [];
  for (const route of READS.filter((each) => each.access !== 'anonymous')) {
    for (const { token, actor } of strangers) {
      const answer = await ask(url, route, token);
      if (answer.status >= 500) leaks.push(`${route.operationId} ${actor.role}: ${answer.status}`);
      if (answer.status !== 200) continue;
      const text = JSON.stringify(answer.body);
      const own = actor.workingGroupId === api.group.workingGroupId;
      const seen = private_.filter((id) => id !== undefined && text.includes(id));
      const foreign = own ? seen.filter((id) => id !== api.group.workingGroupId) : seen;
      if (foreign.length > 0) leaks.push(`${route.operationId} ${actor.role} ${own ? 'here' : 'elsewhere'}`);
    }
  }
  expect(leaks).toEqual([]);
}, 120_000);

test('a role that is taken away counts for the very next command, and the next read soon after', async () => {
  const { token, actor } = api.group.signIn('unit:justice');
  const path = `/v1/assignments/${objects.get('assignments') ?? ''}/acknowledge`;
  expect((await api.call('GET', '/v1/me', { token })).status).toBe(200);
  await api.engine.writer.query('update role_grant set valid_to = now() where person_id = $1', [
    actor.personId,
  ]);
  const command = await api.call('POST', path, { token, body: {} });
  expect([command.status, command.body.code]).toEqual([403, 'forbidden']);
  await api.engine.writer.query("update role_grant set valid_to = 'infinity' where person_id = $1", [
    actor.personId,
  ]);
});

test('a token does no more than its scopes, dies when revoked, and its secret is shown once', async () => {
  const { token } = api.group.signIn('unit:health');
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  const made = await api.call('POST', '/v1/tokens', {
    token,
    body: { label: 'đọc', scopes: ['read'], expiresAt },
  });
  expect(made.status).toBe(201);
  const { secret, id } = made.body;
  expect((await api.call('GET', '/v1/assignments', { token: secret })).status).toBe(200);
  const wider = { label: 'rộng hơn', scopes: ['write'], expiresAt };
  const refused = await api.call('POST', '/v1/tokens', { token: secret, body: wider });
  expect([refused.status, refused.body.code, refused.body.scope]).toEqual([
    403,
    'insufficient_scope',
    'admin',
  ]);
  const list = await api.call('GET', '/v1/tokens', { token });
  expect(JSON.stringify(list.body)).not.toContain(secret);
  expect((await api.call('POST', `/v1/tokens/${id}/revoke`, { token })).status).toBe(200);
  const stranger = api.group.signIn('unit:communeC').token;
  expect((await api.call('POST', `/v1/tokens/${id}/revoke`, { token: stranger })).status).toBe(404);
});

test('nobody grants themselves a role, the last administrator stays, and a deputy needs an end', async () => {
  const { token, actor } = api.group.signIn('administrator');
  const give = async (body: object) => await api.call('POST', '/v1/grants', { token, body });
  const own = await give({ personId: actor.personId, role: 'supervisor' });
  expect([own.status, own.body.code]).toEqual([403, 'own_cause']);
  const personId = api.group.signIn('unit:communeC').actor.personId;
  const deputyOf = api.group.signIn('supervisor').actor.personId;
  expect((await give({ personId, role: 'supervisor', deputyOf })).status).toBe(400);
  const validTo = new Date(Date.now() + 7 * 86_400_000).toISOString();
  const deputy = await give({ personId, role: 'supervisor', deputyOf, validTo });
  expect([deputy.status, deputy.body.deputyOf?.id]).toEqual([201, deputyOf]);
  const mine = await api.call('GET', `/v1/grants?person=${actor.personId}`, { token });
  const last = await api.call('POST', `/v1/grants/${mine.body.items[0].id}/end`, { token, body: {} });
  expect([last.status, last.body.code]).toEqual([409, 'transition_not_allowed']);
  const log = await api.engine.writer.query("select detail from access_log where action = 'grant_given'");
  expect(log.rowCount).toBe(1);
});

function pageOf(rows: readonly string[]): string {
  const columns = [
    ...COLUMNS.map(([name]) => name),
    ...ROLE_COLUMNS.map(([name]) => `${name} of another group`),
    'nobody',
    'revoked token',
  ];
  return [
    '# Matrix',
    '',
    'What the API answers to whom, about an assignment that the lead unit leads: `yes`; `judged` by the decider in its',
    'relation ([permissions.md](../../docs/permissions.md)); `no` (403); `hidden` (404: as if it did not exist); `sign in`',
    '(401). Lists answer `yes` with what the caller may see. Written by',
    '`UPDATE_MATRIX=1 npm test test/http/matrix.test.ts`; the test compares it with the real API.',
    '',
    `| operation | ${columns.join(' | ')} |`,
    `|---|${columns.map(() => '---|').join('')}`,
    ...rows,
    '',
  ].join('\n');
}
