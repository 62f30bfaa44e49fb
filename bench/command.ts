import { createDraft, issueDirective } from '../src/engine/directives.js';
import { issueBatch } from '../src/engine/issue.js';
import { createWorld, draftContent, draftTask, QUICK_POLICY, subjectOf } from '../test/support/world.js';
import { byTurns, type Call, floorServer, officerToken, productServer, recordScripts } from './load.js';
import { startBenchServer } from './support.js';

/**
 * One command (a progress report) over HTTP at 1, 8 and 32 callers. Floor: bare Express and `pg` that run the very
 * statements of each request, one after the other, recorded beforehand, on a copy of the same database, in the same
 * transactions. Run with `npm run bench -- command [requests]`.
 */
const CALLERS = [1, 8, 32];

async function prepare(url: string, requests: number): Promise<{ calls: readonly Call[]; token: string }> {
  const world = await createWorld(url, QUICK_POLICY);
  const agency = world.as('standing_agency');
  const tasks = Array.from({ length: requests }, (_, index) =>
    draftTask({
      code: `N${index}`,
      leadUnitIds: [world.units.health],
      deadline: { phrase: 'within 20 days', rule: null, past: null },
    }),
  );
  const id = subjectOf(await createDraft(world.engine, world.request(agency), draftContent(tasks)));
  subjectOf(await issueDirective(world.engine, world.request(agency), id));
  await issueBatch(world.engine, id);
  const token = await officerToken(world, world.units.health);
  const rows = await world.sql<{ id: string }>('select id from assignment order by id');
  await world.close();
  const body = { text: 'Đang thực hiện, đạt một nửa.', percent: 50 };
  const calls = rows.map(
    (row): Call => ({ key: row.id, method: 'POST', path: `/v1/assignments/${row.id}/progress`, body }),
  );
  return { calls, token };
}

const requests = Number(process.argv[2] ?? 700);
const server = await startBenchServer();
try {
  const { calls, token } = await prepare(await server.create('base'), requests);
  const scripts = await recordScripts(await server.copy('base', 'recorded'), calls, token);
  console.log(`statements of one command: ${[...scripts.values()].at(-1)?.length ?? 0}`);
  for (const callers of CALLERS) {
    const floor = await floorServer(await server.copy('base', `floor_${callers}`), scripts);
    const product = await productServer(await server.copy('base', `product_${callers}`));
    await byTurns([product, floor], calls, token, callers);
    await Promise.all([floor.stop(), product.stop()]);
  }
} finally {
  await server.stop();
}
