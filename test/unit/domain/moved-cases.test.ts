import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decide } from '../../../src/domain/assignment/decide.js';
import type { AssignmentEvent } from '../../../src/domain/assignment/events.js';
import { born } from '../../../src/domain/assignment/evolve.js';
import { isLate, isUndecided } from '../../../src/domain/assignment/lateness.js';
import { settlementOf } from '../../../src/domain/assignment/settle.js';
import { isRefusal } from '../../../src/domain/errors.js';
import { type Span, spansOf } from '../../../src/domain/figures/spans.js';
import type { Instant } from '../../../src/domain/instant.js';
import { decideReferral, type ReferralCommand } from '../../../src/domain/referral/decide.js';
import { referralRelations } from '../../../src/domain/referral/table.js';
import { Case, PROPOSED } from './case.js';
import {
  AGENCY,
  at,
  context,
  FACTS,
  fold,
  GIVEN,
  outcome,
  PAPER,
  person,
  Story,
  SUPERVISOR,
} from './story.js';

const text = 'sắp xếp đơn vị';
const MINUTE = 60_000;
const MOVED = at('2026-11-16 09:00');
const LATER = at('2026-11-18 09:00');

/** Moves to these units; the former life with the events that it has now, and its successors. */
function move(story: Story, units: readonly string[], now: Instant): { former: Story; heirs: Story[] } {
  const to = units.map((unitId) => ({ unitId }));
  const command = { action: 'move' as const, input: { to, reason: text } };
  const result = decide(story.state, command, context(now, { actor: AGENCY, document: PAPER }));
  if (isRefusal(result)) throw new Error(result.detail.en);
  story.events.push(...result.events);
  story.state = fold(story.state, result.events, now);
  const heirs = (result.spawned ?? []).map(({ events }) => {
    const [first] = events as readonly AssignmentEvent[];
    if (first?.type !== 'assigned') throw new Error('A successor begins with assigned');
    return new Story(born(first, now));
  });
  return { former: story, heirs };
}

/** An act on a successor, and what it settles for the former lead, as the engine carries it over. */
function judged(heir: Story, former: Story, act: (heir: Story) => void, now: Instant): void {
  const before = heir.state;
  act(heir);
  const settled = settlementOf(before, heir.state);
  if (settled !== null) former.act({ action: 'settle_moved', input: settled }, now, { actor: AGENCY });
}

const raise = { action: 'raise_obstacle' as const, input: { cause: 'data' as const, text } };
const ask = (deadline: string) => ({
  action: 'request_extension' as const,
  input: { deadline, reason: text },
});

function answer(heir: Story, kind: 'obstacle' | 'extension', favourable: boolean, now: Instant): void {
  if (kind === 'obstacle') {
    const id = heir.matter('obstacle');
    heir.agency(
      { action: 'answer_obstacle', input: { id, answer: favourable ? 'accept' : 'refuse', text } },
      now,
    );
    return;
  }
  const id = heir.matter('extension');
  const decision = favourable ? ('grant' as const) : ('refuse' as const);
  heir.agency(
    { action: 'decide_extension', input: { id, decision, deadline: 'trước 31/12/2026', reason: text } },
    now,
  );
}

/** A silent unit that brings one thing forward when its case has been proposed. */
function lateWith(kind: 'obstacle' | 'extension'): Case {
  const one = Case.ofSilence();
  one.story.act(kind === 'obstacle' ? raise : ask('trước 31/12/2026'), PROPOSED + 3_600_000);
  return one;
}

describe('a case whose assignment has moved', () => {
  test('stays about the former unit, with its facts, and goes on by its own clock', () => {
    const one = Case.ofSilence();
    const before = one.state.facts;
    move(one.story, ['north'], MOVED);
    expect(one.until(at('2026-11-23 09:00'))).toEqual(['referred']);
    expect(one.state).toMatchObject({ unitId: 'lead', assignmentId: 'assignment' });
    expect(one.state.facts).toMatchObject({
      unitId: 'lead',
      dueAt: 'dueAt' in before ? before.dueAt : 0,
      late: true,
    });
  });

  test.each(['obstacle', 'extension'] as const)(
    'is held while an %s that went along is undecided, and goes on where it is refused',
    (kind) => {
      const one = lateWith(kind);
      const { former, heirs } = move(one.story, ['north'], MOVED);
      expect(isUndecided(former.state)).toBe(true);
      expect(one.until(at('2026-12-10 09:00'))).toEqual(['held']);
      const [heir] = heirs;
      if (heir === undefined) throw new Error('No successor');
      const now = at('2026-12-10 09:00');
      judged(heir, former, (to) => answer(to, kind, false, now), now);
      expect(isUndecided(former.state)).toBe(false);
      expect(one.until(now)).toEqual(['unheld', 'referred']);
    },
  );

  test.each([
    ['obstacle', at('2026-10-20 09:00')],
    ['extension', at('2026-11-12 09:00')],
  ] as const)('ends where the %s that went along is accepted for the work', (kind, on) => {
    const story = new Story().act({ action: 'acknowledge', input: {} }, GIVEN + 1000);
    story.until(PROPOSED);
    const one = new Case(story);
    // It came on paper, by its arrival; or it is asked for when the unit is late already.
    if (kind === 'obstacle') {
      story.act(raise, MOVED - 1000, { actor: AGENCY, document: PAPER, happenedAt: on });
    } else story.act(ask('trước 31/12/2026'), MOVED - 1000);
    const { former, heirs } = move(story, ['north'], MOVED);
    const [heir] = heirs;
    if (heir === undefined) throw new Error('No successor');
    expect(isLate(former.state, LATER)).toBe(true);
    judged(heir, former, (to) => answer(to, kind, true, LATER), LATER);
    expect(isLate(former.state, LATER)).toBe(false);
    expect(one.until(LATER).at(-1)).toBe('withdrawn');
  });

  test('is held by a result that went along until it is judged, whatever the judgement', () => {
    const one = Case.ofSilence();
    one.story.act({ action: 'submit', input: { text } }, MOVED - 1000);
    const { former, heirs } = move(one.story, ['north'], MOVED);
    expect(one.until(LATER)).toEqual(['held']);
    const [heir] = heirs;
    if (heir === undefined) throw new Error('No successor');
    judged(heir, former, (to) => to.agency({ action: 'confirm', input: {} }, LATER), LATER);
    expect(isUndecided(former.state)).toBe(false);
    expect(one.until(LATER)[0]).toBe('unheld');
  });

  test('waits through a second move for what went along with both', () => {
    const one = lateWith('extension');
    const { former, heirs } = move(one.story, ['north'], MOVED);
    const [first] = heirs;
    if (first === undefined) throw new Error('No successor');
    const again = at('2026-11-17 09:00');
    const before = first.state;
    const { heirs: second } = move(first, ['south'], again);
    // The move itself settles nothing.
    expect(settlementOf(before, first.state)).toBeNull();
    const [heir] = second;
    if (heir === undefined) throw new Error('No successor');
    const middle = first.state;
    judged(heir, first, (to) => answer(to, 'extension', true, LATER), LATER);
    const settled = settlementOf(middle, first.state);
    expect(settled).not.toBeNull();
    if (settled !== null) former.act({ action: 'settle_moved', input: settled }, LATER, { actor: AGENCY });
    expect(isUndecided(former.state)).toBe(false);
    expect(isLate(former.state, LATER)).toBe(false);
  });

  test('of a split is helped by one of the copies, and harmed by the refusal of none', () => {
    const one = lateWith('extension');
    const { former, heirs } = move(one.story, ['north', 'south'], MOVED);
    const [north, south] = heirs;
    if (north === undefined || south === undefined) throw new Error('Two successors');
    judged(north, former, (to) => answer(to, 'extension', false, LATER), LATER);
    expect(isLate(former.state, LATER)).toBe(true);
    judged(south, former, (to) => answer(to, 'extension', true, LATER + 1000), LATER + 1000);
    expect(isLate(former.state, LATER)).toBe(false);
  });

  test('what is stopped or lapses where it went holds no case for ever', () => {
    const one = lateWith('obstacle');
    const { former, heirs } = move(one.story, ['north'], MOVED);
    const [heir] = heirs;
    if (heir === undefined) throw new Error('No successor');
    judged(heir, former, (to) => to.agency({ action: 'stop', input: { reason: text } }, LATER), LATER);
    expect(isUndecided(former.state)).toBe(false);
  });
});

test('what the former lead had brought forward counts for it as it would have without the move', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('obstacle' as const, 'extension' as const),
      fc.boolean(),
      fc.boolean(),
      fc.integer({ min: 1, max: 60_000 }),
      fc.integer({ min: 1, max: 20_000 }),
      fc.integer({ min: 1, max: 20_000 }),
      (kind, favourable, submits, broughtAfter, submittedAfter, movedAfter) => {
        const brought = GIVEN + broughtAfter * MINUTE;
        const handedIn = brought + submittedAfter * MINUTE;
        const moved = handedIn + movedAfter * MINUTE;
        const lived = (): Story => {
          const story = new Story();
          story.until(brought);
          story.act(kind === 'obstacle' ? raise : ask('trước 31/12/2027'), brought);
          story.until(handedIn);
          if (submits) story.act({ action: 'submit', input: { text } }, handedIn);
          story.until(moved);
          return story;
        };
        const stays = lived();
        const grant = (heir: Story): void => {
          const id = heir.matter(kind);
          if (kind === 'obstacle') answer(heir, kind, favourable, moved + 1000);
          else
            heir.agency(
              {
                action: 'decide_extension',
                input: {
                  id,
                  decision: favourable ? 'grant' : 'refuse',
                  deadline: 'trước 31/12/2027',
                  reason: text,
                },
              },
              moved + 1000,
            );
        };
        grant(stays);
        const { former, heirs } = move(lived(), ['north'], moved);
        for (const heir of heirs) judged(heir, former, grant, moved + 1000);
        // Judged at the end of the former life, where the other would have been at the same moment.
        expect(isLate(former.state, moved + 2000)).toBe(isLate(stays.state, moved));
        expect(isUndecided(former.state)).toBe(submits);
        // And it counted then as it would count without the move.
        const given = { event: bornAs(), recordedAt: GIVEN };
        const lifeOf = (story: Story) =>
          spansOf([given, ...story.events.map((event) => ({ event, recordedAt: moved }))]);
        const [one, other] = [lifeOf(former), lifeOf(stays)];
        expect(one.at(-1)).toMatchObject({ class: 'superseded', to: null });
        for (let share = 0; share < 20; share += 1) {
          const instant = GIVEN + ((moved - GIVEN - 1) * share) / 20;
          expect(countedAt(one, instant)).toEqual(countedAt(other, instant));
        }
      },
    ),
    {
      numRuns: 120,
      // Raised on the day of the deadline after hours, handed in a second too late, moved a minute after.
      examples: [['obstacle', true, true, 36_570, 390, 1]],
    },
  );
});

function bornAs(): AssignmentEvent {
  const { seq: _seq, lastRecordedAt: _recorded, ...data } = new Story().state;
  return { type: 'assigned', data };
}

function countedAt(life: readonly Span[], instant: Instant): { class: string; late: boolean } | null {
  const span = life.find(({ from, to }) => from <= instant && (to === null || to > instant));
  if (span === undefined) return null;
  return { class: span.class, late: span.late ?? (span.dueAt !== null && span.dueAt < instant) };
}

describe('who answers a case of a unit that is no more', () => {
  const one = Case.ofSilence();
  const object: ReferralCommand = { action: 'object', input: { text } };
  const judge = (unitId: string, answering: readonly string[], role: 'unit' | 'standing_agency' = 'unit') =>
    outcome(
      decideReferral(one.state, one.ground(context(MOVED)), object, {
        ...context(MOVED, { actor: person(role, unitId) }),
        headId: null,
        answering,
      }),
    );

  test('are the units that lead its work now, and nobody else', () => {
    expect(judge('north', ['north', 'south'])).toBe('allowed');
    expect(judge('north', [])).toBe('not_found');
    expect(judge('east', ['north'])).toBe('not_found');
    // Its own officers, as long as any of them holds a role.
    expect(judge('lead', ['north'])).toBe('allowed');
    const reader = person('home_affairs', 'north');
    expect(referralRelations(reader, one.state, FACTS, { headId: null, answering: ['north'] })).toEqual([]);
  });

  test('of the standing agency’s own inheritance the supervisor decides', () => {
    const objected = Case.ofSilence().act(object, MOVED, { actor: person('unit', 'lead') });
    const standing = { headId: null, answering: ['agency'] };
    const as = (actor: typeof AGENCY, command: ReferralCommand) =>
      outcome(
        decideReferral(objected.state, objected.ground(context(LATER)), command, {
          ...context(LATER, { actor }),
          ...standing,
        }),
      );
    const withdraw: ReferralCommand = { action: 'withdraw', input: { reason: text } };
    expect(as(AGENCY, withdraw)).toBe('own_cause');
    expect(as(SUPERVISOR, { action: 'decide', input: { decision: 'uphold', text } })).toBe('allowed');
  });
});
