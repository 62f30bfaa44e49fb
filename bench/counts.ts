import { v7 as uuidv7 } from 'uuid';
import { type CountQuery, countClasses, sumsStatement } from '../src/db/read/counts.js';
import { withScope } from '../src/db/transaction.js';
import { foldOnce } from '../src/engine/fold.js';
import { createWorld, QUICK_POLICY, type World } from '../test/support/world.js';
import { median, startBenchServer } from './support.js';

/**
 * Counts as of any instant over a Working Group with a million assignments, ten million events and about five million
 * moves over three years, written set-wise, folded, then asked at random instants. A count reads no event; they are
 * there, of the size that real ones have, because they fill the same disk and the same cache.
 * Floor: the same number of sum rows read by their primary key, in turn with the counts. Run with
 * `npm run bench -- counts [assignments] [questions]`.
 */
const UNITS = 150;
const SLICE = 25_000;
const TAIL = 500;
const PER_DIRECTIVE = 2_000;
const EVENTS = 10;
const YEARS_MS = 3 * 365 * 86_400_000;
const SINCE = Date.parse('2023-01-01T00:00:00+07:00');

async function furnish(world: World, assignments: number): Promise<void> {
  const ids = Array.from({ length: UNITS }, () => uuidv7());
  await world.sql(
    `insert into unit (id, code, name, group_code) select id, 'xa-' || n, 'Xã ' || n, case when n % 5 = 0 then 'department' else 'commune' end
       from unnest($1::uuid[]) with ordinality as u(id, n)`,
    [ids],
  );
  await world.sql(
    `insert into directive (id, working_group_id, unit_id, state, title, content, calendar_id, calendar_version, body)
     select ('00000000-0000-4000-8000-' || lpad(d::text, 12, '0'))::uuid, $1, $2, 'issued', 'Kế hoạch ' || d, '{}', 'x', 1, '{}'
       from generate_series(0, $3::int) d`,
    [world.groupId, world.units.agency, Math.ceil(assignments / PER_DIRECTIVE)],
  );
  const write = async (from: number, to: number): Promise<unknown> =>
    world.sql(SLICE_OF_LIVES, [
      world.groupId,
      ids,
      from,
      to - 1,
      new Date(SINCE).toISOString(),
      PER_DIRECTIVE,
    ]);
  // A slice is a transaction. What the fold has not seen yet is what ten seconds of a busy hour bring.
  const folded = assignments - TAIL;
  for (let from = 0; from < folded; from += SLICE) await write(from, Math.min(from + SLICE, folded));
  await world.sql('analyze');
  await foldAndTell(world);
  await write(folded, assignments);
  await world.sql('analyze');
}

/**
 * Issued together by directive, due at the end of a day one to six months later; four of five submit around then;
 * confirmed within three days; some suspended meanwhile. Ten
 * events each, weekly.
 */
const SLICE_OF_LIVES = `with life as materialized (
    select i, gen_random_uuid() as id, ($2::uuid[])[1 + i % array_length($2::uuid[], 1)] as unit,
           ('00000000-0000-4000-8000-' || lpad((i / $6)::text, 12, '0'))::uuid as directive,
           (array['task', 'task', 'task', 'model', 'goal'])[1 + i % 5] as kind, (2023 + (i / $6) % 3)::smallint as year,
           $5::timestamptz + interval '1 day' * ((i / $6 * 7) % 900) + interval '9 hours' as born,
           $5::timestamptz + interval '1 day' * ((i / $6 * 7) % 900 + 30 + (i % 6) * 30) + interval '23:59:59' as due,
           random() as luck
      from generate_series($3::int, $4::int) i),
  lived as materialized (
    select *, case when luck < 0.8 then due + interval '1 day' * (luck * 40 - 24) + interval '1 second' * (random() * 30000)::int end as handed
      from life),
  moves(life, at, gone, come) as (
    select i, born, null::count_class, 'open_in_time'::count_class from lived
    union all select i, due + interval '1 millisecond', 'open_in_time', 'open_overdue' from lived
    union all select i, handed, 'open_in_time', 'awaiting_in_time' from lived where handed <= due
    union all select i, due + interval '1 millisecond', 'open_overdue', 'open_in_time' from lived where handed <= due
    union all select i, handed, 'open_overdue', 'awaiting_overdue' from lived where handed > due
    union all select i, handed + interval '3 days', 'awaiting_in_time', 'done_on_time' from lived where handed <= due
    union all select i, handed + interval '3 days', 'awaiting_overdue', 'done_late' from lived where handed > due
    union all select i, born + interval '9 days', 'open_in_time', 'suspended' from lived where i % 4 = 0
    union all select i, born + interval '12 days', 'suspended', 'open_in_time' from lived where i % 4 = 0),
  written as (
    insert into event (subject_kind, subject_id, seq, working_group_id, directive_id, unit_id, type, data, text, salt,
                       text_hash, actor, received_at, happened_at, recorded_at, hash)
    select 'assignment', l.id, s, $1, l.directive, l.unit, case s when 1 then 'assigned' else 'reported' end,
           jsonb_build_object('at', extract(epoch from l.born)::bigint * 1000, 'percent', s * 10, 'late', false),
           case when s > 1 then jsonb_build_object('text', 'Đang thực hiện, đã đạt ' || s * 10 || '% kế hoạch của quý.') end,
           case when s > 1 then uuid_send(gen_random_uuid()) end,
           case when s > 1 then sha256(uuid_send(l.id)) end,
           jsonb_build_object('kind', 'person', 'personId', l.id, 'role', 'unit', 'unitId', l.unit),
           t.at, t.at, t.at, sha256(uuid_send(l.id) || int4send(s))
      from lived l cross join generate_series(1, ${EVENTS}) s,
           lateral (select l.born + s * interval '7 days' as at) t)
  insert into count_move (at, recorded_at, working_group_id, unit_id, directive_id, task_id, assignment_id, kind, origin_year, from_class, to_class)
  select m.at, m.at, $1, l.unit, l.directive, l.directive, l.id, l.kind, l.year, m.gone, m.come
    from moves m join lived l on l.i = m.life order by m.at`;

async function foldAndTell(world: World): Promise<void> {
  const [{ n } = { n: 0 }] = await world.sql<{ n: number }>('select count(*) as n from count_move');
  const start = performance.now();
  while (await foldOnce(world.engine));
  const ms = performance.now() - start;
  console.log(
    `fold: ${n.toLocaleString('en')} moves in ${(ms / 1000).toFixed(1)} s, ${Math.round((n / ms) * 1000).toLocaleString('en')}/s`,
  );
}

type Asked = Pick<CountQuery, 'groupBy'>;

async function ask(world: World, asked: Asked, asOf: number): Promise<number> {
  const scope = { workingGroupId: world.groupId, role: 'supervisor', unitId: null };
  return withScope(world.engine.reader, scope, async (client) => {
    const start = performance.now();
    await countClasses(client, {
      asOf,
      knownAt: null,
      count: 'assignment',
      directiveId: null,
      unitId: null,
      ...asked,
    });
    return performance.now() - start;
  });
}

/** The very sum rows that the count of that instant reads, each by its key, which is known beforehand. */
async function floor(world: World, asOf: number, table: 'unit_count' | 'directive_count'): Promise<number> {
  const day = new Date(asOf + 1 + 7 * 3_600_000).toISOString().slice(0, 10);
  const scope = { workingGroupId: world.groupId, role: 'supervisor', unitId: null };
  const id = table === 'unit_count' ? 'unit_id' : 'directive_id';
  const more = table === 'unit_count' ? 'working_group_id = $4' : 'kind = any($4) and origin_year = any($5)';
  return withScope(world.engine.reader, scope, async (client) => {
    const keys = await client.query<{ id: string; level: string; starts_on: string }>(
      `select distinct ${id} as id, level, starts_on from ${table}
        where (level = 'year' and starts_on < date_trunc('year', $1::timestamp))
           or (level = 'month' and starts_on >= date_trunc('year', $1::timestamp) and starts_on < date_trunc('month', $1::timestamp))
           or (level = 'day' and starts_on >= date_trunc('month', $1::timestamp) and starts_on < $1::timestamp)`,
      [day],
    );
    const own =
      table === 'unit_count'
        ? [world.groupId]
        : [
            ['task', 'model', 'goal'],
            [2023, 2024, 2025],
          ];
    const values = [
      keys.rows.map((row) => row.id),
      keys.rows.map((row) => row.level),
      keys.rows.map((row) => row.starts_on),
      ...own,
    ];
    const start = performance.now();
    await client.query(
      `select s.* from unnest($1::uuid[], $2::text[], $3::date[]) as k(id, level, starts_on)
         join ${table} s on s.${id} = k.id and s.level = k.level and s.starts_on = k.starts_on and ${more}`,
      values,
    );
    return performance.now() - start;
  });
}

const quantile = (values: readonly number[], q: number): number =>
  [...values].sort((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * q))] ??
  Number.NaN;

async function measure(world: World, name: string, asked: Asked, questions: number): Promise<void> {
  const counted: number[] = [];
  const bare: number[] = [];
  const table = asked.groupBy === 'directive' || asked.groupBy === 'kind' ? 'directive_count' : 'unit_count';
  for (let question = 0; question < questions + 5; question += 1) {
    const asOf = Math.floor(SINCE + Math.random() * YEARS_MS);
    const ms = await ask(world, asked, asOf);
    const least = await floor(world, asOf, table);
    // The first ones warm the connection and the cache.
    if (question >= 5) {
      counted.push(ms);
      bare.push(least);
    }
  }
  const show = (values: readonly number[]): string =>
    `p50 ${median(values).toFixed(1)} ms, p99 ${quantile(values, 0.99).toFixed(1)} ms`;
  console.log(
    `${name}: ${show(counted)} · the same sum rows by key: ${show(bare)} · ratio ${(median(counted) / median(bare)).toFixed(2)}`,
  );
}

async function plan(world: World): Promise<void> {
  const scope = { workingGroupId: world.groupId, role: 'supervisor', unitId: null };
  const asOf = new Date(SINCE + YEARS_MS * 0.61);
  const day = asOf.toISOString().slice(0, 10);
  const rows = await withScope(world.engine.reader, scope, async (client) => {
    const mark = await client.query<{ watermark: string }>('select watermark::text from count_fold');
    const values = [
      asOf.toISOString(),
      `${day}T00:00:00+07:00`,
      `${day.slice(0, 4)}-01-01`,
      `${day.slice(0, 7)}-01`,
      day,
      mark.rows[0]?.watermark,
    ];
    const text = `explain (analyze, costs off, timing off) ${sumsStatement('unit', 'unit', false)}`;
    return (await client.query<{ 'QUERY PLAN': string }>(text, values)).rows;
  });
  for (const row of rows) console.log(`    ${row['QUERY PLAN']}`);
}

async function sizes(world: World): Promise<void> {
  const rows = await world.sql<{ relname: string; table: string; indexes: string; rows: number }>(
    `select relname, pg_size_pretty(pg_table_size(oid)) as table, pg_size_pretty(pg_indexes_size(oid)) as indexes, reltuples::bigint as rows
       from pg_class where relname in ('event', 'count_move', 'unit_count', 'directive_count') order by relname`,
  );
  for (const row of rows) {
    console.log(
      `${row.relname}: ${row.rows.toLocaleString('en')} rows, ${row.table} and ${row.indexes} of indexes`,
    );
  }
}

async function main(): Promise<void> {
  const assignments = Number(process.argv[2] ?? 1_000_000);
  const questions = Number(process.argv[3] ?? 200);
  const server = await startBenchServer();
  try {
    const world = await createWorld(await server.create('counts'), QUICK_POLICY);
    const start = performance.now();
    await furnish(world, assignments);
    console.log(
      `${assignments.toLocaleString('en')} assignments written in ${((performance.now() - start) / 1000).toFixed(0)} s`,
    );
    await sizes(world);
    await measure(world, 'the whole Working Group', { groupBy: null }, questions);
    await measure(world, 'by unit', { groupBy: 'unit' }, questions);
    await measure(world, 'by directive', { groupBy: 'directive' }, questions);
    await measure(world, 'by kind', { groupBy: 'kind' }, questions);
    console.log('  plan, by unit:');
    await plan(world);
    await world.close();
  } finally {
    await server.stop();
  }
}

await main();
