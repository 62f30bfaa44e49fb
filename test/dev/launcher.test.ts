import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { createTransport } from 'nodemailer';
import pg from 'pg';
import { isRunning, stopProcess } from '../../src/db/embedded-process.js';
import { Launched, newSettings, type Settings } from '../support/launched.js';

const SERVICES = ['api', 'postgres', 'temporal', 'worker'];
const launched: Launched[] = [];

afterEach(async () => {
  for (const one of launched.splice(0)) {
    if (one.child.exitCode === null && one.child.signalCode === null) await one.stop('SIGTERM');
    const left = [...one.processes().values()];
    await Promise.all(
      left.map(async (process) => await stopProcess(process, [{ signal: 'SIGKILL', withinMs: 5_000 }])),
    );
    rmSync(one.settings.DATA_DIR ?? '', { recursive: true, force: true, maxRetries: 5 });
  }
});

function launch(settings: Settings): Launched {
  const one = new Launched(settings);
  launched.push(one);
  return one;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Leaves a trace in each store: the database, the Temporal server, the mailbox. */
async function leaveTraces(one: Launched): Promise<void> {
  const { databaseUrl, temporalAddress } = await one.ask('ADMIN_PORT');
  await query(databaseUrl, "create table trace (what text); insert into trace values ('kept')");
  const connection = await Connection.connect({ address: temporalAddress });
  const client = new Client({ connection, namespace: 'dondoc' });
  await client.workflow.start('anything', { workflowId: 'trace', taskQueue: 'nobody', args: [] });
  await connection.close();
  const transport = createTransport(`smtp://127.0.0.1:${one.settings.SMTP_PORT}`);
  await transport.sendMail({ from: 'a@b.example', to: 'c@d.example', subject: 'trace', text: 'x' });
  transport.close();
}

async function traces(one: Launched): Promise<unknown> {
  const { databaseUrl, temporalAddress } = await one.ask('ADMIN_PORT');
  const rows = await query(databaseUrl, 'select what from trace');
  const connection = await Connection.connect({ address: temporalAddress });
  const client = new Client({ connection, namespace: 'dondoc' });
  const { status } = await client.workflow.getHandle('trace').describe();
  await connection.close();
  const answer = await fetch(`http://127.0.0.1:${one.settings.MAILBOX_PORT}/api/messages`);
  const mails = (await answer.json()) as { subject: string }[];
  return { rows, workflow: status.name, mails: mails.map(({ subject }) => subject) };
}

const KEPT = { rows: [{ what: 'kept' }], workflow: 'RUNNING', mails: ['trace'] };

describe('npm start', () => {
  test('stops all it started on Ctrl-C, and keeps the data for a start right after', async () => {
    const first = await launch(await newSettings()).running();
    expect(first.output).toContain(`http://127.0.0.1:${first.settings.MAILBOX_PORT}`);
    await leaveTraces(first);
    const processes = first.processes();
    expect([...processes.keys()].sort()).toEqual(SERVICES);
    expect(await first.stop('SIGINT')).toBe(0);
    expect([...processes.values()].filter(isRunning)).toEqual([]);
    expect([...first.processes().keys()]).toEqual([]);

    const second = await launch(first.settings).running();
    expect(await traces(second)).toEqual(KEPT);
    expect(await second.stop('SIGTERM')).toBe(0);
  });

  test('killed with -9 and started again leaves no process of the first and loses nothing', async () => {
    const first = await launch(await newSettings()).running();
    await leaveTraces(first);
    const before = first.processes();
    await first.stop('SIGKILL');
    expect([...before.values()].filter(isRunning)).toHaveLength(SERVICES.length);

    const second = await launch(first.settings).running();
    const after = second.processes();
    expect(after.get('postgres')).toEqual(before.get('postgres'));
    for (const name of ['api', 'temporal', 'worker']) {
      const process = before.get(name);
      expect({ name, left: process !== undefined && isRunning(process) }).toEqual({ name, left: false });
    }
    expect(await traces(second)).toEqual(KEPT);
    await second.stop();
    expect([...before.values(), ...after.values()].filter(isRunning)).toEqual([]);
  });

  test('stops all it started when npm above it is killed, although npm can pass nothing on', async () => {
    const one = new Launched(await newSettings(), 'npm');
    launched.push(one);
    await one.running();
    const processes = [...one.processes().values()];
    expect(await one.stop('SIGKILL')).toBe('SIGKILL');
    expect(one.output).toContain('] stopped');
    expect(processes.filter(isRunning)).toEqual([]);
  });

  test('starts a crashed API and a killed Temporal server again and says so', async () => {
    const one = await launch(await newSettings()).running();
    const before = one.processes();
    await fetch(`http://127.0.0.1:${one.settings.ADMIN_PORT}/crash`).catch(() => undefined);
    await one.shows(/api is gone \(code 7\)/);
    await one.shows('api runs again');
    const temporal = before.get('temporal');
    if (temporal === undefined) throw new Error('no Temporal server was written down');
    process.kill(temporal.pid, 'SIGKILL');
    await one.shows('temporal runs again');
    expect((await one.ask('ADMIN_PORT')).pid).toBe(one.processes().get('api')?.pid);
    expect(await one.stop()).toBe(0);
    expect([...before.values(), ...one.processes().values()].filter(isRunning)).toEqual([]);
  });

  test('refuses a second launcher on the same data folder, and runs beside one on another', async () => {
    const first = await launch(await newSettings()).running();
    const same = launch(await newSettings(first.settings.DATA_DIR));
    expect(await same.ended).toBe(1);
    expect(same.output).toContain(`runs already on the data folder ${first.settings.DATA_DIR}`);
    const beside = await launch(await newSettings()).running();
    const urls = await Promise.all(
      [first, beside].map(async (one) => (await one.ask('ADMIN_PORT')).databaseUrl),
    );
    expect(urls[0]).not.toBe(urls[1]);
    expect(
      (await Promise.all(urls.map(async (url) => await query(url, 'select 1 as one')))).flat(),
    ).toHaveLength(2);
  });

  test('names each taken port and its setting, and starts nothing', async () => {
    const settings = await newSettings();
    const taker = createServer();
    await new Promise<void>((settle) => taker.listen(Number(settings.TEMPORAL_UI_PORT), '127.0.0.1', settle));
    const one = launch(settings);
    expect(await one.ended).toBe(1);
    await new Promise((settle) => taker.close(settle));
    expect(one.output).toContain(`port ${settings.TEMPORAL_UI_PORT} (Temporal UI) is taken`);
    expect(one.output).toContain('set TEMPORAL_UI_PORT to a free port');
    expect([...one.processes().keys()]).toEqual([]);
  });

  test('interrupted while it starts leaves nothing behind', async () => {
    const one = launch(await newSettings());
    await one.shows('starting the Temporal server');
    expect(await one.stop('SIGTERM')).toBe(0);
    expect(one.output).toContain('stopped before everything had started');
    expect([...one.processes().keys()]).toEqual([]);
    const again = await launch(one.settings).running();
    expect(await again.stop()).toBe(0);
  });
});
