import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { parseConfig } from '../../src/config.js';
import { makeFirstAdministrator } from '../../src/engine/first-administrator.js';
import { createApp } from '../../src/http/app.js';
import { createHealth } from '../../src/http/health.js';
import { listen, type RunningServer } from '../../src/http/server.js';
import { createLogger } from '../../src/log.js';
import { startTestApi, type TestApi } from '../http/api-fixture.js';
import { freePort } from '../support/ports.js';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
/** Where the system has no browser these are skipped, and said to be. */
const inBrowser = CHROMIUM === undefined ? test.skip : test;
/** It runs as root where the tests do, and asks nobody but the page's own server. */
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'];

const PASSWORD = 'bốn con mèo ngủ trưa';

let api: TestApi;
let app: RunningServer;
let url: string;
let browser: Browser | null = null;
beforeAll(async () => {
  api = await startTestApi();
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const env = { DATABASE_URL: api.database.url, NODE_ENV: 'test', PUBLIC_URL: url, LOCAL_ACCOUNTS: 'true' };
  const log = createLogger({ service: 'api', level: 'silent' });
  const health = createHealth({ database: async () => 'answers', others: {} });
  const parts = {
    engine: api.engine,
    config: parseConfig(env),
    log,
    health,
    mayBeTold: () => true,
    version: '0.0.0',
  };
  app = await listen(createApp(parts), { host: '127.0.0.1', port }, log);
  if (CHROMIUM !== undefined) browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
});
afterAll(async () => {
  await browser?.close();
  await app.close(500);
  await api.stop();
});

interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the page complained about, and what it asked of anybody else. */
  readonly complaints: string[];
}

async function visit(): Promise<Visit> {
  if (browser === null) throw new Error('There is no browser');
  const context = await browser.newContext({ locale: 'vi-VN' });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (line) => {
    if (line.type() === 'error') complaints.push(line.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(`${url}/`) && !request.url().startsWith('data:'))
      complaints.push(request.url());
  });
  return { context, page, complaints };
}

/** By the code that an administrator hands over; it signs in as well. */
async function choosePassword(
  page: Page,
  account: Parameters<typeof makeFirstAdministrator>[1],
): Promise<void> {
  const { login, code } = await makeFirstAdministrator(api.engine.writer, account);
  await page.goto(`${url}/sign-in/password`);
  await page.fill('input[name=login]', login);
  await page.fill('input[name=code]', code);
  await page.fill('input[name=password]', PASSWORD);
  await page.click('button');
  await page.waitForURL(`${url}/docs`);
}

const whoAmI = async ({ context }: Visit): Promise<{ status: number; name: string | undefined }> => {
  const answer = await context.request.get(`${url}/v1/me`);
  const body = (await answer.json()) as { person?: { name: string } };
  return { status: answer.status(), name: body.person?.name };
};

inBrowser('a person chooses a password, is signed in, signs out and comes back by the password', async () => {
  const account = { name: 'Quản trị', login: 'quan.tri', group: 'wg-browser' };
  const one = await visit();
  await choosePassword(one.page, account);
  expect(await whoAmI(one)).toEqual({ status: 200, name: 'Quản trị' });

  await one.page.evaluate(async () => await fetch('/sign-out', { method: 'POST' }));
  expect((await whoAmI(one)).status).toBe(401);

  await one.page.goto(`${url}/sign-in?return=/docs`);
  await one.page.fill('input[name=login]', account.login);
  await one.page.fill('input[name=password]', PASSWORD);
  await one.page.click('button');
  await one.page.waitForURL(`${url}/docs`);
  expect(await whoAmI(one)).toEqual({ status: 200, name: 'Quản trị' });
  expect(one.complaints).toEqual([]);
});

inBrowser('a page of another site sends nothing in the name of who is signed in here', async () => {
  const account = { name: 'Người khác', login: 'nguoi.khac', group: 'wg-other' };
  const one = await visit();
  await choosePassword(one.page, account);
  await one.page.goto(`data:text/html,<form method=post action="${url}/sign-out"><button>x</button></form>`);
  await one.page.click('button');
  await one.page.waitForURL(`${url}/sign-out`);
  expect(await one.page.textContent('body')).toContain('cross_site_request');
  expect((await whoAmI(one)).status).toBe(200);
});

inBrowser('the explorer shows every group of operations and asks nobody else', async () => {
  const { page, complaints } = await visit();
  await page.goto(`${url}/`);
  await page.waitForSelector('.opblock-tag');
  expect(new URL(page.url()).pathname).toBe('/docs');
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as { tags: unknown[] };
  expect(await page.locator('.opblock-tag').count()).toBe(document.tags.length);
  await page.locator('.opblock-tag').first().click();
  await page.waitForSelector('.opblock-summary');
  expect(complaints).toEqual([]);
});
