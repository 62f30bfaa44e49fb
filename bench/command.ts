import { createHash, randomBytes } from 'node:crypto';
import { Agent, createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { parseConfig } from '../src/config.js';
import { openPool } from '../src/db/pool.js';
import { issueBatch } from '../src/engine/conduct.js';
import { createDraft, issueDirective } from '../src/engine/directives.js';
import { createApp } from '../src/http/app.js';
import { createHealth } from '../src/http/health.js';
import { createLogger } from '../src/log.js';
import {
  createWorld,
  draftContent,
  draftTask,
  QUICK_POLICY,
  subjectOf,
  type World,
} from '../test/support/world.js';
import { type BenchServer, type Recorded, record, startBenchServer } from './support.js';

/**
 * One command (a progress report) over HTTP at 1, 8 and 32 callers. Floor: bare Express and `pg` that run the
 * very statements of each request, recorded beforehand, on a copy of the same database, in the same
 * transactions. Run with `npm run bench -- command`.
 */
const REQUESTS = 600;
const CALLERS = [1, 8, 32];

interface Prepared {
  readonly ids: readonly string[];
  readonly token: string;
}

async function prepare(url: string): Promise<Prepared> {
  const world = await createWorld(url, QUICK_POLICY);
  const agency = world.as('standing_agency');
  const tasks = Array.from({ length: REQUESTS }, (_, index) =>
    draftTask({
      code: `N${index}`,
      leadUnitIds: [world.units.health],
      deadline: { phrase: 'within 20 days', rule: null, past: null },
    }),
  );
  const id = subjectOf(await createDraft(world.engine, world.request(agency), draftContent(tasks)));
  subjectOf(await issueDirective(world.engine, world.request(agency), id));
  await issueBatch(world.engine, id);
  const token = `ddt_${randomBytes(24).toString('base64url')}`;
  const person = uuidv7();
  await world.sql("insert into person (id, name, locale) values ($1, 'Cán bộ', 'vi')", [person]);
  await world.sql(
    "insert into role_grant (id, person_id, working_group_id, role, unit_id) values ($1, $2, $3, 'unit', $4)",
    [uuidv7(), person, world.groupId, world.units.health],
  );
  await world.sql(
    "insert into api_token (id, person_id, hash, label, expires_at) values ($1, $2, $3, 'bench', now() + interval '1 day')",
    [uuidv7(), person, createHash('sha256').update(token).digest()],
  );
  const rows = await world.sql<{ id: string }>('select id from assignment order by id');
  await world.close();
  return { ids: rows.map((row) => row.id), token };
}

async function serve(listener: Parameters<typeof createServer>[1]): Promise<{ url: string; server: Server }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, server };
}

function productApp(world: World): ReturnType<typeof createApp> {
  const config = parseConfig({ DATABASE_URL: 'postgres://127.0.0.1/none', NODE_ENV: 'production' });
  const health = createHealth({ database: async () => 'answers', others: {} });
  return createApp({
    engine: world.engine,
    config,
    log: createLogger({ service: 'bench', level: 'silent' }),
    health,
    version: '0',
  });
}

type Script = readonly { readonly pool: 'writer' | 'reader'; readonly statement: Recorded }[];

/** Sends every request once, in order, and notes the statements of each. */
async function recordScripts(url: string, { ids, token }: Prepared): Promise<Script[]> {
  const world = await createWorld(url, QUICK_POLICY, undefined, { existing: true });
  const taken: { pool: 'writer' | 'reader'; statement: Recorded }[] = [];
  const recorders = (['writer', 'reader'] as const).map((pool) =>
    record(world.engine[pool], (statement) => taken.push({ pool, statement })),
  );
  const { url: base, server } = await serve(productApp(world));
  const agent = new Agent({ keepAlive: true });
  const scripts: Script[] = [];
  for (const id of ids) {
    taken.length = 0;
    await send(agent, base, id, token);
    scripts.push(taken.filter(({ statement }) => !statement.text.startsWith('notify')).slice());
  }
  for (const recorder of recorders) recorder.stop();
  agent.destroy();
  server.close();
  await world.close();
  return scripts;
}

/** Bare Express and `pg`: the statements of the request, transaction by transaction, nothing else. */
async function floorServer(
  url: string,
  ids: readonly string[],
  scripts: readonly Script[],
): Promise<{ url: string; stop(): Promise<void> }> {
  const as = (role: string): string => `${url}?options=${encodeURIComponent(`-c role=${role}`)}`;
  const pools = {
    writer: openPool({ url: as('dondoc_writer'), max: 20, name: 'floor' }),
    reader: openPool({ url: as('dondoc_reader'), max: 5, name: 'floor' }),
  };
  const byId = new Map(ids.map((id, index) => [id, scripts[index] ?? []]));
  const app = express();
  app.use(express.json());
  app.post('/v1/assignments/:id/progress', async (req, res) => {
    const script = byId.get(req.params.id) ?? [];
    let rows: unknown[] = [];
    for (let at = 0; at < script.length; ) {
      const pool = script[at]?.pool ?? 'writer';
      const client = await pools[pool].connect();
      try {
        for (; at < script.length && script[at]?.pool === pool; at += 1)
          rows = await run(client, script[at]?.statement);
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

async function send(agent: Agent, base: string, id: string, token: string): Promise<void> {
  const body = JSON.stringify({ text: 'Đang thực hiện, đạt một nửa.', percent: 50 });
  await new Promise<void>((resolve, reject) => {
    const url = new URL(`/v1/assignments/${id}/progress`, base);
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      'content-length': Buffer.byteLength(body),
    };
    const sent = httpRequest(url, { method: 'POST', agent, headers }, (answer) => {
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

interface Measured {
  readonly p50: number;
  readonly p99: number;
  readonly rate: number;
}

/** Every assignment is reported on once, by so many callers at a time. */
async function load(base: string, { ids, token }: Prepared, callers: number): Promise<Measured> {
  const agent = new Agent({ keepAlive: true, maxSockets: callers });
  const queue = [...ids];
  const times: number[] = [];
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
        const start = performance.now();
        await send(agent, base, id, token);
        times.push(performance.now() - start);
      }
    }),
  );
  const total = performance.now() - begun;
  agent.destroy();
  times.sort((one, other) => one - other);
  const at = (share: number): number =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), rate: (times.length / total) * 1000 };
}

async function compare(
  server: BenchServer,
  prepared: Prepared,
  scripts: readonly Script[],
  callers: number,
): Promise<void> {
  const floorUrl = await server.copy('base', `floor_${callers}`);
  const floor = await floorServer(floorUrl, prepared.ids, scripts);
  const bare = await load(floor.url, prepared, callers);
  await floor.stop();
  const world = await createWorld(await server.copy('base', `product_${callers}`), QUICK_POLICY, undefined, {
    existing: true,
  });
  const product = await serve(productApp(world));
  const ours = await load(product.url, prepared, callers);
  product.server.close();
  await world.close();
  const show = ({ p50, p99, rate }: Measured): string =>
    `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, ${rate.toFixed(0)}/s`;
  console.log(
    `${callers} callers: ${show(ours)} · floor ${show(bare)} · ratio p50 ${(ours.p50 / bare.p50).toFixed(2)}, p99 ${(ours.p99 / bare.p99).toFixed(2)}, rate ${(bare.rate / ours.rate).toFixed(2)}`,
  );
}

const server = await startBenchServer();
try {
  const prepared = await prepare(await server.create('base'));
  const scripts = await recordScripts(await server.copy('base', 'recorded'), prepared);
  console.log(`statements of one command: ${scripts.at(-1)?.length ?? 0}`);
  for (const callers of CALLERS) await compare(server, prepared, scripts, callers);
} finally {
  await server.stop();
}
