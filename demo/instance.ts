import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';

const Instance = z.object({
  api: z.url(),
  mailbox: z.url().nullable(),
  temporalUi: z.url().nullable(),
  signIns: z.array(z.object({ workingGroup: z.string(), token: z.string() })),
});

/** A running instance, as its launcher wrote it down. */
export type Instance = z.output<typeof Instance>;

/** There is nothing to play against; the message says what to do. */
export class NoInstanceError extends Error {
  override readonly name = 'NoInstanceError';
}

/** Finds the instance of a data folder, and makes sure that its API answers. */
export async function findInstance(dataDir: string): Promise<Instance> {
  const folder = resolve(dataDir);
  const instance = read(join(folder, 'instance.json'));
  if (instance === null) {
    throw new NoInstanceError(
      `No instance runs on the data folder ${folder}.\n` +
        'Start one with "npm start" and wait for its block of addresses; a folder other than ./data is named by DATA_DIR.',
    );
  }
  try {
    await fetch(`${instance.api}/livez`, { signal: AbortSignal.timeout(5_000) });
  } catch {
    throw new NoInstanceError(
      `The instance of ${folder} does not answer at ${instance.api}. Was it killed? Start it again with "npm start".`,
    );
  }
  if (instance.signIns.length === 0) {
    throw new NoInstanceError('The instance has no demo sign-ins: start it with DEMO_MODE=true.');
  }
  return instance;
}

function read(file: string): Instance | null {
  try {
    return Instance.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}
