import { describe, expect, test } from '@jest/globals';
import { Connection } from '@temporalio/client';
import pg from 'pg';
import { createTestDatabase } from '../support/database.js';
import { testServers } from '../support/servers.js';

describe('the servers of a test run', () => {
  test('give each test file a migrated database of its own', async () => {
    const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    try {
      expect(one.name).not.toBe(other.name);
      const client = new pg.Client({ connectionString: one.url });
      await client.connect();
      const { rows } = await client.query<{ number: number }>('select number from migration order by number');
      await client.end();
      expect(rows[0]?.number).toBe(1);
    } finally {
      await Promise.all([one.drop(), other.drop()]);
    }
  });

  test('have a Temporal server with the namespace and its search attributes', async () => {
    const { temporalAddress: address, temporalNamespace: namespace } = testServers();
    const connection = await Connection.connect({ address });
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    await connection.close();
    expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(['Open', 'Phase']));
  });
});
