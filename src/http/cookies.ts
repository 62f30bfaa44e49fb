import type { Request, Response } from 'express';
import { type Refusal, refuse } from '../domain/errors.js';

/** The session of a signed-in browser, and the way to the provider and back. */
export const SESSION_COOKIE = '__Host-dondoc';
export const FLOW_COOKIE = '__Host-dondoc-flow';

/** One cookie of the request; null where there is none. */
export function cookieOf(req: Request, name: string): string | null {
  for (const pair of (req.get('cookie') ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return null;
}

/**
 * `__Host-`: only over TLS (or to this machine), only to this host, never readable by scripts. Lax, so that a link in
 * a letter opens signed in; what changes something is held against its origin.
 */
const ATTRIBUTES = { httpOnly: true, secure: true, sameSite: 'lax', path: '/' } as const;

export function setCookie(res: Response, name: string, value: string): void {
  res.cookie(name, value, ATTRIBUTES);
}

export function clearCookie(res: Response, name: string): void {
  res.clearCookie(name, ATTRIBUTES);
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A browser sends its cookie whoever wrote the page. So what may change something must come from a page of ours. The
 * browser says so in Sec-Fetch-Site, which no page can write, and then that decides alone: of a form on a page that
 * tells no referrer the Origin is `null`. Older ones say it by Origin; what says neither is refused.
 */
export function crossSiteRefusal(req: Request, publicOrigin: string): Refusal | null {
  if (SAFE.has(req.method)) return null;
  const site = req.get('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin' ? null : refusal();
  const origin = req.get('origin');
  return origin !== undefined && (origin === publicOrigin || sameHost(origin, req)) ? null : refusal();
}

/** The address by which the browser itself called us. */
function sameHost(origin: string, req: Request): boolean {
  return URL.canParse(origin) && new URL(origin).host === req.get('host');
}

function refusal(): Refusal {
  return refuse('cross_site_request', {
    vi: 'Yêu cầu không đến từ trang của hệ thống; hãy thực hiện lại trên trang này.',
    en: 'The request did not come from a page of this system; do it there, or use a token.',
  });
}
