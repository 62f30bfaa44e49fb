import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, lstatSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The account a server program runs under. PostgreSQL refuses to run as root. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Accounts that exist for servers without rights of their own, the preferred one first. */
const UNPRIVILEGED = ['postgres', '_postgres', 'nobody'];

const isRoot = (): boolean => process.getuid?.() === 0;

/**
 * The account to run PostgreSQL under: undefined means this process's own. Only root has to give way to
 * another: to the owner of the data folder where there is data already, else to the account `postgres`
 * where there is one, else to `nobody`, which every system has.
 *
 * @throws where the data belongs to somebody this process cannot act for.
 */
export function accountFor(clusterDir: string): Account | undefined {
  const owner = existsSync(clusterDir) ? statSync(clusterDir) : undefined;
  if (!isRoot()) {
    const self = process.getuid?.();
    if (owner === undefined || self === undefined || owner.uid === self) return undefined;
    throw new Error(
      `The data folder ${clusterDir} belongs to the user id ${owner.uid}, but this is ${self}. ` +
        `Start as that user or as root, give the folder to yourself (chown -R), or choose another data folder.`,
    );
  }
  if (owner !== undefined && owner.uid !== 0) {
    return { name: `uid ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  }
  for (const name of UNPRIVILEGED) {
    const account = lookUp(name);
    if (account !== undefined) return account;
  }
  throw new Error(
    `PostgreSQL does not run as root, and this system has none of the accounts ${UNPRIVILEGED.join(', ')}. ` +
      'Create one, start as another user, or set DATABASE_URL to a server of your own.',
  );
}

/** Makes a folder that the account owns and nobody else may enter. */
export function makePrivateFolder(folder: string, account: Account | undefined): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (account !== undefined) chownSync(folder, account.uid, account.gid);
}

/** Whether the account may reach what lies in this folder, judged by the rights of each folder above it. */
export function mayEnter(folder: string, account: Account | undefined): boolean {
  return blockingFolder(folder, account) === undefined;
}

/** The outermost folder on the way that the account may not pass, or undefined. */
export function blockingFolder(folder: string, account: Account | undefined): string | undefined {
  if (account === undefined) return undefined;
  const above: string[] = [];
  for (let path = realpathSync(resolve(folder)); ; path = dirname(path)) {
    above.unshift(path);
    if (path === dirname(path)) break;
  }
  return above.find((path) => !hasRight(path, account, 0o1));
}

/** Whether the account may read the file and, if asked, run it. */
export function mayRead(path: string, account: Account | undefined, alsoRun = false): boolean {
  if (account === undefined) return true;
  return mayEnter(dirname(path), account) && hasRight(path, account, alsoRun ? 0o5 : 0o4);
}

/**
 * A folder for things that other accounts must be able to read. What root keeps there is later run, so a
 * folder that somebody else could have prepared or could change is not taken.
 */
export function sharedFolder(candidates: readonly string[]): string {
  const refused: string[] = [];
  const name = isRoot() ? 'dondoc' : `dondoc-${process.getuid?.() ?? 'user'}`;
  for (const parent of candidates) {
    const folder = join(parent, name);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o755 });
      const found = lstatSync(folder);
      const ours = found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
      if (ours) return folder;
      refused.push(`${folder} (belongs to somebody else or can be written by others)`);
    } catch (error) {
      refused.push(`${folder} (${error instanceof Error ? error.message : String(error)})`);
    }
  }
  throw new Error(`No folder can be shared with another account; tried ${refused.join(', ')}`);
}

function hasRight(path: string, account: Account, right: number): boolean {
  const { uid, gid, mode } = statSync(path);
  const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
  return ((mode >> shift) & right) === right;
}

function lookUp(name: string): Account | undefined {
  try {
    const id = (option: string) =>
      Number(execFileSync('id', [option, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    const account = { name, uid: id('-u'), gid: id('-g') };
    return account.uid > 0 ? account : undefined;
  } catch {
    return undefined;
  }
}
