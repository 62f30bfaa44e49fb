import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AssignmentCommand } from '../../../src/domain/assignment/commands.js';
import { spanShape } from '../../../src/domain/assignment/lateness.js';
import { addWorkingTime, workingTimeBetween } from '../../../src/domain/calendar.js';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import { addDuration } from '../../../src/domain/duration.js';
import { DAY, MINUTE, SECOND } from '../../../src/domain/instant.js';
import { AGENCY, at, DUE, GIVEN, PAPER, Story, SUPERVISOR } from './story.js';

const text = 'vì sao';
const submit = { action: 'submit', input: { text } } as const;
const confirm = { action: 'confirm', input: {} } as const;
const recall = { action: 'recall', input: { reason: text } } as const;
const giveBack = { action: 'return', input: { reason: text } } as const;
const acceptPart = { action: 'accept_part', input: { share: 0.5, reason: text } } as const;
const suspend = { action: 'suspend', input: { reason: text } } as const;
const resume = { action: 'resume', input: {} } as const;
const raise = { action: 'raise_obstacle', input: { cause: 'data', text } } as const;
const answer = (
  story: Story,
  how: 'accept' | 'refuse' | 'forward' | 'resolve',
  id = story.matter('obstacle'),
) =>
  ({
    action: 'answer_obstacle',
    input: { id, answer: how, text, ...(how === 'forward' ? { holderUnitId: 'other' } : {}) },
  }) as const;
const decideCause = (story: Story) =>
  ({ action: 'decide_cause', input: { id: story.matter('cause'), confirmed: true, text } }) as const;

const THREE_DAYS = { value: 3, unit: 'wd' } as const;
const inTime = fc.integer({ min: GIVEN, max: DUE + SECOND - 1 });
const tooLate = fc.integer({ min: DUE + SECOND, max: DUE + 40 * DAY });
/** Late by working time too, so that the next working moment is late as well. */
const lateByHours = fc.integer({ min: at('2026-11-02 09:00'), max: DUE + 40 * DAY });
const wait = fc.integer({ min: 0, max: 60 * DAY });

describe('a submission', () => {
  test('judged at or before the deadline is never late, whatever the confirmer does and however long it takes', () => {
    const doing = fc.constantFrom<AssignmentCommand>(giveBack, confirm, acceptPart);
    fc.assert(
      fc.property(inTime, wait, doing, wait, (when, waited, command, later) => {
        const story = new Story().act(submit, when);
        expect(story.state.submission?.late).toBe(false);
        expect(story.late(when + waited)).toBe(false);
        story.agency(command, when + waited);
        // After a return there is time to mend; what was confirmed stays on time for ever.
        const mend = addDuration(OFFICE_HOURS, when + waited, THREE_DAYS);
        expect(story.late(command.action === 'confirm' ? when + waited + later : mend)).toBe(false);
        if (command.action === 'confirm')
          expect(spanShape(story.state)).toMatchObject({ class: 'done', late: false });
      }),
      { numRuns: 300 },
    );
  });

  test('within the second of the deadline is on time, one second later is late', () => {
    const judged = (now: number) => new Story().act(submit, now).state.submission?.late;
    expect([judged(DUE), judged(DUE + 999), judged(DUE + 1000)]).toEqual([false, false, true]);
  });

  test('waiting counts as if it had been accepted', () => {
    fc.assert(
      fc.property(fc.oneof(inTime, tooLate), wait, (when, waited) => {
        const story = new Story().act(submit, when);
        const waiting = spanShape(story.state).late;
        story.agency(confirm, when + waited);
        expect(spanShape(story.state).late).toBe(waiting);
        expect(story.events.at(-1)).toMatchObject({ type: 'confirmed', data: { late: waiting } });
      }),
    );
  });

  test('that was late stays late through returns, new submissions, pauses and the end', () => {
    fc.assert(
      fc.property(
        lateByHours,
        fc.array(fc.integer({ min: MINUTE, max: 9 * DAY }), { minLength: 8, maxLength: 8 }),
        (when, gaps) => {
          let now = when;
          const next = (place: number): number => (now += gaps[place] ?? 0);
          const story = new Story().act(submit, now);
          const stays = (): void => expect(story.late(now)).toBe(true);
          story.agency(suspend, next(0)).agency(resume, next(1));
          stays();
          story.agency(giveBack, next(2));
          stays();
          story.act(raise, next(3)).agency(answer(story, 'accept'), next(4));
          stays();
          story.act(submit, next(5)).agency(answer(story, 'resolve'), next(6));
          stays();
          story.agency(confirm, next(7));
          stays();
          expect(spanShape(story.state)).toMatchObject({ class: 'done', late: true });
        },
      ),
      { numRuns: 200 },
    );
  });

  test('recalled is no longer a submission: time runs by the old deadline', () => {
    const story = new Story().act(submit, at('2026-10-29 09:00')).act(recall, at('2026-11-03 09:00'));
    expect(story.state).toMatchObject({ state: 'in_progress', submission: null, dueAt: DUE });
    expect(story.late(at('2026-11-03 09:00'))).toBe(true);
  });

  test('recalled after a suspension gets the suspended time back, for it stood still', () => {
    const story = new Story().act(submit, at('2026-10-28 08:00'));
    story.agency(suspend, at('2026-10-29 08:00')).agency(resume, at('2026-11-05 08:00'));
    expect(story.state.dueAt).toBe(DUE);
    story.act(recall, at('2026-11-05 09:00'));
    // Five working days were suspended: from Friday 30 October it is Friday 6 November.
    expect(story.state.dueAt).toBe(at('2026-11-06 17:30'));
  });

  test('received before a step but written after it makes the step void, and only that one', () => {
    const story = new Story();
    story.until(at('2026-11-06 18:00'));
    const paper = { actor: AGENCY, document: PAPER, happenedAt: at('2026-11-03 10:00') };
    story.act(submit, at('2026-11-09 09:00'), paper);
    const voided = story.state.taken.filter((step) => step.voided).map((step) => step.step);
    expect(voided).toEqual(['urging-letter', 'supervisor']);
    expect(story.state.taken.find((step) => step.step === 'urge')?.voided).toBe(false);
    expect(story.late(at('2026-11-09 09:00'))).toBe(true);
  });
});

describe('a return', () => {
  test('gives the working time that was left at submission, and at least three working days', () => {
    fc.assert(
      fc.property(inTime, wait, (when, waited) => {
        const story = new Story().act(submit, when).agency(giveBack, when + waited);
        const left = workingTimeBetween(OFFICE_HOURS, Math.floor(when / SECOND) * SECOND, DUE);
        const atLeast = addDuration(OFFICE_HOURS, when + waited, THREE_DAYS);
        expect(story.state.dueAt).toBe(
          Math.max(DUE, atLeast, addWorkingTime(OFFICE_HOURS, when + waited, left)),
        );
      }),
    );
  });

  test('of a late submission gives time to mend before the steps go on, and no lateness back', () => {
    const story = new Story().act(submit, at('2026-11-03 09:00')).agency(giveBack, at('2026-11-10 09:00'));
    expect(story.state).toMatchObject({ dueAt: DUE, ladderFrom: at('2026-11-13 17:30') });
    expect(story.late(at('2026-11-10 09:00'))).toBe(true);
    expect(story.until(at('2026-11-16 17:29'))).not.toContain('urge');
    expect(story.until(at('2026-11-16 17:30'))).toContain('urge');
  });

  test('entered from an older paper counts from when it is entered, for the unit learns of it then', () => {
    const story = new Story().act(submit, at('2026-10-29 09:00'));
    story.agency(giveBack, at('2026-11-10 09:00'), { happenedAt: at('2026-11-02 09:00') });
    expect(story.state.dueAt).toBe(at('2026-11-13 17:30'));
  });

  test('keeps the cycle and the first deadline', () => {
    const story = new Story().act(submit, at('2026-10-29 09:00')).agency(giveBack, at('2026-11-10 09:00'));
    expect(story.state).toMatchObject({ cycle: 1, firstDeadlineAt: DUE, deadlineAt: DUE, returns: 1 });
  });
});

describe('a part that was accepted', () => {
  test('leaves the assignment open under its deadline', () => {
    const story = new Story().act(submit, at('2026-10-12 09:00')).agency(acceptPart, at('2026-10-14 09:00'));
    expect(story.state).toMatchObject({
      state: 'in_progress',
      dueAt: DUE,
      acceptedShare: 0.5,
      submission: null,
    });
  });

  test('after its deadline passed while it waited gives the time that a return gives', () => {
    const story = new Story().act(submit, at('2026-10-29 08:00')).agency(acceptPart, at('2026-11-10 09:00'));
    expect(story.state.dueAt).toBe(at('2026-11-13 17:30'));
    expect(story.late(at('2026-11-13 17:30'))).toBe(false);
  });

  test('grows, and is less than the whole', () => {
    const story = new Story().act(submit, at('2026-10-12 09:00')).agency(acceptPart, at('2026-10-14 09:00'));
    story.act(submit, at('2026-10-15 09:00'));
    const share = (value: number) =>
      ({ action: 'accept_part', input: { share: value, reason: text } }) as const;
    for (const wrong of [0.5, 0.2, 1, 1.5])
      expect(story.try(share(wrong), at('2026-10-16 09:00'), { actor: AGENCY })?.code).toBe('invalid_body');
    expect(story.try(share(0.75), at('2026-10-16 09:00'), { actor: AGENCY })).toBeNull();
  });

  test('begins anew when the assignment is reopened', () => {
    const story = new Story().act(submit, at('2026-10-12 09:00')).agency(confirm, at('2026-10-14 09:00'));
    story.agency(
      { action: 'reopen', input: { reason: text, deadline: 'trước 20/11/2026' } },
      at('2026-10-20 09:00'),
    );
    story.act(submit, at('2026-10-21 09:00')).agency(acceptPart, at('2026-10-22 09:00'));
    expect(story.state.acceptedShare).toBe(0.5);
  });
});

describe('never late', () => {
  test('is what is regular or provisional', () => {
    fc.assert(
      fc.property(fc.integer({ min: GIVEN, max: DUE + 400 * DAY }), (now) => {
        expect(new Story({ recurrence: 'regular' }).late(now)).toBe(false);
        expect(new Story({ provisional: true }).late(now)).toBe(false);
        const story = new Story({ provisional: true }).act(submit, now);
        expect([story.state.submission?.late, story.late(now + DAY)]).toEqual([false, false]);
      }),
    );
  });
});

describe('a cause', () => {
  const state = { action: 'state_cause', input: { cause: 'data', objective: true, text } } as const;

  test('is stated once the assignment is overdue, and one at a time', () => {
    const story = new Story();
    expect(story.try(state, DUE + 999)?.code).toBe('transition_not_allowed');
    story.act(state, DUE + 1000);
    expect(story.try(state, DUE + 2000)?.code).toBe('matter_already_open');
  });

  test('is still decided after the late result was confirmed, and excuses no lateness by itself', () => {
    const story = new Story()
      .act(state, DUE + DAY)
      .act(submit, DUE + 2 * DAY)
      .agency(confirm, DUE + 4 * DAY);
    expect(story.state.matters).toMatchObject([{ kind: 'cause', state: 'stated' }]);
    story.act(decideCause(story), DUE + 5 * DAY, { actor: AGENCY });
    expect(story.state.matters).toMatchObject([{ kind: 'cause', state: 'confirmed_objective' }]);
    expect(story.late(DUE + 6 * DAY)).toBe(true);
  });

  test('of what was done late may be stated after the confirmation', () => {
    const story = new Story().act(submit, DUE + 2 * DAY).agency(confirm, DUE + 4 * DAY);
    expect(story.try(state, DUE + 5 * DAY)).toBeNull();
    const done = new Story().act(submit, DUE).agency(confirm, DUE + 4 * DAY);
    expect(done.try(state, DUE + 5 * DAY)?.code).toBe('transition_not_allowed');
  });
});

describe('the end', () => {
  test('lapses what is pending but a cause', () => {
    const story = new Story({ state: 'in_progress' });
    story.act(
      { action: 'request_extension', input: { deadline: 'trước 20/11/2026', reason: text } },
      at('2026-10-06 09:00'),
    );
    story.act(raise, at('2026-10-06 09:01'));
    story.act(
      { action: 'ask_contribution', input: { unitId: 'asked', deadline: 'trước 20/12/2026', text } },
      at('2026-10-06 09:02'),
    );
    story.act(
      { action: 'request_explanation', input: { deadline: 'trước 20/12/2026', text } },
      at('2026-10-06 09:03'),
      { actor: SUPERVISOR },
    );
    story.act({ action: 'state_cause', input: { cause: 'data', objective: true, text } }, DUE + DAY);
    story.agency({ action: 'stop', input: { reason: text } }, DUE + 2 * DAY);
    expect(story.state.matters.map((matter) => [matter.kind, matter.state])).toEqual([
      ['extension', 'lapsed'],
      ['obstacle', 'lapsed'],
      ['contribution', 'lapsed'],
      ['explanation', 'lapsed'],
      ['cause', 'stated'],
    ]);
  });
});
