import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Received } from './intake.js';

/** Contents as files below one folder, spread by the first letters of their keys. */
export function diskStore(folder: string) {
  const pathOf = (key: string): string => {
    if (!/^[0-9a-f-]{16,150}$/.test(key)) throw new Error('Not a key of a content');
    return join(folder, key.slice(0, 2), key.slice(2, 4), key);
  };
  return {
    /** Whole or not at all: written beside, brought to the disk, then named. */
    put: async (key: string, file: Received): Promise<void> => {
      const path = pathOf(key);
      const draft = `${path}.${randomUUID()}.draft`;
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await copyFile(file.path, draft);
      const handle = await open(draft, 'r+');
      await handle.sync();
      await handle.close();
      await rename(draft, path);
    },
    get: async (key: string): Promise<AsyncIterable<Uint8Array> | null> => {
      try {
        const handle = await open(pathOf(key), 'r');
        return createReadStream('', { fd: handle, autoClose: true });
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
        throw error;
      }
    },
    remove: async (key: string): Promise<void> => await rm(pathOf(key), { force: true }),
  };
}
