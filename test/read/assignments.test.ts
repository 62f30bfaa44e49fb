import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type AssignmentFilter, COUNT_CLASSES } from '../../src/db/read/assignments.js';
import { isRefusal } from '../../src/domain/errors.js';
import { type AssignmentView, assignmentsPage, getAssignment } from '../../src/engine/read/assignments.js';
import { assignmentDeadline } from '../../src/engine/read/deadlines.js';
import { mattersPage } from '../../src/engine/read/matters.js';
import { assignmentTimeline, directiveTimeline } from '../../src/engine/read/timeline.js';
import type { Viewer } from '../../src/engine/read/view.js';
import type { FixturePerson } from '../support/fixtures.js';
import { type Story, tellStory } from './story.js';

const ALL: AssignmentFilter = {
  directiveId: null,
  unitId: null,
  taskId: null,
  states: null,
  count: null,
  dueBefore: null,
  dueAfter: null,
  q: null,
};

describe('reading assignments', () => {
  let story: Story;
  const eyes = (who: FixturePerson, locale: 'vi' | 'en' = 'en'): Viewer => ({
    actor: story.group.signIn(who).actor,
    locale,
  });
  const page = { limit: 50, cursor: null };

  async function seen(who: FixturePerson, id: string): Promise<AssignmentView> {
    const view = await getAssignment(story.engine, eyes(who), id);
    if (isRefusal(view)) throw new Error(`${who} does not see ${id}`);
    return view;
  }
  async function listed(who: FixturePerson, filter: Partial<AssignmentFilter> = {}): Promise<string[]> {
    const { items } = await assignmentsPage(story.engine, eyes(who), { ...ALL, ...filter }, 'id', page);
    const names = new Map(Object.entries(story.ids).map(([name, id]) => [id, name]));
    return items.map((item) => names.get(item.id) ?? 'foreign').sort();
  }

  beforeAll(async () => {
    story = await tellStory();
  });
  afterAll(async () => {
    await story.end();
  });

  test('each role sees its own and nothing of another Working Group', async () => {
    expect(await listed('standing_agency')).toEqual(Object.keys(story.ids).sort());
    expect(await listed('supervisor')).toEqual(Object.keys(story.ids).sort());
    expect(await listed('unit:justice')).toEqual(['justice', 'regular']);
    // Health coordinates one and monitors another; of a third it holds an obstacle, and reads that alone.
    expect(await listed('unit:health')).toEqual(['justice', 'office']);
    expect(await listed('home_affairs')).toEqual([]);
    expect(await listed('administrator')).toEqual([]);
    const foreign = await getAssignment(story.engine, eyes('unit:communeA'), story.ids.communeB);
    expect(foreign).toMatchObject({ refused: true, code: 'not_found' });
  });

  test('an assignment says what it is, whether it is late now and what the caller may do', async () => {
    const silent = await seen('unit:communeC', story.ids.communeC);
    expect(silent).toMatchObject({
      state: 'acknowledged',
      late: true,
      countClass: 'open_overdue',
      unit: { name: 'Xã Cẩm Hà' },
      task: { code: 'A2' },
    });
    expect(silent.referralId).toBe(story.referralId);
    expect(silent.matters).toMatchObject([
      {
        kind: 'cause',
        cause: 'personnel',
        objective: false,
        pending: true,
        words: 'Pending',
        decidedBy: null,
      },
    ]);
    expect(silent.matters[0]?.history?.[0]?.text).toEqual({ text: 'Thiếu người' });
    const actions = new Map(silent.allowedActions.map((each) => [each.action, each]));
    expect(actions.get('submit')).toEqual({ action: 'submit', allowed: true, reason: null });
    expect(actions.get('confirm')).toMatchObject({ allowed: false, reason: { code: 'forbidden' } });
    const done = await seen('unit:justice', story.ids.justice);
    expect(done).toMatchObject({
      state: 'confirmed',
      late: false,
      countClass: 'done_on_time',
      submission: { late: false, evidence: ['bao-cao.pdf'] },
    });
    const waiting = await seen('standing_agency', story.ids.office);
    expect(waiting).toMatchObject({ late: true, countClass: 'open_overdue', awaitingConfirmation: true });
  });

  test('reasons come in the language of the caller', async () => {
    const view = await getAssignment(story.engine, eyes('unit:communeC', 'vi'), story.ids.communeC);
    if (isRefusal(view)) throw new Error('not seen');
    expect(view.allowedActions.find((each) => each.action === 'confirm')?.reason?.detail).toMatch(
      /Vai trò của bạn/,
    );
  });

  test('a coordinating unit sees the assignment, of its matters only what it was asked itself, and no case', async () => {
    await story.act('unit:justice', story.ids.regular, {
      action: 'raise_obstacle',
      input: { cause: 'funding', text: 'Thiếu kinh phí' },
    });
    const coordinated = await seen('unit:health', story.ids.justice);
    expect(coordinated.matters.map((matter) => matter.kind)).toEqual(['contribution']);
    const timeline = await assignmentTimeline(story.engine, eyes('unit:health'), story.ids.justice, page);
    if (isRefusal(timeline)) throw new Error('not seen');
    expect(timeline.items.map((entry) => entry.type)).toEqual(['contribution_asked']);
  });

  test.each(['awaiting', ...COUNT_CLASSES] as const)(
    'the filter count=%s finds what the resource says',
    async (count) => {
      const everything = await assignmentsPage(story.engine, eyes('standing_agency'), ALL, 'id', page);
      const expected = everything.items.filter((item) =>
        count === 'awaiting' ? item.awaitingConfirmation : item.countClass === count,
      );
      const found = await assignmentsPage(
        story.engine,
        eyes('standing_agency'),
        { ...ALL, count },
        'id',
        page,
      );
      expect(found.items.map((item) => item.id)).toEqual(expected.map((item) => item.id));
    },
  );

  test('filters by state, unit, due date and words without accents', async () => {
    expect(await listed('standing_agency', { states: ['confirmed'] })).toEqual(['justice']);
    expect(await listed('standing_agency', { unitId: story.group.units.justice })).toEqual([
      'justice',
      'regular',
    ]);
    expect(await listed('standing_agency', { q: 'CAP DINH danh' })).toEqual([
      'communeA',
      'communeB',
      'communeC',
    ]);
    expect(await listed('standing_agency', { q: 'c1' })).toEqual(['office']);
    expect(await listed('standing_agency', { q: '%' })).toEqual([]);
    const extended = await seen('standing_agency', story.ids.communeA);
    const due = Date.parse(extended.deadline.dueAt ?? '');
    expect(await listed('standing_agency', { dueAfter: due })).toEqual(['communeA']);
    expect(await listed('standing_agency', { dueBefore: due })).toEqual([
      'communeB',
      'communeC',
      'justice',
      'office',
    ]);
  });

  test.each(['id', 'due', '-due'] as const)('pages in the order %s show each once', async (sort) => {
    const all = await assignmentsPage(story.engine, eyes('supervisor'), ALL, sort, page);
    const found: string[] = [];
    for (let cursor: string | null = null; ; ) {
      const part = await assignmentsPage(story.engine, eyes('supervisor'), ALL, sort, { limit: 2, cursor });
      found.push(...part.items.map((item) => item.id));
      cursor = part.page.nextCursor;
      if (cursor === null) break;
    }
    expect(found).toEqual(all.items.map((item) => item.id));
    expect(new Set(found).size).toBe(6);
  });

  test('a cursor of another list, or one that was changed, is refused', async () => {
    const first = await assignmentsPage(story.engine, eyes('supervisor'), ALL, 'id', {
      limit: 1,
      cursor: null,
    });
    const cursor = first.page.nextCursor ?? '';
    const with_ = async (filter: AssignmentFilter, changed: string) =>
      assignmentsPage(story.engine, eyes('supervisor'), filter, 'id', { limit: 1, cursor: changed });
    await expect(with_({ ...ALL, q: 'a' }, cursor)).rejects.toMatchObject({ code: 'invalid_body' });
    await expect(with_(ALL, `A${cursor.slice(1)}`)).rejects.toMatchObject({ code: 'invalid_body' });
    await expect(with_(ALL, 'x')).rejects.toMatchObject({ code: 'invalid_body' });
  });

  test('the deadline tells every change with its reason', async () => {
    const deadline = await assignmentDeadline(story.engine, eyes('unit:communeA', 'vi'), story.ids.communeA);
    if (isRefusal(deadline)) throw new Error('not seen');
    expect(deadline).toMatchObject({ phrase: 'within 30 days', cycle: 2, held: null });
    expect(deadline.firstDeadlineAt).not.toBe(deadline.deadlineAt);
    expect(deadline.changes.map((change) => change.type)).toEqual([
      'assigned',
      'extension_requested',
      'extension_decided',
    ]);
    expect(deadline.changes[1]?.text).toEqual({ reason: 'Thiếu máy' });
    expect(deadline.changes[2]).toMatchObject({ deadlineAt: deadline.deadlineAt, dueAt: deadline.dueAt });
    expect(deadline.changes[2]?.words).toMatch(/^Cho gia hạn đến \d\d:\d\d \d\d\/\d\d\/\d{4}$/);
    const held = await assignmentDeadline(story.engine, eyes('unit:communeB'), story.ids.communeB);
    expect(held).toMatchObject({ held: { kind: 'obstacle' } });
  });

  test('timelines tell who did what, when it happened and when it was recorded', async () => {
    const timeline = await assignmentTimeline(story.engine, eyes('unit:justice'), story.ids.justice, page);
    if (isRefusal(timeline)) throw new Error('not seen');
    expect(timeline.items.map((entry) => entry.type)).toEqual([
      'assigned',
      'reported',
      'contribution_asked',
      'submitted',
      'confirmed',
    ]);
    expect(timeline.items[1]).toMatchObject({
      words: 'Progress reported: 50 %',
      actor: { kind: 'person', role: 'unit', unit: 'Sở Tư pháp' },
      text: { text: 'Đã làm một nửa' },
    });
    const first = await directiveTimeline(
      story.engine,
      eyes('standing_agency'),
      story.directiveId,
      'directive',
      { limit: 2, cursor: null },
    );
    if (isRefusal(first)) throw new Error('not seen');
    expect(first.items.map((entry) => entry.type)).toEqual(['drafted', 'issued']);
    const whole = await directiveTimeline(story.engine, eyes('standing_agency'), story.directiveId, 'all', {
      limit: 200,
      cursor: null,
    });
    if (isRefusal(whole)) throw new Error('not seen');
    expect(new Set(whole.items.map((entry) => entry.subject.kind))).toEqual(
      new Set(['directive', 'assignment', 'referral']),
    );
  });

  test('extensions and obstacles are listed with what was said about them', async () => {
    const filter = { directiveId: null, assignmentId: null, unitId: null, askedUnitId: null, states: null };
    const extensions = await mattersPage(
      story.engine,
      eyes('standing_agency'),
      { ...filter, kind: 'extension' },
      page,
    );
    expect(extensions.items).toMatchObject([
      { state: 'granted', phrase: 'within 30 days', inTime: true, unit: { name: 'Xã An Hòa' } },
    ]);
    expect(extensions.items[0]?.history?.map((entry) => entry.text)).toEqual([
      { reason: 'Thiếu máy' },
      { reason: 'Đồng ý' },
    ]);
    const none = await mattersPage(
      story.engine,
      eyes('unit:communeC'),
      { ...filter, kind: 'extension' },
      page,
    );
    expect(none.items).toEqual([]);
    const obstacles = await mattersPage(
      story.engine,
      eyes('unit:health'),
      { ...filter, kind: 'obstacle' },
      page,
    );
    expect(obstacles.items).toMatchObject([
      { state: 'accepted', pending: true, cause: 'data', holderUnitId: story.group.units.health },
    ]);
    const [held] = obstacles.items;
    expect(held).toMatchObject({ task: { title: expect.any(String) }, unit: { name: 'Xã Bình Sơn' } });
    expect(held?.history?.map((entry) => entry.type)).toEqual(['obstacle_raised', 'obstacle_answered']);
    const whole = await getAssignment(story.engine, eyes('unit:health'), held?.assignmentId ?? '');
    expect(whole).toMatchObject({ refused: true, code: 'not_found' });
  });
});
