import type { IRouter, Request, Response } from 'express';
import type { DocumentInput } from '../contracts/command.js';
import type { RouteContract } from '../contracts/route.js';
import type { Access, AccessAction } from '../domain/access-log.js';
import { type Actor, type PersonActor, SYSTEM } from '../domain/actor.js';
import { DondocError, isRefusal, type Refusal, refuse } from '../domain/errors.js';
import { permissionOf } from '../domain/permission/permission.js';
import { accessBy, type Origin, recordAccess } from '../engine/access-log.js';
import { type Authenticator, actorOf, type Caller } from '../engine/authenticate.js';
import { digest } from '../engine/chain.js';
import type { Engine } from '../engine/engine.js';
import type { Viewer } from '../engine/read/view.js';
import type { CommandRequest, IdempotencyRequest } from '../engine/request.js';
import type { InputReader } from './body.js';
import {
  accessRefusal,
  actingAs,
  callerOf,
  GRANT_HEADER,
  grantInQuery,
  scopeRefusal,
  signedIn,
} from './caller.js';
import { type Conditions, conditionsOf, entityTag, idempotencyOf, isFresh } from './conditions.js';
import { contextOf, type RequestContext } from './context.js';
import { cookieOf, crossSiteRefusal, SESSION_COOKIE } from './cookies.js';
import { type Health, whileDatabaseAnswers } from './health.js';
import { limitHeaders, quotaRefusal, type RequestLimits } from './limits.js';
import type { Locale } from './locale.js';
import { networkOf } from './network.js';
import { sendProblem } from './problem.js';
import type { Call, RawInput, Reply, Route, StreamReply } from './route.js';
import { sendStream } from './stream.js';

/** What every route is served with. */
export interface Edge {
  readonly engine: Engine;
  readonly authenticator: Authenticator;
  readonly health: Health;
  readonly readInput: InputReader;
  /** Holds each answer against its shape; for tests, where a difference is our fault and a 500. */
  readonly checkResponses: boolean;
  /** How often who may ask; without it, nobody is counted. */
  readonly limits: RequestLimits | null;
  /** Whether a webhook may have this address. */
  readonly mayBeTold: (url: string) => boolean;
  /** Where our own pages are: `https://dondoc.example`. */
  readonly publicOrigin: string;
  /** Leaves the question of roles to the database alone; for a test of row-level security. */
  readonly unguarded: boolean;
}

/** `/v1/units/{id}` as Express writes it: `/v1/units/:id`. */
export const expressPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

export function registerRoute(router: IRouter, route: Route, edge: Edge): void {
  router[route.method](expressPath(route.path), async (req, res) => {
    contextOf(req).route = `${route.method.toUpperCase()} ${route.path}`;
    const outcome = await whileDatabaseAnswers(serve(route, edge, req, res), edge.health, {
      onHangUp: (stop) => res.once('close', stop),
      gone: databaseGone,
    });
    if (isRefusal(outcome)) sendProblem(req, res, outcome);
    else if ('stream' in outcome) await sendStream(req, res, route.success.status, outcome);
    else {
      if (mayEndSignIns(route)) edge.authenticator.forgetAll();
      sendReply(route, edge, req, res, outcome);
    }
  });
}

/** Tokens, sessions and grants that this process has ended end here at once; another looks again within seconds. */
const mayEndSignIns = ({ method, tag }: Route): boolean =>
  method !== 'get' && (tag === 'me' || tag === 'people');

/** Who, then whether they may at all, then the headers, and only then is the body read and judged. */
async function serve(
  route: Route,
  edge: Edge,
  req: Request,
  res: Response,
): Promise<Refusal | Reply<unknown> | StreamReply> {
  if (edge.health.draining) return shuttingDown();
  const context = contextOf(req);
  const caller = await admitted(route, edge, req, res);
  if (isRefusal(caller)) return caller;
  context.caller = caller;
  const conditions = conditionsOf(route, req);
  if (isRefusal(conditions)) return conditions;
  const input = await edge.readInput(route, req, res);
  if (isRefusal(input)) return input;
  const idempotency =
    context.caller === null ? undefined : idempotencyOf(route, req, context.caller, conditions, asked(input));
  const call = new RouteCall({ route, edge, req, context, conditions, idempotency });
  return await route.handle(call, input);
}

/** Who asks, if they may ask this at all and not too often; null on anonymous routes. */
async function admitted(
  route: Route,
  edge: Edge,
  req: Request,
  res: Response,
): Promise<Caller | null | Refusal> {
  if (route.access === 'anonymous') return null;
  const caller = await recognised(route, edge, req);
  if (isRefusal(caller)) {
    // A program that knows Basic alone asks for a name and a password when it hears of it.
    if (route.basic === true) res.append('WWW-Authenticate', 'Basic realm="dondoc", charset="UTF-8"');
    const tries = caller.code === 'unauthenticated' ? await edge.limits?.address.take(addressOf(req)) : null;
    return quotaRefusal(tries ? [tries] : []) ?? caller;
  }
  contextOf(req).caller = caller;
  const { credential, person } = caller.identity;
  const taken = [
    await edge.limits?.person.take(person.id),
    credential.kind === 'token' ? await edge.limits?.token.take(credential.id) : null,
  ].filter((each) => each !== null && each !== undefined);
  res.set(limitHeaders(taken));
  return quotaRefusal(taken) ?? doorRefusal(route, edge, req, caller) ?? caller;
}

async function recognised(
  { basic }: Route,
  edge: Edge,
  req: Request,
  quietly = false,
): Promise<Caller | Refusal> {
  return await callerOf(edge.authenticator, {
    authorization: req.get('authorization'),
    session: cookieOf(req, SESSION_COOKIE),
    grant: req.get(GRANT_HEADER) ?? grantInQuery(req),
    basic: basic === true,
    quietly,
  });
}

/** From where, as which role, with which scope: what is asked before anything is read. */
function doorRefusal(route: Route, edge: Edge, req: Request, caller: Caller): Refusal | null {
  const ofBrowser = caller.identity.credential.kind === 'session';
  const scope = permissionOf(route.operationId)?.scope;
  return (
    (ofBrowser ? crossSiteRefusal(req, edge.publicOrigin) : null) ??
    (edge.unguarded ? null : accessRefusal(route.access, caller)) ??
    (scope === undefined ? null : scopeRefusal(scope, caller))
  );
}

const addressOf = (req: Request): string => networkOf(req.ip ?? 'unknown');

/** What the idempotency key stands for: the fields, and of a file its name and content. */
function asked({ body, file, received }: RawInput): unknown {
  if (received !== null) return { body, name: received.name, content: received.sha256 };
  if (file !== null) return { body, name: file.name, content: digest(file.bytes).toString('hex') };
  return body;
}

/** What a call is made of. */
interface CallParts {
  readonly route: Route;
  readonly edge: Edge;
  readonly req: Request;
  readonly context: RequestContext;
  readonly conditions: Conditions;
  readonly idempotency: IdempotencyRequest | undefined;
}

class RouteCall implements Call {
  readonly engine: Engine;
  readonly #parts: CallParts;

  constructor(parts: CallParts) {
    this.engine = parts.edge.engine;
    this.#parts = parts;
  }

  get #context(): RequestContext {
    return this.#parts.context;
  }

  get locale(): Locale {
    return this.#context.locale;
  }

  get caller(): Caller | null {
    return this.#context.caller;
  }

  get actor(): PersonActor {
    return actingAs(this.caller);
  }

  get ifMatch(): number {
    const { ifMatch } = this.#parts.conditions;
    if (ifMatch === null) throw new Error('The route does not ask for If-Match');
    return ifMatch;
  }

  get viewer(): Viewer {
    return { actor: this.actor, locale: this.locale };
  }

  get origin(): Origin {
    return { ...this.#context.origin, credential: this.caller?.identity.credential };
  }

  async recordAccess(
    action: AccessAction,
    subject: Access['subject'],
    detail?: Access['detail'],
  ): Promise<void> {
    await recordAccess(this.engine.writer, accessBy(this.actor, this.origin, action, subject, detail));
  }

  mayBeTold(url: string): boolean {
    return this.#parts.edge.mayBeTold(url);
  }

  get draining(): boolean {
    return this.#parts.edge.health.draining;
  }

  async stillAllowed(): Promise<boolean> {
    const { route, edge, req } = this.#parts;
    if (route.access === 'anonymous') return true;
    const now = await recognised(route, edge, req, true);
    if (isRefusal(now) || doorRefusal(route, edge, req, now) !== null) return false;
    return now.acting?.id === this.caller?.acting?.id;
  }

  header(name: string): string | null {
    return this.#parts.req.get(name) ?? null;
  }

  personalCommand(): CommandRequest {
    const { identity, acting } = signedIn(this.caller);
    return this.#frame(acting === null ? SYSTEM : actorOf(identity, acting));
  }

  #frame(actor: Actor): CommandRequest {
    const { identity, acting } = signedIn(this.caller);
    const standing = { grantId: acting?.id ?? null, credential: identity.credential };
    const { idempotency, conditions } = this.#parts;
    const ifMatch = conditions.ifMatch ?? undefined;
    return { actor, arrived: this.#context.arrived, idempotency, ifMatch, standing };
  }

  command(document?: DocumentInput, files: readonly string[] = []): CommandRequest {
    return {
      ...this.#frame(this.actor),
      document: document === undefined ? undefined : documentOf(document),
      files,
    };
  }
}

/** Without the fields that were left out: a document that is kept holds no empty ones. */
function documentOf({ number, date, signer, arrivedAt }: DocumentInput): CommandRequest['document'] {
  return {
    number,
    date,
    ...(signer === undefined ? {} : { signer }),
    ...(arrivedAt === undefined ? {} : { arrivedAt }),
  };
}

function sendReply(
  route: RouteContract,
  edge: Edge,
  req: Request,
  res: Response,
  reply: Reply<unknown>,
): void {
  const { status, schema } = route.success;
  if (edge.checkResponses && schema !== undefined) schema.parse(reply.body);
  res
    .status(status)
    // What a person may see depends on who asks, under which grant.
    .set('Cache-Control', route.method === 'get' ? 'private, no-cache' : 'no-store')
    .vary('Authorization')
    .vary('Cookie')
    .vary(GRANT_HEADER);
  for (const [name, value] of Object.entries(reply.headers ?? {})) res.set(name, value);
  if (status === 204) {
    res.end();
    return;
  }
  const text = JSON.stringify(reply.body);
  const version = reply.version ?? null;
  if ((route.method === 'get' || version !== null) && isFresh(req, res, entityTag(text, version))) {
    res.status(304).end();
    return;
  }
  res.type('application/json').send(text);
}

function databaseGone(): DondocError {
  return new DondocError(
    refuse('database_unavailable', {
      vi: 'Cơ sở dữ liệu không trả lời; hãy gửi lại cùng Idempotency-Key.',
      en: 'The database does not answer; try again with the same Idempotency-Key.',
    }),
  );
}

function shuttingDown(): Refusal {
  return refuse('shutting_down', {
    vi: 'Máy chủ đang dừng; hãy gửi lại sau giây lát.',
    en: 'The server is stopping; try again in a moment.',
  });
}
