import { type IRouter, type Request, type RequestHandler, type Response, urlencoded } from 'express';
import helmet from 'helmet';
import { z } from 'zod';
import { type Bilingual, isDondocError, isRefusal, type Refusal } from '../../domain/errors.js';
import type { Authenticator } from '../../engine/authenticate.js';
import type { Engine } from '../../engine/engine.js';
import {
  beginFlow,
  checkPassword,
  choosePassword,
  finishFlow,
  knownPerson,
  listDemoPeople,
  loginOf,
  type SessionLimits,
  signOut,
  startSession,
} from '../../engine/sign-in.js';
import { contextOf } from '../context.js';
import {
  clearCookie,
  cookieOf,
  crossSiteRefusal,
  FLOW_COOKIE,
  SESSION_COOKIE,
  setCookie,
} from '../cookies.js';
import { named } from '../docs.js';
import { type Locale, localeOf } from '../locale.js';
import { sendProblem } from '../problem.js';
import { noticePage, passwordPage, STYLE, signInPage } from './page.js';
import type { Provider } from './provider.js';
import type { SignInThrottle } from './throttle.js';

export interface SignInParts {
  readonly engine: Engine;
  readonly authenticator: Authenticator;
  readonly provider: Provider | null;
  readonly localAccounts: boolean;
  readonly demo: boolean;
  readonly throttle: SignInThrottle;
  readonly limits: SessionLimits;
  readonly publicOrigin: string;
  readonly warn: (error: unknown, what: string) => void;
}

/** The forms are our own and nothing runs: no script at all, styles from this server. */
const pagePolicy = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
});

/** `/sign-in` and `/sign-out`: how a person gets a session in a browser, and ends it. */
export function registerSignIn(router: IRouter, parts: SignInParts): void {
  const form = urlencoded({ extended: false, limit: '8kb', parameterLimit: 10 });
  const own = fromOwnPage(parts.publicOrigin);
  router.use(['/sign-in', '/sign-out'], pagePolicy, (_req, res, next) => {
    // Our own pages tell their address to us alone, so that an older browser too says from where a form was sent.
    res.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'same-origin' });
    next();
  });
  router.get('/sign-in/style.css', named('GET /sign-in/style.css'), (_req, res) => {
    res.type('css').set('Cache-Control', 'max-age=3600').send(STYLE);
  });
  router.get('/sign-in', named('GET /sign-in'), async (req, res) => {
    await showSignIn(parts, req, res, 200, null);
  });
  router.post('/sign-out', named('POST /sign-out'), own, async (req, res) => {
    const session = cookieOf(req, SESSION_COOKIE);
    if (session !== null) await signOut(parts.engine, session, contextOf(req).origin);
    parts.authenticator.forgetAll();
    clearCookie(res, SESSION_COOKIE);
    // What the browser kept of answers goes too.
    res.set('Clear-Site-Data', '"cache"').redirect(303, '/sign-in');
  });
  if (parts.provider !== null) registerProvider(router, parts, parts.provider);
  if (parts.localAccounts) registerLocal(router, parts, own, form);
  if (parts.demo) registerDemo(router, parts, own, form);
}

function registerProvider(router: IRouter, parts: SignInParts, provider: Provider): void {
  router.get('/sign-in/provider', named('GET /sign-in/provider'), async (req, res) => {
    try {
      const { url, ...departure } = await provider.depart(localeFor(req));
      const returnTo = returnOf(req.query.return);
      setCookie(res, FLOW_COOKIE, await beginFlow(parts.engine, { ...departure, returnTo }));
      res.redirect(302, url);
    } catch (error) {
      parts.warn(error, 'the identity provider does not answer');
      await showSignIn(parts, req, res, 503, AWAY);
    }
  });
  router.get('/sign-in/callback', named('GET /sign-in/callback'), async (req, res) => {
    const secret = cookieOf(req, FLOW_COOKIE);
    clearCookie(res, FLOW_COOKIE);
    const flow = secret === null ? null : await finishFlow(parts.engine, secret);
    if (flow === null) {
      await showSignIn(parts, req, res, 400, TOO_OLD);
      return;
    }
    try {
      const query = new URL(req.originalUrl, parts.publicOrigin).search;
      const arrival = await provider.arrive(query, flow);
      if (arrival.login === null) {
        sendNotice(req, res, 403, arrival.why === 'unverified' ? UNVERIFIED : NOT_TOLD);
        return;
      }
      const person = await knownPerson(parts.engine, arrival.login, 'provider', contextOf(req).origin);
      if (person === null) sendNotice(req, res, 403, UNKNOWN);
      else await enter(parts, req, res, person, 'provider', flow.returnTo);
    } catch (error) {
      parts.warn(error, 'a sign-in came back from the provider and was not accepted');
      await showSignIn(parts, req, res, 400, NOT_ACCEPTED);
    }
  });
}

const LocalForm = z.object({ login: z.string(), password: z.string(), return: z.string().optional() });
const PasswordForm = z.object({ login: z.string(), code: z.string(), password: z.string() });

function registerLocal(router: IRouter, parts: SignInParts, own: RequestHandler, form: RequestHandler): void {
  router.post('/sign-in/local', named('POST /sign-in/local'), own, form, async (req, res) => {
    const given = LocalForm.safeParse(req.body);
    if (!given.success) return await showSignIn(parts, req, res, 400, WRONG);
    const { login, password } = given.data;
    const address = req.ip ?? 'unknown';
    const wait = await parts.throttle.tried(loginOf(login), address);
    if (wait !== null) return await showSignIn(parts, req, res.set('Retry-After', String(wait)), 429, OFTEN);
    const person = await orBusy(checkPassword(parts.engine, login, password, contextOf(req).origin));
    if (isRefusal(person)) return await showSignIn(parts, req, comeAgain(res, person), 429, person.detail);
    if (person === null) return await showSignIn(parts, req, res, 401, WRONG);
    await parts.throttle.succeeded(loginOf(login), address);
    await enter(parts, req, res, person, 'local', returnOf(given.data.return));
  });
  router.get('/sign-in/password', named('GET /sign-in/password'), (req, res) => {
    res.type('html').send(passwordPage(localeFor(req), null));
  });
  router.post('/sign-in/password', named('POST /sign-in/password'), own, form, async (req, res) => {
    const given = PasswordForm.safeParse(req.body);
    const locale = localeFor(req);
    const again = (status: number, notice: Bilingual) =>
      void res.status(status).type('html').send(passwordPage(locale, notice));
    if (!given.success) return again(400, WRONG);
    const wait = await parts.throttle.tried(loginOf(given.data.login), req.ip ?? 'unknown');
    if (wait !== null) {
      res.set('Retry-After', String(wait));
      return again(429, OFTEN);
    }
    const done = await orBusy(choosePassword(parts.engine, given.data, contextOf(req).origin));
    if (isRefusal(done) && done.code === 'quota_exceeded') {
      comeAgain(res, done);
      return again(429, done.detail);
    }
    parts.authenticator.forgetAll();
    if (isRefusal(done)) return again(done.code === 'unauthenticated' ? 401 : 400, done.detail);
    await parts.throttle.succeeded(loginOf(given.data.login), req.ip ?? 'unknown');
    await enter(parts, req, res, done, 'local', '/');
  });
}

/** Where too many passwords wait to be checked, that is the answer. */
async function orBusy<T>(work: Promise<T>): Promise<T | Refusal> {
  try {
    return await work;
  } catch (error) {
    if (isDondocError(error) && error.code === 'quota_exceeded') return error.refusal;
    throw error;
  }
}

const comeAgain = (res: Response, { extra }: Refusal): Response =>
  res.set('Retry-After', typeof extra?.retryAfter === 'number' ? `${extra.retryAfter}` : '1');

const DemoForm = z.object({ person: z.uuid(), return: z.string().optional() });

function registerDemo(router: IRouter, parts: SignInParts, own: RequestHandler, form: RequestHandler): void {
  router.post('/sign-in/demo', named('POST /sign-in/demo'), own, form, async (req, res) => {
    const given = DemoForm.safeParse(req.body);
    const people = await listDemoPeople(parts.engine);
    const person = people.find(({ id }) => given.success && id === given.data.person);
    if (person === undefined) await showSignIn(parts, req, res, 400, WRONG);
    else {
      const returnTo = returnOf(given.success ? given.data.return : undefined);
      await enter(parts, req, res, { ...person, locale: 'vi' }, 'demo', returnTo);
    }
  });
}

async function enter(
  parts: SignInParts,
  req: Request,
  res: Response,
  person: Parameters<typeof startSession>[1],
  method: Parameters<typeof startSession>[2],
  returnTo: string,
): Promise<void> {
  const earlier = cookieOf(req, SESSION_COOKIE);
  const { origin } = contextOf(req);
  const from = { origin, limits: parts.limits, earlier };
  setCookie(res, SESSION_COOKIE, await startSession(parts.engine, person, method, from));
  parts.authenticator.forgetAll();
  res.redirect(303, returnTo);
}

async function showSignIn(
  parts: SignInParts,
  req: Request,
  res: Response,
  status: number,
  notice: Bilingual | null,
): Promise<void> {
  const page = signInPage({
    locale: localeFor(req),
    returnTo: returnOf(req.query.return),
    provider: parts.provider !== null,
    local: parts.localAccounts,
    demo: parts.demo ? await listDemoPeople(parts.engine) : [],
    notice,
  });
  res.status(status).type('html').send(page);
}

function sendNotice(req: Request, res: Response, status: number, notice: Bilingual): void {
  res
    .status(status)
    .type('html')
    .send(noticePage(localeFor(req), REFUSED, notice));
}

function fromOwnPage(publicOrigin: string): RequestHandler {
  return (req, res, next) => {
    const refusal = crossSiteRefusal(req, publicOrigin);
    if (refusal === null) next();
    else sendProblem(req, res, refusal);
  };
}

const localeFor = (req: Request): Locale =>
  req.query.lang === 'vi' || req.query.lang === 'en' ? req.query.lang : localeOf(req.get('accept-language'));

/** Only an address of this server: whatever else was asked for leads to the first page. */
function returnOf(asked: unknown): string {
  return typeof asked === 'string' && /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,1000}$/.test(asked) ? asked : '/';
}

const REFUSED = { vi: 'Không đăng nhập được', en: 'You cannot sign in' };
const UNKNOWN = {
  vi: 'Nhà cung cấp đã xác nhận bạn, nhưng hệ thống chưa có tài khoản này. Hãy nhờ quản trị viên thêm bạn vào.',
  en: 'The provider knows you, but this system has no account for you. Ask your administrator to add you.',
};
const NOT_TOLD = {
  vi: 'Nhà cung cấp không cho biết bạn là ai, hoặc bạn đã hủy đăng nhập.',
  en: 'The provider did not say who you are, or you cancelled the sign-in.',
};
const UNVERIFIED = {
  vi: 'Nhà cung cấp chưa xác minh địa chỉ thư của bạn.',
  en: 'The provider has not verified your e-mail address.',
};
const TOO_OLD = {
  vi: 'Lần đăng nhập này đã quá hạn hoặc bắt đầu ở trình duyệt khác; hãy thử lại.',
  en: 'This sign-in is too old, or began in another browser; try again.',
};
const NOT_ACCEPTED = {
  vi: 'Không xác minh được câu trả lời của nhà cung cấp; hãy thử lại.',
  en: 'The provider’s answer could not be verified; try again.',
};
const AWAY = {
  vi: 'Nhà cung cấp đăng nhập tạm thời không trả lời; hãy thử lại sau.',
  en: 'The sign-in provider does not answer at the moment; try again later.',
};
const WRONG = {
  vi: 'Tên đăng nhập hoặc mật khẩu không đúng.',
  en: 'The user name or the password is wrong.',
};
const OFTEN = {
  vi: 'Đã thử quá nhiều lần; hãy đợi rồi thử lại.',
  en: 'Too many tries; wait a while and try again.',
};
