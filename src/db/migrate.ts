import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { projectRoot } from './root.js';

/** Where the numbered SQL files lie; the build does not copy them. */
const migrationsFolder = (): string => join(projectRoot(), 'src', 'db', 'migrations');

/** Held while migrating, so that two starters apply each file once. Any constant will do. */
const MIGRATION_LOCK = 4_710_601;

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  /** The file's first line is `--! breaking-change`: older programs must not run against it. */
  readonly breaking: boolean;
}

export interface MigrationReport {
  readonly applied: readonly string[];
  readonly current: number;
}

/** Reads `NNNNNN_name.sql` files in order; a gap or a double number is an error. */
export async function readMigrations(folder: string = migrationsFolder()): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  const migrations: Migration[] = [];
  for (const [index, file] of files.entries()) {
    const match = /^(\d{6})_(\w+)\.sql$/.exec(file);
    if (match === null || Number(match[1]) !== index + 1) {
      throw new Error(
        `Migration ${file}: expected a name like ${String(index + 1).padStart(6, '0')}_what.sql`,
      );
    }
    const sql = await readFile(join(folder, file), 'utf8');
    migrations.push({ number: index + 1, name: file, sql, breaking: sql.startsWith('--! breaking-change') });
  }
  return migrations;
}

/**
 * Brings a database up to date. Safe to run by several starters at once; each file is one
 * transaction together with the row that says it ran.
 *
 * @throws when the database has a breaking migration that this program does not know.
 */
export async function migrate(url: string, migrations?: readonly Migration[]): Promise<MigrationReport> {
  const known = migrations ?? (await readMigrations());
  const client = new pg.Client({ connectionString: url, application_name: 'dondoc-migrate' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await createRoles(client);
    await client.query(`create table if not exists migration (
      number integer primary key, name text not null, breaking boolean not null,
      applied_at timestamptz not null default clock_timestamp())`);
    const ran = await client.query<{ number: number; name: string; breaking: boolean }>(
      'select number, name, breaking from migration order by number',
    );
    refuseNewer(ran.rows, known.length);
    const applied: string[] = [];
    for (const migration of known.slice(ran.rows.length)) {
      await applyOne(client, migration);
      applied.push(migration.name);
    }
    await client.query('grant select on migration to dondoc_writer, dondoc_reader');
    return { applied, current: Math.max(known.length, ran.rows.length) };
  } finally {
    await client.end();
  }
}

function refuseNewer(
  ran: readonly { number: number; name: string; breaking: boolean }[],
  known: number,
): void {
  const breaking = ran.find((row) => row.number > known && row.breaking);
  if (breaking !== undefined) {
    throw new Error(
      `The database was migrated by a newer Dondoc (${breaking.name} is breaking). Start that version, or restore a backup.`,
    );
  }
}

async function applyOne(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    // The row first: a second runner without the advisory lock would stop here and not half-way through.
    await client.query('insert into migration (number, name, breaking) values ($1, $2, $3)', [
      migration.number,
      migration.name,
      migration.breaking,
    ]);
    await client.query(migration.sql);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new Error(`Migration ${migration.name} failed and was rolled back`, { cause: error });
  }
}

/**
 * The two roles the program works under. Roles belong to the whole cluster, so another database's
 * migration may be creating them at this moment; a duplicate is success.
 */
async function createRoles(client: pg.Client): Promise<void> {
  for (const role of ['dondoc_writer', 'dondoc_reader']) {
    await client.query(`do $$ begin
      if not exists (select from pg_roles where rolname = '${role}') then create role ${role} nologin; end if;
    exception when duplicate_object or unique_violation then null; end $$`);
    await client.query(`do $$ begin
      if not pg_has_role(current_user, '${role}', 'member') then grant ${role} to current_user; end if;
    exception when unique_violation then null; end $$`);
  }
}
