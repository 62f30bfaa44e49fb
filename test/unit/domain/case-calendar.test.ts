import { describe, expect, test } from '@jest/globals';
import type { Calendar } from '../../../src/domain/calendar.js';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import type { Duration } from '../../../src/domain/duration.js';
import { DAY, HOUR } from '../../../src/domain/instant.js';
import { referralMessages } from '../../../src/domain/messages.js';
import { DEFAULT_POLICY } from '../../../src/domain/policy.js';
import type { ReferralCommand } from '../../../src/domain/referral/decide.js';
import { Case, PROPOSED, WINDOW_ENDS } from './case.js';
import { AGENCY, at, FACTS, LEAD, PAPER, SUPERVISOR } from './story.js';

const text = 'vì sao';
const object = { action: 'object', input: { text } } as const;
const FIVE_DAYS: Duration = { value: 5, unit: 'wd' };
const RELEASED = {
  ...DEFAULT_POLICY,
  referral: { ...DEFAULT_POLICY.referral, release: 'released' as const },
};

/** The common calendar in a later version, with further days off. */
const off = (version: number, ...dates: readonly string[]): Calendar => ({
  ...OFFICE_HOURS,
  version,
  days: [
    ...OFFICE_HOURS.days,
    ...dates.map((date) => ({
      date,
      kind: 'holiday' as const,
      intervals: [],
      name: 'Nghỉ do bão',
      source: '1/CĐ',
    })),
  ],
});
const both = (calendar: Calendar) => ({ calendar, officeCalendar: calendar });
const edit = (before: Calendar, keepsPast = false): ReferralCommand => ({
  action: 'apply_calendar',
  input: { editId: 'e', before, officeBefore: before, keepsPast, reason: 'Bão', source: '1/CĐ' },
});
const edited = (one: Case, before: Calendar, after: Calendar, now: number, keepsPast = false): Case =>
  one.act(edit(before, keepsPast), now, both(after));
/** Friday, a week after it was proposed, and the Monday after it; Tuesday is a holiday. */
const MONDAY = at('2026-11-23 17:30');
const WEDNESDAY = at('2026-11-25 17:30');
const STORM = off(2, '2026-11-18');

describe('the time to object', () => {
  test('is counted in working days, from a Friday evening to the next', () => {
    expect(DEFAULT_POLICY.referral.objectionWindow).toEqual(FIVE_DAYS);
    expect(Case.ofSilence().state.windowEndsAt).toBe(WINDOW_ENDS);
  });

  test('grows by a day off that falls into it, with the reason, the document and what it was', () => {
    const one = edited(Case.ofSilence(), OFFICE_HOURS, STORM, PROPOSED + DAY);
    expect(one.state).toMatchObject({ state: 'proposed', windowEndsAt: MONDAY });
    expect(one.events).toEqual([
      {
        type: 'calendar_changed',
        data: {
          at: PROPOSED + DAY,
          editId: 'e',
          windowEndsAt: MONDAY,
          reopens: false,
          notBefore: [],
          previous: { windowEndsAt: WINDOW_ENDS },
        },
        text: { reason: 'Bão', source: '1/CĐ' },
      },
    ]);
    expect(one.try(object, WINDOW_ENDS + HOUR, { ...both(STORM), actor: LEAD })).toBeNull();
  });

  test('is none the shorter when the day is taken back, and no longer for another one than it would be for that', () => {
    const one = edited(Case.ofSilence(), OFFICE_HOURS, STORM, PROPOSED + DAY);
    const again = off(3);
    edited(one, STORM, again, PROPOSED + 2 * DAY);
    expect(one.state.windowEndsAt).toBe(MONDAY);
    edited(one, again, off(4, '2026-11-19'), PROPOSED + 3 * DAY);
    expect(one.state.windowEndsAt).toBe(MONDAY);
    edited(one, off(4, '2026-11-19'), off(5, '2026-11-18', '2026-11-19'), PROPOSED + 3 * DAY + HOUR);
    expect(one.state.windowEndsAt).toBe(WEDNESDAY);
  });

  test('is not touched by a day off outside it: nothing is recorded', () => {
    const one = edited(Case.ofSilence(), OFFICE_HOURS, off(2, '2026-11-25'), PROPOSED + DAY);
    expect(one.events).toEqual([]);
  });

  test('that an outage moved ends on a working day all the same', () => {
    const one = Case.ofSilence();
    const gap = { outageId: 'o', from: WINDOW_ENDS - HOUR, to: WINDOW_ENDS + 5 * HOUR };
    one.act({ action: 'excuse_outage', input: gap }, gap.to);
    expect(one.state.windowEndsAt).toBe(MONDAY);
    edited(one, OFFICE_HOURS, off(2, '2026-11-23'), gap.to + HOUR);
    expect(one.state.windowEndsAt).toBe(WEDNESDAY);
  });

  test('that began again with changed facts is counted from there', () => {
    const one = Case.ofSilence();
    const cause = { action: 'state_cause', input: { cause: 'data', objective: true, text } } as const;
    one.story.act(cause, PROPOSED + DAY);
    const id = one.story.state.matters[0]?.id ?? '';
    const confirmed = { confirmed: true, text };
    one.story.agency({ action: 'decide_cause', input: { id, ...confirmed } }, at('2026-11-18 09:00'));
    one.until(at('2026-11-18 10:00'));
    expect(one.state).toMatchObject({ windowFrom: expect.any(Number), state: 'proposed' });
    expect(one.state.windowEndsAt).toBe(at('2026-11-26 17:30'));
    // Before it began again, a day off is no loss.
    edited(one, OFFICE_HOURS, off(2, '2026-11-17'), at('2026-11-18 11:00'));
    expect(one.state.windowEndsAt).toBe(at('2026-11-26 17:30'));
    edited(one, off(2, '2026-11-17'), off(3, '2026-11-17', '2026-11-20'), at('2026-11-18 12:00'));
    expect(one.state.windowEndsAt).toBe(at('2026-11-27 17:30'));
  });

  test('is open again where the case only waits for its letter, and is only longer where it was sent', () => {
    const waiting = Case.ofSilence({}, { policy: RELEASED });
    waiting.until(WINDOW_ENDS + HOUR);
    expect(waiting.state.state).toBe('awaiting_release');
    edited(waiting, OFFICE_HOURS, STORM, WINDOW_ENDS + 2 * HOUR);
    expect(waiting.state).toMatchObject({ state: 'proposed', windowEndsAt: MONDAY });
    const gone = Case.ofSilence();
    gone.until(WINDOW_ENDS + HOUR);
    edited(gone, OFFICE_HOURS, STORM, WINDOW_ENDS + 2 * HOUR);
    expect(gone.state).toMatchObject({ state: 'referred', windowEndsAt: MONDAY });
  });

  test('is over once an objection was rejected: no edit opens it again, nor takes the letter from a case', () => {
    const decide = (now: number): Case => {
      const one = Case.ofSilence({}, { policy: RELEASED }).act(object, now, { actor: LEAD });
      one.act({ action: 'give_opinion', input: { text } }, now + 1, { actor: AGENCY });
      one.act({ action: 'decide', input: { decision: 'reject', text } }, now + 2, { actor: SUPERVISOR });
      one.until(now + 3);
      return one;
    };
    const one = decide(PROPOSED + 3 * DAY);
    expect(one.state.state).toBe('awaiting_release');
    edited(one, OFFICE_HOURS, STORM, PROPOSED + 4 * DAY);
    expect(one.state).toMatchObject({ state: 'awaiting_release', windowEndsAt: WINDOW_ENDS });
    // A day is taken back that the agency had been given to release it.
    const told = off(6, '2026-11-19');
    const other = decide(PROPOSED + 3 * DAY);
    edited(other, told, off(7), PROPOSED + 4 * DAY);
    expect(other.events.at(-1)).toMatchObject({ type: 'calendar_changed', data: { reopens: false } });
    const release = { action: 'release', input: {} } as const;
    expect(other.try(release, PROPOSED + 5 * DAY, { actor: AGENCY, document: PAPER })).toBeNull();
    // An outage at its end is no reason either.
    const third = decide(PROPOSED + 3 * DAY);
    const gap = { outageId: 'o', from: WINDOW_ENDS - HOUR, to: WINDOW_ENDS + 5 * HOUR };
    third.act({ action: 'excuse_outage', input: gap }, gap.to);
    expect(third.state.state).toBe('awaiting_release');
  });

  test('is longer for a paper too, where the case was sent; and the case stays sent', () => {
    const gone = Case.ofSilence();
    gone.until(WINDOW_ENDS + HOUR);
    const arrived = at('2026-11-23 09:00');
    const paper = { actor: AGENCY, document: PAPER, happenedAt: arrived };
    const late = arrived + HOUR;
    expect(gone.try(object, late, paper)?.code).toBe('transition_not_allowed');
    edited(gone, OFFICE_HOURS, STORM, WINDOW_ENDS + 2 * HOUR);
    expect(gone.state.state).toBe('referred');
    expect(gone.try(object, late, paper)).toBeNull();
  });

  test('that passed by the new calendar too leaves a case waiting for its letter', () => {
    const waiting = Case.ofSilence({}, { policy: RELEASED });
    waiting.until(WINDOW_ENDS + HOUR);
    edited(waiting, OFFICE_HOURS, STORM, WEDNESDAY);
    expect(waiting.state).toMatchObject({ state: 'awaiting_release', windowEndsAt: MONDAY });
    const [event] = waiting.events.slice(-1);
    expect(event?.type === 'calendar_changed' && referralMessages(event, waiting.state, FACTS)).toEqual([]);
  });

  test('that has passed is not asked of other weekly hours', () => {
    const short = (version: number): Calendar => ({
      ...OFFICE_HOURS,
      version,
      week: OFFICE_HOURS.week.map((hours, weekday) => (weekday === 3 ? [] : hours)),
    });
    const waiting = Case.ofSilence({}, { policy: RELEASED });
    waiting.until(WINDOW_ENDS + HOUR);
    edited(waiting, OFFICE_HOURS, short(2), WINDOW_ENDS + 2 * HOUR, true);
    expect(waiting.state).toMatchObject({ state: 'awaiting_release', windowEndsAt: WINDOW_ENDS });
    const running = edited(Case.ofSilence(), OFFICE_HOURS, short(2), PROPOSED + DAY, true);
    expect(running.state.windowEndsAt).toBe(MONDAY);
  });
});

describe('an office that answers in a case, where a day off is taken back', () => {
  const FRIDAY = at('2026-11-16 09:00');
  const objected = (): Case => Case.ofSilence({}, both(STORM)).act(object, FRIDAY, { actor: LEAD });
  const decision = { action: 'decide', input: { decision: 'reject', text } } as const;

  const clockOf = (one: Case, calendar: Calendar): number => {
    const taken: number[] = [];
    const copy = new Case(one.story, both(calendar));
    copy.state = one.state;
    copy.until(at('2027-01-15 17:30'));
    for (const event of copy.events) if (event.type === 'step_taken') taken.push(event.data.plannedAt);
    return taken[0] ?? 0;
  };

  test('has the time that it was told: to decide on an objection', () => {
    const one = objected();
    const told = clockOf(one, STORM);
    const open = off(3);
    expect(clockOf(one, open)).toBeLessThan(told);
    edited(one, STORM, open, FRIDAY + HOUR);
    expect(clockOf(one, open)).toBe(told);
    expect(one.events.at(-1)).toMatchObject({
      data: { notBefore: [{ step: `decision:objected:${FRIDAY}`, at: told }] },
    });
    // The standing agency speaks first until then, and not only until the day by the new calendar.
    const early = { actor: SUPERVISOR, ...both(open) };
    expect(one.try(decision, told - 1, early)?.code).toBe('transition_not_allowed');
    expect(one.try(decision, told, early)).toBeNull();
  });

  test('and to acknowledge what was referred', () => {
    const storm = off(2, '2026-11-25');
    const one = Case.ofSilence({}, both(storm));
    one.until(WINDOW_ENDS);
    const told = clockOf(one, storm);
    expect(clockOf(one, off(3))).toBeLessThan(told);
    edited(one, storm, off(3), WINDOW_ENDS + HOUR);
    expect(clockOf(one, off(3))).toBe(told);
    // Once the step was taken there is nothing to keep.
    const taken = Case.ofSilence({}, both(storm));
    taken.until(told);
    const known = taken.events.length;
    edited(taken, storm, off(3), told + HOUR);
    expect(taken.events.slice(known)).toEqual([]);
    // Told later still, it stays later still.
    edited(one, off(3), off(4, '2026-11-25', '2026-11-26'), WINDOW_ENDS + 2 * HOUR);
    expect(clockOf(one, off(4, '2026-11-25', '2026-11-26'))).toBeGreaterThan(told);
  });
});

test('an opinion is owed to the end of the time that the policy gives', () => {
  const one = Case.ofSilence().act(object, PROPOSED + 3 * DAY, { actor: LEAD });
  const opinion = { action: 'give_opinion', input: { text } } as const;
  expect(one.try(opinion, PROPOSED + 3 * DAY + HOUR, { actor: AGENCY })).toBeNull();
  expect(
    one.try({ action: 'decide', input: { decision: 'reject', text } }, PROPOSED + 3 * DAY + 2 * HOUR, {
      actor: SUPERVISOR,
    }),
  ).toBeNull();
});

describe('what was sent to Home Affairs', () => {
  const sent = (): Case => {
    const one = Case.ofSilence();
    one.until(WINDOW_ENDS);
    return one;
  };
  const due = at('2026-11-23 09:00');
  const adjusted = (one: Case): Case => {
    const input = { deadline: 'trước ngày 25/12/2026', latenessStands: false, reason: text } as const;
    one.story.agency({ action: 'adjust_deadline', input }, due);
    return one;
  };

  test('and says that a unit is late which is not any more is told to the standing agency once', () => {
    const one = adjusted(sent());
    expect(one.until(due + HOUR)).toEqual(['step_taken']);
    const [event] = one.events.slice(-1);
    if (event?.type !== 'step_taken') throw new Error('No step');
    expect(event.data).toMatchObject({ step: 'correction:0', to: ['standing_agency'], plannedAt: due });
    expect(referralMessages(event, one.state, FACTS).map(({ template, to }) => `${template} ${to}`)).toEqual([
      'correction_due standing_agency',
    ]);
    expect(one.until(due + 2 * HOUR)).toEqual([]);
  });

  test('is not asked for once it was corrected, nor for what only went on', () => {
    const one = adjusted(sent());
    one.act({ action: 'correct_facts', input: { reason: text } }, due + 1, {
      actor: AGENCY,
      document: PAPER,
    });
    expect(one.until(due + HOUR)).toEqual([]);
    const other = sent();
    other.story.act({ action: 'submit', input: { text } }, due);
    expect(other.until(due + HOUR)).toEqual([]);
  });
});
