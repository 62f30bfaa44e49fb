/**
 * `npm run mutate [module …]`: changes the rules that decide who is late, one place after the other, and counts how
 * many of these changes a test notices. Each module against the tests that answer for it: the others only repeat what
 * those show, and take ten times as long. Minutes a module; not part of `npm test`.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The tool takes a list with commas, and splits braces at theirs. */
const inFolder = (folder, ...names) => names.map((name) => `src/domain/${folder}${name}.ts`).join(',');

/** Module → its files, and its tests below test/unit/domain by the beginnings of their names. */
const MODULES = {
  lateness: ['src/domain/assignment/lateness.ts', 'assignment-classes|assignment-lateness|moved-cases'],
  pauses: ['src/domain/assignment/pauses.ts', 'held-time|assignment-pauses|assignment-lateness|obstacle'],
  steps: [
    'src/domain/assignment/steps.ts',
    'ladder|signed|overtaken|answer|obstacle|assignment-pauses|office-clocks',
  ],
  calendar: [inFolder('', 'calendar', 'calendar-index', 'duration'), 'calendar|duration'],
  deadline: [inFolder('deadline/', 'resolve', 'regular', 'periods', 'point', 'rule'), 'deadline'],
  parser: [inFolder('deadline/', 'parse', 'lex', 'text', 'tokens'), 'deadline'],
  figures: ['src/domain/figures/*.ts', 'figures|indicators'],
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in MODULES));
if (unknown.length > 0) {
  console.error(`There is no module ${unknown.join(', ')}; there are: ${Object.keys(MODULES).join(', ')}`);
  process.exit(2);
}
const bin = new URL('../node_modules/@stryker-mutator/core/bin/stryker.js', import.meta.url);
const stryker = fileURLToPath(bin);
for (const [name, [files, tests]] of Object.entries(MODULES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n${name}: ${files}, by test/unit/domain/(${tests})*`);
  const options = ['run', '--mutate', files, '--incrementalFile', `.cache/stryker-${name}.json`];
  const env = { ...process.env, MUTATE_TESTS: tests };
  const { status } = spawnSync(process.execPath, [stryker, ...options], { stdio: 'inherit', env });
  if (status !== 0) process.exitCode = status ?? 1;
}
