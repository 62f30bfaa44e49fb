import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import type { Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';

/**
 * A GET that goes through the proxy the environment names. Node's own fetch does that only in newer
 * versions and only when told to, and a machine behind a proxy is just where a download is hard to replace.
 */

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Download {
  readonly url: string;
  readonly contentType: string;
  readonly body: Buffer;
}

const MOST_REDIRECTS = 5;
/** Silence on the line for this long ends the attempt. */
const SILENCE_MS = 30_000;

/** Fetches a document; follows redirects; a name and password within the URL become a basic sign-in. */
export async function httpGet(address: string, env: Environment, accept = '*/*'): Promise<Download> {
  let url = new URL(address);
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const answer = await getOnce(url, env, accept);
    if (answer.location === undefined) {
      if (answer.status !== 200) throw new Error(`${publicForm(url)} answered ${answer.status}`);
      return { url: url.href, contentType: answer.contentType, body: answer.body };
    }
    url = new URL(answer.location, url);
  }
  throw new Error(`${publicForm(new URL(address))} redirects too often`);
}

/** The proxy for a URL by the usual variables, in either case of letters, or undefined for none. */
export function proxyFor(url: URL, env: Environment): URL | undefined {
  const read = (name: string) => env[name.toLowerCase()] || env[name.toUpperCase()] || undefined;
  const exempt = (read('no_proxy') ?? '').split(',').map((entry) => entry.trim().replace(/^\*?\./, ''));
  const host = url.hostname.toLowerCase();
  if (
    exempt.some((entry) => entry === '*' || (entry !== '' && (host === entry || host.endsWith(`.${entry}`))))
  ) {
    return undefined;
  }
  const proxy = read(url.protocol === 'https:' ? 'https_proxy' : 'http_proxy') ?? read('all_proxy');
  if (proxy === undefined) return undefined;
  return new URL(proxy.includes('://') ? proxy : `http://${proxy}`);
}

interface Answer {
  readonly status: number;
  readonly location: string | undefined;
  readonly contentType: string;
  readonly body: Buffer;
}

async function getOnce(url: URL, env: Environment, accept: string): Promise<Answer> {
  const proxy = proxyFor(url, env);
  const headers: Record<string, string> = { accept, host: url.host, 'user-agent': 'dondoc' };
  if (url.username !== '') headers.authorization = basic(url);
  const path = `${url.pathname}${url.search}`;
  if (url.protocol === 'https:') {
    const socket = proxy === undefined ? undefined : await tunnel(url, proxy);
    const tls = socket === undefined ? {} : { createConnection: () => secured(socket, url) };
    return await collect(requestSecure({ host: url.hostname, port: url.port || 443, path, headers, ...tls }));
  }
  if (proxy === undefined) {
    return await collect(requestPlain({ host: url.hostname, port: url.port || 80, path, headers }));
  }
  if (proxy.username !== '') headers['proxy-authorization'] = basic(proxy);
  const whole = `${url.protocol}//${url.host}${path}`;
  return await collect(requestPlain({ host: proxy.hostname, port: proxy.port || 80, path: whole, headers }));
}

/** A connection through the proxy to the host behind it. */
async function tunnel(url: URL, proxy: URL): Promise<Socket> {
  const target = `${url.hostname}:${url.port || 443}`;
  return await new Promise((settle, fail) => {
    const headers: Record<string, string> = { host: target };
    if (proxy.username !== '') headers['proxy-authorization'] = basic(proxy);
    const request = (proxy.protocol === 'https:' ? requestSecure : requestPlain)({
      host: proxy.hostname,
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: target,
      headers,
      timeout: SILENCE_MS,
    });
    request.once('connect', (response, socket) => {
      if (response.statusCode === 200) settle(socket);
      else fail(new Error(`The proxy ${proxy.host} answered ${response.statusCode} for ${target}`));
    });
    request.once('timeout', () => request.destroy(new Error(`The proxy ${proxy.host} does not answer`)));
    request.once('error', fail);
    request.end();
  });
}

const secured = (socket: Socket, url: URL) => connectSecure({ socket, servername: url.hostname });

async function collect(request: ReturnType<typeof requestPlain>): Promise<Answer> {
  return await new Promise((settle, fail) => {
    request.once('error', fail);
    request.setTimeout(SILENCE_MS, () =>
      request.destroy(new Error(`no answer within ${SILENCE_MS / 1000} s`)),
    );
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', fail);
      response.once('end', () => {
        const status = response.statusCode ?? 0;
        settle({
          status,
          location: status >= 300 && status < 400 ? response.headers.location : undefined,
          contentType: response.headers['content-type'] ?? '',
          body: Buffer.concat(chunks),
        });
      });
    });
    request.end();
  });
}

const basic = (url: URL): string =>
  `Basic ${Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`).toString('base64')}`;

/** A URL as it may be shown: without the name and password that an index's address often holds. */
export function publicForm(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}
