import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { DAY } from '../../src/domain/instant.js';
import { conductDirective } from '../../src/engine/conduct.js';
import { createDraft } from '../../src/engine/directives.js';
import { type Answer, call } from '../http/api-fixture.js';
import { until } from '../support/conducting.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  accepted,
  assignmentsByUnit,
  directiveContent,
  draftTask,
  type FixturePerson,
  issuedDirective,
  makeWorkingGroup,
  moveClock,
  openTestEngine,
  requestOf,
  type TestEngine,
  type WorkingGroupFixture,
} from '../support/fixtures.js';
import { difference, wholeRecord } from '../support/whole-record.js';
import { QUICK_POLICY } from '../support/world.js';
import { ApiProcess } from './api-process.js';
import type { Side } from './commit-proxy.js';

/** The database's clock alone says what is due. */
const NEVER = 8.64e15;

let database: TestDatabase;
let engine: TestEngine;
let owner: pg.Client;
let group: WorkingGroupFixture;
const started: ApiProcess[] = [];
/** Started ahead: a process takes seconds to start. */
let standby: Promise<ApiProcess>;

beforeAll(async () => {
  database = await createTestDatabase();
  engine = openTestEngine(database);
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  group = await makeWorkingGroup(engine.writer, {
    policy: {
      ...QUICK_POLICY,
      id: 'killed',
      referral: { ...QUICK_POLICY.referral, objectionWindow: { value: 2, unit: 'd' } },
    },
  });
  standby = next();
});
afterAll(async () => {
  await standby.catch(() => undefined);
  await Promise.all(started.map(async (api) => await api.kill()));
  await owner.end();
  await engine.close();
  await database.drop();
});

async function next(): Promise<ApiProcess> {
  const api = await ApiProcess.start(database.url);
  started.push(api);
  return await api.ready();
}

/** The process that is to be killed; the one after it is started meanwhile. */
async function victim(): Promise<ApiProcess> {
  const api = await standby;
  standby = next();
  standby.catch(() => undefined);
  return api;
}

interface Command {
  readonly who: FixturePerson;
  readonly path: string;
  readonly body: object;
}

async function send(api: ApiProcess, { who, path, body }: Command, key: string): Promise<Answer> {
  const { token } = group.signIn(who);
  return await call(api.url, 'POST', path, { token, body, headers: { 'idempotency-key': key } });
}

const content = (phrase: string) =>
  directiveContent([draftTask({ phrase, leadUnitIds: [group.units.justice] })]);

async function toSubmit(count: number): Promise<Command[]> {
  return await times(count, async () => {
    const directiveId = await issuedDirective(engine, group, content('within 5 days'));
    const id = (await assignmentsByUnit(engine.writer, directiveId)).get(group.units.justice);
    return { who: 'unit:justice', path: `/v1/assignments/${id}/submit`, body: { text: 'Đã hoàn thành' } };
  });
}

/** Cases that stand before a unit that stayed silent for a month. */
async function toObject(count: number): Promise<Command[]> {
  const ids = await times(count, async () => await issuedDirective(engine, group, content('within 1 day')));
  await moveClock(database, 30 * DAY);
  for (const id of ids) for (let more = true; more; ) ({ more } = await conductDirective(engine, id, NEVER));
  const { rows } = await owner.query<{ id: string }>(
    'select id from referral where directive_id = any($1::uuid[])',
    [ids],
  );
  return rows.map(({ id }) => ({
    who: 'unit:justice',
    path: `/v1/referrals/${id}/objection`,
    body: { text: 'Đã nộp bằng giấy' },
  }));
}

async function toIssue(count: number): Promise<Command[]> {
  const { actor } = group.signIn('standing_agency');
  return await times(count, async () => {
    const draft = await createDraft(engine, requestOf(actor), content('within 5 days'));
    return { who: 'standing_agency', path: `/v1/directives/${accepted(draft).subjectId}/issue`, body: {} };
  });
}

async function times<T>(count: number, make: () => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  while (made.length < count) made.push(await make());
  return made;
}

/** Kills the process on that side of the command's commit. */
async function killAt(side: Side, command: Command, key: string): Promise<void> {
  const api = await victim();
  const stopped = api.proxy.stopAt(side);
  const answer = send(api, command, key).then(
    ({ status }) => status,
    () => 'cut',
  );
  await stopped;
  await api.kill();
  expect(await answer).toBe('cut');
}

/** As a client that lost its answer: again with the same key, while it is told to try again. */
async function repeat(api: ApiProcess, command: Command, key: string): Promise<Answer> {
  let answer = await send(api, command, key);
  await until('the command is answered', async () => {
    if (!['idempotency_in_flight', 'database_unavailable'].includes(answer.body.code)) return true;
    answer = await send(api, command, key);
    return false;
  });
  return answer;
}

const KINDS = [
  {
    kind: 'an act on an assignment',
    make: toSubmit,
    effect: ['assignment', 'event', 'item', 'planned_step'],
  },
  { kind: 'an act on a case', make: toObject, effect: ['event', 'item', 'planned_step', 'referral'] },
  {
    kind: 'the issue of a directive',
    make: toIssue,
    effect: ['directive', 'directive_version', 'event', 'task', 'wake'],
  },
] as const;

describe.each(KINDS)('$kind', ({ make, effect }) => {
  test('has one effect and one answer, also when its process was killed before or after its commit', async () => {
    const [calm, early, late] = await make(3);
    if (calm === undefined || early === undefined || late === undefined)
      throw new Error('Three were asked for');
    const keys = { early: randomUUID(), late: randomUUID() };
    const start = await wholeRecord(owner);

    await killAt('before', early, keys.early);
    await until('the server has given the dead connection up', async () => await nothingOpen());
    expect(difference(start, await wholeRecord(owner))).toEqual({});

    await killAt('after', late, keys.late);
    const committed = await wholeRecord(owner);
    const done = difference(start, committed);
    expect(Object.keys(done)).toEqual(expect.arrayContaining([...effect, 'idempotency_key']));
    expect(done.idempotency_key).toBe(1);

    const api = await standby;
    const answer = await repeat(api, late, keys.late);
    expect(answer.status).toBe(200);
    expect(difference(committed, await wholeRecord(owner))).toEqual({});

    const second = await repeat(api, early, keys.early);
    const afterEarly = await wholeRecord(owner);
    expect(difference(committed, afterEarly)).toEqual(done);
    const again = await repeat(api, early, keys.early);
    expect([again.status, again.body]).toEqual([second.status, second.body]);

    const undisturbed = await send(api, calm, randomUUID());
    const complete = await wholeRecord(owner);
    expect(difference(afterEarly, complete)).toEqual(done);
    for (const other of [answer, second]) {
      expect([other.status, shape(other.body)]).toEqual([undisturbed.status, shape(undisturbed.body)]);
    }
  });
});

/** An answer without what differs between two subjects of one make: ids, instants, delays and digests. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shape);
  if (typeof value === 'number') return value > 1_000_000 ? '…' : value;
  if (typeof value === 'string')
    return /^[0-9a-f]{8}-|^\d{4}-\d\d-\d\dT|^[0-9a-f]{64}$/.test(value) ? '…' : value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shape(field)]));
}

async function nothingOpen(): Promise<boolean> {
  const { rows } = await owner.query<{ open: number }>(
    `select count(*)::int as open from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null`,
  );
  return rows[0]?.open === 0;
}

describe('fifty callers at once with one key', () => {
  test('are one effect: while it is in flight the others are told so, and none waits for a connection', async () => {
    const api = await standby;
    const [command, other] = await toSubmit(2);
    if (command === undefined || other === undefined) throw new Error('Two were asked for');
    const key = randomUUID();
    const start = await wholeRecord(owner);
    const stopped = api.proxy.stopAt('before');
    const told: Answer[] = [];
    const callers = Array.from({ length: 50 }, async () => {
      const answer = await send(api, command, key);
      told.push(answer);
      return answer;
    });
    const commit = await stopped;
    // The first stands before its commit: everybody else has an answer, and another key is served meanwhile.
    await until('the forty-nine others are answered', () => told.length === 49);
    expect(new Set(told.map(({ status, body }) => `${status} ${body.code}`))).toEqual(
      new Set(['409 idempotency_in_flight']),
    );
    expect(difference(start, await wholeRecord(owner))).toEqual({});
    expect((await send(api, other, randomUUID())).status).toBe(200);
    commit.letGo();
    const answers = await Promise.all(callers);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const committed = await wholeRecord(owner);
    // All at once again: each has the kept answer, or meets another that is just reading it.
    const repeated = await Promise.all(Array.from({ length: 50 }, async () => await send(api, command, key)));
    const outcomes = repeated.map(({ status, body }) => (status === 200 ? 'done' : body.code));
    expect(outcomes).toContain('done');
    expect(outcomes.filter((outcome) => outcome !== 'done' && outcome !== 'idempotency_in_flight')).toEqual(
      [],
    );
    expect(difference(committed, await wholeRecord(owner))).toEqual({});
  });
});
