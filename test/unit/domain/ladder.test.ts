import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CLOCK } from '../../../src/domain/actor.js';
import type { AssignmentCommand } from '../../../src/domain/assignment/commands.js';
import { candidates, nextStep } from '../../../src/domain/assignment/steps.js';
import { DAY, HOUR, MINUTE } from '../../../src/domain/instant.js';
import { DEFAULT_POLICY, type DirectivePolicy } from '../../../src/domain/policy.js';
import { AGENCY, at, context, DUE, FACTS, GIVEN, PAPER, proposalIn, Story } from './story.js';

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

/** An assignment that the unit knows of, so that only the ladder is left to wait for. */
const known = (over = {}): Story => new Story(over).act(acknowledge, GIVEN + HOUR);
const STORY = ['remind-7', 'remind-3', 'remind-1', 'urge', 'urging-letter', 'supervisor', 'refer'];

describe('a unit that stays silent', () => {
  test('is reminded, urged, shown to the supervisor and proposed, each at its working day and once', () => {
    const story = known();
    expect(story.until(at('2027-06-30 00:00'))).toEqual(STORY);
    const planned = story.events.flatMap((event) =>
      event.type === 'step_taken' ? [event.data.plannedAt] : [],
    );
    expect(planned).toEqual(
      [
        '2026-10-21 08:00',
        '2026-10-27 08:00',
        '2026-10-29 08:00',
        '2026-11-02 17:30',
        '2026-11-04 17:30',
        '2026-11-06 17:30',
        '2026-11-13 17:30',
      ].map(at),
    );
    expect(nextStep(story.state, context(GIVEN))).toBeNull();
  });

  test('is reminded to acknowledge after two working days, and never again by a new deadline', () => {
    const story = new Story();
    expect(story.until(at('2026-10-08 08:00'))).toEqual(['acknowledgement']);
    story.agency(adjust('trước ngày 20/11/2026'), at('2026-10-09 09:00'));
    expect(story.until(at('2026-10-15 08:00'))).toEqual([]);
  });

  test('is proposed once, with the facts as they stand', () => {
    const story = known();
    story.until(at('2026-11-30 00:00'));
    expect(story.spawned).toHaveLength(1);
    expect(proposalIn(story).data).toMatchObject({
      state: 'proposed',
      unitId: 'lead',
      windowEndsAt: at('2026-11-20 17:30'),
      facts: { late: true, dueAt: DUE, firstDeadlineAt: DUE, cycle: 1, submittedAt: null },
    });
    const { facts } = proposalIn(story).data;
    // Ten working days after a Friday night: 80 working hours.
    expect(facts).toMatchObject({ about: 'assignment', lateByMs: 80 * HOUR });
    expect(facts.about === 'assignment' && facts.steps.map((step) => step.step)).toEqual(STORY);
  });
});

describe('each rung', () => {
  test('is taken at most once per cycle, whatever happens and whenever the clock wakes', () => {
    const move = fc.tuple(
      fc.integer({ min: MINUTE, max: 9 * DAY }),
      fc.constantFrom<(story: Story) => AssignmentCommand>(
        () => submit,
        () => giveBack,
        () => suspend,
        () => resume,
        () => ask('within 20 working days'),
        (story) => grant(story),
        (story) => refuse(story),
        () => adjust('within 5 working days'),
        () => ({ action: 'confirm', input: {} }),
        () => ({ action: 'reopen', input: { reason: text, deadline: 'within 5 working days' } }),
        () => ({ action: 'take_steps' }),
      ),
      fc.boolean(),
    );
    fc.assert(
      fc.property(fc.array(move, { maxLength: 30 }), (moves) => {
        const story = known();
        let now = GIVEN + HOUR;
        for (const [gap, command, wakes] of moves) {
          now += gap;
          if (wakes) story.until(now);
          const made = command(story);
          const actor =
            made.action === 'take_steps'
              ? CLOCK
              : made.action === 'submit' || made.action === 'request_extension'
                ? undefined
                : AGENCY;
          story.try(made, now, {
            ...(actor === undefined ? {} : { actor }),
            ...(actor === AGENCY ? { document: PAPER } : {}),
          });
        }
        const rungs = story.events.flatMap((event) =>
          event.type === 'step_taken' ? [`${event.data.cycle} ${event.data.step}`] : [],
        );
        expect(rungs.length).toBe(new Set(rungs).size);
      }),
      { numRuns: 150 },
    );
  });

  test('reminders whose day lay before the deadline was set are not owed', () => {
    const late = known({ dueAt: at('2026-10-08 23:59:59'), deadlineAt: at('2026-10-08 23:59:59') });
    expect(late.until(at('2026-10-09 00:00'))).toEqual(['remind-1']);
    const adjusted = known();
    adjusted.agency(adjust('trước ngày 26/10/2026'), at('2026-10-20 09:00'));
    expect(adjusted.until(at('2026-10-27 00:00'))).toEqual(['remind-3', 'remind-1']);
  });

  test('reminders whose day lay before a return or a new deadline on resuming are not owed', () => {
    const story = known().act(submit, at('2026-10-20 09:00'));
    story.agency(giveBack, at('2026-10-30 09:00'));
    // 71 working hours were left: until 11 November. Seven working days before is 2 November.
    expect(story.until(at('2026-11-02 07:59'))).toEqual([]);
    expect(story.until(at('2026-11-02 08:00'))).toEqual(['remind-7']);
    // Returned long after a submission on the last day: until 17 November, and only the last reminder lies ahead.
    const slow = known().act(submit, at('2026-10-29 09:00')).agency(giveBack, at('2026-11-12 09:00'));
    expect(slow.until(at('2026-11-16 07:59'))).toEqual([]);
    expect(slow.until(at('2026-11-16 08:00'))).toEqual(['remind-1']);
    const short = known().act(submit, at('2026-10-20 09:00')).agency(giveBack, at('2026-10-20 10:00'));
    short.agency(suspend, at('2026-10-20 11:00'));
    short.agency({ action: 'resume', input: { deadline: 'trước ngày 26/11/2026' } }, at('2026-11-24 09:00'));
    expect(short.until(at('2026-11-25 07:00'))).toEqual([]);
    expect(short.until(at('2026-11-25 08:00'))).toEqual(['remind-1']);
  });
});

describe('a submission', () => {
  test('stops the steps, and a return lets them go on where they stood', () => {
    const story = known();
    expect(story.until(at('2026-11-03 08:00'))).toEqual(STORY.slice(0, 4));
    story.act(submit, at('2026-11-03 09:00'));
    expect(story.until(at('2026-12-15 00:00'))).toEqual([`confirmation:${story.state.submission?.id ?? ''}`]);
    story.agency(giveBack, at('2026-12-15 09:00'));
    // The time to mend ends on the 18th; the rungs above urging count from there.
    expect(story.until(at('2027-03-01 00:00'))).toEqual(STORY.slice(4));
    const letter = story.events.findLast(
      (event) => event.type === 'step_taken' && event.data.step === 'urging-letter',
    );
    expect(letter).toMatchObject({ data: { plannedAt: at('2026-12-23 17:30'), cycle: 1 } });
  });

  test('gives the confirmer three working days, and shows a late confirmation to the supervisor', () => {
    const story = known().act(submit, at('2026-10-12 09:00'));
    const confirmation = candidates(story.state, context(GIVEN)).find((one) =>
      one.step.startsWith('confirmation'),
    );
    expect(confirmation).toMatchObject({ at: at('2026-10-15 17:30'), to: ['monitor', 'supervisor'] });
  });
});

describe('after an outage', () => {
  test('every missed step is recorded once, and only the highest message goes to each recipient', () => {
    const story = known();
    expect(story.clock(at('2026-11-30 09:00'))).toEqual(STORY);
    const sent = story.events.flatMap((event) =>
      event.type === 'step_taken' ? [[event.data.step, ...event.data.sends]] : [],
    );
    expect(sent).toEqual([
      ['remind-7'],
      ['remind-3'],
      ['remind-1'],
      ['urge', 'officer'],
      ['urging-letter'],
      ['supervisor', 'supervisor'],
      ['refer', 'head', 'standing_agency'],
    ]);
    for (const event of story.events)
      if (event.type === 'step_taken') expect(event.data.takenAt).toBe(at('2026-11-30 09:00'));
    expect(story.clock(at('2026-12-30 09:00'))).toEqual([]);
    expect(story.spawned).toHaveLength(1);
  });

  test('the highest counts by its height, not by its day', () => {
    const rung = (step: string, kind: 'urge' | 'supervisor', days: number) =>
      ({ step, kind, when: 'after', offset: { value: days, unit: 'wd' }, to: ['head'] }) as const;
    const policy: DirectivePolicy = {
      ...DEFAULT_POLICY,
      ladder: [rung('early', 'supervisor', 1), rung('again', 'urge', 3), rung('third', 'urge', 4)],
    };
    const story = new Story({}, { policy }).act(acknowledge, GIVEN + HOUR);
    expect(story.clock(at('2026-12-01 09:00'))).toEqual(['early', 'again', 'third']);
    const sent = story.events.flatMap((event) => (event.type === 'step_taken' ? [event.data.sends] : []));
    expect(sent).toEqual([['head'], [], []]);
  });

  test('a step is due at its instant and not before', () => {
    const story = known();
    expect(story.clock(at('2026-10-21 08:00') - 1)).toEqual([]);
    expect(story.clock(at('2026-10-21 08:00'))).toEqual(['remind-7']);
  });
});

describe('the ladder stands still', () => {
  test.each([
    ['suspended', (story: Story) => story.agency(suspend, at('2026-10-20 09:00'))],
    [
      'contested',
      (story: Story) =>
        story.act({ action: 'contest', input: { reason: 'other', text } }, at('2026-10-07 09:00')),
    ],
    ['submitted', (story: Story) => story.act(submit, at('2026-10-20 09:00'))],
    ['provisional', (story: Story) => Object.assign(story, { state: { ...story.state, provisional: true } })],
    ['regular', (story: Story) => Object.assign(story, { state: { ...story.state, recurrence: 'regular' } })],
  ])('while the assignment is %s', (_name, hold) => {
    const story = hold(known());
    const planned = candidates(story.state, context(at('2026-12-20 00:00')));
    expect(planned.filter((candidate) => candidate.rung !== null)).toEqual([]);
  });

  test('while an obstacle holds the clock, and makes void what was taken since its raising', () => {
    const story = known().act(
      { action: 'raise_obstacle', input: { cause: 'legal_basis', text } },
      at('2026-10-28 09:00'),
    );
    story.until(at('2026-11-05 08:00'));
    const accept = {
      action: 'answer_obstacle',
      input: { id: story.matter('obstacle'), answer: 'accept', text },
    } as const;
    story.agency(accept, at('2026-11-05 09:00'));
    expect(story.state.taken.filter((step) => step.voided).map((step) => step.step)).toEqual([
      'urge',
      'urging-letter',
    ]);
    expect(story.until(at('2027-02-01 00:00')).filter((step) => !step.includes(':'))).toEqual([]);
  });

  test.each([
    ['an obstacle', { action: 'raise_obstacle', input: { cause: 'data', text } }],
    ['a cause', { action: 'state_cause', input: { cause: 'data', objective: true, text } }],
  ] as const)('below the referral while %s is undecided', (_name, command) => {
    const story = known();
    story.until(at('2026-11-03 08:00'));
    story.act(command, at('2026-11-03 09:00'));
    const taken = story.until(at('2027-02-01 00:00')).filter((step) => !step.includes(':'));
    expect(taken).toEqual(['urging-letter', 'supervisor']);
    expect(story.spawned).toEqual([]);
  });
});

describe('other clocks', () => {
  test('a regular assignment concludes on the end date of its directive, and nothing follows', () => {
    const ask = {
      action: 'ask_contribution',
      input: { unitId: 'asked', deadline: 'trước ngày 15/01/2027', text },
    } as const;
    const story = known({ recurrence: 'regular', dueAt: null }).act(ask, at('2026-10-07 09:00'));
    expect(story.clock(at('2027-02-01 09:00'))).toEqual(['conclusion']);
    expect(story.state).toMatchObject({ state: 'concluded', endedAt: FACTS.endsAt });
    expect(story.clock(at('2027-03-01 09:00'))).toEqual([]);
  });

  test('a contribution and an explanation run over, and are still answered', () => {
    const story = known();
    story.act(
      { action: 'ask_contribution', input: { unitId: 'asked', deadline: 'trước ngày 12/10/2026', text } },
      at('2026-10-07 09:00'),
    );
    story.agency(
      { action: 'request_explanation', input: { deadline: 'trước ngày 12/10/2026', text } },
      at('2026-10-07 10:00'),
    );
    story.until(at('2026-10-13 09:00'));
    expect(story.state.matters.map((matter) => matter.state)).toEqual(['overdue', 'overdue']);
    story.act(
      { action: 'answer_explanation', input: { id: story.matter('explanation'), text } },
      at('2026-10-13 10:00'),
    );
    expect(story.state.matters.map((matter) => matter.state)).toEqual(['overdue', 'answered']);
  });

  test('those who must answer are reminded once, together with the supervisor', () => {
    const story = known().act(ask('trước ngày 20/11/2026'), at('2026-10-12 09:00'));
    const due = candidates(story.state, context(GIVEN)).find((one) => one.step.startsWith('extension:'));
    expect(due).toMatchObject({ at: at('2026-10-15 17:30'), to: ['standing_agency', 'supervisor'] });
    expect(story.until(at('2026-10-20 09:00'))).toEqual([`extension:${story.matter('extension')}`]);
  });

  test('only the clock takes steps', () => {
    expect(known().try({ action: 'take_steps' }, DUE, { actor: AGENCY })?.code).toBe('forbidden');
  });
});
