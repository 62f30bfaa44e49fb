import { describe, expect, test } from '@jest/globals';
import type { PersonActor } from '../../../src/domain/actor.js';
import { permits, relationsOf } from '../../../src/domain/assignment/access.js';
import { decide } from '../../../src/domain/assignment/decide.js';
import type { Assignment, Obstacle } from '../../../src/domain/assignment/state.js';
import { ASSIGNMENT_ACTIONS, type AssignmentAction } from '../../../src/domain/assignment/table.js';
import { isRefusal } from '../../../src/domain/errors.js';
import {
  AGENCY,
  assignment,
  at,
  context,
  DUE,
  FACTS,
  GIVEN,
  LEAD,
  outcome,
  PAPER,
  person,
  Story,
  SUPERVISOR,
} from './story.js';

const text = 'vì sao';
const may = (actor: PersonActor, action: AssignmentAction, a: Assignment): string =>
  permits(actor, action, a, FACTS, true)?.code ?? 'allowed';

/** Acts that decide about the unit; design §1: where the deciding body leads, they pass to the supervisor. */
const DECISIONS: readonly AssignmentAction[] = [
  'answer_contest',
  'confirm',
  'accept_part',
  'return',
  'suspend',
  'resume',
  'stop',
  'reassign',
  'carry_over',
  'reopen',
  'adjust_deadline',
  'decide_extension',
  'answer_obstacle',
  'decide_cause',
  'request_explanation',
];

describe('nobody decides in their own cause', () => {
  const own = assignment({ unitId: 'agency' });

  test.each(DECISIONS)('%s on what the standing agency leads is the supervisor’s', (action) => {
    expect(may(AGENCY, action, own)).toBe('own_cause');
    expect(may(SUPERVISOR, action, own)).toBe('allowed');
  });

  test.each(DECISIONS.filter((action) => action !== 'request_explanation'))(
    '%s on what another unit leads is not the supervisor’s',
    (action) => {
      expect(may(SUPERVISOR, action, assignment())).toBe('forbidden');
    },
  );

  test.each(['confirm', 'accept_part', 'return'] as const)(
    '%s on what the monitor leads is the supervisor’s',
    (action) => {
      const led = assignment({ unitId: 'office', monitorUnitId: 'office' });
      expect(may(person('unit', 'office'), action, led)).toBe('own_cause');
      expect(may(AGENCY, action, led)).toBe('forbidden');
      expect(may(SUPERVISOR, action, led)).toBe('allowed');
    },
  );

  test.each(['confirm', 'accept_part', 'return'] as const)(
    '%s on what the standing agency leads and another unit monitors is that unit’s',
    (action) => {
      const led = assignment({ unitId: 'agency', monitorUnitId: 'office' });
      expect(may(person('unit', 'office'), action, led)).toBe('allowed');
      expect(may(SUPERVISOR, action, led)).toBe('forbidden');
    },
  );

  test('the standing agency records no paper of its own: it would give itself a date', () => {
    for (const action of ['acknowledge', 'report', 'submit', 'request_extension', 'state_cause'] as const)
      expect([action, may(AGENCY, action, own)]).toEqual([action, 'own_cause']);
    expect(may(person('unit', 'agency'), 'submit', own)).toBe('allowed');
  });

  test('who works at the standing agency without its role judges nothing', () => {
    for (const action of DECISIONS)
      expect(may(person('unit', 'agency'), action, assignment())).toBe('not_found');
  });
});

describe('an obstacle', () => {
  const obstacle = (over: Partial<Obstacle>): Assignment =>
    assignment({
      state: 'in_progress',
      matters: [
        {
          ...{
            id: 'obstacle',
            openedAt: GIVEN,
            askedAt: GIVEN,
            openedSeq: 2,
            kind: 'obstacle',
            state: 'raised',
            cause: 'data',
          },
          ...{ holderUnitId: 'holder', ...over },
        },
      ],
    });
  const answer = (
    actor: PersonActor,
    how: 'accept' | 'refuse' | 'forward' | 'resolve',
    a: Assignment,
  ): string =>
    outcome(
      decide(
        a,
        {
          action: 'answer_obstacle',
          input: {
            id: 'obstacle',
            answer: how,
            text,
            ...(how === 'forward' ? { holderUnitId: 'other' } : {}),
          },
        },
        context(at('2026-10-07 09:00'), { actor }),
      ),
    );

  test('is resolved by its holder, and decided by the standing agency alone', () => {
    const holder = person('unit', 'holder');
    expect(answer(holder, 'resolve', obstacle({}))).toBe('allowed');
    for (const how of ['accept', 'refuse', 'forward'] as const) {
      expect(answer(holder, how, obstacle({}))).toBe('forbidden');
      expect(answer(AGENCY, how, obstacle({}))).toBe('allowed');
    }
  });

  test('that the standing agency holds is decided by the supervisor', () => {
    const held = obstacle({ holderUnitId: 'agency' });
    for (const how of ['accept', 'refuse', 'forward'] as const) {
      expect(answer(AGENCY, how, held)).toBe('own_cause');
      expect(answer(SUPERVISOR, how, held)).toBe('allowed');
    }
    expect(answer(AGENCY, 'resolve', held)).toBe('allowed');
  });

  test('of the standing agency is still resolved by the unit that holds it', () => {
    const led = { ...obstacle({}), unitId: 'agency' };
    expect(answer(person('unit', 'holder'), 'resolve', led)).toBe('allowed');
    expect(answer(person('unit', 'holder'), 'accept', led)).toBe('forbidden');
  });

  test('is not resolved by who holds another one', () => {
    const [one] = obstacle({}).matters;
    if (one?.kind !== 'obstacle') throw new Error('No obstacle');
    const two = obstacle({ holderUnitId: 'someone' });
    const both = { ...two, matters: [...two.matters, { ...one, id: 'second' }] };
    expect(answer(person('unit', 'holder'), 'resolve', both)).toBe('forbidden');
  });
});

describe('what is not decided in time passes to the supervisor', () => {
  const later = at('2026-10-19 17:30');

  test('a waiting result', () => {
    const story = new Story().act({ action: 'submit', input: { text } }, at('2026-10-12 09:00'));
    expect(may(SUPERVISOR, 'confirm', story.state)).toBe('forbidden');
    story.until(later);
    expect(may(SUPERVISOR, 'confirm', story.state)).toBe('allowed');
    expect(may(AGENCY, 'confirm', story.state)).toBe('allowed');
    // A new submission gives the confirmer new time.
    story.act({ action: 'return', input: { reason: text } }, later, { actor: AGENCY });
    story.act({ action: 'submit', input: { text } }, later + 1000);
    expect(may(SUPERVISOR, 'confirm', story.state)).toBe('forbidden');
  });

  test.each([
    [
      'decide_extension',
      { action: 'request_extension', input: { deadline: 'trước 20/11/2026', reason: text } },
    ],
    ['answer_contest', { action: 'contest', input: { reason: 'wrong_file', text } }],
    ['answer_obstacle', { action: 'raise_obstacle', input: { cause: 'data', text } }],
  ] as const)('%s', (action, command) => {
    const story = new Story().act(command, at('2026-10-06 09:00'));
    expect(may(SUPERVISOR, action, story.state)).toBe('forbidden');
    story.until(later);
    expect(may(SUPERVISOR, action, story.state)).toBe('allowed');
  });

  test('a stated cause', () => {
    const cause = { action: 'state_cause', input: { cause: 'data', objective: true, text } } as const;
    const story = new Story().act(cause, at('2026-11-02 09:00'));
    expect(may(SUPERVISOR, 'decide_cause', story.state)).toBe('forbidden');
    story.until(at('2026-11-09 17:30'));
    expect(may(SUPERVISOR, 'decide_cause', story.state)).toBe('allowed');
  });
});

describe('strangers', () => {
  test('have no relation, and are told that there is no such record', () => {
    for (const actor of [
      person('unit', 'stranger'),
      person('unit', null),
      person('home_affairs', 'affairs'),
      person('administrator'),
      person('unit', 'lead', 'another'),
      person('supervisor', null, 'another'),
    ]) {
      expect(relationsOf(actor, assignment(), FACTS)).toEqual([]);
      for (const action of ASSIGNMENT_ACTIONS) expect(may(actor, action, assignment())).toBe('not_found');
    }
  });

  test('a contribution of one unit is not answered by another that was asked as well', () => {
    const ask = (unitId: string) =>
      ({ action: 'ask_contribution', input: { unitId, deadline: 'trước 20/10/2026', text } }) as const;
    const story = new Story().act(ask('asked'), at('2026-10-06 09:00'));
    const first = story.matter('contribution');
    story.act(ask('coordinating'), at('2026-10-06 09:01'));
    const command = { action: 'answer_contribution', input: { id: first, answer: 'give', text } } as const;
    const other = person('unit', 'coordinating');
    expect(story.try(command, at('2026-10-07 09:00'), { actor: other })?.code).toBe('not_found');
    expect(story.try(command, at('2026-10-07 09:00'), { actor: person('unit', 'asked') })).toBeNull();
  });

  test('only a coordinating unit is asked for a contribution', () => {
    const command = {
      action: 'ask_contribution',
      input: { unitId: 'stranger', deadline: 'trước 20/10/2026', text },
    } as const;
    expect(new Story().try(command, at('2026-10-06 09:00'))?.code).toBe('reference_unknown');
  });
});

describe('what came as a document', () => {
  test('is judged at its arrival, and says so to nobody else’s account', () => {
    const story = new Story();
    const arrived = { actor: AGENCY, document: PAPER, happenedAt: at('2026-10-30 16:00') };
    story.act({ action: 'submit', input: { text } }, at('2026-11-05 09:00'), arrived);
    expect(story.state.submission).toMatchObject({ at: at('2026-10-30 16:00'), late: false });
    expect(story.late(at('2026-11-06 09:00'))).toBe(false);
  });

  test('asks for a document where the policy does, and for none where it does not', () => {
    const suspend = { action: 'suspend', input: { reason: text } } as const;
    const now = at('2026-10-07 09:00');
    expect(new Story().try(suspend, now, { actor: AGENCY })?.code).toBe('document_required');
    const policy = { ...context(now).policy, documentRequired: [] };
    expect(new Story({}, { policy }).try(suspend, now, { actor: AGENCY })).toBeNull();
  });

  test('of the directive as a whole ends also what the standing agency leads, with its own decision', () => {
    for (const how of ['stop', 'carry_over'] as const) {
      const command = { action: 'end_with_directive', input: { how, reason: text } } as const;
      const result = decide(assignment({ unitId: 'agency' }), command, context(DUE, { actor: AGENCY }));
      const type = how === 'stop' ? 'stopped' : 'carried_over';
      expect(isRefusal(result) ? result : result.events.map((event) => event.type)).toEqual([type]);
      const ended = assignment({ state: 'confirmed', endedAt: DUE });
      expect(decide(ended, command, context(DUE, { actor: AGENCY }))).toEqual({ events: [] });
    }
  });

  test('cannot be entered by a unit for itself', () => {
    const result = decide(
      assignment({ state: 'assigned' }),
      { action: 'submit', input: { text } },
      context(DUE, { actor: LEAD, document: PAPER }),
    );
    expect(isRefusal(result) ? result.code : result.events[0]).toMatchObject({
      data: { submission: { at: DUE } },
    });
  });
});
