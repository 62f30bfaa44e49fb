import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { wakeLate } from '../../src/db/wake-store.js';
import { conductReorganisation } from '../../src/engine/conduct-reorganisation.js';
import { createDraft, issueDirective } from '../../src/engine/directives.js';
import { executeAssignments } from '../../src/engine/execute.js';
import { issueBatch } from '../../src/engine/issue.js';
import { executeMove } from '../../src/engine/moves.js';
import { getOperation } from '../../src/engine/read/operations.js';
import { getReorganisation } from '../../src/engine/read/reorganisations.js';
import { allotAssignments } from '../../src/engine/reorganisations.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { brokenInvariants } from '../support/record.js';
import {
  outcomeCode as code,
  dayFromNow,
  EVER,
  given,
  ledBy,
  newUnit,
  plan,
  restOf,
} from '../support/reorganising.js';
import { createWorld, draftContent, draftTask, subjectOf, type World } from '../support/world.js';

const DAY = 86_400_000;

let database: TestDatabase;
let world: World;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url);
});
afterAll(async () => {
  expect(await brokenInvariants(world)).toEqual([]);
  await world.close();
  await database.drop();
});

const conduct = async (id: string) => await restOf(world, id);

const unit = async (id: string) =>
  (
    await world.sql<{ name: string; aliases: string[]; valid_to: string | null }>(
      'select name, aliases, valid_to from unit where id = $1',
      [id],
    )
  )[0];

const view = async (id: string, role: 'administrator' | 'standing_agency' | 'home_affairs') => {
  const found = await getReorganisation(world.engine, { actor: world.as(role), locale: 'en' }, id);
  if ('refused' in found) throw new Error(found.code);
  return found;
};

const bodies = async (unitId: string) =>
  await world.sql<{
    state: string;
    due: number;
    late: boolean | null;
    predecessor: string | null;
    id: string;
  }>(
    `select id, state, (body ->> 'dueAt')::float8 as due, (body #>> '{submission,late}')::boolean as late,
            body ->> 'predecessorId' as predecessor from assignment where unit_id = $1 order by id`,
    [unitId],
  );

describe('a merger', () => {
  test('waits for its day; then its units and their heads end, and what they lead goes on with the successor', async () => {
    const [one, other, heir] = [await newUnit(world), await newUnit(world), await newUnit(world)];
    await given(world, [[one, other], [one]]);
    const [submitted] = await given(world, [[other]]);
    subjectOf(
      await executeAssignments(
        world.engine,
        world.request({ ...world.as('unit'), unitId: other }),
        [submitted ?? ''],
        { action: 'submit', input: { text: 'Xong' } },
      ),
    );
    await world.sql(
      `with p as (insert into person (id, name, locale) values (gen_random_uuid(), 'Trưởng phòng', 'vi') returning id)
       insert into unit_head (id, unit_id, person_id, valid_from) select gen_random_uuid(), $1, id, '2020-01-01' from p`,
      [one],
    );
    const before = new Map((await bodies(one)).map((row) => [row.id, row.due]));
    const effectiveOn = await dayFromNow(world, 3);
    const id = subjectOf(await plan(world, { fromUnitIds: [one, other], toUnitIds: [heir], effectiveOn }));
    const waits = await conduct(id);
    const viewer = { actor: world.as('unit', 'health'), locale: 'en' as const };
    expect(await getOperation(world.engine, viewer, id)).toMatchObject({ state: 'waiting', done: 0 });
    expect(waits.ended).toBe(false);
    expect(waits.nextInMs).toBeGreaterThan(2 * DAY - 1);
    expect(await bodies(heir)).toEqual([]);
    expect((await view(id, 'administrator')).open).toMatchObject({
      ...{ assignments: 4, awaitingConfirmation: 1, unallotted: 4, heads: 1, cases: 0, offices: 0 },
    });
    expect((await view(id, 'home_affairs')).open).toBeNull();

    await world.skip(3 * DAY);
    expect((await conduct(id)).ended).toBe(true);
    expect(await getOperation(world.engine, viewer, id)).toMatchObject({ state: 'done', done: 4 });
    expect((await unit(one))?.valid_to).toBe(effectiveOn);
    expect((await unit(heir))?.valid_to).toBeNull();
    const [head] = await world.sql('select valid_to from unit_head where unit_id = $1', [one]);
    expect(head).toEqual({ valid_to: effectiveOn });
    expect((await ledBy(world, [one, other])).map(({ state, how }) => `${state} ${how}`).sort()).toEqual([
      ...['superseded merged', 'superseded merged', 'superseded moved', 'superseded moved'],
    ]);
    const after = await bodies(heir);
    expect(after.map(({ state }) => state).sort()).toEqual(['assigned', 'assigned', 'submitted']);
    for (const { predecessor, due } of after)
      if (before.has(predecessor ?? '')) expect(due).toBe(before.get(predecessor ?? ''));
    expect(await view(id, 'standing_agency')).toMatchObject({
      state: 'done',
      moved: 4,
      open: null,
      stuck: [],
    });
    const [moved] = await world.sql<{ actor: unknown; document: unknown; reason: string }>(
      "select actor, document, text ->> 'reason' as reason from event where subject_id = $1 and type = 'superseded'",
      [submitted],
    );
    expect(moved).toMatchObject({
      ...{ actor: { kind: 'system' }, document: { number: '9/NQ' }, reason: 'Sắp xếp bộ máy' },
    });
    // Nothing is left to do, however often it is asked.
    expect(await conductReorganisation(world.engine, id, EVER)).toMatchObject({ ended: true, taken: 0 });
  });

  test('leaves lateness with the former unit, and gives who takes over a clock of its own', async () => {
    const [one, heir] = [await newUnit(world), await newUnit(world)];
    const [late = ''] = await given(world, [[one]], 'within 1 minute');
    await world.skip(DAY);
    const now = await world.now();
    subjectOf(
      await plan(world, { fromUnitIds: [one], toUnitIds: [heir] }).then(async (made) => {
        await conduct(subjectOf(made));
        return made;
      }),
    );
    const [successor] = await bodies(heir);
    expect(successor?.due).toBeGreaterThan(now + 9 * DAY);
    const [former] = await world.sql<{ due: number; ended: number }>(
      "select (body ->> 'dueAt')::float8 as due, (body ->> 'endedAt')::float8 as ended from assignment where id = $1",
      [late],
    );
    expect(former?.ended).toBeGreaterThan(former?.due ?? 0);
  });
});

describe('the day on which a unit ends', () => {
  const former = async (id: string) =>
    (
      await world.sql<{ due: number; ended: number }>(
        "select (body ->> 'dueAt')::float8 as due, (body ->> 'endedAt')::float8 as ended from assignment where id = $1",
        [id],
      )
    )[0] ?? { due: 0, ended: 0 };

  test('ends what it answers for, however late its work is moved', async () => {
    const [one, heir] = [await newUnit(world), await newUnit(world)];
    const [id = ''] = await given(world, [[one]], 'within 4 days');
    const effectiveOn = await dayFromNow(world, 2);
    const plannedId = subjectOf(await plan(world, { fromUnitIds: [one], toUnitIds: [heir], effectiveOn }));
    // Nobody conducts it for ten days, and the deadline passes meanwhile.
    await world.skip(10 * DAY);
    await conduct(plannedId);
    const { due, ended } = await former(id);
    expect(ended).toBeLessThan(due);
    const [successor] = await bodies(heir);
    expect(successor?.due).toBeGreaterThan((await world.now()) + 9 * DAY);
  });

  test('is not before the last act of the unit, and its lateness by then stays with it', async () => {
    const [one, heir] = [await newUnit(world), await newUnit(world)];
    const [id = ''] = await given(world, [[one]], 'within 1 minute');
    await world.skip(5 * 60_000);
    const person = world.request({ ...world.as('unit'), unitId: one });
    const report = { action: 'report' as const, input: { text: 'Chậm dữ liệu' } };
    subjectOf(await executeAssignments(world.engine, person, [id], report));
    const acted = await world.now();
    const made = subjectOf(await plan(world, { fromUnitIds: [one], toUnitIds: [heir] }));
    await world.skip(DAY);
    await conduct(made);
    const { due, ended } = await former(id);
    expect(ended).toBeGreaterThan(due);
    expect(ended).toBeLessThanOrEqual(acted);
    // Nobody at the successor is asked why it had not acknowledged before it was told.
    const [planned] = await world.sql<{ step: string; at: number }>(
      `select step, extract(epoch from p.due_at)::float8 * 1000 as at from planned_step p
         join assignment a on a.id = p.subject_id where a.unit_id = $1 and step = 'acknowledgement'`,
      [heir],
    );
    expect(planned?.at).toBeGreaterThan(await world.now());
  });

  test('is no day before it began, and is left out where it was given another beginning meanwhile', async () => {
    const [one, heir] = [await newUnit(world), await newUnit(world)];
    const today = await dayFromNow(world, 0);
    await world.sql('update unit set valid_from = $2 where id = $1', [one, today]);
    expect(code(await plan(world, { fromUnitIds: [one], toUnitIds: [heir], effectiveOn: today }))).toBe(
      'reorganisation_invalid /fromUnitIds/0 unknown',
    );
    const effectiveOn = await dayFromNow(world, 1);
    const id = subjectOf(await plan(world, { fromUnitIds: [one], toUnitIds: [heir], effectiveOn }));
    await world.sql('update unit set valid_from = $2 where id = $1', [one, effectiveOn]);
    await world.skip(DAY);
    expect((await conduct(id)).ended).toBe(true);
    expect((await unit(one))?.valid_to).toBeNull();
  });
});

describe('work that comes to a unit that has ended', () => {
  test('by reopening goes on to its successor', async () => {
    const [one, heir] = [await newUnit(world), await newUnit(world)];
    const [id = ''] = await given(world, [[one]]);
    const agency = () => world.request(world.as('standing_agency'));
    const officer = world.request({ ...world.as('unit'), unitId: one });
    const submit = { action: 'submit', input: { text: 'Xong' } } as const;
    subjectOf(await executeAssignments(world.engine, officer, [id], submit));
    subjectOf(await executeAssignments(world.engine, agency(), [id], { action: 'confirm', input: {} }));
    const made = subjectOf(await plan(world, { fromUnitIds: [one], toUnitIds: [heir] }));
    expect((await conduct(made)).ended).toBe(true);
    await world.sql('delete from wake where conductor_id = $1', [made]);
    const input = { reason: 'Sai số liệu', deadline: 'within 20 days' };
    subjectOf(await executeAssignments(world.engine, agency(), [id], { action: 'reopen', input }));
    expect(await world.sql('select reason from wake where conductor_id = $1', [made])).toEqual([
      { reason: 'start' },
    ]);
    expect((await conduct(made)).ended).toBe(true);
    expect((await ledBy(world, [one, heir])).map(({ state }) => state)).toEqual(['superseded', 'assigned']);
  });

  test('stays with one that exists again', async () => {
    const [one, heir] = [await newUnit(world), await newUnit(world)];
    const made = subjectOf(await plan(world, { fromUnitIds: [one], toUnitIds: [heir] }));
    expect((await conduct(made)).ended).toBe(true);
    await world.sql('update unit set valid_to = null where id = $1', [one]);
    await given(world, [[one]]);
    expect((await view(made, 'administrator')).state).toBe('done');
    expect((await conduct(made)).ended).toBe(true);
    expect((await ledBy(world, [one])).map(({ state }) => state)).toEqual(['assigned']);
  });

  test('by a directive that was issued before and is made after goes on as well', async () => {
    const [one, heir] = [await newUnit(world), await newUnit(world)];
    const request = () => world.request(world.as('standing_agency'));
    const deadline = { phrase: 'within 30 days', rule: null, past: null };
    const content = draftContent([draftTask({ leadUnitIds: [one], deadline })]);
    const directiveId = subjectOf(await createDraft(world.engine, request(), content));
    subjectOf(await issueDirective(world.engine, request(), directiveId));
    const made = subjectOf(await plan(world, { fromUnitIds: [one], toUnitIds: [heir] }));
    expect((await conduct(made)).ended).toBe(true);
    await issueBatch(world.engine, directiveId);
    expect((await conduct(made)).ended).toBe(true);
    expect((await ledBy(world, [heir])).map(({ state }) => state)).toEqual(['assigned']);
  });
});

test('a merger takes no time from what had longer, whoever else of its task was late', async () => {
  const [one, other, heir] = [await newUnit(world), await newUnit(world), await newUnit(world)];
  const [a = ''] = await given(world, [[one, other]], 'within 1 minute');
  const [, b = ''] = (
    await world.sql<{ id: string }>(
      'select id from assignment where directive_id = (select directive_id from assignment where id = $1) order by id',
      [a],
    )
  ).map(({ id }) => id);
  const document = { number: '5/CV', date: await dayFromNow(world, 0) };
  const input = { deadline: 'within 200 days', reason: 'Khối lượng lớn', latenessStands: false };
  const request = world.request(world.as('standing_agency'), { document });
  subjectOf(await executeAssignments(world.engine, request, [b], { action: 'adjust_deadline', input }));
  const [{ due } = { due: 0 }] = (await bodies(other)).filter(({ id }) => id === b);
  await world.skip(DAY);
  const id = subjectOf(await plan(world, { fromUnitIds: [one, other], toUnitIds: [heir] }));
  await conduct(id);
  expect((await bodies(heir)).map((row) => row.due)).toEqual([due]);
});

describe('a division', () => {
  test('gives each assignment to whom it was allotted, and the rest to the caretaker', async () => {
    const [one, first, second] = [await newUnit(world), await newUnit(world), await newUnit(world)];
    const ids = await given(world, [[one], [one], [one]]);
    const id = subjectOf(
      await plan(world, {
        ...{ kind: 'split', effectiveOn: await dayFromNow(world, 2), caretakerId: second },
        ...{ fromUnitIds: [one], toUnitIds: [first, second] },
      }),
    );
    const allot = async (items: { assignmentId: string; unitId: string | null }[], version: number) =>
      await allotAssignments(world.engine, world.request(world.as('standing_agency')), id, items, version);
    const [a = '', b = '', c = ''] = ids;
    expect(code(await allot([{ assignmentId: a, unitId: one }], 1))).toBe(
      'reorganisation_invalid /items/0/unitId unknown',
    );
    const [foreign = ''] = await given(world, [[first]]);
    const wrong = [a, a, foreign].map((assignmentId) => ({ assignmentId, unitId: first }));
    expect(code(await allot(wrong, 1))).toBe(
      'reorganisation_invalid /items/1/assignmentId named_twice /items/2/assignmentId unknown',
    );
    const named = [a, b].map((assignmentId) => ({ assignmentId, unitId: first }));
    expect(code(await allot(named, 1))).toBe('done');
    expect(code(await allot(named, 1))).toBe('version_changed');
    expect(code(await allot([{ assignmentId: b, unitId: null }], 2))).toBe('done');
    expect((await view(id, 'standing_agency')).allotments).toEqual([{ assignmentId: a, unitId: first }]);
    await world.skip(2 * DAY);
    expect((await conduct(id)).ended).toBe(true);
    const heirs = await world.sql<{ unit_id: string; caretaker: boolean }>(
      `select unit_id, coalesce((body ->> 'caretaker')::boolean, false) as caretaker from assignment
        where body ->> 'predecessorId' = any($1) order by body ->> 'predecessorId'`,
      [[a, b, c]],
    );
    expect(heirs).toEqual([
      { unit_id: first, caretaker: false },
      { unit_id: second, caretaker: true },
      { unit_id: second, caretaker: true },
    ]);
    expect(code(await allot([{ assignmentId: b, unitId: first }], 5))).toBe('transition_not_allowed');
  });

  test('is held up by nothing: what cannot be moved is told with its reason, and tried again', async () => {
    const [one, heir] = [await newUnit(world), await newUnit(world)];
    await given(world, [[one]]);
    const id = subjectOf(await plan(world, { fromUnitIds: [one], toUnitIds: [heir] }));
    await world.sql("update unit set valid_to = '2020-01-01' where id = $1", [heir]);
    const pass = await conduct(id);
    expect(pass).toMatchObject({ ended: false, poisoned: 1 });
    expect((await view(id, 'standing_agency')).stuck).toMatchObject([{ code: 'reference_unknown' }]);
    expect((await view(id, 'home_affairs')).stuck).toEqual([]);
    const [{ id: stuckId } = { id: '' }] = await bodies(one);
    // Once it runs, any unit that exists will do, but for those that end.
    const allot = async (unitId: string) =>
      code(
        await allotAssignments(
          world.engine,
          world.request(world.as('standing_agency')),
          ...([id, [{ assignmentId: stuckId, unitId }], 2] as const),
        ),
      );
    expect(await allot(heir)).toBe('reorganisation_invalid /items/0/unitId unknown');
    expect(await allot(one)).toBe('reorganisation_invalid /items/0/unitId unknown');
    await world.sql('update unit set valid_to = null where id = $1', [heir]);
    expect((await conduct(id)).ended).toBe(false);
    await world.skip(16 * 60_000);
    await world.sql('delete from wake where conductor_id = $1', [id]);
    expect(await wakeLate(world.engine.writer, 30_000)).toBeGreaterThan(0);
    const wakes = await world.sql("select 1 from wake where conductor_id = $1 and reason = 'late'", [id]);
    expect(wakes).toHaveLength(1);
    expect((await conduct(id)).ended).toBe(true);
    expect((await view(id, 'standing_agency')).stuck).toEqual([]);
  });

  test('gives what is stuck to any unit that exists, and forgets what somebody else has moved', async () => {
    const [one, heir, third] = [await newUnit(world), await newUnit(world), await newUnit(world)];
    const [a = '', b = ''] = await given(world, [[one], [one]]);
    const id = subjectOf(await plan(world, { fromUnitIds: [one], toUnitIds: [heir] }));
    await world.sql("update unit set valid_to = '2020-01-01' where id = $1", [heir]);
    expect(await conduct(id)).toMatchObject({ poisoned: 2 });
    const request = () => world.request(world.as('standing_agency'));
    const items = [{ assignmentId: a, unitId: third }];
    expect(code(await allotAssignments(world.engine, request(), id, items, 2))).toBe('done');
    subjectOf(
      await executeMove(world.engine, request(), [b], { to: [{ unitId: third }], reason: 'Bằng tay' }),
    );
    expect((await conduct(id)).ended).toBe(true);
    expect(await view(id, 'standing_agency')).toMatchObject({ state: 'done', moved: 1, stuck: [] });
    expect((await ledBy(world, [third])).map(({ caretaker }) => caretaker)).toEqual([false, false]);
  });
});

test('an abolished unit with one successor leaves it the work for good', async () => {
  const [one, heir] = [await newUnit(world), await newUnit(world)];
  await given(world, [[one]]);
  await conduct(subjectOf(await plan(world, { kind: 'abolish', fromUnitIds: [one], toUnitIds: [heir] })));
  expect(await ledBy(world, [heir])).toMatchObject([{ state: 'assigned', caretaker: false }]);
});

test('an abolished unit leaves its work to a caretaker where nobody succeeds it', async () => {
  const [one, care] = [await newUnit(world), await newUnit(world)];
  await given(world, [[one]]);
  const id = subjectOf(await plan(world, { kind: 'abolish', fromUnitIds: [one], caretakerId: care }));
  await conduct(id);
  expect(await ledBy(world, [care])).toMatchObject([{ state: 'assigned', caretaker: true }]);
});

test('a renamed unit keeps its work, and is found under its former name', async () => {
  const one = await newUnit(world, 'Phòng Tư pháp cũ');
  await given(world, [[one]]);
  const id = subjectOf(await plan(world, { kind: 'rename', fromUnitIds: [one], newName: 'Phòng Tư pháp' }));
  expect((await conduct(id)).ended).toBe(true);
  expect(await unit(one)).toEqual({ name: 'Phòng Tư pháp', aliases: ['Phòng Tư pháp cũ'], valid_to: null });
  expect((await ledBy(world, [one])).map(({ state }) => state)).toEqual(['assigned']);
});
