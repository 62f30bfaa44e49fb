import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { migrate, readMigrations } from '../../src/db/migrate.js';
import { projectRoot } from '../../src/db/root.js';
import { dumpSchema } from '../../src/db/schema-dump.js';
import { createEmptyDatabase, createTestDatabase } from '../support/database.js';
import { freePort } from '../support/ports.js';

const SCHEMA = join(projectRoot(), 'src', 'db', 'schema.sql');
const DEBIAN_15 = '/usr/lib/postgresql/15/bin';
/** Beside the embedded PostgreSQL 18: the oldest that is supported, where the system has it. */
const on15 = existsSync(join(DEBIAN_15, 'initdb')) ? test : test.skip;

const cleanUps: (() => void)[] = [];
afterAll(() => {
  for (const cleanUp of cleanUps) cleanUp();
});

async function dumpOf(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await dumpSchema(client);
  } finally {
    await client.end();
  }
}

describe('the schema', () => {
  test('of PostgreSQL 18 is the one that is checked in', async () => {
    const database = await createTestDatabase();
    const dump = await dumpOf(database.url);
    await database.drop();
    if (process.env.UPDATE_SCHEMA !== undefined) writeFileSync(SCHEMA, dump);
    expect(dump).toBe(readFileSync(SCHEMA, 'utf8'));
  });

  on15('of PostgreSQL 15 is the same', async () => {
    const url = await startDebian15();
    await migrate(url);
    expect(await dumpOf(url)).toBe(readFileSync(SCHEMA, 'utf8'));
  });
});

describe('migrations', () => {
  test('raced by five starters run once each', async () => {
    const database = await createEmptyDatabase();
    const reports = await Promise.all(Array.from({ length: 5 }, () => migrate(database.url)));
    const known = await readMigrations();
    expect(reports.flatMap((report) => report.applied)).toEqual(known.map((migration) => migration.name));
    await database.drop();
  });

  test('that fail leave nothing behind', async () => {
    const database = await createEmptyDatabase();
    const broken = [
      {
        number: 1,
        name: '000001_broken.sql',
        sql: 'create table half (id int); select 1 / 0',
        breaking: false,
      },
    ];
    await expect(migrate(database.url, broken)).rejects.toThrow(
      '000001_broken.sql failed and was rolled back',
    );
    await expect(dumpOf(database.url)).resolves.not.toContain('half');
    await database.drop();
  });

  test('an older program refuses a database with a newer breaking one', async () => {
    const database = await createEmptyDatabase();
    const known = await readMigrations();
    const newer = { number: known.length + 1, name: 'newer.sql', sql: 'select 1', breaking: true };
    await migrate(database.url, [...known, newer]);
    await expect(migrate(database.url)).rejects.toThrow('newer.sql is breaking');
    await database.drop();
  });
});

describe('the database roles', () => {
  test('the writer may neither change nor delete an event', async () => {
    const database = await createTestDatabase();
    const client = new pg.Client({
      connectionString: `${database.url}?options=${encodeURIComponent('-c role=dondoc_writer')}`,
    });
    await client.connect();
    await expect(client.query("update event set type = 'x'")).rejects.toThrow('permission denied');
    await expect(client.query('delete from event')).rejects.toThrow('permission denied');
    await expect(client.query('truncate event')).rejects.toThrow('permission denied');
    await client.end();
    await database.drop();
  });

  test('the reader sees no token, no kept answer, and without a scope no row at all', async () => {
    const database = await createTestDatabase();
    const client = new pg.Client({
      connectionString: `${database.url}?options=${encodeURIComponent('-c role=dondoc_reader')}`,
    });
    await client.connect();
    await expect(client.query('select * from api_token')).rejects.toThrow('permission denied');
    await expect(client.query('select * from idempotency_key')).rejects.toThrow('permission denied');
    const owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    await owner.query(`insert into event (subject_kind, subject_id, seq, working_group_id, directive_id, unit_id, type, data, actor,
                                          received_at, happened_at, recorded_at, hash)
      select 'assignment', id, 1, id, id, id, 'assigned', '{}', '{}', now(), now(), now(), '' from gen_random_uuid() as id`);
    expect((await owner.query('select * from event')).rowCount).toBe(1);
    await owner.end();
    expect((await client.query('select * from event')).rowCount).toBe(0);
    await client.end();
    await database.drop();
  });
});

/** Debian's server on a folder and port of its own; as root it runs under the account `postgres`. */
async function startDebian15(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'dondoc-pg15-'));
  const root = process.getuid?.() === 0;
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  const account = root ? { uid: id('-u'), gid: id('-g') } : {};
  if (account.uid !== undefined) chownSync(folder, account.uid, account.gid);
  const data = join(folder, 'data');
  execFileSync(
    join(DEBIAN_15, 'initdb'),
    ['-D', data, '-U', 'postgres', '--auth=trust', '--locale=C.UTF-8', '--encoding=UTF8'],
    { ...account, stdio: 'ignore' },
  );
  const port = await freePort();
  const server = spawn(
    join(DEBIAN_15, 'postgres'),
    ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-k', folder, '-c', 'fsync=off'],
    { ...account, stdio: 'ignore' },
  );
  cleanUps.push(() => {
    server.kill('SIGQUIT');
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  for (const until = Date.now() + 30_000; ; ) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return url;
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
