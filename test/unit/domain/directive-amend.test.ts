import { describe, expect, test } from '@jest/globals';
import { CLOCK } from '../../../src/domain/actor.js';
import { decide } from '../../../src/domain/assignment/decide.js';
import { born } from '../../../src/domain/assignment/evolve.js';
import { isLate } from '../../../src/domain/assignment/lateness.js';
import { addWorkingDays } from '../../../src/domain/calendar.js';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import { type Amendment, amend } from '../../../src/domain/directive/amend.js';
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
import { at, context, DUE } from './story.js';

/** After the deadline of every phrase of these tests, counted from the issue. */
const LATER = at('2027-01-04 09:00');

function amended(
  before: FrozenDirective,
  draft: DirectiveContent,
  { now = LATER, communes = ['c1', 'c2', 'c3'] }: { now?: number; communes?: readonly string[] } = {},
): Amendment {
  const report = gate(draft, {
    now,
    calendar: OFFICE_HOURS,
    policy: DEFAULT_POLICY.deadline,
    unitIds: new Set(['health', 'justice', ...communes]),
    groups: new Map([['commune', communes]]),
  });
  return amend(before, draft, report, {
    ...{ directiveId: 'd', workingGroupId: 'g', version: 2, issuedAt: now, calendar: OFFICE_HOURS },
    ...{ policy: DEFAULT_POLICY, standingAgencyId: 'agency', homeAffairsId: 'affairs' },
    base: before.tasks.flatMap(({ brings }) => brings).length,
  });
}

/** What the amendment brings, as it begins. */
const begun = ({ next }: Amendment) =>
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
