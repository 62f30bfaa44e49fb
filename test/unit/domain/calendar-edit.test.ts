import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AssignmentCommand } from '../../../src/domain/assignment/commands.js';
import { underCalendar } from '../../../src/domain/assignment/decide-calendar.js';
import type { AssignmentEvent } from '../../../src/domain/assignment/events.js';
import { addWorkingDays, type Calendar, type CalendarDay } from '../../../src/domain/calendar.js';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import { addCalendarDays } from '../../../src/domain/civil-date.js';
import { parseDeadline } from '../../../src/domain/deadline/parse.js';
import { resolveDeadline } from '../../../src/domain/deadline/resolve.js';
import { DEFAULT_DEADLINE_POLICY, type DeadlineRule } from '../../../src/domain/deadline/rule.js';
import { HOUR } from '../../../src/domain/instant.js';
import { DEFAULT_POLICY } from '../../../src/domain/policy.js';
import { content, firstAssigned, task } from './drafts.js';
import { at, GIVEN, Story } from './story.js';

const day = (date: string): CalendarDay => ({
  date,
  kind: 'holiday',
  intervals: [],
  name: 'Nghỉ do bão',
  source: '11/CĐ-UBND',
});

const withDays = (before: Calendar, ...dates: readonly string[]): Calendar => ({
  ...before,
  version: before.version + 1,
  days: [...before.days.filter(({ date }) => !dates.includes(date)), ...dates.map(day)],
});

const edit = (before: Calendar): AssignmentCommand => ({
  action: 'apply_calendar',
  input: {
    ...{ editId: 'e', before, officeBefore: before, keepsPast: false },
    ...{ reason: 'Nghỉ do bão', source: '11/CĐ-UBND' },
  },
});

const ruleOf = (phrase: string): DeadlineRule => {
  const parsed = parseDeadline(phrase, { documentDate: '2026-10-01' });
  if (!parsed.ok) throw new Error(parsed.code);
  return parsed.rule;
};

const under = (rule: DeadlineRule, calendar: Calendar): number =>
  resolveDeadline(rule, { issuedAt: GIVEN, calendar, policy: DEFAULT_DEADLINE_POLICY }).at ?? 0;

/** An assignment whose deadline came from a phrase. */
function from(phrase: string, byHand = false): Story {
  const rule = ruleOf(phrase);
  const due = under(rule, OFFICE_HOURS);
  return new Story({
    deadline: { phrase, rule, byHand, from: GIVEN },
    firstDeadlineAt: due,
    deadlineAt: due,
    dueAt: due,
  });
}

const apply = (story: Story, before: Calendar, after: Calendar, now: number): Story =>
  story.act(edit(before), now, { calendar: after });

const types = (events: readonly AssignmentEvent[]): string[] => events.map(({ type }) => type);

describe('an edit of the calendar', () => {
  test('moves a deadline that came from a rule by the day that was declared off', () => {
    const story = from('trong 5 ngày làm việc');
    const before = story.state.dueAt ?? 0;
    const off = withDays(OFFICE_HOURS, addCalendarDays('2026-10-01', 5));
    apply(story, OFFICE_HOURS, off, GIVEN + HOUR);
    expect(story.state.deadlineAt).toBe(under(ruleOf('trong 5 ngày làm việc'), off));
    expect(story.state.dueAt).toBeGreaterThan(before);
    expect(story.state.firstDeadlineAt).toBe(before);
    expect(story.state.calendar).toEqual({ id: OFFICE_HOURS.id, version: 2 });
    expect(story.state.cycle).toBe(1);
  });

  test('of the weekly hours leaves what had fallen due before it as it was', () => {
    const closed = OFFICE_HOURS.week.map((hours, weekday) => (weekday === 3 ? [] : hours));
    const after = { ...OFFICE_HOURS, version: 2, week: closed };
    const by = (keepsPast: boolean, now: number): number | null => {
      const story = from('trong 5 ngày làm việc');
      const input = {
        ...{ editId: 'e', before: OFFICE_HOURS, officeBefore: OFFICE_HOURS },
        ...{ keepsPast, reason: 'Nghỉ', source: 'QĐ 1' },
      };
      return story.act({ action: 'apply_calendar', input }, now, { calendar: after }).state.dueAt;
    };
    const due = from('trong 5 ngày làm việc').state.dueAt ?? 0;
    expect(by(true, due + HOUR)).toBe(due);
    // What is still to come follows the new hours, and so does what a day off was announced for too late.
    expect(by(true, due - HOUR) ?? 0).toBeGreaterThan(due);
    expect(by(false, due + HOUR) ?? 0).toBeGreaterThan(due);
  });

  test('lengthens the time to mend by a day declared off between the return and the deadline', () => {
    const rule = ruleOf('trước ngày 20/6/2025');
    const [deadline, returned] = [at('2025-06-20 23:59:59'), at('2025-06-18 10:00')];
    const until = addWorkingDays(OFFICE_HOURS, returned, 3);
    const base = from('trước ngày 20/11/2026').state;
    const dated = {
      ...base,
      deadline: { ...base.deadline, rule, from: at('2025-06-02 09:00') },
      deadlineAt: deadline,
      firstDeadlineAt: deadline,
      dueAt: until,
      cycleSince: returned,
      mendSince: returned,
    };
    const off = withDays(OFFICE_HOURS, '2025-06-19');
    const { dueAt } = underCalendar(dated, OFFICE_HOURS, off, DEFAULT_DEADLINE_POLICY);
    expect(dueAt).toBe(addWorkingDays(off, returned, 3));
    expect(dueAt).toBeGreaterThan(until);
  });

  test('moves a deadline that was counted from the confirming document, or from the day on which work under way was given', () => {
    const rule = ruleOf('trong 10 ngày làm việc');
    const spoken = under(rule, OFFICE_HOURS);
    const story = new Story({
      provisional: true,
      deadline: { phrase: 'trong 10 ngày làm việc', rule, byHand: false, from: GIVEN },
      firstDeadlineAt: spoken,
      deadlineAt: spoken,
      dueAt: spoken,
    });
    const confirmedAt = at('2026-10-15 09:00');
    story.agency({ action: 'confirm_document', input: { version: 2, pastDeadline: null } }, confirmedAt);
    const from = (calendar: Calendar) => addWorkingDays(calendar, confirmedAt, 10);
    expect(story.state).toMatchObject({ dueAt: from(OFFICE_HOURS), deadline: { from: confirmedAt } });
    const off = withDays(OFFICE_HOURS, '2026-10-26');
    apply(story, OFFICE_HOURS, off, confirmedAt + HOUR);
    expect(story.state.dueAt).toBe(from(off));
    expect(from(off)).toBeGreaterThan(from(OFFICE_HOURS));

    const history = [
      { kind: 'acknowledged' as const, on: '2026-09-22', unitId: null, document: null, to: null, note: null },
    ];
    const given = firstAssigned(
      content(
        [
          task({
            deadline: {
              phrase: 'trong 30 ngày làm việc',
              rule: ruleOf('trong 30 ngày làm việc'),
              past: null,
            },
            history,
          }),
        ],
        {
          documentDate: '2026-09-21',
        },
      ),
    );
    expect(given.deadline.from).toBe(at('2026-09-21 00:00'));
    const later = underCalendar(
      given,
      OFFICE_HOURS,
      withDays(OFFICE_HOURS, '2026-10-12'),
      DEFAULT_DEADLINE_POLICY,
    );
    expect(later.dueAt).toBe(
      addWorkingDays(withDays(OFFICE_HOURS, '2026-10-12'), at('2026-09-21 00:00'), 30),
    );
    expect(later.dueAt).toBeGreaterThan(given.dueAt ?? 0);
  });

  test('never moves a running deadline earlier, and finds it again when days are added later', () => {
    const story = from('trong 5 ngày làm việc');
    const due = story.state.dueAt;
    const saturday: Calendar = {
      ...OFFICE_HOURS,
      version: 2,
      week: OFFICE_HOURS.week.map((_, i) => OFFICE_HOURS.week[i < 6 ? 0 : 6] ?? []),
    };
    apply(story, OFFICE_HOURS, saturday, GIVEN + HOUR);
    expect(story.state.dueAt).toBe(due);
    const storm = { ...withDays(OFFICE_HOURS, '2026-10-06', '2026-10-07', '2026-10-08'), version: 3 };
    apply(story, saturday, storm, GIVEN + 2 * HOUR);
    expect(story.state.dueAt).toBe(under(ruleOf('trong 5 ngày làm việc'), storm));
  });

  test('leaves a deadline set by hand and a named date where they are, but computes their steps again', () => {
    for (const story of [from('trong 5 ngày làm việc', true), from('trước ngày 30/10/2026')]) {
      const due = story.state.dueAt;
      const storm = withDays(OFFICE_HOURS, '2026-10-06', '2026-10-07', '2026-10-28', '2026-10-29');
      apply(story, OFFICE_HOURS, storm, GIVEN + HOUR);
      expect(story.state.dueAt).toBe(due);
      expect(story.state.calendar.version).toBe(2);
    }
  });

  test('counts the time that was held again, by the days off that lie in it', () => {
    const story = from('trước ngày 30/10/2026')
      .agency({ action: 'suspend', input: { reason: 'vì sao' } }, at('2026-10-12 08:00'))
      .agency({ action: 'resume', input: {} }, at('2026-10-19 08:00'));
    // A named date ends at midnight: five held working days after it.
    expect(story.state.dueAt).toBe(at('2026-11-06 17:30'));
    apply(story, OFFICE_HOURS, withDays(OFFICE_HOURS, '2026-11-04'), at('2026-10-20 08:00'));
    expect(story.state.dueAt).toBe(at('2026-11-09 17:30'));
  });

  test('counts the time to mend from the return, not from the deadline', () => {
    const story = from('trước ngày 30/10/2026')
      .act({ action: 'submit', input: { text: 'xong' } }, at('2026-10-30 09:00'))
      .agency({ action: 'return', input: { reason: 'thiếu' } }, at('2026-11-10 09:00'));
    expect(story.state.dueAt).toBe(at('2026-11-13 17:30'));
    // A day off between the deadline and the return changes nothing, one after the return does.
    apply(story, OFFICE_HOURS, withDays(OFFICE_HOURS, '2026-11-05'), at('2026-11-10 10:00'));
    expect(story.state.dueAt).toBe(at('2026-11-13 17:30'));
    const later = { ...withDays(OFFICE_HOURS, '2026-11-12'), version: 3 };
    apply(story, withDays(OFFICE_HOURS, '2026-11-05'), later, at('2026-11-10 11:00'));
    expect(story.state.dueAt).toBe(at('2026-11-16 17:30'));
  });

  test('adds nothing up where days come and go: neither to the time to mend, nor to held time', () => {
    const mending = from('trước ngày 30/10/2026')
      .act({ action: 'submit', input: { text: 'xong' } }, at('2026-10-30 09:00'))
      .agency({ action: 'return', input: { reason: 'thiếu' } }, at('2026-11-10 09:00'));
    const held = from('trước ngày 30/10/2026')
      .agency({ action: 'suspend', input: { reason: 'chờ' } }, at('2026-10-12 08:00'))
      .agency({ action: 'resume', input: {} }, at('2026-10-19 08:00'));
    expect([mending.state.dueAt, held.state.dueAt]).toEqual([at('2026-11-13 17:30'), at('2026-11-06 17:30')]);
    let version = 1;
    let before = OFFICE_HOURS;
    const toggled = (story: Story, now: number, ...dates: readonly string[]): void => {
      for (const date of dates)
        for (const days of [[date], []]) {
          version += 1;
          const after = { ...withDays(OFFICE_HOURS, ...days), version };
          apply(story, before, after, now + version);
          before = after;
        }
    };
    toggled(mending, at('2026-11-10 10:00'), '2026-11-11', '2026-11-12', '2026-11-11', '2026-11-13');
    expect(mending.state.dueAt).toBe(at('2026-11-16 17:30'));
    toggled(held, at('2026-10-19 10:00'), '2026-11-02', '2026-11-03', '2026-11-02', '2026-11-04');
    expect(held.state.dueAt).toBe(at('2026-11-09 17:30'));
  });

  test('judges a late result again in favour of the unit, marks the steps void, and leaves a trace', () => {
    const story = from('trong 5 ngày làm việc');
    const due = story.state.dueAt ?? 0;
    story.until(due + 30 * HOUR);
    story.act({ action: 'submit', input: { text: 'xong' } }, due + 31 * HOUR);
    expect(story.state.submission?.late).toBe(true);
    story.agency({ action: 'confirm', input: {} }, due + 32 * HOUR);
    const storm = withDays(OFFICE_HOURS, '2026-10-06', '2026-10-07');
    const already = story.events.length;
    apply(story, OFFICE_HOURS, storm, due + 40 * HOUR);
    expect(story.state.submission?.late).toBe(false);
    expect(story.late(due + 50 * HOUR)).toBe(false);
    expect(types(story.events.slice(already))).toEqual(['calendar_changed', 'steps_voided']);
    expect(story.events[already]).toMatchObject({
      data: { rejudged: { late: false }, previous: { dueAt: due, calendar: { version: 1 } } },
      text: { reason: 'Nghỉ do bão', source: '11/CĐ-UBND' },
    });
    expect(story.state.taken.filter(({ step }) => step === 'urge')).toMatchObject([{ voided: true }]);
  });

  test('owes again, at its new instant, a step that had been taken too early', () => {
    const story = from('trong 5 ngày làm việc');
    const due = story.state.dueAt ?? 0;
    story.until(due + 30 * HOUR);
    const storm = withDays(OFFICE_HOURS, '2026-10-06', '2026-10-07', '2026-10-08', '2026-10-09');
    apply(story, OFFICE_HOURS, storm, due + 31 * HOUR);
    expect(story.late(due + 31 * HOUR)).toBe(false);
    const again = new Story(story.state, { calendar: storm }).until((story.state.dueAt ?? 0) + 5 * 24 * HOUR);
    expect(again).toContain('urge');
  });

  test('is applied once: the same version again changes nothing', () => {
    const story = from('trong 5 ngày làm việc');
    const storm = withDays(OFFICE_HOURS, '2026-10-06');
    apply(story, OFFICE_HOURS, storm, GIVEN + HOUR);
    const count = story.events.length;
    apply(story, OFFICE_HOURS, storm, GIVEN + 2 * HOUR);
    expect(story.events).toHaveLength(count);
  });

  test('never makes a deadline earlier or a result late, whatever days change', () => {
    const dates = fc.uniqueArray(
      fc.integer({ min: 0, max: 40 }).map((shift) => addCalendarDays('2026-10-01', shift)),
      { maxLength: 12 },
    );
    const phrases = fc.constantFrom(
      'trong 5 ngày làm việc',
      'trong 10 ngày',
      '40 giờ làm việc',
      'hết tháng 10/2026',
      'trước ngày 20/10/2026',
      'trong 1 tháng kể từ ngày ban hành',
    );
    fc.assert(
      fc.property(
        phrases,
        fc.array(dates, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 900 }),
        (phrase, edits, hours) => {
          const story = from(phrase);
          story.act({ action: 'submit', input: { text: 'xong' } }, GIVEN + hours * HOUR);
          let before: Calendar = OFFICE_HOURS;
          for (const days of edits) {
            const after = { ...withDays(OFFICE_HOURS, ...days), version: before.version + 1 };
            const was = { due: story.state.dueAt ?? 0, late: story.state.submission?.late ?? false };
            apply(story, before, after, GIVEN + 1000 * HOUR);
            expect(story.state.dueAt ?? 0).toBeGreaterThanOrEqual(was.due);
            expect(was.late || story.state.submission?.late === false).toBe(true);
            expect(story.state.dueAt ?? 0).toBeGreaterThanOrEqual(under(ruleOf(phrase), after));
            before = after;
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('an outage', () => {
  const gap = (from_: string, to: string): AssignmentCommand => ({
    action: 'excuse_outage',
    input: { outageId: 'o', from: at(from_), to: at(to) },
  });

  test('moves a deadline inside it to the end of the next working day, whoever set it', () => {
    for (const byHand of [true, false]) {
      const story = from('trước ngày 30/10/2026', byHand);
      story.act(gap('2026-10-30 22:00', '2026-10-31 03:00'), at('2026-10-31 03:00'));
      expect(story.state.dueAt).toBe(at('2026-11-02 17:30'));
      expect(story.state.deadlineAt).toBe(at('2026-10-30 23:59:59'));
    }
  });

  test('leaves a deadline outside it, and every one where the policy says so', () => {
    const outside = from('trước ngày 30/10/2026');
    outside.act(gap('2026-10-31 01:00', '2026-10-31 03:00'), at('2026-10-31 03:00'));
    expect(outside.events).toEqual([]);
    const off = from('trước ngày 30/10/2026');
    const policy = { ...DEFAULT_POLICY, outage: { ...DEFAULT_POLICY.outage, excuses: false } };
    off.act(gap('2026-10-30 22:00', '2026-10-31 03:00'), at('2026-10-31 03:00'), { policy });
    expect(off.events).toEqual([]);
    const short = {
      ...DEFAULT_POLICY,
      outage: { excuses: true, longerThan: { value: 6, unit: 'h' } },
    } as const;
    off.act(gap('2026-10-30 22:00', '2026-10-31 03:00'), at('2026-10-31 03:00'), { policy: short });
    expect(off.events).toEqual([]);
  });

  test('judges again the result that came as soon as the system was back', () => {
    const story = from('trước ngày 30/10/2026').act(
      { action: 'submit', input: { text: 'xong' } },
      at('2026-10-31 03:00'),
    );
    expect(story.state.submission?.late).toBe(true);
    story.act(gap('2026-10-30 22:00', '2026-10-31 02:59:30'), at('2026-10-31 03:01'));
    expect(story.state.submission?.late).toBe(false);
  });
});
