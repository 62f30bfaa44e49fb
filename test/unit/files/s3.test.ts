import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EMPTY_HASH, signedHeaders } from '../../../src/files/s3-sign.js';
import { s3Store } from '../../../src/files/s3-store.js';

const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

/** The account, instant and requests of the worked examples in Amazon's description of Signature Version 4. */
const ACCOUNT = {
  accessKey: 'AKIAIOSFODNN7EXAMPLE',
  secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
};
const INSTANT = new Date('2013-05-24T00:00:00Z');

describe('a signature for S3', () => {
  test.each([
    [
      'of a GET',
      { method: 'GET', path: '/test.txt', headers: { range: 'bytes=0-9' }, payloadHash: EMPTY_HASH },
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      'of a PUT with signs in its path',
      {
        method: 'PUT',
        path: '/test$file.text',
        headers: { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
        payloadHash: sha256('Welcome to Amazon S3.'),
      },
      '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    ],
  ])('%s is the published one', (_what, { path, ...request }, signature) => {
    const url = new URL(path, 'https://examplebucket.s3.amazonaws.com');
    const { authorization } = signedHeaders({ ...request, url }, ACCOUNT, INSTANT);
    expect(authorization).toMatch(new RegExp(`Signature=${signature}$`));
  });
});

describe('a bucket', () => {
  const objects = new Map<string, Buffer>();
  let server: Server;
  let folder: string;
  let endpoint: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dondoc-s3-'));
    // What matters of such a storage: it signs each request again, and checks the body against the signed hash.
    server = createServer((req, res) => {
      const parts: Buffer[] = [];
      req.on('data', (part: Buffer) => parts.push(part));
      req.on('end', () => {
        const body = Buffer.concat(parts);
        const url = new URL(req.url ?? '/', `http://${req.headers.host ?? ''}`);
        const stamp = String(req.headers['x-amz-date']).replace(
          /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/,
          '$1-$2-$3T$4:$5:$6Z',
        );
        const payloadHash = sha256(body);
        const expected = signedHeaders(
          { method: req.method ?? '', url, headers: {}, payloadHash },
          ACCOUNT,
          new Date(stamp),
        );
        if (req.headers.authorization !== expected.authorization) res.writeHead(403).end();
        else if (req.method === 'PUT') {
          objects.set(url.pathname, body);
          res.writeHead(200).end();
        } else if (req.method === 'DELETE') {
          objects.delete(url.pathname);
          res.writeHead(204).end();
        } else {
          const found = objects.get(url.pathname);
          res.writeHead(found === undefined ? 404 : 200).end(found);
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const at = server.address();
    endpoint = `http://127.0.0.1:${typeof at === 'object' && at !== null ? at.port : 0}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });

  const received = async (content: string) => {
    const path = join(folder, sha256(content));
    await writeFile(path, content);
    return { path, size: Buffer.byteLength(content), sha256: sha256(content) };
  };
  const textOf = async (content: AsyncIterable<Uint8Array> | null): Promise<string | null> => {
    if (content === null) return null;
    let text = '';
    for await (const part of content) text += Buffer.from(part).toString('utf8');
    return text;
  };

  test('keeps, gives and lets go of contents', async () => {
    const store = s3Store({ ...ACCOUNT, endpoint, bucket: 'dondoc' });
    await store.put('key-1', await received('minh chứng'));
    expect([...objects.keys()]).toEqual(['/dondoc/key-1']);
    expect(await textOf(await store.get('key-1'))).toBe('minh chứng');
    expect(await store.get('key-2')).toBeNull();
    await store.remove('key-1');
    await store.remove('key-1');
    expect(await store.get('key-1')).toBeNull();
  });

  test('takes no content that is not the one that was hashed, and no other key', async () => {
    const store = s3Store({ ...ACCOUNT, endpoint, bucket: 'dondoc' });
    const file = await received('đúng');
    await expect(store.put('k', { ...file, sha256: sha256('sai') })).rejects.toThrow('403');
    const other = s3Store({ ...ACCOUNT, secretKey: 'x', endpoint, bucket: 'dondoc' });
    await expect(other.put('k', file)).rejects.toThrow('403');
    await expect(other.get('k')).rejects.toThrow('403');
  });
});
