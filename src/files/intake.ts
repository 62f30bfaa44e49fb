import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { judge } from './judge.js';

/** A file as it came, on disk. */
export interface Received {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** Takes files to `folder` as they come; what is left there after a crash is removed at the next start. */
export async function openIntake(folder: string) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return {
    receive: async (stream: Readable): Promise<Received> => await receive(stream, join(folder, randomUUID())),
    discard: async (file: Received): Promise<void> => await rm(file.path, { force: true }),
    judge,
  };
}

async function receive(stream: Readable, path: string): Promise<Received> {
  const hash = createHash('sha256');
  let size = 0;
  try {
    await pipeline(
      stream,
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          size += chunk.length;
          yield chunk;
        }
      },
      // Nobody else reads it, and nobody can run it.
      createWriteStream(path, { flags: 'wx', mode: 0o600 }),
    );
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return { path, size, sha256: hash.digest('hex') };
}
