import { readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { identifyProcess, type ProcessIdentity, programOf } from './embedded-process.js';

/** A PostgreSQL server that runs on a cluster, and the port it listens on. */
export interface Postmaster {
  readonly process: ProcessIdentity;
  readonly port: number;
}

/**
 * The server that runs on this cluster by what it wrote down at its start, or undefined where none does.
 * A file left by a dead server is taken away where it could mislead the next one: PostgreSQL itself takes a
 * zombie, or a stranger that was given the old process id, for a server that still runs.
 */
export function readPostmaster(cluster: string): Postmaster | undefined {
  const file = join(cluster, 'postmaster.pid');
  const lines = linesOf(file);
  if (lines === undefined) return undefined;
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  const process = identifyProcess(pid);
  const serves = process !== undefined && programOf(pid) === 'postgres' && worksIn(pid, cluster);
  if (serves && Number.isInteger(port)) return { process, port };
  rmSync(file, { force: true });
  return undefined;
}

/** A server works in its cluster's folder; where the system does not tell, it is given the benefit. */
function worksIn(pid: number, cluster: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
  } catch {
    return true;
  }
}

/**
 * A running server of this cluster that answers with our password, to be taken over. Waits for one that is
 * just starting or stopping; undefined where in the end none runs.
 *
 * @throws where one runs but does not answer, because then neither taking over nor starting is safe.
 */
export async function adoptable(
  cluster: string,
  urlOn: (port: number) => string,
  withinMs: number,
): Promise<Postmaster | undefined> {
  const giveUp = Date.now() + withinMs;
  for (;;) {
    const found = readPostmaster(cluster);
    if (found === undefined) return undefined;
    const answer = await clusterOf(urlOn(found.port));
    if (answer === realpathSync(cluster)) return found;
    if (Date.now() > giveUp) {
      throw new Error(
        `A PostgreSQL server (process ${found.process.pid}) runs on ${cluster} but does not answer on port ${found.port}. ` +
          'Stop it, then start again.',
      );
    }
    await sleep(100);
  }
}

function linesOf(file: string): string[] | undefined {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return undefined;
  }
}

async function clusterOf(url: string): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ folder: string }>(
      `select current_setting('data_directory') as folder`,
    );
    return rows[0]?.folder;
  } catch {
    return undefined;
  } finally {
    await client.end().catch(() => undefined);
  }
}
