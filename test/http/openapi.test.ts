import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { z } from 'zod';
import { ASSIGNMENT_ACTIONS } from '../../src/domain/assignment/table.js';
import { DIRECTIVE_ACTIONS } from '../../src/domain/directive/decide.js';
import { REFERRAL_ACTIONS } from '../../src/domain/referral/table.js';
import { ROUTES } from '../../src/http/routes/index.js';
import { Declared } from '../support/declared.js';
import { startTestApi, type TestApi } from './api-fixture.js';
import { NOBODYS } from './matrix-kit.js';

interface Media {
  readonly schema: object;
  readonly example?: object;
}
interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly $ref?: string; readonly name?: string; readonly in?: string }[];
  readonly requestBody?: { readonly required: boolean; readonly content: Record<string, Media> };
  readonly responses: Record<string, { description: string; content?: Record<string, Media> }>;
  readonly security: readonly object[];
}
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: Record<string, Record<string, object>>;
}

let api: TestApi;
let document: Document;
beforeAll(async () => {
  api = await startTestApi();
  document = (await api.call('GET', '/openapi.json')).body;
});
afterAll(async () => {
  await api.stop();
});

const operations = (): [string, string, Operation][] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, string, Operation] => [
      method,
      path,
      operation,
    ]),
  );

/** A schema as a validator takes it that knows the document by name. */
const local = (schema: object): object => JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/'));

/** Objects that hold what only a reader of JSON can tell: computed readings of phrases, policies as they were. */
const OPEN = [
  '/AccessLine/properties/detail',
  '/AssignmentDeadline/properties/rule/anyOf/0',
  '/DeadlinePreview/properties/rule/anyOf/0',
  '/DirectiveTask/properties/deadline/properties/past/anyOf/0/properties/newRule/anyOf/0',
  '/DirectiveTask/properties/deadline/properties/rule/anyOf/0',
  '/Import/properties/choices',
  '/Policy/properties/body',
  '/PolicyVersion/properties/policy',
  '/paths//v1/reports/get/responses/200/content/application/json/schema/properties/counts',
];

describe('the OpenAPI document', () => {
  test('is of version 3.1 and holds exactly the routes that are served', () => {
    expect(document.openapi).toBe('3.1.0');
    const written = operations().map(([method, path]) => `${method} ${path}`);
    expect(written.sort()).toEqual(ROUTES.map((route) => `${route.method} ${route.path}`).sort());
  });

  test('names each operation once', () => {
    const ids = operations().map(([, , operation]) => operation.operationId);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z]+$/);
  });

  test('leads with every reference to something that is there', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)];
    expect(references.length).toBeGreaterThan(100);
    expect(
      references.filter(([, kind = '', name = '']) => document.components[kind]?.[name] === undefined),
    ).toEqual([]);
  });

  test('has only schemas that a validator of JSON Schema 2020-12 accepts', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'document', components: document.components });
    for (const [method, path, operation] of operations()) {
      const contents = [
        operation.requestBody?.content,
        ...Object.values(operation.responses).map((each) => each.content),
      ];
      for (const content of contents) {
        for (const { schema } of Object.values(content ?? {})) {
          expect(() => ajv.compile(local(schema))).not.toThrow(`${method} ${path}`);
        }
      }
    }
  });

  test('declares every parameter that a path holds', () => {
    for (const [, path, operation] of operations()) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = operation.parameters.filter((each) => each.in === 'path').map((each) => each.name);
      expect([path, declared]).toEqual([path, named]);
    }
  });

  test('refuses unknown fields in every body, as the server does', () => {
    for (const [method, path, { requestBody }] of operations()) {
      const schema: { $ref?: string } | undefined = requestBody?.content['application/json']?.schema;
      if (schema === undefined) continue;
      const found =
        schema.$ref === undefined
          ? schema
          : document.components.schemas?.[schema.$ref.split('/').at(-1) ?? ''];
      expect([method, path, found]).toEqual([
        method,
        path,
        expect.objectContaining({ additionalProperties: false }),
      ]);
    }
  });

  test('tells of each operation the problems it can answer with and that it needs a token or a session', () => {
    for (const [, path, operation] of operations()) {
      expect([path, Object.keys(operation.responses)]).toEqual([
        path,
        expect.arrayContaining(['400', '401', '403', '500', '503']),
      ]);
      // A calendar program knows Basic alone.
      const basic = path === '/v1/calendar.ics' ? [{ basic: [] }] : [];
      expect(operation.security).toEqual([{ token: [] }, { session: [] }, ...basic]);
    }
  });
});

describe('the examples of the document', () => {
  const declared = new Declared();
  const validators = new Ajv2020({ strict: false });

  test('are there for every body in JSON, and fit its schema and the contract that the server reads it by', () => {
    const wrong = operations().flatMap(([method, path, operation]) => {
      const json = operation.requestBody?.content['application/json'];
      if (json === undefined) return [];
      if (json.example === undefined) return [`${operation.operationId} has none`];
      const contract = ROUTES.find((route) => route.operationId === operation.operationId)?.body;
      const asSent: unknown = JSON.parse(JSON.stringify(json.example));
      const read = contract?.safeParse(asSent);
      const faults = declared.against(`${method} ${path} example`, local(json.schema), json.example);
      if (read?.success !== true) faults.push(JSON.stringify(read?.error.issues));
      return faults.map((fault) => `${operation.operationId}: ${fault}`);
    });
    expect(wrong).toEqual([]);
  });

  test('of answers fit their schemas', () => {
    let seen = 0;
    const wrong = operations().flatMap(([method, path, operation]) =>
      Object.entries(operation.responses).flatMap(([status, { content = {} }]) =>
        Object.values(content).flatMap(({ schema, example }) => {
          if (example === undefined) return [];
          seen += 1;
          return declared
            .against(`${method} ${path} ${status} example`, local(schema), example)
            .map((fault) => `${operation.operationId} ${status}: ${fault}`);
        }),
      ),
    );
    expect([seen > 0, wrong]).toEqual([true, []]);
  });

  test('of single fields and shapes fit what they stand in', () => {
    formats.default(validators);
    validators.addSchema({ $id: 'document', components: document.components });
    const found = shapesWithExample(document);
    expect(found.length).toBeGreaterThan(5);
    for (const { example, ...schema } of found) {
      const fits = validators.compile(local(schema))(example);
      expect([example, fits]).toEqual([example, true]);
    }
  });
});

/** Every schema with an example of its own. */
function shapesWithExample(value: unknown): { readonly example: unknown; readonly type?: unknown }[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'example' in value && ('type' in value || 'properties' in value) ? [value] : [];
  return [...own, ...Object.values(value).flatMap(shapesWithExample)];
}

describe('answers that the document does not say', () => {
  const declared = new Declared();
  const person = { id: NOBODYS, name: 'A', email: null, locale: 'vi' };
  const body = { person, grants: [], acting: null };
  const answer = { method: 'GET', path: '/v1/me', status: 200, media: 'application/json', body };

  test('are found by an unknown field, a missing one, a wrong format, a status, a medium and an unlisted code', () => {
    expect(declared.faults(answer)).toEqual([]);
    const faulty = (change: object) => declared.faults({ ...answer, ...change }).length;
    expect(faulty({ body: { ...body, more: 1 } })).toBe(1);
    expect(faulty({ body: { person, grants: [] } })).toBe(1);
    expect(faulty({ body: { ...body, person: { ...person, id: 'x' } } })).toBe(1);
    expect(faulty({ status: 202 })).toBe(1);
    expect(faulty({ media: 'text/plain' })).toBe(1);
    expect(faulty({ path: '/v1/mine' })).toBe(1);
    const problem = { type: '/problems/x', title: 'x', detail: 'x', status: 403, traceId: 'x' };
    const refused = { status: 403, media: 'application/problem+json' };
    expect(faulty({ ...refused, body: { ...problem, code: 'forbidden' } })).toBe(0);
    expect(faulty({ ...refused, body: { ...problem, code: 'own_cause' } })).toBe(1);
  });
});

describe('objects of the document', () => {
  test('are closed, but for the few that hold what only a reader of JSON can tell', () => {
    expect(openShapes('', { ...document.components.schemas, paths: document.paths }).sort()).toEqual(OPEN);
  });
});

/** Paths of objects that say nothing of further fields. */
function openShapes(at: string, value: unknown): string[] {
  if (typeof value !== 'object' || value === null || at.includes('requestBody')) return [];
  const open = 'type' in value && value.type === 'object' && !('additionalProperties' in value) ? [at] : [];
  return [...open, ...Object.entries(value).flatMap(([name, inner]) => openShapes(`${at}/${name}`, inner))];
}

describe('the routes', () => {
  test('give every list as a file too, but one’s own tokens and sessions, and what is a document and no row', () => {
    const without = ROUTES.filter(({ success: { schema, media = [] } }) => {
      const isList = schema instanceof z.ZodObject && 'items' in schema.shape;
      return isList && !media.includes('text/csv');
    });
    expect(without.filter(({ method }) => method === 'get').map(({ operationId }) => operationId)).toEqual([
      'listTokens',
      'listSessions',
      'listPolicyVersions',
      'listPolicies',
      'listCalendars',
    ]);
  });

  test('have one for every act of the tables of states', () => {
    const commands = ROUTES.filter((route) => route.method !== 'get').length;
    const acts =
      ASSIGNMENT_ACTIONS.filter((action) => action !== 'conclude').length +
      REFERRAL_ACTIONS.length +
      DIRECTIVE_ACTIONS.length;
    expect(commands).toBeGreaterThanOrEqual(acts);
  });

  test('take an Idempotency-Key on every command, and ask for it where the act is final', () => {
    const without = ROUTES.filter((route) => route.method !== 'get' && route.idempotency === 'none');
    // These ask what would happen, and change nothing.
    expect(without.map((route) => route.operationId).sort()).toEqual([
      'checkDirective',
      'previewAmendment',
      'previewDeadline',
      'rehearseDirective',
    ]);
    const required = ROUTES.filter((route) => route.idempotency === 'required').map(
      (route) => route.operationId,
    );
    expect(required).toEqual(
      expect.arrayContaining([
        'issueDirective',
        'withdrawDirective',
        'confirmResult',
        'releaseReferral',
        'withdrawReferral',
      ]),
    );
  });
});

describe('the explorer', () => {
  test('is the first page that a browser meets', async () => {
    const first = await fetch(`${api.url}/`, { redirect: 'manual' });
    expect([first.status, first.headers.get('location')]).toEqual([302, '/docs']);
  });

  test('is served whole from this server, under a policy that lets nothing else in', async () => {
    const page = await api.call('GET', '/docs');
    expect(page.status).toBe(200);
    expect(page.body).not.toMatch(/https?:\/\//);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    for (const [, address = ''] of String(page.body).matchAll(/(?:src|href)="([^"]+)"/g)) {
      const asset = await api.call('GET', address);
      expect([address, asset.status]).toEqual([address, 200]);
    }
  });
});
