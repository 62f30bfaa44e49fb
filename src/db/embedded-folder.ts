import { randomUUID } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type Account,
  accountFor,
  blockingFolder,
  makePrivateFolder,
  sharedFolder,
} from './embedded-account.js';

/** Folders that every account can pass, for data that root started in a folder of its own. */
const SHARED_PARENTS = ['/var/lib', '/var/tmp'];

/** Where the server's data lies and who runs it. */
export interface DataPlace {
  readonly folder: string;
  /** The cluster itself (PGDATA). */
  readonly cluster: string;
  readonly passwordFile: string;
  readonly serverLog: string;
  readonly account: Account | undefined;
}

/**
 * Prepares the data folder. Where root gives way to another account and that account cannot pass a folder
 * above (root's home is closed to it), the data goes to a shared place and a link stands where it was
 * wanted; the rights of the closed folder are left as they are.
 */
export function prepareFolder(
  dataDir: string,
  log: (line: string) => void,
  sharedParents: readonly string[] = SHARED_PARENTS,
): DataPlace {
  mkdirSync(dirname(dataDir), { recursive: true });
  // A link without its target is left by someone who removed the data to begin anew.
  if (lstatSync(dataDir, { throwIfNoEntry: false })?.isSymbolicLink() && !existsSync(dataDir)) {
    throw new Error(
      `The data folder ${dataDir} is a link to a folder that is gone. Restore it, or remove the link to begin anew.`,
    );
  }
  const wanted = existsSync(dataDir)
    ? realpathSync(dataDir)
    : join(realpathSync(dirname(dataDir)), nameOf(dataDir));
  const account = accountFor(join(wanted, 'cluster'));
  const blocked = blockingFolder(dirname(wanted), account);
  const folder = blocked === undefined ? wanted : moveOut(wanted, blocked, account, log, sharedParents);
  makePrivateFolder(folder, account);
  return {
    folder,
    cluster: join(folder, 'cluster'),
    passwordFile: join(folder, 'superuser-password'),
    serverLog: join(folder, 'server.log'),
    account,
  };
}

function moveOut(
  wanted: string,
  blocked: string,
  account: Account | undefined,
  log: (line: string) => void,
  sharedParents: readonly string[],
): string {
  if (existsSync(wanted)) {
    if (readdirSync(wanted).length > 0) {
      throw new Error(
        `${account?.name ?? 'The account of PostgreSQL'} cannot pass ${blocked}, so it cannot use the data in ${wanted}. ` +
          'Move the data folder to a place that other accounts can pass.',
      );
    }
    rmdirSync(wanted);
  }
  const place = join(sharedFolder(sharedParents), `data-${randomUUID()}`);
  mkdirSync(place, { mode: 0o700 });
  writeFileSync(join(place, 'belongs-to'), `${wanted}\n`, { mode: 0o644 });
  symlinkSync(place, wanted);
  log(`the data of PostgreSQL lies in ${place}, because ${account?.name} cannot pass ${blocked}`);
  return place;
}

const nameOf = (path: string): string => path.split('/').at(-1) ?? path;
