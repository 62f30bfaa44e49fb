import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { sealDueItems } from '../../src/engine/envelopes.js';
import { withFiles } from '../../src/engine/file-ports.js';
import { verifyRecord } from '../../src/engine/verify.js';
import { openFiles } from '../../src/files/open.js';
import {
  assignmentsByUnit,
  directiveContent,
  draftTask,
  type FixturePerson,
  issuedDirective,
  makeWorkingGroup,
} from '../support/fixtures.js';
import { letters, quickOptions } from '../support/outbox.js';
import { type Answer, call, startTestApi, type TestApi } from './api-fixture.js';

/** A number of an identity card, which should never have been written anywhere. */
const SECRET = '034099001234';
const REASON = `Bản kê ghi "${SECRET}" của bà <A> & 'B'\nở trang hai`;

let folder: string;
let api: TestApi;
let owner: pg.Client;
let assignment: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dondoc-destroyed-'));
  const files = await openFiles({ filesDir: folder, s3Bucket: 'unused', s3Region: 'x' }, 'incoming');
  api = await startTestApi({ wire: (engine) => withFiles(engine, files) });
  owner = new pg.Client({ connectionString: api.database.url });
  await owner.connect();
  const { justice, health } = api.group.units;
  const history = [
    {
      kind: 'reported' as const,
      on: '2025-02-03',
      unitId: null,
      document: null,
      to: null,
      note: `Đã rà soát ${SECRET}`,
    },
  ];
  const tasks = [draftTask({ leadUnitIds: [justice] }), draftTask({ leadUnitIds: [health], history })];
  const directive = await issuedDirective(api.engine, api.group, directiveContent(tasks));
  assignment = (await assignmentsByUnit(api.engine.writer, directive)).get(justice) ?? '';
  await owner.query(
    `insert into import (id, working_group_id, person_id, file_name, state, directive_id, body, recorded_at)
     values ($1, $2, $1, 'ke-hoach.csv', 'applied', $3, $4, now())`,
    [
      uuidv7(),
      api.group.workingGroupId,
      directive,
      JSON.stringify({
        file: Buffer.from(`1;x;Đã rà soát ${SECRET}`).toString('base64'),
        choices: {},
        meta: {},
      }),
    ],
  );
});
afterAll(async () => {
  await owner.end();
  await api.stop();
  await rm(folder, { recursive: true, force: true });
});

const as = async (who: FixturePerson, path: string, body: object, key = uuidv7()): Promise<Answer> =>
  await api.call('POST', path, {
    token: api.group.signIn(who).token,
    body,
    headers: { 'idempotency-key': key },
  });

/** Names of the tables in which a text stands, as plain words or inside a file that is kept as base64. */
async function placesOf(text: string): Promise<string[]> {
  const tables = await owner.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
  );
  const found: string[] = [];
  for (const { name } of tables.rows) {
    const { rowCount } = await owner.query(`select from ${name} t where strpos(t::text, $1) > 0 limit 1`, [
      text,
    ]);
    if (rowCount !== 0) found.push(name);
  }
  const files = await owner.query<{ file: string }>("select body ->> 'file' as file from import");
  if (files.rows.some((row) => Buffer.from(row.file, 'base64').toString().includes(text)))
    found.push('a plan');
  return found.sort();
}

async function eventsWithText(): Promise<
  { kind: 'assignment' | 'directive'; id: string; seq: number; type: string }[]
> {
  const found = await owner.query(
    `select subject_kind as kind, subject_id as id, seq, type from event where strpos(text::text, $1) > 0 order by number`,
    [SECRET],
  );
  return found.rows;
}

const destroy = async (
  event: { kind: string; id: string; seq: number },
  who: FixturePerson = 'supervisor',
  more: object = {},
): Promise<Answer> => {
  const { kind, id, seq } = event;
  return await as(who, '/v1/destructions', {
    subject: { kind, id },
    seq,
    reason: 'Lộ số định danh',
    ...more,
  });
};

describe('a text that never should have been written', () => {
  test('has got into events, messages, letters, a plan and a file', async () => {
    const body = new FormData();
    body.append('file', new Blob([`%PDF-1.7\n${SECRET}\n%%EOF\n`]), 'ban-ke.pdf');
    const { token } = api.group.signIn('unit:justice');
    file = (await api.call('POST', '/v1/files', { token, body })).body.id;
    const path = `/v1/assignments/${assignment}`;
    const submitted = await as('unit:justice', `${path}/submit`, {
      text: `Kèm bản kê ${SECRET}`,
      files: [file],
    });
    expect(submitted.status).toBe(200);
    expect((await as('standing_agency', `${path}/return`, { reason: REASON })).status).toBe(200);
    const options = quickOptions();
    const sealing = { ...options.sealing, writer: letters, messageDomain: options.messageDomain };
    while (await sealDueItems(api.engine, sealing));
    expect(await placesOf(SECRET)).toEqual([
      'a plan',
      'directive',
      'directive_version',
      'envelope',
      'event',
      'item',
      'task',
    ]);
  });

  test('is destroyed by the supervisor of its Working Group alone', async () => {
    const [event] = await eventsWithText();
    if (event === undefined) throw new Error('no event');
    for (const who of ['standing_agency', 'unit:justice', 'administrator'] as const)
      expect((await destroy(event, who)).status).toBe(403);
    const stranger = (await makeWorkingGroup(api.engine.writer)).signIn('supervisor').token;
    const { kind, id, seq } = event;
    const elsewhere = await call(api.url, 'POST', '/v1/destructions', {
      token: stranger,
      body: { subject: { kind, id }, seq, reason: 'x' },
      headers: { 'idempotency-key': 'stranger' },
    });
    expect(elsewhere.status).toBe(404);
    expect((await destroy({ ...event, seq: 999 })).status).toBe(404);
    const without = await destroy({ kind: 'assignment', id: assignment, seq: 1 });
    expect([without.status, without.body.code]).toEqual([409, 'transition_not_allowed']);
    expect(await eventsWithText()).toHaveLength(3);
  });

  test('cannot be taken out by the application without a recorded decision', async () => {
    const [event] = await eventsWithText();
    const writer = api.engine.writer;
    await expect(
      writer.query('select destroy_event_text($1, $2, $3)', [event?.kind, event?.id, event?.seq]),
    ).rejects.toMatchObject({ code: '42501' });
    await expect(writer.query('update event set text = null')).rejects.toMatchObject({ code: '42501' });
    await expect(
      api.engine.reader.query('select destroy_event_text($1, $2, $3)', [event?.kind, event?.id, event?.seq]),
    ).rejects.toMatchObject({ code: '42501' });
  });

  test('is gone from everywhere, and the chain still verifies', async () => {
    const events = await eventsWithText();
    for (const event of events) {
      const answer = await destroy(event, 'supervisor', { files: event.type === 'submitted' });
      expect(answer).toMatchObject({ status: 201, body: { seq: event.seq, subject: { id: event.id } } });
      const again = await destroy(event);
      expect([again.status, again.body.code]).toEqual([409, 'transition_not_allowed']);
    }
    expect(await placesOf(SECRET)).toEqual([]);
    const kept = await readdir(join(folder, 'kept'), { recursive: true, withFileTypes: true });
    expect(kept.filter((entry) => entry.isFile())).toEqual([]);
    const { token } = api.group.signIn('unit:justice');
    expect(await api.call('GET', `/v1/files/${file}`, { token })).toMatchObject({
      status: 404,
      body: { state: 'destroyed' },
    });
    const { faults, events: read } = await verifyRecord(api.engine.writer, { publicKey: null });
    expect(faults).toEqual([]);
    expect(read).toBeGreaterThan(0);
  });

  test('leaves what it stood in: letters keep their other lines, the timeline says who decided', async () => {
    const found = await owner.query<{ body_text: string; body_html: string }>(
      "select body_text, body_html from envelope where strpos(body_text, '[…]') > 0",
    );
    expect(found.rowCount).toBeGreaterThan(0);
    for (const { body_text, body_html } of found.rows) {
      expect(body_text).toContain('Lý do: […]\n');
      expect(body_text).toContain(`/assignments/${assignment}`);
      expect(body_html).toContain('>[…]<');
    }
    const { token } = api.group.signIn('unit:justice');
    const timeline = await api.call('GET', `/v1/assignments/${assignment}/timeline`, { token });
    const entries: { type: string; text: object; actor: { role: string } }[] = timeline.body.items;
    expect(entries.find(({ type }) => type === 'submitted')?.text).toEqual({});
    const decisions = entries.filter(({ type }) => type === 'text_destroyed');
    expect(decisions.map(({ actor, text }) => [actor.role, text])).toEqual([
      ['supervisor', { reason: 'Lộ số định danh' }],
      ['supervisor', { reason: 'Lộ số định danh' }],
    ]);
  });
});

describe('a text that is also the name of something else', () => {
  test('leaves states and titles as they are', async () => {
    const { engine, group } = api;
    const task = draftTask({
      leadUnitIds: [group.units.justice],
      phrase: 'within 90 days',
      title: 'assigned',
    });
    const directive = await issuedDirective(engine, group, directiveContent([task]));
    const given = (await assignmentsByUnit(engine.writer, directive)).get(group.units.justice) ?? '';
    for (const text of ['in_progress', 'assigned', group.calendar.id, 'Báo cáo'])
      expect((await as('unit:justice', `/v1/assignments/${given}/progress`, { text })).status).toBe(200);
    const { rows } = await owner.query("select seq from event where subject_id = $1 and type = 'reported'", [
      given,
    ]);
    for (const { seq } of rows)
      expect((await destroy({ kind: 'assignment', id: given, seq: Number(seq) })).status).toBe(201);
    const { token } = group.signIn('unit:justice');
    const read = await api.call('GET', `/v1/assignments/${given}`, { token });
    expect([read.status, read.body.state, read.body.task.title]).toEqual([200, 'in_progress', 'assigned']);
  });
});

describe('a file that never should have been brought', () => {
  test('takes with it what its own office brought, and leaves the same content to others; it does not come back', async () => {
    const bytes = Buffer.from('%PDF-1.4\n%âãÏÓ\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF of two offices');
    const other = await makeWorkingGroup(api.engine.writer);
    const bring = async (token: string): Promise<Answer> => {
      const body = new FormData();
      body.append('file', new Blob([bytes], { type: 'application/pdf' }), 'bệnh án.pdf');
      return await api.call('POST', '/v1/files', { token, body });
    };
    const tokens = {
      own: api.group.signIn('unit:justice').token,
      same: api.group.signIn('unit:health').token,
      elsewhere: other.signIn('unit:justice').token,
    };
    const files = {
      own: (await bring(tokens.own)).body.id,
      same: (await bring(tokens.same)).body.id,
      elsewhere: (await bring(tokens.elsewhere)).body.id,
    };
    const { engine, group } = api;
    const task = draftTask({ leadUnitIds: [group.units.justice], phrase: 'within 90 days' });
    const directive = await issuedDirective(engine, group, directiveContent([task]));
    const given = (await assignmentsByUnit(engine.writer, directive)).get(group.units.justice) ?? '';
    const act = await as('unit:justice', `/v1/assignments/${given}/submit`, {
      text: 'Xem tệp',
      evidence: [files.own],
    });
    expect([act.status, act.body.code]).toEqual([200, undefined]);
    const { rows } = await owner.query(
      "select seq from event where subject_id = $1 and text ->> 'files' like '%' || $2 || '%'",
      [given, files.own],
    );
    const event = { kind: 'assignment', id: given, seq: Number(rows[0]?.seq) };
    expect((await destroy(event, 'supervisor', { files: true })).status).toBe(201);
    const state = async (which: keyof typeof files): Promise<unknown[]> => {
      const answer = await api.call('GET', `/v1/files/${files[which]}`, { token: tokens[which] });
      return [answer.status, answer.body.state];
    };
    expect(await state('own')).toEqual([404, 'destroyed']);
    expect((await state('same'))[0]).toBe(200);
    expect((await state('elsewhere'))[0]).toBe(200);
    expect((await bring(tokens.own)).body.code).toBe('file_destroyed');
    expect((await bring(tokens.elsewhere)).status).toBe(201);
    const names = await owner.query('select name from file where id = $1', [files.own]);
    expect(names.rows[0]?.name).not.toContain('bệnh án');
  });
});
