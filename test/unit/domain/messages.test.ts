import { describe, expect, test } from '@jest/globals';
import type { AssignmentEvent, AssignmentEventType } from '../../../src/domain/assignment/events.js';
import { evolve, foldAssignment } from '../../../src/domain/assignment/evolve.js';
import { isLate, spanShape } from '../../../src/domain/assignment/lateness.js';
import type { Assignment, AssignmentStateName } from '../../../src/domain/assignment/state.js';
import { candidates } from '../../../src/domain/assignment/steps.js';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import { assignmentMessages, forecastMessages, recordedForUnit } from '../../../src/domain/messages.js';
import type { LadderStepKind } from '../../../src/domain/policy.js';
import { LATER, MOMENT, NOW, SAMPLES, step, written } from './samples.js';
import { AGENCY, assignment, context, FACTS, GIVEN, LEAD, SUPERVISOR } from './story.js';

function inState(state: AssignmentStateName, over: Partial<Assignment> = {}): Assignment {
  const waits = state === 'submitted' || state === 'confirmed';
  return assignment({
    state,
    resumeTo: state === 'suspended' ? 'in_progress' : null,
    endedAt: state === 'confirmed' ? NOW : null,
    submission: waits ? { id: 's', at: NOW, recordedAt: NOW, late: false, leftMs: 0, evidence: [] } : null,
    taken: [{ step: 'urge', plannedAt: NOW, voided: false }],
    ...over,
  });
}

const TYPES = Object.keys(SAMPLES).filter((type): type is AssignmentEventType =>
  Object.hasOwn(SAMPLES, type),
);

describe('every event of an assignment', () => {
  test.each(TYPES)('%s tells whom it should', (type) => {
    const { event, to, tells } = SAMPLES[type];
    expect(written(assignmentMessages(event, inState(to), FACTS))).toEqual(tells);
  });

  test.each(TYPES.filter((type) => type !== 'assigned'))(
    '%s leads to the state it should, which still can be judged and planned',
    (type) => {
      const { event, from, to } = SAMPLES[type];
      const after = evolve(inState(from), event, NOW);
      expect(after).toMatchObject({ state: to, seq: 2, lastRecordedAt: NOW });
      expect(typeof isLate(after, LATER)).toBe('boolean');
      expect(spanShape(after).class).toBeDefined();
      expect(Array.isArray(candidates(after, context(NOW)))).toBe(true);
    },
  );

  test('belongs into a life that begins with being assigned, and only once', () => {
    const first = { event: SAMPLES.assigned.event, recordedAt: GIVEN };
    const second = { event: SAMPLES.acknowledged.event, recordedAt: NOW };
    expect(foldAssignment([first, second])).toMatchObject({ state: 'acknowledged', seq: 2 });
    expect(() => foldAssignment([second])).toThrow('begins with assigned');
    expect(() => foldAssignment([first, first])).toThrow('first event');
    expect(() => foldAssignment([])).toThrow('No events');
  });
});

describe('who is written to', () => {
  test('about a target that will be missed are the unit and its monitor, once until it looked well again', () => {
    const settings = { directive: FACTS, calendar: OFFICE_HOURS };
    const told: string[][] = [];
    let state = inState('in_progress', {
      result: { kind: 'indicator', name: 'Tài khoản', numerator: 100, denominator: null, atLeast: false },
    });
    const figures = [
      ['2026-10-05', 0],
      ['2026-10-12', 10],
      ['2026-10-19', 20],
      ['2026-10-20', 90],
      ['2026-10-28', 90],
      ['2026-10-29', 89],
    ] as const;
    for (const [asOf, numerator] of figures) {
      const figure = { numerator, denominator: null, asOf };
      const event = { type: 'reported', data: { at: GIVEN, percent: null, figure } } as const;
      const after = evolve(state, event, GIVEN);
      told.push(written(forecastMessages(event, { before: state, after }, GIVEN, settings)));
      state = after;
    }
    const warned = ['forecast_misses officer', 'forecast_misses monitor'];
    expect(told).toEqual([[], warned, [], [], warned, []]);
  });

  const own = inState('submitted', { unitId: 'agency' });

  test('is the supervisor where the office that would decide leads the assignment itself', () => {
    for (const type of ['contested', 'submitted', 'extension_requested', 'cause_stated'] as const)
      expect(written(assignmentMessages(SAMPLES[type].event, own, FACTS))).toEqual([`${type} supervisor`]);
    const led = inState('submitted', { unitId: 'office', monitorUnitId: 'office' });
    expect(written(assignmentMessages(SAMPLES.submitted.event, led, FACTS))).toEqual([
      'submitted supervisor',
    ]);
    expect(written(assignmentMessages(SAMPLES.contested.event, led, FACTS))).toEqual([
      'contested standing_agency',
    ]);
  });

  test('about an obstacle that the standing agency holds is the supervisor as well', () => {
    const { event } = SAMPLES.obstacle_raised;
    const held = { ...event, data: { ...event.data, holderUnitId: 'agency' } };
    expect(written(assignmentMessages(held, inState('in_progress'), FACTS))).toEqual([
      'obstacle_raised standing_agency',
      'obstacle_raised supervisor',
    ]);
    const outside = { ...event, data: { ...event.data, holderUnitId: null } };
    expect(written(assignmentMessages(outside, inState('in_progress'), FACTS))).toEqual([
      'obstacle_raised standing_agency',
    ]);
  });

  test('is nobody about an obstacle withdrawn, and nobody by the system about a telephone call', () => {
    const answered = SAMPLES.obstacle_answered.event;
    const withdrawn = { ...answered, data: { ...answered.data, answer: 'withdrawn' as const } };
    expect(assignmentMessages(withdrawn, inState('in_progress'), FACTS)).toEqual([]);
    for (const channel of ['telephone', 'chat', 'meeting', 'letter'] as const)
      expect(
        assignmentMessages(
          { type: 'urged', data: { at: NOW, channel, counts: false } },
          inState('in_progress'),
          FACTS,
        ),
      ).toEqual([]);
  });

  test('about a contribution that ran over are the lead and the unit that was asked', () => {
    const asked = evolve(inState('in_progress'), SAMPLES.contribution_asked.event, NOW);
    const event = { type: 'contribution_answered', data: { ...MOMENT, state: 'overdue' } } as const;
    expect(written(assignmentMessages(event, evolve(asked, event, NOW), FACTS))).toEqual([
      'contribution_answered officer',
      'contribution_answered unit asked',
    ]);
  });

  test('by a step is who its message was not covered for', () => {
    expect(assignmentMessages(step('urge', []), inState('in_progress'), FACTS)).toEqual([]);
    const heights = (['reminder', 'clock', 'urge', 'urging_letter', 'supervisor', 'referral'] as const).map(
      (kind) => assignmentMessages(step(kind, ['head']), inState('in_progress'), FACTS)[0]?.rank ?? 0,
    );
    expect([...heights].sort((one, other) => one - other)).toEqual(heights);
    expect(new Set(heights).size).toBe(heights.length);
  });

  test('by a reminder or an urging is dropped once the unit has answered; about a case it is not', () => {
    const holds = (kind: LadderStepKind | 'clock') =>
      assignmentMessages(step(kind, ['head']), inState('in_progress'), FACTS)[0]?.holds;
    expect((['reminder', 'urge', 'urging_letter', 'supervisor'] as const).map(holds)).toEqual(
      Array(4).fill('while_unanswered'),
    );
    expect((['clock', 'referral'] as const).map(holds)).toEqual(['while_current', 'always']);
  });

  test('of a return is told its reason, of a proposed case until when it may object', () => {
    const returned = { ...SAMPLES.returned.event, text: { reason: 'thiếu phụ lục' } };
    expect(assignmentMessages(returned, inState('in_progress'), FACTS)[0]?.params).toMatchObject({
      reason: 'thiếu phụ lục',
    });
    const { data } = step('referral', ['head']);
    const proposed = { type: 'step_taken', data: { ...data, objectUntil: NOW } } as const;
    expect(assignmentMessages(proposed, inState('in_progress'), FACTS)[0]?.params).toMatchObject({
      objectUntil: NOW,
    });
  });

  test('about the result names its turn, about a matter the matter, so that it can be overtaken', () => {
    const one = (event: AssignmentEvent) => assignmentMessages(event, inState('in_progress'), FACTS)[0];
    for (const type of ['submitted', 'returned', 'part_accepted', 'confirmed'] as const)
      expect(one(SAMPLES[type].event)).toMatchObject({ holds: 'while_current', params: { turn: 0 } });
    for (const type of [
      'contested',
      'extension_requested',
      'obstacle_raised',
      'cause_stated',
      'contribution_asked',
      'explanation_asked',
    ] as const)
      expect(one(SAMPLES[type].event)).toMatchObject({
        holds: 'while_current',
        params: { matterId: MOMENT.matterId },
      });
  });

  test('of an act recorded from a document is the unit, whoever else is told', () => {
    const told = (actor: typeof AGENCY, type: AssignmentEventType) =>
      written(recordedForUnit(actor, [SAMPLES[type].event]));
    for (const type of [
      'acknowledged',
      'contested',
      'reported',
      'submitted',
      'extension_requested',
      'obstacle_raised',
      'cause_stated',
      'explanation_answered',
    ] as const)
      expect([type, told(AGENCY, type)]).toEqual([type, ['recorded_for_you officer']]);
    expect(told(LEAD, 'submitted')).toEqual([]);
    for (const type of ['suspended', 'returned', 'deadline_adjusted'] as const)
      expect(told(AGENCY, type)).toEqual([]);
    expect(told(SUPERVISOR, 'submitted')).toEqual([]);
  });
});
