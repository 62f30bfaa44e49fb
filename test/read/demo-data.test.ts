import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { databaseNow } from '../../src/db/lock-store.js';
import { loadDemoData } from '../../src/dev/demo.js';
import { isWorkingDate } from '../../src/domain/calendar.js';
import { OFFICE_HOURS } from '../../src/domain/calendars/office-hours.js';
import { instantsOf } from '../../src/domain/report/windows.js';
import { Authenticator } from '../../src/engine/authenticate.js';
import { loadDemo } from '../../src/engine/demo-data.js';
import { demoRounds, loadDemoReports } from '../../src/engine/demo-reports.js';
import { demoSecret } from '../../src/engine/demo-secret.js';
import { reportsPage } from '../../src/engine/read/reports.js';
import { endDemo } from '../../src/engine/sign-in.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { openTestEngine, type TestEngine } from '../support/fixtures.js';

const SECRET = Buffer.alloc(32, 7);

describe('the data of the demonstration', () => {
  let database: TestDatabase;
  let engine: TestEngine;

  beforeAll(async () => {
    database = await createTestDatabase();
    engine = openTestEngine(database);
  });
  afterAll(async () => {
    await engine.close();
    await database.drop();
  });
  const count = async (table: string): Promise<number> =>
    (await engine.writer.query<{ n: number }>(`select count(*) as n from ${table}`)).rows[0]?.n ?? -1;

  test('loads a province, and again without changing anything, also twice at once', async () => {
    const [first, second] = await Promise.all([
      loadDemo(engine.writer, { secret: SECRET }),
      loadDemo(engine.writer, { secret: SECRET }),
    ]);
    expect(second).toEqual(first);
    const tables = [
      'unit',
      'person',
      'unit_head',
      'working_group',
      'role_grant',
      'api_token',
      'policy',
      'calendar',
    ];
    const before = await Promise.all(tables.map(count));
    expect(await loadDemo(engine.writer, { secret: SECRET })).toEqual(first);
    expect(await Promise.all(tables.map(count))).toEqual(before);
    const groups = await engine.writer.query(
      'select group_code, count(*) as n from unit group by group_code order by group_code',
    );
    expect(groups.rows).toEqual([
      { group_code: 'branch', n: 6 },
      { group_code: 'commune', n: 90 },
      { group_code: 'department', n: 20 },
      { group_code: 'locality', n: 1 },
      { group_code: 'police', n: 4 },
      { group_code: 'ward', n: 40 },
    ]);
  });

  test('has a reporting regime with who reported, who was late and who has not, and loads it once, also twice at once', async () => {
    const { reporters } = await loadDemo(engine.writer, { secret: SECRET });
    const now = await databaseNow(engine.writer);
    await Promise.all([loadDemoReports(engine, reporters, now), loadDemoReports(engine, reporters, now)]);
    expect(await count('reporting_regime')).toBe(1);
    const viewer = { actor: reporters.agency, locale: 'vi' as const };
    const filter = { regimeId: null, unitId: null, directiveId: null, period: null, state: null, asOf: null };
    const { items, counts } = await reportsPage(engine, viewer, filter, { limit: 100, cursor: null });
    expect(counts).toMatchObject({ received_on_time: 15, received_late: 1, missing: 1, not_due: 7 });
    expect(items.length).toBe(24);
    const late = items.find(({ state }) => state === 'received_late');
    expect(late?.period.key).toBe('Đợt 1');
    // The rounds that are over lie behind, and the one that runs ahead.
    for (const { period, dueAt } of items) expect(Date.parse(dueAt) < now).toBe(period.key !== 'Đợt 3');
    const before = await count('event');
    await loadDemoReports(engine, reporters, now + 86_400_000);
    expect(await count('event')).toBe(before);
    // Nobody has repeated it, so nobody is proposed.
    expect(await count('referral')).toBe(0);
  });

  test('the rounds of the demonstration fall due before now on every day of the year, Tết included', () => {
    for (let day = 0; day < 730; day += 1) {
      const now = Date.parse('2025-12-01T01:30:00Z') + day * 86_400_000;
      const [first, second, third] = demoRounds(now);
      const due = [first, second, third].map((round) => instantsOf(round, 1, OFFICE_HOURS).dueAt);
      expect([due[0], due[1]].every((at) => at !== undefined && at < now - 3_600_000)).toBe(true);
      expect(due[2]).toBeGreaterThan(now);
      expect(first.closesOn < second.opensOn && second.closesOn < third.opensOn).toBe(true);
      expect(due[0]).toBeLessThan(due[1] ?? 0);
      // The regime is set up when the offices open on the day on which it starts, and not after it.
      expect(isWorkingDate(OFFICE_HOURS, first.opensOn)).toBe(true);
      expect(third.closesOn > third.opensOn).toBe(true);
    }
  });

  test('every sign-in is one person under one grant; every role is there in both Working Groups', async () => {
    const { signIns } = await loadDemo(engine.writer, { secret: SECRET });
    expect(signIns[0]).toMatchObject({ role: 'standing_agency', workingGroup: 'demo', unit: 'Công an tỉnh' });
    for (const workingGroup of ['demo', 'project-06']) {
      const roles = new Set(
        signIns.filter((each) => each.workingGroup === workingGroup).map(({ role }) => role),
      );
      expect([...roles].sort()).toEqual([
        'administrator',
        'home_affairs',
        'standing_agency',
        'supervisor',
        'unit',
      ]);
    }
    const authenticator = new Authenticator(engine.writer, { demo: true, onTouchError: () => undefined });
    for (const { token, role } of signIns) {
      const identity = await authenticator.identify({ kind: 'token', secret: token });
      expect(identity?.grants.map((grant) => grant.role)).toEqual([role]);
    }
  });

  test('another secret gives other sign-ins and ends the earlier ones', async () => {
    const before = await loadDemo(engine.writer, { secret: SECRET });
    const after = await loadDemo(engine.writer, { secret: Buffer.alloc(32, 8) });
    const tokens = new Set(after.signIns.map(({ token }) => token));
    expect(before.signIns.some(({ token }) => tokens.has(token))).toBe(false);
    const authenticator = new Authenticator(engine.writer, { demo: true, onTouchError: () => undefined });
    expect(
      await authenticator.identify({ kind: 'token', secret: before.signIns[0]?.token ?? '' }),
    ).toBeNull();
    expect(
      await authenticator.identify({ kind: 'token', secret: after.signIns[0]?.token ?? '' }),
    ).not.toBeNull();
  });

  test('only sign-ins that still work are told of: none once the demonstration was ended', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dondoc-demo-'));
    try {
      expect((await loadDemoData(database.url, folder)).length).toBeGreaterThan(20);
      await endDemo(engine.writer);
      expect(await loadDemoData(database.url, folder)).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('the secret is made once, by chance, for its own account only', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dondoc-demo-'));
    try {
      const [one, other] = await Promise.all([demoSecret(folder), demoSecret(folder)]);
      expect(one).toEqual(other);
      expect(await demoSecret(folder)).toEqual(one);
      expect((await stat(join(folder, 'demo-secret'))).mode & 0o777).toBe(0o600);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
