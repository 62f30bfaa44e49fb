import { expect, test } from '@jest/globals';
import { conductorOf, workflowIdOf } from '../../../workflows/ids.js';

test.each(['directive', 'referral', 'reportingCycle'] as const)(
  'the id of the process of a %s leads back to it',
  (kind) => {
    expect(conductorOf(workflowIdOf(kind, 'x:1'))).toEqual({ kind, id: 'x:1' });
  },
);

test.each(['', 'directive', 'directive:', 'schedule:1'])('%p is the id of none of our processes', (id) => {
  expect(conductorOf(id)).toBeNull();
});
