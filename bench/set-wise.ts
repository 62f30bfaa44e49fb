import type { PersonActor } from '../src/domain/actor.js';
import { executeAssignments } from '../src/engine/execute.js';
import { subjectOf, type World } from '../test/support/world.js';
import { issueAll, measure, preparedWorld, shift, TASKS, takeAll, worldOn } from './directive.js';
import { report, startBenchServer } from './support.js';

/**
 * A directive of about 10,000 assignments (general tasks over 150 units): issued, 10,000 steps due at one
 * instant taken, worked and closed. Floor: the very statements of the run, recorded and replayed raw on a
 * copy of the same database. Run with `npm run bench -- set-wise [rounds]`.
 */
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
