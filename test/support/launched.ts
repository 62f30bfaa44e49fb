import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ProcessIdentity } from '../../src/db/embedded-process.js';
import { readIdentity } from '../../src/dev/pid-register.js';
import { openFolder } from './folders.js';
import { freePorts } from './ports.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PORT_NAMES = [
  ...['HTTP_PORT', 'ADMIN_PORT', 'WORKER_ADMIN_PORT', 'PG_PORT'],
  ...['TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'SMTP_PORT', 'MAILBOX_PORT'],
];

/** Settings of an instance on a folder of its own and free ports. */
export type Settings = Readonly<Record<string, string>>;

export async function newSettings(folder?: string): Promise<Settings> {
  const ports = await freePorts(PORT_NAMES.length);
  const entries = PORT_NAMES.map((name, index) => [name, String(ports[index])]);
  return { ...Object.fromEntries(entries), DATA_DIR: folder ?? openFolder('launch') };
}

/** What a stand-in for the API or the worker knows about itself. */
export interface StandIn {
  readonly pid: number;
  readonly databaseUrl: string;
  readonly temporalAddress: string;
}

/** A launcher that runs as a process of its own, and what it has printed so far. */
export class Launched {
  readonly child: ChildProcess;
  readonly settings: Settings;
  output = '';
  readonly ended: Promise<number | NodeJS.Signals>;
  #end: number | NodeJS.Signals | undefined;

  /**
   * Below npm and its shell, or as a child of this very process; with stand-ins for the API and the worker, or
   * with the product as it was built.
   */
  constructor(
    settings: Settings,
    below: 'npm' | 'test' = 'test',
    programs: 'stand-ins' | 'product' = 'stand-ins',
  ) {
    this.settings = settings;
    const env: NodeJS.ProcessEnv = { ...process.env, ...settings, NODE_OPTIONS: '' };
    // As below npm: the launcher stops when this process is gone, so that a broken-off run leaves none behind.
    env.npm_lifecycle_event = 'start';
    for (const name of ['NODE_ENV', 'DATABASE_URL', 'TEMPORAL_ADDRESS', 'SMTP_URL']) {
      env[name] = settings[name];
    }
    const standIns = ['--import', './test/support/register-ts.mjs', './test/support/launch.ts'];
    const launcher = ['--no-warnings', ...(programs === 'product' ? ['./dist/src/dev.js'] : standIns)];
    // A shell with something left to do afterwards stays between its starter and the launcher, as below npm.
    const shell = `'${process.execPath}' ${launcher.join(' ')}; exit $?`;
    const npm = `require('node:child_process').spawn('sh', ['-c', ${JSON.stringify(shell)}], { stdio: 'inherit' })`;
    this.child = spawn(process.execPath, below === 'npm' ? ['-e', npm] : launcher, {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
    this.ended = new Promise((settle) => {
      this.child.once('close', (code, signal) => {
        this.#end = code ?? signal ?? -1;
        settle(this.#end);
      });
    });
  }

  /** Waits until the output holds what is looked for; fails with the output when it ends without it. */
  async shows(what: RegExp | string, withinMs = 120_000): Promise<void> {
    const holds = () => (typeof what === 'string' ? this.output.includes(what) : what.test(this.output));
    const giveUp = Date.now() + withinMs;
    while (!holds()) {
      if (this.#end !== undefined || Date.now() > giveUp) {
        throw new Error(`The launcher did not show ${String(what)} (end: ${this.#end}):\n${this.output}`);
      }
      await sleep(20);
    }
  }

  async running(): Promise<this> {
    await this.shows('Dondoc runs.');
    return this;
  }

  /** Asks it to stop, and says how it ended. */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<number | NodeJS.Signals> {
    this.child.kill(signal);
    return await this.ended;
  }

  /** What it has written down as started by it. */
  processes(): Map<string, ProcessIdentity> {
    const folder = join(this.settings.DATA_DIR ?? '', 'run');
    const found = new Map<string, ProcessIdentity>();
    if (!existsSync(folder)) return found;
    for (const file of readdirSync(folder)) {
      const identity = readIdentity(join(folder, file));
      if (identity !== undefined) found.set(file.replace(/\.json$/, ''), identity);
    }
    return found;
  }

  /** What the stand-in on an admin port says about itself. */
  async ask(portName: 'ADMIN_PORT' | 'WORKER_ADMIN_PORT'): Promise<StandIn> {
    const response = await fetch(`http://127.0.0.1:${this.settings[portName]}/`);
    return (await response.json()) as StandIn;
  }
}
