import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import OidcProvider from 'oidc-provider';
import { parseConfig } from '../../src/config.js';
import { Authenticator } from '../../src/engine/authenticate.js';
import { makeFirstAdministrator } from '../../src/engine/first-administrator.js';
import { createApp } from '../../src/http/app.js';
import { createHealth } from '../../src/http/health.js';
import { requestLimits } from '../../src/http/limits.js';
import { listen, type RunningServer } from '../../src/http/server.js';
import { createLogger } from '../../src/log.js';
import { until } from '../support/conducting.js';
import { declaredFetch } from '../support/declared.js';
import { freePort } from '../support/ports.js';
import { startTestApi, type TestApi } from './api-fixture.js';

/** A browser’s jar: what it was told to keep, and what it goes on with. */
class Browser {
  readonly #cookies = new Map<string, string>();

  cookie(name: string): string | undefined {
    return this.#cookies.get(name);
  }

  async go(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(init.headers as Record<string, string>), ...(cookie === '' ? {} : { cookie }) };
    const answer = await declaredFetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = '', ...rest] = line.split(';');
      const [name = '', value = ''] = pair.split('=');
      if (value === '' || rest.some((part) => /Expires=Thu, 01 Jan 1970/i.test(part)))
        this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return answer;
  }

  async post(url: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
    const own = { origin: new URL(url).origin, 'sec-fetch-site': 'same-origin', ...headers };
    return await this.go(url, { method: 'POST', body: new URLSearchParams(fields), headers: own });
  }
}

const SESSION = '__Host-dondoc';
const EMAIL = { known: 'lan@people.example.test', unknown: 'nobody@people.example.test' };
const PASSWORD = 'bốn con mèo ngủ trưa';

let api: TestApi;
let app: RunningServer;
let provider: Server;
let url: string;
let verified = true;
const lines: string[] = [];

/** A provider in this process: whoever is named as login hint of its form is signed in. */
async function startProvider(redirect: string): Promise<string> {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const oidc = new OidcProvider(issuer, {
    clients: [
      {
        client_id: 'dondoc',
        client_secret: 'a-client-secret-of-the-test',
        redirect_uris: [redirect],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    features: { devInteractions: { enabled: true } },
    findAccount: (_ctx, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: id, email_verified: verified }),
    }),
  });
  const answer = oidc.callback();
  provider = createServer((req, res) => void answer(req, res));
  await new Promise<void>((resolve) => provider.listen(port, '127.0.0.1', resolve));
  return issuer;
}

beforeAll(async () => {
  api = await startTestApi();
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const issuer = await startProvider(`${url}/sign-in/callback`);
  const config = parseConfig({
    DATABASE_URL: api.database.url,
    NODE_ENV: 'test',
    PUBLIC_URL: url,
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: 'dondoc',
    OIDC_CLIENT_SECRET: 'a-client-secret-of-the-test',
    DEMO_SIGN_INS: 'false',
  });
  const log = createLogger({
    service: 'api',
    level: 'debug',
    destination: { write: (line) => void lines.push(line) },
  });
  const health = createHealth({ database: async () => 'answers', others: {} });
  const limits = requestLimits(api.engine.writer, 6_000);
  const parts = { engine: api.engine, config, log, health, limits, mayBeTold: () => true, version: '0.0.0' };
  app = await listen(createApp(parts), { host: '127.0.0.1', port }, log);
  await api.engine.writer.query('update person set login = $1 where id = $2', [
    EMAIL.known,
    api.group.signIn('supervisor').actor.personId,
  ]);
});
afterAll(async () => {
  await app.close(500);
  provider.closeAllConnections();
  provider.close();
  await api.stop();
});

/** Follows the provider’s own pages: sign in, consent, and back to the callback, which is not yet asked. */
async function throughProvider(browser: Browser, email: string): Promise<string> {
  let answer = await browser.go(`${url}/sign-in/provider?return=/docs`);
  expect(answer.status).toBe(302);
  const first = new URL(answer.headers.get('location') ?? '');
  expect(first.searchParams.get('code_challenge_method')).toBe('S256');
  let at = first.href;
  for (let step = 0; step < 12; step += 1) {
    if (at.startsWith(`${url}/sign-in/callback`)) return at;
    answer = await browser.go(at);
    if (answer.status === 200) {
      const page = await answer.text();
      const action = /action="([^"]+)"/.exec(page)?.[1] ?? '';
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? '';
      const fields = prompt === 'login' ? { prompt, login: email, password: 'any' } : { prompt };
      answer = await browser.post(action, fields);
    }
    at = new URL(answer.headers.get('location') ?? '', at).href;
  }
  throw new Error(`The provider did not come back: ${at}`);
}

describe('signing in with the provider', () => {
  test('gives a known person a session in a cookie that scripts, other hosts and plain HTTP never see', async () => {
    const browser = new Browser();
    const back = await browser.go(await throughProvider(browser, EMAIL.known));
    expect([back.status, back.headers.get('location')]).toEqual([303, '/docs']);
    const set = back.headers.getSetCookie().find((line) => line.startsWith(SESSION)) ?? '';
    expect(set).toMatch(/HttpOnly/);
    expect(set).toMatch(/Secure/);
    expect(set).toMatch(/SameSite=Lax/);
    expect(set).toMatch(/Path=\//);
    expect(set).not.toMatch(/Domain=/);
    const me = await browser.go(`${url}/v1/me`);
    expect([me.status, ((await me.json()) as { acting: { role: string } }).acting.role]).toEqual([
      200,
      'supervisor',
    ]);
    const stored = await api.engine.writer.query<{ hash: Buffer }>('select hash from session');
    expect(stored.rows.map((row) => row.hash.toString())).not.toContain(browser.cookie(SESSION));
    const log = await api.engine.writer.query("select action from access_log where action = 'signed_in'");
    expect(log.rowCount).toBeGreaterThan(0);
  });

  test('refuses somebody the system does not know, with a page that says what to do', async () => {
    const browser = new Browser();
    const callback = await throughProvider(browser, EMAIL.unknown);
    const back = await browser.go(callback, { headers: { 'accept-language': 'en' } });
    expect(back.status).toBe(403);
    expect(await back.text()).toContain('Ask your administrator to add you');
    expect(browser.cookie(SESSION)).toBeUndefined();
  });

  test('refuses an address that the provider has not verified', async () => {
    verified = false;
    const browser = new Browser();
    const back = await browser.go(await throughProvider(browser, EMAIL.known));
    verified = true;
    expect([back.status, browser.cookie(SESSION)]).toEqual([403, undefined]);
  });

  test('refuses an answer in a browser that did not ask, a second use of it, and another state', async () => {
    const browser = new Browser();
    const callback = await throughProvider(browser, EMAIL.known);
    expect((await new Browser().go(callback)).status).toBe(400);
    const other = callback.replace(/state=[^&]+/, 'state=another');
    expect((await browser.go(other)).status).toBe(400);
    expect((await browser.go(callback)).status).toBe(400);
    expect(browser.cookie(SESSION)).toBeUndefined();
  });
});

/** A person with a local account, whose set-up code is still unused. */
async function localPerson(): Promise<{ login: string; code: string }> {
  const mark = Math.floor(performance.now() * 1000);
  const login = `quan.tri.${mark}`;
  return await makeFirstAdministrator(api.engine.writer, { name: 'Quản trị', login, group: `wg-${mark}` });
}

describe('local accounts', () => {
  test('begin with a set-up code that works once, and refuse a password that is guessed first', async () => {
    const { login, code } = await localPerson();
    const browser = new Browser();
    const weak = await browser.post(`${url}/sign-in/password`, { login, code, password: 'Matkhau123456' });
    expect(weak.status).toBe(400);
    const chosen = await browser.post(`${url}/sign-in/password`, { login, code, password: PASSWORD });
    expect(chosen.status).toBe(303);
    const again = await browser.post(`${url}/sign-in/password`, { login, code, password: PASSWORD });
    expect(again.status).toBe(401);
    const entered = await browser.post(`${url}/sign-in/local`, {
      login,
      password: PASSWORD,
      return: '//evil',
    });
    expect([entered.status, entered.headers.get('location')]).toEqual([303, '/']);
  });

  test('change their password by the one so far, which ends every session and works no more', async () => {
    const { login, code } = await localPerson();
    const [browser, other] = [new Browser(), new Browser()];
    await browser.post(`${url}/sign-in/password`, { login, code, password: PASSWORD });
    await other.post(`${url}/sign-in/local`, { login, password: PASSWORD });
    expect((await other.go(`${url}/v1/me`)).status).toBe(200);
    const next = 'năm con chó chạy sớm';
    const wrong = await browser.post(`${url}/sign-in/password`, { login, code: next, password: next });
    expect(wrong.status).toBe(401);
    expect((await other.go(`${url}/v1/me`)).status).toBe(200);
    const changed = await browser.post(`${url}/sign-in/password`, { login, code: PASSWORD, password: next });
    expect(changed.status).toBe(303);
    expect((await browser.go(`${url}/v1/me`)).status).toBe(200);
    expect((await other.go(`${url}/v1/me`)).status).toBe(401);
    const late = await other.post(`${url}/sign-in/local`, { login, password: PASSWORD });
    expect(late.status).toBe(401);
    const now = await other.post(`${url}/sign-in/local`, { login, password: next });
    expect(now.status).toBe(303);
  });

  test('take five wrong passwords, then none from there for a while, not even the right one', async () => {
    const { login, code } = await localPerson();
    await new Browser().post(`${url}/sign-in/password`, { login, code, password: PASSWORD });
    const wrong = Array.from({ length: 5 }, () =>
      new Browser().post(`${url}/sign-in/local`, { login, password: 'không phải mật khẩu' }),
    );
    expect((await Promise.all(wrong)).map((answer) => answer.status)).toEqual([401, 401, 401, 401, 401]);
    const right = await new Browser().post(`${url}/sign-in/local`, { login, password: PASSWORD });
    expect([right.status, Number(right.headers.get('retry-after')) > 60]).toEqual([429, true]);
  });
});

describe('a session', () => {
  async function signedIn(): Promise<Browser> {
    const browser = new Browser();
    await browser.go(await throughProvider(browser, EMAIL.known));
    return browser;
  }

  test('takes no command from another site, nor one that does not say from where', async () => {
    const browser = await signedIn();
    const send = async (headers: Record<string, string>) =>
      (await browser.go(`${url}/v1/tokens`, { method: 'POST', headers })).status;
    expect(await send({ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await send({ origin: 'https://evil.example' })).toBe(403);
    expect(await send({ 'sec-fetch-site': 'same-site' })).toBe(403);
    expect(await send({})).toBe(403);
    expect(await send({ origin: 'null' })).toBe(403);
    expect(await send({ origin: url, 'sec-fetch-site': 'same-origin' })).toBe(400);
    // As a browser says it of a form on a page that tells no referrer.
    expect(await send({ origin: 'null', 'sec-fetch-site': 'same-origin' })).toBe(400);
    expect(await send({ origin: url })).toBe(400);
  });

  test('gets a new id at each sign-in, and the earlier one is over', async () => {
    const browser = await signedIn();
    const first = browser.cookie(SESSION) ?? '';
    await browser.go(await throughProvider(browser, EMAIL.known));
    expect(browser.cookie(SESSION)).not.toBe(first);
    const old = await declaredFetch(`${url}/v1/me`, { headers: { cookie: `${SESSION}=${first}` } });
    expect(old.status).toBe(401);
  });

  test('ends by signing out, when it was not used, and in any case after its longest time', async () => {
    const browser = await signedIn();
    const cookie = `${SESSION}=${browser.cookie(SESSION) ?? ''}`;
    const out = await browser.post(`${url}/sign-out`, {});
    expect([out.status, browser.cookie(SESSION)]).toEqual([303, undefined]);
    expect((await declaredFetch(`${url}/v1/me`, { headers: { cookie } })).status).toBe(401);
    for (const change of [
      "seen_at = now() - interval '61 minutes'",
      "ends_at = now() - interval '1 second'",
    ]) {
      const other = await signedIn();
      await api.engine.writer.query(`update session set ${change} where ended_at is null`);
      expect([change, (await other.go(`${url}/v1/me`)).status]).toEqual([change, 401]);
    }
  });

  test('is kept alive by who asks with it, and not by looking whether it still holds', async () => {
    const browser = await signedIn();
    const shown = { kind: 'session', secret: browser.cookie(SESSION) ?? '' } as const;
    const options = { demo: false, onTouchError: () => {} };
    const { writer } = api.engine;
    await writer.query("update session set seen_at = now() - interval '30 minutes' where ended_at is null");
    const unseen = async (): Promise<number> =>
      (
        await writer.query(
          "select from session where ended_at is null and seen_at < now() - interval '29 minutes'",
        )
      ).rowCount ?? 0;
    const before = await unseen();
    expect(await new Authenticator(writer, options).identify(shown, true)).not.toBeNull();
    expect(await unseen()).toBe(before);
    expect(await new Authenticator(writer, options).identify(shown)).not.toBeNull();
    await until('it was seen', async () => (await unseen()) === before - 1);
  });
});

describe('secrets', () => {
  test('of tokens, sessions, passwords and the provider are never logged', async () => {
    const { token } = api.group.signIn('administrator');
    await declaredFetch(`${url}/v1/me?token=${token}`, { headers: { authorization: `Bearer ${token}` } });
    const text = lines.join('\n');
    expect(text).not.toBe('');
    for (const secret of [token, PASSWORD, 'a-client-secret-of-the-test', 'dondoc_', 'code='])
      expect([secret, text.includes(secret)]).toEqual([secret, false]);
  });
});
