import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FixturePerson } from '../support/fixtures.js';
import { type Answer, startTestApi, type TestApi } from './api-fixture.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(async () => {
  await api.stop();
});

const as = (who: FixturePerson) => api.group.signIn(who).token;
const post = async (who: FixturePerson, path: string, body: object = {}): Promise<Answer> =>
  await api.call('POST', path, {
    token: as(who),
    body,
    headers: { 'idempotency-key': `${who} ${path} ${JSON.stringify(body).length}` },
  });

const draft = () => ({
  number: '12/KH',
  title: 'Kế hoạch',
  documentDate: '2026-01-05',
  tasks: [
    {
      title: 'Rà soát dữ liệu dân cư',
      leadUnitIds: [api.group.units.justice],
      deadline: { phrase: 'within 20 working days' },
      result: { kind: 'deliverable', text: 'Báo cáo' },
    },
  ],
});

describe('a draft is rehearsed over the API', () => {
  test('for the silent and the punctual case, in the caller’s language, and not once it is issued', async () => {
    const { id } = (await post('standing_agency', '/v1/directives', draft())).body;
    const path = `/v1/directives/${id}/rehearse`;
    const { status, body } = await post('supervisor', path, { mostPerWeek: 1 });
    expect(status).toBe(200);
    expect(body.counts.assignments).toBe(1);
    expect(body.silent.at(-2)).toMatchObject({ step: 'referred', assignments: 1 });
    expect(body.punctual.map((line: { step: string }) => line.step)).toEqual([
      'remind-7',
      'remind-3',
      'remind-1',
    ]);
    expect(body.loads).toMatchObject([{ unitId: api.group.units.justice, deadlines: 1 }]);
    expect(body.silent[0].words).toBe('quá thời gian tiếp nhận');
    const none = await post('standing_agency', path, { unitId: api.group.units.agency });
    expect(none.body.silent).toEqual([]);
    expect((await post('standing_agency', `/v1/directives/${id}/issue`)).status).toBe(200);
    expect((await post('standing_agency', path)).body.code).toBe('transition_not_allowed');
  });
});
