import { describe, expect, test } from '@jest/globals';
import { parseDeadline } from '../../../src/domain/deadline/parse.js';
import { LONGEST_PHRASE } from '../../../src/domain/deadline/text.js';
import { read } from './phrases.js';

/** What the finding shows, in the words of the person who typed it. */
function shown(phrase: string, documentDate: string | null = '2025-06-02'): string {
  const parsed = parseDeadline(phrase, { documentDate });
  if (parsed.ok) throw new Error(`${phrase} is read`);
  return parsed.detail.vi;
}

const ambiguous = (what: string): string => `Có thể hiểu nhiều cách: ${what}. Hãy ghi một ngày.`;
const unclear = (what: string): string => `Không hiểu "${what}"; hãy ghi một ngày.`;
const impossible = (what: string): string =>
  `Không có ngày hoặc giờ ${what} (đọc theo thứ tự ngày/tháng/năm).`;
const incomplete = (what: string): string => `Chỉ ghi ${what}: thiếu ngày hoặc tháng.`;

describe('a finding shows', () => {
  test.each([
    // The whole cell as it was typed, without the spaces around it.
    ['  Trước Tết Nguyên đán ', unclear('Trước Tết Nguyên đán')],
    ['trong 0 ngày', unclear('trong 0 ngày')],
    ['5 ngày và 3 tháng', unclear('5 ngày và 3 tháng')],
    ['17h đầu tháng 6', unclear('17h đầu tháng 6')],
    ['20/6/2025?', ambiguous('20/6/2025?')],
    ['trong 6 tháng 5 ngày?', ambiguous('trong 6 tháng 5 ngày?')],
    ['Trước tháng 9/2025', ambiguous('Trước tháng 9/2025')],
    ['Thứ Hai, ngày 20/6/2025', ambiguous('Thứ Hai, ngày 20/6/2025')],
    ['3-5 ngày', ambiguous('3-5 ngày')],
    ['12h tối 20/6/2025', ambiguous('12h tối 20/6/2025')],
    ['hằng tháng trước 20/6', ambiguous('hằng tháng trước 20/6')],
    ['hằng tháng, trong 5 ngày', ambiguous('hằng tháng, trong 5 ngày')],
    ['định kỳ ngày 15', ambiguous('định kỳ ngày 15')],
    ['tháng 12 hằng năm', ambiguous('tháng 12 hằng năm')],
    ['Chiều 20/6/2025', ambiguous('Chiều 20/6/2025')],
    ['từ đầu tháng 6 đến giữa tháng 7/2025', ambiguous('từ đầu tháng 6 đến giữa tháng 7/2025')],
    ['sau 5 ngày', ambiguous('sau 5 ngày')],
    ['trước 5 ngày', ambiguous('trước 5 ngày')],
    ['30 phút kể từ 20/6/2025', ambiguous('30 phút kể từ 20/6/2025')],
    ['6 tháng', ambiguous('6 tháng')],
    // The part of it that cannot be.
    ['trước 30/2/2025', impossible('30/2/2025')],
    ['31/4', impossible('31/4')],
    ['tháng 13/2025', impossible('tháng (month) 13')],
    ['quý 5/2025', impossible('quý (quarter) 5')],
    ['H3/2025', impossible('nửa năm (half-year) 3')],
    ['năm 2200', impossible('2200')],
    ['12 tháng đầu năm', impossible('12 thang')],
    ['17h75 ngày 20/6/2025', impossible('17:75')],
    ['25h05 ngày 20/6/2025', impossible('25:05')],
    ['trước 25h ngày 20/6/2025', impossible('25h')],
    ['ngày 32 hằng tháng', impossible('32')],
    ['hằng năm trước 31/4', impossible('31/4')],
    ['trước ngày 20', incomplete('ngày 20')],
    ['trước ngày 20 của tháng', incomplete('ngày 20')],
    ['Trước thứ Sáu', incomplete('Trước thứ Sáu')],
    ['trước 17h00', incomplete('trước 17h00')],
    ['Trước 24 giờ', incomplete('Trước 24 giờ')],
    ['quý', incomplete('quý')],
    ['17h tháng 6', incomplete('17h tháng 6')],
    ['thứ Sáu đầu tháng 6', incomplete('thứ Sáu đầu tháng 6')],
    // Both ways of reading a date without a year that would lie far ahead.
    ['30 ngày kể từ 3/12', ambiguous('3/12/2024, 3/12/2025')],
    ['tuần này', ambiguous('tuần / week')],
    ['5 ngày kể từ tháng 6/2025', ambiguous('count from a period')],
    ['từ 30/6/2025 đến 20/6/2025', 'Ngày cuối đứng trước ngày đầu: 2025-06-30 - 2025-06-20.'],
    ['sau ngày 20/6/2025', '2025-06-20 là ngày bắt đầu, không phải ngày kết thúc; hãy ghi hạn hoàn thành.'],
    ['từ tháng 7/2025', 'từ tháng 7/2025 là ngày bắt đầu, không phải ngày kết thúc; hãy ghi hạn hoàn thành.'],
  ])('of %s: %s', (phrase, expected) => {
    expect(shown(phrase)).toBe(expected);
  });

  test.each([
    ['trước 20/6', '20/6'],
    ['trong quý II', 'quý (quarter) 2'],
    ['nửa cuối năm', 'nửa năm (half-year) 2'],
    ['tháng 6', 'tháng (month) 6'],
    ['cuối năm', 'năm (year)'],
    ['tháng sau', 'tháng (month)'],
    ['quý này', 'quý (quarter)'],
    ['ngày mai', 'ngày (day)'],
    ['thứ Sáu tuần sau', 'tuần (week)'],
  ])('whose year is missing in %s, where the document has no date: %s', (phrase, what) => {
    expect(shown(phrase, null)).toBe(`Thiếu năm của ${what}, và văn bản không ghi ngày để suy ra.`);
  });
});

describe('what was assumed is noted, once', () => {
  test.each([
    ['12/1/2025', ['day_before_month']],
    ['1/12/2025', ['day_before_month']],
    ['12/12/2025', []],
    ['13/1/2025', []],
    ['12/13/2025', ['impossible_date']],
    ['ngày 3 tháng 4 năm 2025', []],
    ['3 April 2025', []],
    ['3/4', ['day_before_month', 'year_resolved']],
    ['quý II/25', ['two_digit_year']],
    ['tháng 8', ['year_resolved']],
    ['từ 3/4/25 đến 5/6/25', ['two_digit_year', 'day_before_month']],
    ['từ 1/6 đến 15/6/2025', ['day_before_month']],
    ['15 ngày kể từ 13/6', ['year_resolved']],
    ['ngày mai', ['relative_to_document']],
    ['thứ Sáu tuần sau', ['relative_to_document']],
    ['hằng tháng, 17h', ['time_left_out']],
    ['trước 15 giờ hằng ngày', ['time_left_out']],
    ['hằng ngày, hết giờ làm việc', ['time_left_out']],
    ['chiều thứ Sáu hằng tuần', ['time_left_out']],
    ['thứ Sáu hằng tuần', []],
    ['thường xuyên đến hết năm', ['relative_to_document']],
  ])('%s: %j', (phrase, expected) => {
    const parsed = parseDeadline(phrase, { documentDate: '2025-06-02' });
    expect(parsed.ok ? parsed.notes : [parsed.code]).toEqual(expected);
    if (parsed.ok) expect(parsed.rule.notes).toEqual(parsed.notes);
  });
});

describe('dates that hang on the document’s', () => {
  test.each([
    // Saturday, Sunday and Monday of one turn of the week.
    ['thứ Hai tuần sau', '2025-06-07', 'date 2025-06-09'],
    ['thứ Hai tuần sau', '2025-06-08', 'date 2025-06-09'],
    ['thứ Hai tuần sau', '2025-06-09', 'date 2025-06-16'],
    ['chủ nhật tuần này', '2025-06-08', 'date 2025-06-08'],
    ['ngày mai', '2025-12-31', 'date 2026-01-01'],
    ['quý sau', '2025-12-31', 'end of quarter 2026/1'],
    ['ngày 15 tháng sau', '2025-12-31', 'date 2026-01-15'],
    ['năm sau', '2025-01-01', 'end of year 2026/1'],
    ['20/6 năm sau', '2025-12-31', 'date 2026-06-20'],
    ['quý II', '2025-06-30', 'end of quarter 2025/2'],
    ['quý II', '2025-07-01', 'end of quarter 2026/2'],
    ['6 tháng đầu năm', '2025-06-30', 'end of half 2025/1'],
    ['6 tháng đầu năm', '2025-07-01', 'end of half 2026/1'],
    ['29/2', '2028-02-29', 'date 2028-02-29'],
    ['29/2', '2028-03-01', 'date 2032-02-29'],
  ])('%s in a document of %s is %s', (phrase, documentDate, expected) => {
    expect(read(phrase, documentDate)).toBe(expected);
  });
});

test('a cell is read up to the longest phrase, and one sign more is not understood', () => {
  const longest = `${'là '.repeat((LONGEST_PHRASE - '20/6/2025'.length) / 3)}20/6/2025`;
  expect(longest.length).toBe(LONGEST_PHRASE);
  expect(read(longest)).toBe('date 2025-06-20');
  expect(read(longest.replace('/6/', '/06/'))).toBe('✗ not_understood');
});
