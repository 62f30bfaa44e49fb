import { parseConfig } from '../../src/config.js';
import type { Calendar } from '../../src/domain/calendar.js';
import type { DirectivePolicy } from '../../src/domain/policy.js';
import { createApp } from '../../src/http/app.js';
import { createHealth, type Health } from '../../src/http/health.js';
import { createMetrics } from '../../src/http/metrics.js';
import type { Route } from '../../src/http/route.js';
import { listen } from '../../src/http/server.js';
import { createLogger } from '../../src/log.js';
import { receiverRule } from '../../src/webhooks/address.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { declareAt, insistOnDeclared, mediaOf } from '../support/declared.js';
import {
  makeWorkingGroup,
  openTestEngine,
  type TestEngine,
  type WorkingGroupFixture,
} from '../support/fixtures.js';

export interface CallOptions {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface TestApi {
  readonly url: string;
  readonly database: TestDatabase;
  readonly engine: TestEngine;
  readonly group: WorkingGroupFixture;
  readonly health: Health;
  /** What the process has logged, one object a line. */
  readonly lines: Record<string, unknown>[];
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  close(graceMs?: number): Promise<void>;
  stop(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** As JSON.parse types it: tests look into answers whose shape is what they check. */
  readonly body: ReturnType<typeof JSON.parse>;
}

/** The API over a database of its own, on a free port, with a small Working Group in it. */
export async function startTestApi(
  options: {
    readonly routes?: readonly Route[];
    readonly policy?: DirectivePolicy;
    /** What the engine is wired with beside the test's own. */
    readonly wire?: (engine: TestEngine) => TestEngine;
    readonly calendar?: Calendar;
    /** Another way to the database, such as one that can be cut. */
    readonly through?: (databaseUrl: string) => Promise<string>;
  } = {},
): Promise<TestApi> {
  const database = await createTestDatabase();
  const url = options.through === undefined ? database.url : await options.through(database.url);
  const bare = openTestEngine({ ...database, url });
  const engine = options.wire === undefined ? bare : options.wire(bare);
  const { policy, calendar } = options;
  const group = await makeWorkingGroup(engine.writer, {
    ...(policy === undefined ? {} : { policy }),
    ...(calendar === undefined ? {} : { calendar }),
  });
  const lines: Record<string, unknown>[] = [];
  const log = createLogger({
    service: 'api',
    level: 'debug',
    destination: { write: (line: string) => void lines.push(JSON.parse(line)) },
  });
  const config = parseConfig({
    DATABASE_URL: database.url,
    NODE_ENV: 'test',
    BODY_LIMIT_KB: '64',
    IMPORT_LIMIT_MB: '1',
    FILE_LIMIT_MB: '2',
  });
  const health = createHealth({
    database: async () => {
      await engine.writer.query('select 1');
      return 'answers';
    },
    others: {},
  });
  const app = createApp({
    engine,
    config,
    log,
    health,
    metrics: createMetrics(engine),
    mayBeTold: receiverRule(['127.0.0.0/8']),
    version: '0.0.0',
    ...(options.routes === undefined ? {} : { routes: options.routes }),
  });
  const server = await listen(app, { host: '127.0.0.1', port: 0 }, log);
  const address = `http://127.0.0.1:${server.port}`;
  if (options.routes !== undefined) declareAt(address, options.routes);
  let closed: Promise<void> | null = null;
  const close = async (graceMs = 1_000): Promise<void> => {
    closed ??= server.close(graceMs);
    await closed;
  };
  return {
    url: address,
    database,
    engine,
    group,
    health,
    lines,
    call: async (method, path, more) => await call(address, method, path, more),
    close,
    stop: async () => {
      await close();
      await engine.close();
      await database.drop();
    },
  };
}

/**
 * One request; a string or bytes as body go out as they are, anything else as JSON.
 * @throws where the answer is not one that the OpenAPI document declares
 */
export async function call(
  url: string,
  method: string,
  path: string,
  options: CallOptions = {},
): Promise<Answer> {
  const answer = await send(url, method, path, options);
  insistOnDeclared(url, { method, path, status: answer.status, media: mediaOf(answer), body: answer.body });
  return answer;
}

async function send(url: string, method: string, path: string, options: CallOptions): Promise<Answer> {
  const { token, body, headers } = options;
  const raw = typeof body === 'string' || body instanceof FormData || body instanceof Uint8Array;
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined || raw ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: raw ? (body as FormData) : JSON.stringify(body) }),
  });
  const type = response.headers.get('content-type') ?? '';
  // A stream of events ends when its reader leaves.
  if (type.startsWith('text/event-stream')) {
    await response.body?.cancel();
    return { status: response.status, headers: response.headers, body: null };
  }
  const text = await response.text();
  const isJson = type.includes('json');
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}
