const { TestEnvironment } = require('jest-environment-node');

/** The mutant in which a test has failed already: whatever follows shows nothing more. */
let noticed;

/** In a mutation run, the first test that fails ends it for this mutant; otherwise as any other environment. */
module.exports = class MutationEnvironment extends TestEnvironment {
  handleTestEvent(event, state) {
    const mutant = process.env.__STRYKER_ACTIVE_MUTANT__;
    if (mutant === undefined) return;
    // The tests that reach a mutant, by name: thousands of names in one pattern take longer than running the others.
    if (event.name === 'run_start') state.testNamePattern = null;
    if (event.name === 'test_fn_failure' || event.name === 'hook_failure') noticed = mutant;
    if (event.name === 'test_start' && noticed === mutant) event.test.mode = 'skip';
  }
};
