import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { Command } from 'commander';
import { z } from 'zod';
import { ownerDatabaseUrl } from '../config.js';
import {
  beginNewEpoch,
  clearSeeds,
  hasSchema,
  isContentNamed,
  isEmptyRecord,
  putRows,
  type RecordTable,
  recordTables,
  tableRows,
} from '../db/backup-store.js';
import { migrate, readMigrations } from '../db/migrate.js';
import type { openPool, Queryable } from '../db/pool.js';
import { schemaNumber } from '../db/schema-state.js';
import { onceInSnapshot, withTransaction } from '../db/transaction.js';
import { verifyRecord } from '../engine/verify.js';
import { contentFolder, keepFiles, putFiles } from './backup-files.js';
import { FAULTS_FOUND, JSON_OPTION, type Output, Stop, say, tell, withPool } from './frame.js';

type Pool = ReturnType<typeof openPool>;

/** What a folder of a backup says of itself. */
const Manifest = z.strictObject({
  /** 1: without files. */
  format: z.union([z.literal(1), z.literal(2)]),
  at: z.string(),
  migrations: z.int(),
  files: z.strictObject({ contents: z.int(), bytes: z.int() }).nullable().default(null),
  tables: z.array(
    z.strictObject({
      name: z.string(),
      columns: z.array(z.string()),
      rows: z.int(),
      sha256: z.string(),
    }),
  ),
});
type Manifest = z.output<typeof Manifest>;

const MANIFEST = 'manifest.json';
/** Rows put back by one statement. */
const AT_ONCE = 1_000;
const fileOf = (table: string): string => `${table}.jsonl.gz`;

/** `dondoc backup` and `dondoc restore`: the record as it stood at one instant, in a folder of plain files. */
export function addBackupCommands(dondoc: Command): void {
  dondoc
    .command('backup')
    .description('write the whole record, as it stands at one instant, into a new folder')
    .argument('<folder>', 'where to; made, and must be empty')
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      '\nIt holds what the database holds, digests of tokens and secrets of webhooks included: keep it where only you read.\nUploaded files of FILES_DIR are in it; a bucket is not: version or copy it where it is.\n\nExample:\n  dondoc backup /srv/backup/$(date +%F)',
    )
    .action(backup);
  dondoc
    .command('restore')
    .description('put a backup into an empty database, and verify it; exit code 2 where it was touched')
    .argument('<folder>', 'a folder that dondoc backup has written')
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      '\nStop API and worker first, and run dondoc reconcile after. Followers of events begin a new epoch.\n\nExample:\n  DATABASE_URL=postgres://…/dondoc_new dondoc restore /srv/backup/2026-11-26',
    )
    .action(restore);
}

async function backup(folder: string, { json }: Output): Promise<void> {
  await withPool(ownerDatabaseUrl, async (pool, config) => {
    const store = contentFolder(config);
    let lost: readonly string[] = [];
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if ((await readdir(folder)).length > 0) throw new Stop(`${folder} is not empty: name a new folder`);
    const manifest = await onceInSnapshot(pool, async (client): Promise<Manifest> => {
      const tables: Manifest['tables'] = [];
      for (const table of await recordTables(client)) {
        const kept = await keepTable(client, table, join(folder, fileOf(table.name)));
        if (!json && kept.rows > 0) tell(`${table.name}: ${kept.rows}`);
        tables.push({ name: table.name, columns: [...table.columns], ...kept });
      }
      const stillNamed = async (sha256: string): Promise<boolean> => await isContentNamed(pool, sha256);
      const found = store === null ? null : await keepFiles(client, store, folder, stillNamed);
      lost = found?.lost ?? [];
      const files = found === null ? null : { contents: found.contents, bytes: found.bytes };
      return {
        format: 2,
        at: new Date().toISOString(),
        migrations: await schemaNumber(client),
        files,
        tables,
      };
    });
    // Last, so that a folder with a manifest is whole.
    await writeFile(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    const { files } = manifest;
    if (json) say(JSON.stringify({ folder, rows, tables: manifest.tables.length, files, lost }));
    else {
      for (const sha256 of lost)
        say(`The content ${sha256} is not in the store, or is not what its hash says.`);
      say(`${rows} rows of ${manifest.tables.length} tables are in ${folder}, ${wordsOf(files)}.`);
    }
    if (lost.length > 0) process.exitCode = FAULTS_FOUND;
  });
}

const wordsOf = (files: Manifest['files']): string =>
  files === null
    ? 'without uploaded files: they lie in a bucket, or the backup is an older one'
    : `and ${files.contents} contents of uploaded files (${files.bytes} bytes)`;

async function keepTable(
  client: Queryable,
  table: RecordTable,
  file: string,
): Promise<{ rows: number; sha256: string }> {
  const hash = createHash('sha256');
  let rows = 0;
  const lines = async function* (): AsyncGenerator<string> {
    for await (const page of tableRows(client, table)) {
      rows += page.length;
      yield `${page.join('\n')}\n`;
    }
  };
  const hashed = new Transform({
    transform: (chunk: Buffer, _, done) => {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(lines, hashed, createGzip(), createWriteStream(file, { mode: 0o600 }));
  return { rows, sha256: hash.digest('hex') };
}

async function restore(folder: string, { json }: Output): Promise<void> {
  const manifest = await manifestOf(folder);
  await withPool(ownerDatabaseUrl, async (pool, config) => {
    const url = ownerDatabaseUrl(config);
    await makeReady(pool, url, manifest);
    let lost: readonly string[] = [];
    const epoch = await withTransaction(pool, async (client) => {
      await client.query(
        'set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0',
      );
      if (!(await isEmptyRecord(client)))
        throw new Stop(
          'The database is not empty, and nothing was changed: a backup is only put into an empty one.',
        );
      await clearSeeds(client, await recordTables(client));
      await client.query('set constraints all deferred');
      for (const table of manifest.tables) {
        await putTable(client, table, join(folder, fileOf(table.name)));
        if (!json && table.rows > 0) tell(`${table.name}: ${table.rows}`);
      }
      const store = contentFolder(config);
      if (store !== null && manifest.files !== null) lost = (await putFiles(client, store, folder)).lost;
      return await beginNewEpoch(client);
    });
    const { current } = await migrate(url);
    const publicKey = config.anchorPublicKey ?? config.anchorKey ?? null;
    const found = await verifyRecord(pool, { publicKey });
    if (json)
      say(
        JSON.stringify({
          at: manifest.at,
          epoch,
          migrations: current,
          files: manifest.files,
          lost,
          ...found,
        }),
      );
    else {
      for (const { subject, seq, what } of found.faults)
        say(`${subject}${seq === null ? '' : ` event ${seq}`} ${what}`);
      for (const sha256 of lost) say(`The content ${sha256} is not in the backup.`);
      say(
        `The record of ${manifest.at} is back: ${found.events} events, ` +
          `${found.faults.length === 0 ? 'as they were written' : `${found.faults.length} faults: the backup was touched`}, ` +
          `${wordsOf(manifest.files)}. ` +
          'Run dondoc reconcile when Temporal is there.',
      );
    }
    if (found.faults.length + lost.length > 0) process.exitCode = FAULTS_FOUND;
  });
}

async function manifestOf(folder: string): Promise<Manifest> {
  let text: string;
  try {
    text = await readFile(join(folder, MANIFEST), 'utf8');
  } catch {
    throw new Stop(`${folder} holds no whole backup: there is no ${MANIFEST} in it`);
  }
  const parsed = Manifest.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Stop(`${folder} was not written by this program, or by a newer one`);
  return parsed.data;
}

/** A database without a schema gets that of the backup's time; one that has another is not touched. */
async function makeReady(pool: Pool, url: string, manifest: Manifest): Promise<void> {
  const known = await readMigrations();
  if (manifest.migrations > known.length)
    throw new Stop(
      `The backup is of migration ${manifest.migrations}; this program knows ${known.length}. Use the newer program.`,
    );
  if (!(await hasSchema(pool))) await migrate(url, known.slice(0, manifest.migrations));
  const current = await schemaNumber(pool);
  if (current !== manifest.migrations)
    throw new Stop(
      `The database is at migration ${current}, the backup at ${manifest.migrations}: make a new database without a schema.`,
    );
}

async function putTable(client: Queryable, table: Manifest['tables'][number], file: string): Promise<void> {
  const hash = createHash('sha256');
  let rows = 0;
  let batch: string[] = [];
  const put = async (): Promise<void> => {
    if (batch.length > 0) rows += await putRows(client, table, batch);
    batch = [];
  };
  for await (const line of linesOf(file)) {
    hash.update(`${line}\n`);
    batch.push(line);
    if (batch.length >= AT_ONCE) await put();
  }
  await put();
  if (rows !== table.rows || hash.digest('hex') !== table.sha256)
    throw new Stop(`${fileOf(table.name)} is not what was written: nothing was restored`);
}

/** Lines that end with a line feed and nothing else: texts may hold every other sign that ends lines elsewhere. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const unpacked = createGunzip();
  const source = createReadStream(file).on('error', (error) => unpacked.destroy(error));
  source.pipe(unpacked).setEncoding('utf8');
  let rest = '';
  for await (const chunk of unpacked) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
