import { addWorkingDays, type Calendar } from '../calendar.js';
import type { Instant } from '../instant.js';
import type { ReportEventOf } from './events.js';
import { currentVersion, nextPeriod, type Regime, type RegimeEvent } from './regime.js';
import { NOTHING_YET } from './state.js';
import {
  afterThoseBelow,
  type DueRule,
  dueUnder,
  instantsOf,
  type Period,
  type PeriodInstants,
} from './windows.js';

/** The units of each group on the day of opening; a unit that joins later reports from the next period on. */
export type Roster = ReadonlyMap<string, readonly string[]>;

export interface Opening {
  readonly regime: RegimeEvent;
  readonly obligations: readonly ReportEventOf<'opened'>[];
}

/** Who may be asked on the day of opening, and by which calendar. */
export interface Roll {
  readonly groups: Roster;
  readonly valid: ReadonlySet<string>;
  /** Of units that are judged by another calendar than the Working Group's. */
  readonly calendars: ReadonlyMap<string, Calendar>;
}

/** Opens the next period where its instant has come: one obligation per unit, on the lowest level that names it. */
export function decideOpening(
  regime: Regime,
  calendar: Calendar,
  now: Instant,
  roll: Roll,
  newId: () => string,
): Opening | null {
  const next = nextPeriod(regime, calendar);
  if (next === null || next.at > now) return null;
  const named = new Set<string>();
  // A unit counts by its own calendar, but nobody sums up what those below have still time to send.
  let below = Number.NEGATIVE_INFINITY;
  const { version, definition } = currentVersion(regime);
  const obligations = definition.levels.flatMap((level, index) => {
    const units = [...level.unitIds, ...level.groupCodes.flatMap((code) => roll.groups.get(code) ?? [])];
    const fresh = [...new Set(units)].filter((unit) => roll.valid.has(unit) && !named.has(unit));
    const opened = fresh.map((unitId): ReportEventOf<'opened'> => {
      named.add(unitId);
      const own = roll.calendars.get(unitId) ?? calendar;
      const instants = instantsFor(regime, next, level.dueWorkingDays, own, now);
      return {
        type: 'opened',
        data: {
          id: newId(),
          workingGroupId: regime.workingGroupId,
          regimeId: regime.id,
          regimeVersion: version,
          unitId,
          level: index + 1,
          period: next.period,
          ...instants,
          dueAt: afterThoseBelow(instants.dueAt, below, own),
          calendar: { id: own.id, version: own.version },
          ...NOTHING_YET,
        },
      };
    });
    below = Math.max(below, ...opened.map(({ data }) => data.dueAt));
    return opened;
  });
  const pinned = { id: calendar.id, version: calendar.version };
  const { period, at: plannedAt } = next;
  const data = { at: now, plannedAt, period, count: obligations.length, calendar: pinned };
  return { regime: { type: 'period_opened', data }, obligations };
}

/**
 * A period that could only be opened after its closing (nobody was there to open it) gives the units the whole
 * time from then: nobody is late for what they were never asked.
 */
function instantsFor(
  regime: Regime,
  { period, at }: { period: Period; at: Instant },
  workingDays: number,
  calendar: Calendar,
  now: Instant,
): Omit<PeriodInstants, 'rule'> & { readonly rule: DueRule | null } {
  const { definition, policy } = currentVersion(regime);
  const { schedule } = definition;
  if (schedule.kind === 'ad_hoc') {
    const { dueAt, rule } = schedule;
    if (rule === null) return { opensAt: at, closesAt: at - 1, dueAt, rule };
    const by: DueRule = { kind: 'phrase', from: at, rule };
    // Never earlier than what was announced to all.
    const own = dueUnder(by, calendar, policy.deadline) ?? dueAt;
    return { opensAt: at, closesAt: at - 1, dueAt: Math.max(dueAt, own), rule: by };
  }
  const planned = instantsOf(period, workingDays, calendar);
  if (now <= planned.closesAt) return { ...planned, opensAt: at };
  return {
    opensAt: at,
    closesAt: planned.closesAt,
    dueAt: addWorkingDays(calendar, now, workingDays),
    rule: { kind: 'working_days', from: now, days: workingDays },
  };
}
