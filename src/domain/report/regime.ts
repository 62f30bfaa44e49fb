import type { Calendar } from '../calendar.js';
import { type CalendarRef, localDate, startOfDay } from '../calendar.js';
import { addCalendarDays } from '../civil-date.js';
import type { DeadlineRule } from '../deadline/rule.js';
import type { OfficeFacts } from '../decision.js';
import { type FieldError, fieldError } from '../errors.js';
import type { Instant, IsoDate } from '../instant.js';
import type { PlannedStep } from '../planned.js';
import type { DirectivePolicy, ReportingPolicy } from '../policy.js';
import type { LapseReason } from './state.js';
import { type Period, type Periodicity, periodClosingFrom } from './windows.js';

/** Who reports on one level, and how many working days after the closing. */
export interface Level {
  readonly name: string | null;
  readonly unitIds: readonly string[];
  readonly groupCodes: readonly string[];
  readonly dueWorkingDays: number;
}

/** Reports that come again and again, or one that is asked for ad hoc with a due instant of its own. */
export type Schedule =
  | { readonly kind: 'periodic'; readonly periodicity: Periodicity; readonly startsOn: IsoDate }
  | {
      readonly kind: 'ad_hoc';
      readonly closesOn: IsoDate;
      readonly dueAt: Instant;
      readonly phrase: string;
      /** Null: a due instant that no phrase explains, which no edit of a calendar moves. */
      readonly rule: DeadlineRule | null;
    };

export interface RegimeDefinition {
  readonly name: string;
  readonly nameEn: string | null;
  /** The directives whose assignments its reports carry; none: a report of its own. */
  readonly directiveIds: readonly string[];
  readonly schedule: Schedule;
  readonly levels: readonly Level[];
}

/**
 * `done`: own windows or an ad hoc request whose reports have all been judged; `withdrawn`, `closed`: with the last of
 * its directives.
 */
export type RegimeEnd = 'decision' | 'done' | 'withdrawn' | 'closed';

export interface Uncovered {
  readonly version: number;
  readonly since: Instant;
  readonly reason: Extract<LapseReason, 'directive_withdrawn' | 'directive_closed'>;
}

/** A version of a regime, with everything that judges the periods opened under it. */
export interface RegimeVersion {
  readonly version: number;
  readonly definition: RegimeDefinition;
  readonly policy: DirectivePolicy;
  readonly reporting: ReportingPolicy;
}

export interface Regime {
  readonly id: string;
  readonly workingGroupId: string;
  readonly standingAgencyId: string;
  readonly homeAffairsId: string;
  readonly state: 'active' | 'ended';
  readonly versions: readonly RegimeVersion[];
  /** Of the Working Group, in the latest version that was applied; what a unit owes is judged by its own one. */
  readonly calendar: CalendarRef;
  /** The period that was opened last. */
  readonly opened: Period | null;
  readonly createdAt: Instant;
  readonly endedAt: Instant | null;
  /** Why it ended; absent while it has not. */
  readonly endedBy?: RegimeEnd;
  /** Versions whose last directive has ended: from when on their periods are owed no more, and why. */
  readonly uncovered?: readonly Uncovered[];
  /** The date from which on it goes on, after one of its directives was opened again: what lay between is not asked for. */
  readonly resumedOn?: IsoDate;
  readonly seq: number;
  readonly lastRecordedAt: Instant;
}

interface Fact<T extends string, D> {
  readonly type: T;
  readonly data: D;
  readonly text?: Readonly<Record<string, string>>;
}

export type RegimeEvent =
  | Fact<'created', Omit<Regime, 'seq' | 'lastRecordedAt'>>
  | Fact<'revised', { at: Instant; version: RegimeVersion; calendar: Regime['calendar'] }>
  | Fact<
      'period_opened',
      { at: Instant; plannedAt: Instant; period: Period; count: number; calendar: Regime['calendar'] }
    >
  /** The calendar was edited, or the Working Group has another one. */
  | Fact<'calendar_changed', { at: Instant; editId: string; calendar: CalendarRef }>
  /** The last directive of some versions has ended. */
  | Fact<
      'uncovered',
      { at: Instant; directiveId: string; versions: readonly number[]; reason: Uncovered['reason'] }
    >
  /** A directive was opened again: versions that name it are covered, and a regime that had ended with it goes on. */
  | Fact<
      'covered',
      { at: Instant; directiveId: string; versions: readonly number[]; resumedOn: IsoDate | null }
    >
  | Fact<'ended', { at: Instant; by: RegimeEnd }>;

export function evolveRegime(before: Regime | null, event: RegimeEvent, recordedAt: Instant): Regime {
  if (event.type === 'created') return { ...event.data, seq: 1, lastRecordedAt: recordedAt };
  if (before === null) throw new Error(`A regime begins with created, not ${event.type}`);
  return { ...apply(before, event), seq: before.seq + 1, lastRecordedAt: recordedAt };
}

function apply(r: Regime, event: Exclude<RegimeEvent, { type: 'created' }>): Regime {
  switch (event.type) {
    case 'revised':
      return { ...r, versions: [...r.versions, event.data.version], calendar: event.data.calendar };
    case 'period_opened':
      return { ...r, opened: event.data.period, calendar: event.data.calendar };
    case 'calendar_changed':
      return { ...r, calendar: event.data.calendar };
    case 'uncovered': {
      const { at, versions, reason } = event.data;
      const fresh = versions.map((version) => ({ version, since: at, reason }));
      return { ...r, uncovered: [...(r.uncovered ?? []), ...fresh] };
    }
    case 'covered':
      return covered(r, event.data.versions, event.data.resumedOn);
    case 'ended':
      return { ...r, state: 'ended', endedAt: event.data.at, endedBy: event.data.by };
  }
}

function covered(r: Regime, versions: readonly number[], resumedOn: IsoDate | null): Regime {
  const uncovered = (r.uncovered ?? []).filter(({ version }) => !versions.includes(version));
  if (resumedOn === null) return { ...r, uncovered };
  const { endedBy: _by, ...running } = r;
  return { ...running, uncovered, state: 'active', endedAt: null, resumedOn };
}

/** Versions that name a directive of which nothing else that they name is in force. */
export function versionsResting(
  r: Regime,
  directiveId: string,
  inForce: ReadonlySet<string>,
): readonly number[] {
  return r.versions
    .filter(({ definition: { directiveIds } }) => directiveIds.includes(directiveId))
    .filter(({ definition }) => !definition.directiveIds.some((id) => id !== directiveId && inForce.has(id)))
    .map(({ version }) => version);
}

/** The version that the next period is opened under. */
export function currentVersion(r: Regime): RegimeVersion {
  const last = r.versions.at(-1);
  if (last === undefined) throw new Error(`Regime ${r.id} has no version`);
  return last;
}

export function versionOf(r: Regime, version: number): RegimeVersion {
  return r.versions.find((one) => one.version === version) ?? currentVersion(r);
}

export function officesOf(r: Regime): OfficeFacts {
  return {
    workingGroupId: r.workingGroupId,
    standingAgencyId: r.standingAgencyId,
    homeAffairsId: r.homeAffairsId,
  };
}

/** The period to open next, with the instant of its opening; null where nothing comes. */
export function nextPeriod(r: Regime, calendar: Calendar): { period: Period; at: Instant } | null {
  if (r.state === 'ended') return null;
  const { schedule } = currentVersion(r).definition;
  if (schedule.kind === 'ad_hoc') {
    if (r.opened !== null) return null;
    const opensOn = localDate(calendar, r.createdAt);
    return { period: { key: 'ad_hoc', opensOn, closesOn: schedule.closesOn }, at: r.createdAt };
  }
  const { startsOn } = schedule;
  const from = r.opened === null ? startsOn : latest(addCalendarDays(r.opened.closesOn, 1), startsOn);
  const period = periodClosingFrom(schedule.periodicity, latest(from, r.resumedOn));
  if (period === null) return null;
  // A new version may have windows that overlap the last one: nothing is asked for twice.
  const opensOn =
    r.opened !== null && period.opensOn <= r.opened.closesOn
      ? addCalendarDays(r.opened.closesOn, 1)
      : period.opensOn;
  const at = Math.max(startOfDay(calendar, opensOn), r.createdAt);
  return { period: { ...period, opensOn }, at };
}

const latest = (date: IsoDate, other: IsoDate = date): IsoDate => (other > date ? other : date);

export function nextRegimeStep(r: Regime, calendar: Calendar): PlannedStep | null {
  const next = nextPeriod(r, calendar);
  return next === null ? null : { step: `open:${next.period.key}`, at: next.at };
}

/** What a definition says that cannot be followed; empty where it can. */
export function definitionErrors(definition: RegimeDefinition): FieldError[] {
  return [...levelErrors(definition), ...scheduleErrors(definition.schedule)];
}

/**
 * Each level must leave the next its day. Who is on two of them by its group reports on the lower one; named twice, it
 * would seem to owe two reports of one period.
 */
function levelErrors({ levels, schedule }: RegimeDefinition): FieldError[] {
  const errors = levels.flatMap((level, index) =>
    level.unitIds.length + level.groupCodes.length > 0
      ? []
      : [
          fieldError(
            `/levels/${index}`,
            'nobody_reports',
            'Cấp này chưa có đơn vị hoặc nhóm đơn vị nào.',
            'This level names no unit and no group.',
          ),
        ],
  );
  errors.push(...namedTwice(levels));
  if (schedule.kind === 'ad_hoc') return errors;
  for (const [index, level] of levels.entries()) {
    const before = levels[index - 1];
    if (level.dueWorkingDays < 1 || (before !== undefined && level.dueWorkingDays <= before.dueWorkingDays)) {
      errors.push(
        fieldError(
          `/levels/${index}/dueWorkingDays`,
          'due_too_early',
          'Hạn gửi phải sau ngày chốt số liệu ít nhất 1 ngày làm việc và sau hạn của cấp trước.',
          'Due at least one working day after the closing, and later than the level before.',
        ),
      );
    }
  }
  return errors;
}

function namedTwice(levels: RegimeDefinition['levels']): FieldError[] {
  return levels.flatMap((level, index) => {
    const below = levels.slice(0, index);
    const twice = (field: 'unitIds' | 'groupCodes'): FieldError[] =>
      level[field].flatMap((name, place) =>
        below.some((one) => one[field].includes(name))
          ? [
              fieldError(
                `/levels/${index}/${field}/${place}`,
                'on_two_levels',
                'Đơn vị (nhóm) này đã có ở cấp dưới: mỗi đơn vị báo cáo ở một cấp.',
                'This unit or group is on a lower level already: each reports on one.',
              ),
            ]
          : [],
      );
    return [...twice('unitIds'), ...twice('groupCodes')];
  });
}

function scheduleErrors(schedule: Schedule): FieldError[] {
  if (schedule.kind === 'ad_hoc' || schedule.periodicity.kind !== 'own') return [];
  const { windows } = schedule.periodicity;
  return windows.flatMap((window, index) => {
    const before = windows[index - 1];
    const ordered =
      window.opensOn <= window.closesOn && (before === undefined || window.opensOn > before.closesOn);
    const fresh = windows.findIndex((one) => one.key === window.key) === index;
    if (ordered && fresh) return [];
    return [
      fieldError(
        `/schedule/windows/${index}`,
        'window_out_of_order',
        'Các kỳ phải nối tiếp nhau, không chồng lấn và có tên riêng.',
        'Windows follow one another without overlap, each under a name of its own.',
      ),
    ];
  });
}
