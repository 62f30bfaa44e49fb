import { OFFICE_HOURS } from '../src/domain/calendars/office-hours.js';
import { DEFAULT_POLICY } from '../src/domain/policy.js';
import { createWorld } from '../test/support/world.js';
import { type Disagreement, disagreements, tallied } from '../test/support/year/compare.js';
import { playNaive } from '../test/support/year/naive.js';
import { playNaiveReports } from '../test/support/year/naive-reports.js';
import { PROVINCE, planYear } from '../test/support/year/plan.js';
import { playPure } from '../test/support/year/pure.js';
import { playReports } from '../test/support/year/pure-reports.js';
import { officesOf, playOnRecord } from '../test/support/year/record.js';
import { startBenchServer } from './support.js';

/**
 * A generated year of one province: by the pure rules, in a diary that shares nothing with them, and on the real
 * record with the clock moved from act to act. All have to agree on every late flag, at every closing of a month and
 * in the end. Run with `npm run year`, or `npm run year -- <seed> <units> <tasks> <general tasks>`.
 */
const [seed = 2026, units = PROVINCE.units, tasks = PROVINCE.tasks, general = PROVINCE.general] = process.argv
  .slice(2)
  .map(Number);

const say = (line: string): void => console.log(line);
const figures = (tally: Readonly<Record<string, number>>): string =>
  Object.entries(tally)
    .map(([name, n]) => `${name} ${n}`)
    .join(', ');

async function timed<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  say(`${what}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return result;
}

function hold(what: string, found: readonly Disagreement[]): number {
  say(`${what}: ${found.length === 0 ? 'agree' : `${found.length} DISAGREEMENTS`}`);
  for (const one of found.slice(0, 5))
    say(`  ${new Date(one.at).toISOString()} ${one.key}: ${one.one} / ${one.other}`);
  return found.length;
}

const sameActs = (what: string, one: readonly boolean[], other: readonly boolean[]): number => {
  const differ = one.filter((accepted, index) => accepted !== other[index]).length;
  say(`${what}: ${differ === 0 ? 'the same are accepted' : `${differ} DISAGREEMENTS`}`);
  return differ;
};

async function main(): Promise<void> {
  const year = planYear(seed, { units, tasks, general });
  const { acts, reports, lives, checks } = year;
  say(
    `seed ${seed}: ${units} units, ${tasks} tasks, ${lives.length} assignments, ${acts.length} acts, ` +
      `${units * year.periods.length} reports in ${year.periods.length} months, ${reports.length} acts on them`,
  );
  const server = await startBenchServer();
  try {
    const url = await server.create('year');
    const world = await createWorld(url, DEFAULT_POLICY, undefined, { calendar: OFFICE_HOURS });
    const rules = { offices: officesOf(world), policy: DEFAULT_POLICY, calendar: OFFICE_HOURS };
    const pure = await timed('by the pure rules', () => playPure(year, rules));
    const owed = await timed('reports by the pure rules', () => playReports(year, rules));
    const naive = await timed('in a diary', () => playNaive(lives, acts, pure.accepted, checks));
    const wall = playNaiveReports(year, owed.accepted);
    let last = 0;
    const recorded = await timed('on the real record', () =>
      playOnRecord(world, year, (done, of) => {
        const tenth = Math.floor((done / of) * 10);
        if (tenth > last) say(`  ${done} of ${of} acts`);
        last = tenth;
      }),
    );
    const accepted = pure.accepted.filter(Boolean).length;
    say(
      `${accepted} acts accepted, ${acts.length - accepted} refused; in the end ${figures(tallied(pure.classes.at(-1) ?? new Map()))}`,
    );
    say(`reports: ${figures(tallied(owed.states.at(-1) ?? new Map()))}`);
    say(
      `the record took ${recorded.steps} steps, wrote ${recorded.messages} messages and proposed ${recorded.cases} cases`,
    );
    const flags = checks.length * (pure.classes.at(-1)?.size ?? 0);
    say(`${checks.length} checks, about ${flags} flags of assignments each way:`);
    const wrong =
      sameActs('acts, rules and record', pure.accepted, recorded.accepted) +
      sameActs('acts on reports, rules and record', owed.accepted, recorded.reports.accepted) +
      hold('rules and record, as known then', disagreements(checks, pure.classes, recorded.classes)) +
      hold(
        'rules and record, as known in the end',
        disagreements(checks, pure.afterwards, recorded.afterwards),
      ) +
      hold('rules and diary', disagreements(checks, pure.classes, naive)) +
      hold('reports, rules and record', disagreements(checks, owed.states, recorded.reports.states)) +
      hold('reports, rules and the list on the wall', disagreements(checks, owed.states, wall.states)) +
      recorded.faults.length;
    for (const fault of recorded.faults.slice(0, 10)) say(`FAULT ${fault}`);
    await world.close();
    if (wrong > 0) process.exitCode = 1;
  } finally {
    await server.stop();
  }
}

await main();
