/**
 * The tests of the domain alone, for mutation runs: no types, no servers, one project. MUTATE_TESTS names those that a
 * module answers for (`calendar|duration`): the others only repeat what they show, and take ten times as long.
 */
import config from './jest.config.mjs';

const [unit] = config.projects;
const { displayName: _name, ...common } = unit;

export default {
  ...common,
  testMatch: ['<rootDir>/test/support/mutated.mjs'],
  testEnvironment: `${import.meta.dirname}/test/support/mutation-environment.cjs`,
  testTimeout: 60_000,
};
