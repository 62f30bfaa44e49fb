import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { contributionClass, isOverdue } from '../../../src/domain/assignment/contributions.js';
import type { Contribution } from '../../../src/domain/assignment/state.js';
import { nextStep } from '../../../src/domain/assignment/steps.js';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import { SECOND } from '../../../src/domain/instant.js';
import { factsOf, sameFacts } from '../../../src/domain/referral/facts.js';
import { AGENCY, at, context, FACTS, person, Story, SUPERVISOR } from './story.js';

const text = 'vì sao';
const ask = {
  action: 'ask_contribution',
  input: { unitId: 'asked', deadline: 'trước 17h00 ngày 20/10/2026', text },
} as const;
const give = (story: Story) =>
  ({
    action: 'answer_contribution',
    input: { id: story.matter('contribution'), answer: 'give', text },
  }) as const;
const ASKED = { actor: person('unit', 'asked') };
const state = { action: 'state_cause', input: { cause: 'data', objective: true, text } } as const;
const decide = (story: Story, confirmed: boolean) =>
  ({ action: 'decide_cause', input: { id: story.matter('cause'), confirmed, text } }) as const;
const facts = (story: Story, local: string) => factsOf(story.state, at(local), OFFICE_HOURS);

const asked = (over: Partial<Contribution> = {}): Contribution => ({
  kind: 'contribution',
  id: 'c',
  openedAt: 0,
  askedAt: 0,
  openedSeq: 2,
  state: 'asked',
  askedUnitId: 'asked',
  dueAt: 100 * SECOND,
  ...over,
});

describe('a contribution', () => {
  test('is late by what the unit did, whether or not the clock has recorded it', () => {
    const instant = fc.integer({ min: 0, max: 200_000 });
    fc.assert(
      fc.property(instant, instant, (answeredAt, now) => {
        const due = 100 * SECOND;
        const late = (when: number): boolean => Math.floor(when / SECOND) * SECOND > due;
        expect(isOverdue(asked(), now)).toBe(late(now));
        expect(isOverdue(asked({ state: 'overdue' }), now)).toBe(true);
        expect(isOverdue(asked({ state: 'given', answeredAt }), now)).toBe(late(answeredAt));
        expect(contributionClass(asked({ state: 'given', answeredAt }), now)).toBe(
          late(answeredAt) ? 'given_late' : 'given_in_time',
        );
        expect(isOverdue(asked({ state: 'lapsed' }), now)).toBe(false);
      }),
    );
  });

  test('that was overdue stays so when it is given after all, and is evidence for the lead', () => {
    const story = new Story({ state: 'in_progress' }).act(ask, at('2026-10-12 08:00'));
    expect(facts(story, '2026-10-20 16:00').overdueContributions).toEqual([]);
    story.until(at('2026-10-20 18:00'));
    expect(story.state.matters[0]?.state).toBe('overdue');
    story.act(give(story), at('2026-10-22 09:00'), ASKED);
    expect(facts(story, '2026-11-12 08:00').overdueContributions).toEqual([
      {
        matterId: story.matter('contribution'),
        askedUnitId: 'asked',
        askedAt: at('2026-10-12 08:00'),
        dueAt: at('2026-10-20 17:00'),
        answeredAt: at('2026-10-22 09:00'),
      },
    ]);
  });

  test('that is asked anew gives no new window: the facts of a case are the same by it', () => {
    const story = new Story({ state: 'in_progress' });
    const before = facts(story, '2026-11-12 08:00');
    story.act(
      { action: 'ask_contribution', input: { unitId: 'asked', deadline: 'within 1 hour', text } },
      at('2026-11-12 09:00'),
    );
    const after = facts(story, '2026-11-13 08:00');
    expect(after.overdueContributions).toHaveLength(1);
    expect(sameFacts(before, after)).toBe(true);
  });
});

describe('a stated cause', () => {
  const LATE = at('2026-11-03 08:00');

  test('is pending in the facts of a case until somebody decides it, and then says who', () => {
    const story = new Story({ state: 'in_progress' }).act(state, LATE);
    expect(facts(story, '2026-11-04 08:00').causes).toMatchObject([{ state: 'pending', decidedBy: null }]);
    story.agency(decide(story, true), at('2026-11-05 08:00'));
    expect(facts(story, '2026-11-06 08:00')).toMatchObject({
      objectiveCauseConfirmed: true,
      causes: [{ state: 'confirmed_objective', decidedBy: 'standing_agency' }],
    });
    story.act(state, at('2026-11-06 09:00'));
    expect(facts(story, '2026-11-07 08:00').causes?.map((cause) => cause.state)).toEqual([
      'confirmed_objective',
      'pending',
    ]);
  });

  test('that nobody decides in time passes to the supervisor, who is named', () => {
    const story = new Story({ state: 'in_progress' }).act(state, LATE);
    expect(story.try(decide(story, false), at('2026-11-04 08:00'), { actor: SUPERVISOR })?.code).toBe(
      'forbidden',
    );
    expect(story.until(at('2026-11-10 18:00'))).toContain(`cause:${story.matter('cause')}`);
    story.act(decide(story, false), at('2026-11-11 08:00'), { actor: SUPERVISOR });
    expect(facts(story, '2026-11-12 08:00').causes).toMatchObject([
      { state: 'refused', decidedBy: 'supervisor' },
    ]);
  });

  test('keeps its clock when the assignment has ended, and only there', () => {
    const story = new Story({ state: 'in_progress' })
      .act(state, LATE)
      .act({ ...ask, input: { ...ask.input, deadline: 'within 20 days' } }, LATE)
      .act({ action: 'submit', input: { text } }, at('2026-11-04 08:00'))
      .agency({ action: 'confirm', input: {} }, at('2026-11-04 09:00'));
    const ctx = context(at('2026-11-04 09:00'), { actor: AGENCY });
    const clock = { step: `cause:${story.matter('cause')}`, at: at('2026-11-10 17:30') };
    expect(nextStep(story.state, ctx)).toEqual(clock);
    expect(nextStep(story.state, { ...ctx, directive: { ...FACTS, state: 'withdrawn' } })).toBeNull();
    story.until(clock.at);
    expect(story.events.at(-1)).toMatchObject({
      type: 'step_taken',
      data: { to: ['standing_agency', 'supervisor'] },
    });
    expect(nextStep(story.state, ctx)).toBeNull();
  });
});
