import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/db/embedded.js';
import { migrate } from '../../src/db/migrate.js';
import { Acceptance } from '../../src/engine/acceptance.js';
import { conductDirective } from '../../src/engine/conduct.js';
import { createDraft, issueDirective } from '../../src/engine/directives.js';
import { executeAssignments } from '../../src/engine/execute.js';
import { issueBatch } from '../../src/engine/issue.js';
import { tellAcceptance, workOnOutages } from '../../src/engine/outages.js';
import { openFolder } from '../support/folders.js';
import { freePort } from '../support/ports.js';
import { brokenInvariants } from '../support/record.js';
import {
  createWorld,
  draftContent,
  draftTask,
  QUICK_POLICY,
  subjectOf,
  type World,
} from '../support/world.js';

/** Without a sign for longer than this, commands could not be accepted. */
const MARGIN_MS = 600;
const POLICY = { ...QUICK_POLICY, outage: { excuses: true, longerThan: { value: 1, unit: 's' } } } as const;

let folder: string;
let server: EmbeddedPostgres;
let world: World;
const start = async (port: number) =>
  await startEmbeddedPostgres({
    dataDir: join(folder, 'pg'),
    port,
    settings: { fsync: 'off' },
    sharedParents: [folder],
  });

beforeAll(async () => {
  folder = openFolder('outage');
  server = await start(await freePort());
  await migrate(server.url);
  world = await createWorld(server.url, POLICY);
});
afterAll(async () => {
  expect(await brokenInvariants(world)).toEqual([]);
  await world.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function issued(deadline: string): Promise<{ directiveId: string; id: string }> {
  const agency = world.as('standing_agency');
  const task = draftTask({
    leadUnitIds: [world.units.health],
    deadline: { phrase: deadline, rule: null, past: null },
  });
  const directiveId = subjectOf(await createDraft(world.engine, world.request(agency), draftContent([task])));
  subjectOf(await issueDirective(world.engine, world.request(agency), directiveId));
  await issueBatch(world.engine, directiveId);
  const [row] = await world.sql<{ id: string }>('select id from assignment where directive_id = $1', [
    directiveId,
  ]);
  return { directiveId, id: row?.id ?? '' };
}

const read = async (id: string) => {
  const [row] = await world.sql<{ due_at: number; late: boolean | null; type: string }>(
    `select a.due_at, (a.body #>> '{submission,late}')::boolean as late,
            (select string_agg(type, ' ' order by seq) from event where subject_id = a.id) as type from assignment a where a.id = $1`,
    [id],
  );
  if (row === undefined) throw new Error('no such assignment');
  return row;
};
const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds().catch(() => false))) await new Promise((settle) => setTimeout(settle, 30));
};
const signs = async (): Promise<number> =>
  (
    await world.sql<{ at: number }>(
      'select (extract(epoch from last_at) * 1000)::float8 as at from acceptance',
    )
  )[0]?.at ?? 0;

describe('an outage', () => {
  test('of the database over a deadline moves that deadline with its evidence, and no step is taken before', async () => {
    const { directiveId, id } = await issued('within 3 seconds');
    const far = await issued('within 10 days');
    const before = { due: (await read(id)).due_at, far: (await read(far.id)).due_at };
    const acceptance = new Acceptance(world.engine, 'api:one', MARGIN_MS);
    acceptance.start();
    await until(async () => (await signs()) > 0);
    await server.stop();
    await until(async () => Date.now() > before.due + 1_500);
    server = await start(server.port);
    // The conductor is back first: the last sign is old, so it waits and takes nothing.
    await acceptance.stop();
    await until(async () => (await world.sql('select 1')).length === 1);
    const pass = await conductDirective(world.engine, directiveId, Date.now());
    expect(pass).toMatchObject({ taken: 0, nextInMs: 60_000 });
    const back = new Acceptance(world.engine, 'api:two', MARGIN_MS);
    back.start();
    await until(async () => (await world.sql('select from outage where closed_at is not null')).length === 1);
    await back.stop();
    const after = await read(id);
    expect(after.due_at).toBeGreaterThan(before.due + 3_600_000);
    expect(after.type).toBe('assigned outage_excused');
    expect((await read(far.id)).due_at).toBe(before.far);
    const [event] = await world.sql<{ data: { from: number; to: number; previous: object } }>(
      "select data from event where subject_id = $1 and type = 'outage_excused'",
      [id],
    );
    expect(event?.data.previous).toEqual({ dueAt: before.due });
    expect(event?.data.from).toBeLessThan(before.due);
    expect(event?.data.to).toBeGreaterThan(before.due);
    expect(await world.sql('select from step_taken where assignment_id = $1', [id])).toEqual([]);
    expect((await conductDirective(world.engine, directiveId, Date.now())).nextInMs).toBeGreaterThan(60_000);
  });

  test('is none where another process covers the restart of one', async () => {
    const count = async () => (await world.sql('select from outage')).length;
    const before = await count();
    const one = new Acceptance(world.engine, 'api:one', MARGIN_MS);
    const two = new Acceptance(world.engine, 'api:two', MARGIN_MS);
    // What lies before this test is one gap, which the first of them closes.
    await tellAcceptance(world.engine, 'api:zero', MARGIN_MS);
    const gaps = (await count()) - before;
    one.start();
    two.start();
    await until(async () => (await signs()) > 0);
    await one.stop();
    const stopped = await signs();
    await until(async () => (await signs()) > stopped + 2 * MARGIN_MS);
    const again = new Acceptance(world.engine, 'api:one', MARGIN_MS);
    again.start();
    const restarted = await signs();
    await until(async () => (await signs()) > restarted + MARGIN_MS);
    await Promise.all([again.stop(), two.stop()]);
    expect((await count()) - before).toBe(gaps);
  });

  test('is recorded once, whoever comes back first, and a late result that came at once is judged again', async () => {
    while (await workOnOutages(world.engine));
    const { id } = await issued('within 2 seconds');
    const due = (await read(id)).due_at;
    await tellAcceptance(world.engine, 'api:one', MARGIN_MS);
    await until(async () => Date.now() > due + 200);
    const before = (await world.sql('select from outage')).length;
    const both = await Promise.all([
      tellAcceptance(world.engine, 'api:one', MARGIN_MS),
      tellAcceptance(world.engine, 'api:two', MARGIN_MS),
    ]);
    expect(both.filter((gap) => gap)).toHaveLength(1);
    expect((await world.sql('select from outage')).length).toBe(before + 1);
    const unit = world.as('unit', 'health');
    await until(async () => Date.now() > due + 1_100);
    subjectOf(
      await executeAssignments(world.engine, world.request(unit), [id], {
        action: 'submit',
        input: { text: 'Xong' },
      }),
    );
    expect((await read(id)).late).toBe(true);
    while (await workOnOutages(world.engine));
    expect((await read(id)).late).toBe(false);
  });
});
