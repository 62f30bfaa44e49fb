import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { executeAssignments } from '../../src/engine/execute.js';
import { Deliveries, followRound, RETRY_AFTER_MS } from '../../src/engine/webhook-pump.js';
import { createWebhookSender } from '../../src/webhooks/sender.js';
import { startTestApi, type TestApi } from '../http/api-fixture.js';
import { until } from '../support/conducting.js';
import { deliverAll } from '../support/deliveries.js';
import { untilAllIsOld } from '../support/event-stream.js';
import {
  accepted,
  assignmentsByUnit,
  directiveContent,
  draftTask,
  type FixturePerson,
  type FixtureUnit,
  issuedDirective,
  requestOf,
} from '../support/fixtures.js';

interface Heard {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const OPTIONS = {
  pollMs: 1_000,
  source: 'https://dondoc.example.vn',
  batch: 100,
  perWebhook: 10,
  leaseMs: 60_000,
};

let api: TestApi;
let ids: Map<string, string>;
let receiver: Server;
let at: string;
const heard: Heard[] = [];
/** What each path answers with. */
const answers = new Map<string, { status: number; location?: string }>();

beforeAll(async () => {
  api = await startTestApi();
  const { justice, health } = api.group.units;
  const tasks = [draftTask({ leadUnitIds: [justice] }), draftTask({ leadUnitIds: [health] })];
  const directive = await issuedDirective(api.engine, api.group, directiveContent(tasks));
  ids = await assignmentsByUnit(api.engine.writer, directive);
  receiver = createServer((req, res) => {
    let body = '';
    req.on('data', (part: Buffer) => {
      body += part.toString('utf8');
    });
    req.on('end', () => {
      const path = req.url ?? '';
      heard.push({ path, headers: req.headers, body });
      const { status, location } = answers.get(path) ?? { status: 204 };
      res.writeHead(status, location === undefined ? {} : { location }).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const address = receiver.address();
  at = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
afterAll(async () => {
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
  await api.stop();
});

const as = async (who: FixturePerson, method: string, path: string, body?: unknown, headers = {}) =>
  await api.call(method, path, {
    token: api.group.signIn(who).token,
    headers,
    ...(body === undefined ? {} : { body }),
  });
const made = async (who: FixturePerson, path: string, types: string[] = []) =>
  (await as(who, 'POST', '/v1/webhooks', { label: path, url: `${at}${path}`, types })).body;
const report = async (unit: FixtureUnit): Promise<void> => {
  const request = requestOf(api.group.signIn(`unit:${unit}`).actor);
  const id = ids.get(api.group.units[unit]) ?? '';
  accepted(await executeAssignments(api.engine, request, [id], { action: 'report', input: { text: 'x' } }));
};
const sender = () => createWebhookSender({ allowedRanges: ['127.0.0.0/8'], timeoutMs: 5_000 });
async function pump(): Promise<void> {
  await untilAllIsOld(api.engine);
  while (await followRound(api.engine, OPTIONS));
  await deliverAll(api.engine, sender(), OPTIONS);
}
/** Makes what waits for its next attempt due. */
const skip = async (): Promise<void> => {
  await api.engine.writer.query("update webhook_delivery set next_at = now() where state = 'waiting'");
};
const at_ = (path: string): Heard[] => heard.filter((each) => each.path === path);

test.each([
  ['http://10.0.0.7/hook', 400],
  ['https://10.0.0.7/hook', 400],
  ['https://169.254.169.254/latest', 400],
  ['https://[::ffff:10.0.0.7]/hook', 400],
  ['https://[fd00::1]/hook', 400],
  ['http://203.0.113.9/hook', 400],
  ['http://8.8.8.8/hook', 400],
  ['https://8.8.8.8/hook', 201],
  ['http://localhost:9/hook', 201],
])(
  'an address inside that the configuration does not name is refused as it is written: %s',
  async (url, status) => {
    const answer = await as('unit:health', 'POST', '/v1/webhooks', { label: 'x', url, types: [] });
    expect([answer.status, answer.body.errors?.[0].pointer]).toEqual([
      status,
      status === 400 ? '/url' : undefined,
    ]);
    if (status === 201) {
      const path = `/v1/webhooks/${answer.body.id}`;
      const edited = await as(
        'unit:health',
        'PATCH',
        path,
        { url: 'https://10.0.0.7/' },
        { 'if-match': '"1"' },
      );
      expect(edited.status).toBe(400);
      await as('unit:health', 'DELETE', path);
    }
  },
);

describe('a webhook', () => {
  test('is told what its office may read, as signed CloudEvents, and shows what was delivered', async () => {
    const agency = await made('standing_agency', '/agency');
    const justice = await made('unit:justice', '/justice', ['assignment.reported']);
    await report('justice');
    await report('health');
    await pump();
    expect(at_('/agency').length).toBeGreaterThanOrEqual(2);
    const [message, ...more] = at_('/justice');
    expect(more).toEqual([]);
    const event = new Webhook(justice.secret).verify(
      message?.body ?? '',
      message?.headers as Record<string, string>,
    );
    expect(event).toMatchObject({
      specversion: '1.0',
      source: OPTIONS.source,
      type: 'vn.dondoc.assignment.reported.v1',
      subject: `/v1/assignments/${ids.get(api.group.units.justice) ?? ''}`,
      datacontenttype: 'application/json',
      data: { type: 'assignment.reported', unitId: api.group.units.justice },
    });
    expect(message?.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    const list = await as('unit:justice', 'GET', `/v1/webhooks/${justice.id}/deliveries`);
    expect(list.body.items).toEqual([
      expect.objectContaining({
        id: message?.headers['webhook-id'],
        state: 'delivered',
        status: 204,
        attempts: 1,
      }),
    ]);
    expect((await as('unit:justice', 'GET', '/v1/webhooks')).body.items).toHaveLength(1);
    expect((await as('unit:justice', 'GET', `/v1/webhooks/${agency.id}`)).status).toBe(404);
    expect((await as('unit:health', 'GET', `/v1/webhooks/${justice.id}/deliveries`)).status).toBe(404);
    expect(
      JSON.stringify((await as('unit:justice', 'GET', `/v1/webhooks/${justice.id}`)).body),
    ).not.toContain('whsec');
    await as('standing_agency', 'DELETE', `/v1/webhooks/${agency.id}`);
    await as('unit:justice', 'DELETE', `/v1/webhooks/${justice.id}`);
    expect((await as('unit:justice', 'GET', `/v1/webhooks/${justice.id}`)).status).toBe(404);
  });

  test('is tried again by the schedule, under one id, then given up and sent again on request', async () => {
    answers.set('/down', { status: 500 });
    const hook = await made('unit:health', '/down', ['assignment.reported']);
    await report('health');
    for (const _attempt of RETRY_AFTER_MS) {
      await pump();
      await skip();
    }
    const messages = at_('/down');
    expect(messages).toHaveLength(RETRY_AFTER_MS.length);
    expect(new Set(messages.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    const path = `/v1/webhooks/${hook.id}/deliveries`;
    const [dead] = (await as('unit:health', 'GET', path)).body.items;
    expect(dead).toMatchObject({
      state: 'dead',
      attempts: 10,
      status: 500,
      error: 'answered 500',
      nextAttemptAt: null,
    });
    answers.set('/down', { status: 200 });
    expect((await as('unit:health', 'POST', `${path}/${dead.id}/resend`)).status).toBe(202);
    await pump();
    expect((await as('unit:health', 'GET', path)).body.items[0]).toMatchObject({
      id: dead.id,
      state: 'delivered',
    });
    await as('unit:health', 'DELETE', `/v1/webhooks/${hook.id}`);
  });

  test('waits five seconds after the first attempt and five minutes after the second', async () => {
    answers.set('/slow', { status: 503 });
    const hook = await made('unit:health', '/slow', ['assignment.reported']);
    await report('health');
    await pump();
    const next = async (): Promise<number> => {
      const [item] = (await as('unit:health', 'GET', `/v1/webhooks/${hook.id}/deliveries`)).body.items;
      const { rows } = await api.engine.writer.query<{ now: number }>('select clock_timestamp() as now');
      return Date.parse(item.nextAttemptAt) - (rows[0]?.now ?? 0);
    };
    expect(Math.abs((await next()) - 5_000)).toBeLessThan(4_000);
    await skip();
    await pump();
    expect(Math.abs((await next()) - 300_000)).toBeLessThan(4_000);
    await as('unit:health', 'DELETE', `/v1/webhooks/${hook.id}`);
  });

  test('that answers 410 is disabled, says why, and goes on from now when it is enabled', async () => {
    answers.set('/gone', { status: 410 });
    const hook = await made('unit:health', '/gone', ['assignment.reported']);
    await report('health');
    await pump();
    const path = `/v1/webhooks/${hook.id}`;
    const disabled = await as('unit:health', 'GET', path);
    expect(disabled.body).toMatchObject({ state: 'disabled', reason: 'the receiver answered 410 Gone' });
    await report('health');
    // While anything older runs anywhere on the server, what was recorded meanwhile is not yet told from now.
    await untilAllIsOld(api.engine);
    answers.set('/gone', { status: 200 });
    const stale = await as('unit:health', 'PATCH', path, { state: 'active' }, { 'if-match': '"1"' });
    expect(stale).toMatchObject({ status: 412, body: { code: 'version_changed' } });
    const etag = disabled.headers.get('etag') ?? '';
    const enabled = await as('unit:health', 'PATCH', path, { state: 'active' }, { 'if-match': etag });
    expect(enabled.body).toMatchObject({ state: 'active', reason: null });
    await pump();
    expect(at_('/gone')).toHaveLength(1);
    await report('health');
    await pump();
    expect(at_('/gone')).toHaveLength(2);
    await as('unit:health', 'DELETE', path);
  });

  test('signs by the new secret and the one before after a rotation', async () => {
    const hook = await made('unit:health', '/rotated', ['assignment.reported']);
    const rotated = (await as('unit:health', 'POST', `/v1/webhooks/${hook.id}/rotate-secret`)).body;
    expect(rotated.secret).not.toBe(hook.secret);
    await report('health');
    await pump();
    const [message] = at_('/rotated');
    for (const secret of [hook.secret, rotated.secret])
      expect(() =>
        new Webhook(secret).verify(message?.body ?? '', message?.headers as Record<string, string>),
      ).not.toThrow();
    await as('unit:health', 'DELETE', `/v1/webhooks/${hook.id}`);
  });

  test('is never followed to where it redirects', async () => {
    answers.set('/moved', { status: 307, location: `${at}/elsewhere` });
    const hook = await made('unit:health', '/moved', ['assignment.reported']);
    await report('health');
    await pump();
    expect(at_('/moved')).toHaveLength(1);
    expect(at_('/elsewhere')).toEqual([]);
    const [delivery] = (await as('unit:health', 'GET', `/v1/webhooks/${hook.id}/deliveries`)).body.items;
    expect(delivery).toMatchObject({ state: 'waiting', status: 307 });
    await as('unit:health', 'DELETE', `/v1/webhooks/${hook.id}`);
  });

  test('whose maker has lost the grant is told nothing more', async () => {
    const { actor } = api.group.signIn('unit:communeA');
    await made('unit:communeA', '/left');
    const { rows } = await api.engine.writer.query<{ id: string }>(
      "update role_grant set valid_to = now() - interval '1 hour', valid_from = '-infinity' where person_id = $1 returning id",
      [actor.personId],
    );
    expect(rows).toHaveLength(1);
    await api.engine.writer.query(
      `insert into event (subject_kind, subject_id, seq, working_group_id, directive_id, unit_id, type, data, actor,
                          received_at, happened_at, recorded_at, hash)
       select 'assignment', gen_random_uuid(), 1, $1, directive_id, $2, 'tried', '{}', '{}', now(), now(), now(), ''
         from assignment limit 1`,
      [api.group.workingGroupId, api.group.units.communeA],
    );
    await pump();
    expect(at_('/left')).toEqual([]);
  });
});

test('a receiver that never answers holds up no other, and no more than its share of it is under way', async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/silent`;
  const body = { label: 'im lặng', url, types: ['assignment.reported'] };
  const mute = (await as('unit:justice', 'POST', '/v1/webhooks', body)).body;
  const hook = await made('unit:justice', '/heard', ['assignment.reported']);
  for (let count = 0; count < 5; count += 1) await report('justice');
  await untilAllIsOld(api.engine);
  while (await followRound(api.engine, OPTIONS));
  const patient = createWebhookSender({ allowedRanges: ['127.0.0.0/8'], timeoutMs: 60_000 });
  const deliveries = new Deliveries(api.engine, patient, { ...OPTIONS, perWebhook: 2 });
  await until('the other receiver has heard all', async () => {
    await deliveries.round();
    return at_('/heard').length === 5;
  });
  await until('only what waits for the silent one is under way', () => deliveries.underWay === 2);
  silent.closeAllConnections();
  await deliveries.settled();
  await new Promise((resolve) => silent.close(resolve));
  for (const { id } of [mute, hook]) await as('unit:justice', 'DELETE', `/v1/webhooks/${id}`);
});

test('what a removed webhook had to be told is let go', async () => {
  const hook = await made('unit:justice', '/removed', ['assignment.reported']);
  await report('justice');
  await untilAllIsOld(api.engine);
  while (await followRound(api.engine, OPTIONS));
  const kept = async () =>
    (await api.engine.writer.query('select 1 from webhook_delivery where webhook_id = $1', [hook.id]))
      .rowCount;
  expect(await kept()).toBe(1);
  await as('unit:justice', 'DELETE', `/v1/webhooks/${hook.id}`);
  await pump();
  expect(await kept()).toBe(0);
  expect(at_('/removed')).toEqual([]);
});

test('a type that no event has is refused, with those there are', async () => {
  const body = { label: 'x', url: `${at}/x`, types: ['assignment.submitted', 'assignment.sumbitted'] };
  const answer = await as('unit:health', 'POST', '/v1/webhooks', body);
  expect(answer).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '/types/1', code: 'unknown_type' }] },
  });
  expect(answer.body.errors[0].detail).toContain('assignment.submitted');
  const stream = await as('unit:health', 'GET', '/v1/events?type=asignment');
  expect(stream).toMatchObject({ status: 400, body: { errors: [{ pointer: '/query/type' }] } });
});

test('two workers at once deliver every event once', async () => {
  const hook = await made('unit:justice', '/twice', ['assignment.reported']);
  for (let count = 0; count < 20; count += 1) await report('justice');
  await Promise.all([pump(), pump(), pump()]);
  const messages = at_('/twice').map(({ headers }) => headers['webhook-id']);
  expect(messages).toHaveLength(20);
  expect(new Set(messages).size).toBe(20);
  await as('unit:justice', 'DELETE', `/v1/webhooks/${hook.id}`);
});
