import { createReadStream } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream/promises';
import type { Received } from './intake.js';
import { EMPTY_HASH, type S3Account, signedHeaders } from './s3-sign.js';

export interface S3Place extends S3Account {
  /** `https://storage.example.vn:9000`; buckets are named in the path, which every such storage understands. */
  readonly endpoint: string;
  readonly bucket: string;
}

/** No answer, not even a part of one, for so long: the storage is away. */
const SILENT_MS = 30_000;

/** Contents as objects of one bucket of an S3-compatible storage. */
export function s3Store(place: S3Place) {
  const ask = async (method: string, key: string, file?: Received): Promise<IncomingMessage> => {
    const url = new URL(`/${place.bucket}/${key}`, place.endpoint);
    const payloadHash = file?.sha256 ?? EMPTY_HASH;
    const headers = signedHeaders({ method, url, headers: {}, payloadHash }, place, new Date());
    const length = method === 'PUT' ? { 'content-length': String(file?.size ?? 0) } : {};
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      method,
      headers: { ...headers, ...length },
      timeout: SILENT_MS,
    });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve);
      request.once('error', reject);
      request.once('timeout', () => request.destroy(new Error('The storage does not answer')));
    });
    if (file === undefined) request.end();
    else await Promise.all([pipeline(createReadStream(file.path), request), answered]);
    return await answered;
  };
  const done = (answer: IncomingMessage, allowed: readonly number[]): void => {
    answer.resume();
    if (!allowed.includes(answer.statusCode ?? 0))
      throw new Error(`The storage answered ${answer.statusCode ?? 0}`);
  };
  return {
    // The storage checks the body against the hash that is signed, so a broken transfer is refused there.
    put: async (key: string, file: Received): Promise<void> => done(await ask('PUT', key, file), [200]),
    get: async (key: string): Promise<AsyncIterable<Uint8Array> | null> => {
      const answer = await ask('GET', key);
      if (answer.statusCode === 200) return answer;
      done(answer, [404]);
      return null;
    },
    remove: async (key: string): Promise<void> => done(await ask('DELETE', key), [200, 204, 404]),
  };
}
