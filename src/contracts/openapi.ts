import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { ERROR_CODES, type ErrorCode } from '../domain/errors.js';
import { ANSWER_EXAMPLES, REQUEST_EXAMPLES } from './examples.js';
import { PROBLEM_MEDIA_TYPE, problemOf, statusOf } from './problem.js';
import { type RouteContract, TAGS } from './route.js';

export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

/** The OpenAPI 3.1 document of the routes: made from the same objects that serve them. */
export function openApiDocument(
  routes: readonly RouteContract[],
  about: { readonly version: string; readonly serverUrl: string },
): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description: 'A personal API token',
  });
  registry.registerComponent('securitySchemes', 'basic', {
    type: 'http',
    scheme: 'basic',
    description: 'Any user name, and a token as the password; for calendar programs alone',
  });
  registry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-dondoc',
    description: 'A browser’s session, begun at /sign-in. Commands must come from this site.',
  });
  for (const [name, parameter] of Object.entries(HEADERS)) {
    registry.registerComponent('parameters', name, parameter);
  }
  for (const route of routes) registry.registerPath(pathOf(route));
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Dondoc',
      version: about.version,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0' },
    },
    servers: [{ url: about.serverUrl }],
    tags: TAGS.map((name) => ({ name })),
  });
  return mended(document);
}

/**
 * What the generator writes amiss. Some nullable references become `allOf` of the reference and `object or null`,
 * which no null fits: they are written as it writes them elsewhere. A pattern keeps the flags of its expression. What
 * is undefined is left out, as JSON does.
 */
function mended(document: OpenApiDocument): OpenApiDocument {
  const mend = (key: string, value: unknown): unknown => {
    if (key === 'pattern' && typeof value === 'string') return value.replace(/\/[a-z]+$/, '');
    return isNullableReference(value) ? { oneOf: [value.allOf[0], { type: 'null' }] } : value;
  };
  // eslint-disable-next-line @typescript-eslint/no-unsafe-assignment -- the document again, as JSON holds it
  const result: OpenApiDocument = JSON.parse(JSON.stringify(document), mend);
  return result;
}

function isNullableReference(value: unknown): value is { allOf: [object, object] } {
  if (typeof value !== 'object' || value === null || !('allOf' in value) || !Array.isArray(value.allOf))
    return false;
  return (
    value.allOf.length === 2 &&
    '$ref' in value.allOf[0] &&
    JSON.stringify(value.allOf[1]) === '{"type":["object","null"]}'
  );
}

const DESCRIPTION = [
  'Theo dõi, đôn đốc nhiệm vụ · the follow-through of Working Group directives.',
  '',
  'Every answer of 400 or above is a Problem Details document (RFC 9457). Its `code` is stable; `title` and',
  '`detail` follow `Accept-Language` (`vi`, the default, or `en`); `errors[]` names wrong fields by JSON Pointer.',
  '',
  'Commands take an `Idempotency-Key`: for 72 hours the same key with the same request has no second effect, and is answered by the resource as it is then.',
  'A person who holds several grants names one in `Dondoc-Grant`; `GET /v1/me` lists them.',
].join('\n');

const KEY_TEXT = 'A fresh random key for each command, the same for its repeats';

const HEADERS = {
  AcceptLanguage: header('Accept-Language', 'Language of problems and texts: vi or en'),
  DondocGrant: header(
    'Dondoc-Grant',
    'The grant under which the request acts; needed where several are held',
  ),
  Grant: {
    ...header(
      'grant',
      'The same as Dondoc-Grant, for links, streams and feeds that a browser opens by itself',
    ),
    in: 'query' as const,
  },
  IdempotencyKey: header('Idempotency-Key', KEY_TEXT),
  IdempotencyKeyRequired: header('Idempotency-Key', KEY_TEXT, true),
  IfMatch: header(
    'If-Match',
    'The ETag of the resource as it was read: where it has changed since, nothing happens (412)',
  ),
  IfMatchRequired: header('If-Match', 'The ETag of the resource as it was read', true),
  IfNoneMatch: header('If-None-Match', 'An ETag: where it still holds the answer is 304'),
};

function header(name: string, description: string, required = false) {
  return { name, in: 'header' as const, description, required, schema: { type: 'string' as const } };
}

function headersOf(route: RouteContract): (keyof typeof HEADERS)[] {
  const names: (keyof typeof HEADERS)[] = ['AcceptLanguage'];
  if (route.access !== 'anonymous') names.push('DondocGrant');
  if (route.access !== 'anonymous' && route.method === 'get') names.push('Grant');
  if (route.idempotency === 'optional') names.push('IdempotencyKey');
  if (route.idempotency === 'required') names.push('IdempotencyKeyRequired');
  if (route.ifMatch === 'optional') names.push('IfMatch');
  if (route.ifMatch === 'required') names.push('IfMatchRequired');
  if (route.method === 'get') names.push('IfNoneMatch');
  return names;
}

function pathOf(route: RouteContract): RouteConfig {
  return {
    method: route.method,
    path: route.path,
    operationId: route.operationId,
    tags: [route.tag],
    summary: `${route.summary.vi} · ${route.summary.en}`,
    ...(route.description === undefined ? {} : { description: route.description }),
    'x-roles': typeof route.access === 'string' ? route.access : [...route.access],
    security:
      route.access === 'anonymous'
        ? []
        : [{ token: [] }, { session: [] }, ...(route.basic === true ? [{ basic: [] }] : [])],
    parameters: headersOf(route).map((name) => ({ $ref: `#/components/parameters/${name}` })),
    request: {
      ...(route.params === undefined ? {} : { params: route.params }),
      ...(route.query === undefined ? {} : { query: route.query }),
      ...bodyOf(route),
    },
    responses: { ...successOf(route), ...problemsOf(route) },
  };
}

const FilePart = z.string().meta({ contentMediaType: 'application/octet-stream' });

function bodyOf(route: RouteContract): NonNullable<RouteConfig['request']> {
  if (route.upload !== undefined) {
    const fields = route.body instanceof z.ZodObject ? route.body.shape : {};
    return {
      body: {
        required: true,
        content: {
          'multipart/form-data': { schema: z.strictObject({ file: FilePart, ...fields }) },
          ...(route.jsonToo === true && route.body !== undefined
            ? { 'application/json': { schema: route.body, ...exampleOf(REQUEST_EXAMPLES, route) } }
            : {}),
        },
      },
    };
  }
  if (route.body === undefined) return {};
  // A command whose fields may all be left out may be sent without a body.
  const required = !route.body.safeParse({}).success;
  const json = { schema: route.body, ...exampleOf(REQUEST_EXAMPLES, route) };
  return { body: { required, content: { 'application/json': json } } };
}

function exampleOf(
  examples: Readonly<Record<string, object>>,
  { operationId }: RouteContract,
): { example?: object } {
  const example = examples[operationId];
  return example === undefined ? {} : { example };
}

function successOf(route: RouteContract): RouteConfig['responses'] {
  const { status, schema, media = [], streamed } = route.success;
  const part: z.ZodType | { type: 'string' } = streamed ?? { type: 'string' };
  const content = {
    ...(schema === undefined ? {} : { 'application/json': { schema, ...exampleOf(ANSWER_EXAMPLES, route) } }),
    ...Object.fromEntries(media.map((type) => [type, { schema: part }])),
  };
  const answer = Object.keys(content).length === 0 ? {} : { content };
  return {
    [status]: { description: route.summary.en, ...answer },
    ...(route.method === 'get'
      ? { 304: { description: 'The representation named by If-None-Match still holds' } }
      : {}),
  };
}

/** The codes that a route can answer with, gathered under their status. */
function problemsOf(route: RouteContract): RouteConfig['responses'] {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set(codesOf(route))) {
    const status = statusOf(code);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${ERROR_CODES[code].title.en}`).join('; '),
        content: { [PROBLEM_MEDIA_TYPE]: { schema: problemOf(codes) } },
      },
    ]),
  );
}

function codesOf(route: RouteContract): ErrorCode[] {
  const codes: ErrorCode[] = ['invalid_body', 'internal', 'database_unavailable', 'shutting_down'];
  if (route.access !== 'anonymous') {
    codes.push('unauthenticated', 'forbidden', 'insufficient_scope', 'quota_exceeded');
    if (route.method !== 'get') codes.push('cross_site_request');
  }
  if (route.params !== undefined) codes.push('not_found');
  if (route.method !== 'get' && route.method !== 'delete') {
    codes.push('malformed_json', 'payload_too_large', 'unsupported_media_type');
  }
  if (route.idempotency !== 'none') codes.push('idempotency_key_reused', 'idempotency_in_flight');
  if (route.idempotency === 'required') codes.push('idempotency_key_missing');
  if (route.ifMatch !== 'none') codes.push('version_changed');
  if (route.ifMatch === 'required') codes.push('precondition_missing');
  const { body } = route;
  if (body instanceof z.ZodObject && 'files' in body.shape) codes.push('reference_unknown');
  return [...codes, ...(route.problems ?? [])];
}
