import { readFileSync } from 'node:fs';
import { z } from 'zod';

/**
 * The only reader of the environment. Every setting is declared once, below, with its unit in its name
 * and its default beside it; processes parse it once at start and pass the frozen result down.
 *
 * A secret may be given as a file: `DATABASE_URL_FILE=/run/secrets/database_url` stands for `DATABASE_URL`.
 * An empty value counts as not given, because that is what compose files and CI systems pass for "unset".
 */

/** What stands in for a secret wherever a configuration is printed. */
const MASK = '***';

const port = z.coerce.number().int().min(0).max(65_535);
/** The launcher names addresses before a process has taken its port, so the system cannot choose one. */
const fixedPort = port.min(1);
const count = (max: number) => z.coerce.number().int().min(1).max(max);
const flag = z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1');

const urlOf = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    message: `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });
const postgresUrl = urlOf('postgres:', 'postgresql:');
const webUrl = urlOf('http:', 'https:');

/** Settings of the API, the worker, the migrations and the command line. */
const CONFIG_SHAPE = {
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),

  /** Connection of the owner, for migrations. The API and the worker need only the two below. */
  DATABASE_URL: postgresUrl.optional(),
  /** Connection of the writer. Default: DATABASE_URL with the role dondoc_writer taken at connection. */
  DATABASE_WRITER_URL: postgresUrl.optional(),
  /** Connection of the reader. Default: DATABASE_URL with the role dondoc_reader taken at connection. */
  DATABASE_READER_URL: postgresUrl.optional(),
  /** Connections of each pool (a process has one for the writer and one for the reader). */
  DATABASE_POOL_SIZE: count(200).default(10),

  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s:/]+:\d+$/, 'must be host:port')
    .default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().default('dondoc'),
  TEMPORAL_TASK_QUEUE: z.string().default('dondoc'),
  /** Speak TLS to Temporal; its certificate is held against those of the system, or against TEMPORAL_TLS_CA. */
  TEMPORAL_TLS: flag.default(false),
  TEMPORAL_TLS_CA: z.string().optional(),
  /** The certificate by which this program is known to Temporal, where that asks for one, with its key. */
  TEMPORAL_TLS_CERT: z.string().optional(),
  TEMPORAL_TLS_KEY: z.string().optional(),
  /** The prebuilt bundle of workflow code that the worker runs. */
  WORKFLOW_BUNDLE: z.string().default('./dist/workflow-bundle.js'),

  HTTP_HOST: z.string().default('127.0.0.1'),
  HTTP_PORT: port.default(3000),
  /** Health and metrics of the API. */
  ADMIN_PORT: port.default(3001),
  /** Health and metrics of the worker. */
  WORKER_ADMIN_PORT: port.default(3002),
  /** The address people use; links in messages start with it. Default: HTTP_HOST and HTTP_PORT. */
  PUBLIC_URL: webUrl.optional(),

  /** Addresses or networks of reverse proxies whose X-Forwarded-For is believed, separated by commas. */
  TRUSTED_PROXIES: z.string().optional(),
  /** Requests of one person in a minute, over all API processes together; of one token half as many. */
  RATE_LIMIT_PER_MINUTE: count(100_000_000).default(6000),

  /** The OpenID Connect provider people sign in with, and this program's registration there. */
  OIDC_ISSUER: webUrl.optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_SCOPE: z.string().includes('openid').default('openid profile email'),
  /** The claim whose value is a person's login here. */
  OIDC_PERSON_CLAIM: z.string().default('email'),
  /** Sign-in with a user name and a password that is kept here. */
  LOCAL_ACCOUNTS: flag.default(true),
  /** One-click sign-ins and tokens of the demonstration. Refused in production; without it they end. */
  DEMO_SIGN_INS: flag.default(false),
  /** A browser's session ends when it was not used for so long, and then in any case. */
  SESSION_IDLE_MINUTES: count(24 * 60).default(60),
  SESSION_LONGEST_HOURS: count(31 * 24).default(12),

  SMTP_URL: urlOf('smtp:', 'smtps:').default('smtp://127.0.0.1:1025'),
  MAIL_FROM: z.string().includes('@').default('Dondoc <dondoc@localhost>'),

  /**
   * Lets the row clock_offset shift the clock that commands and steps share. Refused in production; without it,
   * API and worker end where the row exists.
   */
  TEST_CLOCK: flag.default(false),

  /** Ed25519 private key (PEM) that signs the anchors of the record. Without one they are unsigned. */
  ANCHOR_KEY: z.string().includes('PRIVATE KEY').optional(),
  /** Its public half, for where anchors are only checked. Default: from ANCHOR_KEY. */
  ANCHOR_PUBLIC_KEY: z.string().includes('PUBLIC KEY').optional(),
  /** Where each anchor is sent, so that somebody outside has it. */
  ANCHOR_MAIL_TO: z.string().includes('@').optional(),

  /** An anchor is made each so many hours, by a Schedule; at 24, twenty past two at night in Hanoi. */
  ANCHOR_EVERY_HOURS: count(168).default(24),

  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  /** Time a process takes to finish what it has begun before it gives up. */
  SHUTDOWN_GRACE_MS: count(600_000).default(20_000),
  /** Outside address that hears a heartbeat only while all is well. */
  WATCHDOG_HEARTBEAT_URL: webUrl.optional(),

  BODY_LIMIT_KB: count(102_400).default(1024),
  IMPORT_LIMIT_MB: count(100).default(10),

  /** Folder of uploaded files: as they come in, and kept, unless a bucket is configured. */
  FILES_DIR: z.string().default('./data/files'),
  FILE_LIMIT_MB: count(2_000).default(50),
  /** A file that nothing refers to is kept so long. */
  FILE_UNREFERENCED_HOURS: count(8_760).default(48),
  /** S3-compatible storage instead of the folder; S3_ACCESS_KEY and S3_SECRET_KEY are needed with it. */
  S3_ENDPOINT: webUrl.optional(),
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket')
    .default('dondoc'),
  S3_REGION: z.string().default('us-east-1'),
  S3_ACCESS_KEY: z.string().optional(),
  S3_SECRET_KEY: z.string().optional(),
  /** host:port of a clamd that looks over each file before it is kept. */
  CLAMD_ADDRESS: z
    .string()
    .regex(/^[^\s:/]+:\d+$/, 'must be host:port')
    .optional(),

  /** Ranges inside that webhooks may be sent to, as 10.1.0.0/16, with commas; public addresses always may. */
  WEBHOOK_ALLOWED_RANGES: z
    .string()
    .regex(/^[\da-fA-F.:]+\/\d{1,3}(,[\da-fA-F.:]+\/\d{1,3})*$/, 'must be ranges such as 10.1.0.0/16')
    .optional()
    .transform((ranges) => ranges?.split(',') ?? []),

  PUMP_POLL_MS: count(60_000).default(1000),
  ACCEPTANCE_MARGIN_MS: count(86_400_000).default(60_000),
  /** Envelopes or wakes claimed at once. */
  PUMP_BATCH: count(10_000).default(100),
  /** Due steps taken in one transaction. */
  STEP_BATCH: count(10_000).default(500),
  /** Assignments issued in one transaction. */
  ISSUE_BATCH: count(10_000).default(1000),
} satisfies z.ZodRawShape;

/** Settings that carry a password, a token or a key: masked when printed, also readable from NAME_FILE. */
export const SECRET_KEYS = [
  'DATABASE_URL',
  'DATABASE_WRITER_URL',
  'DATABASE_READER_URL',
  'TEMPORAL_TLS_CA',
  'TEMPORAL_TLS_CERT',
  'TEMPORAL_TLS_KEY',
  'SMTP_URL',
  'WATCHDOG_HEARTBEAT_URL',
  'ANCHOR_KEY',
  'ANCHOR_PUBLIC_KEY',
  'S3_ACCESS_KEY',
  'S3_SECRET_KEY',
  'OIDC_CLIENT_SECRET',
] as const;

/** Names of all settings, in the order in which they are documented. */
export const CONFIG_KEYS: readonly string[] = Object.keys(CONFIG_SHAPE);

export type Environment = Readonly<Record<string, string | undefined>>;
type ReadFile = (path: string) => string;

/** `HTTP_PORT` in the environment is `httpPort` in the code. */
type FieldName<Key extends string> = Key extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<FieldName<Tail>>}`
  : Lowercase<Key>;

type Fields<Settings> = { readonly [Key in keyof Settings & string as FieldName<Key>]: Settings[Key] };

type Settings = z.output<z.ZodObject<typeof CONFIG_SHAPE>>;
type Resolved = Settings & {
  DATABASE_WRITER_URL: string;
  DATABASE_READER_URL: string;
  PUBLIC_URL: string;
};

/** The configuration of a process: frozen, complete, every default applied. */
export type Config = Fields<Resolved>;

/** The environment does not make a configuration; the message names every problem at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length} problem(s):\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
    this.problems = problems;
  }
}

/** Parses the settings of the API, the worker, the migrations and the command line, or reports every problem. */
export function parseConfig(env: Environment, readFile: ReadFile = readText): Config {
  const settings = parseEnvironment(CONFIG_SHAPE, SECRET_KEYS, env, readFile, problemsBetween);
  return toFields<Resolved>({
    ...settings,
    DATABASE_WRITER_URL: databaseUrlFor(settings, settings.DATABASE_WRITER_URL, 'dondoc_writer'),
    DATABASE_READER_URL: databaseUrlFor(settings, settings.DATABASE_READER_URL, 'dondoc_reader'),
    PUBLIC_URL: (settings.PUBLIC_URL ?? `http://${settings.HTTP_HOST}:${settings.HTTP_PORT}`).replace(
      /\/+$/,
      '',
    ),
  });
}

/**
 * Settings of the launcher behind `npm start`, beside those it passes on. What is given here is used, what
 * is not given it makes itself: a database, a Temporal server, a mailbox.
 */
const LAUNCHER_SHAPE = {
  DATABASE_URL: postgresUrl.optional(),
  TEMPORAL_ADDRESS: CONFIG_SHAPE.TEMPORAL_ADDRESS.unwrap().optional(),
  TEMPORAL_NAMESPACE: CONFIG_SHAPE.TEMPORAL_NAMESPACE,
  SMTP_URL: CONFIG_SHAPE.SMTP_URL.unwrap().optional(),
  /** Where what it starts keeps its files. */
  DATA_DIR: z.string().default('./data'),
  WORKFLOW_BUNDLE: CONFIG_SHAPE.WORKFLOW_BUNDLE,
  SHUTDOWN_GRACE_MS: CONFIG_SHAPE.SHUTDOWN_GRACE_MS,
  /** Demo data, with sign-ins that are printed. */
  DEMO_MODE: flag.default(true),
  HTTP_PORT: fixedPort.default(3000),
  ADMIN_PORT: fixedPort.default(3001),
  WORKER_ADMIN_PORT: fixedPort.default(3002),
  PG_PORT: fixedPort.default(5499),
  TEMPORAL_PORT: fixedPort.default(7243),
  TEMPORAL_UI_PORT: fixedPort.default(8243),
  SMTP_PORT: fixedPort.default(2525),
  MAILBOX_PORT: fixedPort.default(8025),
} satisfies z.ZodRawShape;

const LAUNCHER_PORTS = [
  'HTTP_PORT',
  'ADMIN_PORT',
  'WORKER_ADMIN_PORT',
  'PG_PORT',
  'TEMPORAL_PORT',
  'TEMPORAL_UI_PORT',
  'SMTP_PORT',
  'MAILBOX_PORT',
] as const;

/** Settings that only the launcher knows, in the order in which they are documented. */
export const LAUNCHER_KEYS: readonly string[] = Object.keys(LAUNCHER_SHAPE).filter(
  (key) => !CONFIG_KEYS.includes(key),
);

/** The configuration of the launcher, and the environment that the processes it starts inherit. */
export type LauncherConfig = Fields<z.output<z.ZodObject<typeof LAUNCHER_SHAPE>>> & {
  readonly environment: Environment;
};

/** Parses the settings of the launcher behind `npm start`, or reports every problem. */
export function parseLauncherConfig(env: Environment, readFile: ReadFile = readText): LauncherConfig {
  const settings = parseEnvironment(LAUNCHER_SHAPE, ['DATABASE_URL', 'SMTP_URL'], env, readFile, (parsed) => {
    const given = LAUNCHER_PORTS.map((key) => ({ key, port: parsed[key] }));
    return given.flatMap(({ key, port }, index) => {
      const earlier = given.slice(0, index).find((other) => other.port === port);
      return earlier === undefined ? [] : [`${earlier.key} and ${key} are both ${port}`];
    });
  });
  return Object.freeze({ ...toFields(settings), environment: env });
}

/**
 * The configuration of this process: reads `.env` where there is one (it never overrides what is set),
 * parses, and ends the process with exit code 1 and one readable message where it cannot.
 */
export function configOrExit<Result>(parse: (env: Environment) => Result): Result {
  const config = configOrProblems(parse);
  if (!(config instanceof ConfigError)) return config;
  process.stderr.write(`${config.message}\n`);
  process.exit(1);
}

/** The same, for whoever wants to say what is wrong in words of its own. */
export function configOrProblems<Result>(parse: (env: Environment) => Result): Result | ConfigError {
  try {
    process.loadEnvFile();
  } catch (error) {
    if (reasonOf(error).code !== 'ENOENT') throw error;
  }
  try {
    return parse(process.env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

/** The owner's connection, for whatever changes the schema; the other processes run without it. */
export function ownerDatabaseUrl(config: Config): string {
  if (config.databaseUrl === undefined)
    throw new ConfigError(['DATABASE_URL is needed to change the schema']);
  return config.databaseUrl;
}

/** The configuration as one line per setting, fit for a log: secrets are masked. */
export function describeConfig(config: Config): Record<string, string> {
  const secrets = new Set<string>(SECRET_KEYS.map(fieldName));
  return Object.fromEntries(
    Object.entries(config).map(([field, value]) => [
      field,
      secrets.has(field) && value !== undefined ? maskUrl(String(value)) : String(value ?? ''),
    ]),
  );
}

/** What is wrong between settings that are right each for itself. */
function problemsBetween(settings: Settings): string[] {
  const problems: string[] = [];
  const both = settings.DATABASE_WRITER_URL !== undefined && settings.DATABASE_READER_URL !== undefined;
  if (settings.DATABASE_URL === undefined && !both) {
    problems.push('DATABASE_URL is needed (or both DATABASE_WRITER_URL and DATABASE_READER_URL)');
  }
  if (settings.HTTP_PORT !== 0 && settings.HTTP_PORT === settings.ADMIN_PORT) {
    problems.push(`HTTP_PORT and ADMIN_PORT are both ${settings.HTTP_PORT}; the API needs two ports`);
  }
  if (settings.S3_ENDPOINT !== undefined && !(settings.S3_ACCESS_KEY && settings.S3_SECRET_KEY)) {
    problems.push('S3_ACCESS_KEY and S3_SECRET_KEY are needed with S3_ENDPOINT');
  }
  if (settings.NODE_ENV === 'production' && settings.TEST_CLOCK)
    problems.push('TEST_CLOCK is refused where NODE_ENV is production: it moves deadlines');
  problems.push(...temporalTlsProblems(settings), ...signInProblems(settings));
  return problems;
}

/** A certificate that nobody uses would look like protection. */
function temporalTlsProblems(settings: Settings): string[] {
  const { TEMPORAL_TLS: on, TEMPORAL_TLS_CERT: cert, TEMPORAL_TLS_KEY: key } = settings;
  const problems: string[] = [];
  const given = settings.TEMPORAL_TLS_CA !== undefined || cert !== undefined || key !== undefined;
  if (given && !on) problems.push('TEMPORAL_TLS must be true where TEMPORAL_TLS_CA, _CERT or _KEY is given');
  if ((cert === undefined) !== (key === undefined))
    problems.push('TEMPORAL_TLS_CERT and TEMPORAL_TLS_KEY are needed together');
  return problems;
}

/** Secrets of examples and demonstrations, which everybody knows. */
const SAMPLE_SECRET = /^(change[-_ ]?me|demo|dondoc|example|password|secret|test)/i;

function signInProblems(settings: Settings): string[] {
  const problems: string[] = [];
  if ((settings.OIDC_ISSUER === undefined) !== (settings.OIDC_CLIENT_ID === undefined))
    problems.push('OIDC_ISSUER and OIDC_CLIENT_ID are needed together');
  if (settings.NODE_ENV !== 'production') return problems;
  if (settings.DEMO_SIGN_INS)
    problems.push('DEMO_SIGN_INS is refused where NODE_ENV is production: anybody could sign in');
  if (SAMPLE_SECRET.test(settings.OIDC_CLIENT_SECRET ?? ''))
    problems.push('OIDC_CLIENT_SECRET is that of an example; register one of your own at the provider');
  if (settings.OIDC_ISSUER?.startsWith('http:'))
    problems.push('OIDC_ISSUER must start with https:// where NODE_ENV is production');
  return problems;
}

/** PostgreSQL takes the role when the connection starts, so one sign-in serves as two roles. */
function databaseUrlFor(settings: Settings, stated: string | undefined, role: string): string {
  if (stated !== undefined) return stated;
  const url = new URL(settings.DATABASE_URL ?? '');
  const options = [url.searchParams.get('options'), `-c role=${role}`].filter((option) => option !== null);
  url.searchParams.set('options', options.join(' '));
  // libpq, unlike browsers, reads a plus sign in a URL as a plus sign.
  url.search = url.search.replaceAll('+', '%20');
  return url.href;
}

/**
 * Parses one set of settings from the environment. Shared with the launcher, whose settings are another
 * set: both report all their problems at once, and neither ever prints a value, which may be a secret.
 */
function parseEnvironment<Shape extends z.ZodRawShape>(
  shape: Shape,
  secretKeys: readonly string[],
  env: Environment,
  readFile: ReadFile,
  between: (settings: z.output<z.ZodObject<Shape>>) => string[] = () => [],
): z.output<z.ZodObject<Shape>> {
  const problems: string[] = [];
  const given: Record<string, string> = {};
  for (const key of Object.keys(shape)) {
    const value = secretKeys.includes(key) ? secretValue(key, env, readFile, problems) : env[key];
    if (value !== undefined && value !== '') given[key] = value;
  }
  const parsed = z.object(shape).safeParse(given);
  if (!parsed.success)
    problems.push(...parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  else if (problems.length === 0) problems.push(...between(parsed.data));
  if (problems.length > 0 || !parsed.success) throw new ConfigError(problems);
  return parsed.data;
}

function secretValue(
  key: string,
  env: Environment,
  readFile: ReadFile,
  problems: string[],
): string | undefined {
  const path = env[`${key}_FILE`];
  if (path === undefined || path === '') return env[key];
  if (env[key]) problems.push(`${key} and ${key}_FILE are both set; give one`);
  try {
    return readFile(path).trim();
  } catch (error) {
    problems.push(`${key}_FILE: ${reasonOf(error).message}`);
    return undefined;
  }
}

const Reason = z.object({ code: z.string().optional(), message: z.string() });

/** What Node says about a file; parsed, because an error from another realm is no instance of our Error. */
function reasonOf(error: unknown): z.output<typeof Reason> {
  const parsed = Reason.safeParse(error);
  return parsed.success ? parsed.data : { message: 'cannot be read' };
}

const readText: ReadFile = (path) => readFileSync(path, 'utf8');

function fieldName(key: string): string {
  return key.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function toFields<Settings extends object>(settings: Settings): Fields<Settings> {
  const entries = Object.entries(settings).map(([key, value]) => [fieldName(key), value] as const);
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- the mapped type and fieldName() follow one rule, which the compiler cannot see in a computed object
  return Object.freeze(Object.fromEntries(entries)) as Fields<Settings>;
}

/** Host and database stay readable, which is what one looks for in a log; user and password do not. */
function maskUrl(text: string): string {
  if (!URL.canParse(text)) return MASK;
  const url = new URL(text);
  const user = url.username === '' && url.password === '' ? '' : `${MASK}@`;
  return `${url.protocol}//${user}${url.host}${url.protocol.startsWith('http') ? '/…' : url.pathname}`;
}
