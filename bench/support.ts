import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { z } from 'zod';
import { startEmbeddedPostgres } from '../src/db/embedded.js';
import { migrate } from '../src/db/migrate.js';

/** A PostgreSQL of the bench's own, with its durability as shipped: fsync on. */
export interface BenchServer {
  /** A database migrated from nothing. */
  create(name: string): Promise<string>;
  /** An exact copy; nobody may be connected to the original. */
  copy(from: string, to: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startBenchServer(): Promise<BenchServer> {
  const folder = mkdtempSync(join(tmpdir(), 'dondoc-bench-'));
  // As root the server runs under another account, which must be able to pass.
  chmodSync(folder, 0o755);
  const server = await startEmbeddedPostgres({
    dataDir: join(folder, 'pg'),
    port: await freePort(),
    settings: { max_wal_size: '8GB', checkpoint_timeout: '1h', shared_buffers: '512MB', autovacuum: 'off' },
  });
  const urlOf = (name: string): string => {
    const url = new URL(server.url);
    url.pathname = `/${name}`;
    return url.href;
  };
  const admin = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  return {
    async create(name) {
      await admin(`create database ${name}`);
      await migrate(urlOf(name));
      return urlOf(name);
    },
    async copy(from, to) {
      await admin(`create database ${to} template ${from}`);
      return urlOf(to);
    },
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address !== null && typeof address === 'object'
          ? resolve(address.port)
          : reject(new Error('no port')),
      );
    });
  });
}

/** One statement as it went to the server. */
export interface Recorded {
  readonly name: string | undefined;
  readonly text: string;
  readonly values: unknown[];
}

/** Records every statement that a pool sends, inside and outside transactions, for replay as the floor. */
export function record(
  pool: pg.Pool,
  heard: (statement: Recorded) => void = () => undefined,
): { readonly statements: Recorded[]; stop(): void } {
  const statements: Recorded[] = [];
  const seen = new Set<pg.PoolClient>();
  let recording = true;
  // Every statement, also of pool.query, goes through a client that the pool has lent.
  pool.on('acquire', (client) => {
    if (seen.has(client)) return;
    seen.add(client);
    const query = client.query.bind(client);
    const spy = (...args: unknown[]): unknown => {
      const statement = recording ? asStatement(args[0]) : null;
      if (statement !== null) {
        statements.push(statement);
        heard(statement);
      }
      return Reflect.apply(query, client, args);
    };
    // A client's query has overloads that one function cannot state.
    client.query = spy as typeof client.query;
  });
  return {
    statements,
    stop() {
      recording = false;
    },
  };
}

const config = z.object({
  name: z.string().optional(),
  text: z.string(),
  values: z.array(z.unknown()).optional(),
});

function asStatement(query: unknown): Recorded | null {
  if (typeof query === 'string') return { name: undefined, text: query, values: [] };
  const parsed = config.safeParse(query);
  return parsed.success
    ? { name: parsed.data.name, text: parsed.data.text, values: parsed.data.values ?? [] }
    : null;
}

/** The same statements, one after the other on one connection, with nothing around them. */
export async function replay(url: string, statements: readonly Recorded[]): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const start = performance.now();
    for (const { name, text, values } of statements) {
      await client.query(name === undefined ? { text, values } : { name, text, values });
    }
    return performance.now() - start;
  } finally {
    await client.end();
  }
}

/** Seconds with a rate, and the ratio to the floor of the same run. */
export function report(what: string, count: number, ms: number, floorMs: number | null): void {
  const rate = Math.round((count / ms) * 1000).toLocaleString('en');
  const floor =
    floorMs === null ? '' : ` · floor ${(floorMs / 1000).toFixed(2)} s · ratio ${(ms / floorMs).toFixed(2)}`;
  console.log(`${what}: ${count.toLocaleString('en')} in ${(ms / 1000).toFixed(2)} s, ${rate}/s${floor}`);
}

export const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
