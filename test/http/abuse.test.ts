import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withFiles } from '../../src/engine/file-ports.js';
import { followRound } from '../../src/engine/webhook-pump.js';
import { openFiles } from '../../src/files/open.js';
import { SignInThrottle } from '../../src/http/sign-in/throttle.js';
import { createWebhookSender } from '../../src/webhooks/sender.js';
import { until } from '../support/conducting.js';
import { deliverAll } from '../support/deliveries.js';
import { openEvents, untilAllIsOld } from '../support/event-stream.js';
import {
  assignmentsByUnit,
  directiveContent,
  draftTask,
  type FixturePerson,
  issuedDirective,
} from '../support/fixtures.js';
import { dateOf, EVERY_DAY } from '../support/reporting.js';
import { type Answer, startTestApi, type TestApi } from './api-fixture.js';

/** Ways in which one caller could stop, slow down or lock out others. */

const OPTIONS = { pollMs: 1_000, source: 'x', batch: 100, perWebhook: 10, leaseMs: 60_000 };

let api: TestApi;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dondoc-abuse-'));
  const files = await openFiles({ filesDir: folder, s3Bucket: 'unused', s3Region: 'x' }, 'incoming');
  api = await startTestApi({ calendar: EVERY_DAY, wire: (engine) => withFiles(engine, files) });
});
afterAll(async () => {
  await api.stop();
  rmSync(folder, { recursive: true, force: true });
});

const token = (who: FixturePerson): string => api.group.signIn(who).token;
const post = async (who: FixturePerson, path: string, body: object): Promise<Answer> =>
  await api.call('POST', path, { token: token(who), body, headers: { 'idempotency-key': randomUUID() } });

test('events of reports and their regimes go through streams and webhooks like all others', async () => {
  await untilAllIsOld(api.engine);
  const stream = await openEvents(`${api.url}/v1/events`, token('standing_agency'));
  await until('the stream has begun', () => stream.lastId() !== '');
  const webhook = { label: 'all', url: 'http://127.0.0.1:9/x', types: [] };
  const hook = await post('standing_agency', '/v1/webhooks', webhook);
  const { rows } = await api.engine.writer.query<{ now: number }>('select app_now() as now');
  const made = await post('standing_agency', '/v1/reporting-regimes', {
    name: 'Báo cáo ngày',
    nameEn: 'Daily report',
    periodicity: { kind: 'daily' },
    startsOn: dateOf(rows[0]?.now ?? 0),
    levels: [{ groupCodes: ['commune'] }],
  });
  expect(made.status).toBe(201);
  await untilAllIsOld(api.engine);
  await until('the regime is told of', () => stream.events.length > 0);
  expect(JSON.stringify(stream.events)).toContain(`/v1/reporting-regimes/${made.body.id}`);
  stream.close();
  while (await followRound(api.engine, OPTIONS));
  const told = await api.engine.writer.query(
    'select event_type from webhook_delivery where webhook_id = $1',
    [hook.body.id],
  );
  expect(told.rows.map(({ event_type }) => event_type)).toContain('regime.created');
  await api.call('DELETE', `/v1/webhooks/${hook.body.id}`, { token: token('standing_agency') });
});

test('webhooks that are gone hold up no other, however much they had waiting', async () => {
  const heard: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    heard.push(request.url);
    request.resume();
    response.writeHead(204).end();
  });
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  const { port } = server.address() as AddressInfo;
  const make = async (name: string): Promise<string> =>
    (
      await post('standing_agency', '/v1/webhooks', {
        label: name,
        url: `http://127.0.0.1:${port}/${name}`,
        types: [],
      })
    ).body.id;
  const task = draftTask({ leadUnitIds: [api.group.units.justice] });
  const directive = await issuedDirective(api.engine, api.group, directiveContent([task]));
  const id = (await assignmentsByUnit(api.engine.writer, directive)).get(api.group.units.justice) ?? '';
  const report = async () =>
    await post('unit:justice', `/v1/assignments/${id}/progress`, { text: 'Đang làm' });
  const off = [];
  for (let n = 0; n < 10; n += 1) off.push(await make(`off${n}`));
  for (let n = 0; n < 12; n += 1) await report();
  await untilAllIsOld(api.engine);
  while (await followRound(api.engine, OPTIONS));
  for (const one of off) await api.call('DELETE', `/v1/webhooks/${one}`, { token: token('standing_agency') });
  await make('on');
  await report();
  await untilAllIsOld(api.engine);
  while (await followRound(api.engine, OPTIONS));
  const sender = createWebhookSender({ allowedRanges: ['127.0.0.0/8'], timeoutMs: 2_000 });
  await deliverAll(api.engine, sender, OPTIONS);
  await new Promise((settle) => server.close(settle));
  expect(new Set(heard)).toEqual(new Set(['/on']));
});

test('wrong passwords from one address lock nobody out elsewhere', async () => {
  const throttle = new SignInThrottle(api.engine.writer);
  for (let tries = 0; tries < 60; tries += 1) await throttle.tried('victim', '203.0.113.9');
  expect(await throttle.tried('victim', '203.0.113.9')).not.toBeNull();
  expect(await throttle.tried('victim', '198.51.100.7')).toBeNull();
  // Whoever has one address of an IPv6 network has them all.
  for (let host = 0; host < 6; host += 1) await throttle.tried('other', `2001:db8:1:2::${host}`);
  expect(await throttle.tried('other', '2001:db8:1:2:aaaa::1')).not.toBeNull();
  expect(await throttle.tried('other', '2001:db8:1:3::1')).toBeNull();
});

/** As a browser or a proxy asks: `fetch` says beside the condition that it wants nothing from any cache. */
async function conditional(
  url: string,
  headers: Record<string, string>,
): Promise<[number | undefined, string]> {
  return await new Promise((settle, reject) => {
    get(url, { headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => settle([response.statusCode, text]));
    }).on('error', reject);
  });
}

test('a file that is asked for without its content, or known already, is not left open', async () => {
  const form = new FormData();
  form.append('file', new Blob(['Biên bản']), 'bien-ban.txt');
  const { body } = await api.call('POST', '/v1/files', { token: token('unit:justice'), body: form });
  const headers = { authorization: `Bearer ${token('unit:justice')}` };
  const url = `${api.url}/v1/files/${body.id}`;
  const { headers: given } = await fetch(url, { method: 'HEAD', headers });
  const etag = given.get('etag') ?? '';
  const open = () => readdirSync('/proc/self/fd').length;
  const before = open();
  for (let n = 0; n < 40; n += 1) {
    expect((await fetch(url, { method: 'HEAD', headers })).status).toBe(200);
    expect(await conditional(url, { ...headers, 'if-none-match': etag })).toEqual([304, '']);
  }
  await until('what was opened is closed', () => open() - before < 10);
});

test('of a body that is wrong everywhere a hundred places are told', async () => {
  const rows = Array.from({ length: 6_000 }, () => '"\\u0001"').join(',');
  const answer = await api.call('POST', '/v1/webhooks', {
    token: token('standing_agency'),
    body: `{"rows":[${rows}]}`,
    headers: { 'content-type': 'application/json' },
  });
  expect([answer.status, answer.body.errors?.length]).toEqual([400, 100]);
});
