import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { IRouter, RequestHandler } from 'express';
import helmet from 'helmet';
import type { OpenApiDocument } from '../contracts/openapi.js';
import { problemType, statusOf } from '../contracts/problem.js';
import { ERROR_CODES, type ErrorCode } from '../domain/errors.js';
import { contextOf } from './context.js';

/** What of the explorer's package is served, from disk: it needs no internet. */
const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

const PAGE = `<!doctype html>
<html lang="vi">
<meta charset="utf-8">
<title>Dondoc API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<div id="explorer"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</html>
`;

const START = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#explorer',
  deepLinking: true,
  persistAuthorization: false,
  validatorUrl: null,
  docExpansion: 'none',
});
`;

/** The explorer's styles are inline in places; its scripts are not, and nothing comes from elsewhere. */
const explorerPolicy = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    fontSrc: ["'self'", 'data:'],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
});

/**
 * `/openapi.json`, the explorer at `/docs` to which `/` leads, and the page of each problem's code. The document takes
 * half a second to make: it is made once, when it is first asked for, so that a process that starts again is back sooner.
 */
export function registerDocs(router: IRouter, document: () => OpenApiDocument): void {
  let text: string | null = null;
  router.get('/openapi.json', named('GET /openapi.json'), (_req, res) => {
    text ??= JSON.stringify(document());
    res.type('application/json').set('Cache-Control', 'no-cache').send(text);
  });

  // The first page, for as long as there is no console: also where a sign-in leads.
  router.get('/', named('GET /'), (_req, res) => res.redirect(302, '/docs'));

  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  router.use('/docs', named('GET /docs'), explorerPolicy);
  router.get('/docs', (_req, res) => {
    res.type('html').send(PAGE);
  });
  router.get('/docs/start.js', (_req, res) => {
    res.type('text/javascript').send(START);
  });
  for (const asset of ASSETS) {
    router.get(`/docs/${asset}`, (_req, res) => {
      res.sendFile(join(folder, asset), { maxAge: '1h' });
    });
  }
  router.get('/problems/:code', named('GET /problems/{code}'), explainCode);
}

const explainCode: RequestHandler = (req, res, next) => {
  const code = codeNamed(req.params.code);
  if (code === null) {
    next();
    return;
  }
  const { fault, retry, title } = ERROR_CODES[code];
  const again = retry ? 'retry: yes' : 'retry: no';
  res.json({ type: problemType(code), code, status: statusOf(code), fault, again, title });
};

function codeNamed(name: unknown): ErrorCode | null {
  for (const code of Object.keys(ERROR_CODES)) if (code === name && isCode(code)) return code;
  return null;
}

function isCode(name: string): name is ErrorCode {
  return Object.hasOwn(ERROR_CODES, name);
}

/** The name under which a request that no contract covers is logged and measured. */
export function named(route: string): RequestHandler {
  return (req, _res, next) => {
    contextOf(req).route = route;
    next();
  };
}
