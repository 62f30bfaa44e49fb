import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SpanShape } from '../../../src/domain/assignment/lateness.js';
import { classAt } from '../../../src/domain/figures/classes.js';
import { type Move, movesBetween, movesOf } from '../../../src/domain/figures/moves.js';
import {
  breakdownOf,
  decimals,
  HALF_UP_2,
  heldAgainst,
  percentOf,
  type Ratio,
  type Rounding,
  ratioOf,
} from '../../../src/domain/figures/ratio.js';
import { type Brush, paint, type Span } from '../../../src/domain/figures/spans.js';

const TRUNCATED_2: Rounding = { mode: 'truncated', places: 2 };
const ratio = (numerator: number, denominator: number | null, rounding: Rounding = HALF_UP_2): Ratio => ({
  numerator,
  denominator,
  asOf: '2023-09-15',
  rounding,
});

describe('percentages', () => {
  test.each<[number, number, Rounding, string]>([
    [436_167, 319_284, TRUNCATED_2, '136.60'],
    [436_167, 319_284, HALF_UP_2, '136.61'],
    [322_042, 319_284, HALF_UP_2, '100.86'],
    [958_367, 794_301, { mode: 'half-up', places: 1 }, '120.7'],
    [16_051, 16_274, TRUNCATED_2, '98.62'],
    [16_051, 16_274, HALF_UP_2, '98.63'],
    [13_119, 15_533, HALF_UP_2, '84.46'],
    [13_119, 15_533, TRUNCATED_2, '84.45'],
    [1, 8, HALF_UP_2, '12.50'],
    [1, 800, HALF_UP_2, '0.13'],
    [0, 5, { mode: 'half-up', places: 0 }, '0'],
    [1.5, 0.3, HALF_UP_2, '500.00'],
    [-1, 800, HALF_UP_2, '-0.13'],
  ])('%d of %d is %o %s', (numerator, denominator, rounding, percent) => {
    expect(percentOf(ratio(numerator, denominator, rounding))).toBe(percent);
  });

  test('without a whole there is none', () => {
    expect(percentOf(ratio(5, null))).toBeNull();
    expect(percentOf(ratio(5, 0))).toBeNull();
    expect(heldAgainst(ratio(5, 0), '12').verdict).toBe('unknown');
  });

  test('a reported one that is right under another rule is flagged with that rule, both ways', () => {
    expect(heldAgainst(ratio(436_167, 319_284), '136.60')).toMatchObject({
      verdict: 'other_rule',
      rule: TRUNCATED_2,
      computed: '136.61',
      reported: '136.60',
    });
    expect(heldAgainst(ratio(436_167, 319_284, TRUNCATED_2), '136,60 %').verdict).toBe('agrees');
    expect(heldAgainst(ratio(958_367, 794_301, TRUNCATED_2), '120.7')).toMatchObject({
      verdict: 'other_rule',
      rule: { mode: 'half-up', places: 1 },
      computed: '120.65',
    });
    expect(heldAgainst(ratio(958_367, 794_301, { mode: 'half-up', places: 1 }), '120.7').verdict).toBe(
      'agrees',
    );
  });

  test('one that no rounding gives is shown beside the computed one', () => {
    expect(heldAgainst(ratio(186_568, 738_291), '24.37')).toMatchObject({
      verdict: 'differs',
      computed: '25.27',
    });
  });

  test('carries its percentage, of signs and decimals as they were typed', () => {
    expect(ratioOf(ratio(73, 80))).toEqual({ ...ratio(73, 80), percent: '91.25' });
    expect(percentOf(ratio(-1, 8))).toBe('-12.50');
    expect(percentOf(ratio(1, -8))).toBe('-12.50');
    expect(percentOf(ratio(-1, -8))).toBe('12.50');
    expect(percentOf(ratio(0, -8))).toBe('0.00');
    expect(percentOf(ratio(-1, 1_000_000))).toBe('0.00');
    expect(percentOf(ratio(0.1, 0.3))).toBe('33.33');
    expect(percentOf(ratio(1.25, 10))).toBe('12.50');
    expect(percentOf(ratio(1e-7, 2e-7))).toBe('50.00');
    expect([decimals(1e-7), decimals(1.5e-7), decimals(1e21), decimals(2.25)]).toEqual([7, 8, 0, 2]);
  });

  test('agrees with what was typed otherwise but says the same', () => {
    const whole = ratio(1, 2, { mode: 'half-up', places: 0 });
    expect(heldAgainst(whole, ' 50 % ')).toMatchObject({ verdict: 'agrees', reported: ' 50 % ' });
    expect(heldAgainst(whole, '50.0')).toMatchObject({
      verdict: 'other_rule',
      rule: { mode: 'half-up', places: 1 },
    });
    expect(heldAgainst(ratio(2, 3, TRUNCATED_2), '66.67')).toMatchObject({
      verdict: 'other_rule',
      rule: { mode: 'half-up', places: 2 },
    });
    expect(heldAgainst(ratio(2, 3, TRUNCATED_2), '66.66').verdict).toBe('agrees');
  });

  test('shows by how much parts miss their total, in its decimals', () => {
    expect(breakdownOf(1, [0.25, 0.5])).toEqual({ total: 1, sum: 0.75, difference: 0.25, addsUp: false });
    expect(breakdownOf(0.3, [0.1, 0.2])).toEqual({ total: 0.3, sum: 0.3, difference: 0, addsUp: true });
    expect(breakdownOf(1.5, [1, 1])).toMatchObject({ sum: 2, difference: -0.5 });
  });

  test('half-up and truncated differ by at most one in the last place, and never cross the truth', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.integer({ min: 1, max: 1e9 }), fc.nat(4), (top, bottom, places) => {
        // As whole numbers of the last place: floating point has no say in it.
        const digits = (mode: Rounding['mode']): bigint =>
          BigInt((percentOf(ratio(top, bottom, { mode, places })) ?? '').replace('.', ''));
        const up = digits('half-up');
        const down = digits('truncated');
        const whole = BigInt(top) * 100n * 10n ** BigInt(places);
        const unit = BigInt(bottom);
        expect(down * unit <= whole && whole < (down + 1n) * unit).toBe(true);
        expect(up).toBe(2n * (whole % unit) >= unit ? down + 1n : down);
      }),
    );
  });
});

describe('breakdowns', () => {
  test('that sum are so marked, and those that do not show by how much', () => {
    expect(breakdownOf(63, [13, 2, 5, 38, 5])).toMatchObject({ addsUp: true, difference: 0 });
    expect(breakdownOf(15_533, [13_119, 2_414])).toMatchObject({ addsUp: true });
    expect(breakdownOf(2_414, [2_065, 348])).toEqual({
      total: 2_414,
      sum: 2_413,
      difference: 1,
      addsUp: false,
    });
    expect(breakdownOf(2_003_884, [1_527_629, 106_830, 369_425]).addsUp).toBe(true);
    expect(breakdownOf(0.3, [0.1, 0.2]).addsUp).toBe(true);
  });
});

const open = (dueAt: number | null): SpanShape => ({ class: 'open', dueAt, late: null });
const awaiting = (dueAt: number, late: boolean): SpanShape => ({ class: 'awaiting', dueAt, late });
const cut = (from: number, shape: SpanShape): Brush => ({ kind: 'cut', from, shape });
const lifeOf = (...brushes: Brush[]): readonly Span[] => brushes.reduce<readonly Span[]>(paint, []);
const at = (life: readonly Span[], when: number): string => {
  const span = life.find(({ from, to }) => from <= when && (to === null || when < to));
  return span === undefined ? '-' : classAt(span, when);
};

describe('spans', () => {
  test('a paper that came in time and is entered late takes the overdue days back', () => {
    const silent = lifeOf(cut(1, open(12)));
    const extended = paint(silent, cut(15, open(30)));
    expect([at(extended, 13), at(extended, 16)]).toEqual(['open_overdue', 'open_in_time']);
    const entered = paint(extended, cut(10, awaiting(12, false)));
    expect(entered.map(({ from, to }) => [from, to])).toEqual([
      [1, 10],
      [10, null],
    ]);
    expect([9, 13, 16, 40].map((when) => at(entered, when))).toEqual([
      'open_in_time',
      'awaiting_in_time',
      'awaiting_in_time',
      'awaiting_in_time',
    ]);
  });

  test('an accepted obstacle holds from its raising, and what happened in between stays', () => {
    const life = lifeOf(
      cut(1, open(12)),
      cut(11, { class: 'suspended', dueAt: null, late: null }),
      cut(13, open(12)),
    );
    expect(at(life, 14)).toBe('open_overdue');
    const held = [
      { kind: 'hold', from: 10, to: 15 } as const,
      cut(15, { class: 'open', dueAt: null, late: false }),
    ].reduce<readonly Span[]>(paint, life);
    expect([9, 10, 11, 12, 14, 99].map((when) => at(held, when))).toEqual([
      'open_in_time',
      'open_in_time',
      'suspended',
      'suspended',
      'open_in_time',
      'open_in_time',
    ]);
  });

  test('what was already overdue when it was held stays so', () => {
    const held = paint(lifeOf(cut(1, open(12))), { kind: 'hold', from: 14, to: 20 });
    expect([13, 15, 21].map((when) => at(held, when))).toEqual([
      'open_overdue',
      'open_overdue',
      'open_overdue',
    ]);
  });

  test('a deadline that turns out later was late for nobody, nor was a result judged by it', () => {
    const life = lifeOf(cut(1, open(12)), cut(14, awaiting(12, true)));
    const moved = paint(life, { kind: 'move', from: 1, due: 12, shape: awaiting(15, false) });
    expect([13, 14].map((when) => at(moved, when))).toEqual(['open_in_time', 'awaiting_in_time']);
    const other = paint(life, { kind: 'move', from: 1, due: 11, shape: awaiting(15, false) });
    expect(other).toEqual(life);
  });

  test('nothing begins before its life', () => {
    expect(lifeOf(cut(5, open(9)), cut(2, awaiting(9, false)))).toEqual([
      { from: 5, to: null, ...awaiting(9, false) },
    ]);
  });
});

const shape: fc.Arbitrary<SpanShape> = fc.oneof(
  fc.nat(60).map(open),
  fc.constant(open(null)),
  fc.tuple(fc.nat(60), fc.boolean()).map(([due, late]) => awaiting(due, late)),
  fc.boolean().map((late) => ({ class: 'done' as const, dueAt: 5, late })),
  fc.constantFrom('suspended' as const, 'stopped' as const, 'regular' as const).map((name) => ({
    class: name,
    dueAt: null,
    late: null,
  })),
);
const brush: fc.Arbitrary<Brush> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.nat(50), shape).map(([from, drawn]) => cut(from, drawn)) },
  fc
    .tuple(fc.nat(50), fc.nat(20))
    .map(([from, length]) => ({ kind: 'hold' as const, from, to: from + length })),
  fc.tuple(fc.nat(60), shape).map(([due, drawn]) => ({ kind: 'move' as const, from: 0, due, shape: drawn })),
);
const life = fc
  .tuple(shape, fc.array(brush, { maxLength: 8 }))
  .map(([first, more]) => lifeOf(cut(10, first), ...more));

/** The class by adding moves up: null where they cancel to nothing. */
function added(moves: readonly Move[], when: number): Record<string, number> {
  const net: Record<string, number> = {};
  for (const { at: instant, from, to } of moves) {
    if (instant > when) continue;
    if (to !== null) net[to] = (net[to] ?? 0) + 1;
    if (from !== null) net[from] = (net[from] ?? 0) - 1;
  }
  return Object.fromEntries(Object.entries(net).filter(([, n]) => n !== 0));
}

describe('moves', () => {
  test('lives stay whole: no gap, no overlap, one end open', () => {
    fc.assert(
      fc.property(life, (spans) => {
        expect(spans[0]?.from).toBe(10);
        expect(spans.at(-1)?.to).toBeNull();
        for (const [place, span] of spans.entries()) {
          if (place > 0) expect(spans[place - 1]?.to).toBe(span.from);
          if (span.to !== null) expect(span.to).toBeGreaterThan(span.from);
        }
      }),
    );
  });

  test('add up to the class of the life at every instant', () => {
    fc.assert(
      fc.property(life, fc.nat(80), (spans, when) => {
        const name = at(spans, when);
        expect(added(movesOf(spans), when)).toEqual(name === '-' ? {} : { [name]: 1 });
      }),
    );
  });

  test('of the difference make one life of another, whatever was entered in between', () => {
    fc.assert(
      fc.property(life, life, fc.nat(80), (one, other, when) => {
        const moves = [...movesOf(one), ...movesBetween(one, other)];
        expect(added(moves, when)).toEqual(added(movesOf(other), when));
      }),
    );
  });

  test('of an ordinary act are two: what happens, and the deadline that no longer passes', () => {
    const before = lifeOf(cut(1, open(12)));
    expect(movesBetween(before, paint(before, cut(10, awaiting(12, false))))).toEqual([
      { at: 10, from: 'open_in_time', to: 'awaiting_in_time' },
      { at: 13, from: 'open_overdue', to: 'open_in_time' },
    ]);
  });
});
