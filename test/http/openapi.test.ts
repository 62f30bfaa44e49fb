import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { ASSIGNMENT_ACTIONS } from '../../src/domain/assignment/table.js';
import { DIRECTIVE_ACTIONS } from '../../src/domain/directive/decide.js';
import { REFERRAL_ACTIONS } from '../../src/domain/referral/table.js';
import { ROUTES } from '../../src/http/routes/index.js';
import { startTestApi, type TestApi } from './api-fixture.js';

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly $ref?: string; readonly name?: string; readonly in?: string }[];
  readonly requestBody?: { readonly required: boolean; readonly content: Record<string, { schema: object }> };
  readonly responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
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
    ajv.addSchema({ $id: 'doc', components: document.components });
    for (const [method, path, operation] of operations()) {
      const contents = [
        operation.requestBody?.content,
        ...Object.values(operation.responses).map((each) => each.content),
      ];
      for (const content of contents) {
        for (const { schema } of Object.values(content ?? {})) {
          const local: object = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"doc#/'));
          expect(() => ajv.compile(local)).not.toThrow(`${method} ${path}`);
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
      expect(operation.security).toEqual([{ token: [] }, { session: [] }]);
    }
  });
});

describe('the routes', () => {
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
