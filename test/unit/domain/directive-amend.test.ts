import { describe, expect, test } from '@jest/globals';
import { CLOCK } from '../../../src/domain/actor.js';
import { decide } from '../../../src/domain/assignment/decide.js';
import { born } from '../../../src/domain/assignment/evolve.js';
import { isLate } from '../../../src/domain/assignment/lateness.js';
import { nextStep } from '../../../src/domain/assignment/steps.js';
import { addWorkingDays } from '../../../src/domain/calendar.js';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import { type Amendment, amend, revisionOf } from '../../../src/domain/directive/amend.js';
import type { DirectiveContent, DraftTask } from '../../../src/domain/directive/draft.js';
import {
  assignedEvent,
  assignmentSeeds,
  type FrozenDirective,
} from '../../../src/domain/directive/freeze.js';
import { gate } from '../../../src/domain/directive/gate.js';
import { isRefusal } from '../../../src/domain/errors.js';
import { DEFAULT_POLICY } from '../../../src/domain/policy.js';
import { content, frozen, ruleOf, task } from './drafts.js';
import { at, context, DUE, FACTS, fold, outcome, person } from './story.js';

/** After the deadline of every phrase of these tests, counted from the issue. */
const LATER = at('2027-01-04 09:00');

interface Day {
  readonly now?: number;
  readonly communes?: readonly string[];
}

const gateOf = (draft: DirectiveContent, { now = LATER, communes = ['c1', 'c2', 'c3'] }: Day = {}) =>
  gate(draft, {
    now,
    calendar: OFFICE_HOURS,
    policy: DEFAULT_POLICY.deadline,
    unitIds: new Set(['health', 'justice', ...communes]),
    groups: new Map([['commune', communes]]),
  });

function amended(before: FrozenDirective, draft: DirectiveContent, day: Day = {}): Amendment {
  const report = gateOf(draft, day);
  const { now = LATER } = day;
  return amend(before, draft, report, {
    ...{ directiveId: 'd', workingGroupId: 'g', version: 2, issuedAt: now, calendar: OFFICE_HOURS },
    ...{ policy: DEFAULT_POLICY, standingAgencyId: 'agency', homeAffairsId: 'affairs' },
    base: before.tasks.flatMap(({ brings }) => brings).length,
  });
}

/** What the amendment brings, as it begins. */
const begun = ({ next }: Pick<Amendment, 'next'>) =>
  assignmentSeeds(next, next.base, 100).map((seed) => born(assignedEvent(next, seed, 'a'), next.issuedAt));

const counted = (over: Partial<DraftTask> = {}): DraftTask =>
  task({
    deadline: { phrase: 'trong 10 ngày làm việc', rule: ruleOf('trong 10 ngày làm việc'), past: null },
    ...over,
  });
const end = content([]).endsOn ?? '';
const yearAfter = { endsOn: end.replace('2026', '2027') };

describe('who comes by an amendment', () => {
  test('has the time that the phrase gives from then on: nobody is late before the work is given', () => {
    const unclear = counted({ leadUnitIds: [], keepUnclear: true });
    const cleared = { ...unclear, leadUnitIds: ['health'], keepUnclear: false };
    const [a] = begun(amended(frozen(content([unclear])), content([cleared], yearAfter)));
    if (a === undefined) throw new Error('Nothing is assigned');
    expect(a.dueAt).toBe(addWorkingDays(OFFICE_HOURS, LATER, 10));
    expect(a).toMatchObject({ assignedAt: LATER, firstDeadlineAt: a.dueAt, deadlineAt: a.dueAt });
    expect(isLate(a, LATER)).toBe(false);
    const taken = decide(a, { action: 'take_steps' }, context(LATER + 1_000, { actor: CLOCK }));
    expect(isRefusal(taken) ? taken : taken.events).toEqual([]);
  });

  test('beside others who keep the time that they were given', () => {
    const before = frozen(content([counted({ leadUnitIds: ['health'], severalLeads: 'each_leads' })]));
    const both = counted({ leadUnitIds: ['health', 'justice'], severalLeads: 'each_leads' });
    const amendment = amended(before, content([both], yearAfter));
    expect(amendment.refused).toEqual([]);
    expect(amendment.changes).toMatchObject([{ deadline: null, unitsAdded: ['justice'], unitsRemoved: [] }]);
    expect(amendment.next.tasks[0]?.deadlineAt).toBe(before.tasks[0]?.deadlineAt);
    expect(begun(amendment).map(({ unitId, dueAt }) => [unitId, dueAt])).toEqual([
      ['justice', addWorkingDays(OFFICE_HOURS, LATER, 10)],
    ]);
    // The next amendment knows nothing of it any more.
    const after = amended(amendment.next, content([both], yearAfter));
    expect(after.next.tasks[0]).not.toHaveProperty('brought');
  });

  test.each([
    ['an unclear row is cleared', task({ leadUnitIds: [], keepUnclear: true })],
    ['a unit is added', task({ severalLeads: 'each_leads' })],
  ])('is asked about where the named date has passed: %s', (_, old) => {
    const leadUnitIds = [...old.leadUnitIds, 'justice'];
    const next = { ...old, leadUnitIds, keepUnclear: false };
    const before = frozen(content([old]));
    expect(amended(before, content([next])).refused.map(({ past }) => past)).toEqual([
      { at: DUE, answered: false },
    ]);
    const answered = {
      ...next,
      deadline: {
        ...next.deadline,
        past: { answer: 'carry_over' as const, newPhrase: 'trước ngày 30/1/2027', newRule: null },
      },
    };
    const given = amended(before, content([answered], yearAfter));
    expect(given.refused).toEqual([]);
    expect(begun(given).map(({ dueAt, firstDeadlineAt }) => [dueAt, firstDeadlineAt])).toEqual([
      [at('2027-01-30 23:59:59'), DUE],
    ]);
  });

  test('and nobody else is asked: other words of a task whose date has passed are no new deadline', () => {
    const before = frozen(content([task()]));
    const amendment = amended(before, content([task({ title: 'Rà soát lại dữ liệu' })]));
    expect(amendment).toMatchObject({ refused: [], changes: [{ change: 'changed', deadline: null }] });
    expect(begun(amendment)).toEqual([]);
  });

  test('nor of a row that was carried over, when its new date has passed too', () => {
    const past = { answer: 'carry_over' as const, newPhrase: 'trước ngày 30/10/2026', newRule: null };
    const old = task({
      keepUnclear: true,
      deadline: { phrase: 'trước ngày 1/9/2026', rule: ruleOf('trước ngày 1/9/2026'), past },
    });
    const before = frozen(content([old]));
    const amendment = amended(before, content([{ ...old, title: 'Rà soát lại dữ liệu' }]));
    expect(amendment.refused).toEqual([]);
    expect(amendment.next.tasks[0]).toMatchObject({ unclear: [], leads: ['health'], deadlineAt: DUE });
  });
});

describe('the roster of a group', () => {
  const general = counted({ nature: 'general', leadUnitIds: [], groupCodes: ['commune'] });
  const before = frozen(content([general]));
  const grown = ['c1', 'c2', 'c4'];

  test('takes in by an amendment who has joined, also where nothing else of the task changes', () => {
    const amendment = amended(before, content([general], yearAfter), { communes: grown });
    expect(amendment.changes).toMatchObject([{ change: 'changed', unitsAdded: ['c4'], unitsRemoved: [] }]);
    expect(amendment.next.tasks[0]?.leads).toEqual(['c1', 'c2', 'c3', 'c4']);
    expect(begun(amendment).map(({ unitId }) => unitId)).toEqual(['c4']);
  });

  test('stops nobody who has left, whatever words of the task change', () => {
    const renamed = { ...general, title: 'Rà soát lại dữ liệu' };
    const amendment = amended(before, content([renamed], yearAfter), { communes: ['c1', 'c2'] });
    expect(amendment.changes).toMatchObject([{ unitsAdded: [], unitsRemoved: [] }]);
    expect(amendment.next.tasks[0]?.leads).toEqual(['c1', 'c2', 'c3']);
  });

  test('takes in nobody after a named date, and asks nobody about it', () => {
    const dated = task({ nature: 'general', leadUnitIds: [], groupCodes: ['commune'] });
    const amendment = amended(frozen(content([dated])), content([dated]), { communes: grown });
    expect(amendment).toMatchObject({ refused: [], changes: [] });
    expect(begun(amendment)).toEqual([]);
  });
});

describe('a running assignment', () => {
  const NOW2 = at('2026-10-12 09:00');
  const dated = task({ deadline: { ...task().deadline, rule: ruleOf('trước ngày 30/10/2026') } });
  const regular = task({
    recurrence: 'regular',
    deadline: { phrase: 'thường xuyên', rule: ruleOf('thường xuyên'), past: null },
  });

  /** Revised by an amendment whose paper had come three days before it was recorded. */
  function revised(old: DraftTask, next: DraftTask, happenedAt = NOW2) {
    const before = frozen(content([old]));
    const [seed] = assignmentSeeds(before, 0, 1);
    if (seed === undefined) throw new Error('Nothing is assigned');
    const a = born(assignedEvent(before, seed, 'a'), before.issuedAt);
    const amendment = amended(before, content([next]), { now: NOW2 });
    const [change] = amendment.changes;
    if (change === undefined) throw new Error('Nothing changes');
    const running = { id: 'a', taskId: 't1', unitId: 'health', formerUnitIds: [], result: a.result };
    const revision = revisionOf(running, change, before, amendment.next);
    if (revision === null || typeof revision === 'string') throw new Error('It is not revised');
    const result = decide(
      a,
      { action: 'revise', input: { version: 2, ...revision } },
      context(NOW2, { happenedAt }),
    );
    if (isRefusal(result)) throw new Error(result.detail.en);
    return fold(a, result.events, NOW2);
  }

  test('of a regular task that gets a deadline is due, urged and late as any other', () => {
    const a = revised(regular, dated);
    expect(a).toMatchObject({
      recurrence: 'one_off',
      dueAt: DUE,
      deadlineAt: DUE,
      firstDeadlineAt: DUE,
      cycle: 2,
    });
    expect(isLate(a, DUE + 1_000)).toBe(true);
    expect(nextStep({ ...a, state: 'in_progress' }, context(NOW2))?.step).toBe('remind-7');
    const submit = decide(
      a,
      { action: 'submit', input: { text: 'x' } },
      context(NOW2 + 1_000, { actor: person('unit', 'health', 'g') }),
    );
    expect(outcome(submit)).toBe('allowed');
  });

  test('of a dated task that becomes regular is late and urged no more, and concludes with the directive', () => {
    const a = revised(dated, regular);
    expect(a).toMatchObject({
      recurrence: 'regular',
      dueAt: null,
      deadlineAt: null,
      firstDeadlineAt: DUE,
      cycle: 2,
      deadline: { phrase: 'thường xuyên', byHand: false },
    });
    expect(isLate(a, at('2026-12-28 09:00'))).toBe(false);
    expect(nextStep({ ...a, state: 'in_progress' }, context(NOW2))).toEqual({
      step: 'conclusion',
      at: at('2026-12-31 23:59:59'),
    });
  });

  test('concludes on the date that its own words name, where the directive goes on longer or has no end', () => {
    const phrase = 'thường xuyên đến hết tháng 11/2026';
    const until = { ...regular, deadline: { phrase, rule: ruleOf(phrase), past: null } };
    for (const endsOn of ['2026-12-31', null]) {
      const draft = content([until], { endsOn });
      expect(gateOf(draft, { now: NOW2 }).rows[0]?.findings).toEqual([]);
      const [a] = begun({ next: frozen(draft) });
      if (a === undefined) throw new Error('Nothing is assigned');
      const directive = { ...FACTS, endsAt: endsOn === null ? null : at(`${endsOn} 23:59:59`) };
      expect(nextStep({ ...a, state: 'in_progress' }, context(NOW2, { directive }))).toEqual({
        step: 'conclusion',
        at: at('2026-11-30 23:59:59'),
      });
    }
    expect(gateOf(content([until]), { now: LATER }).rows[0]?.findings.map(({ clear }) => clear)).toEqual([
      'time',
    ]);
  });

  test('follows the calendar from where its deadline was counted, also after an amendment by paper', () => {
    const longer = counted({
      deadline: { phrase: 'trong 15 ngày làm việc', rule: ruleOf('trong 15 ngày làm việc'), past: null },
    });
    const a = revised(counted(), longer, NOW2 - 3 * 86_400_000);
    expect(a.deadlineAt).toBe(addWorkingDays(OFFICE_HOURS, NOW2, 15));
    expect(a.deadline.from).toBe(NOW2);
  });
});
