import { describe, expect, test } from '@jest/globals';
import { addressRule } from '../../../src/webhooks/address.js';
import { createWebhookSender } from '../../../src/webhooks/sender.js';

describe('an address that a webhook may be sent to', () => {
  test.each(['8.8.8.8', '203.162.0.1', '2404:6800:4005::1', '::ffff:8.8.8.8'])('%s is public', (address) => {
    expect(addressRule([]).isAllowed(address)).toBe(true);
  });

  test.each([
    '127.0.0.1',
    '10.20.30.40',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '0:0:0:0:0:ffff:7f00:0001',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'localhost',
    '',
  ])('%s is not', (address) => {
    expect(addressRule([]).isAllowed(address)).toBe(false);
  });

  test('is one inside only where the configuration names its range', () => {
    const rule = addressRule(['10.1.0.0/16', 'fd00:1::/32']);
    expect(rule.isAllowed('10.1.2.3')).toBe(true);
    expect(rule.isAllowed('::ffff:10.1.2.3')).toBe(true);
    expect(rule.isAllowed('fd00:1::5')).toBe(true);
    expect(rule.isAllowed('10.2.0.1')).toBe(false);
  });
});

describe('a sender', () => {
  const message = { id: '1', body: '{}', secrets: ['whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz'] };
  const send = async (url: string, resolve?: () => Promise<readonly string[]>) =>
    await createWebhookSender({
      allowedRanges: [],
      timeoutMs: 2_000,
      ...(resolve === undefined ? {} : { resolve }),
    }).send({ ...message, url });

  test.each([
    'http://127.0.0.1:1/',
    'https://[::1]:1/',
    'http://0x7f000001/',
    'http://2130706433/',
    'https://[::ffff:7f00:1]/',
  ])('asks nobody at %s', async (url) => {
    expect(await send(url)).toEqual({ error: expect.stringContaining('not one that may be asked') });
  });

  test('asks nobody where one of a name’s addresses is inside', async () => {
    const told = await send(
      'https://example.vn/',
      async () => await Promise.resolve(['8.8.8.8', '10.0.0.1']),
    );
    expect(told).toEqual({ error: 'The address 10.0.0.1 is not one that may be asked' });
  });

  test('sends nothing outside without TLS', async () => {
    expect(await send('http://8.8.8.8/')).toEqual({ error: 'Only https is taken outside' });
  });
});
