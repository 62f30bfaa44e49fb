import { expect, test } from '@jest/globals';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import { type PastFact, readPast } from '../../../src/domain/directive/past.js';
import { DEFAULT_POLICY } from '../../../src/domain/policy.js';
import { at } from './story.js';

const extended = (on: string, to: string, unitId: string | null = null): PastFact => ({
  kind: 'extended',
  on,
  to,
  unitId,
  document: { number: '9/QĐ', date: on },
  note: null,
});
const noPaper = (fact: PastFact): PastFact => ({ ...fact, document: null });
const codes = (...facts: PastFact[]): string[] => codesUnder(null, ...facts);
const codesUnder = (deadlineAt: number | null, ...facts: PastFact[]): string[] =>
  readPast(facts, {
    deadlineAt,
    now: at('2026-06-01 09:00'),
    calendar: OFFICE_HOURS,
    policy: DEFAULT_POLICY.deadline,
    assignedOn: '2025-01-02',
    regular: false,
  }).findings.map(({ index, code }) => `${index} ${code}`);

test('an extension to a day before its own is a finding: it would judge by a mistyped year', () => {
  expect(codes(extended('2025-05-10', '20/6/2024'))).toEqual(['0 past_deadline_not_later']);
  expect(codes(extended('2025-05-10', '20/6/2025'))).toEqual([]);
});

test('a second extension gives more time than the first, of the same unit', () => {
  const first = extended('2025-05-10', '20/8/2025', 'a');
  expect(codes(first, extended('2025-06-10', '20/7/2025', 'a'))).toEqual(['1 past_deadline_not_later']);
  expect(codes(first, extended('2025-06-10', '20/7/2025', 'b'))).toEqual([]);
  expect(codes(first, extended('2025-06-10', '20/7/2025'))).toEqual(['1 past_deadline_not_later']);
  expect(codes(first, extended('2025-06-10', '20/9/2025', 'a'))).toEqual([]);
});

test('an extension goes beyond the deadline that the work was given with', () => {
  const first = at('2025-07-20 23:59:59');
  expect(codesUnder(first, extended('2025-05-10', '10/7/2025'))).toEqual(['0 past_deadline_not_later']);
  expect(codesUnder(first, extended('2025-05-10', '20/7/2025'))).toEqual(['0 past_deadline_not_later']);
  expect(codesUnder(first, extended('2025-05-10', '21/7/2025'))).toEqual([]);
});

test('an extension of the past names its document: the new deadline is what is judged by', () => {
  const fact = extended('2025-05-10', '20/7/2025');
  expect(codes(fact)).toEqual([]);
  expect(codes(noPaper(fact))).toEqual(['0 past_extension_without_document']);
  // Other acts may have come without one.
  expect(codes({ ...noPaper(fact), kind: 'reported', to: null })).toEqual([]);
});
