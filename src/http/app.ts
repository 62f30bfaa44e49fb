import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { Config } from '../config.js';
import { openApiDocument } from '../contracts/openapi.js';
import { Authenticator } from '../engine/authenticate.js';
import type { Engine } from '../engine/engine.js';
import { filesOf } from '../engine/file-ports.js';
import type { Logger } from '../log.js';
import { inputReader } from './body.js';
import { withContext } from './context.js';
import { named, registerDocs } from './docs.js';
import { registerMethods, unknownPath } from './fallback.js';
import type { Health } from './health.js';
import type { RequestLimits } from './limits.js';
import { requestLog } from './log.js';
import type { Metrics } from './metrics.js';
import { handleError } from './problem.js';
import { registerRoute } from './register.js';
import type { Route } from './route.js';
import { ROUTES } from './routes/index.js';
import { Provider } from './sign-in/provider.js';
import { registerSignIn, type SignInParts } from './sign-in/routes.js';
import { SignInThrottle } from './sign-in/throttle.js';

/** What of the configuration the edge needs. */
export type AppConfig = Pick<
  Config,
  | 'nodeEnv'
  | 'bodyLimitKb'
  | 'importLimitMb'
  | 'fileLimitMb'
  | 'publicUrl'
  | 'trustedProxies'
  | 'demoSignIns'
  | 'localAccounts'
  | 'oidcIssuer'
  | 'oidcClientId'
  | 'oidcClientSecret'
  | 'oidcScope'
  | 'oidcPersonClaim'
  | 'sessionIdleMinutes'
  | 'sessionLongestHours'
>;

export interface AppParts {
  readonly engine: Engine;
  readonly config: AppConfig;
  readonly log: Logger;
  readonly health: Health;
  readonly metrics?: Metrics;
  /** The product's version, for the OpenAPI document. */
  readonly version: string;
  /** Whether a webhook may have this address. */
  readonly mayBeTold: (url: string) => boolean;
  /** How often who may ask, shared by all API processes; without it nobody is counted. */
  readonly limits?: RequestLimits;
  /** Leaves the question of roles to the database alone. Only where NODE_ENV is test. */
  readonly unguarded?: boolean;
  /** Other routes than the product's own; for tests of the edge itself. */
  readonly routes?: readonly Route[];
}

/** The API as an Express app: everything is handed in, nothing listens yet. */
export function createApp(parts: AppParts): Express {
  const { engine, config, log, health } = parts;
  const routes = parts.routes ?? ROUTES;
  if (parts.unguarded === true && config.nodeEnv !== 'test') throw new Error('Only a test is unguarded');
  const app = bareApp(log, parts.metrics?.observe, config.trustedProxies);
  const authenticator = new Authenticator(engine.writer, {
    demo: config.demoSignIns,
    onTouchError: (error) => log.warn({ err: error }, 'last use of a token or session was not noted'),
  });
  registerHealth(app, health);
  registerSignIn(app, signInParts(parts, authenticator));
  registerDocs(app, () => openApiDocument(routes, { version: parts.version, serverUrl: config.publicUrl }));
  const edge = {
    engine,
    health,
    authenticator,
    readInput: inputReader(
      {
        jsonBytes: config.bodyLimitKb * 1024,
        uploadBytes: config.importLimitMb * 1024 * 1024,
        fileBytes: config.fileLimitMb * 1024 * 1024,
      },
      () => filesOf(engine).intake,
    ),
    checkResponses: config.nodeEnv === 'test',
    limits: parts.limits ?? null,
    mayBeTold: parts.mayBeTold,
    publicOrigin: new URL(config.publicUrl).origin,
    unguarded: parts.unguarded === true,
  };
  for (const route of routes) registerRoute(app, route, edge);
  registerMethods(app, routes);
  app.use(unknownPath(routes), handleError);
  return app;
}

function signInParts({ engine, config, log }: AppParts, authenticator: Authenticator): SignInParts {
  const publicOrigin = new URL(config.publicUrl).origin;
  const { oidcIssuer, oidcClientId } = config;
  const known = oidcIssuer !== undefined && oidcClientId !== undefined;
  return {
    engine,
    authenticator,
    provider: known
      ? new Provider({
          issuer: oidcIssuer,
          clientId: oidcClientId,
          clientSecret: config.oidcClientSecret,
          scope: config.oidcScope,
          personClaim: config.oidcPersonClaim,
          redirectUri: `${publicOrigin}/sign-in/callback`,
        })
      : null,
    localAccounts: config.localAccounts,
    demo: config.demoSignIns,
    throttle: new SignInThrottle(engine.writer),
    limits: {
      idleMs: config.sessionIdleMinutes * 60_000,
      longestMs: config.sessionLongestHours * 3_600_000,
    },
    publicOrigin,
    warn: (error, what) => log.warn({ err: error }, what),
  };
}

/** Health and figures, for a port that the outside does not reach. */
export function createAdminApp(parts: {
  readonly health: Health;
  readonly metrics: Metrics;
  readonly log: Logger;
}): Express {
  const app = bareApp(parts.log);
  registerHealth(app, parts.health);
  app.get('/metrics', named('GET /metrics'), async (_req, res) => {
    res.type(parts.metrics.registry.contentType).send(await parts.metrics.registry.metrics());
  });
  app.use(unknownPath([]), handleError);
  return app;
}

function bareApp(log: Logger, observe?: RequestHandler, trustedProxies?: string): Express {
  const app = express();
  // The address of the caller is the socket's, unless a proxy that is named says otherwise.
  const trusted = trustedProxies?.split(',').map((text) => text.trim()) ?? false;
  app.set('trust proxy', trusted).set('etag', false).set('query parser', 'simple').disable('x-powered-by');
  app.use(withContext, requestLog(log));
  if (observe !== undefined) app.use(observe);
  app.use(
    helmet({
      // Answers are data: a browser that shows one runs nothing. `/docs` has a policy of its own.
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      },
    }),
  );
  return app;
}

/** `/livez`: the process answers. `/readyz`: what it stands on; 503 where commands cannot be accepted. */
function registerHealth(app: Express, health: Health): void {
  app.get('/livez', named('GET /livez'), (_req, res) => {
    res.set('Cache-Control', 'no-store').json({ status: 'alive' });
  });
  app.get('/readyz', named('GET /readyz'), async (_req, res) => {
    const report = await health.report();
    const ready = report.status === 'ready' || report.status === 'degraded';
    res
      .status(ready ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json(report);
  });
}
