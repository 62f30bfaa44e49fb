import { describe, expect, test } from '@jest/globals';
import { preview, refused, rowAt } from './support.js';

const json = (value: unknown): string => JSON.stringify(value);

describe('a JSON plan', () => {
  test('gives the same rows as the table with these columns', () => {
    const row = {
      id: 'N02',
      task_vi: 'Báo cáo',
      task_en: 'Report',
      lead_unit: ['Bộ A', 'Bộ B'],
      deadline_phrase: 'before',
      deadline_named: '2026-06-30',
      target: 48,
    };
    const read = preview(json([row, { id: 'N03', task_vi: 'Hai', target: null }]), {}, 'Kế hoạch.JSON');
    expect(read).toMatchObject({ separator: 'json', headerLine: 0 });
    expect(rowAt(read, 1).task).toMatchObject({
      code: 'N02',
      title: 'Báo cáo',
      titleEn: 'Report',
      asTyped: { leads: 'Bộ A; Bộ B', result: '48' },
      deadline: { phrase: 'before 2026-06-30' },
      importRow: 1,
    });
    expect(rowAt(read, 2).status).toBe('unclear');
  });

  test('may use the fields’ own names', () => {
    expect(
      rowAt(preview(json([{ title: 'a', lead: 'b', sourceDate: '2025-01-02' }]), {}, 'a.json'), 1).task
        ?.source?.date,
    ).toBe('2025-01-02');
  });

  test('may name its fields in Vietnamese, as plans head their columns', () => {
    const row = {
      'Nhiệm vụ': 'a',
      'Đơn vị chủ trì': 'Bộ A',
      'Cơ quan phối hợp': 'Bộ B',
      'Thời hạn': '20/6/2026',
    };
    const { task } = rowAt(preview(json([row]), {}, 'a.json'), 1);
    expect(task?.asTyped).toMatchObject({ leads: 'Bộ A', coordinating: 'Bộ B' });
    expect(task?.deadline.phrase).toBe('20/6/2026');
  });

  test('with unknown fields or cells that are none is refused by pointer', () => {
    const refusal = refused(
      json([{ title: 'a', lead: 'b' }, { title: 'c', 'bo/ss': 'd', lead: { x: 1 } }, 7]),
      {},
      'plan.json',
    );
    expect(refusal.code).toBe('invalid_body');
    expect(refusal.errors?.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/1/lead', 'not_a_cell'],
      ['/1/bo~1ss', 'unknown_field'],
      ['/2', 'not_an_object'],
    ]);
  });

  test('that is no JSON, no array, has no tasks or too many is refused', () => {
    expect(refused('{"a":', {}, 'plan.json').code).toBe('malformed_json');
    expect(refused('{"a":1}', {}, 'plan.json').code).toBe('import_unreadable');
    expect(refused(json([{ lead: 'a' }]), {}, 'plan.json').code).toBe('import_unreadable');
    const limits = { maxBytes: 1_000, maxRows: 1 };
    expect(refused(json([{ title: 'a', lead: 'b' }, { title: 'c' }]), { limits }, 'plan.json').code).toBe(
      'payload_too_large',
    );
  });

  test('with a marking of classified documents is refused', () => {
    expect(refused(json([{ title: 'a', lead: 'b', note: 'TỐI MẬT' }]), {}, 'plan.json').code).toBe(
      'secret_content',
    );
  });
});
