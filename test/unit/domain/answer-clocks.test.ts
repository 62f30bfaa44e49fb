import { describe, expect, test } from '@jest/globals';
import type { AssignmentCommand } from '../../../src/domain/assignment/commands.js';
import { nextStep } from '../../../src/domain/assignment/steps.js';
import { Case, PROPOSED } from './case.js';
import { AGENCY, at, context, GIVEN, PAPER, person, Story, SUPERVISOR } from './story.js';

const text = 'vì sao';
const ARRIVED = at('2026-10-12 09:00');
const ENTERED = at('2026-10-22 09:00');
/** Entered ten days after it came: the unit is judged by the arrival, who must answer by the entering. */
const paper = { actor: AGENCY, document: PAPER, happenedAt: ARRIVED };
const planned = (story: Story) =>
  nextStep(story.state, context(story.state.lastRecordedAt, { actor: AGENCY }));

describe('the clock of one who must answer a paper', () => {
  test('counts from its recording, while the unit is judged by its arrival', () => {
    const story = new Story().act({ action: 'submit', input: { text } }, ENTERED, paper);
    expect(story.state.submission).toMatchObject({ at: ARRIVED, recordedAt: ENTERED, late: false });
    expect(planned(story)).toMatchObject({ at: at('2026-10-27 17:30') });
  });

  test('of each matter does so too', () => {
    const matters: readonly (readonly [AssignmentCommand, string])[] = [
      [{ action: 'request_extension', input: { deadline: 'trước 20/11/2026', reason: text } }, 'extension'],
      [{ action: 'raise_obstacle', input: { cause: 'data', text } }, 'obstacle'],
    ];
    for (const [command, kind] of matters) {
      const story = new Story().act(command, ENTERED, paper);
      expect(story.state.matters[0]).toMatchObject({ kind, openedAt: ARRIVED, askedAt: ENTERED });
      const taken = story.until(at('2026-10-26 23:00'));
      expect(taken.filter((step) => step.startsWith(kind))).toEqual([]);
      expect(story.until(at('2026-10-29 18:00')).filter((step) => step.startsWith(kind))).toHaveLength(1);
    }
  });

  test('of the confirmer rests while the assignment is suspended', () => {
    const story = new Story().act({ action: 'submit', input: { text } }, at('2026-10-12 09:00'));
    expect(planned(story)).toMatchObject({ at: at('2026-10-15 17:30') });
    story.agency({ action: 'suspend', input: { reason: text } }, at('2026-10-13 08:00'));
    story.agency({ action: 'resume', input: {} }, at('2026-10-20 08:00'));
    expect(planned(story)).toMatchObject({ at: at('2026-10-22 17:30') });
  });
});

describe('the clock to acknowledge', () => {
  test('rests while the assignment is suspended', () => {
    const story = new Story().agency({ action: 'suspend', input: { reason: text } }, at('2026-10-06 08:00'));
    story.agency({ action: 'resume', input: {} }, at('2026-10-20 08:00'));
    expect(planned(story)).toEqual({ step: 'acknowledgement', at: at('2026-10-21 17:30') });
  });

  test('is void where any act of the unit had come on paper before', () => {
    const acts: readonly AssignmentCommand[] = [
      { action: 'acknowledge', input: {} },
      { action: 'report', input: { text } },
      { action: 'contest', input: { reason: 'other', text } },
      { action: 'raise_obstacle', input: { cause: 'data', text } },
      { action: 'request_extension', input: { deadline: 'trước 20/11/2026', reason: text } },
      { action: 'submit', input: { text } },
    ];
    for (const command of acts) {
      const story = new Story();
      expect(story.until(at('2026-10-08 08:00'))).toEqual(['acknowledgement']);
      story.act(command, at('2026-10-09 09:00'), { ...paper, happenedAt: at('2026-10-06 09:00') });
      expect([command.action, story.state.taken]).toEqual([
        command.action,
        [expect.objectContaining({ step: 'acknowledgement', voided: true })],
      ]);
      expect(story.events.at(-1)).toMatchObject({ type: 'steps_voided' });
    }
  });

  test('stands where the paper came after it', () => {
    const story = new Story();
    story.until(at('2026-10-08 08:00'));
    story.act({ action: 'report', input: { text } }, at('2026-10-09 09:00'), {
      ...paper,
      happenedAt: at('2026-10-08 09:00'),
    });
    expect(story.state.taken).toMatchObject([{ step: 'acknowledgement', voided: false }]);
  });
});

describe('in a case or an assignment of its own an office', () => {
  test('is not reminded to answer; the supervisor is', () => {
    const told = (one: Case) =>
      one.events.flatMap((event) => (event.type === 'step_taken' ? [event.data.to] : []));
    const affairs = Case.ofSilence({ unitId: 'affairs' });
    affairs.until(at('2027-03-01 08:00'));
    expect(told(affairs)).toEqual([['supervisor']]);
    const other = Case.ofSilence();
    other.until(at('2027-03-01 08:00'));
    expect(told(other)).toEqual([['home_affairs', 'supervisor']]);
    const agency = Case.ofSilence({ unitId: 'agency' });
    agency.act({ action: 'object', input: { text } }, PROPOSED + 1, { actor: person('unit', 'agency') });
    agency.until(at('2027-03-01 08:00'));
    expect(told(agency)).toEqual([['supervisor']]);
  });

  test('does not confirm, and its clock is the supervisor’s alone', () => {
    const story = new Story({ unitId: 'agency' }).act({ action: 'submit', input: { text } }, GIVEN + 1, {
      actor: person('unit', 'agency'),
    });
    story.until(at('2026-10-20 08:00'));
    expect(story.events.at(-1)).toMatchObject({ type: 'step_taken', data: { to: ['supervisor'] } });
  });
});

describe('a refused transition says what is possible', () => {
  test('to this caller, and not to anybody', () => {
    const story = new Story();
    const possible = (over: object) => {
      const refusal = story.try({ action: 'confirm', input: {} }, GIVEN + 1, over);
      return refusal?.extra?.possible;
    };
    expect(possible({ actor: AGENCY })).toContain('suspend');
    expect(possible({ actor: AGENCY })).not.toContain('recall');
    const submitted = new Story().act({ action: 'submit', input: { text } }, GIVEN + 1);
    expect(submitted.try({ action: 'report', input: { text } }, GIVEN + 2)?.extra?.possible).toEqual([
      'recall',
      'state_cause',
    ]);
    const one = Case.ofSilence();
    const late = one.try({ action: 'decide', input: { decision: 'reject', text } }, PROPOSED + 1, {
      actor: SUPERVISOR,
    });
    expect(late?.extra?.possible).toEqual(['withdraw']);
  });
});
