import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { openApiDocument } from '../../src/contracts/openapi.js';
import type { RouteContract } from '../../src/contracts/route.js';
import { ROUTES } from '../../src/http/routes/index.js';
import { testServers } from './servers.js';

/** One answer of the API, as far as the document says something about it. */
export interface DeclaredAnswer {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Content type without its parameters; '' where there is none. */
  readonly media: string;
  /** Parsed where it is JSON. */
  readonly body: unknown;
}

interface Media {
  readonly schema?: object;
}
export interface DeclaredOperation {
  readonly operationId: string;
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, Media>> | undefined }>
  >;
}
interface Template {
  readonly path: string;
  readonly pattern: RegExp;
  readonly methods: Readonly<Record<string, DeclaredOperation>>;
}

const textOf = (routes: readonly RouteContract[]): string =>
  JSON.stringify(openApiDocument(routes, { version: '0.0.0', serverUrl: 'http://localhost' }));

/** The product's own document, made by the first file of a run that needs it. */
function productText(): string {
  const path = join(testServers().folder, 'openapi.json');
  if (existsSync(path)) return readFileSync(path, 'utf8');
  const text = textOf(ROUTES);
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, text);
  renameSync(draft, path);
  return text;
}

/** What no operation is needed for: the path is not there, or not by this method, or nobody looked further. */
const OUTSIDE = [401, 404, 405, 503];
/** What is answered for every path alike, and is no operation of any. */
const OF_THE_SERVER = ['OPTIONS', 'HEAD', 'TRACE'];

/**
 * Holds answers against the OpenAPI document of the routes that made them: by a validator of its own, so that it
 * finds also what the contracts and the document do not say alike.
 */
export class Declared {
  readonly #templates: readonly Template[];
  readonly #ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    // Compiled for a few answers each: the schemas themselves are judged where the document is tested.
    validateSchema: false,
    code: { optimize: false },
  });
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(routes: readonly RouteContract[] = ROUTES) {
    const text = routes === ROUTES ? productText() : textOf(routes);
    // References inside a schema that is compiled alone lead into the document.
    const document: {
      readonly paths: Readonly<Record<string, Readonly<Record<string, DeclaredOperation>>>>;
      readonly components: object;
    } = JSON.parse(text.replaceAll('"#/', '"document#/'));
    formats.default(this.#ajv);
    this.#ajv.addSchema({ $id: 'document', components: document.components });
    this.#templates = Object.entries(document.paths)
      .map(([path, methods]) => ({ path, methods, pattern: patternOf(path) }))
      // What is written out goes before what a parameter takes.
      .sort((one, other) => placeholders(one.path) - placeholders(other.path));
  }

  /** What of an answer the document does not say; empty where it says all of it. */
  faults(answer: DeclaredAnswer): string[] {
    const { status } = answer;
    if (OF_THE_SERVER.includes(answer.method)) return [];
    const path = answer.path.split('?')[0] ?? '';
    const operation = this.operation(answer.method, path);
    if (operation === null)
      return OUTSIDE.includes(status) || !path.startsWith('/v1/') ? [] : ['no such operation'];
    const response = operation.responses[String(status)];
    if (response === undefined) return [`${status} is not declared: ${JSON.stringify(answer.body)}`];
    const { content = {} } = response;
    if (answer.media === '') return Object.keys(content).length === 0 ? [] : [`${status} has no body`];
    const declared = content[answer.media] ?? content['*/*'];
    if (declared === undefined) return [`${status} is not declared as ${answer.media}`];
    if (!answer.media.includes('json') || declared.schema === undefined) return [];
    return this.against(`${operation.operationId} ${status} ${answer.media}`, declared.schema, answer.body);
  }

  /** The operation that a request meets, or null. */
  operation(method: string, path: string): DeclaredOperation | null {
    const found = this.#templates.find(
      ({ pattern, methods }) => pattern.test(path) && Object.hasOwn(methods, method.toLowerCase()),
    );
    return found?.methods[method.toLowerCase()] ?? null;
  }

  /** Where a value does not fit a schema of the document. */
  against(name: string, schema: object, value: unknown): string[] {
    const known = this.#validators.get(name);
    const validate = known ?? this.#ajv.compile(schema);
    if (known === undefined) this.#validators.set(name, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message = '', params }) =>
        `${instancePath === '' ? 'the body' : instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }
}

const placeholders = (path: string): number => path.split('{').length;

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll('.', '[.]').replaceAll(/\{\w+\}/g, '[^/]+')}$`);

let product: Declared | null = null;
const others = new Map<string, Declared>();

/** Says that the server at an address serves other routes than the product's. */
export function declareAt(url: string, routes: readonly RouteContract[]): void {
  others.set(url, new Declared(routes));
}

/** @throws where the document does not say what was answered */
export function insistOnDeclared(url: string, answer: DeclaredAnswer): void {
  product ??= new Declared();
  const faults = (others.get(url) ?? product).faults(answer);
  if (faults.length === 0) return;
  const about = `${answer.method} ${answer.path} answered ${answer.status}, which the OpenAPI document does not say:`;
  throw new Error([about, ...faults].join('\n  '));
}

/**
 * A request whose answer a test reads itself: bytes, headers, cookies.
 * @throws where the document does not say what was answered
 */
export async function declaredFetch(url: string, init: RequestInit = {}): Promise<Response> {
  const answer = await fetch(url, init);
  const { origin, pathname, search } = new URL(url);
  const media = mediaOf(answer);
  const body: unknown = media.includes('json') ? await answer.clone().json() : null;
  const { method = 'GET' } = init;
  insistOnDeclared(origin, { method, path: pathname + search, status: answer.status, media, body });
  return answer;
}

/** The content type without its parameters; '' where there is none. */
export const mediaOf = ({ headers }: Pick<Response, 'headers'>): string =>
  headers.get('content-type')?.split(';')[0]?.trim() ?? '';

/** What of an event of a stream the document does not say. */
export function noticeFaults(notice: unknown): string[] {
  product ??= new Declared();
  return product.against('EventNotice', { $ref: 'document#/components/schemas/EventNotice' }, notice);
}
