import type { IRouter, RequestHandler } from 'express';
import { type Refusal, refuse } from '../domain/errors.js';
import { contextOf } from './context.js';
import { sendProblem } from './problem.js';
import { expressPath } from './register.js';
import type { Route } from './route.js';

/** A path that exists, asked with a method that does not: 405 with Allow, or the list alone for OPTIONS. */
export function registerMethods(router: IRouter, routes: readonly Route[]): void {
  const methods = new Map<string, string[]>();
  for (const route of routes)
    methods.set(route.path, [...(methods.get(route.path) ?? []), route.method.toUpperCase()]);
  for (const [path, known] of methods) {
    const allow = [...known, ...(known.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
    router.all(expressPath(path), (req, res) => {
      contextOf(req).route = `* ${path}`;
      res.set('Allow', allow);
      if (req.method === 'OPTIONS') res.status(204).end();
      else sendProblem(req, res, notAllowed(req.method, allow));
    });
  }
}

function notAllowed(method: string, allow: string): Refusal {
  return refuse(
    'method_not_allowed',
    {
      vi: `Địa chỉ này không nhận ${method}; chỉ nhận ${allow}.`,
      en: `This address does not take ${method}; it takes ${allow}.`,
    },
    { extra: { allow } },
  );
}

/** A path that does not exist; below a resource, such as an unknown action of it, with what does exist there. */
export function unknownPath(routes: readonly Route[]): RequestHandler {
  const noun = (path: string): string => path.split('/').slice(0, 3).join('/');
  return (req, res) => {
    const here = routes.filter((route) => noun(route.path) === noun(req.path));
    const available = here.map((route) => `${route.method.toUpperCase()} ${route.path}`);
    const found = available.length > 0;
    sendProblem(
      req,
      res,
      refuse(
        'not_found',
        {
          vi: found
            ? 'Không có địa chỉ hoặc thao tác này; «available» liệt kê những gì có.'
            : 'Không có địa chỉ này; xem /docs.',
          en: found
            ? 'There is no such address or action; "available" lists what there is.'
            : 'There is no such address; see /docs.',
        },
        found ? { extra: { available } } : {},
      ),
    );
  };
}
