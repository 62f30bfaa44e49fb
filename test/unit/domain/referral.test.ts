import { describe, expect, test } from '@jest/globals';
import { type Actor, CLOCK } from '../../../src/domain/actor.js';
import type { AssignmentCommand } from '../../../src/domain/assignment/commands.js';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import { DAY } from '../../../src/domain/instant.js';
import { DEFAULT_POLICY } from '../../../src/domain/policy.js';
import type { ReferralCommand } from '../../../src/domain/referral/decide.js';
import { factsOf, sameFacts } from '../../../src/domain/referral/facts.js';
import { Case, PROPOSED, WINDOW_ENDS } from './case.js';
import { AGENCY, at, context, DUE, LEAD, PAPER, person, SUPERVISOR } from './story.js';

const text = 'vì sao';
const AFFAIRS = person('home_affairs', 'affairs');
const object = { action: 'object', input: { text } } as const;
const opinion = { action: 'give_opinion', input: { text } } as const;
const uphold = { action: 'decide', input: { decision: 'uphold', text } } as const;
const reject = { action: 'decide', input: { decision: 'reject', text } } as const;
const release = { action: 'release', input: {} } as const;
const submit = { action: 'submit', input: { text } } as const;
const giveBack = { action: 'return', input: { reason: text } } as const;
const confirm = { action: 'confirm', input: {} } as const;
const cause = { action: 'state_cause', input: { cause: 'data', objective: true, text } } as const;
const NEXT = PROPOSED + 3 * DAY;
const RELEASED = {
  ...DEFAULT_POLICY,
  referral: { ...DEFAULT_POLICY.referral, release: 'released' as const },
};

describe('a case nobody objects to', () => {
  test('goes to Home Affairs by itself when the window has passed, and not before', () => {
    const one = Case.ofSilence();
    expect(one.state).toMatchObject({ state: 'proposed', proposedAt: PROPOSED, windowEndsAt: WINDOW_ENDS });
    expect(one.until(WINDOW_ENDS - 1)).toEqual([]);
    expect(one.until(WINDOW_ENDS)).toEqual(['referred']);
    expect(one.state).toMatchObject({ state: 'referred', referredAt: WINDOW_ENDS });
    expect(one.events.at(-1)).toMatchObject({ data: { automatic: true } });
  });

  test('waits for a named person with the number of the signed letter where the policy wants it released', () => {
    const one = Case.ofSilence({}, { policy: RELEASED });
    expect(one.until(WINDOW_ENDS + DAY)).toEqual(['release_awaited']);
    expect(one.try(release, WINDOW_ENDS + DAY, { actor: AGENCY })?.code).toBe('document_required');
    expect(one.try(release, WINDOW_ENDS + DAY, { actor: LEAD, document: PAPER })?.code).toBe('forbidden');
    one.act(release, WINDOW_ENDS + DAY, { actor: AGENCY, document: PAPER });
    expect(one.events.at(-1)).toMatchObject({ type: 'referred', data: { automatic: false } });
  });

  test('is not released while something is undecided, and not at all once it is no longer late', () => {
    const one = Case.ofSilence({}, { policy: RELEASED });
    one.until(WINDOW_ENDS);
    one.story.act(submit, WINDOW_ENDS + DAY);
    expect(one.try(release, WINDOW_ENDS + DAY, { actor: AGENCY, document: PAPER })?.code).toBe(
      'transition_not_allowed',
    );
    one.story.agency(giveBack, WINDOW_ENDS + 2 * DAY);
    one.story.agency(
      {
        action: 'adjust_deadline',
        input: { deadline: 'trước ngày 25/12/2026', latenessStands: false, reason: text },
      },
      WINDOW_ENDS + 3 * DAY,
    );
    one.act(release, WINDOW_ENDS + 4 * DAY, { actor: AGENCY, document: PAPER });
    expect(one.state.state).toBe('withdrawn');
  });
});

describe('an assignment that is reopened while its case runs', () => {
  const reopen = { action: 'reopen', input: { reason: text, deadline: 'trước ngày 25/12/2026' } } as const;

  test('has a new deadline, and the case goes on about the lateness that was', () => {
    const one = Case.ofSilence();
    one.story.act(submit, NEXT);
    one.story.agency(confirm, NEXT + 1);
    one.until(WINDOW_ENDS);
    const facts = one.state.facts;
    expect(facts.late).toBe(true);
    one.story.agency(reopen, WINDOW_ENDS + 1);
    one.until(WINDOW_ENDS + 30 * DAY);
    expect(one.state.state).toBe('referred');
    expect(one.state.facts).toMatchObject({ late: true, dueAt: DUE, submittedAt: NEXT });
    expect(one.state.facts).not.toMatchObject({ steps: [] });
  });

  test('that is late again is the subject of the case as it is now', () => {
    const one = Case.ofSilence();
    one.story.agency({ action: 'stop', input: { reason: text } }, NEXT);
    one.story.agency(reopen, NEXT + 1);
    const { state } = one.story;
    expect(factsOf(state, NEXT + 2, OFFICE_HOURS)).toMatchObject({ cycle: 1, dueAt: DUE, late: true });
    const due = state.dueAt ?? 0;
    expect(factsOf(state, due + 1, OFFICE_HOURS)).toMatchObject({ cycle: 2, dueAt: due, late: true });
  });
});

describe('what is undecided holds a case', () => {
  const holding: readonly (readonly [string, AssignmentCommand])[] = [
    ['a submission', submit],
    [
      'an extension',
      { action: 'request_extension', input: { deadline: 'trước ngày 25/12/2026', reason: text } },
    ],
    ['an obstacle', { action: 'raise_obstacle', input: { cause: 'data', text } }],
    ['a cause', cause],
  ];

  test.each(holding)('%s', (_name, command) => {
    const one = Case.ofSilence();
    one.story.act(command, NEXT);
    expect(one.until(WINDOW_ENDS + 30 * DAY)).toEqual(['held']);
    expect(one.state).toMatchObject({ state: 'proposed', held: true, referredAt: null });
  });

  test('also while the assignment with its waiting submission is suspended', () => {
    const one = Case.ofSilence();
    one.story.act(submit, NEXT).agency({ action: 'suspend', input: { reason: text } }, NEXT + DAY);
    expect(one.until(WINDOW_ENDS + 30 * DAY)).toEqual(['held']);
  });

  test('and lets it go on when it has been decided against the unit', () => {
    const one = Case.ofSilence();
    one.story.act(submit, NEXT);
    one.until(NEXT + DAY);
    one.story.agency(giveBack, WINDOW_ENDS + DAY);
    // The facts are what they were: late, by the same deadline.
    expect(one.until(WINDOW_ENDS + 2 * DAY)).toEqual(['unheld', 'referred']);
  });

  test('a cause that stands after the late result was confirmed is decided, and the case goes on from there', () => {
    const one = Case.ofSilence();
    one.story
      .act(cause, NEXT)
      .act(submit, NEXT + 1000)
      .agency(confirm, NEXT + DAY);
    expect(one.until(WINDOW_ENDS + DAY)).toEqual(['held']);
    const decision = {
      action: 'decide_cause',
      input: { id: one.story.matter('cause'), confirmed: true, text },
    } as const;
    one.story.act(decision, WINDOW_ENDS + 2 * DAY, { actor: AGENCY });
    expect(one.until(WINDOW_ENDS + 3 * DAY)).toEqual(['unheld', 'facts_renewed']);
    expect(one.state.facts).toMatchObject({ late: true, objectiveCauseConfirmed: true });
  });
});

describe('at the moment of referring the facts are computed again', () => {
  test('no longer late, the case is withdrawn at once and never reaches Home Affairs', () => {
    const one = Case.ofSilence();
    const paper = { actor: AGENCY, document: PAPER, happenedAt: DUE };
    one.story.act(submit, NEXT, paper).agency(confirm, NEXT + 1000);
    expect(one.until(NEXT + 1000)).toEqual(['withdrawn']);
    expect(one.state).toMatchObject({ state: 'withdrawn', referredAt: null });
    expect(one.events.at(-1)).toMatchObject({ data: { reason: 'no_longer_late' } });
    expect(one.until(at('2027-12-31 00:00'))).toEqual([]);
  });

  test('an obstacle accepted from before the deadline withdraws it', () => {
    const one = Case.ofSilence({
      matters: [
        {
          id: 'early',
          openedAt: at('2026-10-20 09:00'),
          askedAt: at('2026-10-20 09:00'),
          openedSeq: 2,
          kind: 'obstacle',
          state: 'refused',
          cause: 'data',
          holderUnitId: null,
        },
      ],
    });
    expect(one.until(NEXT)).toEqual([]);
    one.story.state = {
      ...one.story.state,
      matters: one.story.state.matters.map((matter) =>
        matter.kind === 'obstacle' ? { ...matter, state: 'raised' as const } : matter,
      ),
    };
    one.story.agency({ action: 'answer_obstacle', input: { id: 'early', answer: 'accept', text } }, NEXT);
    expect(one.until(NEXT)).toEqual(['withdrawn']);
  });

  test('changed, they are frozen anew and the window starts again, once', () => {
    const one = Case.ofSilence();
    one.story.agency(
      {
        action: 'adjust_deadline',
        input: { deadline: 'trước ngày 06/11/2026', latenessStands: false, reason: text },
      },
      NEXT,
    );
    expect(one.until(NEXT)).toEqual(['facts_renewed']);
    expect(one.state).toMatchObject({ state: 'proposed', windowEndsAt: at('2026-11-23 17:30') });
    expect(one.state.facts).toMatchObject({ cycle: 2, dueAt: at('2026-11-06 23:59:59'), late: true });
    expect(one.until(at('2026-11-23 17:30') - 1)).toEqual([]);
    expect(one.until(at('2026-11-23 17:30'))).toEqual(['referred']);
  });

  test('longer lateness and later steps are no change', () => {
    const one = Case.ofSilence();
    const then = factsOf(one.story.state, PROPOSED, context(PROPOSED).calendar);
    const now = factsOf({ ...one.story.state, taken: [] }, WINDOW_ENDS, context(PROPOSED).calendar);
    expect(now.lateByMs).toBeGreaterThan(then.lateByMs);
    expect(sameFacts(then, now)).toBe(true);
    for (const change of [
      { dueAt: 1 },
      { submittedAt: 1 },
      { confirmedAt: 1 },
      { cycle: 2 },
      { unitId: 'x' },
      { late: false },
      { objectiveCauseConfirmed: true },
    ])
      expect([change, sameFacts(then, { ...then, ...change })]).toEqual([change, false]);
  });

  test('voided steps and the clocks of others are no facts', () => {
    const one = Case.ofSilence();
    const taken = [
      { step: 'urge', plannedAt: DUE, voided: true },
      { step: 'urging-letter', plannedAt: DUE, voided: false },
      { step: 'extension:1', plannedAt: DUE, voided: false },
    ];
    const facts = factsOf({ ...one.story.state, taken }, NEXT, context(NEXT).calendar);
    expect(facts.steps).toEqual([{ step: 'urging-letter', plannedAt: DUE }]);
  });
});

describe('a withdrawn directive', () => {
  const objected = (): Case => Case.ofSilence().act(object, NEXT);
  const waiting = (): Case => {
    const one = Case.ofSilence({}, { policy: RELEASED });
    one.until(WINDOW_ENDS);
    return one;
  };
  const held = (): Case => {
    const one = Case.ofSilence();
    one.story.act(cause, NEXT);
    one.until(NEXT);
    return one;
  };
  const rejected = (): Case =>
    objected().act(opinion, NEXT, { actor: AGENCY }).act(reject, NEXT, { actor: SUPERVISOR });
  const acknowledge: ReferralCommand = { action: 'acknowledge', input: {} };
  const ask: ReferralCommand = { action: 'request_supplement', input: { text } };
  const referred = (): Case => {
    const one = Case.ofSilence();
    one.until(WINDOW_ENDS);
    return one;
  };
  const sentBack = (): Case => {
    const one = referred();
    return one.act(object, WINDOW_ENDS + DAY, { actor: AGENCY, document: PAPER, happenedAt: NEXT });
  };

  test.each([
    ['proposed', () => Case.ofSilence()],
    ['objected', objected],
    ['objected after it had gone', sentBack],
    ['held', held],
    ['rejected', rejected],
    ['awaiting release', waiting],
    ['referred', referred],
    ['returned for a supplement', () => referred().act(ask, WINDOW_ENDS, { actor: AFFAIRS })],
    ['acknowledged', () => referred().act(acknowledge, WINDOW_ENDS, { actor: AFFAIRS })],
  ])('lets what is pending lapse at once: %s', (_name, begin) => {
    const one = begin().withdrawDirective();
    expect(one.until(one.state.lastRecordedAt)).toEqual(['lapsed']);
    expect(one.until(at('2027-12-31 00:00'))).toEqual([]);
    expect(one.state.state).toBe('lapsed');
  });

  test('leaves an outcome that Home Affairs has recorded: it is theirs to correct', () => {
    const one = Case.ofSilence();
    one.until(WINDOW_ENDS);
    one.act({ action: 'acknowledge', input: {} }, WINDOW_ENDS, { actor: AFFAIRS });
    one.act({ action: 'record_outcome', input: { outcome: 'Phê bình' } }, WINDOW_ENDS, { actor: AFFAIRS });
    one.withdrawDirective();
    expect(one.until(at('2027-12-31 00:00'))).toEqual([]);
    expect(one.state.state).toBe('outcome_recorded');
  });
});

describe('a clock that was away while the facts changed twice', () => {
  const adjust = {
    action: 'adjust_deadline',
    input: { deadline: 'trước ngày 20/11/2026', latenessStands: false, reason: text },
  } as const;
  const AWAY_UNTIL = at('2026-11-23 18:00');

  test.each([
    ['proposed', () => Case.ofSilence()],
    ['objected', () => Case.ofSilence().act(object, NEXT)],
  ])('finds what it would have found in time, and comes to rest: %s', (_name, begin) => {
    const one = begin();
    one.story.agency(adjust, NEXT + 1000);
    expect(one.story.late(AWAY_UNTIL)).toBe(true);
    one.act({ action: 'take_steps' }, AWAY_UNTIL, { actor: CLOCK });
    expect(one.state.state).toBe('withdrawn');
    expect(one.until(at('2027-12-31 00:00'))).toEqual([]);
  });
});

describe('an objection', () => {
  test('is possible to the last moment of the window, by the unit, or for it on paper alone', () => {
    const judge = (now: number, actor: Actor = LEAD): string =>
      Case.ofSilence().try(object, now, { actor })?.code ?? 'allowed';
    expect(judge(WINDOW_ENDS)).toBe('allowed');
    expect(judge(WINDOW_ENDS + 1)).toBe('transition_not_allowed');
    expect(judge(NEXT, AGENCY)).toBe('document_required');
    expect(judge(NEXT, person('unit', 'other'))).toBe('not_found');
  });

  test('is decided by the supervisor after the standing agency’s opinion, or after its time', () => {
    const one = Case.ofSilence().act(object, NEXT);
    expect(one.try(reject, NEXT + DAY, { actor: SUPERVISOR })?.code).toBe('transition_not_allowed');
    expect(one.try(reject, NEXT + DAY, { actor: AGENCY })?.code).toBe('forbidden');
    one.act(opinion, NEXT + DAY, { actor: AGENCY });
    expect(one.try(reject, NEXT + DAY, { actor: SUPERVISOR })).toBeNull();
    const silent = Case.ofSilence().act(object, NEXT);
    expect(silent.try(uphold, at('2026-11-23 17:30') - 1, { actor: SUPERVISOR })?.code).toBe(
      'transition_not_allowed',
    );
    expect(silent.try(uphold, at('2026-11-23 17:30'), { actor: SUPERVISOR })).toBeNull();
  });

  test('stops the window, and is shown to those who must answer once their time is over', () => {
    const one = Case.ofSilence().act(object, NEXT);
    expect(one.until(at('2026-12-31 00:00'))).toEqual(['step_taken']);
    expect(one.events.at(-1)).toMatchObject({
      data: { plannedAt: at('2026-11-23 17:30'), to: ['standing_agency', 'supervisor'] },
    });
  });

  test('upheld ends the case', () => {
    const one = Case.ofSilence()
      .act(object, NEXT)
      .act(opinion, NEXT, { actor: AGENCY })
      .act(uphold, NEXT, { actor: SUPERVISOR });
    expect(one.state).toMatchObject({ state: 'upheld', endedAt: NEXT });
    expect(one.until(at('2027-12-31 00:00'))).toEqual([]);
  });

  test('rejected lets the case go on, after the facts were computed again', () => {
    const rejected = (): Case =>
      Case.ofSilence()
        .act(object, NEXT)
        .act(opinion, NEXT, { actor: AGENCY })
        .act(reject, NEXT, { actor: SUPERVISOR });
    expect(rejected().until(NEXT)).toEqual(['referred']);
    const held = rejected();
    held.story.act(submit, NEXT);
    expect(held.until(NEXT)).toEqual(['held']);
    expect(rejected().try(object, NEXT)?.code).toBe('transition_not_allowed');
  });

  test('has no object any more when the unit is no longer late', () => {
    const one = Case.ofSilence().act(object, NEXT);
    one.story.agency(
      {
        action: 'adjust_deadline',
        input: { deadline: 'trước ngày 25/12/2026', latenessStands: false, reason: text },
      },
      NEXT + 1000,
    );
    expect(one.until(NEXT + 1000)).toEqual(['withdrawn']);
    const changed = Case.ofSilence().act(object, NEXT);
    changed.story.agency(
      {
        action: 'adjust_deadline',
        input: { deadline: 'trước ngày 06/11/2026', latenessStands: false, reason: text },
      },
      NEXT + 1000,
    );
    expect(changed.until(NEXT + 1000)).toEqual([]);
    expect(changed.state.state).toBe('objected');
  });
});

describe('at Home Affairs', () => {
  const referred = (): Case => {
    const one = Case.ofSilence();
    one.until(WINDOW_ENDS);
    return one;
  };
  const later = WINDOW_ENDS + 3 * DAY;
  const affairs = (command: ReferralCommand, one: Case, now = later): Case =>
    one.act(command, now, { actor: AFFAIRS });
  const acknowledge = { action: 'acknowledge', input: {} } as const;
  const outcomeOf = { action: 'record_outcome', input: { outcome: 'hạ một bậc' } } as const;
  const correct = { action: 'correct_outcome', input: { outcome: 'giữ nguyên', reason: text } } as const;
  const ask = { action: 'request_supplement', input: { text } } as const;
  const supplement = { action: 'supplement', input: { text } } as const;

  test('a case is seen only once it was referred', () => {
    expect(Case.ofSilence().try(acknowledge, NEXT, { actor: AFFAIRS })?.code).toBe('not_found');
    expect(referred().try(acknowledge, later, { actor: AFFAIRS })).toBeNull();
  });

  test('it is acknowledged, an outcome recorded, and corrected as often as it must be', () => {
    const one = affairs(outcomeOf, affairs(acknowledge, referred()));
    expect(one.try(correct, later, { actor: AFFAIRS })?.code).toBe('document_required');
    const paper = { actor: AFFAIRS, document: PAPER };
    one.act(correct, later, paper).act(correct, later, paper);
    expect(one.state).toMatchObject({ state: 'corrected', endedAt: later });
    expect(one.try({ action: 'withdraw', input: { reason: text } }, later, { actor: SUPERVISOR })?.code).toBe(
      'transition_not_allowed',
    );
  });

  test('a supplement is asked for and given as often as needed, each with a new time to acknowledge', () => {
    const one = referred();
    const clock = ['2026-11-30 17:30', '2026-12-14 17:30'].map(at);
    expect(one.until(at('2026-12-01 08:00'))).toEqual(['step_taken']);
    expect(one.events.at(-1)).toMatchObject({
      data: { plannedAt: clock[0], to: ['home_affairs', 'supervisor'] },
    });
    affairs(ask, one, at('2026-12-02 09:00'));
    expect(one.until(at('2026-12-05 08:00'))).toEqual([]);
    one.act(supplement, at('2026-12-07 09:00'), { actor: AGENCY });
    expect(one.until(at('2026-12-31 08:00'))).toEqual(['step_taken']);
    expect(one.events.at(-1)).toMatchObject({ data: { plannedAt: clock[1] } });
  });

  test('a case may be withdrawn until there is an outcome', () => {
    const withdraw = { action: 'withdraw', input: { reason: text } } as const;
    for (const one of [
      Case.ofSilence(),
      referred(),
      affairs(ask, referred()),
      affairs(acknowledge, referred()),
    ]) {
      expect(one.act(withdraw, later, { actor: AGENCY }).state.state).toBe('withdrawn');
    }
  });
});
