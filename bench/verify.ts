import { insertEvents } from '../src/db/event-store.js';
import { openPool } from '../src/db/pool.js';
import { append, type SubjectRows } from '../src/engine/changes.js';
import { createDraft, issueDirective } from '../src/engine/directives.js';
import { issueBatch } from '../src/engine/issue.js';
import { verifyRecord } from '../src/engine/verify.js';
import {
  createWorld,
  draftContent,
  draftTask,
  QUICK_POLICY,
  subjectOf,
  type World,
} from '../test/support/world.js';
import { report, startBenchServer } from './support.js';

/**
 * A record of a million events, reports of 2,000 assignments chained as they are in life, read and checked as
 * `dondoc verify` does. Run with `npm run bench -- verify [events]`; the target is under a minute.
 */
const ASSIGNMENTS = 2_000;

interface Chain {
  readonly id: string;
  readonly working_group_id: string;
  readonly directive_id: string;
  readonly unit_id: string;
  seq: number;
  head_hash: Buffer;
}

async function issued(world: World): Promise<Chain[]> {
  const tasks = Array.from({ length: ASSIGNMENTS }, (_, index) =>
    draftTask({ code: `N${index}`, leadUnitIds: [world.units.health] }),
  );
  const agency = world.request(world.as('standing_agency'));
  const id = subjectOf(await createDraft(world.engine, agency, draftContent(tasks)));
  subjectOf(await issueDirective(world.engine, world.request(world.as('standing_agency')), id));
  for (let more = true; more; ) {
    const { assigned, planned } = await issueBatch(world.engine, id);
    more = assigned < planned;
  }
  return world.sql<Chain & Record<string, unknown>>(
    'select id, working_group_id, directive_id, unit_id, seq, head_hash from assignment',
  );
}

/** One report more of every assignment. */
async function reportAll(world: World, chains: readonly Chain[], at: number): Promise<void> {
  const rows: SubjectRows = { events: [], steps: [], items: [] };
  const times = { receivedAt: at, happenedAt: at, recordedAt: at };
  const circumstances = { ...times, actor: world.as('unit'), document: null };
  for (const chain of chains) {
    chain.seq += 1;
    const scope = {
      kind: 'assignment' as const,
      id: chain.id,
      workingGroupId: chain.working_group_id,
      directiveId: chain.directive_id,
      assignmentId: chain.id,
      unitId: chain.unit_id,
    };
    const event = {
      type: 'reported',
      data: { at, percent: chain.seq % 100, figure: null },
      text: { text: `Báo cáo lần ${chain.seq}` },
    };
    chain.head_hash = append(rows, scope, event, chain.seq, chain.head_hash, circumstances);
  }
  await insertEvents(world.engine.writer, rows.events);
}

const events = Number(process.argv[2] ?? 1_000_000);
const server = await startBenchServer();
try {
  const url = await server.create('record');
  const world = await createWorld(url, QUICK_POLICY);
  const chains = await issued(world);
  const begun = await world.now();
  for (let round = 0; round < events / ASSIGNMENTS; round += 1)
    await reportAll(world, chains, Math.floor(begun) + round);
  await world.sql(
    `update assignment a set seq = n.seq, head_hash = n.hash
       from unnest($1::uuid[], $2::int[], $3::bytea[]) as n(id, seq, hash) where a.id = n.id`,
    [chains.map(({ id }) => id), chains.map(({ seq }) => seq), chains.map(({ head_hash }) => head_hash)],
  );
  await world.close();
  const pool = openPool({ url, max: 2, name: 'verify' });
  const start = performance.now();
  const found = await verifyRecord(pool, { publicKey: null });
  report(
    `events of ${found.chains.toLocaleString('en')} chains`,
    found.events,
    performance.now() - start,
    null,
  );
  console.log(`faults: ${found.faults.length}`);
  await pool.end();
} finally {
  await server.stop();
}
