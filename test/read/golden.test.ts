import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { type MoveRow, type SpanRow, writeSpans } from '../../src/db/count-store.js';
import type { AssignmentCommand } from '../../src/domain/assignment/commands.js';
import { decide } from '../../src/domain/assignment/decide.js';
import type { AssignmentEvent } from '../../src/domain/assignment/events.js';
import { evolve } from '../../src/domain/assignment/evolve.js';
import type { Assignment } from '../../src/domain/assignment/state.js';
import { ALWAYS_OPEN } from '../../src/domain/calendar.js';
import type { DirectiveContent, DraftTask } from '../../src/domain/directive/draft.js';
import { isRefusal } from '../../src/domain/errors.js';
import { movesOf } from '../../src/domain/figures/moves.js';
import { spansOf } from '../../src/domain/figures/spans.js';
import { DAY, HOUR, MINUTE } from '../../src/domain/instant.js';
import { createDraft, issueDirective } from '../../src/engine/directives.js';
import { executeAssignments } from '../../src/engine/execute.js';
import { foldAll } from '../../src/engine/fold.js';
import { issueBatch } from '../../src/engine/issue.js';
import { moveRow } from '../../src/engine/lives.js';
import { type CountRequest, getCounts } from '../../src/engine/read/counts.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { latestArrival } from '../support/fixtures.js';
import {
  createWorld,
  draftContent,
  draftTask,
  QUICK_POLICY,
  subjectOf,
  type World,
} from '../support/world.js';

/** Published totals, reproduced from assignments that were generated to have their shape. */
let database: TestDatabase;
let world: World;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url);
});
afterAll(async () => {
  await world.close();
  await database.drop();
});

const SOON = { phrase: 'within 10 minutes', rule: null, past: null };
const FAR = { phrase: 'within 30 days', rule: null, past: null };
const ALWAYS = { phrase: 'thường xuyên', rule: null, past: null };

function tasks(n: number, over: Partial<DraftTask>): DraftTask[] {
  const leads = Object.values(world.units);
  return Array.from({ length: n }, (_, place) =>
    draftTask({ leadUnitIds: [leads[place % leads.length] ?? ''], ...over }),
  );
}

async function issue(
  rows: readonly DraftTask[],
  over: Partial<DirectiveContent> = {},
): Promise<{ id: string; assignmentOf: ReadonlyMap<string, string> }> {
  const agency = world.as('standing_agency');
  const id = subjectOf(await createDraft(world.engine, world.request(agency), draftContent(rows, over)));
  subjectOf(await issueDirective(world.engine, world.request(agency), id));
  for (let more = true; more; ) {
    const { assigned, planned } = await issueBatch(world.engine, id);
    more = assigned < planned;
  }
  const made = await world.sql<{ id: string; task_id: string }>(
    'select id, task_id from assignment where directive_id = $1',
    [id],
  );
  return { id, assignmentOf: new Map(made.map((row) => [row.task_id, row.id])) };
}

/** Handed in by paper and confirmed, many at once. What the agency leads itself is judged by the supervisor. */
async function finish(ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const agency = world.as('standing_agency');
  const arrivedAt = await latestArrival(world.engine.writer);
  const document = { number: '7/CV', date: '2026-01-05', arrivedAt };
  const run = async (command: AssignmentCommand): Promise<unknown> =>
    subjectOf(await executeAssignments(world.engine, world.request(agency, { document }), ids, command));
  await run({ action: 'submit', input: { text: 'Xong' } });
  await run({ action: 'confirm', input: {} });
}

async function ask(request: Partial<CountRequest>) {
  await foldAll(world.engine);
  const viewer = { actor: world.as('supervisor'), locale: 'en' as const };
  return getCounts(world.engine, viewer, {
    asOf: null,
    knownAt: null,
    count: 'assignment',
    groupBy: null,
    directiveId: null,
    unitId: null,
    regular: 'beside',
    ...request,
  });
}

/** Leads beside the agency, so that one decision confirms all. */
const others = (): readonly string[] => [world.units.health];

describe('published totals', () => {
  test('109 = 56 completed + 1 not completed + 38 regular + 14 under way', async () => {
    const lead = others();
    const rows = {
      done: tasks(56, { deadline: FAR, leadUnitIds: lead }),
      late: tasks(1, { deadline: SOON, leadUnitIds: lead }),
      regular: tasks(38, { deadline: ALWAYS, recurrence: 'regular', leadUnitIds: lead }),
      open: tasks(14, { deadline: FAR, leadUnitIds: lead }),
    };
    const { id, assignmentOf } = await issue(Object.values(rows).flat(), { endsOn: '2099-12-31' });
    await world.skip(HOUR);
    await finish(rows.done.map((task) => assignmentOf.get(task.id) ?? ''));
    const { total, completion } = await ask({ directiveId: id });
    expect(total).toMatchObject({ total: 109, doneOnTime: 56, openOverdue: 1, regular: 38, openInTime: 14 });
    expect(completion).toMatchObject({ text: '56 of 109 assignments are done', ratio: { percent: '51.38' } });
    const within = await ask({ directiveId: id, regular: 'within' });
    expect(within.completion.text).toBe('94 of 109 assignments are done');
    expect(within.total).toEqual(total);
  });

  test('833 = 585 done + 67 overdue + 181 in time', async () => {
    const lead = others();
    const rows = {
      done: tasks(585, { deadline: FAR, leadUnitIds: lead }),
      overdue: tasks(67, { deadline: SOON, leadUnitIds: lead }),
      open: tasks(181, { deadline: FAR, leadUnitIds: lead }),
    };
    const { id, assignmentOf } = await issue(Object.values(rows).flat());
    await world.skip(HOUR);
    await finish(rows.done.map((task) => assignmentOf.get(task.id) ?? ''));
    const { total } = await ask({ directiveId: id });
    expect(total).toMatchObject({ total: 833, doneOnTime: 585, openOverdue: 67, openInTime: 181 });
  });

  test('73 of 80 tasks, 19 of 29 models and 10 of 16 goals are said so', async () => {
    const lead = others();
    const of = (kind: DraftTask['kind'], n: number): DraftTask[] =>
      tasks(n, { kind, deadline: FAR, leadUnitIds: lead });
    const rows = { task: of('task', 80), model: of('model', 29), goal: of('goal', 16) };
    const { id, assignmentOf } = await issue(Object.values(rows).flat());
    const done = [...rows.task.slice(0, 73), ...rows.model.slice(0, 19), ...rows.goal.slice(0, 10)];
    await finish(done.map((task) => assignmentOf.get(task.id) ?? ''));
    const { groups } = await ask({ directiveId: id, count: 'task', groupBy: 'kind' });
    expect(groups.map((group) => group.completion.text)).toEqual([
      '10 of 16 goals are done',
      '19 of 29 models are done',
      '73 of 80 tasks are done',
    ]);
  });

  test('a task of several units is done when all are, late if one was, and names who is missing', async () => {
    const general = draftTask({ nature: 'general', groupCodes: ['department'], deadline: SOON });
    const { id } = await issue([general]);
    const rows = await world.sql<{ id: string }>(
      'select id from assignment where directive_id = $1 order by id',
      [id],
    );
    const [first, ...rest] = rows.map((row) => row.id);
    await finish(rest);
    const asked = { directiveId: id, count: 'task' } as const;
    expect((await ask(asked)).total).toMatchObject({ total: 1, openInTime: 1 });
    await world.skip(HOUR);
    expect((await ask(asked)).total).toMatchObject({ total: 1, openOverdue: 1 });
    await finish([first ?? '']);
    expect((await ask(asked)).total).toMatchObject({ total: 1, doneLate: 1 });
  });

  test('21,914 = 14,068 on time + 1,983 late + 5,640 in time + 223 overdue', async () => {
    const [task] = tasks(1, { deadline: FAR, leadUnitIds: others() });
    const { id, assignmentOf } = await issue(task === undefined ? [] : [task]);
    const [row] = await world.sql<{ body: Assignment }>('select body from assignment where id = $1', [
      assignmentOf.get(task?.id ?? ''),
    ]);
    if (row === undefined) throw new Error('nothing was issued');
    // Lives by the pure rules, written by the statements of the engine; one stands in the directive already.
    const now = Math.floor(await world.now());
    const kinds = [
      ...Array.from({ length: 14_068 }, () => ({ dueIn: -DAY, handedIn: -2 * DAY })),
      ...Array.from({ length: 1_983 }, () => ({ dueIn: -3 * DAY, handedIn: -2 * DAY })),
      ...Array.from({ length: 5_640 - 1 }, () => ({ dueIn: DAY, handedIn: null })),
      ...Array.from({ length: 223 }, () => ({ dueIn: -MINUTE, handedIn: null })),
    ];
    for (let start = 0; start < kinds.length; start += 2_000) {
      const saved: SpanRow[] = [];
      const moves: MoveRow[] = [];
      for (const { dueIn, handedIn } of kinds.slice(start, start + 2_000)) {
        const { state, events } = lived(
          row.body,
          now,
          now + dueIn,
          handedIn === null ? null : now + handedIn,
        );
        const spans = spansOf(events);
        saved.push(...spans.map((span) => ({ state, span })));
        moves.push(...movesOf(spans).map((move) => moveRow(state, move)));
      }
      await writeSpans(world.engine.writer, { saved, removed: [], moves });
    }
    for (const groupBy of [null, 'directive'] as const) {
      const { total } = await ask({ directiveId: id, groupBy });
      expect(total).toMatchObject({
        total: 21_914,
        doneOnTime: 14_068,
        doneLate: 1_983,
        openInTime: 5_640,
        openOverdue: 223,
      });
    }
    // The same from the spans, where no sums answer.
    const { total } = await ask({ directiveId: id, unitId: world.units.health });
    expect(total).toMatchObject({ total: 21_914, doneOnTime: 14_068, doneLate: 1_983 });
  });
});

/** One assignment as the deciders make it: given ten days ago, perhaps handed in, then confirmed. */
function lived(model: Assignment, now: number, dueAt: number, handedAt: number | null) {
  const { seq: _seq, lastRecordedAt: _recorded, ...kept } = model;
  const assignedAt = now - 10 * DAY;
  const data = { ...kept, id: uuidv7(), state: 'assigned' as const, assignedAt, dueAt, deadlineAt: dueAt };
  const events: { event: AssignmentEvent; recordedAt: number }[] = [
    { event: { type: 'assigned', data }, recordedAt: assignedAt },
  ];
  let state: Assignment = { ...data, seq: 1, lastRecordedAt: assignedAt };
  const act = (command: AssignmentCommand, at: number): void => {
    const decision = decide(state, command, contextAt(state, at));
    if (isRefusal(decision)) throw new Error(decision.detail.en);
    for (const event of decision.events) {
      state = evolve(state, event, at);
      events.push({ event, recordedAt: at });
    }
  };
  if (handedAt !== null) {
    act({ action: 'submit', input: { text: 'Xong' } }, handedAt);
    act({ action: 'confirm', input: {} }, handedAt + HOUR);
  }
  return { state, events };
}

function contextAt(state: Assignment, at: number): Parameters<typeof decide>[2] {
  return {
    actor: world.as('standing_agency'),
    document: { number: '7/CV', date: '2026-01-05' },
    receivedAt: at + 1,
    happenedAt: at,
    recordedAt: at,
    policy: QUICK_POLICY,
    calendar: ALWAYS_OPEN,
    officeCalendar: ALWAYS_OPEN,
    directive: {
      id: state.directiveId,
      workingGroupId: state.workingGroupId,
      state: 'issued',
      documentDate: null,
      endsAt: null,
      standingAgencyId: world.units.agency,
      homeAffairsId: world.units.affairs,
    },
    newId: uuidv7,
  };
}
