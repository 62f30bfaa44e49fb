import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AssignmentCommand } from '../../../src/domain/assignment/commands.js';
import { decide } from '../../../src/domain/assignment/decide.js';
import type { AssignmentEvent } from '../../../src/domain/assignment/events.js';
import { born } from '../../../src/domain/assignment/evolve.js';
import { isLate } from '../../../src/domain/assignment/lateness.js';
import type { Assignment } from '../../../src/domain/assignment/state.js';
import { isRefusal, type Refusal } from '../../../src/domain/errors.js';
import { HOUR, type Instant } from '../../../src/domain/instant.js';
import { AGENCY, assignment, at, context, DUE, fold, GIVEN, Story, stepsIn } from './story.js';

const text = 'sắp xếp đơn vị';
const NOW = at('2026-10-12 09:00');
type Moving = Extract<AssignmentCommand, { action: 'move' }>['input'];

interface Moved {
  readonly former: readonly Assignment[];
  readonly next: readonly Assignment[];
}

/** All sources moved in one act, as the engine does it: each is superseded, the first brings the successors. */
function moved(sources: readonly Assignment[], input: Omit<Moving, 'reason'>, now = NOW): Moved | Refusal {
  const successorIds = input.to.map((_, index) => `successor-${index}`);
  const former: Assignment[] = [];
  const next: Assignment[] = [];
  for (const source of sources) {
    const command = {
      action: 'move' as const,
      input: { ...input, reason: text, together: { sources, successorIds } },
    };
    const result = decide(source, command, context(now, { actor: AGENCY }));
    if (isRefusal(result)) return result;
    former.push(fold(source, result.events, now));
    for (const { events } of result.spawned ?? []) next.push(...bornOf(events as AssignmentEvent[], now));
  }
  return { former, next };
}

function bornOf([first]: readonly AssignmentEvent[], now: Instant): Assignment[] {
  return first?.type === 'assigned' ? [born(first, now)] : [];
}

function must(result: Moved | Refusal): Moved {
  if (isRefusal(result)) throw new Error(`${result.code}: ${result.detail.en}`);
  return result;
}

const indicator = (numerator: number | null, denominator: number | null = null): Assignment['result'] => ({
  kind: 'indicator',
  name: 'Số hồ sơ',
  numerator,
  denominator,
  atLeast: true,
});
const share = (unitId: string, numerator: number, denominator?: number) => ({
  unitId,
  target: { numerator, denominator },
});
const codeOf = (result: Moved | Refusal): string => (isRefusal(result) ? result.code : 'allowed');

describe('a target that is divided', () => {
  test('sums to what was owed, or is stated apart', () => {
    const source = assignment({ result: indicator(1000, 2000) });
    const split = must(moved([source], { to: [share('north', 400, 800), share('south', 600, 1200)] }));
    expect(split.next.map(({ unitId, result }) => [unitId, result])).toEqual([
      ['north', indicator(400, 800)],
      ['south', indicator(600, 1200)],
    ]);
    expect(split.former[0]).toMatchObject({
      state: 'superseded',
      supersededBy: ['successor-0', 'successor-1'],
    });
    const wrong = { to: [share('north', 400, 800), share('south', 500, 1200)] };
    expect(codeOf(moved([source], wrong))).toBe('targets_do_not_sum');
    expect(codeOf(moved([source], { to: [share('north', 400, 800), share('south', 600, 900)] }))).toBe(
      'targets_do_not_sum',
    );
    expect(codeOf(moved([source], { ...wrong, targetsApart: true }))).toBe('allowed');
    expect(codeOf(moved([source], { to: [share('north', 1000, 2000), { unitId: 'south' }] }))).toBe(
      'targets_do_not_sum',
    );
    expect(codeOf(moved([assignment()], { to: [share('north', 1)] }))).toBe('targets_do_not_sum');
  });

  test('of several that are merged is their sum', () => {
    const sources = [
      assignment({ id: 'a', unitId: 'north', result: indicator(0.1) }),
      assignment({ id: 'b', unitId: 'south', result: indicator(0.2) }),
    ];
    const { next, former } = must(moved(sources, { to: [{ unitId: 'whole' }] }));
    expect(next).toHaveLength(1);
    expect(next[0]).toMatchObject({ predecessorId: 'a', predecessorIds: ['a', 'b'] });
    expect(next[0]?.result).toMatchObject({ numerator: expect.closeTo(0.3, 9) });
    expect(former.map(({ state }) => state)).toEqual(['superseded', 'superseded']);
    expect(codeOf(moved(sources, { to: [share('whole', 0.3)] }))).toBe('allowed');
  });

  test('n to m keeps the sum, whatever the shares', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 10_000 }), { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat({ max: 10_000 }), { minLength: 1, maxLength: 4 }),
        (owed, parts) => {
          const sources = owed.map((n, i) =>
            assignment({ id: `s${i}`, unitId: `u${i}`, result: indicator(n) }),
          );
          const result = moved(sources, { to: parts.map((n, i) => share(`t${i}`, n)) });
          const total = (some: readonly number[]): number => some.reduce((sum, n) => sum + n, 0);
          expect(codeOf(result)).toBe(total(owed) === total(parts) ? 'allowed' : 'targets_do_not_sum');
        },
      ),
    );
  });
});

describe('what goes along', () => {
  test('is the result that waits, with its evidence and its clock, judged as it was', () => {
    const story = new Story().act({ action: 'submit', input: { text, evidence: ['f1'] } }, NOW);
    const [next] = must(moved([story.state], { to: [{ unitId: 'other' }] }, NOW + 1000)).next;
    expect(next).toMatchObject({ state: 'submitted', dueAt: DUE, submission: story.state.submission });
  });

  test('is the time to mend, with where it began', () => {
    const story = new Story()
      .act({ action: 'submit', input: { text, evidence: [] } }, DUE - HOUR)
      .agency({ action: 'return', input: { reason: 'Thiếu phụ lục' } }, DUE - HOUR / 2);
    const { mendSince, dueAt } = story.state;
    expect(mendSince).toBe(DUE - HOUR / 2);
    expect(dueAt).toBeGreaterThan(DUE);
    const [next] = must(moved([story.state], { to: [{ unitId: 'other' }] }, DUE)).next;
    expect(next).toMatchObject({ mendSince, dueAt });
  });

  test('is every pending matter but a stated cause and a contest; the former lead’s are marked as moved', () => {
    const story = new Story()
      .act({ action: 'request_extension', input: { deadline: 'trước ngày 20/11/2026', reason: text } }, NOW)
      .act({ action: 'raise_obstacle', input: { cause: 'data', holderUnitId: 'holder', text } }, NOW)
      .act(
        { action: 'ask_contribution', input: { unitId: 'asked', deadline: 'trước ngày 20/10/2026', text } },
        NOW,
      )
      .agency({ action: 'request_explanation', input: { deadline: 'trước ngày 20/10/2026', text } }, NOW);
    const { former, next } = must(moved([story.state], { to: [{ unitId: 'other' }] }, NOW + 1000));
    expect(next[0]?.matters.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      'extension requested',
      'obstacle raised',
      'contribution asked',
      'explanation asked',
    ]);
    expect(next[0]?.matters.map(({ movedFrom }) => movedFrom)).toEqual(
      story.state.matters.map(({ id }) => id),
    );
    expect(former[0]?.matters.map(({ state }) => state)).toEqual(['moved', 'moved', 'moved', 'moved']);
    // A contribution that the successor itself was asked for is its own work now.
    const [asked] = must(moved([story.state], { to: [{ unitId: 'asked' }] }, NOW + 1000)).next;
    expect(asked?.matters.map(({ kind }) => kind)).toEqual(['extension', 'obstacle', 'explanation']);
  });

  test('is a clock that stands still: the obstacle goes on holding it, and the time is added when it is resolved', () => {
    const story = new Story().act({ action: 'raise_obstacle', input: { cause: 'data', text } }, NOW);
    story.agency(
      { action: 'answer_obstacle', input: { id: story.matter('obstacle'), answer: 'accept', text } },
      NOW,
    );
    const [next] = must(moved([story.state], { to: [{ unitId: 'other' }] }, at('2026-10-14 09:00'))).next;
    if (next === undefined) throw new Error('No successor');
    expect(next.pauses).toEqual([{ kind: 'obstacle', from: NOW, to: null, matterId: next.matters[0]?.id }]);
    const after = new Story(next);
    const resolve = { id: next.matters[0]?.id ?? '', answer: 'resolve' as const, text };
    after.agency({ action: 'answer_obstacle', input: resolve }, at('2026-10-19 09:00'));
    expect(after.state.dueAt).toBe(at('2026-11-06 17:30'));
  });

  test('is not divided in a merger: what waits in one part and not in the other is settled first', () => {
    const waits = new Story({ id: 'a', unitId: 'lead' }).act(
      { action: 'submit', input: { text } },
      NOW,
    ).state;
    const works = assignment({ id: 'b', unitId: 'south' });
    expect(codeOf(moved([waits, works], { to: [{ unitId: 'other' }] }, NOW + 1000))).toBe(
      'transition_not_allowed',
    );
    expect(
      codeOf(moved([works, assignment({ id: 'c', taskId: 'another' })], { to: [{ unitId: 'other' }] })),
    ).toBe('transition_not_allowed');
  });
});

describe('lateness', () => {
  test('stays with the former lead; its successor has ten working days and a ladder of its own', () => {
    const story = new Story();
    story.until(at('2026-11-06 17:30'));
    const now = at('2026-11-09 09:00');
    const { former, next } = must(moved([story.state], { to: [{ unitId: 'other' }] }, now));
    expect(former[0] !== undefined && isLate(former[0], at('2027-01-01 09:00'))).toBe(true);
    expect(next[0]).toMatchObject({ cycle: 2, dueAt: at('2026-11-23 17:30'), firstDeadlineAt: DUE });
    expect(next[0] !== undefined && isLate(next[0], now)).toBe(false);
  });

  test('is not washed away by giving the unit its own work anew', () => {
    const late = at('2026-11-09 09:00');
    const to = [{ unitId: 'lead' }, { unitId: 'other' }];
    expect(codeOf(moved([assignment()], { to }, late))).toBe('reference_unknown');
    expect(codeOf(moved([assignment()], { to }, NOW))).toBe('allowed');
    expect(codeOf(moved([assignment()], { to: [{ unitId: 'lead' }] }, NOW))).toBe('reference_unknown');
  });

  test('comes by no move, and no step is taken twice, whatever happened before and whenever it is moved', () => {
    const minute = 60_000;
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('submit', 'obstacle', 'suspend', 'extension', 'ladder'), { maxLength: 4 }),
        fc.array(fc.integer({ min: 1, max: 12_000 }), { minLength: 5, maxLength: 5 }),
        fc.integer({ min: 1, max: 3 }),
        (acts, gaps, successors) => {
          const story = new Story();
          let now = GIVEN;
          acts.forEach((act, index) => {
            now += (gaps[index] ?? 1) * minute;
            story.until(now);
            live(story, act, now);
          });
          now += (gaps[4] ?? 1) * minute;
          story.until(now);
          const to = Array.from({ length: successors }, (_, index) => ({ unitId: `new-${index}` }));
          const { next } = must(moved([story.state], { to }, now));
          const before = stepsIn(story.events);
          for (const successor of next) {
            expect(isLate(successor, now)).toBe(false);
            const heir = new Story(successor);
            const after = heir.until(now + 90 * 1440 * minute).filter((step) => step !== 'acknowledgement');
            expect(new Set(after).size).toBe(after.length);
            if (successor.cycle === story.state.cycle) {
              expect(after.filter((step) => before.includes(step))).toEqual([]);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** One act of the former life, where the state allows it. */
function live(story: Story, act: string, now: Instant): void {
  if (act === 'submit') story.try({ action: 'submit', input: { text } }, now);
  if (act === 'suspend')
    story.try({ action: 'suspend', input: { reason: text } }, now, {
      actor: AGENCY,
      document: { number: '1', date: '2026-10-05' },
    });
  if (act === 'extension')
    story.try({ action: 'request_extension', input: { deadline: 'within 90 days', reason: text } }, now);
  if (act === 'obstacle') {
    story.try({ action: 'raise_obstacle', input: { cause: 'data', text } }, now);
    const answer = { id: story.matter('obstacle'), answer: 'accept' as const, text };
    story.try({ action: 'answer_obstacle', input: answer }, now, { actor: AGENCY });
  }
}
