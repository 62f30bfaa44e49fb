import { join } from 'node:path';
import type { LauncherConfig } from '../config.js';
import { startEmbeddedPostgres } from '../db/embedded.js';
import { identifyProcess } from '../db/embedded-process.js';
import { startMailCatcher } from '../mail/catcher.js';
import { defaultCacheDir, findTemporalBinary } from '../temporal/binary.js';
import { startDevServer } from '../temporal/dev-server.js';
import { startChild } from './child.js';
import type { PidRegister } from './pid-register.js';
import type { Running, Service } from './supervisor.js';

/** What each service needs to know of the launch. */
export interface Launch {
  readonly config: LauncherConfig;
  /** Absolute. */
  readonly dataDir: string;
  readonly projectDir: string;
  readonly programs: { readonly api: string; readonly worker: string };
  readonly register: PidRegister;
  readonly say: (line: string) => void;
  /** Aborted when everything is to stop: a start under way gives up. */
  readonly signal: AbortSignal;
}

/** Names of the services, also those of their entries in the register of processes. */
export const NAMES = {
  postgres: 'postgres',
  temporal: 'temporal',
  mail: 'mailbox',
  api: 'api',
  worker: 'worker',
} as const;

export const postgresFolder = (dataDir: string): string => join(dataDir, 'postgres');
const logFile = (dataDir: string, name: string): string => join(dataDir, 'logs', `${name}.log`);

/** PostgreSQL on this machine. The URL is told anew at each start, but does not change. */
export function postgresService(launch: Launch, onUrl: (url: string) => void): Service {
  return {
    name: NAMES.postgres,
    start: async () => {
      const server = await startEmbeddedPostgres({
        dataDir: postgresFolder(launch.dataDir),
        port: launch.config.pgPort,
        database: 'dondoc',
        settings: { max_connections: '200' },
        log: (line) => {
          launch.say(`PostgreSQL: ${line}`);
        },
        signal: launch.signal,
      });
      onUrl(server.url);
      const exited = server.exited.then(() => 'its process ended');
      return { process: server.process, exited, stop: server.stop };
    },
  };
}

/** Temporal's development server on this machine, with its data in one file. */
export function temporalService(launch: Launch): Service {
  const { config, dataDir, register, signal } = launch;
  return {
    name: NAMES.temporal,
    start: async () => {
      const binary = await findTemporalBinary({
        env: config.environment,
        cacheDir: defaultCacheDir(config.environment),
        log: (line) => {
          launch.say(`Temporal: ${line}`);
        },
        signal,
      });
      const server = await startDevServer({
        binary: binary.path,
        port: config.temporalPort,
        uiPort: config.temporalUiPort,
        dbFile: join(dataDir, 'temporal', 'temporal.db'),
        logFile: logFile(dataDir, NAMES.temporal),
        namespace: config.temporalNamespace,
        onSpawn: (pid) => {
          const identity = identifyProcess(pid);
          if (identity !== undefined) register.record(NAMES.temporal, identity);
        },
        signal,
      });
      const identity = identifyProcess(server.pid);
      const running = { exited: server.exited, stop: server.stop };
      return identity === undefined ? running : { ...running, process: identity };
    },
  };
}

/** The mailbox; it lives within the launcher. */
export function mailService(launch: Launch): Service {
  return {
    name: NAMES.mail,
    start: async (): Promise<Running> => {
      const catcher = await startMailCatcher({
        smtpPort: launch.config.smtpPort,
        pagePort: launch.config.mailboxPort,
        folder: join(launch.dataDir, 'mail'),
      });
      return { exited: new Promise(() => undefined), stop: catcher.stop };
    },
  };
}

/** Where the servers are that the product's processes need. */
export interface Addresses {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly smtpUrl: string;
}

/** A process of the product, told about everything else by its environment. */
export function productService(launch: Launch, name: 'api' | 'worker', addresses: Addresses): Service {
  const { config, register } = launch;
  const adminPort = name === 'api' ? config.adminPort : config.workerAdminPort;
  return {
    name: NAMES[name],
    start: async () =>
      await startChild({
        name,
        script: launch.programs[name],
        cwd: launch.projectDir,
        env: { ...config.environment, ...productSettings(launch, addresses) },
        logFile: logFile(launch.dataDir, name),
        adminUrl: `http://127.0.0.1:${adminPort}`,
        graceMs: config.shutdownGraceMs,
        onSpawn: (identity) => {
          register.record(NAMES[name], identity);
        },
        say: launch.say,
        signal: launch.signal,
      }),
  };
}

/** The settings of the instance's own processes, and of a command line beside them. */
export function productSettings(launch: Launch, addresses: Addresses): Readonly<Record<string, string>> {
  const { config } = launch;
  const own = config.databaseUrl === undefined;
  return {
    NODE_ENV: 'development',
    DEMO_SIGN_INS: String(config.demoMode),
    DATABASE_URL: addresses.databaseUrl,
    DATABASE_URL_FILE: '',
    // Connections that belong to another database must not meet the one that was just started.
    ...(own && { DATABASE_WRITER_URL: '', DATABASE_WRITER_URL_FILE: '' }),
    ...(own && { DATABASE_READER_URL: '', DATABASE_READER_URL_FILE: '' }),
    TEMPORAL_ADDRESS: addresses.temporalAddress,
    TEMPORAL_NAMESPACE: config.temporalNamespace,
    WORKFLOW_BUNDLE: config.workflowBundle,
    HTTP_HOST: '127.0.0.1',
    HTTP_PORT: String(config.httpPort),
    ADMIN_PORT: String(config.adminPort),
    WORKER_ADMIN_PORT: String(config.workerAdminPort),
    SMTP_URL: addresses.smtpUrl,
    SMTP_URL_FILE: '',
    FILES_DIR: config.environment.FILES_DIR ?? join(launch.dataDir, 'files'),
  };
}
