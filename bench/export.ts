import { writeSheet } from '../src/documents/sheets.js';
import { SHEET_FORMATS } from '../src/domain/sheet.js';
import { pagesOf, sheetOf } from '../src/engine/export/list.js';
import { ASSIGNMENTS_TABLE } from '../src/engine/export/work.js';
import { issueBatch } from '../src/engine/issue.js';
import { assignmentsPage } from '../src/engine/read/assignments.js';
import { assignmentOf, issue } from '../test/support/story.js';
import { createWorld, type World } from '../test/support/world.js';
import { report, startBenchServer } from './support.js';

/**
 * The list of a Working Group's assignments as a file, row by row through its own reader, and how much memory the
 * process gains on the way. Run with `npm run bench -- export [rows]`.
 */
const EVERY_MS = 20;

const NO_FILTER = {
  directiveId: null,
  unitId: null,
  taskId: null,
  states: null,
  count: null,
  dueBefore: null,
  dueAfter: null,
  q: null,
} as const;

const SLICE = 5_000;
const COPIES = `insert into assignment
  select (jsonb_populate_record(a, jsonb_build_object('id', n.id, 'body', a.body || jsonb_build_object('id', n.id)))).*
    from assignment a, (select gen_random_uuid() as id from generate_series(1, $2::int)) n where a.id = $1`;

/** Copies of one real assignment: what is read is the row and its body, whoever wrote it. */
async function furnish(world: World, rows: number): Promise<void> {
  const directiveId = await issue(world, ['finance']);
  await issueBatch(world.engine, directiveId);
  const made = await assignmentOf(world, directiveId, 'finance');
  if (made === null) throw new Error('nothing was assigned');
  for (let left = rows - 1; left > 0; left -= SLICE) {
    await world.sql(COPIES, [made.id, Math.min(left, SLICE)]);
  }
  await world.sql('analyze');
}

/** The most memory that was taken while the work ran, above what was taken before. */
async function gained(work: () => Promise<void>): Promise<number> {
  global.gc?.();
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, EVERY_MS);
  await work();
  clearInterval(watch);
  return (Math.max(most, process.memoryUsage().rss) - before) / 1024 / 1024;
}

async function main(rows: number): Promise<void> {
  const server = await startBenchServer();
  const world = await createWorld(await server.create('exports'));
  await furnish(world, rows);
  const viewer = { actor: world.as('standing_agency'), locale: 'vi' as const };
  for (const format of SHEET_FORMATS) {
    const run = async (limit: number): Promise<number> => {
      let left = limit;
      let bytes = 0;
      const pages = pagesOf((request) => assignmentsPage(world.engine, viewer, NO_FILTER, 'id', request));
      const some = (async function* () {
        for await (const page of pages) {
          yield page;
          left -= page.length;
          if (left <= 0) return;
        }
      })();
      for await (const part of writeSheet(format, sheetOf(ASSIGNMENTS_TABLE, 'vi', some)))
        bytes += part.length;
      return bytes;
    };
    // What a first run loads and compiles is not of the rows.
    await run(rows / 10);
    let bytes = 0;
    const start = performance.now();
    const mb = await gained(async () => {
      bytes = await run(rows);
    });
    report(`${format}, rows`, rows, performance.now() - start, null);
    console.log(`  ${(bytes / 1024 / 1024).toFixed(1)} MB of file, ${mb.toFixed(0)} MB of memory gained`);
  }
  await world.close();
  await server.stop();
}

await main(Number(process.argv[2] ?? 100_000));
