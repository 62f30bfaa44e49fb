import { parseConfig } from '../../src/config.js';
import { createApp } from '../../src/http/app.js';
import { createHealth } from '../../src/http/health.js';
import { listen } from '../../src/http/server.js';
import { createLogger } from '../../src/log.js';
import { type Answer, call } from '../http/api-fixture.js';
import type { TestDatabase } from '../support/database.js';
import type { FixturePerson, TestEngine, WorkingGroupFixture } from '../support/fixtures.js';

export interface Served {
  readonly url: string;
  /** A request by a person of the Working Group; bodies go out as JSON, forms as they are. */
  as(
    who: FixturePerson,
    method: string,
    path: string,
    options?: { body?: unknown; headers?: Record<string, string> },
  ): Promise<Answer>;
  stop(): Promise<void>;
}

/** The API over a database that is there already; every answer is held against its contract. */
export async function serve(parts: {
  readonly database: TestDatabase;
  readonly engine: TestEngine;
  readonly group: WorkingGroupFixture;
}): Promise<Served> {
  const log = createLogger({ service: 'api', level: 'silent' });
  const app = createApp({
    engine: parts.engine,
    config: parseConfig({ DATABASE_URL: parts.database.url, NODE_ENV: 'test', IMPORT_LIMIT_MB: '1' }),
    log,
    health: createHealth({ database: async () => Promise.resolve('answers'), others: {} }),
    mayBeTold: () => true,
    version: '0.0.0',
  });
  const server = await listen(app, { host: '127.0.0.1', port: 0 }, log);
  const url = `http://127.0.0.1:${server.port}`;
  return {
    url,
    as: async (who, method, path, options = {}) =>
      call(url, method, path, { ...options, token: parts.group.signIn(who).token }),
    stop: async () => server.close(1_000),
  };
}
