import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import {
  insertGrants,
  insertPeople,
  insertTokens,
  insertWorkingGroup,
} from '../../src/db/directory-store.js';
import { DAY } from '../../src/domain/instant.js';
import { DEFAULT_POLICY } from '../../src/domain/policy.js';
import { checkCounts } from '../../src/engine/count-check.js';
import { issueBatch } from '../../src/engine/issue.js';
import { repairProjections } from '../../src/engine/repair.js';
import { newToken, tokenDigest } from '../../src/engine/token.js';
import { type FixturePerson, type FixtureUnit, moveClock } from '../support/fixtures.js';
import { type Answer, startTestApi, type TestApi } from './api-fixture.js';

let api: TestApi;
/** The standing agency of a Working Group of the Department of Justice, which leads work of the province's. */
let below: string;
beforeAll(async () => {
  api = await startTestApi({ policy: { ...DEFAULT_POLICY, id: 'links', documentRequired: [] } });
  below = await workingGroupOf('justice');
});
afterAll(async () => {
  await api.stop();
});

async function workingGroupOf(unit: FixtureUnit): Promise<string> {
  const { engine, group } = api;
  const [workingGroupId, personId] = [uuidv7(), uuidv7()];
  await insertWorkingGroup(engine.writer, {
    id: workingGroupId,
    code: `below-${unit}`,
    name: 'Tổ công tác của Sở',
    nameEn: null,
    standingAgencyId: group.units[unit],
    homeAffairsId: group.units.homeAffairs,
    supervisorUnitId: group.units.office,
    calendarId: group.calendar.id,
    policyId: group.policy.id,
  });
  await insertPeople(engine.writer, [{ id: personId, name: 'Cán bộ Sở', email: null, locale: 'vi' }]);
  const grant = { id: uuidv7(), personId, workingGroupId, unitId: group.units[unit] };
  await insertGrants(engine.writer, [{ ...grant, role: 'standing_agency' }]);
  const token = newToken();
  await insertTokens(engine.writer, [
    {
      id: uuidv7(),
      personId,
      hash: tokenDigest(token),
      label: 'below',
      expiresAt: Number.POSITIVE_INFINITY,
    },
  ]);
  return token;
}

const as = (who: FixturePerson | 'below') => (who === 'below' ? below : api.group.signIn(who).token);
type Who = FixturePerson | 'below';
const post = async (who: Who, path: string, body: object = {}): Promise<Answer> =>
  await api.call('POST', path, { token: as(who), body, headers: { 'idempotency-key': randomUUID() } });
const get = async (who: Who, path: string): Promise<Answer> =>
  await api.call('GET', path, { token: as(who) });

const task = (unit: FixtureUnit, phrase: string, more: object = {}) => ({
  title: 'Số hoá hồ sơ',
  leadUnitIds: [api.group.units[unit]],
  deadline: { phrase },
  result: { kind: 'deliverable', text: 'Báo cáo' },
  ...more,
});
const plan = (tasks: readonly object[], more: object = {}) => ({
  number: '12/KH',
  title: 'Kế hoạch',
  documentDate: '2025-01-06',
  tasks,
  ...more,
});

async function drafted(who: Who, tasks: readonly object[], more: object = {}): Promise<string> {
  const answer = await post(who, '/v1/directives', plan(tasks, more));
  expect(answer.status).toBe(201);
  return answer.body.id;
}

async function issue(who: Who, id: string): Promise<Answer['body'][]> {
  const answer = await post(who, `/v1/directives/${id}/issue`);
  expect(answer.status).toBe(200);
  await issueBatch(api.engine, id);
  return (await get(who, `/v1/directives/${id}/assignments`)).body.items;
}

async function given(who: Who, tasks: readonly object[], more: object = {}): Promise<Answer['body'][]> {
  return await issue(who, await drafted(who, tasks, more));
}

async function intact(): Promise<void> {
  expect((await repairProjections(api.engine, { dryRun: true })).differences).toEqual([]);
  expect((await checkCounts(api.engine)).wrongLives).toEqual([]);
}

describe('a directive that carries on an assignment of a superior one', () => {
  test('is bound by its deadline at the gate, and shows what it carries on to who may know', async () => {
    const [parent] = await given('standing_agency', [task('justice', 'within 30 days')]);
    const rows = [task('communeA', 'within 20 days'), task('communeB', 'within 40 days')];
    const id = await drafted('below', rows, { parentAssignmentId: parent.id });
    const path = `/v1/directives/${id}`;
    expect((await get('below', path)).body).toMatchObject({
      parentAssignmentId: parent.id,
      carriesOn: {
        assignmentId: parent.id,
        until: parent.deadline.dueAt,
        unit: { id: api.group.units.justice },
        directive: { number: '12/KH' },
      },
    });
    const report = (await post('below', `${path}/check`)).body;
    expect(
      report.rows.map((row: { findings: { clear: string }[] }) => row.findings.map(({ clear }) => clear)),
    ).toEqual([[], ['time']]);
    const refused = await post('below', `${path}/issue`);
    expect(refused.body).toMatchObject({
      code: 'gate_refused',
      errors: [{ pointer: '/tasks/1', code: 'time' }],
    });
    // The superior Working Group knows nothing of a draft.
    expect((await get('standing_agency', `/v1/assignments/${parent.id}`)).body.carriedOnBy).toEqual([]);
    expect((await get('standing_agency', path)).status).toBe(404);
    expect((await get('below', `/v1/assignments/${parent.id}`)).status).toBe(404);
  });

  test('of another than the own work is not there, whether it exists or not', async () => {
    const [stranger] = await given('standing_agency', [task('health', 'within 30 days')]);
    const asked = async (parentAssignmentId: string) =>
      await post('below', '/v1/directives', plan([], { parentAssignmentId }));
    const [one, other] = [await asked(stranger.id), await asked(uuidv7())];
    expect(one).toMatchObject({ status: 422, body: { code: 'reference_unknown' } });
    const { traceId: _one, ...first } = one.body;
    const { traceId: _other, ...second } = other.body;
    expect(first).toEqual(second);
    // Within one Working Group its standing agency carries on any.
    expect(
      (await post('standing_agency', '/v1/directives', plan([], { parentAssignmentId: stranger.id }))).status,
    ).toBe(201);
  });

  test('that has ended, or lies below the directive itself, is refused at the gate', async () => {
    const [parent] = await given('standing_agency', [task('justice', 'within 30 days')]);
    const id = await drafted('below', [task('communeA', 'within 5 days')], { parentAssignmentId: parent.id });
    await post('standing_agency', `/v1/assignments/${parent.id}/stop`, { reason: 'Thôi' });
    const refused = await post('below', `/v1/directives/${id}/issue`);
    expect(refused.body.errors).toMatchObject([{ pointer: '/parentAssignmentId', code: 'reference' }]);

    const [top] = await given('standing_agency', [task('justice', 'within 30 days')]);
    const own = await get('standing_agency', `/v1/directives/${top.directive.id}`);
    const circle = await api.call('POST', `/v1/directives/${top.directive.id}/amend`, {
      token: as('standing_agency'),
      body: { parentAssignmentId: top.id },
      headers: { 'if-match': own.headers.get('etag') ?? '', 'idempotency-key': randomUUID() },
    });
    expect(circle.body.errors).toMatchObject([{ pointer: '/parentAssignmentId', code: 'reference' }]);
  });

  test('passes the superior deadline only by a document of its issuer, whichever act it is', async () => {
    const [parent] = await given('standing_agency', [task('justice', 'within 30 days')]);
    const [child] = await given('below', [task('communeA', 'within 10 days')], {
      parentAssignmentId: parent.id,
    });
    const path = `/v1/assignments/${child.id}`;
    const adjust = { deadline: 'within 60 days', latenessStands: false, reason: 'Chờ hướng dẫn' };
    const beyond = await post('below', `${path}/adjust-deadline`, adjust);
    expect(beyond).toMatchObject({
      status: 422,
      body: { code: 'beyond_parent_deadline', until: parent.deadline.dueAt },
    });
    for (const [act, body] of [
      ['reassign', { unitId: api.group.units.communeB, deadline: 'within 60 days', reason: 'x' }],
      ['move', { to: [{ unitId: api.group.units.communeB }], deadline: 'within 60 days', reason: 'x' }],
    ] as const) {
      expect((await post('below', `${path}/${act}`, body)).body.code).toBe('beyond_parent_deadline');
    }
    expect((await get('below', path)).body.deadline).toEqual(child.deadline);
    expect(
      (await post('below', `${path}/adjust-deadline`, { ...adjust, deadline: 'within 20 days' })).status,
    ).toBe(200);
    const parentDocument = { number: '99/UBND', date: '2999-01-01' };
    expect((await post('below', `${path}/adjust-deadline`, { ...adjust, parentDocument })).body.code).toBe(
      'happened_in_future',
    );
    const signed = { ...adjust, parentDocument: { ...parentDocument, date: '2025-02-03' } };
    expect((await post('below', `${path}/adjust-deadline`, signed)).status).toBe(200);
    const { rows } = await api.engine.writer.query<{ document: object }>(
      `select data #> '{deadline,parentDocument}' as document from event
        where subject_id = $1 and type = 'deadline_adjusted' order by seq desc limit 1`,
      [child.id],
    );
    expect(rows).toEqual([{ document: { number: '99/UBND', date: '2025-02-03' } }]);
    // The bound is the superior deadline as it stands now.
    const longer = { deadline: 'within 90 days', latenessStands: false, reason: 'Gia hạn chung' };
    await post('standing_agency', `/v1/assignments/${parent.id}/adjust-deadline`, longer);
    expect(
      (await post('below', `${path}/adjust-deadline`, { ...adjust, deadline: 'within 80 days' })).status,
    ).toBe(200);
  });

  test('rolls its figures up to who reads the superior assignment whole, and shows nobody more than figures', async () => {
    const indicator = { kind: 'indicator', name: 'Số hồ sơ', numerator: 1000, atLeast: true };
    const [parent] = await given('standing_agency', [
      task('justice', 'within 60 days', {
        result: indicator,
        coordinatingUnitIds: [api.group.units.health],
      }),
    ]);
    const rows = (['communeA', 'communeB', 'communeC'] as const).map((unit) =>
      task(unit, 'within 10 days', { result: { ...indicator, numerator: 300 } }),
    );
    const [first, second] = await given('below', rows, {
      parentAssignmentId: parent.id,
      title: 'Kế hoạch của Sở',
    });
    const figure = { text: 'Đã làm', figure: { numerator: 120, asOf: '2025-02-01' } };
    const papers = { document: { number: '1/BC', date: '2025-02-01', arrivedAt: new Date().toISOString() } };
    await moveClock(api.database, DAY);
    expect(
      (await post('below', `/v1/assignments/${first.id}/progress`, { ...figure, ...papers })).status,
    ).toBe(200);
    await post('below', `/v1/assignments/${second.id}/stop`, { reason: 'Thôi' });
    const expected = [
      {
        directive: { id: first.directive.id, number: '12/KH', title: 'Kế hoạch của Sở', state: 'issued' },
        planned: 3,
        counts: expect.objectContaining({ total: 3, openInTime: 2, stopped: 1, openOverdue: 0 }),
        figure: { numerator: 120, reporting: 1 },
      },
    ];
    const path = `/v1/assignments/${parent.id}`;
    for (const who of ['standing_agency', 'supervisor', 'unit:justice'] as const)
      expect((await get(who, path)).body.carriedOnBy).toEqual(expected);
    // Who coordinates reads the assignment, and not what others make of it; and none of the work below is theirs.
    expect((await get('unit:health', path)).body.carriedOnBy).toEqual([]);
    for (const who of ['standing_agency', 'unit:justice'] as const)
      expect((await get(who, `/v1/directives/${first.directive.id}`)).status).toBe(404);
    await moveClock(api.database, 20 * DAY);
    const [later] = (await get('supervisor', path)).body.carriedOnBy;
    expect(later.counts).toMatchObject({ openInTime: 0, openOverdue: 2 });
    // Moved, its successor shows them.
    const moved = await post('standing_agency', `${path}/move`, {
      to: [{ unitId: api.group.units.office }],
      reason: 'Chuyển',
    });
    const [successor] = moved.body.supersededBy;
    expect((await get('unit:office', `/v1/assignments/${successor}`)).body.carriedOnBy).toEqual([later]);
    // What is moved below counts once, at its successor.
    const below = await post('below', `/v1/assignments/${first.id}/move`, {
      to: [{ unitId: api.group.units.communeC }],
      reason: 'Chuyển',
    });
    expect(below.status).toBe(200);
    const [after] = (await get('unit:office', `/v1/assignments/${successor}`)).body.carriedOnBy;
    expect(after.figure).toEqual({ numerator: 120, reporting: 1 });
    await intact();
  });
});

describe('work that goes on in next year’s directive', () => {
  test('keeps its first deadline and year of origin, is counted by it, and each names the other', async () => {
    const phrase = 'within 5 days';
    const [old] = await given('standing_agency', [task('health', phrase, { title: 'Việc năm trước' })]);
    const firstDeadlineAt = old.deadline.firstDeadlineAt;
    await moveClock(api.database, 400 * DAY);
    const next = await drafted('standing_agency', [
      task('health', 'within 30 days', { previousTaskId: old.task.id }),
      task('office', 'within 30 days', { previousTaskId: old.task.id }),
    ]);
    const refused = await post('standing_agency', `/v1/directives/${next}/issue`);
    expect(refused.body.errors).toMatchObject([{ pointer: '/tasks/0/previousTaskId', code: 'reference' }]);
    const carry = { intoDirectiveId: next, reason: 'Chuyển tiếp' };
    for (const intoDirectiveId of [uuidv7(), old.directive.id]) {
      const wrong = await post('standing_agency', `/v1/assignments/${old.id}/carry-over`, {
        ...carry,
        intoDirectiveId,
      });
      expect(wrong).toMatchObject({ status: 422, body: { errors: [{ pointer: '/intoDirectiveId' }] } });
    }
    const carried = await post('standing_agency', `/v1/assignments/${old.id}/carry-over`, carry);
    expect(carried.body).toMatchObject({
      state: 'carried_over',
      countClass: 'carried_over',
      carriedInto: { directive: { id: next }, assignmentId: null },
    });
    const items = await issue('standing_agency', next);
    const on = items.find((item: Answer['body']) => item.unit.id === api.group.units.health);
    expect(on).toMatchObject({
      originYear: old.originYear,
      deadline: { firstDeadlineAt },
      carriedFrom: { directive: { id: old.directive.id }, assignmentId: old.id },
    });
    expect(Date.parse(on.deadline.dueAt)).toBeGreaterThan(Date.parse(firstDeadlineAt) + 300 * DAY);
    // Who did not lead it last year begins anew.
    const anew = items.find((item: Answer['body']) => item.unit.id === api.group.units.office);
    expect([anew.carriedFrom, anew.originYear > old.originYear]).toEqual([null, true]);
    expect((await get('unit:health', `/v1/assignments/${old.id}`)).body.carriedInto).toEqual({
      directive: { id: next, number: '12/KH', title: 'Kế hoạch' },
      assignmentId: on.id,
    });
    const counts = (await get('standing_agency', `/v1/counts?directive=${next}&groupBy=origin-year`)).body;
    expect(
      counts.groups.map((row: { key: string; counts: { total: number } }) => [row.key, row.counts.total]),
    ).toEqual([
      [String(old.originYear), 1],
      [String(anew.originYear), 1],
    ]);
    await intact();
  });

  test('names a task that there was, in the same Working Group, of a directive that was not withdrawn', async () => {
    const [foreign] = await given('below', [task('communeA', 'within 5 days')]);
    const [withdrawn] = await given('standing_agency', [task('communeB', 'within 5 days')]);
    await post('standing_agency', `/v1/directives/${withdrawn.directive.id}/withdraw`, { reason: 'Thu hồi' });
    for (const previousTaskId of [uuidv7(), foreign.task.id, withdrawn.task.id]) {
      const id = await drafted('standing_agency', [task('communeC', 'within 5 days', { previousTaskId })]);
      const report = (await post('standing_agency', `/v1/directives/${id}/check`)).body;
      expect(report).toMatchObject({ ready: false, findings: [{ pointer: '/tasks/0/previousTaskId' }] });
    }
    // Last year's task that was done is only named: nothing is carried over.
    const [done] = await given('standing_agency', [task('communeB', 'within 5 days')]);
    await post('unit:communeB', `/v1/assignments/${done.id}/submit`, { text: 'Xong' });
    await post('standing_agency', `/v1/assignments/${done.id}/confirm`);
    const [again] = await given('standing_agency', [
      task('communeB', 'within 9 days', { previousTaskId: done.task.id }),
    ]);
    expect(again).toMatchObject({ carriedFrom: null });
    expect(again.deadline.firstDeadlineAt).toBe(again.deadline.dueAt);
  });

  test('is carried over whole when its directive is closed, with the directive that it goes on in', async () => {
    const [old] = await given('standing_agency', [task('communeB', 'within 5 days')]);
    const next = await drafted('standing_agency', [
      task('communeB', 'within 30 days', { previousTaskId: old.task.id }),
    ]);
    const close = { reason: 'Hết năm', carryOver: true, intoDirectiveId: next };
    const path = `/v1/directives/${old.directive.id}/close`;
    const own = await post('standing_agency', path, { ...close, intoDirectiveId: old.directive.id });
    expect(own.body.code).toBe('reference_unknown');
    expect((await post('standing_agency', path, close)).body.state).toBe('closed');
    expect((await get('standing_agency', `/v1/assignments/${old.id}`)).body.carriedInto).toMatchObject({
      directive: { id: next },
    });
    expect(await issue('standing_agency', next)).toMatchObject([{ carriedFrom: { assignmentId: old.id } }]);
  });
});
