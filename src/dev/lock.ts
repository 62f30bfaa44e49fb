import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isRunning } from '../db/embedded-process.js';
import { ownIdentity, readIdentity } from './pid-register.js';

/** Another launcher works on the data folder. */
class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';
}

/**
 * Takes a data folder for this launcher alone and returns how to let it go. The lock of a launcher that was
 * killed is recognised by its process and taken over.
 *
 * @throws AlreadyRunningError where another launcher runs on the folder.
 */
export function lockFolder(dataDir: string): () => void {
  const lock = join(dataDir, 'launcher.lock');
  mkdirSync(dirname(lock), { recursive: true });
  const own = JSON.stringify(ownIdentity());
  const draft = `${lock}.${randomUUID()}`;
  writeFileSync(draft, own);
  try {
    while (!tryLink(draft, lock)) {
      const holder = readIdentity(lock);
      if (holder !== undefined && isRunning(holder)) {
        throw new AlreadyRunningError(
          `Dondoc runs already on the data folder ${dataDir} (process ${holder.pid}). ` +
            'Stop it first, or start this one with another DATA_DIR and other ports.',
        );
      }
      removeStale(lock);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return () => {
    if (textOf(lock) === own) rmSync(lock, { force: true });
  };
}

/** A link is made only where nothing is, and its content is there at once. */
function tryLink(draft: string, lock: string): boolean {
  try {
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Moved away before it is judged again: two that find the same stale lock must not remove each other's new one. */
function removeStale(lock: string): void {
  const aside = `${lock}.${randomUUID()}`;
  try {
    renameSync(lock, aside);
  } catch {
    return;
  }
  const holder = readIdentity(aside);
  if (holder !== undefined && isRunning(holder)) tryLink(aside, lock);
  rmSync(aside, { force: true });
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
