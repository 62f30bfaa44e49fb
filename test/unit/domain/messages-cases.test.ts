import { describe, expect, test } from '@jest/globals';
import { evolveDirective } from '../../../src/domain/directive/decide.js';
import type { DirectiveEvent, DirectiveEventOf } from '../../../src/domain/directive/events.js';
import { directiveMessages } from '../../../src/domain/directive/messages.js';
import { referralMessages } from '../../../src/domain/messages.js';
import type { ReferralEvent, ReferralEventOf } from '../../../src/domain/referral/events.js';
import { evolveReferral } from '../../../src/domain/referral/evolve.js';
import type { ReferralStateName } from '../../../src/domain/referral/state.js';
import { Case } from './case.js';
import { LATER, NOW, step, written } from './samples.js';
import { FACTS } from './story.js';

describe('every event of a case', () => {
  const one = Case.ofSilence();
  const { facts } = one.state;
  const proposed: ReferralEventOf<'proposed'> = { type: 'proposed', data: one.state };
  const taken: ReferralEvent = { ...step('clock', ['home_affairs', 'supervisor']) };
  const table: {
    readonly [T in ReferralEvent['type']]: readonly [
      ReferralEventOf<T>,
      ReferralStateName,
      readonly string[],
    ];
  } = {
    proposed: [proposed, 'proposed', []],
    objected: [
      { type: 'objected', data: { at: NOW } },
      'objected',
      ['objected standing_agency', 'objected supervisor'],
    ],
    opinion_given: [{ type: 'opinion_given', data: { at: NOW } }, 'proposed', []],
    objection_decided: [
      { type: 'objection_decided', data: { at: NOW, upheld: true } },
      'upheld',
      ['objection_decided head', 'objection_decided standing_agency'],
    ],
    facts_renewed: [
      { type: 'facts_renewed', data: { at: NOW, facts, windowEndsAt: LATER } },
      'proposed',
      ['referral_proposed head'],
    ],
    release_awaited: [
      { type: 'release_awaited', data: { at: NOW, facts } },
      'awaiting_release',
      ['release_awaited standing_agency'],
    ],
    referred: [
      { type: 'referred', data: { at: NOW, facts, automatic: true } },
      'referred',
      ['referred head', 'referred home_affairs'],
    ],
    supplement_requested: [
      { type: 'supplement_requested', data: { at: NOW } },
      'returned_for_supplement',
      ['supplement_requested standing_agency'],
    ],
    supplemented: [{ type: 'supplemented', data: { at: NOW } }, 'referred', ['supplemented home_affairs']],
    acknowledged: [
      { type: 'acknowledged', data: { at: NOW } },
      'acknowledged',
      ['referral_acknowledged standing_agency'],
    ],
    outcome_recorded: [
      { type: 'outcome_recorded', data: { at: NOW, outcome: '' } },
      'outcome_recorded',
      ['outcome_recorded standing_agency'],
    ],
    facts_corrected: [
      { type: 'facts_corrected', data: { at: NOW, facts } },
      'proposed',
      ['facts_corrected home_affairs', 'facts_corrected head'],
    ],
    outcome_corrected: [
      { type: 'outcome_corrected', data: { at: NOW, outcome: '' } },
      'corrected',
      ['outcome_recorded standing_agency', 'outcome_recorded head'],
    ],
    withdrawn: [
      { type: 'withdrawn', data: { at: NOW, reason: 'by_decision' } },
      'withdrawn',
      ['referral_withdrawn head'],
    ],
    held: [{ type: 'held', data: { at: NOW } }, 'proposed', []],
    unheld: [{ type: 'unheld', data: { at: NOW } }, 'proposed', []],
    step_acknowledged: [
      { type: 'step_acknowledged', data: { at: NOW, step: 'acknowledge', cycle: 1 } },
      'proposed',
      [],
    ],
    text_destroyed: [
      { type: 'text_destroyed', data: { at: NOW, seq: 2 }, text: { reason: 'Mật' } },
      'proposed',
      [],
    ],
    outage_excused: [
      {
        type: 'outage_excused',
        data: {
          at: NOW,
          outageId: 'outage',
          from: NOW,
          to: LATER,
          windowEndsAt: LATER,
          previous: { windowEndsAt: NOW },
        },
      },
      'proposed',
      ['objection_window_moved head'],
    ],
    calendar_changed: [
      {
        type: 'calendar_changed',
        data: {
          at: NOW,
          editId: 'edit',
          windowEndsAt: LATER,
          reopens: true,
          notBefore: [],
          previous: { windowEndsAt: NOW },
        },
      },
      'proposed',
      ['objection_window_counted_again head', 'objection_window_counted_again standing_agency'],
    ],
    lapsed: [{ type: 'lapsed', data: { at: NOW } }, 'lapsed', ['referral_withdrawn head']],
    step_taken: [taken, 'proposed', ['clock_overdue home_affairs', 'clock_overdue supervisor']],
  };
  const types = Object.keys(table).filter((type): type is ReferralEvent['type'] =>
    Object.hasOwn(table, type),
  );

  test.each(types.filter((type) => type !== 'proposed'))(
    '%s leads where it should and tells whom it should',
    (type) => {
      const [event, state, tells] = table[type];
      const after = evolveReferral(one.state, event, NOW);
      expect(after.state).toBe(state);
      expect(written(referralMessages(event, after, FACTS))).toEqual(tells);
    },
  );

  test('is told to Home Affairs only from the referring on, and never where it is its own case', () => {
    expect(referralMessages(proposed, one.state, FACTS)).toEqual([]);
    const [withdrawn] = table.withdrawn;
    const referred = { ...one.state, referredAt: NOW };
    expect(written(referralMessages(withdrawn, referred, FACTS))).toEqual([
      'referral_withdrawn head',
      'referral_withdrawn home_affairs',
    ]);
    const own = { ...referred, unitId: 'affairs' };
    for (const type of ['referred', 'supplemented', 'withdrawn'] as const)
      expect(written(referralMessages(table[type][0], own, FACTS)).join()).not.toContain('home_affairs');
  });
});

describe('every event of a directive', () => {
  const drafted: DirectiveEventOf<'drafted'> = {
    type: 'drafted',
    data: { at: NOW, workingGroupId: 'g', id: 'd', digest: '', tasks: 1 },
  };
  const version = { at: NOW, version: 1, digest: '', planned: 2, unclear: 1 };
  const clock = step('clock', ['standing_agency', 'supervisor']);
  const unconfirmed = { ...clock, data: { ...clock.data, step: 'confirming-document' } };
  const story: readonly (readonly [DirectiveEvent, string, readonly string[]])[] = [
    [{ type: 'revised', data: { at: NOW, digest: '', tasks: 1 } }, 'draft', []],
    [
      { type: 'approval_requested', data: { at: NOW } },
      'awaiting_approval',
      ['approval_requested supervisor'],
    ],
    [{ type: 'approval_returned', data: { at: NOW } }, 'draft', ['directive_returned standing_agency']],
    [
      { type: 'approval_recalled', data: { at: NOW } },
      'draft',
      ['approval_recalled supervisor', 'approval_recalled standing_agency'],
    ],
    [{ type: 'approved', data: { at: NOW } }, 'draft', ['directive_approved standing_agency']],
    [{ type: 'issued', data: version }, 'issued', []],
    [{ type: 'assignments_made', data: { at: NOW, count: 2, assigned: 2 } }, 'issued', []],
    [{ type: 'amended', data: { ...version, version: 2, changes: [], endsAt: null } }, 'issued', []],
    [clock, 'issued', ['directive_unclear standing_agency', 'directive_unclear supervisor']],
    [
      unconfirmed,
      'issued',
      ['confirming_document_awaited standing_agency', 'confirming_document_awaited supervisor'],
    ],
    [
      { type: 'closed', data: { at: NOW, by: 'all_ended', carriedOver: [] } },
      'closed',
      ['directive_closed standing_agency', 'directive_closed supervisor'],
    ],
    [{ type: 'reopened', data: { at: NOW } }, 'issued', []],
    [{ type: 'withdrawn', data: { at: NOW } }, 'withdrawn', []],
    [{ type: 'step_acknowledged', data: { at: NOW, step: 'clock', cycle: 1 } }, 'withdrawn', []],
    [{ type: 'text_destroyed', data: { at: NOW, seq: 1 }, text: { reason: 'Mật' } }, 'withdrawn', []],
  ];

  test('leads along its life and tells whom it should', () => {
    let state = evolveDirective(null, drafted, NOW);
    for (const [event, expected, tells] of story) {
      state = evolveDirective(state, event, NOW);
      expect([event.type, state.state, written(directiveMessages(event))]).toEqual([
        event.type,
        expected,
        tells,
      ]);
    }
    expect(state).toMatchObject({ seq: 16, assigned: 2, frozenVersion: 2, approved: true });
    expect(() => evolveDirective(null, { type: 'approved', data: { at: NOW } }, NOW)).toThrow(
      'begins with drafted',
    );
  });
});
