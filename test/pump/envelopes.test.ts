import { describe, expect, test } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import type { PersonActor } from '../../src/domain/actor.js';
import type { AssignmentCommand } from '../../src/domain/assignment/commands.js';
import { sealDueItems } from '../../src/engine/envelopes.js';
import { executeAssignments } from '../../src/engine/execute.js';
import { itemsOf } from '../support/outbox.js';
import { subjectOf } from '../support/world.js';

import { mailing, sealing } from './mailing.js';

const setting = mailing();
const { assignments, add, seal, envelopes } = setting;

async function addPerson(name: string, email: string | null, locale = 'vi'): Promise<string> {
  const id = uuidv7();
  await setting.world.sql('insert into person (id, name, email, locale) values ($1, $2, $3, $4)', [
    id,
    name,
    email,
    locale,
  ]);
  return id;
}

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
    expect((await itemsOf(setting.world, ids)).map(({ state }) => state)).toEqual([
      'enveloped',
      'enveloped',
      'enveloped',
    ]);
  });

  test('not before the receiver’s hours open', async () => {
    const id = await add({ opensInMs: 60_000 });
    await seal();
    expect((await itemsOf(setting.world, [id]))[0]?.state).toBe('waiting');
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
    const states = await itemsOf(setting.world, ids);
    expect(states.map(({ state }) => state)).toEqual(['superseded', 'enveloped', 'enveloped', 'enveloped']);
    expect(states[0]?.note).toContain('higher step');
  });

  test('what was answered before it could be told is superseded; what happened is told all the same', async () => {
    const justice = setting.world.request(setting.world.as('unit', 'justice'));
    const submit = { action: 'submit' as const, input: { text: 'Xong' } };
    subjectOf(await executeAssignments(setting.world.engine, justice, [assignments.justice], submit));
    await setting.world.sql('delete from item');
    const ids = [
      await add({ unit: 'justice', holds: 'while_unanswered', rank: 20 }),
      await add({ unit: 'justice', template: 'confirmed' }),
      await add({ holds: 'while_unanswered', cycle: 7 }),
    ];
    await seal();
    const states = await itemsOf(setting.world, ids);
    expect(states.map(({ state }) => state)).toEqual(['superseded', 'enveloped', 'superseded']);
    expect(states[2]?.note).toContain('new deadline');
    const recall = { action: 'recall' as const, input: { reason: 'thử' } };
    subjectOf(
      await executeAssignments(
        setting.world.engine,
        setting.world.request(setting.world.as('unit', 'justice')),
        [assignments.justice],
        recall,
      ),
    );
  });

  test('a notice or a question that was settled overnight is dropped, so that no letter contradicts itself', async () => {
    const on = async (actor: PersonActor, command: AssignmentCommand) =>
      subjectOf(
        await executeAssignments(
          setting.world.engine,
          setting.world.request(actor),
          [assignments.justice],
          command,
        ),
      );
    const unit = setting.world.as('unit', 'justice');
    const agency = setting.world.as('standing_agency');
    await on(unit, { action: 'submit', input: { text: 'Xong' } });
    await on(agency, { action: 'return', input: { reason: 'thiếu phụ lục' } });
    await on(unit, { action: 'request_extension', input: { deadline: 'within 20 days', reason: 'thử' } });
    const [matter] = await setting.world.sql<{ id: string }>(
      "select id from matter where kind = 'extension'",
    );
    const grant = { id: matter?.id ?? '', decision: 'grant' as const, reason: 'được' };
    await on(agency, { action: 'decide_extension', input: grant });
    await on(unit, { action: 'submit', input: { text: 'Xong' } });
    await on(agency, { action: 'confirm', input: {} });
    await seal();
    const states = await setting.world.sql<{ template: string; state: string }>(
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
    await setting.world.sql(
      "update assignment set body = jsonb_set(body, '{officerId}', to_jsonb($2::text)) where id = $1",
      [assignments.health, officer],
    );
    await setting.world.sql(
      `insert into role_grant (id, person_id, working_group_id, role, unit_id, valid_from, valid_to)
       values (gen_random_uuid(), $1, $2, 'unit', $3, app_now() - interval '9 days', app_now() - interval '1 day')`,
      [officer, setting.world.groupId, setting.world.units.health],
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
    await setting.world.sql(
      "update assignment set body = jsonb_set(body, '{officerId}', to_jsonb($2::text)) where id = $1",
      [assignments.health, officer],
    );
    const grants = `insert into role_grant (id, person_id, working_group_id, role, unit_id) values (gen_random_uuid(), $1, $2, 'unit', $3)`;
    await setting.world.sql(grants, [officer, setting.world.groupId, setting.world.units.health]);
    await setting.world.sql(
      `insert into unit_head (id, unit_id, person_id, valid_from, valid_to)
       values (gen_random_uuid(), $1, $2, '2020-01-01', '2021-01-01'), (gen_random_uuid(), $1, $3, '2021-01-01', null)`,
      [setting.world.units.health, former, head],
    );
    for (const person of supervisors) {
      await setting.world.sql(
        "insert into role_grant (id, person_id, working_group_id, role) values (gen_random_uuid(), $1, $2, 'supervisor')",
        [person, setting.world.groupId],
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
    const rows = await setting.world.sql(
      "select envelope_id from item where id = $1::uuid or key like $1::uuid::text || ':%'",
      [item],
    );
    expect(new Set(rows.map(({ envelope_id }) => envelope_id)).size).toBe(2);
  });

  test('who has acknowledged a reminder is not reminded again, while the others are', async () => {
    const officer = await addPerson('Officer', 'repeat@example.vn');
    await setting.world.sql(
      "update assignment set body = jsonb_set(body, '{officerId}', to_jsonb($2::text)) where id = $1",
      [assignments.justice, officer],
    );
    await setting.world.sql(
      "insert into role_grant (id, person_id, working_group_id, role, unit_id) values (gen_random_uuid(), $1, $2, 'unit', $3)",
      [officer, setting.world.groupId, setting.world.units.justice],
    );
    const [step, repeat] = [uuidv7(), uuidv7()];
    for (const [id, name] of [
      [step, 'remind-7'],
      [repeat, 'remind-3'],
    ]) {
      await setting.world.sql(
        `insert into step_taken (id, subject_kind, subject_id, step, cycle, kind, working_group_id, directive_id, assignment_id,
                                 unit_id, planned_at, taken_at, recipients, policy_text, calendar, message)
         select $1, 'assignment', id, $2, 99, 'reminder', working_group_id, directive_id, id, unit_id, now(), now(), '[]', '', '', 'sent'
           from assignment where id = $3`,
        [id, name, assignments.justice],
      );
    }
    await setting.world.sql(
      'insert into step_acknowledgement (step_id, person_id, working_group_id, at) values ($1, $2, $3, now())',
      [step, officer, setting.world.groupId],
    );
    const seed = { to: 'officer', unit: 'justice' as const };
    const ids = [await add(seed), await add({ ...seed, to: 'unit' })];
    await setting.world.sql('update item set step_id = $1 where id = any($2::uuid[])', [repeat, ids]);
    await seal();
    const states = await itemsOf(setting.world, ids);
    expect(states.map(({ state }) => state)).toEqual(['superseded', 'enveloped']);
    expect(states[0]?.note).toContain('acknowledged');
  });

  test('an office without an address is shown as undeliverable, with the reason', async () => {
    await setting.world.sql('update unit set email = null where id = $1', [setting.world.units.finance]);
    const id = await add({ to: 'head', unit: 'finance' });
    await seal();
    expect((await itemsOf(setting.world, [id]))[0]).toMatchObject({
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
    while (await sealDueItems(setting.world.engine, small));
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
