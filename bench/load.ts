import { createHash, randomBytes } from 'node:crypto';
import { Agent, createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { parseConfig } from '../src/config.js';
import { openPool } from '../src/db/pool.js';
import { createApp } from '../src/http/app.js';
import { createHealth } from '../src/http/health.js';
import { createLogger } from '../src/log.js';
import { createWorld, QUICK_POLICY, type World } from '../test/support/world.js';
import { type Recorded, record } from './support.js';

/** One request of a bench; what a floor answers to its path it finds by `key`. */
export interface Call {
  readonly key: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
}

/** The statements of one request, in order, each with the pool that it went through. */
export type Script = readonly { readonly pool: 'writer' | 'reader'; readonly statement: Recorded }[];

export interface Target {
  readonly url: string;
  stop(): Promise<void>;
}

/** An officer of a unit with a token, who may be used by every caller of a bench. */
export async function officerToken(world: World, unitId: string): Promise<string> {
  const token = `ddt_${randomBytes(24).toString('base64url')}`;
  const person = uuidv7();
  await world.sql("insert into person (id, name, locale) values ($1, 'Cán bộ', 'vi')", [person]);
  await world.sql(
    "insert into role_grant (id, person_id, working_group_id, role, unit_id) values ($1, $2, $3, 'unit', $4)",
    [uuidv7(), person, world.groupId, unitId],
  );
  await world.sql(
    "insert into api_token (id, person_id, hash, label, expires_at) values ($1, $2, $3, 'bench', now() + interval '1 day')",
    [uuidv7(), person, createHash('sha256').update(token).digest()],
  );
  return token;
}

async function serve(listener: Parameters<typeof createServer>[1]): Promise<{ url: string; server: Server }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, server };
}

/** The product as it is shipped, on a database that is there, without a limit of requests in its way. */
export async function productServer(url: string): Promise<Target & { readonly world: World }> {
  const world = await createWorld(url, QUICK_POLICY, undefined, { existing: true });
  const config = parseConfig({ DATABASE_URL: 'postgres://127.0.0.1/none', NODE_ENV: 'production' });
  const health = createHealth({ database: async () => 'answers', others: {} });
  const log = createLogger({ service: 'bench', level: 'silent' });
  const app = createApp({ engine: world.engine, config, log, health, mayBeTold: () => true, version: '0' });
  const { url: base, server } = await serve(app);
  return {
    url: base,
    world,
    async stop() {
      server.close();
      await world.close();
    },
  };
}

/** Sends every call once, in order, and notes the statements of each: what a floor does. */
export async function recordScripts(
  url: string,
  calls: readonly Call[],
  token: string,
): Promise<ReadonlyMap<string, Script>> {
  const product = await productServer(url);
  const taken: { pool: 'writer' | 'reader'; statement: Recorded }[] = [];
  const recorders = (['writer', 'reader'] as const).map((pool) =>
    record(product.world.engine[pool], (statement) => taken.push({ pool, statement })),
  );
  const agent = new Agent({ keepAlive: true });
  const scripts = new Map<string, Script>();
  for (const call of calls) {
    taken.length = 0;
    await send(agent, product.url, call, token);
    scripts.set(
      call.key,
      taken.filter(({ statement }) => !statement.text.startsWith('notify')),
    );
  }
  for (const recorder of recorders) recorder.stop();
  agent.destroy();
  await product.stop();
  return scripts;
}

/** Bare Express and `pg`: the statements of each request, transaction by transaction, nothing else. */
export async function floorServer(url: string, scripts: ReadonlyMap<string, Script>): Promise<Target> {
  const as = (role: string): string => `${url}?options=${encodeURIComponent(`-c role=${role}`)}`;
  const pools = {
    writer: openPool({ url: as('dondoc_writer'), max: 20, name: 'floor' }),
    reader: openPool({ url: as('dondoc_reader'), max: 20, name: 'floor' }),
  };
  const app = express();
  app.use(express.json());
  app.use(async (req, res) => {
    const script = scripts.get(req.get('x-bench-key') ?? '') ?? [];
    let rows: unknown[] = [];
    for (let at = 0; at < script.length; ) {
      const pool = script[at]?.pool ?? 'writer';
      const client = await pools[pool].connect();
      try {
        for (; at < script.length && script[at]?.pool === pool; at += 1) {
          const found = await run(client, script[at]?.statement);
          if (found.length > 0) rows = found;
        }
      } finally {
        client.release();
      }
    }
    res.json(rows);
  });
  const { url: base, server } = await serve(app);
  return {
    url: base,
    async stop() {
      server.close();
      await Promise.all([pools.writer.end(), pools.reader.end()]);
    },
  };
}

async function run(client: pg.PoolClient, statement: Recorded | undefined): Promise<unknown[]> {
  if (statement === undefined) return [];
  const { name, text, values } = statement;
  return (await client.query(name === undefined ? { text, values } : { name, text, values })).rows;
}

async function send(agent: Agent, base: string, call: Call, token: string): Promise<void> {
  const body = call.body === undefined ? '' : JSON.stringify(call.body);
  await new Promise<void>((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      'content-length': Buffer.byteLength(body),
      'x-bench-key': call.key,
    };
    const options = { method: call.method, agent, headers };
    const sent = httpRequest(new URL(call.path, base), options, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve() : reject(new Error(`${answer.statusCode}: ${text}`)),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

interface Times {
  readonly each: number[];
  total: number;
}

/** Every call is sent once, by so many callers at a time. */
async function load(
  base: string,
  calls: readonly Call[],
  token: string,
  callers: number,
  into: Times,
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: callers });
  const queue = [...calls];
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (let call = queue.pop(); call !== undefined; call = queue.pop()) {
        const start = performance.now();
        await send(agent, base, call, token);
        into.each.push(performance.now() - start);
      }
    }),
  );
  into.total += performance.now() - begun;
  agent.destroy();
}

const ROUNDS = 6;

/**
 * Product and floor by turns, a part of the calls each, so that a machine that gets slower or quicker meanwhile
 * does so for both; the first turn of each warms up and is not counted.
 */
export async function byTurns(
  [product, floor]: readonly [Target, Target],
  calls: readonly Call[],
  token: string,
  callers: number,
): Promise<void> {
  const [ours, bare]: [Times, Times] = [
    { each: [], total: 0 },
    { each: [], total: 0 },
  ];
  const size = Math.ceil(calls.length / (ROUNDS + 1));
  for (let round = 0; round <= ROUNDS; round += 1) {
    const part = calls.slice(round * size, (round + 1) * size);
    const turns: readonly (readonly [Target, Times])[] = [
      [product, ours],
      [floor, bare],
    ];
    for (const [target, times] of round % 2 === 0 ? turns : [...turns].reverse())
      await load(target.url, part, token, callers, round === 0 ? { each: [], total: 0 } : times);
  }
  const [us, them] = [summary(ours), summary(bare)];
  const show = ({ p50, p99, rate }: Summary): string =>
    `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, ${rate.toFixed(0)}/s`;
  console.log(
    `${callers} callers: ${show(us)} · floor ${show(them)} · ratio p50 ${(us.p50 / them.p50).toFixed(2)}, p99 ${(us.p99 / them.p99).toFixed(2)}, rate ${(us.rate / them.rate).toFixed(2)} of the floor’s`,
  );
}

interface Summary {
  readonly p50: number;
  readonly p99: number;
  readonly rate: number;
}

function summary({ each, total }: Times): Summary {
  const sorted = [...each].sort((one, other) => one - other);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), rate: (sorted.length / total) * 1000 };
}
