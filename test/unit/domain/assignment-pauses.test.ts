import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { spanShape } from '../../../src/domain/assignment/lateness.js';
import { addWorkingTime, endOfNextWorkingDay, workingTimeBetween } from '../../../src/domain/calendar.js';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import { DAY, HOUR, SECOND } from '../../../src/domain/instant.js';
import { AGENCY, at, DUE, GIVEN, Story } from './story.js';

const text = 'vì sao';
const submit = { action: 'submit', input: { text } } as const;
const confirm = { action: 'confirm', input: {} } as const;
const giveBack = { action: 'return', input: { reason: text } } as const;
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

const hours = (from: number, to: number): number => workingTimeBetween(OFFICE_HOURS, from, to) / HOUR;
const inTime = fc.integer({ min: GIVEN, max: DUE + SECOND - 1 });
const tooLate = fc.integer({ min: DUE + SECOND, max: DUE + 40 * DAY });
const wait = fc.integer({ min: 0, max: 60 * DAY });

describe('while the clock is held', () => {
  test('time stands still: who was in time stays in time, who was late stays late', () => {
    fc.assert(
      fc.property(fc.oneof(inTime, tooLate), wait, (when, waited) => {
        const story = new Story().agency(suspend, when);
        expect(story.late(when + waited)).toBe(when > DUE);
        expect(story.late(when + waited) ? spanShape(story.state).class : 'suspended').toBe('suspended');
      }),
    );
  });

  test('resuming adds the suspended working time, and nobody becomes or stops being late by it', () => {
    fc.assert(
      fc.property(fc.oneof(inTime, tooLate), wait, (when, waited) => {
        const story = new Story();
        const before = story.late(when);
        story.agency(suspend, when).agency(resume, when + waited);
        const held = workingTimeBetween(OFFICE_HOURS, when, when + waited);
        const added = held === 0 ? DUE : addWorkingTime(OFFICE_HOURS, DUE, held);
        // In time with only the night or the weekend ahead: then the next working day is given.
        const passed = when <= DUE && added < when + waited;
        expect(story.state.dueAt).toBe(passed ? endOfNextWorkingDay(OFFICE_HOURS, when + waited) : added);
        // Late by no working time at all, it is so again from the next moment on.
        expect(story.late(when + waited + (before ? SECOND : 0))).toBe(before);
      }),
    );
  });

  test('who was in time with only the weekend ahead has the working day after it', () => {
    const story = new Story().agency(suspend, at('2026-10-30 20:00')).agency(resume, at('2026-10-31 09:00'));
    expect(story.state.dueAt).toBe(at('2026-11-02 17:30'));
    expect(story.late(at('2026-11-02 17:30'))).toBe(false);
    const late = new Story().agency(suspend, at('2026-10-31 00:00')).agency(resume, at('2026-10-31 09:00'));
    expect(late.state.dueAt).toBe(DUE);
    expect(late.late(at('2026-10-31 09:00'))).toBe(true);
  });

  test('time stands still since the earliest of several stretches, in whatever order they were recorded', () => {
    const story = new Story().act(raise, at('2026-10-28 08:00')).agency(suspend, at('2026-11-03 08:00'));
    expect(story.late(at('2026-11-04 08:00'))).toBe(true);
    story.agency(answer(story, 'accept'), at('2026-11-04 08:00'));
    expect(story.late(at('2026-11-04 08:00'))).toBe(false);
    story.agency(resume, at('2026-11-05 08:00'));
    expect(story.state.dueAt).toBe(DUE);
    expect(story.late(at('2026-11-06 08:00'))).toBe(false);
  });

  test('an obstacle counts from its raising, not from its acceptance', () => {
    const story = new Story().act(raise, at('2026-10-26 08:00'));
    story.agency(answer(story, 'accept'), at('2026-11-04 08:00'));
    expect(story.late(at('2026-11-20 08:00'))).toBe(false);
    story.agency(answer(story, 'resolve'), at('2026-11-09 08:00'));
    expect(hours(at('2026-10-26 08:00'), at('2026-11-09 08:00'))).toBe(80);
    expect(story.state.dueAt).toBe(addWorkingTime(OFFICE_HOURS, DUE, 80 * HOUR));
  });

  test('an obstacle that was refused, or resolved before it was accepted, holds nothing', () => {
    for (const how of ['refuse', 'resolve', 'forward'] as const) {
      const story = new Story().act(raise, at('2026-10-26 08:00'));
      story.agency(answer(story, how), at('2026-11-04 08:00'));
      expect(story.state.dueAt).toBe(DUE);
      expect(story.late(at('2026-11-04 08:00'))).toBe(true);
    }
  });

  test('an accepted obstacle goes on holding when it is forwarded, and ends once', () => {
    const story = new Story().act(raise, at('2026-10-26 08:00'));
    story
      .agency(answer(story, 'accept'), at('2026-10-27 08:00'))
      .agency(answer(story, 'forward'), at('2026-10-28 08:00'));
    story.agency(answer(story, 'accept'), at('2026-10-29 08:00'));
    expect(story.state.pauses).toHaveLength(1);
    story.agency(answer(story, 'resolve'), at('2026-11-02 08:00'));
    expect(story.state.dueAt).toBe(addWorkingTime(OFFICE_HOURS, DUE, 40 * HOUR));
    expect(story.try(answer(story, 'resolve'), at('2026-11-03 08:00'), { actor: AGENCY })?.code).toBe(
      'transition_not_allowed',
    );
  });

  test('overlapping pauses add each working hour exactly once, in whatever order they begin and end', () => {
    const instant = fc.integer({ min: 0, max: 20 * 24 }).map((hour) => GIVEN + hour * HOUR);
    const stretch = fc.tuple(instant, instant, instant).map((three) => [...three].sort((a, b) => a - b));
    fc.assert(
      fc.property(
        stretch,
        stretch,
        stretch,
        ([r1 = 0, a1 = 0, e1 = 0], [r2 = 0, a2 = 0, e2 = 0], [s = 0, , e = 0]) => {
          const story = new Story({ state: 'in_progress' });
          const ids: string[] = [];
          const acts: [number, () => void][] = [
            [r1, () => ids.push(story.act(raise, r1).matter('obstacle'))],
            [a1, () => story.agency(answer(story, 'accept', ids[0]), a1)],
            [e1, () => story.agency(answer(story, 'resolve', ids[0]), e1)],
          ];
          const second: [number, () => void][] = [
            [r2, () => ids.push(story.act(raise, r2).matter('obstacle'))],
            [a2, () => story.agency(answer(story, 'accept', ids[1]), a2)],
            [e2, () => story.agency(answer(story, 'resolve', ids[1]), e2)],
          ];
          // What the unit raises, it raises while it works; the first obstacle is the earlier one.
          fc.pre(r1 <= r2 && (r2 < s || r2 > e) && (r1 < s || r1 > e));
          acts.push(...second, [s, () => story.agency(suspend, s)], [e, () => story.agency(resume, e)]);
          for (const [, act] of acts.map((one) => one).sort(([one], [other]) => one - other)) act();
          const covered = [
            [r1, e1],
            [r2, e2],
            [s, e],
          ].map(([from = 0, to = 0]) => ({ from, to }));
          const whole = workingTimeBetween(OFFICE_HOURS, GIVEN, GIVEN + 30 * DAY);
          const held = whole - workingTimeBetween(OFFICE_HOURS, GIVEN, GIVEN + 30 * DAY, covered);
          const late = addWorkingTime(OFFICE_HOURS, DUE, held);
          expect(held === 0 ? DUE : story.state.dueAt).toBe(held === 0 ? DUE : late);
        },
      ),
      { numRuns: 400 },
    );
  });

  test('where one stretch goes over into another, who was late stays late and who was in time stays in time', () => {
    // Due on a Friday at midnight. Raised on Saturday it is late, though by no working time.
    const late = new Story().act(raise, at('2026-10-31 10:00'));
    late.agency(answer(late, 'accept'), at('2026-10-31 11:00')).agency(suspend, at('2026-11-03 10:00'));
    late.agency(answer(late, 'resolve'), at('2026-11-04 10:00'));
    expect(late.late(at('2026-11-05 10:00'))).toBe(true);
    late.agency(resume, at('2026-11-06 10:00'));
    expect(late.late(at('2026-11-06 10:01'))).toBe(true);
    // Raised on Friday evening it is in time, whatever hour it is suspended at.
    const inHand = new Story().act(raise, at('2026-10-30 20:00'));
    inHand.agency(answer(inHand, 'accept'), at('2026-10-30 21:00')).agency(suspend, at('2026-11-07 10:00'));
    inHand.agency(answer(inHand, 'resolve'), at('2026-11-09 10:00'));
    expect(inHand.late(at('2026-11-10 10:00'))).toBe(false);
    inHand.agency(resume, at('2026-11-10 20:00'));
    expect(inHand.late(at('2026-11-10 20:00'))).toBe(false);
    expect(inHand.late(at('2026-11-11 17:31'))).toBe(true);
  });

  test('a submission ends the clock of an obstacle that still runs, and is judged with the time it held', () => {
    const story = new Story().act(raise, at('2026-10-28 08:00'));
    story.agency(answer(story, 'accept'), at('2026-10-28 09:00')).act(submit, at('2026-11-05 08:00'));
    expect(story.state.submission).toMatchObject({ late: false });
    expect(story.late(at('2026-11-30 08:00'))).toBe(false);
    expect(story.state.dueAt).toBe(addWorkingTime(OFFICE_HOURS, DUE, 48 * HOUR));
    story.agency(answer(story, 'resolve'), at('2026-11-12 08:00'));
    expect(story.state.dueAt).toBe(addWorkingTime(OFFICE_HOURS, DUE, 48 * HOUR));
  });

  test('a result returned while the obstacle still runs is held again', () => {
    const story = new Story().act(raise, at('2026-10-28 08:00'));
    story.agency(answer(story, 'accept'), at('2026-10-28 09:00')).act(submit, at('2026-10-29 08:00'));
    story.agency(giveBack, at('2026-11-02 08:00'));
    expect(story.late(at('2026-12-20 08:00'))).toBe(false);
    const due = story.state.dueAt ?? 0;
    story.agency(answer(story, 'resolve'), at('2026-11-04 08:00'));
    expect(story.state.dueAt).toBe(addWorkingTime(OFFICE_HOURS, due, 16 * HOUR));
  });

  test('an obstacle accepted only after the submission saves it from being late', () => {
    const story = new Story().act(raise, at('2026-10-28 08:00')).act(submit, at('2026-11-03 08:00'));
    expect(story.late(at('2026-11-04 08:00'))).toBe(true);
    story.agency(answer(story, 'accept'), at('2026-11-04 08:00'));
    expect(story.late(at('2026-11-04 08:00'))).toBe(false);
    story.agency(confirm, at('2026-11-05 08:00'));
    expect(story.events.at(-1)).toMatchObject({ type: 'confirmed', data: { late: false } });
  });

  test('stopped or moved while held in time, the assignment is not late for what came after', () => {
    for (const end of ['stop', 'carry_over'] as const) {
      const story = new Story().agency(suspend, at('2026-10-20 08:00'));
      story.agency({ action: end, input: { reason: text } }, at('2026-11-20 08:00'));
      expect(story.late(at('2026-12-01 08:00'))).toBe(false);
    }
  });

  test('the ladder that counted from elsewhere moves on as well', () => {
    const story = new Story().act(submit, at('2026-11-03 09:00')).agency(giveBack, at('2026-11-04 08:00'));
    const from = story.state.ladderFrom ?? 0;
    story.agency(suspend, at('2026-11-05 08:00')).agency(resume, at('2026-11-19 08:00'));
    expect(story.state.ladderFrom).toBe(addWorkingTime(OFFICE_HOURS, from, 80 * HOUR));
    expect(story.until(at('2026-11-20 08:00'))).not.toContain('urge');
  });

  test('a contest holds the clock until it is answered', () => {
    const story = new Story().act(
      { action: 'contest', input: { reason: 'wrong_file', text } },
      at('2026-10-06 08:00'),
    );
    expect(story.late(DUE + 30 * DAY)).toBe(false);
    story.agency({ action: 'answer_contest', input: { answer: 'reject', text } }, at('2026-10-13 08:00'));
    expect(story.state).toMatchObject({
      state: 'acknowledged',
      dueAt: addWorkingTime(OFFICE_HOURS, DUE, 40 * HOUR),
    });
  });

  test('a suspension of a contested assignment is not added beside the contest', () => {
    const story = new Story().act(
      { action: 'contest', input: { reason: 'wrong_file', text } },
      at('2026-10-06 08:00'),
    );
    story.agency(suspend, at('2026-10-07 08:00')).agency(resume, at('2026-10-09 08:00'));
    expect(story.state).toMatchObject({ state: 'contested', dueAt: DUE });
    story.agency({ action: 'answer_contest', input: { answer: 'reject', text } }, at('2026-10-13 08:00'));
    expect(story.state.dueAt).toBe(addWorkingTime(OFFICE_HOURS, DUE, 40 * HOUR));
  });
});
