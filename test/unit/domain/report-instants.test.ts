import { describe, expect, test } from '@jest/globals';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import { isInTime, latenessOf, reportAt, stateAt } from '../../../src/domain/report/state.js';
import { DUE_AT, Owing } from './owing.js';
import { AGENCY, at, PAPER } from './story.js';

const progress = (percent: number) => [{ assignmentId: 'a', percent, figure: null }];
const submitted = (percent: number) =>
  ({ action: 'submit', input: { text: 'Báo cáo', progress: progress(percent) } }) as const;
const back = { action: 'return', input: { reason: 'Thiếu chữ ký', formOnly: true } } as const;
const paperOf = (arrived: string) => ({ actor: AGENCY, document: PAPER, happenedAt: at(arrived) });
const NOW = at('2026-10-20 09:00');

/** Sent on line the morning after the deadline. */
const late = (): Owing => new Owing().act(submitted(80), at('2026-10-16 10:00'));

describe('a paper that had come in time', () => {
  test('counts in the place of the late report that was sent on line after it', () => {
    const { state } = late().act(submitted(60), NOW, paperOf('2026-10-15 09:00'));
    expect(latenessOf(state)).toBe(false);
    expect(stateAt(state, at('2026-10-15 18:00'))).toBe('received_on_time');
    expect(reportAt(state, NOW)?.at).toBe(at('2026-10-15 09:00'));
    // What was sent later says the later figures.
    expect(state.progress).toEqual(progress(80));
  });

  test('counts too where the late one was given back for its form', () => {
    const owing = late().act(back, at('2026-10-19 09:00'), { actor: AGENCY });
    const { state } = owing.act(submitted(60), NOW, paperOf('2026-10-15 09:00'));
    expect(latenessOf(state)).toBe(false);
  });

  test('voids what the clock had done about the late one', () => {
    const owing = new Owing().until(at('2026-10-16 09:59')).act(submitted(80), at('2026-10-16 10:00'));
    expect(owing.state.taken.some(({ step, voided }) => step === 'judge' && !voided)).toBe(true);
    owing.act(submitted(60), NOW, paperOf('2026-10-15 09:00'));
    expect(owing.state.taken.filter(({ plannedAt, voided }) => plannedAt > DUE_AT && !voided)).toEqual([]);
  });

  test('is late itself where it came after the deadline, and earlier than what stood', () => {
    const { state } = late().act(submitted(60), NOW, paperOf('2026-10-16 08:00'));
    expect([latenessOf(state), reportAt(state, NOW)?.at]).toEqual([true, at('2026-10-16 08:00')]);
  });

  test('is refused beside a report that stands in time, or from before the period', () => {
    const inTime = new Owing().act(submitted(80), at('2026-10-15 10:00'));
    expect(inTime.try(submitted(60), NOW, paperOf('2026-10-15 09:00'))).not.toBeNull();
    expect(late().try(submitted(60), NOW, paperOf('2026-09-14 09:00'))?.code).toBe('happened_in_future');
  });

  test('cannot come before the return that it answers', () => {
    const owing = new Owing()
      .act(submitted(80), at('2026-10-14 10:00'))
      .act({ ...back, input: { ...back.input, formOnly: false } }, at('2026-10-15 10:00'), { actor: AGENCY });
    const until = owing.state.mend?.until ?? 0;
    owing.act({ action: 'submit', input: { text: 'Lại', progress: [] } }, until + 86_400_000);
    const now = until + 2 * 86_400_000;
    const paper = { actor: AGENCY, document: PAPER, happenedAt: at('2026-10-15 09:00') };
    expect(owing.try(submitted(60), now, paper)).not.toBeNull();
    owing.act(submitted(60), now, { ...paper, happenedAt: at('2026-10-15 11:00') });
    expect(latenessOf(owing.state)).toBe(false);
  });
});

test('a report that was early and is given back has the days off that were announced since', () => {
  const announced = ['2026-10-15', '2026-10-16', '2026-10-19', '2026-10-20'].map((date) => ({
    date,
    kind: 'holiday' as const,
    intervals: [],
    name: 'Nghỉ',
    source: 'Nghị quyết',
    provisional: false,
  }));
  const calendar = { ...OFFICE_HOURS, version: 2, days: [...OFFICE_HOURS.days, ...announced] };
  const owing = new Owing()
    .act(submitted(80), at('2026-10-01 09:00'))
    .act(back, at('2026-10-05 09:00'), { actor: AGENCY, calendar });
  expect(owing.state.mend?.until).toBe(at('2026-10-21 17:30'));
  expect(owing.state.dueAt).toBe(at('2026-10-21 17:30'));
  expect(stateAt(owing.state, at('2026-10-16 09:00'))).toBe('due');
});

test('who was late keeps the calendar under which the late report is followed', () => {
  const calendar = { ...OFFICE_HOURS, version: 2 };
  const owing = late().act(back, at('2026-10-17 09:00'), { actor: AGENCY, calendar });
  expect(owing.state.calendar.version).toBe(OFFICE_HOURS.version);
});

test('a granted excuse is not asked for again on an older paper', () => {
  const ask = { action: 'ask_excuse', input: { reason: 'Mất điện' } } as const;
  const owing = new Owing().act({ action: 'excuse', input: { reason: 'Mất điện' } }, at('2026-10-16 09:00'), {
    actor: AGENCY,
    document: PAPER,
  });
  expect(owing.try(ask, NOW, paperOf('2026-10-15 09:00'))).not.toBeNull();
  expect(owing.state.excuse?.state).toBe('granted');
  expect(owing.state.received.every(isInTime)).toBe(true);
});

test('weekly hours say nothing of what had fallen due before they were set', () => {
  const closed = OFFICE_HOURS.week.map((day, index) => (index === 3 ? [] : day));
  const calendar = { ...OFFICE_HOURS, version: 2, week: closed };
  const input = {
    ...{ editId: 'e', before: OFFICE_HOURS, officeBefore: OFFICE_HOURS },
    ...{ reason: 'Nghỉ thứ Năm', source: 'QĐ 1' },
  };
  const edited = (keepsPast: boolean, now: string) =>
    late().act({ action: 'apply_calendar', input: { ...input, keepsPast } }, at(now), { calendar }).state;
  expect(edited(true, '2028-01-03 09:00')).toMatchObject({ dueAt: DUE_AT, calendar: { version: 2 } });
  expect(latenessOf(edited(true, '2028-01-03 09:00'))).toBe(true);
  // A day off that is announced later is a fact of its day, and counts.
  expect(latenessOf(edited(false, '2028-01-03 09:00'))).toBe(false);
});
