import { v7 as uuidv7 } from 'uuid';
import { CLOCK } from '../../../src/domain/actor.js';
import type { Calendar } from '../../../src/domain/calendar.js';
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
import { latenessOf, type Obligation, stateAt } from '../../../src/domain/report/state.js';
import { nextReportStep } from '../../../src/domain/report/steps.js';
import { reportCommandOf } from './commands.js';
import { ANNOUNCED_AT, announcedCalendar, PERIODS, type Year } from './plan.js';
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
  const { offices, policy } = rules;
  let calendar = rules.calendar;
  const reporting = policy.reporting ?? DEFAULT_REPORTING_POLICY;
  const created: Omit<Regime, 'seq' | 'lastRecordedAt'> = {
    ...{ ...offices, id: uuidv7(), state: 'active' as const, opened: null, endedAt: null },
    versions: [{ version: 1, definition: monthlyReports(year), policy, reporting }],
    calendar: { id: calendar.id, version: calendar.version },
    createdAt: year.beginsAt,
  };
  let regime = evolveRegime(null, { type: 'created', data: created }, year.beginsAt);
  const owed = new Map<string, Obligation>();
  const valid = new Set(year.units.map(({ id }) => id));
  const roster = { groups: new Map(), valid, calendars: new Map() };
  /** Each is judged by the version that it was last computed under. */
  const judging = (state: Obligation): Calendar =>
    state.calendar.version === calendar.version ? calendar : rules.calendar;
  const contextAt = (at: number, by: Calendar): ReportContext => ({
    ...{ actor: CLOCK, receivedAt: at, happenedAt: at, recordedAt: at, document: null },
    ...{
      policy,
      calendar: by,
      officeCalendar: by,
      reporting,
      directive: offices,
      grounds: [],
      newId: uuidv7,
    },
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
      const by = judging(now);
      const step = nextReportStep(now, { reporting, policy, calendar: by, officeCalendar: by });
      if (step === null || step.at > at) return now;
      now = changed(now, decideReport(now, { action: 'take_steps' }, contextAt(at, by)), at) ?? now;
    }
  };
  const announce = (at: number): void => {
    if (at <= ANNOUNCED_AT || calendar !== rules.calendar) return;
    passTo(ANNOUNCED_AT);
    const before = calendar;
    calendar = announcedCalendar(before);
    const ref = { id: calendar.id, version: calendar.version };
    const editId = uuidv7();
    regime = evolveRegime(
      regime,
      { type: 'calendar_changed', data: { at: ANNOUNCED_AT, editId, calendar: ref } },
      ANNOUNCED_AT,
    );
    for (const [key, state] of owed) {
      const now = clock(state, ANNOUNCED_AT);
      const spared = now.settled !== null || latenessOf(now) === false;
      const input = {
        editId,
        before,
        officeBefore: before,
        keepsPast: false,
        reason: 'Hoán đổi',
        source: '9/TB',
      };
      const decision = decideReport(
        now,
        { action: 'apply_calendar', input },
        contextAt(ANNOUNCED_AT, calendar),
      );
      owed.set(key, spared ? now : (changed(now, decision, ANNOUNCED_AT) ?? now));
    }
  };
  const act = (one: ReportAct): boolean => {
    announce(one.at);
    passTo(one.at);
    const key = reportKey(one.unitId, one.period);
    const before = owed.get(key);
    if (before === undefined) return false;
    const state = clock(before, one.at);
    const by = one.name === 'submit' ? one.unitId : null;
    const after = changed(
      state,
      decideReport(state, reportCommandOf(one), {
        // The time to mend counts by the calendar of the day of the return.
        ...contextAt(one.at, one.name.startsWith('return') ? calendar : judging(state)),
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
    announce(at);
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
