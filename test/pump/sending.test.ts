import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { listDeadLetters, retryDeadLetters } from '../../src/engine/envelopes.js';
import { createMailTransport, type MailTransport } from '../../src/mail/transport.js';
import { until } from '../support/conducting.js';
import { startPump } from '../support/outbox.js';

import { mailing, options } from './mailing.js';

const setting = mailing();
const { pumps, add, seal, send, envelopes } = setting;

describe('envelopes are sent', () => {
  test('by the pump, once each, with the Message-ID that was stored before', async () => {
    pumps.push(
      startPump(setting.world, { mail: setting.mail }),
      startPump(setting.world, { mail: setting.mail }),
    );
    await add();
    await add({ unit: 'justice' });
    const mails = await setting.catcher.waitFor((all) => all.length === 2);
    await until('both are noted', async () => (await envelopes()).every(({ state }) => state === 'sent'));
    expect(mails.map(({ messageId }) => messageId).sort()).toEqual(
      (await envelopes()).map(({ message_id }) => message_id).sort(),
    );
    expect(setting.catcher.messages()).toHaveLength(2);
    expect(mails.every(({ html, text }) => html !== null && text.includes('Kính gửi'))).toBe(true);
  });

  test('also when the process died between storing and sending', async () => {
    await add();
    await seal();
    const [stored] = await envelopes();
    // Claimed by a process that is gone: nobody sends it until the lease has run out.
    await setting.world.sql(
      "update envelope set leased_until = clock_timestamp() + interval '200 milliseconds'",
    );
    pumps.push(startPump(setting.world, { mail: setting.mail }));
    const [caught] = await setting.catcher.waitFor((all) => all.length === 1);
    expect(caught?.messageId).toBe(stored?.message_id);
  });

  test('again under the same Message-ID when nobody knows whether it arrived', async () => {
    let hungUp = 0;
    setting.catcher.judgeBy(() => (hungUp++ === 0 ? 'hang up' : undefined));
    pumps.push(startPump(setting.world, { mail: setting.mail }));
    await add();
    const mails = await setting.catcher.waitFor((all) => all.length === 2);
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(1);
  });

  test('a refused one comes again later, and after some refusals is a dead letter that can be revived', async () => {
    setting.catcher.judgeBy(() => ({ code: 451, message: 'try later' }));
    pumps.push(startPump(setting.world, { mail: setting.mail }));
    await add();
    await until('it is dead', async () => (await listDeadLetters(setting.world.engine)).length === 1);
    const [dead] = await listDeadLetters(setting.world.engine);
    expect(dead).toMatchObject({
      address: 'health@example.vn',
      attempts: 3,
      lastError: expect.stringContaining('try later'),
    });
    setting.catcher.judgeBy(undefined);
    expect(await retryDeadLetters(setting.world.engine, [dead?.id ?? ''])).toBe(1);
    await setting.catcher.waitFor((all) => all.length === 1);
  });

  test('a mail server that is down takes no attempt from any, and gets all when it is back', async () => {
    await setting.catcher.stopSmtp();
    await add();
    await add({ unit: 'justice' });
    await seal();
    pumps.push(startPump(setting.world, { mail: setting.mail }));
    await until('it has been tried', async () => {
      const rows = await setting.world.sql('select 1 from envelope where last_error is not null');
      return rows.length > 0;
    });
    expect((await envelopes()).map(({ state, attempts }) => ({ state, attempts }))).toEqual([
      { state: 'ready', attempts: 0 },
      { state: 'ready', attempts: 0 },
    ]);
    await setting.catcher.startSmtp();
    await setting.catcher.waitFor((all) => all.length === 2);
  });

  test('once where the server takes longer than a lease, however many workers look', async () => {
    let answering = 0;
    const slow: MailTransport = {
      ...setting.mail,
      send: async (letter) => {
        answering += 1;
        await delay(900);
        return await setting.mail.send(letter);
      },
    };
    const short = { ...options.sending, leaseMs: 300 };
    pumps.push(
      ...[1, 2].map(() => startPump(setting.world, { mail: slow }, { sending: { ...short, attempts: 3 } })),
    );
    await add();
    await until('it is sent', async () => (await envelopes()).some(({ state }) => state === 'sent'));
    expect({ answering, caught: setting.catcher.messages().length }).toEqual({ answering: 1, caught: 1 });
  });

  test('no longer than the deadline of one mail, whose connection is then cut', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      // It always says something, so that no timeout between two answers ever ends it.
      socket.write('220-wait\r\n');
      const talking = setInterval(() => socket.write('220-wait\r\n'), 50);
      socket.on('close', () => clearInterval(talking));
    });
    await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const impatient = createMailTransport({
      url: `smtp://127.0.0.1:${port}`,
      from: 'a@b.example',
      connections: 1,
      withinMs: 300,
    });
    const closed = new Promise<void>((settle) => {
      server.on('connection', (socket) => socket.on('close', () => settle()));
    });
    await add();
    await seal();
    expect(await send(impatient)).toMatchObject({ reachable: false });
    await closed;
    impatient.close();
    await new Promise((settle) => server.close(settle));
  });

  test('while it is sent no transaction is open', async () => {
    await add();
    await seal();
    const seen: number[] = [];
    await send({
      ...setting.mail,
      send: async (letter) => {
        const rows = await setting.world.sql<{ n: number }>(
          "select count(*)::int as n from pg_stat_activity where application_name = 'test-writer' and datname = current_database() and state <> 'idle'",
        );
        seen.push(rows[0]?.n ?? -1);
        return await setting.mail.send(letter);
      },
    });
    expect(seen).toEqual([0]);
  });
});
