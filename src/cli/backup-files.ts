import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Config } from '../config.js';
import { type KeptContent, keptContents } from '../db/backup-store.js';
import type { Queryable } from '../db/pool.js';
import { diskStore } from '../files/disk-store.js';
import { Stop } from './frame.js';

/** What of uploaded files is in a backup. */
export interface FilesKept {
  readonly contents: number;
  readonly bytes: number;
}

/** Contents that the record names and the store does not have, or has otherwise. */
export interface FilesFound extends FilesKept {
  readonly lost: readonly string[];
}

const FOLDER = 'files';

/** The folder of contents; null where they lie in a bucket, which is backed up where it is. */
export const contentFolder = (config: Config): ReturnType<typeof diskStore> | null =>
  config.s3Endpoint === undefined ? diskStore(join(config.filesDir, 'kept')) : null;

type Store = ReturnType<typeof diskStore>;

/**
 * Copies the contents that the record names into the folder of a backup, each under its hash. Contents never change
 * under their key, so they are copied while everything goes on; one that is let go of meanwhile is not in the backup.
 */
export async function keepFiles(
  client: Queryable,
  store: Store,
  folder: string,
  stillNamed: (sha256: string) => Promise<boolean>,
): Promise<FilesFound> {
  await mkdir(join(folder, FOLDER), { mode: 0o700 });
  const lost: string[] = [];
  let contents = 0;
  let bytes = 0;
  for await (const content of keptContents(client)) {
    if (await copyOut(store, content, join(folder, FOLDER, content.sha256))) {
      contents += 1;
      bytes += content.size;
    } else if (await stillNamed(content.sha256)) lost.push(content.sha256);
  }
  return { contents, bytes, lost };
}

/** Whether it was there, and is what its hash says. */
async function copyOut(store: Store, { key, sha256 }: KeptContent, path: string): Promise<boolean> {
  const source = await store.get(key);
  if (source === null) return false;
  const hash = createHash('sha256');
  await pipeline(
    source,
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(path, { mode: 0o600 }),
  );
  return hash.digest('hex') === sha256;
}

/**
 * Puts the contents of a backup into the store, under the keys that the restored record gives them. What was put stays
 * where a later one is refused: it is overwritten by the next try.
 *
 * @throws Stop where a content in the backup is not what its hash says
 */
export async function putFiles(client: Queryable, store: Store, folder: string): Promise<FilesFound> {
  const lost: string[] = [];
  let contents = 0;
  let bytes = 0;
  for await (const { key, sha256, size } of keptContents(client)) {
    const path = join(folder, FOLDER, sha256);
    if ((await stat(path).catch(() => null)) === null) {
      lost.push(sha256);
      continue;
    }
    if ((await hashOf(path)) !== sha256)
      throw new Stop(`${FOLDER}/${sha256} is not what was written: nothing was restored`);
    await store.put(key, { path, size, sha256 });
    contents += 1;
    bytes += size;
  }
  return { contents, bytes, lost };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
