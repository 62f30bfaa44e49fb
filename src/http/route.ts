/**
 * How to add a route:
 *
 * 1. Put the shapes of its request and its resource into `src/contracts/<noun>.ts` (zod, `z.strictObject`, so
 *    that unknown fields are refused; resources carry `.meta({ id: 'Name' })`, their name in OpenAPI).
 * 2. Write it in `src/http/routes/<noun>.ts` with `route({ … , handler })`; `routes/me.ts` is the example.
 * 3. Say who may in `src/domain/permission/table.ts`, by the operation's id: what has no row there does not load.
 * 4. List it in that file's exported array; `src/http/routes/index.ts` joins the arrays. Nothing else: Express
 *    and the OpenAPI document are both made from the object, and tests go over every route by themselves.
 *
 * A handler gets input that is already parsed, and answers `{ body }`, `{ body, version }` (a versioned
 * resource, which gives the ETag) or a Refusal, which becomes a Problem. It never touches request or response.
 * Reads: `call.viewer` says whose eyes. Commands: `call.command(input.body.document)` makes the CommandRequest,
 * and `afterCommand` (outcome.ts) reads the resource again. Whatever shows a case or a dossier, and every export,
 * calls `call.recordAccess` before it answers.
 */
import type { z } from 'zod';
import type { DocumentInput } from '../contracts/command.js';
import { NoQuery } from '../contracts/common.js';
import type { RouteContract, Success } from '../contracts/route.js';
import type { Access, AccessAction } from '../domain/access-log.js';
import type { PersonActor } from '../domain/actor.js';
import { isRefusal, type Refusal } from '../domain/errors.js';
import { permissionOf, rolesOf } from '../domain/permission/permission.js';
import type { Origin } from '../engine/access-log.js';
import type { Caller } from '../engine/authenticate.js';
import type { Engine } from '../engine/engine.js';
import type { ReceivedFile } from '../engine/file-ports.js';
import type { Viewer } from '../engine/read/view.js';
import type { CommandRequest } from '../engine/request.js';
import type { Locale } from './locale.js';
import { parseInput } from './validation.js';

/** What a handler knows of the request beside its input. */
export interface Call {
  readonly engine: Engine;
  readonly locale: Locale;
  /** Who is signed in; null on anonymous routes. */
  readonly caller: Caller | null;
  /** The caller under the acting grant. @throws on routes that do not ask for a role. */
  readonly actor: PersonActor;
  /** Whose eyes a read has, and in which language it answers. */
  readonly viewer: Viewer;
  /** The version named by If-Match. @throws on routes that do not require it. */
  readonly ifMatch: number;
  /** Where the request came from, for the access log. */
  readonly origin: Origin;
  /** Writes to the access log that the caller looked at something or took it out; awaited before the answer. */
  recordAccess(action: AccessAction, subject: Access['subject'], detail?: Access['detail']): Promise<void>;
  /** Whether the caller could still make this request: asked again while a long answer is sent. */
  stillAllowed(): Promise<boolean>;
  /** Whether this process is stopping: a long answer ends itself. */
  readonly draining: boolean;
  /** Whether the configuration lets a webhook have this address. */
  mayBeTold(url: string): boolean;
  /** A header of the request, for the few answers that depend on one. */
  header(name: string): string | null;
  /** The frame of a command: who, when it arrived, its idempotency key, the document and the files it rests on. */
  command(document?: DocumentInput, files?: readonly string[]): CommandRequest;
  /** The same for what a person does about themselves, under whatever grant or none. */
  personalCommand(): CommandRequest;
}

export interface Upload {
  readonly name: string;
  readonly bytes: Buffer;
}

/** What a handler answers with; the status is the route's own. */
export interface Reply<T> {
  readonly body: T;
  /** The resource's version: makes the ETag that If-Match is compared with. */
  readonly version?: number | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * An answer that is sent as it is made: a file, a table, events. The caller's pace is its pace; where the caller
 * leaves, the iterator is ended.
 */
export interface StreamReply {
  readonly stream: AsyncIterable<Uint8Array | string>;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Input<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** The file of an upload route that takes it into memory, else null. */
  readonly file: Upload | null;
  /** The file of an upload route that takes it to disk, else null. Whoever gets it keeps or discards it. */
  readonly received: Received | null;
}

/** A file as it came, on disk. */
export interface Received extends ReceivedFile {
  readonly name: string;
}

/** A route with its handler's types erased: what the registrar works with. */
export interface Route extends RouteContract {
  handle(call: Call, raw: RawInput): Promise<Refusal | Reply<unknown> | StreamReply>;
}

/** The request as it came, NFC and without control characters, not yet parsed. */
export interface RawInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly file: Upload | null;
  readonly received: Received | null;
}

interface Definition<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, R extends z.ZodType>
  extends Omit<RouteContract, 'access'> {
  /** Only for routes of tests; those of the product have their row in the policy table. */
  readonly access?: RouteContract['access'];
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly success: Success<R>;
  handler(
    call: Call,
    input: Input<z.output<P>, z.output<Q>, z.output<B>>,
  ): Promise<Refusal | Reply<z.input<R>> | StreamReply>;
}

/** Makes a route: the handler is typed by the shapes beside it and gets only what they let through. */
export function route<
  P extends z.ZodObject = typeof NoQuery,
  Q extends z.ZodObject = typeof NoQuery,
  B extends z.ZodType = typeof NoQuery,
  R extends z.ZodType = z.ZodUndefined,
>(definition: Definition<P, Q, B, R>): Route;
export function route(definition: Definition<z.ZodObject, z.ZodObject, z.ZodType, z.ZodType>): Route {
  const shapes = {
    params: definition.params ?? NoQuery,
    query: definition.query ?? NoQuery,
    body: definition.body ?? NoQuery,
  };
  return {
    ...definition,
    access: definition.access ?? accessOf(definition.operationId),
    handle: async (call, raw) => {
      const input = parseInput(shapes, raw);
      return isRefusal(input)
        ? input
        : await definition.handler(call, { ...input, file: raw.file, received: raw.received });
    },
  };
}

/** @throws for an operation without a row in the policy table: nobody may call it, so it must not be served. */
function accessOf(operationId: string): RouteContract['access'] {
  const permission = permissionOf(operationId);
  if (permission !== null) return rolesOf(permission);
  throw new Error(`${operationId} has no row in src/domain/permission/table.ts: say there who may call it`);
}
