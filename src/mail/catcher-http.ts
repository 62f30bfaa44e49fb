import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { listPage, MAIL_POLICY, mailPage, notFoundPage, PAGE_POLICY } from './catcher-page.js';
import type { CaughtMail, MailStore } from './catcher-store.js';

/** The web server of the mailbox: pages for people, JSON below `/api` for programs. */
export function createMailbox(store: MailStore): Server {
  return createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://mailbox');
    if (request.method === 'GET' || request.method === 'HEAD') get(store, url, response);
    else change(store, request, url, response);
  });
}

function get(store: MailStore, url: URL, response: ServerResponse): void {
  const filter = url.searchParams.get('q') ?? '';
  const nonce = randomBytes(16).toString('base64');
  if (url.pathname === '/') {
    sendPage(response, 200, listPage(matching(store, filter), store.all().length, filter, nonce), nonce);
    return;
  }
  if (url.pathname === '/api/count') {
    sendJson(response, 200, { count: store.all().length });
    return;
  }
  if (url.pathname === '/api/messages') {
    sendJson(response, 200, matching(store, filter));
    return;
  }
  const [, id, html] = /^\/messages\/([^/]+?)(\/html)?$/.exec(url.pathname) ?? [];
  const mail = id === undefined ? undefined : store.find(decoded(id));
  if (mail === undefined) sendPage(response, 404, notFoundPage(nonce), nonce);
  else if (html === undefined) sendPage(response, 200, mailPage(mail, nonce), nonce);
  else send(response, 200, 'text/html; charset=utf-8', mail.html ?? '', MAIL_POLICY);
}

function change(store: MailStore, request: IncomingMessage, url: URL, response: ServerResponse): void {
  // Another site's page could send a form here without being seen; a browser says where it comes from.
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    sendJson(response, 403, { error: 'only from the mailbox itself' });
  } else if (request.method === 'DELETE' && url.pathname === '/api/messages') {
    store.clear();
    response.writeHead(204).end();
  } else if (request.method === 'POST' && url.pathname === '/clear') {
    store.clear();
    response.writeHead(303, { location: '/' }).end();
  } else {
    sendJson(response, 405, { error: 'method not allowed' });
  }
}

function matching(store: MailStore, filter: string): readonly CaughtMail[] {
  const wanted = filter.trim().toLowerCase();
  if (wanted === '') return store.all();
  return store.all().filter(({ to, subject }) => `${to.join(' ')} ${subject}`.toLowerCase().includes(wanted));
}

/** What the path says, or itself where its percent signs mean nothing. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function sendPage(response: ServerResponse, status: number, html: string, nonce: string): void {
  send(response, status, 'text/html; charset=utf-8', html, PAGE_POLICY(nonce));
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, 'application/json; charset=utf-8', JSON.stringify(value), "default-src 'none'");
}

function send(response: ServerResponse, status: number, type: string, body: string, policy: string): void {
  response.writeHead(status, {
    'content-type': type,
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
  response.end(body);
}
