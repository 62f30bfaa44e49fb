import { addWorkingDays, type Calendar } from '../calendar.js';
import type { Instant } from '../instant.js';
import type { ReportEventOf } from './events.js';
import { currentVersion, nextPeriod, type Regime, type RegimeEvent } from './regime.js';
import { instantsOf, type Period } from './windows.js';

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
  roster: { readonly groups: Roster; readonly valid: ReadonlySet<string> },
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
    const instants = instantsFor(regime, next, level.dueWorkingDays, calendar, now);
    return fresh.map(
      (unitId): ReportEventOf<'opened'> => ({
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
          cycle: 1,
          mend: null,
          received: [],
          progress: [],
          restatements: 0,
          excuse: null,
          settled: null,
          taken: [],
        },
      }),
    );
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
) {
  const { schedule } = currentVersion(regime).definition;
  if (schedule.kind === 'ad_hoc') return { opensAt: at, closesAt: at - 1, dueAt: schedule.dueAt };
  const planned = instantsOf(period, workingDays, calendar);
  const late = now > planned.closesAt;
  return {
    opensAt: at,
    closesAt: planned.closesAt,
    dueAt: late ? Math.max(planned.dueAt, addWorkingDays(calendar, now, workingDays)) : planned.dueAt,
  };
}
