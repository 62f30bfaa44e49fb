import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openPool } from '../../src/db/pool.js';
import type { DirectiveContent, DraftTask } from '../../src/domain/directive/draft.js';
import { amendDirective, previewAmendment } from '../../src/engine/amend.js';
import { conductDirective } from '../../src/engine/conduct.js';
import { correctDirective } from '../../src/engine/correct.js';
import {
  closeDirective,
  createDraft,
  issueDirective,
  withdrawDirective,
} from '../../src/engine/directives.js';
import { executeAssignments } from '../../src/engine/execute.js';
import { issueBatch } from '../../src/engine/issue.js';
import { executeMove } from '../../src/engine/moves.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { brokenInvariants } from '../support/record.js';
import { createWorld, draftContent, draftTask, subjectOf, type World } from '../support/world.js';

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

interface Row {
  readonly id: string;
  readonly task_id: string;
  readonly state: string;
  readonly cycle: number;
  readonly due: number;
}

const rowsOf = async (directiveId: string): Promise<Row[]> =>
  await world.sql<Row & Record<string, unknown>>(
    'select id, task_id, state, cycle, (extract(epoch from due_at) * 1000)::float8 as due from assignment where directive_id = $1 order by id',
    [directiveId],
  );

async function versionOf(directiveId: string): Promise<number> {
  const [row] = await world.sql<{ row_version: number }>('select row_version from directive where id = $1', [
    directiveId,
  ]);
  return row?.row_version ?? 0;
}

async function issued(
  tasks: readonly DraftTask[],
): Promise<{ directiveId: string; content: DirectiveContent }> {
  const agency = world.as('standing_agency');
  const content = draftContent(tasks);
  const directiveId = subjectOf(await createDraft(world.engine, world.request(agency), content));
  subjectOf(await issueDirective(world.engine, world.request(agency), directiveId));
  await issueBatch(world.engine, directiveId);
  return { directiveId, content };
}

async function amended(directiveId: string, content: DirectiveContent): Promise<void> {
  const request = { ...world.request(world.as('standing_agency')), ifMatch: await versionOf(directiveId) };
  subjectOf(await amendDirective(world.engine, request, directiveId, content));
  for (let pass = await conductDirective(world.engine, directiveId, await world.now()); pass.more; ) {
    pass = await conductDirective(world.engine, directiveId, await world.now());
  }
}

test('an amendment keeps what is unchanged, revises, stops, assigns and clears, and shows it all first', async () => {
  const unchanged = draftTask({ title: 'Giữ nguyên', leadUnitIds: [world.units.health] });
  const later = draftTask({ title: 'Lùi hạn', leadUnitIds: [world.units.justice] });
  const dropped = draftTask({ title: 'Bỏ', leadUnitIds: [world.units.finance] });
  const unclear = draftTask({ title: 'Chưa rõ người', keepUnclear: true });
  const { directiveId, content } = await issued([unchanged, later, dropped, unclear]);
  const before = await rowsOf(directiveId);
  expect(before).toHaveLength(3);

  const moved = { ...later, deadline: { phrase: 'within 5 days', rule: null, past: null } };
  const cleared = { ...unclear, leadUnitIds: [world.units.finance], keepUnclear: false };
  const added = draftTask({ title: 'Mới', leadUnitIds: [world.units.health] });
  const next = { ...content, tasks: [unchanged, moved, cleared, added] };
  const changes = await previewAmendment(
    world.engine,
    world.request(world.as('standing_agency')),
    directiveId,
    next,
  );
  if ('refused' in changes) throw new Error(changes.detail.en);
  expect(changes.map(({ title, change }) => [title, change])).toEqual([
    ['Lùi hạn', 'changed'],
    ['Chưa rõ người', 'cleared'],
    ['Mới', 'added'],
    ['Bỏ', 'removed'],
  ]);
  expect(await rowsOf(directiveId)).toEqual(before);

  await amended(directiveId, next);
  const after = new Map((await rowsOf(directiveId)).map((row) => [row.task_id, row]));
  const first = new Map(before.map((row) => [row.task_id, row]));
  expect(after.get(unchanged.id)).toEqual(first.get(unchanged.id));
  expect(after.get(later.id)).toMatchObject({ id: first.get(later.id)?.id, cycle: 2, state: 'assigned' });
  expect(after.get(later.id)?.due).toBeGreaterThan((first.get(later.id)?.due ?? 0) + 4 * 86_400_000);
  expect(after.get(dropped.id)?.state).toBe('stopped');
  expect(after.get(unclear.id)?.state).toBe('assigned');
  expect(after.get(added.id)?.state).toBe('assigned');
  expect(await brokenInvariants(world)).toEqual([]);
});

test('an amendment of another version than was read is refused and changes nothing', async () => {
  const { directiveId, content } = await issued([draftTask({ leadUnitIds: [world.units.health] })]);
  const ifMatch = (await versionOf(directiveId)) - 1;
  const request = { ...world.request(world.as('standing_agency')), ifMatch };
  expect(await amendDirective(world.engine, request, directiveId, { ...content, tasks: [] })).toMatchObject({
    code: 'version_changed',
  });
  expect((await rowsOf(directiveId)).map((row) => row.state)).toEqual(['assigned']);
});

test('a confirmed assignment stays confirmed when its task is amended, and a past deadline that stays is no finding', async () => {
  const task = draftTask({ leadUnitIds: [world.units.health] });
  const { directiveId, content } = await issued([task, draftTask({ leadUnitIds: [world.units.finance] })]);
  const [row] = (await rowsOf(directiveId)).filter((one) => one.task_id === task.id);
  const id = row?.id ?? '';
  subjectOf(
    await executeAssignments(world.engine, world.request(world.as('unit', 'health')), [id], {
      action: 'submit',
      input: { text: 'Xong' },
    }),
  );
  subjectOf(
    await executeAssignments(world.engine, world.request(world.as('standing_agency')), [id], {
      action: 'confirm',
      input: {},
    }),
  );
  await world.skip(3_600_000);
  const result = { kind: 'deliverable' as const, text: 'Báo cáo khác' };
  await amended(directiveId, { ...content, tasks: content.tasks.map((one) => ({ ...one, result })) });
  const states = (await rowsOf(directiveId)).map((one) => one.state);
  expect(states.sort()).toEqual(['assigned', 'confirmed']);
});

async function plannedOf(directiveId: string): Promise<{ step: string; at: number }[]> {
  return await world.sql<{ step: string; at: number }>(
    `select p.step, (extract(epoch from p.due_at) * 1000)::float8 as at from planned_step p
       join assignment a on a.id = p.subject_id where a.directive_id = $1 and a.body ->> 'recurrence' = 'regular'`,
    [directiveId],
  );
}

test('another end date of the directive plans its unchanged regular assignments again, and one in the past is refused', async () => {
  const regular = draftTask({
    recurrence: 'regular',
    leadUnitIds: [world.units.health],
    deadline: { phrase: 'thường xuyên', rule: null, past: null },
  });
  const agency = world.as('standing_agency');
  const year = new Date(await world.now()).getUTCFullYear() + 1;
  const content = draftContent([regular], { endsOn: `${year}-06-30` });
  const directiveId = subjectOf(await createDraft(world.engine, world.request(agency), content));
  subjectOf(await issueDirective(world.engine, world.request(agency), directiveId));
  await issueBatch(world.engine, directiveId);
  subjectOf(
    await executeAssignments(
      world.engine,
      world.request(world.as('unit', 'health')),
      (await rowsOf(directiveId)).map(({ id }) => id),
      { action: 'acknowledge', input: {} },
    ),
  );
  const [before] = await plannedOf(directiveId);
  await amended(directiveId, { ...content, endsOn: `${year}-09-30` });
  const [after] = await plannedOf(directiveId);
  expect([before?.step, after?.step]).toEqual(['conclusion', 'conclusion']);
  expect((after?.at ?? 0) - (before?.at ?? 0)).toBe(92 * 86_400_000);
  expect(
    await amendDirective(world.engine, world.request(agency), directiveId, {
      ...content,
      endsOn: '2025-01-31',
    }),
  ).toMatchObject({ code: 'gate_refused' });
});

test('a row that leaves the directive is unclear no more, and one that was never assigned is no task any more', async () => {
  const kept = draftTask({ leadUnitIds: [world.units.health] });
  const unclear = draftTask({ title: 'Chưa rõ người', keepUnclear: true });
  const { directiveId, content } = await issued([kept, unclear]);
  await amended(directiveId, { ...content, tasks: [kept] });
  expect(
    (await world.sql<{ id: string }>('select id from task where directive_id = $1', [directiveId])).map(
      ({ id }) => id,
    ),
  ).toEqual([kept.id]);
});

test('a document of tomorrow is no document yet, and a figure of tomorrow no figure', async () => {
  const { directiveId } = await issued([draftTask({ leadUnitIds: [world.units.health] })]);
  const [row] = await rowsOf(directiveId);
  const tomorrow = new Date((await world.now()) + 2 * 86_400_000).toISOString().slice(0, 10);
  const document = { number: '9/CV', date: tomorrow };
  const agency = world.as('standing_agency');
  expect(
    await executeAssignments(world.engine, world.request(agency, { document }), [row?.id ?? ''], {
      action: 'stop',
      input: { reason: 'thử' },
    }),
  ).toMatchObject({ code: 'happened_in_future' });
  expect(
    await withdrawDirective(world.engine, world.request(agency, { document }), directiveId, {
      reason: 'thử',
    }),
  ).toMatchObject({ code: 'happened_in_future' });
  for (const arrivedAt of [(await world.now()) + 3_600_000, (await world.now()) - 10 * 86_400_000]) {
    const paper = { number: '9/CV', date: '2026-01-05', arrivedAt };
    expect(
      await withdrawDirective(world.engine, world.request(agency, { document: paper }), directiveId, {
        reason: 'thử',
      }),
    ).toMatchObject({ code: 'happened_in_future' });
  }
  expect(
    await executeAssignments(world.engine, world.request(world.as('unit', 'health')), [row?.id ?? ''], {
      action: 'report',
      input: { text: 'số liệu', figure: { numerator: 1, asOf: tomorrow } },
    }),
  ).toMatchObject({ code: 'happened_in_future' });
});

test('a directive is withdrawn before all its assignments are made, and makes no more; closing it waits for them', async () => {
  const agency = world.as('standing_agency');
  const tasks = ['health', 'justice', 'finance'].map((unit) =>
    draftTask({ leadUnitIds: [world.units[unit as 'health' | 'justice' | 'finance']] }),
  );
  const directiveId = subjectOf(await createDraft(world.engine, world.request(agency), draftContent(tasks)));
  subjectOf(await issueDirective(world.engine, world.request(agency), directiveId));
  await issueBatch({ ...world.engine, limits: { ...world.engine.limits, issueBatch: 1 } }, directiveId);
  const reason = 'Ban hành nhầm';
  expect(
    await closeDirective(world.engine, world.request(agency), directiveId, { reason, carryOver: true }),
  ).toMatchObject({ code: 'directive_not_ready' });
  subjectOf(await withdrawDirective(world.engine, world.request(agency), directiveId, { reason }));
  expect((await rowsOf(directiveId)).map(({ state }) => state)).toEqual(['stopped']);
  expect(await issueBatch(world.engine, directiveId)).toMatchObject({ ended: true });
  expect((await conductDirective(world.engine, directiveId, await world.now())).ended).toBe(true);
  expect(await rowsOf(directiveId)).toHaveLength(1);
});

test('an amendment revises its assignments as a set: ten times as many ask for no more statements', async () => {
  let statements = 0;
  const writer = openPool({
    url: `${database.url}?options=-c%20role%3Ddondoc_writer`,
    max: 2,
    name: 'counted',
  });
  writer.on('connect', (client) => {
    const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
    Object.assign(client, {
      query: (...args: unknown[]) => {
        statements += 1;
        return query(...args);
      },
    });
  });
  const amended = async (count: number): Promise<number> => {
    const tasks = Array.from({ length: count }, () => draftTask({ leadUnitIds: [world.units.health] }));
    const { directiveId, content } = await issued(tasks);
    const later = content.tasks.map((task) => ({
      ...task,
      deadline: { phrase: 'within 3 hours', rule: null, past: null },
    }));
    const request = world.request(world.as('standing_agency'));
    statements = 0;
    subjectOf(
      await amendDirective({ ...world.engine, writer }, request, directiveId, { ...content, tasks: later }),
    );
    const rows = await rowsOf(directiveId);
    expect(rows.map(({ cycle }) => cycle)).toEqual(tasks.map(() => 2));
    return statements;
  };
  try {
    const few = await amended(4);
    expect(await amended(40)).toBe(few);
  } finally {
    await writer.end();
  }
});

test('the clock on unclear rows runs once from the version that brought them: no erratum repeats it', async () => {
  const named = draftTask({ leadUnitIds: [world.units.health] });
  const unclear = draftTask({ title: 'Chưa rõ người', keepUnclear: true });
  const { directiveId, content } = await issued([named, unclear]);
  const stepsOf = async (): Promise<string[]> =>
    (
      await world.sql<{ step: string }>(
        "select step from step_taken where subject_id = $1 and subject_kind = 'directive' order by planned_at",
        [directiveId],
      )
    ).map(({ step }) => step);
  const conduct = async (): Promise<void> => {
    for (let passes = 0; passes < 3; passes += 1)
      await conductDirective(world.engine, directiveId, Number.MAX_SAFE_INTEGER);
  };
  await world.skip(2 * 86_400_000 + 60_000);
  await conduct();
  expect(await stepsOf()).toEqual(['unclear:1']);
  subjectOf(
    await correctDirective(world.engine, world.request(world.as('standing_agency')), directiveId, {
      signer: 'Trần Thị B',
      reason: 'Nhầm người ký',
    }),
  );
  await conduct();
  expect(await stepsOf()).toEqual(['unclear:1']);
  // A row that an amendment brings has the whole time from then; the old one stays told.
  const another = draftTask({ title: 'Chưa rõ kết quả', keepUnclear: true });
  const shortened = { ...unclear, title: 'Vẫn chưa rõ người' };
  const read = { ...content, signer: 'Trần Thị B' };
  await amended(directiveId, { ...read, tasks: [named, shortened, another] });
  expect(await stepsOf()).toEqual(['unclear:1']);
  const [planned] = await world.sql<{ step: string; left: number }>(
    `select step, extract(epoch from due_at - app_now())::float8 as left from planned_step where subject_id = $1`,
    [directiveId],
  );
  expect(planned?.step).toBe('unclear:3');
  expect(planned?.left).toBeGreaterThan(2 * 86_400 - 120);
  await world.skip(2 * 86_400_000 + 60_000);
  await conduct();
  expect(await stepsOf()).toEqual(['unclear:1', 'unclear:3']);
  expect(await brokenInvariants(world)).toEqual([]);
});

interface Lead {
  readonly id: string;
  readonly unit: string;
  readonly state: string;
  readonly cycle: number;
  readonly due: number;
  readonly target: number | null;
}

const leadsOf = async (directiveId: string): Promise<Lead[]> =>
  await world.sql<Lead & Record<string, unknown>>(
    `select id, unit_id as unit, state, cycle, (extract(epoch from due_at) * 1000)::float8 as due,
            (body #>> '{result,numerator}')::float8 as target
       from assignment where directive_id = $1 and state not in ('superseded') order by id`,
    [directiveId],
  );

async function reassign(id: string, unit: 'health' | 'justice' | 'finance'): Promise<void> {
  const input = { unitId: world.units[unit], reason: 'Đúng chức năng hơn' };
  const agency = world.request(world.as('standing_agency'));
  subjectOf(await executeAssignments(world.engine, agency, [id], { action: 'reassign', input }));
}

test('an amendment of a task revises its assignment also where it was moved to another lead', async () => {
  const task = draftTask({ leadUnitIds: [world.units.health] });
  const { directiveId, content } = await issued([task]);
  const [given] = await leadsOf(directiveId);
  await reassign(given?.id ?? '', 'finance');
  const later = { ...task, deadline: { phrase: 'within 5 days', rule: null, past: null } };
  await amended(directiveId, { ...content, tasks: [later] });
  const [moved, ...others] = await leadsOf(directiveId);
  expect(others).toEqual([]);
  expect(moved).toMatchObject({ unit: world.units.finance, state: 'assigned', cycle: 2 });
  expect(moved?.due).toBeGreaterThan((given?.due ?? 0) + 4 * 86_400_000);
  expect(await brokenInvariants(world)).toEqual([]);
});

test('naming the lead that a task was moved to makes no second assignment, and another lead stops it', async () => {
  const task = draftTask({ leadUnitIds: [world.units.health] });
  const { directiveId, content } = await issued([task]);
  const [given] = await leadsOf(directiveId);
  await reassign(given?.id ?? '', 'finance');
  const [held] = await leadsOf(directiveId);
  const named = { ...task, leadUnitIds: [world.units.finance] };
  await amended(directiveId, { ...content, tasks: [named] });
  expect(await leadsOf(directiveId)).toMatchObject([{ id: held?.id, state: 'assigned' }]);
  await amended(directiveId, { ...content, tasks: [{ ...task, leadUnitIds: [world.units.justice] }] });
  expect(await leadsOf(directiveId)).toMatchObject([
    { id: held?.id, unit: world.units.finance, state: 'stopped' },
    { unit: world.units.justice, state: 'assigned' },
  ]);
  expect(await brokenInvariants(world)).toEqual([]);
});

test('a lead that an amendment takes out stops its assignment wherever it was moved', async () => {
  const task = draftTask({
    leadUnitIds: [world.units.health, world.units.justice],
    severalLeads: 'each_leads',
  });
  const { directiveId, content } = await issued([task]);
  const [own] = (await leadsOf(directiveId)).filter(({ unit }) => unit === world.units.health);
  await reassign(own?.id ?? '', 'finance');
  await amended(directiveId, {
    ...content,
    tasks: [{ ...task, leadUnitIds: [world.units.justice], severalLeads: null }],
  });
  const left = new Map((await leadsOf(directiveId)).map(({ unit, state }) => [unit, state]));
  expect(left).toEqual(
    new Map([
      [world.units.justice, 'assigned'],
      [world.units.finance, 'stopped'],
    ]),
  );
});

test('a target that was amended is that of who holds the whole of it; a divided share stays', async () => {
  const target = (numerator: number) =>
    ({ kind: 'indicator', name: 'Hồ sơ', numerator, denominator: null, atLeast: true }) as const;
  const task = draftTask({ leadUnitIds: [world.units.health], result: target(100) });
  const other = draftTask({ leadUnitIds: [world.units.health], result: target(100) });
  const { directiveId, content } = await issued([task, other]);
  const [whole, divided] = await leadsOf(directiveId);
  await reassign(whole?.id ?? '', 'finance');
  const to = (['finance', 'justice'] as const).map((unit, index) => ({
    unitId: world.units[unit],
    target: { numerator: index === 0 ? 30 : 70 },
  }));
  subjectOf(
    await executeMove(world.engine, world.request(world.as('standing_agency')), [divided?.id ?? ''], {
      to,
      reason: 'Chia tách',
    }),
  );
  await amended(directiveId, {
    ...content,
    tasks: [task, other].map((one) => ({ ...one, result: target(200) })),
  });
  const targets = (await leadsOf(directiveId)).map((lead) => lead.target);
  expect(targets.sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual([30, 70, 200]);
});
