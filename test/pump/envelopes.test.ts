import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import type { PersonActor } from '../../src/domain/actor.js';
import type { AssignmentCommand } from '../../src/domain/assignment/commands.js';
import { issueBatch } from '../../src/engine/conduct.js';
import {
  listDeadLetters,
  retryDeadLetters,
  sealDueItems,
  sendReadyEnvelopes,
} from '../../src/engine/envelopes.js';
import { executeAssignments } from '../../src/engine/execute.js';
import type { Pump } from '../../src/engine/pump.js';
import { type MailCatcher, startMailCatcher } from '../../src/mail/catcher.js';
import { createMailTransport, type MailTransport } from '../../src/mail/transport.js';
import { until } from '../support/conducting.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { addItem, type ItemSeed, itemsOf, letters, quickOptions, startPump } from '../support/outbox.js';
import { assignmentOf, issue } from '../support/story.js';
import { createWorld, subjectOf, type World } from '../support/world.js';

let database: TestDatabase;
let world: World;
let catcher: MailCatcher;
let mail: MailTransport;
let directiveId: string;
const assignments: Record<'health' | 'justice', string> = { health: '', justice: '' };
const pumps: Pump[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url);
  catcher = await startMailCatcher({ smtpPort: 0 });
  mail = createMailTransport({
    url: catcher.smtpUrl,
    from: 'Dondoc <dondoc@dondoc.example>',
    connections: 2,
  });
  directiveId = await issue(world, ['health', 'justice'], 'within 10 days');
  await issueBatch(world.engine, directiveId);
  for (const unit of ['health', 'justice'] as const) {
    assignments[unit] = (await assignmentOf(world, directiveId, unit))?.id ?? '';
  }
  await world.sql('delete from item');
});
afterEach(async () => {
  await Promise.all(pumps.splice(0).map(async (pump) => await pump.stop()));
  catcher.judgeBy(undefined);
  catcher.clear();
  await world.sql('delete from item');
  await world.sql('delete from envelope');
});
afterAll(async () => {
  mail.close();
  await catcher.stop();
  await world.close();
  await database.drop();
});

const add = async (seed: Partial<ItemSeed> = {}): Promise<string> =>
  await addItem(world, {
    directiveId,
    assignmentId: assignments[seed.unit === 'justice' ? 'justice' : 'health'],
    ...seed,
  });
const options = quickOptions();
const sealing = { ...options.sealing, writer: letters, messageDomain: options.messageDomain };
const seal = async (): Promise<void> => {
  while (await sealDueItems(world.engine, sealing));
};
const send = async (transport = mail) => await sendReadyEnvelopes(world.engine, transport, options.sending);

async function addPerson(name: string, email: string | null, locale = 'vi'): Promise<string> {
  const id = uuidv7();
  await world.sql('insert into person (id, name, email, locale) values ($1, $2, $3, $4)', [
    id,
    name,
    email,
    locale,
  ]);
  return id;
}

interface Stored extends Record<string, unknown> {
  readonly address: string;
  readonly subject: string;
  readonly body_text: string;
  readonly locale: string;
  readonly state: string;
  readonly attempts: number;
  readonly message_id: string;
}
const envelopes = async (): Promise<Stored[]> =>
  await world.sql<Stored>('select * from envelope order by address');

describe('items become envelopes', () => {
  test('of one receiver they are joined, each with code, title, deadline, directive and a link', async () => {
    const ids = [
      await add(),
      await add({ template: 'assigned', params: { code: '7', reason: 'vì sao' } }),
      await add({ unit: 'justice' }),
    ];
    await seal();
    const found = await envelopes();
    expect(found.map(({ address }) => address)).toEqual(['health@example.vn', 'justice@example.vn']);
    expect(found[0]?.subject).toBe('[Đôn đốc] 2 nội dung: Nhắc nhiệm vụ sắp đến hạn: Việc của health');
    for (const words of [
      '7 – Việc của health',
      'Lý do: vì sao',
      '01/KH-TCT – Kế hoạch thử',
      '(giờ +07:00)',
      `/assignments/${assignments.health}`,
    ]) {
      expect(found[0]?.body_text).toContain(words);
    }
    expect((await itemsOf(world, ids)).map(({ state }) => state)).toEqual([
      'enveloped',
      'enveloped',
      'enveloped',
    ]);
  });

  test('not before the receiver’s hours open', async () => {
    const id = await add({ opensInMs: 60_000 });
    await seal();
    expect((await itemsOf(world, [id]))[0]?.state).toBe('waiting');
  });

  test('of one assignment’s ladder the highest rung is kept, and notices stand beside it', async () => {
    const held = { holds: 'while_unanswered' as const };
    const ids = [
      await add({ ...held, rank: 10 }),
      await add({ ...held, rank: 20, template: 'urge' }),
      await add({ template: 'deadline_adjusted', rank: 5 }),
      await add({ ...held, rank: 10, unit: 'justice' }),
    ];
    await seal();
    const states = await itemsOf(world, ids);
    expect(states.map(({ state }) => state)).toEqual(['superseded', 'enveloped', 'enveloped', 'enveloped']);
    expect(states[0]?.note).toContain('higher step');
  });

  test('what was answered before it could be told is superseded; what happened is told all the same', async () => {
    const justice = world.request(world.as('unit', 'justice'));
    const submit = { action: 'submit' as const, input: { text: 'Xong' } };
    subjectOf(await executeAssignments(world.engine, justice, [assignments.justice], submit));
    await world.sql('delete from item');
    const ids = [
      await add({ unit: 'justice', holds: 'while_unanswered', rank: 20 }),
      await add({ unit: 'justice', template: 'confirmed' }),
      await add({ holds: 'while_unanswered', cycle: 7 }),
    ];
    await seal();
    const states = await itemsOf(world, ids);
    expect(states.map(({ state }) => state)).toEqual(['superseded', 'enveloped', 'superseded']);
    expect(states[2]?.note).toContain('new deadline');
    const recall = { action: 'recall' as const, input: { reason: 'thử' } };
    subjectOf(
      await executeAssignments(
        world.engine,
        world.request(world.as('unit', 'justice')),
        [assignments.justice],
        recall,
      ),
    );
  });

  test('a notice or a question that was settled overnight is dropped, so that no letter contradicts itself', async () => {
    const on = async (actor: PersonActor, command: AssignmentCommand) =>
      subjectOf(await executeAssignments(world.engine, world.request(actor), [assignments.justice], command));
    const unit = world.as('unit', 'justice');
    const agency = world.as('standing_agency');
    await on(unit, { action: 'submit', input: { text: 'Xong' } });
    await on(agency, { action: 'return', input: { reason: 'thiếu phụ lục' } });
    await on(unit, { action: 'request_extension', input: { deadline: 'within 20 days', reason: 'thử' } });
    const [matter] = await world.sql<{ id: string }>("select id from matter where kind = 'extension'");
    const grant = { id: matter?.id ?? '', decision: 'grant' as const, reason: 'được' };
    await on(agency, { action: 'decide_extension', input: grant });
    await on(unit, { action: 'submit', input: { text: 'Xong' } });
    await on(agency, { action: 'confirm', input: {} });
    await seal();
    const states = await world.sql<{ template: string; state: string }>(
      'select template, state from item order by id',
    );
    expect(states.map(({ template, state }) => `${template} ${state}`)).toEqual([
      'submitted superseded',
      'returned superseded',
      'extension_requested superseded',
      'extension_decided enveloped',
      'submitted superseded',
      'confirmed enveloped',
    ]);
    const [letter] = await envelopes();
    expect(letter?.body_text).toContain('Lý do: được');
    await on(agency, { action: 'reopen', input: { reason: 'thử', deadline: 'within 10 days' } });
  });

  test('an officer who serves in the unit no more is not told: its own address is', async () => {
    const officer = await addPerson('Officer', 'gone@example.vn');
    await world.sql(
      "update assignment set body = jsonb_set(body, '{officerId}', to_jsonb($2::text)) where id = $1",
      [assignments.health, officer],
    );
    await world.sql(
      `insert into role_grant (id, person_id, working_group_id, role, unit_id, valid_from, valid_to)
       values (gen_random_uuid(), $1, $2, 'unit', $3, app_now() - interval '9 days', app_now() - interval '1 day')`,
      [officer, world.groupId, world.units.health],
    );
    await add({ to: 'officer' });
    await seal();
    expect((await envelopes()).map(({ address }) => address)).toEqual(['health@example.vn']);
  });

  test('offices are who holds them today: officer, head, supervisors each in their language', async () => {
    const officer = await addPerson('Officer', 'officer@example.vn');
    const [head, former] = [
      await addPerson('Head', 'head@example.vn'),
      await addPerson('Former', 'former@example.vn'),
    ];
    const supervisors = [
      await addPerson('Ông A', 'a@example.vn'),
      await addPerson('Ms B', 'b@example.vn', 'en'),
    ];
    await world.sql(
      "update assignment set body = jsonb_set(body, '{officerId}', to_jsonb($2::text)) where id = $1",
      [assignments.health, officer],
    );
    const grants = `insert into role_grant (id, person_id, working_group_id, role, unit_id) values (gen_random_uuid(), $1, $2, 'unit', $3)`;
    await world.sql(grants, [officer, world.groupId, world.units.health]);
    await world.sql(
      `insert into unit_head (id, unit_id, person_id, valid_from, valid_to)
       values (gen_random_uuid(), $1, $2, '2020-01-01', '2021-01-01'), (gen_random_uuid(), $1, $3, '2021-01-01', null)`,
      [world.units.health, former, head],
    );
    for (const person of supervisors) {
      await world.sql(
        "insert into role_grant (id, person_id, working_group_id, role) values (gen_random_uuid(), $1, $2, 'supervisor')",
        [person, world.groupId],
      );
    }
    const item = await add({ to: 'supervisor', unit: null, template: 'supervisor' });
    await add({ to: 'officer' });
    await add({ to: 'head' });
    await add({ to: 'head', unit: 'justice' });
    await add({ to: 'monitor', unit: 'agency' });
    await seal();
    const found = await envelopes();
    expect(found.map(({ address, locale }) => `${address} ${locale}`)).toEqual([
      'a@example.vn vi',
      'agency@example.vn vi',
      'b@example.vn en',
      'head@example.vn vi',
      'justice@example.vn vi',
      'officer@example.vn vi',
    ]);
    expect(found.find(({ locale }) => locale === 'en')?.subject).toMatch(/^\[Dondoc\] Overdue tasks/);
    // Each supervisor's delivery is a row of its own.
    const rows = await world.sql(
      "select envelope_id from item where id = $1::uuid or key like $1::uuid::text || ':%'",
      [item],
    );
    expect(new Set(rows.map(({ envelope_id }) => envelope_id)).size).toBe(2);
  });

  test('who has acknowledged a reminder is not reminded again, while the others are', async () => {
    const officer = await addPerson('Officer', 'repeat@example.vn');
    await world.sql(
      "update assignment set body = jsonb_set(body, '{officerId}', to_jsonb($2::text)) where id = $1",
      [assignments.justice, officer],
    );
    await world.sql(
      "insert into role_grant (id, person_id, working_group_id, role, unit_id) values (gen_random_uuid(), $1, $2, 'unit', $3)",
      [officer, world.groupId, world.units.justice],
    );
    const [step, repeat] = [uuidv7(), uuidv7()];
    for (const [id, name] of [
      [step, 'remind-7'],
      [repeat, 'remind-3'],
    ]) {
      await world.sql(
        `insert into step_taken (id, subject_kind, subject_id, step, cycle, kind, working_group_id, directive_id, assignment_id,
                                 unit_id, planned_at, taken_at, recipients, policy_text, calendar, message)
         select $1, 'assignment', id, $2, 99, 'reminder', working_group_id, directive_id, id, unit_id, now(), now(), '[]', '', '', 'sent'
           from assignment where id = $3`,
        [id, name, assignments.justice],
      );
    }
    await world.sql(
      'insert into step_acknowledgement (step_id, person_id, working_group_id, at) values ($1, $2, $3, now())',
      [step, officer, world.groupId],
    );
    const seed = { to: 'officer', unit: 'justice' as const };
    const ids = [await add(seed), await add({ ...seed, to: 'unit' })];
    await world.sql('update item set step_id = $1 where id = any($2::uuid[])', [repeat, ids]);
    await seal();
    const states = await itemsOf(world, ids);
    expect(states.map(({ state }) => state)).toEqual(['superseded', 'enveloped']);
    expect(states[0]?.note).toContain('acknowledged');
  });

  test('an office without an address is shown as undeliverable, with the reason', async () => {
    await world.sql('update unit set email = null where id = $1', [world.units.finance]);
    const id = await add({ to: 'head', unit: 'finance' });
    await seal();
    expect((await itemsOf(world, [id]))[0]).toMatchObject({
      state: 'undeliverable',
      note: expect.stringContaining('head of unit'),
    });
    expect(await envelopes()).toEqual([]);
  });

  test('a receiver whom the size of a round would cut in two gets one letter all the same', async () => {
    for (let count = 0; count < 3; count += 1) {
      await add();
      await add({ unit: 'justice' });
    }
    const small = { ...sealing, mostItems: 4 };
    while (await sealDueItems(world.engine, small));
    expect((await envelopes()).map(({ address }) => address)).toEqual([
      'health@example.vn',
      'justice@example.vn',
    ]);
  });

  test('two that seal at the same time make one envelope', async () => {
    for (let count = 0; count < 20; count += 1) await add();
    await Promise.all([seal(), seal(), seal()]);
    await seal();
    expect(await envelopes()).toHaveLength(1);
  });
});

describe('envelopes are sent', () => {
  test('by the pump, once each, with the Message-ID that was stored before', async () => {
    pumps.push(startPump(world, { mail }), startPump(world, { mail }));
    await add();
    await add({ unit: 'justice' });
    const mails = await catcher.waitFor((all) => all.length === 2);
    await until('both are noted', async () => (await envelopes()).every(({ state }) => state === 'sent'));
    expect(mails.map(({ messageId }) => messageId).sort()).toEqual(
      (await envelopes()).map(({ message_id }) => message_id).sort(),
    );
    expect(catcher.messages()).toHaveLength(2);
    expect(mails.every(({ html, text }) => html !== null && text.includes('Kính gửi'))).toBe(true);
  });

  test('also when the process died between storing and sending', async () => {
    await add();
    await seal();
    const [stored] = await envelopes();
    // Claimed by a process that is gone: nobody sends it until the lease has run out.
    await world.sql("update envelope set leased_until = clock_timestamp() + interval '200 milliseconds'");
    pumps.push(startPump(world, { mail }));
    const [caught] = await catcher.waitFor((all) => all.length === 1);
    expect(caught?.messageId).toBe(stored?.message_id);
  });

  test('again under the same Message-ID when nobody knows whether it arrived', async () => {
    let hungUp = 0;
    catcher.judgeBy(() => (hungUp++ === 0 ? 'hang up' : undefined));
    pumps.push(startPump(world, { mail }));
    await add();
    const mails = await catcher.waitFor((all) => all.length === 2);
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(1);
  });

  test('a refused one comes again later, and after some refusals is a dead letter that can be revived', async () => {
    catcher.judgeBy(() => ({ code: 451, message: 'try later' }));
    pumps.push(startPump(world, { mail }));
    await add();
    await until('it is dead', async () => (await listDeadLetters(world.engine)).length === 1);
    const [dead] = await listDeadLetters(world.engine);
    expect(dead).toMatchObject({
      address: 'health@example.vn',
      attempts: 3,
      lastError: expect.stringContaining('try later'),
    });
    catcher.judgeBy(undefined);
    expect(await retryDeadLetters(world.engine, [dead?.id ?? ''])).toBe(1);
    await catcher.waitFor((all) => all.length === 1);
  });

  test('a mail server that is down takes no attempt from any, and gets all when it is back', async () => {
    await catcher.stopSmtp();
    await add();
    await add({ unit: 'justice' });
    await seal();
    pumps.push(startPump(world, { mail }));
    await until('it has been tried', async () => {
      const rows = await world.sql('select 1 from envelope where last_error is not null');
      return rows.length > 0;
    });
    expect((await envelopes()).map(({ state, attempts }) => ({ state, attempts }))).toEqual([
      { state: 'ready', attempts: 0 },
      { state: 'ready', attempts: 0 },
    ]);
    await catcher.startSmtp();
    await catcher.waitFor((all) => all.length === 2);
  });

  test('once where the server takes longer than a lease, however many workers look', async () => {
    let answering = 0;
    const slow: MailTransport = {
      ...mail,
      send: async (letter) => {
        answering += 1;
        await delay(900);
        return await mail.send(letter);
      },
    };
    const short = { ...options.sending, leaseMs: 300 };
    pumps.push(...[1, 2].map(() => startPump(world, { mail: slow }, { sending: { ...short, attempts: 3 } })));
    await add();
    await until('it is sent', async () => (await envelopes()).some(({ state }) => state === 'sent'));
    expect({ answering, caught: catcher.messages().length }).toEqual({ answering: 1, caught: 1 });
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
      ...mail,
      send: async (letter) => {
        const rows = await world.sql<{ n: number }>(
          "select count(*)::int as n from pg_stat_activity where application_name = 'test-writer' and datname = current_database() and state <> 'idle'",
        );
        seen.push(rows[0]?.n ?? -1);
        return await mail.send(letter);
      },
    });
    expect(seen).toEqual([0]);
  });
});
