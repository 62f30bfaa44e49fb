import { expect, test } from '@jest/globals';
import { isDondocError } from '../../../src/domain/errors.js';
import { verifyPassword } from '../../../src/engine/passwords.js';

/** A derivation that costs next to nothing: what is kept says how dear it is. */
const CHEAP = ['scrypt', 16, 8, 1, 'AAAA', Buffer.alloc(32).toString('base64url')].join('$');

test('of a flood of passwords two are derived at a time and forty wait; the others are told to come again', async () => {
  const tries = await Promise.allSettled(
    Array.from({ length: 100 }, async () => await verifyPassword('hoa mai vàng nở sớm', CHEAP)),
  );
  const turnedAway = tries.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  expect(tries.length - turnedAway.length).toBe(42);
  for (const error of turnedAway) {
    expect(isDondocError(error) && error.refusal).toMatchObject({
      code: 'quota_exceeded',
      extra: { retryAfter: 10 },
    });
  }
  // Whoever comes again afterwards is served.
  expect(await verifyPassword('hoa mai vàng nở sớm', CHEAP)).toBe(false);
});
