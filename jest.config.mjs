/**
 * Two projects: `unit` needs no server and is the inner loop (npm run test:unit); `integration` shares one
 * PostgreSQL and one Temporal server, started for the run by the global setup.
 */
const common = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  // Sources name their imports as they are called after the build.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/data/', '<rootDir>/.cache/'],
};

export default {
  rootDir: import.meta.dirname,
  // More than there are cores: a good part of the time is waiting for servers.
  maxWorkers: 4,
  testSequencer: '<rootDir>/test/support/sequencer.mjs',
  // Only against hanging, so that no test fails for a slow machine. Jest takes this for the whole run only.
  testTimeout: 240_000,
  reporters: ['<rootDir>/test/support/reporter.mjs'],
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/test/unit/**/*.test.ts'] },
    {
      ...common,
      displayName: 'integration',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['<rootDir>/test/unit/', '/node_modules/'],
      globalSetup: '<rootDir>/test/support/global-setup.mjs',
      globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
    },
  ],
};
