import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import { withinParent } from '../../../src/domain/decision.js';
import {
  beyondParent,
  carriedOf,
  mayCarryOn,
  type ParentFacts,
} from '../../../src/domain/directive/links.js';
import { isRefusal } from '../../../src/domain/errors.js';
import { task } from './drafts.js';
import { at, FACTS } from './story.js';

const NOW = at('2026-10-05 09:00');

describe('the deadline of what carries a superior assignment on', () => {
  test('is taken if and only if it does not pass the superior one, or a document of its issuer is at hand', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1000, max: 1000 }), fc.boolean(), (minutes, signed) => {
        const until = at('2026-11-30 17:30');
        const deadline = { phrase: 'x', rule: null, at: until + minutes * 60_000 };
        const ctx = {
          directive: { ...FACTS, carriedUntil: until },
          calendar: OFFICE_HOURS,
          receivedAt: NOW,
        };
        const document = signed ? { number: '9/UBND', date: '2026-10-01' } : undefined;
        const result = withinParent(deadline, document, ctx);
        expect(isRefusal(result)).toBe(minutes > 0 && !signed);
        if (!isRefusal(result)) {
          // The document is kept where it was needed, and nowhere else.
          expect(result.parentDocument).toEqual(minutes > 0 ? document : undefined);
        }
        expect(beyondParent(deadline.at, until, OFFICE_HOURS) !== null).toBe(minutes > 0);
      }),
    );
  });

  test('is bound by none where nothing is carried on, or that has no date', () => {
    const deadline = { phrase: 'x', rule: null, at: at('2099-01-01 09:00') };
    for (const carriedUntil of [null, undefined]) {
      const directive = carriedUntil === undefined ? FACTS : { ...FACTS, carriedUntil };
      expect(withinParent(deadline, undefined, { directive, calendar: OFFICE_HOURS, receivedAt: NOW })).toBe(
        deadline,
      );
    }
    expect(beyondParent(null, NOW, OFFICE_HOURS)).toBeNull();
  });
});

test('an assignment of another Working Group is carried on by its lead alone', () => {
  const parent: ParentFacts = {
    workingGroupId: 'province',
    unitId: 'lead',
    over: false,
    until: null,
    circular: false,
  };
  const by = (workingGroupId: string, standingAgencyId: string) =>
    mayCarryOn(parent, { workingGroupId, standingAgencyId });
  expect([by('province', 'any'), by('district', 'lead'), by('district', 'other')]).toEqual([
    true,
    true,
    false,
  ]);
  expect(mayCarryOn(null, { workingGroupId: 'province', standingAgencyId: 'lead' })).toBe(false);
});

test('a lead goes on with what it carried over itself, the latest, and with nothing that was done or is another’s', () => {
  const of = (id: string, unitId: string, carriedOver: boolean, originYear: number) => ({
    id,
    unitId,
    open: false,
    carriedOver,
    firstDeadlineAt: NOW,
    originYear,
  });
  const assignments = [
    of('a', 'health', true, 2023),
    of('b', 'health', true, 2024),
    of('c', 'justice', false, 2024),
    of('d', 'office', true, 2024),
  ];
  const previous = new Map([['old', { directiveId: 'd', withdrawn: false, assignments }]]);
  expect(carriedOf(task({ previousTaskId: 'old' }), ['health', 'justice'], previous)).toEqual([
    { unitId: 'health', assignmentId: 'b', firstDeadlineAt: NOW, originYear: 2024 },
  ]);
  expect(carriedOf(task({ previousTaskId: null }), ['health'], previous)).toEqual([]);
  expect(carriedOf(task({ previousTaskId: 'unknown' }), ['health'], previous)).toEqual([]);
});
