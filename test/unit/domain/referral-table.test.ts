import { describe, expect, test } from '@jest/globals';
import type { Actor } from '../../../src/domain/actor.js';
import { addDuration } from '../../../src/domain/duration.js';
import { isRefusal } from '../../../src/domain/errors.js';
import { DAY } from '../../../src/domain/instant.js';
import { decideReferral, type ReferralCommand } from '../../../src/domain/referral/decide.js';
import { evolveReferral } from '../../../src/domain/referral/evolve.js';
import { dayOfFact } from '../../../src/domain/referral/facts.js';
import type { CaseGround } from '../../../src/domain/referral/ground.js';
import type { Referral, ReferralStateName } from '../../../src/domain/referral/state.js';
import { nextReferralStep } from '../../../src/domain/referral/steps.js';
import {
  allowedReferralActions,
  permitsReferral,
  REFERRAL_ACTIONS,
  type ReferralAction,
} from '../../../src/domain/referral/table.js';
import { Case, PROPOSED, WINDOW_ENDS } from './case.js';
import { AGENCY, context, FACTS, LEAD, outcome, PAPER, person, SUPERVISOR } from './story.js';

const text = 'vì sao';
const AFFAIRS = person('home_affairs', 'affairs');
const object = { action: 'object', input: { text } } as const;
const opinion = { action: 'give_opinion', input: { text } } as const;
const reject = { action: 'decide', input: { decision: 'reject', text } } as const;
const release = { action: 'release', input: {} } as const;
const NEXT = PROPOSED + 3 * DAY;

describe('in their own cause', () => {
  test('the standing agency decides nothing about its own case: the supervisor does, without its opinion', () => {
    const own = Case.ofSilence({ unitId: 'agency' });
    expect(own.state.unitId).toBe('agency');
    const withdraw = { action: 'withdraw', input: { reason: text } } as const;
    expect(own.try(withdraw, NEXT, { actor: AGENCY })?.code).toBe('own_cause');
    own.act(object, NEXT, { actor: person('unit', 'agency') });
    expect(own.try(opinion, NEXT, { actor: AGENCY })?.code).toBe('own_cause');
    expect(own.try(reject, NEXT, { actor: SUPERVISOR })).toBeNull();
    own.until(NEXT);
    own.act({ action: 'request_supplement', input: { text } }, NEXT, { actor: AFFAIRS });
    const supplement = { action: 'supplement', input: { text } } as const;
    expect(own.try(supplement, NEXT, { actor: AGENCY })?.code).toBe('own_cause');
    expect(own.try(supplement, NEXT, { actor: SUPERVISOR })).toBeNull();
  });

  test('a case of Home Affairs itself is the head’s of the Working Group', () => {
    const own = Case.ofSilence({ unitId: 'affairs' });
    own.until(WINDOW_ENDS);
    const acknowledge = { action: 'acknowledge', input: {} } as const;
    expect(own.try(acknowledge, WINDOW_ENDS, { actor: AFFAIRS })?.code).toBe('own_cause');
    expect(own.try(acknowledge, WINDOW_ENDS, { actor: SUPERVISOR })).toBeNull();
    expect(
      own.try({ action: 'record_outcome', input: { outcome: 'x' } }, WINDOW_ENDS, { actor: SUPERVISOR }),
    ).toBeNull();
    const other = Case.ofSilence();
    other.until(WINDOW_ENDS);
    expect(other.try(acknowledge, WINDOW_ENDS, { actor: SUPERVISOR })?.code).toBe('forbidden');
  });
});

describe('the table of cases', () => {
  const BEFORE_OUTCOME =
    'proposed objected rejected awaiting_release referred returned_for_supplement acknowledged';
  /** Design §2 by hand: from, by whom (`U` the unit, `S` standing agency, `V` supervisor, `H` Home Affairs). */
  const BY_HAND: Readonly<Record<ReferralAction, readonly [from: string, by: string]>> = {
    object: ['proposed', 'US'],
    give_opinion: ['objected', 'S'],
    decide: ['objected', 'V'],
    release: ['awaiting_release', 'SV'],
    withdraw: [BEFORE_OUTCOME, 'SV'],
    request_supplement: ['referred', 'H'],
    supplement: ['returned_for_supplement', 'S'],
    acknowledge: ['referred', 'H'],
    record_outcome: ['acknowledged', 'H'],
    correct_facts: ['referred returned_for_supplement acknowledged outcome_recorded corrected', 'S'],
    correct_outcome: ['outcome_recorded corrected', 'H'],
  };
  const STATES: readonly ReferralStateName[] = [
    ...([
      'proposed',
      'objected',
      'rejected',
      'awaiting_release',
      'referred',
      'returned_for_supplement',
    ] as const),
    ...(['acknowledged', 'outcome_recorded', 'corrected', 'upheld', 'withdrawn', 'lapsed'] as const),
  ];
  const ACTORS: Readonly<Record<string, Actor>> = { U: LEAD, S: AGENCY, V: SUPERVISOR, H: AFFAIRS };
  const COMMANDS: { readonly [A in ReferralAction]: Extract<ReferralCommand, { action: A }> } = {
    object,
    give_opinion: opinion,
    decide: reject,
    release,
    withdraw: { action: 'withdraw', input: { reason: text } },
    request_supplement: { action: 'request_supplement', input: { text } },
    supplement: { action: 'supplement', input: { text } },
    acknowledge: { action: 'acknowledge', input: {} },
    record_outcome: { action: 'record_outcome', input: { outcome: 'x' } },
    correct_facts: { action: 'correct_facts', input: { reason: text } },
    correct_outcome: { action: 'correct_outcome', input: { outcome: 'x', reason: text } },
  };
  const seen = Case.ofSilence();
  /** The ground as it is after something was corrected. */
  const otherwise: CaseGround = {
    ...seen.ground(context(NEXT)),
    facts: (asOf) => ({ ...seen.state.facts, asOf, late: false }),
  };
  const inState = (state: ReferralStateName): Referral => ({
    ...seen.state,
    state,
    referredAt: NEXT,
    opinionGiven: true,
  });

  test.each(REFERRAL_ACTIONS)(
    '%s is judged as the design says, and offered where it is allowed',
    (action) => {
      const [from, by] = BY_HAND[action];
      const wrong: string[] = [];
      for (const state of STATES) {
        for (const [letter, actor] of Object.entries(ACTORS)) {
          const result = decideReferral(
            inState(state),
            action === 'correct_facts' ? otherwise : seen.ground(context(NEXT)),
            COMMANDS[action],
            context(NEXT, { actor, document: PAPER, happenedAt: NEXT - 1 }),
          );
          // What came on paper in time is recorded also later.
          const late =
            action === 'object' && letter === 'S'
              ? ['awaiting_release', 'referred', 'returned_for_supplement', 'acknowledged']
              : [];
          const expected = !by.includes(letter)
            ? 'forbidden'
            : [...from.split(' '), ...late].includes(state)
              ? 'allowed'
              : 'transition_not_allowed';
          if (outcome(result) !== expected)
            wrong.push(`${letter} when ${state}: ${outcome(result)}, not ${expected}`);
          const offered = allowedReferralActions(actor, inState(state), FACTS, { headId: null }).find(
            (each) => each.action === action,
          );
          if (offered?.allowed !== (expected === 'allowed'))
            wrong.push(`${letter} when ${state}: offered ${offered?.allowed}`);
        }
      }
      expect(wrong).toEqual([]);
    },
  );

  test.each(REFERRAL_ACTIONS)('%s is unknown to strangers', (action) => {
    for (const actor of [
      person('unit', 'other'),
      person('administrator'),
      person('unit', 'lead', 'another'),
      person('home_affairs', 'affairs', 'another'),
    ]) {
      const result = decideReferral(
        inState('referred'),
        seen.ground(context(NEXT)),
        COMMANDS[action],
        context(NEXT, { actor, document: PAPER, happenedAt: NEXT - 1 }),
      );
      expect(outcome(result)).toBe('not_found');
    }
  });

  test('who was head on the day of the fact objects, whatever their unit is today; nobody else of that unit', () => {
    const headId = 'person-of-that-day';
    const head = { ...person('unit', 'elsewhere'), personId: headId };
    const one = Case.ofSilence();
    expect(one.try(object, NEXT, { actor: head })?.code).toBe('not_found');
    const stranger = { ...head, personId: 'somebody-else' };
    const judge = (actor: Actor) =>
      outcome(
        decideReferral(one.state, one.ground(context(NEXT)), object, { ...context(NEXT, { actor }), headId }),
      );
    expect([judge(head), judge(stranger)]).toEqual(['allowed', 'not_found']);
    expect(dayOfFact(one.state)).toBe(one.story.state.dueAt);
  });

  test('a paper objects by its arrival; the supervisor’s time counts from its recording', () => {
    const recorded = WINDOW_ENDS + 2 * DAY;
    const paper = (happenedAt: number) => ({ actor: AGENCY, document: PAPER, happenedAt });
    const sent = Case.ofSilence();
    sent.until(WINDOW_ENDS);
    expect(sent.state.state).toBe('referred');
    expect(sent.try(object, recorded, paper(WINDOW_ENDS + 1))?.detail.en).toContain('time to object');
    expect(sent.try(object, recorded, paper(PROPOSED - 1))?.code).toBe('happened_in_future');
    expect(sent.try(object, recorded, { actor: AGENCY })?.code).toBe('document_required');
    expect(sent.try(object, recorded, { actor: LEAD, document: PAPER })?.code).toBe('transition_not_allowed');
    sent.act(object, recorded, paper(WINDOW_ENDS - 1));
    expect(sent.state).toMatchObject({ state: 'objected', since: recorded, objections: 1 });
    const ctx = context(recorded);
    expect(nextReferralStep(sent.state, sent.ground(ctx), ctx)?.at).toBe(
      addDuration(ctx.calendar, recorded, ctx.policy.referral.decision),
    );
    sent.act(opinion, recorded, { actor: AGENCY });
    sent.act(reject, recorded, { actor: SUPERVISOR });
    sent.until(recorded);
    expect(sent.state.state).toBe('referred');
    // Also after Home Affairs has acknowledged it: the unit is not to suffer from when its paper was entered.
    const acknowledged = Case.ofSilence();
    acknowledged.until(WINDOW_ENDS);
    acknowledged.act({ action: 'acknowledge', input: {} }, recorded, { actor: AFFAIRS });
    acknowledged.act(object, recorded + 1000, paper(WINDOW_ENDS - 1));
    acknowledged.act(opinion, recorded + 2000, { actor: AGENCY });
    acknowledged.act({ action: 'decide', input: { decision: 'uphold', text } }, recorded + 3000, {
      actor: SUPERVISOR,
    });
    expect(acknowledged.state.state).toBe('upheld');
  });

  test('what was sent stays frozen: a correction is numbered, says what has changed, and once', () => {
    const correct = { action: 'correct_facts', input: { reason: text } } as const;
    const state = inState('referred');
    const paper = context(NEXT, { actor: AGENCY, document: PAPER, happenedAt: NEXT - 1 });
    expect(outcome(decideReferral(state, otherwise, correct, context(NEXT, { actor: AGENCY })))).toBe(
      'document_required',
    );
    const decision = decideReferral(state, otherwise, correct, paper);
    if (isRefusal(decision)) throw new Error(decision.code);
    const after = decision.events.reduce((one, event) => evolveReferral(one, event, NEXT), state);
    expect(after.facts).toEqual(state.facts);
    expect(after.corrections).toMatchObject([{ facts: { late: false } }]);
    expect(outcome(decideReferral(after, otherwise, correct, paper))).toBe('transition_not_allowed');
  });

  test('who was head on the day of the fact decides nothing of it, in whatever role, and may reply', () => {
    const one = Case.ofSilence().act(object, NEXT);
    for (const actor of [SUPERVISOR, AGENCY]) {
      const standing = { headId: actor.personId, papered: false };
      for (const action of REFERRAL_ACTIONS) {
        const refusal = permitsReferral(actor, action, one.state, FACTS, standing);
        expect([action, refusal?.code ?? 'allowed']).toEqual([
          action,
          action === 'object' ? 'allowed' : 'own_cause',
        ]);
      }
    }
    const other = { headId: 'somebody else', papered: false };
    expect(permitsReferral(SUPERVISOR, 'decide', one.state, FACTS, other)).toBeNull();
  });

  test('nothing is recorded from a document that arrives tomorrow', () => {
    const one = Case.ofSilence().try({ action: 'withdraw', input: { reason: text } }, NEXT, {
      actor: AGENCY,
      document: PAPER,
      happenedAt: NEXT + 1,
    });
    expect(one?.code).toBe('happened_in_future');
  });

  test('only the clock takes steps of a case', () => {
    expect(Case.ofSilence().try({ action: 'take_steps' }, WINDOW_ENDS, { actor: AGENCY })?.code).toBe(
      'forbidden',
    );
  });
});
