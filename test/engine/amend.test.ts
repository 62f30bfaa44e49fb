import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DirectiveContent, DraftTask } from '../../src/domain/directive/draft.js';
import { amendDirective, previewAmendment } from '../../src/engine/amend.js';
import { conductDirective, issueBatch } from '../../src/engine/conduct.js';
import { createDraft, issueDirective } from '../../src/engine/directives.js';
import { executeAssignments } from '../../src/engine/execute.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { brokenInvariants } from '../support/record.js';
import {
  createWorld,
  draftContent,
  draftTask,
  QUICK_POLICY,
  subjectOf,
  type World,
} from '../support/world.js';

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
  const request = world.request(world.as('standing_agency'));
  subjectOf(await amendDirective(world.engine, request, directiveId, content, await versionOf(directiveId)));
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
  expect(await brokenInvariants(world, QUICK_POLICY)).toEqual([]);
});

test('an amendment of another version than was read is refused and changes nothing', async () => {
  const { directiveId, content } = await issued([draftTask({ leadUnitIds: [world.units.health] })]);
  const request = world.request(world.as('standing_agency'));
  const stale = (await versionOf(directiveId)) - 1;
  expect(
    await amendDirective(world.engine, request, directiveId, { ...content, tasks: [] }, stale),
  ).toMatchObject({ code: 'version_changed' });
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
