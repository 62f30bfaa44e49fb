import { describe, expect, test } from '@jest/globals';
import { DEFAULT_POLICY, type LadderStep } from '../../../src/domain/policy.js';
import { AGENCY, at, GIVEN, PAPER, Story } from './story.js';

/** A letter to the head only with the number and date of a signed one, within three working days. */
const SIGNED = {
  policy: {
    ...DEFAULT_POLICY,
    urgingLetter: { ...DEFAULT_POLICY.urgingLetter, form: 'signed' as const },
  },
};
const text = 'vì sao';

/** Silent until the letter has been drafted, on the third working day after the deadline. */
function drafted(): Story {
  const story = new Story({}, SIGNED).act({ action: 'acknowledge', input: {} }, GIVEN + 1_000);
  story.until(at('2026-11-05 08:30'));
  expect(story.state.letter).toMatchObject({ sentAt: null });
  return story;
}

const send = (story: Story, now: number): string =>
  story.try({ action: 'send_letter', input: {} }, now, { actor: AGENCY, document: PAPER })?.code ?? 'sent';

describe('an urging letter that waits for its signature', () => {
  test('falls with its step when a result turns out to have come before it: nobody signs or misses it', () => {
    const story = drafted();
    const paper = { happenedAt: at('2026-10-30 14:00') };
    story.agency({ action: 'submit', input: { text } }, at('2026-11-05 09:00'), paper);
    expect(story.state.letter).toBeNull();
    story.agency({ action: 'return', input: { reason: text } }, at('2026-11-09 09:00'));
    expect(story.late(at('2026-11-09 09:30'))).toBe(false);
    expect(send(story, at('2026-11-09 10:00'))).toBe('transition_not_allowed');
    expect(story.until(at('2026-11-11 16:00'))).toEqual([]);
  });

  test('is drafted again with a clock of its own where the unit stays silent, and the case waits for it', () => {
    const story = drafted();
    expect(story.until(at('2026-11-11 08:00'))).toContain('letter:1');
    const paper = { happenedAt: at('2026-10-30 14:00') };
    story.agency({ action: 'submit', input: { text } }, at('2026-11-11 09:00'), paper);
    const voided = story.events.at(-1);
    expect(voided).toMatchObject({ type: 'steps_voided', data: { cycle: 1 } });
    expect(voided?.type === 'steps_voided' ? voided.data.steps : []).toEqual(
      expect.arrayContaining(['urge', 'urging-letter', 'letter:1']),
    );
    story.agency({ action: 'return', input: { reason: text } }, at('2026-11-12 09:00'));
    const taken = story.until(at('2026-12-31 16:00'));
    expect(taken).toEqual(['urge', 'urging-letter', 'supervisor', 'letter:1']);
    expect(send(story, at('2026-12-31 16:30'))).toBe('sent');
    expect(story.until(at('2027-01-10 16:00'))).toEqual(['refer']);
  });

  test('leaves the urging to the head to what is sent: nobody is left out for a letter that is not signed', () => {
    const story = new Story({}, SIGNED).act({ action: 'acknowledge', input: {} }, GIVEN + 1_000);
    story.until(at('2026-10-30 08:00'));
    const before = story.events.length;
    story.clock(at('2026-11-05 09:00'));
    const sent = story.events
      .slice(before)
      .flatMap((event) => (event.type === 'step_taken' ? [[event.data.step, event.data.sends]] : []));
    expect(sent).toEqual([
      ['urge', ['officer', 'head']],
      ['urging-letter', []],
    ]);
  });

  test('has no clock while the work is suspended, and the time of the suspension after it', () => {
    const story = drafted();
    story.agency({ action: 'suspend', input: { reason: text } }, at('2026-11-05 08:30'));
    expect(story.until(at('2026-11-30 08:30'))).toEqual([]);
    story.agency({ action: 'resume', input: {} }, at('2026-11-30 08:30'));
    expect(story.until(at('2026-12-01 16:00'))).not.toContain('letter:1');
    expect(story.until(at('2026-12-04 17:30'))).toContain('letter:1');
  });
});

describe('a step of an earlier cycle', () => {
  test('is marked void under the cycle in which it was taken', () => {
    const story = new Story();
    story.until(at('2026-10-08 09:00'));
    const input = { deadline: 'trước ngày 20/11/2026', latenessStands: false, reason: text };
    story.agency({ action: 'adjust_deadline', input }, at('2026-10-09 09:00'));
    const paper = { happenedAt: at('2026-10-06 09:00') };
    story.agency({ action: 'acknowledge', input: {} }, at('2026-10-12 09:00'), paper);
    expect(story.state.cycle).toBe(2);
    expect(story.events.at(-1)).toMatchObject({
      type: 'steps_voided',
      data: { steps: ['acknowledgement'], cycle: 1 },
    });
  });
});

test('a step that was due in the very second of a result that is in time does not stand', () => {
  const over: LadderStep = {
    step: 'over',
    kind: 'urge',
    when: 'after',
    offset: { value: 0, unit: 's' },
    to: ['head'],
  };
  const story = new Story({}, { policy: { ...DEFAULT_POLICY, ladder: [over] } });
  const due = story.state.dueAt ?? 0;
  story.act({ action: 'acknowledge', input: {} }, GIVEN + 1_000);
  expect(story.clock(due + 100)).toEqual(['over']);
  story.act({ action: 'submit', input: { text } }, due + 500);
  expect(story.state.submission?.late).toBe(false);
  expect(story.events.at(-1)).toMatchObject({ type: 'steps_voided', data: { steps: ['over'] } });
});
