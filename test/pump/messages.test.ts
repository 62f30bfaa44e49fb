import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { sealDueItems } from '../../src/engine/envelopes.js';
import { acknowledgeEscalation } from '../../src/engine/escalations.js';
import { issueBatch } from '../../src/engine/issue.js';
import { pumpOptions } from '../../src/engine/pump.js';
import { type Answer, startTestApi, type TestApi } from '../http/api-fixture.js';
import { type FixturePerson, makeWorkingGroup, type WorkingGroupFixture } from '../support/fixtures.js';
import { letters } from '../support/outbox.js';
import { QUICK_POLICY } from '../support/world.js';

let api: TestApi;
let directive: string;
let assignment: string;
beforeAll(async () => {
  api = await startTestApi({ policy: QUICK_POLICY });
  ({ directive, assignment } = await issued(api.group));
  await api.engine.writer.query('delete from item');
});
afterAll(async () => {
  await api.stop();
});

const sql = async (text: string, values: readonly unknown[] = []): Promise<void> => {
  await api.engine.writer.query(text, [...values]);
};

async function issued(group: WorkingGroupFixture): Promise<{ directive: string; assignment: string }> {
  const by = { token: group.signIn('standing_agency').token, headers: { 'idempotency-key': randomUUID() } };
  const task = {
    title: 'Rà soát dữ liệu dân cư',
    code: 'A1',
    leadUnitIds: [group.units.justice],
    coordinatingUnitIds: [group.units.health],
    deadline: { phrase: 'within 240 hours' },
    result: { kind: 'deliverable', text: 'Báo cáo' },
  };
  const body = { number: '1/KH', title: 'Kế hoạch', documentDate: '2025-01-06', tasks: [task] };
  const { id } = (await api.call('POST', '/v1/directives', { ...by, body })).body;
  const { token } = by;
  await api.call('POST', `/v1/directives/${id}/issue`, {
    token,
    headers: { 'idempotency-key': randomUUID() },
    body: {},
  });
  await issueBatch(api.engine, id);
  const { body: found } = await api.call('GET', `/v1/directives/${id}/assignments`, by);
  return { directive: id, assignment: found.items[0].id };
}

/** An item as a command would write it, that is due unless the test says otherwise. */
async function item(seed: {
  readonly to: string;
  readonly unit: string | null;
  readonly template?: string;
  readonly rank?: number;
  readonly holds?: string;
  readonly step?: string;
  readonly opensInMs?: number;
}): Promise<string> {
  const id = uuidv7();
  await sql(
    `insert into item (id, key, working_group_id, directive_id, assignment_id, unit_id, step_id, recipient_kind, recipient_unit_id, template,
                       rank, holds, cycle, params, created_at, open_at)
     values ($1::uuid, $1::uuid::text, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, '{}', app_now(), app_now() + $12 * interval '1 millisecond')`,
    [
      ...[id, api.group.workingGroupId, directive, assignment, api.group.units.justice, seed.step ?? null],
      ...[seed.to, seed.unit, seed.template ?? 'assigned', seed.rank ?? 5, seed.holds ?? 'always'],
      seed.opensInMs ?? -1,
    ],
  );
  return id;
}

const { sealing } = pumpOptions({ pollMs: 1_000, batch: 100, messageDomain: 'dondoc.example' });
const seal = async (): Promise<void> => {
  const options = { ...sealing, settleMs: 0, writer: letters, messageDomain: 'dondoc.example' };
  while (await sealDueItems(api.engine, options));
};
const afresh = async (): Promise<void> => {
  await sql('delete from message_read');
  await sql('delete from message');
  await sql('delete from item');
};

const inbox = async (token: string, query = ''): Promise<Answer> =>
  await api.call('GET', `/v1/messages${query}`, { token });
const tokenOf = (who: FixturePerson, group = api.group): string => group.signIn(who).token;
const templates = async (who: FixturePerson, query = ''): Promise<string[]> =>
  (await inbox(tokenOf(who), query)).body.items.map((each: { template: string }) => each.template);

/** Makes the person who signs in for Justice its head, or the officer of the assignment. */
const personOf = (who: FixturePerson): string => api.group.signIn(who).actor.personId;

describe('an item becomes a message within the product', () => {
  test('when the receiver’s hours open and not before, without any e-mail address, in the reader’s language', async () => {
    const { justice } = api.group.units;
    const waits = await item({ to: 'unit', unit: justice, opensInMs: 3_600_000 });
    await sql('update unit set email = null where id = $1', [justice]);
    await seal();
    expect(await templates('unit:justice')).toEqual([]);
    await sql('update item set open_at = app_now() where id = $1', [waits]);
    await seal();
    const { body } = await inbox(tokenOf('unit:justice'));
    expect(body).toMatchObject({
      items: [
        {
          template: 'assigned',
          subject: 'Giao nhiệm vụ',
          personal: false,
          readAt: null,
          assignmentId: assignment,
          directiveId: directive,
          escalationId: null,
        },
      ],
      page: { nextCursor: null },
      unread: 1,
    });
    expect(body.items[0].rows[0]).toEqual({ label: 'Nhiệm vụ', value: 'A1 – Rà soát dữ liệu dân cư' });
    const english = await api.call('GET', '/v1/messages', {
      token: tokenOf('unit:justice'),
      headers: { 'accept-language': 'en' },
    });
    expect(english.body.items[0].subject).not.toBe(body.items[0].subject);
    const { rows } = await api.engine.writer.query('select state, in_app_at from item where id = $1', [
      waits,
    ]);
    expect(rows[0]).toMatchObject({ state: 'undeliverable', in_app_at: expect.anything() });
    await afresh();
  });

  test('never twice, though it is looked at again', async () => {
    const id = await item({ to: 'unit', unit: api.group.units.justice });
    await seal();
    await sql("update item set state = 'waiting' where id = $1", [id]);
    await seal();
    expect(await templates('unit:justice')).toEqual(['assigned']);
    await afresh();
  });

  test('but of one ladder only the highest rung, and what was settled overnight not at all', async () => {
    const ladder = { to: 'unit', unit: api.group.units.justice, holds: 'while_unanswered' };
    await item({ ...ladder, template: 'reminder', rank: 10 });
    await item({ ...ladder, template: 'urge', rank: 20 });
    await item({ to: 'unit', unit: api.group.units.justice, template: 'revised' });
    await seal();
    expect((await templates('unit:justice')).sort()).toEqual(['revised', 'urge']);
    await afresh();
    await sql('update assignment set state = $2 where id = $1', [assignment, 'submitted']);
    await item({ ...ladder, template: 'urge', rank: 20 });
    await seal();
    expect(await templates('unit:justice')).toEqual([]);
    await sql('update assignment set state = $2 where id = $1', [assignment, 'assigned']);
    await afresh();
  });

  test('once where it was meant for officer and head, whom nobody knows, and the office reads for both', async () => {
    await item({ to: 'officer', unit: api.group.units.justice, template: 'urge', rank: 20 });
    await item({ to: 'head', unit: api.group.units.justice, template: 'urge', rank: 20 });
    await seal();
    expect(await templates('unit:justice')).toEqual(['urge']);
    await afresh();
  });

  test('at the standing agency for whoever acts for it, and at the office of a monitor that is another unit', async () => {
    const { agency, health } = api.group.units;
    await item({ to: 'monitor', unit: agency, template: 'submitted' });
    await item({ to: 'monitor', unit: health, template: 'submitted' });
    await item({ to: 'standing_agency', unit: agency, template: 'cause_stated' });
    await item({ to: 'supervisor', unit: null, template: 'supervisor' });
    await item({ to: 'home_affairs', unit: api.group.units.homeAffairs, template: 'referred' });
    await seal();
    expect((await templates('standing_agency')).sort()).toEqual(['cause_stated', 'submitted']);
    // Who works at the agency as a unit among others reads nothing of what the agency decides.
    expect(await templates('unit:agency')).toEqual([]);
    expect(await templates('unit:health')).toEqual(['submitted']);
    expect(await templates('supervisor')).toEqual(['supervisor']);
    expect(await templates('home_affairs')).toEqual(['referred']);
    expect((await inbox(tokenOf('administrator'))).status).toBe(403);
    await afresh();
  });
});

describe('a message', () => {
  test('to a person is that person’s alone, and nobody else’s to mark; what is to the office, all read for themselves', async () => {
    const { justice } = api.group.units;
    const colleague = await makeColleague(justice);
    await sql(
      "update assignment set body = jsonb_set(body, '{officerId}', to_jsonb($2::text)) where id = $1",
      [assignment, personOf('unit:justice')],
    );
    await item({ to: 'officer', unit: justice, template: 'reminder' });
    await item({ to: 'unit', unit: justice, template: 'revised' });
    await seal();
    const mine = (await inbox(tokenOf('unit:justice'))).body.items;
    expect(mine.map(({ template, personal }: Answer['body']) => `${template} ${personal}`).sort()).toEqual([
      'reminder true',
      'revised false',
    ]);
    const theirs = (await inbox(colleague)).body.items;
    expect(theirs.map(({ template }: Answer['body']) => template)).toEqual(['revised']);
    const [personal, office] = ['reminder', 'revised'].map(
      (template) => mine.find((each: Answer['body']) => each.template === template).id,
    );
    const read = async (token: string, id: string): Promise<Answer> =>
      await api.call('POST', `/v1/messages/${id}/read`, {
        token,
        headers: { 'idempotency-key': randomUUID() },
      });
    expect((await read(colleague, personal)).status).toBe(404);
    expect((await read(tokenOf('unit:health'), office)).status).toBe(404);
    const first = await read(tokenOf('unit:justice'), office);
    expect(first.body.readAt).toEqual(expect.any(String));
    expect((await read(tokenOf('unit:justice'), office)).body.readAt).toBe(first.body.readAt);
    expect(await templates('unit:justice', '?unread=true')).toEqual(['reminder']);
    expect((await inbox(tokenOf('unit:justice'))).body.unread).toBe(1);
    expect((await inbox(colleague, '?unread=true')).body).toMatchObject({
      items: [{ template: 'revised' }],
      unread: 1,
    });
    await sql("update assignment set body = jsonb_set(body, '{officerId}', 'null') where id = $1", [
      assignment,
    ]);
    await afresh();
  });

  test('of another Working Group is not there, whatever the role', async () => {
    const other = await makeWorkingGroup(api.engine.writer, { policy: QUICK_POLICY });
    await item({ to: 'supervisor', unit: null, template: 'supervisor' });
    await item({ to: 'standing_agency', unit: api.group.units.agency, template: 'cause_stated' });
    await seal();
    for (const who of ['supervisor', 'standing_agency', 'home_affairs', 'unit:justice'] as const) {
      expect((await inbox(tokenOf(who, other))).body).toMatchObject({ items: [], unread: 0 });
    }
    await afresh();
  });

  test('is listed page by page, the newest first', async () => {
    for (const template of ['suspended', 'resumed', 'stopped']) {
      await item({ to: 'unit', unit: api.group.units.justice, template });
      await seal();
    }
    const first = (await inbox(tokenOf('unit:justice'), '?limit=2')).body;
    expect(first.items.map(({ template }: Answer['body']) => template)).toEqual(['stopped', 'resumed']);
    const second = await inbox(tokenOf('unit:justice'), `?limit=2&cursor=${first.page.nextCursor}`);
    expect(second.body.items.map(({ template }: Answer['body']) => template)).toEqual(['suspended']);
    await afresh();
  });
});

async function makeColleague(unitId: string): Promise<string> {
  const { token } = api.group.signIn('administrator');
  const send = async (path: string, body: object): Promise<Answer['body']> =>
    (await api.call('POST', path, { token, body, headers: { 'idempotency-key': randomUUID() } })).body;
  const { id } = await send('/v1/people', { name: 'Đồng nghiệp' });
  await send('/v1/grants', { personId: id, role: 'unit', unitId });
  const secret = `colleague-${randomUUID()}`;
  const { tokenDigest } = await import('../../src/engine/token.js');
  await sql(
    `insert into api_token (id, person_id, hash, label, expires_at) values (gen_random_uuid(), $1, $2, 'x', 'infinity')`,
    [id, tokenDigest(secret)],
  );
  return secret;
}

describe('acknowledging', () => {
  async function step(name: string): Promise<string> {
    const id = uuidv7();
    await sql(
      `insert into step_taken (id, subject_kind, subject_id, step, cycle, kind, working_group_id, directive_id, assignment_id,
                               unit_id, planned_at, taken_at, recipients, policy_text, calendar, message)
       select $1, 'assignment', id, $2, 1, 'reminder', working_group_id, directive_id, id, unit_id, now(), now(), '[]', '', '', 'sent'
         from assignment where id = $3`,
      [id, name, assignment],
    );
    return id;
  }
  const acknowledge = async (actor: ReturnType<WorkingGroupFixture['signIn']>['actor'], id: string) =>
    await acknowledgeEscalation(api.engine, { actor, arrived: performance.now() }, id);

  test('by several people is kept of each, with an event, and stops the repeats to those alone', async () => {
    const { justice } = api.group.units;
    const [first, repeat] = [await step('remind-7'), await step('remind-3')];
    const { actor } = api.group.signIn('unit:justice');
    const colleague = await makeColleague(justice);
    const { rows } = await api.engine.writer.query<{ id: string; name: string }>(
      "select p.id, p.name from person p join role_grant g on g.person_id = p.id where g.unit_id = $1 and p.name = 'Đồng nghiệp' order by p.id desc limit 1",
      [justice],
    );
    const other = { ...actor, personId: rows[0]?.id ?? '', name: 'Đồng nghiệp' };
    await item({ to: 'unit', unit: justice, template: 'reminder', step: first });
    await seal();
    const [message] = (await inbox(colleague)).body.items;
    expect(message.escalationId).toBe(first);
    // Reading acknowledges nothing.
    await api.call('POST', `/v1/messages/${message.id}/read`, {
      token: colleague,
      headers: { 'idempotency-key': randomUUID() },
    });
    const path = `/v1/escalations?assignment=${assignment}&step=remind-7`;
    const shown = async (): Promise<Answer['body']> =>
      (await api.call('GET', path, { token: tokenOf('supervisor') })).body.items[0];
    expect((await shown()).acknowledgements).toEqual([]);
    for (const who of [actor, actor, other])
      expect(await acknowledge(who, first)).toMatchObject({ status: 200 });
    const events = await api.engine.writer.query(
      "select actor ->> 'personId' as by from event where subject_id = $1 and type = 'step_acknowledged' order by seq",
      [assignment],
    );
    expect(events.rows).toEqual([{ by: actor.personId }, { by: other.personId }]);
    expect(await shown()).toMatchObject({
      acknowledged: { by: actor.name },
      acknowledgements: [{ by: actor.name }, { by: 'Đồng nghiệp' }],
    });
    await afresh();
    await sql('delete from step_acknowledgement where person_id = $1', [other.personId]);
    await item({ to: 'unit', unit: justice, template: 'reminder', step: repeat });
    await seal();
    expect(await templates('unit:justice', '?unread=true')).toEqual([]);
    expect((await inbox(colleague, '?unread=true')).body.items).toHaveLength(1);
    await afresh();
  });

  test('by the officer in person stops the message to them, while the office is told', async () => {
    const { justice } = api.group.units;
    const [first, repeat] = [await step('remind-2'), await step('remind-1')];
    const { actor } = api.group.signIn('unit:justice');
    await acknowledge(actor, first);
    await sql(
      "update assignment set body = jsonb_set(body, '{officerId}', to_jsonb($2::text)) where id = $1",
      [assignment, actor.personId],
    );
    await item({ to: 'officer', unit: justice, template: 'reminder', step: repeat });
    await item({ to: 'head', unit: justice, template: 'reminder', step: repeat });
    await seal();
    const { body } = await inbox(tokenOf('unit:justice'));
    expect(body.items.map(({ personal }: Answer['body']) => personal)).toEqual([false]);
    await afresh();
  });
});
