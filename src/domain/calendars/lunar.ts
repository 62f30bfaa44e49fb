import { type DayNumber, dayNumber, isoDateOf } from '../civil-date.js';
import type { IsoDate } from '../instant.js';

/**
 * The Vietnamese lunisolar calendar: months begin on the day of the new moon, month 11 holds the winter solstice,
 * and a year with thirteen months repeats the first month without a principal term. All of it is judged in the
 * time of UTC+7, which is why Tết and the Chinese New Year differ in some years (2007, 2030). The method and its
 * constants are Hồ Ngọc Đức's (after Jean Meeus, *Astronomical Algorithms*), good from 1800 to 2199.
 */

const ZONE_DAYS = 7 / 24;
const RADIANS = Math.PI / 180;
/** Julian day number of 1970-01-01. */
const EPOCH_JULIAN = 2_440_588;
/** New moon number 0 is that of 1900-01-01; a mean synodic month is so many days. */
const FIRST_NEW_MOON = 2_415_021.076_998_695;
const SYNODIC_MONTH = 29.530_588_853;

const sine = (degrees: number): number => Math.sin(degrees * RADIANS);

/** Julian date (UTC) of the k-th new moon after that of 1900-01-01. */
function newMoon(k: number): number {
  const t = k / 1236.85;
  const mean =
    2_415_020.75933 +
    29.530_588_68 * k +
    0.000_117_8 * t ** 2 -
    0.000_000_155 * t ** 3 +
    0.00033 * sine(166.56 + 132.87 * t - 0.009_173 * t ** 2);
  const sun = 359.2242 + 29.105_356_08 * k - 0.000_033_3 * t ** 2 - 0.000_003_47 * t ** 3;
  const moon = 306.0253 + 385.816_918_06 * k + 0.010_730_6 * t ** 2 + 0.000_012_36 * t ** 3;
  const node = 21.2964 + 390.670_506_46 * k - 0.001_652_8 * t ** 2 - 0.000_002_39 * t ** 3;
  const correction =
    (0.1734 - 0.000_393 * t) * sine(sun) +
    0.0021 * sine(2 * sun) -
    0.4068 * sine(moon) +
    0.0161 * sine(2 * moon) -
    0.0004 * sine(3 * moon) +
    0.0104 * sine(2 * node) -
    0.0051 * sine(sun + moon) -
    0.0074 * sine(sun - moon) +
    0.0004 * sine(2 * node + sun) -
    0.0004 * sine(2 * node - sun) -
    0.0006 * sine(2 * node + moon) +
    0.001 * sine(2 * node - moon) +
    0.0005 * sine(2 * moon + sun);
  // Dynamical time runs ahead of the earth's rotation.
  const delay =
    t < -11
      ? 0.001 + 0.000_839 * t + 0.000_226_1 * t ** 2 - 0.000_008_45 * t ** 3 - 0.000_000_081 * t ** 4
      : -0.000_278 + 0.000_265 * t + 0.000_262 * t ** 2;
  return mean + correction - delay;
}

/** Julian day number of the local day in which the k-th new moon falls. */
const newMoonDay = (k: number): number => Math.floor(newMoon(k) + 0.5 + ZONE_DAYS);

/** Which twelfth of its path the sun stands in at the beginning of a local day; 9 begins with the winter solstice. */
function sunTwelfth(julianDay: number): number {
  const t = (julianDay - 0.5 - ZONE_DAYS - 2_451_545) / 36_525;
  const anomaly = 357.5291 + 35_999.0503 * t - 0.000_155_9 * t ** 2 - 0.000_000_48 * t ** 3;
  const mean = 280.46645 + 36_000.76983 * t + 0.000_303_2 * t ** 2;
  const centre =
    (1.9146 - 0.004_817 * t - 0.000_014 * t ** 2) * sine(anomaly) +
    (0.019_993 - 0.000_101 * t) * sine(2 * anomaly) +
    0.00029 * sine(3 * anomaly);
  const degrees = (((mean + centre) % 360) + 360) % 360;
  return Math.floor(degrees / 30);
}

const julian = (day: DayNumber): number => day + EPOCH_JULIAN;

/** First day of the lunar month 11 that begins in a solar year: the one with the winter solstice. */
function month11(year: number): number {
  const k = Math.floor((julian(dayNumber(year, 12, 31)) - 2_415_021) / SYNODIC_MONTH);
  const begins = newMoonDay(k);
  return sunTwelfth(begins) >= 9 ? newMoonDay(k - 1) : begins;
}

/** How many months after month 11 the leap month stands: the first in which the sun enters no new twelfth. */
function leapOffset(from: number): number {
  const k = Math.floor((from - FIRST_NEW_MOON) / SYNODIC_MONTH + 0.5);
  let place = 1;
  let twelfth = sunTwelfth(newMoonDay(k + place));
  for (let last = -1; twelfth !== last && place < 14; ) {
    last = twelfth;
    place += 1;
    twelfth = sunTwelfth(newMoonDay(k + place));
  }
  return place - 1;
}

/**
 * The solar date of a day of an ordinary (not leap) lunar month.
 *
 * @param year lunar year, named by the solar year in which it begins
 */
export function solarDate(year: number, month: number, day: number): IsoDate {
  const [from, next] = month < 11 ? [month11(year - 1), month11(year)] : [month11(year), month11(year + 1)];
  const ordinal = (month + 1) % 12;
  const isLeapYear = next - from > 365;
  const place = isLeapYear && ordinal >= leapOffset(from) ? ordinal + 1 : ordinal;
  const k = Math.floor((from - FIRST_NEW_MOON) / SYNODIC_MONTH + 0.5);
  return isoDateOf(newMoonDay(k + place) + day - 1 - EPOCH_JULIAN);
}

/** Tết: the first day of the lunar year. */
export const tet = (year: number): IsoDate => solarDate(year, 1, 1);
/** The Hùng Kings' day, lunar 10/3. */
export const hungKings = (year: number): IsoDate => solarDate(year, 3, 10);
