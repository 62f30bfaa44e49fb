import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DAY } from '../../src/domain/instant.js';
import type { DirectivePolicy } from '../../src/domain/policy.js';
import { conductDirective } from '../../src/engine/conduct.js';
import { issueBatch } from '../../src/engine/issue.js';
import { type FixturePerson, moveClock } from '../support/fixtures.js';
import { QUICK_POLICY } from '../support/world.js';
import { type Answer, startTestApi, type TestApi } from './api-fixture.js';

const BASIS = 'Quy chế làm việc của Tổ công tác';
const SIGNED: DirectivePolicy = {
  ...QUICK_POLICY,
  id: 'signed-letters',
  ladder: [
    { step: 'urge', kind: 'urge', when: 'after', offset: { value: 1, unit: 'd' }, to: ['officer', 'head'] },
    { step: 'letter', kind: 'urging_letter', when: 'after', offset: { value: 3, unit: 'd' }, to: ['head'] },
    { step: 'refer', kind: 'referral', when: 'after', offset: { value: 10, unit: 'd' }, to: ['head'] },
  ],
  urgingLetter: { form: 'signed', sign: { value: 2, unit: 'd' }, basis: BASIS },
};
const DRAFTED: DirectivePolicy = {
  ...SIGNED,
  id: 'drafted-letters',
  urgingLetter: { form: 'drafted', sign: { value: 2, unit: 'd' } },
};

async function late(api: TestApi): Promise<{ assignment: string; directive: string; step: string }> {
  const by = (who: FixturePerson) => ({
    token: api.group.signIn(who).token,
    headers: { 'idempotency-key': randomUUID() },
  });
  const task = {
    title: 'Rà soát dữ liệu dân cư',
    code: 'A1',
    leadUnitIds: [api.group.units.justice],
    deadline: { phrase: 'within 24 hours' },
    result: { kind: 'deliverable', text: 'Báo cáo' },
  };
  const body = { number: '1/KH', title: 'Kế hoạch', documentDate: '2025-01-06', tasks: [task] };
  const { id: directive } = (await api.call('POST', '/v1/directives', { ...by('standing_agency'), body }))
    .body;
  await api.call('POST', `/v1/directives/${directive}/issue`, { ...by('standing_agency'), body: {} });
  await issueBatch(api.engine, directive);
  for (let day = 0; day < 5; day += 1) {
    await moveClock(api.database, DAY);
    for (let more = true; more; ) ({ more } = await conductDirective(api.engine, directive, 8.64e15));
  }
  const list = await api.call('GET', `/v1/escalations?directive=${directive}&step=letter`, by('supervisor'));
  const [step] = list.body.items;
  return { directive, assignment: step.assignment.id, step: step.id };
}

const read = async (api: TestApi, who: FixturePerson, step: string): Promise<Answer> =>
  await api.call('GET', `/v1/escalations/${step}`, { token: api.group.signIn(who).token });

describe('an urging letter that waits for its signature', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi({ policy: SIGNED });
  });
  afterAll(async () => {
    await api.stop();
  });

  test('is read as a draft with its facts and until when it is to be signed, and not by the unit before it is sent', async () => {
    const { assignment, step } = await late(api);
    const draft = (await read(api, 'standing_agency', step)).body.letter;
    expect(draft).toMatchObject({
      state: 'awaiting_signature',
      signBy: expect.any(String),
      number: null,
      date: null,
      signer: null,
      issuer: { id: api.group.units.agency },
      unit: { id: api.group.units.justice },
      head: expect.stringContaining('Thủ trưởng Sở Tư pháp'),
      basis: [`Căn cứ ${BASIS};`, 'Căn cứ văn bản số 1/KH ngày 06/01/2025: Kế hoạch;'],
      facts: { phrase: 'within 24 hours', urgedAt: [expect.any(String)], causes: [] },
    });
    expect(draft.facts.daysLate).toBeGreaterThanOrEqual(3);
    expect(draft.text).toContain('Kính gửi: Người đứng đầu Sở Tư pháp');
    expect((await read(api, 'unit:justice', step)).body.letter).toBeNull();
    expect((await read(api, 'unit:health', step)).status).toBe(404);
    expect((await read(api, 'supervisor', step)).body.letter.state).toBe('awaiting_signature');
    const sent = await api.call('POST', `/v1/assignments/${assignment}/urging-letter`, {
      token: api.group.signIn('standing_agency').token,
      headers: { 'idempotency-key': randomUUID() },
      body: { document: { number: '45/CV', date: '2025-02-03', signer: 'Trần Văn B' } },
    });
    expect(sent.status).toBe(200);
    const signed = {
      state: 'signed',
      signBy: null,
      number: '45/CV',
      date: '2025-02-03',
      signer: 'Trần Văn B',
    };
    for (const who of ['standing_agency', 'unit:justice'] as const) {
      const { letter } = (await read(api, who, step)).body;
      expect(letter).toMatchObject(signed);
      expect(letter.text).toContain('Số: 45/CV, ngày 03/02/2025');
      // The facts are those of the day on which it was drafted.
      expect(letter.facts).toEqual(draft.facts);
    }
  });

  test('is dropped when a new deadline is set before anybody signed', async () => {
    const { assignment, step } = await late(api);
    await api.call('POST', `/v1/assignments/${assignment}/adjust-deadline`, {
      token: api.group.signIn('standing_agency').token,
      headers: { 'idempotency-key': randomUUID() },
      body: { deadline: 'within 240 hours', latenessStands: false, reason: 'Theo văn bản mới' },
    });
    expect((await read(api, 'standing_agency', step)).body.letter).toMatchObject({
      state: 'dropped',
      signBy: null,
      number: null,
    });
    expect((await read(api, 'unit:justice', step)).body.letter).toBeNull();
  });
});

describe('an urging letter that goes as drafted', () => {
  test('is read by the unit as it was sent, and other steps have none', async () => {
    const api = await startTestApi({ policy: DRAFTED });
    const { step, directive } = await late(api);
    const { letter } = (await read(api, 'unit:justice', step)).body;
    expect(letter).toMatchObject({
      state: 'sent',
      signBy: null,
      basis: ['Căn cứ văn bản số 1/KH ngày 06/01/2025: Kế hoạch;'],
    });
    const { token } = api.group.signIn('unit:justice');
    const urge = await api.call('GET', `/v1/escalations?directive=${directive}&step=urge`, { token });
    expect((await read(api, 'unit:justice', urge.body.items[0].id)).body.letter).toBeNull();
    await api.stop();
  });
});
