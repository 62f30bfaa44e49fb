import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SYSTEM } from '../../../src/domain/actor.js';
import type { Instant } from '../../../src/domain/instant.js';
import type { LapseGround } from '../../../src/domain/report/lapse.js';
import { groundsOf } from '../../../src/domain/report/lapse.js';
import { evolveRegime, type Regime, type RegimeEvent } from '../../../src/domain/report/regime.js';
import { type LapseReason, latenessOf, stateAt, stretchesOf } from '../../../src/domain/report/state.js';
import { DUE_AT, Owing, WINDOW } from './owing.js';
import { AGENCY, at } from './story.js';

const CLOSED = at('2026-10-15 09:00');
const HOUR = 3_600_000;
const END = at('2026-12-01 00:00');
const REASONS: readonly LapseReason[] = [
  'regime_ended',
  'request_ended',
  'directive_withdrawn',
  'directive_closed',
  'unit_abolished',
];
/** What leaves closed figures expected. */
const KEEPS_CLOSED: readonly LapseReason[] = ['regime_ended', 'directive_closed'];
const ground = (reason: LapseReason, since: Instant): LapseGround => ({ reason, since });
const look = (owing: Owing, now: Instant, ...grounds: LapseGround[]): Owing =>
  owing.act({ action: 'lapse' }, now, { actor: SYSTEM, grounds });

describe('a ground to owe nothing', () => {
  test.each(REASONS)('%s takes what it takes, and keeps what had fallen due', (reason) => {
    const [running, closed, missing] = [at('2026-10-01 09:00'), CLOSED, DUE_AT + HOUR];
    const state = (since: Instant): string => {
      const owing = new Owing().until(since);
      return look(owing, since, ground(reason, since)).at(END);
    };
    expect(state(running)).toBe('lapsed');
    expect(state(closed)).toBe(KEEPS_CLOSED.includes(reason) ? 'missing' : 'lapsed');
    expect(state(missing)).toBe('missing');
  });

  test('that lies in the future takes nothing yet', () => {
    const owing = new Owing().until(CLOSED, { grounds: [ground('unit_abolished', CLOSED + 1)] });
    expect(owing.state.settled).toBeNull();
    owing.pass(CLOSED + 1, { grounds: [ground('unit_abolished', CLOSED + 1)] });
    expect(owing.state.settled).toEqual({ state: 'lapsed', at: CLOSED + 1, reason: 'unit_abolished' });
  });

  test('leaves a report that came in time, and frees of one that came late behind it', () => {
    const since = at('2026-10-01 09:00');
    const inTime = look(new Owing().submit(CLOSED), DUE_AT + HOUR, ground('unit_abolished', since));
    expect(inTime.at(END)).toBe('received_on_time');
    const late = look(new Owing().submit(DUE_AT + HOUR), DUE_AT + 2 * HOUR, ground('unit_abolished', since));
    expect([late.at(END), latenessOf(late.state)]).toEqual(['lapsed', null]);
  });

  test('finds a report that was returned after it arose, and was owed again by nobody', () => {
    const owing = new Owing().submit(at('2026-10-10 09:00'));
    owing.act({ action: 'return', input: { reason: 'x', formOnly: false } }, CLOSED, { actor: AGENCY });
    look(owing, DUE_AT + 100 * HOUR, ground('unit_abolished', at('2026-10-12 00:00')));
    expect([owing.at(CLOSED - 1), owing.at(CLOSED)]).toEqual(['received_on_time', 'lapsed']);
  });

  test('of several the earliest counts, and an excuse is not undone', () => {
    const two = [ground('directive_withdrawn', CLOSED + 5), ground('unit_abolished', CLOSED)];
    expect(look(new Owing(), CLOSED + 10, ...two).state.settled).toMatchObject({
      at: CLOSED,
      reason: 'unit_abolished',
    });
    const paper = { actor: AGENCY, document: { number: '1/TB', date: '2026-10-10' } };
    const excused = new Owing().act({ action: 'excuse', input: { reason: 'x' } }, CLOSED, paper);
    expect(look(excused, CLOSED + 10, ...two).at(END)).toBe('excused');
  });

  test('ends the urging of what stays missing, where nothing or nobody is left; closing does not', () => {
    const since = DUE_AT + HOUR;
    const steps = (reason: LapseReason): string[] => {
      const owing = new Owing().until(since);
      look(owing, since, ground(reason, since)).until(END, { grounds: [ground(reason, since)] });
      expect(owing.at(END)).toBe('missing');
      return owing.state.taken.map(({ step }) => step).filter((step) => !step.startsWith('remind'));
    };
    expect(steps('directive_withdrawn')).toEqual(['judge']);
    expect(steps('unit_abolished')).toEqual(['judge']);
    expect(steps('directive_closed')).toEqual(['judge', 'urge', 'urging-letter', 'supervisor']);
  });
});

describe('whoever comes first', () => {
  const instant = fc.integer({ min: WINDOW.opensAt, max: END - 1 });
  /** The clock passes, the ground is recorded, at its instant or later; and perhaps a report comes. */
  const life = fc.record({
    reason: fc.constantFrom(...REASONS),
    since: instant,
    delay: fc.integer({ min: 0, max: 30 * 24 * HOUR }),
    passes: fc.array(instant, { maxLength: 6 }),
    came: fc.option(instant),
  });

  test('what is owed in the end depends on instants only', () => {
    fc.assert(
      fc.property(life, ({ reason, since, delay, passes, came }) => {
        const one = ground(reason, since);
        const recorded = since + delay;
        const acts: { at: Instant; do: (owing: Owing) => void }[] = [
          ...passes.map((now) => ({
            at: now,
            do: (owing: Owing) => owing.pass(now, { grounds: now >= recorded ? [one] : [] }),
          })),
          { at: recorded, do: (owing: Owing) => look(owing, recorded, one) },
          ...(came === null
            ? []
            : [{ at: came, do: (owing: Owing) => owing.state.settled === null && owing.submit(came) }]),
        ];
        const owing = new Owing();
        for (const act of acts.sort((x, y) => x.at - y.at)) act.do(owing);
        const end = Math.max(END, recorded) + HOUR;
        owing.until(end, { grounds: [one] });
        // A report that comes after the ground was written down is not expected any more, and is not sent.
        const arrived = came !== null && (came < recorded || owing.state.received.length > 0) ? came : null;
        const upTo = KEEPS_CLOSED.includes(reason) ? WINDOW.closesAt : DUE_AT;
        const expected =
          arrived !== null && arrived <= DUE_AT
            ? 'received_on_time'
            : since <= upTo
              ? 'lapsed'
              : arrived === null
                ? 'missing'
                : 'received_late';
        expect(stateAt(owing.state, end)).toBe(expected);
        expect(latenessOf(owing.state)).toBe(
          expected === 'lapsed' ? null : expected === 'missing' || expected === 'received_late',
        );
        // Nothing that was taken behind the ground stands.
        if (expected === 'lapsed') {
          const { at: from = 0 } = owing.state.settled ?? {};
          expect(owing.state.taken.filter(({ voided, plannedAt }) => !voided && plannedAt > from)).toEqual(
            [],
          );
        }
      }),
      { numRuns: 400 },
    );
  });

  test('the stretches of a life say for every instant what the state is', () => {
    fc.assert(
      fc.property(life, fc.array(instant, { minLength: 1, maxLength: 20 }), (one, asked) => {
        const owing = new Owing();
        if (one.came !== null) {
          owing.submit(one.came);
          if (one.passes.length % 2 === 1) {
            const back = { action: 'return' as const, input: { reason: 'x', formOnly: one.delay % 2 === 0 } };
            owing.act(back, one.came + one.delay, { actor: AGENCY });
          }
        }
        look(owing, one.since + one.delay, ground(one.reason, one.since));
        const stretches = stretchesOf(owing.state);
        expect(stretches[0]?.from).toBe(WINDOW.opensAt);
        for (const [index, { state, from }] of stretches.entries()) {
          expect(stateAt(owing.state, from)).toBe(state);
          expect(index === 0 || (stretches[index - 1]?.from ?? 0) < from).toBe(true);
          expect(stretches[index - 1]?.state).not.toBe(state);
        }
        for (const now of asked) {
          expect(stretches.findLast(({ from }) => from <= now)?.state).toBe(stateAt(owing.state, now));
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a regime', () => {
  const created = (kind: 'periodic' | 'ad_hoc'): RegimeEvent => ({
    type: 'created',
    data: {
      id: 'regime',
      workingGroupId: 'g',
      standingAgencyId: 'agency',
      homeAffairsId: 'affairs',
      state: 'active',
      versions: [
        // The schedule is all that is asked here.
        { version: 1, definition: { schedule: { kind }, directiveIds: ['d'] } },
      ] as unknown as Regime['versions'],
      calendar: { id: 'c', version: 1 },
      opened: null,
      createdAt: 0,
      endedAt: null,
    },
  });
  const fold = (...events: RegimeEvent[]): Regime => {
    const [first, ...others] = events;
    if (first === undefined) throw new Error('no events');
    return others.reduce((r, event) => evolveRegime(r, event, 1), evolveRegime(null, first, 0));
  };
  const ended = (by: 'decision' | 'done'): RegimeEvent => ({ type: 'ended', data: { at: 7, by } });

  test('that ends by decision is a ground, an ad hoc request taken back a stronger one, and one that is through none', () => {
    expect(groundsOf(fold(created('periodic'), ended('decision')), 1)).toEqual([ground('regime_ended', 7)]);
    expect(groundsOf(fold(created('ad_hoc'), ended('decision')), 1)).toEqual([ground('request_ended', 7)]);
    expect(groundsOf(fold(created('ad_hoc'), ended('done')), 1)).toEqual([]);
  });

  test('is a ground for the versions whose last directive ended, until one of those is opened again', () => {
    const rests: RegimeEvent = {
      type: 'uncovered',
      data: { at: 5, directiveId: 'd', versions: [1], reason: 'directive_closed' },
    };
    const over: RegimeEvent = { type: 'ended', data: { at: 5, by: 'closed' } };
    const again: RegimeEvent = {
      type: 'covered',
      data: { at: 9, directiveId: 'd', versions: [1], resumedOn: '2026-10-20' },
    };
    const resting = fold(created('periodic'), rests, over);
    expect([groundsOf(resting, 1), groundsOf(resting, 2)]).toEqual([[ground('directive_closed', 5)], []]);
    const going = evolveRegime(resting, again, 10);
    expect([going.state, going.endedAt, going.endedBy, groundsOf(going, 1)]).toEqual([
      'active',
      null,
      undefined,
      [],
    ]);
  });
});
