import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const Problem = z.looseObject({
  code: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() })).optional(),
});
export type Problem = z.output<typeof Problem>;

/** The API said no. */
class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  readonly problem: Problem;

  constructor(request: string, status: number, problem: Problem) {
    const fields = (problem.errors ?? [])
      .slice(0, 5)
      .map(({ pointer, detail }) => `\n  ${pointer}: ${detail}`);
    super(`${request}: ${status} ${problem.code}: ${problem.detail}${fields.join('')}`);
    this.status = status;
    this.problem = problem;
  }
}

/** How long a request is sent again while nobody answers it, or the database is away. */
const PATIENCE_MS = 90_000;
const AGAIN_MS = 500;
const ANSWER_WITHIN_MS = 30_000;

interface Request {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | FormData | null;
}

/**
 * One person at the API. A command carries an idempotency key, so that it can be sent again after a broken
 * connection or a 503 and is still done once.
 */
export class Client {
  readonly #base: string;
  readonly #token: string;

  constructor(base: string, token: string) {
    this.#base = base;
    this.#token = token;
  }

  /** Reads a resource. */
  async get<T extends z.ZodType>(path: string, shape: T): Promise<z.output<T>> {
    return await this.#ask({ method: 'GET', path, headers: {}, body: null }, shape);
  }

  /** Sends a command. */
  async post<T extends z.ZodType>(path: string, body: object, shape: T): Promise<z.output<T>> {
    return await this.#command('POST', path, body, shape);
  }

  /** Changes a resource. */
  async patch<T extends z.ZodType>(path: string, body: object, shape: T): Promise<z.output<T>> {
    return await this.#command('PATCH', path, body, shape);
  }

  /** Sends a file with fields beside it. */
  async upload<T extends z.ZodType>(
    path: string,
    file: { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> },
    fields: Readonly<Record<string, string>>,
    shape: T,
  ): Promise<z.output<T>> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set('file', new Blob([file.bytes]), file.name);
    return await this.#ask(
      { method: 'POST', path, headers: { 'idempotency-key': randomUUID() }, body: form },
      shape,
    );
  }

  /** Every item of a list, over all its pages. */
  async all<T extends z.ZodType>(path: string, item: T): Promise<z.output<T>[]> {
    const page = z.object({
      items: z.array(item),
      page: z.object({ nextCursor: z.string().nullable() }),
    });
    const found: z.output<T>[] = [];
    let cursor: string | null = null;
    do {
      const separator = path.includes('?') ? '&' : '?';
      const next: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const read: z.output<typeof page> = await this.get(`${path}${separator}limit=200${next}`, page);
      found.push(...read.items);
      cursor = read.page.nextCursor;
    } while (cursor !== null);
    return found;
  }

  async #command<T extends z.ZodType>(
    method: 'POST' | 'PATCH',
    path: string,
    body: object,
    shape: T,
  ): Promise<z.output<T>> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
    return await this.#ask({ method, path, headers, body: JSON.stringify(body) }, shape);
  }

  async #ask<T extends z.ZodType>(request: Request, shape: T): Promise<z.output<T>> {
    const giveUp = Date.now() + PATIENCE_MS;
    for (;;) {
      const answer = await this.#send(request, Date.now() > giveUp);
      if (answer !== null) return await parsed(request, answer, shape);
      await sleep(AGAIN_MS);
    }
  }

  /** Null where it is worth another try. */
  async #send({ method, path, headers, body }: Request, last: boolean): Promise<Response | null> {
    try {
      const response = await fetch(`${this.#base}${path}`, {
        method,
        headers: { ...headers, authorization: `Bearer ${this.#token}`, 'accept-language': 'en' },
        body,
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      // In flight: an earlier try of the same command is still at work.
      const passing = response.status === 503 || (response.status === 409 && (await isInFlight(response)));
      return passing && !last ? null : response;
    } catch (error) {
      if (last) throw new Error(`${method} ${path}: no answer from ${this.#base}`, { cause: error });
      return null;
    }
  }
}

async function isInFlight(response: Response): Promise<boolean> {
  const problem = Problem.safeParse(await response.clone().json());
  return problem.success && problem.data.code === 'idempotency_in_flight';
}

async function parsed<T extends z.ZodType>(
  request: Request,
  response: Response,
  shape: T,
): Promise<z.output<T>> {
  const name = `${request.method} ${request.path}`;
  const body: unknown = await response.json();
  if (!response.ok) {
    const problem = Problem.safeParse(body);
    if (!problem.success) throw new Error(`${name}: ${response.status} ${JSON.stringify(body)}`);
    throw new ProblemError(name, response.status, problem.data);
  }
  const result = shape.safeParse(body);
  if (!result.success) throw new Error(`${name}: the answer is not as expected: ${result.error.message}`);
  return result.data;
}
