import { v7 as uuidv7 } from 'uuid';
import { openPool } from '../src/db/pool.js';
import { parseDeadline } from '../src/domain/deadline/parse.js';
import { conductDirective } from '../src/engine/conduct.js';
import { createDraft, issueDirective } from '../src/engine/directives.js';
import { issueBatch } from '../src/engine/issue.js';
import {
  createWorld,
  draftContent,
  draftTask,
  QUICK_POLICY,
  subjectOf,
  type World,
} from '../test/support/world.js';
import { type BenchServer, median, type Recorded, record, replay } from './support.js';

/** A directive of about 10,000 assignments: general tasks over 150 units. */
const UNITS = 150;
export const TASKS = 67;

/** Drafted, not issued; `phrase` is every task's deadline. */
export async function preparedWorld(
  url: string,
  phrase = 'within 2 days',
): Promise<{ world: World; directiveId: string; planned: number }> {
  const world = await createWorld(url, QUICK_POLICY);
  const ids = Array.from({ length: UNITS }, () => uuidv7());
  await world.sql(
    'insert into unit (id, code, name, group_code) select id, $2 || row_number() over (), $2, $3 from unnest($1::uuid[]) as id',
    [ids, 'xa-', 'commune'],
  );
  const agency = world.as('standing_agency');
  const parsed = parseDeadline(phrase, { documentDate: null });
  const tasks = Array.from({ length: TASKS }, (_, index) =>
    draftTask({
      code: `N${index + 1}`,
      nature: 'general',
      groupCodes: ['commune'],
      deadline: { phrase, rule: parsed.ok ? parsed.rule : null, past: null },
    }),
  );
  const directiveId = subjectOf(await createDraft(world.engine, world.request(agency), draftContent(tasks)));
  return { world, directiveId, planned: UNITS * TASKS };
}

export async function issueAll(world: World, directiveId: string): Promise<void> {
  subjectOf(await issueDirective(world.engine, world.request(world.as('standing_agency')), directiveId));
  for (;;) {
    const { assigned, planned } = await issueBatch(world.engine, directiveId);
    if (assigned === planned) return;
  }
}

export async function takeAll(world: World, directiveId: string): Promise<number> {
  let taken = 0;
  for (;;) {
    const pass = await conductDirective(world.engine, directiveId, await world.now());
    taken += pass.taken;
    if (!pass.more) return taken;
  }
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** One phase: recorded once on a copy to get the floor's statements, then timed on fresh copies, floor and engine in turn. */
export async function measure(
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
export async function worldOn(url: string): Promise<World> {
  return createWorld(url, QUICK_POLICY, undefined, { existing: true });
}

/** Moves the clock of a database. */
export async function shift(url: string, ms: number): Promise<void> {
  const pool = openPool({ url, max: 1, name: 'bench' });
  await pool.query("update clock_offset set shift = shift + $1 * interval '1 millisecond'", [ms]);
  await pool.end();
}
