import { describe, expect, test } from '@jest/globals';
import type { Actor } from '../../../src/domain/actor.js';
import { CLOCK, SYSTEM } from '../../../src/domain/actor.js';
import { allowedActions } from '../../../src/domain/assignment/access.js';
import type { AssignmentCommand } from '../../../src/domain/assignment/commands.js';
import { decide } from '../../../src/domain/assignment/decide.js';
import type { Assignment, AssignmentStateName, Matter } from '../../../src/domain/assignment/state.js';
import { ASSIGNMENT_ACTIONS, type AssignmentAction } from '../../../src/domain/assignment/table.js';
import { isRefusal } from '../../../src/domain/errors.js';
import {
  AGENCY,
  assignment,
  at,
  context,
  DUE,
  FACTS,
  fold,
  GIVEN,
  LEAD,
  outcome,
  PAPER,
  person,
  Story,
  SUPERVISOR,
} from './story.js';

const STATES = [
  'assigned',
  'acknowledged',
  'in_progress',
  'submitted',
  'contested',
  'suspended',
  'confirmed',
  'concluded',
  'stopped',
  'superseded',
  'carried_over',
] as const satisfies readonly AssignmentStateName[];
const OPEN = 'assigned acknowledged in_progress submitted contested suspended';
const EVERY = STATES.join(' ');
const WORKING = 'assigned acknowledged in_progress';

/**
 * Design §2 by hand: from, by whom, to. `L` the lead; `D` the standing agency with a document for the unit; `S` the
 * standing agency; `P` the standing agency with a document of its own; `M` the monitor; `V` the supervisor; `H` the
 * holder of an obstacle; `A` the unit asked for a contribution. `=` stays.
 */
const BY_HAND: Readonly<Record<AssignmentAction, readonly [from: string, by: string, to: string]>> = {
  acknowledge: ['assigned', 'LD', 'acknowledged'],
  contest: ['assigned acknowledged', 'LD', 'contested'],
  answer_contest: ['contested', 'S', 'acknowledged'],
  report: [WORKING, 'LD', 'in_progress'],
  submit: [WORKING, 'LD', 'submitted'],
  recall: ['submitted', 'L', 'in_progress'],
  confirm: ['submitted', 'M', 'confirmed'],
  accept_part: ['submitted', 'M', 'in_progress'],
  return: ['submitted', 'M', 'in_progress'],
  suspend: ['assigned acknowledged in_progress submitted contested', 'P', 'suspended'],
  resume: ['suspended', 'P', 'in_progress'],
  stop: [OPEN, 'P', 'stopped'],
  reassign: [OPEN, 'S', 'superseded'],
  move: [OPEN, 'S', 'superseded'],
  carry_over: [OPEN, 'S', 'carried_over'],
  reopen: ['confirmed stopped', 'S', 'in_progress'],
  conclude: ['', '', ''],
  adjust_deadline: [OPEN, 'P', '='],
  request_extension: [WORKING, 'LD', '='],
  withdraw_extension: [OPEN, 'L', '='],
  decide_extension: [OPEN, 'P', '='],
  raise_obstacle: [WORKING, 'LD', '='],
  withdraw_obstacle: [OPEN, 'L', '='],
  answer_obstacle: [OPEN, 'SH', '='],
  state_cause: [EVERY, 'LD', '='],
  decide_cause: [EVERY, 'S', '='],
  ask_contribution: [WORKING, 'L', '='],
  answer_contribution: [OPEN, 'A', '='],
  request_explanation: [OPEN, 'SV', '='],
  answer_explanation: [OPEN, 'LD', '='],
  send_letter: [WORKING, 'P', '='],
  urge: ['assigned acknowledged in_progress contested', 'SMV', '='],
};

const MATTERS: { readonly [K in Matter['kind']]: Extract<Matter, { kind: K }> } = {
  extension: {
    ...{ id: 'extension', openedAt: GIVEN, askedAt: GIVEN, openedSeq: 2 },
    ...{ kind: 'extension', state: 'requested', askedFor: at('2026-12-15 23:59:59'), phrase: 'trước 15/12' },
    ...{ inTime: true, grantedTo: null },
  },
  obstacle: {
    ...{ id: 'obstacle', openedAt: GIVEN, askedAt: GIVEN, openedSeq: 2 },
    ...{ kind: 'obstacle', state: 'raised', cause: 'data', holderUnitId: 'holder' },
  },
  cause: {
    ...{ id: 'cause', openedAt: GIVEN, askedAt: GIVEN, openedSeq: 2 },
    ...{ kind: 'cause', state: 'stated', cause: 'data', objective: true },
  },
  contribution: {
    ...{ id: 'contribution', openedAt: GIVEN, askedAt: GIVEN, openedSeq: 2 },
    ...{ kind: 'contribution', state: 'asked', askedUnitId: 'asked', dueAt: at('2026-10-20 17:30') },
  },
  explanation: {
    ...{ id: 'explanation', openedAt: GIVEN, askedAt: GIVEN, openedSeq: 2 },
    ...{ kind: 'explanation', state: 'asked', dueAt: at('2026-10-20 17:30') },
  },
  contest: {
    ...{ id: 'contest', openedAt: GIVEN, askedAt: GIVEN, openedSeq: 2 },
    ...{ kind: 'contest', state: 'contested', reason: 'not_our_function' },
  },
};

const NOW = at('2026-10-06 09:00');
const SOON = 'trước ngày 20/11/2026';
const text = 'vì sao';

const COMMANDS: { readonly [A in AssignmentAction]: Extract<AssignmentCommand, { action: A }> } = {
  acknowledge: { action: 'acknowledge', input: {} },
  contest: { action: 'contest', input: { reason: 'not_our_function', text } },
  answer_contest: { action: 'answer_contest', input: { answer: 'reject', text } },
  report: { action: 'report', input: { text } },
  submit: { action: 'submit', input: { text } },
  recall: { action: 'recall', input: { reason: text } },
  confirm: { action: 'confirm', input: {} },
  accept_part: { action: 'accept_part', input: { share: 0.5, reason: text } },
  return: { action: 'return', input: { reason: text } },
  suspend: { action: 'suspend', input: { reason: text } },
  resume: { action: 'resume', input: {} },
  stop: { action: 'stop', input: { reason: text } },
  reassign: { action: 'reassign', input: { unitId: 'other', deadline: SOON, reason: text } },
  move: { action: 'move', input: { to: [{ unitId: 'other' }, { unitId: 'third' }], reason: text } },
  carry_over: { action: 'carry_over', input: { reason: text } },
  reopen: { action: 'reopen', input: { reason: text, deadline: SOON } },
  conclude: { action: 'conclude', input: {} },
  adjust_deadline: {
    action: 'adjust_deadline',
    input: { deadline: SOON, latenessStands: false, reason: text },
  },
  request_extension: { action: 'request_extension', input: { deadline: SOON, reason: text } },
  withdraw_extension: { action: 'withdraw_extension', input: { id: 'extension' } },
  decide_extension: {
    action: 'decide_extension',
    input: { id: 'extension', decision: 'grant', reason: text },
  },
  raise_obstacle: { action: 'raise_obstacle', input: { cause: 'data', text } },
  withdraw_obstacle: { action: 'withdraw_obstacle', input: { id: 'obstacle' } },
  answer_obstacle: { action: 'answer_obstacle', input: { id: 'obstacle', answer: 'resolve', text } },
  state_cause: { action: 'state_cause', input: { cause: 'data', objective: true, text } },
  decide_cause: { action: 'decide_cause', input: { id: 'cause', confirmed: true, text } },
  ask_contribution: { action: 'ask_contribution', input: { unitId: 'asked', deadline: SOON, text } },
  answer_contribution: { action: 'answer_contribution', input: { id: 'contribution', answer: 'give', text } },
  request_explanation: { action: 'request_explanation', input: { deadline: SOON, text } },
  answer_explanation: { action: 'answer_explanation', input: { id: 'explanation', text } },
  send_letter: { action: 'send_letter', input: {} },
  urge: { action: 'urge', input: { channel: 'telephone', text } },
};

/** Several relations at once would hide one behind another, so another unit monitors here. */
function inState(
  state: AssignmentStateName,
  action: AssignmentAction,
  over: Partial<Assignment> = {},
): Assignment {
  const ended = EVERY.split(' ').includes(state) && !OPEN.split(' ').includes(state);
  const waits = state === 'submitted' || state === 'confirmed';
  // One extension and one cause at a time: what asks for a new one finds none waiting.
  const matters = Object.values(MATTERS).filter(
    ({ kind }) =>
      kind !== (action === 'request_extension' ? 'extension' : action === 'state_cause' ? 'cause' : null) &&
      (kind !== 'contest' || state === 'contested'),
  );
  return assignment({
    state,
    monitorUnitId: 'monitor',
    resumeTo: state === 'suspended' ? 'in_progress' : null,
    endedAt: ended ? NOW : null,
    submission: waits
      ? {
          id: 'submission',
          at: NOW,
          recordedAt: NOW,
          late: action === 'state_cause',
          leftMs: 0,
          evidence: [],
        }
      : null,
    dueAt: action === 'state_cause' ? at('2026-10-05 17:30') : at('2026-10-30 23:59:59'),
    pauses:
      state === 'contested'
        ? [{ kind: 'contest', from: NOW, to: null, matterId: 'contest' }]
        : state === 'suspended'
          ? [{ kind: 'suspension', from: NOW, to: null, matterId: null }]
          : [],
    matters,
    letter: { draftedAt: NOW, sentAt: null },
    ...over,
  });
}

/** Each relation: how the actor stands to it, with the letters of the table that it may use. */
/** A paper that came now and is recorded a second later. */
const arrived = (document: typeof PAPER | undefined) =>
  document === undefined ? { document: null } : { document, happenedAt: NOW };

const RELATIONS: Readonly<Record<string, { actor: Actor; letters: string; document?: typeof PAPER }>> = {
  'the lead': { actor: LEAD, letters: 'L' },
  'a coordinating unit': { actor: person('unit', 'coordinating'), letters: '-' },
  'the monitor': { actor: person('unit', 'monitor'), letters: 'M' },
  'the standing agency': { actor: AGENCY, letters: 'S' },
  'the standing agency with a document': { actor: AGENCY, letters: 'SDP', document: PAPER },
  'the supervisor': { actor: SUPERVISOR, letters: 'V' },
  'the holder of the obstacle': { actor: person('unit', 'holder'), letters: 'H' },
  'the unit that was asked': { actor: person('unit', 'asked'), letters: 'A' },
  'an officer of the standing agency without that role': { actor: person('unit', 'agency'), letters: '' },
  'another unit': { actor: person('unit', 'stranger'), letters: '' },
  'Home Affairs': { actor: person('home_affairs', 'affairs'), letters: '' },
  'an administrator': { actor: person('administrator'), letters: '' },
  'the same unit in another Working Group': { actor: person('unit', 'lead', 'another'), letters: '' },
  'the standing agency of another Working Group': {
    actor: person('standing_agency', 'agency', 'another'),
    letters: '',
  },
  'the supervisor of another Working Group': { actor: person('supervisor', null, 'another'), letters: '' },
};

function expectedOf(action: AssignmentAction, state: AssignmentStateName, name: string): string {
  const { letters = '', document } = RELATIONS[name] ?? {};
  const [from, by] = BY_HAND[action];
  if (letters === '') return 'not_found';
  const agency = letters.startsWith('S');
  const may = [...letters].some((letter) => by.includes(letter)) || (agency && by.includes('P'));
  if (!may) return agency && by.includes('D') ? 'document_required' : 'forbidden';
  if (!from.split(' ').includes(state)) return 'transition_not_allowed';
  return by.includes('P') && document === undefined ? 'document_required' : 'allowed';
}

const ACTIONS = ASSIGNMENT_ACTIONS.filter((action) => action !== 'conclude');
const NAMES = Object.keys(RELATIONS);

describe('the assignment table', () => {
  test('has a row in this test for every action, and no other', () => {
    expect(Object.keys(BY_HAND).sort()).toEqual([...ASSIGNMENT_ACTIONS].sort());
  });

  test.each(ACTIONS)('%s is judged as the design says for every state and relation', (action) => {
    const wrong: string[] = [];
    for (const state of STATES) {
      for (const name of NAMES) {
        const { actor, document } = RELATIONS[name] ?? { actor: SYSTEM };
        const before = inState(state, action);
        const result = decide(
          before,
          COMMANDS[action],
          context(NOW + 1_000, { actor, ...arrived(document) }),
        );
        const expected = expectedOf(action, state, name);
        if (outcome(result) !== expected)
          wrong.push(`${state}, ${name}: ${outcome(result)}, not ${expected}`);
        if (isRefusal(result)) continue;
        const after = fold(before, result.events, NOW).state;
        if (!leadsTo(action, state).includes(after)) wrong.push(`${state}, ${name}: becomes ${after}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test.each(NAMES)('%s is offered exactly what the deciders allow', (name) => {
    const { actor } = RELATIONS[name] ?? { actor: SYSTEM };
    const wrong: string[] = [];
    for (const state of STATES) {
      for (const action of ACTIONS) {
        const before = inState(state, action);
        const offered = allowedActions(actor, before, FACTS).find((each) => each.action === action);
        const result = decide(before, COMMANDS[action], context(NOW + 1_000, { actor, ...arrived(PAPER) }));
        if (offered?.allowed !== !isRefusal(result))
          wrong.push(`${action} when ${state}: ${outcome(result)}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

/** Any act of the unit acknowledges, so that what keeps the state leads from assigned to acknowledged. */
function leadsTo(action: AssignmentAction, state: AssignmentStateName): readonly string[] {
  const [, by, to] = BY_HAND[action];
  if (to !== '=') return [to];
  const opens = ['request_extension', 'raise_obstacle', 'state_cause', 'ask_contribution'].includes(action);
  return state === 'assigned' && by.startsWith('L') && opens ? ['acknowledged'] : [state];
}

describe('what the table says beside', () => {
  test('a refused transition names the state and what is possible in it', () => {
    const result = decide(assignment(), COMMANDS.confirm, context(NOW, { actor: AGENCY }));
    expect(isRefusal(result) && result.extra).toMatchObject({
      state: 'assigned',
      action: 'confirm',
      allowedFrom: ['submitted'],
    });
    const possible = isRefusal(result) ? result.extra?.possible : [];
    expect(possible).toEqual(expect.arrayContaining(['acknowledge', 'report', 'submit', 'suspend']));
    expect(possible).not.toEqual(expect.arrayContaining(['resume']));
  });

  test.each([
    ['reject', 'acknowledged'],
    ['stop', 'stopped'],
    ['reassign', 'superseded'],
  ] as const)('a contest answered with %s makes it %s', (answer, state) => {
    const before = inState('contested', 'answer_contest');
    const command = { action: 'answer_contest' as const, input: { answer, unitId: 'other', text } };
    const result = decide(before, command, context(NOW, { actor: AGENCY, document: PAPER }));
    expect(isRefusal(result) ? result : fold(before, result.events, NOW).state).toBe(state);
  });

  test.each(['assigned', 'acknowledged', 'in_progress', 'submitted', 'contested'] as const)(
    'what was suspended while %s comes back to it',
    (state) => {
      const before = inState(state, 'suspend');
      const ctx = context(NOW + 1_000, { actor: AGENCY, ...arrived(PAPER) });
      const suspended = decide(before, COMMANDS.suspend, ctx);
      if (isRefusal(suspended)) throw new Error(suspended.code);
      const held = fold(before, suspended.events, NOW);
      const resumed = decide(held, COMMANDS.resume, context(NOW + 1, ctx));
      expect(isRefusal(resumed) ? resumed : fold(held, resumed.events, NOW).state).toBe(state);
    },
  );

  test('only the clock concludes, only what is regular, and not before the end date', () => {
    const end = at('2026-12-31 23:59:59');
    const judge = (actor: Actor, recurrence: 'regular' | 'one_off', now: number): string =>
      outcome(decide(assignment({ recurrence, dueAt: null }), COMMANDS.conclude, context(now, { actor })));
    expect(judge(CLOCK, 'regular', end)).toBe('allowed');
    expect(judge(CLOCK, 'regular', end - 1)).toBe('transition_not_allowed');
    expect(judge(CLOCK, 'one_off', end)).toBe('transition_not_allowed');
    for (const actor of [AGENCY, SUPERVISOR, LEAD]) expect(judge(actor, 'regular', end)).toBe('forbidden');
  });

  test('a regular task has neither a result to submit nor a deadline to move', () => {
    const regular = assignment({ recurrence: 'regular', dueAt: null });
    const judge = (action: AssignmentAction, actor: Actor): string =>
      outcome(decide(regular, COMMANDS[action], context(NOW + 1_000, { actor, ...arrived(PAPER) })));
    expect(judge('submit', LEAD)).toBe('transition_not_allowed');
    expect(judge('request_extension', LEAD)).toBe('transition_not_allowed');
    expect(judge('adjust_deadline', AGENCY)).toBe('transition_not_allowed');
    expect(judge('report', LEAD)).toBe('allowed');
  });

  test.each(['draft', 'awaiting_approval', 'withdrawn'] as const)(
    'nothing is done below a %s directive',
    (state) => {
      const directive = { ...FACTS, state };
      for (const action of ['report', 'submit', 'acknowledge'] as const)
        expect(outcome(decide(assignment(), COMMANDS[action], context(NOW, { directive })))).toBe(
          'directive_not_ready',
        );
    },
  );

  test('an act recorded for the unit needs the arrival of its paper: days in an in-tray are not the unit’s', () => {
    const late = DUE + 3 * 86_400_000;
    const judged = (happenedAt: number) =>
      decide(
        assignment({ state: 'in_progress' }),
        COMMANDS.submit,
        context(late, { actor: AGENCY, document: PAPER, happenedAt }),
      );
    expect(outcome(judged(late))).toBe('document_required');
    const arrivedInTime = judged(DUE);
    const [event] = isRefusal(arrivedInTime) ? [] : arrivedInTime.events;
    expect(event).toMatchObject({ type: 'submitted', data: { submission: { at: DUE, late: false } } });
  });

  test('a contest answered by a stop needs the document that the policy asks for a stop', () => {
    const contested = new Story().act({ action: 'contest', input: { reason: 'wrong_file', text } }, NOW);
    const stop = { action: 'answer_contest', input: { answer: 'stop', text } } as const;
    expect(contested.try(stop, NOW + 1_000, { actor: AGENCY })?.code).toBe('document_required');
    expect(contested.try(stop, NOW + 1_000, { actor: AGENCY, document: PAPER })).toBeNull();
  });

  test('what a document says happened neither in the future nor before the assignment was given', () => {
    const judge = (happenedAt: number): string =>
      outcome(
        decide(assignment(), COMMANDS.report, context(NOW, { actor: AGENCY, document: PAPER, happenedAt })),
      );
    expect(judge(NOW + 1000)).toBe('happened_in_future');
    expect(judge(GIVEN - 1000)).toBe('happened_in_future');
    expect(judge(GIVEN)).toBe('allowed');
  });

  test('an assignment is contested within three working days, not after', () => {
    const judge = (now: number): string => outcome(decide(assignment(), COMMANDS.contest, context(now)));
    expect(judge(at('2026-10-08 17:30'))).toBe('allowed');
    expect(judge(at('2026-10-08 17:31'))).toBe('transition_not_allowed');
  });
});
