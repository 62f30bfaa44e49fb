import { join, resolve } from 'node:path';
import type { LauncherConfig } from '../config.js';
import { readPostmaster } from '../db/embedded-postmaster.js';
import { stopProcess } from '../db/embedded-process.js';
import { migrate } from '../db/migrate.js';
import { projectRoot } from '../db/root.js';
import { banner } from './banner.js';
import { type DemoSignIn, loadDemoData } from './demo.js';
import { type Instance, publishInstance } from './instance.js';
import { lockFolder } from './lock.js';
import { PidRegister } from './pid-register.js';
import { requirePorts, type WantedPort } from './ports.js';
import {
  type Launch,
  mailService,
  NAMES,
  postgresFolder,
  postgresService,
  productService,
  productSettings,
  temporalService,
} from './services.js';
import { Supervisor } from './supervisor.js';

export interface LauncherOptions {
  readonly config: LauncherConfig;
  /** Where progress goes, one line each. */
  readonly say: (line: string) => void;
  /** Aborted when everything is to stop. */
  readonly signal: AbortSignal;
  /** Scripts of the API and the worker. Default: the built ones. */
  readonly programs?: Launch['programs'];
  /** Brings the schema up to date. Default: the migrations of the product. */
  readonly prepareDatabase?: (url: string) => Promise<unknown>;
  /** Fills it for the demonstration. Default: the invented province. */
  readonly loadDemo?: typeof loadDemoData;
}

/**
 * Runs everything until the signal: what is missing is started, all of it is watched over, and nothing of it
 * is left behind. Settles when all is stopped; rejects where it could not be started.
 */
export async function runAll(options: LauncherOptions): Promise<void> {
  const dataDir = resolve(options.config.dataDir);
  const release = lockFolder(dataDir);
  try {
    const register = new PidRegister(join(dataDir, 'run'));
    const projectDir = projectRoot();
    const built = (name: string) => join(projectDir, 'dist', 'src', `${name}.js`);
    const programs = options.programs ?? { api: built('api'), worker: built('worker') };
    // What fails to start takes the others' starts down with it, instead of waiting for them.
    const failure = new AbortController();
    const signal = AbortSignal.any([options.signal, failure.signal]);
    const launch: Launch = { ...options, signal, dataDir, projectDir, programs, register };
    await stopLeftovers(launch);
    await requirePorts(wantedPorts(launch));
    const supervisor = new Supervisor({ register, say: options.say });
    let withdraw: (() => void) | undefined;
    try {
      const { signIns, settings } = await startAll(launch, supervisor, options, failure);
      withdraw = publishInstance(dataDir, { ...instanceOf(launch, signIns), settings });
      options.say(`\n${banner({ addresses: addressesOf(launch), signIns })}`);
      await untilAborted(options.signal);
    } finally {
      withdraw?.();
      options.say('stopping');
      // Senders before what they send to, users of the servers before the servers.
      await supervisor.stop([[NAMES.worker, NAMES.api], [NAMES.mail], [NAMES.temporal, NAMES.postgres]]);
    }
  } finally {
    release();
  }
}

/**
 * Kills whatever is written down as started on a data folder, without waiting for anything to finish: for a
 * second Ctrl-C. PostgreSQL recovers at its next start.
 */
export function killAll(dataDir: string): void {
  for (const { name, process: left } of new PidRegister(join(resolve(dataDir), 'run')).leftovers()) {
    process.kill(left.pid, name === NAMES.postgres ? 'SIGQUIT' : 'SIGKILL');
  }
}

async function startAll(
  launch: Launch,
  supervisor: Supervisor,
  options: LauncherOptions,
  failure: AbortController,
): Promise<Pick<Instance, 'signIns' | 'settings'>> {
  const { config, say, signal } = launch;
  let databaseUrl = config.databaseUrl ?? '';
  const database = async () => {
    if (config.databaseUrl === undefined) {
      say('starting PostgreSQL');
      await supervisor.start(
        postgresService(launch, (url) => {
          databaseUrl = url;
        }),
      );
    }
    await (options.prepareDatabase ?? migrate)(databaseUrl);
    say('the database is ready');
  };
  const temporal = async () => {
    if (config.temporalAddress !== undefined) return;
    say('starting the Temporal server');
    await supervisor.start(temporalService(launch));
    say('the Temporal server is ready');
  };
  const mail = async () => {
    if (config.smtpUrl === undefined) await supervisor.start(mailService(launch));
  };
  await allOrFirstError([database(), temporal(), mail()], failure);
  signal.throwIfAborted();
  const signIns = config.demoMode
    ? await (options.loadDemo ?? loadDemoData)(databaseUrl, launch.dataDir)
    : [];
  signal.throwIfAborted();
  const addresses = {
    databaseUrl,
    temporalAddress: config.temporalAddress ?? `127.0.0.1:${config.temporalPort}`,
    smtpUrl: config.smtpUrl ?? `smtp://127.0.0.1:${config.smtpPort}`,
  };
  say('starting the API and the worker');
  await allOrFirstError(
    [
      supervisor.start(productService(launch, 'api', addresses)),
      supervisor.start(productService(launch, 'worker', addresses)),
    ],
    failure,
  );
  return { signIns, settings: productSettings(launch, addresses) };
}

/** Waits for all, so that none is still starting when the others are stopped; the first failure ends them all. */
async function allOrFirstError(work: readonly Promise<void>[], failure: AbortController): Promise<void> {
  let first: { readonly error: unknown } | undefined;
  const watched = work.map(async (one) => {
    try {
      await one;
    } catch (error) {
      first ??= { error };
      failure.abort();
    }
  });
  await Promise.all(watched);
  if (first !== undefined) throw first.error;
}

/** What a killed launcher left is stopped by its written-down process; only PostgreSQL is taken over as it is. */
async function stopLeftovers({ register, say, config }: Launch): Promise<void> {
  const left = register.leftovers();
  const stop = async (names: readonly string[], signal: NodeJS.Signals) => {
    const found = left.filter(({ name }) => names.includes(name));
    await Promise.all(
      found.map(async ({ name, process }) => {
        say(`stopping ${name} (process ${process.pid}), left by a launcher that was killed`);
        await stopProcess(process, [
          { signal, withinMs: config.shutdownGraceMs },
          { signal: 'SIGKILL', withinMs: 5_000 },
        ]);
        register.forget(name);
      }),
    );
  };
  await stop([NAMES.api, NAMES.worker], 'SIGTERM');
  await stop([NAMES.temporal], 'SIGTERM');
  if (config.databaseUrl !== undefined) await stop([NAMES.postgres], 'SIGINT');
}

function wantedPorts({ config, dataDir }: Launch): WantedPort[] {
  const wanted: WantedPort[] = [
    { port: config.httpPort, variable: 'HTTP_PORT', purpose: 'API' },
    { port: config.adminPort, variable: 'ADMIN_PORT', purpose: 'health and metrics of the API' },
    {
      port: config.workerAdminPort,
      variable: 'WORKER_ADMIN_PORT',
      purpose: 'health and metrics of the worker',
    },
  ];
  if (config.smtpUrl === undefined) {
    wanted.push({ port: config.smtpPort, variable: 'SMTP_PORT', purpose: 'SMTP of the mailbox' });
    wanted.push({ port: config.mailboxPort, variable: 'MAILBOX_PORT', purpose: 'page of the mailbox' });
  }
  if (config.temporalAddress === undefined) {
    wanted.push({ port: config.temporalPort, variable: 'TEMPORAL_PORT', purpose: 'Temporal server' });
    wanted.push({ port: config.temporalUiPort, variable: 'TEMPORAL_UI_PORT', purpose: 'Temporal UI' });
  }
  // A PostgreSQL that a killed launcher left holds the port rightly: it is taken over.
  const left = readPostmaster(join(postgresFolder(dataDir), 'cluster'));
  if (config.databaseUrl === undefined && left?.port !== config.pgPort) {
    wanted.push({ port: config.pgPort, variable: 'PG_PORT', purpose: 'PostgreSQL' });
  }
  return wanted;
}

function instanceOf({ config }: Launch, signIns: readonly DemoSignIn[]): Omit<Instance, 'settings'> {
  const http = (port: number) => `http://127.0.0.1:${port}`;
  return {
    api: http(config.httpPort),
    mailbox: config.smtpUrl === undefined ? http(config.mailboxPort) : null,
    temporalUi: config.temporalAddress === undefined ? http(config.temporalUiPort) : null,
    signIns,
  };
}

function addressesOf({ config, dataDir }: Launch) {
  const http = (port: number, path = '') => `http://127.0.0.1:${port}${path}`;
  const addresses = [
    { name: 'API', address: http(config.httpPort, '/v1') },
    { name: 'API explorer', address: http(config.httpPort, '/docs') },
    {
      name: 'Health',
      address: `${http(config.adminPort, '/readyz')}  ${http(config.workerAdminPort, '/readyz')}`,
    },
  ];
  if (config.smtpUrl === undefined) addresses.push({ name: 'Mailbox', address: http(config.mailboxPort) });
  if (config.temporalAddress === undefined) {
    addresses.push({ name: 'Temporal UI', address: http(config.temporalUiPort) });
  }
  if (config.databaseUrl === undefined) {
    addresses.push({
      name: 'PostgreSQL',
      address: `127.0.0.1:${config.pgPort}/dondoc (user postgres, password in ${join(postgresFolder(dataDir), 'superuser-password')})`,
    });
  }
  addresses.push({ name: 'Data and logs', address: dataDir });
  return addresses;
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((settle) => {
    signal.addEventListener('abort', () => {
      settle();
    });
  });
}
