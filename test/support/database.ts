import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { migrate } from '../../src/db/migrate.js';
import { testServers } from './servers.js';

/** A database of a test file's own, migrated, empty. */
export interface TestDatabase {
  readonly name: string;
  /** Connection of its owner (here the superuser). `parseConfig` makes the writer's and the reader's of it. */
  readonly url: string;
  /** Drops it, also where connections are still open. */
  drop(): Promise<void>;
}

const TEMPLATE = 'dondoc_template';
/** Held by whoever makes the template, so that the test files of a run make it once. */
const TEMPLATE_LOCK = 4_710_602;

/**
 * Makes a database for a test file, as a copy of one that was migrated once in this run. Call `drop` in
 * `afterAll`.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const admin = testServers().postgresUrl;
  await onServer(admin, ensureTemplate);
  return await createDatabase(`create database %I template ${TEMPLATE}`);
}

/** Makes an empty database without the schema, for tests of the migrations themselves. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  return await createDatabase('create database %I template template0');
}

async function createDatabase(statement: string): Promise<TestDatabase> {
  const admin = testServers().postgresUrl;
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer(admin, async (client) => await client.query(statement.replace('%I', name)));
  return {
    name,
    url: urlOf(admin, name),
    drop: async () => {
      await onServer(
        admin,
        async (client) => await client.query(`drop database if exists ${name} with (force)`),
      );
    },
  };
}

async function ensureTemplate(client: pg.Client): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    const found = await client.query('select from pg_database where datname = $1', [TEMPLATE]);
    if (found.rowCount === 1) return;
    // Under another name until it is whole: a migration that fails must not leave a template behind.
    const draft = `${TEMPLATE}_draft`;
    await client.query(`drop database if exists ${draft}`);
    await client.query(`create database ${draft}`);
    await migrate(urlOf(testServers().postgresUrl, draft));
    await client.query(`alter database ${draft} rename to ${TEMPLATE}`);
  } finally {
    await client.query('select pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
}

async function onServer(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  // A server stopped under a test that has failed already must not bring the run down as well.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(base: string, database: string): string {
  const url = new URL(base);
  url.pathname = `/${database}`;
  return url.href;
}
