import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ASSIGNMENT_TABLE } from '../../../src/domain/assignment/table.js';
import { REFERRAL_TABLE } from '../../../src/domain/referral/table.js';
import { REPORT_TABLE } from '../../../src/domain/report/table.js';
import { ROOT } from './seeded-tree.js';
import { textOf } from './source-files.js';
import { actionTable, diagram } from './state-tables.js';

const PAGE = 'docs/states.md';
const UPDATE = 'UPDATE_DOCS=1 npm run test:unit -- --testPathPatterns states';

const page = `# States

Written from the tables in \`src/domain\`, which the API, the deciders and \`allowedActions\` ask too. Do not edit:
\`${UPDATE}\` writes it, and a test compares it.

*Late* is no state: it is computed from the deadline and the judged instant of a submission. A row says what the
state and the caller's relation allow; the rules of the decider come on top.

## Assignment

${diagram(ASSIGNMENT_TABLE, ASSIGNMENT_TABLE.stop.from)}

${actionTable(ASSIGNMENT_TABLE)}

## Referral

${diagram(REFERRAL_TABLE, [])}

What the clock does with a case (the end of a window, a lapse) is a step and not an action of the table.

${actionTable(REFERRAL_TABLE)}

## Report

${diagram(REPORT_TABLE, [])}

The closing of the figures, the due instant and the end of a regime are instants, not acts: \`not_due\` becomes
\`due\` and then \`missing\` by itself, and what had not closed lapses with its regime.

${actionTable(REPORT_TABLE)}
`;

test('the page of states shows the tables that the code asks', () => {
  if (process.env.UPDATE_DOCS === '1') writeFileSync(join(ROOT, PAGE), page);
  expect(textOf(PAGE)).toBe(page);
});
