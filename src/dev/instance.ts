import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoSignIn } from './demo.js';

/** What a program beside a running instance needs to speak to it, such as the demonstration. */
export interface Instance {
  /** Address of the API, without `/v1`. */
  readonly api: string;
  /** Page of the mailbox; null where mail goes to a server of somebody else's. */
  readonly mailbox: string | null;
  readonly temporalUi: string | null;
  readonly signIns: readonly DemoSignIn[];
  /** Of its own processes, so that the command line finds its servers without being told. */
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * Writes down where the instance of a data folder is reached, and returns how to take it back. Only the
 * account that runs it may read the file: it holds the tokens of the demo sign-ins and the database's password.
 */
export function publishInstance(dataDir: string, instance: Instance): () => void {
  const file = join(dataDir, 'instance.json');
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(instance, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
  return () => {
    rmSync(file, { force: true });
  };
}
