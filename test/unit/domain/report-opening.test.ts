import { describe, expect, test } from '@jest/globals';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import { DEFAULT_POLICY, DEFAULT_REPORTING_POLICY } from '../../../src/domain/policy.js';
import { decideOpening } from '../../../src/domain/report/opening.js';
import { nextPeriod, type Regime, type Schedule } from '../../../src/domain/report/regime.js';
import { ruleOf } from './drafts.js';
import { at, GROUP } from './story.js';

const MONTHLY: Schedule = {
  kind: 'periodic',
  periodicity: { kind: 'monthly', closingDay: 14 },
  startsOn: '2026-09-15',
};

const level = (unitId: string, dueWorkingDays: number) => ({
  name: null,
  unitIds: [unitId],
  groupCodes: [],
  dueWorkingDays,
});

function regime(schedule: Schedule, over: Partial<Regime> = {}): Regime {
  const definition = {
    name: 'Báo cáo',
    nameEn: null,
    directiveIds: [],
    schedule,
    levels: [level('commune', 1), level('department', 2)],
  };
  return {
    id: 'regime',
    workingGroupId: GROUP,
    standingAgencyId: 'agency',
    homeAffairsId: 'home',
    state: 'active',
    versions: [{ version: 1, definition, policy: DEFAULT_POLICY, reporting: DEFAULT_REPORTING_POLICY }],
    calendar: { id: OFFICE_HOURS.id, version: OFFICE_HOURS.version },
    opened: null,
    createdAt: at('2026-09-01 09:00'),
    endedAt: null,
    seq: 1,
    lastRecordedAt: at('2026-09-01 09:00'),
    ...over,
  };
}

const off = (date: string) => ({
  date,
  kind: 'custom' as const,
  intervals: [],
  name: 'Nghỉ',
  source: 'QĐ 1',
});
/** The commune's own: closed on the three working days after the closing of October's figures. */
const OWN = {
  ...OFFICE_HOURS,
  id: 'own',
  days: [...OFFICE_HOURS.days, off('2026-10-15'), off('2026-10-16'), off('2026-10-19')],
};

function dues(of: Regime, now: number, calendars = new Map<string, typeof OWN>()): Record<string, number> {
  let made = 0;
  const roll = { groups: new Map(), valid: new Set(['commune', 'department']), calendars };
  const opening = decideOpening(of, OFFICE_HOURS, now, roll, () => `o${++made}`);
  return Object.fromEntries(opening?.obligations.map(({ data }) => [data.unitId, data.dueAt]) ?? []);
}

describe('the due instants of a period', () => {
  const OPENS = at('2026-09-15 00:00');

  test('are counted by level: closing plus one working day, and one more for who sums up', () => {
    expect(dues(regime(MONTHLY), OPENS)).toEqual({
      commune: at('2026-10-15 17:30'),
      department: at('2026-10-16 17:30'),
    });
  });

  test('leave who sums up a working day after the last below, also where that one has days off of its own', () => {
    expect(dues(regime(MONTHLY), OPENS, new Map([['commune', OWN]]))).toEqual({
      commune: at('2026-10-20 17:30'),
      department: at('2026-10-21 17:30'),
    });
  });

  test('of a request that is due by a phrase are counted by the unit’s own calendar, and never earlier', () => {
    const asked: Schedule = {
      kind: 'ad_hoc',
      closesOn: '2026-10-14',
      dueAt: at('2026-10-16 17:30'),
      phrase: 'trong 2 ngày làm việc',
      rule: ruleOf('trong 2 ngày làm việc'),
    };
    const now = at('2026-10-14 16:00');
    const { commune } = dues(regime(asked, { createdAt: now }), now, new Map([['commune', OWN]]));
    expect(commune).toBe(at('2026-10-21 17:30'));
    const early: Schedule = { ...asked, dueAt: at('2026-10-30 17:30') };
    const { commune: announced } = dues(regime(early, { createdAt: now }), now);
    expect(announced).toBe(at('2026-10-30 17:30'));
  });
});

describe('the next period', () => {
  const opened = { key: '2026-10', opensOn: '2026-09-15', closesOn: '2026-10-14' };

  test('follows the last one', () => {
    expect(nextPeriod(regime(MONTHLY, { opened }), OFFICE_HOURS)?.period.key).toBe('2026-11');
  });

  test('waits for the day from which a new version asks', () => {
    const later: Schedule = { ...MONTHLY, startsOn: '2027-02-15' };
    expect(nextPeriod(regime(later, { opened }), OFFICE_HOURS)?.period.key).toBe('2027-03');
  });
});
