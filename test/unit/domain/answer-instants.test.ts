import { describe, expect, test } from '@jest/globals';
import type { AssignmentCommand } from '../../../src/domain/assignment/commands.js';
import { HOUR } from '../../../src/domain/instant.js';
import { AGENCY, at, DUE, LEAD, PAPER, Story } from './story.js';

const text = 'vì sao';
const submit = { action: 'submit', input: { text } } as const;
const suspend = { action: 'suspend', input: { reason: text } } as const;
/** When the unit acted, in the middle of the assignment's time, and when the answer is entered. */
const ACTED = at('2026-10-20 09:00');
const ENTERED = at('2026-10-27 09:00');
const ask = { deadline: 'trước ngày 20/11/2026', reason: text };

type Answer = (story: Story) => AssignmentCommand;
const answers: readonly (readonly [string, (story: Story) => Story, Answer])[] = [
  ['confirm', (story) => story.act(submit, ACTED), () => ({ action: 'confirm', input: {} })],
  ['return', (story) => story.act(submit, ACTED), () => ({ action: 'return', input: { reason: text } })],
  [
    'accept_part',
    (story) => story.act(submit, ACTED),
    () => ({ action: 'accept_part', input: { share: 0.5, reason: text } }),
  ],
  [
    'decide_extension',
    (story) => story.act({ action: 'request_extension', input: ask }, ACTED),
    (story) => ({
      action: 'decide_extension',
      input: { id: story.matter('extension'), decision: 'grant', reason: text },
    }),
  ],
  [
    'answer_obstacle',
    (story) => story.act({ action: 'raise_obstacle', input: { cause: 'data', text } }, ACTED),
    (story) => ({
      action: 'answer_obstacle',
      input: { id: story.matter('obstacle'), answer: 'accept', text },
    }),
  ],
  [
    'answer_contest',
    // Within the policy's days of the assignment.
    (story) => story.act({ action: 'contest', input: { reason: 'other', text } }, at('2026-10-06 09:00')),
    () => ({ action: 'answer_contest', input: { answer: 'reject', text } }),
  ],
  [
    'answer_explanation',
    (story) =>
      story.act(
        { action: 'request_explanation', input: { deadline: 'trước ngày 20/11/2026', text } },
        ACTED,
        { actor: AGENCY },
      ),
    (story) => ({ action: 'answer_explanation', input: { id: story.matter('explanation'), text } }),
  ],
  ['resume', (story) => story.agency(suspend, ACTED), () => ({ action: 'resume', input: {} })],
  [
    'reopen',
    (story) => story.agency({ action: 'stop', input: { reason: text } }, ACTED),
    () => ({ action: 'reopen', input: { reason: text, deadline: 'trước ngày 20/11/2026' } }),
  ],
];

describe('an answer recorded from a paper', () => {
  test.each(answers)('cannot have come before what it answers: %s', (name, begin, answer) => {
    const asked = name === 'answer_contest' ? at('2026-10-06 09:00') : ACTED;
    const judge = (arrived: number): string => {
      const story = begin(new Story());
      const paper = { actor: AGENCY, document: PAPER, happenedAt: arrived };
      return story.try(answer(story), ENTERED, paper)?.code ?? 'allowed';
    };
    expect([asked - HOUR, asked, asked + HOUR].map(judge)).toEqual([
      'happened_in_future',
      'allowed',
      'allowed',
    ]);
  });

  test('about a cause cannot have come before it was stated', () => {
    const stated = DUE + HOUR;
    const story = new Story().act(
      { action: 'state_cause', input: { cause: 'data', objective: true, text } },
      stated,
      { actor: LEAD },
    );
    const decide = {
      action: 'decide_cause',
      input: { id: story.matter('cause'), confirmed: true, text },
    } as const;
    const paper = (happenedAt: number) => ({ actor: AGENCY, document: PAPER, happenedAt });
    expect(story.try(decide, stated + 3 * HOUR, paper(stated - HOUR))?.code).toBe('happened_in_future');
    expect(story.try(decide, stated + 3 * HOUR, paper(stated + HOUR))).toBeNull();
  });
});

test('the end of a directive does not end an assignment before it was given', () => {
  const story = new Story();
  const before = { actor: AGENCY, document: PAPER, happenedAt: story.state.assignedAt - HOUR };
  story.act({ action: 'end_with_directive', input: { how: 'stop', reason: text } }, ACTED, before);
  expect(story.state).toMatchObject({ state: 'stopped', endedAt: story.state.assignedAt });
});
