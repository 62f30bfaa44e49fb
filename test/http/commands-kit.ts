import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { issueBatch } from '../../src/engine/issue.js';
import type { FixturePerson, FixtureUnit } from '../support/fixtures.js';
import type { Answer, TestApi } from './api-fixture.js';

export type Headers = Readonly<Record<string, string>>;

/** Fresh, or one that a test repeats. */
export const key = (name: string = randomUUID()): Headers => ({ 'idempotency-key': name });

export const draft = (tasks: readonly object[]) => ({
  number: '12/KH',
  title: 'Kế hoạch',
  documentDate: '2025-01-06',
  tasks,
});

/** What people send to an API that is only there when the tests run. */
export function commandsOf(api: () => TestApi) {
  const as = (who: FixturePerson): string => api().group.signIn(who).token;
  const post = async (
    who: FixturePerson,
    path: string,
    body?: unknown,
    headers: Headers = {},
  ): Promise<Answer> =>
    await api().call('POST', path, { token: as(who), ...(body === undefined ? {} : { body }), headers });
  const get = async (who: FixturePerson, path: string): Promise<Answer> =>
    await api().call('GET', path, { token: as(who) });

  const task = (unit: FixtureUnit, more: object = {}) => ({
    title: 'Rà soát dữ liệu dân cư',
    leadUnitIds: [api().group.units[unit]],
    deadline: { phrase: 'within 5 days' },
    result: { kind: 'deliverable', text: 'Báo cáo' },
    ...more,
  });

  async function created(tasks: readonly object[]): Promise<Answer> {
    const answer = await post('standing_agency', '/v1/directives', draft(tasks));
    expect(answer.status).toBe(201);
    return answer;
  }

  /** Issued over HTTP; its assignments are made as its process would. By unit, the id of its assignment. */
  async function issued(...units: FixtureUnit[]): Promise<{ id: string; of: (unit: FixtureUnit) => string }> {
    const { id } = (await created(units.map((unit) => task(unit)))).body;
    expect((await post('standing_agency', `/v1/directives/${id}/issue`, undefined, key())).status).toBe(200);
    await issueBatch(api().engine, id);
    const { items } = (await get('standing_agency', `/v1/directives/${id}/assignments`)).body;
    return {
      id,
      of: (unit) =>
        items.find((item: { unit: { id: string } }) => item.unit.id === api().group.units[unit])?.id ??
        'no assignment',
    };
  }

  return { as, post, get, task, created, issued };
}
