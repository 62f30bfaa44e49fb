import type { Calendar, CalendarDay, Interval } from '../calendar.js';
import { addCalendarDays } from '../civil-date.js';
import type { IsoDate } from '../instant.js';
import {
  ART_111,
  ART_112,
  CULTURE,
  CULTURE_DAY,
  HUNG_KINGS,
  IN_LIEU,
  LABOUR,
  NATIONAL,
  type Names,
  NEW_YEAR,
  off,
  provisional,
  statutoryDays,
  TET,
  VICTORY,
} from './statutory.js';

/** 08:00-12:00 and 13:30-17:30, the office hours of design §3. */
const HOURS: readonly Interval[] = [
  { from: 480, to: 720 },
  { from: 810, to: 1050 },
];

const YEAR_2023 = '8056/VPCP-KGVX (01/12/2022)';
const YEAR_2024 = 'Lịch nghỉ lễ, Tết năm 2024 đã công bố';
const YEAR_2025 = 'Lịch nghỉ lễ, Tết năm 2025 đã công bố';
const YEAR_2026 = 'Lịch nghỉ lễ, Tết năm 2026 đã công bố';
const SWAP_2024 = 'Đề xuất hoán đổi 29/4 và 04/5/2024; chưa đối chiếu văn bản chính thức';
const SWAP_NEW_YEAR_2026 = '12729/VPCP-KGVX (25/12/2025)';
const SWAP_NATIONAL_2026 = 'Hoán đổi 31/8 và 22/8/2026; chưa đối chiếu văn bản chính thức';
const NOT_ANNOUNCED = `${ART_112}; ngày âm lịch tính theo UTC+7; chưa có thông báo năm 2027`;

const offFromTo = (names: Names, source: string, from: IsoDate, to: IsoDate): CalendarDay[] => {
  const dates: IsoDate[] = [];
  for (let date = from; date <= to; date = addCalendarDays(date, 1)) dates.push(date);
  return off(names, source, ...dates);
};

/** A working day off, and the Saturday that is worked for it. */
const swap = (source: string, free: IsoDate, worked: IsoDate): CalendarDay[] => [
  {
    date: free,
    kind: 'swap_off',
    intervals: [],
    name: 'Nghỉ hoán đổi',
    nameEn: 'Day off by swap',
    source,
  },
  {
    date: worked,
    kind: 'swap_work',
    intervals: HOURS,
    name: 'Làm bù',
    nameEn: 'Make-up working day',
    source,
  },
];

/** Tết is lunar 1/1, Hùng Kings lunar 10/3; dates of UTC+7, not China's (2007 and 2030 differ). */
const DAYS_2023: readonly CalendarDay[] = [
  ...off(NEW_YEAR, ART_112, '2023-01-01'),
  ...off(IN_LIEU(NEW_YEAR), ART_111, '2023-01-02'),
  ...offFromTo(TET, YEAR_2023, '2023-01-20', '2023-01-26'),
  ...off(HUNG_KINGS, ART_112, '2023-04-29'),
  ...off(VICTORY, ART_112, '2023-04-30'),
  ...off(LABOUR, ART_112, '2023-05-01'),
  ...off(IN_LIEU(HUNG_KINGS), ART_111, '2023-05-02'),
  ...off(IN_LIEU(VICTORY), ART_111, '2023-05-03'),
  ...off(NATIONAL, YEAR_2023, '2023-09-01', '2023-09-02'),
  ...off(IN_LIEU(NATIONAL), ART_111, '2023-09-04'),
];

const DAYS_2024: readonly CalendarDay[] = [
  ...off(NEW_YEAR, ART_112, '2024-01-01'),
  ...offFromTo(TET, YEAR_2024, '2024-02-08', '2024-02-14'),
  ...off(HUNG_KINGS, ART_112, '2024-04-18'),
  ...provisional(swap(SWAP_2024, '2024-04-29', '2024-05-04')),
  ...off(VICTORY, ART_112, '2024-04-30'),
  ...off(LABOUR, ART_112, '2024-05-01'),
  ...off(NATIONAL, YEAR_2024, '2024-09-02', '2024-09-03'),
];

const DAYS_2025: readonly CalendarDay[] = [
  ...off(NEW_YEAR, ART_112, '2025-01-01'),
  ...offFromTo(TET, YEAR_2025, '2025-01-25', '2025-02-02'),
  ...off(HUNG_KINGS, ART_112, '2025-04-07'),
  ...swap(YEAR_2025, '2025-05-02', '2025-04-26'),
  ...off(VICTORY, ART_112, '2025-04-30'),
  ...off(LABOUR, ART_112, '2025-05-01'),
  ...off(NATIONAL, YEAR_2025, '2025-09-01', '2025-09-02'),
];

const DAYS_2026: readonly CalendarDay[] = [
  ...off(NEW_YEAR, ART_112, '2026-01-01'),
  ...swap(SWAP_NEW_YEAR_2026, '2026-01-02', '2026-01-10'),
  ...offFromTo(TET, YEAR_2026, '2026-02-14', '2026-02-22'),
  ...off(HUNG_KINGS, ART_112, '2026-04-26'),
  ...off(IN_LIEU(HUNG_KINGS), ART_111, '2026-04-27'),
  ...off(VICTORY, ART_112, '2026-04-30'),
  ...off(LABOUR, ART_112, '2026-05-01'),
  ...provisional(swap(SWAP_NATIONAL_2026, '2026-08-31', '2026-08-22')),
  ...off(NATIONAL, YEAR_2026, '2026-09-01', '2026-09-02'),
  ...provisional(off(CULTURE, CULTURE_DAY, '2026-11-24')),
];

/** Nothing was announced when this was written, so only the fixed solar dates and their substitutes are certain. */
const DAYS_2027: readonly CalendarDay[] = [
  ...off(NEW_YEAR, ART_112, '2027-01-01'),
  ...provisional([
    ...offFromTo(TET, NOT_ANNOUNCED, '2027-02-05', '2027-02-09'),
    ...off(IN_LIEU(TET), NOT_ANNOUNCED, '2027-02-10', '2027-02-11'),
    ...off(HUNG_KINGS, NOT_ANNOUNCED, '2027-04-16'),
  ]),
  ...off(VICTORY, ART_112, '2027-04-30'),
  ...off(LABOUR, ART_112, '2027-05-01'),
  ...off(IN_LIEU(LABOUR), ART_111, '2027-05-03'),
  ...off(NATIONAL, ART_112, '2027-09-02'),
  // The second day is 1 or 3 September, as the Prime Minister decides; 3/9 makes one stretch with the weekend.
  ...provisional([...off(NATIONAL, NOT_ANNOUNCED, '2027-09-03'), ...off(CULTURE, CULTURE_DAY, '2027-11-24')]),
];

/** No task reaches further; an administrator adds more. */
const UNANNOUNCED = [2028, 2029, 2030, 2031, 2032, 2033, 2034, 2035];

/**
 * Vietnamese office hours with the holidays, substitute days and swaps of 2023-2027, each with its source. What no
 * document confirms is provisional; so the years after, of which nothing is announced, have what the law and the moon
 * say. Announcements are added as new versions.
 */
export const OFFICE_HOURS: Calendar = {
  id: 'office-hours',
  version: 1,
  utcOffsetMinutes: 420,
  week: [HOURS, HOURS, HOURS, HOURS, HOURS, [], []],
  days: [DAYS_2023, DAYS_2024, DAYS_2025, DAYS_2026, DAYS_2027, ...UNANNOUNCED.map(statutoryDays)].flat(),
};
