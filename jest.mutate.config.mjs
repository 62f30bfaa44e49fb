/** The tests of the domain alone, for mutation runs: no types, no servers, one project. */
import config from './jest.config.mjs';

const [unit] = config.projects;
const { displayName: _name, ...common } = unit;

export default { ...common, testMatch: ['<rootDir>/test/unit/domain/**/*.test.ts'], testTimeout: 60_000 };
