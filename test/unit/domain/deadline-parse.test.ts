import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type DeadlineFindingCode, parseDeadline } from '../../../src/domain/deadline/parse.js';
import { read } from './phrases.js';

describe('the 45 distinct phrases of the Project 06 tasks', () => {
  test.each([
    ['as of 2025-10-31', '✗ as_of_not_end'],
    ['before 2020-07-20', 'date 2020-07-20 before'],
    ['before 2023-03-20', 'date 2023-03-20 before'],
    ['before 2023-04-15', 'date 2023-04-15 before'],
    ['before 2023-06-20', 'date 2023-06-20 before'],
    ['before 2023-10-30', 'date 2023-10-30 before'],
    ['before 2023-11-30', 'date 2023-11-30 before'],
    ['before 2025-07-01', 'date 2025-07-01 before'],
    ['before 2025-08-15', 'date 2025-08-15 before'],
    ['before 2025-10-15', 'date 2025-10-15 before'],
    ['before 2025-10-20', 'date 2025-10-20 before'],
    ['before 2025-11-25', 'date 2025-11-25 before'],
    ['before 2025-12-10', 'date 2025-12-10 before'],
    ['by 2022-12-15', 'date 2022-12-15'],
    ['by 2023-07-05', 'date 2023-07-05'],
    ['by 2025-07-01', 'date 2025-07-01'],
    ['by 2025-07-31', 'date 2025-07-31'],
    ['by end of 2023-06-30', 'date 2023-06-30'],
    ['by month 2025-09', 'end of month 2025/9'],
    ['by quarter 2025-Q4', 'end of quarter 2025/4'],
    ['early', '✗ no_date'],
    ['early year 2024', '✗ no_date'],
    ['extension 2025-06 -> 2025-08', '✗ extension'],
    ['in month 2023-04', 'end of month 2023/4'],
    ['in month 2024-01', 'end of month 2024/1'],
    ['in month 2025-08', 'end of month 2025/8'],
    ['in month 2025-09', 'end of month 2025/9'],
    ['in quarter 2024-Q1', 'end of quarter 2024/1'],
    ['in quarter 2025-Q2', 'end of quarter 2025/2'],
    ['in year 2022', 'end of year 2022/1'],
    ['in year 2023', 'end of year 2023/1'],
    ['in year 2024', 'end of year 2024/1'],
    ['in year 2025', 'end of year 2025/1'],
    ['in year 2026', 'end of year 2026/1'],
    ['no later than 2024-01-10', 'date 2024-01-10'],
    ['none', '✗ no_date'],
    ['per plan', '✗ no_date'],
    ['periodic 2025-10-24', 'regular 2025-10-24'],
    ['promptly', '✗ no_date'],
    ['running', 'regular'],
    ['soon', '✗ no_date'],
    ['start on 2026-01-01', '✗ start_not_end'],
    ['urgent', '✗ no_date'],
    ['window 2025-09-01..2025-11-30', 'window 2025-09-01 2025-11-30'],
    ['window end 2023-09-15', 'date 2023-09-15'],
  ])('%s → %s', (phrase, expected) => {
    expect(read(phrase, null)).toBe(expected);
  });
});

describe('named dates', () => {
  test.each([
    ['trước 20/6', 'date 2025-06-20 before'],
    ['TRƯỚC NGÀY 20/6/2025', 'date 2025-06-20 before'],
    ['  trước   ngày 20 / 6 / 2025. ', 'date 2025-06-20 before'],
    ['truoc ngay 20/6/2025', 'date 2025-06-20 before'],
    ['đến hết ngày 30/6/2025', 'date 2025-06-30'],
    ['by end of 30/6', 'date 2025-06-30'],
    ['chậm nhất ngày 20.6.2025', 'date 2025-06-20'],
    ['Chậm nhất là ngày 20-06-25', 'date 2025-06-20'],
    ['chậm nhất trước ngày 20/6/2025', 'date 2025-06-20 before'],
    ['trước hoặc trong ngày 20/6/2025', 'date 2025-06-20'],
    ['on or before 20/6/2025', 'date 2025-06-20'],
    ['không muộn hơn ngày 20/6/2025', 'date 2025-06-20'],
    ['trong ngày 20/6/2025', 'date 2025-06-20'],
    ['từ nay đến 20/6/2025', 'date 2025-06-20'],
    ['2025/06/20', 'date 2025-06-20'],
    ['31.12.25', 'date 2025-12-31'],
    ['20-Jun-2025', 'date 2025-06-20'],
    ['before June 20, 2025', 'date 2025-06-20 before'],
    ['the 20th of June 2025', 'date 2025-06-20'],
    ['by 20 June', 'date 2025-06-20'],
    ['trước ngày 31 tháng 12 năm 2025', 'date 2025-12-31 before'],
    ['ngày 20 tháng sáu năm 2025', 'date 2025-06-20'],
    ['ngày mùng 5 tháng 7', 'date 2025-07-05'],
    ['ngày 20/6 năm nay', 'date 2025-06-20'],
    ['trước 15/1 năm sau', 'date 2026-01-15 before'],
    ['ngày 15 tháng sau', 'date 2025-07-15'],
    ['trong ngày hôm nay', 'date 2025-06-02'],
    ['tomorrow', 'date 2025-06-03'],
    ['thứ Sáu, ngày 20/6/2025', 'date 2025-06-20'],
    ['khẩn trương, hoàn thành trước ngày 20/6/2025', 'date 2025-06-20 before'],
    ['by 17:00 on the last day of June 2025', 'date 2025-06-30 17:00'],
    ['hoàn thành 100% trước 20/6/2025', 'date 2025-06-20 before'],
    ['trước 17h00 ngày 20/6/2025', 'date 2025-06-20 17:00 before'],
    ['trước 17 giờ 30 phút, ngày 20/6/2025', 'date 2025-06-20 17:30 before'],
    ['20/6/2025 lúc 17h', 'date 2025-06-20 17:00'],
    ['trước 5 giờ chiều ngày 20/6/2025', 'date 2025-06-20 17:00 before'],
    ['by 12 am on 20 June 2025', 'date 2025-06-20 00:00'],
    ['2026-11-30 00:00:00', 'date 2026-11-30'],
    ['30/11/2026 00:00:00', 'date 2026-11-30'],
    ['30/11/2026 12:00:00 AM', 'date 2026-11-30'],
    ['2026-11-30T00:00:00', 'date 2026-11-30'],
    ['by 12:30 pm on 20 June 2025', 'date 2025-06-20 12:30'],
    ['trước 24 giờ ngày 20/6/2025', 'date 2025-06-20 24:00 before'],
    ['2025-06-20T17:00', 'date 2025-06-20 17:00'],
    ['hết giờ làm việc ngày 20/6/2025', 'date 2025-06-20 closing'],
    ['close of business 20/6/2025', 'date 2025-06-20 closing'],
  ])('%s → %s', (phrase, expected) => {
    expect(read(phrase)).toBe(expected);
  });
});

describe('named periods', () => {
  test.each([
    ['trong tháng 8', 'end of month 2025/8'],
    ['hết tháng 6/2025', 'end of month 2025/6'],
    ['cuối tháng 6', 'end of month 2025/6'],
    ['ngày cuối cùng của tháng 6/2025', 'end of month 2025/6'],
    ['6/2025', 'end of month 2025/6'],
    ['T6/2025', 'end of month 2025/6'],
    ['tháng năm/2025', 'end of month 2025/5'],
    ['in the month of August 2025', 'end of month 2025/8'],
    ['by end of June 2025', 'end of month 2025/6'],
    ['quý II/2025', 'end of quarter 2025/2'],
    ['trong quý tư năm 2025', 'end of quarter 2025/4'],
    ['qúy 3-2025', 'end of quarter 2025/3'],
    ['Q2/2025', 'end of quarter 2025/2'],
    ['by the end of the second quarter of 2025', 'end of quarter 2025/2'],
    ['6 tháng đầu năm 2025', 'end of half 2025/1'],
    ['sáu tháng cuối năm', 'end of half 2025/2'],
    ['nửa cuối năm 2025', 'end of half 2025/2'],
    ['first half of 2025', 'end of half 2025/1'],
    ['half-year 2025-H2', 'end of half 2025/2'],
    ['9 tháng đầu năm 2025', 'end of month 2025/9'],
    ['trong năm 2025', 'end of year 2025/1'],
    ['đến năm 2025', 'end of year 2025/1'],
    ['cuối năm nay', 'end of year 2025/1'],
    ['hết năm', 'end of year 2025/1'],
    ['quý I năm sau', 'end of quarter 2026/1'],
    ['6 tháng cuối năm nay', 'end of half 2025/2'],
    ['next quarter', 'end of quarter 2025/3'],
    ['trong tháng này', 'end of month 2025/6'],
    ['đầu tháng 8/2025', 'beginning of 2025/8'],
    ['trước giữa tháng 7', 'middle of 2025/7 before'],
  ])('%s → %s', (phrase, expected) => {
    expect(read(phrase)).toBe(expected);
  });
});

describe('counts', () => {
  test.each([
    ['within 5 working days', 'count 5 wd from issue'],
    ['trong 05 ngày làm việc', 'count 5 wd from issue'],
    ['Trong thời hạn 05 (năm) ngày làm việc kể từ ngày ký', 'count 5 wd from issue'],
    ['trong năm ngày làm việc', 'count 5 wd from issue'],
    ['five (5) business days of receipt', 'count 5 wd from receipt'],
    ['trong vòng 10 ngày kể từ ngày nhận được văn bản', 'count 10 d? from receipt'],
    ['không quá 10 ngày kể từ ngày ban hành', 'count 10 d? from issue'],
    ['chậm nhất sau 5 ngày làm việc kể từ khi nhận', 'count 5 wd from receipt'],
    ['10 ngày kể từ ngày 15/6/2025', 'count 10 d? from 2025-06-15'],
    ['10 calendar days', 'count 10 d from issue'],
    ['two weeks', 'count 14 d from issue'],
    ['nửa tháng', 'count 15 d from issue'],
    ['30 giây', 'count 30 s from issue'],
    ['within 30 seconds', 'count 30 s from issue'],
    ['5 phút', 'count 5 min from issue'],
    ['trong 24 giờ', 'count 24 h from issue'],
    ['48h kể từ khi nhận', 'count 48 h from receipt'],
    ['8 giờ làm việc', 'count 8 wh from issue'],
    ['within a month', 'months 1 from issue'],
    ['trong 3 tháng kể từ ngày ký', 'months 3 from issue'],
    ['trong 1 năm', 'months 12 from issue'],
    ['15 ngày kể từ ngày Chỉ thị này được ban hành', 'count 15 d? from issue'],
  ])('%s → %s', (phrase, expected) => {
    expect(read(phrase)).toBe(expected);
  });
});

describe('windows', () => {
  test.each([
    ['từ ngày 20 đến ngày 30/6/2025', 'window 2025-06-20 2025-06-30'],
    ['20-30/6/2025', 'window 2025-06-20 2025-06-30'],
    ['20/6 - 30/6/2025', 'window 2025-06-20 2025-06-30'],
    ['từ 20/12 đến 15/1/2026', 'window 2025-12-20 2026-01-15'],
    ['từ 28 đến 3/7/2025', 'window 2025-06-28 2025-07-03'],
    ['between 1 June 2025 and 30 June 2025', 'window 2025-06-01 2025-06-30'],
    ['từ tháng 6 đến tháng 9/2025', 'window 2025-06-01 2025-09-30 period'],
    ['giai đoạn 2025-2026', 'window 2025-01-01 2026-12-31 period'],
    ['từ 30/6/2025 đến 20/6/2025', '✗ window_reversed'],
  ])('%s → %s', (phrase, expected) => {
    expect(read(phrase)).toBe(expected);
  });
});

describe('regular tasks', () => {
  test.each([
    ['thường xuyên', 'regular'],
    ['ongoing', 'regular'],
    ['hằng tháng trước ngày 25', 'regular month-25'],
    ['Báo cáo định kỳ hàng tháng, trước ngày 25', 'regular month-25'],
    ['monthly by the 25th', 'regular month-25'],
    ['hằng quý, trước ngày 15 tháng cuối quý', '✗ ambiguous'],
    ['định kỳ 6 tháng, năm', 'regular half year'],
    ['hằng năm trước ngày 15/12', 'regular year-12-15'],
    ['thứ sáu hằng tuần', 'regular week-5'],
    ['every Friday', 'regular week-5'],
    ['ngày cuối cùng hằng tháng', 'regular month-last'],
    ['hằng tháng trong năm 2025', 'regular month until 2025-12-31'],
    ['thường xuyên đến hết ngày 31/12/2025', 'regular until 2025-12-31'],
    ['thường xuyên, hoàn thành trước 30/6/2025', '✗ ambiguous'],
    ['hằng năm trước ngày 30/2', '✗ impossible_date'],
  ])('%s → %s', (phrase, expected) => {
    expect(read(phrase)).toBe(expected);
  });
});

describe('what is a finding and never a guess', () => {
  test.each<[string, DeadlineFindingCode]>([
    ['', 'empty'],
    [' - ', 'empty'],
    ['khẩn trương', 'no_date'],
    ['báo cáo ngay', 'no_date'],
    ['sớm', 'no_date'],
    ['theo kế hoạch', 'no_date'],
    ['khi có yêu cầu', 'no_date'],
    ['đầu năm 2026', 'no_date'],
    ['giữa quý III/2025', 'no_date'],
    ['30/6 và 30/12', 'two_dates'],
    ['20/6, 30/6/2025', 'two_dates'],
    ['quý II, quý III năm 2025', 'two_dates'],
    ['trong 5 ngày làm việc, chậm nhất 20/6/2025', 'two_dates'],
    ['trước 30/2/2025', 'impossible_date'],
    ['31/4', 'impossible_date'],
    ['29/2/2025', 'impossible_date'],
    ['6/20/2025', 'impossible_date'],
    ['tháng 13/2025', 'impossible_date'],
    ['quý 5/2025', 'impossible_date'],
    ['25h00 ngày 20/6/2025', 'impossible_date'],
    ['trước ngày 20', 'incomplete_date'],
    ['trước thứ Sáu', 'incomplete_date'],
    ['trước 17h00', 'incomplete_date'],
    ['trước tháng 9/2025', 'ambiguous'],
    ['trong tuần này', 'ambiguous'],
    ['3-5 ngày làm việc', 'ambiguous'],
    ['1,5 ngày', 'ambiguous'],
    ['trước 5 ngày', 'ambiguous'],
    ['6 tháng', 'ambiguous'],
    ['trước ngày 20 của tháng', 'incomplete_date'],
    ['từ 01/7/2025 trở đi', 'start_not_end'],
    ['15 ngày kể từ ngày Quyết định có hiệu lực', 'not_understood'],
    ['sau 10 ngày kể từ ngày nhận', 'ambiguous'],
    ['thứ Hai, ngày 20/6/2025', 'ambiguous'],
    ['sau ngày 20/6/2025', 'start_not_end'],
    ['bắt đầu từ 01/7/2025', 'start_not_end'],
    ['tính đến ngày 31/10/2025', 'as_of_not_end'],
    ['gia hạn đến 30/8/2025', 'extension'],
    ['sau khi Luật có hiệu lực', 'not_understood'],
    ['trước Tết Nguyên đán', 'not_understood'],
    ['20/6/2025 đối với cấp xã', 'not_understood'],
    ['10 ngày kể từ ngày nhận đủ hồ sơ', 'not_understood'],
    ['0 ngày làm việc', 'not_understood'],
    ['45828', 'not_understood'],
    ['408/TB-VPCP', 'not_understood'],
    [`trước ${'rất '.repeat(200)}20/6`, 'not_understood'],
  ])('%s → %s', (phrase, code) => {
    expect(read(phrase)).toBe(`✗ ${code}`);
  });

  test('each says so in both languages', () => {
    const parsed = parseDeadline('trước 30/2/2025', { documentDate: null });
    expect(parsed).toMatchObject({
      ok: false,
      detail: { vi: expect.stringContaining('30/2/2025'), en: expect.stringContaining('30/2/2025') },
    });
  });
});

describe('what was assumed is noted', () => {
  const notes = (phrase: string): readonly string[] => {
    const parsed = parseDeadline(phrase, { documentDate: '2025-06-20' });
    return parsed.ok ? parsed.notes : [parsed.code];
  };

  test.each([
    ['trước 16h00 thứ Sáu hằng tuần', ['time_left_out']],
    ['3/4/2025', ['day_before_month']],
    ['13/4/2025', []],
    ['4/4/2025', []],
    ['20/6/25', ['two_digit_year']],
    ['trước 20/6', ['year_resolved']],
    ['cuối năm nay', ['relative_to_document']],
    ['tháng 8 năm nay', ['relative_to_document']],
    ['2025-04-03', []],
  ])('%s: %j', (phrase, expected) => {
    expect(notes(phrase)).toEqual(expected);
  });

  test.each([
    // The document's own date is still ahead of it: an urgent order is due the same day.
    ['20/6', '2025-06-20', 'date 2025-06-20'],
    ['19/6', '2025-06-20', 'date 2026-06-19'],
    ['29/2', '2025-06-20', 'date 2028-02-29'],
    ['quý I', '2025-06-20', 'end of quarter 2026/1'],
    ['tháng 6', '2025-06-30', 'end of month 2025/6'],
    ['tháng 12', '2025-12-31', 'end of month 2025/12'],
    ['tháng tới', '2025-12-31', 'end of month 2026/1'],
  ])('%s in a document of %s is %s', (phrase, documentDate, expected) => {
    expect(read(phrase, documentDate)).toBe(expected);
  });

  test('without a document date a missing year is a finding', () => {
    expect(read('trước 20/6', null)).toBe('✗ year_missing');
    expect(read('cuối năm', null)).toBe('✗ year_missing');
    expect(read('trong quý II', null)).toBe('✗ year_missing');
    expect(read('tháng 8 năm nay', null)).toBe('✗ year_missing');
  });
});

describe('the way it is typed makes no difference', () => {
  const phrase = fc.constantFrom(
    'trước 17h00 ngày 20/6/2025',
    'chậm nhất hết quý II/2025',
    'trong vòng 05 ngày làm việc kể từ ngày nhận được văn bản',
    'hằng tháng trước ngày 25',
    'sáu tháng đầu năm 2025',
    'đến hết ngày mùng 5 tháng tư năm 2026',
  );

  test('NFC, NFD, upper case, spaces', () => {
    fc.assert(
      fc.property(
        phrase,
        fc.constantFrom('NFC', 'NFD'),
        fc.boolean(),
        fc.integer({ min: 1, max: 4 }),
        (p, form, upper, n) => {
          const spaced = p.replaceAll(' ', ' '.repeat(n));
          const typed = (upper ? spaced.toUpperCase() : spaced).normalize(form);
          expect(read(typed)).toBe(read(p));
        },
      ),
    );
  });

  test('every real date is read in every usual way of writing it, every other one is refused', () => {
    const written = fc.tuple(
      fc.integer({ min: 1, max: 31 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 2020, max: 2035 }),
    );
    fc.assert(
      fc.property(written, ([d, m, y]) => {
        const [dd, mm] = [String(d).padStart(2, '0'), String(m).padStart(2, '0')];
        const real = new Date(Date.UTC(y, m - 1, d)).getUTCMonth() === m - 1;
        const expected = real ? `date ${y}-${mm}-${dd}` : '✗ impossible_date';
        const ways = [
          `${d}/${m}/${y}`,
          `${dd}-${mm}-${y}`,
          `${dd}.${mm}.${y}`,
          `${y}-${mm}-${dd}`,
          `ngày ${d} tháng ${m} năm ${y}`,
        ];
        for (const way of ways) expect(read(way)).toBe(expected);
      }),
    );
  });

  test('any text gives a rule or a finding', () => {
    const pieces = fc.constantFrom(
      'trước',
      'ngày',
      '20',
      '/',
      '6',
      '2025',
      'tháng',
      'quý',
      'II',
      'đến',
      'từ',
      '-',
      'hằng',
      'giờ',
      'năm',
      ',',
      '(',
      '17h',
      'sau',
      'nhận',
      '🙂',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          fc.array(pieces, { maxLength: 9 }).map((x) => x.join(' ')),
        ),
        (text) => {
          expect(typeof read(text)).toBe('string');
        },
      ),
      { numRuns: 2000 },
    );
  });
});
