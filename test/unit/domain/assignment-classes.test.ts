import { describe, expect, test } from '@jest/globals';
import { isLate, isUndecided, spanShape } from '../../../src/domain/assignment/lateness.js';
import type { Assignment, Matter, Pause } from '../../../src/domain/assignment/state.js';
import { DAY, SECOND } from '../../../src/domain/instant.js';
import { assignment, DUE, GIVEN } from './story.js';

const submitted = (at: number) => ({
  id: 's',
  at,
  recordedAt: at,
  late: at > DUE,
  leftMs: 0,
  evidence: [],
});
const held = (from: number, to: number | null = null): Pause => ({
  kind: 'obstacle',
  from,
  to,
  matterId: 'm',
});
const IN_TIME = DUE - DAY;
const TOO_LATE = DUE + DAY;
const of = (over: Partial<Assignment>): Assignment => ({ ...assignment(), ...over });

describe('in which class an assignment counts', () => {
  const open = { class: 'open', dueAt: DUE, late: null } as const;
  test.each<[string, Partial<Assignment>, ReturnType<typeof spanShape>]>([
    ['assigned', {}, open],
    ['acknowledged', { state: 'acknowledged' }, open],
    ['in progress', { state: 'in_progress' }, open],
    ['contested', { state: 'contested' }, open],
    ['regular', { recurrence: 'regular', dueAt: null }, { class: 'regular', dueAt: null, late: null }],
    ['by word of mouth', { provisional: true }, { class: 'open', dueAt: null, late: false }],
    ['held in time', { pauses: [held(IN_TIME)] }, { class: 'open', dueAt: null, late: false }],
    ['held when it was late', { pauses: [held(TOO_LATE)] }, { class: 'open', dueAt: null, late: true }],
    ['held before, and no more', { pauses: [held(IN_TIME, DUE)] }, open],
    [
      'waiting, in time',
      { state: 'submitted', submission: submitted(IN_TIME) },
      { class: 'awaiting', dueAt: DUE, late: false },
    ],
    [
      'waiting, late',
      { state: 'submitted', submission: submitted(TOO_LATE) },
      { class: 'awaiting', dueAt: DUE, late: true },
    ],
    [
      'confirmed as late',
      { state: 'confirmed', submission: submitted(TOO_LATE) },
      { class: 'done', dueAt: DUE, late: true },
    ],
    ['confirmed without a result', { state: 'confirmed' }, { class: 'done', dueAt: DUE, late: false }],
    ['waiting without one', { state: 'submitted' }, { class: 'awaiting', dueAt: DUE, late: false }],
    ['concluded', { state: 'concluded' }, { class: 'done', dueAt: null, late: false }],
    ['suspended', { state: 'suspended' }, { class: 'suspended', dueAt: null, late: null }],
    ['stopped', { state: 'stopped' }, { class: 'stopped', dueAt: DUE, late: null }],
    ['superseded', { state: 'superseded' }, { class: 'superseded', dueAt: DUE, late: null }],
    ['carried over', { state: 'carried_over' }, { class: 'carried_over', dueAt: DUE, late: null }],
  ])('%s', (_name, over, shape) => {
    expect(spanShape(of(over))).toEqual(shape);
  });
});

describe('what holds a case', () => {
  const matter = (kind: Matter['kind'], state: string): Matter =>
    ({ id: 'm', kind, state, openedAt: GIVEN }) as unknown as Matter;
  const with_ = (...matters: Matter[]): Partial<Assignment> => ({ matters });
  test.each<[string, Partial<Assignment>, boolean]>([
    ['nothing', {}, false],
    ['a result that waits', { state: 'submitted', submission: submitted(IN_TIME) }, true],
    ['a result that waits in a suspension', { state: 'suspended', submission: submitted(IN_TIME) }, true],
    ['a result that was confirmed', { state: 'confirmed', submission: submitted(IN_TIME) }, false],
    ['a result that went along', { state: 'superseded', resultWentAlong: true }, true],
    ['an extension', with_(matter('extension', 'requested')), true],
    ['an extension that was refused', with_(matter('extension', 'refused')), false],
    ['an extension where it went', with_(matter('extension', 'moved')), true],
    ['a contest', with_(matter('contest', 'contested')), true],
    ['a cause', with_(matter('cause', 'stated')), true],
    ['a cause where it went', with_(matter('cause', 'moved')), false],
    ['an obstacle', with_(matter('obstacle', 'raised')), true],
    ['an obstacle that another has', with_(matter('obstacle', 'forwarded')), true],
    ['an obstacle that was accepted', with_(matter('obstacle', 'accepted')), false],
    ['an obstacle where it went', with_(matter('obstacle', 'moved')), true],
    [
      'an obstacle that had been accepted before it went',
      { ...with_(matter('obstacle', 'moved')), pauses: [held(IN_TIME)] },
      false,
    ],
    ['a contribution', with_(matter('contribution', 'asked')), false],
    ['an explanation', with_(matter('explanation', 'asked')), false],
  ])('%s: as it says', (_name, over, holds) => {
    expect(isUndecided(of(over))).toBe(holds);
  });
});

describe('late', () => {
  test.each<[string, Partial<Assignment>, number, boolean]>([
    ['is what is open after its deadline', {}, DUE + SECOND, true],
    ['is not what is open at it', {}, DUE, false],
    ['is nothing without a deadline', { dueAt: null }, TOO_LATE, false],
    ['is nothing regular', { recurrence: 'regular' }, TOO_LATE, false],
    ['is nothing by word of mouth', { provisional: true }, TOO_LATE, false],
    ['is not what has stood still since before', { pauses: [held(IN_TIME)] }, TOO_LATE, false],
    ['is what ended after it', { state: 'stopped', endedAt: TOO_LATE }, TOO_LATE + DAY, true],
    ['is not what ended before it', { state: 'stopped', endedAt: IN_TIME }, TOO_LATE, false],
    [
      'is not what stood still to its end',
      { state: 'stopped', endedAt: TOO_LATE, pauses: [held(IN_TIME, TOO_LATE)] },
      TOO_LATE + DAY,
      false,
    ],
    [
      'is what stood still before, and no more when it ended',
      { state: 'stopped', endedAt: TOO_LATE, pauses: [held(GIVEN, IN_TIME)] },
      TOO_LATE + DAY,
      true,
    ],
  ])('%s', (_name, over, at, late) => {
    expect(isLate(of(over), at)).toBe(late);
  });
});
