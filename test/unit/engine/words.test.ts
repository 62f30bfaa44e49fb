import { describe, expect, test } from '@jest/globals';
import { eventWords } from '../../../src/engine/read/words.js';

describe('the timeline in words', () => {
  test('names a step without the id of what it is about', () => {
    const words = eventWords('assignment', 'step_taken', {
      step: 'extension:01920000-0000-7000-8000-000000000000',
      plannedAt: 0,
    });
    expect(words.en).toContain('time to answer an extension run out');
    expect(`${words.en}${words.vi}`).not.toContain('0192');
    expect(eventWords('assignment', 'step_taken', { step: 'urge', plannedAt: 0 }).en).toContain('"urge"');
  });

  test('names the way in which somebody was urged', () => {
    const words = eventWords('assignment', 'urged', { channel: 'meeting' });
    expect([words.vi, words.en]).toEqual(['Đôn đốc (tại cuộc họp)', 'Urged (at a meeting)']);
  });

  test('says who acknowledged a case: of Home Affairs itself it is the supervisor', () => {
    expect(eventWords('referral', 'acknowledged', {}, 'home_affairs').en).toBe(
      'Acknowledged by Home Affairs',
    );
    expect(eventWords('referral', 'acknowledged', {}, 'supervisor').en).toContain(
      'head of the Working Group',
    );
    expect(eventWords('referral', 'supplement_requested', {}, 'supervisor').en).not.toContain('Home Affairs');
    expect(eventWords('assignment', 'acknowledged', {}, 'supervisor').en).toBe('Acknowledged');
  });
});
