import { types } from 'node:util';
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';

export type { Logger } from 'pino';

/** Names under which a secret may reach a log line; each is hidden at the top and one and two levels down. */
const SECRET_NAMES = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'token',
  'accessToken',
  'refreshToken',
  'databaseUrl',
  'databaseWriterUrl',
  'databaseReaderUrl',
  'smtpUrl',
  'watchdogHeartbeatUrl',
  'connectionString',
];

const REDACTED_PATHS = [
  ...SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
  'req.headers["set-cookie"]',
  'res.headers["set-cookie"]',
];

/**
 * What a line says of an error. Errors drag objects along that no log may hold: the driver's a whole connection
 * with its cancel key, a violated constraint the values that violated it.
 */
export function errorLine(error: unknown): unknown {
  // Whatever else is thrown may hold anything: a provider's answer with its tokens, a whole request.
  if (!types.isNativeError(error))
    return typeof error === 'string' ? error.slice(0, 500) : `thrown: ${typeof error}`;
  const code: unknown = Reflect.get(error, 'code');
  const causes: unknown = Reflect.get(error, 'errors');
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: errorLine(error.cause) }),
    ...(Array.isArray(causes) ? { errors: causes.map(errorLine) } : {}),
  };
}

export interface LoggerOptions {
  /** The process that writes: `api`, `worker`, `migrate`, … */
  readonly service: string;
  readonly level: string;
  /** Where lines go; default standard output, as one JSON object a line. */
  readonly destination?: DestinationStream;
}

/** Makes the logger of a process. Lines are JSON with a UTC instant; values under secret names are hidden. */
export function createLogger(options: LoggerOptions): Logger {
  const settings = {
    level: options.level,
    base: { service: options.service, pid: process.pid },
    timestamp: stdTimeFunctions.isoTime,
    serializers: { err: errorLine },
    redact: { paths: REDACTED_PATHS, censor: '***' },
  };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}
