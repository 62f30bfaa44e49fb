import { describe, expect, test } from '@jest/globals';
import { failureOf } from '../../../activities/failures.js';
import { DondocError, refuse } from '../../../src/domain/errors.js';

const withCode = (code: string) => Object.assign(new Error('no'), { code });
const dondoc = (code: 'not_found' | 'database_unavailable') =>
  new DondocError(refuse(code, { vi: 'không', en: 'no' }));

describe('a failure', () => {
  test.each(['08006', '40001', '42P01', '23505', '57P01'])(
    'of the database is always passing: %s',
    (code) => {
      expect(failureOf(withCode(code))).toMatchObject({ type: `database:${code}`, nonRetryable: false });
    },
  );

  test.each(['ECONNREFUSED', 'ECONNRESET'])('of the network is passing: %s', (code) => {
    expect(failureOf(withCode(code))).toMatchObject({ type: 'database_unavailable', nonRetryable: false });
  });

  test('of the product says itself whether trying again may help', () => {
    expect(failureOf(dondoc('not_found'))).toMatchObject({ type: 'not_found', nonRetryable: true });
    expect(failureOf(dondoc('database_unavailable'))).toMatchObject({
      type: 'database_unavailable',
      nonRetryable: false,
    });
  });

  test('of ours is not tried again at once, but for a connection that was lost', () => {
    expect(failureOf(new TypeError('x is undefined'))).toMatchObject({
      type: 'internal',
      nonRetryable: true,
    });
    expect(failureOf(new Error('Connection terminated unexpectedly'))).toMatchObject({ nonRetryable: false });
    expect(failureOf('words')).toMatchObject({ type: 'internal', message: 'words' });
  });
});
