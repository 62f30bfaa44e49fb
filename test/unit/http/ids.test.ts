import { expect, test } from '@jest/globals';
import { Id } from '../../../src/contracts/common.js';

test('an id is the same in capitals, and is kept in small letters', () => {
  const id = '0197a3c0-1f00-7000-8000-0000000000ab';
  expect(Id.parse(id.toUpperCase())).toBe(id);
  expect(Id.safeParse('0197a3c0').success).toBe(false);
});
