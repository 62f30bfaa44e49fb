import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addWorkingDays, type Calendar, localDate } from '../../src/domain/calendar.js';
import { OFFICE_HOURS } from '../../src/domain/calendars/office-hours.js';
import { workOnEdits } from '../../src/engine/calendar-sweep.js';
import { conductDirective } from '../../src/engine/conduct.js';
import { sealDueItems } from '../../src/engine/envelopes.js';
import { executeAssignments } from '../../src/engine/execute.js';
import type { LetterWriter } from '../../src/engine/ports.js';
import { startTestApi, type TestApi } from '../http/api-fixture.js';
import {
  accepted,
  assignmentsByUnit,
  directiveContent,
  draftTask,
  type FixturePerson,
  issuedDirective,
  moveClock,
  requestOf,
} from '../support/fixtures.js';

const HOURS: Calendar = { ...OFFICE_HOURS, id: 'edited-hours' };
const SATURDAYS = {
  ...HOURS,
  id: 'one-stop',
  week: HOURS.week.map((hours, i) => (i === 5 ? (HOURS.week[0] ?? []) : hours)),
};

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ calendar: HOURS });
});
afterAll(async () => {
  await api.stop();
});

const ask = async (who: FixturePerson, method: string, path: string, body?: object, version?: number) =>
  await api.call(method, path, {
    token: api.group.signIn(who).token,
    ...(body === undefined ? {} : { body }),
    ...(version === undefined ? {} : { headers: { 'if-match': `"${version}"` } }),
  });
const why = { reason: 'Nghỉ do bão', source: '11/CĐ-UBND' };
const sweep = async (): Promise<number> => {
  for (let pieces = 0; ; pieces += 1) if (!(await workOnEdits(api.engine))) return pieces;
};
const bodies = async (directiveId: string) =>
  (
    await api.engine.writer.query<{ unit_id: string; due_at: number; body: { calendar: Calendar } }>(
      'select unit_id, due_at, body from assignment where directive_id = $1 order by id',
      [directiveId],
    )
  ).rows;
const latest = async (): Promise<number> =>
  (await ask('supervisor', 'GET', `/v1/calendars/${HOURS.id}`)).body.version;
const inDays = (n: number): string => localDate(HOURS, addWorkingDays(HOURS, Date.now(), n));
const off = (date: string) => ({ date, kind: 'holiday', name: 'Nghỉ do bão', source: '11/CĐ-UBND' });

async function declareOff(...dates: readonly string[]) {
  return await ask(
    'administrator',
    'POST',
    `/v1/calendars/${HOURS.id}/days`,
    { days: dates.map(off), ...why },
    await latest(),
  );
}

async function issued(phrase: string, ...units: (keyof TestApi['group']['units'])[]) {
  const tasks = units.map((unit) => draftTask({ phrase, leadUnitIds: [api.group.units[unit]] }));
  const directiveId = await issuedDirective(api.engine, api.group, directiveContent(tasks));
  return { directiveId, ids: await assignmentsByUnit(api.engine.writer, directiveId) };
}

describe('an edit of a calendar over the API', () => {
  test('is a new version with its reason; open deadlines of rules and all planned steps follow, those by hand stay', async () => {
    const { directiveId, ids } = await issued('within 5 working days', 'justice', 'health');
    const byHand = ids.get(api.group.units.health) ?? '';
    const agency = api.group.signIn('standing_agency').actor;
    accepted(
      await executeAssignments(
        api.engine,
        requestOf(agency, { document: { number: '9/CV', date: '2025-02-01' } }),
        [byHand],
        {
          action: 'adjust_deadline',
          input: { deadline: 'within 6 working days', latenessStands: false, reason: 'x' },
        },
      ),
    );
    const before = new Map((await bodies(directiveId)).map((row) => [row.unit_id, row.due_at]));
    const planned = async () =>
      (
        await api.engine.writer.query<{ due_at: number }>(
          'select due_at from planned_step where subject_id = $1',
          [byHand],
        )
      ).rows[0]?.due_at ?? 0;
    const stepBefore = await planned();
    const answer = await declareOff(inDays(2), inDays(3));
    expect([answer.status, answer.body.version]).toEqual([200, 2]);
    expect(answer.headers.get('etag')).toMatch(/2/);
    const operation = answer.headers.get('operation-location') ?? '';
    const running = await ask('unit:justice', 'GET', operation);
    expect(running.body).toMatchObject({ kind: 'calendar_edit', state: 'running', done: 0, doneAt: null });
    expect(await sweep()).toBeGreaterThan(0);
    const done = (await ask('unit:justice', 'GET', operation)).body;
    expect(done).toMatchObject({ state: 'done', setAside: 0, resource: `/v1/calendars/${HOURS.id}` });
    expect(done.done).toBeGreaterThan(1);
    const issuing = (await ask('standing_agency', 'GET', `/v1/operations/${directiveId}`)).body;
    expect(issuing).toMatchObject({ kind: 'issuing', state: 'done', total: 2, done: 2 });
    const unknown = await ask('standing_agency', 'GET', `/v1/operations/${byHand}`);
    expect(unknown.status).toBe(404);
    const after = await bodies(directiveId);
    for (const row of after) expect(row.body.calendar).toEqual({ id: HOURS.id, version: 2 });
    const moved = after.find((row) => row.unit_id === api.group.units.justice)?.due_at ?? 0;
    expect(moved).toBeGreaterThan(before.get(api.group.units.justice) ?? 0);
    expect(after.find((row) => row.unit_id === api.group.units.health)?.due_at).toBe(
      before.get(api.group.units.health),
    );
    // Two days fewer: the first reminder of the deadline set by hand comes earlier, or the acknowledgement later.
    expect(await planned()).not.toBe(stepBefore);
    const [edit] = (await ask('supervisor', 'GET', `/v1/calendars/${HOURS.id}/edits`)).body.items;
    expect(edit).toMatchObject({
      version: 2,
      kind: 'days',
      ...why,
      moved: 1,
      setAside: 0,
      doneAt: expect.any(String),
    });
    const told = await api.engine.writer.query(
      "select recipient_unit_id from item where template = 'calendar_changed'",
    );
    expect(told.rows).toEqual([{ recipient_unit_id: api.group.units.justice }]);
  });

  test('takes up where another process died, and is done once however often it is tried', async () => {
    const { directiveId } = await issued(
      'within 8 working days',
      'justice',
      'health',
      'communeA',
      'communeB',
    );
    await declareOff(inDays(6));
    // One piece, then this process is gone: nothing but the row tells how far it was.
    await workOnEdits(api.engine);
    await Promise.all([sweep(), sweep()]);
    const events = await api.engine.writer.query<{ count: number }>(
      "select count(*) from event where directive_id = $1 and subject_kind = 'assignment' and type = 'calendar_changed'",
      [directiveId],
    );
    expect(events.rows[0]?.count).toBe(4);
    expect(await workOnEdits(api.engine)).toBe(false);
  });

  test('goes on while the conductor takes steps, and leaves every assignment under the latest version', async () => {
    const units = ['justice', 'health', 'communeA', 'communeB', 'communeC'] as const;
    const made = await Promise.all([
      issued('within 4 working days', ...units),
      issued('within 3 working days', ...units),
    ]);
    await declareOff(inDays(3), inDays(4));
    const conduct = async (): Promise<void> => {
      for (const { directiveId } of [...made, ...made])
        await conductDirective(api.engine, directiveId, Date.now());
    };
    await Promise.all([sweep(), conduct(), sweep(), conduct()]);
    const version = await latest();
    for (const { directiveId } of made) {
      for (const row of await bodies(directiveId))
        expect(row.body.calendar).toEqual({ id: HOURS.id, version });
    }
    const [behind] = (
      await api.engine.writer.query<{ n: number }>(
        `select count(*) as n from directive where state = 'issued' and calendar_version <> $1`,
        [version],
      )
    ).rows;
    expect(behind?.n).toBe(0);
  });

  test('is refused where it is not of the version that was read, or makes no calendar', async () => {
    const stale = await ask(
      'administrator',
      'POST',
      `/v1/calendars/${HOURS.id}/days`,
      { days: [off(inDays(9))], ...why },
      1,
    );
    expect([stale.status, stale.body.code]).toEqual([412, 'version_changed']);
    const bad = { ...off(inDays(9)), kind: 'swap_work' };
    const wrong = await ask(
      'administrator',
      'POST',
      `/v1/calendars/${HOURS.id}/days`,
      { days: [bad], ...why },
      await latest(),
    );
    expect([wrong.status, wrong.body.code]).toEqual([400, 'invalid_body']);
    for (const twice of [
      { days: [off(inDays(9)), { ...off(inDays(9)), name: 'Lễ' }] },
      { days: [off(inDays(9))], remove: [inDays(9)] },
    ]) {
      const path = `/v1/calendars/${HOURS.id}/days`;
      const { status, body } = await ask('administrator', 'POST', path, { ...twice, ...why }, await latest());
      expect([status, body.errors[0]?.code]).toEqual([400, 'named_twice']);
    }
    const closed = await ask(
      'administrator',
      'PATCH',
      `/v1/calendars/${HOURS.id}`,
      { week: [[], [], [], [], [], [], []], ...why },
      await latest(),
    );
    expect(closed.status).toBe(400);
    expect((await ask('supervisor', 'POST', `/v1/calendars/${HOURS.id}/days`, {}, 1)).status).toBe(403);
  });

  test('adds a whole year, with the lunar days computed and marked provisional', async () => {
    const added = await ask(
      'administrator',
      'POST',
      `/v1/calendars/${HOURS.id}/days`,
      { years: [2029], ...why },
      await latest(),
    );
    expect(added.status).toBe(200);
    const days = (await ask('unit:justice', 'GET', `/v1/calendars/${HOURS.id}/days?year=2029`)).body.items;
    expect(days.find((day: { date: string }) => day.date === '2029-02-13')).toMatchObject({
      name: 'Tết Nguyên đán',
      provisional: true,
    });
    expect(days.find((day: { date: string }) => day.date === '2029-04-30')).toMatchObject({
      provisional: false,
    });
    const preview = await ask('unit:justice', 'POST', '/v1/deadlines/preview', {
      phrase: 'trong 5 ngày làm việc',
      reference: '2029-02-09T09:00:00+07:00',
    });
    expect(preview.body).toMatchObject({ understood: true, provisional: true, calendar: { id: HOURS.id } });
    expect(preview.body.explanation).toContain('Tạm tính');
    await sweep();
  });
});

describe('the calendar that judges', () => {
  test('is the unit’s own, else its group’s, else the Working Group’s', async () => {
    const created = await ask('administrator', 'POST', '/v1/calendars', {
      id: SATURDAYS.id,
      basedOn: HOURS.id,
      week: SATURDAYS.week,
      ...why,
    });
    expect(created.status).toBe(201);
    const use = async (body: object) =>
      await ask('administrator', 'POST', `/v1/calendars/${SATURDAYS.id}/uses`, { ...body, ...why });
    const { directiveId } = await issued('within 7 working days', 'justice', 'communeA');
    expect((await use({ groupCode: 'commune' })).body.items).toHaveLength(2);
    await sweep();
    const used = async (id: string) =>
      new Map((await bodies(id)).map((row) => [row.unit_id, row.body.calendar.id]));
    expect((await used(directiveId)).get(api.group.units.communeA)).toBe(SATURDAYS.id);
    expect((await used(directiveId)).get(api.group.units.justice)).toBe(HOURS.id);
    await use({ unitId: api.group.units.justice });
    const next = await issued('within 7 working days', 'justice', 'health');
    expect((await used(next.directiveId)).get(api.group.units.justice)).toBe(SATURDAYS.id);
    expect((await used(next.directiveId)).get(api.group.units.health)).toBe(HOURS.id);
    await use({ unitId: api.group.units.justice, used: false });
    await sweep();
    expect((await used(next.directiveId)).get(api.group.units.justice)).toBe(HOURS.id);
    const unknown = await use({ unitId: '01890000-0000-7000-8000-000000000001' });
    expect([unknown.status, unknown.body.code]).toEqual([422, 'reference_unknown']);
  });
});

describe('edits that follow each other at once', () => {
  const changesOf = async (directiveId: string) =>
    (
      await api.engine.writer.query<{ calendar: { id: string; version: number }; reason: string }>(
        `select data -> 'calendar' as calendar, text ->> 'reason' as reason from event
          where directive_id = $1 and subject_kind = 'assignment' and type = 'calendar_changed' order by seq`,
        [directiveId],
      )
    ).rows;
  const administrator = async (path: string, body: object, version?: number) =>
    await ask('administrator', 'POST', `/v1/calendars${path}`, { source: '12/QĐ', ...body }, version);

  test('each give their own reason for what they move, whatever is known when the work begins', async () => {
    const { directiveId } = await issued('within 15 working days', 'communeB');
    const { calendar } = (await bodies(directiveId))[0]?.body ?? { calendar: SATURDAYS };
    const id = 'own-of-b';
    await administrator('', { id, basedOn: calendar.id, reason: 'Lập lịch' });
    await administrator(`/${id}/days`, { days: [off(inDays(4))], reason: 'Ngày truyền thống' }, 1);
    await administrator(`/${id}/uses`, { unitId: api.group.units.communeB, reason: 'Áp dụng' });
    await administrator(`/${id}/days`, { days: [off(inDays(5))], reason: 'Nghỉ bù' }, 2);
    await administrator(`/${id}/days`, { days: [off(inDays(6))], reason: 'Nghỉ bão' }, 3);
    await sweep();
    expect(await changesOf(directiveId)).toEqual([
      { calendar: { id, version: 2 }, reason: 'Áp dụng' },
      { calendar: { id, version: 3 }, reason: 'Nghỉ bù' },
      { calendar: { id, version: 4 }, reason: 'Nghỉ bão' },
    ]);
  });

  test('of a calendar reach those that began as its copy, with the reason, and leave what these decided', async () => {
    const id = 'copy';
    const [own, national] = [inDays(8), inDays(9)];
    await administrator('', { id, basedOn: HOURS.id, reason: 'Lập lịch' });
    await administrator(`/${id}/days`, { days: [off(own)], reason: 'Ngày riêng' }, 1);
    await administrator(`/${id}/uses`, { unitId: api.group.units.health, reason: 'Áp dụng' });
    const { directiveId } = await issued('within 16 working days', 'health');
    const due = (await bodies(directiveId))[0]?.due_at ?? 0;
    const entry = { ...off(own), kind: 'custom', intervals: [{ from: 480, to: 690 }] };
    await administrator(`/${HOURS.id}/days`, { days: [entry, off(national)], ...why }, await latest());
    await sweep();
    const copy = (await ask('supervisor', 'GET', `/v1/calendars/${id}`)).body;
    expect([copy.version, copy.basedOn]).toEqual([3, HOURS.id]);
    const kinds = copy.days
      .filter(({ date }: { date: string }) => date === own || date === national)
      .map(({ kind }: { kind: string }) => kind);
    expect(kinds).toEqual(['holiday', 'holiday']);
    expect((await bodies(directiveId))[0]?.due_at).toBeGreaterThan(due);
    expect(await changesOf(directiveId)).toEqual([{ calendar: { id, version: 3 }, reason: why.reason }]);
    const edits = (await ask('supervisor', 'GET', `/v1/calendars/${id}/edits`)).body.items;
    expect(edits[0]).toMatchObject({ version: 3, ...why, setAside: 0 });
    expect(edits[0].moved).toBeGreaterThan(0);
    // A calendar that was only just made judges nobody: there was nothing to do.
    expect(edits.at(-1)).toMatchObject({ kind: 'created', looked: 0, doneAt: expect.any(String) });
    const back = { unitId: api.group.units.health, used: false, reason: 'Thôi áp dụng' };
    await administrator(`/${id}/uses`, back);
    await sweep();
    expect((await bodies(directiveId))[0]?.body.calendar).toEqual({ id: HOURS.id, version: await latest() });
  });
});

describe('a phrase that is only being typed', () => {
  const preview = async (body: object) =>
    (await ask('unit:justice', 'POST', '/v1/deadlines/preview', body)).body;

  test('is read and explained, with the days that were skipped', async () => {
    const read = await preview({
      phrase: 'trong 5 ngày làm việc',
      reference: '2026-02-12T09:00:00+07:00',
      calendarId: 'office-hours',
    });
    expect(read).toMatchObject({
      understood: true,
      finding: null,
      at: '2026-02-26T10:30:00.000Z',
      calendar: { id: 'office-hours', version: 1 },
    });
    expect(read.skipped.map((day: { why: string }) => day.why)).toContain('Tết Nguyên đán');
  });

  test('gives the finding where it is not understood, and nothing is guessed', async () => {
    expect(await preview({ phrase: 'khẩn trương' })).toMatchObject({
      understood: false,
      at: null,
      finding: { code: 'no_date' },
    });
    expect(await preview({ phrase: '31/4/2025' })).toMatchObject({ finding: { code: 'impossible_date' } });
    expect((await preview({ phrase: 'x', unitId: 'nobody' })).code).toBe('invalid_body');
  });
});

describe('what was recorded as late', () => {
  test('is judged again in favour of the unit, also after it was confirmed, and the explanation shows it', async () => {
    const { ids } = await issued('within 12 working days', 'health');
    const id = ids.get(api.group.units.health) ?? '';
    const read = async (path = '') => (await ask('unit:health', 'GET', `/v1/assignments/${id}${path}`)).body;
    const due = Date.parse((await read()).deadline.dueAt);
    await moveClock(api.database, due - Date.now() + 3_600_000);
    const unit = api.group.signIn('unit:health').actor;
    const agency = api.group.signIn('standing_agency').actor;
    const submit = { action: 'submit', input: { text: 'Xong' } } as const;
    accepted(await executeAssignments(api.engine, requestOf(unit), [id], submit));
    accepted(await executeAssignments(api.engine, requestOf(agency), [id], { action: 'confirm', input: {} }));
    expect((await read()).submission.late).toBe(true);
    await declareOff(localDate(HOURS, due));
    await sweep();
    const view = await read();
    expect([view.state, view.submission.late, view.late]).toEqual(['confirmed', false, false]);
    const deadline = await read('/deadline');
    expect(deadline.changes.map((change: { type: string }) => change.type)).toEqual([
      'assigned',
      'calendar_changed',
    ]);
    expect(deadline.changes[1]).toMatchObject({ text: why, dueAt: view.deadline.dueAt });
    expect(deadline.calendar.version).toBe(await latest());
    expect(deadline.explanation.join(' ')).toContain('12 ngày làm việc');
    expect(deadline.skipped.map((day: { why: string }) => day.why)).toContain('Nghỉ do bão');
  });
});

describe('a step that an edit makes void', () => {
  test('is told to nobody: its letters wait for the morning, and by then are dropped', async () => {
    const { directiveId, ids } = await issued('within 2 working days', 'justice');
    const id = ids.get(api.group.units.justice) ?? '';
    const now = async (): Promise<number> => {
      const { rows } = await api.engine.writer.query<{ now: number }>('select app_now() as now');
      return Number(rows[0]?.now);
    };
    const letters = async () =>
      (
        await api.engine.writer.query<{
          template: string;
          state: string;
          note: string | null;
          opens: number;
        }>(
          "select template, state, note, open_at as opens from item where assignment_id = $1 and template = 'urge'",
          [id],
        )
      ).rows;
    const due = Date.parse((await ask('unit:justice', 'GET', `/v1/assignments/${id}`)).body.deadline.dueAt);
    const urgeAt = addWorkingDays(HOURS, due, 1);
    await moveClock(api.database, urgeAt - (await now()) + 60_000);
    while ((await conductDirective(api.engine, directiveId, Number.MAX_SAFE_INTEGER)).more);
    expect((await letters()).map(({ state }) => state)).toEqual(['waiting', 'waiting']);
    await declareOff(localDate(HOURS, due), localDate(HOURS, urgeAt));
    await sweep();
    expect((await ask('unit:justice', 'GET', `/v1/assignments/${id}`)).body.late).toBe(false);

    await moveClock(
      api.database,
      Math.max(...(await letters()).map(({ opens }) => opens)) - (await now()) + 600_000,
    );
    const writer: LetterWriter = {
      write: ({ lines }) => ({ subject: lines.map(({ template }) => template).join(), text: '', html: '' }),
    };
    const sealing = {
      mostItems: 1_000,
      receivers: 100,
      settleMs: 0,
      linesPerLetter: 50,
      messageDomain: 'x.example',
    };
    while (await sealDueItems(api.engine, { ...sealing, writer }));
    const note = 'its step was marked void before the receiver’s hours opened';
    expect((await letters()).map(({ state, note: why }) => [state, why])).toEqual([
      ['superseded', note],
      ['superseded', note],
    ]);
  });
});
