import { describe, expect, test } from '@jest/globals';
import { readDocumentDate } from '../../../src/import/dates.js';
import { readResult } from '../../../src/import/results.js';

function read(cell: string): unknown {
  const { result } = readResult(cell, 'Việc');
  if (result === null || result.kind === 'deliverable') return result?.text ?? null;
  return [result.numerator, result.denominator, result.atLeast, result.name];
}

function notes(cell: string): readonly string[] {
  return readResult(cell, 'Việc').notes.map((note) => note.code);
}

describe('a target', () => {
  test.each([
    ['≥80%', [80, 100, true, 'Việc']],
    ['>= 80 % hồ sơ', [80, 100, true, 'hồ sơ']],
    ['tối thiểu 57,12% hồ sơ trực tuyến', [57.12, 100, true, 'hồ sơ trực tuyến']],
    ['Tỷ lệ hồ sơ trực tuyến đạt 80% trở lên', [80, 100, true, 'Tỷ lệ hồ sơ trực tuyến đạt']],
    ['100%', [100, 100, false, 'Việc']],
    ['100% of enterprise procedures', [100, 100, false, 'enterprise procedures']],
    ['436,167/319,284', [436_167, 319_284, false, 'Việc']],
    ['436.167/319.284 tài khoản', [436_167, 319_284, false, 'tài khoản']],
    ['12/12 provinces', [12, 12, false, 'provinces']],
    ['48 documents', [48, null, false, 'documents']],
    ['1.086 thủ tục', [1_086, null, false, 'thủ tục']],
    ['ít nhất 20 mô hình', [20, null, true, 'mô hình']],
    ['859,268', [859_268, null, false, 'Việc']],
  ])('%s is an indicator with its numbers', (cell, expected) => {
    expect(read(cell)).toEqual(expected);
  });

  test.each([
    'Báo cáo kết quả',
    'report delivered',
    'Nghị định 13/2023/NĐ-CP được sửa',
    'Báo cáo trước 30/6',
    'Quyết định số 06/QĐ-TTg',
    '2025',
    'Tập huấn 63 tỉnh trong năm 2026',
    '38 -> 0',
    '0 late tasks',
    '90% / 80% / 60%',
    '>= 30% time; >= 30% cost',
  ])('%s is a product in words', (cell) => {
    expect(read(cell)).toBe(cell);
  });

  test.each(['', ' - ', '(not stated)', 'n/a', 'N/A', 'chưa rõ', 'none'])('“%s” states nothing', (cell) => {
    expect(readResult(cell, 'Việc')).toMatchObject({ result: null, missing: 'empty' });
  });

  test.each([
    '33 tasks overdue or late at that date',
    '833 assigned: 585 done, 67 in time, 181 overdue',
    '25 nhiệm vụ quá hạn',
    '96/130 reported, 34 late (named)',
  ])('“%s” says how things stood, which is no target', (cell) => {
    expect(readResult(cell, 'Việc')).toMatchObject({ result: null, missing: 'status' });
  });

  test('a deadline that says “chậm nhất” is not lateness', () => {
    expect(read('03 báo cáo, chậm nhất cuối quý')).toEqual([3, null, false, 'báo cáo, chậm nhất cuối quý']);
  });

  test('several targets in one cell are kept as text and pointed out', () => {
    expect(notes('90% / 80% / 60%')).toContain('several_targets');
    expect(notes('80% hồ sơ; 48 văn bản; 20/30 xã')).toContain('several_targets');
  });
});

describe('a printed percentage', () => {
  test('is compared at its own decimals, half-up, and never kept', () => {
    expect(notes('436,167/319,284 reported 136.60%')).toEqual(['percentage_differs', 'reported_figure']);
    expect(notes('322,042/319,284 = 100.86%')).toEqual(['reported_figure']);
    expect(notes('958,367/794,301 reported 120.7%')).toEqual(['reported_figure']);
    expect(notes('12.163/35.470 = 34,3%')).toEqual(['reported_figure']);
    expect(JSON.stringify(readResult('436,167/319,284 reported 136.60%', 'Việc').result)).not.toContain(
      '136',
    );
  });

  test('in a remark is compared with the count it belongs to', () => {
    expect(notes('738,291 (at 7/6: 186,568; reported 24.37%)')).toEqual([
      'remark_in_result',
      'percentage_differs',
    ]);
    expect(notes('100% (at 1/3: 304,191/1,497,360 citizens activated = 20.3%)')).toEqual([
      'remark_in_result',
    ]);
  });
});

describe('the date of a document', () => {
  test.each([
    ['2023-09-23', '2023-09-23', '2023-09-23'],
    ['2023-11', '2023-11-01', '2023-11-30'],
    ['2024-02', '2024-02-01', '2024-02-29'],
    ['2023 (year inferred)', '2023-01-01', '2023-12-31'],
    ['2022-11-24 (year inferred)', '2022-11-24', '2022-11-24'],
    ['2025-10-24 17:15', '2025-10-24', '2025-10-24'],
    ['20/10/2023', '2023-10-20', '2023-10-20'],
    ['ngày 05 tháng 6 năm 2025', '2025-06-05', '2025-06-05'],
    ['tháng 6/2023', '2023-06-01', '2023-06-30'],
    ['Tháng 6 năm 2023', '2023-06-01', '2023-06-30'],
  ])('%s', (cell, from, to) => {
    expect(readDocumentDate(cell)).toEqual({ from, to });
  });

  test.each(['2023-02-30', '31/4/2024', '2024-13', '(not in excerpt)', '', '99/99/9999', '12'])(
    '“%s” is none',
    (cell) => {
      expect(readDocumentDate(cell)).toBeNull();
    },
  );
});
