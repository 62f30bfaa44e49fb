import { describe, expect, test } from '@jest/globals';
import { nextStep } from '../../../src/domain/assignment/steps.js';
import { addWorkingDays, addWorkingTime } from '../../../src/domain/calendar.js';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import { HOUR } from '../../../src/domain/instant.js';
import { assignmentMessages } from '../../../src/domain/messages.js';
import { AGENCY, at, context, DUE, FACTS, person, Story, SUPERVISOR } from './story.js';

const text = 'vì sao';
const raise = { action: 'raise_obstacle', input: { cause: 'data', text } } as const;
const LETTER = { number: '45/CV-TCT', date: '2026-10-20' };
const MINISTRY = { name: 'Bộ Tư pháp', letter: LETTER };
const HOLDER = person('unit', 'holder');

const answer = (story: Story, how: 'accept' | 'refuse' | 'resolve') =>
  ({ action: 'answer_obstacle', input: { id: story.matter('obstacle'), answer: how, text } }) as const;
const forward = (story: Story, to: { holderUnitId?: string; outside?: typeof MINISTRY }) =>
  ({
    action: 'answer_obstacle',
    input: { id: story.matter('obstacle'), answer: 'forward', text, ...to },
  }) as const;
const planned = (story: Story) =>
  nextStep(story.state, context(story.state.lastRecordedAt, { actor: AGENCY }));
const toldBy = (story: Story): string[] => {
  const last = story.events.at(-1);
  if (last === undefined) throw new Error('Nothing happened');
  return assignmentMessages(last, story.state, FACTS).map(
    ({ template, to, unitId }) => `${template} ${unitId ?? to}`,
  );
};

describe('a forwarded obstacle', () => {
  test('has a clock of its holder’s own, from the forwarding, though the first one has run out', () => {
    const story = new Story({ state: 'in_progress' }).act(raise, at('2026-10-06 08:00'));
    expect(story.until(at('2026-10-20 08:00'))).toEqual([`obstacle:${story.matter('obstacle')}`]);
    story.agency(forward(story, { holderUnitId: 'holder' }), at('2026-10-21 09:00'));
    expect(toldBy(story)).toEqual(['obstacle_answered officer', 'obstacle_raised holder']);
    const clock = { step: `obstacle:${story.matter('obstacle')}:1`, at: at('2026-10-28 17:30') };
    expect(addWorkingDays(OFFICE_HOURS, at('2026-10-21 09:00'), 5)).toBe(clock.at);
    story.until(clock.at - 1);
    expect(planned(story)).toEqual(clock);
    story.until(clock.at);
    const step = story.events.findLast((event) => event.type === 'step_taken');
    expect(step).toMatchObject({
      data: { step: clock.step, to: ['holder', 'standing_agency', 'supervisor'] },
    });
    if (step === undefined) throw new Error('No step');
    expect(assignmentMessages(step, story.state, FACTS).map(({ to, unitId }) => unitId ?? to)).toEqual([
      'holder',
      'standing_agency',
      'supervisor',
    ]);
  });

  test('passes on to the supervisor when its present holder’s clock has run out, not that of the one before', () => {
    const story = new Story({ state: 'in_progress' }).act(raise, at('2026-10-06 08:00'));
    story.until(at('2026-10-20 08:00'));
    expect(story.try(answer(story, 'refuse'), at('2026-10-20 09:00'), { actor: SUPERVISOR })).toBeNull();
    const other = new Story({ state: 'in_progress' }).act(raise, at('2026-10-06 08:00'));
    other.until(at('2026-10-20 08:00'));
    other.agency(forward(other, { holderUnitId: 'holder' }), at('2026-10-21 09:00'));
    const refused = other.try(answer(other, 'refuse'), at('2026-10-21 10:00'), { actor: SUPERVISOR });
    expect(refused?.code).toBe('forbidden');
    other.until(at('2026-10-29 08:00'));
    expect(other.try(answer(other, 'refuse'), at('2026-10-29 09:00'), { actor: SUPERVISOR })).toBeNull();
  });

  test('goes to an outside body only with the number and date of its letter; then the agency keeps the clock', () => {
    const story = new Story({ state: 'in_progress' }).act(raise, at('2026-10-20 08:00'));
    const bare = { name: 'Bộ Tư pháp' };
    const without = {
      action: 'answer_obstacle',
      input: { ...forward(story, {}).input, outside: bare },
    } as const;
    const when = at('2026-10-21 09:00');
    expect(story.try(without, when, { actor: AGENCY })?.code).toBe('document_required');
    expect(story.try(forward(story, {}), when, { actor: AGENCY })?.code).toBe('reference_unknown');
    const both = forward(story, { holderUnitId: 'holder', outside: MINISTRY });
    expect(story.try(both, when, { actor: AGENCY })?.code).toBe('reference_unknown');
    const own = forward(story, { holderUnitId: 'lead' });
    expect(story.try(own, when, { actor: AGENCY })?.code).toBe('reference_unknown');
    const tomorrow = { name: 'Bộ Tư pháp', letter: { ...LETTER, date: '2026-10-22' } };
    expect(story.try(forward(story, { outside: tomorrow }), when, { actor: AGENCY })?.code).toBe(
      'happened_in_future',
    );
    story.agency(forward(story, { outside: MINISTRY }), when);
    expect(story.state.matters[0]).toMatchObject({
      state: 'forwarded',
      holderUnitId: null,
      outside: MINISTRY,
      forwards: 1,
    });
    expect(toldBy(story)).toEqual(['obstacle_answered officer']);
    story.until(at('2026-10-28 18:00'));
    const step = story.events.findLast((event) => event.type === 'step_taken');
    expect(step).toMatchObject({ data: { to: ['standing_agency', 'supervisor'] } });
    story.agency(answer(story, 'resolve'), at('2026-10-29 09:00'));
    expect(story.state.matters[0]).toMatchObject({ state: 'resolved', outside: MINISTRY });
  });

  test('that had been accepted holds the clock on from the raising, and is not refused by way of forwarding', () => {
    const story = new Story({ state: 'in_progress' }).act(raise, at('2026-10-26 08:00'));
    story
      .agency(answer(story, 'accept'), at('2026-10-28 08:00'))
      .agency(forward(story, { holderUnitId: 'holder' }), at('2026-10-29 08:00'));
    const refused = story.try(answer(story, 'refuse'), at('2026-10-30 08:00'), { actor: AGENCY });
    expect(refused).toMatchObject({ code: 'transition_not_allowed', extra: { state: 'accepted' } });
    expect(story.late(at('2026-12-01 08:00'))).toBe(false);
    story.act(answer(story, 'resolve'), at('2026-11-09 08:00'), { actor: HOLDER });
    expect(story.state.dueAt).toBe(addWorkingTime(OFFICE_HOURS, DUE, 80 * HOUR));
  });

  test('is answered by its present holder alone', () => {
    const story = new Story({ state: 'in_progress' }).act(
      { action: 'raise_obstacle', input: { cause: 'data', holderUnitId: 'first', text } },
      at('2026-10-20 08:00'),
    );
    story.agency(forward(story, { holderUnitId: 'holder' }), at('2026-10-21 09:00'));
    const first = person('unit', 'first');
    expect(story.try(answer(story, 'resolve'), at('2026-10-22 09:00'), { actor: first })?.code).toBe(
      'not_found',
    );
    expect(story.try(answer(story, 'resolve'), at('2026-10-22 09:00'), { actor: HOLDER })).toBeNull();
  });
});

describe('an obstacle as it is raised', () => {
  test('may name the outside body that holds it, with or without its letter', () => {
    for (const outside of [{ name: 'Bộ Tư pháp' }, MINISTRY]) {
      const story = new Story({ state: 'in_progress' }).act(
        { action: 'raise_obstacle', input: { cause: 'legal_basis', outside, text } },
        at('2026-10-21 08:00'),
      );
      expect(story.state.matters[0]).toMatchObject({
        holderUnitId: null,
        outside: { name: 'Bộ Tư pháp', letter: 'letter' in outside ? LETTER : null },
      });
    }
  });

  test('is not held by the unit that raises it', () => {
    const own = { action: 'raise_obstacle', input: { cause: 'data', holderUnitId: 'lead', text } } as const;
    expect(new Story().try(own, at('2026-10-21 08:00'))?.code).toBe('reference_unknown');
  });
});
