import { z } from 'zod';
import type { Queryable } from './pool.js';
import { exec, many, one } from './query.js';
import { streamTexts } from './verify-store.js';

/** What is of this moment only, or is made anew from the rest. */
const LEFT_OUT: readonly string[] = [
  'migration',
  'heartbeat',
  'rate_limit',
  'session',
  'sign_in_flow',
  'clock_offset',
  'unit_count',
  'directive_count',
];

const tableRow = z.object({ name: z.string(), columns: z.array(z.string()), needs: z.array(z.string()) });

/** A table of the record. Numbers of transactions belong to their cluster, so they are no column of it. */
export interface RecordTable {
  readonly name: string;
  readonly columns: readonly string[];
}

/**
 * The tables of the record, each after those that its rows refer to. References that may be checked at the end of
 * a transaction make no order: a directive may carry on an assignment of another.
 */
export async function recordTables(db: Queryable): Promise<RecordTable[]> {
  const rows = await many(
    db,
    tableRow,
    `select c.relname as name,
            array(select a.attname::text from pg_attribute a
                   where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                     and not (a.attname = 'xid' and a.atttypid = 'xid8'::regtype) order by a.attnum) as columns,
            array(select distinct f.relname::text from pg_constraint k join pg_class f on f.oid = k.confrelid
                   where k.conrelid = c.oid and k.contype = 'f' and not k.condeferrable and k.confrelid <> c.oid) as needs
       from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by c.relname`,
  );
  const waiting = rows.filter((row) => !LEFT_OUT.includes(row.name));
  const sorted: RecordTable[] = [];
  while (waiting.length > 0) {
    const free = waiting.findIndex(
      ({ needs }) => !needs.some((need) => waiting.some((w) => w.name === need)),
    );
    if (free < 0)
      throw new Error(`Tables refer to each other in a circle: ${waiting.map((w) => w.name).join(', ')}`);
    for (const { name, columns } of waiting.splice(free, 1)) sorted.push({ name, columns });
  }
  return sorted;
}

/** Pages of a table, each row as the text of a JSON object. */
export async function* tableRows(db: Queryable, { name, columns }: RecordTable): AsyncGenerator<string[]> {
  const picked = columns.map((column) => `t.${quoted(column)}`).join(', ');
  const rows = `select to_jsonb(r)::text from (select ${picked} from ${quoted(name)} t) r`;
  for await (const page of streamTexts(db, 'backup_rows', rows)) yield page.map(([text]) => text ?? 'null');
}

/** Puts rows back as they were, with their own identities. */
export async function putRows(
  db: Queryable,
  { name, columns }: RecordTable,
  rows: readonly string[],
): Promise<number> {
  const list = columns.map(quoted).join(', ');
  return exec(
    db,
    `insert into ${quoted(name)} (${list}) overriding system value
     select ${list} from jsonb_populate_recordset(null::${quoted(name)}, $1::jsonb)`,
    [`[${rows.join(',')}]`],
  );
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Whether anything of anybody's is in it; what migrations have seeded does not count. */
export async function isEmptyRecord(db: Queryable): Promise<boolean> {
  const { empty } = await one(
    db,
    z.object({ empty: z.boolean() }),
    `select not exists (select from event) and not exists (select from working_group) and not exists (select from unit)
            and not exists (select from person) and not exists (select from access_log) as empty`,
  );
  return empty;
}

/** Takes out what migrations have seeded: a backup brings its own. */
export async function clearSeeds(db: Queryable, tables: readonly RecordTable[]): Promise<void> {
  const names = [...tables.map(({ name }) => name), ...LEFT_OUT.filter((name) => name !== 'migration')];
  await exec(db, `truncate ${names.map(quoted).join(', ')}`);
}

const identityRow = z.object({ name: z.string(), column: z.string() });

/**
 * After the rows are back: identities go on behind the last, sums of counts are made anew, and the epoch tells
 * followers of events that their cursors mean nothing here.
 */
export async function beginNewEpoch(db: Queryable): Promise<number> {
  const identities = await many(
    db,
    identityRow,
    `select c.relname as name, a.attname as column from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attidentity <> ''`,
  );
  for (const { name, column } of identities)
    await exec(
      db,
      `select setval(pg_get_serial_sequence($1, $2), coalesce(max(${quoted(column)}), 0) + 1, false) from ${quoted(name)}`,
      [`public.${quoted(name)}`, column],
    );
  await exec(db, `update count_fold set watermark = '0', cluster = 0`);
  const { epoch } = await one(
    db,
    z.object({ epoch: z.number() }),
    'update installation set epoch = epoch + 1 returning epoch',
  );
  return epoch;
}

/** Whether the schema is there at all. */
export async function hasSchema(db: Queryable): Promise<boolean> {
  const { there } = await one(
    db,
    z.object({ there: z.boolean() }),
    "select to_regclass('public.migration') is not null as there",
  );
  return there;
}

const contentRow = z.object({ sha256: z.string(), key: z.string(), size: z.coerce.number() });
/** A content of uploaded files, and under which key the store has it. */
export type KeptContent = z.output<typeof contentRow>;

const CONTENTS = 1_000;

/** Every content that the record names, by hash. */
export async function* keptContents(db: Queryable): AsyncGenerator<KeptContent> {
  for (let after = ''; ; ) {
    const page = await many(
      db,
      contentRow,
      `select encode(sha256, 'hex') as sha256, key, size from file_content
        where sha256 > decode($1, 'hex') order by sha256 limit ${CONTENTS}`,
      [after],
    );
    yield* page;
    if (page.length < CONTENTS) return;
    after = page.at(-1)?.sha256 ?? '';
  }
}

export async function isContentNamed(db: Queryable, sha256: string): Promise<boolean> {
  const rows = await many(
    db,
    z.object({ key: z.string() }),
    `select key from file_content where sha256 = decode($1, 'hex')`,
    [sha256],
  );
  return rows.length > 0;
}
