import { type Calendar, entryOn, isWorkingDate, localDate } from '../calendar.js';
import { dayNumberOf, isoDateOf } from '../civil-date.js';
import type { Bilingual } from '../errors.js';
import type { Instant, IsoDate } from '../instant.js';
import type { RehearsedAssignment } from './play.js';

export type WarningCode =
  | 'deadline_on_holiday'
  | 'deadline_on_day_off'
  | 'deadline_provisional'
  | 'deadline_past'
  | 'no_reminder'
  | 'too_many_in_week';

/** What the issuer might want to change before issuing. It forbids nothing. */
export interface RehearsalWarning {
  readonly code: WarningCode;
  readonly detail: Bilingual;
  readonly at: Instant | null;
  /** The Monday of the week. */
  readonly week: IsoDate | null;
  readonly taskIds: readonly string[];
  readonly unitIds: readonly string[];
}

/** How many deadlines of a unit lie in the week that begins on `week`. */
export interface WeekLoad {
  readonly unitId: string;
  readonly week: IsoDate;
  readonly deadlines: number;
}

/** The Monday of the local week. */
export function weekOf(calendar: Calendar, at: Instant): IsoDate {
  const day = dayNumberOf(localDate(calendar, at));
  // 1970-01-01 was a Thursday.
  return isoDateOf(day - ((((day + 3) % 7) + 7) % 7));
}

/** Deadlines per unit and week, by week, then by unit. */
export function loads(assignments: readonly RehearsedAssignment[], calendar: Calendar): WeekLoad[] {
  const counts = new Map<string, WeekLoad>();
  const weeks = new Map<Instant, IsoDate>();
  for (const { unitId, dueAt } of assignments) {
    if (dueAt === null) continue;
    const week = weeks.get(dueAt) ?? weekOf(calendar, dueAt);
    weeks.set(dueAt, week);
    const key = `${week} ${unitId}`;
    counts.set(key, { unitId, week, deadlines: (counts.get(key)?.deadlines ?? 0) + 1 });
  }
  return [...counts.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, load]) => load);
}

/** What stands out of a rehearsal: the days its deadlines fall on, and weeks in which a unit has too many. */
export function warningsOf(
  assignments: readonly RehearsedAssignment[],
  calendar: Calendar,
  { issuedAt, mostPerWeek }: { readonly issuedAt: Instant; readonly mostPerWeek: number },
): RehearsalWarning[] {
  const byDeadline = new Map<Instant, RehearsedAssignment[]>();
  for (const assignment of assignments) {
    if (assignment.dueAt === null) continue;
    const same = byDeadline.get(assignment.dueAt);
    if (same === undefined) byDeadline.set(assignment.dueAt, [assignment]);
    else same.push(assignment);
  }
  const found = [...byDeadline.entries()]
    .sort(([one], [other]) => one - other)
    .flatMap(([at, some]) => deadlineWarnings(at, some, calendar, issuedAt));
  return [...found, ...crowdedWeeks(loads(assignments, calendar), mostPerWeek)];
}

const PROVISIONAL = (date: IsoDate): [string, string] => [
  `Lịch của ngày ${date} còn tạm tính.`,
  `The calendar of ${date} is still provisional.`,
];

function deadlineWarnings(
  at: Instant,
  some: readonly RehearsedAssignment[],
  calendar: Calendar,
  issuedAt: Instant,
): RehearsalWarning[] {
  const date = localDate(calendar, at);
  const entry = entryOn(calendar, date);
  const tooNear = some.every(({ steps }) => !steps.some(({ kind }) => kind === 'reminder'));
  const warn = (code: WarningCode, vi: string, en: string): RehearsalWarning => ({
    code,
    detail: { vi, en },
    at,
    week: null,
    taskIds: [...new Set(some.map(({ taskId }) => taskId))],
    unitIds: [...new Set(some.map(({ unitId }) => unitId))],
  });
  const found: RehearsalWarning[] = [];
  if (at <= issuedAt) {
    found.push(
      warn(
        'deadline_past',
        `Thời hạn ${date} đã qua khi ban hành.`,
        `The deadline ${date} is past at the issue.`,
      ),
    );
  } else if (tooNear) {
    found.push(
      warn(
        'no_reminder',
        `Thời hạn ${date} quá gần: không còn nhắc việc nào trước hạn.`,
        `The deadline ${date} is so near that no reminder comes before it.`,
      ),
    );
  }
  if (!isWorkingDate(calendar, date)) {
    found.push(
      entry === null
        ? warn(
            'deadline_on_day_off',
            `Thời hạn ${date} rơi vào ngày nghỉ hằng tuần.`,
            `The deadline ${date} is no working day.`,
          )
        : warn(
            'deadline_on_holiday',
            `Thời hạn ${date} rơi vào ngày nghỉ: ${entry.name}.`,
            `The deadline ${date} falls on a day off: ${entry.nameEn ?? entry.name}.`,
          ),
    );
  }
  if (entry?.provisional === true) found.push(warn('deadline_provisional', ...PROVISIONAL(date)));
  return found;
}

function crowdedWeeks(all: readonly WeekLoad[], mostPerWeek: number): RehearsalWarning[] {
  return all
    .filter(({ deadlines }) => deadlines > mostPerWeek)
    .map(({ unitId, week, deadlines }) => ({
      code: 'too_many_in_week' as const,
      detail: {
        vi: `${deadlines} thời hạn của một đơn vị trong tuần từ ${week} (quá ${mostPerWeek}).`,
        en: `${deadlines} deadlines of one unit in the week of ${week} (more than ${mostPerWeek}).`,
      },
      at: null,
      week,
      taskIds: [],
      unitIds: [unitId],
    }));
}
