import { CLOCK } from '../../../src/domain/actor.js';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import { isRefusal, type Refusal } from '../../../src/domain/errors.js';
import type { Instant } from '../../../src/domain/instant.js';
import { DEFAULT_POLICY, DEFAULT_REPORTING_POLICY } from '../../../src/domain/policy.js';
import { decideReport, type ReportCommand, type ReportContext } from '../../../src/domain/report/decide.js';
import type { ReportEvent } from '../../../src/domain/report/events.js';
import { evolveReport, obligationBorn } from '../../../src/domain/report/evolve.js';
import {
  NOTHING_YET,
  type Obligation,
  type ReportStateName,
  stateAt,
} from '../../../src/domain/report/state.js';
import { nextReportStep } from '../../../src/domain/report/steps.js';
import { instantsOf } from '../../../src/domain/report/windows.js';
import { at, FACTS, GROUP, LEAD } from './story.js';

/** October 2026 by Decree 09/2019: the figures close on Wednesday the 14th, the report is due on the 15th at 17:30. */
export const PERIOD = { key: '2026-10', opensOn: '2026-09-15', closesOn: '2026-10-14' };
export const WINDOW = instantsOf(PERIOD, 1, OFFICE_HOURS);
export const DUE_AT = at('2026-10-15 17:30');

/** What a unit owes for that month, with what a test cares about changed. */
export function obligation(over: Partial<Obligation> = {}): Obligation {
  const { opensAt } = WINDOW;
  const data = {
    id: 'report',
    workingGroupId: GROUP,
    regimeId: 'regime',
    regimeVersion: 1,
    unitId: 'lead',
    level: 1,
    period: PERIOD,
    ...WINDOW,
    calendar: { id: OFFICE_HOURS.id, version: OFFICE_HOURS.version },
    ...NOTHING_YET,
  };
  return { ...obligationBorn({ type: 'opened', data }, opensAt), ...over };
}

/** The circumstances of one act, by the unit on the spot unless the test says otherwise. */
export function reportContext(now: Instant, over: Partial<ReportContext> = {}): ReportContext {
  return {
    actor: LEAD,
    receivedAt: now,
    happenedAt: now,
    recordedAt: now,
    document: null,
    policy: DEFAULT_POLICY,
    reporting: DEFAULT_REPORTING_POLICY,
    calendar: OFFICE_HOURS,
    officeCalendar: OFFICE_HOURS,
    directive: FACTS,
    grounds: [],
    newId: () => 'id',
    ...over,
  };
}

const PLANNING = {
  reporting: DEFAULT_REPORTING_POLICY,
  policy: DEFAULT_POLICY,
  calendar: OFFICE_HOURS,
  officeCalendar: OFFICE_HOURS,
};

/** One report lived through, command by command; what is refused changes nothing. */
export class Owing {
  state: Obligation;
  readonly events: ReportEvent[] = [];

  constructor(over: Partial<Obligation> = {}) {
    this.state = obligation(over);
  }

  try(command: ReportCommand, now: Instant, over: Partial<ReportContext> = {}): Refusal | null {
    const result = decideReport(this.state, command, reportContext(now, over));
    if (isRefusal(result)) return result;
    for (const event of result.events) {
      this.events.push(event);
      this.state = evolveReport(this.state, event, Math.max(now, this.state.lastRecordedAt));
    }
    return null;
  }

  act(command: ReportCommand, now: Instant, over: Partial<ReportContext> = {}): this {
    const refusal = this.try(command, now, over);
    if (refusal !== null) throw new Error(`${command.action}: ${refusal.code}, ${refusal.detail.en}`);
    return this;
  }

  submit(now: Instant, over: Partial<ReportContext> = {}): this {
    return this.act({ action: 'submit', input: { text: 'Báo cáo', progress: [] } }, now, over);
  }

  /** One pass of the clock. */
  pass(now: Instant, over: Partial<ReportContext> = {}): this {
    return this.act({ action: 'take_steps' }, now, { actor: CLOCK, ...over });
  }

  /** The clock wakes at each planned step up to an instant. */
  until(end: Instant, over: Partial<ReportContext> = {}): this {
    for (let turns = 0; turns < 50; turns += 1) {
      const next = nextReportStep(this.state, PLANNING);
      if (next === null || next.at > end) return this;
      this.pass(next.at, over);
    }
    throw new Error('The clock never comes to rest');
  }

  at(now: Instant): ReportStateName {
    return stateAt(this.state, now);
  }
}
