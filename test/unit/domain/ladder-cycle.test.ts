import { describe, expect, test } from '@jest/globals';
import type { AssignmentCommand } from '../../../src/domain/assignment/commands.js';
import type { EventOf } from '../../../src/domain/assignment/events.js';
import { born } from '../../../src/domain/assignment/evolve.js';
import { DAY, HOUR, type Instant } from '../../../src/domain/instant.js';
import { AGENCY, at, DUE, GIVEN, PAPER, Story } from './story.js';

const text = 'vì sao';
const submit = { action: 'submit', input: { text } } as const;
const giveBack = { action: 'return', input: { reason: text } } as const;
const acknowledge = { action: 'acknowledge', input: {} } as const;
const suspend = { action: 'suspend', input: { reason: text } } as const;
const resume = { action: 'resume', input: {} } as const;
const ask = (deadline: string) =>
  ({ action: 'request_extension', input: { deadline, reason: text } }) as const;
const grant = (story: Story, deadline?: string) =>
  ({
    action: 'decide_extension',
    input: { id: story.matter('extension'), decision: 'grant', deadline, reason: text },
  }) as const;
const refuse = (story: Story) =>
  ({
    action: 'decide_extension',
    input: { id: story.matter('extension'), decision: 'refuse', reason: text },
  }) as const;
const adjust = (deadline: string, latenessStands = false) =>
  ({ action: 'adjust_deadline', input: { deadline, latenessStands, reason: text } }) as const;
const reassign = (unitId: string, deadline?: string) =>
  ({ action: 'reassign', input: { unitId, deadline, reason: text } }) as const;

/** An assignment that the unit knows of, so that only the ladder is left to wait for. */
const known = (over = {}): Story => new Story(over).act(acknowledge, GIVEN + HOUR);
const STORY = ['remind-7', 'remind-3', 'remind-1', 'urge', 'urging-letter', 'supervisor', 'refer'];

/** The life that a spawned successor begins. */
function successorOf(story: Story): Story {
  const spawned = story.spawned.find((subject) => subject.kind === 'assignment');
  const first = spawned?.events[0];
  if (first?.type !== 'assigned') throw new Error('No successor');
  return new Story(born(first satisfies EventOf<'assigned'>, story.state.lastRecordedAt));
}

describe('an extension', () => {
  test('asked in time holds the steps above urging until it is answered', () => {
    const story = known().act(ask('trước ngày 20/11/2026'), at('2026-10-30 09:00'));
    const taken = story.until(at('2026-12-20 00:00')).filter((step) => !step.includes(':'));
    expect(taken).toEqual(STORY.slice(0, 4));
    story.agency(refuse(story), at('2026-12-21 09:00'));
    expect(story.until(at('2026-12-21 09:00'))).toEqual(STORY.slice(4));
  });

  test('asked late holds the referral alone, and is marked so', () => {
    const story = known().act(ask('trước ngày 20/11/2026'), DUE + 1000);
    expect(story.state.matters).toMatchObject([{ inTime: false }]);
    const taken = story.until(at('2026-12-20 00:00')).filter((step) => !step.includes(':'));
    expect(taken).toEqual(STORY.slice(0, 6));
  });

  test('granted begins a new cycle, keeps the first deadline, and is as asked or to another date', () => {
    const asked = known().act(ask('trước ngày 20/11/2026'), at('2026-10-28 09:00'));
    asked.agency(grant(asked), at('2026-10-29 09:00'));
    expect(asked.state).toMatchObject({ cycle: 2, firstDeadlineAt: DUE, dueAt: at('2026-11-20 23:59:59') });
    const other = known().act(ask('trước ngày 20/11/2026'), at('2026-10-28 09:00'));
    other.agency(grant(other, 'trước ngày 10/11/2026'), at('2026-10-29 09:00'));
    expect(other.state).toMatchObject({ cycle: 2, dueAt: at('2026-11-10 23:59:59') });
    // The ladder of the new cycle: the whole of it.
    expect(asked.until(at('2027-03-01 00:00'))).toEqual(STORY);
  });

  test('refused or withdrawn changes neither deadline nor cycle', () => {
    const story = known().act(ask('trước ngày 20/11/2026'), at('2026-10-28 09:00'));
    story.agency(refuse(story), at('2026-10-29 09:00'));
    story.act(ask('trước ngày 20/11/2026'), at('2026-10-29 10:00'));
    story.act(
      { action: 'withdraw_extension', input: { id: story.matter('extension') } },
      at('2026-10-29 11:00'),
    );
    expect(story.state).toMatchObject({ cycle: 1, dueAt: DUE });
    expect(story.state.matters.map((matter) => matter.state)).toEqual(['refused', 'withdrawn']);
  });

  test('reaches beyond the present deadline, one at a time', () => {
    const story = known();
    expect(story.try(ask('trước ngày 30/10/2026'), at('2026-10-20 09:00'))?.code).toBe('deadline_in_past');
    story.act(ask('trước ngày 20/11/2026'), at('2026-10-20 09:00'));
    expect(story.try(ask('trước ngày 21/11/2026'), at('2026-10-20 10:00'))?.code).toBe('matter_already_open');
    expect(
      story.try(grant(story, 'trước ngày 29/10/2026'), at('2026-10-21 09:00'), {
        actor: AGENCY,
        document: PAPER,
      })?.code,
    ).toBe('deadline_in_past');
  });

  test('granted so late that its date has passed takes no step for what lies behind', () => {
    const story = known().act(ask('trước ngày 10/11/2026'), at('2026-10-28 09:00'));
    story.until(at('2026-11-30 08:00'));
    story.agency(grant(story), at('2026-11-30 09:00'));
    expect(story.late(at('2026-11-30 09:00'))).toBe(true);
    expect(story.until(at('2026-12-01 17:29'))).toEqual([]);
    expect(story.until(at('2026-12-01 17:30'))).toEqual(['urge']);
  });

  test('that a paper asked for in time makes void what was taken above urging since', () => {
    const story = known();
    story.until(at('2026-11-09 08:00'));
    const paper = { actor: AGENCY, document: PAPER, happenedAt: at('2026-10-30 15:00') };
    story.act(ask('trước ngày 20/11/2026'), at('2026-11-09 09:00'), paper);
    const voided = story.state.taken.filter((step) => step.voided).map((step) => step.step);
    expect(voided).toEqual(['urging-letter', 'supervisor']);
  });
});

describe('the cycle', () => {
  const cycleAfter = (...commands: readonly (readonly [AssignmentCommand, Instant])[]): number => {
    const story = known();
    for (const [command, now] of commands) {
      const unit = ['submit', 'report', 'raise_obstacle', 'contest'].includes(command.action);
      story.act(command, now, unit ? {} : { actor: AGENCY, document: PAPER });
    }
    return story.state.cycle;
  };
  const day = (n: number): Instant => at('2026-10-06 09:00') + n * DAY;

  test('is kept by return, acceptance of a part, suspension and resuming', () => {
    expect(cycleAfter([submit, day(0)], [giveBack, day(1)])).toBe(1);
    expect(
      cycleAfter([submit, day(0)], [{ action: 'accept_part', input: { share: 0.4, reason: text } }, day(1)]),
    ).toBe(1);
    expect(cycleAfter([suspend, day(0)], [resume, day(1)])).toBe(1);
  });

  test('grows by an adjustment, by a reopening and by a new deadline on resuming', () => {
    const dated = { action: 'resume', input: { deadline: 'trước ngày 20/11/2026' } } as const;
    expect(cycleAfter([suspend, day(0)], [dated, day(1)])).toBe(2);
    expect(cycleAfter([adjust('trước ngày 20/11/2026'), day(0)])).toBe(2);
    const reopen = { action: 'reopen', input: { reason: text, deadline: 'trước ngày 20/11/2026' } } as const;
    expect(cycleAfter([submit, day(0)], [{ action: 'confirm', input: {} }, day(1)], [reopen, day(2)])).toBe(
      2,
    );
    expect(cycleAfter([{ action: 'stop', input: { reason: text } }, day(0)], [reopen, day(1)])).toBe(2);
  });

  test('grows by an amendment that sets a new deadline, and by no other', () => {
    const revision = { version: 2, result: null, coordinatingUnitIds: [], monitorUnitId: 'agency' };
    const deadline = { phrase: 'trước ngày 20/11/2026', rule: null, at: at('2026-11-20 23:59:59') };
    expect(cycleAfter([{ action: 'revise', input: { ...revision, deadline } }, day(0)])).toBe(2);
    expect(cycleAfter([{ action: 'revise', input: { ...revision, deadline: null } }, day(0)])).toBe(1);
  });

  test('begins anew for a successor with a deadline of its own, who is not late for another', () => {
    const story = known();
    story.until(at('2026-11-03 08:00'));
    expect(story.try(reassign('other'), at('2026-11-03 09:00'), { actor: AGENCY })?.code).toBe(
      'deadline_in_past',
    );
    story.agency(reassign('other', 'trước ngày 27/11/2026'), at('2026-11-03 09:00'));
    const next = successorOf(story);
    expect(next.state).toMatchObject({
      unitId: 'other',
      cycle: 2,
      state: 'assigned',
      firstDeadlineAt: DUE,
      predecessorId: 'assignment',
    });
    expect(next.late(at('2026-11-03 09:00'))).toBe(false);
    expect(story.late(at('2026-12-31 09:00'))).toBe(true);
    const taken = next.until(at('2027-03-01 00:00'));
    expect(taken).toEqual(['acknowledgement', ...STORY]);
  });

  test('passes to a successor with its steps and the held time that its predecessor had', () => {
    const story = known().agency(suspend, at('2026-10-19 08:00'));
    story.agency(reassign('other'), at('2026-10-26 08:00'));
    const inherited = successorOf(story);
    expect(inherited.state).toMatchObject({ state: 'suspended', resumeTo: 'assigned', dueAt: DUE });
    const next = inherited.agency({ action: 'resume', input: {} }, at('2026-10-26 08:00')).state;
    expect(next.state).toBe('assigned');
    expect(next.dueAt).toBe(at('2026-11-06 17:30'));
    expect(next.cycle).toBe(1);
    expect(next.taken).toEqual(story.state.taken.filter(({ step }) => step !== 'acknowledgement'));
  });
});

describe('an adjustment', () => {
  test('says whether lateness so far stands: where it does, only the ladder follows the new deadline', () => {
    const story = known();
    story.until(at('2026-11-03 08:00'));
    story.agency(adjust('trước ngày 27/11/2026', true), at('2026-11-03 09:00'));
    expect(story.state).toMatchObject({ dueAt: DUE, deadlineAt: at('2026-11-27 23:59:59'), cycle: 2 });
    expect(story.late(at('2026-11-03 09:00'))).toBe(true);
    expect(story.until(at('2026-11-30 17:30'))).toEqual(STORY.slice(0, 4));
    const lifted = known().agency(adjust('trước ngày 27/11/2026', false), at('2026-11-03 09:00'));
    expect(lifted.late(at('2026-11-03 09:00'))).toBe(false);
    // There was no lateness to stand.
    const early = known().agency(adjust('trước ngày 27/11/2026', true), at('2026-10-20 09:00'));
    expect(early.state.dueAt).toBe(at('2026-11-27 23:59:59'));
  });

  test('to a date that has passed judges by it, but takes no step for what lies behind', () => {
    const story = known().agency(adjust('trước ngày 16/10/2026'), at('2026-10-28 09:00'));
    expect(story.late(at('2026-10-28 09:00'))).toBe(true);
    expect(story.until(at('2026-10-29 17:29'))).toEqual([]);
    expect(story.until(at('2026-10-29 17:30'))).toEqual(['urge']);
  });
});

describe('a deadline taken over with its past', () => {
  test('leaves lateness as it is, and the ladder counts from the issue', () => {
    const past = at('2026-09-15 23:59:59');
    const story = known({ dueAt: past, deadlineAt: past, firstDeadlineAt: past, ladderFrom: GIVEN });
    expect(story.late(GIVEN)).toBe(true);
    expect(story.until(at('2027-03-01 00:00'))).toEqual(STORY.slice(3));
    const planned = story.events.flatMap((event) =>
      event.type === 'step_taken' ? [event.data.plannedAt] : [],
    );
    expect(planned).toEqual(
      ['2026-10-06 17:30', '2026-10-08 17:30', '2026-10-12 17:30', '2026-10-19 17:30'].map(at),
    );
  });
});
