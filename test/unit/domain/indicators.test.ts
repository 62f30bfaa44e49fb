import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { withFigure } from '../../../src/domain/assignment/lives.js';
import { addCalendarDays } from '../../../src/domain/civil-date.js';
import {
  compare,
  type Fraction,
  fractionOf,
  minus,
  numberOf,
  over,
  plus,
  times,
} from '../../../src/domain/figures/fraction.js';
import { neededOf, outlookOf, type Target } from '../../../src/domain/figures/outlook.js';
import {
  added,
  NOTHING,
  reaches,
  rolledUp,
  type Share,
  totals,
} from '../../../src/domain/figures/roll-up.js';
import { type Figure, type ReportedFigure, seriesOf } from '../../../src/domain/figures/series.js';
import { warningText, warns } from '../../../src/domain/figures/warning.js';

const FIRST = '2026-01-05';
const day = (n: number): string => addCalendarDays(FIRST, n);
const COUNT: Target = { numerator: 1000, denominator: null };
const RATE: Target = { numerator: 80, denominator: 100 };
const figure = (n: number, numerator: number, denominator: number | null = null): Figure => ({
  numerator,
  denominator,
  asOf: day(n),
});

describe('exact numbers', () => {
  const decimal = fc
    .tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: 0, max: 4 }))
    .map(([value, places]) => value / 10 ** places);

  test('add, multiply and divide without loss', () => {
    expect(numberOf(plus(fractionOf(0.1), fractionOf(0.2)))).toBe(0.3);
    expect(compare(over(fractionOf(1), fractionOf(3)), fractionOf(0.333333333))).toBeGreaterThan(0);
    expect(() => over(fractionOf(1), fractionOf(0))).toThrow(RangeError);
    fc.assert(
      fc.property(decimal, decimal, (one, other) => {
        const [a, b] = [fractionOf(one), fractionOf(other)];
        const same = (x: Fraction, y: Fraction): boolean => compare(x, y) === 0;
        expect(same(minus(plus(a, b), b), a)).toBe(true);
        if (other !== 0) expect(same(times(over(a, b), b), a)).toBe(true);
        expect(numberOf(a)).toBeCloseTo(one, 6);
        expect(Math.sign(compare(a, b))).toBe(Math.sign(one - other));
      }),
    );
  });
});

describe('the series of an indicator', () => {
  const said = (over: Partial<ReportedFigure> & Figure): ReportedFigure => ({
    knownAt: 0,
    reason: null,
    percent: null,
    parts: null,
    ...over,
  });

  test('holds one value a day; a correction keeps both, with since when each was known and why', () => {
    const reported = [
      said({ ...figure(10, 300), knownAt: 1, reason: 'Tháng 1' }),
      said({ ...figure(0, 100), knownAt: 2, reason: 'Nhập muộn' }),
      said({ ...figure(10, 300), knownAt: 3, reason: 'Nhắc lại' }),
      said({ ...figure(10, 250), knownAt: 4, reason: 'Trùng 50 hồ sơ' }),
      said({ ...figure(10, 260), knownAt: 5, reason: 'Bỏ sót 10' }),
    ];
    expect(seriesOf(reported, { asOf: null, knownAt: null })).toMatchObject([
      { asOf: day(0), numerator: 100, restated: false, formerly: [] },
      {
        asOf: day(10),
        numerator: 260,
        knownAt: 5,
        restated: true,
        reason: 'Bỏ sót 10',
        formerly: [
          { numerator: 300, knownAt: 1, until: 4, reason: null },
          { numerator: 250, knownAt: 4, until: 5, reason: 'Trùng 50 hồ sơ' },
        ],
      },
    ]);
    expect(seriesOf(reported, { asOf: null, knownAt: 3 }).map((value) => value.numerator)).toEqual([
      100, 300,
    ]);
    expect(seriesOf(reported, { asOf: day(9), knownAt: null })).toHaveLength(1);
  });

  test('keeps what the same value said besides, and takes parts and percentage that come later', () => {
    const parts = [{ name: null, numerator: 40 }];
    const all = { asOf: null, knownAt: null };
    const repeated = [
      said({ ...figure(0, 40), knownAt: 1, percent: 40, parts }),
      said({ ...figure(0, 40), knownAt: 2 }),
    ];
    expect(seriesOf(repeated, all)).toMatchObject([
      { knownAt: 1, percent: 40, parts, breakdown: { addsUp: true }, restated: false },
    ]);
    const later = [said({ ...figure(0, 40), knownAt: 1 }), said({ ...figure(0, 40), percent: 41, parts })];
    expect(seriesOf(later, all)).toMatchObject([
      { knownAt: 1, percent: 41, parts, breakdown: { addsUp: true }, restated: false },
    ]);
    // Another whole is another figure, under the same number.
    const wider = [said({ ...figure(0, 40), denominator: 50 }), said({ ...figure(0, 40), denominator: 80 })];
    expect(seriesOf(wider, all)).toMatchObject([{ restated: true, formerly: [{ denominator: 50 }] }]);
    expect(seriesOf([said(figure(3, 1))], { asOf: day(3), knownAt: 0 })).toHaveLength(1);
    expect(seriesOf([said(figure(3, 1))], { asOf: day(2), knownAt: null })).toEqual([]);
  });

  test('flags a breakdown whose parts do not make it', () => {
    const parts = [13, 2, 5, 38, 5].map((numerator) => ({ name: null, numerator }));
    const [right] = seriesOf([said({ ...figure(0, 63), parts })], { asOf: null, knownAt: null });
    expect(right?.breakdown).toMatchObject({ addsUp: true, sum: 63 });
    const wrong = seriesOf([said({ ...figure(0, 64), parts })], { asOf: null, knownAt: null });
    expect(wrong[0]?.breakdown).toEqual({ addsUp: false, sum: 63, total: 64, difference: 1 });
  });

  const history = fc
    .array(
      fc.record({
        n: fc.nat(8),
        numerator: fc.nat(20),
        gap: fc.nat(3),
      }),
      { maxLength: 25 },
    )
    .map((all) => {
      let knownAt = 0;
      return all.map(({ n, numerator, gap }) => {
        knownAt += gap;
        return said({ ...figure(n, numerator), knownAt });
      });
    });

  test('what is restated changes what is known from then on, and nothing that was known before', () => {
    fc.assert(
      fc.property(history, fc.nat(8), fc.nat(20), fc.nat(80), (before, n, numerator, earlier) => {
        const last = before.at(-1)?.knownAt ?? 0;
        const restated = said({ ...figure(n, numerator), knownAt: last + 1 });
        const after = [...before, restated];
        const knownAt = Math.min(earlier, last);
        expect(seriesOf(after, { asOf: null, knownAt })).toEqual(seriesOf(before, { asOf: null, knownAt }));
        const now = seriesOf(after, { asOf: null, knownAt: null });
        expect(now.find((value) => value.asOf === day(n))?.numerator).toBe(numerator);
        // Every value that ever stood is still there, in the order in which it stood.
        for (const value of now) {
          const stood = after.filter((one) => one.asOf === value.asOf).map((one) => one.numerator);
          const kept = [...value.formerly.map((one) => one.numerator), value.numerator];
          expect(kept).toEqual(stood.filter((one, index) => one !== stood[index - 1]));
        }
      }),
    );
  });

  test('the state keeps its first and its latest day, whatever is corrected in whatever order', () => {
    fc.assert(
      fc.property(history, (reported) => {
        const kept = reported.reduce<Parameters<typeof withFigure>[0]>(withFigure, { figure: null });
        const series = seriesOf(reported, { asOf: null, knownAt: null });
        const plain = (value: Figure | undefined) =>
          value === undefined
            ? undefined
            : { numerator: value.numerator, denominator: value.denominator, asOf: value.asOf };
        expect(kept.figure ?? undefined).toEqual(plain(series.at(-1)));
        expect(kept.firstFigure).toEqual(plain(series[0]));
      }),
    );
    const before = { figure: figure(3, 5) };
    expect(withFigure(before, null)).toBe(before);
    // A state that was stored before the first day was kept begins with the one it has.
    expect(withFigure(before, figure(9, 7))).toEqual({ figure: figure(9, 7), firstFigure: figure(3, 5) });
  });
});

describe('the outlook', () => {
  const ask = (over: Partial<Parameters<typeof outlookOf>[0]>) =>
    outlookOf({
      target: COUNT,
      first: figure(0, 100),
      latest: figure(20, 300),
      dueOn: day(60),
      ...over,
    });

  test('draws the line through the first and the latest day on to the deadline', () => {
    expect(ask({})).toEqual({
      met: false,
      perDay: 10,
      neededPerDay: 17.5,
      forecast: figure(60, 700),
      misses: true,
      why: null,
    });
    expect(ask({ dueOn: day(90) })).toMatchObject({ forecast: figure(90, 1000), misses: false });
    expect(ask({ dueOn: day(89) })).toMatchObject({ forecast: { numerator: 990 }, misses: true });
  });

  test('compares rates by their own wholes, and needs a share of the latest one', () => {
    const rate = ask({ target: RATE, first: figure(0, 20, 50), latest: figure(20, 45, 90), dueOn: day(60) });
    // From 40 % to 50 % in twenty days: 70 % of 90 forty days later.
    expect(rate).toMatchObject({
      met: false,
      perDay: 0.45,
      forecast: { numerator: 63, denominator: 90 },
      misses: true,
    });
    expect(rate.neededPerDay).toBeCloseTo(0.675, 6);
    // 72 of 90 is 80 %, exactly.
    expect(ask({ target: RATE, latest: figure(20, 72, 90) }).met).toBe(true);
    expect(numberOf(neededOf(RATE, figure(0, 1, 63)) ?? fractionOf(0))).toBe(50.4);
    // Without a whole of its own a figure is of the target's.
    expect(ask({ target: RATE, first: figure(0, 10), latest: figure(20, 20) })).toMatchObject({
      forecast: { numerator: 40, denominator: 100 },
    });
  });

  test('says why nothing is foretold', () => {
    expect(ask({ target: null }).why).toBe('no_target');
    expect(ask({ latest: null }).why).toBe('no_figure');
    expect(ask({ dueOn: null })).toMatchObject({ why: 'no_deadline', perDay: 10, met: false });
    expect(ask({ first: figure(20, 300) })).toMatchObject({ why: 'one_day', neededPerDay: 17.5 });
    expect(ask({ target: { numerator: 5, denominator: 0 } }).why).toBe('no_whole');
    // The deadline is past: what is needed each day is no number.
    expect(ask({ dueOn: day(10) })).toMatchObject({ neededPerDay: null, forecast: { numerator: 300 } });
  });

  test('is exact for whatever grows on a line', () => {
    fc.assert(
      fc.property(
        fc.nat(1_000_000),
        fc.nat(10_000),
        fc.integer({ min: 1, max: 400 }),
        fc.nat(400),
        fc.integer({ min: 1, max: 10_000_000 }),
        (start, perDay, until, left, wanted) => {
          const at = (n: number): number => start + perDay * n;
          const outlook = outlookOf({
            target: { numerator: wanted, denominator: null },
            first: figure(0, at(0)),
            latest: figure(until, at(until)),
            dueOn: day(until + left),
          });
          expect(outlook.perDay).toBe(perDay);
          expect(outlook.forecast?.numerator).toBe(at(until + left));
          expect(outlook.misses).toBe(at(until + left) < wanted);
        },
      ),
    );
  });

  test('warns while the work is the unit’s to do and its deadline ahead', () => {
    const open = { state: 'in_progress', dueAt: 10 } as const;
    const misses = { misses: true };
    expect(warns(open, misses, 10)).toBe(true);
    expect(warns(open, misses, 11)).toBe(false);
    expect(warns(open, { misses: false }, 5)).toBe(false);
    expect(warns(open, { misses: null }, 5)).toBe(false);
    expect(warns({ ...open, dueAt: null }, misses, 5)).toBe(false);
    for (const state of ['submitted', 'confirmed', 'stopped'] as const)
      expect(warns({ ...open, state }, misses, 5)).toBe(false);
  });

  test('is said with everything it rests on', () => {
    const text = warningText(
      ask({ latest: figure(20, 1234.5), target: { numerator: 319_284, denominator: null } }),
      { numerator: 319_284, denominator: null },
    );
    expect(text).toEqual({
      vi: 'Theo tiến độ từ báo cáo đầu đến báo cáo gần nhất (56,73 mỗi ngày), đến 06/03/2026 dự báo đạt 3.503,5/319.284, chưa đạt chỉ tiêu. Cần 7.951,24 mỗi ngày.',
      en: 'At the pace between the first and the latest report (56.73 a day) it will be 3,503.5/319,284 on 2026-03-06, short of the target. It takes 7,951.24 a day.',
    });
    const rate = ask({ target: RATE, first: figure(0, 20, 50), latest: figure(20, 45, 90) });
    expect(warningText(rate, RATE)?.en).toContain('63/90 on 2026-03-06, short of the target (80/100)');
    expect(warningText(ask({ latest: null }), COUNT)).toBeNull();
  });
});

describe('the roll-up of a task', () => {
  const share = fc.record({
    unitId: fc.uuid(),
    target: fc.constantFrom(COUNT, { numerator: 7, denominator: null }),
    figure: fc.option(
      fc
        .record({
          n: fc.nat(50),
          numerator: fc.nat(1000),
          whole: fc.option(fc.integer({ min: 1, max: 500 })),
        })
        .map(({ n, numerator, whole }) => figure(n, numerator, whole)),
    ),
  });
  const rates = share.map((one): Share => ({ ...one, target: RATE }));

  test('adds up to the same in whatever parts it is added', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.array(share), fc.array(rates)),
        fc.array(fc.nat(4)),
        (shares: readonly Share[], places) => {
          const parts = new Map<number, Share[]>();
          for (const [index, one] of shares.entries()) {
            const place = places[index] ?? 0;
            parts.set(place, [...(parts.get(place) ?? []), one]);
          }
          const whole = rolledUp(shares);
          const summed = [...parts.values()].map(rolledUp).reduce(added, NOTHING);
          expect({ ...summed, ...totals(summed) }).toEqual({ ...whole, ...totals(whole) });
        },
      ),
    );
  });

  test('divides the sum of numerators by the sum of wholes, and is no mean of rates', () => {
    const sum = rolledUp([
      { unitId: 'a', target: RATE, figure: figure(0, 9, 10) },
      { unitId: 'b', target: RATE, figure: figure(3, 30, 90) },
    ]);
    expect(totals(sum)).toEqual({ numerator: 39, denominator: 100, needed: 80 });
    expect(sum).toMatchObject({ units: 2, oldest: day(0), newest: day(3), missing: [] });
    expect(reaches(sum)).toBe(false);
  });

  test('names who is missing, and whose rate came without its whole, and does not guess for them', () => {
    const sum = rolledUp([
      { unitId: 'c', target: RATE, figure: null },
      { unitId: 'b', target: RATE, figure: figure(0, 85) },
      { unitId: 'a', target: RATE, figure: figure(0, 9, 10) },
    ]);
    expect(sum).toMatchObject({ missing: ['c'], withoutWhole: ['b'] });
    expect(totals(sum)).toEqual({ numerator: 9, denominator: 10, needed: 8 });
    expect(reaches(sum)).toBeNull();
    const counts = rolledUp([
      { unitId: 'a', target: COUNT, figure: figure(0, 1200) },
      { unitId: 'b', target: COUNT, figure: figure(0, 800, 900) },
    ]);
    expect(totals(counts)).toEqual({ numerator: 2000, denominator: null, needed: 2000 });
    expect(reaches(counts)).toBe(true);
    expect(reaches(rolledUp([{ unitId: 'a', target: null, figure: figure(0, 5) }]))).toBeNull();
    expect(reaches(NOTHING)).toBeNull();
  });
});
