import { createDraft, issueDirective } from '../src/engine/directives.js';
import { issueBatch } from '../src/engine/issue.js';
import { createWorld, draftContent, draftTask, QUICK_POLICY, subjectOf } from '../test/support/world.js';
import { byTurns, type Call, floorServer, officerToken, productServer, recordScripts } from './load.js';
import { startBenchServer } from './support.js';

/**
 * Reads over HTTP at 1 and 8 callers: one assignment, and a page of fifty. Floor: bare Express and `pg` that run the
 * very statements of each request in the same scoped transaction and send the rows as JSON. Run with
 * `npm run bench -- read [assignments]`.
 */
const CALLERS = [1, 8];
const PAGES = 20;

async function prepare(url: string, assignments: number): Promise<{ ids: readonly string[]; token: string }> {
  const world = await createWorld(url, QUICK_POLICY);
  const agency = world.as('standing_agency');
  const tasks = Array.from({ length: assignments }, (_, index) =>
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
  await world.sql('analyze');
  await world.close();
  return { ids: rows.map((row) => row.id), token };
}

const server = await startBenchServer();
try {
  const { ids, token } = await prepare(await server.create('base'), Number(process.argv[2] ?? 700));
  const one = ids.map((id): Call => ({ key: id, method: 'GET', path: `/v1/assignments/${id}` }));
  const page = ids.map((id, index): Call => {
    const path = `/v1/assignments?limit=50&state=${index % PAGES === 0 ? 'acknowledged' : 'assigned'}`;
    return { key: `page ${id}`, method: 'GET', path };
  });
  const url = await server.copy('base', 'read');
  for (const [what, calls] of Object.entries({ 'one assignment': one, 'a page of fifty': page })) {
    const scripts = await recordScripts(url, calls, token);
    console.log(`${what}: ${[...scripts.values()].at(-1)?.length ?? 0} statements`);
    for (const callers of CALLERS) {
      const [product, floor] = [await productServer(url), await floorServer(url, scripts)];
      await byTurns([product, floor], calls, token, callers);
      await Promise.all([floor.stop(), product.stop()]);
    }
  }
} finally {
  await server.stop();
}
