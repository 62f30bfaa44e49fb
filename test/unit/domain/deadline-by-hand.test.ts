import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AssignmentEvent } from '../../../src/domain/assignment/events.js';
import type { Calendar } from '../../../src/domain/calendar.js';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import { DAY, HOUR } from '../../../src/domain/instant.js';
import { assignmentMessages } from '../../../src/domain/messages.js';
import { AGENCY, at, DUE, FACTS, GIVEN, Story } from './story.js';

const reason = 'vì sao';
const deadline = 'trong 20 ngày làm việc';
const STORM: Calendar = {
  ...OFFICE_HOURS,
  version: 2,
  days: ['2026-10-12', '2026-10-13', '2026-11-04', '2026-11-05', '2026-11-10'].map((date) => ({
    date,
    kind: 'holiday' as const,
    intervals: [],
    name: 'Nghỉ',
    source: 'thử',
  })),
};

/** Each act that sets a deadline of this one assignment, though its words hold a rule that counts working days. */
const BY_HAND: readonly (readonly [string, () => Story])[] = [
  [
    'an adjustment',
    () =>
      new Story().agency(
        { action: 'adjust_deadline', input: { deadline, latenessStands: false, reason } },
        GIVEN + HOUR,
      ),
  ],
  [
    'an extension granted as it was asked',
    () => {
      const story = new Story().act(
        { action: 'request_extension', input: { deadline: 'trước ngày 20/11/2026', reason } },
        GIVEN + HOUR,
      );
      const id = story.matter('extension');
      return story.agency(
        { action: 'decide_extension', input: { id, decision: 'grant', reason } },
        GIVEN + 2 * HOUR,
      );
    },
  ],
  [
    'an extension granted by a rule',
    () => {
      const story = new Story().act(
        { action: 'request_extension', input: { deadline: 'trước ngày 20/11/2026', reason } },
        GIVEN + HOUR,
      );
      const id = story.matter('extension');
      return story.agency(
        { action: 'decide_extension', input: { id, decision: 'grant', deadline, reason } },
        at('2026-10-08 09:00'),
      );
    },
  ],
  [
    'a resuming with a deadline',
    () =>
      new Story()
        .agency({ action: 'suspend', input: { reason } }, GIVEN + HOUR)
        .agency({ action: 'resume', input: { deadline } }, GIVEN + 2 * HOUR),
  ],
  [
    'a reopening',
    () =>
      new Story()
        .act({ action: 'submit', input: { text: reason } }, GIVEN + HOUR)
        .agency({ action: 'confirm', input: {} }, GIVEN + 2 * HOUR)
        .agency({ action: 'reopen', input: { deadline, reason } }, GIVEN + 3 * HOUR),
  ],
];

describe('a deadline that was set by hand', () => {
  test.each(BY_HAND)('by %s never moves by itself', (_how, told) => {
    const story = told();
    const { deadlineAt, dueAt } = story.state;
    story.act(
      {
        action: 'apply_calendar',
        input: {
          ...{ editId: 'e', before: OFFICE_HOURS, officeBefore: OFFICE_HOURS },
          ...{ keepsPast: false, reason, source: 'thử' },
        },
      },
      at('2026-10-09 09:00'),
      { actor: { kind: 'system' }, calendar: STORM },
    );
    expect(story.state).toMatchObject({ deadlineAt, dueAt, calendar: { version: 2 } });
    expect(story.state.deadline.byHand).toBe(true);
  });
});

describe('a reopening', () => {
  const spoken = (story: Story, events: readonly AssignmentEvent[]): (number | string | null | undefined)[] =>
    events.flatMap((event) =>
      assignmentMessages(event, story.state, FACTS).map(({ params }) => params.deadline),
    );

  test('asks for a new deadline and is silent about the old one, however long that has passed', () => {
    const when = fc.integer({ min: 0, max: 300 }).map((days) => at('2026-10-12 09:00') + days * DAY);
    fc.assert(
      fc.property(when, fc.boolean(), (reopened, stopped) => {
        const story = new Story().act({ action: 'acknowledge', input: {} }, GIVEN + HOUR);
        if (stopped) story.agency({ action: 'stop', input: { reason } }, at('2026-10-08 09:00'));
        else {
          story.act({ action: 'submit', input: { text: reason } }, at('2026-10-07 09:00'));
          story.agency({ action: 'confirm', input: {} }, at('2026-10-08 09:00'));
        }
        expect(story.state.firstDeadlineAt).toBe(DUE);
        const before = story.events.length;
        story.agency({ action: 'reopen', input: { deadline: 'within 60 days', reason } }, reopened);
        const due = story.state.dueAt ?? 0;
        expect(due).toBeGreaterThan(reopened);
        // Until the new deadline nobody is urged, and nothing that is said names the old one.
        const steps = story.until(due);
        expect(steps.filter((step) => !step.startsWith('remind'))).toEqual([]);
        expect(story.late(due)).toBe(false);
        const named = spoken(story, story.events.slice(before));
        expect(named.length).toBeGreaterThan(0);
        expect(new Set(named)).toEqual(new Set([due]));
        expect(story.state.firstDeadlineAt).toBe(DUE);
      }),
      { numRuns: 60 },
    );
  });

  test('without a deadline that lies ahead is refused', () => {
    const story = new Story()
      .act({ action: 'submit', input: { text: reason } }, GIVEN + HOUR)
      .agency({ action: 'confirm', input: {} }, GIVEN + 2 * HOUR);
    const past = { action: 'reopen', input: { deadline: 'trước ngày 6/10/2026', reason } } as const;
    expect(story.try(past, at('2026-10-20 09:00'), { actor: AGENCY })?.code).toBe('deadline_in_past');
  });
});
