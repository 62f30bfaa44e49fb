import { describe, expect, test } from '@jest/globals';
import {
  countedEnd,
  endPauses,
  heldBetween,
  heldBy,
  heldTime,
  moved,
  openPauses,
  resumeObstacles,
} from '../../../src/domain/assignment/pauses.js';
import type { Assignment, Matter, Pause } from '../../../src/domain/assignment/state.js';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import { HOUR, SECOND } from '../../../src/domain/instant.js';
import { assignment, at, DUE } from './story.js';

const stretch = (from: string, to: string | null = null, matterId = 'm'): Pause => ({
  kind: 'obstacle',
  from: at(from),
  to: to === null ? null : at(to),
  matterId,
});
const of = (over: Partial<Assignment>): Assignment => ({ ...assignment(), ...over });
const submitted = (when: string) => ({
  ...{ id: 's', at: at(when), recordedAt: at(when), late: false, leftMs: 0, evidence: [] },
});
const NOW = at('2026-10-14 10:00');

describe('the working time that stood still', () => {
  test('is counted once where two stretches end together, from the earlier to the end', () => {
    const pauses = [stretch('2026-10-13 09:00'), stretch('2026-10-14 08:00', null, 'n')];
    // Tuesday 9:00 to Wednesday 10:00 without lunch and the night.
    expect(heldTime(of({ pauses }), pauses, NOW, OFFICE_HOURS)).toBe(7 * HOUR + 2 * HOUR);
  });

  test('is counted up to where another goes on', () => {
    const first = stretch('2026-10-13 09:00');
    const pauses = [first, stretch('2026-10-14 08:00', null, 'n')];
    expect(countedEnd(of({ pauses }), [first], first, NOW)).toBe(at('2026-10-14 08:00'));
    expect(heldTime(of({ pauses }), [first], NOW, OFFICE_HOURS)).toBe(7 * HOUR);
  });

  test('is none of what had stood still already', () => {
    const open = stretch('2026-10-13 09:00');
    const pauses = [stretch('2026-10-13 09:00', '2026-10-13 12:00', 'o'), open];
    expect(heldTime(of({ pauses }), [open], NOW, OFFICE_HOURS)).toBe(7 * HOUR + 2 * HOUR - 3 * HOUR);
  });

  test('is none where it began with the result that waits, or after it', () => {
    const one = stretch('2026-10-13 09:00');
    const held = (when: string) =>
      heldTime(of({ pauses: [one], submission: submitted(when) }), [one], NOW, OFFICE_HOURS);
    expect([held('2026-10-13 08:30'), held('2026-10-13 09:00'), held('2026-10-13 09:30')]).toEqual([
      0,
      0,
      7 * HOUR + 2 * HOUR,
    ]);
  });

  test('between two instants is what ended stretches cover; open and empty ones, and a span turned round, none', () => {
    const pauses = [
      stretch('2026-10-13 09:00', '2026-10-13 11:00'),
      stretch('2026-10-13 14:00', '2026-10-13 14:00', 'empty'),
      stretch('2026-10-14 08:00', null, 'open'),
    ];
    const a = of({ pauses });
    const day = [at('2026-10-13 08:00'), at('2026-10-14 17:30')] as const;
    expect(heldBetween(a, ...day, OFFICE_HOURS)).toBe(2 * HOUR);
    expect(heldBetween(a, day[1], day[0], OFFICE_HOURS)).toBe(0);
    expect(heldBetween(a, day[0], day[0], OFFICE_HOURS)).toBe(0);
  });

  test('moves a deadline by so much, none where there is none, and a named date not by nothing', () => {
    expect(moved(null, HOUR, OFFICE_HOURS)).toBeNull();
    expect(moved(DUE, 0, OFFICE_HOURS)).toBe(DUE);
    expect(moved(at('2026-10-30 17:00'), HOUR, OFFICE_HOURS)).toBe(at('2026-11-02 08:30'));
  });
});

describe('what ending a stretch leaves', () => {
  const night = stretch('2026-10-30 18:00');
  const due = at('2026-10-30 17:30');

  test('gives who was in time when it began the working day after, where nothing of office hours was lost', () => {
    const named = of({ pauses: [night], dueAt: DUE });
    const monday = at('2026-11-02 07:00');
    expect(heldBy(named, [night], monday, OFFICE_HOURS).dueAt).toBe(at('2026-11-03 17:30'));
    // Ended at the deadline itself it leaves that.
    expect(heldBy(named, [night], DUE, OFFICE_HOURS).dueAt).toBe(DUE);
  });

  test('leaves who was late when it began as late as they were', () => {
    const late = of({ pauses: [night], dueAt: due });
    expect(heldBy(late, [night], at('2026-11-02 07:00'), OFFICE_HOURS).dueAt).toBe(due);
  });

  test('changes nothing without a deadline, without a stretch, or where a result waits', () => {
    const monday = at('2026-11-02 07:00');
    expect(heldBy(of({ pauses: [night], dueAt: null }), [night], monday, OFFICE_HOURS).dueAt).toBeNull();
    expect(heldBy(of({ dueAt: due }), [], monday, OFFICE_HOURS).dueAt).toBe(due);
    const waiting = of({ pauses: [night], dueAt: DUE, submission: submitted('2026-10-29 09:00') });
    expect(heldBy(waiting, [night], monday, OFFICE_HOURS).dueAt).toBe(DUE);
  });

  test('with another that goes on is judged by when the earliest of those began', () => {
    const others = [stretch('2026-10-31 09:00', null, 'b'), stretch('2026-11-02 06:00', null, 'c')];
    const monday = at('2026-11-02 07:00');
    const inTime = of({ pauses: [night, ...others], dueAt: DUE });
    expect(heldBy(inTime, [night], monday, OFFICE_HOURS).dueAt).toBe(at('2026-10-31 09:00'));
    const late = of({
      pauses: [night, stretch('2026-10-30 12:00', null, 'b')],
      dueAt: at('2026-10-30 11:00'),
    });
    expect(heldBy(late, [night], monday, OFFICE_HOURS).dueAt).toBe(at('2026-10-30 11:00'));
    // Late when the first began, in time by when the other did: it stays late, by a second.
    const before = stretch('2026-10-30 10:00', null, 'b');
    const odd = of({ pauses: [stretch('2026-10-30 12:00'), before], dueAt: at('2026-10-30 11:00') });
    const [first] = odd.pauses;
    if (first === undefined) throw new Error('no stretch');
    expect(heldBy(odd, [first], monday, OFFICE_HOURS).dueAt).toBe(before.from - SECOND);
  });
});

describe('stretches', () => {
  test('end as they are asked to, and nothing changes where none is asked for', () => {
    const pauses = [stretch('2026-10-13 09:00'), stretch('2026-10-14 08:00', null, 'n')];
    const a = of({ pauses });
    expect(endPauses(a, NOW, () => false)).toBe(a);
    const ended = endPauses(a, NOW, ({ matterId }) => matterId === 'm');
    expect(ended.pauses.map(({ to }) => to)).toEqual([at('2026-10-14 08:00'), null]);
    expect(openPauses(ended).map(({ matterId }) => matterId)).toEqual(['n']);
    expect(openPauses(endPauses(a, NOW))).toEqual([]);
  });

  test('of accepted obstacles begin again with a result that comes back; no other does', () => {
    const matter = (id: string, kind: Matter['kind'], state: string) =>
      ({ id, kind, state, openedAt: NOW }) as unknown as Matter;
    const a = of({
      matters: [
        matter('accepted', 'obstacle', 'accepted'),
        matter('forwarded', 'obstacle', 'forwarded'),
        matter('resolved', 'obstacle', 'resolved'),
        matter('open', 'obstacle', 'accepted'),
        matter('never held', 'obstacle', 'accepted'),
        matter('cause', 'cause', 'accepted'),
      ],
      pauses: ['accepted', 'forwarded', 'resolved', 'cause', 'open'].map((id) =>
        stretch('2026-10-13 09:00', id === 'open' ? null : '2026-10-13 10:00', id),
      ),
    });
    const again = resumeObstacles(a, NOW);
    expect(again.pauses.filter(({ from }) => from === NOW)).toEqual(
      ['accepted', 'forwarded'].map((matterId) => ({ kind: 'obstacle', from: NOW, to: null, matterId })),
    );
  });
});
