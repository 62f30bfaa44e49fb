import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { openPool, type Queryable } from '../../src/db/pool.js';
import { insistOnTrueClock } from '../../src/engine/true-clock.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { moveClock } from '../support/fixtures.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

describe('a database whose clock is shifted', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let child: ChildProcess | null = null;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = openPool({ url: database.url, max: 1, name: 'test' });
    await moveClock(database, 86_400_000);
  });
  afterEach(() => {
    child?.kill('SIGKILL');
    child = null;
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  test.each(['api', 'worker'])(
    'keeps the %s from running, which says why',
    async (program) => {
      const started = spawn(
        process.execPath,
        ['--no-warnings', '--import', './test/support/register-ts.mjs', `src/${program}.ts`],
        {
          cwd: ROOT,
          env: {
            PATH: process.env.PATH,
            DATABASE_URL: database.url,
            TEMPORAL_ADDRESS: '127.0.0.1:9',
            HTTP_PORT: '0',
            ADMIN_PORT: '0',
            WORKER_ADMIN_PORT: '0',
          },
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      );
      child = started;
      let output = '';
      for (const stream of [started.stdout, started.stderr]) {
        stream.on('data', (text) => {
          output += String(text);
        });
      }
      const code = await new Promise((settle) => started.once('close', settle));
      expect(code).toBe(1);
      expect(output).toContain('set TEST_CLOCK=true outside production');
      expect(output).not.toContain('listening');
    },
    60_000,
  );

  test('is found also when it was away at the start', async () => {
    let asked = 0;
    const away = async (text: string): Promise<unknown> => {
      asked += 1;
      if (asked === 1) throw new Error('away');
      return await pool.query(text);
    };
    const db = { query: away } as unknown as Queryable;
    const why = await new Promise((end) => void insistOnTrueClock(db, end));
    expect(asked).toBe(2);
    expect(why).toContain('clock_offset');
  });

  test('is an ordinary one again without the row', async () => {
    const other = await createTestDatabase();
    const plain = openPool({ url: other.url, max: 1, name: 'test' });
    let ended = false;
    await insistOnTrueClock(plain, () => {
      ended = true;
    });
    await plain.end();
    await other.drop();
    expect(ended).toBe(false);
  });
});
