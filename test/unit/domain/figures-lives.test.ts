import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AssignmentEvent } from '../../../src/domain/assignment/events.js';
import type { SpanShape } from '../../../src/domain/assignment/lateness.js';
import { classAt, turnsOverdueAt } from '../../../src/domain/figures/classes.js';
import {
  compare,
  fractionOf,
  minus,
  numberOf,
  over,
  plus,
  times,
  ZERO,
} from '../../../src/domain/figures/fraction.js';
import { paint, type Span, spansOf } from '../../../src/domain/figures/spans.js';
import { DAY, HOUR } from '../../../src/domain/instant.js';
import { AGENCY, ASSIGNED, at, DUE, GIVEN, PAPER, Story } from './story.js';

const text = 'vì sao';
const submit = { action: 'submit', input: { text } } as const;
const confirm = { action: 'confirm', input: {} } as const;
const raise = { action: 'raise_obstacle', input: { cause: 'data', text } } as const;
const answer = (story: Story, how: 'accept' | 'refuse') =>
  ({ action: 'answer_obstacle', input: { id: story.matter('obstacle'), answer: how, text } }) as const;

/** The life that a story has led to, told by its events alone. */
const lifeOf = ({ events }: Story): readonly Span[] =>
  spansOf([ASSIGNED, ...events].map((event: AssignmentEvent) => ({ event, recordedAt: GIVEN })));
const classes = (story: Story, ...instants: number[]): string[] => {
  const life = lifeOf(story);
  return instants.map((when) => {
    const span = life.find(({ from, to }) => from <= when && (to === null || when < to));
    return span === undefined ? '-' : classAt(span, when);
  });
};

describe('a deadline that turns out to have been a later one', () => {
  const shape = { class: 'open', dueAt: DUE + DAY, late: null } as const;
  const late = { class: 'awaiting', dueAt: DUE, late: true } as const;
  const lifeWith = (came: number): readonly Span[] => [
    { class: 'open', dueAt: DUE, late: null, from: GIVEN, to: came },
    { ...late, from: came, to: DUE + 5 * DAY },
    { class: 'open', dueAt: DUE, late: null, from: DUE + 5 * DAY, to: null },
  ];
  const moved = (came: number) =>
    paint(lifeWith(came), { kind: 'move', from: GIVEN, due: DUE, shape })[1]?.late;

  test('leaves a result that was late and given back as late as it came by the later one', () => {
    expect(moved(DUE + 3 * DAY)).toBe(true);
    expect(moved(DUE + DAY)).toBe(false);
    expect(moved(DUE + HOUR)).toBe(false);
  });

  test('judges what waits as it is judged now, and whoever came before it no worse', () => {
    const waits = { ...late, dueAt: DUE + DAY, late: false };
    const life = [...lifeWith(DUE + HOUR).slice(0, 1), { ...late, from: DUE + HOUR, to: null }];
    const lates = paint(life, { kind: 'move', from: GIVEN, due: DUE, shape: waits }).map((span) => span.late);
    expect(lates).toEqual([null, false]);
    const still = { ...waits, late: true };
    const stays = paint(life, { kind: 'move', from: GIVEN, due: DUE, shape: still }).map((span) => span.late);
    expect(stays).toEqual([null, true]);
  });
});

describe('an edit of the calendar and an outage that is excused', () => {
  const calendar = { id: 'office', version: 1 };
  const moved = { deadlineAt: DUE + DAY, dueAt: DUE + DAY, ladderFrom: null, rejudged: null };
  const previous = { calendar, deadlineAt: DUE, dueAt: DUE };
  const since = DUE + 3 * HOUR;
  const edit: AssignmentEvent = {
    type: 'calendar_changed',
    data: { at: since, editId: 'e', calendar: { ...calendar, version: 2 }, ...moved, previous },
    text: { reason: 'Nghỉ do bão', source: '11/CĐ' },
  };
  const outage: AssignmentEvent = {
    type: 'outage_excused',
    data: { at: since, outageId: 'o', from: DUE - HOUR, to: DUE + HOUR, ...moved, previous, matters: [] },
  };
  const shown = (...events: AssignmentEvent[]) => {
    const life = spansOf([ASSIGNED, ...events].map((event) => ({ event, recordedAt: GIVEN })));
    return [DUE, DUE + HOUR, since, DUE + DAY, DUE + DAY + 1].map((when) => {
      const span = life.find(({ from, to }) => from <= when && (to === null || when < to));
      return span === undefined ? '-' : classAt(span, when);
    });
  };

  test.each([
    ['an edit', edit],
    ['an outage', outage],
  ])('%s shows nobody late who was late only by the deadline that it moved', (_what, event) => {
    const open = 'open_in_time';
    expect(shown()).toEqual([open, 'open_overdue', 'open_overdue', 'open_overdue', 'open_overdue']);
    expect(shown(event)).toEqual([open, open, open, open, 'open_overdue']);
  });

  test('that moves nothing, or another deadline, leaves the life as it was', () => {
    const same = { ...edit, data: { ...edit.data, dueAt: DUE, deadlineAt: DUE } } as AssignmentEvent;
    expect(shown(same)).toEqual(shown());
    const other = {
      ...edit,
      data: { ...edit.data, previous: { ...previous, dueAt: DUE - DAY } },
    } as AssignmentEvent;
    expect(shown(other).slice(0, 2)).toEqual(shown().slice(0, 2));
    const regular = { ...edit, data: { ...edit.data, previous: { ...previous, dueAt: null } } };
    expect(shown(regular as AssignmentEvent).slice(0, 2)).toEqual(shown().slice(0, 2));
  });
});

describe('a life as counts see it', () => {
  test('is open to its deadline, to the millisecond, and overdue after it', () => {
    expect(classes(new Story(), GIVEN - 1, GIVEN, DUE, DUE + 1)).toEqual([
      '-',
      'open_in_time',
      'open_in_time',
      'open_overdue',
    ]);
  });

  test('is as its result was from when that came, and done from when it was confirmed', () => {
    const story = new Story().act(submit, DUE - DAY).agency(confirm, DUE + 2 * DAY);
    expect(classes(story, DUE - DAY - 1, DUE - DAY, DUE + DAY, DUE + 2 * DAY, DUE + 9 * DAY)).toEqual([
      'open_in_time',
      'awaiting_in_time',
      'awaiting_in_time',
      'done_on_time',
      'done_on_time',
    ]);
    const late = new Story().act(submit, DUE + DAY).agency(confirm, DUE + 2 * DAY);
    expect(classes(late, DUE + HOUR, DUE + DAY, DUE + 3 * DAY)).toEqual([
      'open_overdue',
      'awaiting_overdue',
      'done_late',
    ]);
  });

  test('is not cut by what neither state nor deadline feels', () => {
    const story = new Story().act({ action: 'acknowledge', input: {} }, GIVEN + HOUR);
    story.act({ action: 'report', input: { text } }, GIVEN + DAY);
    expect(lifeOf(story)).toEqual([{ class: 'open', dueAt: DUE, late: null, from: GIVEN, to: null }]);
  });

  test('has stood still since an accepted obstacle was raised, also for the result that waits', () => {
    const raised = at('2026-10-28 09:00');
    const story = new Story().act(raise, raised).act(submit, DUE + 3 * DAY);
    expect(classes(story, DUE + DAY, DUE + 3 * DAY)).toEqual(['open_overdue', 'awaiting_overdue']);
    story.agency(answer(story, 'accept'), DUE + 5 * DAY);
    expect(classes(story, DUE + DAY, DUE + 3 * DAY, DUE + 6 * DAY)).toEqual([
      'open_in_time',
      'awaiting_in_time',
      'awaiting_in_time',
    ]);
  });

  test('is as it was where the obstacle is refused, or accepted only when it was late already', () => {
    const refused = new Story().act(raise, DUE - DAY);
    refused.agency(answer(refused, 'refuse'), DUE + 5 * DAY);
    expect(classes(refused, DUE + DAY)).toEqual(['open_overdue']);
    const late = new Story().act(raise, DUE + DAY);
    late.agency(answer(late, 'accept'), DUE + 5 * DAY);
    expect(classes(late, DUE + 2 * DAY, DUE + 6 * DAY)).toEqual(['open_overdue', 'open_overdue']);
  });

  test('is suspended from the day of the paper on, whenever that was entered', () => {
    const document = { ...PAPER, date: '2026-10-20' };
    const happenedAt = at('2026-10-20 10:00');
    const story = new Story().act({ action: 'suspend', input: { reason: text } }, at('2026-10-22 10:00'), {
      ...{ actor: AGENCY, document, happenedAt },
    });
    expect(classes(story, happenedAt - 1, happenedAt, DUE + DAY)).toEqual([
      'open_in_time',
      'suspended',
      'suspended',
    ]);
  });

  test('begins with being assigned, and with nothing else', () => {
    const [first] = new Story().act(submit, DUE).events;
    if (first === undefined) throw new Error('no event');
    expect(() => spansOf([{ event: first, recordedAt: DUE }])).toThrow('begins with assigned');
    expect(spansOf([])).toEqual([]);
  });
});

describe('the class of a shape', () => {
  const shape = (name: SpanShape['class'], late: boolean | null, dueAt: number | null = 10): SpanShape => ({
    ...{ class: name, dueAt, late },
  });
  test.each<[SpanShape, number, string]>([
    [shape('open', null), 10, 'open_in_time'],
    [shape('open', null), 11, 'open_overdue'],
    [shape('open', null, null), 99, 'open_in_time'],
    [shape('open', true), 1, 'open_overdue'],
    [shape('open', false), 99, 'open_in_time'],
    [shape('awaiting', true), 1, 'awaiting_overdue'],
    [shape('awaiting', false), 99, 'awaiting_in_time'],
    [shape('done', true), 1, 'done_late'],
    [shape('done', false), 99, 'done_on_time'],
    [shape('regular', null, null), 99, 'regular'],
    [shape('suspended', null, null), 99, 'suspended'],
    [shape('stopped', null), 99, 'stopped'],
    [shape('carried_over', null), 99, 'carried_over'],
    [shape('superseded', null), 99, 'superseded'],
  ])('%o at %d is %s', (drawn, when, name) => {
    expect(classAt(drawn, when)).toBe(name);
  });

  test('turns with time alone where it is open, undecided and due', () => {
    expect(turnsOverdueAt(shape('open', null))).toBe(11);
    for (const still of [
      shape('open', null, null),
      shape('open', true),
      shape('open', false),
      shape('awaiting', null),
      shape('stopped', null),
    ])
      expect(turnsOverdueAt(still)).toBeNull();
  });
});

describe('fractions', () => {
  const drawn = fc.tuple(fc.integer({ min: -9_999, max: 9_999 }), fc.integer({ min: 0, max: 3 }));
  const number = drawn.map(([digits, places]) => Number((digits / 10 ** places).toFixed(places)));

  test('are those of the numbers that were typed, in their lowest terms', () => {
    expect(fractionOf(0.3)).toEqual({ top: 3n, bottom: 10n });
    expect(fractionOf(0.5)).toEqual({ top: 1n, bottom: 2n });
    expect(fractionOf(-7.5)).toEqual({ top: -15n, bottom: 2n });
    expect(fractionOf(12)).toEqual({ top: 12n, bottom: 1n });
    expect(fractionOf(0)).toEqual(ZERO);
    fc.assert(fc.property(number, (value) => numberOf(fractionOf(value)) === value || value === 0));
  });

  test('add, subtract, multiply and divide as numbers do, with the sign above', () => {
    const sum = plus(fractionOf(0.1), fractionOf(0.2));
    expect(compare(sum, fractionOf(0.3))).toBe(0);
    fc.assert(
      fc.property(number, number, (one, other) => {
        const [a, b] = [fractionOf(one), fractionOf(other)];
        expect(compare(minus(plus(a, b), b), a)).toBe(0);
        expect(Math.sign(compare(a, b))).toBe(Math.sign(one - other));
        if (b.top === 0n) return;
        const quotient = over(a, b);
        expect(quotient.bottom > 0n).toBe(true);
        expect(compare(times(quotient, b), a)).toBe(0);
      }),
    );
    expect(() => over(fractionOf(1), ZERO)).toThrow('Nothing is divided by zero');
    expect(over(fractionOf(1), fractionOf(-4))).toEqual({ top: -1n, bottom: 4n });
  });

  test('are read to the sixth decimal, rounded away from zero at the half', () => {
    expect(numberOf(over(fractionOf(1), fractionOf(3)))).toBe(0.333333);
    expect(numberOf(over(fractionOf(2), fractionOf(3)))).toBe(0.666667);
    expect(numberOf(over(fractionOf(-2), fractionOf(3)))).toBe(-0.666667);
    expect(numberOf({ top: 1n, bottom: 2_000_000n })).toBe(0.000001);
    expect(numberOf({ top: -1n, bottom: 2_000_000n })).toBe(-0.000001);
  });
});
