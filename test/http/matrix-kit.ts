import { v7 as uuidv7 } from 'uuid';
import type { Route } from '../../src/http/route.js';
import { type Answer, call } from './api-fixture.js';
import type { Objects } from './matrix-world.js';

export const NOBODYS = '01890000-0000-7000-8000-000000000001';

/** Acts on a draft ask about the one that is not issued yet. */
const ON_DRAFTS = [
  'changeDirective',
  'deleteDirective',
  'checkDirective',
  'rehearseDirective',
  'issueDirective',
  'requestApproval',
];

export function pathOf(route: Route, objects: Objects): string {
  const noun = route.path.split('/')[2] ?? '';
  const id = ON_DRAFTS.includes(route.operationId) ? objects.drafts : objects[noun];
  return route.path
    .replace('{id}', id ?? NOBODYS)
    .replace('{closingOn}', '2026-02-10')
    .replaceAll(/\{\w+\}/g, NOBODYS);
}

/** One request as an auditor would send it: with a key of its own, and a version that nobody has read. */
export async function ask(
  url: string,
  asked: {
    readonly method: string;
    readonly path: string;
    readonly token: string | null;
    readonly body?: unknown;
  },
): Promise<Answer> {
  const { method, path, token, body } = asked;
  return await call(url, method.toUpperCase(), path, {
    ...(token === null ? {} : { token }),
    ...(body === undefined ? {} : { body }),
    headers: { 'idempotency-key': uuidv7(), 'if-match': '"999999"' },
  });
}

/** What an auditor wants to know of an answer. */
export function word({ status, body }: Answer): string {
  if (status === 401) return 'sign in';
  if (status === 403) return body.code === 'own_cause' ? 'own cause' : 'no';
  if (status === 404) return 'hidden';
  if (status >= 500) return `FAULT ${status}`;
  return status < 300 ? 'yes' : `${status}`;
}

/** A file to upload, for the one command that takes one. */
export function aFile(): FormData {
  const body = new FormData();
  body.append('file', new Blob(['%PDF-1.7\nx\n%%EOF\n']), 'x.pdf');
  return body;
}

/** Some at a time: as quick as one server can be asked without waiting for its pool. */
export async function eachOf<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const AT_ONCE = 8;
  for (let from = 0; from < items.length; from += AT_ONCE)
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))));
  return results;
}

export function pageOf(columns: readonly string[], rows: readonly string[]): string {
  return [
    '# Matrix',
    '',
    'What the API answers to whom, about an assignment that the lead unit leads, with a case that is not referred, and what',
    'hangs on both: `yes`; `may`, where the table lets it be judged by the decider',
    '([permissions.md](../../docs/permissions.md)); `no` (403); `own cause` (403: it passes to the supervisor); `hidden` (404:',
    'as if it did not exist); `sign in` (401). Lists answer `yes` with what the caller may see. Every command was sent with a',
    'valid body by each who may not. Written by `UPDATE_MATRIX=1 npm test test/http/matrix.test.ts`; the test compares it',
    'with the real API.',
    '',
    `| operation | ${columns.join(' | ')} |`,
    `|---|${columns.map(() => '---|').join('')}`,
    ...rows,
    '',
  ].join('\n');
}
