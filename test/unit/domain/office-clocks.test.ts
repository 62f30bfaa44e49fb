import { describe, expect, test } from '@jest/globals';
import type { AssignmentCommand } from '../../../src/domain/assignment/commands.js';
import { decide } from '../../../src/domain/assignment/decide.js';
import { born } from '../../../src/domain/assignment/evolve.js';
import type { Assignment } from '../../../src/domain/assignment/state.js';
import { candidates } from '../../../src/domain/assignment/steps.js';
import { addWorkingDays, type Calendar } from '../../../src/domain/calendar.js';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import { isRefusal } from '../../../src/domain/errors.js';
import { DEFAULT_REPORTING_POLICY } from '../../../src/domain/policy.js';
import { reportCandidates } from '../../../src/domain/report/steps.js';
import { Owing, reportContext } from './owing.js';
import { AGENCY, at, context, GIVEN, LEAD, Story } from './story.js';

const HOURS = OFFICE_HOURS.week[0] ?? [];
/** A unit that is open on Saturdays. */
const SATURDAYS: Calendar = {
  ...OFFICE_HOURS,
  id: 'one-stop',
  week: OFFICE_HOURS.week.map((hours, weekday) => (weekday === 5 ? HOURS : hours)),
};
const OFF: Calendar = {
  ...OFFICE_HOURS,
  version: 2,
  days: [
    ...OFFICE_HOURS.days,
    { date: '2026-10-12', kind: 'holiday', intervals: [], name: 'Nghỉ do bão', source: '11/CĐ' },
  ],
};
const OPEN_AGAIN: Calendar = { ...OFFICE_HOURS, version: 3 };
const OWN = { calendar: SATURDAYS, officeCalendar: OFFICE_HOURS };
/** A Thursday morning. */
const THURSDAY = at('2026-10-08 09:00');

const edit = (before: Calendar, officeBefore: Calendar): AssignmentCommand => ({
  action: 'apply_calendar',
  input: { editId: 'e', before, officeBefore, keepsPast: false, reason: 'Sửa lịch', source: '12/QĐ' },
});

function plannedAt(story: Story, step: string, calendars: object): number {
  const planned = candidates(story.state, context(GIVEN, calendars));
  const found = planned.find((one) => one.step.includes(step));
  if (found === undefined) throw new Error(`No ${step} among ${planned.map((one) => one.step).join(', ')}`);
  return found.at;
}

const calendarOf = (story: Story, step: string): string | undefined =>
  story.events.flatMap((event) =>
    event.type === 'step_taken' && event.data.step.startsWith(step) ? [event.data.calendar] : [],
  )[0];

const submitted = (calendars: object): Story =>
  new Story({}, calendars).act({ action: 'submit', input: { text: 'Xong' } }, THURSDAY);

describe('who answers, whatever calendar the unit has', () => {
  test('has the working days of the Working Group, for each of its clocks', () => {
    const confirmed = submitted(OWN);
    expect(plannedAt(confirmed, 'confirmation', OWN)).toBe(
      addWorkingDays(OFFICE_HOURS, THURSDAY, context(GIVEN).policy.clocks.confirm.value),
    );
    const asked = new Story({}, OWN).act(
      { action: 'request_extension', input: { deadline: '30/11/2026', reason: 'Chậm vật tư' } },
      THURSDAY,
    );
    const counted = addWorkingDays(
      OFFICE_HOURS,
      THURSDAY,
      context(GIVEN).policy.clocks.extensionAnswer.value,
    );
    expect(plannedAt(asked, 'extension', OWN)).toBe(counted);
    expect(plannedAt(asked, 'extension', { calendar: SATURDAYS, officeCalendar: SATURDAYS })).toBeLessThan(
      counted,
    );
  });

  test('is named with its calendar in the step, and the unit with its own', () => {
    const due = plannedAt(submitted(OWN), 'confirmation', OWN) + 1;
    const slow = submitted(OWN);
    slow.clock(due);
    expect(calendarOf(slow, 'confirmation')).toBe('office-hours v1');
    const silent = new Story({}, OWN);
    silent.clock(at('2026-10-20 09:00'));
    expect(calendarOf(silent, 'acknowledgement')).toBe('one-stop v1');
  });

  test('has no less time when the unit is given a calendar with more hours', () => {
    const story = submitted({});
    const before = plannedAt(story, 'confirmation', {});
    story.act(edit(OFFICE_HOURS, OFFICE_HOURS), THURSDAY, OWN);
    expect(plannedAt(story, 'confirmation', OWN)).toBe(before);
  });

  test('also answers reports to be excused by the Working Group’s days', () => {
    const owing = new Owing().act({ action: 'ask_excuse', input: { reason: 'Bão' } }, at('2026-10-08 09:00'));
    const ctx = { ...reportContext(GIVEN), ...OWN };
    const excuse = reportCandidates(owing.state, ctx).find(({ step }) => step.startsWith('excuse'));
    expect(excuse?.at).toBe(
      addWorkingDays(OFFICE_HOURS, at('2026-10-08 09:00'), DEFAULT_REPORTING_POLICY.excuseAnswer.value),
    );
    expect(excuse?.calendar.id).toBe('office-hours');
  });
});

describe('a day off that is taken back', () => {
  const off = { calendar: OFF, officeCalendar: OFF };
  const again = { calendar: OPEN_AGAIN, officeCalendar: OPEN_AGAIN };

  test('leaves everybody the time that they were told, of answers and of the ladder', () => {
    const story = submitted(off);
    story.state = { ...story.state, calendar: { id: OFF.id, version: 2 } };
    const told = plannedAt(story, 'confirmation', off);
    story.act(edit(OFF, OFF), THURSDAY, again);
    expect(story.state.notBefore).toEqual([{ step: expect.stringContaining('confirmation'), at: told }]);
    expect(plannedAt(story, 'confirmation', again)).toBe(told);
    const late = new Story(
      { dueAt: THURSDAY, deadlineAt: THURSDAY, calendar: { id: OFF.id, version: 2 }, state: 'acknowledged' },
      off,
    );
    const escalated = plannedAt(late, 'supervisor', off);
    late.act(edit(OFF, OFF), THURSDAY, again);
    expect(plannedAt(late, 'supervisor', again)).toBe(escalated);
  });

  test('holds no step of a new deadline back', () => {
    const story = new Story({ calendar: { id: OFF.id, version: 2 }, state: 'acknowledged' }, off);
    story.state = { ...story.state, dueAt: THURSDAY, deadlineAt: THURSDAY };
    story.act(edit(OFF, OFF), THURSDAY, again);
    expect(story.state.notBefore?.length).toBeGreaterThan(0);
    const input = { deadline: '9/10/2026', latenessStands: false, reason: 'Gấp' } as const;
    const paper = { number: '12/CV', date: '2026-10-08' };
    story.act({ action: 'adjust_deadline', input }, THURSDAY + 1000, {
      ...{ ...again, actor: AGENCY, document: paper },
    });
    expect(story.state.notBefore).toEqual([]);
  });

  test('of the offices alone is recorded for a unit with a calendar of its own only where it would hurry them', () => {
    const own = { id: SATURDAYS.id, version: 1 };
    const mine = { calendar: SATURDAYS, officeCalendar: OFF };
    const story = submitted(mine);
    story.state = { ...story.state, calendar: own };
    const told = plannedAt(story, 'confirmation', mine);
    const after = { calendar: SATURDAYS, officeCalendar: OPEN_AGAIN };
    const recorded = story.events.length;
    story.act(edit(SATURDAYS, OFF), THURSDAY, after);
    expect(story.events.slice(recorded).map(({ type }) => type)).toEqual(['calendar_changed']);
    expect(plannedAt(story, 'confirmation', after)).toBe(told);
    // A second look finds nothing more to do, and neither does one at who waits for nobody.
    story.act(edit(SATURDAYS, OFF), THURSDAY, after);
    const quiet = new Story({ calendar: own, state: 'acknowledged' }, mine);
    quiet.act(edit(SATURDAYS, OFF), THURSDAY, after);
    expect([story.events.length, quiet.events.length]).toEqual([recorded + 1, 0]);
  });

  test('leaves the time to answer a request to be excused', () => {
    const owing = new Owing({ calendar: { id: OFF.id, version: 2 } });
    owing.act({ action: 'ask_excuse', input: { reason: 'Bão' } }, THURSDAY, { ...off, actor: LEAD });
    const excuseAt = (calendars: object): number | undefined =>
      reportCandidates(owing.state, { ...reportContext(GIVEN), ...calendars }).find(({ step }) =>
        step.startsWith('excuse'),
      )?.at;
    const told = excuseAt(off);
    const input = {
      ...{ editId: 'e', before: OFF, officeBefore: OFF, keepsPast: false },
      ...{ reason: 'Sửa lịch', source: '12/QĐ' },
    };
    owing.act({ action: 'apply_calendar', input }, THURSDAY, again);
    expect(excuseAt(again)).toBe(told);
    expect(owing.state.notBefore).toHaveLength(1);
  });

  describe('binds also while something holds the step', () => {
    const state = { dueAt: THURSDAY, deadlineAt: THURSDAY, calendar: { id: OFF.id, version: 2 } };
    const started = (): Story => new Story({ ...state, state: 'acknowledged' }, off);
    const march: Calendar = {
      ...OPEN_AGAIN,
      version: 4,
      days: [
        ...OFFICE_HOURS.days,
        { date: '2027-03-03', kind: 'holiday', intervals: [], name: 'Nghỉ', source: '1/QĐ' },
      ],
    };

    test('a result that waited when another edit came', () => {
      const story = started();
      const told = plannedAt(story, 'supervisor', off);
      story.act(edit(OFF, OFF), THURSDAY, again);
      story.act({ action: 'submit', input: { text: 'Xong' } }, THURSDAY + 1000, again);
      const later = { calendar: march, officeCalendar: march };
      story.act(edit(OPEN_AGAIN, OPEN_AGAIN), THURSDAY + 2000, later);
      story.act({ action: 'recall', input: { reason: 'Còn thiếu' } }, THURSDAY + 3000, later);
      expect(plannedAt(story, 'supervisor', later)).toBe(told);
    });

    test('an extension that was asked for in time and refused', () => {
      const story = started();
      const told = plannedAt(story, 'supervisor', off);
      const input = { deadline: '30/11/2026', reason: 'Chậm vật tư' };
      story.act({ action: 'request_extension', input }, THURSDAY, off);
      story.act(edit(OFF, OFF), THURSDAY + 1000, again);
      const id = story.matter('extension');
      story.act(
        { action: 'decide_extension', input: { id, decision: 'refuse', reason: 'Không' } },
        THURSDAY + 2000,
        { ...again, actor: AGENCY, document: { number: '12/CV', date: '2026-10-08' } },
      );
      expect(plannedAt(story, 'supervisor', again)).toBe(told);
    });

    test('of a report, a request to be excused', () => {
      const owing = new Owing({ calendar: { id: OFF.id, version: 2 } });
      const stepAt = (calendars: object): number | undefined =>
        reportCandidates(owing.state, { ...reportContext(GIVEN), ...calendars }).find(
          ({ step }) => step === 'supervisor',
        )?.at;
      owing.state = { ...owing.state, dueAt: THURSDAY, rule: null };
      const told = stepAt(off);
      owing.act({ action: 'ask_excuse', input: { reason: 'Bão' } }, THURSDAY, { ...off, actor: LEAD });
      const input = {
        ...{ editId: 'e', before: OFF, officeBefore: OFF, keepsPast: false },
        ...{ reason: 'Sửa lịch', source: '12/QĐ' },
      };
      owing.act({ action: 'apply_calendar', input }, THURSDAY + 1000, again);
      owing.state = { ...owing.state, excuse: null };
      expect(stepAt(again)).toBe(told);
    });
  });

  test('goes along with a move: the answers under their new ids, the ladder only with its deadline', () => {
    const story = new Story({ state: 'acknowledged' }, again);
    story.act(
      { action: 'request_extension', input: { deadline: '30/11/2026', reason: 'Chậm vật tư' } },
      THURSDAY,
      again,
    );
    const asked = candidates(story.state, context(GIVEN, again)).find(({ step }) =>
      step.startsWith('extension'),
    );
    const announced = [
      { step: asked?.step ?? '', at: (asked?.at ?? 0) + 3 * 86_400_000 },
      { step: 'supervisor', at: at('2026-12-30 09:00') },
    ];
    story.state = { ...story.state, notBefore: announced };
    const moved = (input: object): Assignment => {
      const command = {
        action: 'reorganise',
        input: { to: [{ unitId: 'north' }], reason: 'Sáp nhập', ...input },
      };
      const result = decide(story.state, command as AssignmentCommand, context(THURSDAY + 1000, again));
      if (isRefusal(result)) throw new Error(result.detail.en);
      const [spawned] = result.spawned ?? [];
      const first = spawned?.kind === 'assignment' ? spawned.events[0] : undefined;
      if (first?.type !== 'assigned') throw new Error('Nothing was assigned');
      return born(first, THURSDAY + 1000);
    };
    const kept = moved({});
    const id = kept.matters[0]?.id ?? 'none';
    expect(kept.notBefore).toEqual([
      { step: `extension:${id}:${asked?.step.split(':')[2] ?? ''}`.replace(/:$/, ''), at: announced[0]?.at },
      announced[1],
    ]);
    expect(moved({ deadline: '16/12/2026' }).notBefore).toHaveLength(1);
  });
});

test('the time to mend a report adds nothing up where days come and go', () => {
  const back = { action: 'return', input: { reason: 'Thiếu số liệu', formOnly: false } } as const;
  const owing = new Owing()
    .submit(at('2026-10-15 09:00'))
    .act(back, at('2026-10-20 09:00'), { actor: AGENCY });
  const until = owing.state.mend?.until;
  expect(until).toBe(at('2026-10-21 17:30'));
  let before: Calendar = OFFICE_HOURS;
  for (const date of ['2026-10-21', null, '2026-10-21', null, '2026-10-22', null]) {
    const off = {
      date: date ?? '',
      kind: 'holiday',
      intervals: [],
      name: 'Nghỉ do bão',
      source: '11/CĐ',
    } as const;
    const after: Calendar = {
      ...OFFICE_HOURS,
      version: before.version + 1,
      days: [...OFFICE_HOURS.days, ...(date === null ? [] : [off])],
    };
    const input = {
      editId: 'e',
      before,
      officeBefore: before,
      keepsPast: false,
      reason: 'Bão',
      source: '11/CĐ',
    };
    owing.act({ action: 'apply_calendar', input }, at('2026-10-20 10:00'), {
      ...{ calendar: after, officeCalendar: after },
    });
    before = after;
  }
  // One day later for the first; a day that it ends on by then moves it on, once.
  expect(owing.state.mend?.until).toBe(at('2026-10-23 17:30'));
});
