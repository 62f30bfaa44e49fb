/**
 * Which of the rules that decide who is late are held by a test: `npm run mutate`, or one module with
 * `npm run mutate -- --mutate src/domain/calendar.ts`. Runs of hours on a small machine; not part of `npm test`.
 */
export default {
  testRunner: 'jest',
  jest: { configFile: 'jest.mutate.config.mjs', enableFindRelatedTests: true },
  testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
  coverageAnalysis: 'perTest',
  mutate: [
    'src/domain/calendar.ts',
    'src/domain/calendar-index.ts',
    'src/domain/civil-date.ts',
    'src/domain/duration.ts',
    'src/domain/calendars/{lunar,statutory}.ts',
    'src/domain/deadline/*.ts',
    'src/domain/assignment/{steps,lateness,pauses,decide-clock,decide-deadline,decide-calendar}.ts',
    'src/domain/figures/*.ts',
    // Words for people are read by people.
    '!src/domain/deadline/{explain,findings,lexicon}.ts',
  ],
  ignoreStatic: true,
  concurrency: 1,
  timeoutMS: 20_000,
  reporters: ['clear-text', 'progress-append-only'],
  clearTextReporter: { logTests: false, allowColor: false },
  tempDirName: '.cache/stryker',
  incremental: true,
  incrementalFile: '.cache/stryker-incremental.json',
  thresholds: { high: 90, low: 85, break: 85 },
};
