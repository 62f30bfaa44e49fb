/**
 * The longest suites first, so that none of them runs alone at the end while the other cores have nothing to do. A
 * fresh clone knows no times yet, and Jest would go by the size of the files.
 */
import { relative, sep } from 'node:path';
import Sequencer from '@jest/test-sequencer';

const LONGEST = [
  'test/unit/architecture/lint.test.ts',
  'test/workflows/directive.test.ts',
  'test/e2e/demo.test.ts',
  'test/crash/reporting-cycle.test.ts',
  'test/crash/referral.test.ts',
  'test/crash/directive.test.ts',
  'test/e2e/kill.test.ts',
  'test/http/matrix.test.ts',
  'test/crash/execute.test.ts',
  'test/dev/cli.test.ts',
  'test/dev/launcher.test.ts',
  'test/http/client.test.ts',
  'test/unit/architecture/bundle.test.ts',
  'test/http/roles.test.ts',
];

function place({ path, context }) {
  const found = LONGEST.indexOf(relative(context.config.rootDir, path).split(sep).join('/'));
  return found === -1 ? LONGEST.length : found;
}

export default class LongestFirst extends Sequencer {
  sort(tests) {
    // Stable: what is not named keeps Jest's order.
    return super.sort(tests).toSorted((one, other) => place(one) - place(other));
  }
}
