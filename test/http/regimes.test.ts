import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { DAY, dateOf, HOUR } from '../support/reporting.js';
import type { Answer } from './api-fixture.js';
import { at, MINUTE, reportingApi } from './report-fixture.js';

const setting = reportingApi();
const { clock, post, get, daily, conduct } = setting;

describe('regimes', () => {
  test('are set up, listed, revised under their version, and ended', async () => {
    const made = await post('standing_agency', '/v1/reporting-regimes', await daily());
    expect(made.headers.get('location')).toBe(`/v1/reporting-regimes/${made.body.id}`);
    expect(made.body).toMatchObject({
      kind: 'periodic',
      state: 'active',
      regimeVersion: 1,
      continues: { inRow: 2, inYear: 3 },
      endedBy: null,
    });
    const path = `/v1/reporting-regimes/${made.body.id}`;
    await conduct(made.body.id);
    const read = await get('standing_agency', path);
    expect(Date.parse(read.body.nextOpensAt)).toBe(at(dateOf((await clock()) + DAY), '00:00'));
    const active = await get('supervisor', '/v1/reporting-regimes?state=active&kind=periodic&limit=100');
    expect(active.body.items.map(({ id }: Answer['body']) => id)).toContain(made.body.id);
    // A unit reads the regimes under which it reports.
    expect((await get('unit:communeA', path)).status).toBe(200);
    expect((await get('unit:justice', path)).status).toBe(404);
    const revision = await daily({ periodicity: { kind: 'weekly', closesOn: 5 } });
    expect((await post('standing_agency', `${path}/versions`, revision)).status).toBe(428);
    const etag = read.headers.get('etag') ?? '';
    expect((await post('unit:communeA', `${path}/versions`, revision, { 'if-match': etag })).status).toBe(
      403,
    );
    const revised = await post('standing_agency', `${path}/versions`, revision, { 'if-match': etag });
    expect([revised.status, revised.body.regimeVersion, revised.body.periodicity.kind]).toEqual([
      200,
      2,
      'weekly',
    ]);
    expect((await post('standing_agency', `${path}/versions`, revision, { 'if-match': etag })).status).toBe(
      412,
    );
    const ended = await post('standing_agency', `${path}/end`, { reason: 'Hết đợt' });
    expect([ended.status, ended.body.state, ended.body.endedBy]).toEqual([200, 'ended', 'decision']);
    expect((await post('standing_agency', `${path}/end`, { reason: 'Hết đợt' })).status).toBe(409);
    const actions = ended.body.allowedActions.map(({ action, allowed }: Answer['body']) => [action, allowed]);
    expect(actions).toEqual([
      ['revise', false],
      ['end', false],
    ]);
  });

  test.each([
    ['en', 'Due at least one working day', 'A regime starts today or later'],
    ['vi', 'ít nhất 1 ngày làm việc', 'bắt đầu từ hôm nay'],
  ])('that cannot be followed are refused with every point, in %s', async (language, early, past) => {
    const levels = [
      { groupCodes: ['commune'], dueWorkingDays: 2 },
      { groupCodes: ['department'], dueWorkingDays: 2 },
      { dueWorkingDays: 3 },
    ];
    const headers = { 'accept-language': language };
    const refused = await post('standing_agency', '/v1/reporting-regimes', await daily({ levels }), headers);
    expect([refused.status, refused.body.code]).toEqual([422, 'regime_invalid']);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(refused.body.errors.map(({ pointer, code }: Answer['body']) => [pointer, code]).sort()).toEqual([
      ['/levels/1/dueWorkingDays', 'due_too_early'],
      ['/levels/2', 'nobody_reports'],
    ]);
    expect(JSON.stringify(refused.body.errors)).toContain(early);
    const twice = [
      { groupCodes: ['commune'], dueWorkingDays: 2 },
      { groupCodes: ['department', 'commune'], dueWorkingDays: 3 },
    ];
    const both = await post(
      'standing_agency',
      '/v1/reporting-regimes',
      await daily({ levels: twice }),
      headers,
    );
    expect(both.body.errors).toMatchObject([{ pointer: '/levels/1/groupCodes/1', code: 'on_two_levels' }]);
    const old = await daily({ startsOn: '2026-01-01' });
    const before = await post('standing_agency', '/v1/reporting-regimes', old, headers);
    expect(JSON.stringify(before.body.errors)).toContain(past);
  });

  test('refuse unknown fields, overlapping windows and names that do not exist', async () => {
    const create = async (over: object): Promise<Answer> =>
      await post('standing_agency', '/v1/reporting-regimes', await daily(over));
    expect((await create({ every: 'day' })).body).toMatchObject({ status: 400, code: 'invalid_body' });
    const windows = [
      { key: 'a', opensOn: '2027-01-01', closesOn: '2027-02-01' },
      { key: 'a', opensOn: '2027-02-01', closesOn: '2027-03-01' },
    ];
    expect((await create({ periodicity: { kind: 'own', windows } })).body.errors).toMatchObject([
      { pointer: '/schedule/windows/1', code: 'window_out_of_order' },
    ]);
    const nobody = randomUUID();
    expect((await create({ directiveIds: [nobody] })).body).toMatchObject({
      code: 'reference_unknown',
      missing: [nobody],
    });
    expect((await post('unit:communeA', '/v1/reporting-regimes', await daily())).status).toBe(403);
  });
});

describe('an ad hoc request', () => {
  const request = (over: object = {}): object => ({
    name: 'Báo cáo dữ liệu đất đai',
    groupCodes: ['commune'],
    deadline: 'within 2 hours',
    ...over,
  });

  test('is due at the instant that its phrase gives, and can be taken back', async () => {
    const made = await post('standing_agency', '/v1/report-requests', request());
    expect([made.status, made.body.kind]).toEqual([201, 'ad_hoc']);
    const due = Date.parse(made.body.dueAt);
    expect(Math.abs(due - (await clock()) - 2 * HOUR)).toBeLessThan(MINUTE);
    await conduct(made.body.id);
    const asked = await get('standing_agency', `/v1/reports?regime=${made.body.id}`);
    expect(new Set(asked.body.items.map(({ state }: Answer['body']) => state))).toEqual(new Set(['due']));
    const [one] = asked.body.items;
    await post('standing_agency', `/v1/reporting-regimes/${made.body.id}/end`, { reason: 'Đã có số liệu' });
    expect((await get('standing_agency', `/v1/reports/${one.id}`)).body.lapsed).toMatchObject({
      reason: 'request_ended',
    });
  });

  test.each([
    ['gấp', 'deadline_not_understood'],
    ['trước ngày 05/01/2026', 'deadline_in_past'],
  ])('with the deadline "%s" is refused as %s', async (deadline, code) => {
    for (const language of ['vi', 'en']) {
      const headers = { 'accept-language': language };
      const refused = await post('standing_agency', '/v1/report-requests', request({ deadline }), headers);
      expect([refused.status, refused.body.code]).toEqual([422, code]);
      expect(refused.headers.get('content-language')).toBe(language);
    }
  });

  test('is the standing agency’s, and names whom it asks', async () => {
    for (const who of ['unit:communeA', 'supervisor', 'home_affairs', 'administrator'] as const)
      expect((await post(who, '/v1/report-requests', request())).status).toBe(403);
    const nobody = await post('standing_agency', '/v1/report-requests', request({ groupCodes: [] }));
    expect(nobody.body).toMatchObject({ code: 'regime_invalid', errors: [{ code: 'nobody_reports' }] });
  });
});
