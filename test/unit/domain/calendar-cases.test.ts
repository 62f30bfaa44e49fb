import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import {
  addWorkingDays,
  addWorkingTime,
  type Calendar,
  type CalendarDay,
  type Interval,
  intervalsOn,
  isWorking,
  localDate,
  nextOpening,
  startOfDay,
  subtractWorkingTime,
  workingTimeBetween,
} from '../../../src/domain/calendar.js';
import { addCalendarDays } from '../../../src/domain/civil-date.js';
import { DAY, type IsoDate, MINUTE, SECOND } from '../../../src/domain/instant.js';

/**
 * 97 cases of three other projects. Most agree with ours; where one follows another policy the test names
 * the policy and shows both results.
 */

type Hours = readonly (readonly [string, string])[];
interface CalendarSpec {
  readonly timeZone: string;
  readonly weekly: Readonly<Record<string, Hours>>;
  readonly holidays?: readonly IsoDate[];
  readonly dateOverrides?: Readonly<Record<IsoDate, Hours>>;
  readonly dateBreaks?: Readonly<Record<IsoDate, Hours>>;
}
interface Case {
  readonly id: string;
  readonly op: 'add' | 'subtract' | 'between' | 'addWorkingDays' | 'periodsAfter';
  readonly test: string;
  readonly calendar: string;
  readonly start: string;
  readonly end?: string;
  readonly seconds?: number;
  readonly days?: number;
  readonly expected?: string | readonly (readonly [string, string])[];
  readonly expectedSeconds?: number;
  readonly exactFit?: 'end' | 'nextOpen';
  readonly swapped?: 'zero' | 'absolute';
}
interface CaseFile {
  readonly calendars: Readonly<Record<string, CalendarSpec>>;
  readonly cases: readonly Case[];
}

const file = JSON.parse(
  readFileSync(new URL('../../fixtures/working-time-cases.json', import.meta.url), 'utf8'),
) as CaseFile;

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
const intervals = (hours: Hours): Interval[] =>
  hours.map(([from, to]) => ({ from: minutes(from), to: minutes(to) }));

function without(hours: readonly Interval[], breaks: readonly Interval[]): Interval[] {
  return breaks.reduce<Interval[]>(
    (left, { from, to }) =>
      left
        .flatMap((each) => [
          { from: each.from, to: Math.min(each.to, from) },
          { from: Math.max(each.from, to), to: each.to },
        ])
        .filter((each) => each.from < each.to),
    [...hours],
  );
}

/** The hours of a date as the source's calendar says, in its own local time. */
function localHours(spec: CalendarSpec, date: IsoDate): Interval[] {
  if (spec.holidays?.includes(date) === true) return [];
  const weekday = WEEKDAYS[(new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7] ?? '';
  const hours = intervals(spec.dateOverrides?.[date] ?? spec.weekly[weekday] ?? []);
  return without(hours, intervals(spec.dateBreaks?.[date] ?? []));
}

const custom = (date: IsoDate, hours: readonly Interval[]): CalendarDay => ({
  date,
  kind: 'custom',
  intervals: hours,
  name: 'case',
  source: 'case',
});

function calendarOf(id: string, around: number): Calendar {
  const spec = file.calendars[id];
  if (spec === undefined) throw new Error(`No calendar ${id}`);
  if (!spec.timeZone.endsWith('UTC')) return zonedCalendar(id, spec, around);
  const special = [
    spec.holidays ?? [],
    Object.keys(spec.dateOverrides ?? {}),
    Object.keys(spec.dateBreaks ?? {}),
  ];
  return {
    id,
    version: 1,
    utcOffsetMinutes: 0,
    week: WEEKDAYS.map((weekday) => intervals(spec.weekly[weekday] ?? [])),
    days: [...new Set(special.flat())].map((date) => custom(date, localHours(spec, date))),
  };
}

/**
 * A zone with summer time, which our calendars do not have (Asia/Ho_Chi_Minh has none): its hours around
 * the case are written out in UTC as dated overrides. A start inside the gap shifts by the gap.
 */
function zonedCalendar(id: string, spec: CalendarSpec, around: number): Calendar {
  const byUtcDate = new Map<IsoDate, Interval[]>();
  const first = new Date(around - 20 * DAY).toISOString().slice(0, 10);
  for (let i = 0; i < 40; i += 1) {
    const date = addCalendarDays(first, i);
    for (const { from, to } of localHours(spec, date)) {
      let at = utcOf(date, from, spec.timeZone);
      const end = utcOf(date, to, spec.timeZone);
      while (at < end) {
        const midnight = Math.floor(at / DAY) * DAY;
        const until = Math.min(end, midnight + DAY);
        const utcDate = new Date(midnight).toISOString().slice(0, 10);
        const piece = { from: (at - midnight) / MINUTE, to: (until - midnight) / MINUTE };
        byUtcDate.set(utcDate, [...(byUtcDate.get(utcDate) ?? []), piece]);
        at = until;
      }
    }
  }
  const days = [...byUtcDate].map(([date, hours]) => custom(date, hours));
  return { id, version: 1, utcOffsetMinutes: 0, week: WEEKDAYS.map(() => []), days };
}

type GapPolicy = 'shift by the gap' | 'first instant after the gap';

function utcOf(
  date: IsoDate,
  minute: number,
  timeZone: string,
  policy: GapPolicy = 'shift by the gap',
): number {
  const wall = Date.parse(`${date}T00:00:00Z`) + minute * MINUTE;
  const before = offsetAt(wall - DAY / 2, timeZone);
  const shifted = wall - before;
  const after = offsetAt(shifted, timeZone);
  if (after === before) return shifted;
  const exact = wall - after;
  if (offsetAt(exact, timeZone) === after) return exact;
  // The wall clock never shows this time.
  return policy === 'shift by the gap' ? shifted : Math.ceil(exact / (60 * MINUTE)) * 60 * MINUTE;
}

function offsetAt(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at);
  const text = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  const match = /GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(text);
  const size = Number(match?.[2] ?? 0) * 60 + Number(match?.[3] ?? 0);
  return (match?.[1] === '-' ? -size : size) * MINUTE;
}

const iso = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z');

function periodsAfter(calendar: Calendar, start: number, count: number): string[][] {
  const found: string[][] = [];
  for (let date = localDate(calendar, start); found.length < count; date = addCalendarDays(date, 1)) {
    for (const { from, to } of intervalsOn(calendar, date)) {
      const midnight = startOfDay(calendar, date);
      if (midnight + to * MINUTE > start)
        found.push([iso(midnight + from * MINUTE), iso(midnight + to * MINUTE)]);
    }
  }
  return found;
}

/** Periods of a zoned case cross UTC midnight: adjoining pieces are joined again. */
function joined(periods: readonly (readonly string[])[]): string[][] {
  const all: string[][] = [];
  for (const [from, to] of periods) {
    const last = all.at(-1);
    if (from === undefined || to === undefined) continue;
    if (last?.[1] === from) last[1] = to;
    else all.push([from, to]);
  }
  return all;
}

const of = (op: Case['op']): Case[] => file.cases.filter((each) => each.op === op);
const at = (each: Case): number => Date.parse(each.start);
const calendarFor = (each: Case): Calendar => calendarOf(each.calendar, at(each));

test('the file has the 97 cases that were agreed', () => {
  expect(file.cases).toHaveLength(97);
  const known = ['add', 'subtract', 'between', 'addWorkingDays', 'periodsAfter'].flatMap((op) =>
    of(op as Case['op']),
  );
  expect(known).toHaveLength(97);
});

describe('adding working time', () => {
  const [agree, nextOpen] = [
    of('add').filter(({ exactFit }) => exactFit !== 'nextOpen'),
    of('add').filter(({ exactFit }) => exactFit === 'nextOpen'),
  ];

  test.each(agree)('$id $test', (each) => {
    expect(iso(addWorkingTime(calendarFor(each), at(each), (each.seconds ?? 0) * SECOND))).toBe(
      each.expected,
    );
  });

  test.each(nextOpen)('$id under policy exactFit=nextOpen; ours is exactFit=end', (each) => {
    const calendar = calendarFor(each);
    const ours = addWorkingTime(calendar, at(each), (each.seconds ?? 0) * SECOND);
    // Ours: a budget used up at closing ends there; theirs: the next opening. No working time lies between.
    expect(isWorking(calendar, ours)).toBe(false);
    expect(isWorking(calendar, ours - 1)).toBe(true);
    expect(iso(nextOpening(calendar, ours))).toBe(each.expected);
    expect(workingTimeBetween(calendar, ours, nextOpening(calendar, ours))).toBe(0);
  });

  test('both exactFit policies occur', () => {
    expect(nextOpen).toHaveLength(2);
  });
});

test.each(of('subtract'))('subtracting working time: $id $test', (each) => {
  expect(iso(subtractWorkingTime(calendarFor(each), at(each), (each.seconds ?? 0) * SECOND))).toBe(
    each.expected,
  );
});

describe('working time between', () => {
  const swapped = of('between').filter((each) => each.swapped !== undefined);

  test.each(of('between').filter((each) => each.swapped === undefined))('$id $test', (each) => {
    const worked = workingTimeBetween(calendarFor(each), at(each), Date.parse(each.end ?? ''));
    expect(worked / SECOND).toBe(each.expectedSeconds);
  });

  test.each(swapped)('$id under policy swapped=$swapped; ours is swapped=error', (each) => {
    const calendar = calendarFor(each);
    const [from, to] = [at(each), Date.parse(each.end ?? '')];
    expect(() => workingTimeBetween(calendar, from, to)).toThrow(RangeError);
    const absolute = workingTimeBetween(calendar, to, from) / SECOND;
    expect(each.swapped === 'absolute' ? absolute : 0).toBe(each.expectedSeconds);
  });
});

test.each(of('addWorkingDays'))(
  'working days: $id $test under policy dayMeaning=same clock time, then snap; ours ends at the closing',
  (each) => {
    const calendar = calendarFor(each);
    const start = at(each);
    const days = each.days ?? 0;
    const ours = addWorkingDays(calendar, start, days);
    const clockTime = start - startOfDay(calendar, localDate(calendar, start));
    const sameTime = startOfDay(calendar, localDate(calendar, ours)) + clockTime;
    const theirs = days < 0 ? subtractWorkingTime(calendar, sameTime, 0) : nextOpening(calendar, sameTime);
    expect(iso(theirs)).toBe(each.expected);
    // Ours is the closing of the same working date.
    const closing = intervalsOn(calendar, localDate(calendar, ours)).at(-1)?.to ?? 0;
    expect(ours).toBe(startOfDay(calendar, localDate(calendar, ours)) + closing * MINUTE);
  },
);

test.each(of('periodsAfter'))('working periods: $id $test', (each) => {
  const expected = each.expected as readonly (readonly [string, string])[];
  const found = joined(periodsAfter(calendarFor(each), at(each), expected.length + 1));
  expect(found.slice(0, expected.length)).toEqual(expected);
});

test('biz-after-09 follows policy dstGap=shift by the gap; the other policy would open at 10:00Z', () => {
  const opens = (policy: GapPolicy): string => iso(utcOf('2006-04-02', 150, 'America/Los_Angeles', policy));
  expect(opens('shift by the gap')).toBe('2006-04-02T10:30:00Z');
  expect(opens('first instant after the gap')).toBe('2006-04-02T10:00:00Z');
});
