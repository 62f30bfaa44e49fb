import { v7 as uuidv7 } from 'uuid';
import { CLOCK } from '../../../src/domain/actor.js';
import { isRefusal } from '../../../src/domain/errors.js';
import { DEFAULT_REPORTING_POLICY } from '../../../src/domain/policy.js';
import { decideReport, type ReportContext } from '../../../src/domain/report/decide.js';
import { evolveReport, obligationBorn } from '../../../src/domain/report/evolve.js';
import { decideOpening } from '../../../src/domain/report/opening.js';
import {
  evolveRegime,
  nextPeriod,
  type Regime,
  type RegimeDefinition,
} from '../../../src/domain/report/regime.js';
import { type Obligation, stateAt } from '../../../src/domain/report/state.js';
import { nextReportStep } from '../../../src/domain/report/steps.js';
import { reportCommandOf } from './commands.js';
import { PERIODS, type Year } from './plan.js';
import { actorOf, documentOf, type YearRules } from './pure.js';
import type { ReportAct } from './reporting.js';

export interface PlayedReports {
  readonly accepted: readonly boolean[];
  /** At each check by what was known then: the state of each report that was open by then. */
  readonly states: readonly ReadonlyMap<string, string>[];
}

export const reportKey = (unitId: string, period: string): string => `${unitId} ${period}`;

/** The one regime of the year: every unit reports every month, by the windows of Decree 09/2019. */
export function monthlyReports(year: Year): RegimeDefinition {
  return {
    name: 'Báo cáo tháng',
    nameEn: 'Monthly report',
    directiveIds: [],
    schedule: { kind: 'periodic', periodicity: { kind: 'monthly', closingDay: 14 }, startsOn: '2025-12-15' },
    levels: [{ name: null, unitIds: year.units.map(({ id }) => id), groupCodes: [], dueWorkingDays: 1 }],
  };
}

/** Plays the reports of a year by the deciders alone. */
export function playReports(year: Year, rules: YearRules): PlayedReports {
  const { offices, policy, calendar } = rules;
  const reporting = policy.reporting ?? DEFAULT_REPORTING_POLICY;
  const created: Omit<Regime, 'seq' | 'lastRecordedAt'> = {
    ...{ ...offices, id: uuidv7(), state: 'active' as const, opened: null, endedAt: null },
    versions: [{ version: 1, definition: monthlyReports(year), policy, reporting }],
    calendar: { id: calendar.id, version: calendar.version },
    createdAt: year.beginsAt,
  };
  let regime = evolveRegime(null, { type: 'created', data: created }, year.beginsAt);
  const owed = new Map<string, Obligation>();
  const policyName = `${policy.id} v${policy.version}`;
  const valid = new Set(year.units.map(({ id }) => id));
  const roster = { groups: new Map(), valid, calendars: new Map() };
  const contextAt = (at: number): ReportContext => ({
    ...{ actor: CLOCK, receivedAt: at, happenedAt: at, recordedAt: at, document: null },
    ...{ policy, calendar, reporting, directive: offices, grounds: [], newId: uuidv7 },
  });

  const passTo = (at: number): void => {
    for (;;) {
      const next = nextPeriod(regime, calendar);
      if (next === null || next.at > at) break;
      const opening = decideOpening(regime, calendar, next.at, roster, uuidv7);
      if (opening === null) break;
      regime = evolveRegime(regime, opening.regime, next.at);
      for (const event of opening.obligations) {
        const { unitId, period } = event.data;
        owed.set(reportKey(unitId, period.key), obligationBorn(event, next.at));
      }
    }
  };
  const clock = (state: Obligation, at: number): Obligation => {
    let now = state;
    for (;;) {
      const step = nextReportStep(now, { reporting, policyName, calendar });
      if (step === null || step.at > at) return now;
      now = changed(now, decideReport(now, { action: 'take_steps' }, contextAt(at)), at) ?? now;
    }
  };
  const act = (one: ReportAct): boolean => {
    passTo(one.at);
    const key = reportKey(one.unitId, one.period);
    const before = owed.get(key);
    if (before === undefined) return false;
    const state = clock(before, one.at);
    const by = one.name === 'submit' ? one.unitId : null;
    const after = changed(
      state,
      decideReport(state, reportCommandOf(one), {
        ...contextAt(one.at),
        actor: actorOf(offices, by),
        happenedAt: one.arrived ?? one.at,
        document: by === null ? documentOf(one) : null,
      }),
      one.at,
    );
    owed.set(key, after ?? state);
    return after !== null;
  };
  return through(year, act, (at) => {
    passTo(at);
    for (const [key, state] of owed) owed.set(key, clock(state, at));
    return new Map(
      [...owed]
        .filter(([, { period }]) => PERIODS.includes(period.key))
        .map(([key, state]) => [key, stateAt(state, at)]),
    );
  });
}

function changed(
  state: Obligation,
  decision: ReturnType<typeof decideReport>,
  at: number,
): Obligation | null {
  if (isRefusal(decision)) return null;
  return decision.events.reduce<Obligation>((before, event) => evolveReport(before, event, at), state);
}

/** Acts in their order, and the checks between them. */
export function through(
  { reports, checks }: Pick<Year, 'reports' | 'checks'>,
  act: (act: ReportAct, index: number) => boolean,
  check: (at: number) => ReadonlyMap<string, string>,
): PlayedReports {
  const accepted: boolean[] = [];
  const states: ReadonlyMap<string, string>[] = [];
  for (const [index, one] of reports.entries()) {
    while (states.length < checks.length && (checks[states.length] ?? 0) <= one.at)
      states.push(check(checks[states.length] ?? 0));
    accepted.push(act(one, index));
  }
  while (states.length < checks.length) states.push(check(checks[states.length] ?? 0));
  return { accepted, states };
}
