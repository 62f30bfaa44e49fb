import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findInstance, type Instance } from '../../demo/instance.js';
import { stopProcess } from '../../src/db/embedded-process.js';
import { Launched, newSettings, type Settings } from '../support/launched.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Cold start on a machine that is busy with other tests. */
const RUNNING_WITHIN_MS = 120_000;

/** The product as `npm start` runs it, in a folder and on ports of its own. */
export interface RunningInstance {
  readonly launched: Launched;
  readonly instance: Instance;
  readonly settings: Settings;
  readonly databaseUrl: string;
  /** Stops everything and removes what it wrote. */
  end(): Promise<void>;
}

/** Starts it and waits for its block of addresses. */
export async function startInstance(more: Settings = {}): Promise<RunningInstance> {
  if (!existsSync(join(ROOT, 'dist/src/dev.js'))) throw new Error('The product is not built: npm run build');
  const settings: Settings = { ...(await newSettings()), LOG_LEVEL: 'warn', ...more };
  const launched = new Launched(settings, 'test', 'product');
  try {
    await launched.shows('Dondoc runs.', RUNNING_WITHIN_MS);
    const dataDir = settings.DATA_DIR ?? '';
    const password = readFileSync(join(dataDir, 'postgres/superuser-password'), 'utf8').trim();
    return {
      launched,
      settings,
      instance: await findInstance(dataDir),
      databaseUrl: `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${settings.PG_PORT}/dondoc`,
      end: async () => await end(launched),
    };
  } catch (error) {
    await end(launched);
    throw error;
  }
}

async function end(launched: Launched): Promise<void> {
  if (launched.child.exitCode === null && launched.child.signalCode === null) await launched.stop('SIGTERM');
  for (const process of launched.processes().values()) {
    await stopProcess(process, [{ signal: 'SIGKILL', withinMs: 5_000 }]);
  }
  rmSync(launched.settings.DATA_DIR ?? '', { recursive: true, force: true, maxRetries: 5 });
}

/** The last lines of each process's log, for a failed test. */
export function logsOf({ settings }: RunningInstance): string {
  return ['api', 'worker', 'temporal']
    .map((name) => {
      const file = join(settings.DATA_DIR ?? '', 'logs', `${name}.log`);
      const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').slice(-15) : [];
      return `--- ${name}\n${lines.join('\n')}`;
    })
    .join('\n');
}
