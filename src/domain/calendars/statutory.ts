import type { CalendarDay } from '../calendar.js';
import { addCalendarDays, dayNumberOf, weekdayOf } from '../civil-date.js';
import type { IsoDate } from '../instant.js';
import { hungKings, tet } from './lunar.js';

export const ART_112 = 'Bộ luật Lao động 2019, điều 112';
export const ART_111 = 'Bộ luật Lao động 2019, điều 111 khoản 3 (nghỉ bù)';
export const CULTURE_DAY = 'Nghị quyết 80-NQ/TW (07/01/2026); chưa thấy Bộ luật Lao động được sửa';

export type Names = readonly [vi: string, en: string];
export const NEW_YEAR: Names = ['Tết Dương lịch', "New Year's Day"];
export const TET: Names = ['Tết Nguyên đán', 'Tết (Lunar New Year)'];
export const HUNG_KINGS: Names = ['Giỗ Tổ Hùng Vương', "Hùng Kings' Commemoration"];
export const VICTORY: Names = ['Ngày Chiến thắng 30/4', 'Victory Day 30 April'];
export const LABOUR: Names = ['Quốc tế Lao động 1/5', 'Labour Day 1 May'];
export const NATIONAL: Names = ['Quốc khánh', 'National Day'];
export const CULTURE: Names = ['Ngày Văn hóa Việt Nam', 'Vietnamese Culture Day'];
export const IN_LIEU = (of: Names): Names => [`Nghỉ bù ${of[0]}`, `In lieu of ${of[1]}`];

export const off = ([name, nameEn]: Names, source: string, ...dates: readonly IsoDate[]): CalendarDay[] =>
  dates.map((date) => ({ date, kind: 'holiday', intervals: [], name, nameEn, source }));

export const provisional = (days: readonly CalendarDay[]): CalendarDay[] =>
  days.map((day) => ({ ...day, provisional: true }));

/** Tết has five days; which ones is announced each year. Its eve and the first four are the usual ones. */
const TET_DAYS = [-1, 0, 1, 2, 3] as const;
/** The amendment that makes 24 November a day off is expected from this year on. */
const CULTURE_SINCE = 2026;

const isWeekend = (date: IsoDate): boolean => weekdayOf(dayNumberOf(date)) >= 5;

/**
 * The days off of a year for which nothing is announced: those of article 112 with the lunar ones computed for
 * UTC+7, and for each that falls on a weekend the next working day instead (article 111 paragraph 3). Everything
 * that waits for an announcement is provisional: the whole of Tết, the Hùng Kings' day, the second day of the
 * National Day, the Culture Day, and what stands in lieu of them.
 */
export function statutoryDays(year: number): CalendarDay[] {
  const source = `${ART_112}; chưa có thông báo năm ${year}`;
  const lunar = `${ART_112}; ngày âm lịch tính theo UTC+7; chưa có thông báo năm ${year}`;
  const newYear = tet(year);
  const days: CalendarDay[] = [
    ...off(NEW_YEAR, ART_112, `${year}-01-01`),
    ...provisional(off(TET, lunar, ...TET_DAYS.map((shift) => addCalendarDays(newYear, shift)))),
    ...provisional(off(HUNG_KINGS, lunar, hungKings(year))),
    ...off(VICTORY, ART_112, `${year}-04-30`),
    ...off(LABOUR, ART_112, `${year}-05-01`),
    ...off(NATIONAL, ART_112, `${year}-09-02`),
    ...provisional(off(NATIONAL, source, secondNationalDay(year))),
    ...(year < CULTURE_SINCE ? [] : provisional(off(CULTURE, CULTURE_DAY, `${year}-11-24`))),
  ];
  return withSubstitutes(days);
}

/** 1 or 3 September, as is announced: whichever makes one stretch with a weekend, else the day before. */
function secondNationalDay(year: number): IsoDate {
  const after = `${year}-09-03`;
  return weekdayOf(dayNumberOf(after)) === 4 ? after : `${year}-09-01`;
}

function withSubstitutes(days: readonly CalendarDay[]): CalendarDay[] {
  const byDate = new Map<IsoDate, CalendarDay>();
  // Two may fall on one date (the Hùng Kings' day on 30 April): each still has its day off.
  const displaced: CalendarDay[] = [];
  for (const day of [...days].sort((a, b) => (a.date < b.date ? -1 : 1))) {
    if (byDate.has(day.date)) displaced.push(day);
    else byDate.set(day.date, day);
    if (isWeekend(day.date)) displaced.push(day);
  }
  for (const day of displaced) {
    let date = day.date;
    while (isWeekend(date) || byDate.has(date)) date = addCalendarDays(date, 1);
    const [substitute] = off(IN_LIEU([day.name, day.nameEn ?? day.name]), ART_111, date);
    if (substitute === undefined) continue;
    byDate.set(date, day.provisional === true ? { ...substitute, provisional: true } : substitute);
  }
  return [...byDate.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
}
