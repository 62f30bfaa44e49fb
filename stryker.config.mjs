/** How `scripts/mutate.mjs` has modules mutated; it says which, and by which tests. */
export default {
  testRunner: 'jest',
  jest: { configFile: 'jest.mutate.config.mjs', enableFindRelatedTests: false },
  testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
  coverageAnalysis: 'perTest',
  ignoreStatic: true,
  concurrency: 1,
  // Every run leaves its modules behind in the process: after a hundred, each takes five times as long.
  maxTestRunnerReuse: 20,
  timeoutMS: 20_000,
  reporters: ['clear-text', 'progress-append-only'],
  clearTextReporter: { logTests: false, allowColor: false },
  tempDirName: '.cache/stryker',
  incremental: true,
  incrementalFile: '.cache/stryker-incremental.json',
  thresholds: { high: 90, low: 85, break: 85 },
};
