import type pg from 'pg';

export interface TableDigest {
  readonly rows: number;
  readonly digest: string;
}

/** What a process writes of its requests, whether they come to anything or not. */
const OF_REQUESTS = new Set(['acceptance', 'api_token', 'rate_limit']);

/** Every table of the record: how many rows, and a digest of all that stands in them. Asked as the owner. */
export async function wholeRecord(owner: pg.ClientBase | pg.Pool): Promise<Map<string, TableDigest>> {
  const { rows } = await owner.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
  );
  const found = new Map<string, TableDigest>();
  for (const { name } of rows.filter((row) => !OF_REQUESTS.has(row.name))) {
    const { rows: content } = await owner.query<TableDigest>(
      `select count(*)::int as rows, coalesce(md5(string_agg(t::text, ' ' order by t::text)), '') as digest from "${name}" t`,
    );
    const [table] = content;
    if (table !== undefined) found.set(name, table);
  }
  return found;
}

/** Which tables differ, and by how many rows. */
export function difference(
  before: ReadonlyMap<string, TableDigest>,
  after: ReadonlyMap<string, TableDigest>,
): Record<string, number> {
  const differing = [...after].filter(([name, { digest }]) => digest !== before.get(name)?.digest);
  return Object.fromEntries(
    differing.map(([name, { rows }]) => [name, rows - (before.get(name)?.rows ?? 0)]),
  );
}
