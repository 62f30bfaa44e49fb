import { addWorkingDays, type Calendar } from '../calendar.js';
import type { Instant } from '../instant.js';
import type { ReportEventOf } from './events.js';
import { currentVersion, nextPeriod, type Regime, type RegimeEvent } from './regime.js';
import { type DueRule, instantsOf, type Period, type PeriodInstants } from './windows.js';

/** The units of each group on the day of opening; a unit that joins later reports from the next period on. */
export type Roster = ReadonlyMap<string, readonly string[]>;

export interface Opening {
  readonly regime: RegimeEvent;
  readonly obligations: readonly ReportEventOf<'opened'>[];
}

/** Opens the next period where its instant has come: one obligation per unit, on the lowest level that names it. */
export function decideOpening(
  regime: Regime,
  calendar: Calendar,
  now: Instant,
  roster: {
    readonly groups: Roster;
    readonly valid: ReadonlySet<string>;
    /** Of units that are judged by another calendar than the Working Group's. */
    readonly calendars: ReadonlyMap<string, Calendar>;
  },
  newId: () => string,
): Opening | null {
  const next = nextPeriod(regime, calendar);
  if (next === null || next.at > now) return null;
  const { version, definition } = currentVersion(regime);
  const named = new Set<string>();
  const obligations = definition.levels.flatMap((level, index) => {
    const units = [...level.unitIds, ...level.groupCodes.flatMap((code) => roster.groups.get(code) ?? [])];
    const fresh = [...new Set(units)].filter((unit) => roster.valid.has(unit) && !named.has(unit));
    for (const unit of fresh) named.add(unit);
    return fresh.map((unitId): ReportEventOf<'opened'> => {
      const own = roster.calendars.get(unitId) ?? calendar;
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
          ...instantsFor(regime, next, level.dueWorkingDays, own, now),
          calendar: { id: own.id, version: own.version },
          cycle: 1,
          mend: null,
          received: [],
          progress: [],
          restatements: 0,
          excuse: null,
          settled: null,
          taken: [],
        },
      };
    });
  });
  return {
    regime: {
      type: 'period_opened',
      data: {
        at: now,
        plannedAt: next.at,
        period: next.period,
        count: obligations.length,
        calendar: { id: calendar.id, version: calendar.version },
      },
    },
    obligations,
  };
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
  const { schedule } = currentVersion(regime).definition;
  if (schedule.kind === 'ad_hoc') {
    const { dueAt, rule } = schedule;
    const by: DueRule | null = rule === null ? null : { kind: 'phrase', from: at, rule };
    return { opensAt: at, closesAt: at - 1, dueAt, rule: by };
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
