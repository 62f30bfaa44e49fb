import { v7 as uuidv7 } from 'uuid';
import type { Calendar, CalendarDay } from '../../../src/domain/calendar.js';
import { parseDeadline } from '../../../src/domain/deadline/parse.js';
import type { DirectiveContent, DraftTask } from '../../../src/domain/directive/draft.js';
import { draftContent, draftTask } from '../world.js';
import { type Act, type Life, livedBy } from './lives.js';
import { ANNOUNCED, at, closingAfter, closingFrom, dayAfter, dayOf, endOf, isWorkDay } from './minutes.js';
import { type Random, randomOf } from './random.js';
import { type ReportAct, reportedBy } from './reporting.js';

/** How large a year is made: the whole province, or as little as a test has time for. */
export interface YearSize {
  readonly units: number;
  readonly tasks: number;
  /** Of the tasks, how many go to every unit. */
  readonly general: number;
  /** How many times as often as in the province something comes in between; absent: 1. */
  readonly trouble?: number;
}

export const PROVINCE: YearSize = { units: 150, tasks: 140, general: 31 };

export interface YearUnit {
  readonly id: string;
  readonly code: string;
  readonly name: string;
}

/** A year of one province: what was ordered and everything that anybody did, with the instants. */
export interface Year {
  readonly seed: number;
  readonly beginsAt: number;
  readonly issuedAt: number;
  readonly units: readonly YearUnit[];
  readonly content: DirectiveContent;
  /** Assignments by a name of their own, with the deadline that a person would read from the phrase. */
  readonly lives: readonly Life[];
  /** In the order of time. */
  readonly acts: readonly Act[];
  readonly reports: readonly ReportAct[];
  readonly periods: readonly string[];
  /** When everybody's flags are compared: at each closing, and once everything is over. */
  readonly checks: readonly number[];
}

const BEGINS = at('2025-12-15', '07:00:00');
export const ISSUED = at('2025-12-22', '09:00:00');
export const ENDS_ON = '2026-12-14';
export const PERIODS = Array.from({ length: 12 }, (_, month) => `2026-${String(month + 1).padStart(2, '0')}`);

interface Due {
  readonly phrase: string;
  /** As somebody reads it at a desk, with the days off that are known by then; null for a regular task. */
  readonly read: () => number | null;
}

/** When the day off of the middle of the year is announced. */
export const ANNOUNCED_AT = at('2026-05-12', '10:00:00');

/** The calendar as it is from the announcement on. */
export function announcedCalendar(before: Calendar): Calendar {
  return { ...before, version: before.version + 1, days: [...before.days, ...ANNOUNCED_DAYS].sort(byDate) };
}

export const ANNOUNCED_DAYS: readonly CalendarDay[] = [
  { date: ANNOUNCED.off, kind: 'swap_off', intervals: [], name: 'Nghỉ hoán đổi', source: '9/TB' },
  {
    date: ANNOUNCED.worked,
    kind: 'swap_work',
    intervals: [
      { from: 480, to: 720 },
      { from: 810, to: 1050 },
    ],
    name: 'Làm bù',
    source: '9/TB',
  },
];

const byDate = (one: CalendarDay, other: CalendarDay): number => (one.date < other.date ? -1 : 1);

const written = (day: string): string => day.split('-').reverse().join('/');

/** Deadlines as plans have them: dates, also on days off, quarters and months, and counts. */
function deadlineOf(random: Random): Due {
  switch (random.int(0, 9)) {
    case 0:
      return { phrase: 'thường xuyên', read: () => null };
    case 1: {
      const [quarter, last] = random.pick([
        ['I', '2026-03-31'],
        ['II', '2026-06-30'],
        ['III', '2026-09-30'],
      ] as const);
      return { phrase: `trong quý ${quarter}/2026`, read: () => endOfPeriod(last) };
    }
    case 2: {
      const month = random.int(2, 11);
      const last = dayOf(Date.UTC(2026, month, 0, 5));
      return { phrase: `trong tháng ${month}/2026`, read: () => endOfPeriod(last) };
    }
    case 3: {
      const days = random.int(5, 190);
      return { phrase: `trong ${days} ngày làm việc`, read: () => closingAfter(ISSUED, days) };
    }
    case 4: {
      const days = random.int(10, 200);
      return { phrase: `trong ${days} ngày`, read: () => closingFrom(dayAfter(dayOf(ISSUED), days)) };
    }
    default: {
      const day = dayAfter('2026-01-05', random.int(0, 320));
      return { phrase: `trước ngày ${written(day)}`, read: () => endOf(day) };
    }
  }
}

const endOfPeriod = (last: string): number => (isWorkDay(last) ? endOf(last) : closingFrom(last));

function taskOf(index: number, units: readonly YearUnit[], size: YearSize, random: Random): [DraftTask, Due] {
  const due = deadlineOf(random);
  const parsed = parseDeadline(due.phrase, { documentDate: '2025-12-20' });
  const general = index < size.general;
  const task = draftTask({
    code: `T${index + 1}`,
    title: `Nhiệm vụ ${index + 1}`,
    nature: general ? 'general' : 'specific',
    recurrence: due.read() === null ? 'regular' : 'one_off',
    kind: random.pick(['task', 'task', 'task', 'model', 'goal'] as const),
    groupCodes: general ? ['commune'] : [],
    leadUnitIds: general ? [] : [random.pick(units).id],
    deadline: { phrase: due.phrase, rule: parsed.ok ? parsed.rule : null, past: null },
  });
  return [task, due];
}

/** The whole year of a seed: the same seed and size give the same year but for the ids. */
export function planYear(seed: number, size: YearSize): Year {
  const random = randomOf(seed);
  const units = Array.from(
    { length: size.units },
    (_, index): YearUnit => ({ id: uuidv7(), code: `xa-${index + 1}`, name: `Xã số ${index + 1}` }),
  );
  const tasks = Array.from({ length: size.tasks }, (_, index) => taskOf(index, units, size, random));
  const settings = { issuedAt: ISSUED, units: units.map(({ id }) => id), trouble: size.trouble ?? 1 };
  const lives: Life[] = [];
  const acts: Act[] = [];
  for (const [task, { read }] of tasks) {
    const leads = task.nature === 'general' ? units.map(({ id }) => id) : task.leadUnitIds;
    for (const unitId of leads) {
      const life = { key: keyOf(task.id, unitId), unitId, due: read(), read };
      lives.push(life);
      acts.push(...livedBy(life, settings, random));
    }
  }
  const reports = units.flatMap(({ id }) => PERIODS.flatMap((period) => reportedBy(id, period, random)));
  return {
    seed,
    beginsAt: BEGINS,
    issuedAt: ISSUED,
    units,
    content: draftContent(
      tasks.map(([task]) => task),
      { documentDate: '2025-12-20', endsOn: ENDS_ON },
    ),
    lives,
    acts: inOrder(acts),
    reports: inOrder(reports),
    periods: PERIODS,
    checks: [...PERIODS.map((period) => at(`${period}-20`, '20:00:00')), at('2026-12-31', '20:00:00')],
  };
}

const inOrder = <T extends { readonly at: number }>(acts: readonly T[]): T[] =>
  [...acts].sort((one, other) => one.at - other.at);

export const keyOf = (taskId: string, unitId: string): string => `${taskId} ${unitId}`;
