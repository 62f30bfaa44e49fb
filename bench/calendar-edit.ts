import { workOnEdits } from '../src/engine/calendar-sweep.js';
import { editDays } from '../src/engine/calendars.js';
import type { World } from '../test/support/world.js';
import { issueAll, measure, preparedWorld, shift, takeAll, worldOn } from './directive.js';
import { report, startBenchServer } from './support.js';

/**
 * A day off is announced in a directive of about 10,000 open assignments whose deadlines are working days: all are
 * computed again, first alone and then while the conductor takes a step of each. Floor: the very statements of the
 * run. Run with `npm run bench -- calendar-edit [rounds]`.
 */
const DAY = 86_400_000;

/** The next weekday but one, in the calendar's own zone. */
async function announce(world: World): Promise<void> {
  const now = await world.now();
  let at = now + 2 * DAY + 7 * 3_600_000;
  while ([0, 6].includes(new Date(at).getUTCDay())) at += DAY;
  const date = new Date(at).toISOString().slice(0, 10);
  const changes = {
    reason: 'Nghỉ do bão',
    source: '11/CĐ-UBND',
    days: [{ date, kind: 'holiday' as const, intervals: [], name: 'Nghỉ do bão', source: '11/CĐ-UBND' }],
    remove: [],
    years: [],
  };
  const [{ id, version } = { id: '', version: 0 }] = await world.sql<{ id: string; version: number }>(
    'select calendar_id as id, calendar_version as version from directive',
  );
  const done = await editDays(world.engine, world.request(world.as('administrator')), id, changes, version);
  if ('refused' in done) throw new Error(JSON.stringify(done.refused));
}

async function sweep(world: World): Promise<void> {
  await announce(world);
  while (await workOnEdits(world.engine));
}

async function main(): Promise<void> {
  const rounds = Number(process.argv[2] ?? 3);
  const server = await startBenchServer();
  try {
    const { world, directiveId, planned } = await preparedWorld(
      await server.create('base'),
      'trong 10 ngày làm việc',
    );
    await issueAll(world, directiveId);
    await world.close();
    const alone = await measure(server, 'base', 'edit', sweep, directiveId, rounds);
    report('computed again after an edit of the calendar', planned, alone.engine, alone.floor);
    const edited = await worldOn(await server.copy(alone.kept, 'checked'));
    const [{ moved } = { moved: 0 }] = await edited.sql<{ moved: number }>('select moved from calendar_edit');
    await edited.close();
    if (moved !== planned) throw new Error(`${moved} of ${planned} deadlines moved`);
    await shift(await server.copy('base', 'due'), 8 * DAY);
    const both = async (one: World, id: string): Promise<unknown> =>
      await Promise.all([sweep(one), takeAll(one, id)]);
    const together = await measure(server, 'due', 'beside', both, directiveId, rounds);
    report('the same while the conductor takes a step of each', planned, together.engine, together.floor);
  } finally {
    await server.stop();
  }
}

await main();
