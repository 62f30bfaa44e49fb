import { v7 as uuidv7 } from 'uuid';
import { openPool } from '../src/db/pool.js';
import type { PersonActor } from '../src/domain/actor.js';
import { conductDirective, issueBatch } from '../src/engine/conduct.js';
import { createDraft, issueDirective } from '../src/engine/directives.js';
import { executeAssignments } from '../src/engine/execute.js';
import {
  createWorld,
  draftContent,
  draftTask,
  QUICK_POLICY,
  subjectOf,
  type World,
} from '../test/support/world.js';
import {
  type BenchServer,
  median,
  type Recorded,
  record,
  replay,
  report,
  startBenchServer,
} from './support.js';

/**
 * A directive of about 10,000 assignments (general tasks over 150 units): issued, 10,000 steps due at one
 * instant taken, worked and closed. Floor: the very statements of the run, recorded and replayed raw on a
 * copy of the same database. Run with `npm run bench -- set-wise [rounds]`.
 */
const UNITS = 150;
const TASKS = 67;

async function preparedWorld(url: string): Promise<{ world: World; directiveId: string; planned: number }> {
  const world = await createWorld(url, QUICK_POLICY);
  const ids = Array.from({ length: UNITS }, () => uuidv7());
  await world.sql(
    'insert into unit (id, code, name, group_code) select id, $2 || row_number() over (), $2, $3 from unnest($1::uuid[]) as id',
    [ids, 'xa-', 'commune'],
  );
  const agency = world.as('standing_agency');
  const tasks = Array.from({ length: TASKS }, (_, index) =>
    draftTask({
      code: `N${index + 1}`,
      nature: 'general',
      groupCodes: ['commune'],
      deadline: { phrase: 'within 2 days', rule: null, past: null },
    }),
  );
  const directiveId = subjectOf(await createDraft(world.engine, world.request(agency), draftContent(tasks)));
  return { world, directiveId, planned: UNITS * TASKS };
}

async function issueAll(world: World, directiveId: string): Promise<void> {
  subjectOf(await issueDirective(world.engine, world.request(world.as('standing_agency')), directiveId));
  for (;;) {
    const { assigned, planned } = await issueBatch(world.engine, directiveId);
    if (assigned === planned) return;
  }
}

async function takeAll(world: World, directiveId: string): Promise<number> {
  let taken = 0;
  for (;;) {
    const pass = await conductDirective(world.engine, directiveId, await world.now());
    taken += pass.taken;
    if (!pass.more) return taken;
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** One phase: recorded once on a copy to get the floor's statements, then timed on fresh copies, floor and engine in turn. */
async function measure(
  server: BenchServer,
  from: string,
  phase: string,
  work: (world: World, directiveId: string) => Promise<unknown>,
  directiveId: string,
  rounds: number,
): Promise<{ engine: number; floor: number; kept: string }> {
  const recordedWorld = await worldOn(await server.copy(from, `${phase}_recorded`));
  const recorder = record(recordedWorld.engine.writer);
  await work(recordedWorld, directiveId);
  recorder.stop();
  await recordedWorld.close();
  const statements: readonly Recorded[] = recorder.statements;
  const engine: number[] = [];
  const floor: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    floor.push(await replay(await server.copy(from, `${phase}_floor_${round}`), statements));
    const world = await worldOn(await server.copy(from, `${phase}_engine_${round}`));
    engine.push(await timed(() => work(world, directiveId)));
    await world.close();
  }
  console.log(`  ${phase}: ${statements.length} statements`);
  return { engine: median(engine), floor: median(floor), kept: `${phase}_engine_0` };
}

/** A world over a database that has its rows already. */
async function worldOn(url: string): Promise<World> {
  return createWorld(url, QUICK_POLICY, undefined, { existing: true });
}

async function main(): Promise<void> {
  const rounds = Number(process.argv[2] ?? 3);
  const server = await startBenchServer();
  try {
    const url = await server.create('base');
    const prepared = await preparedWorld(url);
    await prepared.world.close();
    const { directiveId, planned } = prepared;
    const issue = await measure(server, 'base', 'issue', issueAll, directiveId, rounds);
    report('issuing', planned, issue.engine, issue.floor);
    const due = async (world: World): Promise<unknown> => takeAll(world, directiveId);
    await shift(await server.copy(issue.kept, 'due'), 2 * 86_400_000 - 30_000);
    const steps = await measure(server, 'due', 'steps', due, directiveId, rounds);
    report('steps due at one instant', planned, steps.engine, steps.floor);
    await lives(await worldOn(await server.copy(issue.kept, 'lives')), directiveId);
  } finally {
    await server.stop();
  }
}

async function shift(url: string, ms: number): Promise<void> {
  const pool = openPool({ url, max: 1, name: 'bench' });
  await pool.query("update clock_offset set shift = shift + $1 * interval '1 millisecond'", [ms]);
  await pool.end();
}

/** Disk and WAL of full lives: acknowledged, two reports, submitted, confirmed; messages included. */
async function lives(world: World, directiveId: string): Promise<void> {
  // All that some units have: whoever first acts acknowledges the whole directive for its unit.
  const count = 5 * TASKS;
  const rows = await world.sql<{ id: string; unit_id: string }>(
    'select id, unit_id from assignment where directive_id = $1 order by unit_id, id limit $2',
    [directiveId, count],
  );
  const before = await footprint(world);
  const start = performance.now();
  for (const { id, unit_id } of rows) {
    const unit: PersonActor = { ...world.as('unit', 'health'), unitId: unit_id };
    const act = (command: Parameters<typeof executeAssignments>[3], actor: PersonActor = unit) =>
      executeAssignments(world.engine, world.request(actor), [id], command).then(subjectOf);
    await act({ action: 'report', input: { text: 'Đang thực hiện, đã đạt một nửa kế hoạch.', percent: 50 } });
    await act({ action: 'report', input: { text: 'Sắp xong, còn rà soát.', percent: 90 } });
    await act({ action: 'submit', input: { text: 'Đã hoàn thành, gửi kèm báo cáo.' } });
    await act({ action: 'confirm', input: {} }, world.as('standing_agency'));
  }
  const ms = performance.now() - start;
  report('commands, one caller, without HTTP', count * 4, ms, null);
  const after = await footprint(world);
  const [issued] = await world.sql<{ bytes: number }>(
    `select sum(pg_total_relation_size(oid))::float8 / (select count(*) from assignment) as bytes from pg_class
      where relname in ('assignment', 'event', 'span', 'planned_step', 'item', 'step_taken')`,
  );
  const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`;
  console.log(
    `a life after its issue: ${kib((after.wal - before.wal) / count)} of WAL; on disk as issued ${kib(issued?.bytes ?? 0)} an assignment; grown by ${kib((after.disk - before.disk) / count)} a life before vacuum`,
  );
  await world.close();
}

async function footprint(world: World): Promise<{ wal: number; disk: number }> {
  const [row] = await world.sql<{ wal: number; disk: number }>(
    "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as wal, pg_database_size(current_database())::float8 as disk",
  );
  return row ?? { wal: 0, disk: 0 };
}

await main();
