import { describe, expect, test } from '@jest/globals';
import type { Assignment, Matter, Pause } from '../../../src/domain/assignment/state.js';
import { candidates, concludesAt } from '../../../src/domain/assignment/steps.js';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import { addDuration } from '../../../src/domain/duration.js';
import { assignment, at, context, DUE, FACTS, GIVEN } from './story.js';

const ASKED = at('2026-10-12 09:00');
const days = (value: number) => addDuration(OFFICE_HOURS, ASKED, { value, unit: 'wd' });
const of = (over: Partial<Assignment>): Assignment => ({
  ...assignment({ state: 'in_progress' }),
  ...over,
});
const matter = (kind: Matter['kind'], state: string, more: object = {}): Matter =>
  ({ id: 'm', kind, state, openedAt: ASKED, askedAt: ASKED, dueAt: DUE, ...more }) as unknown as Matter;

/** The clocks that run beside the ladder, in the words of the plan. */
function clocksOf(a: Assignment, directive = FACTS) {
  return candidates(a, { ...context(ASKED), directive })
    .filter(({ rung }) => rung === null)
    .map(({ step, at: when, to, effect, policyText }) => ({ step, at: when, to, effect, policyText }));
}

describe('the clock of the one who must answer', () => {
  const both = ['standing_agency', 'supervisor'];
  test.each<[string, Matter, number, readonly string[], string, string]>([
    ['a contest', matter('contest', 'contested'), days(3), both, 'record', 'contestAnswer within 3 wd'],
    [
      'an extension',
      matter('extension', 'requested'),
      days(3),
      both,
      'record',
      'extensionAnswer within 3 wd',
    ],
    ['an obstacle', matter('obstacle', 'raised'), days(5), both, 'record', 'obstacleAnswer within 5 wd'],
    [
      'an obstacle that another unit has',
      matter('obstacle', 'forwarded', { holderUnitId: 'other' }),
      days(5),
      ['holder', ...both],
      'record',
      'obstacleAnswer within 5 wd',
    ],
    [
      'an obstacle that the agency has itself',
      matter('obstacle', 'forwarded', { holderUnitId: 'agency' }),
      days(5),
      both,
      'record',
      'obstacleAnswer within 5 wd',
    ],
    [
      'an obstacle that an outside body has',
      matter('obstacle', 'forwarded', { holderUnitId: null }),
      days(5),
      both,
      'record',
      'obstacleAnswer within 5 wd',
    ],
    ['a cause', matter('cause', 'stated'), days(5), both, 'record', 'causeAnswer within 5 wd'],
    [
      'a contribution',
      matter('contribution', 'asked'),
      DUE,
      [],
      'contribution_overdue',
      'the deadline the lead unit set',
    ],
    [
      'an explanation',
      matter('explanation', 'asked'),
      DUE,
      [],
      'explanation_overdue',
      'the deadline of the request',
    ],
  ])('of %s', (_name, pending, when, to, effect, text) => {
    const [clock, ...others] = clocksOf(of({ matters: [pending] }));
    expect(others).toEqual([]);
    expect(clock).toMatchObject({ step: `${pending.kind}:m`, at: when, to, effect });
    expect(clock?.policyText).toContain(text);
  });

  test.each<[Matter['kind'], string]>([
    ['contest', 'rejected'],
    ['extension', 'granted'],
    ['obstacle', 'accepted'],
    ['cause', 'refused'],
    ['contribution', 'given'],
    ['explanation', 'answered'],
  ])('of a %s that is %s runs no more', (kind, state) => {
    expect(clocksOf(of({ matters: [matter(kind, state)] }))).toEqual([]);
  });

  test('of the unit to acknowledge, and of the monitor to judge; never of an office in its own cause', () => {
    const fresh = assignment({ assignedAt: ASKED });
    expect(clocksOf(fresh)).toMatchObject([{ step: 'acknowledgement', at: days(2), to: ['unit'] }]);
    const submission = { id: 's', at: ASKED, recordedAt: ASKED, late: false, leftMs: 0, evidence: [] };
    const waiting = (over: Partial<Assignment> = {}) =>
      clocksOf(of({ state: 'submitted', submission, ...over }));
    expect(waiting()).toMatchObject([{ step: 'confirmation:s', at: days(3), to: ['monitor', 'supervisor'] }]);
    expect(waiting({ monitorUnitId: 'lead' })).toMatchObject([{ to: ['supervisor'] }]);
    expect(waiting({ submission: null })).toEqual([]);
    // The standing agency monitors nothing here but leads: what it would decide, the supervisor does.
    const own = of({ unitId: 'agency', matters: [matter('cause', 'stated')] });
    expect(clocksOf(own)).toMatchObject([{ to: ['supervisor'] }]);
  });

  test('of a cause goes on when the assignment has ended, but not under a directive that was withdrawn', () => {
    const ended = of({ state: 'stopped', endedAt: DUE, matters: [matter('cause', 'stated')] });
    expect(clocksOf(ended)).toMatchObject([{ step: 'cause:m' }]);
    expect(clocksOf(ended, { ...FACTS, state: 'withdrawn' })).toEqual([]);
  });

  test('stands still in suspensions, by their working time since it began, and in nothing else', () => {
    const paused = (kind: Pause['kind'], from: string, to: string | null): Partial<Assignment> => ({
      pauses: [{ kind, from: at(from), to: to === null ? null : at(to), matterId: null }],
    });
    const when = (over: Partial<Assignment>) =>
      clocksOf({ ...assignment({ assignedAt: ASKED }), ...over }).map((clock) => clock.at)[0];
    const day = addDuration(OFFICE_HOURS, days(2), { value: 0, unit: 'wd' });
    expect(when(paused('suspension', '2026-10-12 10:00', '2026-10-12 11:00'))).toBeGreaterThan(day);
    expect(when(paused('obstacle', '2026-10-12 10:00', '2026-10-12 11:00'))).toBe(day);
    expect(when(paused('suspension', '2026-10-09 10:00', '2026-10-09 11:00'))).toBe(day);
    expect(when(paused('suspension', '2026-10-30 10:00', '2026-10-30 11:00'))).toBe(day);
    expect(when(paused('suspension', '2026-10-12 10:00', null))).toBe(day);
    // What lay before its beginning counts for nothing.
    const since = when(paused('suspension', '2026-10-12 08:00', '2026-10-12 10:00'));
    expect(since).toBe(when(paused('suspension', '2026-10-12 09:00', '2026-10-12 10:00')));
  });
});

describe('a regular assignment', () => {
  const until = (date: string) => ({
    ...assignment().deadline,
    rule: { kind: 'regular' as const, period: null, due: [], until: date },
  });
  const concludes = (over: object, endsAt: number | null) =>
    concludesAt(
      { recurrence: 'regular', deadline: assignment().deadline, ...over },
      { directive: { ...FACTS, endsAt }, calendar: OFFICE_HOURS },
    );
  const END = at('2026-12-31 23:59:59');

  test('concludes with its directive, or before it on the date that its own words name', () => {
    expect(concludes({}, END)).toBe(END);
    expect(concludes({}, null)).toBeNull();
    const own = { deadline: until('2026-11-30') } as object;
    expect(concludes(own, END)).toBe(at('2026-11-30 23:59:59'));
    expect(concludes(own, null)).toBe(at('2026-11-30 23:59:59'));
    expect(concludes({ deadline: until('2027-06-30') }, END)).toBe(END);
    expect(concludes({ recurrence: 'one_off' }, END)).toBeNull();
  });

  test('has one clock, which concludes it and tells nobody', () => {
    const [clock, ...others] = clocksOf(of({ recurrence: 'regular', dueAt: null, assignedAt: GIVEN }));
    expect(others).toEqual([]);
    expect(clock).toMatchObject({ step: 'conclusion', to: [], effect: 'conclude' });
    expect(clock?.policyText).toContain('concluded on the end date');
  });
});
