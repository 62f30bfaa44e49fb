import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApi, type TestApi } from './api-fixture.js';
import { startProxy, type TcpProxy } from './tcp-proxy.js';

let api: TestApi;
let proxy: TcpProxy;
beforeAll(async () => {
  api = await startTestApi({
    through: async (databaseUrl) => {
      const url = new URL(databaseUrl);
      proxy = await startProxy({ host: url.hostname, port: Number(url.port) });
      url.hostname = '127.0.0.1';
      url.port = String(proxy.port);
      return url.href;
    },
  });
});
afterEach(async () => {
  await proxy.mend();
});
afterAll(async () => {
  await proxy.mend();
  await api.stop();
  await proxy.close();
});

const MOST_MS = 5_000;

async function timed(method: string, path: string, body?: object) {
  const began = performance.now();
  const answer = await api.call(method, path, {
    token: api.group.signIn('standing_agency').token,
    ...(body === undefined ? {} : { body }),
  });
  return { ...answer, ms: performance.now() - began };
}

async function worksAgain(): Promise<void> {
  await proxy.mend();
  const until = Date.now() + 8_000;
  while ((await timed('GET', '/v1/assignments')).status !== 200) {
    if (Date.now() > until) throw new Error('It does not work again');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('without a database', () => {
  test.each([
    ['GET', '/v1/assignments', undefined],
    ['POST', '/v1/directives', { title: 'x' }],
    ['GET', '/v1/me', undefined],
  ])(
    'that refuses, %s %s is 503 with Retry-After, and works again when it is back',
    async (method, path, body) => {
      await worksAgain();
      await proxy.cut();
      const { status, headers, body: problem, ms } = await timed(method, path, body);
      if (path === '/v1/me' && status === 200) return; // Known for some seconds still.
      expect([status, problem.code, headers.get('retry-after')]).toEqual([503, 'database_unavailable', '2']);
      expect(ms).toBeLessThan(MOST_MS);
      expect(JSON.stringify(problem)).not.toMatch(/ECONN|127\.0\.0\.1|password/);
      await worksAgain();
    },
  );

  test('that has gone silent in the middle of a connection, a read is 503 within five seconds', async () => {
    await worksAgain();
    proxy.mute();
    const { status, headers, ms } = await timed('GET', '/v1/assignments');
    expect([status, headers.get('retry-after')]).toEqual([503, '2']);
    expect(ms).toBeLessThan(MOST_MS);
  });

  test('that has gone silent, a command is 503 within five seconds', async () => {
    await worksAgain();
    proxy.mute();
    const { status, ms } = await timed('POST', '/v1/directives', { title: 'x' });
    expect(status).toBe(503);
    expect(ms).toBeLessThan(MOST_MS);
  });

  test('is not ready and says what is down, but lives', async () => {
    await worksAgain();
    await proxy.cut();
    await new Promise((resolve) => setTimeout(resolve, 1_100)); // Reports are shared for a second.
    const ready = await api.call('GET', '/readyz');
    expect([ready.status, ready.body.status, ready.body.components.database.state]).toEqual([
      503,
      'unavailable',
      'down',
    ]);
    expect((await api.call('GET', '/livez')).status).toBe(200);
    expect((await api.call('GET', '/openapi.json')).status).toBe(200);
  });
});
