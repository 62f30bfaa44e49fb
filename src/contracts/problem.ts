import { z } from 'zod';
import { ERROR_CODES, type ErrorCode, type Fault } from '../domain/errors.js';
import { PROBLEM_EXAMPLE } from './examples.js';

/** The HTTP status of each kind of fault; the catalogue says whose fault a code is. */
const STATUS_OF_FAULT = {
  input: 400,
  anonymous: 401,
  rights: 403,
  unknown: 404,
  method: 405,
  slow: 408,
  state: 409,
  stale: 412,
  too_large: 413,
  media: 415,
  content: 422,
  missing_condition: 428,
  busy: 429,
  head_too_large: 431,
  ours: 500,
  unavailable: 503,
} as const satisfies Readonly<Record<Fault, number>>;

export const statusOf = (code: ErrorCode): number => STATUS_OF_FAULT[ERROR_CODES[code].fault];

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';
/** Each code is explained, in both languages, at the address that is its type; a registered type has its own. */
export const problemType = (code: ErrorCode): string =>
  code === 'quota_exceeded'
    ? 'https://iana.org/assignments/http-problem-types#quota-exceeded'
    : `/problems/${code}`;

const CODES = Object.keys(ERROR_CODES);

/** Problem Details (RFC 9457). Further members are facts that a program may read, such as the state. */
export const Problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(CODES),
    traceId: z.string(),
    errors: z
      .array(
        z.strictObject({
          pointer: z
            .string()
            .meta({ description: 'JSON Pointer into the body, or below /path, /query, /header' }),
          code: z.string(),
          detail: z.string(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem', example: PROBLEM_EXAMPLE });

/** The problem that an operation answers a status with: of these codes and no other. */
export const problemOf = (codes: readonly ErrorCode[]) =>
  z.intersection(Problem, z.looseObject({ code: z.enum(codes) }));
