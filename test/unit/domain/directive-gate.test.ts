import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type DirectiveContent, type DraftTask, EMPTY_CONTENT } from '../../../src/domain/directive/draft.js';
import { plannedCount } from '../../../src/domain/directive/freeze.js';
import { content, fails, firstAssigned, frozen, judge, NOW, ruleOf, task } from './drafts.js';
import { at } from './story.js';

describe('the four clears', () => {
  test('a row that has all of them fails none', () => {
    expect(fails({})).toEqual([]);
    expect(judge(content([task()]))).toMatchObject({
      ready: true,
      counts: { rows: 1, clear: 1, refused: 0, assignments: 1 },
    });
  });

  test.each<[string, Partial<DraftTask>]>([
    ['no lead', { leadUnitIds: [] }],
    ['a lead that is no unit today', { leadUnitIds: ['gone'] }],
    ['several leads and no answer', { leadUnitIds: ['health', 'justice'] }],
    ['a group that does not exist', { nature: 'general', groupCodes: ['commune', 'unknown'] }],
    ['a group without units', { nature: 'general', groupCodes: ['empty'] }],
    ['no group', { nature: 'general', groupCodes: [] }],
    ['a coordinating unit that is none', { coordinatingUnitIds: ['justice', 'gone'] }],
    ['a monitor that is none', { monitorUnitId: 'gone' }],
  ])('people: %s', (_name, over) => {
    expect(fails(over)).toEqual(['people']);
  });

  test('people: a unit named twice leads once, and is no question', () => {
    expect(fails({ leadUnitIds: ['health', 'health'] })).toEqual([]);
    expect(
      plannedCount(
        frozen(content([task({ leadUnitIds: ['health', 'health'], severalLeads: 'each_leads' })])),
      ),
    ).toBe(1);
  });

  test('work: a task without words', () => {
    expect(fails({ title: '  ' })).toEqual(['work']);
  });

  test.each(['', 'sớm nhất có thể', '31/02/2026', '20/10 hoặc 30/10'])('time: %s', (phrase) => {
    expect(fails({ deadline: { phrase, rule: null, past: null } })).toEqual(['time']);
  });

  test('time: what is regular needs an end date of the directive, which lies ahead', () => {
    const regular = { deadline: { phrase: 'thường xuyên', rule: null, past: null } };
    expect(fails(regular, { endsOn: null })).toEqual(['time']);
    expect(fails(regular, { endsOn: '2026-10-04' })).toEqual(['time']);
    expect(fails(regular, { endsOn: '2026-10-05' })).toEqual([]);
    expect(fails({ recurrence: 'regular' }, { endsOn: null })).toEqual(['time']);
  });

  test.each<[string, Partial<DraftTask>]>([
    ['nothing', { result: null }],
    ['an empty deliverable', { result: { kind: 'deliverable', text: ' ' } }],
    [
      'an indicator without a target',
      { result: { kind: 'indicator', name: 'Tỷ lệ', numerator: null, denominator: 100, atLeast: true } },
    ],
  ])('results: %s', (_name, over) => {
    expect(fails(over)).toEqual(['results']);
  });

  test('results: the target may be each unit’s own, but then every unit has one', () => {
    const result = {
      kind: 'indicator',
      name: 'Hồ sơ',
      numerator: null,
      denominator: null,
      atLeast: true,
    } as const;
    const of = (...units: string[]) => units.map((unitId, place) => ({ unitId, numerator: 10 + place }));
    const general = { nature: 'general', groupCodes: ['commune'], result } as const;
    expect(fails({ ...general, targets: of('c1', 'c2') })).toEqual(['results']);
    expect(fails({ ...general, targets: of('c1', 'c2', 'c3') })).toEqual([]);
    expect(
      firstAssigned(content([task({ ...general, targets: of('c1', 'c2', 'c3') })])).result,
    ).toMatchObject({ numerator: 10 });
  });

  test('a row that fails several is answered with all of them', () => {
    expect(
      fails({
        title: '',
        leadUnitIds: [],
        result: null,
        deadline: { phrase: '', rule: null, past: null },
      }).sort(),
    ).toEqual(['people', 'results', 'time', 'work']);
  });

  test('a directive without title, number, date or tasks is not ready; one by word of mouth needs no number', () => {
    const pointers = (draft: DirectiveContent) => judge(draft).findings.map((finding) => finding.pointer);
    expect(pointers(EMPTY_CONTENT)).toEqual(['/title', '/tasks', '/number', '/documentDate']);
    expect(pointers(content([task()], { provisional: true, number: null, documentDate: null }))).toEqual([]);
    expect(firstAssigned(content([task()], { provisional: true, number: null })).provisional).toBe(true);
  });
});

describe('several leads', () => {
  const several = { leadUnitIds: ['health', 'justice', 'office'] };

  test('lead each, or the first leads and the rest coordinate', () => {
    const [each] = frozen(content([task({ ...several, severalLeads: 'each_leads' })])).tasks;
    expect(each).toMatchObject({ leads: ['health', 'justice', 'office'], coordinating: [] });
    const [first] = frozen(
      content([task({ ...several, severalLeads: 'first_leads', coordinatingUnitIds: ['c1', 'health'] })]),
    ).tasks;
    expect(first).toMatchObject({ leads: ['health'], coordinating: ['c1', 'health', 'justice', 'office'] });
  });

  test('a lead never coordinates itself', () => {
    const data = firstAssigned(content([task({ coordinatingUnitIds: ['health', 'justice'] })]));
    expect(data).toMatchObject({ unitId: 'health', coordinatingUnitIds: ['justice'] });
  });
});

describe('an unclear row', () => {
  const unclear = task({ id: 't2', leadUnitIds: [], keepUnclear: true });

  test('stays in the directive where it is kept, counted apart, with no assignment and no clock', () => {
    const draft = content([task(), unclear]);
    expect(judge(draft)).toMatchObject({
      ready: true,
      counts: { rows: 2, clear: 1, unclear: 1, refused: 0, assignments: 1 },
    });
    expect(frozen(draft).tasks[1]).toMatchObject({ leads: [], unclear: ['people'] });
    expect(plannedCount(frozen(draft))).toBe(1);
  });

  test('that nobody kept refuses the issue', () => {
    expect(judge(content([task(), { ...unclear, keepUnclear: false }]))).toMatchObject({
      ready: false,
      counts: { refused: 1, unclear: 0 },
    });
  });

  test('keeping a clear row changes nothing of it', () => {
    expect(judge(content([task({ keepUnclear: true })])).counts).toMatchObject({ clear: 1, unclear: 0 });
  });

  test('rows are clear, unclear or refused, each exactly once', () => {
    const row = fc.record({
      leadUnitIds: fc.constantFrom(['health'], [], ['gone'], ['health', 'justice']),
      keepUnclear: fc.boolean(),
      title: fc.constantFrom('việc', ''),
      deadline: fc.constantFrom(
        { phrase: 'trước ngày 30/10/2026', rule: null, past: null },
        { phrase: 'trước ngày 30/9/2026', rule: null, past: null },
        { phrase: 'trước ngày 30/9/2026', rule: null, past: { answer: 'take_over' as const } },
        { phrase: '', rule: null, past: null },
      ),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), (rows) => {
        const draft = content(rows.map((over, place) => task({ ...over, id: `t${place}` })));
        const { counts, ready, findings } = judge(draft);
        expect(counts.clear + counts.unclear + counts.refused).toBe(rows.length);
        expect(ready).toBe(counts.refused === 0 && findings.length === 0);
        if (ready) expect(plannedCount(frozen(draft))).toBe(counts.assignments);
      }),
    );
  });
});

describe('a deadline already past', () => {
  const past = (answer: DraftTask['deadline']['past']): DraftTask =>
    task({
      deadline: { phrase: 'trước ngày 15/9/2026', rule: ruleOf('trước ngày 15/9/2026'), past: answer },
    });
  const PAST = at('2026-09-15 23:59:59');

  test('is a finding that refuses until one of its two answers is given', () => {
    const report = judge(content([past(null)]));
    expect(report).toMatchObject({ ready: false, counts: { past: 1, refused: 1, clear: 0 } });
    expect(report.rows[0]).toMatchObject({ past: { at: PAST, answered: false } });
  });

  test('taken over keeps its past: lateness stands and the ladder counts from the issue', () => {
    const draft = content([past({ answer: 'take_over' })]);
    expect(judge(draft).ready).toBe(true);
    expect(firstAssigned(draft)).toMatchObject({
      dueAt: PAST,
      firstDeadlineAt: PAST,
      ladderFrom: NOW,
      originYear: 2026,
    });
  });

  test('carried over keeps the first deadline and its year, and follows the new one in words and in time', () => {
    const newPhrase = 'trước ngày 20/11/2027';
    const old = task({
      deadline: {
        phrase: 'trước ngày 15/9/2025',
        rule: ruleOf('trước ngày 15/9/2025'),
        past: { answer: 'carry_over', newPhrase, newRule: ruleOf(newPhrase) },
      },
    });
    expect(firstAssigned(content([old]))).toMatchObject({
      dueAt: at('2027-11-20 23:59:59'),
      deadlineAt: at('2027-11-20 23:59:59'),
      firstDeadlineAt: at('2025-09-15 23:59:59'),
      originYear: 2025,
      ladderFrom: null,
      deadline: { phrase: newPhrase, rule: { kind: 'date', date: '2027-11-20' } },
    });
  });

  test.each(['trước ngày 20/9/2026', 'bao giờ xong thì xong'])('is not carried over to %s', (newPhrase) => {
    expect(fails(past({ answer: 'carry_over', newPhrase, newRule: null }))).toEqual(['time']);
  });

  test('an answer to a deadline that lies ahead changes nothing', () => {
    const ahead = task({
      deadline: { phrase: 'trước ngày 30/10/2026', rule: null, past: { answer: 'take_over' } },
    });
    expect(firstAssigned(content([ahead]))).toMatchObject({
      dueAt: at('2026-10-30 23:59:59'),
      ladderFrom: null,
    });
  });
});
