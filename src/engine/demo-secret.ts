import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'demo-secret';
const BYTES = 32;

/**
 * The secret that the demo sign-ins of one installation are made from: a file of its data folder that only its
 * account reads, made by chance at the first start. So the sign-ins are the same at every start, differ between
 * installations, and no token lies anywhere in plain text.
 */
export async function demoSecret(dataDir: string): Promise<Buffer> {
  const path = join(dataDir, FILE);
  await mkdir(dataDir, { recursive: true });
  const secret = (await readSecret(path)) ?? (await makeSecret(path));
  if (secret.length !== BYTES) throw new Error(`${path} holds no secret; remove it and start again`);
  return secret;
}

async function readSecret(path: string): Promise<Buffer | null> {
  try {
    return Buffer.from((await readFile(path, 'utf8')).trim(), 'hex');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Written aside and linked into place, so that of two starters the second finds the first's whole file. */
async function makeSecret(path: string): Promise<Buffer> {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(aside, randomBytes(BYTES).toString('hex'), { flag: 'wx', mode: 0o600 });
  try {
    await link(aside, path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    await rm(aside, { force: true });
  }
  return (await readSecret(path)) ?? Buffer.alloc(0);
}

/** By its code: an error of another realm is no instance of our Error. */
function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
}
