import type { z } from 'zod';
import type { Role } from '../domain/actor.js';
import type { Bilingual, ErrorCode } from '../domain/errors.js';

/**
 * Who may call a route at all; the finer relation (leads, monitors, own cause …) is the decider's.
 * `signed_in`: any person with a valid token, also one who has not chosen a grant.
 */
export type Access = 'anonymous' | 'signed_in' | readonly Role[];

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Groups of the explorer, in its order. */
export const TAGS = [
  'me',
  'directives',
  'imports',
  'assignments',
  'matters',
  'escalations',
  'referrals',
  'reports',
  'counts',
  'units',
  'people',
  'deadlines',
  'files',
  'integration',
  'calendars',
  'operations',
] as const;

/**
 * A route as data. The HTTP edge registers it on Express and the OpenAPI document is made from the same
 * object, so no route can be missing there.
 */
export interface RouteContract {
  readonly method: Method;
  /** As OpenAPI writes it: `/v1/units/{id}`. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: (typeof TAGS)[number];
  readonly summary: Bilingual;
  readonly description?: string;
  readonly access: Access;
  readonly params?: z.ZodObject | undefined;
  readonly query?: z.ZodObject | undefined;
  readonly body?: z.ZodType | undefined;
  /**
   * The body is multipart/form-data with one file in the field `file`; `body` then says its other fields.
   * `memory`: the handler gets its bytes; `disk`: it was written to disk as it came, hashed and counted.
   */
  readonly upload?: 'memory' | 'disk';
  /** Also signed in by Basic, with a token as the password: for programs that know nothing else. */
  readonly basic?: true;
  /** What the file would hold may come as a JSON body instead. */
  readonly jsonToo?: true;
  readonly success: Success;
  /** Codes that only this route can answer with, beside those every route can. */
  readonly problems?: readonly ErrorCode[];
  readonly idempotency: 'none' | 'optional' | 'required';
  /** An edit needs the version that was read; a command on a versioned resource honours it where it is named. */
  readonly ifMatch: 'none' | 'optional' | 'required';
}

/** The one way in which a route succeeds: a repeat under the same idempotency key answers the same. */
export interface Success<R extends z.ZodType = z.ZodType> {
  readonly status: 200 | 201 | 202 | 204;
  /** Left out where there is no body (204), or none in JSON. */
  readonly schema?: R | undefined;
  /** What else it may answer with, as a stream: a file, a table, events. */
  readonly media?: readonly string[] | undefined;
  /** What each part of the stream holds, where it has a shape. */
  readonly streamed?: z.ZodType | undefined;
}
