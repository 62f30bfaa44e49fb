import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { Connection } from '@temporalio/client';
import pg from 'pg';
import { createTestDatabase } from '../support/database.js';
import { type TestServers, testServers } from '../support/servers.js';

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

  test('are gone, with all they wrote, soon after the run was killed with -9', async () => {
    const script = `
      const { startServers, testServers } = await import('./test/support/servers.ts');
      await startServers();
      console.log(JSON.stringify(testServers()));
      setInterval(() => undefined, 1_000);`;
    const args = ['--no-warnings', '--import', './test/support/register-ts.mjs', '--input-type=module'];
    const run = spawn(process.execPath, [...args, '--eval', script], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line]: Buffer[] = await once(run.stdout, 'data');
    const { postgresUrl, temporalAddress, folder } = JSON.parse(String(line)) as TestServers;
    expect([await listens(new URL(postgresUrl).host), await listens(temporalAddress)]).toEqual([true, true]);
    run.kill('SIGKILL');
    while (existsSync(folder)) await sleep(50);
    expect([await listens(new URL(postgresUrl).host), await listens(temporalAddress)]).toEqual([
      false,
      false,
    ]);
  });
});

async function listens(address: string): Promise<boolean> {
  const [host, port] = address.split(':');
  const socket = connect(Number(port), host);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
