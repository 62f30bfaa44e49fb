import { randomBytes } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import type { Origin } from '../engine/access-log.js';
import type { Caller } from '../engine/authenticate.js';
import { type Locale, localeOf } from './locale.js';

/** What is known of a request while it is served. */
export interface RequestContext {
  /** By this process's monotonic clock, before anything else was done: acts are judged by it. */
  readonly arrived: number;
  /** From the caller's `traceparent`, else fresh; in every Problem and log line. */
  readonly traceId: string;
  /** The caller's own `X-Request-Id` where it has a fit form, else the trace id. */
  readonly requestId: string;
  readonly locale: Locale;
  readonly origin: Origin;
  /** `GET /v1/units/{id}`, once a route has taken it. */
  route: string | null;
  caller: Caller | null;
  /** What a 5xx was caused by: for the request's log line, never for the caller. */
  cause: unknown;
}

const contexts = new WeakMap<Request, RequestContext>();

const TRACE_PARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;
const REQUEST_ID = /^[\w.:-]{1,64}$/;

/** The very first middleware: takes the instant of arrival and gives the request its ids. */
export const withContext: RequestHandler = (req, res, next) => {
  const arrived = performance.now();
  const traced = TRACE_PARENT.exec(req.get('traceparent') ?? '')?.[1];
  const traceId = traced !== undefined && !/^0+$/.test(traced) ? traced : newTraceId();
  const stated = req.get('x-request-id');
  const requestId = stated !== undefined && REQUEST_ID.test(stated) ? stated : traceId;
  const locale = localeOf(req.get('accept-language'));
  const origin = { address: req.ip ?? null, agent: req.get('user-agent') ?? null };
  contexts.set(req, {
    arrived,
    traceId,
    requestId,
    locale,
    origin,
    route: null,
    caller: null,
    cause: undefined,
  });
  res.set('X-Request-Id', requestId);
  next();
};

/** A trace id as W3C Trace Context writes it. */
export const newTraceId = (): string => randomBytes(16).toString('hex');

/** @throws for a request that has not passed `withContext`, which would be a fault of the app's order. */
export function contextOf(req: Request): RequestContext {
  const context = contexts.get(req);
  if (context === undefined) throw new Error('The request has no context');
  return context;
}
