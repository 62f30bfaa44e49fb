import { describe, expect, test } from '@jest/globals';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import type { MovedBelow } from '../../../src/domain/report/moves.js';
import { latenessOf } from '../../../src/domain/report/state.js';
import { DUE_AT, Owing } from './owing.js';
import { AGENCY, at, PAPER } from './story.js';

const EDIT: MovedBelow['by'] = {
  kind: 'edit',
  edit: { editId: 'e', reason: 'Nghỉ do bão', source: '11/CĐ' },
};
const OUTAGE: MovedBelow['by'] = {
  kind: 'outage',
  gap: { outageId: 'o', from: at('2026-10-15 17:00'), to: at('2026-10-15 18:00') },
};
const below = (last: string, by: MovedBelow['by'] = EDIT) =>
  ({ action: 'follow_below', input: { last: at(last), by } }) as const;
const NOW = at('2026-10-15 09:00');
const upper = (): Owing => new Owing({ level: 2 });

describe('who sums up', () => {
  test.each([
    ['2026-10-14 17:30', DUE_AT, 0],
    ['2026-10-15 17:29', DUE_AT, 0],
    // Due at the same instant is due before them: nothing is left to sum up in.
    ['2026-10-15 17:30', at('2026-10-16 17:30'), 1],
    ['2026-10-16 17:30', at('2026-10-19 17:30'), 1],
  ])('with the last below due at %s is due at %i', (last, due, events) => {
    const owing = upper().act(below(last), NOW);
    expect([owing.state.dueAt, owing.events.length]).toEqual([due, events]);
  });

  test('is moved once, by an event that names the edit and whom it followed', () => {
    const owing = upper().act(below('2026-10-16 17:30'), NOW).act(below('2026-10-16 17:30'), NOW);
    const dueAt = at('2026-10-19 17:30');
    expect(owing.events).toEqual([
      {
        type: 'calendar_changed',
        data: {
          ...{ at: NOW, editId: 'e', calendar: owing.state.calendar, below: at('2026-10-16 17:30') },
          ...{ first: dueAt, dueAt, mendUntil: null, rejudged: false },
          previous: { dueAt: DUE_AT, first: DUE_AT, mendUntil: null, calendar: owing.state.calendar },
        },
        text: { reason: 'Nghỉ do bão', source: '11/CĐ' },
      },
    ]);
  });

  test('is moved by an outage as by an edit, and the event names the outage', () => {
    const { events, state } = upper().act(below('2026-10-16 17:30', OUTAGE), NOW);
    expect(state.dueAt).toBe(at('2026-10-19 17:30'));
    expect(events).toMatchObject([
      { type: 'outage_excused', data: { outageId: 'o', below: at('2026-10-16 17:30') } },
    ]);
  });

  test('is judged again in its favour, and what the clock took meanwhile is void', () => {
    const owing = upper().until(at('2026-10-16 09:00')).submit(at('2026-10-16 10:00'));
    expect(latenessOf(owing.state)).toBe(true);
    owing.act(below('2026-10-16 17:30'), at('2026-10-17 09:00'));
    expect(latenessOf(owing.state)).toBe(false);
    expect(owing.events.slice(-2)).toMatchObject([
      { type: 'calendar_changed', data: { rejudged: true } },
      { type: 'steps_voided', data: { steps: ['judge'] } },
    ]);
  });

  test('stays where its report came in time, or it owes nothing any more', () => {
    const inTime = upper().submit(NOW);
    const excused = upper().act({ action: 'excuse', input: { reason: 'Lũ' } }, NOW, {
      actor: AGENCY,
      document: PAPER,
    });
    for (const owing of [inTime, excused]) {
      const { seq } = owing.state;
      expect(owing.act(below('2026-10-20 17:30'), at('2026-10-15 10:00')).state.seq).toBe(seq);
    }
  });

  test('has until then to mend what was given back, and never less than it had', () => {
    const back = { action: 'return', input: { reason: 'Thiếu', formOnly: false } } as const;
    const returned = () => upper().submit(at('2026-10-14 09:00')).act(back, NOW, { actor: AGENCY });
    const had = returned().state.mend?.until ?? 0;
    expect(returned().act(below('2026-10-15 17:30'), NOW).state).toMatchObject({
      dueAt: at('2026-10-16 17:30'),
      mend: { until: had },
    });
    expect(returned().act(below('2026-10-29 17:30'), NOW).state).toMatchObject({
      dueAt: at('2026-10-30 17:30'),
      mend: { until: at('2026-10-30 17:30') },
    });
  });

  test('keeps what had been announced for its steps', () => {
    const asked = at('2026-10-14 09:00');
    const announced = { step: `excuse:${asked}`, at: at('2026-11-20 09:00') };
    const owing = upper().act({ action: 'ask_excuse', input: { reason: 'Lũ' } }, asked);
    owing.state = { ...owing.state, notBefore: [announced] };
    owing.act(below('2026-10-16 17:30'), NOW);
    expect(owing.state.notBefore).toEqual([announced]);
  });

  test('is due on no day off that is announced later, though its rule would have it due before', () => {
    const off = { date: '2026-10-19', kind: 'holiday' as const, intervals: [], name: 'Nghỉ', source: 'QĐ 1' };
    const calendar = { ...OFFICE_HOURS, version: 2, days: [...OFFICE_HOURS.days, off] };
    const before = { before: OFFICE_HOURS, officeBefore: OFFICE_HOURS, keepsPast: false };
    const input = { editId: 'e2', ...before, reason: 'Nghỉ', source: 'QĐ 1' };
    const owing = upper().act(below('2026-10-16 17:30'), NOW);
    owing.act({ action: 'apply_calendar', input }, NOW, { calendar, officeCalendar: calendar });
    expect(owing.state.dueAt).toBe(at('2026-10-20 17:30'));
    owing.act(below('2026-10-16 17:30'), NOW, { calendar });
    expect(owing.state.dueAt).toBe(at('2026-10-20 17:30'));
    const named = upper();
    named.state = { ...named.state, rule: null, dueAt: at('2026-10-19 17:30') };
    named.act({ action: 'apply_calendar', input }, NOW, { calendar, officeCalendar: calendar });
    expect(named.state.dueAt).toBe(at('2026-10-19 17:30'));
  });
});
