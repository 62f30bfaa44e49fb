import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { OFFICE_HOURS } from '../src/domain/calendars/office-hours.js';
import { DEFAULT_REPORTING_POLICY, type DirectivePolicy } from '../src/domain/policy.js';
import { conductRegime } from '../src/engine/conduct-reports.js';
import { createRegime } from '../src/engine/regimes.js';
import { createWorld, QUICK_POLICY, subjectOf, type World } from '../test/support/world.js';
import { type BenchServer, type Recorded, record, startBenchServer } from './support.js';

/**
 * A year of monthly reports: 150 units under 20 regimes, opened, reminded, judged and urged set-wise by the engine,
 * nobody reporting, which is the dearest case. Floor: the very statements of the run, recorded and replayed raw on a
 * copy of the same database. Run with `npm run bench -- reports [months] [rounds]`.
 */
const UNITS = 150;
const REGIMES = 20;

/** What repeats makes cases, which are not measured here. */
const POLICY: DirectivePolicy = {
  ...QUICK_POLICY,
  id: 'reports',
  reporting: { ...DEFAULT_REPORTING_POLICY, continues: { inRow: 99, inYear: 99 } },
};

type Phase = 'opened' | 'judged' | 'reminded and urged';

async function prepare(url: string): Promise<string[]> {
  const world = await createWorld(url, POLICY, undefined, { calendar: OFFICE_HOURS });
  const ids = Array.from({ length: UNITS }, () => uuidv7());
  await world.sql(
    'insert into unit (id, code, name, group_code) select id, $2 || row_number() over (), $2, $3 from unnest($1::uuid[]) as id',
    [ids, 'xa-', 'commune'],
  );
  const regimes: string[] = [];
  for (let index = 0; index < REGIMES; index += 1) {
    regimes.push(
      subjectOf(
        await createRegime(world.engine, world.request(world.as('standing_agency')), {
          name: `Chế độ báo cáo ${index + 1}`,
          nameEn: null,
          directiveIds: [],
          schedule: {
            kind: 'periodic',
            periodicity: { kind: 'monthly', closingDay: 14 },
            startsOn: new Date((await world.now()) + 7 * 3_600_000).toISOString().slice(0, 10),
          },
          levels: [{ name: null, unitIds: [], groupCodes: ['commune'], dueWorkingDays: 1 }],
        }),
      ),
    );
  }
  await world.close();
  return regimes;
}

/** The step that all regimes wait for next, and when. */
async function next(world: World): Promise<{ step: string; at: number }> {
  const [row] = await world.sql<{ step: string; at: number }>(
    `select step, (extract(epoch from due_at) * 1000)::float8 as at from planned_step
      where conductor_kind = 'reportingCycle' order by due_at limit 1`,
  );
  if (row === undefined) throw new Error('Nothing is planned');
  return row;
}

const phaseOf = (step: string): Phase =>
  step.startsWith('open:') ? 'opened' : step === 'judge' ? 'judged' : 'reminded and urged';

/** Lives through so many months from step to step, each regime by its conductor; `during` is told each phase's work. */
async function live(
  world: World,
  regimes: readonly string[],
  months: number,
  during: (phase: Phase, work: () => Promise<void>) => Promise<void>,
): Promise<void> {
  for (let judged = 0; ; ) {
    const { step, at } = await next(world);
    const phase = phaseOf(step);
    // A period falls due after the next one has opened.
    if (phase === 'opened' && judged === months) return;
    if (phase === 'judged') judged += 1;
    await world.skip(Math.max(0, Math.ceil(at - (await world.now()))));
    await during(phase, async () => {
      for (const id of regimes) {
        for (let more = true; more; )
          ({ more } = await conductRegime(world.engine, id, Number.MAX_SAFE_INTEGER));
      }
    });
  }
}

type Times = Record<Phase, number>;
const none = (): Times => ({ opened: 0, judged: 0, 'reminded and urged': 0 });

async function measured(url: string, regimes: readonly string[], months: number): Promise<Times> {
  const world = await createWorld(url, POLICY, undefined, { existing: true });
  const times = none();
  await live(world, regimes, months, async (phase, work) => {
    const start = performance.now();
    await work();
    times[phase] += performance.now() - start;
  });
  await world.close();
  return times;
}

/** The statements of each piece of work, with what left of it in the record. */
async function recorded(url: string, regimes: readonly string[], months: number) {
  const world = await createWorld(url, POLICY, undefined, { existing: true });
  const recorder = record(world.engine.writer);
  const pieces: { phase: Phase; statements: Recorded[] }[] = [];
  await live(world, regimes, months, async (phase, work) => {
    const from = recorder.statements.length;
    await work();
    pieces.push({ phase, statements: recorder.statements.slice(from) });
  });
  recorder.stop();
  const [left] = await world.sql<{
    reports: number;
    judged: number;
    steps: number;
    items: number;
    bytes: number;
  }>(
    `select (select count(*)::int from report_obligation) as reports, (select count(*)::int from step_taken where step = 'judge') as judged,
            (select count(*)::int from step_taken where step <> 'judge') as steps,
            (select count(*)::int from item) as items,
            (select sum(pg_total_relation_size(oid))::float8 from pg_class
              where relname in ('report_obligation', 'event', 'step_taken', 'item', 'planned_step')) as bytes`,
  );
  await world.close();
  if (left === undefined) throw new Error('Nothing is left');
  return { pieces, left };
}

async function floor(
  url: string,
  pieces: readonly { readonly phase: Phase; readonly statements: readonly Recorded[] }[],
): Promise<Times> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const times = none();
  for (const { phase, statements } of pieces) {
    const start = performance.now();
    for (const { name, text, values } of statements)
      await client.query(name === undefined ? { text, values } : { name, text, values });
    times[phase] += performance.now() - start;
  }
  await client.end();
  return times;
}

const least = (all: readonly Times[], phase: Phase): number => Math.min(...all.map((times) => times[phase]));

async function run(server: BenchServer, months: number, rounds: number): Promise<void> {
  const regimes = await prepare(await server.create('base'));
  const { pieces, left } = await recorded(await server.copy('base', 'recorded'), regimes, months);
  const [engine, raw]: [Times[], Times[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    raw.push(await floor(await server.copy('base', `floor_${round}`), pieces));
    engine.push(await measured(await server.copy('base', `engine_${round}`), regimes, months));
  }
  const statements = pieces.reduce((sum, piece) => sum + piece.statements.length, 0);
  console.log(
    `${left.reports} reports (${UNITS} units, ${REGIMES} regimes), ${left.judged} judged, ${left.steps} reminders and urgings, ${left.items} messages, ${statements} statements, ${(left.bytes / 1024 / left.reports).toFixed(1)} KiB a report on disk before vacuum`,
  );
  const counts = { opened: left.reports, judged: left.judged, 'reminded and urged': left.steps };
  for (const phase of ['opened', 'judged', 'reminded and urged'] as const) {
    const [ms, bare] = [least(engine, phase), least(raw, phase)];
    const each = ((1000 * ms) / counts[phase]).toFixed(0);
    console.log(
      `${phase}: ${(ms / 1000).toFixed(1)} s, ${each} µs each, ratio ${(ms / bare).toFixed(2)} to its statements`,
    );
  }
}

async function main(): Promise<void> {
  const server = await startBenchServer();
  try {
    await run(server, Number(process.argv[2] ?? 12), Number(process.argv[3] ?? 2));
  } finally {
    await server.stop();
  }
}

await main();
