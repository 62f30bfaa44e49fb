/**
 * Reports a run: one line for each suite, what failed in full, and at the end `N passed, N failed`. A suite
 * that could not run counts as one failure. Where DONDOC_TEST_RESULT names a file, the counts go there
 * instead of the last line, because whoever started the run prints that line after everything else.
 */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

export default class Reporter {
  #root;
  #failed = false;

  constructor(globalConfig) {
    this.#root = globalConfig.rootDir;
  }

  onTestResult(test, result) {
    const broken = result.testExecError !== undefined && result.testExecError !== null;
    const failed = result.numFailingTests + (broken && result.numFailingTests === 0 ? 1 : 0);
    const parts = [`${result.numPassingTests} passed`];
    if (failed > 0) parts.push(`${failed} failed`);
    const skipped = result.numPendingTests + result.numTodoTests;
    if (skipped > 0) parts.push(`${skipped} skipped`);
    const seconds = ((result.perfStats.end - result.perfStats.start) / 1000).toFixed(1);
    const mark = failed > 0 ? 'FAIL' : 'ok  ';
    this.#say(`${mark} ${relative(this.#root, test.path)}: ${parts.join(', ')} (${seconds} s)`);
    for (const entry of result.console ?? []) this.#say(`     ${entry.type}: ${entry.message}`);
    if (result.failureMessage) this.#say(result.failureMessage);
  }

  onRunComplete(_contexts, results) {
    const broken = results.testResults.filter(
      (suite) => suite.testExecError && suite.numFailingTests === 0,
    ).length;
    const failed = results.numFailedTests + broken;
    const skipped = results.numPendingTests + results.numTodoTests;
    if (skipped > 0) this.#say(`${skipped} skipped`);
    const line = `${results.numPassedTests} passed, ${failed} failed`;
    const file = process.env.DONDOC_TEST_RESULT;
    if (file) writeFileSync(file, line);
    else this.#say(line);
    this.#failed = failed > 0;
  }

  getLastError() {
    return this.#failed ? new Error('Some tests failed') : undefined;
  }

  #say(line) {
    process.stdout.write(`${line}\n`);
  }
}
