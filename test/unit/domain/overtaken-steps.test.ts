import { describe, expect, test } from '@jest/globals';
import type { AssignmentCommand } from '../../../src/domain/assignment/commands.js';
import { HOUR } from '../../../src/domain/instant.js';
import { AGENCY, at, GIVEN, PAPER, Story } from './story.js';

const text = 'vì sao';
const acknowledge = { action: 'acknowledge', input: {} } as const;
const LADDER = ['urge', 'urging-letter', 'supervisor', 'refer'];
const ARRIVED = at('2026-10-28 09:00');
const RECORDED = at('2026-11-14 09:00');
const paper = { actor: AGENCY, document: PAPER, happenedAt: ARRIVED };

/** A unit that knew of its assignment and stayed silent until the whole ladder was taken. */
function silent(): Story {
  const story = new Story().act(acknowledge, GIVEN + HOUR);
  story.until(RECORDED - 1);
  expect(story.state.taken.map(({ step }) => step).slice(-4)).toEqual(LADDER);
  return story;
}

const voidedIn = (story: Story): string[] =>
  story.events.flatMap((event) => (event.type === 'steps_voided' ? event.data.steps : []));

const revision = {
  version: 2,
  result: null,
  coordinatingUnitIds: [],
  monitorUnitId: 'agency',
  deadline: { phrase: 'trước ngày 27/11/2026', rule: null, at: at('2026-11-27 23:59:59') },
};

describe('a decision recorded from a paper that arrived before the deadline', () => {
  const deciding: readonly (readonly [string, AssignmentCommand])[] = [
    ['a suspension', { action: 'suspend', input: { reason: text } }],
    ['a stop', { action: 'stop', input: { reason: text } }],
    ['carrying over', { action: 'carry_over', input: { reason: text } }],
    [
      'another lead',
      {
        action: 'reassign',
        input: { unitId: 'other', deadline: 'trước ngày 27/11/2026', reason: text },
      },
    ],
    ['a move', { action: 'move', input: { to: [{ unitId: 'other' }], reason: text } }],
    [
      'an adjusted deadline',
      {
        action: 'adjust_deadline',
        input: { deadline: 'trước ngày 27/11/2026', latenessStands: false, reason: text },
      },
    ],
    ['an amendment that sets a new deadline', { action: 'revise', input: revision }],
    ['the end of its directive', { action: 'end_with_directive', input: { how: 'stop', reason: text } }],
  ];

  test.each(deciding)('makes the steps taken since void: %s', (_name, command) => {
    const story = silent().act(command, RECORDED, paper);
    expect(voidedIn(story)).toEqual(LADDER);
    expect(story.events.at(-1)).toMatchObject({ type: 'steps_voided', data: { cycle: 1 } });
  });

  test.each(deciding)('leaves every step of before it: %s', (_name, command) => {
    const story = silent().act(command, RECORDED, { ...paper, happenedAt: RECORDED });
    expect(voidedIn(story)).toEqual([]);
  });

  test('an extension granted by it makes the steps taken since void', () => {
    const story = new Story().act(acknowledge, GIVEN + HOUR);
    story.until(at('2026-11-10 08:00'));
    const ask = {
      action: 'request_extension',
      input: { deadline: 'trước ngày 27/11/2026', reason: text },
    } as const;
    story.act(ask, at('2026-11-10 09:00'), { ...paper, happenedAt: at('2026-11-03 09:00') });
    const decide = { id: story.matter('extension'), decision: 'grant', reason: text } as const;
    story.act({ action: 'decide_extension', input: decide }, at('2026-11-10 10:00'), {
      ...paper,
      happenedAt: at('2026-11-03 15:00'),
    });
    expect(voidedIn(story)).toEqual(['urging-letter', 'supervisor']);
  });

  test('a reminder to acknowledge that was taken during the suspension comes again after it', () => {
    const story = new Story();
    expect(story.until(at('2026-10-12 08:00'))).toEqual(['acknowledgement']);
    story.act({ action: 'suspend', input: { reason: text } }, at('2026-10-12 09:00'), {
      ...paper,
      happenedAt: at('2026-10-06 09:00'),
    });
    story.agency({ action: 'resume', input: {} }, at('2026-10-13 08:00'));
    expect(story.until(at('2026-10-16 18:00'))).toEqual(['acknowledgement']);
  });
});

describe('steps that were void', () => {
  test('come again after a suspension, by the deadline that it moved', () => {
    const story = silent().act({ action: 'suspend', input: { reason: text } }, RECORDED, paper);
    story.agency({ action: 'resume', input: {} }, at('2026-11-20 09:00'));
    expect(story.state).toMatchObject({ cycle: 1, dueAt: at('2026-11-25 17:30') });
    expect(story.late(at('2026-11-20 09:00'))).toBe(false);
    expect(story.until(at('2027-03-01 00:00')).filter((step) => LADDER.includes(step))).toEqual(LADDER);
    expect(story.late(at('2027-03-01 00:00'))).toBe(true);
  });

  test('come again at once when the extension that had held them is refused', () => {
    const story = silent();
    const ask = {
      action: 'request_extension',
      input: { deadline: 'trước ngày 27/11/2026', reason: text },
    } as const;
    story.act(ask, RECORDED, paper);
    expect(voidedIn(story)).toEqual(LADDER.slice(1));
    expect(story.until(RECORDED + 1)).toEqual([]);
    const decide = { id: story.matter('extension'), decision: 'refuse', reason: text } as const;
    story.agency({ action: 'decide_extension', input: decide }, RECORDED + HOUR);
    expect(story.until(RECORDED + HOUR)).toEqual(LADDER.slice(1));
  });

  test('come again at once when the result that had overtaken them is recalled', () => {
    const story = silent().act({ action: 'submit', input: { text } }, RECORDED, paper);
    expect(story.late(RECORDED)).toBe(false);
    story.act({ action: 'recall', input: { reason: text } }, RECORDED + HOUR);
    expect(story.late(RECORDED + HOUR)).toBe(true);
    expect(story.until(RECORDED + HOUR)).toEqual(LADDER);
  });
});

describe('what a paper brought forward before a case was proposed', () => {
  const holding: readonly (readonly [string, AssignmentCommand])[] = [
    ['an obstacle', { action: 'raise_obstacle', input: { cause: 'data', text } }],
    ['a cause', { action: 'state_cause', input: { cause: 'data', objective: true, text } }],
    [
      'an extension asked for late',
      { action: 'request_extension', input: { deadline: 'trước ngày 27/11/2026', reason: text } },
    ],
  ];
  const arrived = { ...paper, happenedAt: at('2026-11-04 15:00') };

  test.each(holding)('makes the proposal void, and no rung below it: %s', (_name, command) => {
    const story = silent().act(command, RECORDED, arrived);
    expect(voidedIn(story)).toEqual(['refer']);
  });
});
