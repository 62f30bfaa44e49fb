import { describe, expect, test } from '@jest/globals';
import { ALWAYS_OPEN, type Calendar } from '../../../src/domain/calendar.js';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import { parseDeadline } from '../../../src/domain/deadline/parse.js';
import { type ResolvedDeadline, resolveDeadline } from '../../../src/domain/deadline/resolve.js';
import { DEFAULT_DEADLINE_POLICY, type DeadlinePolicy } from '../../../src/domain/deadline/rule.js';

const at = (text: string): number => Date.parse(`${text.replace(' ', 'T')}:00+07:00`);
const shown = (instant: number | null): string | null =>
  instant === null ? null : new Date(instant + 25_200_000).toISOString().slice(0, 19).replace('T', ' ');

interface Given {
  readonly issued?: string;
  readonly policy?: Partial<DeadlinePolicy>;
  readonly calendar?: Calendar;
  readonly regularEndsAt?: number;
}

function resolved(phrase: string, given: Given = {}): ResolvedDeadline {
  const issued = given.issued ?? '2025-04-24 10:00';
  const parsed = parseDeadline(phrase, { documentDate: issued.slice(0, 10) });
  if (!parsed.ok) throw new Error(`${phrase}: ${parsed.code}`);
  // Kept as JSON beside the phrase and resolved again later.
  const rule = JSON.parse(JSON.stringify(parsed.rule)) as typeof parsed.rule;
  return resolveDeadline(rule, {
    issuedAt: at(issued),
    calendar: given.calendar ?? OFFICE_HOURS,
    policy: { ...DEFAULT_DEADLINE_POLICY, ...given.policy },
    ...(given.regularEndsAt === undefined ? {} : { regularEndsAt: given.regularEndsAt }),
  });
}

const due = (phrase: string, given: Given = {}): string | null => shown(resolved(phrase, given).at);

describe('the defaults of the design', () => {
  test.each([
    // A named date ends at 23:59:59 and stays on a day off: 30/11/2025 and 15/4/2023 are real ones.
    ['trước 20/6/2025', '2025-06-20 23:59:59'],
    ['window 2025-09-01..2025-11-30', '2025-11-30 23:59:59'],
    ['trước 15/4/2023', '2023-04-15 23:59:59'],
    ['trước 17h00 ngày 20/6/2025', '2025-06-20 17:00:00'],
    ['trước 24h00 ngày 20/6/2025', '2025-06-20 23:59:59'],
    ['hết giờ làm việc ngày 20/6/2025', '2025-06-20 17:30:00'],
    ['hết giờ làm việc ngày 22/6/2025', '2025-06-22 23:59:59'],
    // A named period ends with its last day, or at the close of the next working day.
    ['trong quý II/2025', '2025-06-30 23:59:59'],
    ['trong tháng 8/2025', '2025-09-03 17:30:00'],
    ['từ tháng 6 đến tháng 8/2025', '2025-09-03 17:30:00'],
    ['trong năm 2026', '2026-12-31 23:59:59'],
    ['đầu tháng 8/2025', '2025-08-01 23:59:59'],
    ['giữa tháng 6/2025', '2025-06-15 23:59:59'],
    // Counts: the first day not counted, the closing of the last one, moved on from a day off.
    ['trong 5 ngày làm việc', '2025-05-05 17:30:00'],
    ['trong 1 ngày làm việc', '2025-04-25 17:30:00'],
    ['trong 5 ngày', '2025-04-29 17:30:00'],
    ['trong 6 ngày', '2025-05-05 17:30:00'],
    ['trong 2 ngày', '2025-04-26 17:30:00'],
    ['trong 1 tuần', '2025-05-05 17:30:00'],
    ['trong 3 tháng', '2025-07-24 17:30:00'],
    ['1 tháng kể từ ngày 31/5/2025', '2025-06-30 17:30:00'],
    ['10 ngày kể từ ngày 02/6/2025', '2025-06-12 17:30:00'],
    // Hours and less are counted through; what ends on a day off ends with the next working day.
    ['trong 24 giờ', '2025-04-25 10:00:00'],
    ['trong 72 giờ', '2025-04-28 17:30:00'],
    ['30 giây', '2025-04-24 10:00:30'],
    ['16 giờ làm việc kể từ khi nhận', '2025-04-26 10:00:00'],
  ])('%s → %s', (phrase, expected) => {
    expect(due(phrase)).toBe(expected);
  });

  test('a year that ends on a day off ends after the New Year, also where nothing is announced yet', () => {
    expect(due('trong năm 2028', { issued: '2027-02-03 10:00' })).toBe('2029-01-02 17:30:00');
  });

  test('issued on a day off or after hours, the next working day is the first', () => {
    expect(due('trong 1 ngày làm việc', { issued: '2025-06-21 09:00' })).toBe('2025-06-23 17:30:00');
    expect(due('trong 1 ngày làm việc', { issued: '2025-06-20 23:00' })).toBe('2025-06-23 17:30:00');
  });

  test('a regular task ends with the directive, or when its own phrase says', () => {
    expect(due('thường xuyên')).toBeNull();
    expect(due('thường xuyên', { regularEndsAt: at('2025-12-31 17:30') })).toBe('2025-12-31 17:30:00');
    expect(due('hằng tháng trong năm 2025', { regularEndsAt: 0 })).toBe('2025-12-31 23:59:59');
  });
});

describe('each setting of the policy has an effect', () => {
  test.each<[string, Partial<DeadlinePolicy>, string, string]>([
    ['trước 20/6/2025', { beforeIsExclusive: true }, '2025-06-20 23:59:59', '2025-06-19 23:59:59'],
    ['đến 20/6/2025', { beforeIsExclusive: true }, '2025-06-20 23:59:59', '2025-06-20 23:59:59'],
    ['trước 17h00 20/6/2025', { beforeIsExclusive: true }, '2025-06-20 17:00:00', '2025-06-20 17:00:00'],
    ['trước 20/6/2025', { namedDateEndsAt: 'closing' }, '2025-06-20 23:59:59', '2025-06-20 17:30:00'],
    ['trong 5 ngày làm việc', { countEndsAt: 'end_of_day' }, '2025-05-05 17:30:00', '2025-05-05 23:59:59'],
    ['trong 5 ngày', { countEndsAt: 'end_of_day' }, '2025-04-29 17:30:00', '2025-04-29 23:59:59'],
    ['trong 6 ngày', { countedOnDayOff: 'stays' }, '2025-05-05 17:30:00', '2025-04-30 23:59:59'],
    ['trong 72 giờ', { countedOnDayOff: 'stays' }, '2025-04-28 17:30:00', '2025-04-27 10:00:00'],
    ['trong tháng 8/2025', { periodOnDayOff: 'stays' }, '2025-09-03 17:30:00', '2025-08-31 23:59:59'],
    ['trong 5 ngày', { bareDays: 'working' }, '2025-04-29 17:30:00', '2025-05-05 17:30:00'],
    ['trong 5 ngày lịch', { bareDays: 'working' }, '2025-04-29 17:30:00', '2025-04-29 17:30:00'],
    ['đầu tháng 8/2025', { beginningOfMonth: 5 }, '2025-08-01 23:59:59', '2025-08-05 23:59:59'],
    ['giữa tháng 8/2025', { middleOfMonth: 16 }, '2025-08-15 23:59:59', '2025-08-16 23:59:59'],
  ])('%s under %j: %s becomes %s', (phrase, policy, usual, changed) => {
    expect(due(phrase)).toBe(usual);
    expect(due(phrase, { policy })).toBe(changed);
  });
});

describe('settings of the policy meet each other', () => {
  const both = { beforeIsExclusive: true, namedDateEndsAt: 'closing' } as const;
  test.each<[string, Partial<DeadlinePolicy>, string]>([
    ['trước 21/6/2025', both, '2025-06-20 17:30:00'],
    // The office does not close on a Sunday: then the whole day is left.
    ['trước 23/6/2025', both, '2025-06-22 23:59:59'],
    ['hết giờ làm việc trước ngày 20/6/2025', { beforeIsExclusive: true }, '2025-06-20 17:30:00'],
    ['trước đầu tháng 8/2025', { beforeIsExclusive: true }, '2025-07-31 23:59:59'],
    ['trước giữa tháng 8/2025', {}, '2025-08-15 23:59:59'],
    ['1/6/2025 - 20/6/2025', { beforeIsExclusive: true, namedDateEndsAt: 'closing' }, '2025-06-20 17:30:00'],
    ['hết tháng 6/2025', { namedDateEndsAt: 'closing' }, '2025-06-30 17:30:00'],
    ['hết tháng 8/2025', { namedDateEndsAt: 'closing', periodOnDayOff: 'stays' }, '2025-08-31 23:59:59'],
    ['từ tháng 6 đến tháng 8/2025', { periodOnDayOff: 'stays' }, '2025-08-31 23:59:59'],
    ['trong 6 ngày', { countedOnDayOff: 'stays', countEndsAt: 'end_of_day' }, '2025-04-30 23:59:59'],
    ['trong 6 ngày', { countEndsAt: 'end_of_day' }, '2025-05-05 17:30:00'],
    ['trong 3 tháng', { countEndsAt: 'end_of_day' }, '2025-07-24 23:59:59'],
    ['trong 1 tuần', { bareDays: 'working' }, '2025-05-05 17:30:00'],
    ['3 giờ làm việc', { countEndsAt: 'end_of_day' }, '2025-04-24 14:30:00'],
    ['90 phút', { bareDays: 'working', countEndsAt: 'end_of_day' }, '2025-04-24 11:30:00'],
    ['5 ngày làm việc kể từ 02/6/2025', { bareDays: 'working' }, '2025-06-09 17:30:00'],
    ['5 ngày kể từ 02/6/2025', { bareDays: 'working' }, '2025-06-09 17:30:00'],
  ])('%s under %j → %s', (phrase, policy, expected) => {
    expect(due(phrase, { policy })).toBe(expected);
  });
});

describe('the days off that decided it', () => {
  const off = (phrase: string, given: Given = {}): string[] =>
    resolved(phrase, given).skipped.map(({ date }) => date);

  test('of a named date, an instant of the day or a regular task are none', () => {
    for (const phrase of ['trước 22/6/2025', '17h ngày 22/6/2025', 'đầu tháng 6/2025', 'thường xuyên'])
      expect(off(phrase)).toEqual([]);
  });

  test('of a count of working days begin on the day after', () => {
    expect(off('trong 1 ngày làm việc', { issued: '2025-06-21 09:00' })).toEqual(['2025-06-22']);
  });

  test('of working hours begin on the day itself', () => {
    expect(off('2 giờ làm việc', { issued: '2025-06-21 09:00' })).toEqual(['2025-06-21', '2025-06-22']);
  });

  test('of calendar days and hours are those its end was moved over', () => {
    expect(off('trong 6 ngày')).toEqual([
      '2025-04-30',
      '2025-05-01',
      '2025-05-02',
      '2025-05-03',
      '2025-05-04',
    ]);
    expect(off('trong 5 ngày')).toEqual([]);
    expect(off('trong 72 giờ')).toEqual(['2025-04-27']);
    expect(off('trong 72 giờ', { policy: { countedOnDayOff: 'stays' } })).toEqual(['2025-04-27']);
    expect(off('trong tháng 8/2025')).toEqual(['2025-08-31', '2025-09-01', '2025-09-02']);
    expect(off('trong tháng 8/2025', { policy: { periodOnDayOff: 'stays' } })).toEqual(['2025-08-31']);
    expect(off('trong tháng 6/2025')).toEqual([]);
  });

  test('make it provisional where no document confirms them yet, and only then', () => {
    expect(resolved('trong 5 ngày làm việc', { issued: '2026-08-27 10:00' }).provisional).toBe(true);
    expect(resolved('trước 31/8/2030', { issued: '2026-08-27 10:00' }).provisional).toBe(false);
    expect(resolved('trong 5 ngày làm việc').provisional).toBe(false);
  });

  test('are said to have moved the end, or not', () => {
    const moved = 'là ngày nghỉ';
    expect(resolved('trong 6 ngày').explanation.vi).toContain(moved);
    for (const phrase of ['trong 5 ngày', 'trong 5 ngày làm việc', 'trước 22/6/2025', 'trong tháng 6/2025'])
      expect(resolved(phrase).explanation.vi).not.toContain(moved);
  });
});

describe('the explanation', () => {
  test('names the days off passed over, the make-up day, the calendar and its version', () => {
    const { skipped, explanation, calendarId, calendarVersion } = resolved('trong 5 ngày làm việc');
    expect(skipped.map(({ date }) => date)).toEqual([
      '2025-04-27',
      '2025-04-30',
      '2025-05-01',
      '2025-05-02',
      '2025-05-03',
      '2025-05-04',
    ]);
    expect(skipped[3]).toEqual({ date: '2025-05-02', why: 'Nghỉ hoán đổi', whyEn: 'Day off by swap' });
    expect(explanation.vi).toContain('Hạn: 17:30 thứ Hai 05/5/2025.');
    expect(explanation.vi).toContain('30/4 (Ngày Chiến thắng 30/4)');
    expect(explanation.vi).toContain('Ngày làm bù được tính: 26/4/2025.');
    expect(explanation.en).toContain('Due at 17:30 on Monday 5 May 2025.');
    expect(explanation.en).toContain('Calendar office-hours, version 1.');
    expect([calendarId, calendarVersion]).toEqual(['office-hours', 1]);
  });

  test('says that and why the end moved', () => {
    const { explanation } = resolved('trong tháng 8/2025');
    expect(explanation.vi).toContain('Ngày cuối cùng, Chủ nhật 31/8/2025, là ngày nghỉ');
    expect(explanation.en).toContain('Civil Code 2015, article 148.5');
  });

  test.each([
    ['trong 5 ngày làm việc', '2026-08-27 10:00', '31/8/2026'],
    ['trong 5 ngày làm việc', '2027-02-03 10:00', '05/2/2027'],
    ['trong tháng 2/2036', '2027-02-03 10:00', '2036'],
  ])('%s issued %s never rests on provisional days without saying so', (phrase, issued, named) => {
    const { explanation } = resolved(phrase, { issued });
    expect(explanation.vi).toMatch(/(Tạm tính|tạm tính).*/);
    expect(explanation.vi).toContain(named);
    expect(explanation.en.toLowerCase()).toContain('provisional');
  });

  test('a certain stretch of the calendar is not called provisional', () => {
    expect(resolved('trong 5 ngày làm việc').explanation.en).not.toContain('rovisional');
  });

  test('shows how a date in figures and a missing year were read', () => {
    expect(resolved('trước 3/4/2026').explanation.vi).toContain('ngày/tháng');
    expect(resolved('trước 20/6').explanation.en).toContain('has no year');
    expect(resolved('trước 20/6/2025').explanation.vi).toContain('tính cả ngày đó');
    expect(resolved('trước 20/6/2025', { policy: { beforeIsExclusive: true } }).explanation.vi).toContain(
      'không tính ngày đó',
    );
  });

  test('a long count lists some days off and counts the rest', () => {
    const { skipped, explanation } = resolved('trong 60 ngày làm việc');
    expect(skipped.length).toBeGreaterThan(16);
    expect(explanation.en).toContain(`and ${skipped.length - 16} more`);
  });

  test('seconds are shown, and a unit without days off has none skipped', () => {
    expect(resolved('30 giây').explanation.vi).toContain('10:00:30');
    expect(resolved('trong 2 ngày làm việc', { calendar: ALWAYS_OPEN }).skipped).toEqual([]);
    expect(due('trong 2 ngày làm việc', { calendar: ALWAYS_OPEN })).toBe('2025-04-26 23:59:59');
  });
});
