import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Limiter, limitHeaders, quotaRefusal } from '../../src/http/limits.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { openTestEngine, type TestEngine } from '../support/fixtures.js';

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

describe('a quota', () => {
  test('that several processes share is handed out whole, and never twice', async () => {
    const quota = { name: 'shared', points: 200, seconds: 60 };
    const processes = Array.from({ length: 3 }, () => new Limiter(engine.writer, quota));
    const taken = await Promise.all(
      Array.from({ length: 300 }, async (_, index) => await processes[index % 3]?.take('somebody')),
    );
    expect(taken.filter((each) => each?.allowed === true)).toHaveLength(200);
  });

  test('of one person is not that of another', async () => {
    const limiter = new Limiter(engine.writer, { name: 'own', points: 1, seconds: 60 });
    expect((await limiter.take('one'))?.allowed).toBe(true);
    expect((await limiter.take('one'))?.allowed).toBe(false);
    expect((await limiter.take('two'))?.allowed).toBe(true);
  });

  test('is told in the headers of the draft, and its end is a problem that says when to come again', async () => {
    const limiter = new Limiter(engine.writer, { name: 'told', points: 2, seconds: 60 });
    const first = await limiter.take('x');
    await limiter.take('x');
    const over = await limiter.take('x');
    const headers = limitHeaders(first === null ? [] : [first]);
    expect(headers['RateLimit-Policy']).toBe('"told";q=2;w=60');
    expect(headers.RateLimit).toMatch(/^"told";r=1;t=\d+$/);
    const refusal = quotaRefusal(over === null ? [] : [over]);
    expect(refusal).toMatchObject({ code: 'quota_exceeded', extra: { 'violated-policies': ['told'] } });
  });

  test('limits nothing while the database is away', async () => {
    const away = openTestEngine({ ...database, url: 'postgres://127.0.0.1:1/none' });
    const limiter = new Limiter(away.writer, { name: 'away', points: 1, seconds: 60 });
    expect(await limiter.take('x')).toBeNull();
    await away.close();
  });
});
