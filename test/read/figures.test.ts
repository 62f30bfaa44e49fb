import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isRefusal } from '../../src/domain/errors.js';
import { DAY } from '../../src/domain/instant.js';
import { assignmentsPage } from '../../src/engine/read/assignments.js';
import { type CountRequest, type Counts, getCounts } from '../../src/engine/read/counts.js';
import { directiveSummary, directivesPage, getDirective } from '../../src/engine/read/directives.js';
import { escalationsPage } from '../../src/engine/read/escalations.js';
import { getReferral, referralsPage } from '../../src/engine/read/referrals.js';
import type { Viewer } from '../../src/engine/read/view.js';
import type { FixturePerson } from '../support/fixtures.js';
import { type Story, tellStory } from './story.js';

const NOW: CountRequest = {
  asOf: null,
  knownAt: null,
  count: 'assignment',
  groupBy: null,
  directiveId: null,
  unitId: null,
  regular: 'beside',
};

function addsUp(counts: Counts): boolean {
  const { total, superseded: _beside, awaitingConfirmation: _part, ...classes } = counts;
  return Object.values(classes).reduce((sum, n) => sum + n, 0) === total;
}

describe('figures, directives, steps and cases', () => {
  let story: Story;
  const eyes = (who: FixturePerson): Viewer => ({ actor: story.group.signIn(who).actor, locale: 'en' });
  const page = { limit: 50, cursor: null };
  const none = { directiveId: null, assignmentId: null, unitId: null };

  beforeAll(async () => {
    story = await tellStory();
  });
  afterAll(async () => {
    await story.end();
  });

  test('the counts of the Working Group add up and equal the list', async () => {
    const { total, knownAt, asOf } = await getCounts(story.engine, eyes('supervisor'), NOW);
    expect(total).toEqual({
      total: 7,
      doneOnTime: 1,
      doneLate: 0,
      openInTime: 2,
      openOverdue: 2,
      awaitingConfirmation: 1,
      regular: 1,
      suspended: 0,
      stopped: 0,
      carriedOver: 0,
      unclear: 1,
      superseded: 0,
    });
    expect(knownAt).toBe(asOf);
    const { items } = await assignmentsPage(
      story.engine,
      eyes('supervisor'),
      {
        ...none,
        taskId: null,
        states: null,
        count: 'open_overdue',
        dueBefore: null,
        dueAfter: null,
        q: null,
      },
      'id',
      page,
    );
    expect(items).toHaveLength(total.openOverdue);
  });

  test('as of an earlier instant they are what they were then, by what is known now', async () => {
    const { total } = await getCounts(story.engine, eyes('supervisor'), { ...NOW, asOf: story.early });
    expect(total).toMatchObject({
      total: 7,
      doneOnTime: 0,
      openInTime: 5,
      openOverdue: 0,
      regular: 1,
      unclear: 1,
    });
    const before = await getCounts(story.engine, eyes('supervisor'), { ...NOW, asOf: story.early - DAY });
    expect(before.total.total).toBe(0);
  });

  test.each(['unit', 'group', 'directive', 'kind', 'origin-year', 'working-group'] as const)(
    'by %s the rows add up to the total',
    async (groupBy) => {
      for (const count of ['assignment', 'task'] as const) {
        const view = await getCounts(story.engine, eyes('standing_agency'), { ...NOW, count, groupBy });
        expect([view.total, ...view.groups.map((group) => group.counts)].every(addsUp)).toBe(true);
        const sum = view.groups.reduce((all, group) => all + group.counts.total, 0);
        if (view.rowsSumToTotal) expect(sum).toBe(view.total.total);
        else expect(sum).toBeGreaterThanOrEqual(view.total.total);
      }
    },
  );

  test('a task is overdue if any of its assignments is', async () => {
    const { total } = await getCounts(story.engine, eyes('supervisor'), { ...NOW, count: 'task' });
    expect(total).toMatchObject({
      total: 5,
      doneOnTime: 1,
      openOverdue: 2,
      regular: 1,
      unclear: 1,
      awaitingConfirmation: 1,
    });
  });

  test('a unit counts its own, Home Affairs nothing', async () => {
    const own = await getCounts(story.engine, eyes('unit:communeC'), NOW);
    expect(own.total).toMatchObject({ total: 1, openOverdue: 1 });
    const foreign = await getCounts(story.engine, eyes('home_affairs'), NOW);
    expect(foreign.total.total).toBe(0);
  });

  test('directives: the agency reads the whole, a unit only that it exists and its own part', async () => {
    const whole = await getDirective(story.engine, eyes('standing_agency'), story.directiveId);
    if (isRefusal(whole)) throw new Error('not seen');
    expect(whole).toMatchObject({
      state: 'issued',
      number: '12/KH-TCT',
      counts: { planned: 6, assigned: 6, open: 5, unclear: 1 },
    });
    expect(whole.tasks).toHaveLength(5);
    expect(whole.allowedActions.find((each) => each.action === 'withdraw')?.allowed).toBe(true);
    const part = await getDirective(story.engine, eyes('unit:communeC'), story.directiveId);
    if (isRefusal(part)) throw new Error('not seen');
    expect(part).toMatchObject({
      tasks: null,
      counts: { planned: null, assigned: 1, open: 1, unclear: null },
    });
    expect(await getDirective(story.engine, eyes('home_affairs'), story.directiveId)).toMatchObject({
      code: 'not_found',
    });
    expect(await getDirective(story.engine, eyes('standing_agency'), story.otherDirectiveId)).toMatchObject({
      code: 'not_found',
    });
    const { items } = await directivesPage(
      story.engine,
      eyes('supervisor'),
      { states: ['issued'], q: 'ke hoach THU' },
      page,
    );
    expect(items.map((item) => item.id)).toEqual([story.directiveId]);
  });

  test('the summary names who still owes each task', async () => {
    const summary = await directiveSummary(story.engine, eyes('supervisor'), story.directiveId);
    if (isRefusal(summary)) throw new Error('not seen');
    expect(summary.byTask.map(({ code, countClass, missing }) => [code, countClass, missing])).toEqual([
      ['A1', 'done_on_time', 0],
      ['A2', 'open_overdue', 3],
      ['B1', 'regular', 0],
      ['B2', 'unclear', 0],
      ['C1', 'open_overdue', 1],
    ]);
    expect(summary.byTask[1]?.missingUnits).toHaveLength(3);
    expect(summary.assignments.total).toBe(7);
    expect(summary.steps.find((step) => step.kind === 'referral')?.taken).toBe(2);
  });

  test('the history of steps says when each was planned and taken, under which rule, and what was sent', async () => {
    const filter = { ...none, id: null, step: null, from: null, to: null };
    const { items } = await escalationsPage(
      story.engine,
      eyes('supervisor'),
      { ...filter, assignmentId: story.ids.communeC },
      page,
    );
    expect(items.map((item) => item.kind)).toEqual(
      expect.arrayContaining(['reminder', 'urge', 'supervisor', 'referral']),
    );
    const refer = items.find((item) => item.kind === 'referral');
    expect(refer).toMatchObject({
      step: 'refer',
      unit: { name: 'Xã Cẩm Hà' },
      assignment: { code: 'A2' },
      acknowledged: null,
      voided: null,
    });
    expect(refer?.deliveries.map((each) => each.state)).toContain('waiting');
    expect(Date.parse(refer?.takenAt ?? '')).toBeGreaterThan(Date.parse(refer?.plannedAt ?? ''));
    const own = await escalationsPage(story.engine, eyes('unit:communeC'), filter, page);
    expect(new Set(own.items.map((item) => item.unit?.name))).toEqual(new Set(['Xã Cẩm Hà']));
    const foreign = await escalationsPage(
      story.engine,
      eyes('unit:communeA'),
      { ...filter, assignmentId: story.ids.communeC },
      page,
    );
    expect(foreign.items).toEqual([]);
    const byStep = await escalationsPage(story.engine, eyes('supervisor'), { ...filter, step: 'urge' }, page);
    expect(byStep.items.every((item) => item.kind === 'urge')).toBe(true);
    const pages: string[] = [];
    for (let cursor: string | null = null; ; ) {
      const part = await escalationsPage(story.engine, eyes('supervisor'), filter, { limit: 3, cursor });
      pages.push(...part.items.map((item) => item.id));
      cursor = part.page.nextCursor;
      if (cursor === null) break;
    }
    const all = await escalationsPage(story.engine, eyes('supervisor'), filter, { limit: 200, cursor: null });
    expect(pages).toEqual(all.items.map((item) => item.id));
  });

  test('Home Affairs sees a case only once it is referred, with its facts and in words', async () => {
    expect(await getReferral(story.engine, eyes('home_affairs'), story.referralId)).toMatchObject({
      code: 'not_found',
    });
    const mine = await getReferral(story.engine, eyes('unit:communeC'), story.referralId);
    if (isRefusal(mine)) throw new Error('not seen');
    expect(mine).toMatchObject({
      state: 'proposed',
      facts: { late: true },
      task: { code: 'A2' },
      window: { open: true },
      events: [{ type: 'proposed' }],
    });
    expect(mine.allowedActions.find((each) => each.action === 'object')?.allowed).toBe(true);
    expect(await getReferral(story.engine, eyes('unit:communeA'), story.referralId)).toMatchObject({
      code: 'not_found',
    });
    await story.onCase('unit:communeC', { action: 'object', input: { text: 'Chúng tôi thiếu người' } });
    await story.onCase('standing_agency', { action: 'give_opinion', input: { text: 'Không đủ căn cứ' } });
    await story.onCase('supervisor', { action: 'decide', input: { decision: 'reject', text: 'Vẫn chuyển' } });
    const cause =
      (await story.engine.writer.query<{ id: string }>("select id from matter where kind = 'cause'")).rows[0]
        ?.id ?? '';
    await story.act('standing_agency', story.ids.communeC, {
      action: 'decide_cause',
      input: { id: cause, confirmed: false, text: 'Chủ quan' },
    });
    await story.skip(DAY);
    await story.conduct();
    const referred = await getReferral(story.engine, eyes('home_affairs'), story.referralId);
    if (isRefusal(referred)) throw new Error('not seen');
    expect(referred).toMatchObject({
      state: 'referred',
      task: { title: 'Cấp định danh điện tử' },
      directive: { number: '12/KH-TCT' },
      statements: {
        objection: { text: { text: 'Chúng tôi thiếu người' } },
        opinion: { text: { text: 'Không đủ căn cứ' } },
        decision: { text: { text: 'Vẫn chuyển' } },
      },
    });
    expect(referred.facts.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(referred.allowedActions.filter((each) => each.allowed).map((each) => each.action)).toEqual([
      'request_supplement',
      'acknowledge',
    ]);
    const listed = await referralsPage(story.engine, eyes('home_affairs'), { ...none, states: null }, page);
    expect(listed.items.map((item) => item.id)).toEqual([story.referralId]);
  });
});
