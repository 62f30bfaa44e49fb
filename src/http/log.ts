import type { Request, RequestHandler, Response } from 'express';
import { pinoHttp } from 'pino-http';
import type { Logger } from '../log.js';
import { contextOf } from './context.js';

/** One line per request, when its answer is out: ids, never tokens, bodies, query strings or headers. */
export function requestLog(log: Logger): RequestHandler {
  const middleware = pinoHttp<Request, Response>({
    logger: log,
    // The default bindings print whole requests with their headers; the lines below say what is needed.
    quietReqLogger: true,
    wrapSerializers: false,
    serializers: { req: () => undefined, res: () => undefined, reqId: () => undefined },
    genReqId: (req) => contextOf(req).requestId,
    customLogLevel: (req, res) => levelOf(req, res),
    customSuccessMessage: messageOf,
    customErrorMessage: (req, res) => messageOf(req, res),
    customSuccessObject: lineOf,
    customErrorObject: lineOf,
  });
  return (req, res, next) => middleware(req, res, next);
}

function levelOf(req: Request, res: Response): 'error' | 'warn' | 'info' | 'debug' {
  if (res.statusCode >= 500) return 'error';
  if (res.statusCode === 401 || res.statusCode === 403 || !res.writableEnded) return 'warn';
  const { route } = contextOf(req);
  return route === 'GET /livez' || route === 'GET /readyz' ? 'debug' : 'info';
}

function messageOf(req: Request, res: Response): string {
  const { route } = contextOf(req);
  return `${route ?? req.method} ${res.writableEnded ? res.statusCode : 'cut off'}`;
}

function lineOf(req: Request, res: Response): Record<string, unknown> {
  const { arrived, traceId, requestId, route, caller, cause } = contextOf(req);
  return {
    method: req.method,
    route,
    // Where no route took it the path says what was tried; it is the caller's text, so it is kept short.
    ...(route === null ? { path: req.path.slice(0, 200) } : {}),
    status: res.statusCode,
    ms: Math.round((performance.now() - arrived) * 10) / 10,
    traceId,
    ...(requestId === traceId ? {} : { requestId }),
    ...(caller === null ? {} : { personId: caller.identity.person.id, grantId: caller.acting?.id }),
    ...(cause === undefined ? {} : { err: cause }),
  };
}
