import type { Config } from '../config.js';
import { openPool } from '../db/pool.js';
import { cliConfig } from './settings.js';

/** What the commands have in common: how they speak, how they end, and how they say that a server is away. */

/** Ends the program with a message for people instead of a stack. */
export class Stop extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Exit codes: 1 the command could not be carried out, 2 it was, and found that something is wrong. */
export const FAULTS_FOUND = 2;

export interface Output {
  readonly json: boolean;
}

export const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** What goes on meanwhile, for whoever watches; never among the results. */
export const tell = (line: string): void => void process.stderr.write(`${line}\n`);

export const JSON_OPTION = ['--json', 'print the result as one JSON object', false] as const;

/** Of the role that may write: for commands over all Working Groups. */
export const writerUrl = (config: Config): string => config.databaseWriterUrl;

/** A command over the database: its pool is closed whatever happens. */
export async function withPool<T>(
  urlOf: (config: Config) => string,
  work: (pool: ReturnType<typeof openPool>, config: Config) => Promise<T>,
): Promise<T> {
  const config = cliConfig();
  const url = urlOf(config);
  const pool = openPool({ url, max: 3, name: 'dondoc-cli' });
  try {
    return await withDatabase(url, async () => await work(pool, config));
  } finally {
    await pool.end();
  }
}

export const limitsOf = (config: Config) => ({ stepBatch: config.stepBatch, issueBatch: config.issueBatch });

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** An error of the connection says which database, without its password. */
export async function withDatabase<T>(url: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
    const { host, pathname } = new URL(url);
    const message = reasonOf(error);
    if (/^(ECONN|ENOTFOUND|ETIMEDOUT|EHOST|57P)/.test(code) || message.includes('timeout exceeded')) {
      throw new Stop(
        `The database at ${host}${pathname} cannot be reached (${code || message}). Is it running, and DATABASE_URL right?`,
      );
    }
    if (/^28|^3D/.test(code))
      throw new Stop(`The database at ${host}${pathname} refuses the connection: ${message}`);
    if (code === '42P01')
      throw new Stop(`The database at ${host}${pathname} has no schema yet. Run: dondoc migrate`);
    throw error;
  }
}
