import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseConfig } from '../../src/config.js';
import { projectRoot } from '../../src/db/root.js';
import { withFiles } from '../../src/engine/file-ports.js';
import { openFiles } from '../../src/files/open.js';
import { createApp } from '../../src/http/app.js';
import type { Route } from '../../src/http/route.js';
import { ROUTES } from '../../src/http/routes/index.js';
import { listen, type RunningServer } from '../../src/http/server.js';
import { createLogger } from '../../src/log.js';
import { makeWorkingGroup } from '../support/fixtures.js';
import { openFolder } from '../support/folders.js';
import { startTestApi, type TestApi } from './api-fixture.js';
import { commandBodies } from './matrix-bodies.js';
import { type Column, columnsOf, mayBy } from './matrix-columns.js';
import { aFile, ask, eachOf, pageOf, pathOf, word } from './matrix-kit.js';
import { SEEN_BY } from './matrix-secrets.js';
import { buildWorlds, type GroupWorld, MATRIX_POLICY } from './matrix-world.js';

/**
 * Who is answered what: every operation of the API, asked by every role in every relation. Written anew by
 * `UPDATE_MATRIX=1 npm test test/http/matrix.test.ts`; a change of a cell is a change of who may see or do what.
 */
const PAGE = join(projectRoot(), 'test', 'http', 'matrix.md');

let api: TestApi;
let unguarded: RunningServer | undefined;
let world: GroupWorld;
let columns: readonly Column[];
let bodies: Readonly<Record<string, object | undefined>>;

beforeAll(async () => {
  const files = await openFiles(
    { filesDir: openFolder('matrix'), s3Bucket: 'unused', s3Region: 'x' },
    'incoming',
  );
  api = await startTestApi({ policy: MATRIX_POLICY, wire: (engine) => withFiles(engine, files) });
  const { engine, group } = api;
  const second = await makeWorkingGroup(engine.writer, { policy: MATRIX_POLICY });
  const [own, other] = await buildWorlds(api, [group, second]);
  if (own === undefined || other === undefined) throw new Error('There are two worlds');
  world = own;
  columns = columnsOf(own, other);
  bodies = commandBodies(own);
  const config = parseConfig({ DATABASE_URL: api.database.url, NODE_ENV: 'test' });
  const log = createLogger({ service: 'api', level: 'silent' });
  const parts = {
    engine,
    config,
    log,
    health: api.health,
    mayBeTold: () => true,
    version: '0.0.0',
    unguarded: true,
  };
  unguarded = await listen(createApp(parts), { host: '127.0.0.1', port: 0 }, log);
});
afterAll(async () => {
  await unguarded?.close(500);
  await api.stop();
});

/** Long answers never end by themselves. */
const SHORT = ROUTES.filter((route) => !('stream' in route) && route.path !== '/v1/events');
const READS = SHORT.filter((route) => route.method === 'get');
const COMMANDS = SHORT.filter((route) => route.method !== 'get');

const bodyOf = (route: Route): unknown =>
  route.operationId === 'uploadFile' ? aFile() : bodies[route.operationId];

const asked = (route: Route, column: Column) => ({
  method: route.method,
  path: pathOf(route, column.objects),
  token: column.token,
});

test('every command has a body here that its contract takes, so that a refusal is of the caller alone', () => {
  for (const route of COMMANDS) {
    const { operationId } = route;
    expect([operationId, Object.hasOwn(bodies, operationId)]).toEqual([operationId, true]);
    if (bodies[operationId] === undefined) continue;
    expect([operationId, route.body?.safeParse(bodies[operationId]).error?.issues]).toEqual([
      operationId,
      undefined,
    ]);
  }
});

test('the matrix is the one that is checked in, no cell is a fault, and who may not is refused with a valid body', async () => {
  const rows: string[] = [];
  const holes: string[] = [];
  for (const route of READS) {
    const cells = await eachOf(columns, async (column) => word(await ask(api.url, asked(route, column))));
    rows.push(`| ${route.operationId} | ${cells.join(' | ')} |`);
  }
  for (const route of COMMANDS) {
    const cells = await eachOf(columns, async (column) => {
      if (mayBy(route, column)) return 'may';
      const cell = word(await ask(api.url, { ...asked(route, column), body: bodyOf(route) }));
      if (!['no', 'own cause', 'hidden', 'sign in'].includes(cell))
        holes.push(`${route.operationId}, ${column.name}: ${cell}`);
      return cell;
    });
    rows.push(`| ${route.operationId} | ${cells.join(' | ')} |`);
  }
  const page = pageOf(
    columns.map((column) => column.name),
    rows,
  );
  expect(holes).toEqual([]);
  expect(page).not.toContain('FAULT');
  if (process.env.UPDATE_MATRIX === '1') writeFileSync(PAGE, page);
  expect(readFileSync(PAGE, 'utf8')).toBe(page);
});

/** Everything that can be read, about every object of the world. */
function questions(): readonly [Route, string][] {
  const { lead, others, ownCause, referred } = world;
  const found = READS.flatMap((route) =>
    [lead, others, ownCause, referred].map((objects): [string, [Route, string]] => {
      const path = pathOf(route, objects);
      return [`${route.operationId} ${path}`, [route, path]];
    }),
  );
  return [...new Map(found).values()];
}

/** What is found by whom who must not; and in `seen`, what by whom who may. */
async function searched(url: string, seen: Set<string>): Promise<string[]> {
  const leaks: string[] = [];
  for (const column of columns.filter(({ token, role }) => token !== null && role !== null)) {
    await eachOf(questions(), async ([route, path]) => {
      if (route.access === 'anonymous') return;
      const answer = await ask(url, { method: 'get', path, token: column.token });
      if (answer.status >= 500) leaks.push(`${route.operationId}, ${column.name}: ${answer.status}`);
      if (answer.status !== 200) return;
      const text = JSON.stringify(answer.body);
      for (const secret of world.secrets.filter((each) => text.includes(each.text))) {
        const may = SEEN_BY[secret.what]?.includes(column.eyes) ?? false;
        if (may) seen.add(`${secret.what}, ${column.eyes}`);
        else leaks.push(`${secret.what} in ${route.operationId}, ${column.name}`);
      }
    });
  }
  return [...new Set(leaks)];
}

test('no answer holds a word or an id that its caller may not see, and whoever may see it finds it', async () => {
  const seen = new Set<string>();
  expect(await searched(api.url, seen)).toEqual([]);
  expect(world.secrets.map(({ what }) => what).filter((what) => SEEN_BY[what] === undefined)).toEqual([]);
  const missing = Object.entries(SEEN_BY).flatMap(([what, eyes]) =>
    eyes.filter((each) => !seen.has(`${what}, ${each}`)).map((each) => `${what}, ${each}`),
  );
  expect(missing).toEqual([]);
});

test('without the question of roles, row-level security alone shows nobody more', async () => {
  expect(await searched(`http://127.0.0.1:${unguarded?.port}`, new Set())).toEqual([]);
});

test('a field too many is refused wherever a command takes any, also from who may', async () => {
  const answers = await eachOf(COMMANDS, async (route) => {
    const body = bodies[route.operationId];
    const column = columns.find((each) => mayBy(route, each));
    if (body === undefined || column === undefined) return null;
    const answer = await ask(api.url, { ...asked(route, column), body: { ...body, isAdministrator: true } });
    return [route.operationId, answer.status, answer.body.errors?.[0]?.pointer];
  });
  const given = answers.filter((answer) => answer !== null);
  expect(given.length).toBeGreaterThan(70);
  expect(given.filter(([, status, pointer]) => status !== 400 || pointer !== '/isAdministrator')).toEqual([]);
});

/** Without an object in the world: a browser's session, a delivery that waits, proposals that close today. */
const NOTHING_THERE = ['endSession', 'resendWebhookDelivery', 'releaseReferralList'];
/** What ends the object that the others ask about, the last to be asked. */
const LAST = [
  'stopAssignment',
  'reassignAssignment',
  'moveAssignment',
  'carryOverAssignment',
  'removeWebhook',
  'closeDirective',
  'withdrawDirective',
  'deleteDirective',
];

/** Acts that who comes first in the table may do in some state only. */
const BY: Readonly<Record<string, string>> = {
  answerObstacle: 'standing agency',
  requestSupplement: 'home affairs, referred',
  acknowledgeReferral: 'home affairs, referred',
  recordOutcome: 'home affairs, referred',
  correctOutcome: 'home affairs, referred',
};

/**
 * What the table gives to who stands so, and the world has nothing of: drafts, regimes and a webhook of their own, and
 * a case of Home Affairs itself, which alone passes to the supervisor.
 */
const NOT_OF_THEIRS: Readonly<Record<string, readonly string[]>> = {
  'standing agency in its own cause': [
    ...['changeDirective', 'deleteDirective', 'issueDirective', 'requestApproval', 'reviseReportingRegime'],
  ],
  'supervisor, the agency’s own cause': [
    ...['requestSupplement', 'acknowledgeReferral', 'recordOutcome', 'correctOutcome', 'editWebhook'],
  ],
  supervisor: ['editWebhook'],
  'deputy of the supervisor': ['editWebhook'],
};

test('each of those who may is let as far as the version, which nobody has read, and nothing is changed', async () => {
  // What a decider says of who asks comes before the version: 412 is the answer to one who may.
  const versioned = COMMANDS.filter(
    ({ operationId, ifMatch }) => ifMatch !== 'none' && !NOTHING_THERE.includes(operationId),
  );
  const cells = versioned.flatMap((route) =>
    columns
      .filter((column) => mayBy(route, column))
      .filter(({ name }) => !(NOT_OF_THEIRS[name] ?? []).includes(route.operationId))
      .map((column) => ({ route, column })),
  );
  const refused = await eachOf(cells, async ({ route, column }) => {
    const answer = await ask(api.url, { ...asked(route, column), body: bodyOf(route) });
    if ([412, 409, 422].includes(answer.status)) return [];
    return [`${route.operationId}, ${column.name}: ${answer.status} ${answer.body.code}`];
  });
  expect(refused.flat()).toEqual([]);
  expect(cells.length).toBeGreaterThan(100);
});

test('who may is not refused for who they are', async () => {
  const rank = (route: Route): number => LAST.indexOf(route.operationId);
  const refused: string[] = [];
  for (const route of [...COMMANDS].sort((a, b) => rank(a) - rank(b))) {
    if (NOTHING_THERE.includes(route.operationId)) continue;
    const column = columns.find(
      (each) => mayBy(route, each) && (BY[route.operationId] ?? each.name) === each.name,
    );
    if (column === undefined) {
      refused.push(`${route.operationId}: nobody may`);
      continue;
    }
    const answer = await ask(api.url, { ...asked(route, column), body: bodyOf(route) });
    if ([401, 403, 404].includes(answer.status) || answer.status >= 500)
      refused.push(`${route.operationId}, ${column.name}: ${answer.status} ${answer.body.code}`);
  }
  expect(refused).toEqual([]);
});
