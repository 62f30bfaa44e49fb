import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DraftTask } from '../../../src/domain/directive/draft.js';
import { assignedEvent, assignmentSeeds, plannedCount } from '../../../src/domain/directive/freeze.js';
import { isMarkedSecret, secretRefusal } from '../../../src/domain/directive/secret.js';
import { DEFAULT_POLICY } from '../../../src/domain/policy.js';
import { content, firstAssigned, frozen, judge, NOW, task } from './drafts.js';
import { at } from './story.js';

describe('content marked secret', () => {
  test.each([
    'MẬT',
    'TỐI MẬT',
    'TUYỆT MẬT',
    'Mật',
    '(MẬT)',
    '[TUYỆT MẬT]',
    'Kế hoạch\nTỐI MẬT',
    'Độ mật: Mật',
    'Báo cáo [MẬT] quý IV',
    'MẬT'.normalize('NFD'),
  ])('“%s” is refused wherever it stands', (marked) => {
    const places = [
      content([task()], { title: marked }),
      content([task({ title: marked })]),
      content([task({ result: { kind: 'deliverable', text: marked } })]),
    ];
    for (const draft of places) {
      expect(secretRefusal(draft)).toMatchObject({ code: 'secret_content' });
      expect(judge(draft).ready).toBe(false);
    }
  });

  test.each([
    'Bảo mật thông tin',
    'An toàn, an ninh mạng và bí mật nhà nước',
    'Mật độ dân số',
    'Đường mật',
    'secretariat',
  ])('“%s” is a subject, no marking', (title) => {
    expect(isMarkedSecret(title)).toBe(false);
    expect(secretRefusal(content([task({ title })], { title }))).toBeNull();
  });

  test('is not repeated in the answer, which only says where', () => {
    const refusal = secretRefusal(content([task(), task({ title: 'Phương án X\nTUYỆT MẬT' })]));
    expect(refusal?.errors?.map((error) => error.pointer)).toEqual(['/tasks/1/title']);
    expect(JSON.stringify(refusal)).not.toContain('Phương án X');
  });
});

describe('a frozen version', () => {
  const mixed = fc
    .array(
      fc.constantFrom<Partial<DraftTask>>(
        {},
        { nature: 'general', groupCodes: ['commune'] },
        { nature: 'general', groupCodes: ['commune', 'department', 'commune'] },
        { leadUnitIds: ['health', 'justice'], severalLeads: 'each_leads' },
        { leadUnitIds: ['health', 'justice'], severalLeads: 'first_leads' },
        { leadUnitIds: [], keepUnclear: true },
      ),
      { minLength: 1, maxLength: 10 },
    )
    .map((overs) => content(overs.map((over, place) => task({ ...over, id: `t${place}` }))));

  test('gives every task and unit exactly one assignment, in slices of any size', () => {
    fc.assert(
      fc.property(mixed, fc.integer({ min: 1, max: 7 }), (draft, size) => {
        const version = frozen(draft);
        const whole: string[] = [];
        for (let from = 0; from < plannedCount(version); from += size) {
          const seeds = assignmentSeeds(version, from, size);
          expect(seeds.length).toBe(Math.min(size, plannedCount(version) - from));
          whole.push(...seeds.map(({ task: of, unitId }) => `${of.task.id} ${unitId}`));
        }
        const roster = version.tasks.flatMap((of) => of.leads.map((unit) => `${of.task.id} ${unit}`));
        expect(whole).toEqual(roster);
        expect(new Set(whole).size).toBe(whole.length);
        expect(assignmentSeeds(version, plannedCount(version), size)).toEqual([]);
      }),
    );
  });

  test('holds the roster of every group, one instant of issue, its policy, and the calendar by name', () => {
    const version = frozen(content([task({ nature: 'general', groupCodes: ['commune', 'department'] })]));
    expect(version.tasks[0]?.leads).toEqual(['c1', 'c2', 'c3', 'health', 'justice']);
    expect(version).toMatchObject({
      issuedAt: NOW,
      policy: DEFAULT_POLICY,
      calendar: { id: 'office-hours', version: 1 },
      endsAt: at('2026-12-31 23:59:59'),
    });
    for (const { task: of, unitId } of assignmentSeeds(version, 0, 10))
      expect(assignedEvent(version, { task: of, unitId }, unitId).data).toMatchObject({
        assignedAt: NOW,
        cycle: 1,
        state: 'assigned',
        monitorUnitId: 'agency',
      });
  });

  test('names the monitor of a task where it is another than the standing agency', () => {
    expect(firstAssigned(content([task({ monitorUnitId: 'office' })])).monitorUnitId).toBe('office');
  });

  test('makes a regular task an assignment without a deadline', () => {
    const data = firstAssigned(
      content([task({ deadline: { phrase: 'thường xuyên', rule: null, past: null } })]),
    );
    expect(data).toMatchObject({
      recurrence: 'regular',
      dueAt: null,
      deadlineAt: null,
      firstDeadlineAt: null,
    });
  });
});
